//! Traces of a strain or a load that is held: reading them, and means over steps of ln t.

use super::RelaxationError;
use crate::core::data::{Data, TraceQuantity};
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};

/// Rows of a trace in order of time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rows {
    /// Times, s.
    pub times: Vec<f64>,
    /// What answers.
    pub values: Vec<f64>,
    /// What is held, where a column tells.
    pub driven: Option<Vec<f64>>,
}

/// Time, one quantity and, where asked for and there, a second one, of all tests of a dataset that count.
pub(super) fn rows(
    dataset: &Dataset,
    quantity: TraceQuantity,
    driver: Option<TraceQuantity>,
    fewest: usize,
    notes: &mut Vec<Note>,
) -> Result<Rows, MethodError> {
    let _is_traces = dataset.record()?;
    let mut rows: Vec<[f64; 3]> = Vec::new();
    let mut spans: Vec<(f64, f64, &str)> = Vec::new();
    let (mut missing, mut undriven) = (0, driver.is_none());
    for data in &dataset.data {
        let Data::Record(record) = data else { continue };
        for test in record.tests.iter().filter(|test| !test.ignored_by_instrument) {
            let table = test.measurement().map_err(MethodError::Data)?;
            let (times, values) = (table.values(TraceQuantity::Time)?, table.values(quantity)?);
            let driven = driver.and_then(|driver| table.values(driver).ok());
            undriven |= driven.is_none();
            let of = |i: usize| [times[i], values[i], driven.map_or(0.0, |driven| driven[i])];
            let finite: Vec<[f64; 3]> =
                (0..times.len()).map(of).filter(|row| row.iter().all(|value| value.is_finite())).collect();
            missing += times.len() - finite.len();
            let (from, to) =
                finite.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), row| (a.min(row[0]), b.max(row[0])));
            if from < to {
                spans.push((from, to, &test.name));
            }
            rows.extend(finite);
        }
    }
    apart(&mut spans)?;
    if missing > 0 {
        notes.push(Note::info("rows_missing", format!("{missing} rows without a number in one of the columns are left out")));
    }
    if rows.len() < fewest {
        return Err(RelaxationError::TooFew { what: "readings".to_owned(), found: rows.len(), needed: fewest }.into());
    }
    if rows.windows(2).any(|pair| pair[1][0] < pair[0][0]) {
        rows.sort_by(|a, b| a[0].total_cmp(&b[0]));
        notes.push(Note::info("sorted", "the times do not rise throughout; they are sorted"));
    }
    let column = |k: usize| rows.iter().map(|row| row[k]).collect::<Vec<f64>>();
    Ok(Rows { times: column(0), values: column(1), driven: (!undriven).then(|| column(2)) })
}

/// A hold may be spread over files that follow each other; tests that run at the same times are several holds.
fn apart(spans: &mut [(f64, f64, &str)]) -> Result<(), RelaxationError> {
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    for pair in spans.windows(2) {
        let [(_, end, first), (begin, _, second)] = [pair[0], pair[1]];
        if begin < end {
            return Err(RelaxationError::SameTimes { first: first.to_owned(), second: second.to_owned(), begin, end });
        }
    }
    Ok(())
}

/// Correlation of the errors of neighbouring readings in the later half, from differences of readings, which a slow law hardly reaches:
/// for errors with correlation ρ from reading to reading, differences one and two readings apart have variances in the ratio
/// `1 : 1 + ρ`.
pub(super) fn reading_correlation(values: &[f64]) -> f64 {
    let late = &values[values.len() / 2..];
    if late.len() < 20 {
        return 0.0;
    }
    let slope = (late[late.len() - 1] - late[0]) / (late.len() - 1) as f64;
    let square = |step: usize| {
        let n = (late.len() - step) as f64;
        late.windows(step + 1).map(|w| (w[step] - w[0] - slope * step as f64).powi(2)).sum::<f64>() / n
    };
    let (one, two) = (square(1), square(2));
    if one > 0.0 { (two / one - 1.0).clamp(-1.0, 1.0) } else { 0.0 }
}

/// Means of a trace in steps of ln t.
#[derive(Debug, Clone, PartialEq)]
pub struct Bins {
    /// Geometric mean of the times of a bin, s.
    pub times: Vec<f64>,
    /// Mean value.
    pub values: Vec<f64>,
    /// Readings in it.
    pub counts: Vec<f64>,
}

/// Bins of readings at times above zero.
pub fn bins(times: &[f64], values: &[f64], per_decade: f64) -> Bins {
    let mut found = Bins { times: Vec::new(), values: Vec::new(), counts: Vec::new() };
    let mut last = i64::MIN;
    let mut sums = (0.0, 0.0, 0.0);
    let mut close = |sums: (f64, f64, f64)| {
        if sums.2 > 0.0 {
            found.times.push((sums.0 / sums.2).exp());
            found.values.push(sums.1 / sums.2);
            found.counts.push(sums.2);
        }
    };
    for (t, value) in times.iter().zip(values).filter(|(t, _)| **t > 0.0) {
        let bin = (t.log10() * per_decade).floor() as i64;
        if bin != last {
            close(sums);
            sums = (0.0, 0.0, 0.0);
            last = bin;
        }
        sums = (sums.0 + t.ln(), sums.1 + value, sums.2 + 1.0);
    }
    close(sums);
    found
}
