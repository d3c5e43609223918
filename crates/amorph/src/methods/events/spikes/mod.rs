//! Short changes of the resistivity of a pressed pillar: where they are, which sign, how many are false.

pub mod algorithm;
pub mod efficiency;
mod error;
mod figures;
mod input;
mod report;
mod rows;
mod search;
mod searched;
mod survey;
mod tables;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_long;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::input::Input;
use super::constants::{SERIES_RESISTANCE, TOP_DIAMETER, VOLTAGE};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Detection of signed spikes with a known rate of false alarms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Spikes {
    /// What counts as a spike.
    pub rule: Rule,
    /// Probability of at least one false alarm in a segment of a test.
    pub false_alarms: f64,
    /// Expected false alarms per second instead, for instance "0.1 1/s".
    pub false_alarm_rate: Option<Quantity>,
    /// Largest share of false alarms among the events that are kept, under `rule = "false_discovery"`.
    pub false_discovery: f64,
    /// Relative change that counts under `rule = "fixed_threshold"`.
    pub threshold: f64,
    /// Duration of the longest spike, samples.
    pub widest: usize,
    /// Time at the start of a test that is left out; where the noise has settled if absent.
    pub settling_time: Option<Quantity>,
    /// Spikes that are injected to find out how many are missed; 0 leaves that out.
    pub injections: usize,
}

/// What counts as a spike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// What noise like that of the segment does only as often as `false_alarms` allows.
    Calibrated,
    /// As many events as a share `false_discovery` of false alarms among them allows (Benjamini and Hochberg).
    FalseDiscovery,
    /// A relative change of at least `threshold`, as in Yang et al. 2014.
    FixedThreshold,
}

impl Default for Spikes {
    fn default() -> Self {
        Self {
            rule: Rule::Calibrated,
            false_alarms: 0.05,
            false_alarm_rate: None,
            false_discovery: 0.05,
            threshold: 5e-4,
            widest: 8,
            settling_time: None,
            injections: 4000,
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("spike_count", "N", "", "spikes of both signs"),
    output("spike_rate", "r", "1/s", "spikes of both signs per second of exposure"),
    output("expected_false_count", "N₀", "", "false alarms that noise alone gives, over all segments"),
    output("imbalance", "D", "", "rising less falling over all spikes"),
    output("imbalance_p", "p", "", "two-sided probability of such an imbalance where both signs are as likely"),
    output("detection_efficiency_50", "x₅₀", "", "relative change of the resistivity of which half are found"),
    output("detection_efficiency_95", "x₉₅", "", "relative change of the resistivity of which 95 % are found"),
    output("dead_time", "t_d", "s", "time after a spike in which none of the same sign is told apart"),
    output("settling_time", "t₀", "s", "time at the start that was left out"),
];

impl Method for Spikes {
    const INFO: MethodInfo = MethodInfo {
        id: "events.spikes",
        family: "events",
        version: 1,
        title: "Spikes of the resistivity",
        summary: "Signed spikes of a pressed pillar's resistance against drift and coloured noise, with a known rate of false alarms and the share that is missed.",
        doc: include_str!("doc.md"),
        technique: "pillar",
        scope: Scope::Item,
        after: &[],
        constants: &[TOP_DIAMETER.key, VOLTAGE.key, SERIES_RESISTANCE.key],
        outputs: OUTPUTS,
        covers: &["Y12-01", "Y12-03", "Y12-05", "Y12-07", "Y12-09", "Y12-14", "Y12-28", "Y12-29", "Y12-36"],
        references: &[
            "Y. Yang, X. L. Fu, S. Wang, Z. Y. Liu, Y. F. Ye, B. A. Sun, C. T. Liu, Sci. Rep. (probing stochastic nano-scale inelastic events in stressed amorphous metal)",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        input::collect(self, dataset)
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
