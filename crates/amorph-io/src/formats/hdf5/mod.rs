//! What all microscopy formats inside HDF5 share: groups, attributes, and frames of a dataset.

pub(super) mod bitshuffle;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use amorph_core::data::{DataError, FrameSource, Metadata, Pixels};
use hdf5_pure::{AttrValue, Dataset, Datatype, DatatypeByteOrder, File, Group, Layout};

use super::contained;
use crate::IoError;
use crate::bytes::Element;
use crate::frames::pixels::decode;
use crate::frames::{DECODED_PER_BYTE, FileFrames, FrameInput, Storage, Undecoded, unreadable};

/// The first eight bytes; they may also stand at byte 512, 1024, 2048, ...
const SIGNATURE: &[u8] = b"\x89HDF\r\n\x1a\n";
/// Groups of one file that are looked at.
const GROUPS_MAX: usize = 4096;
/// Groups within groups.
const DEPTH_MAX: usize = 16;
/// Statements of one file that are kept.
const METADATA_MAX: usize = 2000;
/// Bytes of one statement that are kept.
const TEXT_MAX: usize = 2000;

/// Whether the bytes are HDF5.
pub(crate) fn is_hdf5(bytes: &[u8]) -> bool {
    let mut at = 0;
    while at + SIGNATURE.len() <= bytes.len() {
        if bytes[at..].starts_with(SIGNATURE) {
            return true;
        }
        at = if at == 0 { 512 } else { 2 * at };
    }
    false
}

/// Attributes of a group or a dataset.
pub(super) type Attributes = HashMap<String, AttrValue>;

/// An open file, read in ranges.
pub(super) struct Hdf<'a> {
    pub input: &'a FrameInput<'a>,
    file: File,
    /// Whether the file is shorter than it says.
    is_cut: bool,
}

/// Where the file should end, as its superblock at byte 0 says (HDF5 File Format Specification, version 3.0, II.A).
fn stated_end(storage: &Storage) -> Option<u64> {
    let mut head = [0; 52];
    storage.fill(&mut head, 0).ok()?;
    let (offset_size, place) = match (head.starts_with(SIGNATURE), head[8]) {
        (true, 0) => (head[13], 40),
        (true, 1) => (head[13], 44),
        (true, 2 | 3) => (head[9], 28),
        _ => return None,
    };
    let bytes = head.get(place..place + 8).filter(|_| offset_size == 8)?;
    bytes.try_into().ok().map(u64::from_le_bytes).filter(|end| *end != u64::MAX)
}

fn is_held(chunk: &hdf5_pure::Chunk, length: u64) -> bool {
    chunk.address.checked_add(chunk.storage_size).is_some_and(|end| end <= length)
}

impl<'a> Hdf<'a> {
    pub(super) fn open(input: &'a FrameInput<'a>) -> Result<Self, IoError> {
        let storage = input.storage.clone();
        let file = contained(|| File::from_source(storage).map_err(|error| error.to_string()));
        let cut_at = stated_end(input.storage).filter(|end| *end > input.storage.length());
        let file = file.map_err(|reason| match cut_at {
            Some(end) => IoError::Truncated {
                file: input.file.to_owned(),
                part: "the HDF5 container".to_owned(),
                expected: end,
                found: input.storage.length(),
            },
            None => damaged(input.file, "the file", reason),
        })?;
        Ok(Self { input, file, is_cut: cut_at.is_some() })
    }

    /// The first position along an axis of a dataset whose chunk is not in the file, where the file is cut; 0 where even the list of
    /// chunks is lost.
    pub(super) fn cut_from(&self, set: &Dataset, axis: usize) -> Option<u64> {
        if !self.is_cut {
            return None;
        }
        let Ok(chunks) = contained(|| set.chunks().map_err(|error| error.to_string())) else { return Some(0) };
        let lost = |chunk: &hdf5_pure::Chunk| !is_held(chunk, self.input.storage.length());
        chunks.iter().filter(|chunk| lost(chunk)).map(|chunk| chunk.offset.get(axis).copied().unwrap_or(0)).min()
    }

