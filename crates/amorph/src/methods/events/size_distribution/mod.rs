//! How the sizes of events are distributed: exponent and cut-off of a truncated power law.

pub mod blurred;
mod error;
mod figures;
mod goodness;
pub mod histogram;
mod input;
pub mod profile;
mod report;
pub mod rivals;
pub mod scan;
mod tables;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_seen;

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
    /// How the smallest size is chosen where xmin is absent.
    pub threshold: Threshold,
    /// Spikes of which sign, after events.spikes.
    pub sign: SignChoice,
    /// What is fitted.
    pub model: Model,
    /// How it is fitted.
    pub method: FitMethod,
    /// Whether sizes are numbers of something, which follow k^-α/ζ(α, xmin); for model = "power_law".
    pub counts: bool,
    /// Step to which sizes are rounded, so that each stands for a cell of this width.
    pub rounding: Option<Quantity>,
    /// Standard deviation of a measured size; that of events.spikes if absent, none for lists.
    pub size_error: Option<Quantity>,
    /// Mean relative error of measured sizes; that of events.spikes if absent, zero for lists.
    pub size_bias: Option<f64>,
    /// Size of which half of efficiency_most is found; from events.spikes if absent, for lists everything is found.
    pub efficiency_half: Option<Quantity>,
    /// Width of the rise of the share found, in the logarithm of the size.
    pub efficiency_width: f64,
    /// Share of the largest events that are found.
    pub efficiency_most: f64,
    /// Whether the share found depends on the true or on the measured size.
    pub efficiency_of: EfficiencyOf,
    /// True sizes begin here, where sizes have errors; far below xmin if absent.
    pub smallest: Option<Quantity>,
    /// Whether the share found and the errors of sizes of events.spikes enter the fit.
    pub correct: bool,
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

/// How the smallest size is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// From where on events are found: of lists the smallest size.
    Complete,
    /// From where on the law is closest to the data; chosen again in every replicate of the goodness-of-fit test.
    Scan,
}

/// How a law is fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FitMethod {
    /// Maximum likelihood.
    Likelihood,
    /// Least squares on a logarithmic histogram, as papers do; biased, for comparison only.
    PaperHistogram,
}

/// Which size decides whether an event is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EfficiencyOf {
    /// The measured one, as for a threshold on what is measured.
    MeasuredSize,
    /// The true one, as for events that another channel triggers.
    TrueSize,
}

impl Default for SizeDistribution {
    fn default() -> Self {
        Self {
            column: None,
            xmin: None,
            threshold: Threshold::Complete,
            sign: SignChoice::Both,
            model: Model::TruncatedPowerLaw,
            method: FitMethod::Likelihood,
            counts: false,
            rounding: None,
            size_error: None,
            size_bias: None,
            efficiency_half: None,
            efficiency_width: 0.3,
            efficiency_most: 1.0,
            efficiency_of: EfficiencyOf::MeasuredSize,
            smallest: None,
            correct: true,
            bootstrap: 1000,
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("size_exponent", "α", "exponent of the size distribution"),
    output("size_cutoff", "xc", "cut-off of the size distribution, in the unit of the sizes"),
    output("size_cutoff_lower_bound", "xc", "one-sided 95 % lower bound where the cut-off is not identified"),
    output("gof_p", "p", "probability of a larger distance between data and law by chance"),
    output("ks_distance", "D", "largest distance between the cumulative distributions of data and law"),
    output("anderson_darling", "A²", "distance between the cumulative distributions, weighted towards both ends"),
    output("anderson_darling_p", "p", "probability of a larger weighted distance by chance"),
    output("xmin", "xmin", "size from which on the law is fitted"),
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
        version: 2,
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
