use std::path::Path;

use super::{LiteratureError, LiteratureValue, parse};

/// What keeps a file of published values from being read.
#[derive(Debug, thiserror::Error)]
pub enum LiteratureFileError {
    /// The file itself.
    #[error("cannot read the published values in '{path}': {source}; paths in a study are relative to it")]
    Unreadable {
        /// Its path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// What stands in it.
    #[error("{path}, {source}")]
    Invalid {
        /// Its path.
        path: String,
        /// What, where and the remedy.
        source: LiteratureError,
    },
}

/// Reads a file of published values: CSV with the columns of [`COLUMNS`](super::COLUMNS).
///
/// # Errors
/// [`LiteratureFileError`] with file, line, column and remedy.
pub fn open(path: &Path) -> Result<Vec<LiteratureValue>, LiteratureFileError> {
    let shown = || path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|source| LiteratureFileError::Unreadable { path: shown(), source })?;
    parse(&text).map_err(|source| LiteratureFileError::Invalid { path: shown(), source })
}
