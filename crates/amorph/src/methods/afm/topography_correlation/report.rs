//! Coefficients, p-values and what they mean.

use std::sync::atomic::{AtomicU64, Ordering};

use ndarray::Array2;
use rayon::prelude::*;

use super::algorithm::{CrossCorrelation, Lags, Reading, effective_pairs, p_value};
use super::{CorrelationError, Input, LONGEST_LAG, TopographyCorrelation, figures};
use crate::core::ctx::{Cancelled, Ctx};
use crate::core::data::{DataError, Map, Table};
use crate::core::image::{pair_statistics, polynomial_background};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::random::{SeedPart, derive_seed};
use crate::core::stats::quantiles;
use crate::method::MethodError;
use crate::methods::afm::field::{LARGEST_LENGTH, distance_at_correlation, ring_width};

/// Correlation lengths that are searched.
const LENGTHS_SEARCHED: f64 = 5.0;
/// Below this p-value a correlation is spoken of.
const SIGNIFICANT: f64 = 0.05;
const A_TEST: &str = "a test against chance, not an estimate: compare with the null band in the table";

/// The outcome of both tests.
struct Tested {
    reading: Reading,
    null: Vec<Reading>,
    p_zero: f64,
    p_largest: f64,
    n_effective: f64,
}

pub(super) fn outcome(method: &TopographyCorrelation, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let length = correlation_distance(input)?;
    let derived = (LENGTHS_SEARCHED * length).min(LONGEST_LAG * input.shorter);
    let lags = Lags::up_to(input.max_lag.unwrap_or(derived), input.pitch);
    let constant = || DataError::Constant { map: input.height.quantity.clone(), value: 0.0 };
    let correlation = CrossCorrelation::new(&si(input.map), &levelled(input.height)?).ok_or_else(constant)?;
    let tested = test(&correlation, &lags, method.surrogates, ctx)?;
    let magnitudes: Vec<f64> = tested.null.iter().map(|reading| reading.largest.abs()).collect();
    let limit = quantiles(&magnitudes, &[0.95]).ok().and_then(|found| found.first().copied()).unwrap_or(f64::NAN);
    Ok(Outcome {
        estimates: estimates(&tested),
        tables: vec![table(&tested, input.pitch, limit)],
        notes: notes(&tested, input, &lags, length),
        figures: vec![figures::sections(&tested.reading, &tested.null, &lags, input.pitch, limit)],
        ..Outcome::default()
    })
}

fn si(map: &Map) -> Array2<f64> {
    let si = |value: &f64, valid: &bool| if *valid { map.unit.to_si(*value) } else { f64::NAN };
    ndarray::Zip::from(&map.values).and(&map.valid()).map_collect(si)
}

/// The height over its robust plane, m, NaN where it is missing.
fn levelled(height: &Map) -> Result<Array2<f64>, CorrelationError> {
    let (metres, valid) = (si(height), height.valid());
    let mut levelled = polynomial_background(&metres.view(), Some(&valid.view()), 1, true)?.values;
    ndarray::Zip::from(&mut levelled).and(&valid).for_each(|value, valid| {
        if !valid {
            *value = f64::NAN;
        }
    });
    Ok(levelled)
}

/// Distance where the correlation of the map is 1/e, at least a pixel; refused beyond a tenth of the shorter side.
fn correlation_distance(input: &Input<'_>) -> Result<f64, CorrelationError> {
    let (values, valid) = (si(input.map), input.map.valid());
    let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let mean = finite.iter().sum::<f64>() / finite.len() as f64;
    let variance = finite.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / finite.len() as f64;
    let half = 0.5 * input.shorter;
    let length = pair_statistics(&values.view(), Some(&valid.view()), input.pitch, Some(half))
        .ok()
        .and_then(|pairs| distance_at_correlation(&pairs.radial(ring_width(input.pitch)), variance, (-1f64).exp()))
        .map_or(half, |length| length.max(ring_width(input.pitch)));
    if length > LARGEST_LENGTH * input.shorter {
        return Err(CorrelationError::TooSmall { map: input.map.quantity.clone(), length, shorter: input.shorter });
    }
    Ok(length)
}

