use super::{Kind, LiteratureValue, Source};
use crate::core::unit::Unit;
use crate::records::records;

/// Names of the columns; a table may leave out those without which a value can be understood.
pub const COLUMNS: [&str; 18] = [
    "id",
    "quantity",
    "key",
    "alloy",
    "property",
    "symbol",
    "value",
    "lo",
    "hi",
    "std_error",
    "unit",
    "kind",
    "as_printed",
    "condition",
    "origin",
    "paper",
    "sequence",
    "step",
];

/// Columns that every table has.
const NEEDED: [&str; 5] = ["quantity", "alloy", "value", "unit", "paper"];

/// Units that papers invent and that have no SI value.
const INVENTED: [&str; 3] = ["R Tg", "atomic vol", "eV/atom"];

/// What keeps a table of published values from being read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LiteratureError {
    /// A column that must be there.
    #[error("line 1: there is no column '{column}'; the first line names the columns: {}", NEEDED.join(", "))]
    NoColumn {
        /// The column.
        column: &'static str,
    },
    /// A column that nothing reads.
    #[error(
        "line 1: unknown column '{found}'{}",
        nearest.as_ref().map_or_else(|| format!("; known are {}", COLUMNS.join(", ")), |nearest| format!("; did you mean '{nearest}'?"))
    )]
    UnknownColumn {
        /// Its name.
        found: String,
        /// A known name that is close.
        nearest: Option<String>,
    },
    /// A row has another number of cells than the header.
    #[error("line {line}: {found} cells, but the first line names {needed} columns; put cells with a comma between quotes")]
    Cells {
        /// Line of the file, from 1.
        line: usize,
        /// Cells found.
        found: usize,
        /// Cells needed.
        needed: usize,
    },
    /// A cell cannot be read.
    #[error("line {line}, column {column}: '{found}' is not {needed}; {remedy}")]
    Cell {
        /// Line of the file, from 1.
        line: usize,
        /// The column.
        column: &'static str,
        /// Its text.
        found: String,
        /// What is needed.
        needed: &'static str,
        /// What to write.
        remedy: String,
    },
    /// The same name twice.
    #[error("line {line}, column id: '{id}' stands for another value already; give every value a name of its own")]
    Twice {
        /// Line of the file, from 1.
        line: usize,
        /// The name.
        id: String,
    },
}

/// Reads a table of published values from CSV with a header; cells may be quoted, a quote in them is doubled.
///
/// Columns may stand in any order. `quantity`, `alloy`, `value`, `unit` and `paper` must be there; where `kind` is left
/// out it follows from which of `value`, `lo` and `hi` are filled in.
///
/// # Errors
/// [`LiteratureError`] naming line and column, and what to write.
pub fn parse(text: &str) -> Result<Vec<LiteratureValue>, LiteratureError> {
    let mut records = records(text).into_iter();
    let header = Header::of(&records.next().map(|(_, cells)| cells).unwrap_or_default())?;
    let mut values: Vec<LiteratureValue> = Vec::new();
    for (line, cells) in records.filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty())) {
        let value = Row { header: &header, line, cells: &cells }.value()?;
        if values.iter().any(|known| known.id == value.id) {
            return Err(LiteratureError::Twice { line, id: value.id });
        }
        values.push(value);
    }
    Ok(values)
}

/// Where each column stands.
struct Header {
    places: [Option<usize>; COLUMNS.len()],
    width: usize,
}

impl Header {
    fn of(names: &[String]) -> Result<Self, LiteratureError> {
        let mut places = [None; COLUMNS.len()];
        for (place, name) in names.iter().enumerate() {
            let name = name.trim();
            let Some(column) = COLUMNS.iter().position(|column| *column == name) else {
                let nearest = crate::method::nearest(name, COLUMNS).map(str::to_owned);
                return Err(LiteratureError::UnknownColumn { found: name.to_owned(), nearest });
            };
            places[column] = Some(place);
        }
        let missing =
            NEEDED.iter().find(|needed| COLUMNS.iter().zip(&places).any(|(c, place)| c == *needed && place.is_none()));
        match missing {
            Some(column) => Err(LiteratureError::NoColumn { column }),
            None => Ok(Self { places, width: names.len() }),
        }
    }
}

