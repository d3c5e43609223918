//! `relaxation.flow_unit_ageing`: how a property of a glass ages as its flow units disappear.

mod algorithm;
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

/// The law of flow units through a property over ageing time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FlowUnitAgeing {}

const OUTPUTS: &[OutputInfo] = &[
    output("flow_unit_start", "c(0)", "", "concentration of flow units at the start, of M = M∞/(1 + c), c = (a/(b + t))^β"),
    output("flow_unit_last", "c(t_N)", "", "concentration at the last reading"),
    output("flow_unit_exponent", "β", "", "exponent of that law"),
    output("flow_unit_start_time", "b", "s", "age at the start"),
    output("flow_unit_amplitude_time", "a", "s", "amplitude of the law, b c(0)^(1/β)"),
    output("flow_unit_settled", "M∞", "", "the property after all flow units are gone, in its unit"),
    output("flow_unit_delta_bic", "ΔBIC", "", "of a stretched exponential less that of this law: above 0 this law is better"),
    output("flow_unit_p", "p", "", "probability of as much change where the property does not change"),
];

impl Method for FlowUnitAgeing {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.flow_unit_ageing",
        family: "relaxation",
        version: 1,
        title: "Ageing by annihilation of flow units",
        summary: "Concentration of flow units and its decay from a property (density, modulus, hardness, recovery enthalpy) over ageing time, beside a stretched exponential.",
        doc: include_str!("doc.md"),
        technique: "property_ageing",
        scope: Scope::Item,
        after: &[],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Q19-4.2-d"],
        references: &[
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019), equation 4.1",
            "D. M. Bates, D. G. Watts, Nonlinear Regression Analysis and Its Applications, Wiley (1988), doi:10.1002/9780470316757",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::input(dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(input)
    }
}
