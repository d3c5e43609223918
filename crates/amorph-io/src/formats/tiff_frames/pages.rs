//! The chain of directories of a TIFF file, read where it stands.

use std::collections::HashSet;

use crate::IoError;
use crate::bytes::{Cursor, latin1};
use crate::frames::FrameInput;

/// Pages of one file.
const PAGES_MAX: usize = 1 << 20;
/// Tags of one page.
const TAGS_MAX: u64 = 4096;
/// Numbers or characters of one tag that are read; offsets of strips are the longest lists.
const VALUES_MAX: u64 = 1 << 20;

/// A directory.
pub(super) struct Page {
    tags: Vec<(u16, Tag)>,
}

/// A value: numbers, or the characters of a text as numbers.
pub(super) struct Tag {
    is_text: bool,
    pub numbers: Vec<f64>,
}

impl Page {
    pub(super) fn tag(&self, wanted: u16) -> Option<&Tag> {
        self.tags.iter().find(|(tag, _)| *tag == wanted).map(|(_, tag)| tag)
    }
}

impl Tag {
    pub(super) fn text(&self) -> Option<String> {
        let bytes: Vec<u8> = self.numbers.iter().map(|number| *number as u8).take_while(|byte| *byte != 0).collect();
        self.is_text.then(|| String::from_utf8(bytes).unwrap_or_else(|error| latin1(error.as_bytes())))
    }
}

/// How a file is written.
#[derive(Clone, Copy)]
struct Dialect {
    big_endian: bool,
    /// BigTIFF has 64-bit offsets and counts.
    wide: bool,
}

/// All complete pages, the byte order, and what ended the chain early.
pub(super) fn walk(input: &FrameInput<'_>) -> Result<(Vec<Page>, bool, Option<IoError>), IoError> {
    let big_endian = input.head.starts_with(b"MM");
    let mark = if big_endian { input.head.get(3) } else { input.head.get(2) };
    let dialect = Dialect { big_endian, wide: mark == Some(&43) };
    let start = input.take(0, if dialect.wide { 16 } else { 8 }, "the header")?;
    let mut cursor = Cursor::new(input.file, &start, big_endian);
    cursor.seek(if dialect.wide { 8 } else { 4 }, "the header")?;
    let mut next = offset(&mut cursor, dialect)?;
    let (mut pages, mut seen) = (Vec::new(), HashSet::new());
    // A tag stands for at least twelve bytes; what the tags of all pages may hold is bounded by the file.
    let mut budget = input.storage.length();
    while next != 0 {
        if !seen.insert(next) || pages.len() >= PAGES_MAX {
            let claimed = format!("directory {} at byte {next}, without an end", pages.len());
            let (file, field) = (input.file.to_owned(), "the chain of TIFF directories".to_owned());
            return Ok((pages, big_endian, Some(IoError::TooLarge { file, field, claimed, available: seen.len() as u64 })));
        }
        match page(input, dialect, next, &mut budget) {
            Ok((page, following)) => {
                pages.push(page);
                next = following;
            }
            Err(error) => return Ok((pages, big_endian, Some(error))),
        }
    }
    Ok((pages, big_endian, None))
}

fn offset(cursor: &mut Cursor<'_>, dialect: Dialect) -> Result<u64, IoError> {
    if dialect.wide { cursor.u64("an offset") } else { cursor.u32("an offset").map(u64::from) }
}

fn page(input: &FrameInput<'_>, dialect: Dialect, at: u64, budget: &mut u64) -> Result<(Page, u64), IoError> {
    let (count_size, entry_size, inline_size) = if dialect.wide { (8, 20, 8) } else { (2, 12, 4) };
    let counted = input.take(at, count_size, "a TIFF directory")?;
    let mut cursor = Cursor::new(input.file, &counted, dialect.big_endian);
    let count = if dialect.wide { cursor.u64("a count")? } else { u64::from(cursor.u16("a count")?) };
    if count > TAGS_MAX {
        let (file, field) = (input.file.to_owned(), format!("the TIFF directory at byte {at}"));
        return Err(IoError::TooLarge { file, field, claimed: format!("{count} entries"), available: TAGS_MAX });
    }
    let table = input.take(at + count_size, count * entry_size + inline_size, "a TIFF directory")?;
    let mut cursor = Cursor::new(input.file, &table, dialect.big_endian);
    let mut tags = Vec::new();
    for _ in 0..count {
        let (tag, kind) = (cursor.u16("a tag")?, cursor.u16("a tag")?);
        let n = offset(&mut cursor, dialect)?;
        let inline = cursor.take(inline_size as usize, "a tag")?.to_vec();
        let Some(size) = kind_size(kind) else { continue };
        let bytes = n.min(VALUES_MAX).saturating_mul(size);
        let Some(left) = budget.checked_sub(bytes) else { continue };
        *budget = left;
        let raw = if n.saturating_mul(size) <= inline_size {
            inline
        } else {
            let from = offset(&mut Cursor::new(input.file, &inline, dialect.big_endian), dialect)?;
            // A list that the file does not hold is left out; what needs it says so.
            let Ok(raw) = input.take(from, bytes, "a tag") else { continue };
            raw
        };
        let numbers = numbers(input.file, &raw, kind, n.min(VALUES_MAX), dialect.big_endian);
        tags.push((tag, Tag { is_text: kind == 2, numbers }));
    }
    Ok((Page { tags }, offset(&mut cursor, dialect)?))
}

fn numbers(file: &str, raw: &[u8], kind: u16, count: u64, big_endian: bool) -> Vec<f64> {
    let mut cursor = Cursor::new(file, raw, big_endian);
    let mut one = || match kind {
        1 | 2 | 7 => cursor.u8("").map(f64::from),
        3 => cursor.u16("").map(f64::from),
        4 | 13 => cursor.u32("").map(f64::from),
        5 => cursor.u32("").and_then(|top| cursor.u32("").map(|bottom| f64::from(top) / f64::from(bottom))),
        11 => cursor.f32("").map(f64::from),
        12 => cursor.f64(""),
        _ => cursor.u64("").map(|value| value as f64),
    };
    (0..count).map_while(|_| one().ok()).collect()
}

/// Bytes of one value; `None` for types that are not needed.
fn kind_size(kind: u16) -> Option<u64> {
    Some(match kind {
        1 | 2 | 7 => 1,
        3 => 2,
        4 | 11 | 13 => 4,
        5 | 12 | 16 | 18 => 8,
        _ => return None,
    })
}
