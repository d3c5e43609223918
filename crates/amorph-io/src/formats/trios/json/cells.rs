//! The walk through the file: what stands where, and the cells of the rows.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed};
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// Key of the cell that tells the step of a row.
const STEP: &str = "Results Step Id";

/// A column as it grows.
pub(super) struct Column {
    pub key: String,
    /// Row and number, where there is one.
    pub cells: Vec<(usize, f64)>,
    /// Cells that hold a text, and the row of the first.
    pub texts: usize,
    pub first_text: usize,
}

/// What was found in the file.
pub(super) struct Found {
    /// Where the walk is, for messages.
    pub place: &'static str,
    pub headers: Option<Value>,
    /// Sample, procedure and the like.
    pub descriptions: Vec<(String, Value)>,
    /// `Id` and `Name` of `ResultsSteps`.
    pub step_names: Vec<(String, String)>,
    pub columns: Vec<Column>,
    /// For every row the place of its step in `ids`.
    pub row_steps: Vec<usize>,
    /// Steps in the order of the rows; empty where a row tells none.
    pub ids: Vec<String>,
    by_key: HashMap<String, usize>,
    by_id: HashMap<String, usize>,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            place: "the JSON",
            headers: None,
            descriptions: Vec::new(),
            step_names: Vec::new(),
            columns: Vec::new(),
            row_steps: Vec::new(),
            ids: Vec::new(),
            by_key: HashMap::new(),
            by_id: HashMap::new(),
        }
    }
}

impl Found {
    /// Complete rows.
    pub(super) fn n_rows(&self) -> usize {
        self.row_steps.len()
    }

    fn take(&mut self, row: Row) {
        let index = self.row_steps.len();
        for (key, cell) in row.cells {
            if matches!(cell, Cell::Missing) {
                continue;
            }
            let place = *self.by_key.entry(key).or_insert_with_key(|key| {
                self.columns.push(Column { key: key.clone(), cells: Vec::new(), texts: 0, first_text: index });
                self.columns.len() - 1
            });
            let column = &mut self.columns[place];
            match cell {
                Cell::Number(value) => column.cells.push((index, value)),
                _ => {
                    column.first_text = if column.texts == 0 { index } else { column.first_text };
                    column.texts += 1;
                }
            }
        }
        let step = *self.by_id.entry(row.step).or_insert_with_key(|id| {
            self.ids.push(id.clone());
            self.ids.len() - 1
        });
        self.row_steps.push(step);
    }
}

/// An object on the way to the rows.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Level {
    Root,
    Results,
    Processed,
}

/// Reads one object and what is below it into `found`.
pub(super) struct Walk<'a> {
    pub level: Level,
    pub found: &'a mut Found,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.level {
            Level::Root => "the object of a TRIOS export",
            Level::Results => "the object Results",
            Level::Processed => "the object Results.Processed",
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { level, found } = self;
        let outer = found.place;
        while let Some(key) = map.next_key::<String>()? {
            match (level, key.as_str()) {
                (Level::Root, "Results") => {
                    found.place = "Results";
                    map.next_value_seed(Walk { level: Level::Results, found: &mut *found })?;
                }
                (Level::Root, "Schema" | "Sample" | "Procedure" | "StartTime") => {
                    found.descriptions.push((key, map.next_value()?))
                }
                (Level::Results, "Processed") => {
                    found.place = "Results.Processed";
                    map.next_value_seed(Walk { level: Level::Processed, found: &mut *found })?;
                }
                (Level::Processed, "ColumnHeaders") => {
                    found.place = "Results.Processed.ColumnHeaders";
                    found.headers = Some(map.next_value()?);
                }
                (Level::Processed, "ResultsSteps") => {
                    found.place = "Results.Processed.ResultsSteps";
                    found.step_names = step_names(&map.next_value()?).map_err(A::Error::custom)?;
                }
                (Level::Processed, "Rows") => {
                    found.place = "Results.Processed.Rows";
                    map.next_value_seed(Rows(&mut *found))?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            found.place = outer;
        }
        Ok(())
    }
}

fn step_names(steps: &Value) -> Result<Vec<(String, String)>, &'static str> {
    let Value::Array(steps) = steps else { return Err("it is no list of objects with Id and Name") };
    let text = |step: &Value, key: &str| step.get(key).and_then(Value::as_str).map(|text| text.trim().to_owned());
    steps
        .iter()
        .map(|step| Some((text(step, "Id")?, text(step, "Name")?)))
        .collect::<Option<Vec<_>>>()
        .ok_or("one of its steps lacks Id or Name, or they are no texts")
}

/// The list of rows.
struct Rows<'a>(&'a mut Found);

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        while let Some(row) = rows.next_element::<Row>()? {
            self.0.take(row);
        }
        Ok(())
    }
}

/// One row: its step and its cells.
struct Row {
    step: String,
    cells: Vec<(String, Cell)>,
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfRow;
        impl<'de> Visitor<'de> for OfRow {
            type Value = Row;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row: an object of values by the keys of ColumnHeaders")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
                let mut row = Row { step: String::new(), cells: Vec::new() };
                while let Some((key, cell)) = map.next_entry::<String, Cell>()? {
                    match cell {
                        Cell::Text(id) if key == STEP => row.step = id,
                        other => row.cells.push((key, other)),
                    }
                }
                Ok(row)
            }
        }
        deserializer.deserialize_map(OfRow)
    }
}

/// One value of a row.
enum Cell {
    Number(f64),
    Text(String),
    Missing,
    /// Neither a number nor a text.
    Else,
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfCell;
        impl<'de> Visitor<'de> for OfCell {
            type Value = Cell;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, a text or null")
            }

            fn visit_f64<E>(self, value: f64) -> Result<Cell, E> {
                Ok(Cell::Number(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Cell, E> {
                Ok(Cell::Number(value as f64))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Cell, E> {
                Ok(Cell::Number(value as f64))
            }

            fn visit_str<E>(self, text: &str) -> Result<Cell, E> {
                Ok(Cell::Text(text.to_owned()))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Cell, E> {
                Ok(Cell::Else)
            }

            fn visit_unit<E>(self) -> Result<Cell, E> {
                Ok(Cell::Missing)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Cell, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Cell::Else)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Cell, A::Error> {
                while items.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Cell::Else)
            }
        }
        deserializer.deserialize_any(OfCell)
    }
}
