//! `relaxation.surface`: how many relaxations a modulus over frequency and temperature shows, and their energies.

pub mod algorithm;
mod figures;
mod input;
pub mod kww_table;
pub mod model;
mod peaks;
pub mod product;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{GLASS_TRANSITION, MODULUS_KIND};
use super::log_spectrum::NoiseModel;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
pub use input::Input;
use model::Forms;
pub use model::{BetaShape, Combination, FastLoss};

/// Processes behind a modulus over frequency and temperature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Surface {
    /// How readings err.
    pub noise: Noise,
    /// Whether readings above a rise of the storage modulus (crystals) are left out.
    pub exclude_crystallisation: bool,
    /// Highest frequency that counts, for instance "40 Hz": above it the instrument resonates.
    pub highest_frequency: Option<Quantity>,
    /// Shape of the slow and the fast beta process.
    pub beta_shape: BetaShape,
    /// How alpha and beta processes go together.
    pub combination: Combination,
    /// What is looked for beside alpha and slow beta process.
    pub fast_loss: FastLoss,
}

/// How readings err.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// A share of the modulus and an angle of the phase.
    ModulusAndPhase,
    /// A share of the storage and a share of the loss modulus.
    Relative,
}

impl Default for Surface {
    fn default() -> Self {
        Self {
            noise: Noise::ModulusAndPhase,
            exclude_crystallisation: true,
            highest_frequency: None,
            beta_shape: BetaShape::ColeCole,
            combination: Combination::Additive,
            fast_loss: FastLoss::Process,
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("relaxation_processes", "n", "", "processes with a relaxation time of their own that the readings support"),
    output("slow_beta_energy", "E_β", "J", "energy of the slow beta process per event"),
    output("slow_beta_energy_rtg", "E_β/R Tg", "", "the same over that of the stated glass transition"),
    output("slow_beta_prefactor_log10", "log10 τ0", "", "of the slow beta process, s"),
    output("slow_beta_strength", "Δ_β", "", "share of the unrelaxed modulus that it relaxes"),
    output("slow_beta_width", "α_β", "", "Cole-Cole exponent of the slow beta process"),
    output("slow_beta_energy_width", "s_β", "J", "standard deviation of its energies, with beta_shape = \"gaussian_barriers\""),
    output("slow_beta_temperature", "T_β", "K", "temperature of its maximum at the middle frequency"),
    output("fast_beta_energy", "E_f", "J", "energy of the fast beta process per event"),
    output("fast_beta_strength", "Δ_f", "", "share of the unrelaxed modulus that it relaxes"),
    output("fast_beta_temperature", "T_f", "K", "temperature of its maximum at the middle frequency"),
    output(
        "nearly_constant_loss",
        "A",
        "",
        "nearly constant loss over the unrelaxed modulus, at the middle of the temperatures",
    ),
    output("nearly_constant_loss_growth", "T_N", "K", "of its growth exp(T/T_N)"),
    output("alpha_temperature", "T_α", "K", "temperature at which ωτ = 1 for the alpha process at the middle frequency"),
    output("alpha_energy", "E_α", "J", "apparent energy of the alpha process there: slope of ln τ over 1/kT"),
    output("stretching_exponent", "β", "", "of the alpha process"),
    output("alpha_strength", "Δ_α", "", "share of the unrelaxed modulus that it relaxes"),
    output("glass_slope_ratio", "r", "", "slope of the alpha process below the glass transition over that above"),
    output("crystallisation_temperature", "T_x", "K", "temperature of the least storage modulus before it rises"),
];

impl Method for Surface {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.surface",
        family: "relaxation",
        version: 3,
        title: "How many relaxations",
        summary: "One model of storage and loss over frequency and temperature: alpha, slow beta and fast beta process, chosen by evidence, with their energies, strengths and widths.",
        doc: include_str!("doc.md"),
        technique: "dma",
        scope: Scope::Item,
        after: &[],
        constants: &[MODULUS_KIND.key, GLASS_TRANSITION.key],
        outputs: OUTPUTS,
        covers: &["Q19-2.1-m", "Q19-2.1.1-t", "Q19-2.1.2-c", "Q19-2.1.2-m"],
        references: &[
            "H. B. Yu, W. H. Wang, K. Samwer, Materials Today 16, 183 (2013), doi:10.1016/j.mattod.2013.05.002",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
            "G. Williams, D. C. Watts, in NMR Basic Principles and Progress 4, 271 (1971)",
            "M. Kanter, Ann. Probab. 3, 697 (1975), doi:10.1214/aop/1176996309",
            "G. Schwarz, Ann. Statist. 6, 461 (1978), doi:10.1214/aos/1176344136",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let noise = match self.noise {
            Noise::ModulusAndPhase => NoiseModel::ModulusAndPhase,
            Noise::Relative => NoiseModel::Relative,
        };
        let forms = Forms { beta_shape: self.beta_shape, combination: self.combination, fast: self.fast_loss };
        let highest = match &self.highest_frequency {
            Some(frequency) => {
                frequency.unit.require(&Unit::of("Hz"))?;
                2.0 * std::f64::consts::PI * frequency.value
            }
            None => f64::INFINITY,
        };
        input::input(Self::INFO.id, dataset, Some(noise), (self.exclude_crystallisation, highest), forms)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(input, ctx)
    }
}
