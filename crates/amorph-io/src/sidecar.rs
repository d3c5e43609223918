//! The sidecar `<file>.json` of format `amorph-map-1`: units and sizes that a file does not state, or states wrongly.
//!
//! ```json
//! { "format": "amorph-map-1", "channel": "phase", "value_unit": "deg",
//!   "x_size": 340.0, "y_size": 260.0, "xy_unit": "nm", "first_row": "top" }
//! ```
//! `channel`, `value_unit`, `x_size` and `y_size` (full widths: number of pixels times pitch), `xy_unit` and
//! `first_row` (`top` or `bottom`: which edge the first row of numbers shows) are mandatory for text and `.npy` maps.
//! Optional are `direction` (`trace` or `retrace`), `invalid` (numbers, as written in the file, to be treated as
//! missing), `layout` (`matrix` or `xyz`, for text), `index` (which channel of a file with several is meant), `mode` (number
//! of the flexural mode, for `contact_resonance_frequency` and `contact_quality_factor`) and `comment`. For formats with units of their own every field is optional and overrides what the file says:
//! `value_unit` is then the true unit of the numbers that `amorph info` lists, `first_row: "bottom"` turns the image
//! over, and every change is noted with the old and the new value.

use std::path::{Path, PathBuf};

use amorph_core::data::{Data, Direction, Extent, Map, MetadataEntry};
use amorph_core::outcome::Note;
use amorph_core::unit::Unit;
use serde_json::Value;

use crate::IoError;
use crate::maps::exclude;
use crate::naming::recognise;
use crate::units::kept_unit;

/// The fields of a sidecar, as far as they are given.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sidecar {
    /// Where it was read from.
    pub file: String,
    /// What the map shows.
    pub channel: Option<String>,
    /// Unit of the numbers.
    pub value_unit: Option<Unit>,
    /// Full width, in `xy_unit`.
    pub x_size: Option<f64>,
    /// Full height, in `xy_unit`.
    pub y_size: Option<f64>,
    /// Unit of the sizes.
    pub xy_unit: Option<Unit>,
    /// Which edge of the image the first row of numbers shows.
    pub first_row: Option<FirstRow>,
    /// Scan direction.
    pub direction: Option<Direction>,
    /// Numbers that mean "no value".
    pub invalid: Vec<f64>,
    /// How a text file is laid out.
    pub layout: Option<Layout>,
    /// The channel that is meant, in a file with several.
    pub index: Option<usize>,
    /// Number of the flexural mode that the channel was measured at.
    pub mode: Option<usize>,
}

/// Which edge of the image comes first in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstRow {
    /// The upper edge.
    Top,
    /// The lower edge.
    Bottom,
}

/// How a text file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One line of text is one row of pixels.
    Matrix,
    /// One line of text is x, y and the value of one pixel.
    Xyz,
}

/// Everything that a map without units of its own needs.
pub(crate) struct Complete<'a> {
    pub channel: &'a str,
    pub value_unit: &'a Unit,
    pub x_size: f64,
    pub y_size: f64,
    pub first_row: FirstRow,
}

const KNOWN: [&str; 13] = [
    "format",
    "channel",
    "value_unit",
    "x_size",
    "y_size",
    "xy_unit",
    "first_row",
    "direction",
    "invalid",
    "layout",
    "index",
    "mode",
    "comment",
];

/// A sidecar of format `amorph-scan-1`: the shape of the scan that a series of frames is, and the axes of the array.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScanSidecar {
    pub format: ScanFormat,
    /// Rows and columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan_shape: Option<[usize; 2]>,
    /// As many as the array has, slowest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub axes: Option<Vec<SidecarAxis>>,
    /// What the first file said about the instrument, as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metadata: Vec<MetadataEntry>,
}

#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) enum ScanFormat {
    #[serde(rename = "amorph-scan-1")]
    V1,
}

/// An axis of an array: position `i` lies at `offset + scale * i` in `unit`.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SidecarAxis {
    /// What it runs over: `scan_y`, `detector_x`, `depth`, `energy`, `time`, `other` ...
    pub role: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub unit: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<f64>,
}

