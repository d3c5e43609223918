//! Whether spikes of the resistivity and pop-ins of the depth are one event.

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

/// Spikes and pop-ins of the same test, put side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Coincidence {
    /// Samples between a spike and a pop-in that still are one event.
    pub within: usize,
    /// Random shifts of time, and permutations, from which the probabilities come.
    pub shifts: usize,
}

impl Default for Coincidence {
    fn default() -> Self {
        Self { within: 2, shifts: 1999 }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("coincident_count", "N_c", "", "pop-ins with a spike"),
    output("coincident_share", "f_c", "", "share of the pop-ins that have a spike"),
    output("expected_by_chance", "N₀", "", "pop-ins that spikes at shifted times have"),
    output("coincidence_p", "p", "", "probability that spikes at shifted times have at least as many"),
    output("rank_correlation", "r_s", "", "Spearman's correlation of the sizes of spike and pop-in"),
    output("rank_correlation_p", "p_s", "", "two-sided probability of such a correlation where sizes are independent"),
    output("change_per_strain", "k", "", "relative change of the resistivity per strain of the pop-in"),
];

impl Method for Coincidence {
    const INFO: MethodInfo = MethodInfo {
        id: "events.coincidence",
        family: "events",
        version: 1,
        title: "Spikes with pop-ins",
        summary: "Which spikes are pop-ins, against chance by shifts of time, and whether their sizes go together.",
        doc: include_str!("doc.md"),
        technique: "pillar",
        scope: Scope::Item,
        after: &["events.spikes", "events.pop_ins"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Y12-06", "Y12-08"],
        references: &[
            "Y. Yang, X. L. Fu, S. Wang, Z. Y. Liu, Y. F. Ye, B. A. Sun, C. T. Liu, Sci. Rep. (probing stochastic nano-scale inelastic events in stressed amorphous metal)",
            "D. York, Can. J. Phys. 44, 1079 (1966), doi:10.1139/p66-090",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::collect(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        Ok(report::outcome(self, input, ctx))
    }
}
