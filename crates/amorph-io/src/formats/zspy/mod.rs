//! HyperSpy signals in zarr folders; the layout is in `SPEC.md`.

mod array;
mod blosc;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use amorph_core::data::{Loaded, Metadata, Source};
use serde_json::Value;

use super::{Format, Reader};
use crate::IoError;
use crate::frames::{AxisKind, Cube, FrameInput, RawAxis, Storage};
use crate::open::Hashing;
use crate::traces::TraceOptions;
use array::{Array, ZarrFrames};

/// Files of a store that are counted.
const FILES_MAX: usize = 4_000_000;
/// Bytes of a description that are read.
const TEXT_MAX: u64 = 4 << 20;

pub(crate) const FORMAT: Format = Format {
    id: "zspy",
    title: "HyperSpy signal in a zarr folder",
    endings: &[".zspy"],
    magic: "a folder with `.zgroup` and `Experiments`",
    channels: "the largest signal: a scan, a stack, an image or a spectrum; the others are listed",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: |_| false,
    read: Reader::Frames(|_| Ok(None)),
};

/// All files of a folder and of those in it, in the order of their paths.
pub(crate) fn files_of(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() && found.len() < FILES_MAX => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// Opens a folder in the layout of zarr; `None` where the path is none.
pub(crate) fn open_if_zarr(path: &Path, options: &TraceOptions, hashing: Hashing) -> Result<Option<Loaded>, IoError> {
    if !path.join(".zgroup").is_file() {
        return Ok(None);
    }
    let file = path.display().to_string();
    let files = files_of(path);
    let length: u64 = files.iter().filter_map(|path| path.metadata().ok()).map(|data| data.len()).sum();
    let mut metadata = Metadata::default();
    let mut signals = Vec::new();
    let experiments = path.join("Experiments");
    for folder in folders(&experiments) {
        if let Some(array) = Array::open(&experiments.join(&folder).join("data"), length)? {
            let shown: Vec<String> = array.shape.iter().map(usize::to_string).collect();
            metadata.push("signals", &folder, &shown.join(" x "));
            signals.push((folder, array));
        }
    }
    let size = |array: &Array| array.shape.iter().fold(1usize, |product, n| product.saturating_mul(*n));
    let none =
        || IoError::NoImages { file: file.clone(), found: vec!["a zarr folder without Experiments/<name>/data".to_owned()] };
    let (name, array) = signals.into_iter().rev().max_by_key(|(_, array)| size(array)).ok_or_else(none)?;
    let signal = experiments.join(&name);
    let axes: Vec<RawAxis> = array.shape.iter().enumerate().map(|(index, n)| axis(&signal, index, *n)).collect();
    let general = attributes(&signal.join("metadata").join("General"));
    let described = attributes(&signal.join("metadata").join("Signal"));
    for (section, values) in [("General", &general), ("Signal", &described)] {
        for (key, value) in values.as_object().into_iter().flatten() {
            metadata.push(section, key, &text(value));
        }
    }
    let unit = described.get("quantity").and_then(Value::as_str).and_then(|text| text.rsplit_once('(')?.1.strip_suffix(')'));
    let opened = File::open(path.join(".zgroup")).map_err(|source| IoError::Read { file: file.clone(), source })?;
    // The storage stands for the length of the whole, by which sizes are judged; nothing is read through it.
    let storage = Storage::File(Arc::new(opened), length);
    let element = array.element;
    let source = ZarrFrames::new(&file, array);
    let cube = Cube {
        axes,
        element,
        n_present: source.n_frames().min(length.saturating_mul(64).saturating_add(1024)),
        source: Arc::new(source),
        name: general.get("title").map(text).unwrap_or_default(),
        value_unit: unit.unwrap_or_default().to_owned(),
    };
    let scan_shape = options.frames.scan_shape;
    let input = FrameInput { file: &file, path: Some(path), storage: &storage, head: &[], options, scan_shape };
    let parsed = cube.parsed(&input, Some("2".to_owned()), metadata)?;
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let sha256 = hashing.of(&paths, length)?;
    Ok(Some(Loaded {
        source: Source { path: file, sha256, format: FORMAT.id.to_owned(), format_version: parsed.format_version },
        data: parsed.data,
        metadata: parsed.metadata,
        constants: parsed.constants,
        notes: parsed.notes,
    }))
}

/// Names of the folders in a folder, in order.
fn folders(path: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut found: Vec<String> =
        entries.filter(|entry| entry.path().is_dir()).filter_map(|entry| entry.file_name().into_string().ok()).collect();
    found.sort();
    found
}

/// A description in JSON, where there is one that can be read.
fn json(path: &Path) -> Option<Value> {
    let storage = Storage::open(path, "").ok()?;
    serde_json::from_slice(&storage.head("", TEXT_MAX).ok()?).ok()
}

fn attributes(group: &Path) -> Value {
    json(&group.join(".zattrs")).unwrap_or(Value::Null)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Axis `index` of the array; navigation axes without a unit are positions of the probe.
fn axis(signal: &Path, index: usize, n: usize) -> RawAxis {
    let attributes = attributes(&signal.join(format!("axis-{index}")));
    let word =
        |key: &str| attributes.get(key).and_then(Value::as_str).filter(|text| !text.starts_with('<')).unwrap_or_default();
    let navigates = attributes.get("navigate").and_then(Value::as_bool).unwrap_or(false);
    RawAxis {
        name: word("name").to_owned(),
        kind: (navigates && word("units").is_empty()).then_some(AxisKind::Scan),
        unit: word("units").to_owned(),
        scale: attributes.get("scale").and_then(Value::as_f64),
        offset: attributes.get("offset").and_then(Value::as_f64),
        n,
    }
}

#[cfg(test)]
mod tests;
