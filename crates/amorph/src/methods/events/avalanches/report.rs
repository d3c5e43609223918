use super::algorithm::{Stressed, StressedFit, size_duration_slope};
use super::error::AvalancheError;
use super::theories::{PUBLISHED, predictions};
use super::{Avalanches, Input, SizeIs, figures};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::fit::brent_minimise;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::{derive_seed, rng};
use crate::core::stats::Moments;
use crate::core::stats::power_law::{Sums, intervals};
use crate::method::MethodError;
use rand::RngExt;

/// Pooled sizes are fitted above so many times the cut-off without stress.
const INTEGRATED_FROM: f64 = 3.0;
/// Fewest events for an exponent of pooled sizes, and of durations.
const FEWEST_INTEGRATED: usize = 30;
const FEWEST_DURATIONS: usize = 100;
/// Critical stresses that are tried, over the largest stress less one, as logarithms.
const CRITICAL: [f64; 2] = [-7.0, 2.3];
/// Width of a 95 % interval in standard errors.
const WIDTH: f64 = 3.92;

pub(super) fn outcome(method: &Avalanches, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let mut notes = input.notes.clone();
    let (critical, stressed, fit) = fitted(input, &mut notes)?;
    let mut estimates = stressed_estimates(input, critical, &stressed, &fit)?;
    let pooled = pooled_estimates(input, &fit, &mut notes)?;
    let difference = pooled.as_ref().map(|pooled| pooled.value - fit.law.exponent);
    estimates.extend(pooled);
    if let Some(difference) = difference {
        let why = "both exponents come from the same events";
        estimates.push(Estimate::without_interval("integrated_difference", "α - κ", difference, "", why));
    }
    estimates.extend(duration_estimates(method, input, &estimates, &mut notes, ctx)?);
    remarks(method, &mut notes);
    Ok(Outcome {
        tables: vec![theory_table(method.size_is, &estimates), published_table()],
        figures: vec![figures::by_stress(input, critical, &fit), figures::theory(method.size_is, &estimates)],
        estimates,
        notes,
        ..Outcome::default()
    })
}

fn condensed(input: &Input, critical: f64) -> Option<Stressed> {
    let pairs: Vec<(f64, f64)> =
        input.events.iter().map(|event| (event.stress / critical, (event.size / input.xmin).max(1.0))).collect();
    Stressed::of(&pairs)
}

/// The law at the critical stress that was stated, or at the most likely one.
fn fitted(input: &Input, notes: &mut Vec<Note>) -> Result<(f64, Stressed, StressedFit), AvalancheError> {
    let largest = input.events.iter().map(|event| event.stress).fold(0.0, f64::max);
    let critical = match input.critical {
        Some(critical) => critical,
        None => {
            let at = |ln: f64| largest * (1.0 + ln.exp());
            let negative = |ln: f64| {
                condensed(input, at(ln))
                    .and_then(|stressed| stressed.fit().ok())
                    .map_or(f64::INFINITY, |fit| -fit.ln_likelihood)
            };
            let best = brent_minimise(negative, CRITICAL[0], CRITICAL[1], 1e-3)?;
            if (best.x - CRITICAL[0]).min(CRITICAL[1] - best.x) < 0.05 {
                let message = "the sizes do not tell the critical stress: exponent and power depend on where it is; state critical_stress";
                notes.push(Note::warning("critical_stress_not_identified", message));
            }
            at(best.x)
        }
    };
    let none = AvalancheError::AboveCritical { critical, largest };
    let stressed = condensed(input, critical).ok_or(none)?;
    let fit = stressed.fit()?;
    Ok((critical, stressed, fit))
}

