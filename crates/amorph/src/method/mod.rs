//! What a method is, and how the runner, the command line, Python and the report see all of them alike.

mod constants;
mod dataset;
mod error;
mod registry;

pub use constants::{Choice, Constant, ConstantInfo, ConstantKind, ConstantValue, Constants, MissingConstant};
pub use dataset::{Dataset, Fact, KnownValue, MapChoice, Upstream};
pub use error::{MethodError, Refusal};
pub use registry::{DynMethod, find, nearest, registry, technique, techniques};

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;

/// A way to get numbers out of data.
///
/// The implementing type holds the parameters and reads as a sentence: `CorrelationLength { exponent: Exponent::Free, .. }`.
/// `check` turns a dataset into an input that cannot be wrong; `run` does the work. Neither does I/O nor reads a clock.
pub trait Method: Default + Clone + Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// Who it is.
    const INFO: MethodInfo;

    /// What it works on, with every constant present and every convention stated.
    type Input<'a>;

    /// Takes from the dataset what the method needs.
    ///
    /// # Errors
    /// [`MethodError`] naming what is missing or cannot be used, and the remedy.
    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Self::Input<'a>, MethodError>;

    /// Does the work.
    ///
    /// # Errors
    /// [`MethodError`] where the data cannot support the result, or when stopped.
    fn run(&self, input: &Self::Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError>;
}

/// Everything that is generated about a method comes from here and from the schema of its parameters.
#[derive(Debug, Clone, Copy)]
pub struct MethodInfo {
    /// Identifier: `technique.name`, for instance `dafm.correlation_length`.
    pub id: &'static str,
    /// Folder under `methods`, and Python module.
    pub family: &'static str,
    /// Changes when the same input may give other numbers.
    pub version: u32,
    /// Heading.
    pub title: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// The text of `doc.md`.
    pub doc: &'static str,
    /// The technique whose measurements it works on.
    pub technique: &'static str,
    /// Whether it works on one item (file) or on all items of a state.
    pub scope: Scope,
    /// Methods whose outcomes it uses when they were run before.
    pub after: &'static [&'static str],
    /// Constants it needs or can use, by key.
    pub constants: &'static [&'static str],
    /// The numbers it gives.
    pub outputs: &'static [OutputInfo],
    /// Rows of the inventory of the source papers that it covers.
    pub covers: &'static [&'static str],
    /// Where it comes from.
    pub references: &'static [&'static str],
}

/// What a method is run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One item: an image, a trace, a scan.
    Item,
    /// All items of one state of one sample.
    State,
    /// Everything in the study.
    Study,
}

/// A number that a method gives.
#[derive(Debug, Clone, Copy)]
pub struct OutputInfo {
    /// Key of the estimate.
    pub key: &'static str,
    /// Symbol.
    pub symbol: &'static str,
    /// SI unit.
    pub unit: &'static str,
    /// What it is.
    pub description: &'static str,
}

/// A number that a method gives; shorthand for the lists of [`MethodInfo::outputs`].
pub const fn output(key: &'static str, symbol: &'static str, unit: &'static str, description: &'static str) -> OutputInfo {
    OutputInfo { key, symbol, unit, description }
}

/// A measuring technique: what a `[[measurement]]` of a study may say.
#[derive(Debug, Clone, Copy)]
pub struct TechniqueInfo {
    /// Name in the study: `technique = "afm"`.
    pub id: &'static str,
    /// Heading.
    pub title: &'static str,
    /// What its files hold.
    pub data: &'static str,
    /// The constants of a measurement.
    pub constants: &'static [ConstantInfo],
    /// Methods of other techniques that work on the maps which the methods of this one make; they come after those.
    pub also: &'static [&'static str],
    /// A commented starter study, for `amorph new`.
    pub starter: &'static str,
}
