//! Laws of ln τ over temperature, linear but for one parameter; and two branches that meet.

use crate::core::dense::Cholesky;
use crate::core::fit::{brent_minimise, brent_root};
use crate::core::random::standard_normals;

/// Places at which the one parameter that is not linear is tried.
const GRID: usize = 48;
/// The same for many series.
const COARSE: usize = 24;
/// Readings on either side of a kink.
const EACH_SIDE: usize = 3;

/// A law `ln y = a + b g(T; θ)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// `g = 1/T`.
    Arrhenius,
    /// `g = 1/(T - θ)`, Vogel, Fulcher and Tammann.
    Vft,
    /// `g = exp(θ/T)/T`, Mauro and others.
    Myega,
}

impl Law {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Arrhenius, Self::Vft, Self::Myega];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Arrhenius => "arrhenius",
            Self::Vft => "vft",
            Self::Myega => "myega",
        }
    }

    /// Number of parameters.
    pub fn n_parameters(self) -> usize {
        if self == Self::Arrhenius { 2 } else { 3 }
    }

    /// `g`.
    pub fn shape(self, t: f64, theta: f64) -> f64 {
        match self {
            Self::Arrhenius => 1.0 / t,
            Self::Vft => 1.0 / (t - theta),
            Self::Myega => (theta / t).exp() / t,
        }
    }

    /// `∂g/∂(1/T)`.
    pub fn slope(self, t: f64, theta: f64) -> f64 {
        match self {
            Self::Arrhenius => 1.0,
            Self::Vft => (t / (t - theta)).powi(2),
            Self::Myega => (theta / t).exp() * (1.0 + theta / t),
        }
    }

    /// Where θ may lie, the coldest reading being at `coldest`.
    pub fn range(self, coldest: f64) -> (f64, f64) {
        match self {
            Self::Arrhenius => (0.0, 0.0),
            Self::Vft => (0.0, 0.998 * coldest),
            Self::Myega => (0.0, 12.0 * coldest),
        }
    }
}

/// Readings of ln y, by rising temperature.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Temperatures, K.
    pub temperatures: Vec<f64>,
    /// ln y.
    pub values: Vec<f64>,
    /// Standard errors; relative to each other where they are not stated.
    pub errors: Vec<f64>,
    /// Whether the errors are stated.
    pub stated: bool,
}

/// A fitted law, `ln y = a + b g(T; θ)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// Which.
    pub law: Law,
    /// a.
    pub a: f64,
    /// b.
    pub b: f64,
    /// θ.
    pub theta: f64,
    /// Sum of the squares of what is left, in errors.
    pub sum: f64,
}

impl Fitted {
    /// ln y.
    pub fn at(&self, t: f64) -> f64 {
        self.a + self.b * self.law.shape(t, self.theta)
    }

    /// `∂ ln y/∂(1/T)`, K.
    pub fn slope(&self, t: f64) -> f64 {
        self.b * self.law.slope(t, self.theta)
    }

    /// Temperature at which ln y has a value; `None` where there is none between `T0` and 20 000 K.
    pub fn temperature_of(&self, value: f64) -> Option<f64> {
        let lo = match self.law {
            Law::Vft => self.theta * (1.0 + 1e-9) + 1e-9,
            _ => 1.0,
        };
        brent_root(|t| (self.at(t) - value).clamp(-1e6, 1e6), lo, 20_000.0, 1e-9).ok()
    }
}

/// Two branches: a law above, an Arrhenius law below.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Branches {
    /// The one above.
    pub hot: Fitted,
    /// Slope over 1/T of the one below, K.
    pub cold: f64,
    /// Where they meet, K.
    pub kink: f64,
    /// Sum of the squares of what is left, in errors.
    pub sum: f64,
}

impl Branches {
    /// ln y.
    pub fn at(&self, t: f64) -> f64 {
        self.hot.at(t.max(self.kink)) + self.cold * (1.0 / t.min(self.kink) - 1.0 / self.kink)
    }

    /// Number of parameters.
    pub fn n_parameters(&self) -> usize {
        self.hot.law.n_parameters() + 2
    }
}

