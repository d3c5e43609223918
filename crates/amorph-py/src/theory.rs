use amorph::method::nearest;
use amorph::theory::{self, Model};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

use crate::errors;
use crate::outcome::estimates_to_json;

fn find(py: Python<'_>, id: &str) -> PyResult<&'static Model> {
    theory::find(id).ok_or_else(|| {
        let hint = nearest(id, theory::models().map(|model| model.id)).map(|word| format!("did you mean '{word}'?"));
        errors::usage(py, &format!("there is no model '{id}'"), &hint.unwrap_or_default())
    })
}

/// The SI value of an argument as people write it.
#[pyfunction]
pub fn theory_read(py: Python<'_>, model: &str, key: &str, text: &str) -> PyResult<f64> {
    find(py, model)?.read(key, text).map(|quantity| quantity.value).map_err(|error| errors::theory(py, &error))
}

/// The outputs of a model for columns of SI arguments of equal length, one column per output.
#[pyfunction]
pub fn theory_evaluate<'py>(
    py: Python<'py>,
    model: &str,
    columns: Vec<PyReadonlyArray1<'py, f64>>,
) -> PyResult<Vec<Bound<'py, PyArray1<f64>>>> {
    let model = find(py, model)?;
    let columns: Vec<Vec<f64>> = columns.iter().map(|column| column.as_array().to_vec()).collect();
    let results = py.detach(|| {
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        model.run_each(&slices)
    });
    let results = results.map_err(|error| errors::theory(py, &error))?;
    Ok(results.into_iter().map(|column| column.into_pyarray(py)).collect())
}

/// The outputs of a model with the errors of its inputs, as JSON.
#[pyfunction]
pub fn theory_propagate(
    py: Python<'_>,
    model: &str,
    arguments: Vec<(String, String)>,
    systematic: Vec<String>,
    seed: u64,
) -> PyResult<String> {
    let model = find(py, model)?;
    let given = theory::inputs(model, &arguments, &systematic).map_err(|error| errors::theory(py, &error))?;
    let result = py.detach(|| theory::propagate(model, &given, seed)).map_err(|error| errors::theory(py, &error))?;
    estimates_to_json(&result.estimates)
}
