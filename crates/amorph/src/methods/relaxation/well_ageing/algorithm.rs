//! Loss peaks of a series of sweeps fitted together, and a straight line through two numbers that both err.

use std::f64::consts::FRAC_PI_2;

use ndarray::Array2;

use crate::core::dense::Cholesky;
use crate::core::fit::{ErrorScale, Fit, FitError, LeastSquares, Parameter, ResidualModel, brent_minimise, rise_towards};
use crate::core::stats::{chi_squared_tail, student_t_quantile};
use crate::methods::relaxation::log_spectrum::NoiseModel;
use crate::methods::relaxation::numerics::correlation_inflation;

/// Loss over frequency after one ageing time.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// Ageing time, s; NaN where no column tells.
    pub time: f64,
    /// ln ω, ω in rad/s, rising.
    pub ln_omega: Vec<f64>,
    /// Storage modulus, Pa.
    pub storage: Vec<f64>,
    /// Loss modulus, Pa.
    pub loss: Vec<f64>,
}

/// Peaks of all sweeps: a Cole-Cole loss of one exponent, each with its own time and height, over `B_k ω^(-s)` of one power.
#[derive(Debug, Clone)]
pub struct Peaks {
    /// Whether there is a background.
    pub background: bool,
    /// How readings err.
    pub noise: NoiseModel,
    /// The fit: exponent, s where there is a background; then ln τ, ln height and B of every sweep. Heights and B in units of `scale`.
    pub fit: Fit,
    /// Pa that is one.
    pub scale: f64,
    /// What errors are multiplied by for residuals that are alike.
    pub inflation: f64,
    /// Bayesian criterion.
    pub bic: f64,
    /// ln ω at which the background is B.
    pub pivot: f64,
}

/// Height-normalised Cole-Cole loss at `u = ln ωτ`, its slopes over `u` and over the exponent.
pub fn cole_cole(u: f64, exponent: f64) -> (f64, f64, f64) {
    let (sin, cos) = (exponent * FRAC_PI_2).sin_cos();
    let z = (exponent * u).clamp(-300.0, 300.0);
    let (cosh, sinh) = (z.cosh(), z.sinh());
    let below = cosh + cos;
    let value = (1.0 + cos) / below;
    let by_cos = -FRAC_PI_2 * sin;
    (value, -value * exponent * sinh / below, by_cos / below - value * (u * sinh + by_cos) / below)
}

struct Model<'a> {
    sweeps: &'a [Sweep],
    /// Error of every reading, in units of `scale`.
    errors: Vec<Vec<f64>>,
    scale: f64,
    background: bool,
    pivot: f64,
}

impl Model<'_> {
    fn heads(&self) -> usize {
        if self.background { 2 } else { 1 }
    }

    fn per_sweep(&self) -> usize {
        if self.background { 3 } else { 2 }
    }

    /// Peak and background of a reading, in units of `scale`.
    fn loss(&self, p: &[f64], k: usize, ln_omega: f64) -> (f64, f64) {
        let own = &p[self.heads() + k * self.per_sweep()..];
        let peak = own[1].exp() * cole_cole(ln_omega + own[0], p[0]).0;
        let below = if self.background { own[2] * (-p[1] * (ln_omega - self.pivot)).exp() } else { 0.0 };
        (peak, below)
    }
}

impl ResidualModel for Model<'_> {
    fn residuals(&self, p: &[f64]) -> Vec<f64> {
        let of = |(k, sweep): (usize, &Sweep)| {
            let each = sweep.ln_omega.iter().zip(&sweep.loss).zip(&self.errors[k]);
            each.map(|((w, loss), error)| {
                let (peak, below) = self.loss(p, k, *w);
                (peak + below - loss / self.scale) / error
            })
            .collect::<Vec<f64>>()
        };
        self.sweeps.iter().enumerate().flat_map(of).collect()
    }

    fn jacobian(&self, p: &[f64]) -> Option<Array2<f64>> {
        let rows: usize = self.sweeps.iter().map(|sweep| sweep.loss.len()).sum();
        let mut jacobian = Array2::zeros((rows, p.len()));
        let mut row = 0;
        for (k, sweep) in self.sweeps.iter().enumerate() {
            let first = self.heads() + k * self.per_sweep();
            let height = p[first + 1].exp();
            for (w, error) in sweep.ln_omega.iter().zip(&self.errors[k]) {
                let (value, by_u, by_exponent) = cole_cole(w + p[first], p[0]);
                jacobian[[row, 0]] = height * by_exponent / error;
                jacobian[[row, first]] = height * by_u / error;
                jacobian[[row, first + 1]] = height * value / error;
                if self.background {
                    let power = (-p[1] * (w - self.pivot)).exp();
                    jacobian[[row, 1]] = -(w - self.pivot) * p[first + 2] * power / error;
                    jacobian[[row, first + 2]] = power / error;
                }
                row += 1;
            }
        }
        Some(jacobian)
    }
}

