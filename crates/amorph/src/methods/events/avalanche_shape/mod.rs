//! The average shape of avalanches, against that of mean-field theory.

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
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Average velocity of avalanches over their time, at a duration and at a size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AvalancheShape {
    /// The column that numbers the avalanches of a table with one row per sample.
    pub event_column: String,
    /// The column with the times.
    pub time_column: String,
    /// The column with the velocities: slip, strain or stress drop per time, or a voltage that is proportional to it.
    pub velocity_column: String,
}

impl Default for AvalancheShape {
    fn default() -> Self {
        Self { event_column: "event".to_owned(), time_column: "time".to_owned(), velocity_column: "velocity".to_owned() }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("size_duration_exponent", "γ", "", "power of sizes with durations, 1/σνz"),
    output(
        "shape_asymmetry",
        "A",
        "",
        "first moment of the shape about its middle: below zero for a steep start, above for a steep end",
    ),
    output(
        "shape_exponent",
        "a",
        "",
        "power of the symmetric shape (x (1 - x))^a with the same second moment; 1 for a parabola",
    ),
    output("parabola_p", "p", "", "probability of moments so far from those of a parabola"),
    output("rate_by_size_ratio", "⟨x²⟩/⟨x⟩²", "", "spread in time of avalanches of one size; 4/π in mean-field theory"),
];

impl Method for AvalancheShape {
    const INFO: MethodInfo = MethodInfo {
        id: "events.avalanche_shape",
        family: "events",
        version: 1,
        title: "Average shape of avalanches",
        summary: "Mean velocity of avalanches over their time at a duration and at a size, its asymmetry and power against a parabola, and how sizes go with durations.",
        doc: include_str!("doc.md"),
        technique: "events",
        scope: Scope::Item,
        after: &["events.pop_ins"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Y12-32"],
        references: &[
            "S. Papanikolaou, F. Bohn, R. L. Sommer, G. Durin, S. Zapperi, J. P. Sethna, Nature Physics 7, 316 (2011), doi:10.1038/nphys1884",
            "L. Laurson, X. Illa, S. Santucci, K. T. Tallakstad, K. J. Måløy, M. J. Alava, Nature Communications 4, 2927 (2013), doi:10.1038/ncomms3927",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::collect(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        Ok(report::outcome(input))
    }
}
