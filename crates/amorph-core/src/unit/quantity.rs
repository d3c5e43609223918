use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Unit, UnitError};

/// A value with its unit and, where it was given, its standard error.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Value in SI.
    pub value: f64,
    /// Standard error in SI, where one was stated.
    pub std_error: Option<f64>,
    /// The unit it was written in.
    pub unit: Unit,
}

impl Quantity {
    /// From an SI value and the unit to show it in.
    pub fn si(value: f64, unit: Unit) -> Self {
        Self { value, std_error: None, unit }
    }

    /// Reads `40 N/m`, `40 +- 4 N/m`, `40 ± 4 N/m`, `40 N/m ± 10 %` or a plain number.
    ///
    /// # Errors
    /// [`UnitError`] when there is no number or the unit is not understood.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let not_a_quantity = || UnitError::NotAQuantity { text: text.to_owned() };
        let normal = text.trim().replace("+/-", "±").replace("+-", "±").replace('−', "-");
        let (head, error) = match normal.split_once('±') {
            Some((head, tail)) => (head.trim(), Some(tail.trim())),
            None => (normal.as_str(), None),
        };
        let (number, head_unit) = split_number(head).ok_or_else(not_a_quantity)?;
        let Some(error) = error else {
            let unit = Unit::parse(head_unit)?;
            return Ok(Self { value: unit.to_si(number), std_error: None, unit });
        };
        let (error_number, error_unit) = split_number(error).ok_or_else(not_a_quantity)?;
        let unit = Unit::parse(if head_unit.is_empty() { error_unit } else { head_unit })?;
        let std_error = if error_unit == "%" && !head_unit.is_empty() && head_unit != "%" {
            unit.scale() * number.abs() * error_number / 100.0
        } else if head_unit.is_empty() || error_unit.is_empty() {
            unit.scale() * error_number
        } else {
            let other = Unit::parse(error_unit)?;
            other.require(&unit)?;
            other.scale() * error_number
        };
        Ok(Self { value: unit.to_si(number), std_error: Some(std_error.abs()), unit })
    }

    /// Reads a quantity and checks its dimension.
    ///
    /// # Errors
    /// [`UnitError`], also when the dimension is not that of `expected`.
    pub fn parse_as(text: &str, expected: &Unit) -> Result<Self, UnitError> {
        let quantity = Self::parse(text)?;
        quantity.unit.require(expected)?;
        Ok(quantity)
    }

    /// Standard error relative to the value.
    pub fn relative_error(&self) -> Option<f64> {
        self.std_error.map(|error| (error / self.value).abs())
    }
}

/// Splits off the leading number. A decimal comma is refused: it would be ambiguous.
fn split_number(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let bytes = text.as_bytes();
    let mut end = 0;
    let mut seen_exponent = false;
    while end < bytes.len() {
        let allowed = match bytes[end] {
            b'0'..=b'9' | b'.' => true,
            b'+' | b'-' => end == 0 || (seen_exponent && matches!(bytes[end - 1], b'e' | b'E')),
            b'e' | b'E' if !seen_exponent && end > 0 => {
                let next = &bytes[end + 1..];
                let digits = next.strip_prefix(b"-").or_else(|| next.strip_prefix(b"+")).unwrap_or(next);
                seen_exponent = digits.first().is_some_and(u8::is_ascii_digit);
                seen_exponent
            }
            _ => false,
        };
        if !allowed {
            break;
        }
        end += 1;
    }
    let value: f64 = text[..end].parse().ok()?;
    value.is_finite().then_some((value, text[end..].trim()))
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", shortest(self.unit.convert_si(self.value)))?;
        if let Some(error) = self.std_error {
            write!(f, " ± {}", shortest(error / self.unit.scale()))?;
        }
        if !self.unit.symbol().is_empty() {
            write!(f, " {}", self.unit.symbol())?;
        }
        Ok(())
    }
}

/// Fifteen significant digits hide the rounding of the conversion from SI (`20 nm`, not `20.000000000000004 nm`).
fn shortest(value: f64) -> f64 {
    format!("{value:.14e}").parse().unwrap_or(value)
}

impl std::str::FromStr for Quantity {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// As people write it: `"40 N/m"`. Numbers are plain quantities.
impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(f64),
            Text(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Number(value) => Ok(Self::si(value, Unit::one())),
            Written::Text(text) => Self::parse(&text).map_err(serde::de::Error::custom),
        }
    }
}

impl schemars::JsonSchema for Quantity {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A number with its unit as people write it, for instance \"40 N/m\", \"20 nm\", \"40 +- 4 N/m\"",
            "type": ["string", "number"],
            "examples": ["40 N/m", "20 nm", "38 deg", "298 K"]
        })
    }
}