impl ScanSidecar {
    /// Reads it; `None` for a sidecar of another format.
    ///
    /// # Errors
    /// [`IoError::SidecarSyntax`].
    pub(crate) fn parse(file: &str, bytes: &[u8]) -> Result<Option<Self>, IoError> {
        let wrong = |source| IoError::SidecarSyntax { file: file.to_owned(), source };
        let value: Value = serde_json::from_slice(bytes).map_err(wrong)?;
        if value.get("format").and_then(Value::as_str).is_none_or(|format| format != "amorph-scan-1") {
            return Ok(None);
        }
        serde_json::from_value(value).map(Some).map_err(wrong)
    }
}

/// Where the sidecar of `path` is: the file name with `.json` appended.
pub fn path_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".json");
    PathBuf::from(name)
}

/// Reads a sidecar.
///
/// # Errors
/// [`IoError::SidecarSyntax`] or [`IoError::SidecarField`] naming the field.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Sidecar, IoError> {
    let value: Value =
        serde_json::from_slice(bytes).map_err(|source| IoError::SidecarSyntax { file: file.to_owned(), source })?;
    let fields = Fields { file, value: &value };
    let Some(object) = value.as_object() else {
        return Err(fields.wrong("format", "is missing: the file is not a JSON object"));
    };
    if let Some(unknown) = object.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(fields.wrong(unknown, &format!("is not known; the fields are {}", KNOWN.join(", "))));
    }
    match fields.text("format")? {
        Some("amorph-map-1") => {}
        Some(other) => return Err(fields.wrong("format", &format!("is '{other}', but 'amorph-map-1' is needed"))),
        None => return Err(fields.wrong("format", "is missing; it must be 'amorph-map-1'")),
    }
    let x_size = fields.size("x_size")?;
    let y_size = fields.size("y_size")?;
    let xy_unit = fields.unit("xy_unit")?;
    if let Some(unit) = &xy_unit {
        unit.require(&Unit::of("m")).map_err(|source| fields.unit_error("xy_unit", source))?;
    } else if x_size.is_some() || y_size.is_some() {
        return Err(fields.wrong("xy_unit", "is missing, although a size is given"));
    }
    let mode = fields.index("mode")?;
    let channel = fields.text("channel")?;
    if let Some(mode) = mode
        && channel.is_none_or(|channel| recognise(&of_mode(channel, mode)).0 == "unknown")
    {
        let modes = "modes 1 to 3 go with the channels contact_resonance_frequency and contact_quality_factor";
        return Err(fields.wrong("mode", &format!("is {mode}, but the channel is {}; {modes}", channel.unwrap_or("not named"))));
    }
    Ok(Sidecar {
        file: file.to_owned(),
        channel: channel.map(|channel| mode.map_or(channel.to_owned(), |mode| of_mode(channel, mode))),
        value_unit: fields.unit("value_unit")?,
        x_size,
        y_size,
        xy_unit,
        first_row: fields.choice("first_row", &[("top", FirstRow::Top), ("bottom", FirstRow::Bottom)])?,
        direction: fields.choice("direction", &[("trace", Direction::Trace), ("retrace", Direction::Retrace)])?,
        invalid: fields.numbers("invalid")?,
        layout: fields.choice("layout", &[("matrix", Layout::Matrix), ("xyz", Layout::Xyz)])?,
        index: fields.index("index")?,
        mode,
    })
}

/// The channel of one flexural mode.
fn of_mode(channel: &str, mode: usize) -> String {
    format!("{channel}_mode_{mode}")
}

struct Fields<'a> {
    file: &'a str,
    value: &'a Value,
}

impl<'a> Fields<'a> {
    fn wrong(&self, field: &str, problem: &str) -> IoError {
        IoError::SidecarField { file: self.file.to_owned(), field: field.to_owned(), problem: problem.to_owned() }
    }

    fn unit_error(&self, field: &str, source: amorph_core::unit::UnitError) -> IoError {
        IoError::Unit { file: self.file.to_owned(), field: field.to_owned(), source: Box::new(source) }
    }

