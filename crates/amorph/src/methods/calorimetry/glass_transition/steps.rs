//! Whether a heat capacity rises in one step or in two.

use crate::core::fit::{LeastSquares, Parameter};
use crate::methods::calorimetry::curve::LocalQuadratics;
use crate::methods::calorimetry::lines::Line;

/// Steps nearer to each other than this are one, K.
const APART: f64 = 2.0;
/// Places per width of the smoothing at which the slope is taken.
const PER_WIDTH: f64 = 4.0;

/// Slopes over temperature.
#[derive(Debug, Clone, PartialEq)]
pub struct Slopes {
    /// Temperatures, K.
    pub at: Vec<f64>,
    /// Slopes, J/(kg K²).
    pub slope: Vec<f64>,
}

/// A second steep rise beside the steepest one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Second {
    /// Steepest rise, K.
    pub main: f64,
    /// The second one, K; the steepest again without any.
    pub other: f64,
    /// How far the slope rises towards it again, J/(kg K²).
    pub rise: f64,
    /// Lowest slope between both, J/(kg K²).
    pub between: f64,
}

/// Two sigmoids between the lines of glass and liquid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoSteps {
    /// Middles of both, rising, K.
    pub temperatures: [f64; 2],
    /// Share of the first in the whole step.
    pub share: f64,
    /// Bayesian criterion of one sigmoid less that of two.
    pub bic_gain: f64,
}

/// What the search for a second step gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steps {
    /// The second rise.
    pub second: Second,
    /// Share of noise that rises as far.
    pub p: f64,
    /// The two steps, where they are sought.
    pub two: Option<TwoSteps>,
}

/// What takes slopes of curve after curve over the same temperatures.
#[derive(Debug, Clone)]
pub struct Slope {
    at: Vec<f64>,
    local: LocalQuadratics,
}

impl Slope {
    /// Of local quadratics over `half` to both sides, within `range`.
    pub fn of(x: &[f64], half: f64, range: (f64, f64)) -> Self {
        let step = half / PER_WIDTH;
        let count = ((range.1 - range.0) / step).max(0.0) as usize;
        let at: Vec<f64> = (0..=count).map(|k| range.0 + step * k as f64).collect();
        Self { local: LocalQuadratics::of(x, at.iter().copied(), half), at }
    }

    /// The slopes of a curve; places with too few samples are left out.
    pub fn along(&self, y: &[f64]) -> Slopes {
        let found = self.at.iter().zip(self.local.slopes(y)).filter_map(|(at, slope)| Some((*at, slope?)));
        let (at, slope) = found.unzip();
        Slopes { at, slope }
    }
}

/// Farthest rise of `values` in their order: where it begins, where it ends, by how much.
fn rise(values: impl Iterator<Item = (usize, f64)>) -> Option<(usize, usize, f64)> {
    let mut lowest: Option<(usize, f64)> = None;
    let mut best: Option<(usize, usize, f64)> = None;
    for (i, value) in values {
        let (from, low) = lowest.filter(|(_, low)| *low <= value).unwrap_or((i, value));
        lowest = Some((from, low));
        if best.is_none_or(|(.., found)| value - low > found) {
            best = Some((from, i, value - low));
        }
    }
    best
}

/// The second rise: how far slopes above `floor` go up again on either side of the steepest one.
pub fn second(slopes: &Slopes, floor: f64) -> Option<Second> {
    let above: Vec<f64> = slopes.slope.iter().map(|slope| slope.max(floor)).collect();
    let main = (0..above.len()).max_by(|a, b| above[*a].total_cmp(&above[*b]))?;
    let far = |found: &(usize, usize, f64)| (slopes.at[found.1] - slopes.at[main]).abs() >= APART;
    let right = rise((main..above.len()).map(|i| (i, above[i]))).filter(far);
    let left = rise((0..=main).rev().map(|i| (i, above[i]))).filter(far);
    let best = [left, right].into_iter().flatten().max_by(|a, b| a.2.total_cmp(&b.2));
    let (low, other, rise) = best.unwrap_or((main, main, 0.0));
    Some(Second { main: slopes.at[main], other: slopes.at[other], rise, between: slopes.slope[low] })
}

/// How far slopes of nothing but noise rise, in whichever direction.
pub fn chance(slopes: &Slopes) -> f64 {
    let up = rise(slopes.slope.iter().copied().enumerate());
    let down = rise(slopes.slope.iter().copied().enumerate().rev());
    [up, down].into_iter().flatten().map(|found| found.2).fold(0.0, f64::max)
}

/// One and two sigmoids between two lines, over samples from below to above; `None` where they do not fit or lie together.
pub fn two_sigmoids(x: &[f64], y: &[f64], [glass, liquid]: [Line; 2], second: &Second, half: f64) -> Option<TwoSteps> {
    let n = x.len() as f64;
    let sigmoid = |t: f64, middle: f64, width: f64| 1.0 / (1.0 + (-(t - middle) / width).exp());
    let left = |share: &dyn Fn(f64) -> f64| {
        x.iter().zip(y).map(|(t, y)| y - glass.at(*t) - (liquid.at(*t) - glass.at(*t)) * share(*t)).collect::<Vec<f64>>()
    };
    let width = || Parameter::new("width", half).scale(half).within(0.05 * half, 20.0 * half);
    let middle = |at: f64| Parameter::new("middle", at).scale(half);
    let one = |p: &[f64]| left(&|t| sigmoid(t, p[0], p[1]));
    let two = |p: &[f64]| left(&|t| p[4] * sigmoid(t, p[0], p[1]) + (1.0 - p[4]) * sigmoid(t, p[2], p[3]));
    let starts = [second.main, second.other, 0.5 * (second.main + second.other)];
    let problems = starts.map(|at| LeastSquares::new(vec![middle(at), width()]));
    let (_, single) = LeastSquares::best_of(problems, &one).ok()?;
    let (lo, hi) = (second.main.min(second.other), second.main.max(second.other));
    let problems = [0.3, 0.5, 0.7].map(|share| {
        let share = Parameter::new("share", share).within(0.0, 1.0);
        LeastSquares::new(vec![middle(lo), width(), middle(hi), width(), share])
    });
    let (_, double) = LeastSquares::best_of(problems, &two).ok()?;
    let p = &double.params;
    let bic = |sum: f64, k: f64| n * (sum / n).max(f64::MIN_POSITIVE).ln() + k * n.ln();
    let bic_gain = bic(single.residual_sum, 3.0) - bic(double.residual_sum, 6.0);
    let (temperatures, share) = if p[0] <= p[2] { ([p[0], p[2]], p[4]) } else { ([p[2], p[0]], 1.0 - p[4]) };
    (temperatures[1] - temperatures[0] >= APART).then_some(TwoSteps { temperatures, share, bic_gain })
}
