use crate::IoError;
use crate::bytes::{Cursor, Element, latin1};

/// An Igor wave: header, data and note, before any meaning is given to them.
pub(super) struct Wave<'a> {
    pub file: &'a str,
    pub version: i16,
    pub big_endian: bool,
    pub name: String,
    pub element: Element,
    /// Points along x, y, layers; 0 for unused dimensions.
    pub dimensions: [usize; 3],
    /// Steps along x and y, in `dimension_units`.
    pub pitch: [f64; 2],
    /// Position of the first point along x.
    pub offset: f64,
    pub dimension_units: [String; 2],
    pub data_unit: String,
    pub data: &'a [u8],
    pub note: String,
    pub layer_names: Vec<String>,
}

/// Bytes per dimension label.
const LABEL: usize = 32;

pub(super) fn recognises(bytes: &[u8]) -> bool {
    let enough = |size: usize| bytes.len() >= size;
    match bytes {
        [5, 0, ..] | [0, 5, ..] => enough(384),
        [2, 0, ..] | [0, 2, ..] => enough(126),
        _ => false,
    }
}

impl<'a> Wave<'a> {
    pub(super) fn parse(file: &'a str, bytes: &'a [u8]) -> Result<Self, IoError> {
        // The version number is below 256: its low byte tells the byte order.
        let big_endian = bytes.first() == Some(&0);
        let mut cursor = Cursor::new(file, bytes, big_endian);
        match cursor.i16("the version")? {
            5 => Self::version_5(cursor),
            2 => Self::version_2(cursor),
            other => Err(wrong(file, "the version", &other.to_string(), "2 or 5")),
        }
    }

    /// BinHeader5 (64 bytes) and WaveHeader5 (320 bytes); WaveMetrics technical note TN003.
    fn version_5(mut cursor: Cursor<'a>) -> Result<Self, IoError> {
        let file = cursor.file();
        let big_endian = cursor.is_big_endian();
        cursor.take(2, "the checksum")?;
        cursor.take(4, "wfmSize")?;
        let mut sizes = [0usize; 11];
        const NAMES: [&str; 11] = [
            "formulaSize",
            "noteSize",
            "dataEUnitsSize",
            "dimEUnitsSize[0]",
            "dimEUnitsSize[1]",
            "dimEUnitsSize[2]",
            "dimEUnitsSize[3]",
            "dimLabelsSize[0]",
            "dimLabelsSize[1]",
            "dimLabelsSize[2]",
            "dimLabelsSize[3]",
        ];
        for (size, name) in sizes.iter_mut().zip(NAMES) {
            *size = count(file, name, cursor.i32(name)?)?;
        }
        cursor.seek(64, "the file header")?;
        let header = cursor.clone();
        let field = |offset: usize| -> Result<Cursor<'a>, IoError> {
            let mut at = header.clone();
            at.take(offset, "the wave header")?;
            Ok(at)
        };
        let points = count(file, "npnts", field(12)?.i32("npnts")?)?;
        let element = element(file, field(16)?.i16("type")?)?;
        let mut dimensions = [0usize; 4];
        let mut at = field(68)?;
        for dimension in &mut dimensions {
            *dimension = count(file, "nDim", at.i32("nDim")?)?;
        }
        check_points(file, &dimensions, points)?;
        let mut pitch = field(84)?;
        let pitch = [pitch.f64("sfA")?, pitch.f64("sfA")?];
        let offset = field(116)?.f64("sfB")?;
        let unit = |offset: usize| -> Result<String, IoError> { Ok(text(field(offset)?.take(4, "units")?)) };
        let (data_unit, dimension_units) = (unit(148)?, [unit(152)?, unit(156)?]);
        let name = text(field(28)?.take(32, "bname")?);
        cursor.take(320, "the wave header")?;
        let data = data(&mut cursor, points, element)?;
        let mut tail = Tail { cursor, sizes };
        let (note, layer_names) = tail.note_and_labels();
        let [x, y, layers, _] = dimensions;
        Ok(Self {
            file,
            version: 5,
            big_endian,
            name,
            element,
            dimensions: [x, y, layers],
            pitch,
            offset,
            dimension_units,
            data_unit,
            data,
            note,
            layer_names,
        })
    }

    /// BinHeader2 (16 bytes) and WaveHeader2 (110 bytes): one dimension, note after 16 bytes of padding.
    fn version_2(mut cursor: Cursor<'a>) -> Result<Self, IoError> {
        let file = cursor.file();
        let big_endian = cursor.is_big_endian();
        cursor.take(4, "wfmSize")?;
        let note_size = count(file, "noteSize", cursor.i32("noteSize")?)?;
        cursor.seek(16, "the file header")?;
        let element = element(file, cursor.i16("type")?)?;
        cursor.take(4, "next")?;
        let name = text(cursor.take(20, "bname")?);
        cursor.seek(16 + 34, "the wave header")?;
        let data_unit = text(cursor.take(4, "dataUnits")?);
        let x_unit = text(cursor.take(4, "xUnits")?);
        let points = count(file, "npnts", cursor.i32("npnts")?)?;
        cursor.take(2, "aModified")?;
        let (pitch, offset) = (cursor.f64("hsA")?, cursor.f64("hsB")?);
        cursor.seek(16 + 110, "the wave header")?;
        let data = data(&mut cursor, points, element)?;
        let note = cursor.take(16, "padding").and_then(|_| cursor.take(note_size, "the note"));
        Ok(Self {
            file,
            version: 2,
            big_endian,
            name,
            element,
            dimensions: [points, 0, 0],
            pitch: [pitch, f64::NAN],
            offset,
            dimension_units: [x_unit, String::new()],
            data_unit,
            data,
            note: note.map(latin1).unwrap_or_default(),
            layer_names: Vec::new(),
        })
    }
}