    fn text(&self, field: &str) -> Result<Option<&'a str>, IoError> {
        match self.value.get(field) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(field, &format!("is {other}, but text is needed"))),
        }
    }

    fn unit(&self, field: &str) -> Result<Option<Unit>, IoError> {
        let Some(text) = self.text(field)? else { return Ok(None) };
        Unit::parse(text).map(Some).map_err(|source| self.unit_error(field, source))
    }

    fn size(&self, field: &str) -> Result<Option<f64>, IoError> {
        match self.value.get(field) {
            None => Ok(None),
            Some(value) => match value.as_f64().filter(|size| *size > 0.0 && size.is_finite()) {
                Some(size) => Ok(Some(size)),
                None => Err(self.wrong(field, &format!("is {value}, but a positive number is needed"))),
            },
        }
    }

    fn index(&self, field: &str) -> Result<Option<usize>, IoError> {
        match self.value.get(field) {
            None => Ok(None),
            Some(value) => match value.as_u64().and_then(|index| usize::try_from(index).ok()) {
                Some(index) => Ok(Some(index)),
                None => Err(self.wrong(field, &format!("is {value}, but a channel index from 0 is needed"))),
            },
        }
    }

    fn numbers(&self, field: &str) -> Result<Vec<f64>, IoError> {
        let Some(value) = self.value.get(field) else { return Ok(Vec::new()) };
        let numbers: Option<Vec<f64>> = value.as_array().and_then(|list| list.iter().map(Value::as_f64).collect());
        numbers.ok_or_else(|| self.wrong(field, &format!("is {value}, but a list of numbers is needed")))
    }

    fn choice<T: Copy>(&self, field: &str, choices: &[(&str, T)]) -> Result<Option<T>, IoError> {
        let Some(text) = self.text(field)? else { return Ok(None) };
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        match choices.iter().find(|(word, _)| *word == text) {
            Some((_, choice)) => Ok(Some(*choice)),
            None => Err(self.wrong(field, &format!("is '{text}', but one of {} is needed", words.join(", ")))),
        }
    }
}

impl Sidecar {
    /// The mandatory fields, sizes in metres.
    pub(crate) fn complete(&self) -> Result<Complete<'_>, IoError> {
        let missing = |field: &str| IoError::SidecarField {
            file: self.file.clone(),
            field: field.to_owned(),
            problem: "is missing, but mandatory for this format".to_owned(),
        };
        let unit = self.xy_unit.as_ref().ok_or_else(|| missing("xy_unit"))?;
        Ok(Complete {
            channel: self.channel.as_deref().ok_or_else(|| missing("channel"))?,
            value_unit: self.value_unit.as_ref().ok_or_else(|| missing("value_unit"))?,
            x_size: unit.to_si(self.x_size.ok_or_else(|| missing("x_size"))?),
            y_size: unit.to_si(self.y_size.ok_or_else(|| missing("y_size"))?),
            first_row: self.first_row.ok_or_else(|| missing("first_row"))?,
        })
    }

    /// The map that these numbers become with a complete sidecar; `values` in file order.
    pub(crate) fn map(&self, mut values: ndarray::Array2<f64>) -> Result<Map, IoError> {
        let complete = self.complete()?;
        if complete.first_row == FirstRow::Bottom {
            values.invert_axis(ndarray::Axis(0));
            values = values.as_standard_layout().into_owned();
        }
        let (unit, factor) = kept_unit(complete.value_unit);
        let extent = Extent::metres(complete.x_size, complete.y_size);
        let mut map = Map::new(recognise(complete.channel).0, values, unit, Some(extent));
        map.name = complete.channel.to_owned();
        map.direction = self.direction;
        crate::maps::note_invalid(&mut map);
        self.exclude_invalid(&mut map);
        map.values.mapv_inplace(|value| value * factor);
        Ok(map)
    }

    fn exclude_invalid(&self, map: &mut Map) {
        if !self.invalid.is_empty() {
            exclude(map, "marked invalid in the sidecar", |value| self.invalid.contains(&value));
        }
    }

    /// Overrides what the file says about its maps and notes every change.
    pub(crate) fn apply(&self, data: &mut Data) -> Result<Vec<Note>, IoError> {
        let wrong =
            |field: &str, problem: String| IoError::SidecarField { file: self.file.clone(), field: field.to_owned(), problem };
        let Data::Maps(maps) = data else {
            return Err(wrong("format", "is 'amorph-map-1', but the file holds no maps".to_owned()));
        };
        if let Some(index) = self.index {
            if !maps.iter().any(|map| map.index == index) {
                let there: Vec<String> = maps.iter().map(|map| map.index.to_string()).collect();
                return Err(wrong("index", format!("is {index}, but the channels are {}", there.join(", "))));
            }
        } else if maps.len() > 1 {
            let single = [
                ("channel", self.channel.is_some()),
                ("value_unit", self.value_unit.is_some()),
                ("direction", self.direction.is_some()),
            ];
            if let Some((field, _)) = single.iter().find(|(_, given)| *given) {
                return Err(wrong(field, format!("applies to one channel, but the file has {}; add \"index\"", maps.len())));
            }
        }
        let mut notes = Vec::new();
        for map in maps.iter_mut().filter(|map| self.index.is_none_or(|index| map.index == index)) {
            self.override_map(map, &mut notes);
        }
        Ok(notes)
    }

    fn override_map(&self, map: &mut Map, notes: &mut Vec<Note>) {
        self.exclude_invalid(map);
        let label = format!("channel {} ({})", map.index, map.name);
        let mut note = |field: &str, old: String, new: String| {
            let message = format!("{label}: {field} is '{new}' by the sidecar {}; the file says '{old}'", self.file);
            notes.push(Note::info("metadata_overridden", message));
        };
        if let Some(channel) = &self.channel {
            note("channel", map.quantity.clone(), channel.clone());
            map.quantity = recognise(channel).0.to_owned();
        }
        if let Some(written) = &self.value_unit {
            let (unit, factor) = kept_unit(written);
            note("value_unit", map.unit.to_string(), written.to_string());
            map.values.mapv_inplace(|value| value * factor);
            map.least_significant_bit = map.least_significant_bit.map(|step| step * factor);
            map.unit = unit;
        }
        if let Some(direction) = self.direction {
            note("direction", map.direction.map_or("unknown".to_owned(), |old| old.to_string()), direction.to_string());
            map.direction = Some(direction);
        }
        if let Some(unit) = &self.xy_unit {
            let old = map.extent.clone();
            let side = |given: Option<f64>, old: Option<f64>| given.map(|size| unit.to_si(size)).or(old);
            let in_metres = |size: fn(&Extent) -> f64| old.as_ref().map(|extent| (extent.unit.clone(), size(extent)));
            let metres = |pair: Option<(Unit, f64)>| {
                pair.filter(|(unit, _)| unit.is_compatible(&Unit::of("m"))).map(|(unit, size)| unit.to_si(size))
            };
            let width = side(self.x_size, metres(in_metres(Extent::x_size)));
            let height = side(self.y_size, metres(in_metres(Extent::y_size)));
            if let (Some(width), Some(height)) = (width, height) {
                let stated =
                    old.map_or("no size".to_owned(), |old| format!("{:e} x {:e} {}", old.x_size(), old.y_size(), old.unit));
                note("size", stated, format!("{width:e} x {height:e} m"));
                map.extent = Some(Extent::metres(width, height));
            }
        }
        if self.first_row == Some(FirstRow::Bottom) {
            note("first_row", "top".to_owned(), "bottom".to_owned());
            map.values.invert_axis(ndarray::Axis(0));
            map.values = map.values.as_standard_layout().into_owned();
            if let Some(mask) = &mut map.mask {
                mask.invert_axis(ndarray::Axis(0));
                *mask = mask.as_standard_layout().into_owned();
            }
            let rows = map.values.nrows();
            for invalid in &mut map.invalid {
                invalid.first.0 = rows - 1 - invalid.first.0;
            }
        }
    }
}

