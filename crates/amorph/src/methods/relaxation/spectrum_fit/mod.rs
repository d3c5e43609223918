//! `relaxation.spectrum_fit`: one relaxation function through storage and loss of one spectrum of moduli, compliances or permittivities.

pub mod algorithm;
pub mod convert;
mod figures;
pub mod influence;
mod report;
mod shape;
mod tables;
pub mod terms;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_terms;
mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RelaxationError;
use super::constants::{MODULUS_KIND, modulus_kind};
use super::master_curve::Noise;
use super::spectra::{COMPLIANCE, Isotherm, MODULUS, PERMITTIVITY, Spectra, chosen};
use crate::core::ctx::Ctx;
use crate::core::outcome::{Note, Outcome};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::Shape;
use terms::{Measured, Terms};

/// Relaxation time, shape and strength from storage and loss together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SpectrumFit {
    /// Relaxation function.
    pub model: Model,
    /// How readings err.
    pub noise: Noise,
    /// Whether the modulus relaxes to zero at low frequency.
    pub liquid: bool,
    /// Whether viscous flow, or the conductivity of a dielectric, is fitted along with it.
    pub flow: bool,
    /// Whether a loss that is the same at all frequencies is fitted along with it.
    pub constant_loss: bool,
    /// Isotherm to fit, K; absent: the one whose loss peak lies nearest the middle of its frequencies.
    pub temperature: Option<f64>,
    /// Gap that parts two isotherms, K.
    pub temperature_tolerance: f64,
}

/// Relaxation function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// The one with the lowest Bayesian information criterion.
    Best,
    /// One relaxation time.
    Debye,
    /// Symmetric.
    ColeCole,
    /// Broad at high frequency.
    ColeDavidson,
    /// With a width and an asymmetry.
    HavriliakNegami,
    /// The stretched exponential.
    Kww,
    /// Describes the loss alone: refused, with the reason.
    Jonscher,
}

impl Default for SpectrumFit {
    fn default() -> Self {
        Self {
            model: Model::Best,
            noise: Noise::Best,
            liquid: false,
            flow: false,
            constant_loss: false,
            temperature: None,
            temperature_tolerance: 1.0,
        }
    }
}

/// What [`SpectrumFit`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    isotherms: Vec<Isotherm>,
    chosen: usize,
    measured: Measured,
    kind: &'static str,
    notes: Vec<Note>,
}

/// Fewest readings of a spectrum.
const FEWEST: usize = 8;

