//! `calorimetry.interstitialcy`: defect concentration, heat flow, density and barriers from the shear modulus of a glass and of its crystal.

pub mod algorithm;
mod figures;
mod input;
mod report;
pub mod smooth;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{ATTEMPT_FREQUENCY, DEFECT_ALPHA, DENSITY, HEATING_RATE, RELAXATION_VOLUME, SHEAR_SUSCEPTIBILITY};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
pub use input::Input;

/// Defects of a glass by its shear modulus.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Interstitialcy {
    /// Temperature before structural relaxation, K; absent: the lowest that both records hold.
    pub annealed_from: Option<f64>,
    /// Temperature after it, K; absent: where the concentration is lowest.
    pub annealed_to: Option<f64>,
}

const OUTPUTS: &[OutputInfo] = &[
    output("interstitial_concentration", "c", "", "concentration before structural relaxation"),
    output("annealed_concentration", "Δc", "", "what structural relaxation takes out of it"),
    output("annealed_share", "Δc/c", "", "share that anneals out"),
    output("heat_released", "Q", "J/kg", "heat that structural relaxation gives off"),
    output("excess_energy", "ΔU", "J/kg", "energy of the glass over its crystal, to stand beside the heat of crystallisation"),
    output("density_change", "Δρ/ρ", "", "relative change of the density on structural relaxation"),
    output("spectrum_peak", "E", "J", "energy at which most defects relax"),
    output("heat_flow_slope", "", "", "measured over predicted heat flow, where a record holds one"),
];

impl Method for Interstitialcy {
    const INFO: MethodInfo = MethodInfo {
        id: "calorimetry.interstitialcy",
        family: "calorimetry",
        version: 1,
        title: "Defects by the shear modulus",
        summary: "Concentration, heat flow, density change and energies of shear defects from the shear modulus of a glass and of its crystal over temperature (Granato).",
        doc: include_str!("doc.md"),
        technique: "shear_modulus",
        scope: Scope::Item,
        after: &[],
        constants: &[
            SHEAR_SUSCEPTIBILITY.key,
            DEFECT_ALPHA.key,
            DENSITY.key,
            HEATING_RATE.key,
            RELAXATION_VOLUME.key,
            ATTEMPT_FREQUENCY.key,
        ],
        outputs: OUTPUTS,
        covers: &["Q19-4.2-p"],
        references: &[
            "A. V. Granato, Phys. Rev. Lett. 68, 974 (1992), doi:10.1103/PhysRevLett.68.974",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 4.2",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::input(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}
