use amorph_core::data::{Direction, Extent, Map};
use amorph_core::outcome::Note;
use amorph_core::unit::Unit;

use super::header::{Header, Section, Setting};
use crate::IoError;
use crate::bytes::{Element, block_size, decode};
use crate::formats::Input;
use crate::maps::{flip_rows, image, mask_saturated, note_invalid};
use crate::naming::recognise;
use crate::units::{instrument_unit, kept_unit};

/// Reads one image section and its data block. `block_bytes` sums the blocks of the file: they may not overlap.
pub(super) fn read(
    input: &Input<'_>,
    header: &Header,
    section: &Section,
    index: usize,
    block_bytes: &mut u64,
) -> Result<(Map, Vec<Note>), IoError> {
    let fields = Fields { file: input.file, section, label: format!("channel {index}") };
    let (code, name) = fields.image_name();
    let fields = Fields { label: format!("channel {index} ({name})"), ..fields };
    let (columns, rows) = (fields.count("Samps/line")?, fields.count("Number of lines")?);
    let (element, data) = fields.block(input, columns, rows, block_bytes)?;
    let (scale, unit, bytes_per_pixel) = fields.scale(header, element)?;

    let mut values = decode(element, false, data);
    // Rows are stored from the bottom, whatever the frame direction says.
    flip_rows(&mut values, columns);
    let (quantity, _) = match recognise(&name) {
        ("unknown", _) => recognise(&code),
        known => known,
    };
    let mut map = Map::new(quantity, image(rows, columns, values), unit, None);
    let mut notes = Vec::new();
    if !fields.is_rescaled() {
        mask_saturated(&mut map, element);
    }
    if let Some(note) = fields.beyond_scale(&map, element, bytes_per_pixel) {
        notes.push(note);
    }
    map.values.mapv_inplace(|raw| raw * scale);
    note_invalid(&mut map);
    map.name = name;
    map.index = index;
    map.least_significant_bit = Some(scale.abs());
    map.direction = section.get("Line Direction").and_then(|text| match text.to_ascii_lowercase().as_str() {
        "trace" => Some(Direction::Trace),
        "retrace" => Some(Direction::Retrace),
        _ => None,
    });
    map.levelled_by_instrument = fields.levelling();
    match fields.extent(header, columns, rows) {
        Some(extent) => {
            notes.extend(fields.stretched_pixels(&extent, columns, rows));
            map.extent = Some(extent);
        }
        None => notes.push(Note::warning("no_lateral_size", format!("{} states no readable scan size", fields.label))),
    }
    Ok((map, notes))
}

struct Fields<'a> {
    file: &'a str,
    section: &'a Section,
    label: String,
}