    pub(super) fn group(&self, path: &str) -> Option<Group> {
        contained(|| if path.is_empty() { Ok(self.file.root()) } else { self.file.group(path).map_err(|e| e.to_string()) }).ok()
    }

    pub(super) fn dataset(&self, path: &str) -> Option<Dataset> {
        contained(|| self.file.dataset(path).map_err(|error| error.to_string())).ok()
    }

    /// Names of the groups in a group, in order.
    pub(super) fn groups(&self, path: &str) -> Vec<String> {
        let names = |group: Group| contained(|| group.groups().map_err(|error| error.to_string())).unwrap_or_default();
        sorted(self.group(path).map(names).unwrap_or_default())
    }

    /// Names of the datasets in a group, in order.
    pub(super) fn datasets(&self, path: &str) -> Vec<String> {
        let names = |group: Group| contained(|| group.datasets().map_err(|error| error.to_string())).unwrap_or_default();
        sorted(self.group(path).map(names).unwrap_or_default())
    }

    pub(super) fn attributes(&self, path: &str) -> Attributes {
        let read = |group: Group| contained(|| group.attrs().map_err(|error| error.to_string())).unwrap_or_default();
        self.group(path).map(read).unwrap_or_default()
    }

    /// Paths of all groups below one, itself first.
    pub(super) fn walk(&self, path: &str) -> Vec<String> {
        let mut found = vec![path.to_owned()];
        let mut next = 0;
        while next < found.len() && found.len() < GROUPS_MAX {
            let parent = found[next].clone();
            next += 1;
            if parent.matches('/').count() >= DEPTH_MAX {
                continue;
            }
            found.extend(self.groups(&parent).iter().map(|name| join(&parent, name)));
        }
        found.truncate(GROUPS_MAX);
        found
    }

    /// Attributes and single values of all groups below one, as statements.
    pub(super) fn statements(&self, path: &str, metadata: &mut Metadata) {
        for group in self.walk(path) {
            let mut found: Vec<(String, AttrValue)> = self.attributes(&group).into_iter().collect();
            found.sort_by(|a, b| a.0.cmp(&b.0));
            for (key, value) in found {
                push(metadata, &group, &key, &text(&value));
            }
            for name in self.datasets(&group) {
                if metadata.entries.len() >= METADATA_MAX {
                    return;
                }
                if let Some(value) = self.dataset(&join(&group, &name)).and_then(|set| single(&set)) {
                    push(metadata, &group, &name, &value);
                }
            }
        }
    }

    /// Shape of a dataset.
    pub(super) fn shape(&self, set: &Dataset, part: &str) -> Result<Vec<usize>, IoError> {
        let shape = contained(|| set.shape().map_err(|error| error.to_string()));
        let shape = shape.map_err(|reason| damaged(self.input.file, part, reason))?;
        shape.iter().map(|n| usize::try_from(*n)).collect::<Result<_, _>>().map_err(|_| {
            let (file, field) = (self.input.file.to_owned(), format!("the shape of {part}"));
            IoError::TooLarge { file, field, claimed: format!("{shape:?}"), available: self.input.storage.length() }
        })
    }

    /// How the numbers of a dataset are stored.
    pub(super) fn element(&self, set: &Dataset, part: &str) -> Result<(Element, bool), IoError> {
        let kind = contained(|| set.datatype().map_err(|error| error.to_string()));
        let kind = kind.map_err(|reason| damaged(self.input.file, part, reason))?;
        element_of(&kind).ok_or_else(|| IoError::ElementType { file: self.input.file.to_owned(), found: format!("{kind:?}") })
    }

