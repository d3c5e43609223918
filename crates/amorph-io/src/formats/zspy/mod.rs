//! HyperSpy signals in zarr folders; the layout is in `SPEC.md`.

mod array;
mod blosc;
mod store;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use amorph_core::data::{Loaded, Metadata, Source};
use serde_json::Value;

use super::{Format, Reader};
use crate::IoError;
use crate::frames::{AxisKind, Cube, FrameInput, RawAxis, Storage};
use crate::maps::Parsed;
use crate::open::Hashing;
use crate::traces::TraceOptions;
use array::{Array, ZarrFrames};
use store::Store;

/// Files of a store that are counted.
const FILES_MAX: usize = 4_000_000;

pub(crate) const FORMAT: Format = Format {
    id: "zspy",
    title: "HyperSpy signal in a zarr folder or archive",
    endings: &[".zspy"],
    magic: "a folder, or a ZIP archive, with `.zgroup` and `Experiments`",
    channels: "the largest signal: a scan, a stack, an image or a spectrum; the others are listed",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: may_be_archive,
    read: Reader::Frames(read_archive),
};

/// Whether these are the first bytes of an archive whose first members are named as those of a store.
fn may_be_archive(head: &[u8]) -> bool {
    let names = [&b".zgroup"[..], b"Experiments/"];
    head.starts_with(b"PK\x03\x04") && names.iter().any(|name| head.windows(name.len()).any(|part| part == *name))
}

fn read_archive(input: &FrameInput<'_>) -> Result<Option<Parsed>, IoError> {
    let Some(store) = Store::in_archive(input.file, input.storage) else { return Ok(None) };
    read_store(input, store).map(Some)
}

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
    let opened = File::open(path.join(".zgroup")).map_err(|source| IoError::Read { file: file.clone(), source })?;
    // The storage stands for the length of the whole, by which sizes are judged; nothing is read through it.
    let storage = Storage::File(Arc::new(opened), length);
    let scan_shape = options.frames.scan_shape;
    let input = FrameInput { file: &file, path: Some(path), storage: &storage, head: &[], options, scan_shape };
    let parsed = read_store(&input, Store::Folder(path.to_owned()))?;
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

/// The largest signal of a store.
fn read_store(input: &FrameInput<'_>, store: Store) -> Result<Parsed, IoError> {
    let (store, length) = (Arc::new(store), input.storage.length());
    let mut metadata = Metadata::default();
    let mut signals = Vec::new();
    for name in store.folders("Experiments") {
        if let Some(array) = Array::open(&store, &format!("Experiments/{name}/data"), length)? {
            let shown: Vec<String> = array.shape.iter().map(usize::to_string).collect();
            metadata.push("signals", &name, &shown.join(" x "));
            signals.push((name, array));
        }
    }
    let size = |array: &Array| array.shape.iter().fold(1usize, |product, n| product.saturating_mul(*n));
    let none = || IoError::NoImages {
        file: input.file.to_owned(),
        found: vec!["a zarr store without Experiments/<name>/data".to_owned()],
    };
    let (name, array) = signals.into_iter().rev().max_by_key(|(_, array)| size(array)).ok_or_else(none)?;
    let attributes = |group: String| store.json(&format!("Experiments/{name}/{group}/.zattrs")).unwrap_or(Value::Null);
    let axes = array.shape.iter().enumerate();
    let axes: Vec<RawAxis> = axes.map(|(index, n)| axis(&attributes(format!("axis-{index}")), *n)).collect();
    let general = attributes("metadata/General".to_owned());
    let described = attributes("metadata/Signal".to_owned());
    for (section, values) in [("General", &general), ("Signal", &described)] {
        for (key, value) in values.as_object().into_iter().flatten() {
            metadata.push(section, key, &text(value));
        }
    }
    let unit = described.get("quantity").and_then(Value::as_str).and_then(|text| text.rsplit_once('(')?.1.strip_suffix(')'));
    let element = array.element;
    let source = ZarrFrames::new(input.file, array);
    let cube = Cube {
        axes,
        element,
        n_present: source.n_frames().min(length.saturating_mul(64).saturating_add(1024)),
        source: Arc::new(source),
        name: general.get("title").map(text).unwrap_or_default(),
        value_unit: unit.unwrap_or_default().to_owned(),
    };
    cube.parsed(input, Some("2".to_owned()), metadata)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An axis of the array by its attributes; navigation axes without a unit are positions of the probe.
fn axis(attributes: &Value, n: usize) -> RawAxis {
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
