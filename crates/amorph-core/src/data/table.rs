use serde::{Deserialize, Serialize};

use super::DataError;
use crate::unit::Unit;

/// Named columns of equal length.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Key of the table among the results, for instance `regions`.
    pub key: String,
    /// What it lists, for people.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
}

/// A column of a [`Table`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Unit of the numbers: SI, degrees for angles, or one that is not known.
    pub unit: Unit,
    /// The entries.
    pub values: ColumnValues,
}

/// The entries of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ColumnValues {
    /// Numbers; NaN (in JSON null) where missing.
    Numbers(#[serde(with = "crate::serde_float::vector")] Vec<f64>),
    /// Text.
    Text(Vec<String>),
}

impl Table {
    /// An empty table.
    pub fn new(key: &str, title: &str) -> Self {
        Self { key: key.to_owned(), title: title.to_owned(), columns: Vec::new() }
    }

    /// Adds a column of numbers in `unit`.
    #[must_use]
    pub fn with_numbers(mut self, name: &str, unit: &str, values: Vec<f64>) -> Self {
        self.columns.push(Column { name: name.to_owned(), unit: Unit::of(unit), values: ColumnValues::Numbers(values) });
        self
    }

    /// Adds a column of text.
    #[must_use]
    pub fn with_text(mut self, name: &str, values: Vec<String>) -> Self {
        self.columns.push(Column { name: name.to_owned(), unit: Unit::one(), values: ColumnValues::Text(values) });
        self
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.columns.first().map_or(0, |column| match &column.values {
            ColumnValues::Numbers(values) => values.len(),
            ColumnValues::Text(values) => values.len(),
        })
    }

    /// The first rows; all where there are no more.
    #[must_use]
    pub fn head(&self, rows: usize) -> Self {
        let first = |column: &Column| {
            let values = match &column.values {
                ColumnValues::Numbers(values) => ColumnValues::Numbers(values.iter().take(rows).copied().collect()),
                ColumnValues::Text(values) => ColumnValues::Text(values.iter().take(rows).cloned().collect()),
            };
            Column { name: column.name.clone(), unit: column.unit.clone(), values }
        };
        Self { columns: self.columns.iter().map(first).collect(), ..self.clone() }
    }

    /// Whether there is a column of this name.
    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    /// The numbers of a column in SI, whatever unit it has, which must be of the dimension of `unit`.
    ///
    /// # Errors
    /// [`DataError::NoSuchColumn`], [`DataError::NotNumbers`] or [`DataError::ColumnUnit`].
    pub fn numbers_in(&self, name: &str, unit: &str) -> Result<Vec<f64>, DataError> {
        let (found, values) = self.numbers(name)?;
        found.require(&Unit::of(unit)).map_err(|source| DataError::ColumnUnit {
            column: name.to_owned(),
            example: unit.to_owned(),
            source,
        })?;
        Ok(values.iter().map(|value| found.to_si(*value)).collect())
    }

    /// The numbers of a column and their unit: SI, angles in degrees.
    ///
    /// # Errors
    /// [`DataError::NoSuchColumn`] or [`DataError::NotNumbers`].
    pub fn numbers(&self, name: &str) -> Result<(&Unit, &[f64]), DataError> {
        let column = self.columns.iter().find(|column| column.name == name).ok_or_else(|| DataError::NoSuchColumn {
            wanted: name.to_owned(),
            found: self.columns.iter().map(|column| column.name.clone()).collect(),
        })?;
        match &column.values {
            ColumnValues::Numbers(values) => Ok((&column.unit, values)),
            ColumnValues::Text(_) => Err(DataError::NotNumbers { column: name.to_owned() }),
        }
    }
}
