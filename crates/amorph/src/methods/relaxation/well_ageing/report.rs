use super::algorithm::{Line, Peaks, line, peaks};
use super::{Input, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{NORMAL_95, student_t_quantile};
use crate::core::unit::Probability;
use crate::method::MethodError;
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::log_spectrum::NoiseModel;
use crate::theory::constants::BOLTZMANN;

/// Probability below which the line is rejected.
const REJECTED: f64 = 0.05;
/// `D/2kT` above which the wells count as strongly asymmetric.
const STRONG: f64 = 3.0;

/// What moves from sweep to sweep, relative to the first.
pub(super) struct Changes {
    /// -kT ln of the height over the first, and its standard error, J.
    pub asymmetry: Vec<(f64, f64)>,
    /// kT ln of the time over the first, J.
    pub barrier: Vec<(f64, f64)>,
}

pub(super) fn outcome(input: &Input) -> Result<Outcome, MethodError> {
    let mut fits: Vec<Peaks> = Vec::new();
    let mut reason = "no fit converged".to_owned();
    for (noise, background) in input.noises.iter().flat_map(|noise| [(*noise, true), (*noise, false)]) {
        match peaks(&input.sweeps, background, noise) {
            Ok(found) => fits.push(found),
            Err(error) => reason = error.to_string(),
        }
    }
    let best = fits.iter().min_by(|a, b| a.bic.total_cmp(&b.bic));
    let failed = || RelaxationError::NotFitted { what: "the peaks of the ageing series".to_owned(), reason };
    let peaks = best.ok_or_else(failed)?;
    let n = input.sweeps.len();
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let inside = inside(input, peaks);
    let line = line(peaks, n).filter(|_| inside.iter().all(|inside| *inside));
    let changes = changes(input, peaks);
    slope(line.as_ref(), &mut outcome);
    moved(input, peaks, &changes, &mut outcome);
    absolute(input, peaks, &mut outcome);
    let (exponent, error) = (peaks.fit.params[0], peaks.fit.std_errors[0] * peaks.inflation);
    let why = "of the form of the peak, which goes together with the background";
    outcome.estimates.push(Estimate::without_interval("cole_cole_exponent", "α", exponent, "", why).std_error(error));
    remarks(input, peaks, &inside, &mut outcome);
    outcome.tables.push(table(input, peaks, &changes, &inside));
    outcome.figures = figures::all(input, peaks, line.as_ref());
    Ok(outcome)
}

/// Whether the maximum of a sweep lies between its frequencies.
fn inside(input: &Input, peaks: &Peaks) -> Vec<bool> {
    let of = |(k, sweep): (usize, &super::algorithm::Sweep)| {
        let ln_peak = -peaks.ln_time(k);
        sweep.ln_omega.first().zip(sweep.ln_omega.last()).is_some_and(|(lo, hi)| (*lo..=*hi).contains(&ln_peak))
    };
    input.sweeps.iter().enumerate().map(of).collect()
}

fn changes(input: &Input, peaks: &Peaks) -> Changes {
    let kt = BOLTZMANN * input.temperature;
    let of = |k: usize, height: bool, value: f64| {
        let c = |a: usize, b: usize| peaks.covariance((a, height), (b, height));
        (kt * value, kt * (c(k, k) + c(0, 0) - 2.0 * c(k, 0)).max(0.0).sqrt())
    };
    let all = 0..input.sweeps.len();
    Changes {
        asymmetry: all.clone().map(|k| of(k, true, peaks.ln_height(0) - peaks.ln_height(k))).collect(),
        barrier: all.map(|k| of(k, false, peaks.ln_time(k) - peaks.ln_time(0))).collect(),
    }
}

fn slope(line: Option<&Line>, outcome: &mut Outcome) {
    let Some(line) = line else {
        let text = "a peak lies outside its frequencies: its time and height go together, and no slope is given";
        outcome.notes.push(Note::refused("no_slope", text));
        return;
    };
    let estimate = match line.interval {
        _ if line.p < REJECTED => {
            let why = format!("times and heights do not lie on one line within their errors (p {:.1e})", Probability(line.p));
            Estimate::without_interval("adwp_slope", "a", line.slope, "", &why).flag("law_rejected")
        }
        (Some(lo), Some(hi)) => {
            Estimate::with_interval("adwp_slope", "a", line.slope, "", (lo, hi), Basis::Likelihood).std_error((hi - lo) / 3.92)
        }
        _ => {
            let why = "not identified: the peak changes too little over the series";
            Estimate::without_interval("adwp_slope", "a", line.slope, "", why)
        }
    };
    outcome.estimates.push(estimate);
    outcome.estimates.push(Estimate::without_interval("adwp_two_p", "p", line.two_p, "", "a probability"));
    outcome.estimates.push(Estimate::without_interval("adwp_line_p", "p", line.p, "", "a probability"));
}

fn moved(input: &Input, peaks: &Peaks, changes: &Changes, outcome: &mut Outcome) {
    let t = student_t_quantile(0.975, peaks.fit.dof as f64).unwrap_or(NORMAL_95);
    let last = input.sweeps.len() - 1;
    for (key, symbol, (value, error)) in
        [("asymmetry_change", "ΔD", changes.asymmetry[last]), ("barrier_change", "ΔU", changes.barrier[last])]
    {
        let ends = (value - t * error, value + t * error);
        let estimate = Estimate::with_interval(key, symbol, value, "J", ends, Basis::Likelihood);
        outcome.estimates.push(estimate.std_error(error).flag("strong_asymmetry"));
    }
}

/// D and U of a sweep with stated τ0 and G0''; `None` where the loss is above its amplitude.
fn wells(input: &Input, peaks: &Peaks, k: usize, (attempt, amplitude): (f64, f64)) -> Option<(f64, f64)> {
    let kt = BOLTZMANN * input.temperature;
    let cosh = (0.5 * (amplitude.ln() - peaks.ln_height(k))).exp();
    if cosh < 1.0 {
        return None;
    }
    let d = 2.0 * kt * cosh.acosh();
    Some((d, kt * (peaks.ln_time(k) - attempt.ln() + cosh.ln()) - 0.5 * d))
}

fn absolute(input: &Input, peaks: &Peaks, outcome: &mut Outcome) {
    let Some(stated) = input.absolute else {
        let text = "absolute barriers and asymmetries are not told at one temperature: they need well_attempt_time and well_loss_amplitude; changes are given for D/2kT > 3";
        outcome.notes.push(Note::refused("no_absolute_wells", text));
        return;
    };
    let Some((d, u)) = wells(input, peaks, 0, stated) else {
        let text = format!("the loss peak lies above the stated amplitude {:.3e} Pa: no double well has it", stated.1);
        outcome.notes.push(Note::refused("amplitude_too_small", text));
        return;
    };
    let why = "its error is that of the stated attempt time and amplitude";
    outcome.estimates.push(Estimate::without_interval("asymmetry_first", "D", d, "J", why));
    outcome.estimates.push(Estimate::without_interval("barrier_first", "U", u, "J", why));
    let ratio = 0.5 * d / (BOLTZMANN * input.temperature);
    if ratio < STRONG {
        let text = format!(
            "D/2kT = {ratio:.2} of the first sweep is below {STRONG}: changes of U and D and the slope as their ratio are approximate"
        );
        outcome.notes.push(Note::warning("weak_asymmetry", text));
    }
}

fn remarks(input: &Input, peaks: &Peaks, inside: &[bool], outcome: &mut Outcome) {
    let outside = inside.iter().filter(|inside| !**inside).count();
    if outside > 0 {
        let text = format!("the maxima of {outside} of {} peaks lie outside the frequencies", inside.len());
        outcome.notes.push(Note::warning("peaks_outside", text));
    }
    let size = (peaks.fit.residual_sum / peaks.fit.dof as f64).sqrt();
    let noise = match peaks.noise {
        NoiseModel::ModulusAndPhase => format!("the phase errs by {size:.2e} rad"),
        NoiseModel::Relative => format!("the loss errs by {:.2} % of itself", 100.0 * size),
    };
    let background = if peaks.background {
        format!("over a background that falls with the power {:.2} of the frequency", peaks.fit.params[1])
    } else {
        "without a background (the criterion is lower without)".to_owned()
    };
    let text = format!(
        "{} sweeps at {:.2} K: Cole-Cole peaks of one exponent {background}; {noise}",
        input.sweeps.len(),
        input.temperature
    );
    outcome.notes.push(Note::info("peaks", text));
    if peaks.inflation > 1.0 {
        let text = format!(
            "neighbouring residuals are alike: the peaks are not quite of this form; all errors are multiplied by {:.2}",
            peaks.inflation
        );
        outcome.notes.push(Note::warning("correlated_residuals", text));
    }
}

fn table(input: &Input, peaks: &Peaks, changes: &Changes, inside: &[bool]) -> Table {
    let n = input.sweeps.len();
    let column = |of: &dyn Fn(usize) -> f64| (0..n).map(of).collect::<Vec<f64>>();
    let error = |k: usize, height: bool| peaks.covariance((k, height), (k, height)).max(0.0).sqrt();
    let correlation = |k: usize| peaks.covariance((k, false), (k, true)) / (error(k, false) * error(k, true));
    let mut table = Table::new("peaks", "Time and height of the loss peak after every ageing time")
        .with_numbers("sweep", "", column(&|k| k as f64 + 1.0))
        .with_numbers("ageing_time", "s", column(&|k| input.sweeps[k].time))
        .with_numbers("tau_peak", "s", column(&|k| peaks.ln_time(k).exp()))
        .with_numbers("ln_tau_std_error", "", column(&|k| error(k, false)))
        .with_numbers("loss_peak", "Pa", column(&|k| peaks.ln_height(k).exp()))
        .with_numbers("ln_loss_std_error", "", column(&|k| error(k, true)))
        .with_numbers("correlation", "", column(&correlation))
        .with_numbers("background", "Pa", column(&|k| peaks.loss(k, -peaks.ln_time(k)).1))
        .with_numbers("asymmetry_change", "J", column(&|k| changes.asymmetry[k].0))
        .with_numbers("barrier_change", "J", column(&|k| changes.barrier[k].0))
        .with_numbers("inside", "", column(&|k| f64::from(u8::from(inside[k]))));
    if let Some(stated) = input.absolute {
        let of = |k: usize| wells(input, peaks, k, stated).unwrap_or((f64::NAN, f64::NAN));
        table = table
            .with_numbers("asymmetry", "J", column(&|k| of(k).0))
            .with_numbers("barrier", "J", column(&|k| of(k).1))
            .with_numbers("asymmetry_over_2kt", "", column(&|k| 0.5 * of(k).0 / (BOLTZMANN * input.temperature)));
    }
    table
}
