//! Whether values follow a normal distribution.

use super::error::require;
use super::{Moments, StatsError, normal_cdf};

/// Tests of normality with mean and standard deviation from the data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normality {
    /// Anderson-Darling statistic with the correction for small samples.
    pub anderson_darling: f64,
    /// Its p value (Stephens 1986).
    pub anderson_darling_p: f64,
    /// Skewness.
    pub skewness: f64,
    /// Its two-sided p value (D'Agostino 1970, doi:10.1093/biomet/57.3.679).
    pub skewness_p: f64,
}

/// Tests whether `values` are normal.
///
/// # Errors
/// Fewer than eight values, values that are not finite or all equal.
pub fn normality(values: &[f64]) -> Result<Normality, StatsError> {
    require(values, 8)?;
    let moments = Moments::of(values)?;
    if moments.std_dev == 0.0 {
        return Err(StatsError::NoSpread { n: values.len() });
    }
    let mut z: Vec<f64> = values.iter().map(|v| (v - moments.mean) / moments.std_dev).collect();
    z.sort_unstable_by(f64::total_cmp);
    let n = z.len() as f64;
    let ln_cdf = |z: f64| normal_cdf(z).max(f64::MIN_POSITIVE).ln();
    let term = |i: usize| (2 * i + 1) as f64 * (ln_cdf(z[i]) + ln_cdf(-z[z.len() - 1 - i]));
    let sum: f64 = (0..z.len()).map(term).sum();
    let a = (-n - sum / n) * (1.0 + 0.75 / n + 2.25 / (n * n));
    let p = match a {
        a if a >= 0.6 => (1.2937 - 5.709 * a + 0.0186 * a * a).exp(),
        a if a >= 0.34 => (0.9177 - 4.279 * a - 1.38 * a * a).exp(),
        a if a >= 0.2 => 1.0 - (-8.318 + 42.796 * a - 59.938 * a * a).exp(),
        a => 1.0 - (-13.436 + 101.14 * a - 223.73 * a * a).exp(),
    };
    let central = |power: i32| values.iter().map(|v| (v - moments.mean).powi(power)).sum::<f64>() / n;
    let skewness = central(3) / central(2).powf(1.5);
    Ok(Normality {
        anderson_darling: a,
        anderson_darling_p: p.clamp(0.0, 1.0),
        skewness,
        skewness_p: 2.0 * normal_cdf(-skewness_score(skewness, n).abs()),
    })
}

fn skewness_score(skewness: f64, n: f64) -> f64 {
    let y = skewness * ((n + 1.0) * (n + 3.0) / (6.0 * (n - 2.0))).sqrt();
    let beta = 3.0 * (n * n + 27.0 * n - 70.0) * (n + 1.0) * (n + 3.0) / ((n - 2.0) * (n + 5.0) * (n + 7.0) * (n + 9.0));
    let w2 = (2.0 * (beta - 1.0)).sqrt() - 1.0;
    let (delta, alpha) = (1.0 / (0.5 * w2.ln()).sqrt(), (2.0 / (w2 - 1.0)).sqrt());
    delta * (y / alpha).asinh()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::standard_normals;

    #[test]
    fn normal_samples_are_rejected_at_the_level() {
        let tests: Vec<Normality> = (0..2000).map(|seed| normality(&standard_normals(seed, 121)).unwrap()).collect();
        let rate = |p: &dyn Fn(&Normality) -> f64| tests.iter().filter(|t| p(t) < 0.05).count() as f64 / 2000.0;
        // Standard error 0.005.
        assert!((0.035..0.065).contains(&rate(&|t| t.anderson_darling_p)), "{}", rate(&|t| t.anderson_darling_p));
        assert!((0.035..0.065).contains(&rate(&|t| t.skewness_p)), "{}", rate(&|t| t.skewness_p));
    }

    #[test]
    fn exponential_samples_are_rejected() {
        let values: Vec<f64> = standard_normals(1, 100).iter().map(|z| (0.7 * z).exp()).collect();
        let found = normality(&values).unwrap();
        assert!(found.anderson_darling_p < 1e-3 && found.skewness_p < 1e-3 && found.skewness > 0.5);
        assert!(normality(&[1.0; 9]).is_err());
    }
}
