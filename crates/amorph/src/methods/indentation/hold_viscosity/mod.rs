//! `indentation.hold_viscosity`: viscosity before shear bands from holds at constant stress.

pub mod algorithm;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::IndentationError;
use crate::core::ctx::Ctx;
use crate::core::data::{Table, Test, TraceQuantity};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::fit::{LinearLeastSquares, straight_line};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::student_t_quantile;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::{Steady, steady};

/// Steady flow of micropillars under constant stress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
pub struct HoldViscosity {
    /// Strain rate that drift alone may make: rates below it give a lower limit of the viscosity.
    pub drift_strain_rate: Option<Quantity>,
}

/// One hold.
#[derive(Debug, Clone)]
struct Hold {
    name: String,
    stress: f64,
    time: Vec<f64>,
    strain: Vec<f64>,
}

/// What [`HoldViscosity`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    holds: Vec<Hold>,
    lost: Vec<String>,
    drift: f64,
}

/// Change of the rate over its error beyond which the flow is not steady, and beyond which a parabola does not follow it to its end.
const CHANGING: f64 = 2.0;
const BENT: f64 = 4.0;

/// A hold with its steady rate.
struct Flow<'a> {
    hold: &'a Hold,
    steady: Steady,
}

impl Method for HoldViscosity {
    const INFO: MethodInfo = MethodInfo {
        id: "indentation.hold_viscosity",
        family: "indentation",
        version: 1,
        title: "Viscosity before shear bands",
        summary: "Viscosity from the steady strain rate of holds at constant uniaxial stress, and its fall with the stress.",
        doc: include_str!("doc.md"),
        technique: "indentation",
        scope: Scope::Item,
        after: &[],
        constants: &[],
        outputs: &[
            output("strain_rate", "r", "1/s", "steady strain rate, where there is one hold"),
            output("viscosity", "η", "Pa s", "σ/(3 r), where there is one hold"),
            output("viscosity_lower_limit", "η", "Pa s", "where the rate is not told from zero or from drift"),
            output("apparent_viscosity", "σ/r", "Pa s", "stress over strain rate, for comparison"),
            output("thinning_slope", "", "", "d ln η/d ln σ over holds at several stresses"),
        ],
        covers: &["Q19-5.3-h"],
        references: &["Qiao et al. (2019), review, section 5.3"],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let (mut holds, mut lost) = (Vec::new(), Vec::new());
        for test in dataset.record()?.tests.iter().filter(|test| !test.ignored_by_instrument) {
            match Hold::of(test) {
                Ok(hold) => holds.push(hold),
                Err(why) => lost.push(format!("{}: {why}", test.name)),
            }
        }
        if holds.is_empty() {
            let first = lost.first().cloned().unwrap_or_else(|| "there are none".to_owned());
            return Err(IndentationError::NoUsableTest { total: lost.len(), first }.into());
        }
        if let Some(drift) = &self.drift_strain_rate {
            drift.unit.require(&Unit::of("1/s"))?;
        }
        Ok(Input { holds, lost, drift: self.drift_strain_rate.as_ref().map_or(0.0, |drift| drift.value.abs()) })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let mut flows = Vec::new();
        for hold in &input.holds {
            let steady = steady(&hold.time, &hold.strain)
                .map_err(|error| IndentationError::NotFitted { what: "the steady rate", reason: error.to_string() })?;
            flows.push(Flow { hold, steady });
        }
        let mut outcome =
            Outcome { tables: vec![table(input, &flows)], figures: vec![figure(input, &flows)], ..Outcome::default() };
        if let [only] = &flows[..] {
            outcome.estimates = of_one(input, only);
        }
        outcome.estimates.extend(thinning(input, &flows));
        outcome.notes.extend(input.lost.iter().map(|lost| Note::warning("test_lost", lost.clone())));
        for flow in flows.iter().filter(|flow| flow.steady.change.abs() > CHANGING) {
            let text = format!(
                "{}: the rate still changes at the end of the hold: no steady flow, the viscosity rises on",
                flow.hold.name
            );
            outcome.notes.push(Note::warning("not_steady", text));
        }
        Ok(outcome)
    }
}

impl Hold {
    fn of(test: &Test) -> Result<Self, String> {
        let recording = test.measurement().map_err(|error| error.to_string())?;
        let values = |quantity| recording.values(quantity).map_err(|error| error.to_string());
        let (time, strain, stress) =
            (values(TraceQuantity::Time)?, values(TraceQuantity::Strain)?, values(TraceQuantity::Stress)?);
        let rows: Vec<usize> =
            (0..time.len()).filter(|row| [time, strain, stress].iter().all(|values| values[*row].is_finite())).collect();
        let pick = |values: &[f64]| rows.iter().map(|row| values[*row]).collect::<Vec<f64>>();
        let stresses = pick(stress);
        let mean = crate::core::stats::mean(&stresses).map_err(|error| error.to_string())?;
        let spread = stresses.iter().map(|s| (s - mean).abs()).fold(0.0, f64::max);
        if mean <= 0.0 {
            return Err(format!("mean stress of {mean:e} Pa; it must be positive"));
        }
        if spread > 0.05 * mean {
            return Err(format!("the stress changes by {:.0} %: this is no hold", 100.0 * spread / mean));
        }
        Ok(Self { name: test.name.clone(), stress: mean, time: pick(time), strain: pick(strain) })
    }
}

impl Flow<'_> {
    /// Uniaxial, incompressible: a third of stress over rate.
    fn viscosity(&self, rate: f64) -> f64 {
        self.hold.stress / (3.0 * rate)
    }

    /// Whether the rate is told from zero and from drift.
    fn is_known(&self, drift: f64) -> bool {
        self.steady.interval.0 > drift
    }
}

