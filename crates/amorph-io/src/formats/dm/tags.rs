//! The tag tree of a DigitalMicrograph file; long arrays stay in the file.

use crate::IoError;
use crate::bytes::latin1;
use crate::frames::FrameInput;

/// Groups within groups; real files have about ten.
const DEPTH_MAX: usize = 64;
/// Tags of one file; real files have a few thousand.
const TAGS_MAX: usize = 1 << 20;
/// Arrays up to this many elements are read with the tree: texts and short lists.
const KEPT_MAX: u64 = 4096;
/// Bytes that are read at a time.
const BLOCK: u64 = 1 << 16;

/// A tag: a group of others, or a value.
#[derive(Debug)]
pub(super) enum Tag {
    Group(Vec<(String, Tag)>),
    Number(f64),
    /// A short array of 16-bit numbers, which may be a text.
    Text(String, Array),
    /// A structure, as text.
    Struct(String),
    Array(Array),
}

/// Numbers that stay in the file.
#[derive(Debug, Clone)]
pub(super) struct Array {
    /// Where the first is.
    pub offset: u64,
    /// Bytes of all.
    pub bytes: u64,
}

impl Tag {
    /// The tag below this one at a path such as `ImageData/Dimensions/0`.
    pub(super) fn at(&self, path: &str) -> Option<&Self> {
        path.split('/').try_fold(self, |tag, name| match tag {
            Self::Group(children) => children.iter().find(|(child, _)| child == name).map(|(_, tag)| tag),
            _ => None,
        })
    }

