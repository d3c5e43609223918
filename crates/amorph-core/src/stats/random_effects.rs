//! Scatter between sites that is left when the errors of the sites are taken away.

use super::error::require;
use super::{StatsError, chi_squared_quantile, student_t_quantile};
use crate::fit::{brent_minimise, brent_root};

/// Mean and standard deviation of true values of which each was measured with a known error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RandomEffects {
    /// Mean of the true values.
    pub mean: f64,
    /// Its standard error.
    pub mean_std_error: f64,
    /// 95 % interval of the mean (Hartung-Knapp, never shorter than without).
    pub mean_interval: (f64, f64),
    /// Standard deviation of the true values; zero where the errors explain the scatter.
    pub sd: f64,
    /// 95 % profile interval of it; starts at zero where no scatter is within it.
    pub sd_interval: (f64, f64),
    /// Twice the logarithm of the likelihood ratio against no scatter.
    pub ratio: f64,
    /// Number of sites.
    pub n: usize,
}

struct Problem<'a> {
    values: &'a [f64],
    variances: Vec<f64>,
}

impl Problem<'_> {
    fn mean(&self, s2: f64) -> (f64, f64) {
        let weight = self.variances.iter().map(|v| 1.0 / (s2 + v));
        let (sum, total) = self.values.iter().zip(weight).fold((0.0, 0.0), |a, (y, w)| (a.0 + w * y, a.1 + w));
        (sum / total, total)
    }

    /// Minus twice the logarithm of the restricted likelihood.
    fn deviance(&self, s2: f64) -> f64 {
        let (mean, total) = self.mean(s2);
        let terms = self.values.iter().zip(&self.variances);
        terms.map(|(y, v)| (s2 + v).ln() + (y - mean).powi(2) / (s2 + v)).sum::<f64>() + total.ln()
    }
}

/// `value_i ~ N(mean, sd²)`, measured with standard errors `std_errors`: restricted maximum likelihood with a profile interval.
///
/// # Errors
/// Fewer than three values, values or errors that are not finite, errors of zero, lists of different length.
pub fn random_effects(values: &[f64], std_errors: &[f64]) -> Result<RandomEffects, StatsError> {
    require(values, 3)?;
    require(std_errors, 3)?;
    if values.len() != std_errors.len() {
        return Err(StatsError::LengthMismatch { left: values.len(), right: std_errors.len() });
    }
    if let Some(value) = std_errors.iter().copied().find(|error| *error <= 0.0) {
        return Err(StatsError::OutOfRange { what: "standard error", value, rule: "above zero" });
    }
    let n = values.len();
    let problem = Problem { values, variances: std_errors.iter().map(|error| error * error).collect() };
    let plain = problem.values.iter().sum::<f64>() / n as f64;
    let spread = (values.iter().map(|y| (y - plain).powi(2)).sum::<f64>() / (n - 1) as f64).sqrt();
    let scale = spread.max(problem.variances.iter().sum::<f64>().sqrt() / n as f64);
    // In the logarithm, so that small and large scatter are found alike; zero is looked at on its own.
    let of_ln = |u: f64| problem.deviance((scale * u.exp()).powi(2));
    let no_minimum = |_| StatsError::NoSpread { n };
    let inside = brent_minimise(of_ln, -9.0, 3.0, 1e-9).map_err(no_minimum)?;
    let at_zero = problem.deviance(0.0);
    let (sd, least) = if inside.value < at_zero - 1e-9 { (scale * inside.x.exp(), inside.value) } else { (0.0, at_zero) };
    let threshold = least + chi_squared_quantile(0.95, 1.0)?;
    let excess = |s: f64| problem.deviance(s * s) - threshold;
    let mut far = sd.max(0.1 * scale);
    while excess(far) < 0.0 && far < 1e6 * scale {
        far *= 1.5;
    }
    let upper = brent_root(excess, sd, far, 1e-10 * scale).map_err(no_minimum)?;
    let lower = if at_zero <= threshold { 0.0 } else { brent_root(excess, 0.0, sd, 1e-10 * scale).map_err(no_minimum)? };
    let (mean, total) = problem.mean(sd * sd);
    let residual: f64 = values.iter().zip(&problem.variances).map(|(y, v)| (y - mean).powi(2) / (sd * sd + v)).sum();
    let inflation = (residual / (n - 1) as f64).max(1.0);
    let mean_std_error = (inflation / total).sqrt();
    let half = student_t_quantile(0.975, (n - 1) as f64)? * mean_std_error;
    Ok(RandomEffects {
        mean,
        mean_std_error,
        mean_interval: (mean - half, mean + half),
        sd,
        sd_interval: (lower, upper),
        ratio: (at_zero - least).max(0.0),
        n,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::standard_normals;
    use crate::stats::coverage;

    fn measured(seed: u64, n: usize, sd: f64) -> (Vec<f64>, Vec<f64>) {
        let (truth, noise) = (standard_normals(seed, n), standard_normals(!seed, n));
        let errors: Vec<f64> = (0..n).map(|i| 1.0 + 0.5 * (i % 4) as f64).collect();
        let values = truth.iter().zip(&noise).zip(&errors).map(|((t, z), e)| 100.0 + sd * t + e * z).collect();
        (values, errors)
    }

    #[test]
    fn the_intervals_cover() {
        for (n, sd) in [(121, 0.0), (121, 1.0), (121, 4.0), (25, 2.0)] {
            let of = |seed: u64| {
                let (values, errors) = measured(seed, n, sd);
                random_effects(&values, &errors).unwrap()
            };
            let mean = coverage(1500, 3, 100.0, |seed| Some(of(seed).mean_interval)).unwrap().fraction;
            let scatter = coverage(1500, 4, sd, |seed| Some(of(seed).sd_interval)).unwrap().fraction;
            // 1500 trials: standard error 0.006; a truth on the edge is covered in 97.5 %.
            assert!((0.935..0.985).contains(&mean), "{n} {sd}: mean {mean}");
            assert!((0.93..0.985).contains(&scatter), "{n} {sd}: sd {scatter}");
        }
    }

    #[test]
    fn no_scatter_is_zero_and_units_do_not_matter() {
        let found = random_effects(&[1.0, 1.1, 0.9, 1.05], &[1.0; 4]).unwrap();
        assert_eq!((found.sd, found.sd_interval.0), (0.0, 0.0));
        let (values, errors) = measured(5, 60, 3.0);
        let scaled = |list: &[f64]| list.iter().map(|v| 1e9 * v).collect::<Vec<f64>>();
        let (a, b) = (random_effects(&values, &errors).unwrap(), random_effects(&scaled(&values), &scaled(&errors)).unwrap());
        assert!((b.sd / a.sd - 1e9).abs() < 1e3 && (b.sd_interval.1 / a.sd_interval.1 - 1e9).abs() < 1e3);
        assert!(random_effects(&[1.0, 2.0, 3.0], &[1.0, 0.0, 1.0]).is_err());
        assert!(random_effects(&[1.0, 2.0], &[1.0, 1.0]).is_err());
    }
}
