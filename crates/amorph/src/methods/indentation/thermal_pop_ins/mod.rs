//! `indentation.thermal_pop_ins`: activation volume from first pop-ins at several rates or temperatures.

pub mod algorithm;
pub mod goodness;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::IndentationError;
use super::constants::{REDUCED_MODULUS, TIP_RADIUS};
use crate::core::ctx::Ctx;
use crate::core::data::{ColumnValues, Table};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{LifeLaw, Reading};
use crate::core::unit::Unit;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use crate::theory::constants::BOLTZMANN;
use algorithm::{Loaded, Thermal, fit};
use goodness::Goodness;

/// The law of pop-ins that wait for a thermal push, from tests at several rates or temperatures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ThermalPopIns {
    /// Column of the loads.
    pub load: String,
    /// Column that says what each load is: `event`, `none` or `below`; all are events if it is absent.
    pub status: String,
    /// Column of the rates of the load, N/s.
    pub rate: String,
    /// Column of the temperatures, K.
    pub temperature: String,
    /// Series drawn from the fitted law for the probability of so large a distance from it; none is given for 0.
    pub goodness_replicates: usize,
}

impl Default for ThermalPopIns {
    fn default() -> Self {
        let [load, status, rate, temperature] = ["load", "status", "loading_rate", "temperature"].map(str::to_owned);
        Self { load, status, rate, temperature, goodness_replicates: 199 }
    }
}

/// What [`ThermalPopIns`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    tests: Vec<Loaded>,
    several_temperatures: bool,
    radius: f64,
    reduced_modulus: f64,
}

/// Fewest pop-ins.
const FEWEST: usize = 20;
/// Factor between rates, and share between temperatures, that make a series.
const RATES: f64 = 3.0;
const TEMPERATURES: f64 = 1.05;

impl Method for ThermalPopIns {
    const INFO: MethodInfo = MethodInfo {
        id: "indentation.thermal_pop_ins",
        family: "indentation",
        version: 1,
        title: "Thermally activated pop-ins",
        summary: "Activation volume from the loads of first pop-ins at several rates or temperatures, weighed against a law of structure alone.",
        doc: include_str!("doc.md"),
        technique: "indentation",
        scope: Scope::Item,
        after: &[],
        constants: &[TIP_RADIUS.key, REDUCED_MODULUS.key],
        outputs: &[
            output("activation_volume", "V*", "m^3", "how strongly the stress below the tip speeds up pop-ins"),
            output("activation_energy", "ε", "J", "barrier without stress; series of temperatures only"),
            output("bic_thermal_minus_structure", "ΔBIC", "", "negative: the thermal law describes the series better"),
            output("goodness_of_fit_p", "p", "", "probability of loads so far from the thermal law where it holds"),
            output("n_popins", "n", "", "pop-ins"),
        ],
        covers: &[],
        references: &[
            "C. A. Schuh, A. C. Lund, J. Mater. Res. 19, 2152 (2004)",
            "J. K. Mason, A. C. Lund, C. A. Schuh, Phys. Rev. B 73, 054102 (2006)",
            "C. E. Packard, O. Franke, E. R. Homer, C. A. Schuh, J. Mater. Res. 25, 2251 (2010)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let stated = [
            (&TIP_RADIUS, dataset.constants.positive(&TIP_RADIUS)?),
            (&REDUCED_MODULUS, dataset.constants.positive(&REDUCED_MODULUS)?),
        ];
        let [radius, modulus] = dataset.constants.required(Self::INFO.id, stated)?;
        let tests = self.tests(dataset.table()?)?;
        let found = tests.iter().filter(|test| matches!(test.reading, Reading::Value(_))).count();
        if found < FEWEST {
            return Err(IndentationError::TooFewPoints { what: "pop-ins".to_owned(), found, needed: FEWEST }.into());
        }
        let range = |of: fn(&Loaded) -> f64| {
            let (lo, hi) = tests.iter().map(of).fold((f64::INFINITY, 0.0f64), |a, x| (a.0.min(x), a.1.max(x)));
            hi / lo
        };
        let (rates, temperatures) = (range(|test| test.rate), range(|test| test.temperature));
        if rates < RATES && temperatures < TEMPERATURES {
            return Err(IndentationError::NoSeries { rates, temperatures }.into());
        }
        let several_temperatures = temperatures >= TEMPERATURES;
        Ok(Input { tests, several_temperatures, radius: radius.value, reduced_modulus: modulus.value })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let failed = |reason: &str| IndentationError::NotFitted { what: "the thermal law", reason: reason.to_owned() };
        let law = fit(&input.tests, input.several_temperatures).ok_or_else(|| failed("its likelihood has no maximum"))?;
        let readings: Vec<Reading> = input.tests.iter().map(|test| test.reading).collect();
        let structure = LifeLaw::Weibull.fit(&readings).map_err(|error| failed(&error.to_string()))?;
        let difference = law.bic(input.tests.len()) - structure.bic();
        let mut notes = Vec::new();
        if difference > 0.0 {
            let text = "one Weibull law for all rates and temperatures describes the loads better: the scatter is that of the structure (Packard et \
                        al. 2010), and the activation volume is that of a law which does not hold";
            notes.push(Note::warning("structure", text));
        }
        let mut estimates = estimates(input, &law, difference);
        if self.goodness_replicates > 0 {
            let test = Goodness { replicates: self.goodness_replicates, seed: ctx.seed };
            let p = test.p(&input.tests, &law, input.several_temperatures).ok_or_else(|| failed("its replicates have none"))?;
            if p < 0.05 {
                let text = format!(
                    "the loads do not follow the thermal law (p = {p:.3}): the activation volume is that of a law which does not hold"
                );
                notes.push(Note::warning("thermal_law_rejected", text));
            }
            estimates.push(Estimate::without_interval("goodness_of_fit_p", "p", p, "", "a probability"));
        }
        Ok(Outcome {
            estimates,
            tables: vec![groups(input, &law)],
            figures: vec![figure(input, &law)],
            notes,
            ..Outcome::default()
        })
    }
}

