//! `dafm.distribution`: how the dissipated energy is distributed over the pixels of an image.

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::core::unit::Unit;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Moments, quantiles and histogram of the dissipated energy of an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Distribution {
    /// Probabilities of the quantiles to list.
    pub probabilities: Vec<f64>,
}

impl Default for Distribution {
    fn default() -> Self {
        Self { probabilities: vec![0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999] }
    }
}

/// What [`Distribution`] works on.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    energy: &'a Map,
}

const OUTPUTS: &[OutputInfo] = &[
    output("distribution_mean", "⟨E⟩", "J", "mean of the dissipated energy"),
    output("distribution_sd", "σ_E", "J", "standard deviation over the pixels"),
    output("distribution_cv", "σ_E/⟨E⟩", "", "relative variation over the pixels"),
    output("distribution_skewness", "γ₁", "", "skewness over the pixels; positive with a tail to high energies"),
    output("distribution_excess_kurtosis", "γ₂", "", "excess kurtosis over the pixels"),
];

impl Method for Distribution {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.distribution",
        family: "afm",
        version: 1,
        title: "Distribution of the dissipated energy",
        summary: "Gives mean, spread, skewness and quantiles of the dissipated energy, with intervals that know of its correlation.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &["dafm.dissipation"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["L16-08", "Q19-3.3.2-b"],
        references: &["Lu et al., Sci. Rep. 6, 29357 (2016)", "Hampel, J. Am. Stat. Assoc. 69, 383 (1974)"],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        if let Some(wrong) = self.probabilities.iter().find(|p| !(0.0..=1.0).contains(*p)) {
            let message = format!("probabilities: {wrong} must lie within 0 and 1");
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        let energy = dataset.map("dissipated_energy")?;
        energy.require_structure()?;
        energy.unit.require(&Unit::of("J"))?;
        Ok(Input { energy })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}
