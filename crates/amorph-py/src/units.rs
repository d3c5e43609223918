use amorph::core::unit::{Unit, format_estimate, format_resolved};
use numpy::ndarray::ArrayD;
use numpy::{IntoPyArray, PyArrayDyn, PyReadonlyArrayDyn};
use pyo3::prelude::*;

use crate::errors;

/// From one unit to another; SI where absent.
struct Change {
    from: Option<Unit>,
    to: Option<Unit>,
}

impl Change {
    fn parse(py: Python<'_>, from: Option<&str>, to: Option<&str>) -> PyResult<Self> {
        let parse = |text: &str| Unit::parse(text).map_err(|error| errors::unit(py, &error));
        let (from, to) = (from.map(parse).transpose()?, to.map(parse).transpose()?);
        if let (Some(from), Some(to)) = (&from, &to) {
            from.require(to).map_err(|error| errors::unit(py, &error))?;
        }
        Ok(Self { from, to })
    }

    fn value(&self, value: f64) -> f64 {
        let si = self.from.as_ref().map_or(value, |from| from.to_si(value));
        self.to.as_ref().map_or(si, |to| to.convert_si(si))
    }
}

/// A number in `origin`, in `unit`; SI where absent.
#[pyfunction]
#[pyo3(signature = (value, origin, unit))]
pub fn convert(py: Python<'_>, value: f64, origin: Option<&str>, unit: Option<&str>) -> PyResult<f64> {
    Ok(Change::parse(py, origin, unit)?.value(value))
}

/// Numbers in `origin`, in `unit`; SI where absent.
#[pyfunction]
#[pyo3(signature = (values, origin, unit))]
pub fn convert_array<'py>(
    py: Python<'py>,
    values: PyReadonlyArrayDyn<'py, f64>,
    origin: Option<&str>,
    unit: Option<&str>,
) -> PyResult<Bound<'py, PyArrayDyn<f64>>> {
    let change = Change::parse(py, origin, unit)?;
    let converted: ArrayD<f64> = values.as_array().mapv(|value| change.value(value));
    Ok(converted.into_pyarray(py))
}

/// An estimate and its interval as people read them, in `unit`.
#[pyfunction]
#[pyo3(signature = (value, std_error, interval, unit))]
pub fn show(value: f64, std_error: Option<f64>, interval: Option<(f64, f64)>, unit: &str) -> (String, Option<String>) {
    let with_unit = |text: String| if unit.is_empty() { text } else { format!("{text} {unit}") };
    let ends = interval.map(|(lo, hi)| {
        let [lo, hi] = [lo, hi].map(|end| format_resolved(end, 0.5 * (hi - lo)));
        with_unit(format!("[{lo}, {hi}]"))
    });
    (with_unit(format_estimate(value, std_error)), ends)
}
