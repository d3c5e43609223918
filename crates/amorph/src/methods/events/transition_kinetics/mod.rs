//! Thermally activated transitions: the law of the sizes of events, and the decay of their imbalance at constant stress.

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
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Two-state transitions in liquid-like cells whose volumes are distributed exponentially.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TransitionKinetics {
    /// Events of which sign enter the law of sizes.
    pub sign: SignChoice,
    /// Smallest relative change that counts; from the share of injected events that is found, where it is left out.
    pub xmin: Option<f64>,
    /// Samples drawn for the goodness of fit, and permutations of signs.
    pub draws: usize,
}

impl Default for TransitionKinetics {
    fn default() -> Self {
        Self { sign: SignChoice::Both, xmin: None, draws: 499 }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("size_scale", "s_f", "", "size of an event of the mean excess volume, by the linear law"),
    output("threshold_ratio", "v_c", "", "smallest size that counts, in units of size_scale"),
    output("linear_law_p", "p", "", "probability of sizes as far from the linear law"),
    output("stress_bias", "x_f", "", "work of the stress on the mean excess volume over kT, by the exact law"),
    output("stress_bias_upper", "x_f", "", "its 95 % bound where the linear law suits as well"),
    output("stress_bias_lower", "x_f", "", "its 95 % bound where full bias suits as well"),
    output("relaxation_time", "τ_R", "s", "time in which the imbalance of signs decays during holds"),
    output("initial_imbalance", "D₀", "", "imbalance when the hold begins"),
    output("imbalance_decay_p", "p", "", "probability of such a decay where signs do not depend on time"),
    output("activation_energy", "ΔG", "eV", "barrier that the relaxation time implies at the stated attempt frequency"),
];

impl Method for TransitionKinetics {
    const INFO: MethodInfo = MethodInfo {
        id: "events.transition_kinetics",
        family: "events",
        version: 1,
        title: "Kinetics of transitions",
        summary: "Whether sizes follow the law of thermally activated transitions in liquid-like cells, exact or linear in the stress, and how fast the imbalance of signs decays at constant stress.",
        doc: include_str!("doc.md"),
        technique: "pillar",
        scope: Scope::Item,
        after: &["events.spikes"],
        constants: &[TEMPERATURE.key, ATTEMPT_FREQUENCY.key],
        outputs: OUTPUTS,
        covers: &["Y12-18", "Y12-19", "Y12-21", "Y12-22", "Y12-23", "Y12-34", "Y12-35"],
        references: &[
            "Y. Yang, X. L. Fu, S. Wang, Z. Y. Liu, Y. F. Ye, B. A. Sun, C. T. Liu, Sci. Rep. (probing stochastic nano-scale inelastic events in stressed amorphous metal)",
            "M. H. Cohen, G. S. Grest, Phys. Rev. B 20, 1077 (1979), doi:10.1103/PhysRevB.20.1077",
            "M. L. Falk, J. S. Langer, Phys. Rev. E 57, 7192 (1998), doi:10.1103/PhysRevE.57.7192",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::collect(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input, ctx)
    }
}
