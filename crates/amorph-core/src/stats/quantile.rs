//! Quantiles, histograms and distances between samples.

use super::StatsError;
use super::error::require;

/// Quantile at `p` in [0, 1] by linear interpolation of the order statistics
/// (Hyndman & Fan type 7, the default of numpy), in linear time.
///
/// # Errors
/// No value, a value that is not finite, `p` outside [0, 1].
pub fn quantile(values: &[f64], p: f64) -> Result<f64, StatsError> {
    require(values, 1)?;
    let (below, fraction) = position(values.len(), p)?;
    let mut work = values.to_vec();
    let (_, &mut low, above) = work.select_nth_unstable_by(below, f64::total_cmp);
    if fraction == 0.0 {
        return Ok(low);
    }
    let high = above.iter().copied().fold(f64::INFINITY, f64::min);
    Ok(interpolate(low, high, fraction))
}

/// Quantiles at several probabilities from one sort.
///
/// # Errors
/// As [`quantile`].
pub fn quantiles(values: &[f64], probabilities: &[f64]) -> Result<Vec<f64>, StatsError> {
    require(values, 1)?;
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    probabilities.iter().map(|&p| quantile_sorted(&sorted, p)).collect()
}

/// Quantile of values in ascending order.
pub(super) fn quantile_sorted(sorted: &[f64], p: f64) -> Result<f64, StatsError> {
    let (below, fraction) = position(sorted.len(), p)?;
    let high = sorted[(below + 1).min(sorted.len() - 1)];
    Ok(interpolate(sorted[below], high, fraction))
}

/// Median.
///
/// # Errors
/// As [`quantile`].
pub fn median(values: &[f64]) -> Result<f64, StatsError> {
    quantile(values, 0.5)
}

/// Median of the absolute value of a standard normal deviate.
pub const MEDIAN_OF_ABSOLUTE_NORMAL: f64 = 0.674_489_750_196_081_7;

/// The median of finite values, which are reordered; NaN where there are none.
pub fn median_in_place(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let middle = values.len() / 2;
    let upper = *values.select_nth_unstable_by(middle, f64::total_cmp).1;
    if values.len() % 2 == 1 {
        return upper;
    }
    let lower = values[..middle].iter().copied().fold(f64::NEG_INFINITY, f64::max);
    0.5 * (lower + upper)
}

/// Index of the order statistic below the quantile and the fraction to the next.
fn position(n: usize, p: f64) -> Result<(usize, f64), StatsError> {
    if !(0.0..=1.0).contains(&p) {
        return Err(StatsError::OutOfRange { what: "probability", value: p, rule: "within 0 and 1" });
    }
    let place = p * (n - 1) as f64;
    let below = place.floor();
    Ok((below as usize, place - below))
}

fn interpolate(low: f64, high: f64, fraction: f64) -> f64 {
    low + fraction * (high - low)
}

/// Equal bins shared by one or more samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// Bin edges, one more than bins, ascending.
    pub edges: Vec<f64>,
    /// Counts, one row per sample. The last bin includes its upper edge.
    pub counts: Vec<Vec<usize>>,
}

impl Histogram {
    /// Number of bins at most, whatever the outliers.
    pub const MAX_BINS: usize = 4096;

    /// Common bins for the samples: the Freedman-Diaconis width
    /// `2 IQR n^(-1/3)` (doi:10.1007/BF01025868), the smallest over the samples,
    /// over the common range. A sample without interquartile range does not count;
    /// if none has one, Sturges' `log₂ n + 1` bins.
    ///
    /// # Errors
    /// No sample, an empty one, values not finite, or no spread at all.
    pub fn freedman_diaconis(samples: &[&[f64]]) -> Result<Self, StatsError> {
        let (mut low, mut high, mut width) = (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY);
        let (mut n, mut longest) = (0, 0);
        for sample in samples {
            let quartiles = quantiles(sample, &[0.0, 0.25, 0.75, 1.0])?;
            low = low.min(quartiles[0]);
            high = high.max(quartiles[3]);
            let spread = quartiles[2] - quartiles[1];
            if spread > 0.0 {
                width = width.min(2.0 * spread / (sample.len() as f64).cbrt());
            }
            n += sample.len();
            longest = longest.max(sample.len());
        }
        if n == 0 {
            return Err(StatsError::TooFew { found: 0, needed: 1 });
        }
        if low == high {
            return Err(StatsError::NoSpread { n });
        }
        let bins = match width.is_finite() {
            true => ((high - low) / width).ceil(),
            false => (longest as f64).log2().ceil() + 1.0,
        };
        let bins = (bins.max(1.0) as usize).min(Self::MAX_BINS);
        let inner = (0..bins).map(|i| low + (high - low) * i as f64 / bins as f64);
        let edges = inner.chain([high]).collect();
        Self::with_edges(edges, samples)
    }

    /// Counts of the samples in given ascending edges; values outside are left out.
    ///
    /// # Errors
    /// Fewer than two edges, edges that do not ascend, values not finite.
    pub fn with_edges(edges: Vec<f64>, samples: &[&[f64]]) -> Result<Self, StatsError> {
        require(&edges, 2)?;
        if let Some(pair) = edges.windows(2).find(|pair| pair[0] >= pair[1]) {
            let (what, rule) = ("histogram edge", "above the edge before it");
            return Err(StatsError::OutOfRange { what, value: pair[1], rule });
        }
        let bins = edges.len() - 1;
        let mut counts = Vec::with_capacity(samples.len());
        for sample in samples {
            require(sample, 0)?;
            let mut row = vec![0; bins];
            for &value in *sample {
                let above = edges.partition_point(|&edge| edge <= value);
                if above > 0 && value <= edges[bins] {
                    row[(above - 1).min(bins - 1)] += 1;
                }
            }
            counts.push(row);
        }
        Ok(Self { edges, counts })
    }

