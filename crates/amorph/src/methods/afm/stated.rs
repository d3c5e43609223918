//! The constants that a measurement states, with everything that is missing named at once.

use crate::core::unit::{Quantity, Unit};
use crate::method::{ConstantInfo, Dataset, MethodError, MissingConstant};

/// The constants of a dataset; remembers all that are missing, so that they are reported at once.
pub(super) struct Stated<'a> {
    dataset: &'a Dataset,
    method: &'static str,
    missing: Vec<MissingConstant>,
}

/// Whether a method can do without a constant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Required {
    /// It cannot.
    Always,
    /// It can.
    IfStated,
}

impl<'a> Stated<'a> {
    /// Of a dataset, for a method with this identifier.
    pub(super) fn new(dataset: &'a Dataset, method: &'static str) -> Self {
        Self { dataset, method, missing: Vec::new() }
    }

    /// The word; empty for one that is absent.
    pub(super) fn choice(&mut self, info: &ConstantInfo) -> Result<&'static str, MethodError> {
        let stated = self.dataset.constants.choice(info)?;
        if stated.is_none() {
            self.missing.push(self.dataset.constants.missing(info));
        }
        Ok(stated.unwrap_or_default())
    }

    /// The quantity; a NaN stands for one that is absent.
    pub(super) fn quantity(&mut self, info: &ConstantInfo, required: Required) -> Result<Quantity, MethodError> {
        let stated = self.dataset.constants.quantity(info)?.cloned();
        if stated.is_none() && required == Required::Always {
            self.missing.push(self.dataset.constants.missing(info));
        }
        Ok(stated.unwrap_or_else(|| Quantity::si(f64::NAN, Unit::one())))
    }

    /// The quantity, greater than zero.
    pub(super) fn positive(&mut self, info: &ConstantInfo, required: Required) -> Result<Quantity, MethodError> {
        let quantity = self.quantity(info, required)?;
        if quantity.value <= 0.0 {
            return Err(MethodError::BadConstant {
                key: info.key,
                found: quantity.to_string(),
                reason: "must be greater than zero",
                expected: info.kind.describe(),
            });
        }
        Ok(quantity)
    }

    /// Relative error common to all amplitudes: that of the free amplitude, else that of the sensitivity.
    pub(super) fn amplitude_scale_error(&self, free_amplitude: &Quantity) -> Result<Option<f64>, MethodError> {
        let sensitivity = self.dataset.constants.quantity(&super::AMPLITUDE_SENSITIVITY)?;
        Ok(free_amplitude.relative_error().or_else(|| sensitivity.and_then(Quantity::relative_error)))
    }

    /// Fails when something was missing, and names all of it.
    pub(super) fn finish(&mut self) -> Result<(), MethodError> {
        let missing = std::mem::take(&mut self.missing);
        if missing.is_empty() { Ok(()) } else { Err(MethodError::MissingConstants { method: self.method, missing }) }
    }
}
