use ndarray::Array2;

use super::algorithm::{Moment, Shape, shape};
use super::levels::Levels;
use super::{Distribution, Input};
use crate::core::data::{DataError, Map, Table};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{Histogram, quantiles};
use crate::core::unit::Unit;
use crate::method::MethodError;

pub(super) fn outcome(method: &Distribution, input: &Input<'_>) -> Result<Outcome, MethodError> {
    let map = input.map;
    let field = in_si(map);
    let values: Vec<f64> = field.iter().copied().filter(|value| value.is_finite()).collect();
    let constant = || DataError::Constant { map: map.quantity.clone(), value: values.first().copied().unwrap_or(f64::NAN) };
    let pitch = map.pixel_pitch().ok();
    let found = shape(&field, pitch.unwrap_or((1.0, 1.0))).ok_or_else(constant)?;
    let unit = si_unit(&map.unit);
    let mut estimates = moments(&found, unit.symbol());
    let mut notes = vec![Note::info(
        "site_is_the_unit",
        "these intervals are those of one image; between states, sites are compared, not pixels",
    )];
    if let Some((lag, more)) = input.lag.and_then(of_lag) {
        estimates.extend(more);
        notes.push(Note::refused("cv_of_phase", variation_note(found.cv.map(|cv| cv.value), &lag)));
    }
    let levels = Levels::of_map(&field, pitch, input.rule);
    Ok(Outcome {
        estimates,
        tables: quantile_table(method, &values, map, &unit)
            .into_iter()
            .chain(levels.map(|levels| levels.to_table(unit.symbol())))
            .collect(),
        figures: figure(&values, found.mean.value, map, &unit).into_iter().collect(),
        notes,
        ..Outcome::default()
    })
}

/// The usable values in SI (angles in deg), NaN elsewhere.
fn in_si(map: &Map) -> Array2<f64> {
    let scale = if map.unit.is_known() { map.unit.scale() / si_unit(&map.unit).scale() } else { 1.0 };
    let valid = map.valid();
    ndarray::Zip::from(&map.values).and(&valid).map_collect(|&value, &valid| if valid { scale * value } else { f64::NAN })
}

/// The SI unit of the same dimension; angles stay in deg.
fn si_unit(unit: &Unit) -> Unit {
    if !unit.is_known() || unit.symbol().is_empty() {
        return unit.clone();
    }
    if ["deg", "rad"].contains(&unit.symbol()) {
        return Unit::of("deg");
    }
    let named = ["J", "m", "Pa", "N", "V", "Hz"].map(Unit::of).into_iter().find(|named| named.is_compatible(unit));
    named.unwrap_or_else(|| Unit::of(&unit.dimension().base_units()))
}

fn moments(found: &Shape, unit: &str) -> Vec<Estimate> {
    let few = few_areas(found);
    let with = |key, symbol, unit, moment| estimate(key, symbol, unit, moment, found.n_effective, &few);
    let mut estimates = vec![
        with("distribution_mean", "⟨E⟩", unit, found.mean),
        with("distribution_sd", "σ_E", unit, found.sd),
        with("distribution_skewness", "γ₁", "", found.skewness),
    ];
    estimates.extend(found.cv.map(|cv| with("distribution_cv", "σ_E/⟨E⟩", "", cv)));
    let why = "no interval for the fourth moment of a correlated image has been shown to cover";
    let kurtosis = found.excess_kurtosis;
    estimates.push(Estimate::without_interval("distribution_excess_kurtosis", "γ₂", kurtosis, "", why));
    estimates
}

fn few_areas(found: &Shape) -> String {
    format!("only {:.0} independent areas fit into the image; 50 are needed for an interval that covers", found.n_effective)
}

fn estimate(key: &str, symbol: &str, unit: &str, moment: Moment, n: f64, few: &str) -> Estimate {
    let estimate = match moment.interval {
        Some(interval) => Estimate::with_interval(key, symbol, moment.value, unit, interval, Basis::Replicate),
        None => Estimate::without_interval(key, symbol, moment.value, unit, few),
    };
    match moment.std_error {
        Some(error) => estimate.n(n).std_error(error),
        None => estimate.n(n),
    }
}

/// Spread and relative variation of the lag.
fn of_lag(lag: &Map) -> Option<(Shape, Vec<Estimate>)> {
    let found = shape(&in_si(lag), lag.pixel_pitch().unwrap_or((1.0, 1.0)))?;
    let few = few_areas(&found);
    let with = |key, symbol, unit, moment| estimate(key, symbol, unit, moment, found.n_effective, &few);
    let mut estimates = vec![with("phase_lag_sd", "σ_φ", "deg", found.sd)];
    estimates.extend(found.cv.map(|cv| with("phase_lag_cv", "σ_φ/⟨φ⟩", "", cv)));
    Some((found, estimates))
}

fn variation_note(energy: Option<f64>, lag: &Shape) -> String {
    let percent = |cv: Option<f64>| cv.map_or("undefined".to_owned(), |cv| format!("{:.2} %", 100.0 * cv));
    format!(
        "the relative variations of the energy ({}) and of the lag ({}) are not compared: they are different quantities, and that of a phase \
         depends on where its zero lies",
        percent(energy),
        percent(lag.cv.map(|cv| cv.value))
    )
}

fn quantile_table(method: &Distribution, values: &[f64], map: &Map, unit: &Unit) -> Option<Table> {
    let found = quantiles(values, &method.probabilities).ok()?;
    let table = Table::new("quantiles", &format!("Quantiles of the {} over the pixels", words(map)));
    Some(table.with_numbers("probability", "", method.probabilities.clone()).with_numbers(&map.quantity, unit.symbol(), found))
}

fn words(map: &Map) -> String {
    map.quantity.replace('_', " ")
}

fn figure(values: &[f64], mean: f64, map: &Map, unit: &Unit) -> Option<Figure> {
    let unit = if unit.is_known() { unit.clone() } else { Unit::one() };
    let (values, mean): (Vec<f64>, f64) = (values.iter().map(|value| unit.to_si(*value)).collect(), unit.to_si(mean));
    let histogram = Histogram::freedman_diaconis(&[&values]).ok()?;
    let density = histogram.density(0)?;
    let unit = unit.preferred(mean);
    let inverse = match unit.symbol() {
        "" => Unit::one(),
        symbol if symbol.contains([' ', '/']) => Unit::of(&format!("1/({symbol})")),
        symbol => Unit::of(&format!("1/{symbol}")),
    };
    let rule = || Mark::Rule { name: "mean".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at: mean };
    let x = || Axis::linear(&words(map), unit.clone());
    let bars =
        Mark::Bars { name: "pixels".to_owned(), role: Role::Data, edges: histogram.edges.clone(), heights: density.clone() };
    // Empty bins have no place on a logarithmic axis.
    let (centres, occupied): (Vec<f64>, Vec<f64>) =
        histogram.centres().into_iter().zip(density).filter(|(_, density)| *density > 0.0).unzip();
    let linear = Panel::new("", x(), Axis::linear("probability density", inverse.clone())).with(bars).with(rule());
    let logarithmic = Panel::new("", x(), Axis::log("probability density", inverse))
        .with(Mark::points("pixels", Role::Data, centres, occupied))
        .with(rule());
    Some(Figure {
        key: "energy_density".to_owned(),
        title: format!("Distribution of the {}", words(map)),
        caption: "Probability density over the pixels on a linear and on a logarithmic axis, where a tail is seen.".to_owned(),
        panels: vec![linear, logarithmic],
    })
}
