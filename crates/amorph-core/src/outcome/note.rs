use serde::{Deserialize, Serialize};

/// Something the reader of a result must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// How much it matters.
    pub severity: Severity,
    /// Stable name, for instance `field_too_small`.
    pub code: String,
    /// In plain words, with the numbers and what to do.
    pub message: String,
}

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know: a convention, an assumption.
    Info,
    /// The result may mislead if this is ignored.
    Warning,
    /// Something could not be given.
    Refused,
}

impl Note {
    /// Good to know.
    pub fn info(code: &str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Info, code: code.to_owned(), message: message.into() }
    }

    /// May mislead if ignored.
    pub fn warning(code: &str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, code: code.to_owned(), message: message.into() }
    }

    /// Could not be given, and why.
    pub fn refused(code: &str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Refused, code: code.to_owned(), message: message.into() }
    }
}
