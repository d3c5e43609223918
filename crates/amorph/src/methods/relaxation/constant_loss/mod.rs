//! `relaxation.constant_loss`: level and exponent of a nearly constant loss, and the temperature at which its growth breaks.

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::{Power, power};
use super::RelaxationError;
use super::constants::MODULUS_KIND;
use super::spectra::{Reading, Spectra};
use crate::core::ctx::Ctx;
use crate::core::outcome::{Note, Outcome};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// A nearly constant loss.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConstantLoss {
    /// Isotherm whose level is reported, K; absent: the middle one of those whose loss is nearly constant.
    pub temperature: Option<f64>,
    /// Gap that parts two isotherms, K.
    pub temperature_tolerance: f64,
    /// Series simulated without and with a break.
    pub draws: usize,
}

impl Default for ConstantLoss {
    fn default() -> Self {
        Self { temperature: None, temperature_tolerance: 1.0, draws: 400 }
    }
}

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    powers: Vec<Power>,
    /// Common angular frequency at which levels are stated, rad/s.
    omega: f64,
    kind: &'static str,
    notes: Vec<Note>,
}

/// Fewest readings of an isotherm.
const FEWEST: usize = 6;

const OUTPUTS: &[OutputInfo] = &[
    output("ncl_level", "M''", "Pa", "loss modulus at the middle frequency, of the isotherm that is reported"),
    output("ncl_exponent", "n", "", "exponent of its loss over frequency"),
    output("ncl_break_temperature", "T_b", "K", "where the growth of ln level with temperature changes"),
    output("ncl_growth_below", "T_N", "K", "of exp(T/T_N) below that"),
    output("ncl_growth_above", "T_N", "K", "of exp(T/T_N) above that"),
    output("ncl_break_p", "p", "", "share of series without a break that look as broken"),
];

impl Method for ConstantLoss {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.constant_loss",
        family: "relaxation",
        version: 1,
        title: "Nearly constant loss",
        summary: "Level and exponent of the loss between the fast and the slow processes at every temperature, where it is nearly constant, and the temperature at which its growth breaks.",
        doc: include_str!("doc.md"),
        technique: "dma",
        scope: Scope::Item,
        after: &[],
        constants: &[MODULUS_KIND.key],
        outputs: OUTPUTS,
        covers: &["Q19-2.2.3-f"],
        references: &[
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 2.2.3",
            "A. P. Sokolov et al., Phys. Rev. B 63, 132204 (2001), doi:10.1103/PhysRevB.63.132204",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        if self.draws < 99 {
            let message = format!("draws = {} is too few; at least 99 are needed", self.draws);
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        let kind = super::constants::modulus_kind(dataset, Self::INFO.id)?;
        let spectra = Spectra::read(dataset)?;
        let isotherms = spectra.isotherms(self.temperature_tolerance)?;
        let mut notes = spectra.notes.clone();
        let with_loss = |reading: &&Reading| reading.loss > 0.0;
        let (lo, hi) = spectra
            .readings
            .iter()
            .filter(with_loss)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), r| (r.omega.ln().min(lo), r.omega.ln().max(hi)));
        let middle = 0.5 * (lo + hi);
        let mut powers = Vec::new();
        let mut short = 0;
        for isotherm in &isotherms {
            // Leaving out single readings below zero would raise the rest.
            let lossless = isotherm.readings.iter().any(|reading| reading.loss <= 0.0);
            let (x, y): (Vec<f64>, Vec<f64>) =
                isotherm.readings.iter().filter(with_loss).map(|r| (r.omega.ln() - middle, r.loss.ln())).unzip();
            if lossless || x.len() < FEWEST {
                short += 1;
                continue;
            }
            match power(isotherm.temperature, &x, &y) {
                Ok(found) => powers.push(found),
                Err(_) => short += 1,
            }
        }
        if powers.is_empty() {
            let what = "readings of one isotherm at different frequencies, every loss above zero".to_owned();
            return Err(RelaxationError::TooFew { what, found: 0, needed: FEWEST }.into());
        }
        if short > 0 {
            let text = format!(
                "{short} isotherms with fewer than {FEWEST} readings, or with a loss of zero or less (an error as large as the loss), are left out"
            );
            notes.push(Note::warning("short_isotherms", text));
        }
        if let Some(wanted) = self.temperature {
            let near = |power: &Power| (power.temperature - wanted).abs() <= self.temperature_tolerance;
            if !powers.iter().any(near) {
                let found = powers.iter().map(|power| power.temperature).collect();
                return Err(RelaxationError::NoSuchTemperature { wanted, found }.into());
            }
        }
        Ok(Input { powers, omega: middle.exp(), kind, notes })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        Ok(report::outcome(self, input, ctx))
    }
}