/// What follows the data: formula, note, extended units, dimension labels.
struct Tail<'a> {
    cursor: Cursor<'a>,
    sizes: [usize; 11],
}

impl<'a> Tail<'a> {
    /// Both are empty when the file ends before them: the data are worth having without.
    fn note_and_labels(&mut self) -> (String, Vec<String>) {
        let formula = self.part(0);
        let note = formula.and_then(|_| self.part(1)).map(latin1).unwrap_or_default();
        for index in 2..9 {
            if self.part(index).is_none() {
                return (note, Vec::new());
            }
        }
        // The first label names the dimension, the others its layers.
        let labels = self.part(9).unwrap_or_default();
        (note, labels.chunks_exact(LABEL).skip(1).map(text).collect())
    }

    fn part(&mut self, index: usize) -> Option<&'a [u8]> {
        self.cursor.take(self.sizes[index], "the note").ok()
    }
}

/// The data; cut short where the file ends early, so that complete layers remain readable.
fn data<'a>(cursor: &mut Cursor<'a>, points: usize, element: Element) -> Result<&'a [u8], IoError> {
    let needed = points.checked_mul(element.size()).filter(|needed| *needed > 0);
    let needed =
        needed.ok_or_else(|| wrong(cursor.file(), "npnts", &points.to_string(), "a number of points that fits the file"))?;
    cursor.take(needed.min(cursor.remaining()), "the data")
}

fn check_points(file: &str, dimensions: &[usize; 4], points: usize) -> Result<(), IoError> {
    let used: Vec<usize> = dimensions.iter().copied().take_while(|size| *size > 0).collect();
    let product = used.iter().try_fold(1usize, |product, size| product.checked_mul(*size));
    if used.is_empty() || used.len() > 3 || product != Some(points) {
        return Err(IoError::Field {
            file: file.to_owned(),
            field: "nDim".to_owned(),
            found: format!("{dimensions:?}"),
            needed: "one, two or three dimensions whose product is the number of points npnts",
        });
    }
    Ok(())
}

/// Igor's number types; bit 0 marks complex numbers, bit 6 unsigned ones, 0 is text.
fn element(file: &str, kind: i16) -> Result<Element, IoError> {
    Ok(match kind {
        0x02 => Element::F32,
        0x04 => Element::F64,
        0x08 => Element::I8,
        0x48 => Element::U8,
        0x10 => Element::I16,
        0x50 => Element::U16,
        0x20 => Element::I32,
        0x60 => Element::U32,
        0 => return Err(IoError::ElementType { file: file.to_owned(), found: "text".to_owned() }),
        _ if kind & 1 == 1 => return Err(IoError::ElementType { file: file.to_owned(), found: "complex numbers".to_owned() }),
        _ => return Err(IoError::ElementType { file: file.to_owned(), found: format!("0x{kind:02x}") }),
    })
}

fn count(file: &str, field: &str, value: i32) -> Result<usize, IoError> {
    usize::try_from(value).map_err(|_| wrong(file, field, &value.to_string(), "a number that is not negative"))
}

fn wrong(file: &str, field: &str, found: &str, needed: &'static str) -> IoError {
    IoError::Field { file: file.to_owned(), field: field.to_owned(), found: found.to_owned(), needed }
}

/// Text up to the first NUL.
fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    latin1(&bytes[..end])
}
