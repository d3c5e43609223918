use std::path::Path;

use amorph_core::data::{Direction, Map};

use super::digits::{Digits, channel_name, direction};
use super::tiff::{Content, TiffWriter};
use super::{check, name_of};
use crate::IoError;
use crate::write::write_atomically;

/// Sensitivity of the virtual detector, m/V.
const SENSITIVITY: f64 = 15e-9;

/// Writes maps of one shape and size as a JPK image of an amplitude-modulation scan: 32-bit digits, big-endian.
///
/// The file states a drive frequency of 88 kHz, a reference amplitude of 2 V and a set point of 1.5 V, at 15 nm/V where
/// it holds an amplitude channel.
///
/// # Errors
/// [`IoError::Unsupported`] for missing pixels, [`IoError::Map`] without a lateral size, [`IoError::Shapes`],
/// [`IoError::Write`].
pub fn write_jpk(path: &Path, maps: &[Map]) -> Result<(), IoError> {
    write_atomically(path, &jpk_bytes(&name_of(path), maps)?)
}

/// The bytes of [`write_jpk`]; `file` appears in messages.
///
/// # Errors
/// As [`write_jpk`], without the writing.
pub fn jpk_bytes(file: &str, maps: &[Map]) -> Result<Vec<u8>, IoError> {
    check(file, maps)?;
    let mut tiff = TiffWriter::new(true);
    let (rows, columns) = maps[0].shape();
    let (width, height) = maps[0].size().unwrap_or((f64::NAN, f64::NAN));
    let text = |text: &str| Content::Text(text.to_owned());
    let settings = "adjust-reference-amplitude-feedback-settings.reference-amplitude : 2.0\n\
                    setpoint-feedback-settings.setpoint-slot : voltsamplitude\ntype : ac-feedback-settings\n";
    tiff.page(vec![
        (256, Content::Longs(vec![8])),
        (257, Content::Longs(vec![8])),
        (258, Content::Shorts(vec![8])),
        (259, Content::Shorts(vec![1])),
        (273, Content::Strip(vec![0; 64])),
        (279, Content::Longs(vec![64])),
        (0x8000, text("6.0.41")),
        (0x8030, text("ac-feedback")),
        (0x8033, Content::Doubles(vec![1.5])),
        (0x8037, Content::Doubles(vec![88e3])),
        (0x803e, text(settings)),
        (0x8042, Content::Doubles(vec![width])),
        (0x8043, Content::Doubles(vec![height])),
        (0x8045, Content::Shorts(vec![0])),
        (0x8046, Content::Longs(vec![columns as u32])),
        (0x8047, Content::Longs(vec![rows as u32])),
        (0x8050, text("thumbnail")),
    ]);
    for map in maps {
        tiff.page(page(map, &Digits::of(file, map, 32)?));
    }
    Ok(tiff.finish())
}

fn page(map: &Map, digits: &Digits) -> Vec<(u16, Content)> {
    let (rows, columns) = map.shape();
    let text = |text: &str| Content::Text(text.to_owned());
    let data: Vec<u8> = digits.values.iter().flat_map(|digit| (*digit as i32).to_be_bytes()).collect();
    let name = channel_name(map, &["Height", "Height (measured)", "Lock-In Amplitude", "Lock-In Phase", "Vertical Deflection"]);
    // An amplitude has a slot in volts, from which its sensitivity follows; slots with an offset are of other channels.
    let is_amplitude = map.quantity == "amplitude";
    let (channel, slot) = if is_amplitude { ("amplitude", "distanceamplitude") } else { (name.as_str(), "calibrated") };
    let mut entries = vec![
        (256, Content::Longs(vec![columns as u32])),
        (257, Content::Longs(vec![rows as u32])),
        (258, Content::Shorts(vec![32])),
        (259, Content::Shorts(vec![1])),
        (273, Content::Strip(data)),
        (277, Content::Shorts(vec![1])),
        (279, Content::Longs(vec![4 * digits.values.len() as u32])),
        (339, Content::Shorts(vec![2])),
        (0x8050, text(channel)),
        (0x8051, Content::Shorts(vec![u16::from(direction(map) == Direction::Retrace)])),
        (0x8052, text(&name)),
        (0x8080, Content::Longs(vec![3])),
        (0x8081, text(slot)),
        (0x8090, text("raw")),
        (0x80a3, text("NullScaling")),
        (0x80c0, text("voltsamplitude")),
        (0x80d2, text("V")),
        (0x80d3, text("LinearScaling")),
        (0x80d4, Content::Doubles(vec![digits.step / SENSITIVITY])),
        (0x80d5, Content::Doubles(vec![digits.offset / SENSITIVITY])),
        (0x80f0, text(slot)),
    ];
    entries.extend([
        (0x8102, text(map.unit.symbol())),
        (0x8103, text("LinearScaling")),
        (0x8104, Content::Doubles(vec![digits.step])),
        (0x8105, Content::Doubles(vec![digits.offset])),
    ]);
    entries
}
