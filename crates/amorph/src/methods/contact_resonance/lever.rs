//! The clamped beam with a spring at its tip, in closed form (Rabe, Janser, Arnold 1996).
//!
//! A lever of length `L` carries its tip at `L1`; `x = k L` is its wave number, `γ = L1/L`, `a = γ x`, `b = (1-γ) x`:
//! ```text
//! k*/k_c1 = (2/3) a³ (1 + cos x cosh x) / D,      k_c1 = 3 E I/L1³
//! D = P(b) [1 - cos a cosh a] - P(a) [1 + cos b cosh b],      P(t) = sin t cosh t - cos t sinh t
//! ```
//! Everything is evaluated with `e^(-x)` taken out, so that nothing overflows.

use crate::core::fft::Complex64;
use crate::core::fit::brent_root;

/// Number of flexural modes that are known here.
pub const N_MODES: usize = 3;
/// Roots of `1 + cos x cosh x`: wave numbers of the free lever, and the one that bounds the last branch.
const FREE: [f64; N_MODES + 1] =
    [1.875_104_068_711_961_2, 4.694_091_132_974_175, 7.854_757_438_237_613, 10.995_540_734_875_467];

/// A lever with its tip at `L1`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lever {
    /// `γ = L1/L`, in (0, 1].
    pub tip_position: f64,
}

/// Stiffness at one wave number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stiffness {
    /// `k*/k_c1`.
    pub ratio: f64,
    /// `d ln k*/d ln f`: relative error of the stiffness over that of the frequency; large where the mode is insensitive.
    pub sensitivity: f64,
}

/// What does not overflow: `e^(-t)` times the functions of the beam and their derivatives.
struct Scaled {
    /// `1 + cos t cosh t`.
    free: f64,
    /// `1 - cos t cosh t`.
    fixed: f64,
    /// `P(t) = sin t cosh t - cos t sinh t`, also the derivative of `fixed` and minus that of `free`.
    mixed: f64,
    /// `2 sin t sinh t`, the derivative of `P`.
    slope: f64,
}

impl Scaled {
    fn at(t: f64) -> Self {
        let (sin, cos) = t.sin_cos();
        let decay = (-t).exp();
        let (cosh, sinh) = (0.5 * (1.0 + decay * decay), 0.5 * (1.0 - decay * decay));
        Self { free: decay + cos * cosh, fixed: decay - cos * cosh, mixed: sin * cosh - cos * sinh, slope: 2.0 * sin * sinh }
    }
}

/// Wave number of the free lever in a mode from 1 to [`N_MODES`].
pub fn free_wave_number(mode: usize) -> f64 {
    FREE[mode - 1]
}

/// `x = x_n0 √(f_c/f_0)`.
pub fn wave_number(mode: usize, contact_frequency: f64, free_frequency: f64) -> f64 {
    free_wave_number(mode) * (contact_frequency / free_frequency).sqrt()
}

impl Lever {
    /// Stiffness at a real wave number. Negative outside the branches of the modes.
    pub fn stiffness(&self, x: f64) -> Stiffness {
        let gamma = self.tip_position;
        let (a, b) = (gamma * x, (1.0 - gamma) * x);
        let (inner, outer, all) = (Scaled::at(a), Scaled::at(b), Scaled::at(x));
        let d = outer.mixed * inner.fixed - inner.mixed * outer.free;
        let slope = (1.0 - gamma) * outer.slope * inner.fixed - gamma * inner.slope * outer.free + inner.mixed * outer.mixed;
        let ratio = 2.0 / 3.0 * a.powi(3) * all.free / d;
        // d ln x / d ln f = 1/2.
        let sensitivity = 0.5 * (3.0 - x * all.mixed / all.free - x * slope / d);
        Stiffness { ratio, sensitivity }
    }

    /// The same at a complex wave number; the imaginary part of the result is the loss.
    pub fn complex_ratio(&self, x: Complex64) -> Complex64 {
        let gamma = self.tip_position;
        let (a, b) = (x * gamma, x * (1.0 - gamma));
        let scaled = |t: Complex64| {
            let decay = (-t).exp();
            let (cosh, sinh) = ((1.0 + decay * decay) * 0.5, (1.0 - decay * decay) * 0.5);
            let (sin, cos) = (t.sin(), t.cos());
            [decay + cos * cosh, decay - cos * cosh, sin * cosh - cos * sinh]
        };
        let ([_, fixed, inner], [free, _, outer], [all, _, _]) = (scaled(a), scaled(b), scaled(x));
        a * a * a * (2.0 / 3.0) * all / (outer * fixed - inner * free)
    }

    /// Wave numbers between which a mode lies: of the free lever, and of the lever whose tip is pinned (infinite stiffness).
    ///
    /// The frequencies of the pinned lever interlace with those of the free one. `None` where they coincide: the tip sits on a node.
    pub fn branch(&self, mode: usize) -> Option<(f64, f64)> {
        let (free, next) = (FREE[mode - 1], FREE[mode]);
        let margin = 1e-9 * (next - free);
        let denominator = |x: f64| {
            let (inner, outer) = (Scaled::at(self.tip_position * x), Scaled::at((1.0 - self.tip_position) * x));
            outer.mixed * inner.fixed - inner.mixed * outer.free
        };
        let pinned = brent_root(denominator, free + margin, next - margin, 1e-15).ok()?;
        Some((free, pinned))
    }
}

