//! The clamped Euler-Bernoulli beam with a spring at its tip, by transfer matrices.

use std::ops::{Add, Mul, Sub};

use amorph_core::fft::Complex64;
use amorph_core::fit::brent_root;

use crate::SimulationError;

/// Entries of the table that brackets the wave number of a stiffness.
const TABLE: usize = 1024;
/// Share of a branch that is left out at its ends.
const MARGIN: f64 = 1e-9;
const TOLERANCE: f64 = 1e-15;

/// A uniform beam of length `L`, clamped at one end, with the tip at `L1`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lever {
    /// `L1/L`, in (0, 1].
    pub tip_position: f64,
}

/// The wave numbers `x = k L` that one flexural mode takes between a free and a pinned tip, as a table of rising stiffness.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    lever: Lever,
    /// Of the free lever.
    pub free: f64,
    /// Of the lever whose tip is pinned: the stiffness is infinite.
    pub pinned: f64,
    table: Vec<(f64, f64)>,
}

/// The solutions of `w'''' = w` with one of `w, w', w'', w'''` equal to 1 at 0, at a place `t` (Krylov, Duncan).
fn basis(t: Complex64) -> [Complex64; 4] {
    let (cosh, sinh, cos, sin) = (t.cosh(), t.sinh(), t.cos(), t.sin());
    [0.5 * (cosh + cos), 0.5 * (sinh + sin), 0.5 * (cosh - cos), 0.5 * (sinh - sin)]
}

fn real_basis(t: f64) -> [f64; 4] {
    let (sin, cos) = t.sin_cos();
    let (cosh, sinh) = (t.cosh(), t.sinh());
    [0.5 * (cosh + cos), 0.5 * (sinh + sin), 0.5 * (cosh - cos), 0.5 * (sinh - sin)]
}

/// Determinant of the beam without spring, and minus its change per spring constant over `x³ EI/L³`.
///
/// A beam clamped at 0 is `A U + B V`; the spring lowers the shear by `k w(L1)` at the tip; moment and shear vanish at `L`.
fn determinants<T>(all: [T; 4], inner: [T; 4], outer: [T; 4]) -> (T, T)
where
    T: Copy + Add<Output = T> + Sub<Output = T> + Mul<Output = T>,
{
    let ([s, t, _, v], [_, _, u1, v1], [s2, t2, _, _]) = (all, inner, outer);
    (s * s - t * v, s * s2 * v1 + s * t2 * u1 - t * s2 * u1 - v * t2 * v1)
}

impl Lever {
    /// Wave number of the free lever in a mode (from 1): the roots of `1 + cos x cosh x`.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`] for modes beyond 1..=5.
    pub fn free_wave_number(mode: usize) -> Result<f64, SimulationError> {
        if !(1..=5).contains(&mode) {
            return Err(SimulationError::Parameter { name: "mode", value: mode as f64, allowed: "1 to 5" });
        }
        let middle = (mode as f64 - 0.5) * std::f64::consts::PI;
        let f = |x: f64| 1.0 / x.cosh() + x.cos();
        brent_root(f, middle - 0.4, middle + 0.4, TOLERANCE).map_err(|_| no_root(middle))
    }

    /// `k*/k_c1` at a real wave number, with `k_c1 = 3 E I/L1³`.
    pub fn stiffness_ratio(&self, x: f64) -> f64 {
        let (free, change) = self.determinants(x);
        x.powi(3) * self.tip_position.powi(3) / 3.0 * free / change
    }

    /// `k*/k_c1` at a complex wave number: the imaginary part is the loss.
    pub fn complex_stiffness_ratio(&self, x: Complex64) -> Complex64 {
        let (inner, outer) = (x * self.tip_position, x * (1.0 - self.tip_position));
        let (free, change) = determinants(basis(x), basis(inner), basis(outer));
        x * x * x * self.tip_position.powi(3) / 3.0 * free / change
    }

    fn determinants(&self, x: f64) -> (f64, f64) {
        let (inner, outer) = (x * self.tip_position, x * (1.0 - self.tip_position));
        determinants(real_basis(x), real_basis(inner), real_basis(outer))
    }

    /// The branch of a mode.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`] for a tip position outside (0, 1], at a node of the mode, or for modes beyond 1..=4.
    pub fn branch(&self, mode: usize) -> Result<Branch, SimulationError> {
        if !(self.tip_position > 0.0 && self.tip_position <= 1.0) {
            let (name, value) = ("tip_position", self.tip_position);
            return Err(SimulationError::Parameter { name, value, allowed: "above 0 and at most 1" });
        }
        let (free, next) = (Self::free_wave_number(mode)?, Self::free_wave_number(mode + 1)?);
        // The frequencies of the pinned lever lie between those of the free one.
        let span = next - free;
        let change = |x: f64| self.determinants(x).1 * (-x).exp();
        let pinned = brent_root(change, free + MARGIN * span, next - MARGIN * span, TOLERANCE).map_err(|_| {
            let (name, value) = ("tip_position", self.tip_position);
            SimulationError::Parameter { name, value, allowed: "away from the nodes of the mode" }
        })?;
        let place = |i: usize| free + (pinned - free) * (1.0 - MARGIN) * i as f64 / TABLE as f64;
        let table = (0..=TABLE).map(|i| (self.stiffness_ratio(place(i)), place(i))).collect();
        Ok(Branch { lever: *self, free, pinned, table })
    }
}

fn no_root(value: f64) -> SimulationError {
    SimulationError::Parameter { name: "wave number", value, allowed: "near a root" }
}

impl Branch {
    /// The wave number at which a mode vibrates against a stiffness `k*/k_c1`, by bracketing in a table and Brent's method.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`] for a ratio that is not positive or too close to infinity.
    pub fn wave_number(&self, stiffness_ratio: f64) -> Result<f64, SimulationError> {
        let above = self.table.partition_point(|(ratio, _)| *ratio < stiffness_ratio);
        if !(stiffness_ratio > 0.0 && above < self.table.len()) || above == 0 {
            let (name, value) = ("stiffness ratio", stiffness_ratio);
            return Err(SimulationError::Parameter { name, value, allowed: "positive, and small enough not to pin the tip" });
        }
        let excess = |x: f64| self.lever.stiffness_ratio(x) - stiffness_ratio;
        brent_root(excess, self.table[above - 1].1, self.table[above].1, TOLERANCE).map_err(|_| no_root(stiffness_ratio))
    }

    /// The complex wave number of a lossy contact, by Newton's method from that of the lossless one.
    ///
    /// # Errors
    /// As [`Branch::wave_number`].
    pub fn complex_wave_number(&self, stiffness_ratio: Complex64) -> Result<Complex64, SimulationError> {
        let mut x = Complex64::new(self.wave_number(stiffness_ratio.re)?, 0.0);
        for _ in 0..8 {
            let step = 1e-5;
            let at = |x: Complex64| self.lever.complex_stiffness_ratio(x);
            let slope = (at(x + step) - at(x - step)) / (2.0 * step);
            x -= (at(x) - stiffness_ratio) / slope;
        }
        Ok(x)
    }
}
