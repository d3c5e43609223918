use super::{Model, TheoryError};
use crate::core::unit::Quantity;

/// The value of one argument with its errors, SI.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Given {
    /// Value.
    pub value: f64,
    /// Statistical standard error; 0 for none.
    pub std_error: f64,
    /// Systematic standard error (calibration, assumption); 0 for none.
    pub systematic_error: f64,
}

impl Given {
    /// Without error.
    pub fn exact(value: f64) -> Self {
        Self { value, ..Self::default() }
    }

    /// With a statistical standard error.
    pub fn with_error(value: f64, std_error: f64) -> Self {
        Self { value, std_error, systematic_error: 0.0 }
    }

    fn of(quantity: &Quantity, is_systematic: bool) -> Self {
        let error = quantity.std_error.unwrap_or(0.0);
        match is_systematic {
            true => Self { value: quantity.value, std_error: 0.0, systematic_error: error },
            false => Self::with_error(quantity.value, error),
        }
    }
}

/// All arguments of a model, in order, from pairs as people write them: `("energy", "0.5 +- 0.02 eV")`.
///
/// Defaults are filled in. The errors of the arguments named in `systematic` are systematic.
///
/// # Errors
/// [`TheoryError::Unknown`] for a key that the model does not have, [`TheoryError::Unit`] for a value that cannot be read or has
/// another dimension, [`TheoryError::Missing`] for an argument without default that is not given.
pub fn inputs(model: &Model, pairs: &[(String, String)], systematic: &[String]) -> Result<Vec<Given>, TheoryError> {
    if let Some(key) = systematic.iter().find(|key| model.argument(key).is_none()) {
        return Err(model.unknown(key));
    }
    let mut read: Vec<(&str, Quantity)> = Vec::new();
    for (key, text) in pairs {
        read.push((key, model.read(key, text)?));
    }
    let given = |argument: &super::Argument| {
        // The last of several values for one key counts, as on a command line.
        let stated = read.iter().rev().find(|(key, _)| *key == argument.key).map(|(_, quantity)| quantity);
        let is_systematic = systematic.iter().any(|key| key == argument.key);
        match (stated, argument.default) {
            (Some(quantity), _) => Ok(Given::of(quantity, is_systematic)),
            (None, Some(default)) => Ok(Given::exact(default)),
            (None, None) => Err(model.missing(argument)),
        }
    };
    model.arguments.iter().map(given).collect()
}
