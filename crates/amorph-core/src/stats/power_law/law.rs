//! The truncated power law `f(y) = y^-α e^(-λy) / Z(α, λ)`, `y >= 1`, by maximum likelihood.
//!
//! `y` is the size in units of the smallest one, `λ` the smallest size in units of the cut-off. The likelihood depends on
//! the data through their number and the means of `ln y` and `y` alone: a two-parameter exponential family, whose
//! likelihood is concave. With `λ = 0` it is the pure power law, which needs `α > 1`.

use crate::fit::brent_minimise;
use crate::special::ln_upper_incomplete_gamma;

/// What the likelihood needs to know of the data.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sums {
    /// Number of events.
    pub n: f64,
    /// Mean of `ln y`.
    pub mean_ln: f64,
    /// Mean of `y`.
    pub mean: f64,
}

/// Parameters of a truncated power law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TruncatedPowerLaw {
    /// Exponent, of any sign.
    pub alpha: f64,
    /// Smallest size divided by the cut-off; 0 for a pure power law.
    pub lambda: f64,
}

/// A maximum of the likelihood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Maximum {
    /// Where it is.
    pub law: TruncatedPowerLaw,
    /// Log-likelihood of sizes in units of the smallest.
    pub ln_likelihood: f64,
}

/// Normalisation and moments of a truncated power law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LawMoments {
    /// `ln Z`.
    pub ln_z: f64,
    /// Mean of `ln y`.
    pub mean_ln: f64,
    /// Mean of `y`.
    pub mean: f64,
    /// Variance of `ln y`.
    pub var_ln: f64,
    /// Covariance of `ln y` and `y`.
    pub covariance: f64,
    /// Variance of `y`.
    pub var: f64,
}

/// Steps of the Newton iterations; concave problems need about ten.
const MAX_STEPS: usize = 200;

/// A cut-off this much larger than the smallest size cannot be told from none.
const LEAST_LAMBDA: f64 = 1e-13;

impl Sums {
    /// From logarithms of sizes in units of the smallest.
    pub fn of_logarithms(ln_y: &[f64]) -> Self {
        let n = ln_y.len() as f64;
        let (ln, sum) = ln_y.iter().fold((0.0, 0.0), |(ln, sum), u| (ln + u, sum + u.exp()));
        Self { n, mean_ln: ln / n, mean: sum / n }
    }

    /// From logarithms of sizes in units of the smallest, each standing for as many events as its weight says. The number of
    /// events is the effective one, `(sum w)^2 / sum w^2`.
    pub fn weighted(ln_y: &[f64], weights: &[f64]) -> Self {
        let (mut total, mut squares, mut ln, mut sum) = (0.0, 0.0, 0.0, 0.0);
        for (u, w) in ln_y.iter().zip(weights) {
            total += w;
            squares += w * w;
            ln += w * u;
            sum += w * u.exp();
        }
        Self { n: total * total / squares, mean_ln: ln / total, mean: sum / total }
    }

    /// Log-likelihood of a law.
    pub fn ln_likelihood(&self, law: TruncatedPowerLaw) -> f64 {
        -self.n * (law.alpha * self.mean_ln + law.lambda * self.mean + law.ln_normalisation())
    }

    /// The most likely pure power law: `α = 1 + 1/⟨ln y⟩`.
    pub fn fit_power_law(&self) -> Maximum {
        self.maximum(TruncatedPowerLaw { alpha: 1.0 + 1.0 / self.mean_ln, lambda: 0.0 })
    }

    /// The most likely truncated power law, on the boundary `λ = 0` where the data ask for no cut-off.
    pub fn fit(&self) -> Maximum {
        self.fit_from(TruncatedPowerLaw { alpha: 1.0, lambda: 0.1 / self.mean })
    }

    /// As [`Sums::fit`], from a guess with `λ > 0`.
    pub fn fit_from(&self, guess: TruncatedPowerLaw) -> Maximum {
        let pure = self.fit_power_law();
        // The likelihood falls with λ from 0 on where the pure power law has no larger mean than the data.
        let pure_mean = if pure.law.alpha > 2.0 { (pure.law.alpha - 1.0) / (pure.law.alpha - 2.0) } else { f64::INFINITY };
        if self.mean >= pure_mean {
            return pure;
        }
        let best = self.climb(guess).unwrap_or_else(|| self.climb_along_lambda());
        if best.ln_likelihood > pure.ln_likelihood && best.law.lambda >= LEAST_LAMBDA { best } else { pure }
    }

