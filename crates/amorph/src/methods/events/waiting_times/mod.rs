//! Times between events: do they come independently?

pub mod algorithm;
mod error;
mod figures;
pub mod holds;
mod input;
pub mod memory;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::input::Input;
use super::found::SignChoice;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Rate of events, and whether they come independently of each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WaitingTimes {
    /// The column with the times of the events, where a list of events is given.
    pub column: Option<String>,
    /// Events of which sign.
    pub sign: SignChoice,
    /// Time after an event in which no other can be seen; that of events.spikes if absent, zero for lists.
    pub dead_time: Option<Quantity>,
    /// Activation volume, for what the two-state model says of the rates of two holds, for instance "100 A^3".
    pub activation_volume: Option<Quantity>,
    /// Temperature, for the same.
    pub temperature: Option<Quantity>,
    /// Simulated lists of the test whether waits are exponential; 0 leaves it out.
    pub bootstrap: usize,
}

impl Default for WaitingTimes {
    fn default() -> Self {
        Self {
            column: None,
            sign: SignChoice::Both,
            dead_time: None,
            activation_volume: None,
            temperature: None,
            bootstrap: 400,
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("waiting_rate", "r", "1/s", "events per second of waiting, dead time off"),
    output("weibull_shape", "k", "", "shape of a Weibull distribution of the waiting times: 1 for independent events"),
    output("weibull_p", "p", "", "probability of so large a deviation from the exponential distribution by chance"),
    output("gamma_shape", "k", "", "shape of a gamma distribution of the waiting times: 1 for independent events"),
    output("gamma_p", "p", "", "probability of so large a deviation from the exponential distribution towards a gamma one"),
    output("exponential_p", "p", "", "probability of a larger distance from the exponential distribution by chance"),
    output("branching_ratio", "b", "", "mean number of events that one event brings"),
    output("stationarity_p", "p", "", "probability of so large a trend of the rates by chance"),
    output("fano_factor", "F", "", "variance over mean of the counts in windows of ten mean waiting times"),
];

impl Method for WaitingTimes {
    const INFO: MethodInfo = MethodInfo {
        id: "events.waiting_times",
        family: "events",
        version: 2,
        title: "Waiting times between events",
        summary: "Rate of events and the shape of their waiting times, with dead time, censored ends and rates that change taken into account.",
        doc: include_str!("doc.md"),
        technique: "pillar",
        scope: Scope::Item,
        after: &["events.spikes"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Y12-24", "Y12-25"],
        references: &[
            "A. G. Hawkes, Biometrika 58, 83 (1971), doi:10.1093/biomet/58.1.83",
            "E. N. Brown, R. Barbieri, V. Ventura, R. E. Kass, L. M. Frank, Neural Comput. 14, 325 (2002), doi:10.1162/08997660252741149",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::collect(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input, ctx)
    }
}
