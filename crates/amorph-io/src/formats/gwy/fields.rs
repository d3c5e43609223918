use amorph_core::data::{Direction, Extent, Map, Metadata};
use amorph_core::unit::Unit;
use ndarray::Array2;

use super::container::{Container, Object, Value};
use crate::IoError;
use crate::maps::{image, note_invalid};
use crate::naming::recognise;
use crate::units::{instrument_unit, kept_unit};

/// Keys under which Amorph keeps in a channel's metadata what the format has no place for.
const QUANTITY: &str = "Amorph quantity";
const DIRECTION: &str = "Amorph direction";
const LEVELLED: &str = "Amorph levelled by instrument";
const DIGIT: &str = "Amorph least significant bit";

impl Container {
    /// The images, by channel number, and what is wrong with those that cannot be read.
    pub(super) fn maps(&self, file: &str) -> (Vec<Map>, Vec<IoError>) {
        let (mut maps, mut failures) = (Vec::new(), Vec::new());
        for channel in self.channels() {
            match self.map(file, channel) {
                Ok(map) => maps.push(map),
                Err(error) => failures.push(error),
            }
        }
        (maps, failures)
    }

    /// Numbers n of all `/n/data`, ascending.
    fn channels(&self) -> Vec<usize> {
        let number = |(key, value): &(Vec<u8>, Value)| {
            let key = std::str::from_utf8(key).ok()?.strip_prefix('/')?.strip_suffix("/data")?;
            matches!(value, Value::Object(_)).then(|| key.parse().ok()).flatten()
        };
        let mut numbers: Vec<usize> = self.root.components.iter().filter_map(number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    fn map(&self, file: &str, channel: usize) -> Result<Map, IoError> {
        let key = format!("/{channel}/data");
        let field = Field { file, key: &key, object: self.root.object(&key).unwrap_or(&EMPTY) };
        let values = field.values()?;
        let title = self.root.text(&format!("{key}/title")).or_else(|| self.root.text(&format!("/{channel}/title")));
        let name = title.unwrap_or_else(|| format!("channel {channel}"));
        let meta = self.root.object(&format!("/{channel}/meta"));
        let stated = |key: &str| meta.and_then(|meta| meta.text(key));
        let (quantity, direction) = recognise(&name);
        let (unit, factor) = kept_unit(&field.unit("si_unit_z"));
        let mut map = Map::new(quantity, values, unit, field.extent()?);
        if factor != 1.0 {
            map.values.mapv_inplace(|value| value * factor);
        }
        note_invalid(&mut map);
        map.name = name;
        map.index = channel;
        map.quantity = stated(QUANTITY).unwrap_or(map.quantity);
        map.direction = match stated(DIRECTION).as_deref() {
            Some("trace") => Some(Direction::Trace),
            Some("retrace") => Some(Direction::Retrace),
            _ => direction,
        };
        map.levelled_by_instrument = stated(LEVELLED);
        map.least_significant_bit = stated(DIGIT).and_then(|text| text.parse().ok());
        let mask_key = format!("/{channel}/mask");
        if let Some(object) = self.root.object(&mask_key) {
            let mask = Field { file, key: &mask_key, object }.values()?;
            if mask.dim() != map.values.dim() {
                return Err(field.wrong("the shape of the mask", format!("{:?}", mask.dim()), "the shape of its channel"));
            }
            map.mask = Some(mask.mapv(|value| value >= 0.5));
        }
        Ok(map)
    }

    /// Everything that is text or a number, and the metadata of the channels.
    pub(super) fn metadata(&self) -> Metadata {
        let mut metadata = Metadata::default();
        for (key, value) in &self.root.components {
            let key = String::from_utf8_lossy(key);
            match value {
                Value::Object(object) if key.ends_with("/meta") => {
                    for (name, value) in &object.components {
                        if let Some(text) = printed(value) {
                            metadata.push(&key, &String::from_utf8_lossy(name), &text);
                        }
                    }
                }
                other => {
                    if let Some(text) = printed(other) {
                        metadata.push("", &key, &text);
                    }
                }
            }
        }
        metadata
    }

    /// Keys and types of all objects, for the message that there is no image.
    pub(super) fn contents(&self) -> Vec<String> {
        let object = |(key, value): &(Vec<u8>, Value)| match value {
            Value::Object(object) => {
                Some(format!("{} ({})", String::from_utf8_lossy(key), String::from_utf8_lossy(&object.name)))
            }
            _ => None,
        };
        self.root.components.iter().filter_map(object).take(10).collect()
    }

    /// A file with these channels, numbered from 0.
    pub fn of_maps(maps: &[Map], metadata: &Metadata) -> Self {
        let mut container = Self { root: Object::new("GwyContainer") };
        for (channel, map) in maps.iter().enumerate() {
            container.set_map(channel, map);
            let mut meta = Object::new("GwyContainer");
            for entry in &metadata.entries {
                let key =
                    if entry.section.is_empty() { entry.key.clone() } else { format!("{}::{}", entry.section, entry.key) };
                meta.set(&key, Value::Text(entry.value.clone().into_bytes()));
            }
            let mut state = |key: &str, value: Option<String>| {
                if let Some(value) = value {
                    meta.set(key, Value::Text(value.into_bytes()));
                }
            };
            state(QUANTITY, Some(map.quantity.clone()));
            state(DIRECTION, map.direction.map(|direction| direction.to_string()));
            state(LEVELLED, map.levelled_by_instrument.clone());
            state(DIGIT, map.least_significant_bit.map(|digit| format!("{digit:e}")));
            container.set(&format!("/{channel}/meta"), Value::Object(meta));
        }
        container
    }

    /// Sets data, title and mask of a channel; everything else in the file stays.
    pub fn set_map(&mut self, channel: usize, map: &Map) {
        let key = format!("/{channel}/data");
        let field = data_field(&map.values, map.extent.as_ref(), &map.unit, self.root.object(&key));
        self.set(&key, Value::Object(field));
        self.set(&format!("{key}/title"), Value::Text(map.name.clone().into_bytes()));
        if let Some(mask) = &map.mask {
            let values = mask.mapv(|masked| f64::from(u8::from(masked)));
            let key = format!("/{channel}/mask");
            let field = data_field(&values, map.extent.as_ref(), &Unit::one(), self.root.object(&key));
            self.set(&key, Value::Object(field));
        }
    }
}

static EMPTY: Object = Object { name: Vec::new(), components: Vec::new() };

/// A `GwyDataField`; components of the old one that are not set here are kept.
fn data_field(values: &Array2<f64>, extent: Option<&Extent>, unit: &Unit, old: Option<&Object>) -> Object {
    let mut field = old.cloned().unwrap_or_else(|| Object::new("GwyDataField"));
    let (rows, columns) = values.dim();
    field.set("xres", Value::Integer(columns as i32));
    field.set("yres", Value::Integer(rows as i32));
    let unit_object = |unit: &Unit| {
        let mut object = Object::new("GwySIUnit");
        let symbol = if unit.is_known() { unit.symbol() } else { "" };
        object.set("unitstr", Value::Text(symbol.as_bytes().to_vec()));
        Value::Object(object)
    };
    // Without a size Gwyddion's own default is one unit per pixel, without a unit.
    field.set("xreal", Value::Double(extent.map_or(columns as f64, Extent::x_size)));
    field.set("yreal", Value::Double(extent.map_or(rows as f64, Extent::y_size)));
    field.set("si_unit_xy", unit_object(extent.map_or(&Unit::one(), |extent| &extent.unit)));
    field.set("si_unit_z", unit_object(unit));
    field.set("data", Value::Doubles(values.iter().copied().collect()));
    field
}

struct Field<'a> {
    file: &'a str,
    key: &'a str,
    object: &'a Object,
}

impl Field<'_> {
    fn wrong(&self, field: &str, found: String, needed: &'static str) -> IoError {
        IoError::Field { file: self.file.to_owned(), field: format!("{field} of {}", self.key), found, needed }
    }

