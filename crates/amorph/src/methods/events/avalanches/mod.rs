//! Sizes of avalanches against the stress at which they happen, beside what theories predict.

pub mod algorithm;
mod error;
mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;
mod theories;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::input::Input;
use super::found::SignChoice;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// One exponent and a cut-off that grows with the stress, against the predictions for avalanches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Avalanches {
    /// The column with the sizes of a list.
    pub size_column: String,
    /// The column with the stress at which each event happened, of a list.
    pub stress_column: String,
    /// The column with the durations of a list, where there is one.
    pub duration_column: Option<String>,
    /// Spikes of which sign, after events.spikes.
    pub sign: SignChoice,
    /// What a size measures.
    pub size_is: SizeIs,
    /// Stress at which avalanches have no cut-off; fitted if absent, and then nothing has an interval.
    pub critical_stress: Option<Quantity>,
    /// Smallest size that is fitted, as for events.size_distribution.
    pub xmin: Option<Quantity>,
    /// Shortest duration that is resolved; of spikes three samples.
    pub shortest_duration: Option<Quantity>,
    /// Resampled lists for the errors of the exponents of durations.
    pub bootstrap: usize,
}

/// What the size of an event measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SizeIs {
    /// All slip of an avalanche: heights of spikes shorter than the response of the instrument, stress drops.
    Slip,
    /// The largest slip rate within an avalanche: heights of spikes that are resolved in time.
    LargestRate,
}

impl Default for Avalanches {
    fn default() -> Self {
        Self {
            size_column: "size".to_owned(),
            stress_column: "stress".to_owned(),
            duration_column: None,
            sign: SignChoice::Both,
            size_is: SizeIs::Slip,
            critical_stress: None,
            xmin: None,
            shortest_duration: None,
            bootstrap: 200,
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("stressed_exponent", "κ", "", "exponent of the sizes at one stress"),
    output("stressed_cutoff_power", "p", "", "power with which the cut-off grows towards the critical stress"),
    output("stressed_scale", "S₀", "", "cut-off without stress, in the unit of the sizes"),
    output("critical_stress", "τc", "Pa", "stress at which avalanches have no cut-off, where it was fitted"),
    output(
        "integrated_exponent",
        "α",
        "",
        "exponent of the sizes of the whole test, above three times the cut-off without stress",
    ),
    output("integrated_difference", "α - κ", "", "by how much pooling all stresses raises the exponent"),
    output("duration_exponent", "τ_T", "", "exponent of the durations of the whole test"),
    output("size_duration_exponent", "1/σνz", "", "power with which sizes grow with durations"),
    output(
        "crackling_difference",
        "Δ",
        "",
        "(τ_T - 1)/(α - 1) less the power of sizes with durations: zero for crackling noise",
    ),
];

impl Method for Avalanches {
    const INFO: MethodInfo = MethodInfo {
        id: "events.avalanches",
        family: "events",
        version: 1,
        title: "Avalanches under stress",
        summary: "Exponent of event sizes at one stress with a cut-off that grows with the stress, against pooled sizes and against theories.",
        doc: include_str!("doc.md"),
        technique: "events",
        scope: Scope::Item,
        after: &["events.spikes"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Y12-17"],
        references: &[
            "K. A. Dahmen, Y. Ben-Zion, J. T. Uhl, Phys. Rev. Lett. 102, 175501 (2009), doi:10.1103/PhysRevLett.102.175501",
            "J. Antonaglia et al., Sci. Rep. 4, 4382 (2014), doi:10.1038/srep04382",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::collect(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
