use std::path::PathBuf;

use amorph::core::data::{AxisRole, Data, Loaded, Scan4d};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::{Value, json};

use crate::errors;
use crate::outcome::{Arrays, arrays_of};

/// An opened file. Methods work on it without copying it to Python and back.
#[pyclass(frozen, name = "NativeFile", module = "amorph._amorph")]
pub struct NativeFile {
    pub loaded: Loaded,
}

/// Opens any supported file.
#[pyfunction]
pub fn open(py: Python<'_>, path: PathBuf) -> PyResult<NativeFile> {
    let loaded = py.detach(|| amorph::io::open(&path)).map_err(|error| errors::file(py, &error))?;
    Ok(NativeFile { loaded })
}

#[pymethods]
impl NativeFile {
    /// Everything but the arrays, as JSON.
    fn header(&self) -> PyResult<String> {
        let loaded = &self.loaded;
        let header = json!({
            "source": loaded.source,
            "metadata": loaded.metadata.entries,
            "constants": loaded.constants,
            "notes": loaded.notes,
            "kind": loaded.data.kind(),
            "data": describe(&loaded.data)?,
        });
        Ok(header.to_string())
    }

    /// Pixels and masks of its maps, copied.
    fn arrays<'py>(&self, py: Python<'py>) -> Vec<Arrays<'py>> {
        match &self.loaded.data {
            Data::Maps(maps) => arrays_of(py, &mut maps.clone()),
            _ => Vec::new(),
        }
    }
}

fn describe(data: &Data) -> PyResult<Value> {
    let json = |error: serde_json::Error| PyValueError::new_err(error.to_string());
    match data {
        Data::Maps(maps) => serde_json::to_value(maps).map_err(json),
        Data::Table(table) => serde_json::to_value(table).map_err(json),
        Data::Scan(scan) => Ok(describe_scan(scan)),
        Data::Record(record) => serde_json::to_value(record).map_err(json),
        _ => Ok(Value::Null),
    }
}

fn describe_scan(scan: &Scan4d) -> Value {
    let role = |role: AxisRole| match role {
        AxisRole::ScanY => "scan_y",
        AxisRole::ScanX => "scan_x",
        AxisRole::DetectorY => "detector_y",
        AxisRole::DetectorX => "detector_x",
    };
    let axes: Vec<Value> = scan
        .axes
        .iter()
        .map(|axis| json!({"role": role(axis.role), "name": axis.name, "n": axis.n, "step": axis.step, "unit": axis.unit}))
        .collect();
    json!({"name": scan.name, "axes": axes, "pixel": scan.pixel.to_string(), "n_present": scan.n_present})
}
