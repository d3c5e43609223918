//! Special functions that the statistics libraries lack or restrict.

mod bessel;
mod hurwitz;
mod incomplete_gamma;

pub use bessel::{spherical_j0, spherical_j2};
pub use hurwitz::hurwitz_zeta;
pub use incomplete_gamma::{ln_upper_incomplete_gamma, upper_incomplete_gamma};

/// Gamma function; infinite at zero and the negative integers.
pub fn gamma(x: f64) -> f64 {
    if x <= 0.0 && x.fract() == 0.0 { f64::INFINITY } else { statrs::function::gamma::gamma(x) }
}

/// Logarithm of the gamma function for `x > 0`, NaN elsewhere.
pub fn ln_gamma(x: f64) -> f64 {
    if x > 0.0 { statrs::function::gamma::ln_gamma(x) } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn poles_and_known_values() {
        assert!(gamma(-3.0).is_infinite() && gamma(0.0).is_infinite() && ln_gamma(-0.5).is_nan());
        assert!((gamma(0.5).powi(2) / std::f64::consts::PI - 1.0).abs() < 1e-14);
        // 100! from exact integers.
        let factorial: f64 = (1..=100).map(|i| f64::from(i).ln()).sum();
        assert!((ln_gamma(101.0) - factorial).abs() < 1e-11);
    }

    proptest! {
        #[test]
        fn gamma_steps_by_its_argument(x in -4.9..20.0f64) {
            prop_assume!((x - x.round()).abs() > 1e-3);
            prop_assert!((gamma(x + 1.0) / (x * gamma(x)) - 1.0).abs() < 1e-12);
        }
    }
}
