//! ZIP archives of text traces, as Micro Materials exports; the layout is described in `SPEC.md`.

use std::io::{Cursor, Read as _};

use amorph_core::data::{Data, Metadata, Test};
use amorph_core::outcome::Note;
use zip::ZipArchive;

use super::{Format, Reader, workbook};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::{TraceInput, TraceOptions, chosen, parsed, test_name};

pub(crate) const FORMAT: Format = Format {
    id: "trace-archive",
    title: "archive of text traces (Micro Materials)",
    endings: &[".zip"],
    magic: "PK (ZIP), no workbook",
    channels: "one test per member; columns from `preset = \"micro-materials\"` or `columns`",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.starts_with(b"PK\x03\x04") && !workbook::is_xlsx(bytes),
    read: Reader::Traces(read),
};

/// Greatest size of a member where the user states none.
const MEMBER_MAX: u64 = 2 << 30;
/// Deflate makes text at most a thousand times smaller.
const RATIO_MAX: u64 = 1100;

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    let (file, options) = (input.file, input.options);
    let bytes = input.all()?;
    let damaged = |part: &str, reason: String| IoError::Damaged { file: file.to_owned(), part: part.to_owned(), reason };
    let mut archive =
        ZipArchive::new(Cursor::new(bytes.as_slice())).map_err(|error| damaged("the archive", error.to_string()))?;
    let (mut tests, mut notes, mut failures, mut skipped) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for index in 0..archive.len() {
        match member(file, &mut archive, index, bytes.len() as u64, options) {
            Ok(Member::Skipped(name)) => skipped.push(name),
            Ok(Member::Tests(found, more)) => {
                tests.extend(found);
                notes.extend(more);
            }
            Err(error) => failures.push(error),
        }
    }
    if tests.is_empty() {
        let none = IoError::NoTests {
            file: file.to_owned(),
            wanted: "no member is a table of numbers".to_owned(),
            found: skipped,
            remedy: "; for columns without names say `preset = \"micro-materials\"` or `columns` (JPK keeps force curves in such archives, which are not read)",
        };
        return Err(failures.into_iter().next().unwrap_or(none));
    }
    if !skipped.is_empty() {
        notes.push(Note::info("members_skipped", format!("{} members were left out: {}", skipped.len(), skipped.join(", "))));
    }
    notes.extend(failures.iter().map(|error| Note::warning("member_unreadable", error.to_string())));
    Ok(parsed(chosen(file, tests, &options.tests)?, Metadata::default(), None, notes))
}

enum Member {
    Skipped(String),
    Tests(Vec<Test>, Vec<Note>),
}

fn member(
    file: &str,
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    available: u64,
    options: &TraceOptions,
) -> Result<Member, IoError> {
    let damaged = |reason: String| IoError::Damaged { file: file.to_owned(), part: format!("member {}", index + 1), reason };
    let mut entry = archive.by_index(index).map_err(|error| damaged(error.to_string()))?;
    let name = entry.name().map_err(|error| damaged(error.to_string()))?.into_owned();
    let hidden = |part: &str| part.starts_with('.') || part == "__MACOSX";
    if entry.is_dir() || name.split('/').any(hidden) {
        return Ok(Member::Skipped(name));
    }
    if entry.enclosed_name().is_none() {
        return Err(damaged(format!("its path '{name}' leaves the archive")));
    }
    let limit = options.member_limit.unwrap_or(MEMBER_MAX).min(available.saturating_mul(RATIO_MAX));
    if entry.size() > limit {
        return Err(IoError::TooLarge {
            file: file.to_owned(),
            field: format!("member '{name}'"),
            claimed: format!("{} bytes", entry.size()),
            available: limit,
        });
    }
    let mut text = Vec::new();
    entry.by_ref().take(limit).read_to_end(&mut text).map_err(|error| damaged(error.to_string()))?;
    let test_options = TraceOptions { tests: Vec::new(), format: None, ..options.clone() };
    let parsed = match super::read_text_traces(&name, &text, &test_options) {
        Some(parsed) => parsed,
        None => return Ok(Member::Skipped(name)),
    };
    let Parsed { data, notes, .. } = parsed.map_err(|error| damaged(error.to_string()))?;
    let Data::Record(record) = data else { return Ok(Member::Skipped(name)) };
    let tests = record.tests.into_iter().map(|mut test| {
        test.name = test_name(&name);
        place(&mut test);
        test
    });
    Ok(Member::Tests(tests.collect(), notes))
}

/// `1000nmXX 1 6958 -4555`: target, number and place on the stage, whose unit the name does not say.
fn place(test: &mut Test) {
    let words: Vec<&str> = test.name.split_whitespace().collect();
    if let [target, number, x, y] = words[..]
        && let (Ok(number), Ok(x), Ok(y)) = (number.parse::<u32>(), x.parse::<f64>(), y.parse::<f64>())
    {
        let target = target.to_owned();
        test.head.push("name", "target", &target);
        test.head.push("name", "number", &number.to_string());
        test.head.push("name", "x", &x.to_string());
        test.head.push("name", "y", &y.to_string());
    }
}
