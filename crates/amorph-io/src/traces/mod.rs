//! Traces over time: what all their formats share, from characters to channels in SI.

mod assign;
mod build;
mod checks;
pub(crate) mod decode;
mod export;
mod layout;
mod lines;
mod mend;
pub(crate) mod names;
pub(crate) mod numbers;
mod options;
pub(crate) mod rows;
mod segments;
mod sets;

pub use export::{record_bytes, write_record};
pub use options::{
    ColumnMapping, ColumnPlace, DepthSign, NamedColumn, SegmentRange, StatedSegment, StatedSet, TRACE_PRESETS, TraceOptions,
    TracePreset,
};

pub(crate) use assign::claimed;
pub(crate) use build::{Builder, RawColumn, RawTable, parsed};
pub(crate) use layout::{Layout, has_spectrum};
pub(crate) use lines::Lines;
pub(crate) use sets::recorded;

use std::io::{Read, Seek, SeekFrom};

use amorph_core::data::Test;

use crate::IoError;
use decode::Encoding;

/// Bytes that can be read in pieces and in any order.
pub(crate) trait Bytes: Read + Seek {}
impl<T: Read + Seek> Bytes for T {}

/// What a reader of traces is given.
pub(crate) struct TraceInput<'a> {
    /// Name of the file, for messages.
    pub file: &'a str,
    /// Its bytes.
    pub source: &'a mut dyn Bytes,
    /// How many there are.
    pub length: u64,
    /// The first of them.
    pub head: &'a [u8],
    /// What the user says.
    pub options: &'a TraceOptions,
}

impl TraceInput<'_> {
    /// The text, line by line; `use_lines` is also told how it is encoded.
    pub(crate) fn lines<T>(
        &mut self,
        use_lines: impl FnOnce(&mut Lines<'_>, Encoding) -> Result<T, IoError>,
    ) -> Result<T, IoError> {
        let encoding = Encoding::of(self.head);
        let failed = |source| IoError::Read { file: self.file.to_owned(), source };
        let start = if self.head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        self.source.seek(SeekFrom::Start(start)).map_err(failed)?;
        if matches!(encoding, Encoding::Utf8 | Encoding::Latin1) {
            return use_lines(&mut Lines::new(self.file, &mut self.source), encoding);
        }
        let bytes = self.all()?;
        let text = decode::utf16_as_utf8(&bytes, encoding == Encoding::Utf16Big);
        drop(bytes);
        use_lines(&mut Lines::new(self.file, &mut text.as_slice()), encoding)
    }

    /// All bytes at once, for containers that are small.
    pub(crate) fn all(&mut self) -> Result<Vec<u8>, IoError> {
        let failed = |source| IoError::Read { file: self.file.to_owned(), source };
        self.source.seek(SeekFrom::Start(0)).map_err(failed)?;
        let mut bytes = Vec::new();
        self.source.read_to_end(&mut bytes).map_err(failed)?;
        Ok(bytes)
    }

    /// The first lines, as text; the last of them may be cut and is left out where the file goes on.
    pub(crate) fn head_lines(&self) -> Vec<String> {
        head_lines(self.head, self.length > self.head.len() as u64)
    }
}

/// The lines of the first bytes of a text; without the last where more follows.
pub(crate) fn head_lines(head: &[u8], more: bool) -> Vec<String> {
    let text = match Encoding::of(head) {
        Encoding::Utf16Little => decode::text(&decode::utf16_as_utf8(head, false)),
        Encoding::Utf16Big => decode::text(&decode::utf16_as_utf8(head, true)),
        Encoding::Utf8 | Encoding::Latin1 => decode::text(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head)),
    };
    let mut lines: Vec<String> = text.replace("\r\n", "\n").split(['\n', '\r']).map(str::to_owned).collect();
    if (more && lines.len() > 1) || lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Whether bytes are text: no control characters but those that lay out lines.
pub(crate) fn is_text(head: &[u8]) -> bool {
    let control = |byte: &&u8| **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a);
    match Encoding::of(head) {
        Encoding::Utf16Little | Encoding::Utf16Big => true,
        Encoding::Utf8 | Encoding::Latin1 => !head.is_empty() && head.iter().filter(control).count() == 0,
    }
}

/// The tests that the user asks for.
pub(crate) fn chosen(file: &str, tests: Vec<Test>, wanted: &[String]) -> Result<Vec<Test>, IoError> {
    if wanted.is_empty() {
        return Ok(tests);
    }
    for name in wanted {
        if !tests.iter().any(|test| test.name == *name) {
            return Err(IoError::NoTests {
                file: file.to_owned(),
                wanted: format!("there is no test '{name}'"),
                found: tests.iter().map(|test| format!("'{}'", test.name)).collect(),
                remedy: "; name one of them in `tests`",
            });
        }
    }
    Ok(tests.into_iter().filter(|test| wanted.contains(&test.name)).collect())
}

/// A name for the test of a file that names none: that of the file.
pub(crate) fn test_name(file: &str) -> String {
    std::path::Path::new(file).file_stem().map_or_else(|| file.to_owned(), |stem| stem.to_string_lossy().into_owned())
}
