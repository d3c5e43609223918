use super::node::Span;
use crate::core::unit::UnitError;
use crate::io::DoubtfulScan;
use crate::literature::COLUMNS;

/// Everything that is wrong with a study file.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// The file cannot be read.
    #[error("cannot read '{path}': {source}")]
    Unreadable {
        /// The path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file has mistakes.
    #[error("{path}: {}", summary(problems))]
    Invalid {
        /// The path.
        path: String,
        /// The text of the file.
        text: String,
        /// The mistakes, in file order.
        problems: Vec<Problem>,
    },
}

/// One mistake and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Where: bytes of the study file.
    pub span: Span,
    /// What.
    pub kind: ProblemKind,
}

/// What can be wrong in a study.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProblemKind {
    /// It is not TOML.
    #[error("this is not valid TOML: {message}")]
    Toml {
        /// What the TOML reader says.
        message: String,
    },
    /// A key that nothing reads.
    #[error("unknown key '{key}' in {table}")]
    UnknownKey {
        /// The key.
        key: String,
        /// The table it stands in.
        table: String,
        /// What is accepted there.
        known: Vec<String>,
    },
    /// A key that must be there.
    #[error("{table} has no '{key}'")]
    MissingKey {
        /// The key.
        key: &'static str,
        /// The table.
        table: String,
        /// How to write it.
        example: &'static str,
    },
    /// A value of the wrong kind.
    #[error("'{key}' must be {expected}, but it is {found}")]
    WrongKind {
        /// The key.
        key: String,
        /// What is needed.
        expected: &'static str,
        /// What there is.
        found: &'static str,
    },
    /// A quantity that cannot be read, or has the wrong dimension.
    #[error("{key}: {error}")]
    Quantity {
        /// The key.
        key: String,
        /// What is wrong.
        error: UnitError,
        /// How to write it.
        expected: String,
    },
    /// A word that is not among the choices.
    #[error("'{found}' is not a {what}")]
    UnknownWord {
        /// What it should name.
        what: &'static str,
        /// The word.
        found: String,
        /// The choices.
        known: Vec<String>,
    },
    /// Two things with the same name.
    #[error("the {what} '{name}' is defined twice")]
    Twice {
        /// What.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A file pattern that matches nothing.
    #[error("no file matches '{pattern}' (looked in {folder})")]
    NoFiles {
        /// The pattern.
        pattern: String,
        /// The folder of the study.
        folder: String,
    },
    /// Files that may or may not belong to one scan.
    #[error("which files belong to one scan is doubtful: {0}")]
    DoubtfulScan(DoubtfulScan),
    /// A method that works on other data.
    #[error("{method} works on {needed} measurements, but this is a {technique} measurement")]
    WrongTechnique {
        /// The method.
        method: String,
        /// Its technique.
        needed: &'static str,
        /// The technique of the measurement.
        technique: &'static str,
    },
    /// A method that works on one file or state where one over the whole study belongs, or the other way round.
    #[error("{method} belongs under {place}")]
    WrongPlace {
        /// The method.
        method: String,
        /// Where it belongs.
        place: &'static str,
    },
    /// Parameters that the method does not accept.
    #[error("{message}")]
    Parameters {
        /// The method.
        method: String,
        /// What is wrong.
        message: String,
    },
    /// A file of published values that cannot be read.
    #[error("{message}")]
    Literature {
        /// What is wrong with it, and where.
        message: String,
    },
    /// A card file that cannot be read.
    #[error("{message}")]
    Card {
        /// What is wrong with it, and where.
        message: String,
    },
    /// An override that hits nothing.
    #[error("--set {key}: there is no such place in the study")]
    Override {
        /// The key.
        key: String,
    },
}

impl ProblemKind {
    /// What to do.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey { key, known, .. } | Self::UnknownWord { found: key, known, .. } => {
                let nearest = crate::method::nearest(key, known.iter().map(String::as_str));
                Some(match nearest {
                    Some(word) => format!("did you mean '{word}'?"),
                    None => format!("known here: {}", known.join(", ")),
                })
            }
            Self::MissingKey { example, .. } => Some(format!("add: {example}")),
            Self::Quantity { expected, .. } => Some(format!("write it {expected}")),
            Self::NoFiles { .. } => Some("paths are relative to the study file; `*` and `**` are understood".to_owned()),
            Self::DoubtfulScan(_) => Some(
                "state the files of every scan together: files = [[\"height.tiff\", \"phase.tiff\"], [\"alone.tiff\"]]"
                    .to_owned(),
            ),
            Self::WrongTechnique { .. } => Some("`amorph method list` shows which methods go with which technique".to_owned()),
            Self::WrongPlace { method, place } => {
                Some(format!("move \"{method}\" to `methods = [...]` of {place}", place = place.trim_end_matches(" methods")))
            }
            Self::Parameters { method, .. } => Some(format!("`amorph method show {method}` lists the parameters")),
            Self::Override { .. } => Some(
                "write measurement.<state or number>.<key>=<value>, method.<method>.<parameter>=<value> or study.<key>=<value>"
                    .to_owned(),
            ),
            Self::Literature { .. } => {
                Some(format!("its columns are those of `amorph literature --csv`: {}", COLUMNS.join(", ")))
            }
            Self::Card { .. } => Some("`amorph card <file>` shows every mistake of a card at its place".to_owned()),
            Self::Toml { .. } | Self::WrongKind { .. } | Self::Twice { .. } => None,
        }
    }
}

fn summary(problems: &[Problem]) -> String {
    match problems {
        [only] => only.kind.to_string(),
        [first, rest @ ..] => format!("{} (and {} more)", first.kind, rest.len()),
        [] => "no problem".to_owned(),
    }
}
