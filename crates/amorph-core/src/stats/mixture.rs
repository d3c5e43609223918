//! Mixtures of normal distributions on a line, by well converged expectation maximisation.

use std::f64::consts::TAU;

use rand::RngExt;
use rayon::prelude::*;

use super::clusters_1d::line_clusters;
use super::error::require;
use super::resample::item_seed;
use super::{Moments, StatsError};
use crate::random::rng;

/// Iterations after which the starts are compared.
const SHORT: usize = 40;
/// Starts that are then followed to convergence.
const FINALISTS: usize = 3;

/// One normal distribution of a mixture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    /// Share of the values.
    pub weight: f64,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
}

/// A fitted mixture.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    /// The components by ascending mean.
    pub components: Vec<Component>,
    /// Logarithm of the likelihood.
    pub ln_likelihood: f64,
    /// Number of values.
    pub n: usize,
    /// Iterations of the best start.
    pub iterations: usize,
    /// Whether the best start converged.
    pub converged: bool,
}

/// How a mixture is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MixtureFit {
    /// Starts, at least one: quantiles, k-means, and the rest random.
    pub starts: usize,
    /// Seed of the random starts.
    pub seed: u64,
    /// Least standard deviation of a component over that of all values: narrower ones are degenerate.
    pub narrowest: f64,
    /// Converged when the likelihood extrapolated to the end (Aitken) is nearer than this share of its logarithm.
    pub tolerance: f64,
    /// Iterations allowed per start.
    pub iterations: usize,
}

impl Default for MixtureFit {
    fn default() -> Self {
        Self { starts: 20, seed: 0, narrowest: 0.02, tolerance: 1e-8, iterations: 500 }
    }
}

impl Mixture {
    /// Free parameters.
    pub fn parameters(&self) -> usize {
        3 * self.components.len() - 1
    }

    /// Bayesian information criterion.
    pub fn bic(&self) -> f64 {
        self.parameters() as f64 * (self.n as f64).ln() - 2.0 * self.ln_likelihood
    }

    /// Integrated completed likelihood: the criterion plus twice the entropy of the posteriors of `values`.
    pub fn icl(&self, values: &[f64]) -> f64 {
        self.bic() + 2.0 * values.iter().map(|value| entropy(&self.posterior(*value))).sum::<f64>()
    }

    /// Density at a value.
    pub fn density(&self, value: f64) -> f64 {
        self.components.iter().map(|component| component.density(value)).sum()
    }

    /// Probabilities of the components given a value.
    pub fn posterior(&self, value: f64) -> Vec<f64> {
        let logs: Vec<f64> = self.components.iter().map(|c| c.ln_density(value)).collect();
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let shares: Vec<f64> = logs.iter().map(|log| (log - largest).exp()).collect();
        let total: f64 = shares.iter().sum();
        shares.into_iter().map(|share| share / total).collect()
    }
}

/// Entropy of probabilities, in nats.
pub fn entropy(probabilities: &[f64]) -> f64 {
    -probabilities.iter().filter(|p| **p > 0.0).map(|p| p * p.ln()).sum::<f64>()
}

impl Component {
    fn ln_density(&self, value: f64) -> f64 {
        let z = (value - self.mean) / self.sd;
        self.weight.ln() - 0.5 * z * z - self.sd.ln() - 0.5 * TAU.ln()
    }

    /// Density times weight at a value.
    pub fn density(&self, value: f64) -> f64 {
        self.ln_density(value).exp()
    }
}

impl MixtureFit {
    /// The mixture of `k` components with the largest likelihood over the starts.
    ///
    /// # Errors
    /// Fewer than `3 k` values, values that are not finite or all equal, `k` of zero.
    pub fn fit(&self, values: &[f64], k: usize) -> Result<Mixture, StatsError> {
        require(values, 3 * k.max(1))?;
        if k == 0 {
            return Err(StatsError::OutOfRange { what: "number of components", value: 0.0, rule: "at least 1" });
        }
        let moments = Moments::of(values)?;
        if moments.std_dev == 0.0 {
            return Err(StatsError::NoSpread { n: values.len() });
        }
        let scaled: Vec<f64> = values.iter().map(|value| (value - moments.mean) / moments.std_dev).collect();
        let starts: Vec<Vec<Component>> = (0..self.starts.max(1)).map(|i| self.start(&scaled, k, i)).collect();
        let short = Self { iterations: SHORT, ..*self };
        let mut runs: Vec<Run> = starts.into_par_iter().map(|start| short.run(&scaled, start)).collect();
        runs.sort_by(|a, b| b.ln_likelihood.total_cmp(&a.ln_likelihood));
        runs.truncate(FINALISTS);
        let runs: Vec<Run> = runs.into_par_iter().map(|run| self.run(&scaled, run.components)).collect();
        let best = runs.into_iter().reduce(|a, b| if b.ln_likelihood > a.ln_likelihood { b } else { a });
        let best = best.ok_or(StatsError::TooFew { found: 0, needed: 1 })?;
        let back = |c: Component| Component { mean: moments.mean + moments.std_dev * c.mean, sd: moments.std_dev * c.sd, ..c };
        let mut components: Vec<Component> = best.components.into_iter().map(back).collect();
        components.sort_by(|a, b| a.mean.total_cmp(&b.mean));
        let ln_likelihood = best.ln_likelihood - values.len() as f64 * moments.std_dev.ln();
        Ok(Mixture { components, ln_likelihood, n: values.len(), iterations: best.iterations, converged: best.converged })
    }

