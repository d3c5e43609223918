//! Heating scans after known thermal histories against the relaxation of Tool, Narayanaswamy and Moynihan; baseline and step of every scan
//! are linear in the model and found at every trial.

use ndarray::Array2;

use crate::core::dense::{Cholesky, dot};
use crate::core::fit::{Fit, FitError, LeastSquares, Parameter, WithJacobian};
use crate::methods::calorimetry::noise::{Bins, Noise};
use crate::sim::calorimetry::{Slowing, StretchedKernel, Tnm};
use crate::theory::constants::GAS;

/// Relaxation time that defines the first parameter, s.
pub const TIME: f64 = 100.0;
/// Baseline, its slope, step, its slope.
const COLUMNS: usize = 4;
/// Scale of temperatures in the linear part, K.
const SCALE: f64 = 50.0;
/// Steps of the derivatives: of temperature (K), energy (relative), x, b.
const STEPS: [f64; 4] = [0.05, 2e-3, 5e-3, 4e-3];
/// Starts of x and b.
const SHARES: [f64; 3] = [0.35, 0.55, 0.8];
const EXPONENTS: [f64; 3] = [0.35, 0.5, 0.75];
/// Start of the fragility.
const FRAGILITIES: [f64; 3] = [30.0, 50.0, 80.0];

/// A heating scan in bins, with what happened before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Times and temperatures of the history, from equilibrium to the first edge.
    pub before: Vec<(f64, f64)>,
    /// Times and temperatures of the edges of the bins.
    pub edges: Vec<(f64, f64)>,
    /// Mean heat capacity between neighbouring edges, J/(kg K).
    pub heat_capacity: Vec<f64>,
    /// Samples in every bin.
    pub counts: Vec<f64>,
}

/// What is left of a scan, and its linear part.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Mean dTf/dT of every bin.
    pub relaxing: Vec<f64>,
    /// Fictive temperature at the edges, K.
    pub fictive: Vec<f64>,
    /// Baseline at `origin`, its slope per 50 K, step at `origin`, its slope per 50 K, J/(kg K).
    pub linear: [f64; COLUMNS],
    /// Where the linear part is counted from, K.
    pub origin: f64,
    /// Data less model.
    pub left: Vec<f64>,
}

/// Parameters with their covariance: temperature at which the relaxation time in equilibrium is 100 s (K), Δh* (J/mol), x, b.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The fit.
    pub fit: Fit,
    /// Every scan.
    pub shapes: Vec<Shape>,
    /// White and 1/f noise of every scan, J/(kg K).
    pub noise: Vec<(f64, f64)>,
}

impl Piece {
    /// Middles of the bins, K.
    pub fn middles(&self) -> Vec<f64> {
        self.edges.windows(2).map(|pair| 0.5 * (pair[0].1 + pair[1].1)).collect()
    }

    /// From samples of a heating, `bin` K each; the edges lie half way between neighbouring samples.
    pub fn of(before: Vec<(f64, f64)>, time: &[f64], temperature: &[f64], heat_capacity: &[f64], bin: f64) -> Option<Self> {
        let n = temperature.len();
        let spacing = (temperature[n.checked_sub(1)?] - temperature[0]) / (n as f64 - 1.0);
        let per_bin = ((bin / spacing).round() as usize).max(1);
        let edge = |i: usize| (0.5 * (time[i - 1] + time[i]), 0.5 * (temperature[i - 1] + temperature[i]));
        let mut piece = Self { before, edges: vec![edge(1)], heat_capacity: Vec::new(), counts: Vec::new() };
        let mut first = 1;
        while first + per_bin < n {
            let end = first + per_bin;
            piece.edges.push(edge(end));
            piece.heat_capacity.push(heat_capacity[first..end].iter().sum::<f64>() / per_bin as f64);
            piece.counts.push(per_bin as f64);
            first = end;
        }
        (piece.heat_capacity.len() > 3 * COLUMNS).then_some(piece)
    }

    /// Ratio of a relaxation to a kernel, over history and scan: Tf at the edges.
    fn fictive(&self, tnm: &Tnm, kernel: &StretchedKernel) -> Vec<f64> {
        let nodes: Vec<(f64, f64)> = self.before.iter().chain(&self.edges).copied().collect();
        tnm.fictive(kernel, &nodes).temperature.split_off(self.before.len())
    }

