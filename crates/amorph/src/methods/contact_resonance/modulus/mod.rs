//! `contact_resonance.modulus`: contact stiffness, indentation modulus and loss from contact-resonance frequencies.

pub mod algorithm;
mod figures;
mod input;
mod loss;
mod notes;
mod report;
#[cfg(test)]
mod tests;
pub mod uncertainty;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
pub use input::Input;

/// Contact stiffness, indentation modulus and loss of every pixel from the contact-resonance frequencies of one or more modes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ContactModulus {
    /// Where the tip position comes from.
    pub tip_position_from: TipPositionFrom,
    /// How a stiffness becomes a modulus.
    pub calibration: Calibrate,
    /// Whether the compliance of the tip is taken off.
    pub form: Form,
    /// Number of draws of the common constants.
    #[schemars(range(min = 1000))]
    pub draws: usize,
    /// Loss tangent below which the damping counts as negligible; without it nothing is said about that.
    pub loss_threshold: Option<f64>,
}

/// Where the tip position comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TipPositionFrom {
    /// The constant `tip_position`.
    Stated,
    /// The method `contact_resonance.tip_position`, run before on the same maps.
    TwoModes,
}

/// How a stiffness becomes a modulus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Calibrate {
    /// By the stiffness on a reference sample of known modulus.
    Reference,
    /// By force and radius of the tip (Hertz with DMT adhesion), or by the radius of a flat contact.
    Absolute,
}

/// Form of the conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// `1/E* = 1/M_s + 1/M_t`, exponent by the shape of the contact.
    TipCorrected,
    /// `M_s = M_ref (k*/k*_ref)^(3/2)`, as printed by Qiao et al. 2019: the tip counts as rigid.
    Paper,
}

impl Default for ContactModulus {
    fn default() -> Self {
        Self {
            tip_position_from: TipPositionFrom::Stated,
            calibration: Calibrate::Reference,
            form: Form::TipCorrected,
            draws: 10_000,
            loss_threshold: None,
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("indentation_modulus", "M", "Pa", "mean indentation modulus for the stated shape of the contact"),
    output(
        "indentation_modulus_sd",
        "σ_M",
        "Pa",
        "standard deviation over the map, the variance of the measurement subtracted",
    ),
    output("indentation_modulus_cv", "σ_M/M", "", "that standard deviation over the mean"),
    output("indentation_modulus_sphere", "M_sphere", "Pa", "mean indentation modulus for a round tip"),
    output("indentation_modulus_flat", "M_flat", "Pa", "mean indentation modulus for a flat tip"),
    output("indentation_modulus_lower_bound", "M_min", "Pa", "lower bound where the sample is stiffer than the tip resolves"),
    output("reduced_modulus", "E*", "Pa", "mean reduced modulus of sample and tip"),
    output("contact_stiffness", "k*", "N/m", "mean contact stiffness"),
    output("stiffness_ratio", "k*/k_c1", "", "mean contact stiffness over the stiffness of the lever at the tip"),
    output("loss_tangent_mode_1", "tan δ₁", "", "mean loss tangent of the contact at mode 1"),
    output("loss_tangent_mode_2", "tan δ₂", "", "mean loss tangent of the contact at mode 2"),
    output("loss_tangent_mode_3", "tan δ₃", "", "mean loss tangent of the contact at mode 3"),
    output("contact_damping_mode_1", "c*₁", "kg/s", "mean damping constant of the contact at mode 1"),
    output("contact_damping_mode_2", "c*₂", "kg/s", "mean damping constant of the contact at mode 2"),
    output("contact_damping_mode_3", "c*₃", "kg/s", "mean damping constant of the contact at mode 3"),
    output(
        "sensitivity_mode_1",
        "d ln k/d ln f",
        "",
        "relative change of stiffness over that of the frequency, median, mode 1",
    ),
    output("sensitivity_mode_2", "d ln k/d ln f", "", "the same for mode 2"),
    output("sensitivity_mode_3", "d ln k/d ln f", "", "the same for mode 3"),
    output("tip_drift", "Δk_ref/k_ref", "", "relative change of the stiffness on the reference over the scan"),
    output("no_solution", "N_0", "", "pixels without a stiffness"),
];

impl ContactModulus {
    /// Identifier of the method.
    pub const ID: &'static str = "contact_resonance.modulus";
}

impl Method for ContactModulus {
    const INFO: MethodInfo = MethodInfo {
        id: Self::ID,
        family: "contact_resonance",
        version: 1,
        title: "Modulus from contact resonance",
        summary: "Converts contact-resonance frequencies and quality factors to contact stiffness, indentation modulus and loss.",
        doc: include_str!("doc.md"),
        technique: "contact_resonance",
        scope: Scope::Item,
        after: &["contact_resonance.tip_position"],
        constants: &[
            "tip_position",
            "lever_shape",
            "free_frequency_mode_1",
            "free_frequency_mode_2",
            "free_frequency_mode_3",
            "free_quality_factor_mode_1",
            "free_quality_factor_mode_2",
            "free_quality_factor_mode_3",
            "frequency_noise_mode_1",
            "frequency_noise_mode_2",
            "frequency_noise_mode_3",
            "spring_constant",
            "spring_constant_at",
            "contact_geometry",
            "tip_modulus",
            "reference_modulus",
            "reference_stiffness_ratio",
            "reference_stiffness_ratio_after",
            "reference_frequency_mode_1",
            "reference_frequency_mode_2",
            "reference_frequency_mode_3",
            "reference_frequency_after_mode_1",
            "reference_frequency_after_mode_2",
            "reference_frequency_after_mode_3",
            "slow_scan",
            "force",
            "adhesion_force",
            "tip_radius",
            "contact_radius",
        ],
        outputs: OUTPUTS,
        covers: &["Q19-3.3.5-a", "Q19-3.3.5-b"],
        references: &[
            "Rabe, Janser, Arnold, Rev. Sci. Instrum. 67, 3281 (1996)",
            "Hurley, Shen, Jennett, Turner, J. Appl. Phys. 94, 2347 (2003)",
            "Yuya, Hurley, Turner, J. Appl. Phys. 104, 074916 (2008)",
            "Wagner et al., Nat. Mater. 10, 439 (2011)",
            "Qiao et al. (2019), review, section 3.3.5",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let wrong = |message: String| MethodError::Parameters { method: Self::ID, message };
        if self.draws < 1000 {
            return Err(wrong(format!("draws = {} is too few for a standard error; at least 1000 are needed", self.draws)));
        }
        if let Some(threshold) = self.loss_threshold.filter(|threshold| threshold.is_nan() || *threshold <= 0.0) {
            return Err(wrong(format!("loss_threshold = {threshold} must be greater than zero")));
        }
        input::read(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
