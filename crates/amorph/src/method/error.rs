use crate::core::ctx::Cancelled;
use crate::core::data::DataError;
use crate::core::stream::{MemoryLimit, StreamError};
use crate::core::unit::UnitError;

use super::MissingConstant;

/// Why a method gives no result.
#[derive(Debug, thiserror::Error)]
pub enum MethodError {
    /// Constants that change the answer are not stated anywhere.
    #[error("{method} needs {}", list(missing))]
    MissingConstants {
        /// The method.
        method: &'static str,
        /// What is missing.
        missing: Vec<MissingConstant>,
    },
    /// A constant has a value that cannot be.
    #[error("{key} = '{found}' {reason} (expected: {expected})")]
    BadConstant {
        /// The constant.
        key: &'static str,
        /// Its value.
        found: String,
        /// What is wrong.
        reason: &'static str,
        /// What is accepted.
        expected: String,
    },
    /// A constant has a wrong dimension.
    #[error("{key}: {source}")]
    ConstantUnit {
        /// The constant.
        key: &'static str,
        /// What is wrong.
        source: UnitError,
    },
    /// A quantity cannot be read.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// A parameter of the method is wrong.
    #[error("{method}: {message}")]
    Parameters {
        /// The method.
        method: &'static str,
        /// What is wrong, from the parameter's schema.
        message: String,
    },
    /// The data lack something.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The data cannot support the result.
    #[error("{0}")]
    Refused(Box<dyn Refusal>),
    /// The user stopped it.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// A method's own reasons for refusing: an enum with the numbers in it.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// What the user can do.
    fn hint(&self) -> String;
}

impl<R: Refusal> From<R> for MethodError {
    fn from(refusal: R) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl Refusal for MemoryLimit {
    fn hint(&self) -> String {
        format!("allow at least {} MiB of memory", self.needed.div_ceil(1 << 20))
    }
}

impl From<StreamError> for MethodError {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::Data(error) => error.into(),
            StreamError::Cancelled(error) => error.into(),
            StreamError::Memory(error) => error.into(),
        }
    }
}

impl MethodError {
    /// What the user can do.
    pub fn hint(&self) -> String {
        match self {
            Self::MissingConstants { missing, .. } => {
                let line = |m: &MissingConstant| format!("{}: {}. Found: {}", m.key, m.description, m.found_by);
                missing.iter().map(line).collect::<Vec<_>>().join("\n")
            }
            Self::BadConstant { expected, .. } => format!("write it as {expected}"),
            Self::ConstantUnit { .. } | Self::Unit(_) => "write the number with its unit, as in \"40 N/m\"".to_owned(),
            Self::Parameters { method, .. } => format!("`amorph method show {method}` lists the parameters"),
            Self::Data(DataError::NoSuchMap { wanted, .. }) if wanted == "dissipated_energy" => {
                "put \"dafm.dissipation\" before it in `methods`, or give a file with a dissipation map".to_owned()
            }
            Self::Data(DataError::AmbiguousMap { wanted, .. }) => {
                format!("choose in the study: channels = {{ {wanted} = 0 }} (the index in brackets)")
            }
            Self::Data(DataError::NoSuchColumn { wanted, .. }) => format!(
                "rename the column, or say in the study which it is: columns = {{ {wanted} = {{ column = \"...\", unit = \"...\" }} }} for tables, or the parameter of \
                 the method that names it"
            ),
            Self::Data(DataError::ColumnUnit { column, example, .. }) if example.is_empty() => {
                format!("'{column}' must be a plain number; `amorph info <file>` shows the columns")
            }
            Self::Data(DataError::ColumnUnit { column, example, .. }) => {
                format!("write the unit into the header: '{column} ({example})'")
            }
            Self::Data(_) => "`amorph info <file>` shows what the file holds".to_owned(),
            Self::Refused(refusal) => refusal.hint(),
            Self::Cancelled(_) => "run again to resume".to_owned(),
        }
    }
}

fn list(missing: &[MissingConstant]) -> String {
    missing.iter().map(|missing| missing.key).collect::<Vec<_>>().join(", ")
}