    /// The frames of a dataset of this shape, and how many are complete. Bare numbers are read from the file itself, others
    /// through the decoder, one position of the first axis at a time.
    pub(super) fn frames(&self, set: Dataset, shape: &[usize], part: &str) -> Result<Frames, IoError> {
        let (element, big_endian) = self.element(&set, part)?;
        let file = self.input.file.to_owned();
        let product = |axes: &[usize]| axes.iter().try_fold(1usize, |product, n| product.checked_mul(*n));
        let (outer, inner) = shape.split_at(shape.len().saturating_sub(2));
        let too_large = || IoError::TooLarge {
            file: self.input.file.to_owned(),
            field: format!("the shape of {part}"),
            claimed: format!("{shape:?}"),
            available: self.input.storage.length(),
        };
        let (Some(n_frames), Some(frame_len)) = (product(outer), product(inner)) else { return Err(too_large()) };
        let layout = contained(|| set.layout().map_err(|error| error.to_string()));
        if let Ok(Layout::Contiguous { address: Some(first), .. }) = layout {
            let stride = frame_len.checked_mul(element.size()).ok_or_else(too_large)? as u64;
            let storage = self.input.storage.clone();
            let source = FileFrames { file, storage, first, stride, frame_len, element, big_endian, from_bottom: None };
            let n_present = source.n_complete().min(n_frames as u64);
            return Ok(Frames { element, n_present, source: Arc::new(source) });
        }
        let filters = contained(|| Ok(set.filters())).unwrap_or_default();
        if filters == [bitshuffle::FILTER]
            && let Some(found) = self.bitshuffled(&set, shape, element, big_endian)
        {
            return Ok(found);
        }
        if let Some((id, name, remedy)) = filters.iter().find_map(|id| absent_filter(*id)) {
            let error = IoError::Filter { file: file.clone(), part: part.to_owned(), id, name, remedy };
            if outer.is_empty() {
                return Err(error);
            }
            let source = Undecoded { file, reason: error.to_string() };
            return Ok(Frames { element, n_present: n_frames as u64, source: Arc::new(source) });
        }
        let frames_per_row = product(outer.get(1..).unwrap_or_default()).unwrap_or(1);
        let row_bytes = frames_per_row.checked_mul(frame_len).and_then(|len| len.checked_mul(element.size()));
        let allowed = self.input.storage.length().saturating_mul(DECODED_PER_BYTE).saturating_add(1 << 20);
        if row_bytes.is_none_or(|bytes| bytes as u64 > allowed) {
            return Err(too_large());
        }
        let cut_from = self.cut_from(&set, 0).map(|row| row.saturating_mul(frames_per_row as u64));
        let n_present = cut_from.map_or(n_frames as u64, |frames| frames.min(n_frames as u64));
        let source = Decoded {
            file,
            dataset: set,
            element,
            big_endian,
            frame_len,
            frames_per_row: if outer.is_empty() { None } else { Some(frames_per_row) },
            row: Mutex::new(None),
        };
        Ok(Frames { element, n_present, source: Arc::new(source) })
    }
}

impl Hdf<'_> {
    /// Frames in chunks packed with bitshuffle and LZ4; `None` where a chunk is not a number of whole frames, or is packed otherwise.
    fn bitshuffled(&self, set: &Dataset, shape: &[usize], element: Element, big_endian: bool) -> Option<Frames> {
        /// The second word of the filter that says LZ4.
        const LZ4: u32 = 2;
        let pipeline = contained(|| Ok(set.filter_pipeline())).ok()?;
        let words = &pipeline.first()?.client_data;
        if words.get(4) != Some(&LZ4) {
            return None;
        }
        let chunk = contained(|| set.chunk_shape().map_err(|error| error.to_string())).ok()??;
        let (outer, inner) = shape.split_at(shape.len().checked_sub(2)?);
        let ([n], [frames_per_chunk, rows, columns]) = (outer, &chunk[..]) else { return None };
        if [*rows, *columns] != [*inner.first()? as u64, *inner.last()? as u64] || *frames_per_chunk == 0 {
            return None;
        }
        let frame_len = inner.iter().try_fold(1usize, |product, n| product.checked_mul(*n))?;
        let bytes = frame_len.checked_mul(element.size())?.checked_mul(usize::try_from(*frames_per_chunk).ok()?)?;
        let allowed = self.input.storage.length().saturating_mul(DECODED_PER_BYTE).saturating_add(1 << 20);
        if bytes as u64 > allowed {
            return None;
        }
        let mut found = contained(|| set.chunks().map_err(|error| error.to_string())).ok()?;
        found.sort_by(|a, b| a.offset.cmp(&b.offset));
        // A chunk that is missing ends what is there.
        let follows = |(number, chunk): &(usize, hdf5_pure::Chunk)| {
            let at_place = chunk.offset.first() == Some(&(*number as u64 * frames_per_chunk));
            at_place && chunk.offset.iter().skip(1).all(|at| *at == 0) && is_held(chunk, self.input.storage.length())
        };
        let chunks: Vec<bitshuffle::Place> = found
            .into_iter()
            .enumerate()
            .take_while(follows)
            .map(|(_, chunk)| bitshuffle::Place {
                address: chunk.address,
                size: chunk.storage_size,
                is_bare: chunk.filter_mask & 1 == 1,
            })
            .collect();
        let n_present = (chunks.len() as u64).saturating_mul(*frames_per_chunk).min(*n as u64);
        let source = bitshuffle::Bitshuffled {
            file: self.input.file.to_owned(),
            storage: self.input.storage.clone(),
            chunks,
            frames_per_chunk: *frames_per_chunk as usize,
            frame_len,
            element,
            big_endian,
            kept: Mutex::new(None),
        };
        Some(Frames { element, n_present, source: Arc::new(source) })
    }
}

