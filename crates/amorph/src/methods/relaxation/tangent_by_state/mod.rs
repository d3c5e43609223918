//! `relaxation.tangent_by_state`: loss tangents of the states of a glass against each other.

pub mod algorithm;
mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
pub use input::Input;

/// Loss tangents of states against that of one of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TangentByState {
    /// State that the others are compared with; the first of the study when absent.
    pub reference: Option<String>,
    /// Lowest temperature that counts, for instance "280 K"; absent: the lowest that all curves have.
    pub from: Option<Quantity>,
    /// Highest temperature that counts; absent: the highest that all curves have.
    pub to: Option<Quantity>,
}

const OUTPUTS: &[OutputInfo] = &[
    output(
        "tangent_area_change@state-reference",
        "ΔA",
        "K",
        "difference of the integrals of the loss tangent over temperature",
    ),
    output("tangent_area_ratio@state-reference", "A/A_ref", "", "ratio of these integrals"),
    output("tangent_area_p@state-reference", "p", "", "probability of as large a difference where the states are the same"),
    output("tangent_height_change@state-reference", "Δh", "", "difference of the heights of the maximum, where both have one"),
    output("tangent_height_p@state-reference", "p", "", "probability of as large a difference where the states are the same"),
];

impl Method for TangentByState {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.tangent_by_state",
        family: "relaxation",
        version: 1,
        title: "Loss tangents of the states",
        summary: "Ratio of the loss tangents of two states over temperature with its band, the area between them and the heights of their maxima, each with a test.",
        doc: include_str!("doc.md"),
        technique: "dma",
        scope: Scope::Study,
        after: &["relaxation.loss_tangent"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Q19-2.1.2-f", "Q19-2.1.2-g", "Q19-2.1.2-h"],
        references: &[
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
            "B. L. Welch, Biometrika 34, 28 (1947), doi:10.1093/biomet/34.1-2.28",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::input(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        Ok(report::outcome(input))
    }
}
