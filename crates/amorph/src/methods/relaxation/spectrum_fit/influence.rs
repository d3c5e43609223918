//! What the fit would be without each of its readings, to first order in the change (Cook, Technometrics 19, 15 (1977)).

use super::algorithm::{Fitted, Model};
use crate::core::fit::ResidualModel as _;
use crate::methods::relaxation::log_spectrum::Curve;

/// A fit without each reading in turn.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// Share of each reading that the fit follows whatever it is, the larger of both channels.
    pub leverage: Vec<f64>,
    /// Change of `ln τ` without it.
    pub ln_tau: Vec<f64>,
    /// Deviance of readings from the fits without them, on the scale of the criteria.
    pub deviance: f64,
}

impl Fitted {
    /// What each reading does to the fit; `None` where a reading alone determines a parameter.
    pub fn left_out(&self, curve: &Curve) -> Option<LeftOut> {
        let n = curve.ln_omega.len();
        let jacobian = Model::of(curve, self).jacobian(&self.fit.params)?;
        let through = jacobian.dot(&self.fit.covariance) / self.fit.variance;
        let hat = |a: usize, b: usize| through.row(a).dot(&jacobian.row(b));
        let mut found = LeftOut { leverage: Vec::with_capacity(n), ln_tau: Vec::with_capacity(n), deviance: 0.0 };
        let mut squares = [0.0; 2];
        for i in 0..n {
            // 1 - H of both channels of the reading.
            let (a, b, d) = (1.0 - hat(i, i), -hat(i, n + i), 1.0 - hat(n + i, n + i));
            let determinant = a * d - b * b;
            if determinant <= 1e-9 {
                return None;
            }
            let residual = (self.fit.residuals[i], self.fit.residuals[n + i]);
            let without = ((d * residual.0 - b * residual.1) / determinant, (a * residual.1 - b * residual.0) / determinant);
            found.leverage.push(1.0 - a.min(d));
            found.ln_tau.push(through[[i, 0]] * without.0 + through[[n + i, 0]] * without.1);
            squares[0] += (self.noise[0] * without.0).powi(2);
            squares[1] += (self.noise[1] * without.1).powi(2);
        }
        let density = self.noise_model.ln_density(std::slice::from_ref(curve))?;
        found.deviance = n as f64 * ((squares[0] / n as f64).ln() + (squares[1] / n as f64).ln()) - 2.0 * density;
        Some(found)
    }
}
