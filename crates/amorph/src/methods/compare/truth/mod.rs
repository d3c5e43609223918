//! Comparison with values known beforehand.

mod figures;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::states::algorithm::{descriptors, state_means};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Note, Outcome};
use crate::core::unit::{Unit, format_significant};
use crate::method::{Dataset, KnownValue, Method, MethodError, MethodInfo, Refusal, Scope};

/// Compares results with values known beforehand: of a virtual sample, or of a reference sample.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CompareTruth {}

/// One known value beside what the study found.
#[derive(Debug, Clone, PartialEq)]
pub struct Recovery {
    /// The known value.
    pub known: KnownValue,
    /// The unit of the estimate.
    pub unit: Unit,
    /// What the study found: mean over sites, or the estimate of the state.
    pub value: f64,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// What the interval rests on.
    pub basis: &'static str,
}

/// Reasons for not comparing.
#[derive(Debug, thiserror::Error)]
pub enum NothingKnown {
    /// No known value has an estimate.
    #[error("none of the known values ({}) has an estimate in its state", keys.join(", "))]
    NoEstimate {
        /// Keys of the known values.
        keys: Vec<String>,
    },
    /// A known value has another dimension than its estimate.
    #[error("the known value of '{key}' is in '{known}', its estimate in '{estimate}'")]
    WrongDimension {
        /// The key.
        key: String,
        /// Unit of the known value.
        known: String,
        /// Unit of the estimate.
        estimate: String,
    },
}

impl Refusal for NothingKnown {
    fn hint(&self) -> String {
        "keys under [sample.state.truth] are the keys of estimates, as `amorph method list` shows them".to_owned()
    }
}

impl Recovery {
    /// Whether the interval holds the known value; `None` without an interval.
    pub fn is_inside(&self) -> Option<bool> {
        self.interval.map(|(lo, hi)| (lo..=hi).contains(&self.truth()))
    }

    /// The known value in the unit of the estimate.
    pub fn truth(&self) -> f64 {
        self.unit.convert_si(self.known.quantity.value)
    }

    /// Significant digits in which the ends of the interval differ in two.
    fn digits(&self) -> usize {
        const FEWEST: usize = 4;
        const MOST: usize = 9;
        let width = self.interval.map_or(f64::NAN, |(lo, hi)| hi - lo);
        let decades = (self.value.abs() / width).log10().ceil();
        if decades.is_finite() { (decades.max(0.0) as usize + 2).clamp(FEWEST, MOST) } else { FEWEST }
    }

    fn shown(&self, value: f64) -> String {
        let display = self.unit.preferred(self.value);
        let text = format_significant(display.convert_si(self.unit.to_si(value)), self.digits());
        if display.symbol().is_empty() { text } else { format!("{text} {display}") }
    }
}

impl Method for CompareTruth {
    const INFO: MethodInfo = MethodInfo {
        id: "compare.truth",
        family: "compare",
        version: 1,
        title: "Comparison with known values",
        summary: "Says for every value known beforehand whether the interval of the study holds it.",
        doc: include_str!("doc.md"),
        technique: "",
        scope: Scope::Study,
        after: &[],
        constants: &[],
        outputs: &[],
        covers: &[],
        references: &[],
    };

    type Input<'a> = Vec<Recovery>;

    fn check(&self, dataset: &Dataset) -> Result<Vec<Recovery>, MethodError> {
        let mut recoveries = Vec::new();
        for known in &dataset.truth {
            recoveries.extend(of_state(dataset, known)?.or(of_sites(dataset, known)?));
        }
        if recoveries.is_empty() {
            let keys = dataset.truth.iter().map(|known| known.key.clone()).collect();
            return Err(NothingKnown::NoEstimate { keys }.into());
        }
        Ok(recoveries)
    }

