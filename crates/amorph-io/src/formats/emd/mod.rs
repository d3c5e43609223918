//! EMD files of py4DSTEM (version 1) and of NCEM and prismatic (version 0.2); the layout is in `SPEC.md`.

use std::sync::Arc;

use amorph_core::data::Metadata;
use amorph_core::outcome::Note;

use super::hdf5::{Chain, Frames, Hdf, attributes_of, is_hdf5, join, number, numbers, text};
use super::{Format, Reader};
use crate::IoError;
use crate::frames::{AxisKind, Cube, FrameInput, RawAxis};
use crate::maps::Parsed;

pub(crate) const FORMAT: Format = Format {
    id: "emd",
    title: "EMD (py4DSTEM, NCEM, prismatic)",
    endings: &[".emd", ".h5", ".hdf5"],
    magic: "HDF5 with a group whose attribute `emd_group_type` says that it is an array",
    channels: "the largest array: a scan, a stack, an image or a spectrum; the others are listed",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: is_hdf5,
    read: Reader::Frames(read),
};

/// Positions of an axis that are read to find its step.
const POSITIONS_MAX: u64 = 1 << 20;
/// Relative differences of steps that rounding explains.
const UNIFORM: f64 = 1e-3;

/// An array of the file.
struct Array {
    group: String,
    dataset: String,
    shape: Vec<usize>,
    /// First number of the names of its axes: `dim0` or `dim1`.
    first_dim: usize,
}

fn read(input: &FrameInput<'_>) -> Result<Option<Parsed>, IoError> {
    let hdf = Hdf::open(input)?;
    let mut arrays = Vec::new();
    let groups = hdf.walk("");
    for group in &groups {
        if hdf.attributes(group).get("emd_group_type").is_some_and(|kind| matches!(text(kind).trim(), "1" | "array")) {
            arrays.extend(array(&hdf, group)?);
        }
    }
    if arrays.is_empty() {
        return Ok(None);
    }
    let mut metadata = Metadata::default();
    for array in &arrays {
        let shape: Vec<String> = array.shape.iter().map(usize::to_string).collect();
        metadata.push("arrays", &join(&array.group, &array.dataset), &shape.join(" x "));
    }
    let size = |array: &Array| array.shape.iter().fold(1usize, |product, n| product.saturating_mul(*n));
    let Some(largest) = arrays.iter().rev().max_by_key(|array| size(array)) else { return Ok(None) };
    let mut notes = Vec::new();
    let alike: Vec<&Array> = arrays.iter().filter(|array| is_slice_of(array, largest)).collect();
    let cube = cube(&hdf, largest, &alike, &mut notes)?;
    if arrays.len() > alike.len() {
        let message = format!(
            "{}: {} is read, the largest of {} arrays; the others are listed in the metadata",
            input.file,
            largest.group,
            arrays.len()
        );
        notes.push(Note::info("other_arrays", message));
    }
    for group in groups.iter().filter(|group| group.to_lowercase().contains("metadata")) {
        if !group.rsplit_once('/').is_some_and(|(parent, _)| parent.to_lowercase().contains("metadata")) {
            hdf.statements(group, &mut metadata);
        }
    }
    for key in ["QR_flip", "QR_rotation_degrees"] {
        if let Some(value) = metadata.get(key).filter(|value| !["0", "false", ""].contains(value)) {
            let message = format!("{}: {key} = {value} is recorded, and not applied: axes are as stored", input.file);
            notes.push(Note::info("not_applied", message));
        }
    }
    let top = largest.group.split('/').next().unwrap_or_default();
    let root = [hdf.attributes(""), hdf.attributes(top)].into_iter().find(|found| found.contains_key("version_major"));
    let root = root.unwrap_or_default();
    let major = root.get("version_major").map(text);
    let minor = root.get("version_minor").map(text);
    let version = major.zip(minor).map(|(major, minor)| format!("{major}.{minor}"));
    let mut parsed = cube.parsed(input, version, metadata)?;
    parsed.notes.extend(notes);
    Ok(Some(parsed))
}

/// The array of a group: the largest dataset that is not an axis.
fn array(hdf: &Hdf<'_>, group: &str) -> Result<Option<Array>, IoError> {
    let names = hdf.datasets(group);
    let is_axis = |name: &str| name.strip_prefix("dim").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()));
    let first_dim = usize::from(!names.iter().any(|name| name == "dim0"));
    let mut found: Option<Array> = None;
    for name in names.iter().filter(|name| !is_axis(name)) {
        let path = join(group, name);
        let Some(set) = hdf.dataset(&path) else { continue };
        let shape = hdf.shape(&set, &path)?;
        if shape.is_empty() || hdf.element(&set, &path).is_err() {
            continue;
        }
        if found.as_ref().is_none_or(|found| {
            found.shape.iter().product::<usize>() < shape.iter().fold(1, |n: usize, m| n.saturating_mul(*m))
        }) {
            found = Some(Array { group: group.to_owned(), dataset: name.clone(), shape, first_dim });
        }
    }
    Ok(found)
}

/// Whether two arrays are slices of one: `depth0000`, `depth0001`.
fn is_slice_of(array: &Array, other: &Array) -> bool {
    fn stem(group: &str) -> &str {
        group.trim_end_matches(|c: char| c.is_ascii_digit())
    }
    let numbered = stem(&array.group).len() < array.group.len() && stem(&other.group).len() < other.group.len();
    array.group == other.group
        || (numbered
            && stem(&array.group) == stem(&other.group)
            && array.shape == other.shape
            && array.dataset == other.dataset)
}