impl Method for SpectrumFit {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.spectrum_fit",
        family: "relaxation",
        version: 2,
        title: "Relaxation spectrum",
        summary: "Relaxation time, exponents and strength of one spectrum of moduli, compliances or permittivities: storage and loss fitted together, five functions compared.",
        doc: include_str!("doc.md"),
        technique: "dma",
        scope: Scope::Item,
        after: &[],
        constants: &[MODULUS_KIND.key],
        outputs: &[
            output("tau_hn", "τ_HN", "s", "relaxation time of the functions of Debye, Cole, Davidson, Havriliak and Negami"),
            output("tau_kww", "τ_KWW", "s", "relaxation time of the stretched exponential"),
            output("tau_peak", "1/ω_m", "s", "inverse angular frequency of the loss peak"),
            output("tau_mean", "<τ>", "s", "mean relaxation time, where it is finite"),
            output("beta_kww", "β", "", "stretching exponent"),
            output("hn_alpha", "α", "", "exponent of the width"),
            output("hn_gamma", "γ", "", "exponent of the asymmetry"),
            output("loss_wing_low", "m", "", "slope of log loss over log ω below the peak"),
            output("loss_wing_high", "1-n", "", "minus that slope above the peak"),
            output("modulus_unrelaxed", "M_u", "Pa", "modulus at high frequency"),
            output("modulus_relaxed", "M_r", "Pa", "modulus at low frequency"),
            output("relaxation_strength", "ΔM", "Pa", "their difference"),
            output("compliance_unrelaxed", "J_u", "1/Pa", "compliance at high frequency"),
            output("compliance_relaxed", "J_r", "1/Pa", "compliance at low frequency, without flow"),
            output("retardation_strength", "ΔJ", "1/Pa", "their difference"),
            output("permittivity_unrelaxed", "ε_∞", "", "relative permittivity at high frequency"),
            output("permittivity_relaxed", "ε_s", "", "relative permittivity at low frequency"),
            output("dielectric_strength", "Δε", "", "their difference"),
            output("viscosity", "η", "Pa s", "of the flow: a loss ωη of a modulus, 1/(ωη) of a compliance"),
            output("conductivity", "σ", "S/m", "of a dielectric: a loss σ/(ωε0)"),
            output("constant_loss_modulus", "C", "Pa", "loss modulus that is the same at all frequencies"),
            output("constant_loss_compliance", "C", "1/Pa", "loss compliance that is the same at all frequencies"),
            output("constant_loss_permittivity", "C", "", "dielectric loss that is the same at all frequencies"),
            output("modulus_noise", "σ_r", "", "relative error of a modulus, or of a storage modulus"),
            output("phase_noise", "σ_δ", "rad", "error of a phase; absent where loss errs by a share of itself"),
        ],
        covers: &["Q19-2.1.1-l"],
        references: &[
            "S. Havriliak, S. Negami, Polymer 8, 161 (1967), doi:10.1016/0032-3861(67)90021-3",
            "G. Williams, D. C. Watts, Trans. Faraday Soc. 66, 80 (1970), doi:10.1039/TF9706600080",
            "F. Alvarez, A. Alegría, J. Colmenero, Phys. Rev. B 44, 7306 (1991), doi:10.1103/PhysRevB.44.7306",
            "R. D. Cook, Technometrics 19, 15 (1977), doi:10.1080/00401706.1977.10489493",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        if !(self.temperature_tolerance > 0.0 && self.temperature_tolerance.is_finite()) {
            let message = "temperature_tolerance must be above 0".to_owned();
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        if self.model == Model::Jonscher {
            return Err(RelaxationError::LossOnly("the law of Jonscher").into());
        }
        let (measured, pair) = match [COMPLIANCE, PERMITTIVITY].map(|pair| !MODULUS.fills(dataset) && pair.fills(dataset)) {
            [true, _] => (Measured::Compliance, COMPLIANCE),
            [_, true] => (Measured::Permittivity, PERMITTIVITY),
            _ => (Measured::Modulus, MODULUS),
        };
        if self.liquid && measured != Measured::Modulus {
            let message = "liquid is for a modulus; compliances and permittivities have flow = true".to_owned();
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        // A permittivity is of one kind alone.
        let kind = if measured == Measured::Permittivity { "relative" } else { modulus_kind(dataset, Self::INFO.id)? };
        let spectra = Spectra::read_pair(dataset, pair)?;
        let isotherms = spectra.isotherms(self.temperature_tolerance)?;
        let chosen = chosen(&isotherms, self.temperature, self.temperature_tolerance)?;
        let found = isotherms[chosen].readings.len();
        if found < FEWEST {
            let what = format!("readings of {}", isotherms[chosen].label());
            return Err(RelaxationError::TooFew { what, found, needed: FEWEST }.into());
        }
        Ok(Input { isotherms, chosen, measured, kind, notes: spectra.notes })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input, ctx)
    }
}

impl SpectrumFit {
    fn terms(&self, measured: Measured) -> Terms {
        Terms { measured, liquid: self.liquid, flow: self.flow, constant_loss: self.constant_loss }
    }
}

impl Model {
    fn shapes(self) -> Vec<Shape> {
        match self {
            Self::Best => Shape::ALL.to_vec(),
            Self::Debye => vec![Shape::Debye],
            Self::ColeCole => vec![Shape::ColeCole],
            Self::ColeDavidson => vec![Shape::ColeDavidson],
            Self::HavriliakNegami => vec![Shape::HavriliakNegami],
            Self::Kww => vec![Shape::Kww],
            Self::Jonscher => Vec::new(),
        }
    }
}
