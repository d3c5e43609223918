use super::super::found::texts;
use super::Imbalance;
use super::algorithm::Counts;
use crate::method::{Dataset, MethodError, Refusal};

/// Why nothing is compared.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum ImbalanceError {
    /// Nothing before it.
    #[error("no file of this state has a result of events.spikes")]
    NoSpikes,
    /// No event at all.
    #[error("{tests} tests without an event: there is no imbalance")]
    NoEvents { tests: usize },
}

impl Refusal for ImbalanceError {
    fn hint(&self) -> String {
        match self {
            Self::NoSpikes => "put \"events.spikes\" among the methods of the measurement".to_owned(),
            Self::NoEvents { .. } => "record longer, or at higher stress".to_owned(),
        }
    }
}

/// Counts of every segment of every test.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) rows: Vec<Row>,
}

/// One segment of one test.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub item: String,
    pub test: String,
    pub segment: String,
    pub counts: Counts,
    pub exposure: f64,
    pub stress_rate: f64,
}

pub(super) fn collect(method: &Imbalance, dataset: &Dataset) -> Result<Input, MethodError> {
    let results = dataset.upstream.iter().filter(|upstream| upstream.method == "events.spikes");
    let mut rows = Vec::new();
    for upstream in results {
        let Some(table) = upstream.outcome.table("segments") else { continue };
        let column = |name: &str| table.numbers(name).map_or(&[][..], |(_, values)| values);
        let (tests, segments) = (texts(table, "test"), texts(table, "segment"));
        for row in 0..tests.len() {
            let background = ["expected_false_rising", "expected_false_falling"].map(|name| column(name)[row]);
            rows.push(Row {
                item: upstream.item.clone(),
                test: tests[row].clone(),
                segment: segments[row].clone(),
                counts: Counts {
                    found: ["rising", "falling"].map(|name| column(name)[row] as usize),
                    background: if method.background { background } else { [0.0; 2] },
                },
                exposure: column("exposure")[row],
                stress_rate: column("stress_rate")[row],
            });
        }
    }
    if rows.is_empty() {
        return Err(ImbalanceError::NoSpikes.into());
    }
    if rows.iter().all(|row| row.counts.n() == 0) {
        return Err(ImbalanceError::NoEvents { tests: rows.len() }.into());
    }
    Ok(Input { rows })
}
