//! `calorimetry.glass_transition`: the glass transition of a heating scan by four definitions, its step and its overshoot.

pub mod algorithm;
mod figures;
pub mod steps;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{HEAT_FLOW_SIGN, HEATING_RATE, SAMPLE_MASS, SENSOR_LAG};
use super::scans::{Masses, Scan, Scans, check_rate, doubt};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::NORMAL_95;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::{Found, Search, Transition, transition};

/// Onset, half step, inflection and fictive temperature of a heating scan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GlassTransition {
    /// Number of the heating scan, from 1 over all files of the item; absent: the last.
    pub scan: Option<usize>,
    /// Half of the width over which the heat capacity is smoothed, K.
    pub smoothing: f64,
    /// Where the line of the glass begins, K; absent: sought.
    pub glass_from: Option<f64>,
    /// Where it ends, K.
    pub glass_to: Option<f64>,
    /// Where the line of the liquid begins, K; absent: sought.
    pub liquid_from: Option<f64>,
    /// Where it ends, K.
    pub liquid_to: Option<f64>,
    /// Shortest line, K.
    pub least_line: f64,
    /// Repetitions with noise, for the errors.
    pub replicates: usize,
    /// Probability of noise at or below which a second step is named; it needs as many repetitions.
    pub significance: f64,
}

impl Default for GlassTransition {
    fn default() -> Self {
        let (glass_from, glass_to, liquid_from, liquid_to) = (None, None, None, None);
        let (smoothing, least_line, replicates, significance) = (3.0, 12.0, 100, 0.01);
        Self { scan: None, smoothing, glass_from, glass_to, liquid_from, liquid_to, least_line, replicates, significance }
    }
}

/// What [`GlassTransition`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    scan: Scan,
    search: Search,
    notes: Vec<Note>,
}