    /// The best linear part for a relaxation, all in the coordinates that `whitening` gives.
    fn shape(&self, tnm: &Tnm, kernel: &StretchedKernel, whitening: &Cholesky) -> Option<(Shape, Vec<f64>)> {
        let fictive = self.fictive(tnm, kernel);
        let m = self.heat_capacity.len();
        let origin = self.edges[m / 2].1;
        let wide = |k: usize| self.edges[k + 1].1 - self.edges[k].1;
        let relaxing: Vec<f64> = (0..m).map(|k| (fictive[k + 1] - fictive[k]) / wide(k)).collect();
        let columns: [Vec<f64>; COLUMNS] = [
            vec![1.0; m],
            self.middles().iter().map(|t| (t - origin) / SCALE).collect(),
            relaxing.clone(),
            (0..m)
                .map(|k| 0.5 * ((fictive[k + 1] - origin).powi(2) - (fictive[k] - origin).powi(2)) / wide(k) / SCALE)
                .collect(),
        ];
        let white: Vec<Vec<f64>> = columns.iter().map(|column| whitening.whiten(column)).collect();
        let y = whitening.whiten(&self.heat_capacity);
        let normal: Vec<f64> = (0..COLUMNS * COLUMNS).map(|k| dot(&white[k / COLUMNS], &white[k % COLUMNS])).collect();
        let right: Vec<f64> = white.iter().map(|column| dot(column, &y)).collect();
        let solved = Cholesky::of(&normal, COLUMNS)?.solve(&right);
        let model = |from: &[Vec<f64>], k: usize| (0..COLUMNS).map(|c| solved[c] * from[c][k]).sum::<f64>();
        let left = (0..m).map(|k| self.heat_capacity[k] - model(&columns, k)).collect();
        let residuals = (0..m).map(|k| y[k] - model(&white, k)).collect();
        let linear = [solved[0], solved[1], solved[2], solved[3]];
        Some((Shape { relaxing, fictive, linear, origin, left }, residuals))
    }
}

/// How the relaxation time goes with temperature and fictive temperature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// Tool, Narayanaswamy and Moynihan.
    Narayanaswamy,
    /// Adam and Gibbs, by Scherer, with Δh* and x at the temperature of 100 s.
    AdamGibbs,
}

/// The relaxation of parameters (T at 100 s, Δh*, x, b).
pub fn relaxation(law: Law, p: &[f64]) -> Tnm {
    let slowing = match law {
        Law::Narayanaswamy => Slowing::Narayanaswamy,
        Law::AdamGibbs => Slowing::AdamGibbs { reference: p[0] },
    };
    let ln_prefactor = TIME.ln() - p[1] / (GAS * p[0]);
    Tnm { ln_prefactor, enthalpy: p[1], nonlinearity: p[2], exponent: p[3], slowing }
}

/// Residuals of all scans; not a number where a parameter cannot be.
fn residuals(law: Law, pieces: &[Piece], whitening: &[Cholesky], p: &[f64]) -> Vec<f64> {
    let n = pieces.iter().map(|piece| piece.heat_capacity.len()).sum();
    let tnm = relaxation(law, p);
    let Ok(kernel) = StretchedKernel::new(p[3]) else { return vec![f64::NAN; n] };
    let each = pieces.iter().zip(whitening).map(|(piece, whitening)| piece.shape(&tnm, &kernel, whitening));
    let all: Option<Vec<Vec<f64>>> = each.map(|found| found.map(|(_, residuals)| residuals)).collect();
    all.map_or_else(|| vec![f64::NAN; n], |all| all.concat())
}

/// Derivatives with steps that are large against the rounding of the adaptive steps of the relaxation.
fn jacobian(law: Law, pieces: &[Piece], whitening: &[Cholesky], p: &[f64]) -> Array2<f64> {
    let steps = [STEPS[0], STEPS[1] * p[1], STEPS[2], STEPS[3]];
    let limits = [(0.0, f64::INFINITY), (0.0, f64::INFINITY), BOUNDS[0], BOUNDS[1]];
    let columns: Vec<Vec<f64>> = (0..4)
        .map(|j| {
            let moved = |sign: f64| {
                let mut q = p.to_vec();
                q[j] = (q[j] + sign * steps[j]).clamp(limits[j].0, limits[j].1);
                (q[j], residuals(law, pieces, whitening, &q))
            };
            let ((a, low), (b, high)) = (moved(-1.0), moved(1.0));
            high.iter().zip(&low).map(|(high, low)| (high - low) / (b - a)).collect()
        })
        .collect();
    Array2::from_shape_fn((columns[0].len(), 4), |(i, j)| columns[j][i])
}

/// Where x and b may lie.
const BOUNDS: [(f64, f64); 2] = [(0.02, 1.0), (0.2, 1.0)];

