//! Brent's methods for a root and for a minimum of a function of one variable.

use super::FitError;

const MAX_ITERATIONS: usize = 500;

/// Root of a continuous function between `lower` and `upper`, to `tolerance` in x
/// (Brent 1973, chapter 4).
///
/// # Errors
/// [`FitError::NotBracketed`] unless the function changes sign over the interval,
/// [`FitError::BadInterval`] for ends that are not finite.
pub fn brent_root(mut f: impl FnMut(f64) -> f64, lower: f64, upper: f64, tolerance: f64) -> Result<f64, FitError> {
    try_brent_root(|x| Ok(f(x)), lower, upper, tolerance)
}

/// [`brent_root`] of a function that can fail.
pub(super) fn try_brent_root(
    mut f: impl FnMut(f64) -> Result<f64, FitError>,
    lower: f64,
    upper: f64,
    tolerance: f64,
) -> Result<f64, FitError> {
    if !(lower.is_finite() && upper.is_finite()) {
        return Err(FitError::BadInterval { lower, upper });
    }
    let (mut a, mut b) = (lower, upper);
    let (mut fa, mut fb) = (f(a)?, f(b)?);
    // Written so that NaN is refused as well.
    if !(fa.min(fb) <= 0.0 && fa.max(fb) >= 0.0) {
        return Err(FitError::NotBracketed { lower, upper, at_lower: fa, at_upper: fb });
    }
    // b is the best point, c encloses the root with it, a is the point before.
    let (mut c, mut fc) = (a, fa);
    let (mut step, mut before) = (b - a, b - a);
    for iteration in 0..MAX_ITERATIONS {
        if fb * fc > 0.0 {
            (c, fc) = (a, fa);
            step = b - a;
            before = step;
        }
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let small = 2.0 * f64::EPSILON * b.abs() + 0.5 * tolerance;
        let half = 0.5 * (c - b);
        if half.abs() <= small || fb == 0.0 {
            return Ok(b);
        }
        let (p, q) = interpolate([a, b, c], [fa, fb, fc]);
        let accept = before.abs() >= small
            && fa.abs() > fb.abs()
            && 2.0 * p < (3.0 * half * q - (small * q).abs()).min((before * q).abs());
        (before, step) = if accept { (step, p / q) } else { (half, half) };
        (a, fa) = (b, fb);
        b += if step.abs() > small { step } else { small.copysign(half) };
        fb = f(b)?;
        if fb.is_nan() {
            return Err(not_converged(iteration, fb));
        }
    }
    Err(not_converged(MAX_ITERATIONS, fb))
}

/// Secant or inverse quadratic step from b as `p/q` with `p >= 0`.
fn interpolate([a, b, c]: [f64; 3], [fa, fb, fc]: [f64; 3]) -> (f64, f64) {
    let half = 0.5 * (c - b);
    let s = fb / fa;
    let (p, q) = if a == c {
        (2.0 * half * s, 1.0 - s)
    } else {
        let (q, r) = (fa / fc, fb / fc);
        let p = s * (2.0 * half * q * (q - r) - (b - a) * (r - 1.0));
        (p, (q - 1.0) * (r - 1.0) * (s - 1.0))
    };
    if p > 0.0 { (p, -q) } else { (-p, q) }
}

fn not_converged(evaluations: usize, objective: f64) -> FitError {
    FitError::NotConverged { evaluations, objective }
}

/// Minimum of a function of one variable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScalarMinimum {
    /// Position.
    pub x: f64,
    /// Function value there.
    pub value: f64,
    /// Function evaluations.
    pub evaluations: usize,
}

/// Local minimum within `[lower, upper]`, to `tolerance` in x (Brent 1973,
/// chapter 5). The global one if the function has a single minimum there.
///
/// A tolerance below `√ε |x|` cannot be reached and is raised to it.
///
/// # Errors
/// [`FitError::BadInterval`] for an empty or infinite interval,
/// [`FitError::NotConverged`] where the function turns NaN.
pub fn brent_minimise(
    mut f: impl FnMut(f64) -> f64,
    lower: f64,
    upper: f64,
    tolerance: f64,
) -> Result<ScalarMinimum, FitError> {
    if !(lower.is_finite() && upper.is_finite() && lower < upper) {
        return Err(FitError::BadInterval { lower, upper });
    }
    let golden = 0.5 * (3.0 - 5f64.sqrt());
    let (mut a, mut b) = (lower, upper);
    let mut x = a + golden * (b - a);
    let mut fx = f(x);
    // w is the second best point, v the one before it.
    let ((mut w, mut fw), (mut v, mut fv)) = ((x, fx), (x, fx));
    let (mut step, mut before) = (0.0f64, 0.0f64);
    for evaluations in 1..=MAX_ITERATIONS {
        let small = f64::EPSILON.sqrt() * x.abs() + 0.5 * tolerance.max(f64::MIN_POSITIVE);
        let middle = 0.5 * (a + b);
        if (x - middle).abs() <= 2.0 * small - 0.5 * (b - a) {
            return Ok(ScalarMinimum { x, value: fx, evaluations });
        }
        let (p, q) = parabola([x, w, v], [fx, fw, fv]);
        let inside = p > q * (a - x) && p < q * (b - x);
        if before.abs() > small && p.abs() < (0.5 * q * before).abs() && inside {
            before = step;
            step = p / q;
            if x + step - a < 2.0 * small || b - (x + step) < 2.0 * small {
                step = small.copysign(middle - x);
            }
        } else {
            before = if x < middle { b - x } else { a - x };
            step = golden * before;
        }
        let u = x + if step.abs() >= small { step } else { small.copysign(step) };
        let fu = f(u);
        if fu.is_nan() {
            return Err(not_converged(evaluations, fu));
        }
        if fu <= fx {
            if u < x {
                b = x
            } else {
                a = x
            }
            ((v, fv), (w, fw), (x, fx)) = ((w, fw), (x, fx), (u, fu));
        } else {
            if u < x {
                a = u
            } else {
                b = u
            }
            if fu <= fw || w == x {
                ((v, fv), (w, fw)) = ((w, fw), (u, fu));
            } else if fu <= fv || v == x || v == w {
                (v, fv) = (u, fu);
            }
        }
    }
    Err(not_converged(MAX_ITERATIONS, fx))
}

