use amorph_core::data::{Direction, Extent, Map};
use amorph_core::outcome::Note;
use amorph_core::unit::Unit;

use super::super::ini::{Ini, Section};
use crate::IoError;
use crate::bytes::{Element, block_size, decode};
use crate::formats::Input;
use crate::maps::{Digits, flip_rows};
use crate::naming::recognise;
use crate::units::instrument_unit;

/// One data block and the section that describes it.
pub(super) struct Block<'a> {
    input: &'a Input<'a>,
    section: &'a Section,
    index: usize,
    columns: usize,
    rows: usize,
    element: Element,
    bytes: u64,
}

impl<'a> Block<'a> {
    pub(super) fn parse(input: &'a Input<'a>, header: &'a Ini, name: &str, index: usize) -> Result<Self, IoError> {
        let section = header.section(name).ok_or_else(|| IoError::MissingField {
            file: input.file.to_owned(),
            field: format!("the section [{name}]"),
            place: "the header".to_owned(),
        })?;
        let fields = Fields { file: input.file, section };
        let (columns, rows) = (fields.count("Points")?, fields.count("Lines")?);
        let is_signed = section.get("SaveSign").is_none_or(|sign| sign == "Signed");
        let element = match (section.get("SaveBits").unwrap_or("16"), is_signed) {
            ("8", true) => Element::I8,
            ("8", false) => Element::U8,
            ("16", true) => Element::I16,
            ("16", false) => Element::U16,
            ("32", true) => Element::I32,
            ("32", false) => Element::U32,
            _ => return Err(fields.wrong("SaveBits", "8, 16 or 32")),
        };
        if section.get("SaveMode").is_some_and(|mode| mode != "Binary") {
            return Err(fields.wrong("SaveMode", "Binary"));
        }
        let bytes = block_size(columns as u64, rows as u64, element.size() as u64).ok_or_else(|| IoError::TooLarge {
            file: input.file.to_owned(),
            field: format!("Points times Lines of [{name}]"),
            claimed: format!("{columns} x {rows} pixels"),
            available: input.bytes.len() as u64 / element.size() as u64,
        })?;
        Ok(Self { input, section, index, columns, rows, element, bytes })
    }

    /// Bytes of the block.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Spectroscopy groups have the same keys as images.
    pub(super) fn is_image(&self) -> bool {
        !self.frame().to_ascii_lowercase().starts_with("spec")
    }

    pub(super) fn describe(&self) -> String {
        format!("{} {}", self.frame(), self.name())
    }

    fn frame(&self) -> &str {
        self.section.get("Frame").unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.section.get("Dim2Name").unwrap_or_default()
    }

    /// What to say about a scan that was stopped: the lines behind `CurLine` were never measured.
    pub(super) fn unfinished(&self) -> Option<Note> {
        let last: usize = self.section.get("CurLine")?.parse().ok()?;
        (last + 1 < self.rows).then(|| {
            let message =
                format!("channel {} ({}): the scan stopped after {} of {} lines", self.index, self.name(), last + 1, self.rows);
            Note::warning("scan_unfinished", message)
        })
    }

    /// Reads the block that begins at `start`.
    pub(super) fn read(&self, start: usize) -> Result<Map, IoError> {
        let fields = Fields { file: self.input.file, section: self.section };
        let available = self.input.bytes.len().saturating_sub(start) as u64;
        if self.bytes > available {
            let part = format!("the data of channel {} ({})", self.index, self.name());
            return Err(IoError::Truncated { file: self.input.file.to_owned(), part, expected: self.bytes, found: available });
        }
        let (range, minimum) = (fields.number("Dim2Range")?, fields.number("Dim2Min")?);
        if range == 0.0 {
            return Err(fields.wrong("Dim2Range", "a range that is not zero"));
        }
        let big_endian = self.section.get("SaveOrder").is_some_and(|order| order != "Intel");
        let mut values = decode(self.element, big_endian, &self.input.bytes[start..start + self.bytes as usize]);
        // Rows are stored from the bottom; backward scans are not mirrored.
        flip_rows(&mut values, self.columns);
        let (quantity, _) = recognise(self.name());
        let (_, direction) = recognise(self.frame());
        let is_signed = matches!(self.element, Element::I8 | Element::I16 | Element::I32);
        let digits = Digits {
            quantity,
            element: self.element,
            columns: self.columns,
            rows: self.rows,
            values,
            scale: range / 2f64.powi(8 * self.element.size() as i32),
            offset: if is_signed { minimum + 0.5 * range } else { minimum },
            unit: match self.section.get("Dim2Unit") {
                Some(unit) => instrument_unit(unit),
                None => Unit::unknown("unknown"),
            },
        };
        let mut map = digits.into_map(self.extent(&fields));
        map.name = self.name().to_owned();
        map.index = self.index;
        map.direction = direction.or(match self.frame() {
            frame if frame.contains("forward") => Some(Direction::Trace),
            frame if frame.contains("backward") => Some(Direction::Retrace),
            _ => None,
        });
        Ok(map)
    }

    fn extent(&self, fields: &Fields<'_>) -> Option<Extent> {
        let side = |axis: usize| {
            let unit = instrument_unit(self.section.get(&format!("Dim{axis}Unit"))?);
            let size = unit.to_si(fields.number(&format!("Dim{axis}Range")).ok()?).abs();
            (unit.is_compatible(&Unit::of("m")) && size > 0.0 && size.is_finite()).then_some(size)
        };
        Some(Extent::metres(side(0)?, side(1)?))
    }
}

struct Fields<'a> {
    file: &'a str,
    section: &'a Section,
}

impl Fields<'_> {
    fn text(&self, key: &str) -> Result<&str, IoError> {
        self.section.get(key).ok_or_else(|| IoError::MissingField {
            file: self.file.to_owned(),
            field: key.to_owned(),
            place: format!("the section [{}]", self.section.name),
        })
    }

    fn wrong(&self, key: &str, needed: &'static str) -> IoError {
        let found = self.section.get(key).unwrap_or_default().to_owned();
        IoError::Field { file: self.file.to_owned(), field: format!("{key} of [{}]", self.section.name), found, needed }
    }

    fn count(&self, key: &str) -> Result<usize, IoError> {
        self.text(key)?.parse().ok().filter(|count| *count > 0).ok_or_else(|| self.wrong(key, "a positive whole number"))
    }

    fn number(&self, key: &str) -> Result<f64, IoError> {
        let number = self.text(key)?.parse().ok().filter(|value: &f64| value.is_finite());
        number.ok_or_else(|| self.wrong(key, "a number"))
    }
}
