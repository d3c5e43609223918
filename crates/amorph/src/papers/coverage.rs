use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::method::registry;
use crate::records::rows_below_header;
use crate::simulate::instruments;
use crate::theory::models;

/// Something in the papers that software can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryRow {
    /// Stable name, for instance `L16-23`.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Experiment, model, simulation, statistics, plot or data.
    pub kind: String,
}

/// A row and what covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The row.
    pub row: &'static InventoryRow,
    /// Methods that declare it.
    pub methods: Vec<&'static str>,
    /// Models that declare it.
    pub models: Vec<&'static str>,
    /// Virtual instruments that declare it.
    pub simulators: Vec<&'static str>,
    /// Why nothing does.
    pub absence: Option<&'static str>,
}

impl Coverage {
    /// Whether anything covers the row.
    pub fn is_covered(&self) -> bool {
        !(self.methods.is_empty() && self.models.is_empty() && self.simulators.is_empty())
    }

    /// Everything that covers the row, methods first.
    pub fn covering(&self) -> Vec<&'static str> {
        [&self.methods[..], &self.models, &self.simulators].concat()
    }
}

/// All rows of the inventory of the papers.
pub fn inventory() -> &'static [InventoryRow] {
    static ROWS: OnceLock<Vec<InventoryRow>> = OnceLock::new();
    let row = |fields: Vec<String>| {
        let [id, title, kind] = <[String; 3]>::try_from(fields).ok()?;
        Some(InventoryRow { id, title, kind })
    };
    ROWS.get_or_init(|| rows_below_header(include_str!("inventory.csv")).into_iter().filter_map(row).collect())
}

/// Reasons of rows that nothing covers; the only list kept by hand.
pub(super) fn absences() -> &'static BTreeMap<String, String> {
    static ABSENCES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let pair = |fields: Vec<String>| <[String; 2]>::try_from(fields).ok().map(|[id, reason]| (id, reason));
    ABSENCES.get_or_init(|| rows_below_header(include_str!("absences.csv")).into_iter().filter_map(pair).collect())
}

/// Every row with the methods, models and virtual instruments that declare to cover it, or the reason why none does.
pub fn coverage() -> Vec<Coverage> {
    let of = |row: &'static InventoryRow| Coverage {
        row,
        methods: registry().iter().map(|m| m.info()).filter(|m| m.covers.contains(&&*row.id)).map(|m| m.id).collect(),
        models: models().filter(|m| m.covers.contains(&&*row.id)).map(|m| m.id).collect(),
        simulators: instruments().iter().filter(|s| s.covers.contains(&&*row.id)).map(|s| s.id).collect(),
        absence: absences().get(&row.id).map(String::as_str),
    };
    inventory().iter().map(of).collect()
}
