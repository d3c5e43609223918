//! One spectrum of relaxation times behind many curves: storage and loss tied by causality, shifts found along with it.
//!
//! `M*(ω, k) = b_k Σ_j H_j h iω a_k s_j/(1 + iω a_k s_j)` with `H = exp θ` on a grid of equal steps `h` of `ln s`. A normal prior on the second
//! differences of `θ` holds what the data do not tell; its strength and both errors of a reading follow from the data (evidence).

mod cross_check;
mod model;
mod shape_test;
mod start;

pub use cross_check::{Strengths, strengths};
pub use model::{Curve, NoiseModel, Response};
pub use shape_test::ShapeTest;
pub use start::{Linked, link};

use super::numerics::correlation_inflation;
use crate::core::dense::{Cholesky, quadratic};
use model::{Layout, Normal};

/// Nodes per decade: the trapezoidal rule is then good to 1e-7 of a smooth spectrum.
const PER_DECADE: f64 = 4.0;
/// Decades of the grid beyond the data on either side: slower times stand for a modulus at rest, faster ones for a viscosity.
const REACH: f64 = 2.0;
const MOST_STEPS: usize = 80;
/// Smallest relative fall of the objective that counts as progress.
const PROGRESS: f64 = 1e-7;
/// Relative change of the strength of the prior at which it has settled.
const SETTLED: f64 = 0.02;

/// How curves are tied together.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// What was measured.
    pub response: Response,
    /// The curve whose shifts are zero.
    pub reference: usize,
    /// `ln a_k` to begin with.
    pub shifts: Vec<f64>,
    /// `ln b_k`, held.
    pub verticals: Vec<f64>,
    /// Whether `ln b_k` is found too.
    pub free_verticals: bool,
    /// Whether `ln a_k` is found; else it is held.
    pub free_shifts: bool,
    /// How readings err.
    pub noise: NoiseModel,
    /// Whether a modulus remains that never relaxes; for creep whether there is flow, and a compliance at once.
    pub plateau: bool,
    /// Nodes per decade; 4 where absent.
    pub per_decade: Option<f64>,
}

/// The spectrum and the shifts with their covariance.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// `ln s` of the nodes, s; those after the smooth ones stand for a plateau, or for flow and what happens at once.
    pub ln_times: Vec<f64>,
    /// Nodes of the spectrum itself.
    pub smooth: usize,
    /// Step of `ln s`.
    pub step: f64,
    /// `ln H`, H in Pa per unit of `ln s`.
    pub ln_spectrum: Vec<f64>,
    /// `ln a_k`.
    pub shifts: Vec<f64>,
    /// `ln b_k`.
    pub verticals: Vec<f64>,
    /// Covariance of everything that was found, row by row: `ln H`, shifts but the reference, verticals but the reference.
    pub covariance: Vec<f64>,
    /// Its rows.
    pub n_parameters: usize,
    /// Standard error of a reading: of the modulus and of the phase, or of storage and loss.
    pub noise: [f64; 2],
    /// Strength of the prior, 1/(variance of a second difference).
    pub strength: f64,
    /// Parameters that the data determine.
    pub effective: f64,
    /// Residuals over their standard error, by curve, both channels of it one after the other.
    pub residuals: Vec<[Vec<f64>; 2]>,
    /// What errors were multiplied by for the correlation of neighbouring residuals, already in the covariance.
    pub inflation: f64,
    /// Correlation of neighbouring residuals.
    pub correlation: f64,
    /// Test of the shape of the curves.
    pub shape: ShapeTest,
    /// Logarithm of the evidence, up to a constant of the data.
    pub ln_evidence: f64,
    /// Whether the last step was small enough.
    pub converged: bool,
}

impl Solution {
    /// Standard error of `ln a_k`; 0 for the reference.
    pub fn shift_std(&self, curve: usize, reference: usize) -> f64 {
        self.index_of_shift(curve, reference).map_or(0.0, |index| self.std_of(index))
    }

    /// Standard error of `ln b_k`; 0 for the reference and where it was held.
    pub fn vertical_std(&self, curve: usize, reference: usize) -> f64 {
        let others = self.shifts.len() - 1;
        let index = self.index_of_shift(curve, reference).map(|index| index + others);
        index.filter(|index| *index < self.n_parameters).map_or(0.0, |index| self.std_of(index))
    }

    /// Place of a shift among the parameters.
    pub fn index_of_shift(&self, curve: usize, reference: usize) -> Option<usize> {
        let place = self.ln_spectrum.len() + curve - usize::from(curve > reference);
        (curve != reference && place < self.n_parameters).then_some(place)
    }

    /// Standard error of a parameter.
    pub fn std_of(&self, index: usize) -> f64 {
        self.covariance[index * self.n_parameters + index].max(0.0).sqrt()
    }

    /// Standard error of `gᵀ p` for the first parameters.
    pub fn std_along(&self, gradient: &[f64]) -> f64 {
        let mut full = gradient.to_vec();
        full.resize(self.n_parameters, 0.0);
        quadratic(&self.covariance, &full).max(0.0).sqrt()
    }

    /// Storage and loss modulus at a reduced frequency, Pa.
    pub fn modulus(&self, ln_omega: f64) -> (f64, f64) {
        let mut sum = (0.0, 0.0);
        for (ln_time, ln_h) in self.ln_times.iter().zip(&self.ln_spectrum) {
            let (x, weight) = ((ln_omega + ln_time).exp(), ln_h.exp() * self.step);
            let share = 1.0 / (1.0 + x * x);
            sum.0 += weight * if x > 1e150 { 1.0 } else { x * x * share };
            sum.1 += weight * if x > 1e150 { 0.0 } else { x * share };
        }
        sum
    }

