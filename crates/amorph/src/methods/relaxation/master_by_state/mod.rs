//! `relaxation.master_by_state`: master curves of the states of a glass on one another.

mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
pub use input::Input;

/// Master curves of states, brought to one temperature.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MasterByState {
    /// State that the others are compared with; the first of the study when absent.
    pub reference: Option<String>,
    /// Temperature of the comparison, K; the reference temperature of the first master curve of that state when absent.
    pub temperature: Option<f64>,
}

const OUTPUTS: &[OutputInfo] = &[
    output("slowing_log10@state-reference", "Δlog10 τ", "", "decades by which the loss peak of a state lies at longer times"),
    output(
        "peak_width_change@state-reference",
        "ΔW",
        "",
        "difference of the widths of the loss peaks at half their height, decades of frequency",
    ),
    output("peak_height_ratio@state-reference", "M''/M''_ref", "", "ratio of the heights of the loss peaks"),
];

impl Method for MasterByState {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.master_by_state",
        family: "relaxation",
        version: 1,
        title: "Master curves of the states",
        summary: "Master curves of several states of a glass at one temperature: shift factors side by side, loss peaks on one another, and by how much one is slower, wider and higher.",
        doc: include_str!("doc.md"),
        technique: "dma",
        scope: Scope::Study,
        after: &["relaxation.master_curve"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Q19-2.1.1-q"],
        references: &["J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 2.1.1"],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        if self.temperature.is_some_and(|kelvin| !(kelvin.is_finite() && kelvin > 0.0)) {
            let message = "temperature must be above 0 K".to_owned();
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        input::input(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        Ok(report::outcome(input))
    }
}
