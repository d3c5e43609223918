//! `dafm.distribution`: how the dissipated energy is distributed over the pixels of an image.

pub mod algorithm;
pub mod levels;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::image::Connectivity;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

use self::levels::RegionRule;

/// Moments, quantiles, histogram and level table of the dissipated energy, or of another map, of an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Distribution {
    /// Quantity of the map, for instance `dissipated_energy`.
    pub map: String,
    /// Probabilities of the quantiles to list.
    pub probabilities: Vec<f64>,
    /// Neighbours that belong to one region when regions are counted level by level: 4 or 8.
    pub connectivity: u8,
    /// Least number of pixels of a region that is counted.
    #[schemars(range(min = 1))]
    pub min_pixels: u64,
}

impl Default for Distribution {
    fn default() -> Self {
        Self {
            map: "dissipated_energy".to_owned(),
            probabilities: vec![0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999],
            connectivity: 4,
            min_pixels: 8,
        }
    }
}

/// What [`Distribution`] works on.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    map: &'a Map,
    /// The lag of the tip, beside a map of the energy made from it.
    lag: Option<&'a Map>,
    rule: RegionRule,
}

const OUTPUTS: &[OutputInfo] = &[
    output("distribution_mean", "⟨E⟩", "J", "mean of the dissipated energy (of another map in its own unit)"),
    output("distribution_sd", "σ_E", "J", "standard deviation over the pixels"),
    output("distribution_cv", "σ_E/⟨E⟩", "", "relative variation over the pixels"),
    output("distribution_skewness", "γ₁", "", "skewness over the pixels; positive with a tail to high energies"),
    output("distribution_excess_kurtosis", "γ₂", "", "excess kurtosis over the pixels"),
    output("phase_lag_sd", "σ_φ", "deg", "standard deviation of the lag over the pixels"),
    output("phase_lag_cv", "σ_φ/⟨φ⟩", "", "relative variation of the lag: another quantity than that of the energy"),
];

impl Method for Distribution {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.distribution",
        family: "afm",
        version: 2,
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
        let connectivity = match self.connectivity {
            4 => Connectivity::Four,
            8 => Connectivity::Eight,
            other => {
                let message = format!("connectivity = {other}; it must be 4 or 8");
                return Err(MethodError::Parameters { method: Self::INFO.id, message });
            }
        };
        let map = dataset.map(&self.map)?;
        map.require_structure()?;
        let lag = dataset.map("phase_lag").ok().filter(|_| self.map == "dissipated_energy");
        Ok(Input { map, lag, rule: RegionRule { connectivity, min_pixels: self.min_pixels } })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}
