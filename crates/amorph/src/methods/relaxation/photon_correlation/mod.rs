//! `relaxation.photon_correlation`: relaxation time and exponent from the intensity correlation of speckles (XPCS).

mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
pub use input::Input;

/// Decay of the intensity correlation of speckles.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PhotonCorrelation {
    /// Whether g2 may come down to another number than 1; else it is 1.
    pub free_baseline: bool,
}

const OUTPUTS: &[OutputInfo] = &[
    output("xpcs_time", "τ", "s", "relaxation time, of g2 - 1 = A exp(-2 (t/τ)^b)"),
    output("xpcs_exponent", "b", "", "its exponent: below 1 stretched, above 1 compressed"),
    output("xpcs_contrast", "A", "", "speckle contrast"),
    output("xpcs_mean_time", "⟨τ⟩", "s", "τ Γ(1/b)/b, the area below exp(-(t/τ)^b)"),
    output("xpcs_baseline", "B", "", "what g2 - 1 comes down to, with free_baseline"),
    output("xpcs_misfit_p", "p", "", "probability of a larger misfit with the stated errors"),
];

impl Method for PhotonCorrelation {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.photon_correlation",
        family: "relaxation",
        version: 1,
        title: "Photon correlation",
        summary: "Relaxation time, stretched or compressed exponent and contrast from the intensity correlation g2(t) of speckles, with errors from a column or from repetitions.",
        doc: include_str!("doc.md"),
        technique: "xpcs",
        scope: Scope::Item,
        after: &[],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Q19-2.2.3-f"],
        references: &[
            "B. Ruta et al., Phys. Rev. Lett. 109, 165701 (2012), doi:10.1103/PhysRevLett.109.165701",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::input(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(input)
    }
}
