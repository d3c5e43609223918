//! What the methods on scans of patterns read from a measurement.

use super::{BEAM_VOLTAGE, CONVERGENCE_SEMI_ANGLE, Q_PIXEL, SCAN_STEP};
use crate::method::{ConstantInfo, Dataset, MethodError};
use crate::theory::instruments::electron_wavelength;

/// Lengths of a scan; what is missing or cannot be true is `None`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Calibration {
    /// Between probe positions, m.
    pub scan_step: Option<f64>,
    /// Of a detector pixel, 1/m.
    pub q_pixel: Option<f64>,
    /// Of a diffraction disk, pixels, from voltage, convergence and pixel.
    pub disk_radius: Option<f64>,
}

impl Calibration {
    pub fn of(dataset: &Dataset) -> Result<Self, MethodError> {
        let quantity = |info: &ConstantInfo| -> Result<Option<f64>, MethodError> {
            Ok(dataset.constants.quantity(info)?.map(|quantity| quantity.value))
        };
        let within = |value: Option<f64>, lo: f64, hi: f64| value.filter(|value| (lo..=hi).contains(value));
        let q_pixel = within(quantity(&Q_PIXEL)?, 1e5, 1e10);
        let scan_step = within(quantity(&SCAN_STEP)?, 1e-11, 1e-6);
        let disk_radius = match (quantity(&BEAM_VOLTAGE)?, quantity(&CONVERGENCE_SEMI_ANGLE)?, q_pixel) {
            (Some(voltage), Some(angle), Some(q_pixel)) => {
                electron_wavelength(voltage).ok().map(|wavelength| angle / wavelength / q_pixel)
            }
            _ => None,
        };
        Ok(Self { scan_step, q_pixel, disk_radius })
    }
}
