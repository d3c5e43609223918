//! Units and quantities, checked at run time.
//!
//! A [`Unit`] is a scale to SI and a [`Dimension`]. People write `"40 N/m"`, `"0.5 eV"`, `"38 deg"`, `"200 A^3"`,
//! `"1e-3 1/s"`, `"25 degC"` or `"40 +- 4 N/m"`; [`Quantity`] keeps the SI value.
//! Plane angle is a dimension of its own, so that a phase without `deg` or `rad` is noticed.

mod dimension;
mod display;
mod parse;
mod quantity;
mod table;

pub use dimension::Dimension;
pub use display::{Probability, format_estimate, format_resolved, format_significant};
pub use quantity::Quantity;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A unit of measurement: `value_si = scale * value + offset`.
///
/// Only temperatures in degrees Celsius have an offset, and they cannot be combined with other units.
#[derive(Debug, Clone)]
pub struct Unit {
    symbol: String,
    scale: f64,
    offset: f64,
    dimension: Dimension,
}

/// What can be wrong with a unit or a quantity that somebody wrote.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum UnitError {
    /// The text names no known unit.
    #[error("unknown unit '{symbol}' in '{text}'{}", suggestion.as_ref().map(|s| format!("; did you mean '{s}'?")).unwrap_or_default())]
    Unknown {
        /// The part that was not understood.
        symbol: String,
        /// The whole text.
        text: String,
        /// A known unit that is close.
        suggestion: Option<String>,
    },
    /// The text is not a unit expression.
    #[error("cannot read '{text}' as a unit: {reason}")]
    Syntax {
        /// The whole text.
        text: String,
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// The text does not start with a number.
    #[error("cannot read '{text}' as a quantity: a number and a unit are expected, as in '40 N/m'")]
    NotAQuantity {
        /// The whole text.
        text: String,
    },
    /// The unit has another dimension than the one needed.
    #[error("'{found}' is {}, but {} is needed, as in '{expected}'", found_dimension.describe(), expected_dimension.describe())]
    WrongDimension {
        /// The unit that was given.
        found: String,
        /// Its dimension.
        found_dimension: Dimension,
        /// An acceptable unit.
        expected: String,
        /// The dimension needed.
        expected_dimension: Dimension,
    },
}

impl Unit {
    /// The unit of plain numbers.
    pub fn one() -> Self {
        Self { symbol: String::new(), scale: 1.0, offset: 0.0, dimension: Dimension::NONE }
    }

    /// Reads a unit expression such as `N/m`, `A^3`, `1/s`, `MPa m^0.5` or `J/(g K)`.
    ///
    /// # Errors
    /// [`UnitError`] when a symbol is unknown or the expression is malformed.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        parse::unit(text)
    }

    /// A unit from program text that is known to be valid; an invalid one becomes [`Unit::unknown`].
    ///
    /// Every unit that a method declares is read with [`Unit::parse`] by the registry's tests.
    pub fn of(text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|_| Self::unknown(text))
    }

    /// A unit that an instrument file names but that Amorph does not know: kept as written, without a dimension.
    pub fn unknown(text: &str) -> Self {
        let symbol = if text.is_empty() { "unknown" } else { text };
        Self { symbol: symbol.to_owned(), scale: f64::NAN, offset: 0.0, dimension: Dimension::NONE }
    }

    /// Whether the unit is understood, so that values can be converted.
    pub fn is_known(&self) -> bool {
        self.scale.is_finite()
    }

    /// As written, for instance `nN nm`; empty for plain numbers.
    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// SI value of one unit.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The physical dimension.
    pub fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// Whether values in `self` can be expressed in `other`.
    pub fn is_compatible(&self, other: &Unit) -> bool {
        self.is_known() && other.is_known() && self.dimension == other.dimension
    }

    /// `value` in this unit, in SI.
    pub fn to_si(&self, value: f64) -> f64 {
        value * self.scale + self.offset
    }

    /// An SI value in this unit; values of a unit that is not known are kept as they were written, and stay so.
    pub fn convert_si(&self, value_si: f64) -> f64 {
        if self.is_known() { (value_si - self.offset) / self.scale } else { value_si }
    }

    /// Fails unless `self` has the dimension of `expected`.
    ///
    /// # Errors
    /// [`UnitError::WrongDimension`] with both units, or [`UnitError::Unknown`] for a unit that was never understood.
    pub fn require(&self, expected: &Unit) -> Result<(), UnitError> {
        if !self.is_known() {
            return Err(UnitError::Unknown { symbol: self.symbol.clone(), text: self.symbol.clone(), suggestion: None });
        }
        if self.dimension == expected.dimension {
            return Ok(());
        }
        let shown = |unit: &Unit, plain: &str| if unit.symbol.is_empty() { plain.to_owned() } else { unit.symbol.clone() };
        Err(UnitError::WrongDimension {
            found: shown(self, "a value without a unit"),
            found_dimension: self.dimension,
            expected: shown(expected, "1"),
            expected_dimension: expected.dimension,
        })
    }
}

impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        self.symbol == other.symbol && self.dimension == other.dimension
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.symbol)
    }
}

impl std::str::FromStr for Unit {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.symbol)
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::of(&String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests;
