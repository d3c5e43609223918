//! Curves of two states against each other.

use crate::core::dense::Cholesky;
use crate::core::stats::{NORMAL_95, normal_cdf, welch_test};

/// Loss tangents of one specimen at one frequency, by rising temperature.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Temperatures, K.
    pub temperatures: Vec<f64>,
    /// Loss tangents.
    pub values: Vec<f64>,
    /// Standard errors.
    pub errors: Vec<f64>,
}

/// A value and its standard error.
pub type Measured = (f64, f64);

/// A difference with its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// State less reference.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
    /// 95 % interval.
    pub interval: (f64, f64),
    /// Two-sided probability of one as large where the states are the same.
    pub p: f64,
    /// Whether the scatter between specimens is part of it.
    pub between_specimens: bool,
}

impl Curve {
    /// Value between readings, with the errors of the two beside it.
    pub fn at(&self, temperature: f64) -> Option<Measured> {
        let last = self.temperatures.len().checked_sub(1)?;
        if !(self.temperatures[0]..=self.temperatures[last]).contains(&temperature) {
            return None;
        }
        let after = self.temperatures.partition_point(|t| *t < temperature).clamp(1, last);
        let (a, b) = (self.temperatures[after - 1], self.temperatures[after]);
        let share = if b > a { (temperature - a) / (b - a) } else { 0.0 };
        let value = (1.0 - share) * self.values[after - 1] + share * self.values[after];
        Some((value, ((1.0 - share) * self.errors[after - 1]).hypot(share * self.errors[after])))
    }

    /// Integral over temperature from `lo` to `hi` by trapezoids, K.
    pub fn area(&self, lo: f64, hi: f64) -> Option<Measured> {
        let ends = [self.at(lo)?, self.at(hi)?];
        let inside = |i: &usize| self.temperatures[*i] > lo && self.temperatures[*i] < hi;
        let mut points = vec![(lo, ends[0])];
        points.extend(
            (0..self.temperatures.len()).filter(inside).map(|i| (self.temperatures[i], (self.values[i], self.errors[i]))),
        );
        points.push((hi, ends[1]));
        let (mut area, mut variance) = (0.0, 0.0);
        for k in 0..points.len() {
            let before = if k > 0 { points[k].0 - points[k - 1].0 } else { 0.0 };
            let after = if k + 1 < points.len() { points[k + 1].0 - points[k].0 } else { 0.0 };
            let width = 0.5 * (before + after);
            area += width * points[k].1.0;
            variance += (width * points[k].1.1).powi(2);
        }
        Some((area, variance.sqrt()))
    }

    /// Height of the maximum between `lo` and `hi`: the top of the parabola through the readings around the largest mean of five, and the temperature of
    /// that; `None` where it lies at an end.
    pub fn height(&self, lo: f64, hi: f64) -> Option<(Measured, f64)> {
        const REACH: usize = 5;
        let inside: Vec<usize> = (0..self.temperatures.len()).filter(|i| (lo..=hi).contains(&self.temperatures[*i])).collect();
        let n = inside.len();
        if n < 2 * REACH + 3 {
            return None;
        }
        let mean = |k: usize| inside[k - 2..=k + 2].iter().map(|i| self.values[*i]).sum::<f64>();
        let top = (2..n - 2).max_by(|a, b| mean(*a).total_cmp(&mean(*b)))?;
        if top < REACH || top + REACH >= n {
            return None;
        }
        let near = &inside[top - REACH..=top + REACH];
        let (centre, scale) = (self.temperatures[inside[top]], self.temperatures[near[2 * REACH]] - self.temperatures[near[0]]);
        if scale <= 0.0 {
            return None;
        }
        let row = |t: f64| {
            let x = (t - centre) / scale;
            [1.0, x, x * x]
        };
        let (mut normal, mut right) = ([0.0; 9], [0.0; 3]);
        for i in near {
            let (row, weight) = (row(self.temperatures[*i]), 1.0 / self.errors[*i].powi(2));
            for a in 0..3 {
                right[a] += weight * row[a] * self.values[*i];
                for b in 0..3 {
                    normal[3 * a + b] += weight * row[a] * row[b];
                }
            }
        }
        let solver = Cholesky::of(&normal, 3)?;
        let c = solver.solve(&right);
        let x = -0.5 * c[1] / c[2];
        if c[2] >= 0.0 || x.abs() > 0.5 {
            return None;
        }
        let at_top = [1.0, x, x * x];
        let variance: f64 = solver.solve(&at_top).iter().zip(at_top).map(|(a, b)| a * b).sum();
        Some(((c[0] + c[1] * x + c[2] * x * x, variance.sqrt()), centre + x * scale))
    }
}

/// Mean over specimens, with the errors of the readings.
pub fn mean(values: &[Measured]) -> Measured {
    let n = values.len() as f64;
    (values.iter().map(|v| v.0).sum::<f64>() / n, values.iter().map(|v| v.1 * v.1).sum::<f64>().sqrt() / n)
}

/// State less reference: by the scatter between specimens where both have two or more, else by the errors of the readings.
pub fn difference(state: &[Measured], reference: &[Measured]) -> Option<Difference> {
    if state.is_empty() || reference.is_empty() {
        return None;
    }
    if state.len() > 1 && reference.len() > 1 {
        let own = |values: &[Measured]| values.iter().map(|v| v.0).collect::<Vec<f64>>();
        let test = welch_test(&own(state), &own(reference), 0.95).ok()?;
        let interval = (test.lower, test.upper);
        let value = mean(state).0 - mean(reference).0;
        return Some(Difference { value, error: (value / test.t).abs(), interval, p: test.p_value, between_specimens: true });
    }
    let (a, b) = (mean(state), mean(reference));
    let (value, error) = (a.0 - b.0, a.1.hypot(b.1));
    let half = NORMAL_95 * error;
    let p = 2.0 * normal_cdf(-(value / error).abs());
    Some(Difference { value, error, interval: (value - half, value + half), p, between_specimens: false })
}

/// Ratio of two positive numbers and its error to first order; `None` where the reference is not above three errors.
pub fn ratio(state: Measured, reference: Measured) -> Option<Measured> {
    if reference.0 <= 3.0 * reference.1 || state.0 <= 0.0 {
        return None;
    }
    let value = state.0 / reference.0;
    Some((value, value * (state.1 / state.0).hypot(reference.1 / reference.0)))
}
