//! `onchip.relaxation`: how specimens on a chip relax, and what activation volume that means.

pub mod algorithm;
mod figures;
pub mod laws;
mod report;
pub mod structures;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{
    ACTUATOR_MISMATCH, ACTUATOR_MODULUS, ACTUATOR_THICKNESS, ACTUATOR_WIDTH, GLASS_TRANSITION, SPECIMEN_MISMATCH,
    SPECIMEN_MODULUS, SPECIMEN_THICKNESS, TEMPERATURE, UNDERETCH,
};
use super::mechanics::{Chip, Specimen};
use super::records::{OnchipError, chip, specimens};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Relaxation of specimens on a chip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Relaxation {
    /// Standard error of a displacement where the table has none, for instance "15 nm".
    pub displacement_error: Option<Quantity>,
    /// Normal over shear stress: √3 of an isotropic glass; a polycrystal's Taylor factor is 3.06.
    pub taylor_factor: f64,
    /// Share of its stress above which the error of a structure leaves it out.
    pub largest_error: f64,
    /// Draws of the constants of the chip, for what is common to all structures.
    pub draws: usize,
    /// Strain below which structures are elastic; ten of them set the zero of every session.
    pub elastic_below: f64,
    /// Part of the stress that does not help thermal activation, for the table of conventions; for instance "1.5 GPa".
    pub athermal_stress: Option<Quantity>,
}

impl Default for Relaxation {
    fn default() -> Self {
        Self {
            displacement_error: None,
            taylor_factor: 3f64.sqrt(),
            largest_error: 0.2,
            draws: 2000,
            elastic_below: 0.02,
            athermal_stress: None,
        }
    }
}

/// What [`Relaxation`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) chip: Chip,
    /// Structures with at least two readings.
    pub(super) specimens: Vec<Specimen>,
    pub(super) temperature: Option<Quantity>,
    pub(super) glass_transition: Option<Quantity>,
}

const OUTPUTS: &[OutputInfo] = &[
    output("rate_sensitivity_m", "m", "", "d ln σ/d ln(plastic strain rate) of the structures above the threshold"),
    output("activation_volume", "V", "m^3", "M kT over the stress lost per unit of ln(rate), with the stated Taylor factor"),
    output(
        "stz_volume",
        "Ω",
        "m^3",
        "volume of a shear transformation zone by the cooperative shear model (form B of Pan et al.)",
    ),
    output("stz_volume_paper", "Ω", "m^3", "ten times the activation volume, as the source takes it"),
    output("stz_diameter", "d", "m", "diameter of a sphere of stz_volume, or of stz_volume_paper where Tg is not stated"),
    output("threshold_stress", "σ_c", "Pa", "stress above which structures relax"),
    output("m_upper_bound_below_threshold", "m", "", "95 % bound of the rate sensitivity of the structures below it"),
    output("relaxing_structures", "n", "", "structures whose displacement grows by more than its error allows"),
];

impl Method for Relaxation {
    const INFO: MethodInfo = MethodInfo {
        id: "onchip.relaxation",
        family: "onchip",
        version: 3,
        title: "Relaxation on a chip",
        summary: "Logarithmic relaxation of every structure; rate sensitivity, activation volume and zone volume with every convention named; a threshold stress with its interval.",
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
            TEMPERATURE.key,
            GLASS_TRANSITION.key,
        ],
        outputs: OUTPUTS,
        covers: &[
            "I19-04", "I19-05", "I19-06", "I19-07", "I19-08", "I19-09", "I19-10", "I19-11", "I19-12", "I19-13", "I19-15",
            "I19-43",
        ],
        references: &[
            "H. Idrissi et al. (2019), on-chip tension of Zr65Ni35",
            "D. Pan, A. Inoue, T. Sakurai, M. W. Chen, PNAS 105, 14769 (2008), doi:10.1073/pnas.0806051105",
            "W. L. Johnson, K. Samwer, Phys. Rev. Lett. 95, 195501 (2005), doi:10.1103/PhysRevLett.95.195501",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let parameter = |name, found: f64, needed| Err(OnchipError::Parameter { name, found, needed }.into());
        if !(1.0..=10.0).contains(&self.taylor_factor) {
            return parameter("taylor_factor", self.taylor_factor, "a number from 1 to 10");
        }
        if !(1e-3..=10.0).contains(&self.largest_error) {
            return parameter("largest_error", self.largest_error, "a share from 0.001 to 10");
        }
        if !(20..=1_000_000).contains(&self.draws) {
            return parameter("draws", self.draws as f64, "a number from 20 to 1000000");
        }
        if !(1e-4..=0.2).contains(&self.elastic_below) {
            return parameter("elastic_below", self.elastic_below, "a strain from 0.0001 to 0.2");
        }
        if let Some(stress) = self.athermal_stress.as_ref().filter(|stress| !(0.0..2e10).contains(&stress.value)) {
            return parameter("athermal_stress", stress.value, "a stress from 0 to 20 GPa");
        }
        let chip = chip(Self::INFO.id, dataset)?;
        let mut specimens = specimens(dataset, self.displacement_error.as_ref(), &chip)?;
        specimens.retain(|specimen| specimen.readings.len() >= 2);
        if specimens.is_empty() {
            let what = "structures with readings at two times";
            return Err(OnchipError::TooFew { what, found: 0, needed: 1 }.into());
        }
        let [temperature, glass_transition] =
            [dataset.constants.positive(&TEMPERATURE)?, dataset.constants.positive(&GLASS_TRANSITION)?];
        Ok(Input { chip, specimens, temperature, glass_transition })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input, ctx)
    }
}
