use std::path::Path;

use amorph_core::data::{Direction, Map};

use super::{check, name_of};
use crate::IoError;
use crate::naming::recognise;
use crate::write::write_atomically;

/// How the numbers of an Igor wave are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IbwNumbers {
    /// 64-bit floats instead of the 32-bit ones that microscopes write.
    pub double: bool,
    /// Big-endian, as on old Macintosh computers.
    pub big_endian: bool,
}

impl IbwNumbers {
    fn put<const N: usize>(self, bytes: &mut [u8], offset: usize, little_endian: [u8; N]) {
        let mut raw = little_endian;
        if self.big_endian {
            raw.reverse();
        }
        bytes[offset..offset + N].copy_from_slice(&raw);
    }
}

const LABEL: usize = 32;
const HEADERS: usize = 384;

/// Writes maps of one shape and size as the layers of an Asylum wave; `note` holds the `Key: value` lines, for instance
/// `("SpringConstant", "27.952")`.
///
/// Layer names follow from quantity and direction, because Asylum's units follow from the names.
///
/// # Errors
/// [`IoError::Unsupported`] for a quantity that Asylum has no name for, [`IoError::Map`] without a lateral size,
/// [`IoError::Shapes`], [`IoError::Write`].
pub fn write_ibw(path: &Path, maps: &[Map], note: &[(&str, String)], numbers: IbwNumbers) -> Result<(), IoError> {
    write_atomically(path, &ibw_bytes(&name_of(path), maps, note, numbers)?)
}

/// The bytes of [`write_ibw`]; `file` appears in messages.
///
/// # Errors
/// As [`write_ibw`], without the writing.
pub fn ibw_bytes(file: &str, maps: &[Map], note: &[(&str, String)], numbers: IbwNumbers) -> Result<Vec<u8>, IoError> {
    check(file, maps)?;
    let names: Vec<String> = maps.iter().map(|map| layer_name(file, map)).collect::<Result<_, _>>()?;
    let text: String = note.iter().map(|(key, value)| format!("{key}: {value}\r")).collect();
    let note: Vec<u8> = text.chars().map(|character| u8::try_from(character).unwrap_or(b'?')).collect();
    let mut bytes = headers(maps, note.len(), numbers);
    for map in maps {
        // Rows run from the bottom.
        for value in map.values.rows().into_iter().rev().flatten() {
            let at = bytes.len();
            if numbers.double {
                bytes.extend([0; 8]);
                numbers.put(&mut bytes, at, value.to_le_bytes());
            } else {
                bytes.extend([0; 4]);
                numbers.put(&mut bytes, at, (*value as f32).to_le_bytes());
            }
        }
    }
    bytes.extend(note);
    bytes.extend([0; LABEL]);
    for name in names {
        let mut label = [0u8; LABEL];
        label[..name.len()].copy_from_slice(name.as_bytes());
        bytes.extend(label);
    }
    Ok(bytes)
}

/// BinHeader5 and WaveHeader5.
fn headers(maps: &[Map], note_size: usize, numbers: IbwNumbers) -> Vec<u8> {
    let (rows, columns) = maps[0].shape();
    let points = rows * columns * maps.len();
    let size = if numbers.double { 8 } else { 4 };
    let mut bytes = vec![0u8; HEADERS];
    let word = |bytes: &mut Vec<u8>, offset: usize, value: usize| numbers.put(bytes, offset, (value as i32).to_le_bytes());
    numbers.put(&mut bytes, 0, 5i16.to_le_bytes());
    word(&mut bytes, 4, 320 + points * size);
    word(&mut bytes, 12, note_size);
    word(&mut bytes, 44, LABEL * (1 + maps.len()));
    word(&mut bytes, 64 + 12, points);
    numbers.put(&mut bytes, 64 + 16, (if numbers.double { 4i16 } else { 2i16 }).to_le_bytes());
    bytes[64 + 28..64 + 32].copy_from_slice(b"scan");
    for (axis, length) in [columns, rows, maps.len()].into_iter().enumerate() {
        word(&mut bytes, 64 + 68 + 4 * axis, length);
    }
    let (width, height) = maps[0].size().unwrap_or((f64::NAN, f64::NAN));
    for (axis, pitch) in [width / columns as f64, height / rows as f64, 1.0, 1.0].into_iter().enumerate() {
        numbers.put(&mut bytes, 64 + 84 + 8 * axis, pitch.to_le_bytes());
    }
    for offset in [148, 152, 156] {
        bytes[64 + offset] = b'm';
    }
    // The 16-bit words of both headers sum to zero.
    let sum = bytes.chunks_exact(2).fold(0i16, |sum, pair| {
        let word =
            if numbers.big_endian { i16::from_be_bytes([pair[0], pair[1]]) } else { i16::from_le_bytes([pair[0], pair[1]]) };
        sum.wrapping_add(word)
    });
    numbers.put(&mut bytes, 2, sum.wrapping_neg().to_le_bytes());
    bytes
}

fn layer_name(file: &str, map: &Map) -> Result<String, IoError> {
    let (name, unit) = match map.quantity.as_str() {
        "height" => ("Height", "m"),
        "height_sensor" => ("ZSensor", "m"),
        "amplitude" => ("Amplitude", "m"),
        "deflection" => ("Deflection", "m"),
        "phase" => ("Phase", "deg"),
        "potential" => ("Potential", "V"),
        "frequency" => ("Frequency", "Hz"),
        _ => ("", ""),
    };
    debug_assert!(name.is_empty() || recognise(name).0 == map.quantity);
    if map.unit.symbol() != unit || name.is_empty() {
        return Err(IoError::Unsupported {
            file: file.to_owned(),
            found: format!("a {} map in '{}'", map.quantity, map.unit),
            remedy: "Asylum's layers are height, amplitude or deflection in m, phase in deg, potential in V, frequency in Hz",
        });
    }
    let suffix = match map.direction {
        Some(Direction::Trace) => "Trace",
        Some(Direction::Retrace) => "Retrace",
        None => "",
    };
    Ok(format!("{name}{suffix}"))
}