    fn count(&self, name: &str) -> Result<usize, IoError> {
        match self.object.get(name) {
            Some(Value::Integer(count)) if *count > 0 => Ok(*count as usize),
            other => Err(self.wrong(name, other.and_then(printed).unwrap_or_default(), "a positive whole number")),
        }
    }

    fn values(&self) -> Result<Array2<f64>, IoError> {
        let (columns, rows) = (self.count("xres")?, self.count("yres")?);
        let Some(Value::Doubles(data)) = self.object.get("data") else {
            return Err(self.wrong("data", "absent".to_owned(), "an array of doubles"));
        };
        if columns.checked_mul(rows) != Some(data.len()) {
            return Err(self.wrong("data", format!("{} numbers", data.len()), "xres times yres numbers"));
        }
        Ok(image(rows, columns, data.clone()))
    }

    fn unit(&self, name: &str) -> Unit {
        let text = self.object.object(name).and_then(|unit| unit.text("unitstr")).unwrap_or_default();
        instrument_unit(&text)
    }

    /// Width and height in the unit of the file; an absent unit makes them useless for lengths, and that is kept.
    fn extent(&self) -> Result<Option<Extent>, IoError> {
        let side = |name: &str| match self.object.get(name) {
            None => Ok(None),
            Some(Value::Double(size)) if *size > 0.0 && size.is_finite() => Ok(Some(*size)),
            Some(other) => Err(self.wrong(name, printed(other).unwrap_or_default(), "a positive number")),
        };
        let (Some(width), Some(height)) = (side("xreal")?, side("yreal")?) else { return Ok(None) };
        let (unit, factor) = kept_unit(&self.unit("si_unit_xy"));
        Ok(Some(Extent { x: [0.0, width * factor], y: [0.0, height * factor], unit }))
    }
}

/// Scalars as text.
fn printed(value: &Value) -> Option<String> {
    Some(match value {
        Value::Boolean(value) => (*value != 0).to_string(),
        Value::Character(value) => char::from(*value).to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Long(value) => value.to_string(),
        Value::Double(value) => format!("{value:e}"),
        Value::Text(text) => String::from_utf8_lossy(text).into_owned(),
        _ => return None,
    })
}
