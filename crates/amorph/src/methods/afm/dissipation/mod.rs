//! `dafm.dissipation`: energy dissipated per tap from phase and amplitude images.

pub mod algorithm;
pub(in crate::methods::afm) mod calibration;
mod error;
mod figures;
mod input;
mod noise;
mod report;
#[cfg(test)]
mod tests;

pub use error::DissipationError;
pub use input::Input;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Energy dissipated per oscillation cycle in each pixel of a tapping-mode image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Dissipation {
    /// Formula for the energy.
    pub form: Form,
    /// Which phase map to use.
    pub phase: PhaseMap,
    /// What an amplitude-error map holds.
    pub amplitude_error: AmplitudeError,
    /// Share of pixels with negative energy above which the result is refused: a passive sample cannot return energy.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub max_negative_fraction: f64,
    /// The lag in free air may differ by this much from 90 deg for the forms that assume resonance.
    pub max_free_lag_offset: Quantity,
}

/// Formula for the dissipated energy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Power balance with the drive eliminated by the measured free amplitude and phase: holds at any drive frequency.
    PowerBalance,
    /// Lu et al. 2016: driven exactly at resonance; the free phase and the drive frequency do not enter.
    #[serde(rename = "lu2016")]
    Lu2016,
    /// Qiao et al. 2019, equation 3.10: lacks a factor f/f0 and takes the free amplitude at resonance.
    #[serde(rename = "qiao2019")]
    Qiao2019,
}

/// The phase map that the energy is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhaseMap {
    /// The map of the file.
    AsMeasured,
    /// The map that `dafm.topography` has freed of its correlation with the height.
    Corrected,
}

/// What an amplitude-error channel holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AmplitudeError {
    /// Amplitude minus set point.
    MeasuredMinusSetpoint,
    /// Set point minus amplitude.
    SetpointMinusMeasured,
    /// Not used: the amplitude is the set point everywhere.
    Ignored,
}

impl Default for Dissipation {
    fn default() -> Self {
        Self {
            form: Form::PowerBalance,
            phase: PhaseMap::AsMeasured,
            amplitude_error: AmplitudeError::MeasuredMinusSetpoint,
            max_negative_fraction: 0.01,
            max_free_lag_offset: Quantity::si(5f64.to_radians(), Unit::of("deg")),
        }
    }
}

impl Form {
    /// As it is written in a study.
    pub fn name(self) -> &'static str {
        match self {
            Self::PowerBalance => "power_balance",
            Self::Lu2016 => "lu2016",
            Self::Qiao2019 => "qiao2019",
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("dissipated_energy_mean", "⟨E⟩", "J", "mean energy dissipated per cycle"),
    output("dissipated_energy_sd", "σ_E", "J", "standard deviation of the energy over the pixels"),
    output("dissipated_energy_cv", "σ_E/⟨E⟩", "", "relative variation of the energy over the pixels"),
    output("normalised_dissipation_mean", "⟨E*⟩", "", "mean of E Q/(π k A A_f)"),
    output("fraction_attractive", "f_att", "", "share of pixels with a lag above 90 deg"),
    output("fraction_negative", "f_neg", "", "share of pixels with negative energy"),
    output("mean_force_virial", "V", "J", "mean of tip force times deflection over a cycle"),
    output("mean_elastic_force_qiao2019", "F", "N", "mean elastic force by the expression of Qiao et al. 2019"),
    output("amplitude_ratio", "A/A_f", "", "mean amplitude over the amplitude in free air"),
    output("mean_lag", "⟨φ⟩", "deg", "mean lag of the tip behind the drive"),
    output("dissipated_energy_noise_sd", "σ_n", "J", "noise of the energy, from the difference of trace and retrace"),
    output("dissipated_energy_material_sd", "σ_m", "J", "standard deviation of the energy without that noise"),
];

impl Method for Dissipation {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.dissipation",
        family: "afm",
        version: 2,
        title: "Energy dissipated per tap",
        summary: "Turns phase and amplitude images into a map of the energy that the sample takes from the tip in each cycle.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &["dafm.topography"],
        constants: &[
            "phase_convention",
            "phase_reference",
            "free_phase",
            "spring_constant",
            "quality_factor",
            "resonance_frequency",
            "drive_frequency",
            "free_amplitude",
            "setpoint_amplitude",
            "amplitude_sensitivity",
        ],
        outputs: OUTPUTS,
        covers: &["L16-01", "L16-02", "L16-07", "L16-35", "Q19-3.3.1-a", "Q19-3.3.1-c"],
        references: &[
            "Cleveland, Anczykowski, Schmid, Elings, Appl. Phys. Lett. 72, 2613 (1998)",
            "Lu et al., Sci. Rep. 6, 29357 (2016)",
            "Qiao et al. (2019), review, section 3.3.1 and equation 3.10",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        input::collect(self, dataset)
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}
