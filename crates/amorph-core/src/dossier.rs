//! Everything a report shows about a study, as plain data.
//!
//! The study runner fills it from the store; the report renders it without knowing any method.

use serde::{Deserialize, Serialize};

use crate::outcome::{Note, Outcome};

/// A study with its results.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Dossier {
    /// Title of the study.
    pub title: String,
    /// What the study is about, in the user's words.
    pub description: String,
    /// Version of Amorph.
    pub amorph_version: String,
    /// When the report was made, as text; empty to leave it out.
    pub generated: String,
    /// Path of the study file.
    pub study_path: String,
    /// The study file as run.
    pub study_text: String,
    /// Command-line overrides.
    pub overrides: Vec<String>,
    /// Samples and their states.
    pub states: Vec<StateRecord>,
    /// What was run, in the order of the study.
    pub results: Vec<ResultRecord>,
    /// Comparisons between states.
    pub comparisons: Vec<ResultRecord>,
    /// What failed, and why.
    pub failures: Vec<FailureRecord>,
    /// The methods that were used, for the appendix.
    pub methods: Vec<MethodRecord>,
    /// Remarks about the study as a whole.
    pub notes: Vec<Note>,
}

/// One state of one sample.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StateRecord {
    /// Sample.
    pub sample: String,
    /// State.
    pub state: String,
    /// What the study says about them: alloy, load, annealing ...
    pub facts: Vec<(String, String)>,
    /// Number of measured items (images, traces) in this state.
    pub n_items: usize,
}

/// One outcome and what it belongs to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ResultRecord {
    /// Key of the job; the anchor of its provenance.
    pub job: String,
    /// Method.
    pub method: String,
    /// Heading of the method.
    pub title: String,
    /// Sample.
    pub sample: String,
    /// State.
    pub state: String,
    /// The item (file) for results of one item; empty for those of a whole state.
    pub item: String,
    /// The result.
    pub outcome: Outcome,
}

/// Something that could not be computed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FailureRecord {
    /// Method.
    pub method: String,
    /// State.
    pub state: String,
    /// Item; empty for a whole state.
    pub item: String,
    /// What was found, what was needed.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// What the appendix says about a method.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MethodRecord {
    /// Identifier, for instance `dafm.correlation_length`.
    pub id: String,
    /// Heading.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// Version.
    pub version: u32,
    /// Its `doc.md` (Markdown, equations in `$...$` and `$$...$$`).
    pub doc: String,
    /// References.
    pub references: Vec<String>,
}