impl Method for GlassTransition {
    const INFO: MethodInfo = MethodInfo {
        id: "calorimetry.glass_transition",
        family: "calorimetry",
        version: 2,
        title: "Glass transition",
        summary: "Onset, half step, inflection and fictive temperature of a heating scan, the step of the heat capacity, the overshoot, and whether there is a second step.",
        doc: include_str!("doc.md"),
        technique: "dsc",
        scope: Scope::Item,
        after: &[],
        constants: &[HEAT_FLOW_SIGN.key, SAMPLE_MASS.key, HEATING_RATE.key, SENSOR_LAG.key],
        outputs: &[
            output(
                "glass_transition_onset",
                "Tg,on",
                "K",
                "where the tangent of the steepest rise meets the line of the glass",
            ),
            output("glass_transition_half", "Tg,1/2", "K", "where half of the step is done"),
            output("glass_transition_inflection", "Tg,i", "K", "steepest rise"),
            output("glass_transition_fictive", "Tf'", "K", "temperature of a liquid with the enthalpy of the glass"),
            output("specific_heat_step", "Δcp", "J/(kg K)", "liquid less glass at the fictive temperature"),
            output("overshoot_height", "", "J/(kg K)", "highest excess over the line of the liquid"),
            output("overshoot_area", "", "J/kg", "its area; no enthalpy of annealing, which needs a reference scan"),
            output("scan_rate", "q", "K/s", "heating rate from temperature and time"),
            output("second_step_p", "p", "", "share of noise whose slope rises as far again"),
            output("second_step_bic_gain", "ΔBIC", "", "Bayesian criterion of one sigmoid less that of two"),
            output("glass_transition_first", "Tg1", "K", "middle of the lower of two steps"),
            output("glass_transition_second", "Tg2", "K", "middle of the upper one"),
            output("first_step_share", "", "", "share of the lower one in the whole step"),
        ],
        covers: &["Q19-misc-g"],
        references: &[
            "C. T. Moynihan, A. J. Easteal, M. A. DeBolt, J. Tucker, J. Am. Ceram. Soc. 59, 12 (1976), doi:10.1111/j.1151-2916.1976.tb09376.x",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let search = self.search()?;
        let scans = Scans::read(dataset, Self::INFO.id, Masses::OneSample)?;
        let scan = scans.heating(self.scan)?.clone();
        check_rate(dataset, &scan)?;
        let mut notes = scans.notes.clone();
        if self.scan.is_none() && scans.heatings().len() > 1 {
            let text =
                format!("of {} heating scans the last is used ({}); `scan` chooses another", scans.heatings().len(), scan.name);
            notes.push(Note::info("last_scan", text));
        }
        notes.extend(doubt(&scan.heat_capacity));
        Ok(Input { scan, search, notes })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let scan = &input.scan;
        let found = transition(&scan.temperature, &scan.heat_capacity, &input.search, self.replicates, ctx.seed)?;
        scan.whole_within((found.windows[0].1, found.windows[1].0))?;
        let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
        let stated = input.search.glass.is_some() && input.search.liquid.is_some();
        estimates(scan, &found, stated, &mut outcome);
        notes(&found, &mut outcome);
        second_step(&found, &mut outcome);
        outcome.tables.push(table(scan, &found));
        outcome.figures = vec![figures::transition(scan, &found)];
        Ok(outcome)
    }
}

impl GlassTransition {
    fn search(&self) -> Result<Search, MethodError> {
        let wrong = |message: &str| MethodError::Parameters { method: Self::INFO.id, message: message.to_owned() };
        let fine = self.smoothing > 0.0
            && self.smoothing.is_finite()
            && self.least_line >= 2.0 * self.smoothing
            && self.replicates >= 20
            && self.significance > 0.0
            && self.significance < 0.5;
        if !fine {
            return Err(wrong(
                "smoothing must be above 0, least_line at least twice that, replicates at least 20, significance between 0 and 0.5",
            ));
        }
        let window = |from: Option<f64>, to: Option<f64>| match (from, to) {
            (None, None) => Ok(None),
            (Some(from), Some(to)) if to >= from + self.least_line => Ok(Some((from, to))),
            _ => Err(wrong(
                "a line needs where it begins and, least_line further, where it ends: glass_from and glass_to, liquid_from and liquid_to",
            )),
        };
        let (glass, liquid) = (window(self.glass_from, self.glass_to)?, window(self.liquid_from, self.liquid_to)?);
        Ok(Search { smoothing: self.smoothing, glass, liquid, least: self.least_line, significance: self.significance })
    }
}

/// Standard deviation of a number over the repetitions; its value within them.
fn spread(found: &Found, of: fn(&Transition) -> f64) -> f64 {
    let values: Vec<f64> = found.replicates.iter().map(of).filter(|value| value.is_finite()).collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
}

/// A number with its way out of a transition, and whether its interval was shown to cover for stated lines.
type Number = (&'static str, &'static str, &'static str, fn(&Transition) -> f64, bool);

const NUMBERS: [Number; 5] = [
    ("glass_transition_onset", "Tg,on", "K", |t| t.onset, false),
    ("glass_transition_half", "Tg,1/2", "K", |t| t.half, true),
    ("glass_transition_inflection", "Tg,i", "K", |t| t.inflection, false),
    ("glass_transition_fictive", "Tf'", "K", |t| t.fictive, true),
    ("specific_heat_step", "Δcp", "J/(kg K)", |t| t.step, true),
];
const OVERSHOOT: [Number; 2] =
    [("overshoot_height", "", "J/(kg K)", |t| t.overshoot, true), ("overshoot_area", "", "J/kg", |t| t.area, true)];

fn estimates(scan: &Scan, found: &Found, stated: bool, outcome: &mut Outcome) {
    let t = &found.transition;
    let overshoot = OVERSHOOT.iter().filter(|_| t.overshoot.is_finite());
    for &(key, symbol, unit, of, covers) in NUMBERS.iter().chain(overshoot) {
        let (value, std) = (of(t), spread(found, of));
        let estimate = if covers && stated {
            let ends = (value - NORMAL_95 * std, value + NORMAL_95 * std);
            Estimate::with_interval(key, symbol, value, unit, ends, Basis::Bootstrap)
        } else if covers {
            let why = "the lines were sought, and one that lies on a tail of the transition shifts the number; state glass_from, glass_to, liquid_from, \
                       liquid_to";
            Estimate::without_interval(key, symbol, value, unit, why)
        } else {
            let why = "smoothing and noise move the steepest rise by up to two kelvin, more than the error says";
            Estimate::without_interval(key, symbol, value, unit, why)
        };
        outcome.estimates.push(estimate.std_error(std));
    }
    let why = "slope of temperature over time";
    outcome.estimates.push(Estimate::without_interval("scan_rate", "q", scan.rate, "K/s", why));
}

fn notes(found: &Found, outcome: &mut Outcome) {
    let [glass, liquid] = found.windows;
    let text = format!(
        "line of the glass from {:.1} to {:.1} K, of the liquid from {:.1} to {:.1} K; noise {:.2} J/(kg K) white and {:.2} J/(kg K) of 1/f",
        glass.0, glass.1, liquid.0, liquid.1, found.noise.0, found.noise.1
    );
    outcome.notes.push(Note::info("lines", text));
    if found.place.crystallises {
        let text = format!("the scan is used up to {:.1} K; an exotherm larger than the step follows", found.place.end);
        outcome.notes.push(Note::info("crystallisation", text));
    }
    outcome.notes.push(Note::info(
        "baseline",
        "the heat capacity holds the baseline of the instrument; step, overshoot and temperatures do not depend on a straight one",
    ));
}

/// A second step, where the slope shows one and two sigmoids do better than one.
fn second_step(found: &Found, outcome: &mut Outcome) {
    let Some(steps) = found.steps else { return };
    let mut plain = |key: &str, symbol: &str, value: f64, unit: &str, why: &str| {
        outcome.estimates.push(Estimate::without_interval(key, symbol, value, unit, why));
    };
    plain("second_step_p", "p", steps.p, "", "a probability");
    let Some(two) = steps.two else { return };
    plain("second_step_bic_gain", "ΔBIC", two.bic_gain, "", "a difference of criteria");
    if two.bic_gain <= 0.0 {
        return;
    }
    let why = "a transition is no sigmoid: its middle is off by kelvins, more than noise tells";
    plain("glass_transition_first", "Tg1", two.temperatures[0], "K", why);
    plain("glass_transition_second", "Tg2", two.temperatures[1], "K", why);
    plain("first_step_share", "", two.share, "", why);
    let text = format!(
        "two steps, near {:.1} and {:.1} K: the slope rises again after the first (p = {:.3}), and two sigmoids do better than one; onset, half step and fictive temperature take both for one",
        two.temperatures[0], two.temperatures[1], steps.p
    );
    outcome.notes.push(Note::warning("two_steps", text));
    if steps.second.between < 0.0 {
        let text = "between both rises the heat capacity falls: an overshoot of the first, or the endotherm of a glass that was annealed far below; heat once beyond the transition and measure again";
        outcome.notes.push(Note::warning("falls_between", text));
    }
}

fn table(scan: &Scan, found: &Found) -> Table {
    let t = &found.transition;
    Table::new(
        "heat_capacity",
        "Heat capacity of the scan with the baseline of the instrument in it, smoothed, and the lines of glass and liquid",
    )
    .with_numbers("temperature", "K", scan.temperature.clone())
    .with_numbers("specific_heat", "J/(kg K)", scan.heat_capacity.clone())
    .with_numbers("smoothed", "J/(kg K)", found.smooth.clone())
    .with_numbers("glass_line", "J/(kg K)", scan.temperature.iter().map(|x| t.glass.at(*x)).collect())
    .with_numbers("liquid_line", "J/(kg K)", scan.temperature.iter().map(|x| t.liquid.at(*x)).collect())
}