/// Coefficients of columns beside a constant by weighted least squares: constant, others, sum of squares.
fn linear<const K: usize>(columns: [Vec<f64>; K], series: &Series, values: &[f64]) -> Option<(f64, [f64; K], f64)> {
    let weights: Vec<f64> = series.errors.iter().map(|error| error.powi(-2)).collect();
    let total: f64 = weights.iter().sum();
    let mean = |v: &[f64]| v.iter().zip(&weights).map(|(v, w)| v * w).sum::<f64>() / total;
    let centre = mean(values);
    let means: Vec<f64> = columns.iter().map(|column| mean(column)).collect();
    let y: Vec<f64> = values.iter().map(|v| v - centre).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).zip(&weights).map(|((a, b), w)| a * b * w).sum::<f64>();
    let shifted: Vec<Vec<f64>> =
        columns.iter().zip(&means).map(|(column, mean)| column.iter().map(|v| v - mean).collect()).collect();
    let norms: Vec<f64> = shifted.iter().map(|column| dot(column, column).sqrt()).collect();
    if norms.iter().any(|norm| norm.is_nan() || *norm <= 0.0) {
        return None;
    }
    let scaled: Vec<Vec<f64>> =
        shifted.iter().zip(&norms).map(|(column, norm)| column.iter().map(|v| v / norm).collect()).collect();
    let matrix: Vec<f64> = scaled.iter().flat_map(|a| scaled.iter().map(|b| dot(a, b)).collect::<Vec<_>>()).collect();
    let right: Vec<f64> = scaled.iter().map(|column| dot(column, &y)).collect();
    let solved = Cholesky::of(&matrix, K)?.solve(&right);
    let mut coefficients = [0.0; K];
    let mut constant = centre;
    for (k, value) in solved.iter().enumerate() {
        coefficients[k] = value / norms[k];
        constant -= coefficients[k] * means[k];
    }
    let left = |i: usize| y[i] - scaled.iter().zip(&solved).map(|(column, c)| column[i] * c).sum::<f64>();
    let sum = (0..y.len()).map(|i| weights[i] * left(i).powi(2)).sum();
    Some((constant, coefficients, sum))
}

/// How carefully the least sum is looked for.
#[derive(Clone, Copy, PartialEq)]
enum Search {
    /// A grid, then Brent.
    Full,
    /// A coarse grid, where a thousand series are compared in the same way.
    Coarse,
}

/// Index and value of the least of some numbers.
fn lowest(values: impl Iterator<Item = f64>) -> Option<(usize, f64)> {
    values.enumerate().min_by(|a, b| a.1.total_cmp(&b.1))
}

/// Least of `f` over the range of θ: a grid that is dense near `T0 = coldest`, then Brent.
fn least(law: Law, coldest: f64, search: Search, f: impl Fn(f64) -> f64) -> f64 {
    let (lo, hi) = law.range(coldest);
    if hi <= lo {
        return lo;
    }
    let grid = if search == Search::Full { GRID } else { COARSE };
    let place = |k: usize| {
        let part = k as f64 / grid as f64;
        match law {
            // Equal steps of ln(coldest - T0).
            Law::Vft => coldest - coldest * (1.0 - hi / coldest).powf(part),
            _ => lo + (hi - lo) * part,
        }
    };
    let Some((best, value)) = lowest((0..=grid).map(|k| f(place(k)))) else { return lo };
    if search == Search::Coarse {
        return place(best);
    }
    let (from, to) = (place(best.saturating_sub(1)), place((best + 1).min(grid)));
    let refined = brent_minimise(&f, from, to, 1e-9 * coldest).map(|minimum| (minimum.x, minimum.value));
    refined.ok().filter(|(_, sum)| *sum <= value).map_or(place(best), |(theta, _)| theta)
}

/// One law; `None` where the readings do not vary.
pub fn fit(series: &Series, law: Law) -> Option<Fitted> {
    fit_values(series, law, &series.values, Search::Full)
}

fn fit_values(series: &Series, law: Law, values: &[f64], search: Search) -> Option<Fitted> {
    let at = |theta: f64| linear([series.temperatures.iter().map(|t| law.shape(*t, theta)).collect()], series, values);
    let theta = least(law, series.temperatures[0], search, |theta| at(theta).map_or(f64::INFINITY, |(_, _, sum)| sum));
    let (a, [b], sum) = at(theta)?;
    Some(Fitted { law, a, b, theta, sum })
}

/// Branches that meet at a stated temperature.
pub fn branches_at(series: &Series, law: Law, kink: f64) -> Option<Branches> {
    branches_of(series, law, kink, &series.values, Search::Full)
}

fn branches_of(series: &Series, law: Law, kink: f64, values: &[f64], search: Search) -> Option<Branches> {
    let at = |theta: f64| {
        let hot = series.temperatures.iter().map(|t| law.shape(t.max(kink), theta)).collect();
        let cold = series.temperatures.iter().map(|t| 1.0 / t.min(kink) - 1.0 / kink).collect();
        linear([hot, cold], series, values)
    };
    let theta = least(law, kink, search, |theta| at(theta).map_or(f64::INFINITY, |(_, _, sum)| sum));
    let (a, [b, cold], sum) = at(theta)?;
    let hot = Fitted { law, a, b, theta, sum };
    Some(Branches { hot, cold, kink, sum })
}

/// Where a kink may lie: between the readings that leave enough on either side, an end included.
fn places(series: &Series, law: Law) -> Option<(f64, f64)> {
    let t = &series.temperatures;
    let above = EACH_SIDE.max(law.n_parameters());
    (t.len() >= EACH_SIDE + above).then(|| (t[EACH_SIDE - 1], t[t.len() - above])).filter(|(lo, hi)| hi > lo)
}

