use std::sync::Arc;

use crate::core::data::{Data, DataError, Direction, Map, Record, Scan4d, Source, Table};
use crate::core::outcome::{Estimate, Outcome};
use crate::core::unit::Quantity;
use crate::literature::Literature;
use crate::synthesis::Card;

use super::{Constants, MethodError};

/// What a method is given: data, constants, and the outcomes of the methods before it.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// What it is, for messages: the file name, or the state.
    pub label: String,
    /// The files.
    pub sources: Vec<Source>,
    /// Their data.
    pub data: Vec<Data>,
    /// Which channel to take where several answer to one name.
    pub channels: Vec<(String, MapChoice)>,
    /// The constants of the measurement.
    pub constants: Constants,
    /// Outcomes of earlier methods: of this item, of every item of the state, or of the whole study.
    pub upstream: Vec<Upstream>,
    /// Values known beforehand, of virtual or reference samples; for methods over the whole study.
    pub truth: Vec<KnownValue>,
    /// Published values to show behind one's own; for methods over the whole study.
    pub literature: Literature,
    /// Alloy of every state; for methods over the whole study.
    pub alloys: Vec<(String, String)>,
    /// What the study says of its states; for methods over the whole study.
    pub facts: Vec<Fact>,
    /// Findings of other sources, to stand beside one's own; for methods over the whole study.
    pub card: Option<Arc<Card>>,
}

/// What a study says of a state in the user's own words: `cooling_rate = "100 K/s"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The state.
    pub state: String,
    /// Its name.
    pub key: String,
    /// What is said.
    pub text: String,
}

/// A value known beforehand.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownValue {
    /// The state it belongs to.
    pub state: String,
    /// Key of the estimate it is the truth of.
    pub key: String,
    /// The value.
    pub quantity: Quantity,
}

/// Which of several maps to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapChoice {
    /// By its index in the file.
    Index(usize),
    /// By its name in the file, and direction where that is needed.
    Name(String, Option<Direction>),
    /// By direction alone.
    Direction(Direction),
}

/// An outcome of an earlier method.
#[derive(Debug, Clone)]
pub struct Upstream {
    /// The job that made it.
    pub job: String,
    /// The method.
    pub method: String,
    /// The state it belongs to.
    pub state: String,
    /// The item it belongs to; empty for outcomes of a whole state.
    pub item: String,
    /// The outcome.
    pub outcome: Arc<Outcome>,
}

impl MapChoice {
    /// Reads `trace`, `Height` or `Height/retrace`.
    pub fn parse(text: &str) -> Self {
        let direction = |word: &str| match word {
            "trace" => Some(Direction::Trace),
            "retrace" => Some(Direction::Retrace),
            _ => None,
        };
        match (direction(text), text.rsplit_once('/').and_then(|(name, word)| Some((name, direction(word)?)))) {
            (Some(direction), _) => Self::Direction(direction),
            (None, Some((name, direction))) => Self::Name(name.to_owned(), Some(direction)),
            (None, None) => Self::Name(text.to_owned(), None),
        }
    }
}

impl Dataset {
    /// A dataset of maps, for programs and tests.
    pub fn of_maps(maps: Vec<Map>, constants: Constants) -> Self {
        Self { label: "maps".to_owned(), data: vec![Data::Maps(maps)], constants, ..Self::default() }
    }

    /// A dataset of one table, for programs and tests.
    pub fn of_table(table: Table) -> Self {
        Self { label: table.key.clone(), data: vec![Data::Table(table)], ..Self::default() }
    }

    /// A dataset of one scan, for programs and tests.
    pub fn of_scan(scan: Scan4d, constants: Constants) -> Self {
        Self { label: scan.name.clone(), data: vec![Data::Scan(scan)], constants, ..Self::default() }
    }

    /// A dataset of one record of traces, for programs and tests.
    pub fn of_record(record: Record, constants: Constants) -> Self {
        Self { label: "traces".to_owned(), data: vec![Data::Record(record)], constants, ..Self::default() }
    }

