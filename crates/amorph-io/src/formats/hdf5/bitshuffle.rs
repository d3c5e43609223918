//! Chunks packed with bitshuffle and LZ4 (filter 32008), decoded here: the HDF5 library brings them packed.
//!
//! A chunk is its unpacked size (8 bytes, highest first), the size of a block (4 bytes), then blocks, each the size of its packed bytes
//! (4 bytes) and an LZ4 block of numbers whose bits were transposed. The last block may be shorter, in steps of eight numbers; what then
//! is left of them stands at the end as it is. After Masui et al., Astron. Comput. 12, 181 (2015), and the LZ4 block format.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use amorph_core::data::{DataError, FrameSource, Pixels};

use crate::bytes::Element;
use crate::frames::pixels::decode;
use crate::frames::{Storage, unreadable};

/// Number of the filter.
pub(super) const FILTER: u16 = 32008;

/// Where a packed chunk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub address: u64,
    pub size: u64,
    /// Whether it was stored without the filter.
    pub is_bare: bool,
}

/// Frames in packed chunks of whole frames; the chunk last unpacked is kept.
#[derive(Debug)]
pub(super) struct Bitshuffled {
    pub file: String,
    pub storage: Storage,
    /// In order; chunks that the file does not have end the list.
    pub chunks: Vec<Place>,
    pub frames_per_chunk: usize,
    pub frame_len: usize,
    pub element: Element,
    pub big_endian: bool,
    pub kept: Mutex<Option<(usize, Arc<Vec<u8>>)>>,
}

impl Bitshuffled {
    fn chunk(&self, number: usize) -> Result<Arc<Vec<u8>>, String> {
        let mut kept = self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((found, bytes)) = &*kept
            && *found == number
        {
            return Ok(bytes.clone());
        }
        *kept = None;
        let place = self.chunks.get(number).ok_or("the file has no such chunk")?;
        let packed = self.storage.take(&self.file, place.address, place.size, "a chunk").map_err(|error| error.to_string())?;
        let expected = self.frames_per_chunk * self.frame_len * self.element.size();
        let bytes = if place.is_bare { packed } else { unpack(&packed, self.element.size(), expected)? };
        if bytes.len() < expected {
            return Err(format!("a chunk holds {} bytes, but {expected} are needed", bytes.len()));
        }
        let bytes = Arc::new(bytes);
        *kept = Some((number, bytes.clone()));
        Ok(bytes)
    }
}

impl FrameSource for Bitshuffled {
    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        let frame_bytes = self.frame_len * self.element.size();
        for (index, frame) in frames.enumerate() {
            let bytes = self.chunk(frame / self.frames_per_chunk).map_err(|reason| unreadable(&self.file, frame, &reason))?;
            let from = (frame % self.frames_per_chunk) * frame_bytes;
            let place = index * self.frame_len..(index + 1) * self.frame_len;
            decode(self.element, self.big_endian, &bytes[from..from + frame_bytes], pixels, place)
                .map_err(|error| unreadable(&self.file, frame, &error))?;
        }
        Ok(())
    }
}

/// A chunk of `expected` bytes of numbers of `size` bytes; its own statement of how long it is must agree.
fn unpack(packed: &[u8], size: usize, expected: usize) -> Result<Vec<u8>, String> {
    let damaged = || "the packed chunk is damaged".to_owned();
    let (head, mut rest) = packed.split_at_checked(12).ok_or_else(damaged)?;
    let number = |bytes: &[u8]| bytes.iter().fold(0u64, |number, byte| (number << 8) | u64::from(*byte));
    if number(&head[..8]) != expected as u64 {
        return Err(format!("a packed chunk says it holds {} bytes, but {expected} are needed", number(&head[..8])));
    }
    // Zero stands for the usual block of 8 kB, in numbers a multiple of eight and at least 128.
    let stated = number(&head[8..]) as usize;
    let block = if stated == 0 { ((8192 / size) / 8 * 8).max(128) * size } else { stated };
    if block % (8 * size) != 0 {
        return Err(damaged());
    }
    let mut unpacked = Vec::with_capacity(expected);
    while unpacked.len() < expected {
        let left = expected - unpacked.len();
        let length = block.min(left / (8 * size) * 8 * size);
        if length == 0 {
            unpacked.extend(rest.get(..left).ok_or_else(damaged)?);
            break;
        }
        let (head, after) = rest.split_at_checked(4).ok_or_else(damaged)?;
        let (bytes, after) = after.split_at_checked(number(head) as usize).ok_or_else(damaged)?;
        let shuffled = lz4_block(bytes, length).ok_or_else(damaged)?;
        unshuffle(&shuffled, size, &mut unpacked);
        rest = after;
    }
    Ok(unpacked)
}

