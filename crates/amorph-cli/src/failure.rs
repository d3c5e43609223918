//! Errors as people see them: what was found, where, and what to do.

use std::process::ExitCode;

use amorph::study::{Problem, RunError, StoreError, StudyError};
use miette::{Diagnostic, LabeledSpan, NamedSource, Report};

/// Why a command ended without doing what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The study.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Running.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A file that cannot be read.
    #[error(transparent)]
    Io(#[from] amorph::io::IoError),
    /// The report.
    #[error(transparent)]
    Report(#[from] amorph_report::ReportError),
    /// A virtual measurement.
    #[error(transparent)]
    Simulate(#[from] amorph::simulate::SimulateError),
    /// A file of published values.
    #[error(transparent)]
    Literature(#[from] amorph::literature::LiteratureFileError),
    /// A card.
    #[error(transparent)]
    Card(amorph::synthesis::CardError),
    /// A name that no published value has.
    #[error(transparent)]
    NothingNamed(#[from] amorph::literature::NothingNamed),
    /// A model that gives no number.
    #[error(transparent)]
    Theory(#[from] amorph::theory::TheoryError),
    /// A file that cannot be written.
    #[error("cannot write '{path}': {source}")]
    Write {
        /// The path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file that must not be overwritten.
    #[error("'{path}' exists already; choose another name or remove it")]
    Exists {
        /// The path.
        path: String,
    },
    /// A file that is only overwritten when asked to.
    #[error("'{path}' exists already; choose another name, or add --force to overwrite it")]
    Overwrite {
        /// The path.
        path: String,
    },
    /// A place to write to that does not fit what is to be written.
    #[error("cannot write '{path}': {problem}")]
    Target {
        /// The path.
        path: String,
        /// Why.
        problem: String,
    },
    /// A file that does not hold what is asked for.
    #[error("{path}: {problem}")]
    Source {
        /// The path.
        path: String,
        /// Why.
        problem: String,
    },
    /// A word that names nothing.
    #[error("there is no {what} '{word}'{}", nearest.as_ref().map(|n| format!("; did you mean '{n}'?")).unwrap_or_default())]
    Unknown {
        /// What it should name.
        what: &'static str,
        /// The word.
        word: String,
        /// A known word that is close.
        nearest: Option<String>,
    },
    /// Generated files that are not fresh.
    #[error("generated files are stale: {}; run `cargo run -p amorph-cli -- generate`", files.join(", "))]
    Stale {
        /// The files.
        files: Vec<String>,
    },
}

/// A mistake in a study, with the place marked.
#[derive(Debug)]
struct Mistake {
    problem: Problem,
    source: NamedSource<String>,
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.problem.kind.fmt(f)
    }
}

impl std::error::Error for Mistake {}

impl Diagnostic for Mistake {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.problem.kind.hint().map(|hint| Box::new(hint) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        (!self.problem.span.is_empty()).then_some(&self.source as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.problem.span.clone();
        (!span.is_empty()).then(|| Box::new(std::iter::once(LabeledSpan::underline(span))) as Box<dyn Iterator<Item = _>>)
    }
}

/// Plain, narrow diagnostics that also read well in a log file; silence where the reader of a pipe has left (`amorph .. | head`).
pub fn install() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let message = panic.payload().downcast_ref::<String>();
        if message.is_some_and(|message| message.starts_with("failed printing to") && message.contains("os error 32")) {
            std::process::exit(0);
        }
        usual(panic);
    }));
    // A second installation would be the only error; there is none.
    let _installed = miette::set_hook(Box::new(|_| {
        Box::new(miette::MietteHandlerOpts::new().context_lines(1).terminal_links(false).build())
    }));
}

impl From<amorph::synthesis::CardError> for Failure {
    fn from(error: amorph::synthesis::CardError) -> Self {
        match error {
            // The mistakes of a card are shown as those of a study, each at its place.
            amorph::synthesis::CardError::File(error) => Self::Study(error),
            other => Self::Card(other),
        }
    }
}

impl Failure {
    /// To stderr.
    pub fn print(&self) {
        match self {
            Self::Study(StudyError::Invalid { path, text, problems }) => {
                for problem in problems {
                    let source = NamedSource::new(path, text.clone()).with_language("TOML");
                    eprintln!("{:?}", Report::new(Mistake { problem: problem.clone(), source }));
                }
            }
            Self::Theory(error) => eprintln!("error: {error}\n  {}", error.hint()),
            other => eprintln!("error: {other}"),
        }
    }

    /// 2 for what the user can correct in the call, the study or a file; 1 for the rest.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Store(_) | Self::Run(_) | Self::Report(_) | Self::Stale { .. } => ExitCode::from(1),
            _ => ExitCode::from(2),
        }
    }
}

/// Writes a file by way of a temporary name, so that a stopped command leaves no half-written one.
///
/// # Errors
/// [`Failure::Write`].
pub fn write(path: &std::path::Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    let failed = |source| Failure::Write { path: path.display().to_string(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".part");
    std::fs::write(&temporary, bytes).map_err(failed)?;
    std::fs::rename(&temporary, path).map_err(failed)
}