fn of_one(input: &Input, flow: &Flow<'_>) -> Vec<Estimate> {
    let found = &flow.steady;
    if found.change.abs() > BENT {
        let why = "the rate still falls at the end of the hold: the steady one lies below by what no fit to this hold tells";
        let rate = Estimate::without_interval("strain_rate", "r", found.rate, "1/s", why).std_error(found.std_error);
        if !flow.is_known(input.drift) {
            return vec![rate];
        }
        let value = flow.viscosity(found.rate);
        return vec![rate, Estimate::without_interval("viscosity", "η", value, "Pa s", why).flag("not_steady")];
    }
    let rate = Estimate::with_interval("strain_rate", "r", found.rate, "1/s", found.interval, Basis::Likelihood);
    let mut estimates = vec![rate.std_error(found.std_error)];
    if !flow.is_known(input.drift) {
        let limit = flow.viscosity(found.interval.1 + input.drift);
        let why = "itself a one-sided limit: the rate is not told from zero or from drift";
        estimates.push(Estimate::without_interval("viscosity_lower_limit", "η", limit, "Pa s", why).flag("not_identified"));
        return estimates;
    }
    let value = flow.viscosity(found.rate);
    let interval = (flow.viscosity(found.interval.1), flow.viscosity(found.interval.0));
    let estimate = Estimate::with_interval("viscosity", "η", value, "Pa s", interval, Basis::Likelihood);
    estimates.push(estimate.std_error(value * found.std_error / found.rate));
    let why = "three times the viscosity; papers do not always say which they mean";
    estimates.push(Estimate::without_interval("apparent_viscosity", "σ/r", 3.0 * value, "Pa s", why));
    estimates
}

fn thinning(input: &Input, flows: &[Flow<'_>]) -> Option<Estimate> {
    let known: Vec<&Flow<'_>> = flows.iter().filter(|flow| flow.is_known(input.drift)).collect();
    let x: Vec<f64> = known.iter().map(|flow| flow.hold.stress.ln()).collect();
    let y: Vec<f64> = known.iter().map(|flow| flow.viscosity(flow.steady.rate).ln()).collect();
    if x.len() < 4 {
        return None;
    }
    // Slow holds are known worse than fast ones.
    let weights = known.iter().map(|flow| (flow.steady.rate / flow.steady.std_error).powi(2)).collect();
    let problem = LinearLeastSquares { weights: Some(weights), ..LinearLeastSquares::default() };
    let fit = straight_line(&x, &y, &problem).ok()?;
    let half = student_t_quantile(0.975, fit.dof as f64).ok()? * fit.std_errors[1];
    let slope = fit.coefficients[1];
    let estimate = Estimate::with_interval("thinning_slope", "", slope, "", (slope - half, slope + half), Basis::Replicate);
    Some(estimate.std_error(fit.std_errors[1]).n(x.len() as f64))
}

fn table(input: &Input, flows: &[Flow<'_>]) -> Table {
    let column = |of: &dyn Fn(&Flow<'_>) -> f64| flows.iter().map(of).collect::<Vec<f64>>();
    let known = |flow: &Flow<'_>, value: f64| if flow.is_known(input.drift) { value } else { f64::NAN };
    Table::new("holds", "Holds")
        .with_text("name", flows.iter().map(|flow| flow.hold.name.clone()).collect())
        .with_numbers("stress", "Pa", column(&|flow| flow.hold.stress))
        .with_numbers("strain_rate", "1/s", column(&|flow| flow.steady.rate))
        .with_numbers("strain_rate_std", "1/s", column(&|flow| flow.steady.std_error))
        .with_numbers("viscosity", "Pa s", column(&|flow| known(flow, flow.viscosity(flow.steady.rate))))
        .with_numbers("apparent_viscosity", "Pa s", column(&|flow| known(flow, 3.0 * flow.viscosity(flow.steady.rate))))
        .with_numbers("lower_limit", "Pa s", column(&|flow| flow.viscosity(flow.steady.interval.1 + input.drift)))
}

fn figure(input: &Input, flows: &[Flow<'_>]) -> Figure {
    let mut strain = Panel::new("", Axis::linear("time", Unit::of("s")), Axis::linear("strain", Unit::of("%")));
    for (number, flow) in flows.iter().take(8).enumerate() {
        let step = flow.hold.time.len().div_ceil(300).max(1);
        let thin = |values: &[f64]| values.iter().step_by(step).copied().collect::<Vec<f64>>();
        let (time, values) = (thin(&flow.hold.time), thin(&flow.hold.strain));
        strain = strain.with(Mark::line(&flow.hold.name, Role::Series(number as u16), time, values));
    }
    let mut panels = vec![strain];
    let known: Vec<&Flow<'_>> = flows.iter().filter(|flow| flow.is_known(input.drift)).collect();
    if known.len() > 1 {
        let ends = |flow: &&Flow<'_>| [flow.viscosity(flow.steady.interval.1), flow.viscosity(flow.steady.interval.0)];
        let points = Mark::Points {
            name: "holds, 95 %".to_owned(),
            role: Role::Data,
            x: known.iter().map(|flow| flow.hold.stress).collect(),
            y: known.iter().map(|flow| flow.viscosity(flow.steady.rate)).collect(),
            y_interval: known.iter().map(ends).collect(),
            x_interval: Vec::new(),
        };
        panels
            .push(Panel::new("", Axis::log("stress", Unit::of("GPa")), Axis::log("viscosity", Unit::of("Pa s"))).with(points));
    }
    Figure {
        key: "holds".to_owned(),
        title: "Strain in the holds and viscosity".to_owned(),
        caption: "The slope at the end of a hold is its strain rate; a viscosity that falls with the stress is shear thinning."
            .to_owned(),
        panels,
    }
}
