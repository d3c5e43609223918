//! The extent of the sheets of a legacy workbook, before a decoder lays them out: a damaged cell address must not cost gigabytes.

use std::io::{Cursor, Read as _};

/// Columns and rows that a sheet can have ([MS-XLS], 2.2.3).
const COLUMNS: u32 = 256;
const ROWS: u32 = 1 << 16;

const BOUND_SHEET: u16 = 0x0085;
const END: u16 = 0x000A;
const DIMENSIONS: u16 = 0x0200;
const MANY_NUMBERS: u16 = 0x00BD;
/// Numbers, texts, truth values and formulas, whose records begin with row and column.
const CELLS: [u16; 7] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x0006];

/// Checks that no sheet claims a cell beyond the last row and column.
///
/// # Errors
/// What the sheet claims, or why the workbook cannot be opened.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let stream = if file.is_stream("/Workbook") { "/Workbook" } else { "/Book" };
    let mut records = Vec::new();
    let opened = file.open_stream(stream).map_err(|error| error.to_string())?;
    // A stream is no longer than its file.
    opened.take(bytes.len() as u64).read_to_end(&mut records).map_err(|error| error.to_string())?;
    for (kind, data) in all(&records).take_while(|(kind, _)| *kind != END) {
        let Some(first) = (kind == BOUND_SHEET).then(|| u32_at(data, 0)).flatten() else { continue };
        let Some(sheet) = records.get(first as usize..) else { continue };
        // The decoder stops at the first end that is not one of an embedded chart: to look on costs nothing.
        for (kind, data) in all(sheet) {
            within(kind, data)?;
        }
    }
    Ok(())
}

fn within(kind: u16, data: &[u8]) -> Result<(), String> {
    let (rows, columns) = if kind == DIMENSIONS {
        // The end of the rows takes two bytes in BIFF5 and four in BIFF8.
        let end = if data.len() < 14 { (u16_at(data, 2), u16_at(data, 6)) } else { (u32_at(data, 4), u16_at(data, 10)) };
        (end.0.unwrap_or(0), end.1.unwrap_or(0))
    } else if CELLS.contains(&kind) {
        (0, u16_at(data, 2).map_or(0, |column| column + 1))
    } else if kind == MANY_NUMBERS {
        (0, u16_at(data, data.len().saturating_sub(2)).map_or(0, |column| column + 1))
    } else {
        return Ok(());
    };
    if rows > ROWS || columns > COLUMNS {
        return Err(format!("a sheet claims {rows} rows or {columns} columns, of {ROWS} and {COLUMNS} that it can have"));
    }
    Ok(())
}

/// Kind and data of every record.
fn all(bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let kind = u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?);
        let length = usize::from(u16::from_le_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
        let data = bytes.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some((kind, data))
    })
}

fn u16_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?)))
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    fn workbook(sheet: &[u8]) -> Vec<u8> {
        // The sheet begins behind the record that tells where, and the end of the first part.
        let mut stream = record(BOUND_SHEET, &[16, 0, 0, 0, 0, 0, 1, b'a']);
        stream.extend(record(END, &[]));
        assert_eq!(stream.len(), 16);
        stream.extend(sheet);
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        std::io::Write::write_all(&mut file.create_stream("/Workbook").unwrap(), &stream).unwrap();
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    #[test]
    fn cells_beyond_the_last_column_are_refused() {
        let number = |column: u16| record(0x0203, &[&[0, 0][..], &column.to_le_bytes(), &[0; 10]].concat());
        assert_eq!(check(&workbook(&number(255))), Ok(()));
        assert!(check(&workbook(&number(256))).unwrap_err().contains("257 columns"));
        let many = record(MANY_NUMBERS, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);
        assert!(check(&workbook(&many)).is_err());
    }

    #[test]
    fn sheets_that_claim_too_many_rows_are_refused() {
        let of = |rows: u32| record(DIMENSIONS, &[&[0; 4][..], &rows.to_le_bytes(), &[0, 0, 5, 0, 0, 0]].concat());
        assert_eq!(check(&workbook(&of(65536))), Ok(()));
        assert!(check(&workbook(&of(65537))).is_err());
        let old = record(DIMENSIONS, &[0, 0, 9, 0, 0, 0, 0xff, 0xff, 0, 0]);
        assert!(check(&workbook(&old)).is_err());
    }
}
