use std::collections::HashMap;
use std::io::{Read as _, SeekFrom};

use super::metadata::{Block, Index, Kind, Stretch, seconds};
use crate::IoError;
use crate::bytes::{Element, decode};
use crate::traces::Bytes;

/// Raw bytes held at a time.
const PIECE: usize = 1 << 20;

/// The numbers of every channel.
pub(super) struct Values {
    of_path: HashMap<String, Vec<f64>>,
}

impl Values {
    /// The numbers of a channel; `None` where it holds text or nothing.
    pub(super) fn take(&mut self, path: &str) -> Option<Vec<f64>> {
        self.of_path.remove(path)
    }
}

/// Reads the raw data of all segments, piece by piece.
pub(super) fn read(file: &str, source: &mut dyn Bytes, index: &Index) -> Result<Values, IoError> {
    let mut channels: Vec<Option<Vec<f64>>> = vec![None; index.paths.len()];
    for (path, (name, channel)) in index.paths.iter().zip(&mut channels).enumerate() {
        let numeric = |stretch: &Stretch| stretch.blocks.iter().any(|(of, block)| *of == path && block.kind != Kind::Text);
        if index.stretches.iter().any(numeric) {
            let mut values = Vec::new();
            let samples = index.samples(name);
            let too_many = |_| IoError::TooLarge {
                file: file.to_owned(),
                field: format!("memory for {name}"),
                claimed: format!("{samples} samples"),
                available: 0,
            };
            values.try_reserve_exact(usize::try_from(samples).unwrap_or(usize::MAX)).map_err(too_many)?;
            *channel = Some(values);
        }
    }
    let mut piece = Vec::new();
    for stretch in &index.stretches {
        let failed = |error| IoError::Read { file: file.to_owned(), source: error };
        source.seek(SeekFrom::Start(stretch.start)).map_err(failed)?;
        if stretch.interleaved {
            interleaved(file, source, stretch, &mut channels, &mut piece)?;
        } else {
            contiguous(file, source, stretch, &mut channels, &mut piece)?;
        }
    }
    // Times of day become times since the first.
    for (path, channel) in channels.iter_mut().enumerate() {
        let stamped = |stretch: &Stretch| stretch.blocks.iter().any(|(of, block)| *of == path && block.kind == Kind::Timestamp);
        if let Some(values) = channel
            && let Some(first) = values.first().copied()
            && index.stretches.iter().any(stamped)
        {
            values.iter_mut().for_each(|value| *value -= first);
        }
    }
    let named = index.paths.iter().cloned().zip(channels).filter_map(|(path, values)| Some((path, values?)));
    Ok(Values { of_path: named.collect() })
}

/// Fills `piece` with up to `count` bytes.
fn fill(file: &str, source: &mut dyn Bytes, piece: &mut Vec<u8>, count: u64) -> Result<(), IoError> {
    piece.clear();
    let failed = |error| IoError::Read { file: file.to_owned(), source: error };
    source.take(count).read_to_end(piece).map_err(failed)?;
    Ok(())
}

/// Chunk after chunk, in each the values of one channel after those of another; the last chunk may be cut.
fn contiguous(
    file: &str,
    source: &mut dyn Bytes,
    stretch: &Stretch,
    channels: &mut [Option<Vec<f64>>],
    piece: &mut Vec<u8>,
) -> Result<(), IoError> {
    let mut left = stretch.length;
    if stretch.chunk() == 0 {
        return Ok(());
    }
    while left > 0 {
        for (path, block) in &stretch.blocks {
            let mut of_block = block.bytes.min(left);
            left -= of_block;
            while of_block > 0 {
                let size = block.kind.size().max(1);
                let count = of_block.min(PIECE as u64 / size * size);
                fill(file, source, piece, count)?;
                if piece.is_empty() {
                    return Ok(());
                }
                of_block -= (piece.len() as u64).min(of_block);
                if let Some(values) = channels.get_mut(*path).and_then(Option::as_mut) {
                    push(values, block.kind, stretch.big_endian, piece);
                }
            }
        }
    }
    Ok(())
}

/// Row after row; only whole rows are taken.
fn interleaved(
    file: &str,
    source: &mut dyn Bytes,
    stretch: &Stretch,
    channels: &mut [Option<Vec<f64>>],
    piece: &mut Vec<u8>,
) -> Result<(), IoError> {
    let row: u64 = stretch.blocks.iter().map(|(_, block)| block.kind.size()).sum();
    if row == 0 || stretch.blocks.iter().any(|(_, block)| block.kind == Kind::Text) {
        return Ok(());
    }
    let mut left = stretch.length / row * row;
    let step = (PIECE as u64 / row).max(1) * row;
    let mut column = Vec::new();
    while left > 0 {
        fill(file, source, piece, left.min(step))?;
        if piece.is_empty() {
            return Ok(());
        }
        left -= (piece.len() as u64).min(left);
        let mut at = 0usize;
        for (path, Block { kind, .. }) in &stretch.blocks {
            let size = kind.size() as usize;
            column.clear();
            for row in piece.chunks_exact(row as usize) {
                column.extend_from_slice(&row[at..at + size]);
            }
            at += size;
            if let Some(values) = channels.get_mut(*path).and_then(Option::as_mut) {
                push(values, *kind, stretch.big_endian, &column);
            }
        }
    }
    Ok(())
}

fn push(values: &mut Vec<f64>, kind: Kind, big_endian: bool, bytes: &[u8]) {
    let element = match kind {
        Kind::I8 => Element::I8,
        Kind::U8 | Kind::Bool => Element::U8,
        Kind::I16 => Element::I16,
        Kind::U16 => Element::U16,
        Kind::I32 => Element::I32,
        Kind::U32 => Element::U32,
        Kind::I64 => Element::I64,
        Kind::U64 => Element::U64,
        Kind::F32 => Element::F32,
        Kind::F64 => Element::F64,
        Kind::Text => return,
        Kind::Timestamp => {
            values.extend(bytes.as_chunks::<16>().0.iter().map(|raw| timestamp(raw, big_endian)));
            return;
        }
    };
    values.extend(decode(element, big_endian, bytes));
}

fn timestamp(raw: &[u8; 16], big_endian: bool) -> f64 {
    let (mut low, mut high) = ([0; 8], [0; 8]);
    low.copy_from_slice(&raw[..8]);
    high.copy_from_slice(&raw[8..]);
    if big_endian {
        seconds(u64::from_be_bytes(high), i64::from_be_bytes(low))
    } else {
        seconds(u64::from_le_bytes(low), i64::from_le_bytes(high))
    }
}
