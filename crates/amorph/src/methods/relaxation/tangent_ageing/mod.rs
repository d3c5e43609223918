//! `relaxation.tangent_ageing`: how the loss tangent falls while a glass ages at one temperature and frequency.

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

/// A loss tangent over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TangentAgeing {
    /// Time at which ageing begins, for instance "90 s" when the temperature was reached then; absent: the zero of the column of times.
    pub start: Option<Quantity>,
}

const OUTPUTS: &[OutputInfo] = &[
    output("tangent_settled", "A", "", "loss tangent at last, of tan δ = A + B exp(-(t/τ)^b)"),
    output("tangent_lost", "B", "", "what the loss tangent loses"),
    output("ageing_time", "τ", "s", "time of that"),
    output("ageing_exponent", "b", "", "its exponent"),
    output("ageing_p", "p", "", "probability of as much change where the loss tangent does not change"),
];

impl Method for TangentAgeing {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.tangent_ageing",
        family: "relaxation",
        version: 1,
        title: "Loss tangent over ageing",
        summary: "A stretched decay through the loss tangent at one temperature and frequency: what it comes down to, what it loses, in what time.",
        doc: include_str!("doc.md"),
        technique: "dma",
        scope: Scope::Item,
        after: &[],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Q19-2.2.1-d"],
        references: &["J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 2.2.1"],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::input(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(input)
    }
}
