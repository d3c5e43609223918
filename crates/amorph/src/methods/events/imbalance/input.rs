use super::super::found::{SegmentRow, segment_rows};
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
    let row = |row: SegmentRow| Row {
        item: row.item,
        test: row.test,
        segment: row.segment,
        counts: Counts { found: row.found, background: row.background },
        exposure: row.exposure,
        stress_rate: row.stress_rate,
    };
    let rows: Vec<Row> = segment_rows(dataset, method.background).into_iter().map(row).collect();
    if rows.is_empty() {
        return Err(ImbalanceError::NoSpikes.into());
    }
    if rows.iter().all(|row| row.counts.n() == 0) {
        return Err(ImbalanceError::NoEvents { tests: rows.len() }.into());
    }
    Ok(Input { rows })
}
