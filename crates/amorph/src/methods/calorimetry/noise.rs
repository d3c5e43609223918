//! Noise of a calorimeter, white and of a spectrum 1/f, from what is left of a baseline; and the integral of a baseline that nobody saw.

use crate::core::dense::{Bidiagonal, Cholesky, Tridiagonal, dot};
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
    /// What whitens vectors that [`Noise::turned`] has turned.
    factor: Bidiagonal,
    /// The design and the values, whitened.
    design: Vec<Vec<f64>>,
    values: Vec<f64>,
    /// Normal matrix of the whitened design, and its products with the values.
    normal: Cholesky,
    right: Vec<f64>,
}

/// Noise about a linear model.
#[derive(Debug, Clone)]
pub struct Noise {
    bins: Bins,
    times: Vec<f64>,
    /// Correlations of the 1/f noise between the bins, each times the root of the samples of both.
    correlations: Tridiagonal,
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

/// What of every process of the 1/f noise is kept from one place to the next.
struct Steps {
    kept: Vec<Vec<f64>>,
    /// Whether the places rise, so that what is kept over several steps is the product.
    rising: bool,
}

impl Steps {
    fn between(x: &[f64], times: &[f64]) -> Self {
        let to = |i: usize| times.iter().map(|time| (-(x[i] - x[i.max(1) - 1]) / time).exp()).collect();
        Self { kept: (0..x.len()).map(to).collect(), rising: x.windows(2).all(|pair| pair[0] <= pair[1]) }
    }
}

/// The 1/f noise, averaged over two bins of these widths: as many processes as there are octaves.
struct Octaves<'a> {
    times: &'a [f64],
    widths: [f64; 2],
    /// Of every process: the variance of an average over the wider bin, and the factor of bins apart.
    parts: Vec<(f64, f64)>,
}

impl<'a> Octaves<'a> {
    fn of(times: &'a [f64], widths: [f64; 2]) -> Self {
        let one = |time: &f64| {
            let [a, b] = widths.map(|width| width / time);
            let width = a.max(b);
            let inside = 2.0 * (width - 1.0 + (-width).exp()) / (width * width);
            let spread = |width: f64| (0.5 * width).sinh() / (0.5 * width);
            (inside, spread(a) * spread(b))
        };
        Self { times, widths, parts: times.iter().map(one).collect() }
    }

    fn overlap(&self, distance: f64) -> bool {
        distance < 0.5 * (self.widths[0] + self.widths[1]) * 0.999
    }

    /// Correlation over a distance.
    fn at(&self, distance: f64) -> f64 {
        let same = self.overlap(distance);
        let overlap = 1.0 - distance / self.widths[0].max(self.widths[1]);
        let of = |(time, (inside, apart)): (&f64, &(f64, f64))| {
            let kept = (-distance / time).exp();
            if same { inside * kept.max(overlap) } else { apart * kept }
        };
        self.times.iter().zip(&self.parts).map(of).sum::<f64>() / self.parts.len() as f64
    }

    /// Correlation of what is at `t` with what is at every one of `places` (with their steps, or more), in whatever order.
    fn along(&self, t: f64, places: &[f64], steps: &Steps, mut each: impl FnMut(usize, f64)) {
        if !steps.rising {
            return places.iter().enumerate().for_each(|(k, x)| each(k, self.at((x - t).abs())));
        }
        let first = places.partition_point(|x| *x < t);
        let count = self.parts.len() as f64;
        let mut kept = vec![0.0; self.parts.len()];
        let mut one = |k: usize, from: Option<&Vec<f64>>| {
            let distance = (places[k] - t).abs();
            match from {
                Some(step) => kept.iter_mut().zip(step).for_each(|(kept, step)| *kept *= step),
                None => kept.iter_mut().zip(self.times).for_each(|(kept, time)| *kept = (-distance / time).exp()),
            }
            let apart = || kept.iter().zip(&self.parts).map(|(kept, (_, apart))| kept * apart).sum::<f64>() / count;
            each(k, if self.overlap(distance) { self.at(distance) } else { apart() });
        };
        for k in first..places.len() {
            one(k, (k > first).then(|| &steps.kept[k]));
        }
        for k in (0..first).rev() {
            one(k, (k + 1 < first).then(|| &steps.kept[k + 1]));
        }
    }
}

