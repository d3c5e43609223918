//! What a model is, and how the command line, the guide and Python see all of them alike.

use super::TheoryError;
use crate::core::unit::{Quantity, Unit, format_significant};
use crate::method::nearest;

/// Everything about a closed-form model: what is generated about it comes from here.
#[derive(Debug, Clone, Copy)]
pub struct Model {
    /// Stable name; the typed function and the Python function have it too.
    pub id: &'static str,
    /// Heading.
    pub title: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// The equation in plain text.
    pub equation: &'static str,
    /// What goes in, in the order of the typed function.
    pub arguments: &'static [Argument],
    /// What comes out.
    pub outputs: &'static [Output],
    /// Where the equation holds, and what a source says otherwise.
    pub validity: &'static str,
    /// Where it comes from.
    pub references: &'static [&'static str],
    /// Rows of the inventory of the source papers that it covers.
    pub covers: &'static [&'static str],
    /// The model whose other form this is; the physically right one is never a variant.
    pub variant_of: Option<&'static str>,
    /// The typed function on arguments in order.
    pub evaluate: fn(&[f64]) -> Result<Vec<f64>, TheoryError>,
}

/// What a model needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Argument {
    /// Key: command line, Rust and Python argument.
    pub key: &'static str,
    /// Symbol in the equation.
    pub symbol: &'static str,
    /// A unit of its dimension that people use, or empty for plain numbers. Values of the functions are SI.
    pub unit: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// SI value where the sources agree on one; conventions and constants that change the answer have none.
    pub default: Option<f64>,
    /// Where the model means something, SI.
    pub range: Range,
}

/// What a model gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Output {
    /// Key.
    pub key: &'static str,
    /// Symbol in the equation.
    pub symbol: &'static str,
    /// SI unit; empty for plain numbers.
    pub unit: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// Names of the values 0, 1, 2 ... of a classification; empty for numbers.
    pub classes: &'static [&'static str],
}

/// An interval of numbers; finite values only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Lower end.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
    /// Whether the lower end is inside.
    pub with_lo: bool,
    /// Whether the upper end is inside.
    pub with_hi: bool,
}

/// Any finite number.
pub(super) const ANY: Range = Range { lo: f64::NEG_INFINITY, hi: f64::INFINITY, with_lo: false, with_hi: false };
/// Above zero.
pub(super) const POSITIVE: Range = Range { lo: 0.0, ..ANY };
/// Zero or above.
pub(super) const NOT_NEGATIVE: Range = Range { lo: 0.0, with_lo: true, ..ANY };
/// A share: 0 to 1.
pub(super) const SHARE: Range = between(0.0, 1.0);
/// A share that is neither 0 nor 1.
pub(super) const INNER: Range = Range { lo: 0.0, hi: 1.0, with_lo: false, with_hi: false };
/// A stretching exponent: above 0, up to 1.
pub(super) const STRETCHING: Range = Range { lo: 0.0, hi: 1.0, with_lo: false, with_hi: true };
/// Poisson ratio of an isotropic solid: above -1, below 1/2.
pub(super) const POISSON: Range = Range { lo: -1.0, hi: 0.5, with_lo: false, with_hi: false };

/// Both ends inside.
pub(super) const fn between(lo: f64, hi: f64) -> Range {
    Range { lo, hi, with_lo: true, with_hi: true }
}

/// Above a number.
pub(super) const fn above(lo: f64) -> Range {
    Range { lo, hi: f64::INFINITY, with_lo: false, with_hi: false }
}

/// An argument without default.
pub(super) const fn argument(
    key: &'static str,
    symbol: &'static str,
    unit: &'static str,
    meaning: &'static str,
    range: Range,
) -> Argument {
    Argument { key, symbol, unit, meaning, default: None, range }
}

impl Argument {
    /// With a default, SI.
    pub(super) const fn or(self, default: f64) -> Self {
        Self { default: Some(default), ..self }
    }

