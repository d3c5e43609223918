//! Series of hybrid-pixel detectors of DECTRIS (ARINA and others) in HDF5; the layout is in `SPEC.md`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use amorph_core::data::{FrameSource, Metadata};

use super::hdf5::{Chain, Frames, Hdf, is_hdf5};
use super::{Format, Reader};
use crate::IoError;
use crate::frames::{AxisKind, Cube, FrameInput, RawAxis, Storage};
use crate::maps::Parsed;

/// The array in a data file.
const DATA: &str = "entry/data/data";
/// Data files of one series.
const FILES_MAX: usize = 100_000;

pub(crate) const FORMAT: Format = Format {
    id: "dectris",
    title: "DECTRIS series",
    endings: &[".h5"],
    magic: "HDF5 with a group `entry/data`",
    channels: "a series of frames, or with `scan_shape` a scan",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: is_hdf5,
    read: Reader::Frames(read),
};

/// Frames of one file.
struct Part {
    shape: [usize; 3],
    frames: Frames,
}

fn read(input: &FrameInput<'_>) -> Result<Option<Parsed>, IoError> {
    let hdf = Hdf::open(input)?;
    let mut parts = Vec::new();
    match part(&hdf)? {
        Some(part) => parts.push(part),
        None if hdf.groups("entry").iter().any(|name| name == "data") => parts = beside(input)?,
        None => return Ok(None),
    }
    let mut metadata = Metadata::default();
    hdf.statements("entry/instrument", &mut metadata);
    let Some(Part { shape: [each, rows, columns], frames }) = parts.first() else { return Ok(None) };
    let (each, rows, columns, element) = (*each, *rows, *columns, frames.element);
    let total: usize = parts.iter().map(|part| part.shape[0]).sum();
    let n_present = present(&parts);
    let source: Arc<dyn FrameSource> = Arc::new(Chain {
        parts: parts.into_iter().map(|part| part.frames.source).collect(),
        frames_each: each,
        frame_len: rows.saturating_mul(columns),
    });
    let axes = vec![
        RawAxis { name: "frame".to_owned(), ..RawAxis::of(total, AxisKind::Time) },
        RawAxis::of(rows, AxisKind::Detector),
        RawAxis::of(columns, AxisKind::Detector),
    ];
    let cube = Cube { axes, element, n_present, source, name: String::new(), value_unit: String::new() };
    cube.parsed(input, None, metadata).map(Some)
}

/// Frames from the first on that are all there.
fn present(parts: &[Part]) -> u64 {
    let mut n = 0;
    for part in parts {
        n += part.frames.n_present;
        if part.frames.n_present < part.shape[0] as u64 {
            break;
        }
    }
    n
}

fn part(hdf: &Hdf<'_>) -> Result<Option<Part>, IoError> {
    let Some(set) = hdf.dataset(DATA) else { return Ok(None) };
    let shape = hdf.shape(&set, DATA)?;
    let [n, rows, columns] = shape[..] else { return Ok(None) };
    Ok(Some(Part { shape: [n, rows, columns], frames: hdf.frames(set, &shape, DATA)? }))
}

/// The name of a series, by that of its master file.
fn series(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()?.strip_suffix("_master.h5")
}

/// The data files beside the master file of a series, up to the first that is missing; none beside other files.
pub(crate) fn data_files(path: &Path) -> Vec<PathBuf> {
    let Some(stem) = series(path) else { return Vec::new() };
    let named = |number: usize| path.with_file_name(format!("{stem}_data_{number:06}.h5"));
    (1..=FILES_MAX).map(named).take_while(|path| path.is_file()).collect()
}

/// The data files that a master file stands for, by their names: its external links are not followed.
fn beside(input: &FrameInput<'_>) -> Result<Vec<Part>, IoError> {
    let Some((path, stem)) = input.path.and_then(|path| Some((path, series(path)?))) else { return Ok(Vec::new()) };
    let mut parts: Vec<Part> = Vec::new();
    for other in data_files(path) {
        let file = other.display().to_string();
        let storage = Storage::open(&other, &file)?;
        let other_input = FrameInput { file: &file, path: Some(&other), storage: &storage, head: &[], ..*input };
        let missing = || IoError::MissingField { file: file.clone(), field: DATA.to_owned(), place: "the file".to_owned() };
        let found = part(&Hdf::open(&other_input)?)?.ok_or_else(missing)?;
        if let Some(first) = parts.first() {
            let known = (first.shape, first.frames.element);
            let fits = known.0[1..] == found.shape[1..] && known.1 == found.frames.element;
            // Only the last file may be shorter.
            let is_full = parts.last().is_some_and(|last| last.shape[0] == known.0[0]) && found.shape[0] <= known.0[0];
            if !fits || !is_full {
                let needed = "frames of the size and number of the first data file";
                return Err(other_input.field("the shape", format!("{:?}", found.shape), needed));
            }
        }
        parts.push(found);
    }
    if parts.is_empty() {
        return Err(IoError::Unsupported {
            file: input.file.to_owned(),
            found: format!("a master file without its data files ({stem}_data_000001.h5 ...) beside it"),
            remedy: "put the data files into the same folder, under their own names",
        });
    }
    Ok(parts)
}