impl ThermalPopIns {
    fn tests(&self, table: &Table) -> Result<Vec<Loaded>, MethodError> {
        let (loads, rates, temperatures) = (
            table.numbers_in(&self.load, "N")?,
            table.numbers_in(&self.rate, "N/s")?,
            table.numbers_in(&self.temperature, "K")?,
        );
        let status = table.columns.iter().find(|column| column.name == self.status);
        let words = status.and_then(|column| match &column.values {
            ColumnValues::Text(words) => Some(words),
            ColumnValues::Numbers(_) => None,
        });
        let mut tests = Vec::new();
        for row in 0..loads.len() {
            let (load, rate, temperature) = (loads[row], rates[row], temperatures[row]);
            if [load, rate, temperature].iter().any(|value| value.is_nan()) {
                continue;
            }
            for (what, value) in [("pop-in load", load), ("loading rate", rate), ("temperature", temperature)] {
                if !(value > 0.0 && value.is_finite()) {
                    return Err(IndentationError::Impossible { what, value, rule: "must be greater than zero" }.into());
                }
            }
            let reading = match words.and_then(|words| words.get(row)).map_or("event", |word| word.trim()) {
                "event" => Reading::Value(load),
                "none" => Reading::Above(load),
                "below" => Reading::Below(load),
                word => {
                    let (column, word) = (self.status.clone(), word.to_owned());
                    return Err(IndentationError::UnknownStatus { column, word }.into());
                }
            };
            tests.push(Loaded { reading, rate, temperature });
        }
        Ok(tests)
    }
}

/// Mean of `τ/P^(1/3)`: `(0.47/π) (4E*/(3R))^(2/3)`.
fn stress_per_root(input: &Input) -> f64 {
    0.47 / std::f64::consts::PI * (4.0 * input.reduced_modulus / (3.0 * input.radius)).powf(2.0 / 3.0)
}

fn estimates(input: &Input, law: &Thermal, difference: f64) -> Vec<Estimate> {
    let thermal = BOLTZMANN * law.reference_temperature;
    let scale = thermal / (stress_per_root(input) * law.reference_load.cbrt());
    let (lo, hi) = law.stress_interval;
    let (value, n) = (scale * law.stress_term, input.tests.len() as f64);
    let volume = if lo > 0.0 && hi.is_finite() {
        let interval = (scale * lo, scale * hi);
        Estimate::with_interval("activation_volume", "V*", value, "m^3", interval, Basis::Likelihood)
    } else {
        Estimate::without_interval("activation_volume", "V*", value, "m^3", "the likelihood has no end on one side")
    };
    let volume = if difference > 0.0 { volume.flag("structure_fits_better") } else { volume };
    let mut estimates = vec![volume.n(n).flag("model_dependent")];
    if input.several_temperatures {
        let why = "it hangs on the attempt frequency, which the loads hardly tell";
        let energy = thermal * law.energy_term;
        estimates.push(Estimate::without_interval("activation_energy", "ε", energy, "J", why).flag("model_dependent"));
    }
    let why = "a criterion";
    estimates.push(Estimate::without_interval("bic_thermal_minus_structure", "ΔBIC", difference, "", why));
    let events = input.tests.iter().filter(|test| matches!(test.reading, Reading::Value(_))).count() as f64;
    estimates.push(Estimate::without_interval("n_popins", "n", events, "", "counted, without error"));
    estimates
}

