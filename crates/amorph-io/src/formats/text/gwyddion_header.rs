use amorph_core::data::{Extent, Map, Metadata};
use amorph_core::outcome::Note;
use amorph_core::unit::{Quantity, Unit};
use ndarray::Array2;

use crate::IoError;
use crate::maps::note_invalid;
use crate::naming::recognise;
use crate::sidecar::Sidecar;
use crate::units::{instrument_unit, kept_unit};

/// The comment lines that Gwyddion puts in front of a text matrix, in English or German.
pub(super) struct GwyddionHeader {
    channel: Option<String>,
    width: Option<String>,
    height: Option<String>,
    value_unit: Option<String>,
    /// All `# key: value` lines.
    pub metadata: Metadata,
}

impl GwyddionHeader {
    pub(super) fn parse(text: &str) -> Self {
        let mut metadata = Metadata::default();
        for line in text.lines().take_while(|line| line.trim().is_empty() || line.starts_with('#')) {
            if let Some((key, value)) = line.trim_start_matches('#').split_once(':') {
                metadata.push("", key.trim(), value.trim());
            }
        }
        let any = |keys: &[&str]| keys.iter().find_map(|key| metadata.get(key)).map(str::to_owned);
        Self {
            channel: any(&["Channel", "Kanal"]),
            width: any(&["Width", "Breite"]),
            height: any(&["Height", "Höhe"]),
            value_unit: any(&["Value units", "Werteinheiten", "Werteeinheiten", "Einheiten der Werte", "Einheit der Werte"]),
            metadata,
        }
    }

    /// Whether size and unit are given, so that no sidecar is needed.
    pub(super) fn is_complete(&self) -> bool {
        self.width.is_some() && self.height.is_some() && self.value_unit.is_some()
    }

    pub(super) fn map(&self, file: &str, values: Array2<f64>) -> Result<Map, IoError> {
        let size = |field: &str, text: &Option<String>| {
            let text = text.clone().unwrap_or_default();
            // A decimal comma, where the locale writes one.
            let length = Quantity::parse_as(&text.replace(',', "."), &Unit::of("m"));
            let length = length.map_err(|source| IoError::Unit {
                file: file.to_owned(),
                field: format!("# {field}"),
                source: Box::new(source),
            })?;
            if length.value > 0.0 {
                return Ok(length.value);
            }
            Err(IoError::Field { file: file.to_owned(), field: format!("# {field}"), found: text, needed: "a positive length" })
        };
        let extent = Extent::metres(size("Width", &self.width)?, size("Height", &self.height)?);
        let (unit, factor) = kept_unit(&instrument_unit(self.value_unit.as_deref().unwrap_or_default()));
        let name = self.channel.clone().unwrap_or_default();
        let (quantity, direction) = recognise(&name);
        let mut map = Map::new(quantity, values, unit, Some(extent));
        map.values.mapv_inplace(|value| value * factor);
        map.name = name;
        map.direction = direction;
        note_invalid(&mut map);
        Ok(map)
    }

    /// What the sidecar says instead of the header.
    pub(super) fn overridden(&self, sidecar: &Sidecar) -> Vec<Note> {
        let mut notes = Vec::new();
        let mut note = |field: &str, old: &Option<String>, new: String| {
            if let Some(old) = old.as_ref().filter(|old| **old != new) {
                let message = format!("{field} is '{new}' by the sidecar {}; the file says '{old}'", sidecar.file);
                notes.push(Note::info("metadata_overridden", message));
            }
        };
        let size =
            |size: Option<f64>| format!("{} {}", size.unwrap_or(f64::NAN), sidecar.xy_unit.as_ref().map_or("", Unit::symbol));
        note("channel", &self.channel, sidecar.channel.clone().unwrap_or_default());
        note("x_size", &self.width, size(sidecar.x_size));
        note("y_size", &self.height, size(sidecar.y_size));
        note("value_unit", &self.value_unit, sidecar.value_unit.as_ref().map_or("", Unit::symbol).to_owned());
        notes
    }
}