/// An LZ4 block of exactly `expected` bytes; `None` where it is damaged.
pub(crate) fn lz4_block(packed: &[u8], expected: usize) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::with_capacity(expected);
    let mut bytes = packed.iter().copied();
    // Lengths of 15 go on in bytes until one is not 255.
    let long = |short: u8, bytes: &mut dyn Iterator<Item = u8>| {
        let mut length = usize::from(short);
        if short == 15 {
            loop {
                let more = bytes.next()?;
                length += usize::from(more);
                if more != 255 {
                    break;
                }
            }
        }
        Some(length)
    };
    while out.len() < expected {
        let token = bytes.next()?;
        let literals = long(token >> 4, &mut bytes)?;
        if literals > expected - out.len() || literals > bytes.len() {
            return None;
        }
        out.extend(bytes.by_ref().take(literals));
        if out.len() == expected {
            break;
        }
        let offset = usize::from(bytes.next()?) + 256 * usize::from(bytes.next()?);
        let length = long(token & 15, &mut bytes)? + 4;
        if offset == 0 || offset > out.len() || length > expected - out.len() {
            return None;
        }
        // A match may reach into what it writes.
        for from in out.len() - offset..out.len() - offset + length {
            out.push(out[from]);
        }
    }
    bytes.next().is_none().then_some(out)
}

/// Puts the bits of numbers back: row `8 b + i` of the block holds bit `i` of byte `b` of all of them.
pub(crate) fn unshuffle(shuffled: &[u8], size: usize, out: &mut Vec<u8>) {
    let row = shuffled.len() / (8 * size);
    let start = out.len();
    out.resize(start + shuffled.len(), 0);
    let numbers = &mut out[start..];
    for byte in 0..size {
        for eight in 0..row {
            let gathered = std::array::from_fn(|bit| shuffled[(8 * byte + bit) * row + eight]);
            for (k, value) in transposed(u64::from_le_bytes(gathered)).to_le_bytes().into_iter().enumerate() {
                numbers[(8 * eight + k) * size + byte] = value;
            }
        }
    }
}

