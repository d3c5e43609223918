use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use amorph::core::dossier::Dossier;
use amorph::study::{self, Content, Event, Observer, RunOptions, Study};
use amorph_report::ReportError;
use pyo3::exceptions::{PyKeyboardInterrupt, PyValueError};
use pyo3::prelude::*;
use serde_json::Value;

use crate::errors;
use crate::interrupt::interruptible;
use crate::outcome::{Arrays, arrays_of, to_value};

/// Least time between two reports of progress.
const PAUSE: Duration = Duration::from_millis(100);

/// A dossier as JSON, and the arrays of each of its results and comparisons.
pub type DossierOut<'py> = (String, Vec<Vec<Arrays<'py>>>);

/// Runs what is not yet stored of a study.
///
/// `progress(event, job, text, done, total)` is called from the threads that do the work; what it raises stops the run.
#[pyfunction]
#[pyo3(signature = (path, overrides, jobs, progress))]
pub fn run_study<'py>(
    py: Python<'py>,
    path: PathBuf,
    overrides: Vec<String>,
    jobs: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<DossierOut<'py>> {
    let study = Study::open(&path, &overrides).map_err(|error| errors::study(py, &error))?;
    let failed = Arc::new(Mutex::new(None));
    let result = interruptible(py, |cancel| {
        let mut options = RunOptions { cancel: cancel.clone(), ..RunOptions::default() };
        if let Some(workers) = jobs {
            options.workers = workers;
        }
        let observer = progress.map_or_else(silent, |callback| observer(callback, cancel, failed.clone()));
        let summary = study::run(&study, &options, observer);
        summary.map(|summary| (summary.cancelled, study::dossier(&study, Content::Everything)))
    })?;
    if let Some(error) = failed.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(error);
    }
    let (cancelled, dossier) = result.map_err(|error| errors::other(py, &error))?;
    if cancelled {
        return Err(PyKeyboardInterrupt::new_err(()));
    }
    to_python(py, dossier.map_err(|error| errors::other(py, &error))?)
}

/// The report of a study, as HTML.
#[pyfunction]
pub fn report(py: Python<'_>, path: PathBuf, overrides: Vec<String>) -> PyResult<String> {
    let study = Study::open(&path, &overrides).map_err(|error| errors::study(py, &error))?;
    let page = py.detach(|| study::dossier(&study, Content::Report).map(|dossier| amorph_report::html::report(&dossier)));
    let page: Result<String, ReportError> = page.map_err(|error| errors::other(py, &error))?;
    page.map_err(|error| errors::figure(py, &error))
}

fn silent() -> Observer {
    Arc::new(|_| {})
}

fn observer(callback: Py<PyAny>, cancel: Arc<AtomicBool>, failed: Arc<Mutex<Option<PyErr>>>) -> Observer {
    let last = Mutex::new(Instant::now());
    Arc::new(move |event| {
        let (name, job, text, done, total) = match event {
            Event::Refused { failure } => ("refused", 0, format!("{}: {}", failure.method, failure.message), 0, 0),
            Event::Noticed { note } => ("noticed", 0, note.message, 0, 0),
            Event::Planned { jobs, stored } => ("planned", 0, String::new(), stored as u64, jobs as u64),
            Event::Started { job, label } => ("started", job, label, 0, 0),
            Event::Advanced { job, progress } => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                if last.elapsed() < PAUSE {
                    return;
                }
                *last = Instant::now();
                ("advanced", job, String::new(), progress.done, progress.total)
            }
            Event::Finished { job, succeeded } => ("finished", job, String::new(), u64::from(succeeded), 1),
        };
        let called = Python::attach(|py| callback.call1(py, (name, job, text, done, total)).map(drop));
        if let Err(error) = called {
            cancel.store(true, Ordering::Relaxed);
            failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    })
}

pub fn to_python(py: Python<'_>, mut dossier: Dossier) -> PyResult<DossierOut<'_>> {
    let mut arrays = Vec::new();
    let mut written = Vec::new();
    for record in dossier.results.iter_mut().chain(&mut dossier.comparisons) {
        arrays.push(arrays_of(py, &mut record.outcome.maps));
        written.push(to_value(&record.outcome)?);
    }
    let mut value = serde_json::to_value(&dossier).map_err(|error| PyValueError::new_err(error.to_string()))?;
    let mut written = written.into_iter();
    for key in ["results", "comparisons"] {
        for record in value[key].as_array_mut().into_iter().flatten() {
            record["outcome"] = written.next().unwrap_or(Value::Null);
        }
    }
    Ok((value.to_string(), arrays))
}
