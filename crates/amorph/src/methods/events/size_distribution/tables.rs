use super::Input;
use super::report::Fitted;
use super::rivals::{INDISTINCT, Rival};
use super::scan::CurvePoint;
use crate::core::data::Table;
use crate::core::fit::{FitError, brent_root};
use crate::core::special::hurwitz_zeta;
use crate::core::stats::normal_quantile;
use crate::core::stats::power_law::TruncatedPowerLaw;

/// Cut-offs, in units of the smallest size, for which the achievable error is tabulated.
const RATIOS: [f64; 5] = [2.0, 4.0, 10.0, 20.0, 200.0];
/// Half of the 95 % quantile of chi-squared with one degree of freedom.
const DROP: f64 = 1.920_729_410_347_062;

/// The achievable error for other cut-offs.
pub(super) fn planning(n: f64, exponent: f64) -> Table {
    let c = RATIOS.map(|ratio| TruncatedPowerLaw { alpha: exponent, lambda: 1.0 / ratio }.exponent_error_of_one_event());
    Table::new("achievable_error", "Standard error of an exponent of 1.5 that can be achieved")
        .with_numbers("cutoff_over_xmin", "", RATIOS.to_vec())
        .with_numbers("exponent_error", "", c.map(|c| c / n.sqrt()).to_vec())
        .with_numbers("events_for_0.1", "", c.map(|c| (c / 0.1).powi(2).ceil()).to_vec())
}

/// All laws that were fitted, the best first.
pub(super) fn models(rivals: &[Rival]) -> Table {
    let column = |value: &dyn Fn(&Rival) -> f64| rivals.iter().map(value).collect::<Vec<f64>>();
    let best = rivals.first().map_or(0.0, |rival| rival.aicc);
    let least_bic = rivals.iter().map(|rival| rival.bic).fold(f64::INFINITY, f64::min);
    let verdict = |rival: &Rival| match rival.aicc - best {
        0.0 => "best",
        worse if worse < INDISTINCT => "not distinguished",
        _ => "worse",
    };
    Table::new("models", "Laws of the sizes above xmin")
        .with_text("model", rivals.iter().map(|rival| rival.law.name().to_owned()).collect())
        .with_numbers("ln_likelihood", "", column(&|rival| rival.ln_likelihood))
        .with_numbers("aicc_difference", "", column(&|rival| rival.aicc - best))
        .with_numbers("bic_difference", "", column(&|rival| rival.bic - least_bic))
        .with_numbers("statistic", "", column(&|rival| rival.statistic.unwrap_or(f64::NAN)))
        .with_numbers("p", "", column(&|rival| rival.p.unwrap_or(f64::NAN)))
        .with_text("verdict", rivals.iter().map(|rival| verdict(rival).to_owned()).collect())
}

/// Standard errors beyond which the whole curve lies with 5 % probability at most (Bonferroni).
pub(super) fn simultaneous(points: usize) -> f64 {
    normal_quantile(1.0 - 0.025 / points.max(1) as f64).unwrap_or(f64::NAN)
}

/// The exponent over the smallest size.
pub(super) fn curve(curve: &[CurvePoint], input: &Input) -> Table {
    let column = |value: &dyn Fn(&CurvePoint) -> f64| curve.iter().map(value).collect::<Vec<f64>>();
    let z = simultaneous(curve.len());
    Table::new("exponent_by_xmin", "Exponent from ever larger sizes on, with a simultaneous band")
        .with_numbers("xmin", input.unit.symbol(), column(&|point| point.xmin))
        .with_numbers("events", "", column(&|point| point.n as f64))
        .with_numbers("exponent", "", column(&|point| point.alpha))
        .with_numbers("exponent_lo", "", column(&|point| point.alpha - z * point.std_error))
        .with_numbers("exponent_hi", "", column(&|point| point.alpha + z * point.std_error))
}

/// The profile of the likelihood, for a common exponent of several samples.
pub(super) fn profile(fitted: &Fitted) -> Table {
    let (alpha, ln_likelihood): (Vec<f64>, Vec<f64>) = fitted.likelihood.profile(&fitted.fit).into_iter().unzip();
    Table::new("exponent_profile", "Log-likelihood over the exponent, the best cut-off for each")
        .with_numbers("exponent", "", alpha)
        .with_numbers("ln_likelihood", "", ln_likelihood)
}

/// Interval and standard error of a discrete power law.
pub(super) struct ZetaInterval {
    pub interval: (f64, f64),
    pub std_error: f64,
}

/// From the likelihood of counts.
///
/// # Errors
/// [`FitError`] where a side of the interval has no end.
pub(super) fn zeta_interval(n: f64, sum_ln: f64, xmin: f64, alpha: f64) -> Result<ZetaInterval, FitError> {
    let ln_likelihood = |alpha: f64| -n * hurwitz_zeta(alpha, xmin).ln() - alpha * sum_ln;
    let top = ln_likelihood(alpha);
    let excess = |alpha: f64| top - ln_likelihood(alpha) - DROP;
    let h = 1e-3 * (alpha - 1.0);
    let curvature = (2.0 * top - ln_likelihood(alpha + h) - ln_likelihood(alpha - h)) / (h * h);
    let std_error = 1.0 / curvature.sqrt();
    let low = brent_root(excess, 1.0 + 1e-6 * (alpha - 1.0), alpha, 1e-9)?;
    let high = brent_root(excess, alpha, alpha + 20.0 * std_error, 1e-9)?;
    Ok(ZetaInterval { interval: (low, high), std_error })
}
