//! What a method gives back: estimates with intervals, tables, maps, figures, notes and where it all came from.

mod estimate;
mod note;
mod provenance;

pub use estimate::{Basis, Estimate, Interval};
pub use note::{Note, Severity};
pub use provenance::{ConstantRecord, InputRecord, Provenance};

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::data::{Map, Table};
use crate::figure::Figure;

/// The result of one run of one method.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// Numbers, most important first.
    pub estimates: Vec<Estimate>,
    /// Covariance of estimates that were fitted together.
    pub covariance: Option<Covariance>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Two-dimensional results; their pixels are stored apart (see [`Map`]).
    pub maps: Vec<Map>,
    /// Figure specifications.
    pub figures: Vec<Figure>,
    /// What the reader must know.
    pub notes: Vec<Note>,
    /// How it was made.
    pub provenance: Provenance,
}

/// Covariance matrix of jointly fitted estimates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Covariance {
    /// Keys of the estimates, in the order of the matrix.
    pub keys: Vec<String>,
    /// The matrix, SI units squared.
    pub matrix: Array2<f64>,
}

impl Outcome {
    /// The estimate with this key.
    pub fn estimate(&self, key: &str) -> Option<&Estimate> {
        self.estimates.iter().find(|estimate| estimate.key == key)
    }

    /// The map of this quantity.
    pub fn map(&self, quantity: &str) -> Option<&Map> {
        self.maps.iter().find(|map| map.quantity == quantity)
    }

    /// The table with this key.
    pub fn table(&self, key: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.key == key)
    }
}
