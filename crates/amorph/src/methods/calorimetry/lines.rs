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

/// Sums of powers over a stretch of bins, from its first.
#[derive(Default)]
struct Moments {
    n: f64,
    /// Of x to its fourth power.
    x: [f64; 4],
    /// Of y, x y and x² y.
    xy: [f64; 3],
}

/// The bins of a search.
struct Binned {
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
    let binned = Binned::of(&x[first..end], &y[first..end]);
    let m = binned.x.len();
    let mut best: Option<(f64, usize, usize)> = None;
    for a in 0..m {
        let mut moments = Moments::default();
        for b in a + 1..=m {
            let length = binned.x[b - 1] - binned.x[a];
            moments.add(length, binned.y[b - 1] - binned.y[a]);
            let longer = best.is_none_or(|(found, ..)| length > found);
            let candidate = b >= a + 6 && length >= 0.9 * least && longer;
            let limit = CURVED * binned.noise;
            if candidate && moments.curvature() < limit && binned.turn(a, b) < limit {
                best = Some((length, a, b));
            }
        }
    }
    let (_, a, b) = best.ok_or(none)?;
    let half_bin = 0.5 * (binned.x[m - 1] - binned.x[0]) / (m.max(2) - 1) as f64;
    Ok(((binned.x[a] - half_bin).max(lo), (binned.x[b - 1] + half_bin).min(hi)))
}

impl Binned {
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

    /// Size of the cubic term within bins `a..b` over its error for noise of 1: an overshoot that falls to a straight line has no quadratic
    /// one. Odd, it is orthogonal to the quadratic one where bins are even, which they are but for their last.
    fn turn(&self, a: usize, b: usize) -> f64 {
        let (x, y) = (&self.x[a..b], &self.y[a..b]);
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        let half = 0.5 * (x[x.len() - 1] - x[0]);
        let z: Vec<f64> = x.iter().map(|t| (t - mean) / half).collect();
        let line = Line::through(&z, &z.iter().map(|z| z.powi(3)).collect::<Vec<f64>>());
        let shape: Vec<f64> = z.iter().map(|z| z.powi(3) - line.at(*z)).collect();
        let size: f64 = shape.iter().map(|s| s * s).sum();
        let projection: f64 = shape.iter().zip(y).map(|(s, y)| s * y).sum();
        projection.abs() / size.sqrt()
    }
}

impl Moments {
    fn add(&mut self, x: f64, y: f64) {
        self.n += 1.0;
        let (x2, y2) = (x * x, x * x * y);
        for (sum, term) in self.x.iter_mut().zip([x, x2, x2 * x, x2 * x2]) {
            *sum += term;
        }
        for (sum, term) in self.xy.iter_mut().zip([y, x * y, y2]) {
            *sum += term;
        }
    }

    /// Size of the quadratic term over its error for noise of 1: projection on a parabola that is orthogonal to every line.
    fn curvature(&self) -> f64 {
        let [mean, x2, x3, x4] = self.x.map(|sum| sum / self.n);
        let [y0, y1, y2] = self.xy.map(|sum| sum / self.n);
        // About the mean position.
        let c2 = x2 - mean * mean;
        let c3 = x3 - mean * (3.0 * x2 - 2.0 * mean * mean);
        let c4 = x4 - mean * (4.0 * x3 - mean * (6.0 * x2 - 3.0 * mean * mean));
        let tilt = c3 / c2;
        let size = self.n * (c4 - c2 * c2 - tilt * c3);
        let projection = y2 - 2.0 * mean * y1 + mean * mean * y0 - c2 * y0 - tilt * (y1 - mean * y0);
        (self.n * projection).abs() / size.sqrt()
    }
}
