//! Curves that stand beside each other in one table, each with its own column of time.

use amorph_core::data::{RecordingRole, Test, TraceQuantity};
use amorph_core::outcome::Note;

use super::assign::column_of;
use super::build::{Builder, RawColumn, RawTable};
use super::options::{ColumnMapping, ColumnPlace, StatedSet, TraceOptions};
use crate::IoError;

/// One test per set; columns may end before the last row of the table.
///
/// # Errors
/// [`IoError::TraceOption`] for what the sets say, [`IoError::NoSuchColumn`], and what is wrong with units.
pub(crate) fn recorded(file: &str, columns: &[RawColumn], options: &TraceOptions) -> Result<(Vec<Test>, Vec<Note>), IoError> {
    let wrong = |problem: String| IoError::TraceOption { file: file.to_owned(), option: "sets", problem };
    if options.maps_besides_sets() {
        return Err(wrong("and `columns` or `preset` exclude each other: every set says which columns it has".to_owned()));
    }
    let (mut tests, mut notes) = (Vec::new(), Vec::new());
    for (index, set) in options.sets.iter().enumerate() {
        let said = |problem: &str| wrong(format!("number {} '{}' {problem}", index + 1, set.name));
        if options.sets[..index].iter().any(|other| other.name == set.name) {
            return Err(said("has the name of another; give each a `name` of its own"));
        }
        let measures = set.columns.iter().any(|mapping| mapping.quantity == TraceQuantity::Temperature);
        if measures && set.temperature.is_some() {
            return Err(said("has a column of temperature and states one; keep one of the two"));
        }
        let (test, noticed) = recorded_set(file, columns, set, options)?;
        if test.tables.iter().all(|table| table.n_rows() == 0) {
            return Err(said("has no numbers in its columns"));
        }
        tests.push(test);
        notes.extend(noticed);
    }
    Ok((tests, notes))
}

fn recorded_set(
    file: &str,
    columns: &[RawColumn],
    set: &StatedSet,
    options: &TraceOptions,
) -> Result<(Test, Vec<Note>), IoError> {
    let own = set.columns.iter().map(|mapping| column_of(file, columns, mapping)).collect::<Result<Vec<_>, _>>()?;
    let last = |column: &&RawColumn| column.values.iter().rposition(|value| !value.is_nan()).map_or(0, |row| row + 1);
    let rows = own.iter().map(last).max().unwrap_or(0);
    let mut picked: Vec<RawColumn> = own
        .iter()
        .map(|column| RawColumn {
            name: column.name.clone(),
            unit: column.unit.clone(),
            values: column.values[..rows.min(column.values.len())].to_vec(),
            quantity: None,
        })
        .collect();
    let by_number =
        |(index, mapping): (usize, &ColumnMapping)| ColumnMapping { column: ColumnPlace::Number(index + 1), ..mapping.clone() };
    let mappings = set.columns.iter().enumerate().map(by_number).collect();
    if let Some(temperature) = set.temperature {
        picked.push(RawColumn {
            name: "temperature of the set".to_owned(),
            unit: Some("K".to_owned()),
            values: vec![temperature; rows],
            quantity: Some(TraceQuantity::Temperature),
        });
    }
    let stated = TraceOptions { columns: mappings, sets: Vec::new(), ..options.clone() };
    let mut builder = Builder { several_allowed: false, ..Builder::new(file, &stated) };
    let table = builder.recording(&set.name, RawTable::new("test", RecordingRole::Test, picked))?;
    Ok((Test { tables: vec![table], name: set.name.clone(), ..Test::default() }, builder.notes))
}
