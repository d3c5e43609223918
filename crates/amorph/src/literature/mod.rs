//! Published values of metallic glasses, to stand behind one's own.
//!
//! `literature.csv` holds what four papers print, with unit, condition and source; nothing is rounded or converted there.
//! [`table`] gives all of it. A [`Literature`] is that table with a user's own values after it: [`Literature::of_key`] gives
//! the values of a quantity that a method estimates, [`Literature::sequences`] the values that one paper gives for successive
//! states of one material. A [`Query`] finds what people look for.

mod csv;
mod file;
mod paper;
mod query;
mod source;
mod write;

use std::sync::{Arc, OnceLock};

use serde::Serialize;

pub use csv::{COLUMNS, LiteratureError, parse};
pub use file::{LiteratureFileError, open};
pub use paper::Paper;
pub use query::{NothingNamed, Query};
pub use source::Source;
pub use write::to_csv;

use crate::core::unit::Unit;

/// A published value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LiteratureValue {
    /// Stable name, for instance `LIT001`.
    pub id: String,
    /// What kind of quantity it is, one word for all materials and techniques: `activation_energy`.
    pub quantity: String,
    /// Key of the estimates that measure the same quantity; empty where no method does.
    pub key: String,
    /// Material as printed, with its condition of preparation.
    pub alloy: String,
    /// What was measured.
    pub property: String,
    /// Symbol as printed; may be empty.
    pub symbol: String,
    /// The value; absent for bounds and for what is described in words only.
    pub value: Option<f64>,
    /// Lower end of a range or bound.
    pub lo: Option<f64>,
    /// Upper end of a range or bound.
    pub hi: Option<f64>,
    /// The error as printed, in `unit`.
    pub std_error: Option<f64>,
    /// Unit of the numbers; unknown to the program for a few that papers invent (`R Tg`).
    pub unit: Unit,
    /// How the value is meant.
    pub kind: Kind,
    /// The words of the paper.
    pub as_printed: String,
    /// Under which conditions.
    pub condition: String,
    /// Whether it was computed from printed values instead of printed itself.
    pub is_computed: bool,
    /// Where it is printed.
    pub source: Source,
    /// The succession of states that it belongs to, and its place in it.
    pub sequence: Option<(String, usize)>,
}

/// How a published value is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A value.
    Value,
    /// About so much.
    Approximate,
    /// Between two values; `value` is their middle.
    Range,
    /// At least or at most so much.
    Bound,
    /// Described in words.
    Text,
}

/// Values of one quantity in successive states of one material.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequence<'a> {
    /// What happened between the states: `deformation`, `annealing`.
    pub name: String,
    /// Key of the estimates that measure the same quantity.
    pub key: String,
    /// Where it is printed.
    pub source: &'a Source,
    /// The values in order.
    pub values: Vec<&'a LiteratureValue>,
}

/// The published values that are compiled in, and after them those of a user's own file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Literature {
    own: Arc<[LiteratureValue]>,
}

impl LiteratureValue {
    /// The value in SI; `None` where there is none or its unit has no SI value.
    pub fn value_si(&self) -> Option<f64> {
        self.value.map(|value| self.si(value)).filter(|value| value.is_finite())
    }

    /// What the paper gives as uncertainty, in SI: one printed error each way, else the ends of a range.
    pub fn spread_si(&self) -> Option<(f64, f64)> {
        let printed = self.value.zip(self.std_error).map(|(value, error)| (value - error, value + error));
        let ends = printed.or_else(|| self.lo.zip(self.hi).filter(|(lo, hi)| lo < hi));
        ends.map(|(lo, hi)| (self.si(lo), self.si(hi))).filter(|(lo, hi)| lo.is_finite() && hi.is_finite())
    }

    /// The value, range or bound as people read it: `4.1 ± 0.05 nm`, `~0.5 eV`, `100 … 200 Å^3`, `≤ 8 ms`.
    pub fn display(&self) -> String {
        // As printed: no digits that the paper does not give.
        let number = |value: f64| match value.abs() {
            size if size != 0.0 && !(1e-4..1e6).contains(&size) => format!("{value:e}"),
            _ => value.to_string(),
        };
        let text = match (self.kind, self.value, self.lo, self.hi) {
            (Kind::Text, ..) => return self.as_printed.clone(),
            (Kind::Bound, _, Some(lo), _) => format!("≥ {}", number(lo)),
            (Kind::Bound, _, None, Some(hi)) => format!("≤ {}", number(hi)),
            (Kind::Range, _, Some(lo), Some(hi)) => format!("{} … {}", number(lo), number(hi)),
            (kind, Some(value), ..) => {
                let about = if kind == Kind::Approximate { "~" } else { "" };
                let error = self.std_error.map(|error| format!(" ± {}", number(error))).unwrap_or_default();
                format!("{about}{}{error}", number(value))
            }
            (_, None, ..) => return self.as_printed.clone(),
        };
        if self.unit.symbol().is_empty() { text } else { format!("{text} {}", self.unit) }
    }

    fn si(&self, value: f64) -> f64 {
        if self.unit.is_known() { self.unit.to_si(value) } else { f64::NAN }
    }
}

/// All published values, in the order of the table.
pub fn table() -> &'static [LiteratureValue] {
    static TABLE: OnceLock<Vec<LiteratureValue>> = OnceLock::new();
    // A test reads the same text; a table that cannot be read would be empty.
    TABLE.get_or_init(|| parse(include_str!("literature.csv")).unwrap_or_default())
}

impl Literature {
    /// With a user's own values.
    pub fn with(own: Vec<LiteratureValue>) -> Self {
        Self { own: own.into() }
    }

    /// The user's own values.
    pub fn own(&self) -> &[LiteratureValue] {
        &self.own
    }

    /// All values: those compiled in, then the user's own.
    pub fn values(&self) -> impl Iterator<Item = &LiteratureValue> {
        table().iter().chain(self.own.iter())
    }

    /// The published values of the quantity that an estimate measures.
    pub fn of_key<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a LiteratureValue> {
        self.values().filter(move |value| !key.is_empty() && value.key == key)
    }

    /// The values that a query asks for.
    ///
    /// # Errors
    /// [`NothingNamed`] for an alloy, a quantity or a paper that no value has.
    pub fn find(&self, query: &Query) -> Result<Vec<&LiteratureValue>, NothingNamed> {
        query.among(&self.values().collect::<Vec<_>>())
    }

    /// The published successions of states of a quantity.
    pub fn sequences(&self, key: &str) -> Vec<Sequence<'_>> {
        let mut sequences: Vec<Sequence<'_>> = Vec::new();
        for value in self.values().filter(|value| !key.is_empty() && value.key == key) {
            let Some((name, _)) = &value.sequence else { continue };
            match sequences.iter_mut().find(|known| known.name == *name && *known.source == value.source) {
                Some(known) => known.values.push(value),
                None => sequences.push(Sequence {
                    name: name.clone(),
                    key: key.to_owned(),
                    source: &value.source,
                    values: vec![value],
                }),
            }
        }
        for sequence in &mut sequences {
            sequence.values.sort_by_key(|value| value.sequence.as_ref().map(|(_, step)| *step));
        }
        sequences
    }
}

#[cfg(test)]
mod tests;
