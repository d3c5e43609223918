//! Pop-ins: jumps of the depth and drops of the load of indents and pillars.

pub mod algorithm;
mod error;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::error::PopInsError;
use super::constants::PILLAR_HEIGHT;
use crate::core::ctx::Ctx;
use crate::core::data::{Channel, Record, TraceQuantity};
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Detection of pop-ins in every segment of every test, under load or displacement control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PopIns {
    /// Probability of at least one false alarm in a segment of a test.
    pub false_alarms: f64,
    /// Samples of the slowest jump.
    pub slowest: usize,
    /// Smallest jump of the depth that is listed, for instance "2 nm"; what stands out from the noise if absent.
    pub smallest: Option<Quantity>,
    /// Share of the peak load below which jumps are not looked for: for approaches that the file does not mark.
    pub from_load: f64,
}

impl Default for PopIns {
    fn default() -> Self {
        Self { false_alarms: 0.05, slowest: 8, smallest: None, from_load: 0.001 }
    }
}

/// Tests that can be searched.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    record: &'a Record,
    /// Height of the pillar, m.
    height: Option<f64>,
}

const OUTPUTS: &[OutputInfo] = &[
    output("pop_in_count", "N", "", "pop-ins in all tests"),
    output("tests_with_pop_in", "n", "", "tests with at least one"),
    output("first_pop_in_load", "P₁", "N", "load of the first pop-in of a test, mean over tests"),
    output("largest_jump", "Δh", "m", "largest jump of the depth"),
    output("expected_false_count", "N₀", "", "false alarms that noise alone gives, over all segments"),
];

impl Method for PopIns {
    const INFO: MethodInfo = MethodInfo {
        id: "events.pop_ins",
        family: "events",
        version: 1,
        title: "Pop-ins and load drops",
        summary: "Jumps of the depth and drops of the load, of several samples and several per test, against trend and noise with a known rate of false alarms.",
        doc: include_str!("doc.md"),
        technique: "pillar",
        scope: Scope::Item,
        after: &[],
        constants: &[PILLAR_HEIGHT.key],
        outputs: OUTPUTS,
        covers: &["Y12-06", "Y12-08"],
        references: &[
            "Y. Yang, X. L. Fu, S. Wang, Z. Y. Liu, Y. F. Ye, B. A. Sun, C. T. Liu, Sci. Rep. (probing stochastic nano-scale inelastic events in stressed amorphous metal)",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let wrong = |name, found: String, needed| Err(PopInsError::Parameter { name, found, needed }.into());
        if !(self.false_alarms > 0.0 && self.false_alarms < 0.5) {
            return wrong("false_alarms", self.false_alarms.to_string(), "a probability between 0 and 0.5");
        }
        if !(1..=256).contains(&self.slowest) {
            return wrong("slowest", self.slowest.to_string(), "a number of samples from 1 to 256");
        }
        if !(0.0..0.5).contains(&self.from_load) {
            return wrong("from_load", self.from_load.to_string(), "a share from 0 to 0.5");
        }
        let record = dataset.record()?;
        if record.tests.is_empty() {
            return Err(PopInsError::NoTest.into());
        }
        for test in &record.tests {
            let recording = test.measurement()?;
            let has = |quantity| recording.has(quantity);
            if !has(TraceQuantity::Time) || !(has(TraceQuantity::Depth) || has(TraceQuantity::Load)) {
                let channels = recording.channels.iter().map(Channel::describe).collect();
                return Err(PopInsError::NoChannels { test: test.name.clone(), channels }.into());
            }
        }
        let height = dataset.constants.quantity(&PILLAR_HEIGHT)?.map(|quantity| quantity.value);
        Ok(Input { record, height })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