    /// A response over time at a reduced time, in the unit of the spectrum.
    pub fn over_time(&self, response: Response, ln_time: f64) -> f64 {
        let nodes = self.ln_times.iter().zip(&self.ln_spectrum);
        nodes.map(|(node, ln_h)| ln_h.exp() * self.step * response.share((ln_time - node).exp()).0).sum()
    }

    /// Root of the mean square of the residuals, relative to the modulus: both channels together.
    pub fn rms(&self) -> f64 {
        let (mut sum, mut n) = (0.0, 0.0);
        for (channel, noise) in [0, 1].into_iter().zip(self.noise) {
            for curve in &self.residuals {
                sum += curve[channel].iter().map(|r| (r * noise).powi(2)).sum::<f64>();
                n += curve[channel].len() as f64;
            }
        }
        (sum / n).sqrt()
    }
}

/// Finds spectrum, shifts, prior and errors together by Gauss-Newton steps with updates of prior and errors between them
/// (MacKay, Neural Computation 4, 415 (1992)). `None` where no step succeeds.
pub fn fit(curves: &[Curve], problem: &Problem) -> Option<Solution> {
    let layout = Layout::of(curves, problem, REACH, problem.per_decade.unwrap_or(PER_DECADE));
    let mut parameters = layout.start(curves, problem);
    let mut noise = [0.05; 2];
    let mut strength = 1.0;
    let mut damping = 1e-3;
    let mut converged = false;
    let mut normal = layout.normal(curves, problem, &parameters);
    for step in 0..MOST_STEPS {
        let objective = normal.objective(&layout, &parameters, noise, strength);
        let Some((next, next_normal, gain)) =
            improve(curves, problem, &layout, &parameters, &normal, (noise, strength), &mut damping, objective)
        else {
            converged = step > 3;
            break;
        };
        (parameters, normal) = (next, next_normal);
        let before = strength;
        if step >= 2
            && let Some(update) = normal.update(&layout, &parameters, noise, strength)
        {
            (noise, strength) = update;
        }
        if step > 5 && gain < PROGRESS * objective && (strength / before).ln().abs() < SETTLED {
            converged = true;
            break;
        }
    }
    finish(curves, problem, &layout, &parameters, &normal, (noise, strength), converged)
}

type Step = (Vec<f64>, Normal, f64);

#[allow(clippy::too_many_arguments, reason = "the state of one iteration")]
fn improve(
    curves: &[Curve],
    problem: &Problem,
    layout: &Layout,
    parameters: &[f64],
    normal: &Normal,
    (noise, strength): ([f64; 2], f64),
    damping: &mut f64,
    objective: f64,
) -> Option<Step> {
    let (matrix, gradient) = normal.system(layout, parameters, noise, strength);
    let n = layout.n;
    for _ in 0..12 {
        let mut damped = matrix.clone();
        (0..n).for_each(|i| damped[i * n + i] *= 1.0 + *damping);
        if let Some(cholesky) = Cholesky::of(&damped, n) {
            let change = cholesky.solve(&gradient);
            let longest = change.iter().fold(0.0f64, |longest, c| longest.max(c.abs()));
            // A step of more than a few units of a logarithm leaves the range in which the model is nearly linear.
            let scale = if longest > 3.0 { 3.0 / longest } else { 1.0 };
            let next: Vec<f64> = parameters.iter().zip(&change).map(|(p, c)| p - scale * c).collect();
            let next_normal = layout.normal(curves, problem, &next);
            let reached = next_normal.objective(layout, &next, noise, strength);
            if reached <= objective {
                *damping = (*damping * 0.1).max(1e-9);
                return Some((next, next_normal, objective - reached));
            }
        }
        *damping = (*damping * 10.0).max(1e-6);
    }
    None
}

fn finish(
    curves: &[Curve],
    problem: &Problem,
    layout: &Layout,
    parameters: &[f64],
    normal: &Normal,
    (noise, strength): ([f64; 2], f64),
    converged: bool,
) -> Option<Solution> {
    let (matrix, _) = normal.system(layout, parameters, noise, strength);
    let cholesky = Cholesky::of(&matrix, layout.n)?;
    let mut covariance = cholesky.inverse();
    let effective = layout.n as f64 - strength * layout.penalty_trace(&covariance);
    let residuals = layout.residuals(curves, problem, parameters, noise);
    let sequences = residuals.iter().flat_map(|curve| curve.iter().map(Vec::as_slice));
    let (inflation, correlation) = correlation_inflation(sequences);
    let mut shape = shape_test::shape_test(curves, problem, layout, parameters, noise, (&covariance, effective));
    // One channel holds little against the bias of the smoothing, which passes for a change of shape: measured, up to 90 % false alarms.
    shape.p = shape.p.filter(|_| problem.response == Response::Dynamic);
    covariance.iter_mut().for_each(|value| *value *= inflation * inflation);
    let (shifts, verticals) = layout.shifts(problem, parameters);
    Some(Solution {
        ln_times: layout.ln_times.clone(),
        smooth: layout.smooth,
        step: layout.step,
        ln_spectrum: parameters[..layout.m].to_vec(),
        shifts,
        verticals,
        covariance,
        n_parameters: layout.n,
        noise,
        strength,
        effective,
        residuals,
        inflation,
        correlation,
        shape,
        ln_evidence: normal.ln_evidence(layout, parameters, noise, strength, &matrix),
        converged,
    })
}
