//! Published values of metallic glasses, to stand behind one's own.
//!
//! `literature.csv` holds what four papers print, with unit, condition and source; nothing is rounded or converted there.
//! [`table`] gives all of it, [`of_key`] the values of a quantity that a method estimates, [`search`] what people look for
//! in words, and [`sequences`] the values that one paper gives for successive states of one material.

mod csv;
mod paper;

use std::sync::OnceLock;

pub use csv::{LiteratureError, parse};
pub use paper::Paper;

use crate::core::unit::Unit;

/// A published value.
#[derive(Debug, Clone, PartialEq)]
pub struct LiteratureValue {
    /// Stable name, for instance `LIT001`.
    pub id: String,
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
    pub paper: Paper,
    /// The succession of states that it belongs to, and its place in it.
    pub sequence: Option<(String, usize)>,
}

/// How a published value is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
pub struct Sequence {
    /// What happened between the states: `deformation`, `annealing`.
    pub name: String,
    /// Key of the estimates that measure the same quantity.
    pub key: String,
    /// Where it is printed.
    pub paper: Paper,
    /// The values in order.
    pub values: Vec<&'static LiteratureValue>,
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

/// The published values of the quantity that an estimate measures.
pub fn of_key(key: &str) -> impl Iterator<Item = &'static LiteratureValue> {
    table().iter().filter(move |value| !key.is_empty() && value.key == key)
}

/// The published values in which every word occurs: in material, property, condition, quantity or source; case does not
/// matter.
pub fn search(words: &str) -> Vec<&'static LiteratureValue> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let matches = |value: &&LiteratureValue| {
        let texts = [&*value.alloy, &value.property, &value.condition, &value.key, &value.symbol, value.paper.reference()];
        let texts = texts.map(str::to_lowercase);
        words.iter().all(|word| texts.iter().any(|text| text.contains(word)))
    };
    table().iter().filter(matches).collect()
}

/// The published successions of states of a quantity.
pub fn sequences(key: &str) -> Vec<Sequence> {
    let mut sequences: Vec<Sequence> = Vec::new();
    for value in of_key(key) {
        let Some((name, _)) = &value.sequence else { continue };
        match sequences.iter_mut().find(|known| known.name == *name && known.paper == value.paper) {
            Some(known) => known.values.push(value),
            None => {
                sequences.push(Sequence { name: name.clone(), key: key.to_owned(), paper: value.paper, values: vec![value] })
            }
        }
    }
    for sequence in &mut sequences {
        sequence.values.sort_by_key(|value| value.sequence.as_ref().map(|(_, step)| *step));
    }
    sequences
}

#[cfg(test)]
mod tests;