fn stressed_estimates(
    input: &Input,
    critical: f64,
    stressed: &Stressed,
    fit: &StressedFit,
) -> Result<Vec<Estimate>, AvalancheError> {
    let n = stressed.n();
    let unit = input.size_unit.symbol();
    let scale = fit.law.scale * input.xmin;
    if input.critical.is_none() {
        let why = "the critical stress was fitted with it; coverage is shown for a stated one only";
        return Ok(vec![
            Estimate::without_interval("stressed_exponent", "κ", fit.law.exponent, "", why).n(n),
            Estimate::without_interval("stressed_cutoff_power", "p", fit.law.power, "", why).n(n),
            Estimate::without_interval("stressed_scale", "S₀", scale, unit, why).n(n),
            Estimate::without_interval("critical_stress", "τc", critical, "Pa", "coverage is not shown").n(n),
        ]);
    }
    let [exponent, (lo, hi), power] = stressed.intervals(fit)?;
    let of = |key: &str, symbol: &str, value: f64, unit: &str, interval: (f64, f64)| {
        Estimate::with_interval(key, symbol, value, unit, interval, Basis::Likelihood)
            .std_error((interval.1 - interval.0) / WIDTH)
            .n(n)
    };
    Ok(vec![
        of("stressed_exponent", "κ", fit.law.exponent, "", exponent),
        of("stressed_cutoff_power", "p", fit.law.power, "", power),
        of("stressed_scale", "S₀", scale, unit, (lo * input.xmin, hi * input.xmin)),
    ])
}

/// The exponent of all sizes together, above the sizes that only events at low stress are cut off at.
fn pooled_estimates(input: &Input, fit: &StressedFit, notes: &mut Vec<Note>) -> Result<Option<Estimate>, AvalancheError> {
    let from = (INTEGRATED_FROM * fit.law.scale * input.xmin).max(input.xmin);
    let ln_y: Vec<f64> = input.events.iter().filter(|event| event.size >= from).map(|event| (event.size / from).ln()).collect();
    if ln_y.len() < FEWEST_INTEGRATED {
        let message = format!(
            "exponent of the whole ramp not attempted, n = {} events above {INTEGRATED_FROM} S0; at least {FEWEST_INTEGRATED} are needed",
            ln_y.len()
        );
        notes.push(Note::refused("integrated_too_few", message));
        return Ok(None);
    }
    let sums = Sums::of_logarithms(&ln_y);
    let found = sums.fit();
    let interval = intervals(&sums, &found)?.alpha;
    let estimate = Estimate::with_interval("integrated_exponent", "α", found.law.alpha, "", interval, Basis::Likelihood);
    Ok(Some(estimate.std_error((interval.1 - interval.0) / WIDTH).n(sums.n)))
}

/// Exponents of durations and whether they fit those of sizes, from resolved events.
fn duration_estimates(
    method: &Avalanches,
    input: &Input,
    known: &[Estimate],
    notes: &mut Vec<Note>,
    ctx: &Ctx,
) -> Result<Vec<Estimate>, MethodError> {
    let pairs: Vec<(f64, f64)> = input
        .events
        .iter()
        .filter(|event| event.duration.is_finite() && event.duration >= input.shortest)
        .map(|event| (event.size, event.duration))
        .collect();
    if pairs.len() < FEWEST_DURATIONS {
        let message = format!(
            "the crackling relation was not tested, n = {} events of a resolved duration; at least {FEWEST_DURATIONS} are needed",
            pairs.len()
        );
        notes.push(Note::refused("durations_too_few", message));
        return Ok(Vec::new());
    }
    let integrated = known.iter().find(|estimate| estimate.key == "integrated_exponent").map(|estimate| estimate.value);
    let exponents = |pairs: &[(f64, f64)]| {
        let shortest = pairs.iter().map(|(_, duration)| *duration).fold(f64::INFINITY, f64::min);
        let ln: Vec<f64> = pairs.iter().map(|(_, duration)| (duration / shortest).ln()).collect();
        let durations = Sums::of_logarithms(&ln).fit().law.alpha;
        let slope = size_duration_slope(pairs);
        [durations, slope, integrated.map_or(f64::NAN, |sizes| (durations - 1.0) / (sizes - 1.0) - slope)]
    };
    let found = exponents(&pairs);
    let mut spread: [Vec<f64>; 3] = std::array::from_fn(|_| Vec::with_capacity(method.bootstrap));
    for replicate in 0..method.bootstrap {
        ctx.check_cancelled()?;
        let mut rng = rng(derive_seed(ctx.seed, &["durations".into(), replicate.into()]));
        let drawn: Vec<(f64, f64)> = (0..pairs.len()).map(|_| pairs[rng.random_range(0..pairs.len())]).collect();
        spread.iter_mut().zip(exponents(&drawn)).for_each(|(values, value)| values.push(value));
    }
    let why = "a standard error from resampled events; coverage is not shown";
    let names = [("duration_exponent", "τ_T"), ("size_duration_exponent", "1/σνz"), ("crackling_difference", "Δ")];
    let estimate = |place: usize| {
        let (key, symbol) = names[place];
        let estimate = Estimate::without_interval(key, symbol, found[place], "", why).n(pairs.len() as f64);
        match Moments::of(&spread[place]) {
            Ok(moments) if moments.std_dev.is_finite() => estimate.std_error(moments.std_dev),
            _ => estimate,
        }
    };
    Ok((0..3).filter(|place| found[*place].is_finite()).map(estimate).collect())
}

