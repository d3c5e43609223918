//! Noise of a calorimeter, white and of a spectrum 1/f, from what is left of a baseline; and the integral of a baseline that nobody saw.

use crate::core::dense::{Cholesky, dot};
use crate::core::random::{SeedPart, derive_seed, standard_normals};

/// Variance of the 1/f noise over that of a white sample; all are tried and weighed by their likelihood.
const RATIOS: [f64; 13] = [0.0, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0];
/// Weight of a ratio beforehand: to this power of it, since short windows tell less 1/f noise than there is; and that of none.
const LEANING: f64 = 0.2;
const PLAIN: f64 = 1.0;
/// Bins of a window at most; matrices stay small.
const BINS: usize = 45;
/// Residuals of exact data have no noise.
const NOTHING: f64 = 1e-24;

/// Means of neighbouring samples.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bins {
    /// Mean position.
    pub x: Vec<f64>,
    /// Mean value.
    pub y: Vec<f64>,
    /// Number of samples.
    pub n: Vec<f64>,
    /// Width.
    pub width: f64,
}

/// One ratio of both kinds of noise with its likelihood.
#[derive(Debug, Clone)]
struct Candidate {
    ratio: f64,
    /// Variance of a white sample.
    variance: f64,
    weight: f64,
    cholesky: Cholesky,
    /// Normal matrix of the whitened design.
    normal: Cholesky,
}

/// Noise about a linear model.
#[derive(Debug, Clone)]
pub struct Noise {
    bins: Bins,
    design: Vec<Vec<f64>>,
    times: Vec<f64>,
    candidates: Vec<Candidate>,
}

/// Draws of noise at fixed positions.
#[derive(Debug, Clone)]
pub struct Drawer<'a> {
    candidates: &'a [Candidate],
    samples: usize,
    /// Of every process of the 1/f noise and every position: the share of the state before that is kept, and of a new deviate.
    steps: Vec<Vec<(f64, f64)>>,
}

/// A number with its standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Predicted {
    /// Expectation.
    pub mean: f64,
    /// Standard deviation.
    pub std: f64,
    /// Ends of the 95 % interval.
    pub interval: (f64, f64),
}

impl Bins {
    /// Of the samples of several windows (first and end row each).
    pub fn of(x: &[f64], y: &[f64], windows: &[(usize, usize)]) -> Self {
        let widest = windows.iter().map(|(a, b)| b - a).max().unwrap_or(0);
        let per_bin = widest.div_ceil(BINS).max(1);
        let mut bins = Self::default();
        for &(first, end) in windows {
            let mut a = first;
            while a < end {
                // A rest shorter than half a bin joins the one before.
                let b = if end - a < per_bin + per_bin / 2 + 1 { end } else { a + per_bin };
                let n = (b - a) as f64;
                bins.x.push(x[a..b].iter().sum::<f64>() / n);
                bins.y.push(y[a..b].iter().sum::<f64>() / n);
                bins.n.push(n);
                a = b;
            }
        }
        let gaps = x.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum::<f64>();
        bins.width = per_bin as f64 * gaps / (x.len().max(2) - 1) as f64;
        bins
    }
}

impl Noise {
    /// Noise about the columns of `design` (one per coefficient, given at a position) over the bins; correlations reach over `range`.
    pub fn about(bins: Bins, design: &[&dyn Fn(f64) -> f64], range: f64) -> Option<Self> {
        let columns: Vec<Vec<f64>> = design.iter().map(|column| bins.x.iter().map(|x| column(*x)).collect()).collect();
        let mut times = vec![0.5 * bins.width];
        while times[times.len() - 1] < range {
            times.push(2.0 * times[times.len() - 1]);
        }
        let mut noise = Self { bins, design: columns, times, candidates: Vec::new() };
        let correlations = noise.correlations();
        for ratio in RATIOS {
            noise.candidates.extend(noise.candidate(ratio, &correlations));
        }
        let best = noise.candidates.iter().map(|c| c.weight).fold(f64::NEG_INFINITY, f64::max);
        noise.candidates.iter_mut().for_each(|c| c.weight = (c.weight - best).exp());
        let total: f64 = noise.candidates.iter().map(|c| c.weight).sum();
        noise.candidates.iter_mut().for_each(|c| c.weight /= total);
        (total > 0.0).then_some(noise)
    }

    /// Correlations of the 1/f noise between all bins, row after row.
    fn correlations(&self) -> Vec<f64> {
        let m = self.bins.x.len();
        let correlation = self.correlation([self.bins.width; 2]);
        let mut matrix = vec![0.0; m * m];
        for i in 0..m {
            for j in 0..=i {
                let value = correlation(self.bins.x[i] - self.bins.x[j]);
                matrix[i * m + j] = value;
                matrix[j * m + i] = value;
            }
        }
        matrix
    }

