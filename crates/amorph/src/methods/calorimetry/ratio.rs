//! Two numbers with errors: their ratio, and whether they differ.

use crate::core::stats::{NORMAL_95, normal_cdf, student_t_quantile, student_t_tail};

/// A number with its standard error and 95 % interval, where it closes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Value.
    pub value: f64,
    /// Standard error to first order.
    pub error: f64,
    /// Interval.
    pub interval: Option<(f64, f64)>,
}

/// Ratio of two numbers with errors, by Fieller: every ratio that is not told from the true one. `dof` are the degrees of freedom of the error of the
/// first, where it is estimated. Without interval where the second is not told from zero.
pub fn ratio((a, a_error): (f64, f64), dof: Option<f64>, (b, b_error): (f64, f64)) -> Found {
    let value = a / b;
    let error = (a_error / b).hypot(value * b_error / b);
    let q = quantile_of(a_error, value * b_error, dof);
    // (a - r b)² = q² (sa² + r² sb²).
    let (c2, c1, c0) = (b * b - (q * b_error).powi(2), -a * b, a * a - (q * a_error).powi(2));
    let root = c1 * c1 - c2 * c0;
    let interval = (c2 > 0.0 && root >= 0.0).then(|| ((-c1 - root.sqrt()) / c2, (-c1 + root.sqrt()) / c2));
    Found { value, error, interval }
}

/// Two-sided probability of two numbers that differ as much.
pub fn difference_p((a, a_error): (f64, f64), dof: Option<f64>, (b, b_error): (f64, f64)) -> f64 {
    let away = (a - b).abs() / a_error.hypot(b_error);
    match effective(a_error, b_error, dof) {
        Some(dof) => 2.0 * student_t_tail(away, dof).unwrap_or(f64::NAN),
        None => 2.0 * normal_cdf(-away),
    }
}

/// Welch and Satterthwaite, the second error being known.
fn effective(estimated: f64, known: f64, dof: Option<f64>) -> Option<f64> {
    dof.map(|dof| dof * ((estimated * estimated + known * known) / (estimated * estimated)).powi(2))
}

fn quantile_of(estimated: f64, known: f64, dof: Option<f64>) -> f64 {
    let student = effective(estimated, known, dof).and_then(|dof| student_t_quantile(0.975, dof.min(1e6)).ok());
    student.unwrap_or(NORMAL_95)
}
