//! `calorimetry.enthalpy_kinetics`: how fast annealing takes enthalpy out of a glass.

pub mod algorithm;
mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{ANNEALING_TEMPERATURE, FICTIVE_TEMPERATURE, SPECIFIC_HEAT_STEP};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
pub use input::Input;

/// Kinetics of the recovery enthalpy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EnthalpyKinetics {
    /// Where the enthalpy of equilibrium comes from.
    pub equilibrium: Equilibrium,
    /// Relative standard error of the enthalpy of equilibrium that step and fictive temperature give; mandatory with `heat_capacity`.
    pub equilibrium_error: Option<f64>,
    /// Probability below which temperatures have exponents of their own, or no common energy.
    pub significance: f64,
}

impl Default for EnthalpyKinetics {
    fn default() -> Self {
        Self { equilibrium: Equilibrium::Fitted, equilibrium_error: None, significance: 0.05 }
    }
}

/// Where the enthalpy of equilibrium comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Equilibrium {
    /// From the readings alone.
    Fitted,
    /// `Δcp (Tf - Ta)` with its error, taken together with the readings.
    HeatCapacity,
}

const OUTPUTS: &[OutputInfo] = &[
    output("equilibrium_enthalpy", "ΔH∞", "J/kg", "recovery enthalpy after long annealing, at one annealing temperature"),
    output("enthalpy_kww_tau", "τ", "s", "relaxation time at one annealing temperature"),
    output("enthalpy_kww_beta", "β", "", "stretching exponent, at one annealing temperature or common to all"),
    output(
        "enthalpy_activation_energy",
        "E",
        "J/mol",
        "activation energy of the relaxation time, of three temperatures or more",
    ),
    output("enthalpy_prefactor_log10", "log10 τ0", "", "log10 of the relaxation time (s) at infinite temperature"),
    output("common_exponent_p", "p", "", "probability by chance of exponents that differ as much between temperatures"),
    output("one_energy_p", "p", "", "probability by chance of relaxation times as far from one activation energy"),
];

impl Method for EnthalpyKinetics {
    const INFO: MethodInfo = MethodInfo {
        id: "calorimetry.enthalpy_kinetics",
        family: "calorimetry",
        version: 1,
        title: "Kinetics of enthalpy relaxation",
        summary: "Relaxation time, stretching exponent and activation energy of the enthalpy that annealing below the glass transition takes out of a glass.",
        doc: include_str!("doc.md"),
        technique: "annealing_series",
        scope: Scope::Item,
        after: &[],
        constants: &[ANNEALING_TEMPERATURE.key, SPECIFIC_HEAT_STEP.key, FICTIVE_TEMPERATURE.key],
        outputs: OUTPUTS,
        covers: &["Q19-2.2.1-b", "Q19-2.2.1-c"],
        references: &[
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 2.2.1",
            "D. M. Bates, D. G. Watts, Nonlinear Regression Analysis and Its Applications, Wiley (1988), doi:10.1002/9780470316757",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let wrong = |message: &str| MethodError::Parameters { method: Self::INFO.id, message: message.to_owned() };
        if !(self.significance > 0.0 && self.significance < 0.5) {
            return Err(wrong("significance must be between 0 and 0.5"));
        }
        if self.equilibrium_error.is_some_and(|error| !(error > 0.0 && error < 1.0)) {
            return Err(wrong("equilibrium_error must be between 0 and 1"));
        }
        input::input(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}
