use super::algorithm::{Stretch, WaitingFit, fit};
use super::error::WaitingError;
use super::figures;
use super::input::{FEWEST, Input};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::chi_squared_tail;
use crate::method::MethodError;

/// Trends less likely than this are taken off before shapes are fitted.
const TREND: f64 = 0.01;
/// Windows of so many mean waits for the variance of counts.
const WINDOW: f64 = 10.0;

pub(super) fn outcome(input: &Input) -> Result<Outcome, MethodError> {
    let mut notes = input.notes.clone();
    let trends: Vec<Option<(f64, f64)>> = input.stretches.iter().map(Stretch::trend).collect();
    let stationarity = joint(&trends);
    let changes = stationarity.is_some_and(|p| p < TREND);
    let waits: Vec<_> = input
        .stretches
        .iter()
        .zip(&trends)
        .map(|(stretch, trend)| match trend {
            Some((slope, _)) if changes => stretch.rescaled(*slope, input.dead_time),
            _ => stretch.waits(input.dead_time),
        })
        .collect();
    let found = fit(&waits).ok_or(WaitingError::TooFew { n: 0, needed: FEWEST })?;
    if changes {
        let message = "the rate changes in time: shapes are those of times in which it is constant, and the rate is a mean";
        notes.push(Note::warning("rate_changes", message));
    }
    if found.p < 0.05 {
        let kind = if found.shape < 1.0 { "they cluster" } else { "they avoid each other" };
        let message = format!("events do not come independently (p = {:.2e}, shape {:.2}): {kind}", found.p, found.shape);
        notes.push(Note::warning("not_exponential", message));
    }
    let n = found.n as f64;
    let mut estimates = vec![
        Estimate::with_interval("waiting_rate", "r", found.rate, "1/s", found.rate_interval, Basis::Counting).n(n),
        Estimate::with_interval("weibull_shape", "k", found.shape, "", found.shape_interval, Basis::Likelihood).n(n),
        Estimate::without_interval("weibull_p", "p", found.p, "", "a probability"),
    ];
    if let Some(p) = stationarity {
        estimates.push(Estimate::without_interval("stationarity_p", "p", p, "", "a probability"));
    }
    if let Some(fano) = fano_factor(&input.stretches, WINDOW / found.rate) {
        estimates.push(Estimate::without_interval(
            "fano_factor",
            "F",
            fano,
            "",
            "dead time and trends change it; compare the shape",
        ));
    }
    Ok(Outcome {
        tables: vec![by_stretch(input, &trends)],
        figures: vec![figures::survival(input, &found)],
        estimates,
        notes,
        ..Outcome::default()
    })
}

/// Probability of trends as strong as these in all stretches together (Fisher).
fn joint(trends: &[Option<(f64, f64)>]) -> Option<f64> {
    let known: Vec<f64> = trends.iter().flatten().map(|(_, p)| p.max(1e-300)).collect();
    if known.is_empty() {
        return None;
    }
    chi_squared_tail(-2.0 * known.iter().map(|p| p.ln()).sum::<f64>(), 2.0 * known.len() as f64).ok()
}

/// Variance over mean of counts in windows; `None` for fewer than ten of them.
fn fano_factor(stretches: &[Stretch], window: f64) -> Option<f64> {
    let mut counts = Vec::new();
    for stretch in stretches {
        let n = ((stretch.window[1] - stretch.window[0]) / window).floor() as usize;
        let mut of_stretch = vec![0.0; n];
        for time in &stretch.times {
            if let Some(count) = of_stretch.get_mut(((time - stretch.window[0]) / window) as usize) {
                *count += 1.0;
            }
        }
        counts.extend(of_stretch);
    }
    if counts.len() < 10 {
        return None;
    }
    let n = counts.len() as f64;
    let mean = counts.iter().sum::<f64>() / n;
    let variance = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean > 0.0).then_some(variance / mean)
}

fn by_stretch(input: &Input, trends: &[Option<(f64, f64)>]) -> Table {
    let column = |value: &dyn Fn(usize) -> f64| (0..input.stretches.len()).map(value).collect::<Vec<f64>>();
    let fits: Vec<Option<WaitingFit>> = input.stretches.iter().map(|stretch| fit(&[stretch.waits(input.dead_time)])).collect();
    let of = |place: usize, value: &dyn Fn(&WaitingFit) -> f64| fits[place].as_ref().map_or(f64::NAN, value);
    Table::new("stretches", "Waiting times by stretch")
        .with_text("stretch", input.names.clone())
        .with_numbers("events", "", column(&|place| input.stretches[place].times.len() as f64))
        .with_numbers("duration", "s", column(&|place| input.stretches[place].window[1] - input.stretches[place].window[0]))
        .with_numbers("rate", "1/s", column(&|place| of(place, &|fit| fit.rate)))
        .with_numbers("rate_lo", "1/s", column(&|place| of(place, &|fit| fit.rate_interval.0)))
        .with_numbers("rate_hi", "1/s", column(&|place| of(place, &|fit| fit.rate_interval.1)))
        .with_numbers("shape", "", column(&|place| of(place, &|fit| fit.shape)))
        .with_numbers("shape_lo", "", column(&|place| of(place, &|fit| fit.shape_interval.0)))
        .with_numbers("shape_hi", "", column(&|place| of(place, &|fit| fit.shape_interval.1)))
        .with_numbers("trend_of_ln_rate", "1/s", column(&|place| trends[place].map_or(f64::NAN, |(slope, _)| slope)))
        .with_numbers("trend_p", "", column(&|place| trends[place].map_or(f64::NAN, |(_, p)| p)))
}
