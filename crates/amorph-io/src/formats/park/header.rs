use crate::IoError;
use crate::bytes::{Cursor, Element, utf16};

const VERSION_1: usize = 0x0100_0001;
const VERSION_2: usize = 0x0100_0002;

/// The header in tag 50435: packed, little-endian.
pub(super) struct Header {
    pub source_name: String,
    pub auto_flatten: bool,
    pub columns: u32,
    pub rows: u32,
    pub forward: bool,
    pub swapped_axes: bool,
    /// Micrometres.
    pub x_size: f64,
    /// Micrometres.
    pub y_size: f64,
    pub gain: f64,
    pub scale: f64,
    pub offset: f64,
    /// Empty means micrometres.
    pub unit: String,
    pub element: Element,
    /// Hz; files of version 2.
    pub ncm_frequency: Option<f64>,
    entries: Vec<(&'static str, String)>,
}

/// Reads fields and keeps them as metadata.
struct Fields<'a> {
    cursor: Cursor<'a>,
    entries: Vec<(&'static str, String)>,
}

impl Fields<'_> {
    fn word(&mut self, name: &'static str) -> Result<u32, IoError> {
        let value = self.cursor.u32(name)?;
        self.entries.push((name, value.to_string()));
        Ok(value)
    }

    fn number(&mut self, name: &'static str) -> Result<f64, IoError> {
        let value = self.cursor.f64(name)?;
        self.entries.push((name, value.to_string()));
        Ok(value)
    }

    fn text(&mut self, name: &'static str, characters: usize) -> Result<String, IoError> {
        let value = utf16(self.cursor.take(2 * characters, name)?);
        self.entries.push((name, value.clone()));
        Ok(value)
    }
}

impl Header {
    pub(super) fn parse(file: &str, bytes: &[u8], version: usize) -> Result<Self, IoError> {
        let wrong = |field: &str, found: String, needed: &'static str| IoError::Field {
            file: file.to_owned(),
            field: field.to_owned(),
            found,
            needed,
        };
        if !matches!(version, VERSION_1 | VERSION_2) {
            return Err(wrong("the version", format!("{version:#010x}"), "0x01000001 or 0x01000002"));
        }
        let mut fields = Fields { cursor: Cursor::new(file, bytes, false), entries: Vec::new() };
        let image_type = fields.word("image type")?;
        if image_type != 0 {
            return Err(IoError::Unsupported {
                file: file.to_owned(),
                found: format!("a Park file of type {image_type} (0 is an image, 1 a line profile, 2 spectroscopy)"),
                remedy: "export the image of the scan",
            });
        }
        let source_name = fields.text("source name", 32)?;
        fields.text("image mode", 8)?;
        fields.number("low-pass filter strength")?;
        let auto_flatten = fields.word("auto flatten")? != 0;
        fields.word("AC track")?;
        let (columns, rows) = (fields.word("columns")?, fields.word("rows")?);
        if columns == 0 || rows == 0 {
            return Err(wrong("columns and rows", format!("{columns} x {rows}"), "two positive whole numbers"));
        }
        fields.number("angle")?;
        fields.word("sine scan")?;
        fields.number("overscan rate")?;
        let forward = fields.word("forward")? != 0;
        fields.word("scan up")?;
        let swapped_axes = fields.word("swap axes")? != 0;
        let (x_size, y_size) = (fields.number("x size (um)")?, fields.number("y size (um)")?);
        if !(x_size > 0.0 && y_size > 0.0 && x_size.is_finite() && y_size.is_finite()) {
            return Err(wrong("x size and y size (um)", format!("{x_size} x {y_size}"), "two positive numbers"));
        }
        for name in ["x offset (um)", "y offset (um)", "scan rate (Hz)", "set point"] {
            fields.number(name)?;
        }
        fields.text("set point unit", 8)?;
        fields.number("tip bias (V)")?;
        fields.number("sample bias (V)")?;
        let (gain, scale, offset) = (fields.number("data gain")?, fields.number("data scale")?, fields.number("data offset")?);
        let unit = fields.text("data unit", 8)?;
        for name in ["data minimum", "data maximum", "data average"] {
            let value = fields.cursor.i32(name)?;
            fields.entries.push((name, value.to_string()));
        }
        let packed = fields.word("compression")?;
        if packed != 0 {
            return Err(IoError::Unsupported {
                file: file.to_owned(),
                found: format!("a compressed Park file (compression {packed})"),
                remedy: "save it without compression",
            });
        }
        fields.word("logarithmic scale")?;
        fields.word("square pixels")?;
        // A scale of zero means one.
        let scale = if scale == 0.0 { 1.0 } else { scale };
        if !(gain * scale).is_finite() || gain == 0.0 || !offset.is_finite() {
            return Err(wrong("data gain, scale and offset", format!("{gain}, {scale}, {offset}"), "a scale that is not zero"));
        }
        let (element, ncm_frequency) = if version == VERSION_2 { tail(file, &mut fields)? } else { (Element::I16, None) };
        let entries = fields.entries;
        Ok(Self {
            source_name,
            auto_flatten,
            columns,
            rows,
            forward,
            swapped_axes,
            x_size,
            y_size,
            gain,
            scale,
            offset,
            unit,
            element,
            ncm_frequency,
            entries,
        })
    }

    /// Every field as text.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        self.entries.iter().cloned()
    }
}

/// What version 2 adds: the type of the data, and the drive frequency where the header is long enough.
fn tail(file: &str, fields: &mut Fields<'_>) -> Result<(Element, Option<f64>), IoError> {
    fields.number("Z servo gain")?;
    fields.number("Z scanner range (um)")?;
    for name in ["XY voltage mode", "Z voltage mode", "XY servo mode"] {
        fields.text(name, 8)?;
    }
    let element = match fields.word("data type")? {
        0 => Element::I16,
        1 => Element::I32,
        2 => Element::F32,
        other => return Err(IoError::ElementType { file: file.to_owned(), found: format!("Park data type {other}") }),
    };
    let mut frequency = None;
    if fields.cursor.remaining() >= 56 {
        fields.cursor.take(8, "reserved")?;
        fields.number("NCM amplitude")?;
        frequency = Some(fields.number("NCM frequency (Hz)")?);
        fields.text("cantilever name", 16)?;
    }
    Ok((element, frequency))
}
