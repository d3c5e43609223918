//! `onchip.stress_strain`: one point of stress and strain per structure and time, and the curve they make.

pub mod algorithm;
pub mod fracture;
mod report;
pub mod session;
#[cfg(test)]
pub(super) mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{
    ACTUATOR_MISMATCH, ACTUATOR_MODULUS, ACTUATOR_THICKNESS, ACTUATOR_WIDTH, POISSON_RATIO, SPECIMEN_MISMATCH,
    SPECIMEN_MODULUS, SPECIMEN_THICKNESS, UNDERETCH,
};
use super::mechanics::{Chip, Specimen};
use super::records::{OnchipError, chip, is_long, specimens};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Stress and strain of specimens on a chip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StressStrain {
    /// Standard error of a displacement where the table has none, for instance "15 nm".
    pub displacement_error: Option<Quantity>,
    /// Strain below which structures are elastic.
    pub elastic_below: f64,
    /// Share of its stress above which the error of a structure leaves it out.
    pub largest_error: f64,
    /// Draws of the constants of the chip, for what is common to all structures.
    pub draws: usize,
}

impl Default for StressStrain {
    fn default() -> Self {
        Self { displacement_error: None, elastic_below: 0.02, largest_error: 0.2, draws: 2000 }
    }
}

/// What [`StressStrain`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) chip: Chip,
    pub(super) specimens: Vec<Specimen>,
    pub(super) poisson_ratio: Option<Quantity>,
    pub(super) is_long: bool,
}

const OUTPUTS: &[OutputInfo] = &[
    output("youngs_modulus", "E", "Pa", "slope of the elastic structures at the first time"),
    output("yield_stress", "σ_y", "Pa", "where the elastic line meets linear hardening, at the first time"),
    output("hardening_slope", "dσ/dε", "Pa", "slope of true stress over true strain beyond yield"),
    output("elastic_strain_at_yield", "σ_y/E", "", "yield stress over Young's modulus"),
    output("offset_yield_stress", "σ_0.2", "Pa", "where the curve meets the elastic line moved by a plastic strain of 0.2 %"),
    output("fracture_strain", "ε_f", "", "strain at which half of the structures are broken, by Weibull's law of limits"),
    output("fracture_modulus", "k", "", "Weibull's modulus of the fracture strain"),
    output("ductility_lower_bound", "ε_f", "", "largest strain of a structure that is not broken"),
    output("first_session_shift", "d", "m", "how far all first displacements are off, from the elastic structures"),
    output("shear_modulus", "G", "Pa", "E/(2 (1 + ν))"),
    output("bulk_modulus", "B", "Pa", "E/(3 (1 - 2ν))"),
];

impl Method for StressStrain {
    const INFO: MethodInfo = MethodInfo {
        id: "onchip.stress_strain",
        family: "onchip",
        version: 3,
        title: "Stress and strain on a chip",
        summary: "True stress and strain of every structure at every time from the displacement of its actuator, with the errors of the reading and those common to the chip apart; modulus, yield, hardening and ductility.",
        doc: include_str!("doc.md"),
        technique: "onchip",
        scope: Scope::Item,
        after: &[],
        constants: &[
            ACTUATOR_MODULUS.key,
            ACTUATOR_MISMATCH.key,
            ACTUATOR_WIDTH.key,
            ACTUATOR_THICKNESS.key,
            SPECIMEN_THICKNESS.key,
            SPECIMEN_MODULUS.key,
            SPECIMEN_MISMATCH.key,
            UNDERETCH.key,
            POISSON_RATIO.key,
        ],
        outputs: OUTPUTS,
        covers: &["I19-01", "I19-02", "I19-03", "I19-16", "I19-17"],
        references: &[
            "H. Idrissi et al. (2019), on-chip tension of Zr65Ni35",
            "S. Gravier, M. Coulombier, A. Safi, N. André, A. Boé, J.-P. Raskin, T. Pardoen, J. Microelectromech. Syst. 18, 555 (2009)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let between = |name, found: f64, lo: f64, hi: f64, needed| match (lo..=hi).contains(&found) {
            true => Ok(()),
            false => Err(OnchipError::Parameter { name, found, needed }),
        };
        between("elastic_below", self.elastic_below, 1e-4, 0.2, "a strain from 0.0001 to 0.2")?;
        between("largest_error", self.largest_error, 1e-3, 10.0, "a share from 0.001 to 10")?;
        between("draws", self.draws as f64, 20.0, 1e6, "a number from 20 to 1000000")?;
        let chip = chip(Self::INFO.id, dataset)?;
        let specimens = specimens(dataset, self.displacement_error.as_ref(), &chip)?;
        let found = specimens.iter().filter(|specimen| !specimen.readings.is_empty()).count();
        if found == 0 {
            return Err(OnchipError::TooFew { what: "structures with a displacement", found, needed: 1 }.into());
        }
        let poisson_ratio =
            dataset.constants.checked(&POISSON_RATIO, |value| value > -1.0 && value < 0.5, "must lie between -1 and 0.5")?;
        Ok(Input { is_long: is_long(&specimens), chip, specimens, poisson_ratio })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        Ok(report::outcome(self, input, ctx))
    }
}
