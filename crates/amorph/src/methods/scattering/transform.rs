//! Spherical Bessel transforms between scattering vectors and distances, l = 0 and 2.

use ndarray::{ArrayD, IxDyn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::fft::{Complex64, forward_nd, good_size, inverse_nd};
use crate::core::special::{spherical_j0, spherical_j2};

/// Largest error of a phase Qr by taking a grid for even, rad.
const EVEN: f64 = 1e-7;

/// Weight of large scattering vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// None: sharp peaks with ripples.
    None,
    /// sin(πQ/Qmax)/(πQ/Qmax): broader peaks, few ripples (Lorch 1969).
    #[default]
    Lorch,
    /// 3 (sin x - x cos x)/x³ with x = 4.4934 Q/Qmax, the mean over a sphere of distances: no ripples to speak of, peaks broader still (Soper and Barney 2011).
    RevisedLorch,
    /// exp(-4.5 (Q/Qmax)²), a standard deviation of Qmax/3: peaks are broadened by a Gaussian.
    Gaussian,
}

/// First positive zero of sin x - x cos x.
const SPHERE: f64 = 4.493_409_457_909_064;

impl Window {
    /// The weight at a share of the largest Q.
    pub fn weight(self, share: f64) -> f64 {
        match self {
            Self::None => 1.0,
            Self::Lorch => spherical_j0(std::f64::consts::PI * share),
            // 3 j₁(x)/x = j₀(x) + j₂(x).
            Self::RevisedLorch => spherical_j0(SPHERE * share) + spherical_j2(SPHERE * share),
            Self::Gaussian => (-4.5 * share * share).exp(),
        }
    }
}

/// Weights of the trapezoidal rule on any grid.
pub fn trapezoid(x: &[f64]) -> Vec<f64> {
    let n = x.len();
    let gap = |k: usize| if k + 1 < n { x[k + 1] - x[k] } else { 0.0 };
    (0..n).map(|k| 0.5 * (gap(k) + if k > 0 { gap(k - 1) } else { 0.0 })).collect()
}

/// From a structure factor to distances: rows of weights, one per distance, so that g_l(r) = Σ row·X (+ 1 for l = 0), with
/// X = S₀ - 1 for l = 0 and S₂ for l = 2.
///
/// g₀ - 1 = 1/(2π²ρ₀) ∫ (S₀ - 1) j₀(Qr) M Q² dQ;  g₂ = -1/(2π²ρ₀) ∫ S₂ j₂(Qr) M Q² dQ. The same window for both.
#[derive(Debug, Clone, PartialEq)]
pub struct ToDistances {
    q: Vec<f64>,
    /// Q² M dQ/(2π²ρ₀).
    weights: Vec<f64>,
}

impl ToDistances {
    /// For a grid of Q (1/m) and a number density (1/m³).
    pub fn new(q: &[f64], window: Window, number_density: f64) -> Self {
        let q_max = q.last().copied().unwrap_or(1.0);
        let factor = 1.0 / (2.0 * std::f64::consts::PI.powi(2) * number_density);
        let weights = q.iter().zip(trapezoid(q)).map(|(q, dq)| factor * q * q * window.weight(q / q_max) * dq).collect();
        Self { q: q.to_vec(), weights }
    }

    /// The weights of a distance for l = 0.
    pub fn isotropic(&self, radius: f64) -> impl Iterator<Item = f64> {
        self.q.iter().zip(&self.weights).map(move |(q, weight)| weight * spherical_j0(q * radius))
    }

    /// The weights of the slope over distance for l = 0: d j₀(Qr)/dr = -Q j₁(Qr), and j₁(x) = x (j₀ + j₂)/3.
    pub fn isotropic_slope(&self, radius: f64) -> impl Iterator<Item = f64> {
        let slope = move |(q, weight): (&f64, &f64)| {
            let x = q * radius;
            -weight * q * x / 3.0 * (spherical_j0(x) + spherical_j2(x))
        };
        self.q.iter().zip(&self.weights).map(slope)
    }

