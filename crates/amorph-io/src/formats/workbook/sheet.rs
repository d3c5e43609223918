use amorph_core::data::{Metadata, RecordingRole, Repair, Segment, SegmentKind, SegmentOrigin};
use calamine::{Data, Range};

use crate::traces::names::unit_row;
use crate::traces::numbers::is_missing;
use crate::traces::{RawColumn, RawTable};

/// A row with a mark, as in the column `Segment`.
struct Marker {
    row: usize,
    text: String,
}

/// The table of a sheet: names, units, rows; `None` where there are no numbers. The second is what the markers say.
pub(super) fn table(name: &str, role: RecordingRole, range: &Range<Data>) -> Option<(RawTable, Metadata)> {
    let mut rows = range.rows();
    let names: Vec<String> = rows.next()?.iter().map(text).collect();
    let mut data: Vec<&[Data]> = rows.collect();
    let units = data.first().and_then(|row| units(row));
    if units.is_some() {
        data.remove(0);
    }
    let mut columns = Vec::new();
    let mut markers = Vec::new();
    let mut repairs = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let cells = || data.iter().map(move |row| row.get(index).unwrap_or(&Data::Empty));
        let has_numbers = cells().any(|cell| number(cell).is_some());
        if is_markers(name) && !has_numbers {
            markers = cells()
                .enumerate()
                .filter(|(_, cell)| !text(cell).is_empty())
                .map(|(row, cell)| Marker { row, text: text(cell) })
                .collect();
            continue;
        }
        if !has_numbers {
            continue;
        }
        let values: Vec<f64> = cells().map(|cell| number(cell).unwrap_or(f64::NAN)).collect();
        let odd = |cell: &&Data| matches!(cell, Data::Error(_)) || !text(cell).is_empty() && number(cell).is_none();
        let n_odd = cells().filter(odd).count();
        if n_odd > 0 {
            let first = cells().position(|cell| odd(&cell)).unwrap_or(0);
            let missing = cells().filter(odd).all(|cell| is_missing(text(cell).as_bytes()) || matches!(cell, Data::Error(_)));
            let what = if missing { "error cells or marks of missing values" } else { "cells of text" };
            repairs.push(Repair {
                kind: "text".to_owned(),
                rows: n_odd,
                first,
                text: format!("'{name}': {n_odd} {what} are missing"),
            });
        }
        let name = if name.is_empty() { format!("column {}", index + 1) } else { name.clone() };
        let unit = units.as_ref().and_then(|units| units.get(index).cloned().flatten());
        columns.push(RawColumn { name, unit, values, quantity: None });
    }
    if columns.is_empty() {
        return None;
    }
    let mut head = Metadata::default();
    markers.iter().for_each(|marker| head.push("markers", &marker.text, &marker.row.to_string()));
    let segments = if role == RecordingRole::Test { segments(&markers, data.len()) } else { Vec::new() };
    Some((RawTable { segments, repairs, ..RawTable::new(name, role, columns) }, head))
}

/// The row of units; edited files may have none.
fn units(row: &[Data]) -> Option<Vec<Option<String>>> {
    if row.iter().any(|cell| number(cell).is_some()) {
        return None;
    }
    let cells: Vec<String> = row.iter().map(text).collect();
    // Beside a row of units with unknown ones, a row of nothing but text is no row of numbers either.
    unit_row(&cells).or_else(|| {
        let named = cells.iter().filter(|cell| !cell.is_empty()).count();
        (named > 0).then(|| cells.into_iter().map(|cell| (!cell.is_empty()).then_some(cell)).collect())
    })
}

fn is_markers(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    name == "segment" || name == "segment type" || name.is_empty()
}

fn text(cell: &Data) -> String {
    match cell {
        Data::String(text) => text.trim().to_owned(),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        _ => String::new(),
    }
}

fn number(cell: &Data) -> Option<f64> {
    match cell {
        Data::Float(value) => Some(*value),
        #[allow(clippy::cast_precision_loss, reason = "cells of whole numbers are counts")]
        Data::Int(value) => Some(*value as f64),
        Data::DateTime(value) => Some(value.as_f64()),
        Data::String(text) => crate::traces::numbers::number(text.trim().as_bytes(), b'.'),
        _ => None,
    }
}

/// A mark applies to its own row and onward. Rows before the surface are the approach; `END` closes a segment.
fn segments(markers: &[Marker], rows: usize) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut push = |kind, first: usize, end: usize| {
        if first < end {
            segments.push(Segment { kind, first, end, origin: SegmentOrigin::Markers, demand: None });
        }
    };
    if let Some(first) = markers.first() {
        push(SegmentKind::Approach, 0, first.row);
    }
    for (index, marker) in markers.iter().enumerate() {
        let end = markers.get(index + 1).map_or(rows, |next| next.row);
        push(kind(&marker.text), marker.row, end);
    }
    segments
}

fn kind(text: &str) -> SegmentKind {
    let lower = text.to_lowercase();
    let kinds = [
        ("drift", SegmentKind::Drift),
        ("approach", SegmentKind::Approach),
        ("unload", SegmentKind::Unload),
        ("hold", SegmentKind::Hold),
        ("surface", SegmentKind::Load),
        ("load", SegmentKind::Load),
    ];
    kinds.into_iter().find(|(word, _)| lower.contains(word)).map_or(SegmentKind::Other, |(_, kind)| kind)
}
