//! Life-time laws of which some values are only known to lie above or below a limit.

use std::f64::consts::TAU;

use super::{StatsError, chi_squared_quantile, normal_cdf};
use crate::fit::{NelderMead, brent_minimise, brent_root};

/// A value or a limit of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// The value itself.
    Value(f64),
    /// It lies above.
    Above(f64),
    /// It lies below.
    Below(f64),
}

/// Family of distributions of a positive value, a location-scale family in the logarithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifeLaw {
    /// `F = 1 - exp(-(x/scale)^shape)`.
    Weibull,
    /// Normal in the logarithm: median and standard deviation of the logarithm.
    LogNormal,
}

/// A fitted law: `ln x = location + width w` with a standard `w`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LifeFit {
    /// The family.
    pub law: LifeLaw,
    /// Location of ln x.
    pub location: f64,
    /// Width of ln x; the Weibull modulus is its inverse.
    pub width: f64,
    /// 95 % profile interval of the location.
    pub location_interval: (f64, f64),
    /// 95 % profile interval of the width.
    pub width_interval: (f64, f64),
    /// Logarithm of the likelihood.
    pub ln_likelihood: f64,
    /// Values that are no limits.
    pub n_values: usize,
    /// All readings.
    pub n: usize,
}

impl LifeLaw {
    /// Logarithms of density and of the probabilities above and below, at a standard `w`.
    fn ln_density(self, w: f64) -> f64 {
        match self {
            Self::Weibull => w - w.exp(),
            Self::LogNormal => -0.5 * (w * w + TAU.ln()),
        }
    }

    fn ln_above(self, w: f64) -> f64 {
        match self {
            Self::Weibull => -w.exp(),
            Self::LogNormal => normal_cdf(-w).max(f64::MIN_POSITIVE).ln(),
        }
    }

    fn ln_below(self, w: f64) -> f64 {
        match self {
            Self::Weibull => (-(-w.exp()).exp_m1()).max(f64::MIN_POSITIVE).ln(),
            Self::LogNormal => normal_cdf(w).max(f64::MIN_POSITIVE).ln(),
        }
    }

    /// Probability below a value.
    pub fn cumulative(self, value: f64, location: f64, width: f64) -> f64 {
        1.0 - self.ln_above((value.ln() - location) / width).exp()
    }

    /// The contribution of a reading to the logarithm of the likelihood.
    pub fn ln_likelihood(self, reading: Reading, location: f64, width: f64) -> f64 {
        let w = |value: f64| (value.ln() - location) / width;
        match reading {
            Reading::Value(x) => self.ln_density(w(x)) - width.ln() - x.ln(),
            Reading::Above(x) => self.ln_above(w(x)),
            Reading::Below(x) => self.ln_below(w(x)),
        }
    }

    /// Maximum likelihood with profile intervals.
    ///
    /// # Errors
    /// Readings that are not positive, fewer than three values, all values equal, no end of an interval.
    pub fn fit(self, readings: &[Reading]) -> Result<LifeFit, StatsError> {
        let (values, centre, spread) = summary(readings)?;
        let n = readings.len();
        // In units of the spread about the centre, so that nothing depends on units.
        let minus = |a: f64, b: f64| {
            let (location, width) = (centre + spread * a, spread * b.exp());
            -readings.iter().map(|reading| self.ln_likelihood(*reading, location, width)).sum::<f64>()
        };
        let failed = |_| StatsError::NoSpread { n };
        let search = NelderMead { x_tolerance: 1e-7, f_tolerance: 1e-11, ..NelderMead::default() };
        let best = search.minimise(|x| minus(x[0], x[1]), &[0.0, 0.0], &[0.5, 0.5]).map_err(failed)?;
        let (a, b, least) = (best.x[0], best.x[1], best.value);
        let rise = 0.5 * chi_squared_quantile(0.95, 1.0)?;
        let over_width = |a: f64| brent_minimise(|b| minus(a, b), b - 3.0, b + 3.0, 1e-7).map_or(f64::NAN, |m| m.value);
        let over_location = |b: f64| {
            let reach = 8.0 * b.exp().max(1.0);
            brent_minimise(|a| minus(a, b), a - reach, a + reach, 1e-7).map_or(f64::NAN, |m| m.value)
        };
        let side = |profile: &dyn Fn(f64) -> f64, at: f64, sign: f64| -> Result<f64, StatsError> {
            let excess = |x: f64| profile(x) - least - rise;
            let mut step = 0.1;
            while excess(at + sign * step) < 0.0 && step < 50.0 {
                step *= 1.6;
            }
            brent_root(excess, at, at + sign * step, 1e-7).map_err(|_| StatsError::NoSpread { n })
        };
        let location = |sign: f64| side(&over_width, a, sign).map(|a| centre + spread * a);
        let width = |sign: f64| side(&over_location, b, sign).map(|b| spread * b.exp());
        Ok(LifeFit {
            law: self,
            location: centre + spread * a,
            width: spread * b.exp(),
            location_interval: (location(-1.0)?, location(1.0)?),
            width_interval: (width(-1.0)?, width(1.0)?),
            ln_likelihood: -least,
            n_values: values,
            n,
        })
    }
}