/// Correlations of the 1/f noise between all bins, row after row.
fn correlations(bins: &Bins, times: &[f64]) -> Vec<f64> {
    let m = bins.x.len();
    let octaves = Octaves::of(times, [bins.width; 2]);
    let steps = Steps::between(&bins.x, times);
    let mut matrix = vec![0.0; m * m];
    for i in 0..m {
        matrix[i * m + i] = octaves.at(0.0);
        octaves.along(bins.x[i], &bins.x[..i], &steps, |j, value| {
            matrix[i * m + j] = value;
            matrix[j * m + i] = value;
        });
    }
    matrix
}

impl Noise {
    /// Noise about the columns of `design` (one per coefficient, given at a position) over the bins; correlations reach over `range`.
    pub fn about(bins: Bins, design: &[&dyn Fn(f64) -> f64], range: f64) -> Option<Self> {
        let mut times = vec![0.5 * bins.width];
        while times[times.len() - 1] < range {
            times.push(2.0 * times[times.len() - 1]);
        }
        // Every ratio is `ratio C + N⁻¹`, N the samples of the bins: with N½ C N½ tridiagonal each costs a sweep and no factors of its own.
        let m = bins.x.len();
        let mut correlations = correlations(&bins, &times);
        for (k, value) in correlations.iter_mut().enumerate() {
            *value *= (bins.n[k / m] * bins.n[k % m]).sqrt();
        }
        let mut noise = Self { bins, times, correlations: Tridiagonal::of(&correlations, m), candidates: Vec::new() };
        let at_bins = |column: &&dyn Fn(f64) -> f64| {
            let values: Vec<f64> = noise.bins.x.iter().map(|x| column(*x)).collect();
            noise.turned(&values)
        };
        let columns: Vec<Vec<f64>> = design.iter().map(at_bins).collect();
        let values = noise.turned(&noise.bins.y);
        noise.candidates = RATIOS.into_iter().filter_map(|ratio| noise.candidate(ratio, &columns, &values)).collect();
        let best = noise.candidates.iter().map(|c| c.weight).fold(f64::NEG_INFINITY, f64::max);
        noise.candidates.iter_mut().for_each(|c| c.weight = (c.weight - best).exp());
        let total: f64 = noise.candidates.iter().map(|c| c.weight).sum();
        noise.candidates.iter_mut().for_each(|c| c.weight /= total);
        (total > 0.0).then_some(noise)
    }

    /// A vector over the bins, where the correlations are tridiagonal and the white noise is one.
    fn turned(&self, values: &[f64]) -> Vec<f64> {
        let scaled: Vec<f64> = values.iter().zip(&self.bins.n).map(|(value, n)| value * n.sqrt()).collect();
        self.correlations.turned(&scaled)
    }

    /// Restricted likelihood of a ratio, as a logarithm in `weight`; `columns` of the design and `values` are turned.
    fn candidate(&self, ratio: f64, columns: &[Vec<f64>], values: &[f64]) -> Option<Candidate> {
        let factor = self.correlations.shifted(ratio)?;
        let design: Vec<Vec<f64>> = columns.iter().map(|column| factor.whiten(column)).collect();
        let values = factor.whiten(values);
        let p = design.len();
        let normal: Vec<f64> = (0..p * p).map(|k| dot(&design[k / p], &design[k % p])).collect();
        let normal = Cholesky::of(&normal, p)?;
        let right: Vec<f64> = design.iter().map(|column| dot(column, &values)).collect();
        let residual = (dot(&values, &values) - dot(&right, &normal.solve(&right))).max(0.0);
        let dof = values.len().checked_sub(p + 1)? as f64 + 1.0;
        let variance = (residual / dof).max(NOTHING);
        let leaning = if ratio > 0.0 { LEANING * ratio.ln() } else { PLAIN.ln() };
        let samples: f64 = self.bins.n.iter().map(|n| n.ln()).sum();
        let determinant = factor.ln_determinant() - samples + normal.ln_determinant();
        let weight = leaning - 0.5 * (determinant + dof * variance.ln());
        Some(Candidate { ratio, variance, weight, factor, design, values, normal, right })
    }

