use super::WaitingTimes;
use super::algorithm::{Stretch, WaitingFit, fit};
use super::error::WaitingError;
use super::figures;
use super::holds;
use super::input::{FEWEST, Input};
use super::memory::{Excitation, Fano, excitation, exponential_p, fano, gamma};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::chi_squared_tail;
use crate::core::unit::Probability;
use crate::method::MethodError;

/// Trends less likely than this are taken off before shapes are fitted.
const TREND: f64 = 0.01;
/// Windows of so many mean waits for the variance of counts; the fourth is the one of the estimate.
const WINDOWS: [f64; 7] = [2.0, 4.0, 7.0, 10.0, 20.0, 40.0, 80.0];
const WINDOW: f64 = 10.0;

pub(super) fn outcome(method: &WaitingTimes, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
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
        let message =
            format!("events do not come independently (p {:.2e}, shape {:.2}): {kind}", Probability(found.p), found.shape);
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
    // In a time in which the rate is constant nothing but memory is left.
    let steady: Vec<Stretch> = input
        .stretches
        .iter()
        .zip(&trends)
        .map(|(stretch, trend)| match trend {
            Some((slope, _)) if changes => stretch.steady(*slope),
            _ => stretch.clone(),
        })
        .collect();
    let excited = excitation(&steady, input.dead_time);
    estimates.extend(excited.map(|excited| branching(&excited, changes, input.dead_time, n)));
    if let Some(excited) = excited.filter(|excited| excited.interval.0 > 0.0) {
        let message = format!(
            "events bring each other: one brings {:.2} others, on average {:.2e} s later",
            excited.branching, excited.decay
        );
        notes.push(Note::warning("self_exciting", message));
    }
    let fanos: Vec<Fano> = WINDOWS.iter().filter_map(|window| fano(&steady, window / found.rate)).collect();
    if let Some(fano) = fano(&steady, WINDOW / found.rate) {
        let why = "dead time changes it; compare the table, and the shape";
        estimates.push(Estimate::without_interval("fano_factor", "F", fano.value, "", why));
    }
    let mut tables = vec![by_stretch(input, &trends), fano_table(&fanos)];
    let law = gamma(&waits);
    if let Some(law) = law {
        let why = "beside the Weibull shape; its coverage is not shown";
        estimates.push(Estimate::without_interval("gamma_shape", "k", law.shape, "", why).n(n));
        estimates.push(Estimate::without_interval("gamma_p", "p", law.p, "", "a probability"));
        tables.push(law_table(&found, law.shape, law.ratio, law.p));
    }
    if method.bootstrap > 0 {
        ctx.check_cancelled()?;
        let (_, p) = exponential_p(&waits, method.bootstrap, ctx.seed);
        estimates.push(Estimate::without_interval("exponential_p", "p", p, "", "a probability"));
    }
    tables.extend(holds::table(method, input, &waits, &mut notes));
    Ok(Outcome { tables, figures: vec![figures::survival(input, &found)], estimates, notes, ..Outcome::default() })
}

/// Probability of trends as strong as these in all stretches together (Fisher).
fn joint(trends: &[Option<(f64, f64)>]) -> Option<f64> {
    let known: Vec<f64> = trends.iter().flatten().map(|(_, p)| p.max(1e-300)).collect();
    if known.is_empty() {
        return None;
    }
    chi_squared_tail(-2.0 * known.iter().map(|p| p.ln()).sum::<f64>(), 2.0 * known.len() as f64).ok()
}

/// How many others an event brings.
fn branching(excited: &Excitation, changes: bool, dead_time: f64, n: f64) -> Estimate {
    let why = if changes {
        Some("the rate changes: coverage is shown for constant rates only")
    } else if dead_time > 0.0 && excited.branching > 0.0 {
        Some("a dead time hides some of the events that others bring: the interval is too narrow")
    } else {
        None
    };
    if let Some(why) = why {
        return Estimate::without_interval("branching_ratio", "b", excited.branching, "", why).n(n);
    }
    Estimate::with_interval("branching_ratio", "b", excited.branching, "", excited.interval, Basis::Likelihood).n(n)
}

fn fano_table(fanos: &[Fano]) -> Table {
    let column = |value: &dyn Fn(&Fano) -> f64| fanos.iter().map(value).collect::<Vec<f64>>();
    Table::new("fano", "Variance over mean of counts in windows")
        .with_numbers("window", "s", column(&|fano| fano.window))
        .with_numbers("windows", "", column(&|fano| fano.n as f64))
        .with_numbers("fano_factor", "", column(&|fano| fano.value))
        .with_numbers("independent_lo", "", column(&|fano| fano.expected.0))
        .with_numbers("independent_hi", "", column(&|fano| fano.expected.1))
}

/// Laws of the waits against the exponential one.
fn law_table(weibull: &WaitingFit, shape: f64, ratio: f64, p: f64) -> Table {
    Table::new("laws", "Laws of the waiting times")
        .with_text("law", vec!["exponential".to_owned(), "Weibull".to_owned(), "gamma".to_owned()])
        .with_numbers("shape", "", vec![1.0, weibull.shape, shape])
        .with_numbers("ratio", "", vec![0.0, weibull.ratio, ratio])
        .with_numbers("p", "", vec![f64::NAN, weibull.p, p])
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
