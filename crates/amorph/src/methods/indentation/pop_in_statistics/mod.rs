//! `indentation.pop_in_statistics`: how strong the glass is below a tip, from the loads of first pop-ins.

pub mod algorithm;
mod figures;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::IndentationError;
use super::constants::{REDUCED_MODULUS, SHEAR_MODULUS, TIP_RADIUS};
use super::sphere::{contact_radius, greatest_shear_stress};
use crate::core::ctx::Ctx;
use crate::core::data::{ColumnValues, DataError, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{LifeFit, LifeLaw, Reading};
use crate::core::unit::Unit;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::{Two, two_weibull};

/// Weibull, log-normal and two-population laws of first pop-in loads, with censored tests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PopInStatistics {
    /// Column with the loads.
    pub load: String,
    /// Column that says what each load is: `event`, `none` (no pop-in up to it) or `below` (a pop-in before it); all are events if it is absent.
    pub status: String,
}

impl Default for PopInStatistics {
    fn default() -> Self {
        Self { load: "load".to_owned(), status: "status".to_owned() }
    }
}

/// What [`PopInStatistics`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    readings: Vec<Reading>,
    /// Radius and reduced modulus.
    sphere: Option<(f64, f64)>,
    shear_modulus: Option<f64>,
}

/// Fewest pop-ins.
const FEWEST: usize = 5;
/// Fewest pop-ins for which two populations are looked for.
const FEWEST_OF_TWO: usize = 30;

