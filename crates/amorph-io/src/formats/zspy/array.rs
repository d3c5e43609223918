//! An array of zarr, version 2: a description and a file for every chunk.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use amorph_core::data::{DataError, FrameSource, Pixels};
use serde_json::Value;

use super::blosc;
use super::store::{Store, limited};
use crate::IoError;
use crate::bytes::Element;
use crate::formats::npy::element;
use crate::frames::pixels::decode;
use crate::frames::{DECODED_PER_BYTE, unreadable};

/// How chunks are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    None,
    Zlib,
    Gzip,
    Blosc,
}

/// An array as its description says.
#[derive(Debug)]
pub(super) struct Array {
    store: Arc<Store>,
    /// The group of the store that holds it.
    group: String,
    pub shape: Vec<usize>,
    chunks: Vec<usize>,
    pub element: Element,
    big_endian: bool,
    packing: Packing,
    separator: String,
    fill: Vec<u8>,
}

impl Array {
    /// The array in a group of a store; `None` where there is none. `length` is that of the whole store.
    pub(super) fn open(store: &Arc<Store>, group: &str, length: u64) -> Result<Option<Self>, IoError> {
        let part = format!("{group}/.zarray");
        let file = store.place(&part);
        if !store.has(&part) {
            return Ok(None);
        }
        let wrong =
            |field: &str, found: String, needed| IoError::Field { file: file.clone(), field: field.to_owned(), found, needed };
        let refused = |found: String| IoError::Unsupported {
            file: file.clone(),
            found,
            remedy: "save the signal as .hspy in HyperSpy: signal.save(\"name.hspy\")",
        };
        let described =
            store.json(&part).ok_or_else(|| wrong("the description", "no JSON".to_owned(), "that of a zarr array"))?;
        let get = |key: &str| described.get(key).unwrap_or(&Value::Null);
        if get("zarr_format").as_u64() != Some(2) {
            return Err(refused(format!("zarr version {}", get("zarr_format"))));
        }
        let numbers = |key: &str| -> Option<Vec<usize>> {
            get(key).as_array()?.iter().map(|n| n.as_u64().and_then(|n| usize::try_from(n).ok())).collect()
        };
        let (Some(shape), Some(chunks)) = (numbers("shape"), numbers("chunks")) else {
            return Err(wrong("shape", get("shape").to_string(), "lists of whole numbers in shape and chunks"));
        };
        if shape.len() != chunks.len() || shape.is_empty() || chunks.contains(&0) {
            return Err(wrong("chunks", format!("{chunks:?}"), "a length above zero for every axis"));
        }
        if get("order").as_str() != Some("C") {
            return Err(refused(format!("a zarr array in order {}", get("order"))));
        }
        if get("filters").as_array().is_some_and(|filters| !filters.is_empty()) {
            return Err(refused(format!("a zarr array with filters {}", get("filters"))));
        }
        let kind = get("dtype").as_str().and_then(element);
        let Some((element, big_endian)) = kind else {
            return Err(IoError::ElementType { file: file.clone(), found: get("dtype").to_string() });
        };
        let compressor = get("compressor");
        let word = |key: &str| compressor.get(key).and_then(Value::as_str).unwrap_or_default();
        let packing = match (compressor.is_null(), word("id"), word("cname")) {
            (true, _, _) => Packing::None,
            (_, "zlib", _) => Packing::Zlib,
            (_, "gzip", _) => Packing::Gzip,
            (_, "blosc", "lz4" | "lz4hc" | "zlib") => Packing::Blosc,
            (_, id, name) => return Err(refused(format!("the compression {id} {name} of a zarr array"))),
        };
        let array = Self {
            store: store.clone(),
            group: group.to_owned(),
            separator: get("dimension_separator").as_str().unwrap_or(".").to_owned(),
            fill: filling(element, big_endian, get("fill_value").as_f64().unwrap_or(0.0)),
            shape,
            chunks,
            element,
            big_endian,
            packing,
        };
        // What is held at a time: the chunks of one place of the scan, side by side.
        let allowed = length.saturating_mul(DECODED_PER_BYTE).saturating_add(1 << 20);
        match array.held_bytes().filter(|bytes| *bytes as u64 <= allowed) {
            Some(_) => Ok(Some(array)),
            None => Err(IoError::TooLarge {
                file: file.clone(),
                field: "chunks".to_owned(),
                claimed: format!("{:?} of an array {:?}", array.chunks, array.shape),
                available: length,
            }),
        }
    }

    /// Axes before those of a frame.
    fn n_outer(&self) -> usize {
        self.shape.len().saturating_sub(2)
    }

    fn chunk_bytes(&self) -> Option<usize> {
        self.chunks.iter().try_fold(self.element.size(), |product, n| product.checked_mul(*n))
    }

    /// Bytes of whole frames of one chunk; `None` where that or a chunk overflows.
    fn held_bytes(&self) -> Option<usize> {
        let lengths = self.chunks[..self.n_outer()].iter().chain(&self.shape[self.n_outer()..]);
        let held = lengths.copied().try_fold(self.element.size(), |product: usize, n| product.checked_mul(n))?;
        Some(held.max(self.chunk_bytes()?))
    }