/// Exponents of peak and background at which a fit begins.
const STARTS: [(f64, f64); 4] = [(0.4, 0.3), (0.7, 0.3), (0.3, 0.1), (0.5, 0.6)];

fn starts(model: &Model<'_>) -> Vec<Vec<Parameter>> {
    let of = |(exponent, power): (f64, f64)| {
        let mut parameters = vec![Parameter::new("exponent", exponent).scale(0.1).within(0.1, 1.0)];
        if model.background {
            parameters.push(Parameter::new("s", power).scale(0.1).within(0.0, 1.0));
        }
        for sweep in model.sweeps {
            let lowest = sweep.loss.iter().copied().fold(f64::INFINITY, f64::min).max(0.0) / model.scale;
            // A tilt by the background does not hide the peak.
            let lifted = |i: &usize| sweep.loss[*i] * (0.5 * power * (sweep.ln_omega[*i] - model.pivot)).exp();
            let inside = 1..sweep.loss.len() - 1;
            let top = inside.max_by(|a, b| lifted(a).total_cmp(&lifted(b))).unwrap_or(0);
            let share = if model.background { 0.6 } else { 0.0 };
            let height = (sweep.loss[top] / model.scale - share * lowest).max(1e-3);
            let (first, last) = (sweep.ln_omega[0], sweep.ln_omega[sweep.ln_omega.len() - 1]);
            parameters.push(Parameter::new("ln τ", -sweep.ln_omega[top]).scale(1.0).within(-last - 5.0, -first + 5.0));
            parameters.push(Parameter::new("ln height", height.ln()).scale(1.0).within(-12.0, 5.0));
            if model.background {
                parameters.push(Parameter::new("B", share * lowest).scale(0.1).within(0.0, 1e3));
            }
        }
        parameters
    };
    STARTS.into_iter().map(of).collect()
}

/// Fits the peaks of all sweeps. `noise` says which share of a reading errs: of the storage modulus (phase) or of the loss.
///
/// # Errors
/// As [`LeastSquares::fit`].
pub fn peaks(sweeps: &[Sweep], background: bool, noise: NoiseModel) -> Result<Peaks, FitError> {
    let scale = sweeps.iter().flat_map(|sweep| &sweep.loss).fold(0.0f64, |most, loss| most.max(loss.abs()));
    let readings = sweeps.iter().map(|sweep| sweep.loss.len()).sum::<usize>() as f64;
    let pivot = sweeps.iter().flat_map(|sweep| &sweep.ln_omega).sum::<f64>() / readings;
    let of = |sweep: &Sweep| match noise {
        NoiseModel::ModulusAndPhase => sweep.storage.iter().map(|storage| storage / scale).collect::<Vec<f64>>(),
        NoiseModel::Relative => sweep.loss.iter().map(|loss| (loss / scale).max(1e-3)).collect(),
    };
    let model = Model { sweeps, errors: sweeps.iter().map(of).collect(), scale, background, pivot };
    let problem = |start| LeastSquares::new(start).error_scale(ErrorScale::Residuals).tolerance(1e-10).patience(200);
    let (_, fit) = LeastSquares::best_of(starts(&model).into_iter().map(problem), &model)?;
    let mut first = 0;
    let sequences: Vec<&[f64]> = sweeps
        .iter()
        .map(|sweep| {
            first += sweep.loss.len();
            &fit.residuals[first - sweep.loss.len()..first]
        })
        .collect();
    let (inflation, _) = correlation_inflation(sequences.into_iter());
    // Errors in Pa: where they follow the reading, its logarithm enters the likelihood.
    let density: f64 = model.errors.iter().flatten().map(|error| error.ln()).sum();
    let bic = readings * (fit.residual_sum / readings).ln() + 2.0 * density + fit.params.len() as f64 * readings.ln();
    Ok(Peaks { background, noise, fit, scale, inflation, bic, pivot })
}

impl Peaks {
    fn place(&self, k: usize) -> usize {
        if self.background { 2 + 3 * k } else { 1 + 2 * k }
    }

    /// ln τ of a sweep.
    pub fn ln_time(&self, k: usize) -> f64 {
        self.fit.params[self.place(k)]
    }

