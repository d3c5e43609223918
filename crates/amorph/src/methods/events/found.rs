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

/// Counts of one segment of one test, of a result of `events.spikes`.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentRow {
    /// File.
    pub item: String,
    /// Test within it.
    pub test: String,
    /// `load`, `hold` or `unload`.
    pub segment: String,
    /// Rising and falling events.
    pub found: [usize; 2],
    /// False alarms expected among them.
    pub background: [f64; 2],
    /// Observed time, s.
    pub exposure: f64,
    /// Mean stress rate, Pa/s; NaN where the stress is not known.
    pub stress_rate: f64,
}

/// Counts by segment of all tests of a state; with `background` off, false alarms are taken as none.
pub fn segment_rows(dataset: &Dataset, background: bool) -> Vec<SegmentRow> {
    let mut rows = Vec::new();
    for upstream in dataset.upstream.iter().filter(|upstream| upstream.method == "events.spikes") {
        let Some(table) = upstream.outcome.table("segments") else { continue };
        let column = |name: &str| table.numbers(name).map_or(&[][..], |(_, values)| values);
        let (tests, segments) = (texts(table, "test"), texts(table, "segment"));
        for row in 0..tests.len() {
            let alarms = ["expected_false_rising", "expected_false_falling"].map(|name| column(name)[row]);
            rows.push(SegmentRow {
                item: upstream.item.clone(),
                test: tests[row].clone(),
                segment: segments[row].clone(),
                found: ["rising", "falling"].map(|name| column(name)[row] as usize),
                background: if background { alarms } else { [0.0; 2] },
                exposure: column("exposure")[row],
                stress_rate: column("stress_rate")[row],
            });
        }
    }
    rows
}

/// A column of text; empty where there is none.
pub fn texts<'a>(table: &'a Table, name: &str) -> &'a [String] {
    let column = table.columns.iter().find(|column| column.name == name);
    match column.map(|column| &column.values) {
        Some(ColumnValues::Text(texts)) => texts,
        _ => &[],
    }
}
