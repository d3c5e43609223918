//! Sizes of avalanches and other events.

mod bursts;
mod counts;
mod mean_field;
mod two_state;
mod waiting;

pub use bursts::Bursts;
pub use counts::{PillarCounts, SegmentCounts};
pub use mean_field::{Avalanche, MeanField, avalanches_under_stress};
pub use two_state::{Flip, TwoState};
pub use waiting::SelfExciting;

use amorph_core::random::rng;
use rand::RngExt;
use rand_distr::{Distribution, Exp1, Gamma};

use crate::SimulationError;

/// `n` sizes `x >= smallest` with density proportional to `x^-α exp(-x/cutoff)`, for `α` of any sign.
///
/// Exact, by rejection from whichever of a power law, an exponential or a gamma distribution fits best. An infinite
/// cut-off gives a pure power law, which needs `α > 1`.
///
/// # Errors
/// [`SimulationError::Parameter`] where no such law exists.
pub fn truncated_power_law(alpha: f64, smallest: f64, cutoff: f64, n: usize, seed: u64) -> Result<Vec<f64>, SimulationError> {
    SimulationError::require_positive("smallest", smallest)?;
    let lambda = smallest / cutoff;
    let parameter = |name, value, allowed| Err(SimulationError::Parameter { name, value, allowed });
    if !(lambda >= 0.0 && lambda.is_finite()) {
        return parameter("cutoff", cutoff, "greater than zero");
    }
    if !alpha.is_finite() || (lambda == 0.0 && alpha <= 1.0) {
        return parameter("alpha", alpha, "finite, and above 1 where there is no cut-off");
    }
    let mut rng = rng(seed);
    let mut sizes = Vec::with_capacity(n);
    let gamma = if alpha < 1.0 && lambda < 1.0 - alpha { Gamma::new(1.0 - alpha, 1.0 / lambda).ok() } else { None };
    while sizes.len() < n {
        let uniform = 1.0 - rng.random::<f64>();
        let (y, accepted) = if let Some(gamma) = gamma {
            let y = gamma.sample(&mut rng);
            (y, y >= 1.0)
        } else if alpha - 1.0 > lambda {
            let y = (1.0 - rng.random::<f64>()).powf(-1.0 / (alpha - 1.0));
            (y, uniform < (-lambda * (y - 1.0)).exp())
        } else {
            // For negative α: y^|α| <= exp(|α|(y-1)), which takes |α| off the rate.
            let growth = (-alpha).max(0.0);
            let deviate: f64 = Exp1.sample(&mut rng);
            let y = 1.0 + deviate / (lambda - growth);
            (y, uniform < y.powf(-alpha) * (-growth * (y - 1.0)).exp())
        };
        if accepted {
            sizes.push(smallest * y);
        }
    }
    Ok(sizes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Mean size in units of the smallest, by quadrature over ln y.
    fn mean(alpha: f64, lambda: f64) -> f64 {
        let steps = 400_000;
        let h = 40.0 / f64::from(steps);
        let moment = |power: f64| {
            let density = |u: f64| ((1.0 - alpha + power) * u - lambda * (u.exp() - 1.0)).exp();
            (0..steps).map(|i| density((f64::from(i) + 0.5) * h)).sum::<f64>()
        };
        moment(1.0) / moment(0.0)
    }

    #[test]
    fn the_mean_is_that_of_the_law() {
        let n = 40_000;
        for (alpha, lambda) in [(1.5, 0.05), (2.2, 0.01), (0.8, 0.02), (0.8, 0.9), (-0.5, 0.3), (-1.0, 3.0), (3.5, 0.0)] {
            let sizes = truncated_power_law(alpha, 2e-4, 2e-4 / lambda, n, 5).unwrap();
            let y: Vec<f64> = sizes.iter().map(|size| size / 2e-4).collect();
            assert_eq!(y.len(), n);
            assert!(y.iter().all(|y| *y >= 1.0 - 1e-12));
            let found = y.iter().sum::<f64>() / n as f64;
            let variance = y.iter().map(|y| (y - found).powi(2)).sum::<f64>() / n as f64;
            let error = (variance / n as f64).sqrt();
            assert!((found - mean(alpha, lambda)).abs() < 4.0 * error, "{alpha} {lambda}: {found} {}", mean(alpha, lambda));
        }
    }

    #[test]
    fn laws_that_do_not_exist_are_refused() {
        let message = |alpha, smallest, cutoff| truncated_power_law(alpha, smallest, cutoff, 5, 1).unwrap_err().to_string();
        assert!(message(0.9, 1.0, f64::INFINITY).starts_with("`alpha` is 0.9"));
        assert!(message(f64::NAN, 1.0, 2.0).starts_with("`alpha` is NaN"));
        assert!(message(1.5, 0.0, 1.0).starts_with("`smallest` is 0"));
        assert!(message(1.5, 1.0, 0.0).starts_with("`cutoff` is 0"));
    }
}
