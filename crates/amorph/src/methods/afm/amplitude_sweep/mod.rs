//! `dafm.amplitude_sweep`: the energy of a tap against the amplitude, from a table of one approach or of several images.

mod input;
#[cfg(test)]
mod tests;

pub use input::{Input, SweepPoint};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::unit::Unit;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, output};

/// Energy per tap against amplitude, from a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AmplitudeSweep {
    /// Column with the amplitude (a length) or its ratio to the free amplitude (a number); `amplitude_ratio`, `a_ratio` or `amplitude` if absent.
    pub amplitude: Option<String>,
    /// Column with the dissipated energy; `dissipated_energy` or `energy` if absent.
    pub energy: Option<String>,
    /// Column with its standard error; `energy_error` or `std_error` if absent.
    pub energy_error: Option<String>,
    /// Column with the phase as stored, used where there is no energy; `phase` if absent.
    pub phase: Option<String>,
}

/// Why a table is no sweep.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SweepError {
    /// Too few rows can be used.
    #[error("{found} rows hold an amplitude and an energy; {needed} are needed")]
    TooFewRows {
        /// Rows that can be used.
        found: usize,
        /// Rows needed.
        needed: usize,
    },
    /// An amplitude that cannot be.
    #[error(
        "row {row} has an amplitude of {ratio:.4} times the free amplitude; it must be above 0 and at most {LARGEST_RATIO}"
    )]
    Amplitude {
        /// The row, from 1.
        row: usize,
        /// Its amplitude over the free amplitude.
        ratio: f64,
    },
    /// The energies never rise above zero.
    #[error("no row has an energy above zero (largest: {largest:.3e} J)")]
    NoEnergy {
        /// Largest energy, J.
        largest: f64,
    },
}

/// Largest accepted ratio: the noise of an amplitude in air.
const LARGEST_RATIO: f64 = 1.05;
/// Fewest rows of a sweep.
const FEWEST_ROWS: usize = 3;

impl Refusal for SweepError {
    fn hint(&self) -> String {
        match self {
            Self::TooFewRows { .. } => {
                "name the columns (amplitude, energy, phase) and their units in brackets, as in `amplitude (nm)`".to_owned()
            }
            Self::Amplitude { .. } => {
                "check free_amplitude and the unit of the amplitude column; without a unit it is the ratio to the free amplitude".to_owned()
            }
            Self::NoEnergy { .. } => "check the sign of the energies, or phase_convention and phase_reference".to_owned(),
        }
    }
}

impl Method for AmplitudeSweep {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.amplitude_sweep",
        family: "afm",
        version: 1,
        title: "Energy per tap against amplitude",
        summary: "Reads a table of amplitude and phase, or amplitude and energy, and gives the energy per tap against A/A0.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &[],
        constants: CONSTANTS,
        outputs: &[
            output("n_points", "n", "", "rows that can be used"),
            output("dissipated_energy_max", "E_max", "J", "largest energy of the table"),
            output("amplitude_ratio_at_max", "A/A0", "", "amplitude ratio of that row"),
        ],
        covers: &["Q19-3.3.1-d"],
        references: &["Garcia et al., Phys. Rev. Lett. 97, 016103 (2006)", "Qiao et al. (2019), review, section 3.3.1"],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::collect(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let points = &input.points;
        let column = |value: fn(&SweepPoint) -> f64| points.iter().map(value).collect::<Vec<f64>>();
        let largest = points.iter().max_by(|a, b| a.energy.total_cmp(&b.energy));
        let (energy, ratio) = largest.map_or((f64::NAN, f64::NAN), |point| (point.energy, point.ratio));
        let raw = "the largest of the rows; dafm.mechanism fits the curve";
        let mut outcome = Outcome {
            estimates: vec![
                Estimate::without_interval("n_points", "n", points.len() as f64, "", "a count"),
                Estimate::without_interval("dissipated_energy_max", "E_max", energy, "J", raw),
                Estimate::without_interval("amplitude_ratio_at_max", "A/A0", ratio, "", raw),
            ],
            tables: vec![
                Table::new(TABLE, "Energy per tap against amplitude")
                    .with_numbers("amplitude_ratio", "", column(|point| point.ratio))
                    .with_numbers("dissipated_energy", "J", column(|point| point.energy))
                    .with_numbers("std_error", "J", column(|point| point.std_error.unwrap_or(f64::NAN)))
                    .with_numbers("lag", "deg", column(|point| point.lag.unwrap_or(f64::NAN))),
            ],
            figures: vec![figure(points, energy)],
            ..Outcome::default()
        };
        if input.n_dropped > 0 {
            let message = format!("{} rows without a number in one of the columns were left out", input.n_dropped);
            outcome.notes.push(Note::info("rows_left_out", message));
        }
        if let Some(phase) = &input.phase_note {
            outcome.notes.push(Note::info("phase_convention", phase.clone()));
        }
        Ok(outcome)
    }
}

/// Key of the table that `dafm.mechanism` reads.
pub(super) const TABLE: &str = "amplitude_sweep";

/// Constants that turn amplitude and phase into energy.
const CONSTANTS: &[&str] = &[
    "phase_convention",
    "phase_reference",
    "free_phase",
    "spring_constant",
    "quality_factor",
    "resonance_frequency",
    "drive_frequency",
    "free_amplitude",
];

fn figure(points: &[SweepPoint], largest: f64) -> Figure {
    let bars = |point: &SweepPoint| {
        let half = 1.96 * point.std_error.unwrap_or(0.0);
        [point.energy - half, point.energy + half]
    };
    let marks = Mark::Points {
        name: String::new(),
        role: Role::Data,
        x: points.iter().map(|point| point.ratio).collect(),
        y: points.iter().map(|point| point.energy).collect(),
        y_interval: if points.iter().any(|p| p.std_error.is_some()) { points.iter().map(bars).collect() } else { Vec::new() },
        x_interval: Vec::new(),
    };
    let energy = Axis::linear("dissipated energy per cycle", Unit::of("J").preferred(largest));
    Figure {
        key: "amplitude_sweep".to_owned(),
        title: "Energy against amplitude".to_owned(),
        caption:
            "Energy per tap against the amplitude over the free amplitude, with 95 % intervals where the table has errors."
                .to_owned(),
        panels: vec![Panel::new("", Axis::linear("A/A0", Unit::one()), energy).with(marks)],
    }
}
