use std::path::PathBuf;

use amorph::core::data::{Channel, Data, FrameStack, Loaded, Record, Recording, Scan4d, ScanAxis, Test};
use numpy::PyArray1;
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

/// Opens any supported file; `traces` is what a study says about traces, as TOML.
#[pyfunction]
#[pyo3(signature = (path, traces = ""))]
pub fn open(py: Python<'_>, path: PathBuf, traces: &str) -> PyResult<NativeFile> {
    let options = amorph::study::trace_options(traces).map_err(|error| PyValueError::new_err(error.to_string()))?;
    let loaded = py.detach(|| amorph::io::open_with(&path, &options)).map_err(|error| errors::file(py, &error))?;
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

    /// The numbers of its traces, copied: test by test, table by table, channel by channel.
    fn traces<'py>(&self, py: Python<'py>) -> Vec<Bound<'py, PyArray1<f64>>> {
        let Data::Record(record) = &self.loaded.data else { return Vec::new() };
        let tables = record.tests.iter().flat_map(|test| &test.tables);
        tables.flat_map(|table| &table.channels).map(|channel| PyArray1::from_slice(py, &channel.values)).collect()
    }
}

fn describe(data: &Data) -> PyResult<Value> {
    let json = |error: serde_json::Error| PyValueError::new_err(error.to_string());
    match data {
        Data::Maps(maps) => serde_json::to_value(maps).map_err(json),
        Data::Table(table) => serde_json::to_value(table).map_err(json),
        Data::Scan(scan) => Ok(describe_scan(scan)),
        Data::Stack(stack) => Ok(describe_stack(stack)),
        Data::Record(record) => Ok(describe_record(record)),
        Data::LongRecord(record) => Ok(
            json!({"name": record.name, "n_rows": record.n_rows, "channels": record.channels.iter().map(|c| json!({"name": c.name, "quantity": c.quantity, "unit": c.unit})).collect::<Vec<_>>()}),
        ),
        _ => Ok(Value::Null),
    }
}

/// Everything but the numbers.
fn describe_record(record: &Record) -> Value {
    let channel = |c: &Channel| json!({"name": c.name, "quantity": c.quantity, "unit_in_file": c.unit_in_file, "unit": c.unit, "factor": c.factor, "quantisation": c.quantisation});
    let table = |t: &Recording| json!({"name": t.name, "role": t.role, "segments": t.segments, "repairs": t.repairs, "channels": t.channels.iter().map(channel).collect::<Vec<_>>()});
    let test = |t: &Test| json!({"name": t.name, "ignored_by_instrument": t.ignored_by_instrument, "head": t.head.entries, "tables": t.tables.iter().map(table).collect::<Vec<_>>()});
    Value::Array(record.tests.iter().map(test).collect())
}

fn describe_scan(scan: &Scan4d) -> Value {
    json!({"name": scan.name, "axes": axes_of(&scan.axes[..]), "pixel": scan.pixel.to_string(), "n_present": scan.n_present})
}

fn describe_stack(stack: &FrameStack) -> Value {
    json!({"name": stack.name, "axes": axes_of(&stack.axes), "pixel": stack.pixel.to_string(), "n_present": stack.n_present})
}

fn axes_of(axes: &[ScanAxis]) -> Vec<Value> {
    let axis = |axis: &ScanAxis| json!({"role": axis.role.word(), "name": axis.name, "n": axis.n, "step": axis.step, "offset": axis.offset, "unit": axis.unit, "implausible": axis.implausible});
    axes.iter().map(axis).collect()
}
