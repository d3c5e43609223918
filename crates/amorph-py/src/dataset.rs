use std::sync::Arc;

use amorph::core::data::{ConstantStatus, Data, Loaded, Map, Pixels, Scan4d, Source, Table};
use amorph::core::outcome::Note;
use amorph::core::unit::{Quantity, Unit};
use amorph::literature::Literature;
use amorph::method::{
    ConstantInfo, ConstantKind, ConstantValue, Constants, Dataset, KnownValue, MapChoice, MethodError, MethodInfo, Upstream,
    nearest, technique,
};
use amorph::synthesis::Card;
use numpy::{PyReadonlyArray1, PyReadonlyArray4};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::errors;
use crate::file::NativeFile;
use crate::outcome::{ArraysIn, fill, from_python};

/// What `amorph._wire.dataset` sends.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct DatasetIn<'py> {
    label: String,
    files: Vec<PyRef<'py, NativeFile>>,
    maps: Vec<(String, ArraysIn<'py>)>,
    tables: Vec<TableIn<'py>>,
    scans: Vec<ScanIn<'py>>,
    sources: Vec<(String, String)>,
    channels: Vec<(String, ChannelIn)>,
    constants: Vec<(String, String)>,
    upstream: Vec<UpstreamIn<'py>>,
    truth: Vec<(String, String, String)>,
    alloys: Vec<(String, String)>,
    card: Option<String>,
}

/// Key, title and columns of a table.
type TableIn<'py> = (String, String, Vec<(String, String, ColumnIn<'py>)>);

#[derive(FromPyObject)]
enum ColumnIn<'py> {
    Numbers(PyReadonlyArray1<'py, f64>),
    Text(Vec<String>),
}