fn remarks(method: &Avalanches, notes: &mut Vec<Note>) {
    notes.push(Note::info(
        "pooled_is_integrated",
        "sizes pooled over a ramp follow the integrated exponent, 2 in mean-field theory: an exponent near 3/2 of a whole ramp is no evidence for that theory",
    ));
    let assumed = match method.size_is {
        SizeIs::Slip => {
            "a size is taken as the slip of the whole avalanche (exponent 3/2), as for spikes shorter than the response of the instrument; as a largest rate it would have 2"
        }
        SizeIs::LargestRate => {
            "a size is taken as the largest slip rate (exponent 2); spikes shorter than the response of the instrument measure the slip instead (3/2)"
        }
    };
    notes.push(Note::info("what_a_size_is", assumed));
}

fn theory_table(size_is: SizeIs, estimates: &[Estimate]) -> Table {
    let rows = predictions(size_is);
    let own = |key: &str| estimates.iter().find(|estimate| !key.is_empty() && estimate.key == key);
    let column = |value: &dyn Fn(&Estimate) -> Option<f64>| -> Vec<f64> {
        rows.iter().map(|row| own(row.key).and_then(value).unwrap_or(f64::NAN)).collect()
    };
    let z = |prediction: &dyn Fn(usize) -> Option<f64>| -> Vec<f64> {
        let of = |(place, row): (usize, &super::theories::Prediction)| {
            let estimate = own(row.key)?;
            Some((estimate.value - prediction(place)?) / estimate.std_error?)
        };
        rows.iter().enumerate().map(|row| of(row).unwrap_or(f64::NAN)).collect()
    };
    Table::new("theories", "Exponents of avalanches: predicted and found")
        .with_text("exponent", rows.iter().map(|row| row.what.to_owned()).collect())
        .with_numbers("mean_field", "", rows.iter().map(|row| row.mean_field).collect())
        .with_numbers("elastoplastic", "", rows.iter().map(|row| row.elastoplastic.unwrap_or(f64::NAN)).collect())
        .with_numbers("found", "", column(&|estimate| Some(estimate.value)))
        .with_numbers("found_lo", "", column(&|estimate| estimate.interval.map(|interval| interval.lo)))
        .with_numbers("found_hi", "", column(&|estimate| estimate.interval.map(|interval| interval.hi)))
        .with_numbers("z_mean_field", "", z(&|place| Some(rows[place].mean_field)))
        .with_numbers("z_elastoplastic", "", z(&|place| rows[place].elastoplastic))
}

fn published_table() -> Table {
    Table::new("published", "Bulk metallic glasses in compression (Antonaglia et al. 2014)")
        .with_text("exponent", PUBLISHED.iter().map(|row| row.0.to_owned()).collect())
        .with_numbers("value", "", PUBLISHED.iter().map(|row| row.1).collect())
        .with_numbers("error", "", PUBLISHED.iter().map(|row| row.2).collect())
}
