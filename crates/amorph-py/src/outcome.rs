use std::mem::take;

use amorph::core::data::Map;
use amorph::core::outcome::{Estimate, Outcome};
use numpy::{IntoPyArray, PyArray2, PyReadonlyArray2};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::{Value, json};

/// Pixels of a map and, where some are excluded, which (true = excluded).
pub type Arrays<'py> = (Bound<'py, PyArray2<f64>>, Option<Bound<'py, PyArray2<bool>>>);

/// The same, coming from Python.
pub type ArraysIn<'py> = (PyReadonlyArray2<'py, f64>, Option<PyReadonlyArray2<'py, bool>>);

/// Takes the arrays out of maps, without a copy.
pub fn arrays_of<'py>(py: Python<'py>, maps: &mut [Map]) -> Vec<Arrays<'py>> {
    maps.iter_mut()
        .map(|map| (take(&mut map.values).into_pyarray(py), map.mask.take().map(|mask| mask.into_pyarray(py))))
        .collect()
}

/// An outcome as JSON, with every estimate also as people read it.
///
/// # Errors
/// `ValueError` when it cannot be written.
pub fn to_value(outcome: &Outcome) -> PyResult<Value> {
    let mut value = serde_json::to_value(outcome).map_err(|error| PyValueError::new_err(error.to_string()))?;
    if let Some(written) = value.get_mut("estimates").and_then(Value::as_array_mut) {
        for (entry, estimate) in written.iter_mut().zip(&outcome.estimates) {
            entry["display"] = display(estimate);
        }
    }
    Ok(value)
}

/// Estimates as JSON, also as people read them.
///
/// # Errors
/// `ValueError` when they cannot be written.
pub fn estimates_to_json(estimates: &[Estimate]) -> PyResult<String> {
    let mut value = serde_json::to_value(estimates).map_err(|error| PyValueError::new_err(error.to_string()))?;
    if let Some(written) = value.as_array_mut() {
        written.iter_mut().zip(estimates).for_each(|(entry, estimate)| entry["display"] = display(estimate));
    }
    Ok(value.to_string())
}

fn display(estimate: &Estimate) -> Value {
    json!({
        "value": estimate.display(),
        "interval": estimate.interval.map(|_| estimate.display_interval()),
        "unit": estimate.display_unit().symbol(),
        "basis": estimate.basis.label(),
    })
}

/// An outcome from JSON and the arrays of its maps.
///
/// # Errors
/// `ValueError` when it is not one.
pub fn from_python(text: &str, arrays: &[ArraysIn<'_>]) -> PyResult<Outcome> {
    let mut outcome: Outcome = serde_json::from_str(text).map_err(|error| PyValueError::new_err(error.to_string()))?;
    fill(&mut outcome.maps, arrays);
    Ok(outcome)
}

/// Copies arrays into maps.
pub fn fill(maps: &mut [Map], arrays: &[ArraysIn<'_>]) {
    for (map, (values, mask)) in maps.iter_mut().zip(arrays) {
        map.values = values.as_array().to_owned();
        map.mask = mask.as_ref().map(|mask| mask.as_array().to_owned());
    }
}
