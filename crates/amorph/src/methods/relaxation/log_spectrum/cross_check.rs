//! Strengths of the prior by rules that know nothing of the evidence: generalised cross-validation and the corner of the L-curve.

use super::model::{Curve, Layout};
use super::{PER_DECADE, Problem, REACH, Solution, improve};
use crate::core::dense::Cholesky;

/// Strengths by other rules than the evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Strengths {
    /// At the smallest `n χ²/(n - p)²` with p the parameters that the data determine (Golub, Heath and Wahba 1979); `None` where no minimum lies in the range.
    pub cross_validation: Option<f64>,
    /// At the sharpest corner of ln penalty over ln χ² (Hansen 1992); `None` where no corner lies in the range.
    pub corner: Option<f64>,
    /// Range that was searched.
    pub range: (f64, f64),
}

/// Strengths per decade that are tried.
const TRIED_PER_DECADE: i32 = 2;
/// Decades on either side of the evidence.
const DECADES: i32 = 4;
const STEPS: usize = 15;
const SMALL: f64 = 1e-5;

/// Both rules, with the errors of a reading as the solution has them. `None` where a fit fails.
pub fn strengths(curves: &[Curve], problem: &Problem, solution: &Solution) -> Option<Strengths> {
    let layout = Layout::of(curves, problem, REACH, problem.per_decade.unwrap_or(PER_DECADE));
    let place = |k: i32| solution.strength * 10f64.powf(f64::from(k) / f64::from(TRIED_PER_DECADE));
    let last = DECADES * TRIED_PER_DECADE;
    let mut scores = Vec::new();
    let mut points = Vec::new();
    let mut best = solution.ln_spectrum.clone();
    best.extend(layout.start(curves, problem).into_iter().skip(layout.m));
    // From the strongest prior downwards: each fit starts from a smoother one.
    let mut parameters = best;
    for k in (-last..=last).rev() {
        let strength = place(k);
        let mut normal = layout.normal(curves, problem, &parameters);
        let mut damping = 1e-6;
        for _ in 0..STEPS {
            let objective = normal.objective(&layout, &parameters, solution.noise, strength);
            let state = (solution.noise, strength);
            let Some((next, next_normal, gain)) =
                improve(curves, problem, &layout, &parameters, &normal, state, &mut damping, objective)
            else {
                break;
            };
            (parameters, normal) = (next, next_normal);
            if gain < SMALL * objective {
                break;
            }
        }
        let (matrix, _) = normal.system(&layout, &parameters, solution.noise, strength);
        let covariance = Cholesky::of(&matrix, layout.n)?.inverse();
        let (squares, used, n) = normal.misfit(&covariance, solution.noise);
        scores.push((n * squares / (n - used).max(0.5).powi(2)).ln());
        points.push((squares.ln(), layout.penalty(&parameters).max(1e-300).ln()));
    }
    scores.reverse();
    points.reverse();
    let step = std::f64::consts::LN_10 / f64::from(TRIED_PER_DECADE);
    let curvatures: Vec<f64> = points.windows(3).map(|w| -curvature(w, step)).collect();
    let at = |place: f64| solution.strength * ((place - f64::from(last)) * step).exp();
    Some(Strengths {
        cross_validation: lowest(&scores).map(at),
        corner: lowest(&curvatures).filter(|k| curvatures[k.round() as usize] < 0.0).map(|k| at(k + 1.0)),
        range: (place(-last), place(last)),
    })
}

/// Place of the lowest value that is not at an end, between the places by a parabola.
fn lowest(values: &[f64]) -> Option<f64> {
    let (k, _) = values.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1))?;
    if k == 0 || k + 1 >= values.len() {
        return None;
    }
    let (a, b, c) = (values[k - 1], values[k], values[k + 1]);
    let bend = a - 2.0 * b + c;
    let offset = if bend > 0.0 { 0.5 * (a - c) / bend } else { 0.0 };
    Some(k as f64 + offset)
}

/// Of a curve through three points at equal steps of its parameter; above zero where it turns left.
fn curvature(points: &[(f64, f64)], step: f64) -> f64 {
    let [a, b, c] = [points[0], points[1], points[2]];
    let (dx, dy) = ((c.0 - a.0) / (2.0 * step), (c.1 - a.1) / (2.0 * step));
    let (bx, by) = ((a.0 - 2.0 * b.0 + c.0) / (step * step), (a.1 - 2.0 * b.1 + c.1) / (step * step));
    (dx * by - dy * bx) / (dx * dx + dy * dy).powf(1.5)
}
