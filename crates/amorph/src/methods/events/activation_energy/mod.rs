//! Activation energy of events from how long they last: a value where durations are resolved, a bound where they are not.

pub mod algorithm;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::input::Input;
use super::constants::{ATTEMPT_FREQUENCY, TEMPERATURE};
use super::found::SignChoice;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// The barrier that events of a duration have passed, kT ln(2 ω₀ t).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ActivationEnergy {
    /// Events of which sign.
    pub sign: SignChoice,
    /// Samples from which on a duration is the event's and not the sampling's.
    pub resolved: usize,
    /// Least and greatest attempt frequency that one believes in, for instance ["1e12 1/s", "1e14 1/s"]: the energy is given over that range too.
    pub attempt_range: Option<[Quantity; 2]>,
}

impl Default for ActivationEnergy {
    fn default() -> Self {
        Self { sign: SignChoice::Both, resolved: 3, attempt_range: None }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("mean_duration", "τ_d", "s", "mean duration of the events, where at least half of them are resolved"),
    output("mean_duration_upper", "τ_d", "s", "95 % bound of the mean duration, where they are not"),
    output("activation_energy", "ΔG", "eV", "barrier at the stated attempt frequency, where durations are resolved"),
    output(
        "activation_energy_upper",
        "ΔG",
        "eV",
        "95 % bound of the barrier at the stated attempt frequency, where they are not",
    ),
    output("resolved_share", "f_r", "", "share of the events that last long enough to have a duration"),
];

impl Method for ActivationEnergy {
    const INFO: MethodInfo = MethodInfo {
        id: "events.activation_energy",
        family: "events",
        version: 1,
        title: "Activation energy from durations",
        summary: "Barrier of events from their durations by a likelihood that counts unresolved ones as such, at a stated attempt frequency; an upper bound where most are unresolved.",
        doc: include_str!("doc.md"),
        technique: "pillar",
        scope: Scope::Item,
        after: &["events.spikes"],
        constants: &[TEMPERATURE.key, ATTEMPT_FREQUENCY.key],
        outputs: OUTPUTS,
        covers: &["Y12-20", "Y12-26", "Y12-36"],
        references: &[
            "Y. Yang, X. L. Fu, S. Wang, Z. Y. Liu, Y. F. Ye, B. A. Sun, C. T. Liu, Sci. Rep. (probing stochastic nano-scale inelastic events in stressed amorphous metal)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::collect(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}
