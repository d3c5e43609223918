//! `calorimetry.cycling`: what thermal cycles put into a glass, against what samples differ by.

pub mod algorithm;
mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::REFERENCE_ENTHALPY;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
pub use input::Input;

/// Excess enthalpy over the number of thermal cycles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cycling {
    /// Relative standard error of `reference_enthalpy`; mandatory with it.
    pub reference_error: Option<f64>,
    /// Probability below which an effect is named, and below which the law of saturation is given up.
    pub significance: f64,
}

impl Default for Cycling {
    fn default() -> Self {
        Self { reference_error: None, significance: 0.05 }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("excess_enthalpy", "ΔH", "J/kg", "mean after the largest number of cycles less that without"),
    output("excess_fraction", "ΔH/ΔH_ref", "", "the same over the recovery enthalpy of the sample without cycles"),
    output("cycles_p", "p", "", "probability by chance of means that differ as much over all numbers of cycles"),
    output("sample_spread", "s", "J/kg", "standard deviation between samples of one number of cycles, scans included"),
    output("saturation_enthalpy", "A", "J/kg", "of ΔH = ΔH0 + A (1 - exp(-N/N0))"),
    output("saturation_cycles", "N0", "", "of the same law"),
    output("saturation_lack_p", "p", "", "probability by chance of means as far from that law"),
    output(
        "heterogeneity_correlation",
        "r",
        "",
        "correlation of mean excess enthalpy and mean heterogeneity over the numbers of cycles",
    ),
    output("heterogeneity_correlation_p", "p", "", "probability by chance of a correlation as strong"),
];

impl Method for Cycling {
    const INFO: MethodInfo = MethodInfo {
        id: "calorimetry.cycling",
        family: "calorimetry",
        version: 1,
        title: "Thermal cycling",
        summary: "Excess enthalpy over the number of thermal cycles with samples as replicates: a test for each number, the law of saturation, the effect as a share of the recovery enthalpy, and its correlation with a heterogeneity.",
        doc: include_str!("doc.md"),
        technique: "cycling_series",
        scope: Scope::Item,
        after: &[],
        constants: &[REFERENCE_ENTHALPY.key],
        outputs: OUTPUTS,
        covers: &["Q19-5.4-b", "Q19-misc-i"],
        references: &[
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 5.4",
            "S. V. Ketov et al., Nature 524, 200 (2015), doi:10.1038/nature14674",
            "S. Holm, Scand. J. Stat. 6, 65 (1979)",
            "E. C. Fieller, J. R. Stat. Soc. B 16, 175 (1954), doi:10.1111/j.2517-6161.1954.tb00159.x",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let error = self.reference_error.is_none_or(|error| error > 0.0 && error < 1.0);
        if !(self.significance > 0.0 && self.significance < 0.5 && error) {
            let message = "significance must be between 0 and 0.5, reference_error between 0 and 1".to_owned();
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        input::input(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}