    fn run(&self, recoveries: &Vec<Recovery>, _: &Ctx) -> Result<Outcome, MethodError> {
        let with_interval = recoveries.iter().filter_map(Recovery::is_inside);
        let (inside, all) = with_interval.fold((0, 0), |(inside, all), is_inside| (inside + usize::from(is_inside), all + 1));
        let message = format!(
            "{inside} of {all} known values lie inside their 95 % intervals; on average one in twenty lies outside when all is well."
        );
        // Fewer than this would happen once in a thousand studies at 95 % coverage.
        let note = if all == 0 {
            Note::info("truth_not_compared", "no result has an interval: whether known values are recovered is not tested")
        } else if is_implausible(inside, all) {
            Note::warning("truth_missed", format!("{message} So many misses are not chance: an assumption is broken."))
        } else {
            Note::info("truth_recovered", message)
        };
        let text = |of: &dyn Fn(&Recovery) -> String| recoveries.iter().map(of).collect::<Vec<_>>();
        let verdict = |recovery: &Recovery| match recovery.is_inside() {
            Some(true) => "inside".to_owned(),
            Some(false) => "outside".to_owned(),
            None => "no interval".to_owned(),
        };
        let interval = |recovery: &Recovery| match recovery.interval {
            Some((lo, hi)) => format!("{} … {}", recovery.shown(lo), recovery.shown(hi)),
            None => "—".to_owned(),
        };
        let table = Table::new("truth", "Known values and what the study found")
            .with_text("quantity", text(&|r| r.known.key.replace('_', " ")))
            .with_text("state", text(&|r| r.known.state.clone()))
            .with_text("known", text(&|r| r.shown(r.truth())))
            .with_text("found", text(&|r| r.shown(r.value)))
            .with_text("95 % interval", text(&interval))
            .with_text("interval from", text(&|r| r.basis.to_owned()))
            .with_text("known value is", text(&verdict));
        Ok(Outcome {
            tables: vec![table],
            figures: vec![figures::recovery(recoveries)],
            notes: vec![note],
            ..Outcome::default()
        })
    }
}

/// Probability of at most `inside` of `all` at 95 % below 1 in 1000.
fn is_implausible(inside: usize, all: usize) -> bool {
    let mut cumulative = 0.0;
    for k in 0..=inside {
        let ways = (0..k).fold(1.0, |ways, i| ways * (all - i) as f64 / (i + 1) as f64);
        cumulative += ways * 0.95f64.powi(k as i32) * 0.05f64.powi((all - k) as i32);
    }
    all > 0 && cumulative < 1e-3
}

/// The estimate of the whole state, where a method gives one.
fn of_state(dataset: &Dataset, known: &KnownValue) -> Result<Option<Recovery>, MethodError> {
    let mut whole = dataset.upstream.iter().filter(|source| source.item.is_empty() && source.state == known.state);
    let Some(estimate) = whole.find_map(|source| source.outcome.estimate(&known.key)) else { return Ok(None) };
    require_dimension(known, &estimate.unit)?;
    let mut known = known.clone();
    if estimate.flags.iter().any(|flag| flag == "axial") {
        // An axis at 179 deg is next to one at 1 deg: the known value is written as the estimate is.
        let turns = (estimate.unit.to_si(estimate.value) - known.quantity.value) / std::f64::consts::PI;
        known.quantity.value += turns.round() * std::f64::consts::PI;
    }
    Ok(Some(Recovery {
        known,
        unit: estimate.unit.clone(),
        value: estimate.value,
        interval: estimate.interval.map(|interval| (interval.lo, interval.hi)),
        basis: estimate.basis.label(),
    }))
}

/// The mean over sites; of a single site, its own estimate.
fn of_sites(dataset: &Dataset, known: &KnownValue) -> Result<Option<Recovery>, MethodError> {
    let sites: Vec<_> = dataset.upstream.iter().filter(|source| source.state == known.state).cloned().collect();
    let found = descriptors(&sites, std::slice::from_ref(&known.key));
    let Some(descriptor) = found.first() else { return Ok(None) };
    require_dimension(known, &descriptor.unit)?;
    let means = state_means(descriptor);
    let Some(mean) = means.first() else { return Ok(None) };
    let single = sites.iter().find_map(|source| source.outcome.estimate(&known.key)).filter(|_| mean.n == 1);
    let (interval, basis) = match single {
        Some(estimate) => (estimate.interval.map(|interval| (interval.lo, interval.hi)), estimate.basis.label()),
        None => (mean.interval, "between sites"),
    };
    Ok(Some(Recovery { known: known.clone(), unit: descriptor.unit.clone(), value: mean.mean, interval, basis }))
}

fn require_dimension(known: &KnownValue, unit: &Unit) -> Result<(), MethodError> {
    if known.quantity.unit.is_compatible(unit) {
        return Ok(());
    }
    Err(NothingKnown::WrongDimension {
        key: known.key.clone(),
        known: known.quantity.unit.to_string(),
        estimate: unit.to_string(),
    }
    .into())
}

#[cfg(test)]
mod tests;
