//! Arrays of MATLAB, level 5; the layout is in `SPEC.md`.

use std::io::Read as _;
use std::sync::Arc;

use amorph_core::data::Metadata;
use flate2::read::ZlibDecoder;

use super::{Format, Reader};
use crate::IoError;
use crate::bytes::{Element, latin1};
use crate::frames::{AxisKind, Cube, FileFrames, FrameInput, RawAxis, Storage};
use crate::maps::Parsed;

pub(crate) const FORMAT: Format = Format {
    id: "mat",
    title: "MATLAB array",
    endings: &[".mat"],
    magic: "`MATLAB 5.0` at the beginning",
    channels: "one numeric array of two or more dimensions: an image or a volume",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.starts_with(b"MATLAB 5.0") || bytes.starts_with(b"MATLAB 7.3"),
    read: Reader::Frames(read),
};

const HEADER: usize = 128;
const ARRAY: u32 = 14;
const COMPRESSED: u32 = 15;
const COMPLEX: u32 = 0x0800;
/// The most that deflate packs into a byte.
const PACKED: u64 = 1032;
/// More dimensions than anybody uses.
const DIMENSIONS_MAX: usize = 16;

/// A variable, and where its numbers are.
struct Variable {
    name: String,
    class: u32,
    is_complex: bool,
    /// As MATLAB counts, first index first.
    shape: Vec<usize>,
    element: Option<Element>,
    /// Numbers as they are stored.
    data: Vec<u8>,
}

impl Variable {
    fn count(&self) -> usize {
        self.shape.iter().fold(1, |product, n| product.saturating_mul(*n))
    }

    /// What it is, where it cannot be read.
    fn unreadable(&self) -> Option<&'static str> {
        match self.class {
            6..=15 if self.is_complex => Some("complex"),
            6..=15 => None,
            1 => Some("a cell array"),
            2 => Some("a structure"),
            4 => Some("text"),
            5 => Some("sparse"),
            _ => Some("an object of a class"),
        }
    }
}

fn read(input: &FrameInput<'_>) -> Result<Option<Parsed>, IoError> {
    if input.head.starts_with(b"MATLAB 7.3") {
        return Err(IoError::Unsupported {
            file: input.file.to_owned(),
            found: "a MATLAB 7.3 file".to_owned(),
            remedy: "save the array with save(file, \"name\", \"-v7\"), or as HDF5 by h5create and h5write",
        });
    }
    let bytes = input.take(0, input.storage.length(), "the file")?;
    let Some(mark) = bytes.get(126..128) else {
        return Err(input.field("byte order", "a file shorter than its header", "a header of 128 bytes"));
    };
    let big_endian = match mark {
        b"IM" => false,
        b"MI" => true,
        other => return Err(input.field("byte order", latin1(other), "`IM` or `MI`")),
    };
    let reader = Elements { input, big_endian };
    let variables = reader.variables(&bytes[HEADER..])?;
    let mut metadata = Metadata::default();
    metadata.push("header", "text", latin1(&bytes[..116]).trim_end_matches(['\0', ' ']));
    for variable in &variables {
        let shape: Vec<String> = variable.shape.iter().map(usize::to_string).collect();
        metadata.push(
            "variables",
            &variable.name,
            &format!(
                "{}{}",
                shape.join(" x "),
                match variable.unreadable() {
                    Some(what) => format!(", {what}"),
                    None => String::new(),
                }
            ),
        );
    }
    let chosen = choose(input, variables)?;
    reader.parsed(chosen, metadata).map(Some)
}

/// The array that holds most of the numbers.
fn choose(input: &FrameInput<'_>, variables: Vec<Variable>) -> Result<Variable, IoError> {
    let found: Vec<String> = variables
        .iter()
        .map(|variable| format!("'{}' ({})", variable.name, variable.unreadable().unwrap_or("numbers")))
        .collect();
    let usable: Vec<Variable> =
        variables.into_iter().filter(|variable| variable.unreadable().is_none() && variable.count() > 1).collect();
    let total = usable.iter().fold(0usize, |sum, variable| sum.saturating_add(variable.count()));
    usable
        .into_iter()
        .find(|variable| variable.count() > total / 2)
        .ok_or_else(|| IoError::NoImages { file: input.file.to_owned(), found })
}

struct Elements<'a> {
    input: &'a FrameInput<'a>,
    big_endian: bool,
}

/// Type and data of an element, and where the next begins.
type Part<'b> = (u32, &'b [u8], usize);

