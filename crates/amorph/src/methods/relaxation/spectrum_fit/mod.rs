//! `relaxation.spectrum_fit`: one relaxation function through storage and loss modulus of one spectrum.

pub mod algorithm;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RelaxationError;
use super::constants::{MODULUS_KIND, modulus_kind};
use super::master_curve::Noise;
use super::spectra::{Isotherm, Spectra, chosen};
use crate::core::ctx::Ctx;
use crate::core::outcome::{Note, Outcome};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::Shape;

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
        Self { model: Model::Best, noise: Noise::Best, liquid: false, temperature: None, temperature_tolerance: 1.0 }
    }
}

/// What [`SpectrumFit`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    isotherms: Vec<Isotherm>,
    chosen: usize,
    kind: &'static str,
    notes: Vec<Note>,
}

/// Fewest readings of a spectrum.
const FEWEST: usize = 8;

impl Method for SpectrumFit {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.spectrum_fit",
        family: "relaxation",
        version: 1,
        title: "Relaxation spectrum",
        summary: "Relaxation time, exponents and strength of one spectrum: storage and loss fitted together, five functions compared.",
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
            output("modulus_noise", "σ_r", "", "relative error of a modulus, or of a storage modulus"),
            output("phase_noise", "σ_δ", "rad", "error of a phase; absent where loss errs by a share of itself"),
        ],
        covers: &["Q19-2.1.1-l"],
        references: &[
            "S. Havriliak, S. Negami, Polymer 8, 161 (1967), doi:10.1016/0032-3861(67)90021-3",
            "G. Williams, D. C. Watts, Trans. Faraday Soc. 66, 80 (1970), doi:10.1039/TF9706600080",
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
        let kind = modulus_kind(dataset, Self::INFO.id)?;
        let spectra = Spectra::read(dataset)?;
        let isotherms = spectra.isotherms(self.temperature_tolerance)?;
        let chosen = chosen(&isotherms, self.temperature, self.temperature_tolerance)?;
        let found = isotherms[chosen].readings.len();
        if found < FEWEST {
            let what = format!("readings of {}", isotherms[chosen].label());
            return Err(RelaxationError::TooFew { what, found, needed: FEWEST }.into());
        }
        Ok(Input { isotherms, chosen, kind, notes: spectra.notes })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input, ctx)
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
