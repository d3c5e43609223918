//! The directory of a TIFF file, which two makers use as a container; pictures are not decoded.

use crate::IoError;
use crate::bytes::{Cursor, latin1};

/// Directories of one file; no instrument writes more channels.
const PAGES_MAX: usize = 200;
/// Entries of one directory; instruments write up to a hundred.
const ENTRIES_MAX: usize = 4096;

pub(crate) const WIDTH: u16 = 256;
pub(crate) const HEIGHT: u16 = 257;
pub(crate) const BITS: u16 = 258;
pub(crate) const COMPRESSION: u16 = 259;
pub(crate) const STRIP_OFFSETS: u16 = 273;
pub(crate) const SAMPLES: u16 = 277;
pub(crate) const STRIP_LENGTHS: u16 = 279;
pub(crate) const DATE_TIME: u16 = 306;
pub(crate) const SAMPLE_FORMAT: u16 = 339;

/// The directories of a file.
pub(crate) struct Tiff<'a> {
    pub pages: Vec<Page<'a>>,
    /// What ended the chain of directories early.
    pub damage: Option<IoError>,
}

/// One directory.
pub(crate) struct Page<'a> {
    file: &'a str,
    big_endian: bool,
    entries: Vec<Entry<'a>>,
}

/// One entry; `bytes` is shorter than `length` where the file is cut.
struct Entry<'a> {
    tag: u16,
    kind: u16,
    length: u64,
    bytes: &'a [u8],
}

/// Whether the bytes are a TIFF file; the byte order, if so.
fn byte_order(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [b'I', b'I', 42, 0, ..] => Some(false),
        [b'M', b'M', 0, 42, ..] => Some(true),
        _ => None,
    }
}

/// Whether the first directory has one of these tags.
pub(crate) fn first_page_has(bytes: &[u8], tags: &[u16]) -> bool {
    let Some(big_endian) = byte_order(bytes) else { return false };
    let mut cursor = Cursor::new("", bytes, big_endian);
    let at = cursor.seek(4, "").and_then(|()| cursor.u32(""));
    let page = at.and_then(|at| Page::parse("", bytes, big_endian, at as usize));
    page.is_ok_and(|(page, _)| tags.iter().any(|tag| page.entry(*tag).is_some()))
}

impl<'a> Tiff<'a> {
    /// Reads all directories that are complete.
    ///
    /// # Errors
    /// [`IoError`] when not even the first one can be read.
    pub(crate) fn parse(file: &'a str, bytes: &'a [u8]) -> Result<Self, IoError> {
        let big_endian = byte_order(bytes).unwrap_or(false);
        let mut cursor = Cursor::new(file, bytes, big_endian);
        cursor.seek(4, "the TIFF header")?;
        let mut next = cursor.u32("the offset of the first directory")? as usize;
        let mut tiff = Self { pages: Vec::new(), damage: None };
        let mut visited = Vec::new();
        while next != 0 {
            let known = visited.contains(&next) || tiff.pages.len() >= PAGES_MAX;
            let page = if known {
                Err(IoError::TooLarge {
                    file: file.to_owned(),
                    field: "the chain of TIFF directories".to_owned(),
                    claimed: format!("directory {} at byte {next}, without an end", tiff.pages.len()),
                    available: tiff.pages.len() as u64,
                })
            } else {
                Page::parse(file, bytes, big_endian, next)
            };
            match page {
                Ok((page, following)) => {
                    visited.push(next);
                    tiff.pages.push(page);
                    next = following;
                }
                Err(error) if tiff.pages.is_empty() => return Err(error),
                Err(error) => {
                    tiff.damage = Some(error);
                    break;
                }
            }
        }
        Ok(tiff)
    }
}

impl<'a> Page<'a> {
    /// The directory at `position`, and where the next one is.
    fn parse(file: &'a str, bytes: &'a [u8], big_endian: bool, position: usize) -> Result<(Self, usize), IoError> {
        let mut cursor = Cursor::new(file, bytes, big_endian);
        cursor.seek(position, "a TIFF directory")?;
        let count = usize::from(cursor.u16("a TIFF directory")?);
        if count > ENTRIES_MAX {
            return Err(IoError::TooLarge {
                file: file.to_owned(),
                field: format!("the TIFF directory at byte {position}"),
                claimed: format!("{count} entries"),
                available: ENTRIES_MAX as u64,
            });
        }
        let mut table = Cursor::new(file, cursor.take(12 * count, "a TIFF directory")?, big_endian);
        let following = cursor.u32("the offset of the next directory")? as usize;
        let mut entries = Vec::with_capacity(count);
        for _ in 0..count {
            let (tag, kind) = (table.u16("a tag")?, table.u16("a tag")?);
            let length = u64::from(table.u32("a tag")?) * kind_size(kind);
            let inline = table.take(4, "a tag")?;
            let content = if length <= 4 {
                &inline[..length as usize]
            } else {
                let at = Cursor::new(file, inline, big_endian).u32("a tag")? as usize;
                let from = bytes.get(at..).unwrap_or_default();
                &from[..from.len().min(length as usize)]
            };
            entries.push(Entry { tag, kind, length, bytes: content });
        }
        Ok((Self { file, big_endian, entries }, following))
    }

