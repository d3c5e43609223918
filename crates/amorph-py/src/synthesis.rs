use std::path::PathBuf;

use amorph::literature::{Literature, Query, open};
use amorph::synthesis::{CardError, Selection, card_dossier};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::errors;
use crate::study::{DossierOut, to_python};

/// Published values, as JSON.
#[pyfunction]
#[pyo3(signature = (words, alloy, quantity, paper, file))]
pub fn literature(
    py: Python<'_>,
    words: String,
    alloy: Option<String>,
    quantity: Option<String>,
    paper: Option<String>,
    file: Option<PathBuf>,
) -> PyResult<String> {
    let own = file.map(|file| open(&file)).transpose().map_err(|error| errors::published(py, &error))?;
    let all = own.map(Literature::with).unwrap_or_default();
    let query = Query { words, alloy, quantity, paper };
    let found = all.find(&query).map_err(|error| errors::usage(py, &error.to_string(), ""))?;
    serde_json::to_string(&found).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// The card of a card file or of a study that was run.
#[pyfunction]
#[pyo3(signature = (path, sample, state))]
pub fn card(py: Python<'_>, path: PathBuf, sample: Option<String>, state: Option<String>) -> PyResult<DossierOut<'_>> {
    let made = py.detach(|| card_dossier(&path, &Selection { sample, state }));
    let dossier = made.map_err(|error| match &error {
        CardError::File(error) => errors::study(py, error),
        CardError::Method(error) => errors::analysis(py, error),
        other => errors::usage(py, &other.to_string(), ""),
    })?;
    to_python(py, dossier)
}
