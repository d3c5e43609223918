//! `compare.relation`: whether two quantities of the states of a study go together.

/// Points and the line through them.
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
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, output};
pub use input::Input;

/// Two quantities over the states of a study.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Relation {
    /// Key of an estimate ("fragility_index", or with its method "relaxation.temperature_law:fragility_index"), or of a fact of the states
    /// with a unit (cooling_rate = "100 K/s").
    pub x: String,
    /// The other, alike.
    pub y: String,
    /// Whether the logarithm of x counts: for rates and times over decades.
    pub x_logarithmic: bool,
    /// Whether the logarithm of y counts.
    pub y_logarithmic: bool,
}

/// Why there is no relation.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoRelation {
    /// A key is missing.
    #[error("compare.relation needs {axis}, the key of an estimate or of a fact of the states")]
    NoKey {
        /// `x` or `y`.
        axis: &'static str,
        /// What there is.
        known: Vec<String>,
    },
    /// Nothing has that name.
    #[error("{axis} = \"{wanted}\" is no estimate and no fact of any state")]
    Unknown {
        /// `x` or `y`.
        axis: &'static str,
        /// What was asked for.
        wanted: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Several methods give it.
    #[error("{axis} = \"{wanted}\" is given by {}", methods.join(" and "))]
    Ambiguous {
        /// `x` or `y`.
        axis: &'static str,
        /// What was asked for.
        wanted: String,
        /// The methods.
        methods: Vec<String>,
    },
    /// A fact that is no quantity.
    #[error("state '{state}' has {wanted} = \"{found}\", which is no number with a unit: {why}")]
    NoQuantity {
        /// The state.
        state: String,
        /// The key.
        wanted: String,
        /// What is there.
        found: String,
        /// What is wrong with it.
        why: String,
    },
    /// Units of different dimension.
    #[error("{wanted} is in {first} for one state and in {other} for '{state}'")]
    Units {
        /// The key.
        wanted: String,
        /// A unit.
        first: String,
        /// Another.
        other: String,
        /// The state that has it.
        state: String,
    },
    /// A logarithm of what has none.
    #[error("{wanted} is {value:.4e} for '{state}': it has no logarithm")]
    NoLogarithm {
        /// The key.
        wanted: String,
        /// The state.
        state: String,
        /// The value.
        value: f64,
    },
    /// Too few states.
    #[error("{found} states have both {x} and {y}; {needed} are needed")]
    TooFew {
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
        /// First key.
        x: String,
        /// Second key.
        y: String,
    },
}

impl Refusal for NoRelation {
    fn hint(&self) -> String {
        let list = |known: &[String]| {
            let more = if known.len() > 30 { ", ..." } else { "" };
            format!("{}{more}", known.iter().take(30).cloned().collect::<Vec<String>>().join(", "))
        };
        match self {
            Self::NoKey { axis, known } => {
                format!("write {axis} = \"...\" under [method.\"compare.relation\"]; there are: {}", list(known))
            }
            Self::Unknown { known, .. } => format!("there are: {}", list(known)),
            Self::Ambiguous { wanted, methods, .. } => format!("name one: \"{}:{wanted}\"", methods[0]),
            Self::NoQuantity { wanted, .. } => format!("write a number and its unit, for instance {wanted} = \"100 K/s\""),
            Self::Units { .. } => "state one kind of quantity under one name".to_owned(),
            Self::NoLogarithm { .. } => "leave the logarithm out, or the state".to_owned(),
            Self::TooFew { .. } => "measure more states: four points lie on some line more often than not".to_owned(),
        }
    }
}

impl Method for Relation {
    const INFO: MethodInfo = MethodInfo {
        id: "compare.relation",
        family: "compare",
        version: 1,
        title: "Relation of two quantities",
        summary: "Whether two quantities go together over the states of a study: rank correlation with an exact test, correlation and slope with intervals where errors allow them.",
        doc: include_str!("doc.md"),
        technique: "",
        scope: Scope::Study,
        after: &[],
        constants: &[],
        outputs: &[
            output("relation_rank", "ρ", "", "rank correlation"),
            output("relation_rank_p", "p", "", "probability of as large a rank correlation among all orders of the states"),
            output("relation_correlation", "r", "", "linear correlation"),
            output("relation_slope", "b", "", "slope of y over x (or their decades), in their units"),
        ],
        covers: &["Q19-2.1.2-l", "Q19-2.2.3-k", "Q19-4.2-f", "Q19-misc-c", "Q19-misc-d"],
        references: &[
            "C. Spearman, Am. J. Psychol. 15, 72 (1904), doi:10.2307/1412159",
            "R. A. Fisher, Metron 1, 3 (1921)",
            "W. A. Fuller, Measurement Error Models, Wiley (1987), doi:10.1002/9780470316665",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        input::input(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        Ok(report::outcome(input, ctx.seed))
    }
}
