//! Rising against falling events by segment, over the tests of a state.

pub mod algorithm;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::input::Input;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Imbalance of rising and falling events in loading, hold and unloading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Imbalance {
    /// Whether the false alarms that `events.spikes` expects are taken off.
    pub background: bool,
}

impl Default for Imbalance {
    fn default() -> Self {
        Self { background: true }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("imbalance_load", "D", "", "rising less falling over all events, while the load rises"),
    output("imbalance_hold", "D", "", "the same while it is held"),
    output("imbalance_unload", "D", "", "the same while it falls"),
    output("imbalance_all", "D", "", "the same over all segments"),
    output("smallest_p", "p", "", "smallest probability of equal rates over the segments, after Holm's correction"),
    output("dispersion", "φ", "", "scatter between tests over that of counting, largest of the segments"),
];

impl Method for Imbalance {
    const INFO: MethodInfo = MethodInfo {
        id: "events.imbalance",
        family: "events",
        version: 1,
        title: "Rising against falling events",
        summary: "Imbalance of signs by segment over all tests of a state, with false alarms in the likelihood, scatter between tests, and Holm's correction.",
        doc: include_str!("doc.md"),
        technique: "pillar",
        scope: Scope::State,
        after: &["events.spikes"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Y12-14", "Y12-27", "Y12-28"],
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
        Ok(report::outcome(input))
    }
}
