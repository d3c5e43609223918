use amorph_core::data::{Direction, Map};

use crate::IoError;
use crate::naming::recognise;

/// Whole numbers from the bottom row: `value = digit * step + offset`.
pub(super) struct Digits {
    pub values: Vec<i64>,
    pub step: f64,
    pub offset: f64,
}

impl Digits {
    /// Rounds a map to `bits` signed bits: to its own least significant bit around zero where it has one, else so that
    /// its range fills most of the digits around its middle. Values beyond the range saturate, as in an instrument.
    ///
    /// # Errors
    /// [`IoError::Unsupported`] for missing pixels, which digits cannot hold.
    pub(super) fn of(file: &str, map: &Map, bits: u32) -> Result<Self, IoError> {
        if map.values.iter().any(|value| !value.is_finite()) {
            let found = format!("the {} map with missing pixels", map.name);
            return Err(IoError::Unsupported { file: file.to_owned(), found, remedy: "write .gwy or .npy" });
        }
        let limit = 2f64.powi(bits as i32 - 1) - 1.0;
        let least = map.values.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = map.values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (step, offset) = match map.least_significant_bit.filter(|step| *step > 0.0) {
            Some(step) => (step, 0.0),
            None if greatest > least => ((greatest - least) / (1.9 * limit), 0.5 * (greatest + least)),
            None => (1e-12, least),
        };
        let digit = |value: &f64| ((value - offset) / step).round().clamp(-limit - 1.0, limit) as i64;
        Ok(Self { values: map.values.rows().into_iter().rev().flatten().map(digit).collect(), step, offset })
    }
}

/// The name of the map, where it says what the map shows, else the first of `names` that means its quantity.
pub(super) fn channel_name(map: &Map, names: &[&'static str]) -> String {
    if recognise(&map.name).0 == map.quantity && map.name != map.quantity {
        return map.name.clone();
    }
    let known = names.iter().find(|name| recognise(name).0 == map.quantity);
    known.map_or_else(|| map.name.clone(), |name| (*name).to_owned())
}

/// Trace unless the map says retrace.
pub(super) fn direction(map: &Map) -> Direction {
    map.direction.unwrap_or(Direction::Trace)
}

/// Latin-1 bytes of a text.
pub(super) fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(character).unwrap_or(b'?')).collect()
}

/// Little-endian UTF-16 of a text, filled with NULs to `characters`.
pub(super) fn utf16(text: &str, characters: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = text.encode_utf16().take(characters).flat_map(u16::to_le_bytes).collect();
    bytes.resize(2 * characters, 0);
    bytes
}