    /// Probability density of one sample in each bin: integrates to one over the
    /// counted values; `None` for a sample without counts.
    pub fn density(&self, sample: usize) -> Option<Vec<f64>> {
        let row = self.counts.get(sample)?;
        let total: usize = row.iter().sum();
        let bins = row.iter().zip(self.edges.windows(2));
        (total > 0).then(|| bins.map(|(&c, e)| c as f64 / (total as f64 * (e[1] - e[0]))).collect())
    }

    /// Bin centres.
    pub fn centres(&self) -> Vec<f64> {
        self.edges.windows(2).map(|e| 0.5 * (e[0] + e[1])).collect()
    }
}

/// Largest distance between the empirical distributions of two samples
/// (two-sample Kolmogorov-Smirnov statistic).
///
/// # Errors
/// An empty sample or values that are not finite.
pub fn ks_distance(a: &[f64], b: &[f64]) -> Result<f64, StatsError> {
    require(a, 1)?;
    require(b, 1)?;
    let (mut a, mut b) = (a.to_vec(), b.to_vec());
    a.sort_unstable_by(f64::total_cmp);
    b.sort_unstable_by(f64::total_cmp);
    let (mut i, mut j, mut largest) = (0, 0, 0.0f64);
    while i < a.len() && j < b.len() {
        let value = a[i].min(b[j]);
        while i < a.len() && a[i] <= value {
            i += 1;
        }
        while j < b.len() && b[j] <= value {
            j += 1;
        }
        largest = largest.max((i as f64 / a.len() as f64 - j as f64 / b.len() as f64).abs());
    }
    Ok(largest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    #[test]
    fn quantiles_are_those_of_numpy() {
        // numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], [0, .1, .25, .5, .9, 1])
        let v = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        let want = [1.0, 1.0, 1.75, 3.5, 6.9, 9.0];
        for (p, w) in [0.0, 0.1, 0.25, 0.5, 0.9, 1.0].into_iter().zip(want) {
            assert_relative_eq!(quantile(&v, p).unwrap(), w, max_relative = 1e-14);
        }
        assert!(quantile(&v, 1.1).is_err());
        assert!(quantile(&[], 0.5).is_err());
        assert!(quantile(&[f64::NAN], 0.5).is_err());
    }

    proptest! {
        #[test]
        fn selection_equals_sorting(values in prop::collection::vec(-1e3..1e3f64, 1..80), p in 0.0..=1.0f64) {
            prop_assert_eq!(quantile(&values, p).unwrap(), quantiles(&values, &[p]).unwrap()[0]);
        }

        #[test]
        fn every_value_is_counted_once(values in prop::collection::vec(-1e3..1e3f64, 2..200)) {
            prop_assume!(values.iter().any(|v| *v != values[0]));
            let h = Histogram::freedman_diaconis(&[&values, &values[..1]]).unwrap();
            prop_assert_eq!(h.counts[0].iter().sum::<usize>(), values.len());
            prop_assert_eq!(h.counts[1].iter().sum::<usize>(), 1);
            let area: f64 = h.density(0).unwrap().iter().zip(h.edges.windows(2)).map(|(d, e)| d * (e[1] - e[0])).sum();
            prop_assert!((area - 1.0).abs() < 1e-9);
        }

        #[test]
        fn ks_distance_is_the_brute_force_one(a in prop::collection::vec(0..9i32, 1..30), b in prop::collection::vec(0..9i32, 1..30)) {
            let share = |s: &[i32], x: i32| s.iter().filter(|v| **v <= x).count() as f64 / s.len() as f64;
            let brute = (0..9).map(|x| (share(&a, x) - share(&b, x)).abs()).fold(0.0, f64::max);
            let real = |s: &[i32]| s.iter().map(|v| f64::from(*v)).collect::<Vec<_>>();
            prop_assert!((ks_distance(&real(&a), &real(&b)).unwrap() - brute).abs() < 1e-14);
        }
    }

    #[test]
    fn bin_width_follows_freedman_and_diaconis() {
        // 0..=1000: quartiles 250 and 750, width 2·500/10.00333.
        let values: Vec<f64> = (0..=1000).map(f64::from).collect();
        let h = Histogram::freedman_diaconis(&[&values]).unwrap();
        assert_eq!(h.edges.len() - 1, 11);
        assert_eq!(h.edges[11], 1000.0);
        assert!(Histogram::freedman_diaconis(&[&[2.0, 2.0]]).is_err());
        assert!(Histogram::with_edges(vec![0.0, 0.0], &[]).is_err());
    }

    #[test]
    fn one_far_outlier_does_not_explode_the_bins() {
        let mut values: Vec<f64> = (0..1000).map(f64::from).collect();
        values.push(1e12);
        assert_eq!(Histogram::freedman_diaconis(&[&values]).unwrap().centres().len(), Histogram::MAX_BINS);
    }
}