/// One line of the table.
struct Row<'a> {
    header: &'a Header,
    line: usize,
    cells: &'a [String],
}

impl Row<'_> {
    fn cell(&self, column: &str) -> &str {
        let place = COLUMNS.iter().position(|name| *name == column).and_then(|index| self.header.places[index]);
        place.and_then(|place| self.cells.get(place)).map_or("", |cell| cell.trim())
    }

    fn wrong(&self, column: &'static str, needed: &'static str, remedy: impl Into<String>) -> LiteratureError {
        LiteratureError::Cell { line: self.line, column, found: self.cell(column).to_owned(), needed, remedy: remedy.into() }
    }

    fn number(&self, column: &'static str) -> Result<Option<f64>, LiteratureError> {
        let wrong = || self.wrong(column, "a number", "write it as 4.1 or 1e-3, or leave the cell empty");
        match self.cell(column) {
            "" => Ok(None),
            text => text.parse().ok().filter(|value: &f64| value.is_finite()).map(Some).ok_or_else(wrong),
        }
    }

    fn value(&self) -> Result<LiteratureValue, LiteratureError> {
        if self.cells.len() != self.header.width {
            return Err(LiteratureError::Cells { line: self.line, found: self.cells.len(), needed: self.header.width });
        }
        for column in ["quantity", "alloy", "paper"] {
            if self.cell(column).is_empty() {
                let remedy = "without it nobody can tell what the value is of, or where it is from";
                return Err(self.wrong(column, "filled in", remedy));
            }
        }
        let (value, lo, hi) = (self.number("value")?, self.number("lo")?, self.number("hi")?);
        let std_error = self.number("std_error")?;
        if std_error.is_some_and(|error| error < 0.0) {
            return Err(self.wrong("std_error", "an error", "standard errors are not negative"));
        }
        if lo.zip(hi).is_some_and(|(lo, hi)| lo > hi) {
            return Err(self.wrong("lo", "at most `hi`", "exchange the two"));
        }
        let step = match self.cell("step") {
            "" => None,
            text => Some(text.parse().map_err(|_| self.wrong("step", "a whole number", "count the states 1, 2, 3"))?),
        };
        let text = |column: &str| self.cell(column).to_owned();
        let or = |text: String, other: &str| if text.is_empty() { other.to_owned() } else { text };
        Ok(LiteratureValue {
            id: or(text("id"), &format!("line {}", self.line)),
            quantity: text("quantity"),
            key: text("key"),
            alloy: text("alloy"),
            property: or(text("property"), &self.cell("quantity").replace('_', " ")),
            symbol: text("symbol"),
            value,
            lo,
            hi,
            std_error,
            unit: self.unit()?,
            kind: self.kind((value, lo, hi))?,
            as_printed: text("as_printed"),
            condition: text("condition"),
            is_computed: self.cell("origin") == "computed",
            source: Source::of(self.cell("paper")),
            sequence: step.map(|step| (text("sequence"), step)),
        })
    }

    fn unit(&self) -> Result<Unit, LiteratureError> {
        match self.cell("unit") {
            "" | "-" => Ok(Unit::one()),
            text if INVENTED.contains(&text) => Ok(Unit::unknown(text)),
            text => Unit::parse(text).map_err(|error| self.wrong("unit", "a unit", error.to_string())),
        }
    }

    fn kind(&self, numbers: (Option<f64>, Option<f64>, Option<f64>)) -> Result<Kind, LiteratureError> {
        match (self.cell("kind"), numbers) {
            ("value", _) | ("", (Some(_), _, _)) => Ok(Kind::Value),
            ("approximate", _) => Ok(Kind::Approximate),
            ("range", _) | ("", (None, Some(_), Some(_))) => Ok(Kind::Range),
            ("bound", _) | ("", (None, Some(_), None) | (None, None, Some(_))) => Ok(Kind::Bound),
            ("text", _) => Ok(Kind::Text),
            ("", (None, None, None)) => {
                Err(self.wrong("value", "filled in", "give `value`, or `lo` and `hi` of a range, or one of them for a bound"))
            }
            _ => {
                let known = "value, approximate, range, bound or text";
                Err(self.wrong("kind", known, "leave it empty to have it follow from value, lo and hi"))
            }
        }
    }
}
