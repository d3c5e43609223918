//! `relaxation.creep`: a strain that grows at constant stress, what of it is retarded and what flows.

pub mod algorithm;
mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::CREEP_STRESS;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
pub use input::Input;

/// Creep at constant stress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Creep {
    /// Time at which the stress stands still, for instance "12 s"; absent: where it reaches that of the hold.
    pub hold_start: Option<Quantity>,
    /// How many times the time of loading is left out at the start of the hold.
    pub discard: f64,
}

impl Default for Creep {
    fn default() -> Self {
        Self { hold_start: None, discard: 10.0 }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("creep_stress", "σ", "Pa", "stress of the hold"),
    output("creep_viscosity", "η", "Pa s", "stress over the rate of the flow that every law still open has"),
    output("creep_rate", "ε̇", "1/s", "rate of that flow"),
    output("final_rate", "ε̇_end", "1/s", "strain rate at the end of the hold, retarded strain included"),
    output("retardation_time", "τ", "s", "of J1 [1 - exp(-(t/τ)^β)], where that is the best law"),
    output("retardation_exponent", "β", "", "of the same law, or of a power of time"),
    output("retarded_compliance", "J1", "1/Pa", "of the same law"),
    output("compliance_unrelaxed", "J_u", "1/Pa", "strain at once over stress, machine and ramp included"),
];

impl Method for Creep {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.creep",
        family: "relaxation",
        version: 1,
        title: "Creep",
        summary: "Six laws of a strain at constant stress: what is retarded, what flows, and whether the hold tells them apart; viscosity with an interval over all laws still open.",
        doc: include_str!("doc.md"),
        technique: "creep",
        scope: Scope::Item,
        after: &[],
        constants: &[CREEP_STRESS.key],
        outputs: OUTPUTS,
        covers: &["Q19-2.1-n"],
        references: &[
            "E. N. da C. Andrade, Proc. R. Soc. A 84, 1 (1910), doi:10.1098/rspa.1910.0050",
            "J. D. Ferry, Viscoelastic Properties of Polymers, 3rd ed., Wiley (1980)",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
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