/// Frames of a dataset.
pub(super) struct Frames {
    pub element: Element,
    pub n_present: u64,
    pub source: Arc<dyn FrameSource>,
}

/// Frames behind the decoder; the last decoded row is kept, because the next frame is mostly in it.
#[derive(Debug)]
struct Decoded {
    file: String,
    dataset: Dataset,
    element: Element,
    big_endian: bool,
    frame_len: usize,
    /// `None` for one image or spectrum.
    frames_per_row: Option<usize>,
    row: Mutex<Option<(usize, Arc<Vec<u8>>)>>,
}

impl Decoded {
    fn row(&self, row: usize) -> Result<Arc<Vec<u8>>, String> {
        let mut kept = self.row.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((found, bytes)) = &*kept
            && *found == row
        {
            return Ok(bytes.clone());
        }
        *kept = None;
        let bytes = contained(|| {
            let read = match self.frames_per_row {
                None => self.dataset.read_raw(),
                Some(_) => self.dataset.read_raw_rows(row as u64, 1),
            };
            read.map_err(|error| error.to_string())
        })?;
        let bytes = Arc::new(bytes);
        *kept = Some((row, bytes.clone()));
        Ok(bytes)
    }
}

impl FrameSource for Decoded {
    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        let per_row = self.frames_per_row.unwrap_or(1).max(1);
        let frame_bytes = self.frame_len * self.element.size();
        for (index, frame) in frames.enumerate() {
            let bytes = self.row(frame / per_row).map_err(|reason| unreadable(&self.file, frame, &reason))?;
            let from = (frame % per_row) * frame_bytes;
            let bytes = bytes.get(from..from + frame_bytes);
            let bytes = bytes.ok_or_else(|| unreadable(&self.file, frame, &"the decoded data are too short"))?;
            let place = index * self.frame_len..(index + 1) * self.frame_len;
            decode(self.element, self.big_endian, bytes, pixels, place)
                .map_err(|error| unreadable(&self.file, frame, &error))?;
        }
        Ok(())
    }
}

/// Several series of frames of equal length, one after the other.
#[derive(Debug)]
pub(super) struct Chain {
    pub parts: Vec<Arc<dyn FrameSource>>,
    pub frames_each: usize,
    pub frame_len: usize,
}

impl FrameSource for Chain {
    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        let each = self.frames_each.max(1);
        let mut at = frames.start;
        let mut buffer = Pixels::empty(pixels.kind());
        while at < frames.end {
            let part = at / each;
            let end = ((part + 1) * each).min(frames.end);
            let source = self.parts.get(part).ok_or_else(|| unreadable("the file", at, &"there is no such frame"))?;
            let range = at - part * each..end - part * each;
            if at == frames.start && end == frames.end {
                return source.read(range, pixels);
            }
            buffer.fit(pixels.kind(), range.len() * self.frame_len);
            source.read(range, &mut buffer)?;
            pixels.copy_at((at - frames.start) * self.frame_len, &buffer);
            at = end;
        }
        Ok(())
    }
}

pub(super) fn damaged(file: &str, part: &str, reason: String) -> IoError {
    IoError::Damaged { file: file.to_owned(), part: part.to_owned(), reason }
}

pub(super) fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}/{name}") }
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