/// Two branches with the law `hot` above; `None` with too few readings.
pub fn branches(series: &Series, hot: Law) -> Option<Branches> {
    branches_values(series, hot, &series.values, Search::Full)
}

fn branches_values(series: &Series, hot: Law, values: &[f64], search: Search) -> Option<Branches> {
    let (lo, hi) = places(series, hot)?;
    let sum = |kink: f64| branches_of(series, hot, kink, values, search).map_or(f64::INFINITY, |found| found.sum);
    let grid = kinks(series, lo, hi, if search == Search::Full { 4 } else { 1 });
    let (best, value) = lowest(grid.iter().map(|kink| sum(*kink)))?;
    let (from, to) = (grid[best.saturating_sub(1)], grid[(best + 1).min(grid.len() - 1)]);
    let tolerance = if search == Search::Full { 1e-7 } else { 1e-3 };
    let refined = brent_minimise(sum, from, to, tolerance * hi).map(|minimum| (minimum.x, minimum.value));
    let kink = refined.ok().filter(|(_, sum)| *sum <= value).map_or(grid[best], |(kink, _)| kink);
    branches_of(series, hot, kink, values, search)
}

/// Every reading between two temperatures, and places between neighbours.
fn kinks(series: &Series, lo: f64, hi: f64, per_gap: usize) -> Vec<f64> {
    let inside: Vec<f64> = series.temperatures.iter().copied().filter(|t| (lo..=hi).contains(t)).collect();
    let between = |pair: &[f64]| {
        let (a, b) = (pair[0], pair[1]);
        (0..per_gap).map(move |k| a + (b - a) * k as f64 / per_gap as f64).collect::<Vec<f64>>()
    };
    let mut grid: Vec<f64> = inside.windows(2).flat_map(between).collect();
    grid.push(hi);
    grid
}

/// Interval of the kink: all places whose sum is within `rise` of the least. An end is `None` where the search ends first.
pub fn kink_interval(series: &Series, found: &Branches, rise: f64) -> (Option<f64>, Option<f64>) {
    let Some((lo, hi)) = places(series, found.hot.law) else { return (None, None) };
    let height =
        |kink: f64| branches_at(series, found.hot.law, kink).map_or(f64::INFINITY, |other| other.sum) - found.sum - rise;
    let grid = kinks(series, lo, hi, 8);
    // The outermost crossings: the sum may dip more than once.
    let root = |inner: f64, outer: f64| {
        let clamped = |kink: f64| height(kink).min(1e12);
        brent_root(clamped, inner.min(outer), inner.max(outer), 1e-6 * hi).ok()
    };
    let within: Vec<usize> = (0..grid.len()).filter(|k| height(grid[*k]) <= 0.0).collect();
    let first = within.first().map_or(found.kink, |k| grid[*k]).min(found.kink);
    let last = within.last().map_or(found.kink, |k| grid[*k]).max(found.kink);
    let below = grid.iter().rev().copied().find(|t| *t < first);
    let above = grid.iter().copied().find(|t| *t > last);
    (below.and_then(|t| root(first, t)), above.and_then(|t| root(last, t)))
}

/// How much better two branches are than one law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KinkTest {
    /// F ratio: fall of the sum per further parameter over what is left per degree of freedom.
    pub ratio: f64,
    /// Share of series made from the single law that have one as large.
    pub p: f64,
}

/// Tests two branches (VFT above) against the best single curved law with series simulated from it: where a kink would lie is not
/// known beforehand, so that the ratio is not distributed as F.
pub fn kink_test(series: &Series, draws: usize, seed: u64) -> Option<KinkTest> {
    let ratio = |values: &[f64]| {
        let single = [Law::Vft, Law::Myega].into_iter().filter_map(|law| fit_values(series, law, values, Search::Coarse));
        let single = single.min_by(|a, b| a.sum.total_cmp(&b.sum))?;
        let both = branches_values(series, Law::Vft, values, Search::Coarse)?;
        let dof = (values.len() as f64 - both.n_parameters() as f64).max(1.0);
        let left = if series.stated { 1.0 } else { both.sum / dof };
        Some(((single.sum - both.sum).max(0.0) / 2.0 / left, single))
    };
    let (found, single) = ratio(&series.values)?;
    let n = series.values.len();
    let scale = if series.stated { 1.0 } else { (single.sum / (n as f64 - 3.0).max(1.0)).sqrt() };
    let truth: Vec<f64> = series.temperatures.iter().map(|t| single.at(*t)).collect();
    let normals = standard_normals(seed, n * draws);
    let exceeds = |noise: &[f64]| {
        let values: Vec<f64> =
            truth.iter().zip(noise).zip(&series.errors).map(|((y, z), error)| y + scale * error * z).collect();
        ratio(&values).is_some_and(|(drawn, _)| drawn >= found)
    };
    let larger = normals.chunks(n).filter(|noise| exceeds(noise)).count();
    Some(KinkTest { ratio: found, p: (1.0 + larger as f64) / (1.0 + draws as f64) })
}
