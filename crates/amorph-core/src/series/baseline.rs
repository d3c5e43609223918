use crate::stats::{MEDIAN_OF_ABSOLUTE_NORMAL, median_in_place};

/// Medians per window length; they are joined by straight lines.
const OVERLAP: usize = 4;

/// A slow curve through a record, known at evenly spaced places and straight between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    centres: Vec<f64>,
    values: Vec<f64>,
}

impl Baseline {
    /// The same value everywhere.
    pub fn constant(value: f64) -> Self {
        Self { centres: vec![0.0], values: vec![value] }
    }

    /// The curve at a sample; beyond its ends it goes on as a straight line.
    pub fn at(&self, index: usize) -> f64 {
        let x = index as f64;
        let n = self.centres.len();
        match n {
            0 => 0.0,
            1 => self.values[0],
            _ => {
                let step = self.centres[1] - self.centres[0];
                let left = (((x - self.centres[0]) / step).floor().max(0.0) as usize).min(n - 2);
                self.between(left, x)
            }
        }
    }

    fn between(&self, left: usize, x: f64) -> f64 {
        let width = self.centres[left + 1] - self.centres[left];
        let share = (x - self.centres[left]) / width;
        self.values[left] + share * (self.values[left + 1] - self.values[left])
    }

    /// The curve at consecutive samples from `first`.
    pub fn fill(&self, first: usize, values: &mut [f64]) {
        let n = self.centres.len();
        if n < 2 {
            values.fill(self.at(first));
            return;
        }
        let mut left = 0;
        for (offset, value) in values.iter_mut().enumerate() {
            let x = (first + offset) as f64;
            while left + 2 < n && x >= self.centres[left + 1] {
                left += 1;
            }
            *value = self.between(left, x);
        }
    }

    /// Replaces every value.
    pub fn map(&mut self, change: impl Fn(f64) -> f64) {
        self.values.iter_mut().for_each(|value| *value = change(*value));
    }
}

/// Running median over `window` samples, taken four times per window; NaN samples do not count.
///
/// The medians stand at the centres of their windows, so that a straight drift is followed to the ends. O(n).
pub fn running_median(values: &[f64], window: usize) -> Baseline {
    curve(values, window, OVERLAP, median_in_place)
}

/// Running robust standard deviation (median absolute value over 0.6745) of a record without drift, over `window` samples.
pub fn running_scale(residual: &[f64], window: usize) -> Baseline {
    let mut scale = curve(residual, window, 1, |values| {
        values.iter_mut().for_each(|value| *value = value.abs());
        median_in_place(values)
    });
    scale.map(|median| median / MEDIAN_OF_ABSOLUTE_NORMAL);
    scale
}

fn curve(values: &[f64], window: usize, overlap: usize, statistic: impl Fn(&mut [f64]) -> f64) -> Baseline {
    let n = values.len();
    let window = window.clamp(1, n.max(1));
    let step = (window / overlap).max(1);
    let n_windows = if n == 0 { 0 } else { (n - window) / step + 1 };
    let mut scratch = Vec::with_capacity(window);
    let mut baseline = Baseline { centres: Vec::with_capacity(n_windows), values: Vec::with_capacity(n_windows) };
    let mut last = f64::NAN;
    for index in 0..n_windows {
        let first = index * step;
        scratch.clear();
        scratch.extend(values[first..first + window].iter().filter(|value| !value.is_nan()));
        // A window without samples keeps the value before it.
        let value = if scratch.is_empty() { last } else { statistic(&mut scratch) };
        last = value;
        baseline.centres.push(first as f64 + 0.5 * (window - 1) as f64);
        baseline.values.push(value);
    }
    let first_known = baseline.values.iter().copied().find(|value| !value.is_nan()).unwrap_or(0.0);
    baseline.map(|value| if value.is_nan() { first_known } else { value });
    baseline
}