/// A matrix of 8 x 8 bits with rows and columns exchanged, by halves, quarters and eighths.
fn transposed(mut bits: u64) -> u64 {
    for (shift, mask) in [(7, 0x00aa_00aa_00aa_00aa), (14, 0x0000_cccc_0000_cccc), (28, 0x0000_0000_f0f0_f0f0)] {
        let moved = (bits ^ (bits >> shift)) & mask;
        bits ^= moved ^ (moved << shift);
    }
    bits
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use amorph_core::data::PixelType;

    /// Bit by bit, as the format is described.
    fn shuffled(bytes: &[u8], size: usize) -> Vec<u8> {
        let n = bytes.len() / size;
        let mut out = vec![0; bytes.len()];
        for (number, value) in bytes.chunks(size).enumerate() {
            for (byte, value) in value.iter().enumerate() {
                for bit in 0..8 {
                    out[(8 * byte + bit) * (n / 8) + number / 8] |= ((value >> bit) & 1) << (number % 8);
                }
            }
        }
        out
    }

    /// An LZ4 block of literals alone.
    fn literals(bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![if bytes.len() < 15 { (bytes.len() as u8) << 4 } else { 0xf0 }];
        if bytes.len() >= 15 {
            let rest = bytes.len() - 15;
            out.extend(std::iter::repeat_n(255, rest / 255));
            out.push((rest % 255) as u8);
        }
        out.extend(bytes);
        out
    }

    fn packed(bytes: &[u8], size: usize, block: usize) -> Vec<u8> {
        let mut out = (bytes.len() as u64).to_be_bytes().to_vec();
        out.extend((block as u32).to_be_bytes());
        let whole = bytes.len() / (8 * size) * 8 * size;
        for part in bytes[..whole].chunks(block) {
            let part = literals(&shuffled(part, size));
            out.extend((part.len() as u32).to_be_bytes());
            out.extend(part);
        }
        out.extend(&bytes[whole..]);
        out
    }

    #[test]
    fn chunks_are_unpacked() {
        for (size, n) in [(1, 100), (2, 203), (4, 64), (4, 77), (8, 9)] {
            let bytes: Vec<u8> = (0..n * size).map(|i| (i * i + 31 * i) as u8).collect();
            assert_eq!(unpack(&packed(&bytes, size, 32 * size), size, bytes.len()).unwrap(), bytes, "{size} {n}");
        }
    }

    #[test]
    fn matches_repeat_what_was_written() {
        // Two literals, then a match of 9 bytes two back, then one literal.
        let block = [0x25, b'a', b'b', 2, 0, 0x10, b'c'];
        assert_eq!(lz4_block(&block, 12).unwrap(), b"abababababac");
        // 4 + 15 + 3 bytes one back.
        assert_eq!(lz4_block(&[0x1f, b'x', 1, 0, 3, 0x10, b'y'], 24).unwrap(), b"xxxxxxxxxxxxxxxxxxxxxxxy");
    }

    #[test]
    fn damage_is_refused_within_the_bound() {
        let bytes: Vec<u8> = (0..256u32).map(|i| (7 * i) as u8).collect();
        let whole = packed(&bytes, 2, 64);
        for cut in 0..whole.len() {
            assert!(unpack(&whole[..cut], 2, 256).is_err(), "{cut}");
        }
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << bit;
                // An error, or an answer of the right length.
                if let Ok(answer) = unpack(&damaged, 2, 256) {
                    assert_eq!(answer.len(), 256);
                }
            }
        }
        assert!(lz4_block(&[0x10, b'a', 5, 0, 0], 20).is_none());
        assert!(lz4_block(&[0x10, b'a', 0, 0, 0], 20).is_none());
    }

    #[test]
    fn frames_of_packed_chunks_are_read() {
        let values: Vec<u16> = (0..6 * 35).map(|i| 17 * i as u16).collect();
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        // Two frames of 5 x 7 in a chunk; the second chunk is bare.
        let mut file = vec![0; 16];
        let mut chunks = Vec::new();
        for (number, part) in bytes.chunks(2 * 35 * 2).enumerate() {
            let part = if number == 1 { part.to_vec() } else { packed(part, 2, 64) };
            chunks.push(Place { address: file.len() as u64, size: part.len() as u64, is_bare: number == 1 });
            file.extend(part);
        }
        let source = Bitshuffled {
            file: "f".to_owned(),
            storage: Storage::Memory(file.into()),
            chunks,
            frames_per_chunk: 2,
            frame_len: 35,
            element: Element::U16,
            big_endian: false,
            kept: Mutex::new(None),
        };
        let mut pixels = Pixels::empty(PixelType::U16);
        pixels.fit(PixelType::U16, 5 * 35);
        source.read(1..6, &mut pixels).unwrap();
        assert_eq!(pixels, Pixels::U16(values[35..].to_vec()));
        pixels.fit(PixelType::U16, 35);
        assert!(source.read(6..7, &mut pixels).unwrap_err().to_string().contains("no such chunk"));
    }
}
