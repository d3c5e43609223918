//! `relaxation.quasi_point_defect`: the power with which the loss tangent falls over frequency, and what it says of correlated defects.

pub mod algorithm;
mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{GLASS_TRANSITION, MODULUS_KIND};
use super::master_curve::Noise;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
pub use input::Input;

/// The correlation parameter of quasi-point defects over temperature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QuasiPointDefect {
    /// Gap that parts two isotherms, K.
    pub temperature_tolerance: f64,
    /// How readings err.
    pub noise: Noise,
    /// Series without a kink that the kink of χ is compared with.
    pub draws: usize,
}

impl Default for QuasiPointDefect {
    fn default() -> Self {
        Self { temperature_tolerance: 1.0, noise: Noise::Best, draws: 400 }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("qpd_chi", "χ", "", "power of the loss tangent over frequency, common to all isotherms below the kink"),
    output("qpd_energy", "U", "J", "slope of ln tan δ over 1/T at one frequency, below the kink"),
    output("qpd_energy_at_constant_loss", "U/χ", "J", "slope of ln ω over 1/T at one loss tangent"),
    output("qpd_transition_temperature", "T_g", "K", "where χ begins to change"),
    output("qpd_chi_slope", "dχ/dT", "1/K", "change of χ above that"),
    output("qpd_kink_p", "p", "", "probability of as good a kink where χ is a straight line over temperature"),
    output("qpd_energy_p", "p", "", "probability of as much spread around one χ and one U below the kink"),
];

impl Method for QuasiPointDefect {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.quasi_point_defect",
        family: "relaxation",
        version: 1,
        title: "Quasi-point defects",
        summary: "Correlation parameter of quasi-point defects from loss tangents over frequency at every temperature, where it begins to change, and the energy below; refused where the loss is no power.",
        doc: include_str!("doc.md"),
        technique: "dma",
        scope: Scope::Item,
        after: &[],
        constants: &[MODULUS_KIND.key, GLASS_TRANSITION.key],
        outputs: OUTPUTS,
        covers: &["Q19-4.2-x", "Q19-4.2-y", "Q19-4.2-z"],
        references: &[
            "J. Perez, Physics and Mechanics of Amorphous Polymers, Balkema (1998)",
            "J. M. Pelletier, J. Perez, J. L. Soubeyroux, J. Non-Cryst. Solids 274, 301 (2000)",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let fine = self.temperature_tolerance > 0.0 && (50..=100_000).contains(&self.draws);
        if !fine {
            let message = "temperature_tolerance must be above 0, draws 50 to 100000".to_owned();
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        input::input(Self::INFO.id, self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input, ctx)
    }
}
