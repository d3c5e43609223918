//! Moments of a sample.

use super::StatsError;
use super::error::require;

/// First four moments of a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Number of values.
    pub n: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation with `n - 1`.
    pub std_dev: f64,
    /// Skewness `m₃ / m₂^1.5` with central moments over `n`; zero without spread.
    pub skewness: f64,
    /// Excess kurtosis `m₄ / m₂² - 3` with central moments over `n`; zero without
    /// spread.
    pub excess_kurtosis: f64,
}

impl Moments {
    /// Moments of at least two finite values, in two passes.
    ///
    /// # Errors
    /// Fewer than two values, or one that is not finite.
    pub fn of(values: &[f64]) -> Result<Self, StatsError> {
        require(values, 2)?;
        let n = values.len() as f64;
        let mean = mean(values)?;
        let (mut s1, mut s2, mut s3, mut s4) = (0.0, 0.0, 0.0, 0.0);
        for v in values {
            let d = v - mean;
            let d2 = d * d;
            s1 += d;
            s2 += d2;
            s3 += d2 * d;
            s4 += d2 * d2;
        }
        // The rounding of the mean, removed (Chan, Golub & LeVeque 1983).
        s2 -= s1 * s1 / n;
        let variance = s2.max(0.0) / n;
        let spread = variance.sqrt() > 1e-14 * mean.abs();
        Ok(Self {
            n: values.len(),
            mean,
            std_dev: (s2.max(0.0) / (n - 1.0)).sqrt(),
            skewness: if spread { s3 / n / variance.powf(1.5) } else { 0.0 },
            excess_kurtosis: if spread { s4 / n / (variance * variance) - 3.0 } else { 0.0 },
        })
    }

    /// Standard error of the mean of independent values.
    pub fn std_error(&self) -> f64 {
        self.std_dev / (self.n as f64).sqrt()
    }

    /// Coefficient of variation `std_dev / |mean|`; `None` for a zero mean.
    pub fn coefficient_of_variation(&self) -> Option<f64> {
        (self.mean != 0.0).then(|| self.std_dev / self.mean.abs())
    }
}

/// Mean, summed pairwise: its rounding error grows with `ln n`, not `n`.
///
/// # Errors
/// No value, or one that is not finite.
pub fn mean(values: &[f64]) -> Result<f64, StatsError> {
    require(values, 1)?;
    Ok(pairwise_sum(values) / values.len() as f64)
}

fn pairwise_sum(values: &[f64]) -> f64 {
    if values.len() <= 128 {
        return values.iter().sum();
    }
    let (left, right) = values.split_at(values.len() / 2);
    pairwise_sum(left) + pairwise_sum(right)
}

/// Pearson's correlation coefficient with its Fisher-z interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// Coefficient, -1 to 1.
    pub r: f64,
    /// Lower end of the interval.
    pub lower: f64,
    /// Upper end of the interval.
    pub upper: f64,
    /// Two-sided probability of a coefficient this large without correlation, for
    /// independent Gaussian pairs.
    pub p_value: f64,
    /// Number of pairs.
    pub n: usize,
}

