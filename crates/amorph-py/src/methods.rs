use amorph::core::ctx::Ctx;
use amorph::method::{self, DynMethod, MethodError, nearest};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::Value;

use crate::dataset::DatasetIn;
use crate::errors;
use crate::interrupt::interruptible;
use crate::outcome::{Arrays, arrays_of, to_value};

fn find(py: Python<'_>, id: &str) -> PyResult<&'static dyn DynMethod> {
    method::find(id).ok_or_else(|| {
        let known = method::registry().iter().map(|method| method.info().id);
        let hint = nearest(id, known).map(|word| format!("did you mean '{word}'?"));
        errors::usage(py, &format!("there is no method '{id}'"), &hint.unwrap_or_default())
    })
}

fn parameters(text: &str) -> PyResult<Value> {
    serde_json::from_str(text).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Parameters with their defaults filled in, checked.
#[pyfunction]
pub fn canonical(py: Python<'_>, method: &str, parameters_json: &str) -> PyResult<String> {
    let canonical = find(py, method)?.canonical(&parameters(parameters_json)?);
    canonical.map(|value| value.to_string()).map_err(|error| errors::analysis(py, &error))
}

/// Runs a method: the outcome as JSON, and the arrays of its maps.
#[pyfunction]
pub fn run_method<'py>(
    py: Python<'py>,
    method: &str,
    parameters_json: &str,
    dataset: DatasetIn<'py>,
    seed: u64,
) -> PyResult<(String, Vec<Arrays<'py>>)> {
    let method = find(py, method)?;
    let parameters = parameters(parameters_json)?;
    // As in a study, what a reader noticed is told by the first method on its file.
    let notes = dataset.notes();
    let dataset = dataset.build(py, method.info())?;
    let work = |cancel| method.run(&parameters, &dataset, &Ctx::new(seed).with_cancel(cancel));
    let result: Result<_, MethodError> = interruptible(py, work)?;
    let mut outcome = result.map_err(|error| errors::analysis(py, &error))?;
    if dataset.upstream.is_empty() {
        outcome.notes.extend(notes);
    }
    let arrays = arrays_of(py, &mut outcome.maps);
    Ok((to_value(&outcome)?.to_string(), arrays))
}
