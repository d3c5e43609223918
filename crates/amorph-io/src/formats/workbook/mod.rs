//! Workbooks of Agilent, Keysight and KLA NanoSuite, of MTS TestWorks and of Gabo Eplexor; the layout is described in `SPEC.md`.

mod extent;
mod sheet;

use std::io::Cursor;

use amorph_core::data::{Metadata, RecordingRole, Test, TraceQuantity};
use amorph_core::outcome::Note;
use calamine::{Cell, Data, Range, Reader as _, Xls, Xlsx};

use super::{Format, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::{Builder, RawTable, TraceInput, chosen, claimed, parsed};

pub(crate) const FORMAT: Format = Format {
    id: "workbook",
    title: "workbook of NanoSuite, TestWorks or Eplexor",
    endings: &[".xls", ".xlsx"],
    magic: "D0CF11E0 (OLE2), or a ZIP archive with `xl/workbook.xml`",
    channels: "one test per sheet `Test n`: displacement, load, time, stiffness, hardness, modulus; or a sheet with frequency and both moduli",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises,
    read: Reader::Traces(read),
};

const OLE2: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

fn recognises(bytes: &[u8]) -> bool {
    bytes.starts_with(OLE2) || is_xlsx(bytes)
}

/// By the names of the members, which stand in the archive as they are.
pub(crate) fn is_xlsx(bytes: &[u8]) -> bool {
    const NAMES: [&[u8]; 2] = [b"xl/workbook.xml", b"xl/_rels/"];
    bytes.starts_with(b"PK") && NAMES.iter().any(|name| bytes.windows(name.len()).any(|window| window == *name))
}

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    let (file, options) = (input.file, input.options);
    let bytes = input.all()?;
    let mut builder = Builder::new(file, options);
    let damaged = |part: &str, reason: String| IoError::Damaged { file: file.to_owned(), part: part.to_owned(), reason };
    let mut book = super::contained(|| Book::open(&bytes)).map_err(|reason| damaged("the workbook", reason))?;
    let names = book.names();
    let mut tests = Vec::new();
    let mut auxiliary = Vec::new();
    let mut failures = Vec::new();
    let any_named = names.iter().any(|name| is_test_name(name));
    for name in &names {
        let mut is_test = options.sheet.as_deref().map_or_else(|| is_test_name(name), |sheet| sheet == name);
        if is_test && !options.tests.is_empty() && !options.tests.contains(name) {
            continue;
        }
        let range = match super::contained(|| book.range(name)) {
            Ok(range) => range,
            Err(reason) => {
                failures.push(damaged(&format!("sheet '{name}'"), reason));
                continue;
            }
        };
        let role = if is_test { RecordingRole::Test } else { RecordingRole::Auxiliary };
        let Some((mut table, head)) = sheet::table(name, role, &range) else { continue };
        // Eplexor names its sheet in the language of the user: its columns tell.
        if options.sheet.is_none() && !any_named && is_spectrum(&table) {
            table.role = RecordingRole::Test;
            is_test = true;
        }
        match (builder.recording(name, table), is_test) {
            (Ok(recording), true) => tests.push(Test { name: name.clone(), head, tables: vec![recording], ..Test::default() }),
            (Ok(recording), false) => auxiliary.push(recording),
            // Sheets of results may hold anything; only a test without units is worth stopping for.
            (Err(error), true) => return Err(error),
            (Err(error), false) => builder.notes.push(Note::info("sheet_left_out", error.to_string())),
        }
    }
    let Some(first) = tests.first_mut() else {
        return Err(failures.into_iter().next().unwrap_or_else(|| no_tests(file, &names)));
    };
    // What the instrument's own analysis says belongs to all tests and stands with the first.
    first.tables.extend(auxiliary);
    builder.notes.extend(failures.iter().map(|error| Note::warning("sheet_unreadable", error.to_string())));
    Ok(parsed(chosen(file, tests, &options.tests)?, Metadata::default(), None, builder.notes))
}

/// Whether a table holds a frequency and both moduli.
fn is_spectrum(table: &RawTable) -> bool {
    let found: Vec<TraceQuantity> = table.columns.iter().filter_map(claimed).collect();
    let frequency = [TraceQuantity::Frequency, TraceQuantity::AngularFrequency];
    let moduli = [TraceQuantity::StorageModulus, TraceQuantity::LossModulus];
    found.iter().any(|quantity| frequency.contains(quantity)) && moduli.iter().all(|modulus| found.contains(modulus))
}

/// A workbook of either kind.
enum Book<'a> {
    Old(Box<Xls<Cursor<&'a [u8]>>>),
    New(Box<Xlsx<Cursor<&'a [u8]>>>),
}

/// A sheet may have so many empty cells for every filled one, and some more.
const SPARSE: u64 = 100;
const SPARSE_AND: u64 = 1 << 20;

impl<'a> Book<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, String> {
        let source = Cursor::new(bytes);
        if bytes.starts_with(OLE2) {
            extent::check(bytes)?;
            return Xls::new(source).map(|book| Self::Old(Box::new(book))).map_err(|error| error.to_string());
        }
        Xlsx::new(source).map(|book| Self::New(Box::new(book))).map_err(|error| error.to_string())
    }

    fn names(&self) -> Vec<String> {
        match self {
            Self::Old(book) => book.sheet_names(),
            Self::New(book) => book.sheet_names(),
        }
    }

    /// The cells of a sheet. A cell may claim any place: the sheet is laid out only where its cells fill it.
    fn range(&mut self, name: &str) -> Result<Range<Data>, String> {
        let book = match self {
            Self::Old(book) => return book.worksheet_range(name).map_err(|error| error.to_string()),
            Self::New(book) => book,
        };
        let mut reader = book.worksheet_cells_reader(name).map_err(|error| error.to_string())?;
        let mut cells: Vec<Cell<Data>> = Vec::new();
        let (mut last_row, mut last_column) = (0, 0);
        while let Some(cell) = reader.next_cell().map_err(|error| error.to_string())? {
            let (row, column) = cell.get_position();
            (last_row, last_column) = (row.max(last_row), column.max(last_column));
            cells.push(Cell::new((row, column), Data::from(cell.get_value().clone())));
        }
        let places = (u64::from(last_row) + 1) * (u64::from(last_column) + 1);
        if places > SPARSE * cells.len() as u64 + SPARSE_AND {
            return Err(format!("its {} cells claim {places} places", cells.len()));
        }
        cells.sort_by_key(Cell::get_position);
        Ok(Range::from_sparse(cells))
    }
}

/// `Test 7`, `Test 012`.
fn is_test_name(name: &str) -> bool {
    name.strip_prefix("Test").is_some_and(|rest| {
        let number = rest.trim();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn no_tests(file: &str, names: &[String]) -> IoError {
    IoError::NoTests {
        file: file.to_owned(),
        wanted: "no sheet 'Test <number>' holds a table of numbers, and no other a frequency with both moduli".to_owned(),
        found: names.iter().map(|name| format!("sheet '{name}'")).collect(),
        remedy: "; name the sheet that holds the measurement by `sheet = \"...\"`",
    }
}