    /// The map of a quantity: as chosen by the study, else the only one in the files, else one that an earlier method made.
    ///
    /// # Errors
    /// [`DataError::NoSuchMap`] or [`DataError::AmbiguousMap`] with the candidates.
    pub fn map(&self, quantity: &str) -> Result<&Map, MethodError> {
        let choice = self.channels.iter().find(|(key, _)| key == quantity).map(|(_, choice)| choice);
        let in_files: Vec<&Map> = self.maps().filter(|map| accepts(map, quantity, choice)).collect();
        match in_files.as_slice() {
            [only] => Ok(only),
            [] => self.map_made_by_methods(quantity),
            several => Err(DataError::AmbiguousMap {
                wanted: quantity.to_owned(),
                candidates: several.iter().map(|map| map.describe()).collect(),
            }
            .into()),
        }
    }

    /// Whether there is a map of this quantity.
    pub fn has_map(&self, quantity: &str) -> bool {
        !matches!(self.map(quantity), Err(MethodError::Data(DataError::NoSuchMap { .. })))
    }

    fn map_made_by_methods(&self, quantity: &str) -> Result<&Map, MethodError> {
        let made = || self.upstream.iter().rev().flat_map(|upstream| &upstream.outcome.maps);
        made().find(|map| map.quantity == quantity).ok_or_else(|| {
            let found = self.maps().chain(made()).map(|map| map.quantity.clone()).collect();
            DataError::NoSuchMap { wanted: quantity.to_owned(), found }.into()
        })
    }

    /// All maps of the files.
    pub fn maps(&self) -> impl Iterator<Item = &Map> {
        self.data.iter().flat_map(|data| match data {
            Data::Maps(maps) => maps.as_slice(),
            _ => &[],
        })
    }

    /// The table of the files.
    ///
    /// # Errors
    /// [`DataError::WrongKind`] when there is none.
    pub fn table(&self) -> Result<&Table, MethodError> {
        let table = self.data.iter().find_map(|data| match data {
            Data::Table(table) => Some(table),
            _ => None,
        });
        table.ok_or_else(|| {
            let found = self.data.first().map_or("nothing", Data::kind);
            DataError::WrongKind { needed: "a table", found }.into()
        })
    }

    /// The scan of the files.
    ///
    /// # Errors
    /// [`DataError::WrongKind`] when there is none.
    pub fn scan(&self) -> Result<&Scan4d, MethodError> {
        let scan = self.data.iter().find_map(|data| match data {
            Data::Scan(scan) => Some(scan),
            _ => None,
        });
        scan.ok_or_else(|| {
            let found = match self.data.first() {
                Some(Data::Stack(_)) => {
                    "a stack of frames; say in the measurement how it is a scan: scan_shape = [rows, columns], or slice = 0 (`amorph info` shows its axes)"
                }
                other => other.map_or("nothing", Data::kind),
            };
            DataError::WrongKind { needed: "a four-dimensional scan", found }.into()
        })
    }

    /// The record of traces of the files.
    ///
    /// # Errors
    /// [`DataError::WrongKind`] when there is none.
    pub fn record(&self) -> Result<&Record, MethodError> {
        let record = self.data.iter().find_map(|data| match data {
            Data::Record(record) => Some(record),
            _ => None,
        });
        record.ok_or_else(|| {
            let found = match self.data.first() {
                Some(Data::LongRecord(_)) => {
                    "a long record, whose rows stay in the file; `in_stretches = false` in the measurement takes them into memory"
                }
                other => other.map_or("nothing", Data::kind),
            };
            DataError::WrongKind { needed: "traces over time", found }.into()
        })
    }

    /// An estimate of an earlier method from every item that has one.
    pub fn estimates(&self, method: &str, key: &str) -> Vec<&Estimate> {
        let of_method = self.upstream.iter().filter(|upstream| upstream.method == method);
        of_method.filter_map(|upstream| upstream.outcome.estimate(key)).collect()
    }
}

fn accepts(map: &Map, quantity: &str, choice: Option<&MapChoice>) -> bool {
    match choice {
        Some(MapChoice::Index(index)) => map.index == *index,
        Some(MapChoice::Name(name, direction)) => {
            map.name == *name && direction.is_none_or(|direction| map.direction == Some(direction))
        }
        Some(MapChoice::Direction(direction)) => map.quantity == quantity && map.direction == Some(*direction),
        None => map.quantity == quantity,
    }
}