/// Tests of one rate and temperature.
struct Series {
    rate: f64,
    temperature: f64,
    /// Loads of events, N.
    loads: Vec<f64>,
    tests: usize,
}

fn series(input: &Input) -> Vec<Series> {
    let mut groups: Vec<Series> = Vec::new();
    for test in &input.tests {
        let same = |group: &&mut Series| {
            (group.rate / test.rate - 1.0).abs() < 0.01 && (group.temperature / test.temperature - 1.0).abs() < 1e-3
        };
        if groups.iter_mut().find(same).is_none() {
            groups.push(Series { rate: test.rate, temperature: test.temperature, loads: Vec::new(), tests: 0 });
        }
        if let Some(group) = groups.iter_mut().find(same) {
            group.tests += 1;
            if let Reading::Value(load) = test.reading {
                group.loads.push(load);
            }
        }
    }
    groups.sort_by(|a, b| a.temperature.total_cmp(&b.temperature).then(a.rate.total_cmp(&b.rate)));
    groups
}

/// Load that half of the tests do not pass by the law, N.
fn median_load(law: &Thermal, rate: f64, temperature: f64) -> f64 {
    let (mut lo, mut hi) = (1e-3 * law.reference_load, 1e3 * law.reference_load);
    for _ in 0..200 {
        let middle = (lo * hi).sqrt();
        if law.hazard(middle, rate, temperature) < std::f64::consts::LN_2 { lo = middle } else { hi = middle }
    }
    (lo * hi).sqrt()
}

fn groups(input: &Input, law: &Thermal) -> Table {
    let groups = series(input);
    let column = |of: &dyn Fn(&Series) -> f64| groups.iter().map(of).collect::<Vec<f64>>();
    Table::new("series", "Series of one rate and temperature")
        .with_numbers("loading_rate", "N/s", column(&|group| group.rate))
        .with_numbers("temperature", "K", column(&|group| group.temperature))
        .with_numbers("tests", "", column(&|group| group.tests as f64))
        .with_numbers("pop_ins", "", column(&|group| group.loads.len() as f64))
        .with_numbers("median_of_law", "N", column(&|group| median_load(law, group.rate, group.temperature)))
}

fn figure(input: &Input, law: &Thermal) -> Figure {
    let mut panel =
        Panel::new("", Axis::linear("load", Unit::of("mN")), Axis::linear("share of tests with a pop-in", Unit::one()));
    for (number, group) in series(input).into_iter().enumerate().take(6) {
        let Series { rate, temperature, mut loads, tests } = group;
        loads.sort_unstable_by(f64::total_cmp);
        let Some((lo, hi)) = loads.first().zip(loads.last()) else { continue };
        let x: Vec<f64> = (0..=100).map(|i| 0.8 * lo + (1.1 * hi - 0.8 * lo) * f64::from(i) / 100.0).collect();
        let y = x.iter().map(|load| -(-law.hazard(*load, rate, temperature)).exp_m1()).collect();
        let shares = (0..loads.len()).map(|i| (i as f64 + 0.5) / tests as f64).collect();
        let role = Role::Series(number as u16);
        let name = format!("{:.3} mN/s, {temperature:.0} K", 1e3 * rate);
        panel = panel.with(Mark::points(&name, role, loads, shares)).with(Mark::line("", role, x, y));
    }
    Figure {
        key: "thermal_pop_ins".to_owned(),
        title: "Pop-ins of every series".to_owned(),
        caption: "Points: pop-ins in the order of their loads. Lines: one thermal law for all series. Faster loading must move the curve to higher \
                  loads as far as its width asks for."
            .to_owned(),
        panels: vec![panel],
    }
}
