//! Rates of rising and falling events over segments, stress rate and pillars, in one model.

pub mod algorithm;
mod error;
mod figures;
mod input;
pub mod likelihood;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::error::RateModelError;
pub use self::input::Input;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Rates of events by segment, sign, stress rate and pillar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RateModel {
    /// Whether the false alarms that `events.spikes` expects are part of the means.
    pub background: bool,
    /// How pillars differ.
    pub pillars: PillarEffect,
    /// Whether the rates during ramps go with a power of the stress rate, where tests were loaded at several.
    pub stress_rate: bool,
}

/// How pillars enter the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PillarEffect {
    /// As draws from a population: rates are those of its median pillar.
    #[default]
    Random,
    /// Each with a level of its own: rates are the geometric means over these pillars.
    Fixed,
    /// All alike.
    Alike,
}

impl Default for RateModel {
    fn default() -> Self {
        Self { background: true, pillars: PillarEffect::Random, stress_rate: true }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("sign_ratio_load", "λ₊/λ₋", "", "rate of rising over falling events while the load rises"),
    output("sign_ratio_hold", "λ₊/λ₋", "", "the same while it is held"),
    output("sign_ratio_unload", "λ₊/λ₋", "", "the same while it falls"),
    output("smallest_p", "p", "", "smallest probability of equal rates over the segments, after Holm's correction"),
    output("same_ratio_p", "p", "", "probability of ratios so different where all segments have the same"),
    output(
        "stress_rate_exponent",
        "γ",
        "",
        "power of the rates with the stress rate: 0 for events in time, 1 for events in stress",
    ),
    output("pillar_scatter", "τ", "", "standard deviation of the logarithm of the rates between pillars"),
    output("overdispersion", "α", "", "variance beyond counting over the square of the mean"),
    output("overdispersion_p", "p", "", "probability of such an excess where counts scatter by chance alone"),
];

impl Method for RateModel {
    const INFO: MethodInfo = MethodInfo {
        id: "events.rate_model",
        family: "events",
        version: 1,
        title: "Rates of events over conditions",
        summary: "Rates of rising and falling events by segment and stress rate over all pillars of a state, with false alarms, scatter between pillars and counts that scatter more than chance.",
        doc: include_str!("doc.md"),
        technique: "pillar",
        scope: Scope::State,
        after: &["events.spikes"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Y12-14", "Y12-27", "Y12-28"],
        references: &[
            "J. F. Lawless, Negative binomial and mixed Poisson regression, Can. J. Stat. 15, 209 (1987), doi:10.2307/3314912",
            "S. G. Self, K.-Y. Liang, J. Am. Stat. Assoc. 82, 605 (1987), doi:10.1080/01621459.1987.10478472",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::collect(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let events = input.rows.iter().map(|row| row.found[0] + row.found[1]).sum();
        let none = RateModelError::NoMaximum { events, cells: 2 * input.rows.len() };
        let found = algorithm::rates(&input.rows, &input.plan).ok_or(none)?;
        Ok(report::outcome(input, &found))
    }
}
