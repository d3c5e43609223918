//! Stress, strain and the apparent change of the resistivity of a pressed pillar.

pub mod algorithm;
mod error;
mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::input::Input;
use super::constants::{
    BASE_MODULUS, BASE_POISSON_RATIO, FRAME_COMPLIANCE, PILLAR_HEIGHT, POISSON_RATIO, PUNCH_MODULUS, PUNCH_POISSON_RATIO,
    SERIES_RESISTANCE, TAPER_ANGLE, TOP_DIAMETER, VOLTAGE,
};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Engineering stress and strain of a tapered pillar, and what is left of the change of its resistance once its shape is taken off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StressStrain {
    /// How the cross-section follows the strain.
    pub geometry: Geometry,
    /// Depth at which the punch touches, for instance "12 nm"; from a straight line through the rise of the load if absent.
    pub contact_depth: Option<Quantity>,
    /// Shares of the peak load between which that line is laid.
    pub elastic_range: [f64; 2],
    /// Time at the start of a test whose current is left out; where the noise has settled if absent.
    pub settling_time: Option<Quantity>,
    /// Most rows of the table of stress, strain and resistivity of a test; longer tests are averaged over stretches of samples.
    pub rows: usize,
}

/// How the cross-section of a pillar follows its strain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Geometry {
    /// It widens by Poisson's ratio: before the first pop-in.
    Elastic,
    /// Its volume stays: after large plastic strain.
    VolumeConserving,
    /// As printed by Yang et al.: (1 + 3ν) e/(1 + e), for comparison.
    AsPrinted,
}

impl Default for StressStrain {
    fn default() -> Self {
        Self { geometry: Geometry::Elastic, contact_depth: None, elastic_range: [0.1, 0.4], settling_time: None, rows: 5000 }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("peak_stress", "σ_max", "Pa", "highest engineering stress of all tests"),
    output("peak_strain", "e_max", "", "engineering strain at the highest load, mean over tests"),
    output("contact_depth", "h₀", "m", "depth at which the punch touches, of the first test"),
    output("loading_modulus", "E", "Pa", "Young's modulus from the slope of the rise, mean over tests"),
    output(
        "apparent_relative_resistivity_change",
        "Δρ/ρ₀",
        "",
        "change from the start to the end of the last segment, mean over tests; apparent without series_resistance",
    ),
    output("largest_current_density", "j", "A/m^2", "largest current over the area of the top"),
    output("largest_power", "IV", "W", "largest power in the circuit"),
];

impl Method for StressStrain {
    const INFO: MethodInfo = MethodInfo {
        id: "events.stress_strain",
        family: "events",
        version: 1,
        title: "Stress, strain and resistivity of a pillar",
        summary: "Engineering stress and strain of a tapered pillar with the yielding of frame, base and punch taken off, and the change of its resistivity with its shape taken off.",
        doc: include_str!("doc.md"),
        technique: "pillar",
        scope: Scope::Item,
        after: &[],
        constants: &[
            TOP_DIAMETER.key,
            PILLAR_HEIGHT.key,
            TAPER_ANGLE.key,
            POISSON_RATIO.key,
            FRAME_COMPLIANCE.key,
            BASE_MODULUS.key,
            BASE_POISSON_RATIO.key,
            PUNCH_MODULUS.key,
            PUNCH_POISSON_RATIO.key,
            VOLTAGE.key,
            SERIES_RESISTANCE.key,
        ],
        outputs: OUTPUTS,
        covers: &["Y12-01", "Y12-02", "Y12-04", "Y12-05"],
        references: &[
            "Y. Yang, X. L. Fu, S. Wang, Z. Y. Liu, Y. F. Ye, B. A. Sun, C. T. Liu, Sci. Rep. (probing stochastic nano-scale inelastic events in stressed amorphous metal)",
            "I. N. Sneddon, Int. J. Eng. Sci. 3, 47 (1965), doi:10.1016/0020-7225(65)90019-4",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::collect(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
