use crate::method::Refusal;

/// Why scans give no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CalorimetryError {
    /// No ramp.
    #[error("{what}: no ramp over {needed} K or more among {rows} rows")]
    NoRamp {
        /// Of what.
        what: String,
        /// Least span, K.
        needed: f64,
        /// Rows there are.
        rows: usize,
    },
    /// Too few scans.
    #[error("{found} {what}; at least {needed} are needed")]
    TooFew {
        /// Of what.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// Too few temperatures.
    #[error("{found} different temperatures with a reading; at least {needed} are needed")]
    TooFewTemperatures {
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// Too few samples.
    #[error("{found} {what}; at least {needed} are needed")]
    TooFewSamples {
        /// Of what.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// A scan that is not there.
    #[error("there is no heating scan {wanted}; the files hold {found}")]
    NoSuchScan {
        /// Number that was asked for, from 1.
        wanted: usize,
        /// Heating scans there are.
        found: usize,
    },
    /// No heat flow.
    #[error("{test} has no column of heat flow or heat capacity; there are {}", found.join(", "))]
    NoHeatFlow {
        /// The test.
        test: String,
        /// The columns there are.
        found: Vec<String>,
    },
    /// The mass is missing.
    #[error("{0}: the heat flow is not per mass and nobody states the mass of the sample")]
    NoMass(String),
    /// The time is missing.
    #[error("{0} has no column of time, and heating_rate is not stated")]
    NoTime(String),
    /// Rates disagree.
    #[error("heating_rate is {stated:.4} K/s, the columns of temperature and time say {found:.4} K/s")]
    OtherRate {
        /// What is stated, K/s.
        stated: f64,
        /// What the data say, K/s.
        found: f64,
    },
    /// Two scans at different rates.
    #[error("the scans have rates of {first:.4} and {second:.4} K/s")]
    DifferentRates {
        /// The rate of the first, K/s.
        first: f64,
        /// The rate of the second, K/s.
        second: f64,
    },
    /// A range without a straight line.
    #[error("no straight stretch of {needed} K {side} the transition between {lo:.1} and {hi:.1} K")]
    NoLine {
        /// `below` or `above`.
        side: &'static str,
        /// Least length, K.
        needed: f64,
        /// Where it was sought, K.
        lo: f64,
        /// Where it was sought, K.
        hi: f64,
    },
    /// No step.
    #[error("the heat capacity has no step: {step:.4} ± {error:.4} J/(g K)")]
    NoStep {
        /// What was found, J/(g K).
        step: f64,
        /// Its error, J/(g K).
        error: f64,
    },
    /// A step downwards.
    #[error("the heat capacity falls by {0:.4} J/(g K) at the glass transition, where it must rise")]
    StepDown(f64),
    /// A signal that was cut off where it counts.
    #[error("{what}: the signal is cut off from {lo:.1} to {hi:.1} K, within the {from:.1} to {to:.1} K that are used")]
    CutOff {
        /// Which scan.
        what: String,
        /// Where it is cut off, K.
        lo: f64,
        /// Where that ends, K.
        hi: f64,
        /// Where the range that is used begins, K.
        from: f64,
        /// Where it ends, K.
        to: f64,
    },
    /// A range that is not covered.
    #[error("{what} covers {lo:.1} to {hi:.1} K; {missing_lo:.1} to {missing_hi:.1} K is missing")]
    NotCovered {
        /// Which scan.
        what: String,
        /// Where it begins, K.
        lo: f64,
        /// Where it ends, K.
        hi: f64,
        /// Where the missing range begins, K.
        missing_lo: f64,
        /// Where it ends, K.
        missing_hi: f64,
    },
    /// A number that cannot be.
    #[error("row {row}: {column} = {value:.6e} {rule}")]
    Impossible {
        /// Row of the table, from 1.
        row: usize,
        /// Column.
        column: &'static str,
        /// Value in SI.
        value: f64,
        /// What is wrong.
        rule: &'static str,
    },
    /// Degrees Celsius, probably.
    #[error(
        "the transition lies at {0:.1} K; metallic glasses that soften there are rare, degrees Celsius under a head that says K are not"
    )]
    Celsius(f64),
    /// A crystal that is softer than the glass.
    #[error(
        "at {temperature:.1} K the modulus of the crystal is {crystal:.4e} Pa, not above that of the glass, {glass:.4e} Pa"
    )]
    SoftCrystal {
        /// Where, K.
        temperature: f64,
        /// Of the crystal, Pa.
        crystal: f64,
        /// Of the glass, Pa.
        glass: f64,
    },
    /// What happened before a scan is not known.
    #[error(
        "{scan}: the record does not hold the cooling from the liquid before it, and {found} of {needed} cooling rates are stated"
    )]
    NoHistory {
        /// Which.
        scan: String,
        /// How many rates are stated.
        found: usize,
        /// How many scans there are.
        needed: usize,
    },
    /// A fit failed.
    #[error("{what}: {reason}")]
    NotFitted {
        /// What.
        what: String,
        /// Why.
        reason: String,
    },
    /// A column lacks.
    #[error("{what} has no column of {column}")]
    NoColumn {
        /// Which table.
        what: String,
        /// Which column.
        column: &'static str,
    },
}

