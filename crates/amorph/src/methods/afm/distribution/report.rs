use super::algorithm::{Moment, shape};
use super::{Distribution, Input};
use crate::core::data::{DataError, Table};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{Histogram, quantiles};
use crate::core::unit::Unit;
use crate::method::MethodError;

pub(super) fn outcome(method: &Distribution, input: &Input<'_>) -> Result<Outcome, MethodError> {
    let map = input.energy;
    let valid = map.valid();
    let joules = ndarray::Zip::from(&map.values).and(&valid).map_collect(|&value, &valid| match valid {
        true => map.unit.to_si(value),
        false => f64::NAN,
    });
    let values: Vec<f64> = joules.iter().copied().filter(|value| value.is_finite()).collect();
    let constant = || DataError::Constant { map: map.quantity.clone(), value: values.first().copied().unwrap_or(f64::NAN) };
    let found = shape(&joules, map.pixel_pitch().unwrap_or((1.0, 1.0))).ok_or_else(constant)?;
    let few = format!(
        "only {:.0} independent areas fit into the image; 50 are needed for an interval that covers",
        found.n_effective
    );
    let estimate = |key: &str, symbol: &str, unit: &str, moment: Moment| {
        let estimate = match moment.interval {
            Some(interval) => Estimate::with_interval(key, symbol, moment.value, unit, interval, Basis::Replicate),
            None => Estimate::without_interval(key, symbol, moment.value, unit, &few),
        };
        let estimate = estimate.n(found.n_effective);
        match moment.std_error {
            Some(error) => estimate.std_error(error),
            None => estimate,
        }
    };
    let mut estimates = vec![
        estimate("distribution_mean", "⟨E⟩", "J", found.mean),
        estimate("distribution_sd", "σ_E", "J", found.sd),
        estimate("distribution_skewness", "γ₁", "", found.skewness),
    ];
    estimates.extend(found.cv.map(|cv| estimate("distribution_cv", "σ_E/⟨E⟩", "", cv)));
    let why = "no interval for the fourth moment of a correlated image has been shown to cover";
    let kurtosis = found.excess_kurtosis;
    estimates.push(Estimate::without_interval("distribution_excess_kurtosis", "γ₂", kurtosis, "", why));
    Ok(Outcome {
        estimates,
        tables: quantile_table(method, &values).into_iter().collect(),
        figures: figure(&values, found.mean.value).into_iter().collect(),
        notes: vec![Note::info(
            "site_is_the_unit",
            "these intervals are those of one image; between states, sites are compared, not pixels. The relative variation of the energy \
             is another quantity than that of the phase and is not compared with it",
        )],
        ..Outcome::default()
    })
}

fn quantile_table(method: &Distribution, values: &[f64]) -> Option<Table> {
    let found = quantiles(values, &method.probabilities).ok()?;
    let table = Table::new("quantiles", "Quantiles of the dissipated energy over the pixels");
    Some(table.with_numbers("probability", "", method.probabilities.clone()).with_numbers("dissipated_energy", "J", found))
}

fn figure(values: &[f64], mean: f64) -> Option<Figure> {
    let histogram = Histogram::freedman_diaconis(&[values]).ok()?;
    let density = histogram.density(0)?;
    let unit = Unit::of("J").preferred(mean);
    let inverse = Unit::of(&format!("1/{}", unit.symbol()));
    let rule = || Mark::Rule { name: "mean".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at: mean };
    let x = || Axis::linear("dissipated energy per cycle", unit.clone());
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
        title: "Distribution of the dissipated energy".to_owned(),
        caption: "Probability density over the pixels on a linear and on a logarithmic axis, where a tail is seen.".to_owned(),
        panels: vec![linear, logarithmic],
    })
}
