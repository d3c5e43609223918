//! Chunks packed by blosc: a header of 16 bytes, the places of blocks, and blocks in one part or one for every byte of a number.

use std::io::Read as _;

use crate::formats::hdf5::bitshuffle::{lz4_block, unshuffle};

const HEADER: usize = 16;
const SHUFFLED: u8 = 1;
const BARE: u8 = 2;
const BITS_SHUFFLED: u8 = 4;
const WHOLE: u8 = 16;

/// A chunk of exactly `expected` bytes.
pub(super) fn unpack(packed: &[u8], expected: usize) -> Result<Vec<u8>, String> {
    let damaged = || "a packed chunk is damaged".to_owned();
    let word = |at: usize| -> Option<usize> {
        let bytes = packed.get(at..at + 4)?;
        usize::try_from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).ok()
    };
    let (Some(&[flags, size]), Some(bytes), Some(block)) =
        (packed.get(2..4).and_then(|pair| pair.first_chunk()), word(4), word(8))
    else {
        return Err(damaged());
    };
    if bytes != expected {
        return Err(format!("a packed chunk says it holds {bytes} bytes, but {expected} are needed"));
    }
    if flags & BARE != 0 {
        return packed.get(HEADER..HEADER + expected).map(<[u8]>::to_vec).ok_or_else(damaged);
    }
    let (size, codec) = (usize::from(size), flags >> 5);
    if size == 0 || block == 0 {
        return Err(damaged());
    }
    let mut out = Vec::with_capacity(expected);
    for number in 0..expected.div_ceil(block) {
        let length = block.min(expected - out.len());
        let parts = if flags & WHOLE == 0 && length == block { size } else { 1 };
        let mut at = word(HEADER + 4 * number).ok_or_else(damaged)?;
        let mut unpacked = Vec::with_capacity(length);
        for part in 0..parts {
            // The last part takes what does not divide.
            let wanted = if part + 1 == parts { length - unpacked.len() } else { length / parts };
            let count = word(at).ok_or_else(damaged)?;
            let from = at + 4;
            let bytes = packed.get(from..from.checked_add(count).ok_or_else(damaged)?).ok_or_else(damaged)?;
            unpacked.extend(if count == wanted { bytes.to_vec() } else { part_of(bytes, codec, wanted)? });
            at = from + count;
        }
        match flags & (SHUFFLED | BITS_SHUFFLED) {
            SHUFFLED if size > 1 => bytes_back(&unpacked, size, &mut out),
            BITS_SHUFFLED if length % (8 * size) == 0 => unshuffle(&unpacked, size, &mut out),
            _ => out.extend(unpacked),
        }
    }
    Ok(out)
}

fn part_of(bytes: &[u8], codec: u8, wanted: usize) -> Result<Vec<u8>, String> {
    const LZ4: u8 = 1;
    const ZLIB: u8 = 3;
    match codec {
        LZ4 => lz4_block(bytes, wanted).ok_or_else(|| "a packed chunk is damaged".to_owned()),
        ZLIB => {
            let mut out = Vec::with_capacity(wanted);
            let read = flate2::read::ZlibDecoder::new(bytes).take(wanted as u64 + 1).read_to_end(&mut out);
            match read {
                Ok(count) if count == wanted => Ok(out),
                Ok(count) => Err(format!("a part of a packed chunk holds {count} bytes, but {wanted} are needed")),
                Err(error) => Err(error.to_string()),
            }
        }
        other => Err(format!("its chunks are packed by compressor {other} of blosc; save the signal as .hspy in HyperSpy")),
    }
}

/// Numbers whose first bytes stood together, then their second ones, and so on; what is less than a number stays at the end.
fn bytes_back(shuffled: &[u8], size: usize, out: &mut Vec<u8>) {
    let n = shuffled.len() / size;
    for number in 0..n {
        out.extend((0..size).map(|byte| shuffled[byte * n + number]));
    }
    out.extend(&shuffled[n * size..]);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    // Written by numcodecs 0.16.6.
    include!("blosc_chunks.rs");

    #[test]
    fn chunks_of_the_reference_are_unpacked() {
        let values: Vec<u8> = (0..600u32).flat_map(|i| ((i * i / 7) as u16).to_le_bytes()).collect();
        for (name, packed) in CHUNKS {
            assert_eq!(unpack(packed, 1200).unwrap(), values, "{name}");
            assert!(unpack(packed, 1202).unwrap_err().contains("1200"), "{name}");
            for cut in 0..packed.len() {
                assert!(unpack(&packed[..cut], 1200).is_err(), "{name} {cut}");
            }
            for at in 0..packed.len() {
                let mut wrong = packed.to_vec();
                wrong[at] ^= 0x41;
                if let Ok(answer) = unpack(&wrong, 1200) {
                    assert_eq!(answer.len(), 1200, "{name} {at}");
                }
            }
        }
    }
}
