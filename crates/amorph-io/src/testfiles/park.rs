use std::path::Path;

use amorph_core::data::{Direction, Map};

use super::digits::{Digits, channel_name, direction, utf16};
use super::tiff::{Content, TiffWriter};
use super::{check, name_of};
use crate::IoError;
use crate::write::write_atomically;

/// How the numbers of a Park file are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ParkNumbers {
    /// 16-bit digits.
    Short,
    /// 32-bit digits.
    Long,
    /// 32-bit floats, as SmartScan writes them.
    #[default]
    Float,
}

/// What a Park file says about its scan beside the pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct ParkScan {
    /// How the numbers are stored.
    pub numbers: ParkNumbers,
    /// Time stamp, as in `2021:09:16 13:17:54`.
    pub time: String,
    /// Position of the scan, um.
    pub offset: [f64; 2],
    /// Drive frequency, Hz.
    pub frequency: f64,
}

impl Default for ParkScan {
    fn default() -> Self {
        Self { numbers: ParkNumbers::Float, time: "2021:09:16 13:17:54".to_owned(), offset: [3.75, -1.75], frequency: 280e3 }
    }
}

/// Writes one map as a Park TIFF of version 2, with a thumbnail that is not the data.
///
/// # Errors
/// [`IoError::Unsupported`] for missing pixels among digits, [`IoError::Map`] without a lateral size, [`IoError::Write`].
pub fn write_park(path: &Path, map: &Map, scan: &ParkScan) -> Result<(), IoError> {
    write_atomically(path, &park_bytes(&name_of(path), map, scan)?)
}

/// The bytes of [`write_park`]; `file` appears in messages.
///
/// # Errors
/// As [`write_park`], without the writing.
pub fn park_bytes(file: &str, map: &Map, scan: &ParkScan) -> Result<Vec<u8>, IoError> {
    check(file, std::slice::from_ref(map))?;
    // The instrument's gain is negative: the digits are turned over.
    const GAIN: f64 = -4.5;
    let (unit, unit_scale) = match map.unit.symbol() {
        "m" => ("um", 1e-6),
        other => (other, 1.0),
    };
    let (data, scale, offset) = match scan.numbers {
        ParkNumbers::Float => {
            let values = map.values.rows().into_iter().rev().flatten();
            let raw = |value: &f64| ((value / (unit_scale * GAIN)) as f32).to_le_bytes();
            (values.flat_map(raw).collect::<Vec<u8>>(), 0.0, 0.0)
        }
        numbers => {
            let bits = if numbers == ParkNumbers::Short { 16 } else { 32 };
            let digits = Digits::of(file, map, bits)?;
            let bytes = digits.values.iter().flat_map(|digit| digit.to_le_bytes()[..bits as usize / 8].to_vec()).collect();
            (bytes, digits.step / (unit_scale * GAIN), digits.offset / (unit_scale * GAIN))
        }
    };
    let header = header(map, scan, unit, [GAIN, scale, offset]);
    let thumbnail = vec![0u8; 16 * 16];
    let mut tiff = TiffWriter::new(false);
    tiff.page(vec![
        (256, Content::Longs(vec![16])),
        (257, Content::Longs(vec![16])),
        (258, Content::Shorts(vec![8])),
        (259, Content::Shorts(vec![1])),
        (262, Content::Shorts(vec![1])),
        (273, Content::Strip(thumbnail)),
        (277, Content::Shorts(vec![1])),
        (279, Content::Longs(vec![256])),
        (305, Content::Text("Park Systems SmartScan".to_owned())),
        (306, Content::Text(scan.time.clone())),
        (50432, Content::Longs(vec![0x0e03_1301])),
        (50433, Content::Longs(vec![0x0100_0002])),
        (50434, Content::Bytes(data)),
        (50435, Content::Bytes(header)),
    ]);
    Ok(tiff.finish())
}

fn header(map: &Map, scan: &ParkScan, unit: &str, [gain, scale, offset]: [f64; 3]) -> Vec<u8> {
    let (rows, columns) = map.shape();
    let (width, height) = map.size().unwrap_or((f64::NAN, f64::NAN));
    let name = channel_name(map, &["Topography", "Z Height", "NCM Phase", "NCM Amplitude"]);
    let data_type = match scan.numbers {
        ParkNumbers::Short => 0,
        ParkNumbers::Long => 1,
        ParkNumbers::Float => 2,
    };
    let mut bytes = Vec::new();
    let words = |bytes: &mut Vec<u8>, values: &[u32]| values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
    let numbers = |bytes: &mut Vec<u8>, values: &[f64]| values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
    words(&mut bytes, &[0]);
    bytes.extend(utf16(&name, 32));
    bytes.extend(utf16("NCM", 8));
    numbers(&mut bytes, &[0.0]);
    words(&mut bytes, &[0, 1, columns as u32, rows as u32]);
    numbers(&mut bytes, &[0.0]);
    words(&mut bytes, &[0]);
    numbers(&mut bytes, &[0.1]);
    words(&mut bytes, &[u32::from(direction(map) == Direction::Trace), 0, 0]);
    numbers(&mut bytes, &[width * 1e6, height * 1e6, scan.offset[0], scan.offset[1], 1.0, 9.5]);
    bytes.extend(utf16("um", 8));
    numbers(&mut bytes, &[0.0, 0.0, gain, scale, offset]);
    bytes.extend(utf16(unit, 8));
    words(&mut bytes, &[0, 0, 0, 0, 0, 0]);
    numbers(&mut bytes, &[1.0, 1.0]);
    for mode in ["High", "High", "on"] {
        bytes.extend(utf16(mode, 8));
    }
    words(&mut bytes, &[data_type, 0, 0]);
    numbers(&mut bytes, &[15.0, scan.frequency]);
    bytes.extend(utf16("test", 16));
    bytes.resize(580, 0);
    bytes
}