    pub(super) fn number(&self, path: &str) -> Option<f64> {
        match self.at(path) {
            Some(Self::Number(value)) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn text(&self, path: &str) -> Option<&str> {
        match self.at(path) {
            Some(Self::Text(text, _)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn children(&self) -> &[(String, Self)] {
        match self {
            Self::Group(children) => children,
            _ => &[],
        }
    }
}

/// Version and tags of a file, and whether its data are big-endian.
pub(super) fn parse(input: &FrameInput<'_>) -> Result<(u32, bool, Tag), IoError> {
    let mut walker = Walker { input, at: 0, block: Vec::new(), block_at: 0, big_endian: true, wide: false, n_tags: 0 };
    let version = walker.u32("the version")?;
    walker.wide = version == 4;
    walker.width("the length")?;
    let order = walker.u32("the byte order")?;
    walker.big_endian = order == 0;
    let root = walker.group(0)?;
    Ok((version, order == 0, root))
}

/// A walk through the file, forward and block by block.
struct Walker<'a, 'b> {
    input: &'a FrameInput<'b>,
    at: u64,
    block: Vec<u8>,
    block_at: u64,
    /// Byte order of values; that of the tree is always big-endian.
    big_endian: bool,
    /// Version 4 has lengths of 64 bits.
    wide: bool,
    n_tags: usize,
}

impl Walker<'_, '_> {
    fn take(&mut self, count: u64, part: &str) -> Result<Vec<u8>, IoError> {
        let cached = self.at.checked_sub(self.block_at).filter(|from| from + count <= self.block.len() as u64);
        let from = match cached {
            Some(from) => from,
            None => {
                let left = self.input.storage.length().saturating_sub(self.at);
                self.block = self.input.take(self.at, count.max(BLOCK.min(left)), part)?;
                self.block_at = self.at;
                0
            }
        };
        self.at += count;
        Ok(self.block[from as usize..(from + count) as usize].to_vec())
    }

    fn number<const N: usize>(&mut self, part: &str) -> Result<[u8; N], IoError> {
        let mut raw = [0; N];
        raw.copy_from_slice(&self.take(N as u64, part)?);
        Ok(raw)
    }

    fn u32(&mut self, part: &str) -> Result<u32, IoError> {
        self.number(part).map(u32::from_be_bytes)
    }

    /// A length or a count: 32 or 64 bits by version; a negative one is refused.
    fn width(&mut self, part: &str) -> Result<u64, IoError> {
        let value =
            if self.wide { i64::from_be_bytes(self.number(part)?) } else { i64::from(i32::from_be_bytes(self.number(part)?)) };
        u64::try_from(value).map_err(|_| self.input.field(part, value.to_string(), "a count of zero or more"))
    }

    fn left(&self) -> u64 {
        self.input.storage.length().saturating_sub(self.at)
    }

    fn too_large(&self, field: &str, claimed: String) -> IoError {
        let file = self.input.file.to_owned();
        IoError::TooLarge { file, field: field.to_owned(), claimed, available: self.left() }
    }

    fn group(&mut self, depth: usize) -> Result<Tag, IoError> {
        if depth > DEPTH_MAX {
            return Err(self.too_large("the tag tree", format!("groups nested more than {DEPTH_MAX} deep")));
        }
        self.take(2, "a group")?;
        let count = self.width("the number of tags")?;
        if count > self.left() {
            return Err(self.too_large("the number of tags", count.to_string()));
        }
        let mut children = Vec::new();
        let mut unnamed = 0;
        for _ in 0..count {
            let kind = self.number::<1>("a tag")?[0];
            let length = u64::from(u16::from_be_bytes(self.number("a tag")?));
            let mut name = latin1(&self.take(length, "the name of a tag")?);
            if name.is_empty() {
                name = unnamed.to_string();
                unnamed += 1;
            }
            if self.wide {
                self.take(8, "the length of a tag")?;
            }
            self.n_tags += 1;
            if self.n_tags > TAGS_MAX {
                return Err(self.too_large("the tag tree", format!("more than {TAGS_MAX} tags")));
            }
            let tag = match kind {
                20 => self.group(depth + 1)?,
                21 => self.value()?,
                other => return Err(self.input.field("the kind of a tag", other.to_string(), "20 (group) or 21 (data)")),
            };
            children.push((name, tag));
        }
        Ok(Tag::Group(children))
    }

    fn value(&mut self) -> Result<Tag, IoError> {
        if self.take(4, "a value")? != b"%%%%" {
            return Err(self.input.field("the mark of a value", format!("bytes at {}", self.at - 4), "%%%%"));
        }
        let n_info = self.width("the description of a value")?;
        if n_info == 0 || n_info > 1024 {
            return Err(self.input.field("the description of a value", n_info.to_string(), "1 to 1024 numbers"));
        }
        let mut info = Vec::with_capacity(n_info as usize);
        for _ in 0..n_info {
            info.push(self.width("the description of a value")?);
        }
        match info[..] {
            [15, ..] => {
                let fields = self.fields(&info)?;
                let values: Result<Vec<String>, IoError> =
                    fields.iter().map(|kind| self.scalar(*kind).map(|value| value.to_string())).collect();
                values.map(|values| Tag::Struct(values.join(", ")))
            }
            [18, characters] => self.array(4, 2, characters),
            [20, 15, .., count] => {
                let fields = self.fields(&info[1..])?;
                let size = fields.iter().map(|kind| scalar_size(*kind).unwrap_or(0)).sum();
                self.array(15, size, count)
            }
            [20, kind, count] => {
                let size = scalar_size(kind).ok_or_else(|| self.unknown(kind))?;
                self.array(kind, size, count)
            }
            [kind] => self.scalar(kind).map(Tag::Number),
            _ => Err(self.input.field("the description of a value", format!("{info:?}"), "a known type")),
        }
    }

    fn unknown(&self, kind: u64) -> IoError {
        self.input.field("the type of a value", kind.to_string(), "a known type (2 to 12, 15, 18, 20)")
    }

    /// Types of the fields of a structure.
    fn fields(&self, info: &[u64]) -> Result<Vec<u64>, IoError> {
        let wrong = || self.input.field("the description of a structure", format!("{info:?}"), "a type for every field");
        let count = info.get(2).copied().and_then(|count| usize::try_from(count).ok()).ok_or_else(wrong)?;
        let kinds: Vec<u64> = info.iter().skip(4).step_by(2).take(count).copied().collect();
        if kinds.len() == count && kinds.iter().all(|kind| scalar_size(*kind).is_some()) { Ok(kinds) } else { Err(wrong()) }
    }

    fn scalar(&mut self, kind: u64) -> Result<f64, IoError> {
        let size = scalar_size(kind).ok_or_else(|| self.unknown(kind))?;
        let mut bytes = self.take(size, "a value")?;
        if self.big_endian {
            bytes.reverse();
        }
        let mut raw = [0; 8];
        raw[..bytes.len()].copy_from_slice(&bytes);
        let word = u64::from_le_bytes(raw);
        Ok(match kind {
            2 => f64::from(word as u16 as i16),
            3 => f64::from(word as u32 as i32),
            6 => f64::from(f32::from_bits(word as u32)),
            7 => f64::from_bits(word),
            11 => word as i64 as f64,
            _ => word as f64,
        })
    }

    /// Passes over an array; texts and short lists are read.
    fn array(&mut self, kind: u64, size: u64, count: u64) -> Result<Tag, IoError> {
        let bytes = count.checked_mul(size).filter(|bytes| *bytes <= self.left());
        let Some(bytes) = bytes else {
            return Err(IoError::Truncated {
                file: self.input.file.to_owned(),
                part: format!("an array of {count} values at byte {}", self.at),
                expected: count.saturating_mul(size),
                found: self.left(),
            });
        };
        let offset = self.at;
        if kind == 4 && count <= KEPT_MAX {
            let raw = self.take(bytes, "a text")?;
            let units = raw.as_chunks::<2>().0.iter().map(|raw| match self.big_endian {
                true => u16::from_be_bytes(*raw),
                false => u16::from_le_bytes(*raw),
            });
            let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
            return Ok(Tag::Text(text.trim_end_matches('\0').to_owned(), Array { offset, bytes }));
        }
        self.at += bytes;
        Ok(Tag::Array(Array { offset, bytes }))
    }
}

fn scalar_size(kind: u64) -> Option<u64> {
    Some(match kind {
        8..=10 => 1,
        2 | 4 => 2,
        3 | 5 | 6 => 4,
        7 | 11 | 12 => 8,
        _ => return None,
    })
}
