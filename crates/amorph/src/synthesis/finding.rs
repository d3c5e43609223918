//! One estimate of one technique, with all that is needed to compare it.

use serde::Serialize;

use super::quantity::{Definition, QuantityInfo};
use crate::core::unit::Unit;
use crate::literature::Literature;

/// One estimate of one technique.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Its name in the card; every finding has another.
    pub id: String,
    /// What it is about.
    pub quantity: &'static QuantityInfo,
    /// What exactly a size or a fraction is.
    pub definition: Option<Definition>,
    /// The value, SI; of a bound, the limit.
    pub value: f64,
    /// Unit to show it in.
    pub unit: Unit,
    /// Statistical standard error, SI.
    pub std_error: Option<f64>,
    /// Whether the value is a limit.
    pub bound: Option<Bound>,
    /// What it depends on besides chance.
    pub sensitivities: Vec<Sensitivity>,
    /// Under which conditions.
    pub context: Context,
    /// How it was measured: `afm`, `dma`.
    pub technique: String,
    /// Where it is from, for people.
    pub source: String,
    /// Material.
    pub alloy: String,
    /// State of the material; empty where it belongs to several.
    pub state: String,
    /// What it was computed from, by hash or name: two findings from one file count once.
    pub files: Vec<String>,
    /// Remark for people.
    pub note: String,
}

/// Which side a limit leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// At most so much.
    Upper,
    /// At least so much.
    Lower,
}

/// How a finding answers to a systematic.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sensitivity {
    /// Name of the systematic.
    pub systematic: String,
    /// Change of the value when the systematic grows by one of its sigmas.
    pub change: Change,
}

/// A change of a value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// By so much, SI.
    Absolute(f64),
    /// By the factor exp(x).
    Relative(f64),
}

impl Change {
    /// The change in SI, to first order.
    pub fn of(self, value: f64) -> f64 {
        match self {
            Self::Absolute(change) => change,
            Self::Relative(change) => change * value,
        }
    }
}

/// Conditions of a test, SI.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Context {
    /// Frequency of the test; of a duration, its inverse.
    pub frequency: Option<f64>,
    /// Temperature.
    pub temperature: Option<f64>,
    /// Stress.
    pub stress: Option<f64>,
    /// Attempt frequency that the value was computed with.
    pub attempt_frequency: Option<f64>,
    /// Prefactor of an Arrhenius law.
    pub attempt_time: Option<f64>,
    /// Dimension of the event.
    pub dimension: Option<f64>,
}

/// A constant that several findings share, with its error.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Systematic {
    /// Its name.
    pub name: String,
    /// Value that the findings were computed with, SI.
    pub value: Option<f64>,
    /// Unit to show it in.
    pub unit: Unit,
    /// Its standard error.
    pub sigma: Sigma,
}

/// Standard error of a systematic.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sigma {
    /// So much, SI.
    Absolute(f64),
    /// The factor exp(x).
    Relative(f64),
}

impl Systematic {
    /// The constant moved by `sigmas` of its errors, SI.
    pub fn moved(&self, sigmas: f64) -> Option<f64> {
        self.value.map(|value| match self.sigma {
            Sigma::Absolute(sigma) => value + sigmas * sigma,
            Sigma::Relative(sigma) => value * (sigmas * sigma).exp(),
        })
    }
}

/// A heterogeneity card: findings on one material, and how to read them together.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Card {
    /// Heading.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// How barriers are compared and what may stand together.
    pub settings: Settings,
    /// Constants that findings share.
    pub systematics: Vec<Systematic>,
    /// The findings.
    pub findings: Vec<Finding>,
    /// Published values to show behind them.
    #[serde(skip)]
    pub literature: Literature,
}

/// How barriers are compared and what may stand together.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Settings {
    /// Material of the findings that name none.
    pub alloy: String,
    /// State of the findings that name none.
    pub state: String,
    /// What a barrier measured at one frequency says about another.
    pub reading: Option<Reading>,
    /// Attempt frequency of the event, 1/s.
    pub attempt_frequency: Option<f64>,
    /// Its standard error in powers of ten.
    pub attempt_frequency_decades: Option<f64>,
    /// Frequency to which barriers of a distribution are converted, Hz.
    pub reference_frequency: Option<f64>,
    /// Temperature to which they are converted, K.
    pub reference_temperature: Option<f64>,
    /// Dimension of the event, where findings for several are given.
    pub dimension: Option<f64>,
    /// Glass transition temperature, K.
    pub glass_transition: Option<f64>,
    /// Differences that may stand in one card: `state`, `alloy`.
    pub across: Vec<Across>,
}

/// What a barrier measured at one frequency says about another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// One event with one barrier: results at all frequencies and temperatures must be equal as they stand.
    Single,
    /// A broad spectrum of events: each test sees those that answer at its own time scale.
    Distribution,
}

/// Differences between findings of one card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Across {
    /// States of one material.
    State,
    /// Materials.
    Alloy,
}

/// Name of the systematic that is the attempt frequency of the card.
pub const ATTEMPT_FREQUENCY: &str = "attempt_frequency";

/// Techniques that a finding may come from.
pub const TECHNIQUES: &[&str] = &[
    "afm",
    "contact_resonance",
    "cyclic_indentation",
    "nanoindentation",
    "resistance",
    "onchip",
    "creep",
    "dma",
    "dsc",
    "internal_friction",
    "ultrasound",
    "brillouin",
    "eels",
    "haadf",
    "nbed",
    "xrd",
    "pdf",
    "fractography",
    "density",
    "simulation",
    "theory",
];