    /// The mixture that the components of `from` lead to on these values: one run, for resampled data.
    ///
    /// # Errors
    /// As [`Self::fit`].
    pub fn refit(&self, values: &[f64], from: &Mixture) -> Result<Mixture, StatsError> {
        require(values, 3 * from.components.len().max(1))?;
        let moments = Moments::of(values)?;
        if moments.std_dev == 0.0 {
            return Err(StatsError::NoSpread { n: values.len() });
        }
        let (mean, sd) = (moments.mean, moments.std_dev);
        let scaled: Vec<f64> = values.iter().map(|value| (value - mean) / sd).collect();
        let there = |c: &Component| Component { mean: (c.mean - mean) / sd, sd: c.sd / sd, ..*c };
        let run = self.run(&scaled, from.components.iter().map(there).collect());
        let back = |c: Component| Component { mean: mean + sd * c.mean, sd: sd * c.sd, ..c };
        Ok(Mixture {
            components: run.components.into_iter().map(back).collect(),
            ln_likelihood: run.ln_likelihood - values.len() as f64 * sd.ln(),
            n: values.len(),
            iterations: run.iterations,
            converged: run.converged,
        })
    }

    fn start(&self, scaled: &[f64], k: usize, number: usize) -> Vec<Component> {
        let n = scaled.len();
        let component = |mean: f64| Component { weight: 1.0 / k as f64, mean, sd: 1.0 / k as f64 };
        match number {
            0 => {
                let mut sorted = scaled.to_vec();
                sorted.sort_unstable_by(f64::total_cmp);
                (0..k).map(|i| component(sorted[((i as f64 + 0.5) / k as f64 * n as f64) as usize])).collect()
            }
            1 if line_clusters(scaled, k).is_ok() => {
                let Ok(clusters) = line_clusters(scaled, k) else { return Vec::new() };
                let of = |(mean, count): (&f64, &usize)| Component { weight: *count as f64 / n as f64, ..component(*mean) };
                clusters.means.iter().zip(&clusters.counts).map(of).collect()
            }
            _ => {
                let mut random = rng(item_seed(self.seed, "mixture start", number));
                let wide = 0.2 + 0.8 * random.random::<f64>();
                (0..k).map(|_| Component { sd: wide, ..component(scaled[random.random_range(0..n)]) }).collect()
            }
        }
    }

    fn run(&self, scaled: &[f64], mut components: Vec<Component>) -> Run {
        let mut history = [f64::NEG_INFINITY; 3];
        for iteration in 1..=self.iterations {
            let ln_likelihood = self.step(scaled, &mut components);
            history = [history[1], history[2], ln_likelihood];
            let (before, now) = (history[1] - history[0], history[2] - history[1]);
            let ratio = if before > 0.0 { (now / before).clamp(0.0, 0.999_9) } else { 0.0 };
            let ahead = if before.is_finite() { now.abs() / (1.0 - ratio) } else { f64::INFINITY };
            if iteration > 5 && ahead < self.tolerance * ln_likelihood.abs().max(1.0) {
                return Run { components, ln_likelihood, iterations: iteration, converged: true };
            }
        }
        Run { components, ln_likelihood: history[2], iterations: self.iterations, converged: false }
    }

