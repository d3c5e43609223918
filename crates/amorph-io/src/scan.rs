//! Four-dimensional scans in `.npy` files: the header is read, the pixels stay in the file.

use std::fs::File;
use std::io::Read as _;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use amorph_core::data::{Data, DataError, FrameSource, Loaded, Metadata, PixelType, Pixels, Scan4d, Source};
use amorph_core::outcome::Note;
use sha2::{Digest, Sha256};

use crate::IoError;
use crate::bytes::{Cursor, Element};
use crate::formats::npy::{HEADER_MAX, Header, MAGIC, read_header};
use crate::sidecar;

/// Bytes that are read at a time: they stay in the innermost cache until they are numbers.
const CHUNK: usize = 32 << 10;

/// Opens a four-dimensional array (scan y, scan x, detector y, detector x) in C order, or a stack of frames whose sidecar
/// `<file>.json` gives the scan shape: `{ "format": "amorph-scan-1", "scan_shape": [rows, columns] }`.
///
/// Only the header is read. Where the file is cut short the complete frames can be read; `n_present` tells how many.
///
/// # Errors
/// [`IoError::ScanShape`] for a stack without a scan shape, [`IoError::Unsupported`] for Fortran order and for 8- and
/// 64-bit signed and 64-bit unsigned integers, and as [`open`](crate::open).
pub fn open_npy_scan(path: &Path) -> Result<Scan4d, IoError> {
    let name = path.display().to_string();
    let (mut file, head) = peek(path, &name)?;
    let mut cursor = Cursor::new(&name, &head, false);
    let (header, _) = read_header(&mut cursor)?;
    scan_of(path, &name, &mut file, &header, (head.len() - cursor.remaining()) as u64)
}

/// The scan in a file; `None` where the file holds something else, which other readers explain better.
pub(crate) fn open_if_scan(path: &Path) -> Result<Option<Loaded>, IoError> {
    let name = path.display().to_string();
    let Ok((mut file, head)) = peek(path, &name) else { return Ok(None) };
    let mut cursor = Cursor::new(&name, &head, false);
    let Some((header, version)) = head.starts_with(MAGIC).then(|| read_header(&mut cursor).ok()).flatten() else {
        return Ok(None);
    };
    if !matches!(header.shape.len(), 3 | 4) {
        return Ok(None);
    }
    let scan = scan_of(path, &name, &mut file, &header, (head.len() - cursor.remaining()) as u64)?;
    let mut notes = vec![Note::info("scan", scan.describe())];
    if scan.n_present < scan.n_frames() {
        let message = format!(
            "{name}: the header promises {} frames, but the file holds {}; the others are absent, not zero",
            scan.n_frames(),
            scan.n_present
        );
        notes.push(Note::warning("frames_missing", message));
    }
    let sha256 = hash(&[path, &sidecar::path_of(path)])?;
    Ok(Some(Loaded {
        source: Source { path: name, sha256, format: "npy".to_owned(), format_version: Some(version) },
        data: Data::Scan(scan),
        metadata: Metadata::default(),
        constants: Vec::new(),
        notes,
    }))
}

/// The file and as much of its beginning as a header may need.
fn peek(path: &Path, name: &str) -> Result<(File, Vec<u8>), IoError> {
    let refused = |source| IoError::Read { file: name.to_owned(), source };
    let file = File::open(path).map_err(refused)?;
    let mut head = Vec::new();
    (&file).take(HEADER_MAX as u64 + 12).read_to_end(&mut head).map_err(refused)?;
    Ok((file, head))
}

fn scan_of(path: &Path, name: &str, file: &mut File, header: &Header, offset: u64) -> Result<Scan4d, IoError> {
    let unsupported = |found: String, remedy| IoError::Unsupported { file: name.to_owned(), found, remedy };
    if header.fortran_order {
        return Err(unsupported(
            "a scan in Fortran order".to_owned(),
            "save it again with numpy.save(file, numpy.ascontiguousarray(array))",
        ));
    }
    let pixel = pixel_type(header.element).ok_or_else(|| {
        unsupported(
            format!("a scan of {:?} pixels", header.element),
            "save it as uint8, uint16, uint32, int16, int32 or float32",
        )
    })?;
    let shape = match header.shape[..] {
        [scan_y, scan_x, det_y, det_x] => [scan_y, scan_x, det_y, det_x],
        [frames, det_y, det_x] => {
            let [rows, columns] = scan_shape(path, name, frames)?;
            [rows, columns, det_y, det_x]
        }
        _ => {
            let (field, found) = ("shape".to_owned(), format!("{:?}", header.shape));
            return Err(IoError::Field {
                file: name.to_owned(),
                field,
                found,
                needed: "four dimensions, or three with a scan shape",
            });
        }
    };
    let length = file.metadata().map_err(|source| IoError::Read { file: name.to_owned(), source })?.len();
    let too_large = || IoError::TooLarge {
        file: name.to_owned(),
        field: "shape".to_owned(),
        claimed: format!("{:?}", header.shape),
        available: length / pixel.size() as u64,
    };
    let bytes = shape.iter().try_fold(pixel.size(), |product, n| product.checked_mul(*n)).ok_or_else(too_large)?;
    if bytes == 0 {
        let (field, found) = ("shape".to_owned(), format!("{shape:?}"));
        return Err(IoError::Field { file: name.to_owned(), field, found, needed: "at least one element" });
    }
    let frame_len = shape[2] * shape[3];
    let n_present = (length.saturating_sub(offset) / (frame_len * pixel.size()) as u64) as usize;
    // The image of a scan is held in memory: one value per position, present or not.
    if shape[0] * shape[1] > 64 * (n_present + 1024) {
        return Err(too_large());
    }
    let handle = file.try_clone().map_err(|source| IoError::Read { file: name.to_owned(), source })?;
    let source = NpyFrames { name: name.to_owned(), file: handle, offset, frame_len, big_endian: header.big_endian };
    Ok(Scan4d::new(name, shape, pixel, n_present, Arc::new(source)))
}

