use amorph_core::data::Table;
use amorph_core::random::standard_normals;

use crate::SimulationError;

/// Heights at which a tip touches a tilted plane.
#[derive(Debug, Clone, PartialEq)]
pub struct TouchPoints {
    /// Tilt of the plane, rad.
    pub tilt: f64,
    /// Direction of steepest ascent, rad from +x.
    pub azimuth: f64,
    /// Where it is touched, m.
    pub positions: Vec<[f64; 2]>,
    /// Standard deviation of a height, m.
    pub noise: f64,
}

impl TouchPoints {
    /// Columns x, y, z (m).
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<Table, SimulationError> {
        SimulationError::require_not_negative("noise", self.noise)?;
        let noise = standard_normals(seed, self.positions.len());
        let slope = self.tilt.tan();
        let height = |(position, z): (&[f64; 2], f64)| {
            slope * (position[0] * self.azimuth.cos() + position[1] * self.azimuth.sin()) + self.noise * z
        };
        Ok(Table::new("touch_points", "Touch points")
            .with_numbers("x", "m", self.positions.iter().map(|p| p[0]).collect())
            .with_numbers("y", "m", self.positions.iter().map(|p| p[1]).collect())
            .with_numbers("z", "m", self.positions.iter().zip(noise).map(height).collect()))
    }
}
