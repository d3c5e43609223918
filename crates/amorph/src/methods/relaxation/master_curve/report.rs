use super::algorithm::{Superposed, UNKNOWN};
use super::law::{Law, Shifts, arrhenius_shift, wlf_shift};
use super::{Bridge, Input, MasterCurve, Vertical, figures, time_figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::Probability;
use crate::method::MethodError;
use crate::methods::relaxation::log_spectrum::{NoiseModel, Response};

const DECADE: f64 = std::f64::consts::LN_10;
/// Below this probability a law or the superposition is rejected.
const REJECTED: f64 = 0.05;
/// An isotherm whose residuals from the master curve of the others are this many errors is not predicted by them. Of 180 isotherms of one process none
/// reaches it.
const UNPREDICTED: f64 = 1.5;

pub(super) fn outcome(
    method: &MasterCurve,
    input: &Input,
    found: &Superposed,
    left_out: Option<&[f64]>,
) -> Result<Outcome, MethodError> {
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let known = known(found);
    let wlf = shifts(input, found, &known, |shifts| shifts.wlf().ok());
    let arrhenius = shifts(input, found, &known, |shifts| shifts.arrhenius().ok());
    let mut table = shift_table(input, found, &known);
    if method.bridge != Bridge::None {
        let bridged = bridged(method, input, found, &known, [wlf.as_ref(), arrhenius.as_ref()], &mut outcome);
        table = table.with_numbers("by_law_log10", "", bridged);
    }
    if let Some(left_out) = left_out {
        let place = |k: usize| found.kept.iter().position(|kept| *kept == k);
        let of = |k: usize| place(k).map_or(f64::NAN, |place| left_out[place]);
        table = table.with_numbers("left_out_rms", "", (0..input.isotherms.len()).map(of).collect());
        prediction(input, found, left_out, &mut outcome);
    }
    outcome.tables.push(table);
    outcome.tables.push(spectrum_table(input, found));
    laws(input, wlf.as_ref(), arrhenius.as_ref(), &mut outcome);
    noise(input, found, &mut outcome);
    notes(method, input, found, &known, &mut outcome);
    outcome.figures = match input.response {
        Response::Dynamic => figures::all(input, found, wlf.as_ref()),
        response => vec![time_figures::master(response, input, found), figures::shifts(input, found, wlf.as_ref())],
    };
    Ok(outcome)
}

/// Places of the isotherms whose shift the data determine, the reference left out.
fn known(found: &Superposed) -> Vec<usize> {
    let places = (0..found.kept.len()).filter(|place| *place != found.reference);
    places.filter(|place| found.solution.shift_std(*place, found.reference) < UNKNOWN * DECADE).collect()
}

fn shifts(input: &Input, found: &Superposed, known: &[usize], law: impl Fn(&Shifts<'_>) -> Option<Law>) -> Option<Law> {
    let solution = &found.solution;
    let temperature = |place: &usize| input.isotherms[found.kept[*place]].temperature;
    let indices: Option<Vec<usize>> = known.iter().map(|place| solution.index_of_shift(*place, found.reference)).collect();
    let indices = indices?;
    let n = solution.n_parameters;
    let covariance: Vec<f64> =
        indices.iter().flat_map(|a| indices.iter().map(move |b| solution.covariance[a * n + b])).collect();
    law(&Shifts {
        temperatures: &known.iter().map(temperature).collect::<Vec<f64>>(),
        values: &known.iter().map(|place| solution.shifts[*place]).collect::<Vec<f64>>(),
        covariance: &covariance,
        reference: input.isotherms[input.reference].temperature,
    })
}

fn shift_table(input: &Input, found: &Superposed, known: &[usize]) -> Table {
    let solution = &found.solution;
    let n = input.isotherms.len();
    let place = |k: usize| found.kept.iter().position(|kept| *kept == k);
    let is_known = |k: usize| place(k).is_some_and(|p| p == found.reference || known.contains(&p));
    let of = |value: &dyn Fn(usize) -> f64| -> Vec<f64> {
        (0..n).map(|k| if is_known(k) { place(k).map_or(f64::NAN, value) } else { f64::NAN }).collect()
    };
    let shift = |p: usize| solution.shifts[p] / DECADE;
    let std = |p: usize| solution.shift_std(p, found.reference) / DECADE;
    let vertical_std = |p: usize| solution.vertical_std(p, found.reference) / DECADE;
    let status = |k: usize| match k {
        k if k == input.reference => "reference",
        k if is_known(k) => "found",
        _ => "unidentified",
    };
    Table::new("shifts", "Shift factors, log10: ω or 1/t at T stands for ω a or a/t at the reference, a = τ(T)/τ(reference)")
        .with_numbers("temperature", "K", input.isotherms.iter().map(|isotherm| isotherm.temperature).collect())
        .with_numbers("shift_factor_log10", "", of(&shift))
        .with_numbers("std_error", "", of(&std))
        .with_numbers("interval_lo", "", of(&|p| shift(p) - 1.96 * std(p)))
        .with_numbers("interval_hi", "", of(&|p| shift(p) + 1.96 * std(p)))
        .with_numbers("vertical_shift_log10", "", of(&|p| solution.verticals[p] / DECADE))
        .with_numbers("vertical_std_error", "", of(&vertical_std))
        .with_numbers("overlap", "", of(&|p| found.overlaps[p]))
        .with_numbers("stretch", "", of(&|p| solution.shape.stretch.get(p).copied().unwrap_or(f64::NAN)))
        .with_numbers("readings", "", input.isotherms.iter().map(|isotherm| isotherm.readings.len() as f64).collect())
        .with_text("status", (0..n).map(|k| status(k).to_owned()).collect())
}

/// Shifts by the law that was asked for, of the isotherms that have none of their own; NaN of all others.
fn bridged(
    method: &MasterCurve,
    input: &Input,
    found: &Superposed,
    known: &[usize],
    [wlf, arrhenius]: [Option<&Law>; 2],
    outcome: &mut Outcome,
) -> Vec<f64> {
    let reference = input.isotherms[input.reference].temperature;
    let (name, law) = if method.bridge == Bridge::Vft { ("VFT", wlf) } else { ("Arrhenius", arrhenius) };
    let lost = |k: usize| k != input.reference && !known.iter().any(|place| found.kept[*place] == k);
    let none = vec![f64::NAN; input.isotherms.len()];
    let Some(law) = law.filter(|law| law.p >= REJECTED) else {
        let text = format!("the law of {name} does not describe the shifts that were found, and bridges no gap");
        outcome.notes.push(Note::refused("no_bridge", text));
        return none;
    };
    let ln_shift = |t: f64| match method.bridge {
        Bridge::Vft => wlf_shift([law.values[0], law.values[1]], t - reference),
        _ => Some(arrhenius_shift(law.values[0], t, reference)),
    };
    let of = |(k, missing): (usize, f64)| {
        let shift = ln_shift(input.isotherms[k].temperature).filter(|_| lost(k));
        shift.map_or(missing, |ln_shift| ln_shift / DECADE)
    };
    let shifts: Vec<f64> = none.into_iter().enumerate().map(of).collect();
    let named: Vec<String> = (0..shifts.len()).filter(|k| shifts[*k].is_finite()).map(|k| input.isotherms[k].label()).collect();
    if !named.is_empty() {
        let text = format!(
            "{}: shifts by the law of {name} through the others, as asked for (by_law_log10): extrapolated, without an interval, and these isotherms are not on the master curve",
            named.join(", ")
        );
        outcome.notes.push(Note::warning("bridged_by_law", text));
    }
    shifts
}

/// Which isotherms the others do not predict.
fn prediction(input: &Input, found: &Superposed, left_out: &[f64], outcome: &mut Outcome) {
    let far = (0..left_out.len()).filter(|place| left_out[*place] > UNPREDICTED);
    let named: Vec<String> = far
        .map(|place| format!("{} by {:.1} errors of a reading", input.isotherms[found.kept[place]].label(), left_out[place]))
        .collect();
    outcome.notes.push(if named.is_empty() {
        Note::info(
            "isotherms_predicted",
            "each isotherm lies on the master curve of the others within the errors of its readings",
        )
    } else {
        let text = format!("off the master curve of the others wherever it is shifted to: {}", named.join(", "));
        Note::warning("isotherm_not_predicted", text)
    });
}

fn spectrum_table(input: &Input, found: &Superposed) -> Table {
    let solution = &found.solution;
    let m = solution.smooth;
    let (key, title, unit) = if input.response == Response::Creep {
        ("retardation_spectrum", "Spectrum of retardation times at the reference temperature, per unit of ln τ", "1/Pa")
    } else {
        ("relaxation_spectrum", "Spectrum of relaxation times at the reference temperature, per unit of ln τ", "Pa")
    };
    Table::new(key, title)
        .with_numbers("relaxation_time", "s", solution.ln_times[..m].iter().map(|t| t.exp()).collect())
        .with_numbers("spectrum", unit, solution.ln_spectrum[..m].iter().map(|h| h.exp()).collect())
        .with_numbers("relative_std_error", "", (0..m).map(|j| solution.std_of(j)).collect())
}

fn laws(input: &Input, wlf: Option<&Law>, arrhenius: Option<&Law>, outcome: &mut Outcome) {
    let reference = input.isotherms[input.reference].temperature;
    if let Some(law) = wlf {
        let fits = law.p >= REJECTED;
        let why = format!("the law does not describe the shifts within their errors (p {:.1e})", Probability(law.p));
        let estimate = |key: &str, symbol: &str, value: f64, unit: &str, std: f64, interval: (f64, f64)| {
            let open = !(interval.0.is_finite() && interval.1.is_finite());
            let estimate = match (fits, open) {
                (false, _) => Estimate::without_interval(key, symbol, value, unit, &why).flag("law_rejected"),
                (true, true) => Estimate::without_interval(key, symbol, value, unit, "not identified: the profile stays flat"),
                (true, false) => Estimate::with_interval(key, symbol, value, unit, interval, Basis::Likelihood),
            };
            estimate.std_error(std)
        };
        let (c1, c2) = (law.values[0], law.values[1]);
        outcome.estimates.push(estimate("wlf_c1", "C1", c1, "", law.std_errors[0], law.intervals[0]));
        outcome.estimates.push(estimate("wlf_c2", "C2", c2, "K", law.std_errors[1], law.intervals[1]));
        let t0 = (reference - law.intervals[1].1, reference - law.intervals[1].0);
        outcome.estimates.push(estimate("vft_t0", "T0", reference - c2, "K", law.std_errors[1], t0));
        let product = "C1 and C2 go together; their intervals are those of the law";
        outcome.estimates.push(Estimate::without_interval("vft_b", "B", c1 * c2 * DECADE, "K", product));
        if let Some(tg) = input.glass_transition {
            let above = tg - reference + c2;
            if above > 0.0 {
                let fragility = c1 * c2 * tg / above.powi(2);
                let why = "follows from C1 and C2 at the stated Tg; the error of Tg is not known";
                outcome.estimates.push(Estimate::without_interval("fragility_index", "m", fragility, "", why));
            }
        }
    }
    if let Some(law) = arrhenius {
        let (energy, std) = (law.values[0], law.std_errors[0]);
        let estimate = if law.p >= REJECTED {
            Estimate::with_interval("shift_energy", "E", energy, "J/mol", law.intervals[0], Basis::Likelihood)
        } else {
            let why = format!("one energy does not describe the shifts within their errors (p {:.1e})", Probability(law.p));
            Estimate::without_interval("shift_energy", "E", energy, "J/mol", &why).flag("law_rejected")
        };
        outcome.estimates.push(estimate.std_error(std));
    }
}

fn noise(input: &Input, found: &Superposed, outcome: &mut Outcome) {
    let [first, second] = found.solution.noise;
    let why = "a property of the instrument that the fit finds along with the shifts; its own error is not carried";
    outcome.estimates.push(Estimate::without_interval("modulus_noise", "σ_r", first, "", why));
    match found.noise {
        NoiseModel::ModulusAndPhase => {
            outcome.estimates.push(Estimate::without_interval("phase_noise", "σ_δ", second, "rad", why));
        }
        NoiseModel::Relative if input.response != Response::Dynamic => {
            let text = format!("readings err by a share of themselves: {first:.3e}");
            outcome.notes.push(Note::info("relative_noise", text));
        }
        NoiseModel::Relative => {
            let text = format!("readings err by a share of themselves: storage by {first:.3e}, loss by {second:.3e}");
            outcome.notes.push(Note::info("relative_noise", text));
        }
    }
    if let Some(p) = found.solution.shape.p {
        let why = "a probability";
        outcome.estimates.push(Estimate::without_interval("superposition_p", "p", p, "", why));
    }
}

fn notes(method: &MasterCurve, input: &Input, found: &Superposed, known: &[usize], outcome: &mut Outcome) {
    let solution = &found.solution;
    let reference = input.isotherms[input.reference].temperature;
    let (what, reduced) = match input.response {
        Response::Dynamic => ("modulus", "the reduced frequency is ω a"),
        Response::Creep => ("creep compliance", "the reduced time is t/a"),
        Response::Relaxation => ("relaxation modulus", "the reduced time is t/a"),
    };
    let text = format!(
        "{} {what}; shifts are against {reference:.2} K; log10 a > 0 where relaxation is slower than there, {reduced}",
        input.kind
    );
    outcome.notes.push(Note::info("convention", text));
    let is_tied = |k: &usize| *k == input.reference || known.iter().any(|place| found.kept[*place] == *k);
    let lost: Vec<String> = (0..input.isotherms.len()).filter(|k| !is_tied(k)).map(|k| input.isotherms[k].label()).collect();
    if !lost.is_empty() {
        let text = format!(
            "no shift for {}: less than {} decades of overlap on the way to the reference, or none that depends on the shift; nothing is extrapolated",
            lost.join(", "),
            method.least_overlap
        );
        outcome.notes.push(Note::refused("unidentified", text));
    }
    if let Some(p) = solution.shape.p {
        let (code, verdict) =
            if p < REJECTED { ("superposition_rejected", "rejected") } else { ("superposition_holds", "not rejected") };
        let text = format!(
            "superposition {verdict}: isotherms that may each be wider or narrower along the logarithm of frequency or time fit better by F = {:.2} (p {p:.2e}); residuals have an rms of {:.2} %",
            solution.shape.ratio,
            100.0 * solution.rms(),
            p = Probability(p)
        );
        outcome.notes.push(if p < REJECTED { Note::warning(code, text) } else { Note::info(code, text) });
    }
    if input.response != Response::Dynamic {
        let named: Vec<String> = found
            .other_widths()
            .into_iter()
            .map(|place| {
                let label = input.isotherms[found.kept[place]].label();
                format!("{label} by a factor of {:.2}", 1.0 + solution.shape.stretch[place])
            })
            .collect();
        outcome.notes.push(if named.is_empty() {
            let text = format!("no isotherm asks for another width along log t; residuals have an rms of {:.2} %", 100.0 * solution.rms());
            Note::info("widths_agree", text)
        } else {
            let text = format!(
                "isotherms would follow the master curve better with another width along log t: {}; their shifts may be off by more than their intervals",
                named.join(", ")
            );
            Note::warning("widths_differ", text)
        });
    }
    if solution.inflation > 1.0 {
        let text = format!(
            "neighbouring residuals are alike (correlation {:.2}): all errors are multiplied by {:.2}",
            solution.correlation, solution.inflation
        );
        outcome.notes.push(Note::warning("correlated_residuals", text));
    }
    if !solution.converged {
        outcome.notes.push(Note::warning("not_converged", "the fit still moved at its last step"));
    }
    let text = format!(
        "strength of the smoothing {:.3e} by evidence; the data determine {:.1} of {} parameters",
        solution.strength, solution.effective, solution.n_parameters
    );
    outcome.notes.push(Note::info("smoothing", text));
    if method.vertical == Vertical::Free {
        let text = "shifts along the frequency and factors of the modulus replace each other where a curve is straight; errors hold that";
        outcome.notes.push(Note::info("free_verticals", text));
    }
}
