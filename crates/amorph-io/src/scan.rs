//! Arrays of frames in `.npy` files: the header is read, the pixels stay in the file.

mod export;
mod hspy;

pub use export::{whole_rows, write_frames, write_frames_hspy, write_frames_tiff};

use std::path::Path;
use std::sync::Arc;

use amorph_core::data::{Data, FrameSource, Loaded, Metadata, Scan4d, Source};

use crate::IoError;
use crate::bytes::Cursor;
use crate::formats::npy::{HEADER_MAX, Header, MAGIC, read_header};
use crate::frames::{AxisKind, Cube, FileFrames, FortranFrames, FrameInput, RawAxis, Storage, factors};
use crate::maps::Parsed;
use crate::open::Hashing;
use crate::sidecar::{self, ScanSidecar, SidecarAxis};
use crate::traces::TraceOptions;

/// Opens a four-dimensional array (scan y, scan x, detector y, detector x) in C or Fortran order, or a stack of frames whose sidecar
/// `<file>.json` gives the scan shape: `{ "format": "amorph-scan-1", "scan_shape": [rows, columns] }`.
///
/// Only the header is read.
///
/// # Errors
/// [`IoError::ScanShape`] for a stack without a scan shape, [`IoError::FramesMissing`] for a file that is cut short, and as
/// [`open`](crate::open).
pub fn open_npy_scan(path: &Path) -> Result<Scan4d, IoError> {
    let name = path.display().to_string();
    let storage = Storage::open(path, &name)?;
    let head = storage.head(&name, HEADER_MAX as u64 + 12)?;
    let mut cursor = Cursor::new(&name, &head, false);
    let (header, _) = read_header(&mut cursor)?;
    let offset = (head.len() - cursor.remaining()) as u64;
    let stated = scan_sidecar(path)?.and_then(|sidecar| sidecar.scan_shape);
    if let ([frames, _, _], None) = (&header.shape[..], stated) {
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
    let mut sidecar = scan_sidecar(path)?;
    let carried = sidecar.as_mut().map(|sidecar| std::mem::take(&mut sidecar.metadata)).unwrap_or_default();
    let metadata = Metadata { entries: carried };
    let scan_shape = options.frames.scan_shape.or(sidecar.as_ref().and_then(|sidecar| sidecar.scan_shape));
    let axes = axes(path, &header.shape, sidecar)?;
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
    let input = FrameInput { file: name, path: Some(path), storage, head: &[], options, scan_shape };
    let total = header.shape.iter().try_fold(header.element.size(), |product, n| product.checked_mul(*n));
    if header.fortran_order && total.is_some() {
        let source = FortranFrames::new(name, storage, offset, header.element, header.big_endian, &header.shape);
        let n_present = source.n_complete();
        return cube(axes, header, n_present, Arc::new(source)).parsed(&input, None, metadata);
    }
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
    let n_present = source.n_complete();
    cube(axes, header, n_present, Arc::new(source)).parsed(&input, None, metadata)
}

fn cube(axes: Vec<RawAxis>, header: &Header, n_present: u64, source: Arc<dyn FrameSource>) -> Cube {
    Cube { axes, element: header.element, n_present, source, name: String::new(), value_unit: String::new() }
}

/// The axes of an array, as its sidecar describes them.
fn axes(path: &Path, shape: &[usize], sidecar: Option<ScanSidecar>) -> Result<Vec<RawAxis>, IoError> {
    let Some(stated) = sidecar.and_then(|sidecar| sidecar.axes) else {
        return Ok(shape.iter().map(|n| RawAxis { n: *n, ..RawAxis::default() }).collect());
    };
    if stated.len() != shape.len() {
        return Err(IoError::Field {
            file: sidecar::path_of(path).display().to_string(),
            field: "axes".to_owned(),
            found: format!("{} axes", stated.len()),
            needed: "one for every axis of the array",
        });
    }
    let axis = |(stated, n): (SidecarAxis, &usize)| RawAxis {
        kind: kind_of(&stated.role),
        name: stated.name,
        unit: stated.unit,
        scale: stated.scale,
        offset: stated.offset,
        n: *n,
    };
    Ok(stated.into_iter().zip(shape).map(axis).collect())
}

/// What an axis of this role is; nothing is said of one whose role is not known.
fn kind_of(role: &str) -> Option<AxisKind> {
    match role {
        "scan_y" | "scan_x" => Some(AxisKind::Scan),
        "detector_y" | "detector_x" => Some(AxisKind::Detector),
        "depth" => Some(AxisKind::Depth),
        "energy" => Some(AxisKind::Energy),
        "time" => Some(AxisKind::Time),
        _ => None,
    }
}

/// What the sidecar says about an array of frames.
fn scan_sidecar(path: &Path) -> Result<Option<ScanSidecar>, IoError> {
    let sidecar_path = sidecar::path_of(path);
    let file = sidecar_path.display().to_string();
    let text = match std::fs::read(&sidecar_path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(IoError::Read { file, source }),
    };
    ScanSidecar::parse(&file, &text)
}

#[cfg(test)]
mod tests;