/// Pixels of a scan: scan y, scan x, detector y, detector x.
#[derive(FromPyObject)]
enum ScanIn<'py> {
    U8(PyReadonlyArray4<'py, u8>),
    U16(PyReadonlyArray4<'py, u16>),
    U32(PyReadonlyArray4<'py, u32>),
    I16(PyReadonlyArray4<'py, i16>),
    I32(PyReadonlyArray4<'py, i32>),
    F32(PyReadonlyArray4<'py, f32>),
    F64(PyReadonlyArray4<'py, f64>),
}

#[derive(FromPyObject)]
enum ChannelIn {
    Index(usize),
    Name(String),
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct UpstreamIn<'py> {
    job: String,
    method: String,
    state: String,
    item: String,
    outcome: String,
    arrays: Vec<ArraysIn<'py>>,
}

impl DatasetIn<'_> {
    /// What the readers of its files noticed.
    pub fn notes(&self) -> Vec<Note> {
        self.files.iter().flat_map(|file| file.loaded.notes.iter().cloned()).collect()
    }

    /// Copies everything to where no interpreter lock is needed.
    pub fn build(self, py: Python<'_>, info: &MethodInfo) -> PyResult<Dataset> {
        let mut sources: Vec<Source> = self.files.iter().map(|file| file.loaded.source.clone()).collect();
        sources.extend(self.sources.iter().map(|(path, sha256)| in_memory(path, sha256)));
        let mut data: Vec<Data> = self.files.iter().map(|file| file.loaded.data.clone()).collect();
        if !self.maps.is_empty() {
            let read = |(index, (header, arrays)): (usize, &(String, ArraysIn))| read_map(header, arrays, index);
            data.push(Data::Maps(self.maps.iter().enumerate().map(read).collect::<PyResult<_>>()?));
        }
        for table in &self.tables {
            data.push(Data::Table(read_table(py, table)?));
        }
        data.extend(self.scans.iter().map(|scan| Data::Scan(scan.read())));
        let files = self.files.iter().map(|file| &file.loaded);
        Ok(Dataset {
            constants: read_constants(py, info, files, &self.constants)?,
            channels: self.channels.into_iter().map(|(key, channel)| (key, channel.choice())).collect(),
            upstream: self.upstream.iter().map(UpstreamIn::read).collect::<PyResult<_>>()?,
            truth: self.truth.iter().map(|known| read_truth(py, known)).collect::<PyResult<_>>()?,
            literature: Literature::default(),
            alloys: self.alloys,
            facts: Vec::new(),
            card: self.card.as_deref().map(|path| read_card(py, path)).transpose()?,
            label: self.label,
            sources,
            data,
        })
    }
}

fn read_card(py: Python<'_>, path: &str) -> PyResult<Arc<Card>> {
    amorph::synthesis::open(std::path::Path::new(path)).map(Arc::new).map_err(|error| errors::study(py, &error))
}

fn in_memory(path: &str, sha256: &str) -> Source {
    Source { path: path.to_owned(), sha256: sha256.to_owned(), format: "array".to_owned(), format_version: None }
}

/// A map in the unit that methods expect: SI, or degrees.
fn read_map(header: &str, arrays: &ArraysIn<'_>, index: usize) -> PyResult<Map> {
    let mut map: Map = serde_json::from_str(header).map_err(|error| PyValueError::new_err(error.to_string()))?;
    let (unit, factor) = amorph::io::kept_unit(&map.unit);
    fill(std::slice::from_mut(&mut map), std::slice::from_ref(arrays));
    if factor != 1.0 {
        map.values.mapv_inplace(|value| value * factor);
    }
    map.unit = unit;
    map.index = index;
    if let Some(extent) = &mut map.extent {
        let (unit, factor) = amorph::io::kept_unit(&extent.unit);
        extent.x = extent.x.map(|edge| edge * factor);
        extent.y = extent.y.map(|edge| edge * factor);
        extent.unit = unit;
    }
    Ok(map)
}

/// A table with its numbers in SI, or degrees.
fn read_table(py: Python<'_>, (key, title, columns): &TableIn<'_>) -> PyResult<Table> {
    let mut table = Table::new(key, title);
    for (name, unit, column) in columns {
        table = match column {
            ColumnIn::Numbers(values) => {
                let written = Unit::parse(unit).map_err(|error| errors::unit(py, &error))?;
                let mut values: Vec<f64> = values.as_array().iter().copied().collect();
                let kept = amorph::io::keep_column(&written, &mut values);
                table.with_numbers(name, kept.symbol(), values)
            }
            ColumnIn::Text(values) => table.with_text(name, values.clone()),
        };
    }
    Ok(table)
}

impl ScanIn<'_> {
    fn read(&self) -> Scan4d {
        fn of<T: numpy::Element + Copy>(array: &PyReadonlyArray4<'_, T>, pixels: fn(Vec<T>) -> Pixels) -> Scan4d {
            let values = array.as_array();
            let (scan_y, scan_x, detector_y, detector_x) = values.dim();
            // The pixels outlive the interpreter lock, under which NumPy may change or free its memory: one copy, in one piece
            // where the array is one.
            let copied = values.as_slice().map_or_else(|| values.iter().copied().collect(), <[T]>::to_vec);
            Scan4d::of_pixels([scan_y, scan_x, detector_y, detector_x], pixels(copied))
        }
        match self {
            Self::U8(array) => of(array, Pixels::U8),
            Self::U16(array) => of(array, Pixels::U16),
            Self::U32(array) => of(array, Pixels::U32),
            Self::I16(array) => of(array, Pixels::I16),
            Self::I32(array) => of(array, Pixels::I32),
            Self::F32(array) => of(array, Pixels::F32),
            Self::F64(array) => of(array, Pixels::F64),
        }
    }
}

impl ChannelIn {
    fn choice(self) -> MapChoice {
        match self {
            Self::Index(index) => MapChoice::Index(index),
            Self::Name(text) => MapChoice::parse(&text),
        }
    }
}

impl UpstreamIn<'_> {
    fn read(&self) -> PyResult<Upstream> {
        Ok(Upstream {
            job: self.job.clone(),
            method: self.method.clone(),
            state: self.state.clone(),
            item: self.item.clone(),
            outcome: Arc::new(from_python(&self.outcome, &self.arrays)?),
        })
    }
}

fn read_truth(py: Python<'_>, (state, key, text): &(String, String, String)) -> PyResult<KnownValue> {
    let quantity = Quantity::parse(text).map_err(|error| errors::unit(py, &error))?;
    Ok(KnownValue { state: state.clone(), key: key.clone(), quantity })
}

/// Constants that the files state, and over them what the caller states.
fn read_constants<'a>(
    py: Python<'_>,
    info: &MethodInfo,
    files: impl Iterator<Item = &'a Loaded>,
    given: &[(String, String)],
) -> PyResult<Constants> {
    let mut constants = Constants::default();
    for loaded in files {
        for found in &loaded.constants {
            match &found.status {
                ConstantStatus::Stated => {
                    let origin = format!("{}, {}", loaded.source.path, found.place);
                    constants.insert(&found.key, ConstantValue::Quantity(found.quantity.clone()), &origin);
                }
                ConstantStatus::Placeholder { reason } => constants.insert_placeholder(&found.key, reason),
            }
        }
    }
    let known = technique(info.technique).map_or(&[][..], |technique| technique.constants);
    for (key, text) in given {
        let constant = known.iter().find(|constant| constant.key == key).ok_or_else(|| unknown(py, key, info, known))?;
        constants.insert(key, read_constant(py, constant, text)?, "caller");
    }
    Ok(constants)
}

fn read_constant(py: Python<'_>, constant: &ConstantInfo, text: &str) -> PyResult<ConstantValue> {
    match constant.kind {
        ConstantKind::Choice(_) => Ok(ConstantValue::Choice(text.to_owned())),
        ConstantKind::Quantity(_) => Quantity::parse(text)
            .map(ConstantValue::Quantity)
            .map_err(|source| errors::analysis(py, &MethodError::ConstantUnit { key: constant.key, source })),
    }
}

fn unknown(py: Python<'_>, key: &str, info: &MethodInfo, known: &[ConstantInfo]) -> PyErr {
    let hint = match nearest(key, known.iter().map(|constant| constant.key)) {
        Some(word) => format!("did you mean '{word}'?"),
        None => format!("constants of {}: {}", info.id, info.constants.join(", ")),
    };
    errors::usage(py, &format!("{} knows no constant '{key}'", info.id), &hint)
}