    /// The unit that people use, understood.
    pub fn shown_unit(&self) -> Unit {
        Unit::of(self.unit)
    }

    /// An SI value in the unit that people use.
    pub fn shown(&self, value: f64) -> f64 {
        self.shown_unit().convert_si(value)
    }

    /// Another key and meaning for the same kind of quantity.
    pub(super) const fn named(self, key: &'static str, symbol: &'static str, meaning: &'static str) -> Self {
        Self { key, symbol, meaning, ..self }
    }
}

/// A number that comes out.
pub(super) const fn output(key: &'static str, symbol: &'static str, unit: &'static str, meaning: &'static str) -> Output {
    Output { key, symbol, unit, meaning, classes: &[] }
}

/// A class that comes out.
pub(super) const fn class(key: &'static str, meaning: &'static str, classes: &'static [&'static str]) -> Output {
    Output { key, symbol: "", unit: "", meaning, classes }
}

/// Absolute temperature.
pub(super) const TEMPERATURE: Argument = argument("temperature", "T", "K", "temperature", POSITIVE);
/// Poisson ratio.
pub(super) const POISSON_RATIO: Argument = argument("poisson_ratio", "ν", "", "Poisson ratio", POISSON);
/// Shear modulus.
pub(super) const SHEAR_MODULUS: Argument = argument("shear_modulus", "G", "GPa", "shear modulus", POSITIVE);
/// Attempt frequency; without default everywhere.
pub(super) const ATTEMPT_FREQUENCY: Argument =
    argument("attempt_frequency", "ω₀", "1/s", "attempt frequency of the event, in each direction", POSITIVE);
/// Glass transition temperature.
pub(super) const GLASS_TEMPERATURE: Argument =
    argument("glass_transition_temperature", "Tg", "K", "glass transition temperature", POSITIVE);

/// Six digits without needless zeros: `0.5`, `1e-05`.
pub fn short(value: f64) -> String {
    let text = format_significant(value, 6);
    let (digits, exponent) = text.split_once('e').map_or((&*text, String::new()), |(digits, e)| (digits, format!("e{e}")));
    if !digits.contains('.') {
        return text;
    }
    digits.trim_end_matches('0').trim_end_matches('.').to_owned() + &exponent
}

impl Range {
    /// Whether a finite value lies inside.
    pub fn contains(&self, value: f64) -> bool {
        let above = if self.with_lo { value >= self.lo } else { value > self.lo };
        let below = if self.with_hi { value <= self.hi } else { value < self.hi };
        value.is_finite() && above && below
    }

    /// In words, in a unit of this size: `above 0 and at most 1`.
    pub fn describe_in(&self, scale: f64) -> String {
        let end = |word: &str, end: f64| format!("{word} {}", short(end / scale));
        let lo = end(if self.with_lo { "at least" } else { "above" }, self.lo);
        let hi = end(if self.with_hi { "at most" } else { "below" }, self.hi);
        match (self.lo.is_finite(), self.hi.is_finite()) {
            (true, true) => format!("{lo} and {hi}"),
            (true, false) => lo,
            (false, true) => hi,
            (false, false) => "a finite number".to_owned(),
        }
    }
}

impl Model {
    /// Whether every argument is finite and in range.
    ///
    /// # Errors
    /// [`TheoryError::OutOfRange`] for the first that is not.
    pub fn check(&self, values: &[f64]) -> Result<(), TheoryError> {
        if values.len() != self.arguments.len() {
            return Err(TheoryError::Count { model: self.id, found: values.len(), needed: self.arguments.len() });
        }
        match self.arguments.iter().zip(values).find(|(argument, value)| !argument.range.contains(**value)) {
            Some((argument, value)) => Err(TheoryError::OutOfRange {
                model: self.id,
                argument: argument.key,
                value: argument.shown(*value),
                unit: if argument.unit.is_empty() { String::new() } else { format!("{} ", argument.unit) },
                allowed: argument.range.describe_in(argument.shown_unit().scale()),
            }),
            None => Ok(()),
        }
    }

