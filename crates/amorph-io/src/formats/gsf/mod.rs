//! Gwyddion Simple Field; the layout is in `SPEC.md`.

use std::path::Path;

use amorph_core::data::{Data, Extent, Map, Metadata};
use amorph_core::outcome::Note;
use amorph_core::unit::Unit;

use super::{Format, Input, Reader};
use crate::IoError;
use crate::bytes::{Element, block_size, decode};
use crate::maps::{Parsed, image, note_invalid, without_mask};
use crate::naming::recognise;
use crate::units::{instrument_unit, kept_unit};
use crate::write::write_atomically;

const MAGIC: &[u8] = b"Gwyddion Simple Field 1.0\n";
/// The text in front of the data; far more than anybody writes.
const HEADER_MAX: usize = 1 << 20;

pub(crate) const FORMAT: Format = Format {
    id: "gsf",
    title: "Gwyddion Simple Field",
    endings: &[".gsf"],
    magic: "Gwyddion Simple Field 1.0",
    channels: "one",
    can_write: true,
    needs_sidecar: false,
    constants: crate::formats::gwy::CONSTANTS,
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.starts_with(MAGIC),
    read: Reader::Bytes(read),
};

fn read(input: &Input<'_>) -> Result<Parsed, IoError> {
    let searched = &input.bytes[..input.bytes.len().min(HEADER_MAX)];
    let end = searched.iter().position(|&byte| byte == 0).ok_or_else(|| IoError::Truncated {
        file: input.file.to_owned(),
        part: "the header (its closing NUL)".to_owned(),
        expected: searched.len() as u64 + 1,
        found: searched.len() as u64,
    })?;
    // One to four NULs close the header, so that the data begin at a multiple of four.
    let start = end + 4 - end % 4;
    let mut metadata = Metadata::default();
    for line in String::from_utf8_lossy(&input.bytes[MAGIC.len()..end]).lines() {
        if let Some((key, value)) = line.split_once('=') {
            metadata.push("", key.trim(), value.trim());
        }
    }
    let fields = Fields { file: input.file, metadata: &metadata };
    let (columns, rows) = (fields.count("XRes")?, fields.count("YRes")?);
    let bytes = fields.data(input.bytes, start, columns, rows)?;
    let mut notes = Vec::new();
    let (unit, factor) = kept_unit(&instrument_unit(metadata.get("ZUnits").unwrap_or_default()));
    let mut values = decode(Element::F32, false, bytes);
    values.iter_mut().for_each(|value| *value *= factor);
    let title = metadata.get("Title").unwrap_or_default();
    let (quantity, direction) = recognise(title);
    let mut map = Map::new(quantity, image(rows, columns, values), unit, fields.extent()?);
    map.name = if title.is_empty() { "unnamed".to_owned() } else { title.to_owned() };
    map.direction = direction;
    note_invalid(&mut map);
    if map.extent.is_none() {
        let message = "XReal or YReal is absent: the size of the image is unknown; give it in a sidecar";
        notes.push(Note::warning("no_lateral_size", message));
    }
    Ok(Parsed { format_version: Some("1.0".to_owned()), data: Data::Maps(vec![map]), metadata, constants: Vec::new(), notes })
}

struct Fields<'a> {
    file: &'a str,
    metadata: &'a Metadata,
}

impl Fields<'_> {
    fn wrong(&self, field: &str, found: &str, needed: &'static str) -> IoError {
        IoError::Field { file: self.file.to_owned(), field: field.to_owned(), found: found.to_owned(), needed }
    }

    fn count(&self, field: &str) -> Result<usize, IoError> {
        let text = self.metadata.get(field).ok_or_else(|| IoError::MissingField {
            file: self.file.to_owned(),
            field: field.to_owned(),
            place: "the header".to_owned(),
        })?;
        text.parse().ok().filter(|count| *count > 0).ok_or_else(|| self.wrong(field, text, "a positive whole number"))
    }

    fn data<'b>(&self, bytes: &'b [u8], start: usize, columns: usize, rows: usize) -> Result<&'b [u8], IoError> {
        let available = bytes.len().saturating_sub(start) as u64;
        let needed = block_size(columns as u64, rows as u64, 4).ok_or_else(|| IoError::TooLarge {
            file: self.file.to_owned(),
            field: "XRes times YRes".to_owned(),
            claimed: format!("{columns} x {rows} pixels"),
            available: available / 4,
        })?;
        if needed > available {
            let part = "the data".to_owned();
            return Err(IoError::Truncated { file: self.file.to_owned(), part, expected: needed, found: available });
        }
        Ok(&bytes[start..start + needed as usize])
    }

    /// The size, where both XReal and YReal are given; the default of the format, 1, says nothing.
    fn extent(&self) -> Result<Option<Extent>, IoError> {
        let side = |field: &str| -> Result<Option<f64>, IoError> {
            let Some(text) = self.metadata.get(field) else { return Ok(None) };
            let size = text.parse().ok().filter(|size: &f64| *size > 0.0 && size.is_finite());
            size.map(Some).ok_or_else(|| self.wrong(field, text, "a positive number"))
        };
        let (Some(width), Some(height)) = (side("XReal")?, side("YReal")?) else { return Ok(None) };
        let (unit, factor) = kept_unit(&instrument_unit(self.metadata.get("XYUnits").unwrap_or_default()));
        Ok(Some(Extent { x: [0.0, width * factor], y: [0.0, height * factor], unit }))
    }
}

/// Writes a map as `.gsf`. Values are rounded to 32-bit floats, the only kind the format knows; masked pixels become NaN.
///
/// # Errors
/// [`IoError::Write`].
pub fn write_gsf(path: &Path, map: &Map) -> Result<(), IoError> {
    write_atomically(path, &to_bytes(map))
}

pub(crate) fn to_bytes(map: &Map) -> Vec<u8> {
    let (rows, columns) = map.shape();
    let mut header = format!("XRes = {columns}\nYRes = {rows}\n");
    if let Some(extent) = &map.extent {
        header += &format!("XReal = {:e}\nYReal = {:e}\n", extent.x_size(), extent.y_size());
        header += &format!("XYUnits = {}\n", written_unit(&extent.unit));
    }
    header += &format!("ZUnits = {}\n", written_unit(&map.unit));
    let direction = map.direction.map(|direction| format!(" ({direction})")).unwrap_or_default();
    let title = if recognise(&map.name).0 == map.quantity { &map.name } else { &map.quantity };
    let has_direction = recognise(title).1.is_some();
    let title = format!("{title}{}", if has_direction { "" } else { &direction });
    header += &format!("Title = {}\n", title.replace(['\n', '\r', '\0'], " "));
    let mut bytes = MAGIC.to_vec();
    bytes.extend(header.bytes());
    let padding = 4 - bytes.len() % 4;
    bytes.extend(std::iter::repeat_n(0u8, padding));
    bytes.reserve(4 * rows * columns);
    for value in without_mask(map).iter() {
        bytes.extend((*value as f32).to_le_bytes());
    }
    bytes
}

fn written_unit(unit: &Unit) -> &str {
    if unit.is_known() { unit.symbol() } else { "" }
}
