//! A plane through touch points.

use ndarray::Array2;

use crate::core::fit::{FitError, LinearLeastSquares};

/// A fitted plane `z = c + a x + b y`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// Slopes along x and y.
    pub slope: [f64; 2],
    /// Covariance of the slopes per variance of a height.
    pub unit_covariance: [[f64; 2]; 2],
    /// Scatter of the heights about the plane, m; absent for three points.
    pub residual_std: Option<f64>,
    /// Points.
    pub n: usize,
}

/// Plane through points x, y, z.
///
/// # Errors
/// Fewer than three points, or points on a line.
pub fn plane(x: &[f64], y: &[f64], z: &[f64]) -> Result<Plane, FitError> {
    let n = x.len();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n as f64;
    let (cx, cy, cz) = (mean(x), mean(y), mean(z));
    let design = Array2::from_shape_fn((n, 3), |(i, j)| [1.0, x[i] - cx, y[i] - cy][j]);
    let heights: Vec<f64> = z.iter().map(|z| z - cz).collect();
    let problem = LinearLeastSquares { error_scale: crate::core::fit::ErrorScale::Absolute, ..LinearLeastSquares::default() };
    let fit = problem.fit(design.view(), &heights)?;
    let c = &fit.covariance;
    Ok(Plane {
        slope: [fit.coefficients[1], fit.coefficients[2]],
        unit_covariance: [[c[[1, 1]], c[[1, 2]]], [c[[2, 1]], c[[2, 2]]]],
        residual_std: (n > 3).then(|| (fit.residual_sum / (n - 3) as f64).sqrt()),
        n,
    })
}

impl Plane {
    /// Angle between the normals, `acos |n_z|`, rad.
    pub fn angle(&self) -> f64 {
        self.slope[0].hypot(self.slope[1]).atan()
    }

    /// Direction of steepest ascent, rad from +x.
    pub fn azimuth(&self) -> f64 {
        self.slope[1].atan2(self.slope[0])
    }

    /// Standard error of the angle at a standard deviation of a height, rad.
    pub fn angle_std(&self, height_std: f64) -> f64 {
        let steepness = self.slope[0].hypot(self.slope[1]);
        let (u, v) = if steepness > 0.0 { (self.slope[0] / steepness, self.slope[1] / steepness) } else { (1.0, 0.0) };
        let c = self.unit_covariance;
        let variance = u * u * c[0][0] + 2.0 * u * v * c[0][1] + v * v * c[1][1];
        height_std * variance.sqrt() / (1.0 + steepness * steepness)
    }
}

/// Area of the largest triangle of three points over the square of the longest distance.
pub fn spread(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len().min(60);
    let (mut area, mut side) = (0.0f64, 0.0f64);
    for i in 0..n {
        for j in i + 1..n {
            side = side.max((x[i] - x[j]).powi(2) + (y[i] - y[j]).powi(2));
            for k in j + 1..n {
                area = area.max(0.5 * ((x[j] - x[i]) * (y[k] - y[i]) - (x[k] - x[i]) * (y[j] - y[i])).abs());
            }
        }
    }
    area / side
}