impl Refusal for CalorimetryError {
    fn hint(&self) -> String {
        match self {
            Self::NoRamp { .. } => "check the columns of time and temperature and their units (`amorph info`)",
            Self::TooFew { what, .. } if what.contains("rate") => "measure at more rates; five over a decade are good",
            Self::TooFew { .. } => "put all files of the measurement into one item: files = [[\"a.txt\", \"b.txt\"]]",
            Self::TooFewTemperatures { .. } => "measure at more temperatures, or check the columns of the table (`amorph info`)",
            Self::TooFewSamples { .. } => "measure more samples, a row of the table for each",
            Self::NoSuchScan { .. } => "heating scans are counted from 1, over all files of the item",
            Self::NoHeatFlow { .. } => {
                "map it: columns = { specific_heat_flow = { column = \"DSC\", unit = \"mW/mg\" } }, or heat_flow for mW; a signal in uV needs the sensitivity of the sensor"
            }
            Self::NoMass(_) => "state sample_mass = \"20.5 mg\" in the measurement",
            Self::NoTime(_) => "state heating_rate = \"20 K/min\", or export the time",
            Self::OtherRate { .. } => "a rate per minute is 60 times the one per second; leave heating_rate out and the data count",
            Self::DifferentRates { .. } => "measure the reference at the rate of the sample",
            Self::NoLine { .. } => "measure over a wider range, or state the windows of the lines; a wrong heat_flow_sign does this, too",
            Self::NoStep { .. } => "a larger sample or a faster rate makes the step clearer; check heat_flow_sign",
            Self::StepDown(_) => "heat_flow_sign is probably the other one",
            Self::CutOff { .. } => "measure with a wider range of the instrument or a smaller sample, or state limits or lines away from there",
            Self::NotCovered { .. } => "narrow the limits, or measure the reference over the same range",
            Self::Impossible { .. } => "correct the row or the unit of the column, or leave the row out",
            Self::Celsius(_) => "correct the unit of the temperature, or set below_400_kelvin = true",
            Self::SoftCrystal { .. } => {
                "the glass comes first, the crystal last: files = [[\"glass.csv\", \"crystal.csv\"]]; or the second sample was not crystallised fully"
            }
            Self::NoHistory { .. } => "state cooling_rates = [\"20 K/min\", ...], one for every heating scan, or export the cooling with the heating",
            Self::NotFitted { .. } => "look at the traces first; a wrong heat_flow_sign does this, too",
            Self::NoColumn { .. } => "map the columns in the measurement: columns = { ... }",
        }
        .to_owned()
    }
}
