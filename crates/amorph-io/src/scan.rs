//! Arrays of frames in `.npy` files: the header is read, the pixels stay in the file.

use std::path::Path;
use std::sync::Arc;

use amorph_core::data::{Data, Loaded, Metadata, Scan4d, Source};

use crate::IoError;
use crate::bytes::Cursor;
use crate::formats::npy::{HEADER_MAX, Header, MAGIC, read_header};
use crate::frames::{Cube, FileFrames, FrameInput, RawAxis, Storage, factors};
use crate::maps::Parsed;
use crate::open::Hashing;
use crate::sidecar::{self, ScanSidecar};
use crate::traces::TraceOptions;

/// Opens a four-dimensional array (scan y, scan x, detector y, detector x) in C order, or a stack of frames whose sidecar
/// `<file>.json` gives the scan shape: `{ "format": "amorph-scan-1", "scan_shape": [rows, columns] }`.
///
/// Only the header is read. Where the file is cut short the complete frames can be read; `n_present` tells how many.
///
/// # Errors
/// [`IoError::ScanShape`] for a stack without a scan shape, [`IoError::Unsupported`] for Fortran order, and as
/// [`open`](crate::open).
pub fn open_npy_scan(path: &Path) -> Result<Scan4d, IoError> {
    let name = path.display().to_string();
    let storage = Storage::open(path, &name)?;
    let head = storage.head(&name, HEADER_MAX as u64 + 12)?;
    let mut cursor = Cursor::new(&name, &head, false);
    let (header, _) = read_header(&mut cursor)?;
    let offset = (head.len() - cursor.remaining()) as u64;
    if let ([frames, _, _], None) = (&header.shape[..], scan_shape(path)?) {
        return Err(IoError::ScanShape { file: name, frames: *frames, given: None, factors: factors(*frames) });
    }
    match parsed(path, &name, &storage, &header, offset, &TraceOptions::default())?.data {
        Data::Scan(scan) => Ok(scan),
        _ => Err(IoError::Field {
            file: name,
            field: "shape".to_owned(),
            found: format!("{:?}", header.shape),
            needed: "four dimensions, or three with a scan shape",
        }),
    }
}

/// The scan, or the stack or volume of three axes, in a file; `None` where the file holds something else, which other readers explain better.
pub(crate) fn open_if_scan(path: &Path, options: &TraceOptions, hashing: Hashing) -> Result<Option<Loaded>, IoError> {
    let name = path.display().to_string();
    let Ok(storage) = Storage::open(path, &name) else { return Ok(None) };
    let Ok(head) = storage.head(&name, HEADER_MAX as u64 + 12) else { return Ok(None) };
    let mut cursor = Cursor::new(&name, &head, false);
    let Some((header, version)) = head.starts_with(MAGIC).then(|| read_header(&mut cursor).ok()).flatten() else {
        return Ok(None);
    };
    if header.shape.len() < 3 {
        return Ok(None);
    }
    let offset = (head.len() - cursor.remaining()) as u64;
    let parsed = parsed(path, &name, &storage, &header, offset, options)?;
    let sha256 = hashing.of(&[path, &sidecar::path_of(path)], storage.length())?;
    Ok(Some(Loaded {
        source: Source { path: name, sha256, format: "npy".to_owned(), format_version: Some(version) },
        data: parsed.data,
        metadata: parsed.metadata,
        constants: parsed.constants,
        notes: parsed.notes,
    }))
}

fn parsed(
    path: &Path,
    name: &str,
    storage: &Storage,
    header: &Header,
    offset: u64,
    options: &TraceOptions,
) -> Result<Parsed, IoError> {
    if header.fortran_order {
        return Err(IoError::Unsupported {
            file: name.to_owned(),
            found: "a scan in Fortran order".to_owned(),
            remedy: "save it again with numpy.save(file, numpy.ascontiguousarray(array))",
        });
    }
    let scan_shape = match options.frames.scan_shape {
        Some(shape) => Some(shape),
        None => scan_shape(path)?,
    };
    let frame_len = header.shape[header.shape.len() - 2..].iter().try_fold(1usize, |product, n| product.checked_mul(*n));
    let frame_bytes = frame_len.and_then(|len| len.checked_mul(header.element.size()));
    let (Some(frame_len), Some(frame_bytes)) = (frame_len, frame_bytes) else {
        return Err(IoError::TooLarge {
            file: name.to_owned(),
            field: "shape".to_owned(),
            claimed: format!("{:?}", header.shape),
            available: storage.length(),
        });
    };
    let source = FileFrames {
        file: name.to_owned(),
        storage: storage.clone(),
        first: offset,
        stride: frame_bytes as u64,
        frame_len,
        element: header.element,
        big_endian: header.big_endian,
        from_bottom: None,
    };
    let cube = Cube {
        axes: header.shape.iter().map(|n| RawAxis { n: *n, ..RawAxis::default() }).collect(),
        element: header.element,
        n_present: source.n_complete(),
        source: Arc::new(source),
        name: String::new(),
        value_unit: String::new(),
    };
    let input = FrameInput { file: name, path: Some(path), storage, head: &[], options, scan_shape };
    cube.parsed(&input, None, Metadata::default())
}

/// The shape that the sidecar gives to a stack of frames.
fn scan_shape(path: &Path) -> Result<Option<[usize; 2]>, IoError> {
    let sidecar_path = sidecar::path_of(path);
    let file = sidecar_path.display().to_string();
    let text = match std::fs::read(&sidecar_path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(IoError::Read { file, source }),
    };
    Ok(ScanSidecar::parse(&file, &text)?.map(|sidecar| sidecar.scan_shape))
}

#[cfg(test)]
mod tests;