impl Method for PopInStatistics {
    const INFO: MethodInfo = MethodInfo {
        id: "indentation.pop_in_statistics",
        family: "indentation",
        version: 1,
        title: "Statistics of first pop-ins",
        summary: "Weibull and log-normal laws of the loads of first pop-ins by maximum likelihood with censored tests, and the shear stress there.",
        doc: include_str!("doc.md"),
        technique: "indentation",
        scope: Scope::Item,
        after: &["events.pop_ins"],
        constants: &[TIP_RADIUS.key, REDUCED_MODULUS.key, SHEAR_MODULUS.key],
        outputs: &[
            output("weibull_modulus", "k", "", "shape of the Weibull law of the loads"),
            output("weibull_scale", "P_0", "N", "load that 63 % of the tests do not pass"),
            output("popin_load", "P_50", "N", "median load by the better of the two laws"),
            output("popin_shear_stress", "τ_max", "Pa", "largest shear stress at the median load (elastic sphere)"),
            output("popin_stress_over_modulus", "τ_max/G", "", "the same over the shear modulus"),
            output("log_normal_sd", "σ_ln", "", "standard deviation of the logarithm of the loads"),
            output("bic_weibull_minus_log_normal", "ΔBIC", "", "negative: Weibull describes the loads better"),
            output("bic_two_minus_one_population", "ΔBIC", "", "negative: two populations describe the loads better"),
            output("n_popins", "n", "", "pop-ins"),
        ],
        covers: &[],
        references: &[
            "W. Weibull, J. Appl. Mech. 18, 293 (1951)",
            "C. E. Packard, O. Franke, E. R. Homer, C. A. Schuh, J. Mater. Res. 25, 2251 (2010)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        // After events.pop_ins the first pop-in of every test of the file.
        let found = dataset.upstream.iter().rev().find_map(|upstream| upstream.outcome.table("first_pop_ins"));
        let table = match (dataset.table(), found) {
            (Ok(table), _) | (Err(_), Some(table)) => table,
            (Err(missing), None) => return Err(missing),
        };
        let (unit, loads) = table.numbers(&self.load)?;
        if unit.is_known() {
            unit.require(&Unit::of("N"))?;
        }
        let readings = readings(table, &self.status, loads)?;
        let found = readings.iter().filter(|reading| matches!(reading, Reading::Value(_))).count();
        if found < FEWEST {
            return Err(IndentationError::TooFewPoints { what: "pop-ins".to_owned(), found, needed: FEWEST }.into());
        }
        let value =
            |info| -> Result<Option<f64>, MethodError> { Ok(dataset.constants.positive(info)?.map(|quantity| quantity.value)) };
        Ok(Input { readings, sphere: value(&TIP_RADIUS)?.zip(value(&REDUCED_MODULUS)?), shear_modulus: value(&SHEAR_MODULUS)? })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        let fit = |law: LifeLaw| {
            law.fit(&input.readings)
                .map_err(|error| IndentationError::NotFitted { what: "the law of the loads", reason: error.to_string() })
        };
        let (weibull, log_normal) = (fit(LifeLaw::Weibull)?, fit(LifeLaw::LogNormal)?);
        ctx.check_cancelled()?;
        let two = (weibull.n_values >= FEWEST_OF_TWO).then(|| two_weibull(&input.readings, &weibull)).flatten();
        let better = if weibull.bic() <= log_normal.bic() { &weibull } else { &log_normal };
        let mut estimates = of_laws(&weibull, &log_normal);
        estimates.extend(two.as_ref().map(|two| {
            let why = "a criterion; populations overlap and their shares have no tested interval";
            Estimate::without_interval("bic_two_minus_one_population", "ΔBIC", two.bic - weibull.bic(), "", why)
        }));
        estimates.extend(stresses(input, better));
        Ok(Outcome {
            estimates,
            tables: two.as_ref().map(populations).into_iter().chain([events(input)]).collect(),
            figures: vec![figures::weibull_plot(&input.readings, &weibull, &log_normal)],
            notes: notes(input, &weibull, two.as_ref()),
            ..Outcome::default()
        })
    }
}

fn readings(table: &Table, status: &str, loads: &[f64]) -> Result<Vec<Reading>, MethodError> {
    let column = table.columns.iter().find(|column| column.name == status);
    let words: Option<&Vec<String>> = column.and_then(|column| match &column.values {
        ColumnValues::Text(words) => Some(words),
        ColumnValues::Numbers(_) => None,
    });
    let mut readings = Vec::new();
    for (row, load) in loads.iter().enumerate().filter(|(_, load)| !load.is_nan()) {
        if !(*load > 0.0 && load.is_finite()) {
            return Err(
                IndentationError::Impossible { what: "pop-in load", value: *load, rule: "must be greater than zero" }.into()
            );
        }
        readings.push(match words.and_then(|words| words.get(row)).map_or("event", |word| word.trim()) {
            "event" => Reading::Value(*load),
            "none" => Reading::Above(*load),
            "below" => Reading::Below(*load),
            word => {
                let (column, word) = (status.to_owned(), word.to_owned());
                return Err(IndentationError::UnknownStatus { column, word }.into());
            }
        });
    }
    if readings.is_empty() {
        return Err(DataError::NoSuchColumn { wanted: "loads".to_owned(), found: Vec::new() }.into());
    }
    Ok(readings)
}

fn of_laws(weibull: &LifeFit, log_normal: &LifeFit) -> Vec<Estimate> {
    let n = weibull.n_values as f64;
    let exp = |(lo, hi): (f64, f64)| (lo.exp(), hi.exp());
    let basis = Basis::Likelihood;
    let shape = (1.0 / weibull.width_interval.1, 1.0 / weibull.width_interval.0);
    let scale = exp(weibull.location_interval);
    let better = if weibull.bic() <= log_normal.bic() { weibull } else { log_normal };
    let median = match better.law {
        LifeLaw::Weibull => (weibull.location + weibull.width * std::f64::consts::LN_2.ln()).exp(),
        LifeLaw::LogNormal => log_normal.location.exp(),
    };
    let median = match better.law {
        LifeLaw::LogNormal => {
            Estimate::with_interval("popin_load", "P_50", median, "N", exp(log_normal.location_interval), basis).n(n)
        }
        LifeLaw::Weibull => {
            let why = "the law that describes the loads better is Weibull's; its scale has the interval";
            Estimate::without_interval("popin_load", "P_50", median, "N", why).n(n)
        }
    };
    let why = "a criterion";
    vec![
        Estimate::with_interval("weibull_modulus", "k", 1.0 / weibull.width, "", shape, basis).n(n),
        Estimate::with_interval("weibull_scale", "P_0", weibull.location.exp(), "N", scale, basis).n(n),
        median,
        Estimate::with_interval("log_normal_sd", "σ_ln", log_normal.width, "", log_normal.width_interval, basis).n(n),
        Estimate::without_interval("bic_weibull_minus_log_normal", "ΔBIC", weibull.bic() - log_normal.bic(), "", why),
        Estimate::without_interval("n_popins", "n", n, "", "counted, without error"),
    ]
}

fn stresses(input: &Input, better: &LifeFit) -> Vec<Estimate> {
    let Some((radius, modulus)) = input.sphere else { return Vec::new() };
    let shift = if better.law == LifeLaw::Weibull { better.width * std::f64::consts::LN_2.ln() } else { 0.0 };
    let stress = greatest_shear_stress((better.location + shift).exp(), radius, modulus);
    let why = "it is that of the load; the errors of radius and modulus are systematic";
    let mut estimates = vec![Estimate::without_interval("popin_shear_stress", "τ_max", stress, "Pa", why)];
    estimates.extend(
        input
            .shear_modulus
            .map(|shear| Estimate::without_interval("popin_stress_over_modulus", "τ_max/G", stress / shear, "", why)),
    );
    estimates
}

fn events(input: &Input) -> Table {
    let loads: Vec<f64> =
        input.readings.iter().filter_map(|reading| if let Reading::Value(x) = reading { Some(*x) } else { None }).collect();
    let table = Table::new("popins", "Pop-ins").with_numbers("load", "N", loads.clone());
    let Some((radius, modulus)) = input.sphere else { return table };
    let contact: Vec<f64> = loads.iter().map(|load| contact_radius(*load, radius, modulus)).collect();
    table
        .with_numbers("shear_stress", "Pa", loads.iter().map(|load| greatest_shear_stress(*load, radius, modulus)).collect())
        .with_numbers("contact_radius", "m", contact.clone())
        .with_numbers("stressed_volume", "m^3", contact.iter().map(|a| a.powi(3)).collect())
}

fn populations(two: &Two) -> Table {
    Table::new("populations", "Two Weibull populations")
        .with_numbers("share", "", vec![two.share, 1.0 - two.share])
        .with_numbers("scale", "N", vec![two.location[0].exp(), two.location[1].exp()])
        .with_numbers("shape", "", vec![1.0 / two.width[0], 1.0 / two.width[1]])
}

fn notes(input: &Input, weibull: &LifeFit, two: Option<&Two>) -> Vec<Note> {
    let mut notes = Vec::new();
    let censored = weibull.n - weibull.n_values;
    if censored > 0 {
        notes.push(Note::info(
            "censored",
            format!("{censored} of {} tests are limits: no pop-in up to a load, or one before it", weibull.n),
        ));
    }
    if input.sphere.is_none() {
        notes.push(Note::info("no_stress", "state tip_radius and reduced_modulus for the shear stress at the pop-in"));
    }
    if two.is_some_and(|two| two.bic < weibull.bic() - 6.0) {
        notes.push(Note::warning(
            "two_populations",
            "two populations describe the loads better than one: one modulus has no meaning",
        ));
    }
    let text = "no activation volume: a distribution at one rate and one temperature is that of the structure (Packard et al. 2010); measure at \
                several rates or temperatures";
    notes.push(Note::refused("no_thermal_volume", text));
    notes
}