fn test(correlation: &CrossCorrelation, lags: &Lags, n: usize, ctx: &Ctx) -> Result<Tested, Cancelled> {
    let done = AtomicU64::new(0);
    let surrogate = |k: u64| {
        ctx.check_cancelled()?;
        let seed = derive_seed(ctx.seed, &[SeedPart::Text("surrogate"), k.into()]);
        let reading = correlation.surrogate(seed).read(lags);
        ctx.report(done.fetch_add(1, Ordering::Relaxed) + 1, n as u64);
        Ok(reading)
    };
    let null: Vec<Reading> = (0..n as u64).into_par_iter().map(surrogate).collect::<Result<_, Cancelled>>()?;
    let reading = correlation.read(lags);
    Ok(Tested {
        p_zero: p_value(reading.zero.abs(), null.iter().map(|other| other.zero.abs())),
        p_largest: p_value(reading.largest.abs(), null.iter().map(|other| other.largest.abs())),
        n_effective: effective_pairs(null.iter().map(|other| other.zero)),
        reading,
        null,
    })
}

fn estimates(tested: &Tested) -> Vec<Estimate> {
    let n = tested.n_effective;
    let one = |key: &str, symbol: &str, value: f64| Estimate::without_interval(key, symbol, value, "", A_TEST);
    vec![
        one("corr_energy_height", "r", tested.reading.zero).n(n),
        one("corr_energy_height_p", "p", tested.p_zero).n(n),
        one("corr_energy_height_n_eff", "N_eff", n),
        one("corr_energy_height_max", "|r|_max", tested.reading.largest.abs()).n(n),
        one("corr_energy_height_max_p", "p_max", tested.p_largest).n(n),
    ]
}

/// Lag in metres, x to the right and y up.
fn lag_of(reading: &Reading, pitch: (f64, f64)) -> (f64, f64) {
    let (row, column) = reading.largest_at;
    (column as f64 * pitch.1, -(row as f64) * pitch.0)
}

fn table(tested: &Tested, pitch: (f64, f64), limit: f64) -> Table {
    let at_zero: Vec<f64> = tested.null.iter().map(|reading| reading.zero).collect();
    let band = quantiles(&at_zero, &[0.025, 0.975]).unwrap_or_else(|_| vec![f64::NAN; 2]);
    let (x, y) = lag_of(&tested.reading, pitch);
    Table::new("null_comparison", "Correlation with the height, and 95 % of what surrogates of the same spectra give")
        .with_text("statistic", vec!["r at lag 0".to_owned(), "largest |r|".to_owned()])
        .with_numbers("value", "", vec![tested.reading.zero, tested.reading.largest.abs()])
        .with_numbers("null_lo", "", vec![band[0], 0.0])
        .with_numbers("null_hi", "", vec![band[1], limit])
        .with_numbers("p", "", vec![tested.p_zero, tested.p_largest])
        .with_numbers("lag_x", "m", vec![0.0, x])
        .with_numbers("lag_y", "m", vec![0.0, y])
}

fn notes(tested: &Tested, input: &Input<'_>, lags: &Lags, length: f64) -> Vec<Note> {
    let (reading, map) = (&tested.reading, input.map.quantity.replace('_', " "));
    let (rows, columns) = lags.reach();
    let mut notes = vec![Note::info(
        "null_model",
        format!(
            "{} surrogates of the {map} map with its spectrum and random phases; lags up to {columns} columns and {rows} rows (the \
             correlation of the map is 1/e at {length:.3e} m). Chance correlations are those of {:.0} independent pixels, not of {}",
            tested.null.len(),
            tested.n_effective,
            input.map.values.len()
        ),
    )];
    let by_chance = "no correlation beyond what maps of this spectrum show by chance";
    notes.push(if tested.p_zero < SIGNIFICANT {
        let direction = if reading.zero > 0.0 { "high" } else { "low" };
        Note::warning(
            "correlated_with_topography",
            format!(
                "the {map} correlates with the topography: it is larger where the surface is {direction} (r = {:.3}, p = {:.3}; {:.1} % of \
                 its variance). Whether that is leakage or structure, the test cannot tell",
                reading.zero,
                tested.p_zero,
                100.0 * reading.zero.powi(2)
            ),
        )
    } else {
        Note::info("not_correlated", format!("{by_chance} (r = {:.3}, p = {:.3})", reading.zero, tested.p_zero))
    });
    let (x, y) = lag_of(reading, input.pitch);
    let (r, p) = (reading.largest, tested.p_largest);
    notes.push(if p < SIGNIFICANT {
        let message = format!(
            "the {map} correlates with the topography at a lag of x = {x:.2e} m, y = {y:.2e} m (r = {r:.3}, p = {p:.3} over all lags); a \
             lag along the fast axis is typical of slopes and of a slow feedback"
        );
        Note::warning("correlated_at_a_lag", message)
    } else {
        Note::info("not_correlated_at_any_lag", format!("at any lag: {by_chance} (largest |r| = {:.3}, p = {p:.3})", r.abs()))
    });
    notes
}