/// Pearson correlation of pairs, with an interval at `level` for independent
/// Gaussian pairs (Fisher 1921).
///
/// # Errors
/// Unequal lengths, fewer than four pairs, values not finite, no spread.
pub fn pearson(x: &[f64], y: &[f64], level: f64) -> Result<Correlation, StatsError> {
    super::error::require_level("level", level)?;
    if x.len() != y.len() {
        return Err(StatsError::LengthMismatch { left: x.len(), right: y.len() });
    }
    require(x, 4)?;
    require(y, 4)?;
    let (mx, my) = (mean(x)?, mean(y)?);
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(y) {
        let (dx, dy) = (a - mx, b - my);
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    if xx == 0.0 || yy == 0.0 {
        return Err(StatsError::NoSpread { n: x.len() });
    }
    let n = x.len();
    let r = (xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0);
    let half = super::normal_quantile(0.5 + 0.5 * level)? / (n as f64 - 3.0).sqrt();
    let dof = n as f64 - 2.0;
    let t = r.abs() * (dof / (1.0 - r * r)).sqrt();
    Ok(Correlation {
        r,
        lower: (r.atanh() - half).tanh(),
        upper: (r.atanh() + half).tanh(),
        p_value: if r.abs() < 1.0 { 2.0 * super::student_t_tail(t, dof)? } else { 0.0 },
        n,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    #[test]
    fn moments_of_small_integers() {
        // By hand: deviations -2, -1, 0, 3 about 3; sums 14, 18, 98.
        let m = Moments::of(&[1.0, 2.0, 3.0, 6.0]).unwrap();
        assert_relative_eq!(m.mean, 3.0);
        assert_relative_eq!(m.std_dev, (14.0f64 / 3.0).sqrt());
        assert_relative_eq!(m.skewness, 4.5 / 3.5f64.powf(1.5));
        assert_relative_eq!(m.excess_kurtosis, 24.5 / 12.25 - 3.0);
        assert_relative_eq!(m.coefficient_of_variation().unwrap(), m.std_dev / 3.0);
    }

    #[test]
    fn offset_does_not_eat_the_spread() {
        let values: Vec<f64> = (0..1001).map(|i| 1e9 + f64::from(i % 7)).collect();
        let plain: Vec<f64> = (0..1001).map(|i| f64::from(i % 7)).collect();
        let (a, b) = (Moments::of(&values).unwrap(), Moments::of(&plain).unwrap());
        assert_relative_eq!(a.std_dev, b.std_dev, max_relative = 1e-12);
        assert_relative_eq!(a.excess_kurtosis, b.excess_kurtosis, max_relative = 1e-9);
    }

    #[test]
    fn constant_short_and_bad_samples() {
        let m = Moments::of(&[0.1; 1000]).unwrap();
        assert!(m.std_dev < 1e-15 && m.skewness == 0.0 && m.excess_kurtosis == 0.0);
        assert_eq!(Moments::of(&[1.0]), Err(StatsError::TooFew { found: 1, needed: 2 }));
        assert!(matches!(Moments::of(&[1.0, f64::NAN]), Err(StatsError::NotFinite { index: 1, .. })));
        assert_eq!(Moments::of(&[-1.0, 1.0]).unwrap().coefficient_of_variation(), None);
    }

    #[test]
    fn correlation_matches_by_hand_and_detects_lines() {
        // x deviations -1.5 -.5 .5 1.5, y deviations -1 -2 2 1: Σxy 5, Σx² 5, Σy² 10.
        let c = pearson(&[1.0, 2.0, 3.0, 4.0], &[2.0, 1.0, 5.0, 4.0], 0.95).unwrap();
        assert_relative_eq!(c.r, 5.0 / 50f64.sqrt(), max_relative = 1e-14);
        // t with two degrees of freedom has the closed tail (1 - t/√(2 + t²))/2.
        let t = c.r * (2.0 / (1.0 - c.r * c.r)).sqrt();
        assert_relative_eq!(c.p_value, 1.0 - t / (2.0 + t * t).sqrt(), max_relative = 1e-9);
        assert!(c.lower < 0.0 && c.upper < 1.0);
        assert_eq!(pearson(&[1.0; 5], &[1.0, 2.0, 3.0, 4.0, 5.0], 0.95), Err(StatsError::NoSpread { n: 5 }));
    }

    proptest! {
        #[test]
        fn moments_follow_units(values in prop::collection::vec(-1.0..1.0f64, 5..50), scale in 1e-9..1e9f64) {
            let a = Moments::of(&values).unwrap();
            prop_assume!(a.std_dev > 1e-3);
            let b = Moments::of(&values.iter().map(|v| v * scale + 2.0 * scale).collect::<Vec<_>>()).unwrap();
            prop_assert!((b.std_dev / scale / a.std_dev - 1.0).abs() < 1e-10);
            prop_assert!((b.skewness - a.skewness).abs() < 1e-8);
            prop_assert!((b.excess_kurtosis - a.excess_kurtosis).abs() < 1e-8);
        }
    }
}