    /// Newton's method in both parameters; `None` where it runs into the edge `λ = 0` instead of the maximum.
    fn climb(&self, guess: TruncatedPowerLaw) -> Option<Maximum> {
        let mut best = self.maximum(guess);
        let mut gain = f64::INFINITY;
        for _ in 0..MAX_STEPS {
            let m = LawMoments::of(best.law);
            let (g_alpha, g_lambda) = (m.mean_ln - self.mean_ln, m.mean - self.mean);
            let determinant = m.var_ln * m.var - m.covariance * m.covariance;
            let step_alpha = (m.var * g_alpha - m.covariance * g_lambda) / determinant;
            let step_lambda = (m.var_ln * g_lambda - m.covariance * g_alpha) / determinant;
            gain = self.n * (g_alpha * step_alpha + g_lambda * step_lambda);
            let Some(next) = self.improve(best, step_alpha, step_lambda) else { break };
            best = next;
            if gain <= 1e-13 || best.law.lambda < LEAST_LAMBDA {
                break;
            }
        }
        (gain < 1e-6 && best.law.lambda >= LEAST_LAMBDA).then_some(best)
    }

    /// The maximum over `λ` of the likelihood with the best `α`: slower, but it cannot be led astray.
    fn climb_along_lambda(&self) -> Maximum {
        let at = |ln_lambda: f64| self.fit_at_lambda(ln_lambda.exp(), 1.0);
        let (low, high) = (LEAST_LAMBDA.ln(), (1e3 / (self.mean - 1.0)).ln());
        let minimum = brent_minimise(|ln_lambda| -at(ln_lambda).ln_likelihood, low, high, 1e-9);
        minimum.map_or_else(|_| self.fit_power_law(), |minimum| at(minimum.x))
    }

    /// The largest likelihood with this exponent.
    pub fn fit_at_alpha(&self, alpha: f64, lambda_guess: f64) -> Maximum {
        let pure_mean = if alpha > 2.0 { (alpha - 1.0) / (alpha - 2.0) } else { f64::INFINITY };
        if self.mean >= pure_mean {
            return self.maximum(TruncatedPowerLaw { alpha, lambda: 0.0 });
        }
        let mut best = self.maximum(TruncatedPowerLaw { alpha, lambda: lambda_guess.max(LEAST_LAMBDA) });
        for _ in 0..MAX_STEPS {
            let m = LawMoments::of(best.law);
            let gradient = m.mean - self.mean;
            let step = gradient / m.var;
            let Some(next) = self.improve(best, 0.0, step) else { break };
            best = next;
            if self.n * gradient * step <= 1e-13 || best.law.lambda < LEAST_LAMBDA {
                break;
            }
        }
        let pure = self.maximum(TruncatedPowerLaw { alpha, lambda: 0.0 });
        if pure.ln_likelihood > best.ln_likelihood { pure } else { best }
    }

    /// The largest likelihood with this cut-off.
    pub fn fit_at_lambda(&self, lambda: f64, alpha_guess: f64) -> Maximum {
        if lambda == 0.0 {
            return self.fit_power_law();
        }
        let mut best = self.maximum(TruncatedPowerLaw { alpha: alpha_guess, lambda });
        for _ in 0..MAX_STEPS {
            let m = LawMoments::of(best.law);
            let gradient = m.mean_ln - self.mean_ln;
            let step = gradient / m.var_ln;
            let Some(next) = self.improve(best, step, 0.0) else { break };
            best = next;
            if self.n * gradient * step <= 1e-13 {
                break;
            }
        }
        best
    }

    fn maximum(&self, law: TruncatedPowerLaw) -> Maximum {
        let ln_likelihood = self.ln_likelihood(law);
        Maximum { law, ln_likelihood: if ln_likelihood.is_nan() { f64::NEG_INFINITY } else { ln_likelihood } }
    }

    /// The first of ever shorter steps that does not lower the likelihood; `λ` falls at most fivefold.
    fn improve(&self, from: Maximum, step_alpha: f64, step_lambda: f64) -> Option<Maximum> {
        let mut fraction = 1.0;
        if from.law.lambda + step_lambda < 0.2 * from.law.lambda {
            fraction = -0.8 * from.law.lambda / step_lambda;
        }
        for _ in 0..60 {
            let law = TruncatedPowerLaw {
                alpha: from.law.alpha + fraction * step_alpha,
                lambda: from.law.lambda + fraction * step_lambda,
            };
            let next = self.maximum(law);
            if next.ln_likelihood > from.ln_likelihood {
                return Some(next);
            }
            fraction *= 0.5;
        }
        None
    }
}

