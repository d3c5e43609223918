//! From the current of a test to the logarithm of a resistance.

use super::constants::{SERIES_RESISTANCE, VOLTAGE};
use crate::core::data::{Recording, TraceQuantity};
use crate::core::outcome::Note;
use crate::core::stats::median_in_place;
use crate::method::{Constants, MethodError};

/// Largest share of samples that may have no logarithm.
const WRONG_SIGN: f64 = 0.05;

/// The circuit around a pillar: a voltage that is kept, and what resists beside the pillar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circuit {
    /// Voltage, V.
    pub voltage: Option<f64>,
    /// Resistance of contacts, punch and base, Ω; given only together with the voltage.
    series: Option<f64>,
}

/// Why a current gives no resistance.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CircuitError {
    /// Both signs.
    #[error("{bad} of {total} samples of the current of test '{test}' are zero or of the other sign ({:.1} %); its logarithm means nothing", 100.0 * *bad as f64 / *total as f64)]
    NotOneSign {
        /// The test.
        test: String,
        /// Samples without a logarithm.
        bad: usize,
        /// Samples.
        total: usize,
    },
    /// Nothing is left for the pillar.
    #[error("series_resistance = {series} Ω is not below V/I = {total:.4} Ω of test '{test}'; nothing is left for the pillar")]
    SeriesTooLarge {
        /// The test.
        test: String,
        /// What was given, Ω.
        series: f64,
        /// Smallest resistance of the circuit, Ω.
        total: f64,
    },
}

impl CircuitError {
    /// What to do.
    pub fn hint(&self) -> String {
        match self {
            Self::NotOneSign { .. } => {
                "check that the right column is mapped, and take the offset of the amplifier off: columns = { current = { ..., offset = ... } }"
            }
            Self::SeriesTooLarge { .. } => {
                "give the resistance of the circuit without the pillar, measured with the punch on a conductor"
            }
        }
        .to_owned()
    }
}

impl Circuit {
    /// As stated in the study.
    ///
    /// # Errors
    /// [`MethodError`] for units.
    pub fn of(constants: &Constants) -> Result<Self, MethodError> {
        let value = |info| Ok::<_, MethodError>(constants.quantity(info)?.map(|quantity| quantity.value));
        Ok(Self { voltage: value(&VOLTAGE)?.map(f64::abs), series: value(&SERIES_RESISTANCE)? })
    }

    /// With the voltage that the file records, where the study states none.
    ///
    /// # Errors
    /// [`MethodError::MissingConstants`] where a series resistance is given and nobody states the voltage.
    pub fn of_test(&self, method: &'static str, recording: &Recording, constants: &Constants) -> Result<Self, MethodError> {
        let recorded = || {
            let mut values = recording.values(TraceQuantity::Voltage).ok()?.to_vec();
            values.retain(|value| value.is_finite());
            Some(median_in_place(&mut values).abs()).filter(|voltage| *voltage > 0.0)
        };
        let voltage = self.voltage.or_else(recorded);
        if self.series.is_some() && voltage.is_none() {
            return Err(MethodError::MissingConstants { method, missing: vec![constants.missing(&VOLTAGE)] });
        }
        Ok(Self { voltage, ..*self })
    }

    /// Whether contacts are part of what is called the pillar.
    pub fn is_apparent(&self) -> bool {
        self.series.is_none()
    }

    /// Says so.
    pub fn note(&self) -> Option<Note> {
        self.is_apparent().then(|| {
            Note::info(
                "contact_not_separated",
                "contact resistance not separated: changes of the resistivity are apparent; give series_resistance to take it off",
            )
        })
    }

    /// ln R of every sample: of the pillar where the series resistance is known, else of the circuit, up to ln V; NaN where there is no
    /// current.
    ///
    /// # Errors
    /// [`CircuitError`] for currents of both signs and series resistances above the total.
    pub fn ln_resistance(&self, test: &str, current: &[f64], notes: &mut Vec<Note>) -> Result<Vec<f64>, CircuitError> {
        let mut signs = Signs::default();
        signs.add(current);
        let sign = self.direction(test, &signs, notes)?;
        Ok(current.iter().map(|value| self.ln(sign, *value)).collect())
    }

    /// The sign that the current has, from all its samples.
    ///
    /// # Errors
    /// [`CircuitError`] for currents of both signs and series resistances above the total.
    pub fn direction(&self, test: &str, signs: &Signs, notes: &mut Vec<Note>) -> Result<f64, CircuitError> {
        let falls = signs.negative * 2 > signs.known;
        let bad = if falls { signs.known - signs.negative } else { signs.known - signs.positive };
        if bad as f64 > WRONG_SIGN * signs.known as f64 {
            return Err(CircuitError::NotOneSign { test: test.to_owned(), bad, total: signs.known });
        }
        if bad > 0 {
            notes
                .push(Note::warning("current_sign", format!("{bad} samples without a logarithm of the current were left out")));
        }
        let series = self.series.unwrap_or(0.0);
        let total = self.voltage.unwrap_or(1.0) / signs.largest;
        if total <= series {
            return Err(CircuitError::SeriesTooLarge { test: test.to_owned(), series, total });
        }
        Ok(if falls { -1.0 } else { 1.0 })
    }

    /// ln R at one current; NaN where it has none.
    pub fn ln(&self, sign: f64, current: f64) -> f64 {
        let ln = (self.voltage.unwrap_or(1.0) / (current * sign) - self.series.unwrap_or(0.0)).ln();
        if ln.is_finite() { ln } else { f64::NAN }
    }
}

/// Which signs the samples of a current have.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Signs {
    known: usize,
    positive: usize,
    negative: usize,
    /// Largest size, A.
    largest: f64,
}

impl Signs {
    /// Takes what others hold.
    pub fn merge(&mut self, other: &Self) {
        self.known += other.known;
        self.positive += other.positive;
        self.negative += other.negative;
        self.largest = self.largest.max(other.largest);
    }

    /// Takes samples.
    pub fn add(&mut self, current: &[f64]) {
        for value in current.iter().filter(|value| value.is_finite()) {
            self.known += 1;
            self.positive += usize::from(*value > 0.0);
            self.negative += usize::from(*value < 0.0);
            self.largest = self.largest.max(value.abs());
        }
    }
}
