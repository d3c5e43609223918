//! Axes: directions that are equal modulo 180 degrees. Angles in rad.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, FRAC_PI_8, PI};

use crate::methods::afm::regions::algorithm::Found;
use crate::methods::afm::regions::statistics::Mean;

/// Directions of regions, each with its border weight.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Axes {
    /// In [0, pi).
    pub angles: Vec<f64>,
    /// Weights.
    pub weights: Vec<f64>,
}

/// Weighted mean of `(cos m theta, sin m theta)` over axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Harmonic {
    /// `m`: 2 for alignment, 4 for a cross.
    pub order: f64,
    /// Mean cosine and sine.
    pub mean: [f64; 2],
    /// Covariance of the means, the axes taken as independent: cosine-cosine, cosine-sine, sine-sine.
    pub covariance: [f64; 3],
}

impl Axes {
    /// Long axes of the regions of at least `min_pixels`, turned by `turn`. Round regions have no axis and are left out.
    pub fn of_regions(found: &Found, min_pixels: u64, turn: f64) -> Self {
        let has_axis = |aspect: f64| aspect > 1.0;
        let regions = found.of_size(min_pixels).filter(|region| has_axis(region.moments.aspect()));
        let (angles, weights) = regions.map(|region| ((region.moments.angle() + turn).rem_euclid(PI), region.weight)).unzip();
        Self { angles, weights }
    }

    /// Number of axes.
    pub fn len(&self) -> usize {
        self.angles.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.angles.is_empty()
    }

    /// Those for which `keep` holds.
    pub fn filtered(&self, keep: impl Fn(f64) -> bool) -> Self {
        let (angles, weights) =
            self.angles.iter().zip(&self.weights).filter(|(angle, _)| keep(**angle)).map(|(a, w)| (*a, *w)).unzip();
        Self { angles, weights }
    }

    /// The weighted mean of `m theta` on the circle; NaN without axes, its covariance with fewer than two.
    pub fn harmonic(&self, order: f64) -> Harmonic {
        let n = self.len() as f64;
        let total: f64 = self.weights.iter().sum();
        let terms = || {
            self.angles.iter().zip(&self.weights).map(move |(angle, weight)| {
                let (sin, cos) = (order * angle).sin_cos();
                (*weight, [cos, sin])
            })
        };
        let mean = terms().fold([0.0; 2], |sum, (w, [c, s])| [sum[0] + w * c / total, sum[1] + w * s / total]);
        let factor = n / (n - 1.0) / (total * total);
        let covariance = terms().fold([0.0; 3], |sum, (w, [c, s])| {
            let (c, s) = (w * (c - mean[0]), w * (s - mean[1]));
            [sum[0] + factor * c * c, sum[1] + factor * c * s, sum[2] + factor * s * s]
        });
        let usable = n > 1.0;
        Harmonic {
            order,
            mean: if n > 0.0 { mean } else { [f64::NAN; 2] },
            covariance: if usable { covariance } else { [f64::NAN; 3] },
        }
    }

    /// Weighted shares in equal bins over [0, pi).
    pub fn shares(&self, bins: usize) -> Vec<f64> {
        let total: f64 = self.weights.iter().sum();
        let mut shares = vec![0.0; bins];
        for (angle, weight) in self.angles.iter().zip(&self.weights) {
            shares[((angle / PI * bins as f64) as usize).min(bins - 1)] += weight / total;
        }
        shares
    }

    /// Weighted share of the axes for which `is_in` holds.
    pub fn share(&self, is_in: impl Fn(f64) -> bool) -> Mean {
        Mean::weighted(self.angles.iter().zip(&self.weights).map(|(angle, w)| (*w, f64::from(u8::from(is_in(*angle))))))
    }
}

/// Smallest angle between two axes, in [0, pi/2].
pub fn between(a: f64, b: f64) -> f64 {
    let turn = (a - b).rem_euclid(PI);
    turn.min(PI - turn)
}

/// Whether an axis lies within `tolerance` of the direction `axis` or of the one across it.
pub fn near_cross(angle: f64, axis: f64, tolerance: f64) -> bool {
    between(angle, axis) <= tolerance || between(angle, axis + FRAC_PI_2) <= tolerance
}

