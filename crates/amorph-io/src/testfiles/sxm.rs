use std::path::Path;

use amorph_core::data::{Direction, Map};

use super::digits::{channel_name, direction, latin1};
use super::{check, name_of};
use crate::IoError;
use crate::write::write_atomically;

/// The direction of the slow axis of a Nanonis scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SlowAxis {
    /// The first row stored is the lowest.
    #[default]
    Up,
    /// The first row stored is the highest.
    Down,
}

/// Writes maps of one shape as a Nanonis image: 32-bit floats. A trace map with its retrace behind it becomes one
/// channel of both directions.
///
/// # Errors
/// [`IoError::Map`] without a lateral size, [`IoError::Shapes`], [`IoError::Write`].
pub fn write_sxm(path: &Path, maps: &[Map], slow: SlowAxis) -> Result<(), IoError> {
    write_atomically(path, &sxm_bytes(&name_of(path), maps, slow)?)
}

/// The bytes of [`write_sxm`]; `file` appears in messages.
///
/// # Errors
/// As [`write_sxm`], without the writing.
pub fn sxm_bytes(file: &str, maps: &[Map], slow: SlowAxis) -> Result<Vec<u8>, IoError> {
    check(file, maps)?;
    let (rows, columns) = maps[0].shape();
    let (width, height) = maps[0].size().unwrap_or((f64::NAN, f64::NAN));
    let name = |map: &Map| channel_name(map, &["Z", "Phase", "Amplitude", "Frequency_Shift", "Excitation"]);
    let mut table = "\tChannel\tName\tUnit\tDirection\tCalibration\tOffset\n".to_owned();
    let mut index = 0;
    while let Some(map) = maps.get(index) {
        let both = direction(map) == Direction::Trace
            && maps.get(index + 1).is_some_and(|next| direction(next) == Direction::Retrace && name(next) == name(map));
        let way = match direction(map) {
            _ if both => "both",
            Direction::Trace => "forward",
            Direction::Retrace => "backward",
        };
        // The calibration is that of the converter, and must not be applied.
        table += &format!("\t{index}\t{}\t{}\t{way}\t-3.484E-9\t1.000E+0\n", name(map), map.unit.symbol());
        index += if both { 2 } else { 1 };
    }
    let way = if slow == SlowAxis::Up { "up" } else { "down" };
    let header = format!(
        ":NANONIS_VERSION:\n2\n:SCANIT_TYPE:\n              FLOAT            MSBFIRST\n:SCAN_PIXELS:\n  {columns}  {rows}\n\
         :SCAN_RANGE:\n  {width:e}  {height:e}\n:SCAN_DIR:\n{way}\n:Oscillation Control>Center Frequency (Hz):\n22.6312E+3\n\
         :DATA_INFO:\n{table}\n:SCANIT_END:\n\n\n"
    );
    let mut bytes = latin1(&header);
    bytes.extend([0x1a, 0x04]);
    for map in maps {
        for row in 0..rows {
            let row = if slow == SlowAxis::Up { rows - 1 - row } else { row };
            let line: Vec<u8> = match direction(map) {
                Direction::Trace => map.values.row(row).iter().flat_map(|value| (*value as f32).to_be_bytes()).collect(),
                Direction::Retrace => {
                    map.values.row(row).iter().rev().flat_map(|value| (*value as f32).to_be_bytes()).collect()
                }
            };
            bytes.extend(line);
        }
    }
    Ok(bytes)
}
