//! The straight stretches of a heat capacity below and above the glass transition.

use super::CalorimetryError;
use super::curve::{local_polynomial, smoothed};

/// Curvature over its error from which a stretch is not straight.
const CURVED: f64 = 2.0;
/// Bins of the search.
const BINS: usize = 150;

/// A straight line, J/(kg K) at a temperature `origin` and per kelvin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Where `value` is, K.
    pub origin: f64,
    /// Value there.
    pub value: f64,
    /// Slope.
    pub slope: f64,
}

impl Line {
    /// Value at a temperature.
    pub fn at(&self, temperature: f64) -> f64 {
        self.value + self.slope * (temperature - self.origin)
    }

    /// Through the samples of rising `x` within a window.
    pub fn through_within(x: &[f64], y: &[f64], (from, to): (f64, f64)) -> Self {
        let first = x.partition_point(|t| *t < from);
        let rows = first..x.partition_point(|t| *t <= to).max(first);
        Self::through(&x[rows.clone()], &y[rows])
    }

    /// Least squares through samples; a constant through fewer than two.
    pub fn through(x: &[f64], y: &[f64]) -> Self {
        let n = x.len().max(1) as f64;
        let (origin, value) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
        let (mut sxx, mut sxy) = (0.0, 0.0);
        for (x, y) in x.iter().zip(y) {
            sxx += (x - origin) * (x - origin);
            sxy += (x - origin) * (y - value);
        }
        Self { origin, value, slope: if sxx > 0.0 { sxy / sxx } else { 0.0 } }
    }
}

/// Where the transition is and where the scan can be used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Steepest rise, K.
    pub steepest: f64,
    /// Last temperature before crystallisation, or of the scan, K.
    pub end: f64,
    /// Whether crystallisation follows.
    pub crystallises: bool,
}

/// Finds the steepest rise of a heat capacity and, after it, the last temperature before an exotherm larger than the signal before it.
pub fn place(x: &[f64], y: &[f64], half: f64) -> Option<Place> {
    let n = x.len();
    if n < 30 || x[n - 1] - x[0] < 6.0 * half {
        return None;
    }
    let smooth = smoothed(x, y, half);
    let lowest = (0..n).min_by(|a, b| smooth[*a].total_cmp(&smooth[*b]))?;
    let highest = |to: usize| smooth[..to.max(1)].iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut start: Vec<f64> = smooth[..(n / 4).max(1)].to_vec();
    start.sort_by(f64::total_cmp);
    let usual = start[start.len() / 2];
    let crystallises = lowest > n / 3 && usual - smooth[lowest] > 1.5 * (highest(lowest) - usual);
    let mut last = n;
    if crystallises {
        let top = (0..lowest).max_by(|a, b| smooth[*a].total_cmp(&smooth[*b]))?;
        // The liquid ends where the curve stands highest above the chord from the overshoot to the bottom of the exotherm.
        let chord = |i: usize| smooth[top] + (smooth[lowest] - smooth[top]) * (x[i] - x[top]) / (x[lowest] - x[top]);
        let knee = (top..lowest).max_by(|a, b| (smooth[*a] - chord(*a)).total_cmp(&(smooth[*b] - chord(*b))))?;
        // The flank of the exotherm reaches further than it shows.
        let end = x[knee] - 2.0 * half - 0.5 * (x[lowest] - x[knee]);
        last = x.partition_point(|t| *t <= end).max(1);
    }
    let inner = |i: &usize| x[*i] > x[0] + 3.0 * half && x[*i] < x[last - 1] - half;
    let slope = |i: usize| local_polynomial(x, y, x[i], 1.5 * half, 2).map_or(f64::NEG_INFINITY, |c| c[1]);
    let steepest = (0..last).filter(inner).map(|i| (i, slope(i))).max_by(|a, b| a.1.total_cmp(&b.1))?.0;
    Some(Place { steepest: x[steepest], end: x[last - 1], crystallises })
}

/// Sums of powers for fits over any stretch of bins.
struct Sums {
    x: Vec<f64>,
    y: Vec<f64>,
    noise: f64,
}

/// The longest straight stretch within `lo` and `hi` that is at least `least` long (K); of equally long ones the one nearer to `near`.
///
/// # Errors
/// [`CalorimetryError::NoLine`].
pub fn straight(
    x: &[f64],
    y: &[f64],
    (lo, hi): (f64, f64),
    least: f64,
    side: &'static str,
) -> Result<(f64, f64), CalorimetryError> {
    let none = CalorimetryError::NoLine { side, needed: least, lo, hi };
    let first = x.partition_point(|t| *t < lo);
    let end = x.partition_point(|t| *t <= hi);
    if end < first + 20 || hi - lo < least {
        return Err(none);
    }
    let sums = Sums::of(&x[first..end], &y[first..end]);
    let m = sums.x.len();
    let mut best: Option<(f64, usize, usize)> = None;
    for a in 0..m {
        for b in a + 6..=m {
            let length = sums.x[b - 1] - sums.x[a];
            let longer = best.is_none_or(|(found, ..)| length > found);
            if length >= 0.9 * least && longer && sums.curvature(a, b) < CURVED {
                best = Some((length, a, b));
            }
        }
    }
    let (_, a, b) = best.ok_or(none)?;
    let half_bin = 0.5 * (sums.x[m - 1] - sums.x[0]) / (m.max(2) - 1) as f64;
    Ok(((sums.x[a] - half_bin).max(lo), (sums.x[b - 1] + half_bin).min(hi)))
}

impl Sums {
    fn of(x: &[f64], y: &[f64]) -> Self {
        let per_bin = x.len().div_ceil(BINS).max(1);
        let mean =
            |values: &[f64]| values.chunks(per_bin).map(|c| c.iter().sum::<f64>() / c.len() as f64).collect::<Vec<f64>>();
        let (x, y) = (mean(x), mean(y));
        // Second differences see neither line nor curvature.
        let mut second: Vec<f64> = y.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs() / 6f64.sqrt()).collect();
        second.sort_by(f64::total_cmp);
        let noise = second.get(second.len() / 2).copied().unwrap_or(0.0) / 0.6745;
        let span = y.iter().copied().fold(f64::NEG_INFINITY, f64::max) - y.iter().copied().fold(f64::INFINITY, f64::min);
        Self { x, y, noise: noise.max(1e-4 * span) }
    }

    /// The larger of the quadratic and the cubic term within bins `a..b`, over their errors: an overshoot that falls to a straight line has
    /// no quadratic one.
    fn curvature(&self, a: usize, b: usize) -> f64 {
        let (x, y) = (&self.x[a..b], &self.y[a..b]);
        let n = x.len() as f64;
        let mean = x.iter().sum::<f64>() / n;
        let half = 0.5 * (x[x.len() - 1] - x[0]);
        // Legendre's polynomials of second and third order, made orthogonal to a line on the bins; the third, odd, is so to the second where
        // bins are even, which they are but for their last.
        let z: Vec<f64> = x.iter().map(|t| (t - mean) / half).collect();
        let term = |power: i32| {
            let line = Line::through(&z, &z.iter().map(|z| z.powi(power)).collect::<Vec<f64>>());
            let shape: Vec<f64> = z.iter().map(|z| z.powi(power) - line.at(*z)).collect();
            let size: f64 = shape.iter().map(|s| s * s).sum();
            let projection: f64 = shape.iter().zip(y).map(|(s, y)| s * y).sum();
            projection.abs() / (self.noise * size.sqrt())
        };
        term(2).max(term(3))
    }
}