    /// ln of the height, Pa.
    pub fn ln_height(&self, k: usize) -> f64 {
        self.fit.params[self.place(k) + 1] + self.scale.ln()
    }

    /// Background at the pivot, Pa.
    pub fn below(&self, k: usize) -> f64 {
        if self.background { self.scale * self.fit.params[self.place(k) + 2] } else { 0.0 }
    }

    /// Covariance of ln τ (`false`) or ln height (`true`) of one sweep with that of another.
    pub fn covariance(&self, (i, a): (usize, bool), (j, b): (usize, bool)) -> f64 {
        let at = |k: usize, height: bool| self.place(k) + usize::from(height);
        self.fit.covariance[[at(i, a), at(j, b)]] * self.inflation * self.inflation
    }

    /// Loss modulus and its background at ln ω, Pa.
    pub fn loss(&self, k: usize, ln_omega: f64) -> (f64, f64) {
        let peak = self.ln_height(k).exp() * cole_cole(ln_omega + self.ln_time(k), self.fit.params[0]).0;
        let below = if self.background { self.below(k) * (-self.fit.params[1] * (ln_omega - self.pivot)).exp() } else { 0.0 };
        (peak + below, below)
    }
}

/// A straight line `y = b - a x` through points that err in both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// a.
    pub slope: f64,
    /// 95 % interval of a; an end is absent where any slope fits as well.
    pub interval: (Option<f64>, Option<f64>),
    /// b.
    pub intercept: f64,
    /// Probability of as much spread around the line.
    pub p: f64,
    /// Probability of a slope of 2 being as far off.
    pub two_p: f64,
}

/// Sum of squares over errors of the best line of a slope, and its b.
fn misfit(peaks: &Peaks, sweeps: usize, slope: f64) -> Option<(f64, f64)> {
    let mut matrix = vec![0.0; sweeps * sweeps];
    for i in 0..sweeps {
        for j in 0..sweeps {
            let mixed = peaks.covariance((i, false), (j, true)) + peaks.covariance((i, true), (j, false));
            matrix[i * sweeps + j] = peaks.covariance((i, false), (j, false))
                + slope * mixed
                + slope * slope * peaks.covariance((i, true), (j, true));
        }
    }
    let cholesky = Cholesky::of(&matrix, sweeps)?;
    let e: Vec<f64> = (0..sweeps).map(|k| peaks.ln_time(k) + slope * peaks.ln_height(k)).collect();
    let (ones, whitened) = (cholesky.whiten(&vec![1.0; sweeps]), cholesky.whiten(&e));
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let b = dot(&ones, &whitened) / dot(&ones, &ones);
    Some((whitened.iter().zip(&ones).map(|(e, one)| (e - b * one).powi(2)).sum(), b))
}

/// Angles of slopes that are tried.
const ANGLES: usize = 180;

/// The line of the largest likelihood: latent points anywhere on it, errors with all their covariances; `None` for fewer than
/// three sweeps.
pub fn line(peaks: &Peaks, sweeps: usize) -> Option<Line> {
    if sweeps < 3 {
        return None;
    }
    let height = |angle: f64| misfit(peaks, sweeps, angle.tan()).map_or(1e300, |found| found.0);
    let place = |k: usize| -FRAC_PI_2 + (k as f64 + 0.5) * std::f64::consts::PI / ANGLES as f64;
    let best = (0..ANGLES).min_by(|a, b| height(place(*a)).total_cmp(&height(place(*b))))?;
    let (from, to) = (place(best.saturating_sub(1)), place((best + 1).min(ANGLES - 1)));
    let least = brent_minimise(height, from, to, 1e-10).ok()?;
    let (sum, intercept) = misfit(peaks, sweeps, least.x.tan())?;
    let rise = student_t_quantile(0.975, peaks.fit.dof as f64).ok()?.powi(2);
    let end = |to: f64| rise_towards(height, sum + rise, least.x, to, 1e-9).map(f64::tan);
    let p = chi_squared_tail(sum, sweeps as f64 - 2.0).ok()?;
    let two = misfit(peaks, sweeps, 2.0).map_or(f64::NAN, |found| found.0 - sum).max(0.0);
    Some(Line {
        slope: least.x.tan(),
        interval: (end(-FRAC_PI_2 + 1e-4), end(FRAC_PI_2 - 1e-4)),
        intercept,
        p,
        two_p: chi_squared_tail(two, 1.0).unwrap_or(f64::NAN),
    })
}