/// Whether an axis is nearer to `principal +- 45 degrees` than to `principal` and the direction across it.
pub fn near_diagonal(angle: f64, principal: f64) -> bool {
    near_cross(angle, principal + FRAC_PI_4, FRAC_PI_8)
}

impl Harmonic {
    /// Length of the mean vector: 0 without a preferred direction, 1 when all agree.
    pub fn length(&self) -> f64 {
        self.mean[0].hypot(self.mean[1])
    }

    /// Preferred direction, in [0, 2 pi / m).
    pub fn direction(&self) -> f64 {
        (self.mean[1].atan2(self.mean[0]) / self.order).rem_euclid(2.0 * PI / self.order)
    }

    /// `<cos m (theta - direction)>` with its standard error.
    pub fn along(&self, direction: f64) -> Mean {
        let (sin, cos) = (self.order * direction).sin_cos();
        let [cc, cs, ss] = self.covariance;
        Mean {
            value: cos * self.mean[0] + sin * self.mean[1],
            std_error: (cos * cos * cc + 2.0 * cos * sin * cs + sin * sin * ss).max(0.0).sqrt(),
        }
    }

    /// The same with the covariance multiplied by `factor`.
    pub fn with_covariance_times(mut self, factor: f64) -> Self {
        self.covariance.iter_mut().for_each(|value| *value *= factor);
        self
    }

    /// The directions that `t` standard errors do not exclude: those along which the mean vector may point (Fieller 1954: the
    /// component across is not significantly different from zero). Ends around [`Harmonic::direction`], the lower one may be
    /// negative; `None` where no direction can be excluded.
    pub fn direction_interval(&self, t: f64) -> Option<(f64, f64)> {
        // Along and across the mean vector, across over along being k.
        let (length, centre) = (self.length(), self.direction());
        let across = FRAC_PI_2 / self.order;
        let (along, side) = (self.along(centre), self.along(centre + across));
        let half = self.along(centre + 0.5 * across);
        // Var of (along + side)/sqrt(2) is (aa + 2 as + ss)/2.
        let (aa, ss) = (along.std_error.powi(2), side.std_error.powi(2));
        let a_s = half.std_error.powi(2) - 0.5 * (aa + ss);
        let g = t * t;
        // (side - k along)^2 <= g Var(side - k along), with side = 0.
        let a = length * length - g * aa;
        let (b, c) = (2.0 * g * a_s, -g * ss);
        let discriminant = b * b - 4.0 * a * c;
        if !(a > 0.0 && discriminant >= 0.0) {
            return None;
        }
        let root = discriminant.sqrt();
        let ends = [(-b - root) / (2.0 * a), (-b + root) / (2.0 * a)].map(|k| centre + k.atan() / self.order);
        Some((ends[0], ends[1]))
    }

    /// Distance between two mean vectors.
    pub fn distance(&self, other: [f64; 2]) -> f64 {
        (self.mean[0] - other[0]).hypot(self.mean[1] - other[1])
    }
}

/// `n sum (share - expected)^2 / expected` over the bins that expect anything.
pub fn chi_square(shares: &[f64], expected: &[f64], n: usize) -> f64 {
    let terms = shares.iter().zip(expected).filter(|(_, expected)| **expected > 0.0);
    n as f64 * terms.map(|(share, expected)| (share - expected).powi(2) / expected).sum::<f64>()
}

/// Chi-square of the map against the mean of the surrogates, and of each surrogate against the mean of the others.
pub fn chi_squares(map: (&[f64], usize), surrogates: &[(Vec<f64>, usize)]) -> (f64, Vec<f64>) {
    let n = surrogates.len() as f64;
    let sum: Vec<f64> = (0..map.0.len()).map(|bin| surrogates.iter().map(|(shares, _)| shares[bin]).sum()).collect();
    let others = |own: Option<&Vec<f64>>| -> Vec<f64> {
        let without = |bin: usize| match own {
            Some(own) => (sum[bin] - own[bin]) / (n - 1.0),
            None => sum[bin] / n,
        };
        (0..sum.len()).map(without).collect()
    };
    let null = surrogates.iter().map(|(shares, count)| chi_square(shares, &others(Some(shares)), *count)).collect();
    (chi_square(map.0, &others(None), map.1), null)
}