impl Elements<'_> {
    fn u32(&self, bytes: &[u8]) -> u32 {
        let word: [u8; 4] = std::array::from_fn(|k| bytes.get(k).copied().unwrap_or(0));
        if self.big_endian { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) }
    }

    /// The element at the beginning of some bytes.
    fn element<'b>(&self, bytes: &'b [u8], what: &str) -> Result<Part<'b>, IoError> {
        let cut = |expected: usize| IoError::Truncated {
            file: self.input.file.to_owned(),
            part: what.to_owned(),
            expected: expected as u64,
            found: bytes.len() as u64,
        };
        if bytes.len() < 8 {
            return Err(cut(8));
        }
        let first = self.u32(bytes);
        let small = (first >> 16) as usize;
        if small > 0 {
            return if small <= 4 { Ok((first & 0xffff, &bytes[4..4 + small], 8)) } else { Err(cut(small)) };
        }
        let count = self.u32(&bytes[4..]) as usize;
        let data = bytes[8..].get(..count).ok_or_else(|| cut(count.saturating_add(8)))?;
        // Compressed elements are not padded.
        let padded = if first == COMPRESSED { count } else { count.next_multiple_of(8) };
        Ok((first, data, (8 + padded).min(bytes.len())))
    }

    fn variables(&self, mut bytes: &[u8]) -> Result<Vec<Variable>, IoError> {
        let mut found = Vec::new();
        while bytes.len() >= 8 {
            let (kind, data, next) = self.element(bytes, "a variable")?;
            bytes = &bytes[next..];
            match kind {
                COMPRESSED => {
                    let unpacked = self.unpacked(data)?;
                    let (kind, data, _) = self.element(&unpacked, "a packed variable")?;
                    if kind == ARRAY {
                        found.push(self.variable(data)?);
                    }
                }
                ARRAY => found.push(self.variable(data)?),
                _ => {}
            }
        }
        Ok(found)
    }

    /// A zlib stream; nothing is allocated beyond what so many packed bytes can hold.
    fn unpacked(&self, packed: &[u8]) -> Result<Vec<u8>, IoError> {
        let mut bytes = Vec::new();
        let most = PACKED * packed.len() as u64 + 64;
        let failed = |error: std::io::Error| self.input.field("a packed variable", error.to_string(), "a zlib stream");
        ZlibDecoder::new(packed).take(most).read_to_end(&mut bytes).map_err(failed)?;
        Ok(bytes)
    }

    fn variable(&self, bytes: &[u8]) -> Result<Variable, IoError> {
        let (_, flags, next) = self.element(bytes, "the flags of a variable")?;
        let flags = self.u32(flags);
        let class = flags & 0xff;
        let bytes = &bytes[next..];
        if class == 17 {
            // Objects of classes have neither dimensions nor a name where others have them.
            let name = "an object".to_owned();
            return Ok(Variable { name, class, is_complex: false, shape: Vec::new(), element: None, data: Vec::new() });
        }
        let (_, dimensions, next) = self.element(bytes, "the dimensions of a variable")?;
        let shape: Vec<usize> = dimensions.chunks_exact(4).map(|n| self.u32(n) as usize).collect();
        if shape.len() < 2 || shape.len() > DIMENSIONS_MAX {
            return Err(self.input.field("dimensions", shape.len().to_string(), "2 to 16"));
        }
        let bytes = &bytes[next..];
        let (_, name, next) = self.element(bytes, "the name of a variable")?;
        let mut variable =
            Variable { name: latin1(name), class, is_complex: flags & COMPLEX != 0, shape, element: None, data: Vec::new() };
        if variable.unreadable().is_none() && variable.count() > 0 {
            let (kind, data, _) = self.element(&bytes[next..], "the numbers of a variable")?;
            variable.element = element_of(kind);
            if variable.element.is_none() {
                return Err(self.input.field("type of the numbers", kind.to_string(), "1 to 7, 9, 12 or 13"));
            }
            variable.data = data.to_vec();
        }
        Ok(variable)
    }

    fn parsed(&self, variable: Variable, metadata: Metadata) -> Result<Parsed, IoError> {
        let shape = format!("{:?}", variable.shape);
        let Some(element) = variable.element else {
            return Err(IoError::NoImages { file: self.input.file.to_owned(), found: vec![variable.name] });
        };
        let too_large = || IoError::TooLarge {
            file: self.input.file.to_owned(),
            field: "dimensions".to_owned(),
            claimed: shape.clone(),
            available: variable.data.len() as u64,
        };
        let needed =
            variable.shape.iter().try_fold(element.size(), |product, n| product.checked_mul(*n)).ok_or_else(too_large)?;
        if needed > variable.data.len() {
            return Err(too_large());
        }
        // First index fastest: the axes are named in the order of the bytes, slowest first.
        let n = variable.shape.len();
        let kinds = |index: usize| match index {
            0 | 1 => AxisKind::Scan,
            _ => AxisKind::Depth,
        };
        let axes: Vec<RawAxis> = (0..n)
            .rev()
            .map(|index| RawAxis {
                name: format!("dimension {}", index + 1),
                ..RawAxis::of(variable.shape[index], kinds(index))
            })
            .collect();
        let frame_len = variable.shape[0] * variable.shape[1];
        let frames = variable.shape[2..].iter().product::<usize>() as u64;
        let source = FileFrames {
            file: self.input.file.to_owned(),
            storage: Storage::Memory(variable.data.into()),
            first: 0,
            stride: (frame_len * element.size()) as u64,
            frame_len,
            element,
            big_endian: self.big_endian,
            from_bottom: None,
        };
        let cube =
            Cube { axes, element, n_present: frames, source: Arc::new(source), name: variable.name, value_unit: String::new() };
        cube.parsed(self.input, None, metadata)
    }
}

/// Stored types that are numbers.
fn element_of(kind: u32) -> Option<Element> {
    Some(match kind {
        1 => Element::I8,
        2 => Element::U8,
        3 => Element::I16,
        4 => Element::U16,
        5 => Element::I32,
        6 => Element::U32,
        7 => Element::F32,
        9 => Element::F64,
        12 => Element::I64,
        13 => Element::U64,
        _ => return None,
    })
}