/// Closed form for a tip at the very end, `L1 = L`.
#[cfg(test)]
pub fn ratio_at_end(x: f64) -> f64 {
    let (sin, cos, sinh, cosh) = (x.sin(), x.cos(), x.sinh(), x.cosh());
    -x.powi(3) * (1.0 + cos * cosh) / (3.0 * (sin * cosh - cos * sinh))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::beam;
    use crate::sim::beam::finite_element::FiniteElementBeam;
    use approx::{assert_abs_diff_eq, assert_relative_eq};

    /// Reference values of the specification: `k*/k_c1` for tips at 1, 0.95 and 0.9.
    const REFERENCE: [(f64, [f64; 3]); 2] = [(2.5, [2.39277, 2.30021, 2.23210]), (3.5, [21.44157, 16.05251, 13.32573])];
    const POSITIONS: [f64; 3] = [1.0, 0.95, 0.9];

    #[test]
    fn reference_values() {
        for (x, ratios) in REFERENCE {
            for (tip_position, expected) in POSITIONS.into_iter().zip(ratios) {
                assert_relative_eq!(Lever { tip_position }.stiffness(x).ratio, expected, max_relative = 1e-5);
            }
        }
    }

    #[test]
    fn a_tip_at_the_end_is_the_simple_formula() {
        for x in [1.9, 2.5, 3.0, 3.9, 4.8, 6.5, 7.0, 8.5] {
            assert_relative_eq!(Lever { tip_position: 1.0 }.stiffness(x).ratio, ratio_at_end(x), max_relative = 1e-12);
        }
    }

    #[test]
    fn the_end_stiffness_at_the_tip_position_would_be_wrong_by_a_seventh() {
        for (tip_position, expected) in [(0.95f64, -0.14), (0.9, -0.27)] {
            assert_abs_diff_eq!(tip_position.powi(3) - 1.0, expected, epsilon = 0.005);
        }
    }

    /// 400 cubic elements with a spring of 1 to 3000 EI/L³, modes 1 and 2.
    #[test]
    fn finite_elements_agree() {
        for (tip_position, node) in [(1.0f64, 400), (0.95, 380), (0.9, 360)] {
            for mode in [1, 2] {
                for spring in [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0] {
                    let x = FiniteElementBeam::new(400, node, spring).unwrap().wave_number(mode);
                    let expected = spring * tip_position.powi(3) / 3.0;
                    let found = Lever { tip_position }.stiffness(x).ratio;
                    assert!((found / expected - 1.0).abs() < 4e-3, "{tip_position} {mode} {spring}: {found} {expected}");
                }
            }
        }
    }

    #[test]
    fn transfer_matrices_agree() {
        for tip_position in [1.0, 0.97, 0.9, 0.7] {
            let (ours, theirs) = (Lever { tip_position }, beam::Lever { tip_position });
            for mode in 1..=N_MODES {
                let (free, pinned) = ours.branch(mode).unwrap();
                let branch = theirs.branch(mode).unwrap();
                assert_relative_eq!(free, branch.free, max_relative = 1e-12);
                assert_relative_eq!(pinned, branch.pinned, max_relative = 1e-10);
                for ratio in [0.3, 5.0, 50.0, 1000.0] {
                    let x = branch.wave_number(ratio).unwrap();
                    // Near the free lever the stiffness is a small difference of large numbers.
                    assert_abs_diff_eq!(ours.stiffness(x).ratio, ratio, epsilon = 1e-9 * (1.0 + ratio));
                    let lossy = Complex64::new(ratio, 0.1 * ratio);
                    let found = ours.complex_ratio(branch.complex_wave_number(lossy).unwrap());
                    assert_relative_eq!(found.im, lossy.im, max_relative = 1e-7);
                    assert_relative_eq!(found.re, lossy.re, max_relative = 1e-8);
                }
            }
        }
    }

    #[test]
    fn sensitivity_is_the_logarithmic_derivative() {
        for tip_position in POSITIONS {
            let lever = Lever { tip_position };
            for mode in [1, 2] {
                let (free, pinned) = lever.branch(mode).unwrap();
                for share in [0.05, 0.3, 0.7, 0.95] {
                    let x = free + share * (pinned - free);
                    let h = 1e-5;
                    let numeric =
                        0.5 * (lever.stiffness(x * (1.0 + h)).ratio / lever.stiffness(x * (1.0 - h)).ratio).ln() / (2.0 * h);
                    assert_relative_eq!(lever.stiffness(x).sensitivity, numeric, max_relative = 1e-5);
                }
            }
        }
    }

    #[test]
    fn nothing_overflows() {
        let stiff = Lever { tip_position: 0.9 }.stiffness(900.0);
        assert!(stiff.ratio.is_finite() && stiff.sensitivity.is_finite());
    }
}