    /// Σ weight X over Q for l = 0 at every distance: by fast Fourier transform where both grids are even, else one by one.
    pub fn isotropic_sums(&self, values: &[f64], radius: &[f64]) -> Vec<f64> {
        let Some(grid) = self.even(radius) else {
            return radius.iter().map(|r| self.isotropic(*r).zip(values).map(|(weight, x)| weight * x).sum()).collect();
        };
        let over_q = |((q, weight), x): ((&f64, &f64), &f64)| if *q > 0.0 { weight * x / q } else { 0.0 };
        let amplitudes: Vec<f64> = self.q.iter().zip(&self.weights).zip(values).map(over_q).collect();
        grid.waves(&amplitudes, radius.len()).iter().zip(radius).map(|(wave, r)| wave.im / r).collect()
    }

    /// Σ (weight error)² over Q for l = 0 at every distance, in the same two ways.
    pub fn isotropic_variances(&self, errors: &[f64], radius: &[f64]) -> Vec<f64> {
        let Some(grid) = self.even(radius) else {
            let at = |r: &f64| self.isotropic(*r).zip(errors).map(|(weight, error)| (weight * error).powi(2)).sum();
            return radius.iter().map(at).collect();
        };
        let over_q = |((q, weight), error): ((&f64, &f64), &f64)| if *q > 0.0 { (weight * error / q).powi(2) } else { 0.0 };
        let squares: Vec<f64> = self.q.iter().zip(&self.weights).zip(errors).map(over_q).collect();
        let total: f64 = squares.iter().sum();
        // sin² Qr = (1 - cos 2Qr)/2.
        let twice = EvenGrid { step: 2.0 * grid.step, ..grid };
        let variance = |(wave, r): (&Complex64, &f64)| (0.5 * (total - wave.re)).max(0.0) / (r * r);
        twice.waves(&squares, radius.len()).iter().zip(radius).map(variance).collect()
    }

    /// The grids, where they are even and distances begin with one step.
    fn even(&self, radius: &[f64]) -> Option<EvenGrid> {
        let (first, last, step) = (*self.q.first()?, *self.q.last()?, *radius.first()?);
        let farthest = *radius.last()?;
        let dq = (last - first) / (self.q.len() as f64 - 1.0);
        let q_error = self.q.iter().enumerate().map(|(k, q)| (first + k as f64 * dq - q).abs()).fold(0.0, f64::max);
        let r_error = radius.iter().enumerate().map(|(k, r)| ((k + 1) as f64 * step - r).abs()).fold(0.0, f64::max);
        // Of few numbers the sum is quick.
        let is_even = radius.len() > 32 && q_error * farthest < EVEN && r_error * last < EVEN;
        is_even.then_some(EvenGrid { first, dq, step })
    }

    /// The weights of a distance for l = 2.
    pub fn quadrupole(&self, radius: f64) -> impl Iterator<Item = f64> {
        self.q.iter().zip(&self.weights).map(move |(q, weight)| -weight * spherical_j2(q * radius))
    }
}

/// Scattering vectors `first + j dq` and distances `(k + 1) step`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct EvenGrid {
    first: f64,
    dq: f64,
    step: f64,
}

impl EvenGrid {
    /// Σ a_j exp(i Q_j r_k) for every distance: with j k = (j² + k² - (k - j)²)/2 a convolution, exact for any two steps (Bluestein 1970).
    fn waves(&self, amplitudes: &[f64], distances: usize) -> Vec<Complex64> {
        let half = 0.5 * self.dq * self.step;
        let chirp = |m: usize| Complex64::from_polar(1.0, half * (m as f64).powi(2));
        let length = good_size(amplitudes.len() + distances);
        let mut waves = ArrayD::<Complex64>::zeros(IxDyn(&[length]));
        waves.iter_mut().zip(amplitudes).enumerate().for_each(|(j, (wave, a))| *wave = *a * chirp(j));
        let kernel = |m: usize| match m {
            m if m <= distances => chirp(m).conj(),
            m => chirp(length - m).conj(),
        };
        let mut kernel = ArrayD::from_shape_fn(IxDyn(&[length]), |m| kernel(m[0]));
        forward_nd(waves.view_mut());
        forward_nd(kernel.view_mut());
        waves *= &kernel;
        inverse_nd(waves.view_mut());
        let phase = |k: usize| chirp(k) * Complex64::from_polar(1.0, self.first * k as f64 * self.step);
        waves.iter().enumerate().skip(1).take(distances).map(|(k, wave)| phase(k) * wave).collect()
    }
}

