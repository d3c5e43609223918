//! Stretched exponentials of the recovery enthalpy at one or several annealing temperatures, fitted together.

use crate::core::fit::{ErrorScale, Fit, LeastSquares, Parameter};
use crate::core::stats::{chi_squared_tail, f_tail};
use crate::theory::constants::GAS;

/// Where the stretching exponent may lie: above 1 nothing relaxes, below 0.1 nothing ends.
const STRETCHING: (f64, f64) = (0.1, 1.0);
/// Stretching exponents from which the search starts.
const STARTS: [f64; 3] = [0.3, 0.5, 0.8];
/// The same for the quarter of a fit that the relaxation time is moved by at the start.
const SHIFTS: [f64; 3] = [-1.5, 0.0, 2.0];

/// How far beyond its readings a relaxation time is sought, in natural logarithms: below the shortest time, above the longest.
const BEYOND: (f64, f64) = (4.0, 7.0);

/// Readings at one annealing temperature.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Isotherm {
    /// Annealing temperature, K.
    pub temperature: f64,
    /// Annealing times, s.
    pub times: Vec<f64>,
    /// Recovery enthalpies, J/kg.
    pub enthalpies: Vec<f64>,
    /// Their standard errors, J/kg, where they are stated.
    pub errors: Option<Vec<f64>>,
    /// Enthalpy of equilibrium that is known from elsewhere, J/kg, and its standard error.
    pub known: Option<(f64, f64)>,
}

/// What the isotherms have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Common {
    /// Nothing.
    Nothing,
    /// The stretching exponent.
    Exponent,
    /// The exponent, and one activation energy for all relaxation times.
    Energy,
}

/// A number with its error and 95 % interval, where the profile closes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Value.
    pub value: f64,
    /// Interval.
    pub interval: Option<(f64, f64)>,
}

/// The law at one temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Law {
    /// Enthalpy of equilibrium, J/kg.
    pub equilibrium: Found,
    /// Relaxation time, s.
    pub tau: Found,
    /// Stretching exponent.
    pub stretching: Found,
    /// Correlation of the logarithms of equilibrium and relaxation time.
    pub correlation: f64,
}

/// All isotherms with what they have in common.
#[derive(Debug, Clone)]
pub struct Joint {
    /// What is in common.
    pub common: Common,
    /// The law of each.
    pub laws: Vec<Law>,
    /// Activation energy, J/mol.
    pub energy: Option<Found>,
    /// ln of the relaxation time at infinite temperature.
    pub ln_prefactor: Option<f64>,
    /// Sum of the squares of what is left, in errors (in J/kg where none are stated).
    pub sum: f64,
    /// Degrees of freedom.
    pub dof: f64,
    /// Residuals of each isotherm, in J/kg.
    pub left: Vec<Vec<f64>>,
}

impl Law {
    /// Recovery enthalpy after a time (s), J/kg.
    pub fn at(&self, time: f64) -> f64 {
        self.equilibrium.value * share(time, self.tau.value, self.stretching.value)
    }
}

/// `1 - exp(-(t/τ)^β)`.
fn share(time: f64, tau: f64, stretching: f64) -> f64 {
    -(-(time / tau).powf(stretching)).exp_m1()
}

/// Where the parameters of one isotherm stand in the vector of all.
struct Layout<'a> {
    isotherms: &'a [Isotherm],
    common: Common,
    /// Mean of 1/(R T), where the relaxation time of the Arrhenius law is a parameter.
    centre: f64,
}

impl<'a> Layout<'a> {
    fn new(isotherms: &'a [Isotherm], common: Common) -> Self {
        let centre = isotherms.iter().map(|one| 1.0 / (GAS * one.temperature)).sum::<f64>() / isotherms.len() as f64;
        Self { isotherms, common, centre }
    }

    fn stretching(&self, i: usize) -> usize {
        let n = self.isotherms.len();
        match self.common {
            Common::Nothing => 2 * n + i,
            Common::Exponent => 2 * n,
            Common::Energy => n + 2,
        }
    }

    fn ln_tau(&self, p: &[f64], i: usize) -> f64 {
        let n = self.isotherms.len();
        if self.common == Common::Energy {
            p[n] + p[n + 1] * (1.0 / (GAS * self.isotherms[i].temperature) - self.centre)
        } else {
            p[n + i]
        }
    }

    fn residuals(&self, p: &[f64]) -> Vec<f64> {
        let mut all = Vec::new();
        for (i, one) in self.isotherms.iter().enumerate() {
            let (equilibrium, tau, stretching) = (p[i].exp(), self.ln_tau(p, i).exp(), p[self.stretching(i)]);
            for (row, (time, enthalpy)) in one.times.iter().zip(&one.enthalpies).enumerate() {
                let error = one.errors.as_ref().map_or(1.0, |errors| errors[row]);
                all.push((enthalpy - equilibrium * share(*time, tau, stretching)) / error);
            }
            all.extend(one.known.map(|(known, error)| (known - equilibrium) / error));
        }
        all
    }

