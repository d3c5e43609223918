use serde::{Deserialize, Serialize};

use crate::unit::{Unit, format_estimate, format_resolved};

/// A number with its unit, its interval and what the interval rests on.
///
/// Statistical and calibration (systematic) errors are kept apart: `std_error` and `interval` are statistical,
/// `systematic_error` is common to everything measured with the same calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Stable name, for instance `correlation_length`.
    pub key: String,
    /// Symbol for figures and tables, for instance `ξ`.
    pub symbol: String,
    /// Value in SI.
    #[serde(with = "crate::serde_float::scalar")]
    pub value: f64,
    /// SI unit of the value (`deg` for phases).
    pub unit: Unit,
    /// Statistical standard error.
    pub std_error: Option<f64>,
    /// Standard error that the calibration constants bring.
    pub systematic_error: Option<f64>,
    /// Confidence interval (statistical).
    pub interval: Option<Interval>,
    /// What the interval rests on.
    pub basis: Basis,
    /// Number of independent pieces of information: sites, events, effective pixels.
    pub n: Option<f64>,
    /// Short remarks that change how the number may be used, for instance `model_dependent`.
    pub flags: Vec<String>,
    /// Why there is no interval; set exactly when `interval` is absent.
    pub no_interval: Option<String>,
}

/// A confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end; NaN where the interval is open.
    #[serde(with = "crate::serde_float::scalar")]
    pub lo: f64,
    /// Upper end; NaN where the interval is open.
    #[serde(with = "crate::serde_float::scalar")]
    pub hi: f64,
    /// Confidence level, for instance 0.95.
    pub level: f64,
}

/// What an interval rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Scatter between replicates (sites, samples).
    Replicate,
    /// Resampling or simulation from a fitted model.
    Bootstrap,
    /// Curvature or profile of a likelihood.
    Likelihood,
    /// Counting statistics.
    Counting,
    /// Calibration constants.
    Systematic,
    /// Errors of the inputs of a closed form, carried to its result.
    Propagated,
    /// The number follows from the data without error (a count, a maximum).
    Exact,
}

impl Basis {
    /// For tables.
    pub fn label(self) -> &'static str {
        match self {
            Self::Replicate => "between sites",
            Self::Bootstrap => "bootstrap",
            Self::Likelihood => "likelihood",
            Self::Counting => "counting",
            Self::Systematic => "calibration",
            Self::Propagated => "propagated",
            Self::Exact => "exact",
        }
    }
}

impl Estimate {
    /// A number without an interval, and why it has none.
    pub fn without_interval(key: &str, symbol: &str, value: f64, unit: &str, why: &str) -> Self {
        Self {
            key: key.to_owned(),
            symbol: symbol.to_owned(),
            value,
            unit: Unit::of(unit),
            std_error: None,
            systematic_error: None,
            interval: None,
            basis: Basis::Exact,
            n: None,
            flags: Vec::new(),
            no_interval: Some(why.to_owned()),
        }
    }

    /// A number with a 95 % interval.
    pub fn with_interval(key: &str, symbol: &str, value: f64, unit: &str, (lo, hi): (f64, f64), basis: Basis) -> Self {
        Self {
            interval: Some(Interval { lo, hi, level: 0.95 }),
            basis,
            no_interval: None,
            ..Self::without_interval(key, symbol, value, unit, "")
        }
    }

    /// Adds the statistical standard error.
    #[must_use]
    pub fn std_error(mut self, std_error: f64) -> Self {
        self.std_error = Some(std_error);
        self
    }

    /// Adds the standard error that the calibration brings.
    #[must_use]
    pub fn systematic_error(mut self, systematic_error: f64) -> Self {
        self.systematic_error = Some(systematic_error);
        self
    }

    /// Adds the number of independent pieces of information.
    #[must_use]
    pub fn n(mut self, n: f64) -> Self {
        self.n = Some(n);
        self
    }

    /// Adds a flag.
    #[must_use]
    pub fn flag(mut self, flag: &str) -> Self {
        self.flags.push(flag.to_owned());
        self
    }

    /// The unit in which people will want to read the value.
    pub fn display_unit(&self) -> Unit {
        self.unit.preferred(self.value)
    }

    /// `4.100 ± 0.050 nm`, in [`Self::display_unit`].
    pub fn display(&self) -> String {
        let unit = self.display_unit();
        let error = self.std_error.map(|error| error / unit.scale());
        join_unit(format_estimate(unit.convert_si(self.unit.to_si(self.value)), error.map(|e| e * self.unit.scale())), &unit)
    }

    /// `[4.00, 4.20] nm`, to two digits of its half width, or the reason why there is none.
    pub fn display_interval(&self) -> String {
        let Some(interval) = self.interval else {
            return self.no_interval.clone().unwrap_or_default();
        };
        let unit = self.display_unit();
        let ends = [interval.lo, interval.hi].map(|end| unit.convert_si(self.unit.to_si(end)));
        let [lo, hi] = ends.map(|end| format_resolved(end, 0.5 * (ends[1] - ends[0])));
        join_unit(format!("[{lo}, {hi}]"), &unit)
    }
}

fn join_unit(text: String, unit: &Unit) -> String {
    if unit.symbol().is_empty() { text } else { format!("{text} {unit}") }
}