    fn chunk(&self, place: &[usize]) -> Result<Vec<u8>, String> {
        let bytes = self.chunk_bytes().ok_or("its chunks are too large")?;
        let name: Vec<String> = place.iter().map(usize::to_string).collect();
        let part = format!("{}/{}", self.group, name.join(&self.separator));
        // What does not pack well grows a little.
        let limit = (bytes as u64).saturating_mul(2).saturating_add(1 << 16);
        let Some(packed) = self.store.read(&part, limit)? else {
            return Ok(self.fill.iter().copied().cycle().take(bytes).collect());
        };
        let unpacked = match self.packing {
            Packing::None => packed,
            Packing::Zlib => limited(flate2::read::ZlibDecoder::new(&packed[..]), bytes as u64)?,
            Packing::Gzip => limited(flate2::read::MultiGzDecoder::new(&packed[..]), bytes as u64)?,
            Packing::Blosc => blosc::unpack(&packed, bytes)?,
        };
        if unpacked.len() == bytes {
            Ok(unpacked)
        } else {
            Err(format!("{} holds {} bytes, but {bytes} are needed", self.store.place(&part), unpacked.len()))
        }
    }
}

/// A number as the array keeps it.
fn filling(element: Element, big_endian: bool, value: f64) -> Vec<u8> {
    let mut bytes = match element {
        Element::I8 => (value as i8).to_le_bytes().to_vec(),
        Element::U8 => vec![value as u8],
        Element::I16 => (value as i16).to_le_bytes().to_vec(),
        Element::U16 => (value as u16).to_le_bytes().to_vec(),
        Element::I32 => (value as i32).to_le_bytes().to_vec(),
        Element::U32 => (value as u32).to_le_bytes().to_vec(),
        Element::I64 => (value as i64).to_le_bytes().to_vec(),
        Element::U64 => (value as u64).to_le_bytes().to_vec(),
        Element::F32 => (value as f32).to_le_bytes().to_vec(),
        Element::F64 => value.to_le_bytes().to_vec(),
    };
    if big_endian {
        bytes.reverse();
    }
    bytes
}

/// Where a chunk lies in the grid of chunks, and its bytes.
type Kept = (Vec<usize>, Arc<Vec<u8>>);

/// Whole frames put together from chunks.
#[derive(Debug)]
pub(super) struct ZarrFrames {
    file: String,
    array: Array,
    /// Rows and columns of a frame; a spectrum is one row.
    frame: [usize; 2],
    kept: Mutex<Option<Kept>>,
}

impl ZarrFrames {
    pub(super) fn new(file: &str, array: Array) -> Self {
        let inner = &array.shape[array.n_outer()..];
        let frame = if let [rows, columns] = *inner { [rows, columns] } else { [1, inner.iter().product()] };
        Self { file: file.to_owned(), array, frame, kept: Mutex::new(None) }
    }

    pub(super) fn n_frames(&self) -> u64 {
        self.array.shape[..self.array.n_outer()].iter().fold(1u64, |product, n| product.saturating_mul(*n as u64))
    }

    /// The chunk of a frame, and its number among the frames of that chunk.
    fn place(&self, frame: usize) -> (Vec<usize>, usize) {
        let outer = self.array.n_outer();
        let (mut rest, mut stride, mut within) = (frame, 1, 0);
        let mut chunk = vec![0; outer];
        for axis in (0..outer).rev() {
            let (n, length) = (self.array.shape[axis], self.array.chunks[axis]);
            let at = rest % n;
            rest /= n;
            chunk[axis] = at / length;
            within += (at % length) * stride;
            stride *= length;
        }
        (chunk, within)
    }

    /// Whole frames of one chunk, one after the other.
    fn frames(&self, outer: &[usize]) -> Result<Arc<Vec<u8>>, String> {
        let mut kept = self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((found, bytes)) = &*kept
            && found == outer
        {
            return Ok(bytes.clone());
        }
        *kept = None;
        let (array, [rows, columns]) = (&self.array, self.frame);
        let size = array.element.size();
        let inner = &array.chunks[array.n_outer()..];
        let [chunk_rows, chunk_columns] =
            if let [rows, columns] = *inner { [rows, columns] } else { [1, inner.iter().product()] };
        let n: usize = array.chunks[..array.n_outer()].iter().product();
        let mut held = vec![0; n * rows * columns * size];
        for (row, column) in
            (0..rows.div_ceil(chunk_rows)).flat_map(|row| (0..columns.div_ceil(chunk_columns)).map(move |column| (row, column)))
        {
            let mut place = outer.to_vec();
            place.extend(if inner.len() == 2 { vec![row, column] } else { vec![column] });
            let chunk = array.chunk(&place)?;
            let (top, left) = (row * chunk_rows, column * chunk_columns);
            let width = chunk_columns.min(columns - left) * size;
            for frame in 0..n {
                for line in 0..chunk_rows.min(rows - top) {
                    let from = (frame * chunk_rows + line) * chunk_columns * size;
                    let to = ((frame * rows + top + line) * columns + left) * size;
                    held[to..to + width].copy_from_slice(&chunk[from..from + width]);
                }
            }
        }
        let held = Arc::new(held);
        *kept = Some((outer.to_vec(), held.clone()));
        Ok(held)
    }
}

impl FrameSource for ZarrFrames {
    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        let frame_len = self.frame[0] * self.frame[1];
        let frame_bytes = frame_len * self.array.element.size();
        for (index, frame) in frames.enumerate() {
            let (chunk, within) = self.place(frame);
            let held = self.frames(&chunk).map_err(|reason| unreadable(&self.file, frame, &reason))?;
            let from = within * frame_bytes;
            let place = index * frame_len..(index + 1) * frame_len;
            decode(self.array.element, self.array.big_endian, &held[from..from + frame_bytes], pixels, place)
                .map_err(|error| unreadable(&self.file, frame, &error))?;
        }
        Ok(())
    }
}
