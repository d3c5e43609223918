//! A strip along a shear band whose density swings along it.

use amorph_core::random::derive_seed;
use ndarray::Array2;

use super::film::poisson;
use crate::SimulationError;

/// An image of a straight shear band along x, in a foil with a wedge. Lengths in metres.
#[derive(Debug, Clone, PartialEq)]
pub struct ShearBandStrip {
    /// Rows and columns.
    pub shape: (usize, usize),
    /// Size of a pixel.
    pub pixel: f64,
    /// Row in the middle of the band.
    pub band_row: f64,
    /// Full width of the band.
    pub band_width: f64,
    /// Wavelength of the density along the band.
    pub wavelength: f64,
    /// Phase at the left edge, rad.
    pub phase: f64,
    /// Relative change of density at the middle of the densified halves.
    pub amplitude_dense: f64,
    /// The same, as a positive number, of the dilated halves.
    pub amplitude_dilated: f64,
    /// Relative change of the thickness from the left to the right edge.
    pub wedge: f64,
    /// Mean counts per pixel.
    pub counts: f64,
    /// Seed.
    pub seed: u64,
}

impl Default for ShearBandStrip {
    fn default() -> Self {
        Self {
            shape: (64, 700),
            pixel: 4e-9,
            band_row: 32.0,
            band_width: 20e-9,
            wavelength: 150e-9,
            phase: 0.7,
            amplitude_dense: 0.03,
            amplitude_dilated: 0.06,
            wedge: 0.15,
            counts: 2000.0,
            seed: 1,
        }
    }
}

impl ShearBandStrip {
    /// Relative change of density at `x` metres from the left edge: half waves of different height.
    pub fn density(&self, x: f64) -> f64 {
        let wave = (std::f64::consts::TAU * x / self.wavelength + self.phase).sin();
        if wave > 0.0 { self.amplitude_dense * wave } else { self.amplitude_dilated * wave }
    }

    /// Counts `[row, column]`.
    ///
    /// # Errors
    /// Parameters out of range.
    pub fn record(&self) -> Result<Array2<f64>, SimulationError> {
        for (name, value) in [
            ("pixel", self.pixel),
            ("band_width", self.band_width),
            ("wavelength", self.wavelength),
            ("counts", self.counts),
            ("rows", self.shape.0 as f64),
            ("columns", self.shape.1 as f64),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        let half = 0.5 * self.band_width / self.pixel;
        let expected = Array2::from_shape_fn(self.shape, |(row, column)| {
            let x = (column as f64 + 0.5) * self.pixel;
            let wedge = 1.0 + self.wedge * ((column as f64 + 0.5) / self.shape.1 as f64 - 0.5);
            let inside = (row as f64 - self.band_row).abs() <= half;
            self.counts * wedge * if inside { 1.0 + self.density(x) } else { 1.0 }
        });
        Ok(poisson(expected, derive_seed(self.seed, &["shear_band_strip".into()])))
    }
}