fn pixel_type(element: Element) -> Option<PixelType> {
    Some(match element {
        Element::U8 => PixelType::U8,
        Element::U16 => PixelType::U16,
        Element::U32 => PixelType::U32,
        Element::I16 => PixelType::I16,
        Element::I32 => PixelType::I32,
        Element::F32 => PixelType::F32,
        Element::F64 => PixelType::F64,
        Element::I8 | Element::I64 | Element::U64 => return None,
    })
}

/// The shape that the sidecar gives to a stack of frames.
fn scan_shape(path: &Path, name: &str, frames: usize) -> Result<[usize; 2], IoError> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct ScanSidecar {
        format: ScanFormat,
        scan_shape: [usize; 2],
    }
    #[derive(serde::Deserialize)]
    enum ScanFormat {
        #[serde(rename = "amorph-scan-1")]
        V1,
    }
    let wrong = |given| IoError::ScanShape { file: name.to_owned(), frames, given, factors: factors(frames) };
    let sidecar_path = sidecar::path_of(path);
    let file = sidecar_path.display().to_string();
    let text = match std::fs::read(&sidecar_path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(wrong(None)),
        Err(source) => return Err(IoError::Read { file, source }),
    };
    let ScanSidecar { format: ScanFormat::V1, scan_shape } =
        serde_json::from_slice(&text).map_err(|source| IoError::SidecarSyntax { file, source })?;
    if scan_shape[0].checked_mul(scan_shape[1]) == Some(frames) { Ok(scan_shape) } else { Err(wrong(Some(scan_shape))) }
}

/// Up to three ways to lay out `n` frames, those closest to a square first.
fn factors(n: usize) -> Vec<[usize; 2]> {
    (1..=n.isqrt()).rev().filter(|rows| n.is_multiple_of(*rows)).take(3).map(|rows| [rows, n / rows]).collect()
}

fn hash(paths: &[&Path]) -> Result<String, IoError> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    for path in paths {
        let refused = |source| IoError::Read { file: path.display().to_string(), source };
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(source) => return Err(refused(source)),
        };
        loop {
            match file.read(&mut buffer).map_err(refused)? {
                0 => break,
                count => hash.update(&buffer[..count]),
            }
        }
    }
    Ok(format!("{:x}", hash.finalize()))
}

/// Frames in a file, read where they are needed.
#[derive(Debug)]
struct NpyFrames {
    name: String,
    file: File,
    offset: u64,
    frame_len: usize,
    big_endian: bool,
}

impl FrameSource for NpyFrames {
    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        let start = self.offset + (frames.start * self.frame_len * pixels.kind().size()) as u64;
        macro_rules! numbers {
            ($values:expr, $type:ty) => {
                if self.big_endian {
                    numbers(&self.file, $values, start, <$type>::from_be_bytes)
                } else {
                    numbers(&self.file, $values, start, <$type>::from_le_bytes)
                }
            };
        }
        let read = match pixels {
            Pixels::U8(values) => read_at(&self.file, values, start),
            Pixels::U16(values) => numbers!(values, u16),
            Pixels::U32(values) => numbers!(values, u32),
            Pixels::I16(values) => numbers!(values, i16),
            Pixels::I32(values) => numbers!(values, i32),
            Pixels::F32(values) => numbers!(values, f32),
            Pixels::F64(values) => numbers!(values, f64),
        };
        read.map_err(|error| DataError::Unreadable { file: self.name.clone(), frame: frames.start, reason: error.to_string() })
    }
}

/// Reads numbers of `N` bytes. Generic over `decode`, so that native order becomes a plain copy.
fn numbers<T, const N: usize>(file: &File, values: &mut [T], start: u64, decode: impl Fn([u8; N]) -> T) -> std::io::Result<()> {
    let mut buffer = [0u8; CHUNK];
    for (index, values) in values.chunks_mut(CHUNK / N).enumerate() {
        let bytes = &mut buffer[..values.len() * N];
        read_at(file, bytes, start + (index * CHUNK) as u64)?;
        for (value, bytes) in values.iter_mut().zip(bytes.as_chunks::<N>().0) {
            *value = decode(*bytes);
        }
    }
    Ok(())
}

/// Fills `bytes` from a place in the file, without moving a position that threads share.
#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], start: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, start)
}

/// Fills `bytes` from a place in the file; every call names its own position.
#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut start: u64) -> std::io::Result<()> {
    while !bytes.is_empty() {
        let count = std::os::windows::fs::FileExt::seek_read(file, bytes, start)?;
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[count..];
        start += count as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
