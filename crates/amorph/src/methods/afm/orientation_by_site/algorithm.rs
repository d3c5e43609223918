//! Mean vectors of doubled angles of several sites, the site being the unit of replication.

use crate::core::stats::student_t_quantile;
use crate::methods::afm::orientation::algorithm::Harmonic;

/// The mean of vectors of several sites.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanVector {
    /// Number of sites.
    pub n: usize,
    /// Mean and covariance of the mean, from the scatter between sites.
    pub harmonic: Harmonic,
    /// Hotelling's probability of a mean as far from zero without a preferred axis.
    pub p: f64,
}

/// Hotelling's one-sample test of vectors `(cos 2 theta, sin 2 theta)`; `None` with fewer than three, or all on one line.
///
/// `T^2 = m' C^-1 m` with `C` the covariance of the mean; for two components
/// `p = (1 + T^2/(n - 1))^(-(n - 2)/2)` (Mardia, Kent & Bibby 1979, section 5.2).
pub fn mean_vector(vectors: &[[f64; 2]]) -> Option<MeanVector> {
    let n = vectors.len() as f64;
    if vectors.len() < 3 {
        return None;
    }
    let mean = [0, 1].map(|axis| vectors.iter().map(|vector| vector[axis]).sum::<f64>() / n);
    let sum = |a: usize, b: usize| vectors.iter().map(|v| (v[a] - mean[a]) * (v[b] - mean[b])).sum::<f64>();
    let covariance = [sum(0, 0), sum(0, 1), sum(1, 1)].map(|value| value / (n * (n - 1.0)));
    let [xx, xy, yy] = covariance;
    let determinant = xx * yy - xy * xy;
    // Rounding leaves about this much of an exact zero.
    if determinant <= 1e-14 * xx * yy || determinant.is_nan() {
        return None;
    }
    let t2 = (yy * mean[0] * mean[0] - 2.0 * xy * mean[0] * mean[1] + xx * mean[1] * mean[1]) / determinant;
    let p = (1.0 + t2 / (n - 1.0)).powf(-0.5 * (n - 2.0));
    Some(MeanVector { n: vectors.len(), harmonic: Harmonic { order: 2.0, mean, covariance }, p })
}

impl MeanVector {
    /// 95 % interval of the preferred axis, rad (Fieller with Student's t over sites).
    pub fn direction_interval(&self) -> Option<(f64, f64)> {
        let t = student_t_quantile(0.975, self.n as f64 - 1.0).ok()?;
        self.harmonic.direction_interval(t)
    }
}

/// A vector of doubled angles after its axes turn by `angle` (rad).
pub fn turned([x, y]: [f64; 2], angle: f64) -> [f64; 2] {
    let (sin, cos) = (2.0 * angle).sin_cos();
    [cos * x - sin * y, sin * x + cos * y]
}
