use amorph::core::unit::UnitError;
use amorph::io::IoError;
use amorph::method::MethodError;
use amorph::study::StudyError;
use amorph::theory::TheoryError;
use amorph_report::ReportError;
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;

/// Makes the exception `amorph.errors.<class>(message, second)`.
fn exception<'py, T: IntoPyObject<'py>>(py: Python<'py>, class: &str, message: &str, second: T) -> PyErr {
    let made =
        py.import("amorph.errors").and_then(|errors| errors.getattr(class)).and_then(|class| class.call1((message, second)));
    made.map_or_else(|error| error, PyErr::from_value)
}

/// What a method could not do.
pub fn analysis(py: Python<'_>, error: &MethodError) -> PyErr {
    match error {
        MethodError::Cancelled(_) => PyKeyboardInterrupt::new_err(()),
        other => exception(py, "AnalysisError", &other.to_string(), other.hint()),
    }
}

/// A model that gives no number.
pub fn theory(py: Python<'_>, error: &TheoryError) -> PyErr {
    match error {
        TheoryError::Unit { .. } => exception(py, "UnitError", &error.to_string(), error.hint()),
        other => exception(py, "AnalysisError", &other.to_string(), other.hint()),
    }
}

/// A call that cannot be meant, with the remedy.
pub fn usage(py: Python<'_>, message: &str, hint: &str) -> PyErr {
    exception(py, "AnalysisError", message, hint)
}

/// A unit that cannot be read or does not fit.
pub fn unit(py: Python<'_>, error: &UnitError) -> PyErr {
    exception(py, "UnitError", &error.to_string(), "write a unit such as \"nm\", \"N/m\", \"eV\" or \"deg\"")
}

/// A file that cannot be read.
pub fn file(py: Python<'_>, error: &IoError) -> PyErr {
    exception(py, "FileError", &error.to_string(), "`amorph info <file>` shows what can be read of a file")
}

/// A file of published values that cannot be read.
pub fn published(py: Python<'_>, error: &amorph::literature::LiteratureFileError) -> PyErr {
    exception(py, "FileError", &error.to_string(), "its columns are those that `amorph literature --csv` prints")
}

/// A results store or a report that cannot be read or made.
pub fn other(py: Python<'_>, error: &dyn std::error::Error) -> PyErr {
    exception(py, "AmorphError", &error.to_string(), "")
}

/// A figure that cannot be drawn.
pub fn figure(py: Python<'_>, error: &ReportError) -> PyErr {
    other(py, error)
}

/// A study with mistakes: all of them, each with its line, column, message and hint.
pub fn study(py: Python<'_>, error: &StudyError) -> PyErr {
    let StudyError::Invalid { text, problems, .. } = error else {
        return exception(py, "FileError", &error.to_string(), "paths are relative to the current folder");
    };
    let place = |offset: usize| {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    };
    let listed: Vec<(usize, usize, String, String)> = problems
        .iter()
        .map(|problem| {
            let (line, column) = place(problem.span.start);
            (line, column, problem.kind.to_string(), problem.kind.hint().unwrap_or_default())
        })
        .collect();
    exception(py, "StudyError", &error.to_string(), listed)
}