    /// Restricted likelihood of a ratio, as a logarithm in `weight`.
    fn candidate(&self, ratio: f64, correlations: &[f64]) -> Option<Candidate> {
        let m = self.bins.x.len();
        let p = self.design.len();
        let mut matrix: Vec<f64> = correlations.iter().map(|correlation| ratio * correlation).collect();
        for i in 0..m {
            matrix[i * m + i] += 1.0 / self.bins.n[i];
        }
        let cholesky = Cholesky::of(&matrix, m)?;
        let (normal, residual) = self.normal(&cholesky)?;
        let dof = m.checked_sub(p + 1)? as f64 + 1.0;
        let variance = (residual / dof).max(NOTHING);
        let leaning = if ratio > 0.0 { LEANING * ratio.ln() } else { PLAIN.ln() };
        let weight = leaning - 0.5 * (cholesky.ln_determinant() + normal.ln_determinant() + dof * variance.ln());
        Some(Candidate { ratio, variance, weight, cholesky, normal })
    }

    /// Normal matrix of the design and the squared residual, both whitened.
    fn normal(&self, cholesky: &Cholesky) -> Option<(Cholesky, f64)> {
        let columns: Vec<Vec<f64>> = self.design.iter().map(|column| cholesky.whiten(column)).collect();
        let y = cholesky.whiten(&self.bins.y);
        let p = columns.len();
        let normal: Vec<f64> = (0..p * p).map(|k| dot(&columns[k / p], &columns[k % p])).collect();
        let normal = Cholesky::of(&normal, p)?;
        let right: Vec<f64> = columns.iter().map(|column| dot(column, &y)).collect();
        let explained = dot(&right, &normal.solve(&right));
        Some((normal, (dot(&y, &y) - explained).max(0.0)))
    }

    /// Correlation of the 1/f noise, averaged over two bins of these widths, over distance: as many processes as there are octaves.
    fn correlation(&self, widths: [f64; 2]) -> impl Fn(f64) -> f64 {
        // Of every process: its time, the variance of an average over the wider bin, the factor of bins apart.
        let one = |time: &f64| {
            let [a, b] = widths.map(|width| width / time);
            let width = a.max(b);
            let inside = 2.0 * (width - 1.0 + (-width).exp()) / (width * width);
            let spread = |width: f64| (0.5 * width).sinh() / (0.5 * width);
            (*time, inside, spread(a) * spread(b))
        };
        let processes: Vec<(f64, f64, f64)> = self.times.iter().map(one).collect();
        move |distance| {
            let distance = distance.abs();
            let same = distance < 0.5 * (widths[0] + widths[1]) * 0.999;
            let overlap = 1.0 - distance / widths[0].max(widths[1]);
            let of = |(time, inside, apart): &(f64, f64, f64)| {
                let kept = (-distance / time).exp();
                if same { inside * kept.max(overlap) } else { apart * kept }
            };
            processes.iter().map(of).sum::<f64>() / processes.len() as f64
        }
    }

    /// Expectation and error of `Σ w f(x)`, f the linear model with its 1/f noise, at positions where it was not seen (`targets`: position and
    /// weight, which is also the width of what it stands for; `design` as for [`Self::about`]), and of as much white noise as samples there with these weights (`white`: their squared sum) have.
    pub fn predict(&self, targets: &[(f64, f64)], design: &[&dyn Fn(f64) -> f64], white: f64) -> Option<Predicted> {
        let at: Vec<f64> = design.iter().map(|column| targets.iter().map(|(x, w)| w * column(*x)).sum()).collect();
        let mut with_bins = vec![0.0; self.bins.x.len()];
        let mut own = 0.0;
        for (i, (t, w)) in targets.iter().enumerate() {
            let correlation = self.correlation([self.bins.width, *w]);
            with_bins.iter_mut().zip(&self.bins.x).for_each(|(sum, x)| *sum += w * correlation(x - t));
            own += w * w * self.correlation([*w; 2])(0.0);
            // Each pair once; targets of one width have the same processes.
            for others in targets[..i].chunk_by(|a, b| a.1 == b.1) {
                let correlation = self.correlation([*w, others[0].1]);
                own += 2.0 * w * others.iter().map(|(x, v)| v * correlation(x - t)).sum::<f64>();
            }
        }
        let (mut mean, mut square) = (0.0, 0.0);
        let mut parts = Vec::new();
        for candidate in &self.candidates {
            let c: Vec<f64> = with_bins.iter().map(|value| candidate.ratio * value).collect();
            let normal = &candidate.normal;
            let solved = candidate.cholesky.solve(&c);
            let y = candidate.cholesky.solve(&self.bins.y);
            let right: Vec<f64> = self.design.iter().map(|column| dot(column, &y)).collect();
            let u: Vec<f64> = at.iter().zip(&self.design).map(|(at, column)| at - dot(column, &solved)).collect();
            let expected = dot(&u, &normal.solve(&right)) + dot(&solved, &self.bins.y);
            let variance = candidate.ratio * own - dot(&c, &solved) + dot(&u, &normal.solve(&u)) + white;
            let variance = candidate.variance * variance.max(0.0);
            mean += candidate.weight * expected;
            square += candidate.weight * (variance + expected * expected);
            parts.push((candidate.weight, expected, variance.sqrt().max(f64::MIN_POSITIVE)));
        }
        let std = (square - mean * mean).max(0.0).sqrt();
        let interval = (quantile(&parts, 0.025, mean, std), quantile(&parts, 0.975, mean, std));
        Some(Predicted { mean, std, interval })
    }

