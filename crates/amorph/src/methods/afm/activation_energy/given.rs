//! Energies and frequencies that are known otherwise, as parameters state them.

use super::algorithm::barrier_at_frequency;
use crate::core::unit::{Quantity, Unit};
use crate::method::MethodError;

/// Fails unless every quantity that is there has its unit and is positive; given as name, value and unit.
pub fn require_positive(method: &'static str, quantities: &[(&str, Option<&Quantity>, &str)]) -> Result<(), MethodError> {
    for (name, quantity, unit) in quantities {
        let Some(quantity) = quantity else { continue };
        quantity.unit.require(&Unit::of(unit))?;
        if quantity.value <= 0.0 {
            let message = format!("{name} = '{quantity}' must be greater than zero");
            return Err(MethodError::Parameters { method, message });
        }
    }
    Ok(())
}

/// The energy known otherwise, J, carried from the frequency of its measurement to that of the tip where both are given.
pub fn known_energy(
    thermal_energy: f64,
    energy: Option<&Quantity>,
    reference_frequency: Option<&Quantity>,
    measurement_frequency: Option<&Quantity>,
) -> Option<f64> {
    let energy = energy?.value;
    match (reference_frequency, measurement_frequency) {
        (Some(f1), Some(f2)) => Some(barrier_at_frequency(thermal_energy, energy, f1.value, f2.value)),
        _ => Some(energy),
    }
}
