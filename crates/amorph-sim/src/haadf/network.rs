//! A network of two phases whose share changes with depth.

use amorph_core::random::derive_seed;
use amorph_core::stats::normal_quantile;
use ndarray::Array2;

use super::field::{gaussian_blur, shell_field};
use super::film::poisson;
use crate::SimulationError;

/// A section through two phases, bright and dark, that fill space together: where a Gaussian field exceeds a level that rises with depth.
/// The surface is the first row. Lengths in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseNetwork {
    /// Rows and columns.
    pub shape: (usize, usize),
    /// Wavelength of the field.
    pub length: f64,
    /// Width of its shell of wave numbers over the wave number.
    pub relative_width: f64,
    /// Share of the bright phase at the surface and at the last row; linear in between.
    pub fraction: [f64; 2],
    /// Full width at half maximum of the blur of the interfaces.
    pub interface: f64,
    /// Mean counts of the dark and the bright phase.
    pub counts: [f64; 2],
    /// Relative change of the illumination from one corner to the opposite one.
    pub illumination: f64,
    /// Seed.
    pub seed: u64,
}

impl Default for PhaseNetwork {
    /// 512 x 512 pixels with 68 % bright at the surface and 15 % at the last row.
    fn default() -> Self {
        Self {
            shape: (512, 512),
            length: 16.0,
            relative_width: 0.3,
            fraction: [0.68, 0.15],
            interface: 2.0,
            counts: [400.0, 600.0],
            illumination: 0.3,
            seed: 1,
        }
    }
}

/// What the microscope records of a [`PhaseNetwork`], and the truth.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkImage {
    /// Counts.
    pub counts: Array2<f64>,
    /// Where the bright phase is.
    pub bright: Array2<bool>,
}

impl PhaseNetwork {
    /// Expected share of the bright phase in a row.
    pub fn fraction_at(&self, row: usize) -> f64 {
        let depth = row as f64 / (self.shape.0.max(2) - 1) as f64;
        self.fraction[0] + (self.fraction[1] - self.fraction[0]) * depth
    }

    /// An image.
    ///
    /// # Errors
    /// Parameters out of range.
    pub fn record(&self) -> Result<NetworkImage, SimulationError> {
        for value in self.fraction {
            if !(value > 0.0 && value < 1.0) {
                return Err(SimulationError::Parameter { name: "fraction", value, allowed: "between 0 and 1" });
            }
        }
        for (name, value) in [("counts", self.counts[0]), ("counts", self.counts[1])] {
            SimulationError::require_positive(name, value)?;
        }
        SimulationError::require_not_negative("interface", self.interface)?;
        if self.illumination.is_nan() || self.illumination.abs() >= 2.0 {
            let (name, value) = ("illumination", self.illumination);
            return Err(SimulationError::Parameter { name, value, allowed: "between -2 and 2" });
        }
        let seed = derive_seed(self.seed, &["phase_network".into()]);
        let field = shell_field(self.shape, 1.0, self.length, self.relative_width, seed)?;
        let (rows, columns) = self.shape;
        let levels: Vec<f64> =
            (0..rows).map(|row| normal_quantile(1.0 - self.fraction_at(row)).unwrap_or(f64::INFINITY)).collect();
        let bright = Array2::from_shape_fn(self.shape, |at| field[at] > levels[at.0]);
        let phase = bright.mapv(|inside| if inside { 1.0 } else { 0.0 });
        let phase = gaussian_blur(&phase.view(), 1.0, self.interface);
        let [dark, light] = self.counts;
        let expected = Array2::from_shape_fn(self.shape, |(row, column)| {
            let from_middle = (row as f64 + 0.5) / rows as f64 + (column as f64 + 0.5) / columns as f64 - 1.0;
            (dark + (light - dark) * phase[(row, column)]) * (1.0 + 0.5 * self.illumination * from_middle)
        });
        Ok(NetworkImage { counts: poisson(expected, derive_seed(self.seed, &["phase_network_counts".into()])), bright })
    }
}
