//! `relaxation.well_ageing`: how ageing moves the asymmetric double wells behind a loss peak.

pub mod algorithm;
mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{MODULUS_KIND, WELL_ATTEMPT_TIME, WELL_LOSS_AMPLITUDE};
use super::master_curve::Noise;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
pub use input::Input;

/// Time and height of a loss peak over ageing, and the double wells that move so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WellAgeing {
    /// How readings err.
    pub noise: Noise,
}

impl Default for WellAgeing {
    fn default() -> Self {
        Self { noise: Noise::Best }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("adwp_slope", "a", "", "of ln τ = b - a ln G''max over the ageing series; U/D of the changes for strong asymmetry"),
    output("adwp_two_p", "p", "", "probability of a slope as far from 2"),
    output("adwp_line_p", "p", "", "probability of as much spread around one line"),
    output("asymmetry_change", "ΔD", "J", "from the first to the last sweep, for strong asymmetry"),
    output("barrier_change", "ΔU", "J", "from the first to the last sweep, for strong asymmetry"),
    output("asymmetry_first", "D", "J", "of the first sweep, with the stated amplitude of the loss"),
    output("barrier_first", "U", "J", "of the first sweep, with the stated attempt time"),
    output("cole_cole_exponent", "α", "", "of the peak, common to all sweeps"),
];

impl Method for WellAgeing {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.well_ageing",
        family: "relaxation",
        version: 1,
        title: "Ageing of double wells",
        summary: "Time and height of a loss peak after every ageing time with all their covariances, the slope between them, and what it says of barrier and asymmetry of double wells.",
        doc: include_str!("doc.md"),
        technique: "dma",
        scope: Scope::Item,
        after: &[],
        constants: &[MODULUS_KIND.key, WELL_ATTEMPT_TIME.key, WELL_LOSS_AMPLITUDE.key],
        outputs: OUTPUTS,
        covers: &["Q19-2.1.2-i", "Q19-2.1.2-j", "Q19-2.1.2-k"],
        references: &[
            "J. C. Dyre, N. B. Olsen, Phys. Rev. Lett. 91, 155703 (2003), doi:10.1103/PhysRevLett.91.155703",
            "D. York et al., Am. J. Phys. 72, 367 (2004), doi:10.1119/1.1632486",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::input(Self::INFO.id, self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(input)
    }
}
