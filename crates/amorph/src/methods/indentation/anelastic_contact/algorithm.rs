//! Contact of a sphere with a body that creeps: `h = c q^(2/3) + h_c + v t` with `q = (1 - w) P + w y`, `y' = (P - y)/tc`.
//!
//! `w = 0` is elastic, `w = 1` a Kelvin body, between them a standard linear solid; the relaxed modulus follows from `c`.

use crate::core::relaxation::{lag, lag_with_slope};
use crate::core::stats::student_t_quantile;

/// What the sample is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// No relaxation.
    Elastic,
    /// A spring and a dashpot side by side.
    Kelvin,
    /// The same with a spring in front.
    StandardLinear,
}

/// Samples from contact to the end of the hold, in SI.
#[derive(Debug, Clone, Copy)]
pub struct Loading<'a> {
    /// Time, s.
    pub time: &'a [f64],
    /// Load, N.
    pub load: &'a [f64],
    /// Depth, m.
    pub depth: &'a [f64],
    /// Whether a constant drift is fitted.
    pub drift: bool,
    /// Whether the depth at contact is fitted; it is zero otherwise.
    pub offset: bool,
}

/// A fitted contact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContactFit {
    /// The model.
    pub model: Model,
    /// `c`, m/N^(2/3).
    pub scale: f64,
    /// `ln tc`; of no meaning for an elastic body.
    pub ln_time: f64,
    /// `w`.
    pub delayed_share: f64,
    /// Depth at contact, m.
    pub offset: f64,
    /// Drift, m/s.
    pub drift: f64,
    /// Sum of squared residuals, m^2.
    pub residual_sum: f64,
    /// Samples.
    pub n: usize,
    /// Free parameters.
    pub parameters: usize,
    /// Covariance of `ln c`, `ln tc` and `w`.
    pub covariance: [[f64; 3]; 3],
}

impl ContactFit {
    /// Standard deviation of the residuals, m.
    pub fn noise(&self) -> f64 {
        (self.residual_sum / (self.n - self.parameters) as f64).sqrt()
    }

    /// Bayesian information criterion.
    pub fn bic(&self) -> f64 {
        let n = self.n as f64;
        n * (self.residual_sum / n).ln() + self.parameters as f64 * n.ln()
    }
}

/// Columns of the model that are linear in it, at most: scale, offset, drift.
const LINEAR: usize = 3;
/// All columns: and `ln tc`, `w`.
const COLUMNS: usize = 5;
/// Start values of tc per fit.
const GRID: usize = 20;
/// Samples on which start values are compared.
const THINNED: usize = 64;
/// Steps of the fit.
const STEPS: usize = 60;

/// `x^(2/3)` of what is not negative, to the last digits: a third of the exponent is a guess to five bits, and each step of Halley's iteration
/// trebles them. The library's cube root takes three times as long.
fn two_thirds(x: f64) -> f64 {
    // The smallest loads are kept off the subnormal numbers.
    let x = x.max(1e-280);
    let mut root = f64::from_bits(x.to_bits() / 3 + 0x2A9F_7893_782D_A1CE);
    for _ in 0..2 {
        let cube = root * root * root;
        root *= (cube + 2.0 * x) / (2.0 * cube + x);
    }
    root * root
}

/// Buffers that are used again from fit to fit.
#[derive(Debug, Default, Clone)]
pub struct Workspace {
    lagged: Vec<f64>,
    slope: Vec<f64>,
    power: Vec<f64>,
    residual: Vec<f64>,
    columns: [Vec<f64>; COLUMNS],
}