/// Covariance of white noise by the number of samples.
fn white(piece: &Piece) -> Option<Cholesky> {
    let m = piece.counts.len();
    let mut matrix = vec![0.0; m * m];
    for (k, count) in piece.counts.iter().enumerate() {
        matrix[k * m + k] = 1.0 / count;
    }
    Cholesky::of(&matrix, m)
}

/// A start: the best of a grid, with the temperature of 100 s near the steepest rise.
fn start(law: Law, pieces: &[Piece], whitening: &[Cholesky], near: f64) -> Vec<f64> {
    let mut best = (f64::INFINITY, vec![near, 50.0 * GAS * near * std::f64::consts::LN_10, 0.5, 0.5]);
    for shift in [-20.0, -8.0, 4.0] {
        for m in FRAGILITIES {
            for x in SHARES {
                for b in EXPONENTS {
                    let t = near + shift;
                    let p = vec![t, m * GAS * t * std::f64::consts::LN_10, x, b];
                    let sum: f64 = residuals(law, pieces, whitening, &p).iter().map(|r| r * r).sum();
                    if sum < best.0 {
                        best = (sum, p);
                    }
                }
            }
        }
    }
    best.1
}

fn fitted(law: Law, pieces: &[Piece], whitening: &[Cholesky], from: &[f64]) -> Result<Fit, FitError> {
    let parameters = vec![
        Parameter::new("temperature", from[0]).scale(10.0),
        Parameter::new("enthalpy", from[1]).at_least(1e-2 * from[1]),
        Parameter::new("nonlinearity", from[2].clamp(BOUNDS[0].0, BOUNDS[0].1)).within(BOUNDS[0].0, BOUNDS[0].1),
        Parameter::new("exponent", from[3]).within(BOUNDS[1].0, BOUNDS[1].1),
    ];
    let model = WithJacobian {
        residuals: |p: &[f64]| residuals(law, pieces, whitening, p),
        jacobian: |p: &[f64]| jacobian(law, pieces, whitening, p),
    };
    LeastSquares::new(parameters).tolerance(1e-6).fit(&model)
}

/// Fits all scans; the noise is first taken as white, then as what is left tells.
///
/// # Errors
/// [`FitError`] where nothing fits.
pub fn fit(law: Law, pieces: &[Piece], near: f64) -> Result<Found, FitError> {
    let unclear = || FitError::NoFreeParameter { n_parameters: 0 };
    let plain: Vec<Cholesky> = pieces.iter().map(white).collect::<Option<_>>().ok_or_else(unclear)?;
    // A start needs no more than one scan of each end.
    let from = if pieces.len() > 2 {
        let ends = [pieces[0].clone(), pieces[pieces.len() - 1].clone()];
        start(law, &ends, &[plain[0].clone(), plain[pieces.len() - 1].clone()], near)
    } else {
        start(law, pieces, &plain, near)
    };
    let first = fitted(law, pieces, &plain, &from)?;
    let kernel = StretchedKernel::new(first.params[3]).map_err(|_| unclear())?;
    let tnm = relaxation(law, &first.params);
    let (mut whitening, mut noise) = (Vec::new(), Vec::new());
    for (piece, plain) in pieces.iter().zip(&plain) {
        let (shape, _) = piece.shape(&tnm, &kernel, plain).ok_or_else(unclear)?;
        let (covariance, sizes) = coloured(piece, shape.left).ok_or_else(unclear)?;
        whitening.push(covariance);
        noise.push(sizes);
    }
    let fit = fitted(law, pieces, &whitening, &first.params)?;
    let kernel = StretchedKernel::new(fit.params[3]).map_err(|_| unclear())?;
    let tnm = relaxation(law, &fit.params);
    let shapes = pieces.iter().zip(&whitening).map(|(piece, w)| piece.shape(&tnm, &kernel, w).map(|found| found.0));
    let shapes = shapes.collect::<Option<_>>().ok_or_else(unclear)?;
    Ok(Found { fit, shapes, noise })
}

/// Covariance of white and 1/f noise that the residuals of a scan tell.
fn coloured(piece: &Piece, left: Vec<f64>) -> Option<(Cholesky, (f64, f64))> {
    let x = piece.middles();
    let (m, first, last) = (x.len(), x[0], x[x.len() - 1]);
    let bins = Bins { width: (last - first) / (m as f64 - 1.0), x, y: left, n: piece.counts.clone() };
    let columns: [&dyn Fn(f64) -> f64; 2] = [&|_| 1.0, &|t| (t - first) / SCALE];
    let noise = Noise::about(bins, &columns, last - first)?;
    Some((Cholesky::of(&noise.covariance(), m)?, noise.sizes()))
}