    /// The linear model, without any noise, where its columns have these values; its standard error.
    pub fn model_at(&self, columns: &[f64]) -> Option<(f64, f64)> {
        let (mut mean, mut square) = (0.0, 0.0);
        for candidate in &self.candidates {
            let normal = &candidate.normal;
            let y = candidate.cholesky.solve(&self.bins.y);
            let right: Vec<f64> = self.design.iter().map(|column| dot(column, &y)).collect();
            let expected = dot(columns, &normal.solve(&right));
            let variance = candidate.variance * dot(columns, &normal.solve(columns));
            mean += candidate.weight * expected;
            square += candidate.weight * (variance + expected * expected);
        }
        Some((mean, (square - mean * mean).max(0.0).sqrt()))
    }

    /// Covariance of the bins, by likelihood; row after row.
    pub fn covariance(&self) -> Vec<f64> {
        let m = self.bins.x.len();
        let mean = |of: &dyn Fn(&Candidate) -> f64| self.candidates.iter().map(|c| c.weight * of(c)).sum::<f64>();
        let (white, flicker) = (mean(&|c| c.variance), mean(&|c| c.variance * c.ratio));
        let mut matrix: Vec<f64> = self.correlations().into_iter().map(|correlation| flicker * correlation).collect();
        for i in 0..m {
            matrix[i * m + i] += white / self.bins.n[i];
        }
        matrix
    }

    /// Standard deviations of a white sample and of the 1/f noise, by likelihood.
    pub fn sizes(&self) -> (f64, f64) {
        let mean = |of: &dyn Fn(&Candidate) -> f64| self.candidates.iter().map(|c| c.weight * of(c)).sum::<f64>();
        (mean(&|c| c.variance).sqrt(), mean(&|c| c.variance * c.ratio).sqrt())
    }

    /// What draws such noise at positions `x` (rising) again and again.
    pub fn drawer(&self, x: &[f64]) -> Drawer<'_> {
        let step = |i: usize, time: f64| {
            let keep = if i == 0 { 0.0 } else { (-(x[i] - x[i - 1]).abs() / time).exp() };
            (keep, (1.0 - keep * keep).sqrt())
        };
        let steps = self.times.iter().map(|time| (0..x.len()).map(|i| step(i, *time)).collect()).collect();
        Drawer { candidates: &self.candidates, samples: x.len(), steps }
    }
}

impl Drawer<'_> {
    /// The draw of a seed.
    pub fn draw(&self, seed: u64) -> Vec<f64> {
        let numbers = |part: SeedPart<'_>, n: usize| standard_normals(derive_seed(seed, &[part]), n);
        // Which candidate: by its weight, from one deviate.
        let uniform = crate::core::stats::normal_cdf(numbers("candidate".into(), 1)[0]);
        let mut passed = 0.0;
        let chosen = self.candidates.iter().find(|candidate| {
            passed += candidate.weight;
            passed >= uniform
        });
        let Some(candidate) = chosen.or(self.candidates.last()) else { return vec![0.0; self.samples] };
        let white = candidate.variance.sqrt();
        let mut noise: Vec<f64> = numbers("white".into(), self.samples).into_iter().map(|z| white * z).collect();
        let each = (candidate.variance * candidate.ratio / self.steps.len() as f64).sqrt();
        if each > 0.0 {
            for (number, steps) in self.steps.iter().enumerate() {
                let normals = numbers(number.into(), self.samples);
                let mut state = 0.0;
                for ((noise, normal), (keep, fresh)) in noise.iter_mut().zip(normals).zip(steps) {
                    state = keep * state + fresh * normal;
                    *noise += each * state;
                }
            }
        }
        noise
    }
}

/// Quantile of a mixture of normal distributions (weight, mean, standard deviation).
fn quantile(parts: &[(f64, f64, f64)], p: f64, mean: f64, std: f64) -> f64 {
    let below = |z: f64| parts.iter().map(|(w, m, s)| w * crate::core::stats::normal_cdf((z - m) / s)).sum::<f64>();
    let (mut lo, mut hi) = (mean - 12.0 * std, mean + 12.0 * std);
    for _ in 0..60 {
        let middle = 0.5 * (lo + hi);
        if below(middle) < p { lo = middle } else { hi = middle }
    }
    0.5 * (lo + hi)
}
