use std::path::Path;

use amorph_core::data::{Direction, Map};

use super::digits::{Digits, channel_name, direction};
use super::{check, name_of};
use crate::IoError;
use crate::write::write_atomically;

/// Which kind of frame holds the images of an NT-MDT file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MdtFrames {
    /// Self-describing arrays of 64-bit floats, type 106.
    #[default]
    Arrays,
    /// Images with 16-bit digits, type 0, of older programs.
    Scanned,
}

/// Writes maps of one shape as an NT-MDT file: a text frame, one frame per map, and a frame of curves.
///
/// # Errors
/// [`IoError::Unsupported`] for missing pixels among digits and for a unit that digits have no code for, [`IoError::Map`]
/// without a lateral size, [`IoError::Shapes`], [`IoError::Write`].
pub fn write_mdt(path: &Path, maps: &[Map], frames: MdtFrames) -> Result<(), IoError> {
    write_atomically(path, &mdt_bytes(&name_of(path), maps, frames)?)
}

/// The bytes of [`write_mdt`]; `file` appears in messages.
///
/// # Errors
/// As [`write_mdt`], without the writing.
pub fn mdt_bytes(file: &str, maps: &[Map], frames: MdtFrames) -> Result<Vec<u8>, IoError> {
    check(file, maps)?;
    let mut content = frame(3, 0, b"\x00\x00 a text of the user");
    for map in maps {
        let body = match frames {
            MdtFrames::Arrays => frame(106, 0, &array(map)),
            MdtFrames::Scanned => frame(0, 77, &scanned(file, map)?),
        };
        content.extend(body);
    }
    content.extend(frame(190, 0, &[0; 40]));
    let mut bytes = vec![0x01, 0xb0, 0x93, 0xff];
    bytes.extend((content.len() as u32).to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend((maps.len() as u16 + 1).to_le_bytes());
    bytes.resize(33, 0);
    bytes.extend(content);
    Ok(bytes)
}

fn frame(kind: u16, variables: u16, content: &[u8]) -> Vec<u8> {
    let mut bytes = (22 + content.len() as u32).to_le_bytes().to_vec();
    bytes.extend(kind.to_le_bytes());
    bytes.extend([7, 3]);
    for part in [2023u16, 4, 5, 11, 46, 5, variables] {
        bytes.extend(part.to_le_bytes());
    }
    bytes.extend(content);
    bytes
}

fn title(map: &Map) -> String {
    let way = if direction(map) == Direction::Trace { "F" } else { "B" };
    format!("1{way}:{}", channel_name(map, &["Height", "Phase1", "Mag", "DFL"]))
}

/// UTF-16 with a byte-order mark.
fn text() -> Vec<u8> {
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><FrameComment><Parameters><Common><Technic>Semicontact</Technic><Probe>\
               <Stiffness>2.043</Stiffness><ResFreq>55.35</ResFreq></Probe></Common></Parameters></FrameComment>";
    [0xff, 0xfe].into_iter().chain(xml.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

fn array(map: &Map) -> Vec<u8> {
    let (rows, columns) = map.shape();
    let (width, height) = map.size().unwrap_or((f64::NAN, f64::NAN));
    let (title, text) = (title(map), text());
    let mut axes = Vec::new();
    axes.extend(32u32.to_le_bytes());
    axes.extend(((rows * columns) as u64).to_le_bytes());
    for count in [8u32, 2, 1] {
        axes.extend(count.to_le_bytes());
    }
    axes.extend([0; 12]);
    axes.extend(axis("um", 52.6, width * 1e6 / columns as f64, columns as u64 - 1, -8));
    axes.extend(axis("um", 61.0, height * 1e6 / rows as f64, rows as u64 - 1, -8));
    let (unit, scale) = if map.unit.symbol() == "m" { ("nm", 1e-9) } else { (map.unit.symbol(), 1.0) };
    axes.extend(axis(unit, 0.0, 1.0, u64::MAX, -13320));
    let mut bytes = Vec::new();
    bytes.extend(76u32.to_le_bytes());
    bytes.extend(((76 + title.len() + text.len() + axes.len()) as u32).to_le_bytes());
    bytes.extend([0; 36]);
    for size in [title.len(), text.len(), 0, 0, 0, axes.len() + 4, 0, 8 * rows * columns] {
        bytes.extend((size as u32).to_le_bytes());
    }
    bytes.extend(title.bytes());
    bytes.extend(text);
    bytes.extend((axes.len() as u32 + 4).to_le_bytes());
    bytes.extend(axes);
    for value in map.values.rows().into_iter().rev().flatten() {
        bytes.extend((value / scale).to_le_bytes());
    }
    bytes
}

/// One axis block: fixed part, name, unit.
fn axis(unit: &str, bias: f64, scale: f64, last: u64, data_type: i32) -> Vec<u8> {
    let unit: Vec<u8> = super::digits::latin1(if unit == "deg" { "\u{b0}" } else { unit });
    let mut fixed = Vec::new();
    for length in [unit.len() as u32, 0, unit.len() as u32] {
        fixed.extend(length.to_le_bytes());
    }
    fixed.extend(1u64.to_le_bytes());
    fixed.extend(0f64.to_le_bytes());
    fixed.extend([0; 8]);
    fixed.extend(bias.to_le_bytes());
    fixed.extend(scale.to_le_bytes());
    fixed.extend(0u64.to_le_bytes());
    fixed.extend(last.to_le_bytes());
    fixed.extend(data_type.to_le_bytes());
    fixed.resize(112, 0);
    let mut bytes = ((8 + fixed.len() + 2 * unit.len()) as u32).to_le_bytes().to_vec();
    bytes.extend((fixed.len() as u32).to_le_bytes());
    bytes.extend(fixed);
    bytes.extend(&unit);
    bytes.extend(&unit);
    bytes
}

fn scanned(file: &str, map: &Map) -> Result<Vec<u8>, IoError> {
    let (rows, columns) = map.shape();
    let (width, height) = map.size().unwrap_or((f64::NAN, f64::NAN));
    let (code, scale) = match map.unit.symbol() {
        "m" => (-1i16, 1e-9),
        "V" => (2, 1.0),
        "deg" => (5, 1.0),
        other => {
            let found = format!("the {} map in '{other}'", map.name);
            return Err(IoError::Unsupported { file: file.to_owned(), found, remedy: "digits are in m, V or deg" });
        }
    };
    let digits = Digits::of(file, map, 16)?;
    let mut bytes = Vec::new();
    for (offset, step, code) in [
        (0.0, width * 1e6 / columns as f64, -2),
        (0.0, height * 1e6 / rows as f64, -2),
        (digits.offset / scale, digits.step / scale, code),
    ] {
        bytes.extend((offset as f32).to_le_bytes());
        bytes.extend((step as f32).to_le_bytes());
        bytes.extend(code.to_le_bytes());
    }
    bytes.extend([0, 1]);
    bytes.extend((columns as u16).to_le_bytes());
    bytes.extend((rows as u16).to_le_bytes());
    bytes.resize(77, 0);
    for value in [0, columns as u16, rows as u16, 0] {
        bytes.extend(value.to_le_bytes());
    }
    for digit in &digits.values {
        bytes.extend((*digit as i16).to_le_bytes());
    }
    for part in [title(map).into_bytes(), text()] {
        bytes.extend((part.len() as u32).to_le_bytes());
        bytes.extend(part);
    }
    Ok(bytes)
}
