//! The spread of the material, with the noise of the instrument taken off.

use crate::core::outcome::{Basis, Estimate};
use crate::core::stats::{Moments, student_t_quantile, welch_test};

/// Fewest sites of an interval.
pub(super) const FEWEST_SITES: usize = 3;

/// A variance of the material: mean over sites and its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MaterialVariance {
    /// Mean over sites.
    pub value: f64,
    /// 95 % interval; absent for fewer than three sites.
    pub interval: Option<(f64, f64)>,
}

/// Variance of each site minus that of its own noise.
pub fn by_difference_of_directions(sd: &[f64], noise: &[f64]) -> Option<MaterialVariance> {
    let variances: Vec<f64> = sd.iter().zip(noise).map(|(sd, noise)| sd * sd - noise * noise).collect();
    let value = variances.iter().sum::<f64>() / variances.len() as f64;
    let interval = || {
        let moments = Moments::of(&variances).ok().filter(|moments| moments.n >= FEWEST_SITES)?;
        let half = student_t_quantile(0.975, moments.n as f64 - 1.0).ok()? * moments.std_error();
        Some((value - half, value + half))
    };
    value.is_finite().then(|| MaterialVariance { value, interval: interval() })
}

/// Mean variance of the sites minus that of the sites of a reference without structure of its own.
pub fn by_reference(sd: &[f64], reference: &[f64]) -> Option<MaterialVariance> {
    let squares = |sd: &[f64]| sd.iter().map(|sd| sd * sd).collect::<Vec<f64>>();
    let (a, b) = (squares(sd), squares(reference));
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let enough = a.len() >= FEWEST_SITES && b.len() >= FEWEST_SITES;
    let interval = welch_test(&a, &b, 0.95).ok().filter(|_| enough).map(|test| (test.lower, test.upper));
    let value = mean(&a) - mean(&b);
    value.is_finite().then_some(MaterialVariance { value, interval })
}

impl MaterialVariance {
    /// The standard deviation; `None` where the noise explains all of the spread.
    pub(super) fn estimate(&self, key: &str, unit: &str, n: usize) -> Option<Estimate> {
        if self.value <= 0.0 {
            return None;
        }
        let value = self.value.sqrt();
        let estimate = match self.interval {
            Some((low, high)) => {
                let interval = (low.max(0.0).sqrt(), high.sqrt());
                Estimate::with_interval(key, "σ_m", value, unit, interval, Basis::Replicate)
            }
            None => Estimate::without_interval(key, "σ_m", value, unit, "fewer than three sites"),
        };
        Some(estimate.n(n as f64))
    }
}
