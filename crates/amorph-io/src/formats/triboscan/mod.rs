//! Text that Hysitron TriboScan exports; the layout is described in `SPEC.md`.

use amorph_core::data::{Metadata, RecordingRole, Repair, Test};

use super::{Format, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::names::heading;
use crate::traces::rows::{Rows, Style};
use crate::traces::{Builder, Lines, RawColumn, RawTable, TraceInput, chosen, decode, head_lines, is_text, parsed, test_name};

pub(crate) const FORMAT: Format = Format {
    id: "triboscan",
    title: "Hysitron TriboScan text",
    endings: &[".txt"],
    magic: "`Number of Points =` among the first six lines",
    channels: "depth, load, time and their voltages; current and voltage of NanoECR",
    can_write: true,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises,
    read: Reader::Traces(read),
};

const COUNT: &str = "Number of Points";
/// Bytes that hold the first six lines.
const HEAD: usize = 2048;

fn recognises(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    is_text(head) && head_lines(head, false).iter().take(6).any(|line| count(line).is_some())
}

fn count(line: &str) -> Option<Option<u64>> {
    let rest = line.trim_start().strip_prefix(COUNT)?.trim_start().strip_prefix('=')?;
    Some(rest.trim().parse().ok())
}

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    let (file, options, length) = (input.file, input.options, input.length);
    let mut builder = Builder::new(file, options);
    let mut metadata = Metadata::default();
    let tests = input.lines(|lines, encoding| {
        metadata.push("", "encoding", encoding.name());
        let mut tests = Vec::new();
        while let Some(line) = lines.next()? {
            let text = decode::text(line);
            match count(&text) {
                Some(stated) => {
                    let (table, repairs) = block(file, lines, length)?;
                    let name = if tests.is_empty() { test_name(file) } else { format!("{}", tests.len() + 1) };
                    tests.push(test(&mut builder, name, table, repairs, stated)?);
                }
                None if text.trim().is_empty() => {}
                None => metadata.push("", if tests.is_empty() { "date" } else { "text" }, text.trim()),
            }
        }
        Ok(tests)
    })?;
    if tests.is_empty() {
        return Err(IoError::Empty { file: file.to_owned() });
    }
    let tests = chosen(file, tests, &options.tests)?;
    Ok(parsed(tests, metadata, None, builder.notes))
}

fn test(
    builder: &mut Builder<'_>,
    name: String,
    columns: Vec<RawColumn>,
    mut repairs: Vec<Repair>,
    stated: Option<u64>,
) -> Result<Test, IoError> {
    let rows = columns.first().map_or(0, |column| column.values.len());
    if stated != Some(rows as u64) {
        let stated = stated.map_or("no number".to_owned(), |stated| stated.to_string());
        let text = format!("the head states {stated} points, the file holds {rows}; those are kept");
        repairs.push(Repair { kind: "count".to_owned(), rows, first: 0, text });
    }
    let table = RawTable { repairs, ..RawTable::new("test", RecordingRole::Test, columns) };
    Ok(Test { tables: vec![builder.recording(&name, table)?], name, ..Test::default() })
}

/// The columns below a count, up to the next count or the end.
fn block(file: &str, lines: &mut Lines<'_>, length: u64) -> Result<(Vec<RawColumn>, Vec<Repair>), IoError> {
    let header = loop {
        match lines.next()? {
            Some(line) if line.trim_ascii().is_empty() => {}
            Some(line) => break decode::text(line),
            None => return Err(no_rows(file)),
        }
    };
    let headings: Vec<_> = header.trim_end().split('\t').map(heading).collect();
    // A line of so many numbers of eight characters each.
    let expected = length / (9 * headings.len() as u64);
    let mut rows = Rows::new(file, Style::TABS, headings.len(), expected)?;
    while let Some(line) = lines.peek()? {
        if line.first().is_some_and(u8::is_ascii_alphabetic) && count(&decode::text(line)).is_some() {
            break;
        }
        let blank = line.trim_ascii().is_empty();
        let is_text = line.first().is_some_and(u8::is_ascii_alphabetic);
        if is_text && rows.len() > 0 {
            break;
        }
        let number = lines.number() + 1;
        if let Some(line) = lines.next()?
            && !blank
        {
            rows.push(line, number);
        }
    }
    if rows.len() == 0 {
        return Err(no_rows(file));
    }
    let (values, repairs) = rows.finish();
    let column = |((name, unit), values)| RawColumn { name, unit, values, quantity: None };
    Ok((headings.into_iter().zip(values).map(column).collect(), repairs))
}

fn no_rows(file: &str) -> IoError {
    IoError::MissingField {
        file: file.to_owned(),
        field: "the table of numbers".to_owned(),
        place: format!("the lines below '{COUNT}'"),
    }
}
