//! Quantiles and tails of the distributions that intervals and tests need.

use super::StatsError;
use super::error::{require_level, require_positive};
use statrs::distribution::{Beta, ChiSquared, ContinuousCDF, FisherSnedecor, StudentsT};
use statrs::function::erf::{erfc, erfc_inv};
use std::f64::consts::SQRT_2;

/// Half of a 95 % interval of a normal distribution, in standard deviations.
pub const NORMAL_95: f64 = 1.959_963_984_540_054;

/// 95 % quantile of chi-squared with one degree of freedom: how far minus twice the log likelihood rises at the ends of a 95 % interval.
pub const CHI_SQUARED_95: f64 = 3.841_458_820_694_124;
/// Its 90 % quantile: how far it rises at a one-sided 95 % bound.
pub const CHI_SQUARED_90: f64 = 2.705_543_454_095_404;

/// Cumulative distribution of the standard normal.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z / SQRT_2)
}

/// Quantile of the standard normal at probability `p`.
///
/// # Errors
/// `p` outside (0, 1).
pub fn normal_quantile(p: f64) -> Result<f64, StatsError> {
    require_level("probability", p)?;
    Ok(-SQRT_2 * erfc_inv(2.0 * p))
}

/// Quantile of Student's t with `dof` degrees of freedom at probability `p`.
///
/// # Errors
/// `p` outside (0, 1) or `dof` not positive.
pub fn student_t_quantile(p: f64, dof: f64) -> Result<f64, StatsError> {
    require_level("probability", p)?;
    Ok(student_t(dof)?.inverse_cdf(p))
}

/// Probability that Student's t with `dof` degrees of freedom exceeds `t`.
///
/// # Errors
/// `dof` not positive.
pub fn student_t_tail(t: f64, dof: f64) -> Result<f64, StatsError> {
    Ok(student_t(dof)?.sf(t))
}

fn student_t(dof: f64) -> Result<StudentsT, StatsError> {
    require_positive("degrees of freedom", dof)?;
    StudentsT::new(0.0, 1.0, dof).map_err(|_| bad_dof(dof))
}

/// Quantile of chi-squared with `dof` degrees of freedom at probability `p`.
///
/// # Errors
/// `p` outside (0, 1) or `dof` not positive.
pub fn chi_squared_quantile(p: f64, dof: f64) -> Result<f64, StatsError> {
    require_level("probability", p)?;
    Ok(chi_squared(dof)?.inverse_cdf(p))
}

/// Probability that chi-squared with `dof` degrees of freedom exceeds `x`.
///
/// # Errors
/// `dof` not positive.
pub fn chi_squared_tail(x: f64, dof: f64) -> Result<f64, StatsError> {
    Ok(chi_squared(dof)?.sf(x))
}

fn chi_squared(dof: f64) -> Result<ChiSquared, StatsError> {
    require_positive("degrees of freedom", dof)?;
    ChiSquared::new(dof).map_err(|_| bad_dof(dof))
}

/// Probability that a ratio of variances, Fisher's F, is at least this large.
///
/// # Errors
/// Degrees of freedom or ratio not positive.
pub fn f_tail(ratio: f64, numerator: f64, denominator: f64) -> Result<f64, StatsError> {
    if !(ratio.is_finite() && ratio >= 0.0) {
        return Err(StatsError::OutOfRange { what: "ratio of variances", value: ratio, rule: "finite and not negative" });
    }
    require_positive("degrees of freedom", numerator)?;
    require_positive("degrees of freedom", denominator)?;
    Ok(FisherSnedecor::new(numerator, denominator).map_err(|_| bad_dof(denominator))?.sf(ratio))
}

fn bad_dof(value: f64) -> StatsError {
    StatsError::OutOfRange { what: "degrees of freedom", value, rule: "positive and finite" }
}

/// Quantile of the beta distribution with shapes `a` and `b` at probability `p`.
///
/// # Errors
/// `p` outside (0, 1) or a shape not positive.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> Result<f64, StatsError> {
    require_level("probability", p)?;
    require_positive("beta shape", a)?;
    require_positive("beta shape", b)?;
    let bad = |_| StatsError::OutOfRange { what: "beta shape", value: a, rule: "positive" };
    Ok(Beta::new(a, b).map_err(bad)?.inverse_cdf(p))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use approx::assert_relative_eq;

    // References computed with mpmath 1.3 at 30 digits.
    #[test]
    fn quantiles_match_high_precision_references() {
        assert_relative_eq!(normal_quantile(0.975).unwrap(), NORMAL_95, max_relative = 1e-12);
        assert_relative_eq!(student_t_quantile(0.975, 4.0).unwrap(), 2.776_445_105_197_794_4, max_relative = 1e-10);
        assert_relative_eq!(student_t_quantile(0.95, 1.0).unwrap(), (0.45 * std::f64::consts::PI).tan(), max_relative = 1e-10);
        assert_relative_eq!(student_t_quantile(0.975, 120.5).unwrap(), 1.979_846_734_639_364_6, max_relative = 1e-10);
        assert_relative_eq!(chi_squared_quantile(0.95, 1.0).unwrap(), CHI_SQUARED_95, max_relative = 1e-10);
        assert_relative_eq!(chi_squared_quantile(0.90, 1.0).unwrap(), CHI_SQUARED_90, max_relative = 1e-10);
        assert_relative_eq!(chi_squared_quantile(0.025, 37.0).unwrap(), 22.105_627_161_169_514, max_relative = 1e-10);
        assert_relative_eq!(beta_quantile(0.025, 3.0, 8.0).unwrap(), 0.066_739_511_177_734_47, max_relative = 1e-10);
    }

    #[test]
    fn tails_close_the_loop() {
        let t = student_t_quantile(0.9, 7.0).unwrap();
        assert_relative_eq!(student_t_tail(t, 7.0).unwrap(), 0.1, max_relative = 1e-10);
        let x = chi_squared_quantile(0.9, 7.0).unwrap();
        assert_relative_eq!(chi_squared_tail(x, 7.0).unwrap(), 0.1, max_relative = 1e-10);
        assert_relative_eq!(normal_cdf(-8.0), 6.220_960_574_271_786e-16, max_relative = 1e-9);
    }

    #[test]
    fn impossible_arguments_are_refused() {
        assert!(normal_quantile(0.0).is_err());
        assert!(student_t_quantile(1.0, 3.0).is_err());
        assert!(student_t_quantile(0.5, 0.0).is_err());
        assert!(chi_squared_quantile(f64::NAN, 3.0).is_err());
        assert!(beta_quantile(0.5, 1.0, -1.0).is_err());
    }
}
