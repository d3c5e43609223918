//! `calorimetry.diffusion`: diffusion coefficients and viscosities over temperature, and where they part.

pub mod algorithm;
mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::DIFFUSING_RADIUS;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
use crate::theory::constants::AVOGADRO;
pub use input::Input;

/// Diffusion and viscosity over temperature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Diffusion {
    /// The law over temperature; `auto` takes the one with the lower criterion of Akaike for small samples.
    pub law: LawChoice,
    /// Flow at the surface of the particle in the relation of Stokes and Einstein.
    pub boundary: Boundary,
    /// Activation energy of the slow beta relaxation to compare with, for instance "150 kJ/mol" or "1.5 eV".
    pub beta_energy: Option<Quantity>,
    /// Its standard error; mandatory with `beta_energy`.
    pub beta_energy_error: Option<Quantity>,
    /// Series simulated without a break, for its test.
    pub draws: usize,
    /// Probability below which a break is named.
    pub significance: f64,
}

impl Default for Diffusion {
    fn default() -> Self {
        let (beta_energy, beta_energy_error) = (None, None);
        Self { law: LawChoice::Auto, boundary: Boundary::Stick, beta_energy, beta_energy_error, draws: 999, significance: 0.05 }
    }
}

/// Law over temperature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LawChoice {
    /// The better of both.
    Auto,
    /// `ln D = ln D0 - E/(R T)`.
    Arrhenius,
    /// `ln D = ln D0 - B/(T - T0)`: Vogel, Fulcher and Tammann.
    Vft,
}

/// Flow at the surface of a particle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Boundary {
    /// The liquid sticks: `6 π`.
    Stick,
    /// The liquid slips: `4 π`.
    Slip,
}

impl Boundary {
    /// The factor of `D η r/(kB T)`.
    pub fn factor(self) -> f64 {
        match self {
            Self::Stick => 6.0 * std::f64::consts::PI,
            Self::Slip => 4.0 * std::f64::consts::PI,
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("diffusion_activation_energy", "E_D", "J/mol", "of an Arrhenius law of the diffusion coefficient"),
    output("diffusion_prefactor_log10", "log10 D0", "", "log10 of the diffusion coefficient (m²/s) at infinite temperature"),
    output("diffusion_apparent_energy", "E_D", "J/mol", "of a bent law at the temperature whose inverse is the mean of all"),
    output("diffusion_vft_t0", "T0", "K", "of ln D = ln D0 - B/(T - T0)"),
    output("viscosity_activation_energy", "E_η", "J/mol", "of an Arrhenius law of the viscosity"),
    output("viscosity_prefactor_log10", "log10 η0", "", "log10 of the viscosity (Pa s) at infinite temperature"),
    output("viscosity_apparent_energy", "E_η", "J/mol", "of a bent law at the temperature whose inverse is the mean of all"),
    output("viscosity_vft_t0", "T0", "K", "of ln η = ln η0 + B/(T - T0)"),
    output("decoupling_p", "p", "", "share of series with a constant D η/T that look as broken"),
    output("decoupling_temperature", "T_x", "K", "below it D η/T is not constant"),
    output("decoupling_energy", "ΔE", "J/mol", "R d ln(D η/T)/d(1/T) below it"),
    output("hydrodynamic_radius", "r", "m", "of Stokes and Einstein where D η/T is constant"),
    output("diffusion_beta_energy_ratio", "E_D/E_β", "", "energy of diffusion over that of the slow beta relaxation"),
    output("diffusion_beta_energy_p", "p", "", "probability by chance of energies that differ as much"),
];

impl Method for Diffusion {
    const INFO: MethodInfo = MethodInfo {
        id: "calorimetry.diffusion",
        family: "calorimetry",
        version: 1,
        title: "Diffusion and viscosity",
        summary: "Laws of diffusion coefficients and viscosities over temperature, the viscosity by Stokes and Einstein, the temperature below which both part, and the energy of diffusion over that of the slow beta relaxation.",
        doc: include_str!("doc.md"),
        technique: "transport_series",
        scope: Scope::Item,
        after: &[],
        constants: &[DIFFUSING_RADIUS.key],
        outputs: OUTPUTS,
        covers: &["Q19-2.2.2-b", "Q19-2.2.2-c"],
        references: &[
            "A. Einstein, Ann. Phys. 322, 549 (1905), doi:10.1002/andp.19053220806",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 2.2.2",
            "E. C. Fieller, J. R. Stat. Soc. B 16, 175 (1954), doi:10.1111/j.2517-6161.1954.tb00159.x",
            "C. M. Hurvich, C.-L. Tsai, Biometrika 76, 297 (1989), doi:10.1093/biomet/76.2.297",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let wrong = |message: &str| MethodError::Parameters { method: Self::INFO.id, message: message.to_owned() };
        let fine = (99..=100_000).contains(&self.draws) && self.significance > 0.0 && self.significance < 0.5;
        if !fine {
            return Err(wrong("draws must be 99 to 100000, significance between 0 and 0.5"));
        }
        let beta = match (&self.beta_energy, &self.beta_energy_error) {
            (None, None) => None,
            (Some(energy), Some(error)) => Some((molar(energy)?, molar(error)?)),
            _ => return Err(wrong("beta_energy and beta_energy_error, its standard error, belong together")),
        };
        if beta.is_some_and(|(energy, error)| !(energy > 0.0 && error > 0.0 && error < energy)) {
            return Err(wrong("beta_energy and beta_energy_error must be above 0, the error below the energy"));
        }
        input::input(dataset, beta)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input, ctx)
    }
}

/// An energy in J/mol, stated per mole or per atom.
fn molar(energy: &Quantity) -> Result<f64, MethodError> {
    if energy.unit.is_compatible(&Unit::of("J")) {
        return Ok(energy.value * AVOGADRO);
    }
    energy.unit.require(&Unit::of("J/mol"))?;
    Ok(energy.value)
}