fn element_of(kind: &Datatype) -> Option<(Element, bool)> {
    match kind {
        Datatype::FixedPoint { size, byte_order, layout } => {
            let element = match (size, layout.signed) {
                (1, true) => Element::I8,
                (1, false) => Element::U8,
                (2, true) => Element::I16,
                (2, false) => Element::U16,
                (4, true) => Element::I32,
                (4, false) => Element::U32,
                (8, true) => Element::I64,
                (8, false) => Element::U64,
                _ => return None,
            };
            Some((element, *byte_order == DatatypeByteOrder::BigEndian))
        }
        Datatype::FloatingPoint { size, byte_order, .. } => {
            let element = match size {
                4 => Element::F32,
                8 => Element::F64,
                _ => return None,
            };
            (*byte_order != DatatypeByteOrder::Vax).then_some((element, *byte_order == DatatypeByteOrder::BigEndian))
        }
        Datatype::Enumeration { size: 1, .. } => Some((Element::U8, false)),
        _ => None,
    }
}

/// Filters that are not built in, with what to do.
fn absent_filter(id: u16) -> Option<(u16, &'static str, &'static str)> {
    const REMEDY: &str = "write the file again with gzip or without compression, for instance with h5repack -f GZIP=4";
    let name = match id {
        1..=3 | 6 | 32000 => return None,
        4 => "szip",
        5 => "nbit",
        32001 => "blosc",
        32004 => "lz4",
        32008 => "bitshuffle",
        32013 => "zfp",
        32015 => "zstd",
        32026 => "blosc2",
        _ => "unknown",
    };
    Some((id, name, REMEDY))
}

/// An attribute as text.
pub(super) fn text(value: &AttrValue) -> String {
    match value {
        AttrValue::String(text)
        | AttrValue::AsciiString(text)
        | AttrValue::VarLenString(text)
        | AttrValue::VarLenAsciiString(text)
        | AttrValue::StringSized { value: text, .. }
        | AttrValue::AsciiStringSized { value: text, .. } => text.trim_end_matches('\0').to_owned(),
        other => {
            let debug = format!("{other:?}");
            let inner = debug.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(&debug);
            inner.trim_start_matches('[').trim_end_matches(']').trim_matches('"').to_owned()
        }
    }
}

/// An attribute as a number.
pub(super) fn number(value: &AttrValue) -> Option<f64> {
    text(value).trim().parse().ok()
}

/// An attribute as yes or no.
pub(super) fn flag(value: &AttrValue) -> Option<bool> {
    match text(value).trim().to_ascii_lowercase().as_str() {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}

/// A dataset of one value, as text.
fn single(set: &Dataset) -> Option<String> {
    let read = contained(|| {
        let shape = set.shape().map_err(|error| error.to_string())?;
        if shape.iter().product::<u64>() != 1 || shape.len() > 1 {
            return Err("more than one value".to_owned());
        }
        match element_of(&set.datatype().map_err(|error| error.to_string())?) {
            Some(_) => set.read_f64().map(|values| values.first().map(f64::to_string)).map_err(|error| error.to_string()),
            None => set.read_string().map(|texts| texts.into_iter().next()).map_err(|error| error.to_string()),
        }
    });
    read.ok().flatten()
}

fn push(metadata: &mut Metadata, section: &str, key: &str, value: &str) {
    if metadata.entries.len() < METADATA_MAX {
        let short: String = value.chars().take(TEXT_MAX).collect();
        metadata.push(section, key, &short);
    }
}

/// Numbers of a short dataset.
pub(super) fn numbers(set: &Dataset, n_max: u64) -> Option<Vec<f64>> {
    contained(|| {
        let count = set.shape().map_err(|error| error.to_string())?.iter().try_fold(1u64, |product, n| product.checked_mul(*n));
        if count.is_none_or(|count| count > n_max) {
            return Err("too long".to_owned());
        }
        set.read_f64().map_err(|error| error.to_string())
    })
    .ok()
}

/// Attributes of a dataset.
pub(super) fn attributes_of(set: &Dataset) -> Attributes {
    contained(|| set.attrs().map_err(|error| error.to_string())).unwrap_or_default()
}