    /// The problem from a start.
    fn problem(&self, start: &[(f64, f64)], stretching: f64, shift: f64) -> LeastSquares {
        let n = self.isotherms.len();
        let mut parameters: Vec<Parameter> =
            start.iter().map(|(equilibrium, _)| Parameter::new("ln equilibrium", equilibrium.ln()).scale(0.3)).collect();
        let taus: Vec<f64> = start.iter().map(|(_, tau)| tau.ln() + shift).collect();
        if self.common == Common::Energy {
            let x: Vec<f64> = self.isotherms.iter().map(|one| 1.0 / (GAS * one.temperature) - self.centre).collect();
            let mean = taus.iter().sum::<f64>() / n as f64;
            let slope = x.iter().zip(&taus).map(|(x, y)| x * (y - mean)).sum::<f64>() / x.iter().map(|x| x * x).sum::<f64>();
            parameters.push(Parameter::new("ln tau", mean).scale(1.0));
            parameters.push(Parameter::new("energy", slope).scale(slope.abs().max(1e4)));
        } else {
            let time = |(one, tau): (&Isotherm, &f64)| {
                let (lo, hi) = one
                    .times
                    .iter()
                    .filter(|t| **t > 0.0)
                    .fold((f64::INFINITY, 0.0f64), |(lo, hi), t| (lo.min(*t), hi.max(*t)));
                let (lo, hi) = (lo.ln() - BEYOND.0, hi.ln() + BEYOND.1);
                Parameter::new("ln tau", tau.clamp(lo + 1.0, hi - 1.0)).scale(1.0).within(lo, hi)
            };
            parameters.extend(self.isotherms.iter().zip(&taus).map(time));
        }
        let exponents = if self.common == Common::Nothing { n } else { 1 };
        let exponent = || Parameter::new("stretching", stretching).within(STRETCHING.0, STRETCHING.1);
        parameters.extend((0..exponents).map(|_| exponent()));
        let stated = self.isotherms.iter().all(|one| one.errors.is_some());
        let scale = if stated { ErrorScale::Absolute } else { ErrorScale::Residuals };
        LeastSquares::new(parameters).error_scale(scale).tolerance(1e-11)
    }

    fn joint(&self, problem: &LeastSquares, fitted: &Fit) -> Joint {
        let residuals = |p: &[f64]| self.residuals(p);
        let n = self.isotherms.len();
        let profile = |index: usize| {
            let ends = problem.profile_interval(&residuals, fitted, index, 0.95).ok();
            ends.and_then(|ends| Some((ends.lower?, ends.upper?)))
        };
        let exp = |value: f64, ends: Option<(f64, f64)>| Found {
            value: value.exp(),
            interval: ends.map(|(lo, hi)| (lo.exp(), hi.exp())),
        };
        let p = &fitted.params;
        let shared = (self.common != Common::Nothing).then(|| profile(self.stretching(0))).flatten();
        let law = |i: usize| {
            let b = self.stretching(i);
            let own_time = self.common != Common::Energy;
            let tau = exp(self.ln_tau(p, i), own_time.then(|| profile(n + i)).flatten());
            // Where the time is open, the equilibrium is: its profile would end only because times are sought no further.
            let open = own_time && tau.interval.is_none();
            Law {
                equilibrium: exp(p[i], if open { None } else { profile(i) }),
                tau,
                stretching: Found { value: p[b], interval: if self.common == Common::Nothing { profile(b) } else { shared } },
                correlation: if own_time { fitted.correlation(i, n + i) } else { fitted.correlation(i, n) },
            }
        };
        let laws: Vec<Law> = (0..n).map(law).collect();
        let energy = (self.common == Common::Energy).then(|| Found { value: p[n + 1], interval: profile(n + 1) });
        let left =
            self.isotherms.iter().zip(&laws).map(|(one, law)| {
                one.times.iter().zip(&one.enthalpies).map(|(time, enthalpy)| enthalpy - law.at(*time)).collect()
            });
        let left = left.collect();
        Joint {
            common: self.common,
            ln_prefactor: energy.map(|energy| p[n] - energy.value * self.centre),
            energy,
            laws,
            sum: fitted.residual_sum,
            dof: fitted.dof as f64,
            left,
        }
    }
}

/// Enthalpy and time from which the search starts: somewhat more than the largest reading, and the time of 63 % of it.
fn start(one: &Isotherm) -> (f64, f64) {
    let largest = one.enthalpies.iter().copied().fold(0.0, f64::max);
    let equilibrium = one.known.map_or(1.1 * largest, |known| known.0);
    let wanted = (1.0 - (-1.0f64).exp()) * equilibrium;
    let mut rows: Vec<(f64, f64)> = one.times.iter().copied().zip(one.enthalpies.iter().copied()).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let reached = rows.iter().find(|(time, enthalpy)| *time > 0.0 && *enthalpy >= wanted).map(|row| row.0);
    let last = rows.last().map_or(1.0, |row| row.0);
    (equilibrium.max(f64::MIN_POSITIVE), reached.unwrap_or(3.0 * last))
}

/// The fit of all isotherms with something in common; `None` where nothing fits.
pub fn joint(isotherms: &[Isotherm], common: Common) -> Option<Joint> {
    let layout = Layout::new(isotherms, common);
    let starts: Vec<(f64, f64)> = isotherms.iter().map(start).collect();
    let problems = STARTS.iter().flat_map(|stretching| SHIFTS.iter().map(|shift| layout.problem(&starts, *stretching, *shift)));
    let (problem, fitted) = LeastSquares::best_of(problems, &|p: &[f64]| layout.residuals(p)).ok()?;
    Some(layout.joint(&problem, &fitted))
}

/// Probability that the narrower law leaves so much more than the wider one by chance: chi-squared where errors are stated, Fisher's F where
/// the scatter is their measure.
pub fn against(narrow: &Joint, wide: &Joint, stated: bool) -> Option<f64> {
    let more = narrow.dof - wide.dof;
    let rise = (narrow.sum - wide.sum).max(0.0);
    if more <= 0.0 {
        return None;
    }
    if stated {
        chi_squared_tail(rise, more).ok()
    } else if wide.dof > 0.0 {
        f_tail(rise / more / (wide.sum / wide.dof), more, wide.dof).ok()
    } else {
        None
    }
}
