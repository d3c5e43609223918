//! A study: one TOML file that says what was measured, what to compute from it, and nothing else.
//!
//! ```text
//! study.toml -> Study -> plan of jobs -> store (one SQLite file, arrays beside it) -> Dossier -> report
//! ```

mod assemble;
mod check;
mod content;
mod dossier;
mod duplicates;
mod files;
mod frames;
pub(crate) mod node;
mod overrides;
mod parse;
mod plan;
mod problem;
pub(crate) mod reader;
mod run;
mod schema;
mod store;
mod traces;

pub(crate) use assemble::alloy;
pub use check::check;
pub(crate) use dossier::method_record;
pub use dossier::{Content, dossier};
pub use node::Span;
pub use plan::{Job, JobScope, Plan};
pub use problem::{Problem, ProblemKind, StudyError};
pub use run::{Event, Observer, RunError, RunOptions, RunSummary, run};
pub use schema::json_schema;
pub use store::{Store, StoreError};
pub use traces::trace_options;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::core::unit::Quantity;
use crate::io::TraceOptions;
use crate::literature::Literature;
use crate::method::{Constants, DynMethod, MapChoice, TechniqueInfo};
use crate::synthesis::Card;

/// A study as written, checked.
pub struct Study {
    /// Path of the file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// Title.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Command-line overrides, as given.
    pub overrides: Vec<String>,
    /// States of samples, in file order.
    pub states: Vec<State>,
    /// Measurements, in file order.
    pub measurements: Vec<Measurement>,
    /// Published values, with those of the file that the study names.
    pub literature: Literature,
    /// Findings of other sources, from the card file that `[compare]` names.
    pub card: Option<Arc<Card>>,
    /// Methods over the whole study, for instance `compare.states`.
    pub comparisons: Vec<MethodCall>,
    /// Digests of its long files.
    contents: content::Contents,
}

/// One state of one sample.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Sample.
    pub sample: String,
    /// State.
    pub id: String,
    /// What the study says about them.
    pub facts: Vec<(String, String)>,
    /// Values known beforehand, by estimate key: of a virtual or a reference sample.
    pub truth: Vec<(String, Quantity)>,
}

/// Files of one state, measured in one way.
pub struct Measurement {
    /// Index of the state in [`Study::states`].
    pub state: usize,
    /// The technique.
    pub technique: &'static TechniqueInfo,
    /// The items: one file each, or the files of one scan whose instrument writes every channel into a file of its own.
    pub items: Vec<Vec<PathBuf>>,
    /// What the study states about the instrument.
    pub constants: Constants,
    /// Which channels to take.
    pub channels: Vec<(String, MapChoice)>,
    /// What it says about files of traces.
    pub traces: TraceOptions,
    /// What to compute.
    pub methods: Vec<MethodCall>,
}

/// A method with its parameters.
#[derive(Clone)]
pub struct MethodCall {
    /// The method.
    pub method: &'static dyn DynMethod,
    /// All parameters, defaults included.
    pub parameters: serde_json::Value,
}

impl Study {
    /// Reads and checks a study.
    ///
    /// # Errors
    /// [`StudyError`] with every mistake and its place.
    pub fn open(path: &Path, overrides: &[String]) -> Result<Self, StudyError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| StudyError::Unreadable { path: path.display().to_string(), source })?;
        Self::parse(path, text, overrides)
    }

    /// Checks the text of a study; `path` gives the folder its files are relative to.
    ///
    /// # Errors
    /// [`StudyError::Invalid`] with every mistake and its place.
    pub fn parse(path: &Path, text: String, overrides: &[String]) -> Result<Self, StudyError> {
        parse::study(path, &text, overrides).map_err(|problems| StudyError::Invalid {
            path: path.display().to_string(),
            text,
            problems,
        })
    }

    /// The folder that holds the results.
    pub fn results_folder(&self) -> PathBuf {
        self.path.with_extension("amorph")
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_long;