/// Sum of products with eight partial sums, which the processor adds at once.
fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a, b) = (x.chunks_exact(8), y.chunks_exact(8));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a.zip(b) {
        for (sum, (x, y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum += x * y;
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// Depth predicted by a fit, m.
pub fn predicted(loading: &Loading<'_>, fit: &ContactFit) -> Vec<f64> {
    let mut lagged = Vec::new();
    lag(loading.time, loading.load, if fit.model == Model::Elastic { 0.0 } else { fit.ln_time.exp() }, &mut lagged);
    let w = fit.delayed_share;
    let q = loading.load.iter().zip(&lagged).map(|(p, y)| (1.0 - w) * p + w * y);
    let start = loading.time.first().copied().unwrap_or(0.0);
    q.zip(loading.time).map(|(q, t)| fit.scale * two_thirds(q) + fit.offset + fit.drift * (t - start)).collect()
}

/// What remains of a fit when `tc` and `w` are given.
#[derive(Debug, Clone, Copy)]
pub struct Reduced {
    /// Best `c`.
    pub scale: f64,
    offset: f64,
    drift: f64,
    /// Sum of squared residuals there.
    pub sum: f64,
    /// What `(c - best)^2` adds to it.
    pub stiffness: f64,
}

impl Loading<'_> {
    /// Parameters that enter linearly.
    fn n_linear(&self) -> usize {
        1 + usize::from(self.drift) + usize::from(self.offset)
    }

    /// Best scale, offset and drift for a power of the lagged load, by sums about the means.
    fn reduce(&self, power: &[f64]) -> Reduced {
        let n = power.len() as f64;
        let start = self.time[0];
        let (mut f, mut t, mut h) = (0.0, 0.0, 0.0);
        for ((p, time), depth) in power.iter().zip(self.time).zip(self.depth) {
            (f, t, h) = (f + p, t + (time - start), h + depth);
        }
        // Without an offset the sums are about zero.
        let (f, t, h) = if self.offset { (f / n, t / n, h / n) } else { (0.0, 0.0, 0.0) };
        let (mut ff, mut ft, mut fh, mut tt, mut th, mut hh) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for ((p, time), depth) in power.iter().zip(self.time).zip(self.depth) {
            let (p, time, depth) = (p - f, time - start - t, depth - h);
            ff += p * p;
            fh += p * depth;
            hh += depth * depth;
            if self.drift {
                ft += p * time;
                tt += time * time;
                th += time * depth;
            }
        }
        let ratio = if self.drift && tt > 0.0 { ft / tt } else { 0.0 };
        let stiffness = ff - ratio * ft;
        let scale = (fh - ratio * th) / stiffness;
        let drift = if self.drift && tt > 0.0 { (th - scale * ft) / tt } else { 0.0 };
        let sum = hh - 2.0 * (scale * fh + drift * th) + scale * scale * ff + 2.0 * scale * drift * ft + drift * drift * tt;
        Reduced { scale, offset: h - scale * f - drift * t, drift, sum: sum.max(0.0), stiffness }
    }

    /// Best linear parameters at a relaxation time and a delayed share.
    pub fn at(&self, ln_time: f64, delayed_share: f64, space: &mut Workspace) -> Reduced {
        let w = delayed_share;
        lag(self.time, self.load, if w > 0.0 { ln_time.exp() } else { 0.0 }, &mut space.lagged);
        space.power.clear();
        space.power.extend(self.load.iter().zip(&space.lagged).map(|(p, y)| two_thirds((1.0 - w) * p + w * y)));
        self.reduce(&space.power)
    }

    /// Range of `ln tc` that samples of this spacing and length could tell from its ends.
    fn range(&self) -> (f64, f64) {
        let n = self.time.len();
        let length = self.time[n - 1] - self.time[0];
        ((0.05 * length / (n - 1) as f64).ln(), (30.0 * length).ln())
    }

    /// Fits a model; absent where it leads nowhere (no spread, negative scale).
    pub fn fit(&self, model: Model, space: &mut Workspace) -> Option<ContactFit> {
        let parameters = self.n_linear() + [0, 1, 2][model as usize];
        if self.time.len() < parameters + 2 || self.time[self.time.len() - 1] <= self.time[0] {
            return None;
        }
        if model == Model::Elastic {
            let reduced = self.at(0.0, 0.0, space);
            let variance = reduced.sum / (self.time.len() - parameters) as f64 / reduced.stiffness / reduced.scale.powi(2);
            let mut covariance = [[0.0; 3]; 3];
            covariance[0][0] = variance;
            return self.accept(model, parameters, (f64::NEG_INFINITY, 0.0), &reduced, covariance);
        }
        let shares: &[f64] = if model == Model::Kelvin { &[1.0] } else { &[0.2, 0.5, 0.8, 0.97] };
        let mut best: Option<ContactFit> = None;
        for start in self.starts(shares) {
            let found = self.descend(model, parameters, start, space);
            if found.is_some_and(|found| best.is_none_or(|best| found.residual_sum < best.residual_sum)) {
                best = found;
            }
        }
        best
    }

    /// The best start values of every share, from a comparison on few samples.
    fn starts(&self, shares: &[f64]) -> Vec<(f64, f64)> {
        let rows = self.thinned();
        let pick = |values: &[f64]| rows.iter().map(|row| values[*row]).collect::<Vec<f64>>();
        let (time, load, depth) = (pick(self.time), pick(self.load), pick(self.depth));
        let thin = Loading { time: &time, load: &load, depth: &depth, drift: self.drift, offset: self.offset };
        let mut space = Workspace::default();
        let (lo, hi) = self.range();
        let grid: Vec<f64> = (0..GRID).map(|i| lo + (hi - lo) * i as f64 / (GRID - 1) as f64).collect();
        let best = |share: &f64| {
            let scored = grid.iter().map(|ln_time| (thin.at(*ln_time, *share, &mut space).sum, *ln_time));
            let best = scored.filter(|(sum, _)| sum.is_finite()).min_by(|a, b| a.0.total_cmp(&b.0));
            best.map(|(_, ln_time)| (ln_time, *share))
        };
        shares.iter().filter_map(best).collect()
    }

    /// Rows for the start values: half of them from the rise of the load, where most is told.
    fn thinned(&self) -> Vec<usize> {
        let n = self.time.len();
        if n <= THINNED {
            return (0..n).collect();
        }
        let peak = self.load.iter().fold(0.0, |peak: f64, load| peak.max(*load));
        let rise = self.load.iter().position(|load| *load > 0.97 * peak).unwrap_or(n / 2).clamp(1, n - 1);
        let half = THINNED / 2;
        let spaced = |from: usize, to: usize| (0..half).map(move |i| from + (to - 1 - from) * i / (half - 1));
        let mut rows: Vec<usize> = spaced(0, rise + 1).chain(spaced(rise + 1, n)).collect();
        rows.dedup();
        rows
    }

    /// Levenberg and Marquardt from start values of `ln tc` and `w`.
    fn descend(&self, model: Model, parameters: usize, start: (f64, f64), space: &mut Workspace) -> Option<ContactFit> {
        let (lo, hi) = self.range();
        let (mut ln_time, mut w) = start;
        let mut now = self.at(ln_time, w, space);
        let mut damping = 1e-4;
        let columns = self.columns(model);
        let mut normal = self.normal(&columns, (ln_time, w), &now, space);
        for _ in 0..STEPS {
            let step = solve(&normal, &columns, damping)?;
            let (next_time, next_w) = ((ln_time + step[3].clamp(-1.5, 1.5)).clamp(lo, hi), (w + step[4]).clamp(0.0, 1.0));
            let next = self.at(next_time, next_w, space);
            if next.sum <= now.sum {
                let gain = now.sum - next.sum;
                let moved = (next_time - ln_time).abs().max((next_w - w).abs());
                (ln_time, w, now) = (next_time, next_w, next);
                damping *= 0.1;
                normal = self.normal(&columns, (ln_time, w), &now, space);
                if gain <= 1e-10 * now.sum && moved < 1e-4 {
                    break;
                }
            } else {
                damping *= 10.0;
                if damping > 1e8 {
                    break;
                }
            }
        }
        let variance = now.sum / (self.time.len() - parameters) as f64;
        let covariance = covariance(&normal, &columns, variance);
        self.accept(model, parameters, (ln_time, w), &now, covariance)
    }

    fn columns(&self, model: Model) -> Vec<usize> {
        let used = [true, self.offset, self.drift, true, model == Model::StandardLinear];
        (0..COLUMNS).filter(|column| used[*column]).collect()
    }

    /// Normal equations in `ln c`, offset, drift, `ln tc`, `w`, and the right-hand side; `now` is what [`Self::at`] has just found there.
    fn normal(&self, columns: &[usize], (ln_time, w): (f64, f64), now: &Reduced, space: &mut Workspace) -> Normal {
        let Workspace { lagged, slope, power, residual, columns: values } = space;
        lag_with_slope(self.time, self.load, ln_time.exp(), lagged, slope);
        let start = self.time[0];
        let n = self.time.len();
        for column in values.iter_mut().chain([&mut *residual]) {
            column.resize(n, 1.0);
        }
        let [scale, _, drift, time, share] = values;
        for i in 0..n {
            let (f, t) = (power[i], self.time[i] - start);
            let q = (1.0 - w) * self.load[i] + w * lagged[i];
            let inner = if q > 0.0 { now.scale / 1.5 * f / q } else { 0.0 };
            (scale[i], drift[i]) = (now.scale * f, t);
            (time[i], share[i]) = (inner * w * slope[i], inner * (lagged[i] - self.load[i]));
            residual[i] = self.depth[i] - now.scale * f - now.offset - now.drift * t;
        }
        let mut normal = Normal::default();
        for &a in columns {
            normal.right[a] = dot(&values[a], residual);
            for &b in columns.iter().filter(|b| **b <= a) {
                normal.matrix[a][b] = dot(&values[a], &values[b]);
            }
        }
        normal
    }

    fn accept(
        &self,
        model: Model,
        parameters: usize,
        (ln_time, delayed_share): (f64, f64),
        now: &Reduced,
        covariance: [[f64; 3]; 3],
    ) -> Option<ContactFit> {
        // A scale that is not told from zero by three standard errors is no contact.
        let variance = now.sum / (self.time.len() - parameters) as f64;
        let rises = now.scale > 0.0 && now.scale * now.scale * now.stiffness > 9.0 * variance;
        (rises && now.sum.is_finite()).then_some(ContactFit {
            model,
            scale: now.scale,
            ln_time,
            delayed_share,
            offset: now.offset,
            drift: now.drift,
            residual_sum: now.sum,
            n: self.time.len(),
            parameters,
            covariance,
        })
    }
}

#[derive(Default, Clone, Copy)]
struct Normal {
    matrix: [[f64; COLUMNS]; COLUMNS],
    right: [f64; COLUMNS],
}

/// Lower triangle of the Cholesky factor of the used part, scaled to a unit diagonal.
fn factor(normal: &Normal, columns: &[usize], damping: f64) -> Option<([[f64; COLUMNS]; COLUMNS], [f64; COLUMNS])> {
    let scale: [f64; COLUMNS] = std::array::from_fn(|i| 1.0 / normal.matrix[i][i].max(f64::MIN_POSITIVE).sqrt());
    let mut l = [[0.0; COLUMNS]; COLUMNS];
    for (i, &a) in columns.iter().enumerate() {
        for (j, &b) in columns.iter().enumerate().take(i + 1) {
            let known: f64 = l[i][..j].iter().zip(&l[j][..j]).map(|(a, b)| a * b).sum();
            let sum = normal.matrix[a][b] * scale[a] * scale[b] + if i == j { damping } else { 0.0 } - known;
            l[i][j] = if i == j { Some(sum).filter(|s| *s > 1e-14)?.sqrt() } else { sum / l[j][j] };
        }
    }
    Some((l, scale))
}

fn solve_with(l: &[[f64; COLUMNS]; COLUMNS], n: usize, right: &[f64]) -> [f64; COLUMNS] {
    let mut x = [0.0; COLUMNS];
    for i in 0..n {
        x[i] = (right[i] - (0..i).map(|k| l[i][k] * x[k]).sum::<f64>()) / l[i][i];
    }
    for i in (0..n).rev() {
        x[i] = (x[i] - (i + 1..n).map(|k| l[k][i] * x[k]).sum::<f64>()) / l[i][i];
    }
    x
}

fn solve(normal: &Normal, columns: &[usize], damping: f64) -> Option<[f64; COLUMNS]> {
    let (l, scale) = factor(normal, columns, damping)?;
    let right: Vec<f64> = columns.iter().map(|a| normal.right[*a] * scale[*a]).collect();
    let x = solve_with(&l, columns.len(), &right);
    let mut step = [0.0; COLUMNS];
    columns.iter().zip(x).for_each(|(a, x)| step[*a] = x * scale[*a]);
    Some(step)
}

/// Covariance of `ln c`, `ln tc`, `w`; infinite where the data do not tell.
fn covariance(normal: &Normal, columns: &[usize], variance: f64) -> [[f64; 3]; 3] {
    let Some((l, scale)) = factor(normal, columns, 0.0) else { return [[f64::INFINITY; 3]; 3] };
    let wanted = [0, LINEAR, LINEAR + 1];
    let mut covariance = [[0.0; 3]; 3];
    for (i, a) in wanted.iter().enumerate() {
        let Some(place) = columns.iter().position(|column| column == a) else { continue };
        let unit: Vec<f64> = (0..columns.len()).map(|k| f64::from(u8::from(k == place))).collect();
        let x = solve_with(&l, columns.len(), &unit);
        for (j, b) in wanted.iter().enumerate() {
            if let Some(other) = columns.iter().position(|column| column == b) {
                covariance[i][j] = variance * x[other] * scale[*a] * scale[*b];
            }
        }
    }
    covariance
}

/// 95 % profile-likelihood intervals of a Kelvin body; an open end is infinite or zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KelvinIntervals {
    /// Of the relaxation time, s.
    pub time: (f64, f64),
    /// Of `c`, m/N^(2/3).
    pub scale: (f64, f64),
    /// Of `tc c^(-3/2)`: the viscosity but for a constant.
    pub product: (f64, f64),
}

/// Nodes of the boundary of the likelihood region.
const NODES: usize = 24;

/// Extremes of the parameters over the region in which the likelihood falls by no more than that of 95 % for one parameter.
pub fn kelvin_intervals(loading: &Loading<'_>, fit: &ContactFit, space: &mut Workspace) -> Option<KelvinIntervals> {
    let dof = (fit.n - fit.parameters) as f64;
    let t = student_t_quantile(0.975, dof).ok()?;
    let limit = fit.residual_sum * (1.0 + t * t / dof);
    let (lo, hi) = loading.range();
    let sd = fit.covariance[1][1].sqrt();
    let sd = if sd.is_finite() { sd.clamp(1e-6, 2.0) } else { 2.0 };
    let mut side = |sign: f64, end: f64| -> (f64, bool) {
        let excess = |u: f64, space: &mut Workspace| loading.at(u, 1.0, space).sum - limit;
        let (mut inner, mut step) = (fit.ln_time, t * sd);
        loop {
            let outer = inner + sign * step;
            if sign * (outer - end) >= 0.0 {
                if excess(end, space) < 0.0 {
                    return (end, true);
                }
                return (bisect(|u| excess(u, space), inner, end), false);
            }
            if excess(outer, space) >= 0.0 {
                return (bisect(|u| excess(u, space), inner, outer), false);
            }
            (inner, step) = (outer, 1.5 * step);
        }
    };
    let ((below, open_below), (above, open_above)) = (side(-1.0, lo), side(1.0, hi));
    let mut extremes = [(f64::INFINITY, f64::NEG_INFINITY); 2];
    for i in 0..=NODES {
        // Nodes crowd at the ends, where the region closes.
        let share = 0.5 * (1.0 - (std::f64::consts::PI * i as f64 / NODES as f64).cos());
        let u = below + (above - below) * share;
        let reduced = loading.at(u, 1.0, space);
        let half = ((limit - reduced.sum).max(0.0) / reduced.stiffness).sqrt();
        for c in [reduced.scale - half, reduced.scale + half] {
            let ln_c = c.max(f64::MIN_POSITIVE).ln();
            for (extreme, value) in extremes.iter_mut().zip([ln_c, u - 1.5 * ln_c]) {
                *extreme = (extreme.0.min(value), extreme.1.max(value));
            }
        }
    }
    let [scale, product] = extremes.map(|(lo, hi)| (lo.exp(), hi.exp()));
    let open =
        |(lo, hi): (f64, f64), low: bool, high: bool| (if low { 0.0 } else { lo }, if high { f64::INFINITY } else { hi });
    Some(KelvinIntervals {
        time: open((below.exp(), above.exp()), open_below, open_above),
        // A longer time goes with a larger c; their product stays.
        scale: open(scale, false, open_above),
        product: open(product, open_below, false),
    })
}

/// Root of what is negative at `inner` and positive at `outer`, to a thousandth of the distance, by regula falsi (Illinois).
fn bisect(mut excess: impl FnMut(f64) -> f64, inner: f64, outer: f64) -> f64 {
    let (mut a, mut b) = (inner, outer);
    let (mut fa, mut fb) = (excess(a), excess(b));
    for _ in 0..40 {
        let x = (a * fb - b * fa) / (fb - fa);
        let fx = excess(x);
        if fx < 0.0 {
            (a, fa, fb) = (x, fx, 0.5 * fb);
        } else {
            (b, fb, fa) = (x, fx, 0.5 * fa);
        }
        if (b - a).abs() < 1e-4 * (outer - inner).abs() || fx.abs() < 1e-9 * fa.abs().max(fb.abs()) {
            return x;
        }
    }
    0.5 * (a + b)
}

/// Correlation of neighbouring residuals.
pub fn neighbour_correlation(residuals: &[f64]) -> f64 {
    let sum: f64 = residuals.iter().map(|r| r * r).sum();
    residuals.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / sum
}
