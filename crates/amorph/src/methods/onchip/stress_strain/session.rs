//! Whether all first readings are off alike.

use super::algorithm::{Point, elastic};

/// Fewest elastic structures that tell.
pub const LEAST: usize = 6;
/// Standard errors from which a shift is named.
pub const NAMED: f64 = 2.58;

/// How far the first session is off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FirstSession {
    /// Readings less true displacements, m.
    pub shift: f64,
    /// Its standard error, m.
    pub error: f64,
    /// Elastic structures.
    pub n: usize,
}

impl FirstSession {
    /// Whether the shift is more than chance.
    pub fn is_off(&self) -> bool {
        self.shift.abs() > NAMED * self.error
    }
}

/// The shift of the first session from the structures below a strain; `None` for fewer than six.
///
/// A displacement that is read too large by d makes the stress K d too small and the strain d/L too large: on an elastic line
/// `σ = E ε - d (K + E/L)`. Actuators and specimens of many lengths have many `g = K + E/L`, and `σ/g` over `ε/g` is a line whose intercept is `-d`,
/// with the error of a reading at every structure. A line of σ over ε with an intercept hardly sees it.
pub fn first_session(points: &[Point], below: f64) -> Option<FirstSession> {
    let chosen: Vec<&Point> = points.iter().filter(|point| point.strain < below).collect();
    let n = chosen.len();
    if n < LEAST {
        return None;
    }
    let mut modulus = elastic(points, below)?.modulus;
    let mut found = None;
    for _ in 0..30 {
        let mut sums = [0.0; 6];
        for point in &chosen {
            let g = point.stiffness + modulus * point.strain_per_displacement;
            let (x, y, w) = (point.strain / g, point.stress / g, point.error.powi(-2));
            sums.iter_mut().zip([1.0, x, y, x * x, x * y, y * y]).for_each(|(sum, term)| *sum += w * term);
        }
        let [w, x, y, xx, xy, yy] = sums;
        let determinant = w * xx - x * x;
        let slope = (w * xy - x * y) / determinant;
        let intercept = (xx * y - x * xy) / determinant;
        // Scatter beyond the errors of the readings widens.
        let misfit = (yy - intercept * y - slope * xy).max(0.0) / (n as f64 - 2.0);
        let error = (xx / determinant).sqrt() * misfit.max(1.0).sqrt();
        let settled = (slope / modulus - 1.0).abs() < 1e-9;
        modulus = slope;
        found = Some(FirstSession { shift: -intercept, error, n });
        if settled {
            break;
        }
    }
    found.filter(|found| found.shift.is_finite() && found.error.is_finite())
}