fn cube(hdf: &Hdf<'_>, largest: &Array, alike: &[&Array], notes: &mut Vec<Note>) -> Result<Cube, IoError> {
    let mut axes = Vec::new();
    for (index, n) in largest.shape.iter().enumerate() {
        axes.push(axis(hdf, largest, index, *n, notes));
    }
    let mut parts = Vec::new();
    for array in alike {
        let path = join(&array.group, &array.dataset);
        let missing = || super::hdf5::damaged(hdf.input.file, &path, "it cannot be opened".to_owned());
        let set = hdf.dataset(&path).ok_or_else(missing)?;
        parts.push(hdf.frames(set, &array.shape, &path)?);
    }
    let unit = hdf.dataset(&join(&largest.group, &largest.dataset)).map(|set| attributes_of(&set));
    let value_unit = unit.and_then(|found| found.get("units").map(text)).unwrap_or_default();
    let name = largest.group.rsplit('/').next().unwrap_or_default().to_owned();
    let joined = joined(hdf, largest, parts, &mut axes)?;
    Ok(Cube { axes, element: joined.element, n_present: joined.n_present, source: joined.source, name, value_unit })
}

/// One series of frames from those of all slices, with a further axis where there are several.
fn joined(hdf: &Hdf<'_>, largest: &Array, parts: Vec<Frames>, axes: &mut Vec<RawAxis>) -> Result<Frames, IoError> {
    let n = parts.len();
    let mut parts = parts;
    let n_outer = largest.shape.len().saturating_sub(2);
    let frames_each: usize = largest.shape[..n_outer].iter().product();
    let frame_len = largest.shape[n_outer..].iter().product();
    if n < 2 {
        let none = || super::hdf5::damaged(hdf.input.file, &largest.group, "it holds no array".to_owned());
        return parts.pop().ok_or_else(none);
    }
    axes.insert(0, depth(hdf, &largest.group, n));
    // Frames are present up to the first slice that is cut.
    let whole = parts.iter().take_while(|part| part.n_present == frames_each as u64).count();
    let n_present = (whole * frames_each) as u64 + parts.get(whole).map_or(0, |part| part.n_present);
    let element = parts[0].element;
    if parts.iter().any(|part| part.element != element) {
        return Err(super::hdf5::damaged(hdf.input.file, &largest.group, "slices differ in type".to_owned()));
    }
    let parts = parts.into_iter().map(|part| part.source).collect();
    Ok(Frames { element, n_present, source: Arc::new(Chain { parts, frames_each, frame_len }) })
}

/// The axis over slices: prismatic writes an output every `numSlices` slices of `sliceThickness`.
fn depth(hdf: &Hdf<'_>, group: &str, n: usize) -> RawAxis {
    let root = group.split('/').next().unwrap_or_default();
    let parameters = hdf.walk(root).into_iter().find(|path| path.ends_with("simulation_parameters"));
    let attributes = parameters.map(|path| hdf.attributes(&path)).unwrap_or_default();
    let stated = |key: &str| attributes.get(key).and_then(number);
    let axis = RawAxis { name: "depth".to_owned(), ..RawAxis::of(n, AxisKind::Depth) };
    // `ns` slices of thickness `s` (ångström) lie between two outputs, which begin after `zs`.
    match (stated("ns"), stated("s"), stated("zs").unwrap_or(0.0)) {
        (Some(slices), Some(thickness), start) if slices > 0.0 && thickness > 0.0 => {
            let step = slices * thickness;
            RawAxis { scale: Some(step), offset: (start == 0.0).then_some(step), unit: "Å".to_owned(), ..axis }
        }
        _ => axis,
    }
}

/// An axis from its positions: two of them (the first and the second), or all.
fn axis(hdf: &Hdf<'_>, array: &Array, index: usize, n: usize, notes: &mut Vec<Note>) -> RawAxis {
    let path = join(&array.group, &format!("dim{}", index + array.first_dim));
    let Some(set) = hdf.dataset(&path) else { return RawAxis { n, ..RawAxis::default() } };
    let attributes = attributes_of(&set);
    let stated = |key: &str| attributes.get(key).map(|value| text(value).trim().to_owned()).unwrap_or_default();
    let unit = stated("units").trim_matches(['[', ']']).replace('_', "");
    let positions = numbers(&set, POSITIONS_MAX).unwrap_or_default();
    let (scale, offset) = match positions[..] {
        [] => (None, None),
        [step] if n != 1 => (Some(step), Some(0.0)),
        [first] => (None, Some(first)),
        [first, second] => (Some(second - first), Some(first)),
        [first, .., last] => {
            let step = (last - first) / (positions.len() - 1) as f64;
            let uniform = positions.windows(2).all(|pair| (pair[1] - pair[0] - step).abs() <= UNIFORM * step.abs());
            if !uniform {
                let message = format!(
                    "{}: the positions of axis {path} are not at equal distances; it is read without a step",
                    hdf.input.file
                );
                notes.push(Note::warning("uneven_axis", message));
            }
            (uniform.then_some(step), Some(first))
        }
    };
    RawAxis { name: stated("name"), unit, scale, offset, n, kind: None }
}
