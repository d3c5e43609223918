//! Spikes that `events.spikes` found, for the methods after it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::data::{ColumnValues, Table};
use crate::core::outcome::Outcome;
use crate::method::Dataset;

/// Events of which sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignChoice {
    /// Both together.
    #[default]
    Both,
    /// Rising ones.
    Rising,
    /// Falling ones.
    Falling,
}

/// The spikes of an earlier result.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The result.
    pub outcome: &'a Outcome,
    /// Its list of events.
    pub table: &'a Table,
}

impl<'a> Found<'a> {
    /// The last result of `events.spikes`, where there is one.
    pub fn of(dataset: &'a Dataset) -> Option<Self> {
        let upstream = dataset.upstream.iter().rev().find(|upstream| upstream.method == "events.spikes")?;
        Some(Self { outcome: &upstream.outcome, table: upstream.outcome.table("spikes")? })
    }

    /// The size from which on spikes are found and measured well enough to be fitted.
    pub fn complete_from(&self) -> Option<f64> {
        let value = |key: &str| self.outcome.estimate(key).map(|estimate| estimate.value);
        Some(value("detection_efficiency_95")?.max(2.0 * value("detection_efficiency_50")?))
    }

    /// Rows of spikes, steps left out, of the sign asked for.
    pub fn rows(&self, sign: SignChoice) -> Vec<usize> {
        let (classes, signs) = (texts(self.table, "class"), texts(self.table, "sign"));
        let is_wanted = |row: &usize| {
            let found = signs.get(*row).map_or("", String::as_str);
            classes[*row] == "spike"
                && match sign {
                    SignChoice::Both => true,
                    SignChoice::Rising => found == "rising",
                    SignChoice::Falling => found == "falling",
                }
        };
        (0..classes.len()).filter(is_wanted).collect()
    }
}

/// A column of text; empty where there is none.
pub fn texts<'a>(table: &'a Table, name: &str) -> &'a [String] {
    let column = table.columns.iter().find(|column| column.name == name);
    match column.map(|column| &column.values) {
        Some(ColumnValues::Text(texts)) => texts,
        _ => &[],
    }
}
