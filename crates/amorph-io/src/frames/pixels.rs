//! From bytes of a file to pixels, chunk by chunk.

use amorph_core::data::{PixelType, Pixels};
use std::io::{Error, ErrorKind};
use std::ops::Range;

use super::Storage;
use crate::bytes::Element;

/// Bytes that are read at a time: they stay in the innermost cache until they are numbers.
const CHUNK: usize = 32 << 10;
/// Integers above it are not all numbers of 64-bit floats.
const EXACT_MAX: u64 = 1 << 53;

/// How pixels of a file are kept: as stored, but signed bytes in 16 bits, and 64-bit integers as floats where that is exact.
pub(crate) fn pixel_type(element: Element) -> PixelType {
    match element {
        Element::U8 => PixelType::U8,
        Element::U16 => PixelType::U16,
        Element::U32 => PixelType::U32,
        Element::I8 | Element::I16 => PixelType::I16,
        Element::I32 => PixelType::I32,
        Element::F32 => PixelType::F32,
        Element::F64 | Element::I64 | Element::U64 => PixelType::F64,
    }
}

/// Fills `pixels[place]` with numbers that begin at byte `start`.
pub(crate) fn read_pixels(
    storage: &Storage,
    element: Element,
    big_endian: bool,
    start: u64,
    pixels: &mut Pixels,
    place: Range<usize>,
) -> std::io::Result<()> {
    if let (Pixels::U8(values), Element::U8) = (&mut *pixels, element) {
        return storage.fill(&mut values[place], start);
    }
    let mut buffer = [0u8; CHUNK];
    let per_chunk = CHUNK / element.size();
    let mut at = place.start;
    let mut start = start;
    while at < place.end {
        let end = (at + per_chunk).min(place.end);
        let bytes = &mut buffer[..(end - at) * element.size()];
        storage.fill(bytes, start)?;
        decode(element, big_endian, bytes, pixels, at..end)?;
        start += bytes.len() as u64;
        at = end;
    }
    Ok(())
}

/// Fills `pixels[place]` with the numbers in `bytes`.
pub(crate) fn decode(
    element: Element,
    big_endian: bool,
    bytes: &[u8],
    pixels: &mut Pixels,
    place: Range<usize>,
) -> std::io::Result<()> {
    macro_rules! numbers {
        ($values:expr, $type:ty) => {{
            if big_endian {
                copy(&mut $values[place], bytes, <$type>::from_be_bytes)
            } else {
                copy(&mut $values[place], bytes, <$type>::from_le_bytes)
            }
        }};
    }
    match (pixels, element) {
        (Pixels::U8(values), Element::U8) => values[place].copy_from_slice(bytes),
        (Pixels::U16(values), Element::U16) => numbers!(values, u16),
        (Pixels::U32(values), Element::U32) => numbers!(values, u32),
        (Pixels::I16(values), Element::I16) => numbers!(values, i16),
        (Pixels::I32(values), Element::I32) => numbers!(values, i32),
        (Pixels::F32(values), Element::F32) => numbers!(values, f32),
        (Pixels::F64(values), Element::F64) => numbers!(values, f64),
        (Pixels::I16(values), Element::I8) => {
            values[place].iter_mut().zip(bytes).for_each(|(value, byte)| *value = i16::from(*byte as i8));
        }
        (Pixels::F64(values), Element::I64 | Element::U64) => {
            return whole_numbers(&mut values[place], bytes, element == Element::I64, big_endian);
        }
        (pixels, _) => {
            let problem = format!("{element:?} does not become {}", pixels.kind());
            return Err(Error::new(ErrorKind::InvalidInput, problem));
        }
    }
    Ok(())
}

/// Generic over `number`, so that native order becomes a plain copy.
fn copy<T, const N: usize>(values: &mut [T], bytes: &[u8], number: impl Fn([u8; N]) -> T) {
    for (value, bytes) in values.iter_mut().zip(bytes.as_chunks::<N>().0) {
        *value = number(*bytes);
    }
}

fn whole_numbers(values: &mut [f64], bytes: &[u8], signed: bool, big_endian: bool) -> std::io::Result<()> {
    for (value, raw) in values.iter_mut().zip(bytes.as_chunks::<8>().0) {
        let number = if big_endian { u64::from_be_bytes(*raw) } else { u64::from_le_bytes(*raw) };
        let (size, converted) = if signed {
            let number = number as i64;
            (number.unsigned_abs(), number as f64)
        } else {
            (number, number as f64)
        };
        if size > EXACT_MAX {
            let problem = format!("a pixel is {converted:e}, beyond the whole numbers that a 64-bit float holds exactly");
            return Err(Error::new(ErrorKind::InvalidData, problem));
        }
        *value = converted;
    }
    Ok(())
}

/// Turns the frame in `pixels[place]` upside down.
pub(crate) fn flip(pixels: &mut Pixels, place: Range<usize>, columns: usize) {
    fn turn<T>(frame: &mut [T], columns: usize) {
        let rows = frame.len() / columns.max(1);
        for row in 0..rows / 2 {
            let (upper, lower) = frame.split_at_mut((rows - 1 - row) * columns);
            upper[row * columns..(row + 1) * columns].swap_with_slice(&mut lower[..columns]);
        }
    }
    match pixels {
        Pixels::U8(values) => turn(&mut values[place], columns),
        Pixels::U16(values) => turn(&mut values[place], columns),
        Pixels::U32(values) => turn(&mut values[place], columns),
        Pixels::I16(values) => turn(&mut values[place], columns),
        Pixels::I32(values) => turn(&mut values[place], columns),
        Pixels::F32(values) => turn(&mut values[place], columns),
        Pixels::F64(values) => turn(&mut values[place], columns),
    }
}
