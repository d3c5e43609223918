//! NumPy arrays; the layout is in `SPEC.md`.

use std::path::Path;

use amorph_core::data::Map;
use ndarray::{Array2, ShapeBuilder as _};

use super::{Format, Input, Reader};
use crate::IoError;
use crate::bytes::{Cursor, Element, decode, latin1};
use crate::maps::{Parsed, without_mask};
use crate::sidecar;
use crate::write::write_atomically;

pub(crate) const MAGIC: &[u8] = b"\x93NUMPY";
/// NumPy itself refuses headers above 10 kB; version 3 may name structured types, which are refused anyway.
pub(crate) const HEADER_MAX: usize = 1 << 16;

pub(crate) const FORMAT: Format = Format {
    id: "npy",
    title: "NumPy array",
    endings: &[".npy"],
    magic: r"\x93NUMPY",
    channels: "one, with a sidecar; four dimensions are a scan with a detector frame at every point",
    can_write: true,
    needs_sidecar: true,
    constants: crate::formats::gwy::CONSTANTS,
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.starts_with(MAGIC),
    read: Reader::Bytes(read),
};

fn read(input: &Input<'_>) -> Result<Parsed, IoError> {
    let (values, version) = parse(input.file, input.bytes)?;
    let sidecar = input.sidecar.ok_or_else(|| IoError::SidecarMissing { file: input.file.to_owned() })?;
    Ok(Parsed { format_version: Some(version), ..Parsed::maps(vec![sidecar.map(values)?]) })
}

/// Reads a two-dimensional array of real numbers, without units: the raw layer for stores.
///
/// # Errors
/// [`IoError`] when the file cannot be read or holds something else.
pub fn read_f64(path: &Path) -> Result<Array2<f64>, IoError> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| IoError::Read { file: file.clone(), source })?;
    if !bytes.starts_with(MAGIC) {
        return Err(IoError::Field {
            file,
            field: "the first bytes".to_owned(),
            found: latin1(&bytes[..bytes.len().min(6)]),
            needed: r"\x93NUMPY",
        });
    }
    parse(&file, &bytes).map(|(values, _)| values)
}

/// Writes a two-dimensional array of 64-bit floats, atomically: to a temporary name, then renamed.
///
/// # Errors
/// [`IoError::Write`].
pub fn write_f64(path: &Path, values: &Array2<f64>) -> Result<(), IoError> {
    write_atomically(path, &to_bytes(values))
}

/// Writes the values of a map as `.npy` and its units and sizes as the sidecar `<path>.json`; masked pixels become NaN.
///
/// # Errors
/// [`IoError::Map`] when the map has no lateral size, [`IoError::Write`].
pub fn write_npy(path: &Path, map: &Map) -> Result<(), IoError> {
    let described =
        sidecar::describe(map).map_err(|source| IoError::Map { file: path.display().to_string(), source: Box::new(source) })?;
    write_f64(path, &without_mask(map))?;
    write_atomically(&sidecar::path_of(path), described.to_string().as_bytes())
}

pub(crate) fn to_bytes(values: &Array2<f64>) -> Vec<u8> {
    let (rows, columns) = values.dim();
    let mut bytes = header_bytes("<f8", &[rows, columns]);
    bytes.reserve(8 * rows * columns);
    for value in values {
        bytes.extend(value.to_le_bytes());
    }
    bytes
}

/// All bytes before the numbers of an array of at least two axes in C order.
pub(crate) fn header_bytes(descr: &str, shape: &[usize]) -> Vec<u8> {
    let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({}), }}", lengths.join(", "));
    let unpadded = MAGIC.len() + 4 + header.len() + 1;
    header.extend(std::iter::repeat_n(' ', (64 - unpadded % 64) % 64));
    header.push('\n');
    let mut bytes = MAGIC.to_vec();
    bytes.extend([1, 0]);
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.bytes());
    bytes
}

/// The header, with the version; the cursor stands at the first number afterwards.
pub(crate) fn read_header(cursor: &mut Cursor<'_>) -> Result<(Header, String), IoError> {
    let file = cursor.file();
    cursor.take(MAGIC.len(), "the magic")?;
    let (major, minor) = (cursor.u8("the version")?, cursor.u8("the version")?);
    let length = match major {
        1 => usize::from(cursor.i16("the header length")? as u16),
        2 | 3 => cursor.u32("the header length")? as usize,
        _ => return Err(wrong(file, "the version", &format!("{major}.{minor}"), "1.0, 2.0 or 3.0")),
    };
    if length > HEADER_MAX {
        return Err(wrong(file, "the header length", &length.to_string(), "at most 65536"));
    }
    Ok((Header::parse(file, &latin1(cursor.take(length, "the header")?))?, format!("{major}.{minor}")))
}

