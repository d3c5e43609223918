use crate::method::Refusal;

/// Why spectra give no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RelaxationError {
    /// The files are no traces.
    #[error("the files hold {kind}, not traces with a frequency or a time")]
    NoTraces {
        /// What they hold.
        kind: &'static str,
    },
    /// A modulus over time is needed.
    #[error("a series of exponentials needs a relaxation modulus over time, and the files hold another response")]
    NotOverTime,
    /// Spectra beside responses over time, or creep beside relaxation.
    #[error(
        "some tables hold one response (moduli over frequency, creep_compliance or relaxation_modulus over time) and some another"
    )]
    TwoResponses,
    /// No row could be used.
    #[error("none of {rows} rows has all the numbers of a reading, above zero where they must be")]
    NoReadings {
        /// Rows of all tables.
        rows: usize,
    },
    /// Too few of something.
    #[error("{what}: {found}, at least {needed} are needed")]
    TooFew {
        /// Of what.
        what: String,
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// Several tests where one is meant.
    #[error("{first} and {second} both have readings from {begin:.4} to {end:.4} s: two tests, not parts of one")]
    SameTimes {
        /// The one that begins first.
        first: String,
        /// The other.
        second: String,
        /// Where the other begins, s.
        begin: f64,
        /// Where the first ends, s.
        end: f64,
    },
    /// The temperature runs on.
    #[error("temperatures run on over {span:.1} K without a gap of {tolerance} K: this is a ramp, not isotherms")]
    Ramp {
        /// Width of the group, K.
        span: f64,
        /// What parts two isotherms, K.
        tolerance: f64,
    },
    /// No isotherm at the temperature asked for.
    #[error("no isotherm at {wanted:.2} K; there are {}", list(found))]
    NoSuchTemperature {
        /// Asked for, K.
        wanted: f64,
        /// What there is, K.
        found: Vec<f64>,
    },
    /// A temperature is needed.
    #[error("the files have no column of temperature")]
    NoTemperature,
    /// No pair of isotherms overlaps.
    #[error("no isotherm overlaps with the one at {reference:.2} K by {decades} decades or more")]
    NoOverlap {
        /// Reference temperature, K.
        reference: f64,
        /// Overlap that is needed, decades.
        decades: f64,
    },
    /// A shape that is no response.
    #[error("{0} describes the loss alone and is not causal by itself: it cannot be fitted to both moduli")]
    LossOnly(&'static str),
    /// A column without a unit.
    #[error("column '{column}' has no unit")]
    NoUnit {
        /// The column.
        column: String,
        /// What it should have, for instance `K`.
        unit: String,
    },
    /// None of several columns is there, or more than one.
    #[error("the table needs one of the columns {}; it has {}", needed.join(", "), if found.is_empty() { "none of them".to_owned() } else { found.join(" and ") })]
    OneColumn {
        /// Which would do.
        needed: Vec<String>,
        /// Which there are.
        found: Vec<String>,
    },
    /// A number that cannot be.
    #[error("row {row}: {column} = {value:.6e} {rule}")]
    Impossible {
        /// Row of the table, from 1.
        row: usize,
        /// Column.
        column: String,
        /// Value in SI.
        value: f64,
        /// What is wrong.
        rule: &'static str,
    },
    /// A fit failed.
    #[error("{what} could not be fitted: {reason}")]
    NotFitted {
        /// What.
        what: String,
        /// Why.
        reason: String,
    },
}

fn list(values: &[f64]) -> String {
    let shown: Vec<String> = values.iter().take(12).map(|value| format!("{value:.2}")).collect();
    let more = if values.len() > 12 { ", ..." } else { "" };
    format!("{}{more} K", shown.join(", "))
}

const NO_TRACES: &str = "say in the measurement what the columns hold: columns = { frequency = { column = \"f\", unit = \"Hz\" }, ... }, or \
{ time = ..., creep_compliance = ... }; curves beside each other in one file: sets = [{ temperature = \"97 degC\", columns = { time = { column = 1, unit = \"s\" }, \
creep_compliance = { column = 2, unit = \"1/GPa\" } } }, ...]";

impl Refusal for RelaxationError {
    fn hint(&self) -> String {
        match self {
            Self::NoTraces { .. } => NO_TRACES,
            Self::NotOverTime => {
                "map it: columns = { time = { column = \"t\", unit = \"s\" }, relaxation_modulus = { column = \"E\", unit = \"MPa\" } }"
            }
            Self::TwoResponses => "make one measurement of each",
            Self::NoReadings { .. } => "`amorph info` shows the columns; state them and their units in `columns`",
            Self::TooFew { .. } => "measure more, or leave out what is incomplete",
            Self::SameTimes { .. } => "one item per test: files = [\"a.csv\", \"b.csv\"], without inner brackets",
            Self::Ramp { .. } => "use frequency sweeps at held temperatures, or lower `temperature_tolerance`",
            Self::NoSuchTemperature { .. } => "name one of these in the parameter, or leave it out",
            Self::NoTemperature => {
                "map it: columns = { temperature = { column = \"Temp\", unit = \"degC\" } }; without it one spectrum can still be fitted"
            }
            Self::NoOverlap { .. } => "sweep a wider range of frequency or take smaller steps of temperature",
            Self::NoUnit { column, unit } => return format!("write the unit into the header: '{column} ({unit})'"),
            Self::OneColumn { .. } => "rename the column that holds the values; one kind of value per table",
            Self::Impossible { .. } => "correct the row or the unit of the column, or leave the row out",
            Self::LossOnly(_) => "use havriliak_negami, cole_davidson, cole_cole, debye or kww",
            Self::NotFitted { .. } => "plot the data first; too few of them, or none that the law could describe",
        }
        .to_owned()
    }
}