    /// A result that is a number, or the error that says which is not.
    ///
    /// # Errors
    /// [`TheoryError::Overflow`].
    pub(super) fn finite(&self, value: f64) -> Result<f64, TheoryError> {
        match value.is_finite() {
            true => Ok(value),
            false => Err(TheoryError::Overflow { model: self.id, output: self.outputs.first().map_or("result", |o| o.key) }),
        }
    }

    /// The error of arguments that do not go together.
    pub(super) fn relation(
        &self,
        argument: &'static str,
        value: f64,
        relation: &'static str,
        limit: f64,
        reason: &'static str,
    ) -> TheoryError {
        TheoryError::Relation { model: self.id, argument, value, relation, limit, reason }
    }

    /// All outputs for arguments in order, SI.
    ///
    /// # Errors
    /// [`TheoryError`] for arguments out of range and results beyond the range of numbers.
    pub fn run(&self, values: &[f64]) -> Result<Vec<f64>, TheoryError> {
        self.check(values)?;
        let results = (self.evaluate)(values)?;
        match results.iter().zip(self.outputs).find(|(result, _)| !result.is_finite()) {
            Some((_, output)) => Err(TheoryError::Overflow { model: self.id, output: output.key }),
            None => Ok(results),
        }
    }

    /// All outputs for columns of arguments of equal length, SI: one column per output.
    ///
    /// # Errors
    /// As [`Model::run`], for the first row that has no result.
    pub fn run_each(&self, columns: &[&[f64]]) -> Result<Vec<Vec<f64>>, TheoryError> {
        let rows = columns.iter().map(|column| column.len()).min().unwrap_or(0);
        let mut results = vec![Vec::with_capacity(rows); self.outputs.len()];
        let mut values = vec![0.0; columns.len()];
        for row in 0..rows {
            values.iter_mut().zip(columns).for_each(|(value, column)| *value = column[row]);
            let outputs = self.run(&values)?;
            results.iter_mut().zip(outputs).for_each(|(column, output)| column.push(output));
        }
        Ok(results)
    }

    /// The argument with this key.
    pub fn argument(&self, key: &str) -> Option<&'static Argument> {
        self.arguments.iter().find(|argument| argument.key == key)
    }

    /// Reads the value of one argument as people write it.
    ///
    /// # Errors
    /// [`TheoryError::Unknown`], [`TheoryError::Unit`].
    pub fn read(&self, key: &str, text: &str) -> Result<Quantity, TheoryError> {
        let argument = self.argument(key).ok_or_else(|| self.unknown(key))?;
        let expected = Unit::of(argument.unit);
        Quantity::parse_as(text, &expected).map_err(|source| TheoryError::Unit { model: self.id, key: argument.key, source })
    }

    /// The error for a key that the model does not have.
    pub fn unknown(&self, key: &str) -> TheoryError {
        let keys = || self.arguments.iter().map(|argument| argument.key);
        TheoryError::Unknown {
            model: self.id,
            key: key.to_owned(),
            nearest: nearest(key, keys()).map(str::to_owned),
            known: keys().collect::<Vec<_>>().join(", "),
        }
    }

    /// The error for an argument that was not given.
    pub fn missing(&self, argument: &Argument) -> TheoryError {
        let remedy = match argument.key {
            "attempt_frequency" => {
                ". It has no default, because the barrier shifts by kT ln of it: the Debye frequency of a metallic glass is about \
                 1.5e13 1/s"
            }
            "bracket" => {
                ". The source papers do not print it; take it from Wisitsorasak and Wolynes, PNAS 109, 16068 (2012), PMC3479550"
            }
            "taylor_factor" => ". sqrt(3) = 1.732 for a glass under von Mises, 3.06 for a polycrystal, 1 for pure shear",
            _ => "",
        };
        let (key, meaning, unit) = (argument.key, argument.meaning, argument.unit);
        TheoryError::Missing { model: self.id, key, meaning, unit, remedy: remedy.to_owned() }
    }
}