fn parse(file: &str, bytes: &[u8]) -> Result<(Array2<f64>, String), IoError> {
    let mut cursor = Cursor::new(file, bytes, false);
    let (header, version) = read_header(&mut cursor)?;
    let [rows, columns] = header.shape[..] else {
        return Err(IoError::NotTwoDimensional { file: file.to_owned(), shape: header.shape });
    };
    let size = header.element.size();
    let needed = rows.checked_mul(columns).and_then(|count| count.checked_mul(size)).ok_or_else(|| IoError::TooLarge {
        file: file.to_owned(),
        field: "shape".to_owned(),
        claimed: format!("{rows} x {columns}"),
        available: (cursor.remaining() / size) as u64,
    })?;
    if needed == 0 {
        return Err(wrong(file, "shape", &format!("({rows}, {columns})"), "at least one element"));
    }
    let values = decode(header.element, header.big_endian, cursor.take(needed, "the data")?);
    let shape = (rows, columns).set_f(header.fortran_order);
    let array = Array2::from_shape_vec(shape, values).unwrap_or_default();
    Ok((array.as_standard_layout().into_owned(), version))
}

fn wrong(file: &str, field: &str, found: &str, needed: &'static str) -> IoError {
    IoError::Field { file: file.to_owned(), field: field.to_owned(), found: found.to_owned(), needed }
}

/// What the header says about the numbers behind it.
pub(crate) struct Header {
    pub element: Element,
    pub big_endian: bool,
    pub fortran_order: bool,
    pub shape: Vec<usize>,
}

impl Header {
    /// Reads the Python dictionary, of which only three entries occur.
    fn parse(file: &str, text: &str) -> Result<Self, IoError> {
        let entry = |key: &str| {
            let (_, rest) = text.split_once(&format!("'{key}'"))?;
            Some(rest.trim_start().strip_prefix(':')?.trim_start())
        };
        let missing =
            |key: &str| IoError::MissingField { file: file.to_owned(), field: key.to_owned(), place: "the header".to_owned() };
        let rest = entry("descr").ok_or_else(|| missing("descr"))?;
        let kind = rest.strip_prefix('\'').and_then(|rest| rest.split_once('\'')).map(|(kind, _)| kind);
        let refused = |kind: &str| IoError::ElementType { file: file.to_owned(), found: kind.to_owned() };
        let kind = kind.ok_or_else(|| refused("a structured type"))?;
        let (element, big_endian) = element(kind).ok_or_else(|| refused(kind))?;
        let order = entry("fortran_order").ok_or_else(|| missing("fortran_order"))?;
        let fortran_order = match (order.starts_with("True"), order.starts_with("False")) {
            (true, _) => true,
            (_, true) => false,
            _ => return Err(wrong(file, "fortran_order", order, "True or False")),
        };
        let shape = entry("shape").ok_or_else(|| missing("shape"))?;
        let inner = shape.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inner, _)| inner);
        let numbers = inner.map(|inner| inner.split(',').map(str::trim).filter(|word| !word.is_empty()));
        let shape: Option<Vec<usize>> = numbers.and_then(|words| words.map(|word| word.parse().ok()).collect());
        let shape = shape.ok_or_else(|| wrong(file, "shape", text, "a tuple of whole numbers"))?;
        Ok(Self { element, big_endian, fortran_order, shape })
    }
}

/// The storage of `<f8`, `>i2`, `|b1` and so on; `None` for what is not a real number.
pub(crate) fn element(kind: &str) -> Option<(Element, bool)> {
    let (order, kind) = kind.split_at_checked(1)?;
    let element = match kind {
        "f4" => Element::F32,
        "f8" => Element::F64,
        "i1" => Element::I8,
        "i2" => Element::I16,
        "i4" => Element::I32,
        "i8" => Element::I64,
        "b1" | "u1" => Element::U8,
        "u2" => Element::U16,
        "u4" => Element::U32,
        "u8" => Element::U64,
        _ => return None,
    };
    match order {
        "<" => Some((element, false)),
        ">" => Some((element, true)),
        "|" if element.size() == 1 => Some((element, false)),
        _ => None,
    }
}
