//! Thickness from the share of electrons that lost no energy. Energies in eV.

use crate::core::fit::{LeastSquares, Parameter};

pub use crate::methods::haadf::spectra::EnergyAxis;

/// Distance from the top of the zero-loss peak, in full widths at half maximum, beyond which its right side is the mirror image of
/// its left side.
const MIRRORED_FROM: f64 = 0.75;
/// Share of the axis at its end to which the tail is fitted.
const TAIL: f64 = 0.25;
/// Equal channels at the top that speak of saturation.
const FLAT_TOP: usize = 3;

/// What a low-loss spectrum gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogRatio {
    /// Thickness over the mean free path.
    pub t_over_lambda: f64,
    /// Its standard error from counting.
    pub counting_error: f64,
    /// The same with a Gaussian for the zero-loss peak.
    pub by_fit: f64,
    /// The same with everything below the first minimum counted as zero loss.
    pub by_minimum: f64,
    /// Energy of the zero-loss peak, eV.
    pub zero: f64,
    /// Its full width at half maximum, eV.
    pub fwhm: f64,
    /// Share of the total that lies beyond the end of the axis, extrapolated.
    pub beyond: f64,
    /// Whether the top of the peak is flat.
    pub saturated: bool,
}

/// Why a spectrum gives no thickness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRatio {
    /// No peak where the zero loss should be.
    NoZeroLoss,
    /// The peak touches the beginning of the axis.
    Cut,
    /// No counts.
    Empty,
}

/// `t/lambda = ln(I_t / I_0)` of a spectrum in electrons per channel.
///
/// I_0 is the peak up to three quarters of its width beyond its top, and beyond that the mirror image of its left side. The dark level is
/// the mean far before the peak, where there is such a place.
///
/// # Errors
/// [`NoRatio`].
pub fn log_ratio(counts: &[f64], axis: EnergyAxis) -> Result<LogRatio, NoRatio> {
    let (centre, sd) = peak(counts, axis)?;
    let fwhm = sd * (8.0 * 2f64.ln()).sqrt();
    let channels = |energy: f64| energy / axis.step;
    let start = centre - channels(6.0 * fwhm);
    if start < -0.5 && centre - channels(1.5 * fwhm) < 0.0 {
        return Err(NoRatio::Cut);
    }
    let before = (centre - channels(8.0 * fwhm)).max(0.0) as usize;
    let dark = if before >= 10 { counts[..before].iter().sum::<f64>() / before as f64 } else { 0.0 };
    let cumulative = cumulative(counts, dark);
    let from = at(&cumulative, start.max(0.0));
    let below = |offset: f64| at(&cumulative, centre + offset) - from;
    let mirrored = channels(MIRRORED_FROM * fwhm);
    let zero = below(mirrored) + below(-mirrored);
    let recorded = cumulative[counts.len()] - from;
    let tail = beyond(counts, dark, axis, axis.at(centre)).unwrap_or(0.0);
    let total = recorded + tail;
    if !(zero > 0.0 && total > zero) {
        return Err(NoRatio::Empty);
    }
    let minimum = first_minimum(counts, centre, channels(1.5 * fwhm));
    let height = counts[centre.round() as usize] - dark;
    let fitted = height * sd / axis.step
        * std::f64::consts::TAU.sqrt()
        * (0.5 * ((centre - centre.round()) * axis.step / sd).powi(2)).exp();
    let top = counts.iter().copied().fold(0.0, f64::max);
    Ok(LogRatio {
        t_over_lambda: (total / zero).ln(),
        counting_error: counting_error(below(-mirrored), below(mirrored), recorded, (zero, total)),
        by_fit: (total / fitted).ln(),
        by_minimum: (total / below(minimum as f64 + 0.5 - centre)).ln(),
        zero: axis.at(centre),
        fwhm,
        beyond: tail / total,
        saturated: counts.windows(FLAT_TOP).any(|run| run.iter().all(|value| *value == top)),
    })
}

/// Standard error of `ln(I_t / I_0)` from counting: `sum n_i (1/I_t - w_i/I_0)^2`, where the left flank counts twice in I_0, the middle
/// of the peak once and the losses not at all. With no flank it is the usual `1/I_0 - 1/I_t`.
fn counting_error(flank: f64, up_to_middle: f64, recorded: f64, (zero, total): (f64, f64)) -> f64 {
    let part = |counts: f64, weight: f64| counts.max(0.0) * (1.0 / total - weight / zero).powi(2);
    (part(flank, 2.0) + part(up_to_middle - flank, 1.0) + part(recorded - up_to_middle, 0.0)).sqrt()
}

