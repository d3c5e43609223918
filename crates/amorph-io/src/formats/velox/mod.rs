//! Images of Velox; the layout is in `SPEC.md`.

use std::ops::Range;
use std::sync::Arc;

use amorph_core::data::{Data, DataError, FrameSource, Metadata, Pixels};
use amorph_core::outcome::Note;
use hdf5_pure::Dataset;
use serde_json::Value;

use super::hdf5::{Hdf, damaged, is_hdf5};
use super::{Format, Reader, contained};
use crate::IoError;
use crate::bytes::Element;
use crate::frames::pixels::decode;
use crate::frames::{AxisKind, Cube, FrameInput, RawAxis, several, unreadable};
use crate::maps::Parsed;

pub(crate) const FORMAT: Format = Format {
    id: "velox",
    title: "Velox images",
    endings: &[".emd"],
    magic: "HDF5 with a group `Data/Image`",
    channels: "all images, or the longest series of images; spectrum streams are left out",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: is_hdf5,
    read: Reader::Frames(read),
};

/// Bytes of the description of an image.
const DESCRIPTION_MAX: u64 = 1 << 24;
/// Statements that are kept of one image.
const STATEMENTS_MAX: usize = 500;

fn read(input: &FrameInput<'_>) -> Result<Option<Parsed>, IoError> {
    let hdf = Hdf::open(input)?;
    let images = hdf.groups("Data/Image");
    let streams = hdf.groups("Data/SpectrumStream").len();
    if images.is_empty() && streams == 0 {
        return Ok(None);
    }
    let mut notes = Vec::new();
    if streams > 0 {
        let message = format!(
            "{}: {streams} spectrum streams are not supported and were left out; export them from Velox as .mrc or .tif, or with HyperSpy as .hspy",
            input.file
        );
        notes.push(Note::warning("unsupported_frames", message));
    }
    let mut metadata = Metadata::default();
    let (mut cubes, mut failures) = (Vec::new(), Vec::new());
    for id in &images {
        match cube(&hdf, id, &mut metadata) {
            Ok(cube) => cubes.push(cube),
            Err(error) => failures.push(error),
        }
    }
    let count = |cube: &Cube| if cube.axes.len() > 2 { cube.axes[0].n } else { 1 };
    let longest =
        cubes.iter().enumerate().max_by_key(|(index, cube)| (count(cube), usize::MAX - index)).map(|(index, _)| index);
    let Some(longest) = longest else {
        let found = vec![format!("{streams} spectrum streams")];
        return Err(failures.into_iter().next().unwrap_or(IoError::NoImages { file: input.file.to_owned(), found }));
    };
    notes.extend(failures.iter().map(|error| Note::warning("channel_unreadable", error.to_string())));
    let mut parsed = if count(&cubes[longest]) > 1 {
        if cubes.len() > 1 {
            let message =
                format!("{}: the longest of {} series is read; the others are listed in the metadata", input.file, cubes.len());
            notes.push(Note::info("other_arrays", message));
        }
        cubes.swap_remove(longest).parsed(input, None, metadata)?
    } else {
        let built: Result<Vec<_>, IoError> = cubes.into_iter().map(|cube| cube.build(input)).collect();
        let (maps, constants, said, axes) = several(built?);
        metadata.entries.extend(axes.entries);
        Parsed { format_version: None, data: Data::Maps(maps), metadata, constants, notes: said }
    };
    parsed.notes.extend(notes);
    Ok(Some(parsed))
}

