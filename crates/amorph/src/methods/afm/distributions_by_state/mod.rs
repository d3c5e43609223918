//! `dafm.distributions_by_state`: how the dissipated energy is distributed in each state, and what a state leaves as it was.

pub mod algorithm;
mod error;
mod figures;
mod input;
mod noise;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::error::StatesError;
pub(crate) use self::input::states;
pub use self::input::{Input, Site, State};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Distributions of the states of a study, pooled over sites, and a test whether their low tails are the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DistributionsByState {
    /// State that the others are compared with; the first of the study when absent.
    pub reference: Option<String>,
    /// State of a material without structure of its own, such as silicon: its spread is taken as the noise of the instrument.
    /// Where absent, the difference of trace and retrace is taken, if the files hold both.
    pub noise_state: Option<String>,
    /// Share of the pixels of the reference that counts as its low tail.
    #[schemars(range(min = 0.01, max = 0.5))]
    pub low_tail: f64,
    /// Share of the pixels of the reference that counts as high; marked in the figure.
    #[schemars(range(min = 0.001, max = 0.5))]
    pub area_fraction: f64,
    /// Number of random permutations of sites, where not all can be tried.
    #[schemars(range(min = 999))]
    pub permutations: usize,
}

impl Default for DistributionsByState {
    fn default() -> Self {
        Self { reference: None, noise_state: None, low_tail: 0.2, area_fraction: 0.05, permutations: 9999 }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("distribution_mean@state", "⟨E⟩", "J", "mean over sites of the mean of an image"),
    output("distribution_sd@state", "σ_E", "J", "mean over sites of the standard deviation over the pixels"),
    output("distribution_cv@state", "σ_E/⟨E⟩", "", "mean over sites of the relative variation"),
    output("distribution_skewness@state", "γ₁", "", "mean over sites of the skewness"),
    output("distribution_excess_kurtosis@state", "γ₂", "", "mean over sites of the excess kurtosis"),
    output("phase_lag_cv@state", "σ_φ/⟨φ⟩", "", "mean over sites of the relative variation of the lag"),
    output("material_sd@state", "σ_m", "J", "standard deviation without the noise of the instrument"),
    output("low_tail_ks@state-reference", "D", "", "largest difference of the distributions within the low tail"),
    output("low_tail_overlap@state-reference", "O", "", "overlap of the low tails: 1 equal, 0 disjoint"),
];

impl Method for DistributionsByState {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.distributions_by_state",
        family: "afm",
        version: 1,
        title: "Distributions of the states",
        summary: "Pools the distributions of each state over its sites, takes the noise off, and tests whether the low tails agree.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Study,
        after: &["dafm.dissipation", "dafm.distribution"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["L16-08", "L16-09", "L16-35", "L16-37", "Q19-3.3.2-b"],
        references: &[
            "Lu et al., Sci. Rep. 6, 29357 (2016), figure 5a",
            "Qiao et al. (2019), review, section 3.3.2",
            "D. Freedman, P. Diaconis, Z. Wahrsch. verw. Geb. 57, 453 (1981)",
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
