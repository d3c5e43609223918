//! `haadf.thickness`: thickness of a foil from the share of electrons that lost no energy.

pub mod algorithm;
mod error;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{BEAM_VOLTAGE, COLLECTION_SEMI_ANGLE, CONVERGENCE_SEMI_ANGLE, MASS_DENSITY};
use super::spectra::{Spectra, spectra_of};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Thickness over the mean free path, and the thickness itself, from one low-loss spectrum or a spectrum at every position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Thickness {
    /// Counts of the detector per electron; the error from counting rests on it.
    #[schemars(range(min = 0.0))]
    pub counts_per_electron: f64,
}

impl Default for Thickness {
    fn default() -> Self {
        Self { counts_per_electron: 1.0 }
    }
}

/// Spectra, and the mean free path where it is known.
#[derive(Debug)]
pub struct Input<'a> {
    spectra: Spectra<'a>,
    /// m.
    mean_free_path: Option<f64>,
}

impl Method for Thickness {
    const INFO: MethodInfo = MethodInfo {
        id: "haadf.thickness",
        family: "haadf",
        version: 1,
        title: "Thickness from energy losses",
        summary: "Thickness of a foil from the logarithm of all electrons over those without energy loss, with the mean free path from density and angles.",
        doc: include_str!("doc.md"),
        technique: "haadf",
        scope: Scope::Item,
        after: &[],
        constants: &[BEAM_VOLTAGE.key, CONVERGENCE_SEMI_ANGLE.key, COLLECTION_SEMI_ANGLE.key, MASS_DENSITY.key],
        outputs: &[
            output("t_over_lambda", "t/λ", "", "thickness over the mean free path; of a map its mean"),
            output("thickness", "t", "m", "thickness; of a map its mean"),
            output("mean_free_path", "λ", "m", "mean free path of inelastic scattering"),
            output("t_over_lambda_sd", "σ_{t/λ}", "", "standard deviation over a map, counting taken out"),
            output("beyond_axis", "", "", "share of all electrons that lies beyond the end of the axis, extrapolated"),
        ],
        covers: &["I19-35"],
        references: &[
            "K. Iakoubovskii et al., Microsc. Res. Tech. 71, 626 (2008), doi:10.1002/jemt.20597",
            "R. F. Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed. (2011), chapter 5",
            "Idrissi et al., Sci. Rep. 9, 13426 (2019)",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        if !(self.counts_per_electron > 0.0 && self.counts_per_electron.is_finite()) {
            let message = format!("counts_per_electron = {} must be greater than zero", self.counts_per_electron);
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        let value = |info| dataset.constants.positive(info).map(|quantity| quantity.map(|quantity| quantity.value));
        let all =
            [value(&BEAM_VOLTAGE)?, value(&CONVERGENCE_SEMI_ANGLE)?, value(&COLLECTION_SEMI_ANGLE)?, value(&MASS_DENSITY)?];
        let mean_free_path = match all {
            [Some(voltage), Some(alpha), Some(beta), Some(density)] => {
                Some(algorithm::mean_free_path(voltage, alpha, beta, density))
            }
            _ => None,
        };
        Ok(Input { spectra: spectra_of(dataset)?, mean_free_path })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