    fn entry(&self, tag: u16) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    /// Tags in file order.
    pub(crate) fn tags(&self) -> impl Iterator<Item = u16> + '_ {
        self.entries.iter().map(|entry| entry.tag)
    }

    /// The bytes of an entry.
    ///
    /// # Errors
    /// [`IoError::MissingField`], or [`IoError::Truncated`] where the file ends before them; `name` says what it is.
    pub(crate) fn bytes(&self, tag: u16, name: &str) -> Result<&'a [u8], IoError> {
        let missing = || IoError::MissingField {
            file: self.file.to_owned(),
            field: name.to_owned(),
            place: format!("the TIFF directory (tag {tag})"),
        };
        let entry = self.entry(tag).ok_or_else(missing)?;
        if (entry.bytes.len() as u64) < entry.length {
            return Err(IoError::Truncated {
                file: self.file.to_owned(),
                part: name.to_owned(),
                expected: entry.length,
                found: entry.bytes.len() as u64,
            });
        }
        Ok(entry.bytes)
    }

    /// Bytes of an entry that are in the file.
    pub(crate) fn stored(&self, tag: u16) -> usize {
        self.entry(tag).map_or(0, |entry| entry.bytes.len())
    }

    /// The text of an entry.
    pub(crate) fn text(&self, tag: u16) -> Option<String> {
        let entry = self.entry(tag).filter(|entry| entry.kind == 2)?;
        let end = entry.bytes.iter().position(|&byte| byte == 0).unwrap_or(entry.bytes.len());
        let text = &entry.bytes[..end];
        Some(std::str::from_utf8(text).map_or_else(|_| latin1(text), str::to_owned))
    }

    /// The first number of an entry.
    pub(crate) fn number(&self, tag: u16) -> Option<f64> {
        self.numbers(tag, 1).first().copied()
    }

    /// A number that counts something.
    pub(crate) fn count(&self, tag: u16) -> Option<usize> {
        self.number(tag).filter(|value| (0.0..=f64::from(u32::MAX)).contains(value)).map(|value| value as usize)
    }

    /// Up to `limit` numbers of an entry.
    pub(crate) fn numbers(&self, tag: u16, limit: usize) -> Vec<f64> {
        let Some(entry) = self.entry(tag) else { return Vec::new() };
        let mut cursor = Cursor::new(self.file, entry.bytes, self.big_endian);
        let mut numbers = Vec::new();
        while numbers.len() < limit {
            let value = match entry.kind {
                1 => cursor.u8("").map(f64::from),
                3 => cursor.u16("").map(f64::from),
                4 => cursor.u32("").map(f64::from),
                8 => cursor.i16("").map(f64::from),
                9 => cursor.i32("").map(f64::from),
                11 => cursor.f32("").map(f64::from),
                12 => cursor.f64(""),
                _ => break,
            };
            match value {
                Ok(value) => numbers.push(value),
                Err(_) => break,
            }
        }
        numbers
    }

    /// An entry as text, however it is stored; the first few numbers of long ones.
    pub(crate) fn printed(&self, tag: u16) -> Option<String> {
        const SHOWN: usize = 8;
        if let Some(text) = self.text(tag) {
            return Some(text);
        }
        let numbers = self.numbers(tag, SHOWN + 1);
        let words: Vec<String> = numbers.iter().take(SHOWN).map(f64::to_string).collect();
        (!words.is_empty()).then(|| words.join(" ") + if numbers.len() > SHOWN { " ..." } else { "" })
    }

    /// Whether the numbers of this file are big-endian.
    pub(crate) fn is_big_endian(&self) -> bool {
        self.big_endian
    }
}

/// Bytes of one value of each TIFF type.
fn kind_size(kind: u16) -> u64 {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 => 4,
        5 | 10 | 12 => 8,
        _ => 1,
    }
}