impl TruncatedPowerLaw {
    /// `ln Z = ln ∫₁^∞ y^-α e^(-λy) dy = ln [λ^(α-1) Γ(1-α, λ)]`; infinite where the integral diverges.
    pub fn ln_normalisation(self) -> f64 {
        if self.lambda > 0.0 {
            (self.alpha - 1.0) * self.lambda.ln() + ln_upper_incomplete_gamma(1.0 - self.alpha, self.lambda)
        } else if self.alpha > 1.0 {
            -(self.alpha - 1.0).ln()
        } else {
            f64::INFINITY
        }
    }

    /// Standard error of `α` from one event, from the Fisher information with `λ` fitted as well: `sd(α) = c/√n`.
    pub fn exponent_error_of_one_event(self) -> f64 {
        let m = LawMoments::of(self);
        (m.var / (m.var_ln * m.var - m.covariance * m.covariance)).sqrt()
    }

    /// Covariance of `(α, λ)` from `n` events, from the Fisher information: `[var α, cov, var λ]`.
    pub fn covariance(self, n: f64) -> [f64; 3] {
        let m = LawMoments::of(self);
        let determinant = n * (m.var_ln * m.var - m.covariance * m.covariance);
        [m.var / determinant, -m.covariance / determinant, m.var_ln / determinant]
    }
}

/// Nodes and weights of the ten-point Gauss-Legendre rule on (-1, 1), positive half.
pub const GAUSS: [(f64, f64); 5] = [
    (0.148_874_338_981_631_21, 0.295_524_224_714_752_87),
    (0.433_395_394_129_247_2, 0.269_266_719_309_996_35),
    (0.679_409_568_299_024_4, 0.219_086_362_515_982_04),
    (0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
    (0.973_906_528_517_171_7, 0.066_671_344_308_688_14),
];

/// Panels of the quadrature in `u = ln y`.
const PANELS: usize = 16;

impl LawMoments {
    /// By Gauss-Legendre quadrature over `u = ln y`, in which the integrand `exp((1-α)u - λe^u)` is smooth.
    pub fn of(law: TruncatedPowerLaw) -> Self {
        let (end, peak) = law.reach();
        let half = 0.5 * end / PANELS as f64;
        let (mut z, mut ln, mut y1, mut ln2, mut ln_y, mut y2) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for panel in 0..PANELS {
            let middle = (2 * panel + 1) as f64 * half;
            for (node, weight) in GAUSS {
                for u in [middle - half * node, middle + half * node] {
                    let y = u.exp();
                    let density = weight * (law.exponent(u, y) - peak).exp();
                    let (density_u, density_y) = (density * u, density * y);
                    z += density;
                    ln += density_u;
                    y1 += density_y;
                    ln2 += density_u * u;
                    ln_y += density_u * y;
                    y2 += density_y * y;
                }
            }
        }
        let (mean_ln, mean) = (ln / z, y1 / z);
        Self {
            ln_z: (z * half).ln() + peak - law.lambda,
            mean_ln,
            mean,
            var_ln: ln2 / z - mean_ln * mean_ln,
            covariance: ln_y / z - mean_ln * mean,
            var: y2 / z - mean * mean,
        }
    }
}

impl TruncatedPowerLaw {
    /// Logarithm of the density of `u = ln y`, up to a constant, zero at `u = 0`.
    pub(super) fn exponent(self, u: f64, y: f64) -> f64 {
        // y may be infinite where there is no cut-off.
        let cut = if self.lambda > 0.0 { self.lambda * (y - 1.0) } else { 0.0 };
        (1.0 - self.alpha) * u - cut
    }

    /// The `u` beyond which the density is below `e^-40` of its largest value, and the logarithm of that value.
    pub(super) fn reach(self) -> (f64, f64) {
        const DEPTH: f64 = 40.0;
        let rise = 1.0 - self.alpha;
        let top = if rise > self.lambda { (rise / self.lambda).ln() } else { 0.0 };
        let peak = self.exponent(top, top.exp());
        if self.lambda == 0.0 {
            return (DEPTH / rise.abs(), peak);
        }
        // A point beyond the end, from which Newton's method on the concave exponent comes down without overshooting.
        let mut end = if rise <= 0.0 {
            (1.0 + DEPTH / self.lambda).ln().min(DEPTH / rise.abs())
        } else {
            top + (2.0 + 2.0 * DEPTH / rise.max(self.lambda)).ln()
        };
        for _ in 0..50 {
            let y = end.exp();
            let excess = self.exponent(end, y) - peak + DEPTH;
            let slope = rise - self.lambda * y;
            let step = excess / slope;
            end -= step;
            if step <= 1e-3 * end {
                break;
            }
        }
        (end, peak)
    }
}