/// Centre, in channels, and standard deviation, eV, of a Gaussian through the upper part of the highest peak.
fn peak(counts: &[f64], axis: EnergyAxis) -> Result<(f64, f64), NoRatio> {
    let top = (0..counts.len()).max_by(|a, b| counts[*a].total_cmp(&counts[*b])).ok_or(NoRatio::Empty)?;
    let height = counts[top];
    if height.is_nan() || height <= 0.0 {
        return Err(NoRatio::Empty);
    }
    let left = (0..top).rev().find(|i| counts[*i] < 0.5 * height).ok_or(NoRatio::Cut)?;
    let right = (top..counts.len()).find(|i| counts[*i] < 0.5 * height).ok_or(NoRatio::NoZeroLoss)?;
    let half_width = 0.5 * (right - left) as f64;
    // A zero-loss peak is narrow; the top of a plasmon is not.
    if half_width * axis.step > 5.0 {
        return Err(NoRatio::NoZeroLoss);
    }
    let reach = (0.85 * half_width).ceil() as usize + 1;
    let used = top.saturating_sub(reach)..(top + reach + 1).min(counts.len());
    let (x, y): (Vec<f64>, Vec<f64>) = used.map(|i| (i as f64 - top as f64, counts[i] / height)).unzip();
    let sigma: Vec<f64> = y.iter().map(|y| (y.max(0.01) / height).sqrt()).collect();
    let problem = LeastSquares::new(vec![
        Parameter::new("height", 1.0).at_least(0.1),
        Parameter::new("centre", 0.0).within(-half_width - 1.0, half_width + 1.0),
        Parameter::new("width", half_width / 1.177).at_least(0.1),
    ])
    .sigma(&sigma);
    let model = |p: &[f64]| -> Vec<f64> {
        x.iter().zip(&y).map(|(x, y)| p[0] * (-0.5 * ((x - p[1]) / p[2]).powi(2)).exp() - y).collect()
    };
    match problem.fit(&model) {
        Ok(fit) => Ok((top as f64 + fit.params[1], fit.params[2] * axis.step)),
        Err(_) => Ok((top as f64, half_width * axis.step / 1.177)),
    }
}

/// Sums of counts above the dark level up to the left edge of every channel; one more than channels.
fn cumulative(counts: &[f64], dark: f64) -> Vec<f64> {
    let mut sum = 0.0;
    let mut sums = vec![0.0];
    sums.extend(counts.iter().map(|count| {
        sum += count - dark;
        sum
    }));
    sums
}

/// The sum up to `channel` (channel centres are whole numbers), by a cubic through four edges.
fn at(cumulative: &[f64], channel: f64) -> f64 {
    let last = cumulative.len() - 1;
    let edge = (channel + 0.5).clamp(0.0, last as f64);
    let first = (edge as usize).saturating_sub(1).min(last.saturating_sub(3));
    if last < 3 {
        return cumulative[(edge.round() as usize).min(last)];
    }
    let t = edge - first as f64;
    let (t1, t2, t3) = (t - 1.0, t - 2.0, t - 3.0);
    let weights = [-t1 * t2 * t3 / 6.0, t * t2 * t3 / 2.0, -t * t1 * t3 / 2.0, t * t1 * t2 / 6.0];
    weights.iter().zip(&cumulative[first..]).map(|(weight, value)| weight * value).sum()
}

/// The lowest channel, averaged over three, between the peak and the next one.
fn first_minimum(counts: &[f64], centre: f64, reach: f64) -> usize {
    let mean = |i: usize| (counts[i - 1] + counts[i] + counts[i + 1]) / 3.0;
    let first = (centre + reach).ceil().max(1.0) as usize;
    let mut lowest = first.min(counts.len().saturating_sub(2));
    for i in first..counts.len().saturating_sub(1) {
        if mean(i) < mean(lowest) {
            lowest = i;
        } else if mean(i) > 2.0 * mean(lowest) + 10.0 {
            break;
        }
    }
    lowest
}

/// Counts beyond the end of the axis: a power law through the means of the two halves of the last quarter; `None` where it does not fall
/// fast enough to be summed.
fn beyond(counts: &[f64], dark: f64, axis: EnergyAxis, zero: f64) -> Option<f64> {
    let n = (TAIL * counts.len() as f64) as usize;
    let first = counts.len() - n;
    if n < 20 || axis.at(first as f64) < zero + 20.0 {
        return None;
    }
    let part = |range: std::ops::Range<usize>| {
        let energy = axis.at(0.5 * (range.start + range.end) as f64 - 0.5) - zero;
        let n = range.len() as f64;
        (energy, counts[range].iter().map(|count| count - dark).sum::<f64>() / n)
    };
    let ((e1, i1), (e2, i2)) = (part(first..first + n / 2), part(first + n / 2..counts.len()));
    if !(i1 > 0.0 && i2 > 0.0) {
        return None;
    }
    let power = (i1 / i2).ln() / (e2 / e1).ln();
    let end = axis.at(counts.len() as f64 - 0.5) - zero;
    (power > 1.5).then(|| i2 * (end / e2).powf(-power) * end / (power - 1.0) / axis.step)
}

/// Mean free path of inelastic scattering, m, after Iakoubovskii et al., Microsc. Res. Tech. 71, 626 (2008),
/// doi:10.1002/jemt.20597, for a voltage in V, semi-angles of convergence and collection in rad and a density in kg/m^3.
///
/// ```text
/// F = (1 + E0/1022)/(1 + E0/511)^2,  thE = 5.5 rho^0.3/(F E0),  thC = 20 mrad      (E0 keV, rho g/cm^3, angles mrad)
/// 1/lambda = 11 rho^0.3/(200 F E0) ln{ [(a^2 + b^2 + 2 thE^2 + |a^2 - b^2|)/(a^2 + b^2 + 2 thC^2 + |a^2 - b^2|)] thC^2/thE^2 }  [1/nm]
/// ```
pub fn mean_free_path(voltage: f64, convergence: f64, collection: f64, density: f64) -> f64 {
    let e0 = voltage / 1e3;
    let f = (1.0 + e0 / 1022.0) / (1.0 + e0 / 511.0).powi(2);
    let power = (density / 1e3).powf(0.3);
    let (theta_e, theta_c) = (5.5 * power / (f * e0), 20.0);
    let (a2, b2) = ((convergence * 1e3).powi(2), (collection * 1e3).powi(2));
    let sum = a2 + b2 + (a2 - b2).abs();
    let ratio = (sum + 2.0 * theta_e * theta_e) / (sum + 2.0 * theta_c * theta_c) * (theta_c / theta_e).powi(2);
    1e-9 / (11.0 * power / (200.0 * f * e0) * ratio.ln())
}