    /// Expectation and error of `Σ w f(x)`, f the linear model with its 1/f noise, at positions where it was not seen (`targets`: position and
    /// weight, which is also the width of what it stands for; `design` as for [`Self::about`]), and of as much white noise as samples there with these weights (`white`: their squared sum) have.
    pub fn predict(&self, targets: &[(f64, f64)], design: &[&dyn Fn(f64) -> f64], white: f64) -> Option<Predicted> {
        let at: Vec<f64> = design.iter().map(|column| targets.iter().map(|(x, w)| w * column(*x)).sum()).collect();
        let (with_bins, own) = self.covariances(targets);
        let with_bins = self.turned(&with_bins);
        let (mut mean, mut square) = (0.0, 0.0);
        let mut parts = Vec::new();
        for candidate in &self.candidates {
            let ratio = candidate.ratio;
            let c = candidate.factor.whiten(&with_bins);
            let u: Vec<f64> = at.iter().zip(&candidate.design).map(|(at, column)| at - ratio * dot(column, &c)).collect();
            let expected = dot(&u, &candidate.normal.solve(&candidate.right)) + ratio * dot(&c, &candidate.values);
            let variance = ratio * own - ratio * ratio * dot(&c, &c) + dot(&u, &candidate.normal.solve(&u)) + white;
            let variance = candidate.variance * variance.max(0.0);
            mean += candidate.weight * expected;
            square += candidate.weight * (variance + expected * expected);
            parts.push((candidate.weight, expected, variance.sqrt().max(f64::MIN_POSITIVE)));
        }
        let std = (square - mean * mean).max(0.0).sqrt();
        let interval = (quantile(&parts, 0.025, mean, std), quantile(&parts, 0.975, mean, std));
        Some(Predicted { mean, std, interval })
    }

    /// Correlation of the 1/f noise with every bin, summed over the targets with their weights, and among the targets.
    fn covariances(&self, targets: &[(f64, f64)]) -> (Vec<f64>, f64) {
        let mut with_bins = vec![0.0; self.bins.x.len()];
        let mut own = 0.0;
        let steps = Steps::between(&self.bins.x, &self.times);
        // Targets of one width have the same processes.
        let groups: Vec<&[(f64, f64)]> = targets.chunk_by(|a, b| a.1 == b.1).collect();
        for (g, group) in groups.iter().enumerate() {
            let places: Vec<f64> = group.iter().map(|(x, _)| *x).collect();
            let width = group[0].1;
            let octaves = Octaves::of(&self.times, [self.bins.width, width]);
            for t in &places {
                octaves.along(*t, &self.bins.x, &steps, |k, correlation| with_bins[k] += width * correlation);
            }
            // Each pair once.
            let steps = Steps::between(&places, &self.times);
            for (other, others) in groups.iter().enumerate().skip(g) {
                let octaves = Octaves::of(&self.times, [others[0].1, width]);
                let twice = 2.0 * width * others[0].1;
                if other == g {
                    own += width * width * octaves.at(0.0) * group.len() as f64;
                }
                for (i, (t, _)) in others.iter().enumerate() {
                    let before = if other == g { i } else { places.len() };
                    octaves.along(*t, &places[..before], &steps, |_, correlation| own += twice * correlation);
                }
            }
        }
        (with_bins, own)
    }

    /// The linear model, without any noise, where its columns have these values; its standard error.
    pub fn model_at(&self, columns: &[f64]) -> Option<(f64, f64)> {
        let (mut mean, mut square) = (0.0, 0.0);
        for candidate in &self.candidates {
            let normal = &candidate.normal;
            let expected = dot(columns, &normal.solve(&candidate.right));
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
        let mut matrix: Vec<f64> =
            correlations(&self.bins, &self.times).into_iter().map(|correlation| flicker * correlation).collect();
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
    let density = |z: f64| {
        let one =
            |(w, m, s): &(f64, f64, f64)| w * (-0.5 * ((z - m) / s).powi(2)).exp() / (s * (2.0 * std::f64::consts::PI).sqrt());
        parts.iter().map(one).sum::<f64>()
    };
    let (mut lo, mut hi) = (mean - 12.0 * std, mean + 12.0 * std);
    let mut at = mean;
    for _ in 0..60 {
        let over = below(at) - p;
        if over < 0.0 {
            lo = at
        } else {
            hi = at
        }
        // Newton's step where it stays between the ends, else their middle.
        let newton = at - over / density(at);
        let next = if newton > lo && newton < hi { newton } else { 0.5 * (lo + hi) };
        if (next - at).abs() <= 1e-12 * std {
            return next;
        }
        at = next;
    }
    at
}