/// One detector's images: the array is (y, x, frame).
fn cube(hdf: &Hdf<'_>, id: &str, metadata: &mut Metadata) -> Result<Cube, IoError> {
    let file = hdf.input.file;
    let path = format!("Data/Image/{id}/Data");
    let set = hdf.dataset(&path).ok_or_else(|| damaged(file, &path, "it cannot be opened".to_owned()))?;
    let shape = hdf.shape(&set, &path)?;
    let [rows, columns, n] = shape[..] else {
        return Err(IoError::NotTwoDimensional { file: file.to_owned(), shape });
    };
    let description = description(hdf, id).unwrap_or(Value::Null);
    flatten(&description, id, &mut String::new(), metadata);
    let name = ["/BinaryResult/Detector", "/Scan/Detector"].iter().find_map(|path| description.pointer(path)?.as_str());
    metadata.push("images", id, &format!("{rows} x {columns}, {n} frames"));
    let pixel = |axis: &str, length: usize| -> RawAxis {
        let number = |path: String| -> Option<f64> {
            let value = description.pointer(&path)?;
            value.as_f64().or_else(|| value.as_str()?.parse().ok())
        };
        let side = if axis == "X" { "width" } else { "height" };
        let unit = description.pointer(&format!("/BinaryResult/PixelUnit{axis}")).and_then(Value::as_str);
        RawAxis {
            name: axis.to_lowercase(),
            unit: unit.unwrap_or_default().to_owned(),
            scale: number(format!("/BinaryResult/PixelSize/{side}")),
            offset: number(format!("/BinaryResult/Offset/{}", axis.to_lowercase())),
            n: length,
            kind: unit.is_none_or(str::is_empty).then_some(AxisKind::Scan),
        }
    };
    let mut axes = vec![pixel("Y", rows), pixel("X", columns)];
    let (element, big_endian) = hdf.element(&set, &path)?;
    if n != 1 {
        axes.insert(0, RawAxis { name: "frame".to_owned(), ..RawAxis::of(n, AxisKind::Time) });
        let row = columns.checked_mul(n).and_then(|len| len.checked_mul(element.size()));
        if row.is_none_or(|bytes| bytes as u64 > hdf.input.storage.length().saturating_mul(64).saturating_add(1 << 20)) {
            return Err(IoError::TooLarge {
                file: file.to_owned(),
                field: path,
                claimed: format!("{shape:?}"),
                available: hdf.input.storage.length(),
            });
        }
        let n_present = hdf.cut_from(&set, 2).map_or(n as u64, |frames| frames.min(n as u64));
        let source = FrameLast { file: file.to_owned(), dataset: set, element, big_endian, rows, columns, n };
        return Ok(Cube {
            axes,
            element,
            n_present,
            source: Arc::new(source),
            name: name.unwrap_or_default().to_owned(),
            value_unit: String::new(),
        });
    }
    let frames = hdf.frames(set, &[rows, columns], &path)?;
    Ok(Cube {
        axes,
        element,
        n_present: frames.n_present,
        source: frames.source,
        name: name.unwrap_or(id).to_owned(),
        value_unit: String::new(),
    })
}

/// The description of the first frame: JSON in the first column of an array of bytes.
fn description(hdf: &Hdf<'_>, id: &str) -> Option<Value> {
    let path = format!("Data/Image/{id}/Metadata");
    let set = hdf.dataset(&path)?;
    let shape = hdf.shape(&set, &path).ok()?;
    let bytes = shape.iter().try_fold(1u64, |product, n| product.checked_mul(*n as u64))?;
    if bytes > DESCRIPTION_MAX.min(hdf.input.storage.length().saturating_mul(64)) {
        return None;
    }
    let raw = contained(|| set.read_raw().map_err(|error| error.to_string())).ok()?;
    let columns = shape.get(1).copied().unwrap_or(1).max(1);
    let text: Vec<u8> = raw.iter().copied().step_by(columns).take_while(|byte| *byte != 0).collect();
    serde_json::from_slice(&text).ok()
}

fn flatten(value: &Value, section: &str, path: &mut String, metadata: &mut Metadata) {
    if metadata.entries.iter().filter(|entry| entry.section == section).count() >= STATEMENTS_MAX {
        return;
    }
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                let length = path.len();
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(key);
                flatten(value, section, path, metadata);
                path.truncate(length);
            }
        }
        Value::String(text) => metadata.push(section, path, text),
        Value::Null | Value::Array(_) => {}
        other => metadata.push(section, path, &other.to_string()),
    }
}

/// Frames whose number is the fastest axis of the array: every row of pixels holds a bit of all frames.
#[derive(Debug)]
struct FrameLast {
    file: String,
    dataset: Dataset,
    element: Element,
    big_endian: bool,
    rows: usize,
    columns: usize,
    n: usize,
}

impl FrameSource for FrameLast {
    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        let size = self.element.size();
        let failed = |reason: &dyn std::fmt::Display| unreadable(&self.file, frames.start, reason);
        let mut line = vec![0; self.columns * size];
        for row in 0..self.rows {
            let read = contained(|| self.dataset.read_raw_rows(row as u64, 1).map_err(|error| error.to_string()));
            let bytes = read.map_err(|reason| failed(&reason))?;
            if bytes.len() != self.columns * self.n * size {
                return Err(failed(&"a row is too short"));
            }
            for (index, frame) in frames.clone().enumerate() {
                let pixel = bytes.chunks_exact(size).skip(frame).step_by(self.n);
                line.chunks_exact_mut(size).zip(pixel).for_each(|(to, from)| to.copy_from_slice(from));
                let at = (index * self.rows + row) * self.columns;
                decode(self.element, self.big_endian, &line, pixels, at..at + self.columns).map_err(|error| failed(&error))?;
            }
        }
        Ok(())
    }
}
