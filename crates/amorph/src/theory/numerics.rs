//! Roots and integrals of smooth functions of one variable.

use crate::core::fit::brent_root;

/// Where a continuous function changes sign, to the last digits; `None` where the ends have the same sign.
pub(super) fn root(function: impl Fn(f64) -> f64, lo: f64, hi: f64) -> Option<f64> {
    brent_root(function, lo, hi, 1e-15).ok()
}

/// `∫_0^∞ f(x) dx` of a function that is smooth above 0 and decays at least exponentially, by the double-exponential rule
/// `x = exp(t - exp(-t))` (Takahasi and Mori, Publ. RIMS 9, 721 (1974)), halving the step until the sum stands still.
pub(crate) fn integral_to_infinity(function: impl Fn(f64) -> f64) -> f64 {
    let term = |t: f64| {
        let x = (t - (-t).exp()).exp();
        let value = function(x) * x * (1.0 + (-t).exp());
        if value.is_finite() { value } else { 0.0 }
    };
    let (lo, hi) = (-4.0, 8.0);
    let mut step = 0.25;
    let sum = |first: f64, step: f64| {
        let n = ((hi - first) / step) as usize;
        (0..=n).map(|i| term(first + i as f64 * step)).sum::<f64>()
    };
    let mut total = sum(lo, step);
    let mut last = total * step;
    for _ in 0..8 {
        total += sum(lo + 0.5 * step, step);
        step *= 0.5;
        let value = total * step;
        if (value - last).abs() <= 1e-14 * value.abs() {
            return value;
        }
        last = value;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_and_integrals_of_known_functions() {
        assert!((root(|x| x * x - 2.0, 0.0, 2.0).unwrap() - 2f64.sqrt()).abs() < 1e-14);
        assert_eq!(root(|x| x * x + 1.0, 0.0, 2.0), None);
        assert!((integral_to_infinity(|x| (-x).exp()) - 1.0).abs() < 1e-13);
        assert!((integral_to_infinity(|x| x * (-2.0 * x).exp()) - 0.25).abs() < 1e-13);
    }
}