/// The sidecar of a map, for the writers of text and `.npy`.
///
/// # Errors
/// [`amorph_core::data::DataError::NoLateralSize`]: a sidecar without a size would be refused on reading.
pub(crate) fn describe(map: &Map) -> Result<Value, amorph_core::data::DataError> {
    let (x_size, y_size) = map.size()?;
    let mut value = serde_json::json!({
        "format": "amorph-map-1",
        "channel": map.quantity,
        "value_unit": map.unit.symbol(),
        "x_size": x_size,
        "y_size": y_size,
        "xy_unit": "m",
        "first_row": "top",
    });
    if let (Some(direction), Some(object)) = (map.direction, value.as_object_mut()) {
        object.insert("direction".to_owned(), direction.to_string().into());
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_resonance_channel_names_its_mode() {
        let read = |text: &str| parse("map.npy.json", format!(r#"{{"format":"amorph-map-1",{text}}}"#).as_bytes());
        let sidecar = read(r#""channel":"contact_resonance_frequency","mode":2"#).unwrap();
        let channel = sidecar.channel.unwrap();
        assert_eq!(recognise(&channel).0, "contact_resonance_frequency_mode_2");
        for wrong in [r#""channel":"phase","mode":1"#, r#""channel":"contact_quality_factor","mode":7"#, r#""mode":1"#] {
            let message = read(wrong).unwrap_err().to_string();
            assert!(message.contains("mode") && message.contains("modes 1 to 3"), "{message}");
        }
    }
}