/// S₂(Q) = -4πρ₀ ∫ g₂ j₂(Qr) r² dr of a function on an even grid that starts at one step.
pub fn quadrupole_to_q(values: &[f64], step: f64, number_density: f64, q: &[f64]) -> Vec<f64> {
    let factor = -4.0 * std::f64::consts::PI * number_density * step;
    let at = |q: &f64| {
        let each = |(k, value): (usize, &f64)| {
            let radius = (k + 1) as f64 * step;
            value * spherical_j2(q * radius) * radius * radius
        };
        factor * values.iter().enumerate().map(each).sum::<f64>()
    };
    q.iter().map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the transform of even grids gives is what the sum gives.
    #[test]
    fn even_grids_and_any_grids_agree() {
        let q: Vec<f64> = (0..700).map(|j| 0.4e10 + 0.033e10 * f64::from(j)).collect();
        let radius: Vec<f64> = (1..=1000).map(|k| 0.02e-10 * f64::from(k)).collect();
        let values: Vec<f64> = (0..700).map(|j| (0.1 * f64::from(j)).sin() * (-0.004 * f64::from(j)).exp()).collect();
        let errors = vec![0.01; 700];
        let even = ToDistances::new(&q, Window::Lorch, 0.05e30);
        assert!(even.even(&radius).is_some());
        let one_by_one: Vec<f64> =
            radius.iter().map(|r| even.isotropic(*r).zip(&values).map(|(weight, x)| weight * x).sum()).collect();
        let largest = one_by_one.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
        for (fast, sum) in even.isotropic_sums(&values, &radius).iter().zip(&one_by_one) {
            assert!((fast - sum).abs() < 1e-8 * largest, "{fast} {sum}");
        }
        for (fast, r) in even.isotropic_variances(&errors, &radius).iter().zip(&radius) {
            let sum: f64 = even.isotropic(*r).zip(&errors).map(|(weight, error)| (weight * error).powi(2)).sum();
            assert!((fast / sum - 1.0).abs() < 1e-6, "{fast} {sum}");
        }
        // A grid with one scattering vector moved is not even.
        let mut moved = q;
        moved[300] += 1e6;
        assert!(ToDistances::new(&moved, Window::Lorch, 0.05e30).even(&radius).is_none());
    }

    #[test]
    fn slopes_are_those_of_the_distribution() {
        let q: Vec<f64> = (1..=200).map(|j| 0.1e10 * f64::from(j)).collect();
        let to_distances = ToDistances::new(&q, Window::None, 0.05e30);
        let at = |r: f64| to_distances.isotropic(r).sum::<f64>();
        for r in [1e-10, 2.7e-10, 11e-10] {
            let step = 1e-14;
            let difference = (at(r + step) - at(r - step)) / (2.0 * step);
            let slope: f64 = to_distances.isotropic_slope(r).sum();
            let scale: f64 = to_distances.isotropic_slope(r).map(f64::abs).sum();
            assert!((slope - difference).abs() < 1e-5 * scale, "{slope:e} {difference:e}");
        }
    }

    #[test]
    fn windows_are_those_of_their_formulae() {
        let of = |window: Window, share: f64| window.weight(share);
        for window in [Window::None, Window::Lorch, Window::RevisedLorch, Window::Gaussian] {
            assert!((of(window, 0.0) - 1.0).abs() < 1e-12, "{window:?}");
        }
        let x = 0.6 * SPHERE;
        assert!((of(Window::RevisedLorch, 0.6) - 3.0 * (x.sin() - x * x.cos()) / x.powi(3)).abs() < 1e-12);
        assert!(of(Window::RevisedLorch, 1.0).abs() < 1e-12 && of(Window::Lorch, 1.0).abs() < 1e-12);
        assert!((of(Window::Gaussian, 2.0 / 3.0) - (-2.0f64).exp()).abs() < 1e-12);
    }
}
