//! Pop-ins as thermally activated events: their hazard rises with the stress below the tip.

use crate::core::fit::{NelderMead, brent_root};
use crate::core::stats::{Reading, chi_squared_quantile};

/// First pop-in of a test, with how it was loaded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loaded {
    /// Its load, N, or a limit of it.
    pub reading: Reading,
    /// Rate of the load, N/s.
    pub rate: f64,
    /// Temperature, K.
    pub temperature: f64,
}

/// `hazard per time = exp(a - e (Tref/T - 1) + u (Tref/T) (P/Pref)^(1/3))`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thermal {
    /// `V* τ(Pref)/(k Tref)`.
    pub stress_term: f64,
    /// 95 % profile interval of it; an open end is zero or infinite.
    pub stress_interval: (f64, f64),
    /// `a`, the logarithm of the hazard at no load, 1/s.
    pub ln_attempts: f64,
    /// Energy over `k Tref`; zero where there is one temperature.
    pub energy_term: f64,
    /// Load at which the terms are given, N.
    pub reference_load: f64,
    /// Temperature at which they are given, K.
    pub reference_temperature: f64,
    /// Logarithm of the likelihood.
    pub ln_likelihood: f64,
    /// Free parameters.
    pub parameters: usize,
}

/// `∫₀^x 3 s² exp(α s) ds`, from the closed form or, where that cancels, from its series.
fn integral(alpha: f64, x: f64) -> f64 {
    let z = alpha * x;
    if z.abs() < 0.3 {
        // Σ 3 z^k/(k! (k + 3)) x³.
        let (mut term, mut sum) = (1.0, 0.0);
        for k in 0..14 {
            sum += 3.0 * term / f64::from(k + 3);
            term *= z / f64::from(k + 1);
        }
        return sum * x.powi(3);
    }
    3.0 * (z.exp() * (z * z - 2.0 * z + 2.0) - 2.0) / alpha.powi(3)
}

impl Thermal {
    /// Expected number of events up to a load.
    pub fn hazard(&self, load: f64, rate: f64, temperature: f64) -> f64 {
        let share = self.reference_temperature / temperature;
        let x = (load / self.reference_load).cbrt();
        let level = (self.ln_attempts - self.energy_term * (share - 1.0)).exp();
        level * self.reference_load / rate * integral(self.stress_term * share, x)
    }

    fn ln_density(&self, load: f64, rate: f64, temperature: f64) -> f64 {
        let share = self.reference_temperature / temperature;
        let x = (load / self.reference_load).cbrt();
        self.ln_attempts - self.energy_term * (share - 1.0) + self.stress_term * share * x - rate.ln()
    }

    fn ln_likelihood_of(&self, test: &Loaded) -> f64 {
        let (rate, temperature) = (test.rate, test.temperature);
        match test.reading {
            Reading::Value(load) => self.ln_density(load, rate, temperature) - self.hazard(load, rate, temperature),
            Reading::Above(load) => -self.hazard(load, rate, temperature),
            Reading::Below(load) => (-(-self.hazard(load, rate, temperature)).exp_m1()).max(f64::MIN_POSITIVE).ln(),
        }
    }

    /// Bayesian information criterion.
    pub fn bic(&self, n: usize) -> f64 {
        self.parameters as f64 * (n as f64).ln() - 2.0 * self.ln_likelihood
    }
}

/// Maximum likelihood over tests at several rates or temperatures, with the interval of the stress term; absent where it has no maximum.
pub fn fit(tests: &[Loaded], several_temperatures: bool) -> Option<Thermal> {
    fit_with(tests, several_temperatures, true)
}

/// As [`fit`], without the interval where it is not asked for.
pub(super) fn fit_with(tests: &[Loaded], several_temperatures: bool, with_interval: bool) -> Option<Thermal> {
    let mut loads: Vec<f64> =
        tests.iter().filter_map(|test| if let Reading::Value(load) = test.reading { Some(load) } else { None }).collect();
    loads.sort_unstable_by(f64::total_cmp);
    let reference_load = *loads.get(loads.len() / 2)?;
    let reference_temperature = tests.iter().map(|test| test.temperature).sum::<f64>() / tests.len() as f64;
    let middle_rate = (tests.iter().map(|test| test.rate.ln()).sum::<f64>() / tests.len() as f64).exp();
    let at = |ln_u: f64, b: f64, e: f64| {
        let stress_term = ln_u.exp();
        // b is the logarithm of the hazard at the reference load, so that the parameters hang together little.
        let ln_attempts = b + (middle_rate / (reference_load * integral(stress_term, 1.0))).ln();
        Thermal {
            stress_term,
            stress_interval: (0.0, f64::INFINITY),
            ln_attempts,
            energy_term: e,
            reference_load,
            reference_temperature,
            ln_likelihood: 0.0,
            parameters: 2 + usize::from(several_temperatures),
        }
    };
    let minus = |law: &Thermal| -tests.iter().map(|test| law.ln_likelihood_of(test)).sum::<f64>();
    let search = NelderMead { x_tolerance: 1e-7, f_tolerance: 1e-10, max_evaluations: 3000, restarts: 1 };
    let whole = |x: &[f64]| minus(&at(x[0], x[1], if several_temperatures { 10.0 * x[2] } else { 0.0 }));
    let starts: &[f64] = if several_temperatures { &[2.3, 0.0, 1.0] } else { &[2.3, 0.0] };
    let steps: &[f64] = if several_temperatures { &[0.5, 0.5, 1.0] } else { &[0.5, 0.5] };
    let best = search.minimise(whole, starts, steps).ok()?;
    let (ln_u, rest) = (best.x[0], best.x[1..].to_vec());
    let energy = if several_temperatures { 10.0 * rest[1] } else { 0.0 };
    if !with_interval {
        return Some(Thermal { ln_likelihood: -best.value, ..at(ln_u, rest[0], energy) });
    }
    let rise = 0.5 * chi_squared_quantile(0.95, 1.0).ok()?;
    let excess = |u: f64| {
        let part = |x: &[f64]| minus(&at(u, x[0], if several_temperatures { 10.0 * x[1] } else { 0.0 }));
        search.minimise(part, &rest, &steps[1..]).map_or(f64::NAN, |found| found.value) - best.value - rise
    };
    let side = |sign: f64| {
        let mut step = 0.1;
        while excess(ln_u + sign * step) < 0.0 {
            step *= 1.6;
            if step > 6.0 {
                return None;
            }
        }
        brent_root(excess, ln_u, ln_u + sign * step, 1e-5).ok()
    };
    let interval = (side(-1.0).map_or(0.0, f64::exp), side(1.0).map_or(f64::INFINITY, f64::exp));
    Some(Thermal { stress_interval: interval, ln_likelihood: -best.value, ..at(ln_u, rest[0], energy) })
}
