//! How the sizes of events are distributed: exponent and cut-off of a truncated power law.

mod error;
mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::input::Input;
use super::found::SignChoice;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope};

/// Maximum likelihood fit of the sizes of events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SizeDistribution {
    /// The column with the sizes; not needed where the table has one column of numbers.
    pub column: Option<String>,
    /// Smallest size that is fitted: the size above which no event is missed. After events.spikes the size of which 95 % are found, and at
    /// least twice that of which half are; of a list the smallest.
    pub xmin: Option<Quantity>,
    /// Spikes of which sign, after events.spikes.
    pub sign: SignChoice,
    /// What is fitted.
    pub model: Model,
    /// Simulated data sets of the goodness-of-fit test, each fitted again; 0 leaves the test out.
    pub bootstrap: usize,
}

/// A family of size distributions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// x^-α exp(-x/xc): a power law up to a cut-off.
    TruncatedPowerLaw,
    /// x^-α: no cut-off.
    PowerLaw,
}

impl Default for SizeDistribution {
    fn default() -> Self {
        Self { column: None, xmin: None, sign: SignChoice::Both, model: Model::TruncatedPowerLaw, bootstrap: 1000 }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("size_exponent", "α", "exponent of the size distribution"),
    output("size_cutoff", "xc", "cut-off of the size distribution, in the unit of the sizes"),
    output("size_cutoff_lower_bound", "xc", "one-sided 95 % lower bound where the cut-off is not identified"),
    output("gof_p", "p", "probability of a larger distance between data and law by chance"),
    output("ks_distance", "D", "largest distance between the cumulative distributions of data and law"),
    output("power_law_ratio", "2 ln LR", "twice the log-likelihood ratio of the cut-off against a pure power law"),
    output("power_law_p", "p", "probability of a larger ratio under a pure power law"),
    output("power_law_exponent", "α", "exponent of the pure power law, for comparison"),
    output("n_events", "n", "events at or above xmin"),
];

const fn output(key: &'static str, symbol: &'static str, description: &'static str) -> OutputInfo {
    OutputInfo { key, symbol, unit: "", description }
}

impl Method for SizeDistribution {
    const INFO: MethodInfo = MethodInfo {
        id: "events.size_distribution",
        family: "events",
        version: 1,
        title: "Size distribution of events",
        summary: "Exponent and cut-off of a truncated power law by maximum likelihood, with profile intervals and goodness of fit.",
        doc: include_str!("doc.md"),
        technique: "events",
        scope: Scope::Item,
        after: &["events.spikes"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Y12-15", "Y12-16"],
        references: &["A. Clauset, C. R. Shalizi, M. E. J. Newman, SIAM Rev. 51, 661 (2009), doi:10.1137/070710111"],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::collect(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
