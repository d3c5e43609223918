use std::path::Path;

use amorph_core::data::{Direction, Map};

use super::digits::{Digits, channel_name, direction, latin1};
use super::{check, name_of};
use crate::IoError;
use crate::write::write_atomically;

/// How the numbers of a WSxM file are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WsxmNumbers {
    /// 64-bit floats.
    #[default]
    Double,
    /// 32-bit floats.
    Float,
    /// 16-bit digits, which are in no unit.
    Short,
}

/// What a WSxM file says about its scan beside the pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct WsxmScan {
    /// How the numbers are stored.
    pub numbers: WsxmNumbers,
    /// Time stamp, as in `03/11/2011, 20:23:46.484`.
    pub time: String,
    /// Position of the scan, nm.
    pub offset: [f64; 2],
}

impl Default for WsxmScan {
    fn default() -> Self {
        Self { numbers: WsxmNumbers::Double, time: "03/11/2011, 20:23:46.484".to_owned(), offset: [-712.919, 92.9825] }
    }
}

/// Writes one map as a WSxM image. The format keeps the range of the values, not their zero: digits come back without
/// their mean.
///
/// # Errors
/// [`IoError::Unsupported`] for missing pixels among digits, [`IoError::Map`] without a lateral size, [`IoError::Write`].
pub fn write_wsxm(path: &Path, map: &Map, scan: &WsxmScan) -> Result<(), IoError> {
    write_atomically(path, &wsxm_bytes(&name_of(path), map, scan)?)
}

/// The bytes of [`write_wsxm`]; `file` appears in messages.
///
/// # Errors
/// As [`write_wsxm`], without the writing.
pub fn wsxm_bytes(file: &str, map: &Map, scan: &WsxmScan) -> Result<Vec<u8>, IoError> {
    check(file, std::slice::from_ref(map))?;
    let least = map.values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = map.values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // The first number is that of the lower right corner.
    let turned = || map.values.rows().into_iter().rev().flat_map(|row| row.into_iter().rev());
    let (kind, data): (&str, Vec<u8>) = match scan.numbers {
        // Floats in a unit that is not that of the header: only their range counts.
        WsxmNumbers::Double => ("double", turned().flat_map(|value| (3.0 * value).to_le_bytes()).collect()),
        WsxmNumbers::Float => ("float", turned().flat_map(|value| ((3.0 * value) as f32).to_le_bytes()).collect()),
        WsxmNumbers::Short => {
            let (rows, columns) = map.shape();
            let digits = Digits::of(file, map, 16)?.values;
            // The digits are from the bottom row, each row from the left.
            let turned = (0..rows).flat_map(|row| digits[row * columns..(row + 1) * columns].iter().rev());
            ("short", turned.flat_map(|digit| (*digit as i16).to_le_bytes()).collect())
        }
    };
    let header = |size: usize| text(map, scan, kind, greatest - least, size);
    let mut size = header(0).len();
    while header(size).len() != size {
        size = header(size).len();
    }
    Ok([header(size), data].concat())
}

fn text(map: &Map, scan: &WsxmScan, kind: &str, range: f64, size: usize) -> Vec<u8> {
    let (rows, columns) = map.shape();
    let (width, height) = map.size().unwrap_or((f64::NAN, f64::NAN));
    let (scale, unit) = if map.unit.symbol() == "m" { (1e9, "nm") } else { (1.0, map.unit.symbol()) };
    let name = channel_name(map, &["Topography", "Phase", "Amplitude"]);
    let way = if direction(map) == Direction::Trace { "Forward" } else { "Backward" };
    latin1(
        &[
            "WSxM file copyright UAM".to_owned(),
            "SxM Image file".to_owned(),
            format!("Image header size: {size}"),
            "[Control]".to_owned(),
            format!("    X Amplitude: {} nm", width * 1e9),
            format!("    X Offset: {} nm", scan.offset[0]),
            format!("    Y Amplitude: {} nm", height * 1e9),
            format!("    Y Offset: {} nm", scan.offset[1]),
            "[General Info]".to_owned(),
            format!("    Acquisition channel: {name}"),
            format!("    Acquisition time: {}", scan.time),
            "    Force constant: 0.02869 N/m".to_owned(),
            format!("    Image Data Type: {kind}"),
            format!("    Number of columns: {columns}"),
            format!("    Number of rows: {rows}"),
            format!("    X scanning direction: {way}"),
            format!("    Z Amplitude: {} {unit}", range * scale),
            "[Header end]".to_owned(),
            String::new(),
        ]
        .join("\r\n"),
    )
}
