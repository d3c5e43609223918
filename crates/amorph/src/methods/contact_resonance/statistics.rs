//! Mean and spread over a map or a list of points, with errors that know of the correlation of a map.

use ndarray::Array2;

use crate::core::image::spatial_mean;
use crate::core::stats::{Moments, student_t_quantile};

/// Where the values were measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Layout {
    /// Pixels of this pitch (y, x), m.
    Map((f64, f64)),
    /// Places that have nothing to do with each other.
    Points,
}

/// A number with its error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Value.
    pub value: f64,
    /// Standard error.
    pub std_error: f64,
    /// 95 % interval; absent where too few independent areas fit into the map.
    pub interval: Option<(f64, f64)>,
    /// Number of independent areas or points.
    pub n: f64,
}

/// Why a mean of a map may have no interval.
pub const FEW_AREAS: &str = "fewer than 50 independent areas fit into the map (or 3 points into the list)";

/// Mean of the finite values; `None` without any spread.
pub fn mean(values: &Array2<f64>, layout: Layout) -> Option<Measured> {
    match layout {
        Layout::Map(pitch) => {
            let found = spatial_mean(values.view(), pitch)?;
            Some(Measured { value: found.mean, std_error: found.std_error, interval: found.interval, n: found.n_effective })
        }
        Layout::Points => {
            let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
            let moments = Moments::of(&finite).ok().filter(|moments| moments.std_dev > 0.0)?;
            let (n, error) = (finite.len() as f64, moments.std_error());
            let half = student_t_quantile(0.975, n - 1.0).ok().filter(|_| n >= 3.0).map(|t| t * error);
            let interval = half.map(|half| (moments.mean - half, moments.mean + half));
            Some(Measured { value: moments.mean, std_error: error, interval, n })
        }
    }
}

/// Standard deviation of what was measured, with the variance of the measurement (`noise`, per pixel) subtracted.
///
/// `s² = <(z - m)²> - <noise> + s_m²`: the last term is what the mean itself, fitted to the same values, takes away. The interval
/// comes from the influence of every pixel on `ln s`, a stationary field with a mean of its own. `None` where the noise explains
/// all of the spread.
pub fn spread(values: &Array2<f64>, noise: &Array2<f64>, layout: Layout) -> Option<Measured> {
    let centre = mean(values, layout)?;
    let excess = ndarray::Zip::from(values).and(noise).map_collect(|&z, &noise| (z - centre.value).powi(2) - noise);
    let finite = || excess.iter().copied().filter(|value| value.is_finite());
    let variance = finite().sum::<f64>() / finite().count() as f64 + centre.std_error.powi(2);
    if variance.is_nan() || variance <= 0.0 {
        return None;
    }
    let influence = mean(&excess.mapv(|excess| 0.5 * (excess / variance - 1.0)), layout)?;
    let sd = variance.sqrt();
    let half = influence.interval.map(|(lo, hi)| 0.5 * (hi - lo)).filter(|_| centre.interval.is_some());
    Some(Measured {
        value: sd,
        std_error: sd * influence.std_error,
        interval: half.map(|half| (sd * (-half).exp(), sd * half.exp())),
        n: influence.n,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::random::{FieldModel, FieldSampler, standard_normals};

    /// Fields of known mean and spread with white measurement noise: coverage of both intervals.
    fn coverage(trials: u64, xi: f64, noise: f64, masked: bool) -> (f64, f64) {
        let sampler = FieldSampler::new(&FieldModel::isotropic(1.0, xi, 0.5), (96, 96), (1.0, 1.0)).unwrap();
        let trial = |seed: u64| {
            let mut field = sampler.sample(seed);
            let mut white = standard_normals(seed + 1_000_000, field.len()).into_iter();
            field.mapv_inplace(|z| 10.0 + z + noise * white.next().unwrap());
            if masked {
                field.indexed_iter_mut().filter(|((_, j), _)| j % 17 == 0).for_each(|(_, value)| *value = f64::NAN);
            }
            let variance = Array2::from_elem(field.dim(), noise * noise);
            let layout = Layout::Map((1.0, 1.0));
            let within = |found: Option<Measured>, truth: f64| {
                found.and_then(|found| found.interval).is_some_and(|(lo, hi)| lo <= truth && truth <= hi)
            };
            (within(mean(&field, layout), 10.0), within(spread(&field, &variance, layout), 1.0))
        };
        let found: Vec<(bool, bool)> = (0..trials).map(trial).collect();
        let rate = |pick: fn(&(bool, bool)) -> bool| found.iter().filter(|found| pick(found)).count() as f64 / trials as f64;
        (rate(|found| found.0), rate(|found| found.1))
    }

    #[test]
    fn mean_and_spread_cover() {
        // 300 maps: the standard error of a rate of 0.95 is 0.013; two of them are added to 92-98 %.
        for (xi, noise, masked) in [(1.5, 0.0, false), (1.5, 0.5, true)] {
            let (of_mean, of_spread) = coverage(300, xi, noise, masked);
            assert!((0.895..=0.995).contains(&of_mean), "mean, xi {xi}: {of_mean}");
            assert!((0.895..=0.995).contains(&of_spread), "spread, xi {xi}, noise {noise}: {of_spread}");
        }
    }

    #[test]
    fn points_are_replicates() {
        let covered = |seed: u64| {
            let values = Array2::from_shape_vec((8, 1), standard_normals(seed, 8)).unwrap();
            let (lo, hi) = mean(&values, Layout::Points).unwrap().interval.unwrap();
            lo <= 0.0 && 0.0 <= hi
        };
        let rate = (0..2000).filter(|&seed| covered(seed)).count() as f64 / 2000.0;
        assert!((0.935..=0.965).contains(&rate), "{rate}");
    }

    #[test]
    fn noise_that_explains_everything_leaves_no_spread() {
        let values = Array2::from_shape_vec((20, 20), standard_normals(3, 400)).unwrap();
        assert!(spread(&values, &Array2::from_elem((20, 20), 2.0), Layout::Map((1.0, 1.0))).is_none());
        assert!(mean(&Array2::from_elem((9, 9), 1.0), Layout::Map((1.0, 1.0))).is_none());
    }
}
