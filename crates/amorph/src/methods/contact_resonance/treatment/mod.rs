//! `contact_resonance.treatment`: how much a treatment changed the modulus, with sites as replicates.

pub mod algorithm;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ContactResonanceError;
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::Unit;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::Drop;

/// Relative drop of the indentation modulus between untreated and treated states, and of the zones of each state.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Treatment {
    /// State before the treatment, or beside it.
    pub untreated: Option<String>,
    /// States after it.
    pub treated: Vec<String>,
    /// Whether the maps of both states show the same sites in the same order, so that each site is its own control.
    pub paired: bool,
}

/// What [`Treatment`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    /// Treated state and its drop.
    states: Vec<(String, Drop, usize)>,
    /// State and the drops of its zones, one mean per map.
    zones: Vec<(String, Drop, usize)>,
}

const MODULUS: &str = "contact_resonance.modulus";
const ZONES: &str = "contact_resonance.zones";

impl Method for Treatment {
    const INFO: MethodInfo = MethodInfo {
        id: "contact_resonance.treatment",
        family: "contact_resonance",
        version: 1,
        title: "Change of modulus by a treatment",
        summary: "Relative drop of the indentation modulus from untreated to treated states, with sites as replicates.",
        doc: include_str!("doc.md"),
        technique: "contact_resonance",
        scope: Scope::Study,
        after: &[MODULUS, ZONES],
        constants: &[],
        outputs: &[
            output(
                "treatment_modulus_drop",
                "ΔM/M",
                "",
                "relative drop of the mean modulus from the untreated to the treated state",
            ),
            output("zone_modulus_drop", "ΔM/M", "", "mean over maps of the relative drop in the zones of a state"),
        ],
        covers: &["Q19-5.4-e"],
        references: &[
            "Qiao et al. (2019), review, section 5.4.2",
            "B. L. Welch, Biometrika 34, 28 (1947), doi:10.1093/biomet/34.1-2.28",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let known = states(dataset, MODULUS, "indentation_modulus");
        let mut input = Input { states: Vec::new(), zones: Vec::new() };
        for state in states(dataset, ZONES, "modulus_drop") {
            let drops = values(dataset, ZONES, "modulus_drop", &state);
            input.zones.extend(algorithm::mean_drop(&drops).map(|drop| (state, drop, drops.len())));
        }
        let Some(untreated) = &self.untreated else {
            let nothing = input.zones.is_empty() || !self.treated.is_empty();
            return if nothing { Err(ContactResonanceError::StatesNotStated { known }.into()) } else { Ok(input) };
        };
        if self.treated.is_empty() {
            return Err(ContactResonanceError::StatesNotStated { known }.into());
        }
        let base = self.moduli(dataset, untreated, &known)?;
        for state in &self.treated {
            let treated = self.moduli(dataset, state, &known)?;
            let drop = match self.paired {
                true if treated.len() != base.len() => {
                    let (treated, untreated) = (treated.len(), base.len());
                    return Err(ContactResonanceError::CannotPair { treated, untreated }.into());
                }
                true => algorithm::paired_drop(&base, &treated),
                false => algorithm::drop(&base, &treated),
            };
            let sites = base.len() + treated.len();
            input.states.extend(drop.map(|drop| (state.clone(), drop, sites)));
        }
        Ok(input)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let mut outcome = Outcome::default();
        for (state, drop, n) in &input.states {
            outcome.estimates.push(estimate("treatment_modulus_drop", state, input.states.len(), drop, *n));
        }
        for (state, drop, n) in &input.zones {
            outcome.estimates.push(estimate("zone_modulus_drop", state, input.zones.len(), drop, *n));
        }
        outcome.tables = vec![table(input)];
        outcome.figures = vec![figure(input)];
        outcome.notes = vec![Note::info(
            "what_cancels",
            "modulus and shape of the reference cancel in the drop where all states were calibrated with the same one; wear of the tip between \
             states does not: read the reference before and after every map",
        )];
        if input.states.iter().chain(&input.zones).any(|(_, drop, _)| drop.interval.is_none()) {
            let message = "a state with fewer than three maps has no interval: pixels of one map are not replicates";
            outcome.notes.push(Note::warning("few_sites", message));
        }
        Ok(outcome)
    }
}

impl Treatment {
    fn moduli(&self, dataset: &Dataset, state: &str, known: &[String]) -> Result<Vec<f64>, MethodError> {
        let found = values(dataset, MODULUS, "indentation_modulus", state);
        match found.len() {
            0 => Err(ContactResonanceError::NoState { state: state.to_owned(), known: known.to_vec() }.into()),
            1 => Err(ContactResonanceError::TooFewSites { state: state.to_owned(), found: 1 }.into()),
            _ => Ok(found),
        }
    }
}

fn values(dataset: &Dataset, method: &str, key: &str, state: &str) -> Vec<f64> {
    let of_state = dataset.upstream.iter().filter(|upstream| upstream.method == method && upstream.state == state);
    of_state.filter_map(|upstream| upstream.outcome.estimate(key)).map(|e| e.value).filter(|v| v.is_finite()).collect()
}

fn states(dataset: &Dataset, method: &str, key: &str) -> Vec<String> {
    let mut states: Vec<String> = Vec::new();
    for upstream in dataset.upstream.iter().filter(|upstream| upstream.method == method) {
        if upstream.outcome.estimate(key).is_some() && !states.contains(&upstream.state) {
            states.push(upstream.state.clone());
        }
    }
    states
}

fn estimate(key: &str, state: &str, n_states: usize, drop: &Drop, n: usize) -> Estimate {
    let key = if n_states > 1 { format!("{key}@{state}") } else { key.to_owned() };
    let estimate = match drop.interval {
        Some(interval) => Estimate::with_interval(&key, "ΔM/M", drop.value, "", interval, Basis::Replicate),
        None => Estimate::without_interval(&key, "ΔM/M", drop.value, "", "fewer than three maps of a state"),
    };
    estimate.std_error(drop.std_error).n(n as f64)
}

fn rows(input: &Input) -> Vec<(String, &Drop, usize)> {
    let states = input.states.iter().map(|(state, drop, n)| (format!("{state} against untreated"), drop, *n));
    states.chain(input.zones.iter().map(|(state, drop, n)| (format!("zones of {state}"), drop, *n))).collect()
}

fn table(input: &Input) -> Table {
    let rows = rows(input);
    let column = |of: &dyn Fn(&Drop) -> f64| rows.iter().map(|(_, drop, _)| of(drop)).collect::<Vec<f64>>();
    Table::new("treatment", "Relative drop of the modulus")
        .with_text("what", rows.iter().map(|(what, _, _)| what.clone()).collect())
        .with_numbers("maps", "", rows.iter().map(|(_, _, n)| *n as f64).collect())
        .with_numbers("modulus_drop", "", column(&|drop| drop.value))
        .with_numbers("std_error", "", column(&|drop| drop.std_error))
        .with_numbers("interval_lo", "", column(&|drop| drop.interval.map_or(f64::NAN, |(lo, _)| lo)))
        .with_numbers("interval_hi", "", column(&|drop| drop.interval.map_or(f64::NAN, |(_, hi)| hi)))
}

fn figure(input: &Input) -> Figure {
    let rows = rows(input);
    let names = rows.iter().map(|(what, _, _)| what.clone()).collect();
    let interval = |(_, drop, _): &(String, &Drop, usize)| {
        let (lo, hi) = drop.interval.unwrap_or((drop.value, drop.value));
        [lo, hi]
    };
    let points = Mark::Points {
        name: "drop and 95 % interval".to_owned(),
        role: Role::Data,
        x: (0..rows.len()).map(|i| i as f64).collect(),
        y: rows.iter().map(|(_, drop, _)| drop.value).collect(),
        y_interval: rows.iter().map(interval).collect(),
        x_interval: Vec::new(),
    };
    let panel = Panel::new("", Axis::categories("", names), Axis::linear("relative drop of the modulus", Unit::of("%")))
        .with(points)
        .with(Mark::Rule { name: "no change".to_owned(), role: Role::Null, axis: RuleAxis::Y, at: 0.0 });
    Figure {
        key: "treatment".to_owned(),
        title: "Change of modulus by the treatment".to_owned(),
        caption: "With maps as replicates; an interval that holds zero shows no change.".to_owned(),
        panels: vec![panel],
    }
}
