//! Numbers of a spectrum of relaxation times within the window of the data.

use crate::methods::relaxation::log_spectrum::{Curve, NoiseModel, Problem, Response, Solution, Strengths, fit, strengths};

/// A spectrum with what follows from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectrum {
    /// The fit.
    pub solution: Solution,
    /// How readings err, as assumed or found.
    pub noise: NoiseModel,
    /// First node and one past the last whose time lies between the inverse frequencies of the data.
    pub window: (usize, usize),
    /// ln of `∫ H d ln τ` over the window, Pa, and its standard error.
    pub ln_strength: (f64, f64),
    /// Mean of `ln τ` over it, weighted by H.
    pub mean_ln_time: (f64, f64),
    /// Standard deviation of `ln τ`.
    pub width: (f64, f64),
    /// Maxima that rise above the valleys on both sides by more than twice the error of the difference.
    pub peaks: Vec<usize>,
    /// Strengths of the prior by rules other than the evidence; `None` where a fit for them fails.
    pub strengths: Option<Strengths>,
}

/// The spectrum behind one curve; `noise` is found by evidence where absent. `None` where no fit succeeds.
pub fn spectrum(curve: &Curve, noise: Option<NoiseModel>, plateau: bool, per_decade: f64) -> Option<Spectrum> {
    let curves = std::slice::from_ref(curve);
    let problem = |noise| Problem {
        response: Response::Dynamic,
        reference: 0,
        shifts: vec![0.0],
        verticals: vec![0.0],
        free_verticals: false,
        free_shifts: false,
        noise,
        plateau,
        per_decade: Some(per_decade),
    };
    let candidates = match noise {
        Some(noise) => vec![noise],
        None => vec![NoiseModel::ModulusAndPhase, NoiseModel::Relative],
    };
    let fits = candidates.into_iter().filter_map(|noise| {
        let density = noise.ln_density(curves)?;
        let solution = fit(curves, &problem(noise))?;
        Some((density + solution.ln_evidence, noise, solution))
    });
    let (_, noise, solution) = fits.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let (lo, hi) = (-curve.ln_omega.last()?, -curve.ln_omega.first()?);
    let inside = &solution.ln_times[..solution.smooth];
    let window = (inside.partition_point(|t| *t < lo), inside.partition_point(|t| *t <= hi));
    if window.1 < window.0 + 3 {
        return None;
    }
    let (ln_strength, mean_ln_time, width) = moments(&solution, window);
    let peaks = peaks(&solution, window);
    let strengths = strengths(curves, &problem(noise), &solution);
    Some(Spectrum { solution, noise, window, ln_strength, mean_ln_time, width, peaks, strengths })
}

type Found = (f64, f64);

fn moments(solution: &Solution, window: (usize, usize)) -> (Found, Found, Found) {
    let weights: Vec<f64> = (window.0..window.1).map(|j| solution.ln_spectrum[j].exp() * solution.step).collect();
    let times = &solution.ln_times[window.0..window.1];
    let sum: f64 = weights.iter().sum();
    let mean = weights.iter().zip(times).map(|(w, t)| w * t).sum::<f64>() / sum;
    let variance = weights.iter().zip(times).map(|(w, t)| w * (t - mean).powi(2)).sum::<f64>() / sum;
    let width = variance.sqrt();
    let std = |of: &dyn Fn(f64) -> f64| {
        let mut gradient = vec![0.0; window.0];
        gradient.extend(weights.iter().zip(times).map(|(w, t)| w / sum * of(*t)));
        solution.std_along(&gradient)
    };
    ((sum.ln(), std(&|_| 1.0)), (mean, std(&|t| t - mean)), (width, std(&|t| ((t - mean).powi(2) - variance) / (2.0 * width))))
}

/// Standard errors of a difference that a peak needs.
const EVIDENT: f64 = 2.0;

fn peaks(solution: &Solution, window: (usize, usize)) -> Vec<usize> {
    let h = &solution.ln_spectrum;
    let rises = |top: usize, valley: usize| {
        let mut gradient = vec![0.0; solution.smooth];
        gradient[top] += 1.0;
        gradient[valley] -= 1.0;
        h[top] - h[valley] > EVIDENT * solution.std_along(&gradient)
    };
    let lowest = |range: std::ops::Range<usize>| range.min_by(|a, b| h[*a].total_cmp(&h[*b]));
    let maxima: Vec<usize> = (window.0 + 1..window.1 - 1).filter(|j| h[*j] > h[j - 1] && h[*j] >= h[j + 1]).collect();
    // A maximum counts where the valleys towards the next higher one on either side, or towards the end, are evident.
    let evident = |top: &usize| {
        let higher = |j: &usize| h[*j] > h[*top];
        let left = maxima.iter().rev().find(|j| **j < *top && higher(j)).copied().unwrap_or(window.0);
        let right = maxima.iter().find(|j| **j > *top && higher(j)).copied().unwrap_or(window.1 - 1);
        let below = |range| lowest(range).is_some_and(|valley| rises(*top, valley));
        below(left..*top) && below(*top + 1..right + 1)
    };
    maxima.iter().copied().filter(evident).collect()
}