impl Fields<'_> {
    fn text(&self, key: &str) -> Result<&str, IoError> {
        self.section.get(key).ok_or_else(|| IoError::MissingField {
            file: self.file.to_owned(),
            field: key.to_owned(),
            place: format!("the header of {}", self.label),
        })
    }

    fn wrong(&self, key: &str, needed: &'static str) -> IoError {
        let found = self.section.get(key).unwrap_or_default().to_owned();
        IoError::Field { file: self.file.to_owned(), field: format!("{key} of {}", self.label), found, needed }
    }

    /// A positive whole number.
    fn count(&self, key: &str) -> Result<usize, IoError> {
        let text = self.text(key)?;
        let word = text.split_whitespace().next().unwrap_or_default();
        word.parse().ok().filter(|count| *count > 0).ok_or_else(|| self.wrong(key, "a positive whole number"))
    }

    /// The code in brackets and the name in quotes of `S [ZSensor] "Height Sensor"`.
    fn image_name(&self) -> (String, String) {
        let entry = self.section.entries.iter().find(|(key, _)| key.to_ascii_lowercase().ends_with(":image data"));
        let text = entry.map_or("", |(_, value)| value.as_str());
        let between = |open: char, close: char| {
            let (_, rest) = text.split_once(open)?;
            Some(rest.split_once(close)?.0.to_owned()).filter(|name| !name.is_empty())
        };
        let code = between('[', ']').unwrap_or_default();
        let name = between('"', '"').unwrap_or_else(|| code.clone());
        (code, name)
    }

    /// The bytes of the channel and how each number is stored.
    fn block<'b>(
        &self,
        input: &Input<'b>,
        columns: usize,
        rows: usize,
        block_bytes: &mut u64,
    ) -> Result<(Element, &'b [u8]), IoError> {
        let (offset, length) = (self.count("Data offset")?, self.count("Data length")? as u64);
        let is_length = |size| block_size(columns as u64, rows as u64, size) == Some(length);
        let element = match (is_length(2), is_length(4)) {
            (true, _) => Element::I16,
            (_, true) => Element::I32,
            _ => {
                return Err(IoError::DataLength {
                    file: self.file.to_owned(),
                    channel: self.label.clone(),
                    length,
                    columns: columns as u64,
                    rows: rows as u64,
                });
            }
        };
        let available = input.bytes.len() as u64;
        let left = available.saturating_sub(offset as u64);
        if length > left {
            let part = format!("the data of {}", self.label);
            return Err(IoError::Truncated { file: self.file.to_owned(), part, expected: length, found: left });
        }
        *block_bytes = block_bytes.saturating_add(length);
        if *block_bytes > available {
            return Err(IoError::TooLarge {
                file: self.file.to_owned(),
                field: "the sum of all 'Data length'".to_owned(),
                claimed: format!("{block_bytes} bytes"),
                available,
            });
        }
        Ok((element, &input.bytes[offset..offset + length as usize]))
    }

    /// Value of one digit, its unit, and the bytes per pixel: hard value / 2^(8 bytes per pixel) times the soft scale.
    fn scale(&self, header: &Header, element: Element) -> Result<(f64, Unit, usize), IoError> {
        let key = self.section.entries.iter().map(|(key, _)| key).find(|key| key.to_ascii_lowercase().ends_with(":z scale"));
        let key = key.map_or("@2:Z scale", String::as_str);
        let hard =
            Setting::parse(self.text(key)?).ok_or_else(|| self.wrong(key, "a value such as 'V [Sens. Zsens] (...) 2.9 V'"))?;
        let bytes_per_pixel = self.bytes_per_pixel(element, &hard)?;
        let soft = match &hard.soft {
            None => Setting { soft: None, resolution: None, number: 1.0, unit: String::new() },
            Some(name) => header.soft_scale(name).ok_or_else(|| IoError::MissingField {
                file: self.file.to_owned(),
                field: format!(r"\@{name}"),
                place: format!("the scanner or scan list, to which {} refers", self.label),
            })?,
        };
        let digit = hard.number * soft.number / 2f64.powi(8 * bytes_per_pixel as i32);
        if !digit.is_finite() || digit == 0.0 {
            return Err(self.wrong(key, "a scale that is not zero"));
        }
        let written = if soft.unit.is_empty() { hard.unit.clone() } else { format!("{} {}", hard.unit, soft.unit) };
        let (unit, factor) = kept_unit(&instrument_unit(&written));
        Ok((digit * factor, unit, bytes_per_pixel))
    }

    /// The bytes per pixel of which the hard value is the full scale: those stated, but for four-byte data whose
    /// resolution in parentheses is that of four bytes.
    fn bytes_per_pixel(&self, element: Element, hard: &Setting) -> Result<usize, IoError> {
        let stated = match self.section.get("Bytes/pixel") {
            Some(_) => self.count("Bytes/pixel")?,
            None => element.size(),
        };
        if !matches!(stated, 1 | 2 | 4) {
            return Err(self.wrong("Bytes/pixel", "1, 2 or 4"));
        }
        let digits = hard.resolution.map(|resolution| hard.number / resolution);
        let of_four = digits.is_some_and(|digits| (digits / 2f64.powi(32) - 1.0).abs() < 1e-3);
        Ok(if element == Element::I32 && of_four { 4 } else { stated })
    }

    /// Whether the digits were stretched after the scan, so that their limits no longer mean saturation.
    fn is_rescaled(&self) -> bool {
        self.section.get("Offline Planefit").is_some_and(|text| !text.eq_ignore_ascii_case("none"))
    }

    /// Since version 9.2 four bytes may be stored although two are stated; digits beyond the stated range then leave
    /// the scale open.
    fn beyond_scale(&self, map: &Map, element: Element, stated: usize) -> Option<Note> {
        if stated >= element.size() {
            return None;
        }
        let half = 2f64.powi(8 * stated as i32 - 1);
        let greatest = map.values.iter().fold(0f64, |greatest, raw| greatest.max(raw.abs()));
        (greatest > half).then(|| {
            let label = &self.label;
            let message = format!("{label} states {stated} bytes per pixel, but has digits up to {greatest}; check its scale with the instrument's software");
            Note::warning("scale_uncertain", message)
        })
    }

    fn levelling(&self) -> Option<String> {
        let part = |key: &str, label: &str| self.section.get(key).map(|text| format!("{label} {}", text.to_ascii_lowercase()));
        let parts: Vec<String> =
            [part("Realtime Planefit", "realtime"), part("Offline Planefit", "offline")].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// The full width and height: `500 500 nm` per image, or the single size of the scan list with the aspect ratio.
    fn extent(&self, header: &Header, columns: usize, rows: usize) -> Option<Extent> {
        let (numbers, unit) = sizes(self.section.get("Scan Size").or_else(|| header.scan_entry("Scan Size"))?)?;
        let to_metres = |size: f64| Some(unit.to_si(size)).filter(|size| *size > 0.0 && size.is_finite());
        let width = to_metres(*numbers.first()?)?;
        let height = match numbers.get(1) {
            Some(height) => to_metres(*height)?,
            None => self.slow_axis(header).or_else(|| self.aspect(header).map(|aspect| width / aspect))?,
        };
        debug_assert!(columns > 0 && rows > 0);
        Some(Extent::metres(width, height))
    }

    fn slow_axis(&self, header: &Header) -> Option<f64> {
        let (numbers, unit) = sizes(self.section.get("Slow Axis Size").or_else(|| header.scan_entry("Slow Axis Size"))?)?;
        numbers.first().map(|size| unit.to_si(*size)).filter(|size| *size > 0.0)
    }

    /// Width over height, from `2:1`.
    fn aspect(&self, header: &Header) -> Option<f64> {
        let text = self.section.get("Aspect Ratio").or_else(|| header.scan_entry("Aspect Ratio"))?;
        let (width, height) = text.split_once(':')?;
        let ratio = width.trim().parse::<f64>().ok()? / height.trim().parse::<f64>().ok()?;
        Some(ratio).filter(|ratio| *ratio > 0.0 && ratio.is_finite())
    }

    /// A stopped scan may state the size that was planned: then its pixels look stretched.
    fn stretched_pixels(&self, extent: &Extent, columns: usize, rows: usize) -> Option<Note> {
        let (across, down) = (extent.x_size() / columns as f64, extent.y_size() / rows as f64);
        ((across / down - 1.0).abs() > 0.01).then(|| {
            let message = format!(
                "{}: pixels are {across:.4e} m wide and {down:.4e} m high; if the scan was stopped early, give y_size in the sidecar",
                self.label
            );
            Note::warning("pixels_not_square", message)
        })
    }
}

/// Numbers and unit of `500 500 nm`.
fn sizes(text: &str) -> Option<(Vec<f64>, Unit)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (unit, numbers) = words.split_last()?;
    let unit = instrument_unit(unit);
    let numbers: Option<Vec<f64>> = numbers.iter().map(|word| word.parse().ok()).collect();
    unit.is_compatible(&Unit::of("m")).then_some((numbers?, unit))
}
