//! Two populations of life-time readings.

use crate::core::fit::NelderMead;
use crate::core::stats::{LifeFit, LifeLaw, Reading};

/// A mixture of two Weibull laws, in the logarithm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Two {
    /// Share of the first, weaker one.
    pub share: f64,
    /// Locations of ln x.
    pub location: [f64; 2],
    /// Widths of ln x.
    pub width: [f64; 2],
    /// Bayesian information criterion.
    pub bic: f64,
}

/// Narrowest population over the width of one law: narrower ones describe single readings.
const NARROWEST: f64 = 0.1;

/// Maximum likelihood from several starts; absent where nothing converges.
pub fn two_weibull(readings: &[Reading], one: &LifeFit) -> Option<Two> {
    let law = LifeLaw::Weibull;
    let unpack = |x: &[f64]| {
        let share = 1.0 / (1.0 + (-x[0]).exp());
        let width = |u: f64| one.width * (NARROWEST + u.exp());
        (share, [one.location + one.width * x[1], one.location + one.width * x[2]], [width(x[3]), width(x[4])])
    };
    let minus = |x: &[f64]| {
        let (share, location, width) = unpack(x);
        let term = |reading: &Reading| {
            let likelihood = |i: usize| law.ln_likelihood(*reading, location[i], width[i]).exp();
            (share * likelihood(0) + (1.0 - share) * likelihood(1)).max(f64::MIN_POSITIVE).ln()
        };
        -readings.iter().map(term).sum::<f64>()
    };
    let search = NelderMead { x_tolerance: 1e-5, f_tolerance: 1e-9, max_evaluations: 6000, restarts: 1 };
    let starts = [[0.0, -1.0, 0.5, -0.7, -0.7], [-1.0, -2.0, 0.2, -0.7, -0.3], [1.0, -0.3, 1.0, -0.3, -0.7]];
    let runs = starts.iter().filter_map(|start| search.minimise(minus, start, &[0.5, 0.3, 0.3, 0.3, 0.3]).ok());
    let best = runs.min_by(|a, b| a.value.total_cmp(&b.value))?;
    let (share, location, width) = unpack(&best.x);
    let bic = 5.0 * (readings.len() as f64).ln() + 2.0 * best.value;
    let ordered = location[0] <= location[1];
    Some(if ordered {
        Two { share, location, width, bic }
    } else {
        Two { share: 1.0 - share, location: [location[1], location[0]], width: [width[1], width[0]], bic }
    })
}
