//! HyperSpy signals in HDF5; the layout is in `SPEC.md`.

use amorph_core::data::Metadata;
use amorph_core::outcome::Note;

use super::hdf5::{Hdf, flag, is_hdf5, number, text};
use super::{Format, Reader};
use crate::IoError;
use crate::frames::{AxisKind, Cube, FrameInput, RawAxis};
use crate::maps::Parsed;

pub(crate) const FORMAT: Format = Format {
    id: "hspy",
    title: "HyperSpy signal",
    endings: &[".hspy", ".hdf5"],
    magic: "HDF5 with a group `Experiments`",
    channels: "the largest signal: a scan, a stack, an image or a spectrum; the others are listed",
    can_write: true,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: is_hdf5,
    read: Reader::Frames(read),
};

fn read(input: &FrameInput<'_>) -> Result<Option<Parsed>, IoError> {
    let hdf = Hdf::open(input)?;
    let experiments = hdf.groups("Experiments");
    if experiments.is_empty() {
        return Ok(None);
    }
    let mut metadata = Metadata::default();
    let mut signals = Vec::new();
    for name in experiments {
        let path = format!("Experiments/{name}/data");
        let Some(set) = hdf.dataset(&path) else { continue };
        let shape = hdf.shape(&set, &path)?;
        let shown: Vec<String> = shape.iter().map(usize::to_string).collect();
        metadata.push("signals", &name, &shown.join(" x "));
        signals.push((name, path, set, shape));
    }
    let n = signals.len();
    let size = |shape: &[usize]| shape.iter().fold(1usize, |product, n| product.saturating_mul(*n));
    let largest = signals.into_iter().rev().max_by_key(|(_, _, _, shape)| size(shape));
    let none = || IoError::NoImages { file: input.file.to_owned(), found: vec!["experiments without data".to_owned()] };
    let (name, path, set, shape) = largest.ok_or_else(none)?;
    let axes = shape.iter().enumerate().map(|(index, n)| axis(&hdf, &name, index, *n)).collect();
    let frames = hdf.frames(set, &shape, &path)?;
    hdf.statements(&format!("Experiments/{name}/metadata"), &mut metadata);
    hdf.statements(&format!("Experiments/{name}/original_metadata"), &mut metadata);
    let quantity = hdf.attributes(&format!("Experiments/{name}/metadata/Signal")).get("quantity").map(text);
    let version = hdf.attributes("").get("file_format_version").map(text);
    let title = hdf.attributes(&format!("Experiments/{name}/metadata/General")).get("title").map(text).unwrap_or_default();
    let unit = quantity.as_deref().and_then(|text| text.rsplit_once('(')?.1.strip_suffix(')').map(str::to_owned));
    let cube = Cube {
        axes,
        element: frames.element,
        n_present: frames.n_present,
        source: frames.source,
        name: title,
        value_unit: unit.unwrap_or_default(),
    };
    let mut parsed = cube.parsed(input, version, metadata)?;
    if n > 1 {
        let message =
            format!("{}: '{name}' is read, the largest of {n} signals; the others are listed in the metadata", input.file);
        parsed.notes.push(Note::info("other_arrays", message));
    }
    Ok(Some(parsed))
}

/// Axis `index` of the array; navigation axes without a unit are positions of the probe.
fn axis(hdf: &Hdf<'_>, name: &str, index: usize, n: usize) -> RawAxis {
    let attributes = hdf.attributes(&format!("Experiments/{name}/axis-{index}"));
    let stated = |key: &str| attributes.get(key).map(text).filter(|text| !text.starts_with('<') && text != "_None_");
    let unit = stated("units").unwrap_or_default();
    let navigates = attributes.get("navigate").and_then(flag).unwrap_or(false);
    RawAxis {
        name: stated("name").unwrap_or_default(),
        kind: (navigates && unit.is_empty()).then_some(AxisKind::Scan),
        unit,
        scale: attributes.get("scale").and_then(number),
        offset: attributes.get("offset").and_then(number),
        n,
    }
}