    /// One iteration; returns the likelihood of the components before it.
    fn step(&self, scaled: &[f64], components: &mut [Component]) -> f64 {
        let k = components.len();
        let mut sums = vec![[0.0; 3]; k];
        let mut shares = vec![0.0; k];
        let scales: Vec<(f64, f64, f64)> =
            components.iter().map(|c| (c.mean, -0.5 / (c.sd * c.sd), c.weight / (c.sd * TAU.sqrt()))).collect();
        let mut ln_likelihood = 0.0;
        for &x in scaled {
            let mut total = 0.0;
            for (share, (mean, curvature, height)) in shares.iter_mut().zip(&scales) {
                let d = x - mean;
                *share = height * (curvature * d * d).exp();
                total += *share;
            }
            if total > f64::MIN_POSITIVE {
                ln_likelihood += total.ln();
                let inverse = 1.0 / total;
                for (sum, share) in sums.iter_mut().zip(&shares) {
                    let r = share * inverse;
                    *sum = [sum[0] + r, sum[1] + r * x, sum[2] + r * x * x];
                }
            } else {
                // So far out that every density underflows: to the nearest.
                ln_likelihood += f64::MIN_POSITIVE.ln();
                let distance = |c: &Component| ((x - c.mean) / c.sd).abs();
                let nearest = (0..k).min_by(|a, b| distance(&components[*a]).total_cmp(&distance(&components[*b])));
                if let Some(sum) = nearest.and_then(|i| sums.get_mut(i)) {
                    *sum = [sum[0] + 1.0, sum[1] + x, sum[2] + x * x];
                }
            }
        }
        let n = scaled.len() as f64;
        for (component, sum) in components.iter_mut().zip(sums) {
            if sum[0] > 1e-12 * n {
                let mean = sum[1] / sum[0];
                let variance = (sum[2] / sum[0] - mean * mean).max(0.0);
                *component = Component { weight: sum[0] / n, mean, sd: variance.sqrt().max(self.narrowest) };
            }
        }
        ln_likelihood
    }
}

struct Run {
    components: Vec<Component>,
    ln_likelihood: f64,
    iterations: usize,
    converged: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::standard_normals;

    fn sample(seed: u64, n: usize, parts: &[(f64, f64, f64)]) -> Vec<f64> {
        let z = standard_normals(seed, n);
        let mut random = rng(!seed);
        let draw = |z: f64| {
            let u: f64 = random.random();
            let mut below = 0.0;
            let part = parts.iter().find(|part| {
                below += part.0;
                u < below
            });
            let part = part.unwrap_or(&parts[parts.len() - 1]);
            part.1 + part.2 * z
        };
        z.into_iter().map(draw).collect()
    }

    const THREE: [(f64, f64, f64); 3] = [(0.3, 70.0, 3.0), (0.5, 85.0, 2.0), (0.2, 97.0, 2.5)];

    #[test]
    fn three_components_are_found_and_counted() {
        let mut chosen = 0;
        for seed in 0..5 {
            let values = sample(seed, 1200, &THREE);
            let fit = MixtureFit { starts: 6, ..MixtureFit::default() };
            let by_k: Vec<Mixture> = (1..=4).map(|k| fit.fit(&values, k).unwrap()).collect();
            let best = by_k.iter().min_by(|a, b| a.bic().total_cmp(&b.bic())).unwrap();
            chosen += usize::from(best.components.len() == 3);
            let three = &by_k[2];
            assert!(three.converged, "{three:?}");
            for (found, truth) in three.components.iter().zip(THREE) {
                assert!((found.mean - truth.1).abs() < 0.8 && (found.sd - truth.2).abs() < 0.6, "{found:?}");
                assert!((found.weight - truth.0).abs() < 0.05);
            }
        }
        assert!(chosen == 5, "{chosen}");
    }

    #[test]
    fn no_random_start_is_better() {
        let values = sample(4, 600, &[(0.4, 0.0, 1.0), (0.6, 2.5, 0.7)]);
        for k in [2, 3, 4] {
            let found = MixtureFit::default().fit(&values, k).unwrap();
            let many = MixtureFit { starts: 60, seed: 77, ..MixtureFit::default() }.fit(&values, k).unwrap();
            // The likelihood of four components of two is flat: a tolerance of the convergence.
            assert!(found.ln_likelihood > many.ln_likelihood - 0.05, "{k}: {} {}", found.ln_likelihood, many.ln_likelihood);
        }
    }

    #[test]
    fn scale_shift_and_posteriors() {
        let values = sample(9, 500, &THREE);
        let moved: Vec<f64> = values.iter().map(|v| 1e9 * v - 3e9).collect();
        let (a, b) = (MixtureFit::default().fit(&values, 3).unwrap(), MixtureFit::default().fit(&moved, 3).unwrap());
        for (x, y) in a.components.iter().zip(&b.components) {
            assert!((1e9 * x.mean - 3e9 - y.mean).abs() < 1e-3 * 1e9, "{x:?} {y:?}");
        }
        let posterior = a.posterior(70.0);
        assert!((posterior.iter().sum::<f64>() - 1.0).abs() < 1e-12 && posterior[0] > 0.99);
        assert!(entropy(&a.posterior(1e6)).is_finite());
        assert!(a.icl(&values) >= a.bic());
        let area: f64 = (0..4000).map(|i| a.density(40.0 + 0.02 * f64::from(i)) * 0.02).sum();
        assert!((area - 1.0).abs() < 1e-3);
        assert!(MixtureFit::default().fit(&[1.0; 20], 2).is_err());
    }
}
