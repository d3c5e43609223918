//! Excess enthalpies of samples after thermal cycles: what each number of cycles does, and where it saturates.

use crate::core::fit::{ErrorScale, LeastSquares, Parameter};
use crate::core::stats::{chi_squared_quantile, f_tail, holm, student_t_quantile, student_t_tail};
use crate::methods::calorimetry::ratio::Found;

/// All samples that saw one number of cycles.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// Number of cycles.
    pub cycles: f64,
    /// Mean enthalpy of each sample, J/kg.
    pub samples: Vec<f64>,
}

/// One number of cycles against none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Against {
    /// Number of cycles.
    pub cycles: f64,
    /// Mean less that without cycles, J/kg.
    pub difference: Found,
    /// Two-sided probability of as much by chance.
    pub p: f64,
    /// The same, adjusted by Holm for all numbers of cycles.
    pub p_holm: f64,
}

/// Means with what samples differ by.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// All numbers of cycles but none.
    pub against: Vec<Against>,
    /// Probability by chance of means that differ as much.
    pub p: f64,
    /// Standard deviation between samples of one number of cycles, scans included, J/kg.
    pub spread: Found,
    /// Its degrees of freedom.
    pub dof: f64,
}

/// `ΔH0 + A (1 - exp(-N/N0))`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Saturation {
    /// ΔH0, J/kg.
    pub start: f64,
    /// A, J/kg.
    pub height: Found,
    /// N0.
    pub constant: Found,
    /// Probability by chance of means as far from the law.
    pub lack_p: Option<f64>,
}

impl Group {
    /// Mean of its samples.
    pub fn mean(&self) -> f64 {
        self.samples.iter().sum::<f64>() / self.samples.len() as f64
    }
}

/// Squares of the samples about the mean of their group, and their degrees of freedom.
fn within(groups: &[Group]) -> (f64, f64) {
    let sum = groups.iter().map(|group| {
        let mean = group.mean();
        group.samples.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
    });
    let n: usize = groups.iter().map(|group| group.samples.len()).sum();
    (sum.sum(), n as f64 - groups.len() as f64)
}

/// Means against the first group, which saw no cycles, with the spread of samples that all groups share; `None` without two degrees of freedom.
pub fn compare(groups: &[Group]) -> Option<Compared> {
    let (none, others) = groups.split_first()?;
    let (sum, dof) = within(groups);
    if dof < 2.0 || others.is_empty() || sum <= 0.0 {
        return None;
    }
    let spread = (sum / dof).sqrt();
    let quantile = student_t_quantile(0.975, dof).ok()?;
    let raw: Vec<(f64, f64)> = others
        .iter()
        .map(|group| {
            let error = spread * (1.0 / group.samples.len() as f64 + 1.0 / none.samples.len() as f64).sqrt();
            (group.mean() - none.mean(), error)
        })
        .collect();
    let p: Vec<f64> = raw.iter().map(|(d, e)| (2.0 * student_t_tail(d.abs() / e, dof).unwrap_or(0.5)).min(1.0)).collect();
    let adjusted = holm(&p).ok()?;
    let against = others.iter().zip(raw).zip(p.iter().zip(adjusted)).map(|((group, (value, error)), (p, p_holm))| {
        let interval = Some((value - quantile * error, value + quantile * error));
        Against { cycles: group.cycles, difference: Found { value, error, interval }, p: *p, p_holm }
    });
    let n: f64 = groups.iter().map(|group| group.samples.len() as f64).sum();
    let mean = groups.iter().map(|group| group.samples.iter().sum::<f64>()).sum::<f64>() / n;
    let between: f64 = groups.iter().map(|group| group.samples.len() as f64 * (group.mean() - mean).powi(2)).sum();
    let more = groups.len() as f64 - 1.0;
    let chi = |p: f64| chi_squared_quantile(p, dof).ok();
    Some(Compared {
        against: against.collect(),
        p: f_tail(between / more / (sum / dof), more, dof).ok()?,
        spread: Found {
            value: spread,
            error: spread / (2.0 * dof).sqrt(),
            interval: chi(0.975).zip(chi(0.025)).map(|(hi, lo)| ((sum / hi).sqrt(), (sum / lo).sqrt())),
        },
        dof,
    })
}

/// The law of saturation through all samples; `None` with fewer than four numbers of cycles or where it does not fit.
pub fn saturation(groups: &[Group]) -> Option<Saturation> {
    let n: usize = groups.iter().map(|group| group.samples.len()).sum();
    let largest = groups.last()?.cycles;
    let smallest = groups.iter().map(|group| group.cycles).find(|cycles| *cycles > 0.0)?;
    if groups.len() < 4 || n < groups.len() + 2 {
        return None;
    }
    let residuals = |p: &[f64]| {
        let of = |group: &Group| {
            let law = p[0] - p[1] * (-group.cycles / p[2].exp()).exp_m1();
            group.samples.iter().map(move |value| value - law).collect::<Vec<f64>>()
        };
        groups.iter().flat_map(of).collect::<Vec<f64>>()
    };
    let start = groups.first()?.mean();
    let height = groups.last()?.mean() - start;
    let scale = within(groups).0.sqrt().max(height.abs()).max(f64::MIN_POSITIVE);
    let (lo, hi) = ((0.05 * smallest).ln(), (20.0 * largest).ln());
    let problems = [0.1, 0.4, 1.0].map(|share: f64| {
        let constant = (share * largest).ln().clamp(lo + 0.1, hi - 0.1);
        LeastSquares::new(vec![
            Parameter::new("start", start).scale(scale),
            Parameter::new("height", height).scale(scale),
            Parameter::new("ln constant", constant).scale(0.5).within(lo, hi),
        ])
        .error_scale(ErrorScale::Residuals)
        .tolerance(1e-11)
    });
    let (problem, fitted) = LeastSquares::best_of(problems, &residuals).ok()?;
    let profile = |index: usize| {
        let ends = problem.profile_interval(&residuals, &fitted, index, 0.95).ok()?;
        Some((ends.lower?, ends.upper?))
    };
    let p = &fitted.params;
    let constant = profile(2).map(|(lo, hi)| (lo.exp(), hi.exp()));
    // Where the constant is open, the height is: its profile would end only because constants are sought no further.
    let height = constant.and_then(|_| profile(1));
    let (sum, dof) = within(groups);
    let more = groups.len() as f64 - 3.0;
    let rise = (fitted.residual_sum - sum).max(0.0);
    Some(Saturation {
        start: p[0],
        height: Found { value: p[1], error: fitted.std_errors[1], interval: height },
        constant: Found { value: p[2].exp(), error: p[2].exp() * fitted.std_errors[2], interval: constant },
        lack_p: (dof > 0.0 && sum > 0.0).then(|| f_tail(rise / more / (sum / dof), more, dof).ok()).flatten(),
    })
}