impl LifeFit {
    /// Bayesian information criterion.
    pub fn bic(&self) -> f64 {
        2.0 * (self.n as f64).ln() - 2.0 * self.ln_likelihood
    }
}

/// Number of values, and centre and spread of their logarithms.
fn summary(readings: &[Reading]) -> Result<(usize, f64, f64), StatsError> {
    let number = |reading: &Reading| match *reading {
        Reading::Value(x) | Reading::Above(x) | Reading::Below(x) => x,
    };
    if let Some(value) = readings.iter().map(number).find(|x| !(*x > 0.0 && x.is_finite())) {
        return Err(StatsError::OutOfRange { what: "reading", value, rule: "positive and finite" });
    }
    let logs = readings.iter().filter_map(|reading| if let Reading::Value(x) = reading { Some(x.ln()) } else { None });
    let logs: Vec<f64> = logs.collect();
    if logs.len() < 3 {
        return Err(StatsError::TooFew { found: logs.len(), needed: 3 });
    }
    let centre = logs.iter().sum::<f64>() / logs.len() as f64;
    let spread = (logs.iter().map(|y| (y - centre).powi(2)).sum::<f64>() / logs.len() as f64).sqrt();
    if spread == 0.0 {
        return Err(StatsError::NoSpread { n: logs.len() });
    }
    Ok((logs.len(), centre, spread))
}

/// Share of values up to each that is one, with limits above it taken into account (Kaplan & Meier 1958), ascending; for plots.
///
/// Readings below a limit count as values at it.
pub fn kaplan_meier(readings: &[Reading]) -> Vec<(f64, f64)> {
    let mut sorted: Vec<(f64, bool)> = readings
        .iter()
        .map(|reading| match *reading {
            Reading::Value(x) | Reading::Below(x) => (x, true),
            Reading::Above(x) => (x, false),
        })
        .collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let mut survival = 1.0;
    let mut points = Vec::new();
    for (i, (value, is_value)) in sorted.iter().enumerate() {
        if *is_value {
            let before = survival;
            survival *= 1.0 - 1.0 / (sorted.len() - i) as f64;
            // The middle of the step: the usual place of a point.
            points.push((*value, 1.0 - 0.5 * (before + survival)));
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::rng;
    use crate::stats::coverage;
    use rand::RngExt;

    fn weibull(seed: u64, n: usize, shape: f64, above: f64, below: f64) -> Vec<Reading> {
        let mut random = rng(seed);
        let draw = |_| {
            let x = 2.0 * (-(1.0 - random.random::<f64>()).ln()).powf(1.0 / shape);
            if x > above {
                Reading::Above(above)
            } else if x < below {
                Reading::Below(below)
            } else {
                Reading::Value(x)
            }
        };
        (0..n).map(draw).collect()
    }

    #[test]
    fn the_intervals_cover_with_and_without_censoring() {
        for (n, above, below) in [(30, f64::INFINITY, 0.0), (60, 2.2, 0.0), (60, 2.2, 1.2), (300, 2.0, 0.0)] {
            let fit = |seed| LifeLaw::Weibull.fit(&weibull(seed, n, 5.0, above, below)).ok();
            let width = coverage(600, 1, 0.2, |seed| fit(seed).map(|f| f.width_interval)).unwrap().fraction;
            let location = coverage(600, 2, 2f64.ln(), |seed| fit(seed).map(|f| f.location_interval)).unwrap().fraction;
            // 600 trials: standard error 0.009.
            assert!((0.92..0.975).contains(&width), "{n}: width {width}");
            assert!((0.92..0.975).contains(&location), "{n}: location {location}");
        }
    }

    #[test]
    fn a_law_is_told_from_the_other_and_limits_are_drawn() {
        let readings = weibull(4, 2000, 2.0, f64::INFINITY, 0.0);
        let (a, b) = (LifeLaw::Weibull.fit(&readings).unwrap(), LifeLaw::LogNormal.fit(&readings).unwrap());
        assert!(a.bic() < b.bic() - 10.0);
        assert!((a.width - 0.5).abs() < 0.03);
        assert!((LifeLaw::Weibull.cumulative(2.0, 2f64.ln(), 0.5) - (1.0 - (-1f64).exp())).abs() < 1e-12);
        let points = kaplan_meier(&[Reading::Value(1.0), Reading::Above(1.5), Reading::Value(2.0)]);
        assert!((points[0].1 - 1.0 / 6.0).abs() < 1e-12);
        assert!((points[1].1 - (1.0 / 3.0 + 1.0 / 3.0)).abs() < 1e-12);
        assert!(LifeLaw::Weibull.fit(&[Reading::Value(1.0); 5]).is_err());
        assert!(LifeLaw::Weibull.fit(&[Reading::Value(-1.0)]).is_err());
    }
}
