//! `relaxation.stress_relaxation`: a stress that falls at constant strain, its law and activation volume.

pub mod algorithm;
mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{HARDENING_MODULUS, TAYLOR_FACTOR, TEMPERATURE, UNLOADING_MODULUS};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
pub use input::Input;

/// Relaxation of a stress at constant strain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StressRelaxation {
    /// Time at which the strain stands still, for instance "12 s"; absent: where the stress is largest.
    pub hold_start: Option<Quantity>,
    /// How many times the time of loading is left out at the start of the hold.
    pub discard: f64,
}

impl Default for StressRelaxation {
    fn default() -> Self {
        Self { hold_start: None, discard: 10.0 }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("stress_per_ln_t", "S", "Pa", "stress lost per unit of ln t long after the start"),
    output("activation_volume", "V", "m^3", "M kT/S, with the stated Taylor factor M"),
    output(
        "activation_volume_effective",
        "V_eff",
        "m^3",
        "V/(1 + K/M_E): without work hardening, where both moduli are stated",
    ),
    output("rate_sensitivity_m", "m", "", "S over the stress at the last reading"),
    output("relaxation_time_kww", "τ", "s", "of (σ0 - σr) exp(-(t/τ)^β) + σr"),
    output("stretching_exponent", "β", "", "of the same law"),
    output("remnant_fraction", "σr/σ0", "", "stress that is left at last over the initial one"),
    output("relaxed_fraction", "F", "", "share of the initial stress that is lost within the hold"),
];

impl Method for StressRelaxation {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.stress_relaxation",
        family: "relaxation",
        version: 2,
        title: "Stress relaxation",
        summary: "Logarithmic and stretched laws through a stress at constant strain; activation volume and rate sensitivity with the Taylor factor named, KWW time, exponent and remnant.",
        doc: include_str!("doc.md"),
        technique: "stress_relaxation",
        scope: Scope::Item,
        after: &[],
        constants: &[TEMPERATURE.key, TAYLOR_FACTOR.key, HARDENING_MODULUS.key, UNLOADING_MODULUS.key],
        outputs: OUTPUTS,
        covers: &["Q19-2.1-l", "Q19-4.2-e"],
        references: &[
            "F. Guiu, P. L. Pratt, Phys. Status Solidi 6, 111 (1964), doi:10.1002/pssb.19640060108",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
            "H. Idrissi et al. (2019), on-chip tension of Zr65Ni35",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        if !(0.0..=1000.0).contains(&self.discard) {
            let message = "discard must be between 0 and 1000".to_owned();
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        input::input(Self::INFO.id, self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(input)
    }
}
