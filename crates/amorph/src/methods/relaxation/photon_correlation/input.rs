use super::PhotonCorrelation;
use crate::core::data::Table;
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::columns::{column, optional};
use crate::methods::relaxation::decay::Readings;

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    /// Delays and g2 - 1, by rising delay.
    pub(super) readings: Readings,
    /// Where the errors come from.
    pub(super) errors: Errors,
    /// Why there are no intervals, where the errors are not known well enough.
    pub(super) no_interval: Option<&'static str>,
    pub(super) free_baseline: bool,
    pub(super) notes: Vec<Note>,
}

/// Where the errors of g2 come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errors {
    /// A column.
    Stated,
    /// The scatter of repetitions around their mean.
    Repetitions,
    /// The scatter around the fit; all delays err alike.
    Scatter,
}

/// Fewest delays.
const FEWEST: usize = 8;
/// Fewest repetitions that tell an error, and delays on either side over which their scatter is averaged.
const REPETITIONS: usize = 3;
const POOLED: usize = 3;
/// Fewest repetitions from which intervals were tested.
const TESTED: usize = 10;
/// Delays that differ by less than this share are the same.
const SAME: f64 = 1e-6;

struct Row {
    delay: f64,
    value: f64,
    error: f64,
}

pub(super) fn input(parameters: &PhotonCorrelation, dataset: &Dataset) -> Result<Input, MethodError> {
    let table = dataset.table()?;
    let mut notes = Vec::new();
    let stated = optional(table, "g2_error", "")?;
    let rows = rows(table, stated.as_deref(), &mut notes)?;
    let groups: Vec<&[Row]> = rows.chunk_by(|a, b| b.delay <= a.delay * (1.0 + SAME)).collect();
    if groups.len() < FEWEST {
        let what = "different delays with a g2".to_owned();
        return Err(RelaxationError::TooFew { what, found: groups.len(), needed: FEWEST }.into());
    }
    let least = groups.iter().map(|group| group.len()).min().unwrap_or(0);
    let (errors, sizes) = if stated.is_some() {
        (Errors::Stated, groups.iter().map(|group| mean(group).1).collect())
    } else if least >= REPETITIONS {
        (Errors::Repetitions, scatter(&groups))
    } else {
        let text = "no column g2_error and fewer than 3 repetitions of a delay: all delays count alike, and the size of the errors comes from the scatter around the fit; \
                    late delays, of which fewer pairs of frames exist, err more in truth";
        notes.push(Note::warning("errors_from_scatter", text));
        (Errors::Scatter, groups.iter().map(|group| 1.0 / (group.len() as f64).sqrt()).collect::<Vec<f64>>())
    };
    if sizes.iter().any(|size| size.is_nan() || *size <= 0.0) {
        let reason = "the repetitions of some delays agree exactly: they are copies, not repetitions".to_owned();
        return Err(RelaxationError::NotFitted { what: "the correlation".to_owned(), reason }.into());
    }
    let readings = Readings {
        times: groups.iter().map(|group| group[0].delay).collect(),
        values: groups.iter().map(|group| mean(group).0 - 1.0).collect(),
        errors: sizes,
        stated: errors == Errors::Stated,
    };
    let no_interval = match errors {
        Errors::Stated => None,
        Errors::Repetitions if least >= TESTED => None,
        Errors::Repetitions => Some("fewer than 10 repetitions tell the errors too roughly: intervals covered 90 to 93 %"),
        Errors::Scatter => Some("how the errors change with the delay is not known; state g2_error"),
    };
    Ok(Input { readings, errors, no_interval, free_baseline: parameters.free_baseline, notes })
}

/// Rows with numbers, by rising delay.
fn rows(table: &Table, errors: Option<&[f64]>, notes: &mut Vec<Note>) -> Result<Vec<Row>, MethodError> {
    let (delays, values) = (column(table, "delay_time", "s")?, column(table, "g2", "")?);
    let mut rows = Vec::new();
    let (mut missing, mut early) = (0, 0);
    for (i, (delay, value)) in delays.iter().zip(&values).enumerate() {
        let error = errors.map_or(1.0, |errors| errors[i]);
        if !(delay.is_finite() && value.is_finite() && error.is_finite()) {
            missing += 1;
        } else if *delay <= 0.0 {
            early += 1;
        } else if error <= 0.0 {
            let wrong = RelaxationError::Impossible {
                row: i + 1,
                column: "g2_error".to_owned(),
                value: error,
                rule: "is not above zero",
            };
            return Err(wrong.into());
        } else {
            rows.push(Row { delay: *delay, value: *value, error });
        }
    }
    if missing > 0 {
        notes.push(Note::info("rows_missing", format!("{missing} rows without a number in one of the columns are left out")));
    }
    if early > 0 {
        let text = format!("{early} rows with a delay of zero or less are left out: g2 at no delay holds the shot noise");
        notes.push(Note::info("rows_without_delay", text));
    }
    rows.sort_by(|a, b| a.delay.total_cmp(&b.delay));
    Ok(rows)
}

/// Mean weighted by the errors, and its error.
fn mean(group: &[Row]) -> (f64, f64) {
    let weight = |row: &Row| 1.0 / (row.error * row.error);
    let total: f64 = group.iter().map(weight).sum();
    (group.iter().map(|row| weight(row) * row.value).sum::<f64>() / total, 1.0 / total.sqrt())
}

/// Standard error of the mean of every delay, from the scatter of repetitions, averaged over neighbouring delays.
fn scatter(groups: &[&[Row]]) -> Vec<f64> {
    let variance = |group: &&[Row]| {
        let mean = group.iter().map(|row| row.value).sum::<f64>() / group.len() as f64;
        group.iter().map(|row| (row.value - mean).powi(2)).sum::<f64>() / (group.len() - 1) as f64
    };
    let all: Vec<f64> = groups.iter().map(variance).collect();
    let of = |i: usize| {
        let near = &all[i.saturating_sub(POOLED)..(i + POOLED + 1).min(all.len())];
        (near.iter().sum::<f64>() / near.len() as f64 / groups[i].len() as f64).sqrt()
    };
    (0..all.len()).map(of).collect()
}
