//! Weighted means over regions, and their intervals from surrogates.

/// A weighted mean and what its scatter says of its error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// The mean; NaN without values.
    pub value: f64,
    /// Standard error as if the values were independent: `sqrt(n/(n-1) sum w^2 (x - mean)^2) / sum w`; NaN with fewer than two.
    pub std_error: f64,
}

/// Averages over the regions of at least some size, each region with its border weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Number of regions inside.
    pub count: usize,
    /// Mean aspect ratio.
    pub aspect: Mean,
    /// Mean aspect ratio weighted by area as well.
    pub aspect_by_area: Mean,
    /// Mean radius of the circle of equal area, m.
    pub req: Mean,
    /// Mean radius weighted by area as well, m.
    pub req_by_area: Mean,
    /// Length of the mean vector of the doubled angles: 0 isotropic, 1 parallel.
    pub angle_order: f64,
    /// Mean of the largest width between parallel lines, m.
    pub feret_max: Mean,
    /// Mean of the smallest width between parallel lines, m.
    pub feret_min: Mean,
    /// Mean of the long side of the least bounding rectangle, m.
    pub bounding_length: Mean,
    /// Mean of its short side, m.
    pub bounding_width: Mean,
}

impl Mean {
    /// Of (weight, value) pairs; values that are not finite are left out.
    pub fn weighted(pairs: impl Iterator<Item = (f64, f64)>) -> Self {
        let pairs: Vec<(f64, f64)> = pairs.filter(|(_, value)| value.is_finite()).collect();
        let n = pairs.len() as f64;
        let total: f64 = pairs.iter().map(|(weight, _)| weight).sum();
        let value = pairs.iter().map(|(weight, value)| weight * value).sum::<f64>() / total;
        let squares: f64 = pairs.iter().map(|(weight, x)| (weight * (x - value)).powi(2)).sum();
        let std_error = if n > 1.0 { (n / (n - 1.0) * squares).sqrt() / total } else { f64::NAN };
        Self { value, std_error }
    }

    /// A count: its square root, whose standard error hardly depends on it.
    pub fn root_of_count(count: usize) -> Self {
        Self { value: (count as f64).sqrt(), std_error: 0.5 }
    }

    /// A number whose error does not follow from a scatter: surrogates scatter about their mean as it does about the truth.
    pub fn plain(value: f64) -> Self {
        Self { value, std_error: 1.0 }
    }

    fn is_usable(&self) -> bool {
        self.value.is_finite() && self.std_error.is_finite() && self.std_error > 0.0
    }

    /// 95 % interval of the expectation behind this mean: surrogates tell how many of its own standard errors a mean lies off its
    /// expectation (studentised parametric bootstrap, Davison & Hinkley 1997, section 5.2.1).
    ///
    /// The standard error takes the regions as independent and the surrogates correct for what it misses, so that a map with
    /// another spread of shapes than its surrogates keeps an interval of the right width. `None` unless nine in ten surrogates, and
    /// twenty or more, have a mean.
    pub fn interval(&self, surrogates: &[Self]) -> Option<(f64, f64)> {
        let usable: Vec<&Self> = surrogates.iter().filter(|mean| mean.is_usable()).collect();
        if !self.is_usable() || usable.len() < 20 || 10 * usable.len() < 9 * surrogates.len() {
            return None;
        }
        let expectation = usable.iter().map(|mean| mean.value).sum::<f64>() / usable.len() as f64;
        let mut deviations: Vec<f64> = usable.iter().map(|mean| (mean.value - expectation) / mean.std_error).collect();
        deviations.sort_unstable_by(f64::total_cmp);
        let [low, high] = [0.025, 0.975].map(|p| order_statistic(&deviations, p));
        Some((self.value - high * self.std_error, self.value - low * self.std_error))
    }
}

/// The value at `p (n + 1)` among sorted ones, which is exact for a pivot (Davison & Hinkley 1997, section 2.4).
fn order_statistic(sorted: &[f64], p: f64) -> f64 {
    let last = sorted.len() - 1;
    let place = (p * (sorted.len() + 1) as f64 - 1.0).clamp(0.0, last as f64);
    let below = place as usize;
    sorted[below] + (place - below as f64) * (sorted[(below + 1).min(last)] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::random::{derive_seed, standard_normals};
    use crate::core::stats::coverage;

    #[test]
    fn the_weighted_mean_by_hand() {
        let mean = Mean::weighted([(1.0, 2.0), (3.0, 4.0), (1.0, f64::NAN)].into_iter());
        assert!((mean.value - 3.5).abs() < 1e-12);
        // Deviations -1.5 and 0.5 with weights 1 and 3: sqrt(2 (2.25 + 2.25)) / 4.
        assert!((mean.std_error - 3.0 / 4.0).abs() < 1e-12);
        assert!(Mean::weighted(std::iter::empty()).value.is_nan());
        assert!(Mean::weighted([(1.0, 2.0)].into_iter()).std_error.is_nan());
    }

    /// The map has three times the spread of its surrogates, and correlated values double both errors.
    #[test]
    fn the_interval_covers_where_surrogates_have_another_spread() {
        let sample = |seed: u64, spread: f64| {
            let z = standard_normals(seed, 30);
            Mean::weighted((0..120).map(|i| (1.0, 5.0 + spread * z[i / 4])))
        };
        let surrogates: Vec<Mean> = (0..300_u64).map(|k| sample(derive_seed(1, &["null".into(), k.into()]), 1.0)).collect();
        let found = coverage(1000, 3, 5.0, |seed| sample(seed, 3.0).interval(&surrogates)).unwrap();
        // 300 surrogates know their quantiles to about 1 %.
        assert!((0.92..=0.98).contains(&found.fraction), "{found:?}");
    }

    #[test]
    fn few_or_failed_surrogates_give_no_interval() {
        let good = Mean { value: 1.0, std_error: 0.1 };
        let failed = Mean { value: f64::NAN, std_error: f64::NAN };
        assert!(good.interval(&[good; 10]).is_none());
        assert!(good.interval(&[[good; 30], [failed; 30]].concat()).is_none());
        assert!(failed.interval(&[good; 30]).is_none());
    }
}