/// Step from x to the vertex of the parabola through three points, as `p/q`, `q >= 0`.
fn parabola([x, w, v]: [f64; 3], [fx, fw, fv]: [f64; 3]) -> (f64, f64) {
    let r = (x - w) * (fx - fv);
    let s = (x - v) * (fx - fw);
    let p = (x - v) * s - (x - w) * r;
    let q = 2.0 * (s - r);
    if q > 0.0 { (-p, q) } else { (p, -q) }
}

/// Where a function that has a minimum at `from` has risen to `level` on the way to `to`, to `tolerance` in x; `None` where it has
/// not risen so far even at `to`. With minus twice a profile log likelihood and a level of its minimum and a quantile of
/// chi-squared this is one end of a likelihood interval.
pub fn rise_towards(mut f: impl FnMut(f64) -> f64, level: f64, from: f64, to: f64, tolerance: f64) -> Option<f64> {
    if f(to) <= level {
        return None;
    }
    brent_root(|x| f(x) - level, from.min(to), from.max(to), tolerance).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn root_is_found_wherever_it_is(root in -5.0..5.0f64, power in prop::sample::select(vec![1, 3, 5])) {
            let f = |x: f64| (x - root).powi(power) * (1.0 + x * x);
            let found = brent_root(f, -6.0, 7.0, 1e-13).unwrap();
            // A root of order n is only resolved to the n-th root of the smallest f.
            prop_assert!((found - root).abs() < 1e-10);
        }

        #[test]
        fn minimum_is_found_wherever_it_is(at in -3.0..3.0f64, lift in -2.0..2.0f64) {
            let found = brent_minimise(|x| (x - at).cosh() + lift, -4.0, 5.0, 1e-9).unwrap();
            prop_assert!((found.x - at).abs() < 1e-6);
            prop_assert!((found.value - 1.0 - lift).abs() < 1e-12);
        }
    }

    #[test]
    fn minimum_at_an_end_and_nonsmooth() {
        let end = brent_minimise(|x| x, 2.0, 3.0, 1e-8).unwrap();
        assert!((end.x - 2.0).abs() < 1e-6);
        let kink = brent_minimise(|x| (x - 0.7).abs(), 0.0, 1.0, 1e-9).unwrap();
        assert!((kink.x - 0.7).abs() < 1e-7);
    }

    #[test]
    fn unenclosed_roots_and_nan_are_refused() {
        assert!(matches!(brent_root(|x| x * x + 1.0, -1.0, 1.0, 1e-9), Err(FitError::NotBracketed { .. })));
        assert!(brent_root(|_| f64::NAN, -1.0, 1.0, 1e-9).is_err());
        assert!(brent_root(|x| x, f64::NEG_INFINITY, 1.0, 1e-9).is_err());
        assert!(brent_minimise(|x| x, 1.0, 1.0, 1e-9).is_err());
        assert!(brent_minimise(|x| (x - 3.0).ln(), 0.0, 1.0, 1e-9).is_err());
    }

    #[test]
    fn likelihood_interval_of_a_parabola_has_its_ends() {
        let misfit = |x: f64| ((x - 2.0) / 0.5).powi(2) + 7.0;
        let ends = [-10.0, 10.0].map(|to| rise_towards(misfit, 8.0, 2.0, to, 1e-12).unwrap());
        assert!((ends[0] - 1.5).abs() < 1e-9 && (ends[1] - 2.5).abs() < 1e-9);
        assert_eq!(rise_towards(misfit, 8.0, 2.0, 2.4, 1e-12), None);
    }

    #[test]
    fn root_at_an_end_counts() {
        assert_eq!(brent_root(|x| x, 0.0, 1.0, 1e-12).unwrap(), 0.0);
        assert!(brent_root(|x| x - 1.0, 0.0, 1.0, 1e-12).unwrap() == 1.0);
    }
}
