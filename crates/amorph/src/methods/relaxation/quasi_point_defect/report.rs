use super::algorithm::{Common, HingeTest, Powers, common, hinge_test, powers};
use super::{Input, QuasiPointDefect, figures};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::stats::{NORMAL_95, chi_squared_tail, f_tail, student_t_quantile, student_t_tail};
use crate::core::unit::Probability;
use crate::method::MethodError;
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::log_spectrum::NoiseModel;
use crate::theory::constants::BOLTZMANN;

/// Probability below which a curvature, a spread or a straight line is rejected.
const REJECTED: f64 = 0.05;
/// Fewest isotherms of an energy.
const FEWEST: usize = 3;

/// Whether χ of an isotherm means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Defined,
    Curved,
    OutOfRange,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Defined => "defined",
            Self::Curved => "curved",
            Self::OutOfRange => "outside 0 to 1",
        }
    }
}

/// Everything that is found.
pub(super) struct Found {
    pub powers: Powers,
    pub status: Vec<Status>,
    /// The kink, where there is one.
    pub kink: Option<HingeTest>,
    /// Isotherms below it.
    pub below: Vec<usize>,
    pub common: Option<Common>,
}

pub(super) fn outcome(method: &QuasiPointDefect, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let fits = input.noises.iter().filter_map(|noise| {
        let sweeps = input.sweeps(*noise);
        powers(*noise, &sweeps).map(|found| (sweeps, found))
    });
    let best = fits.max_by(|a, b| a.1.ln_likelihood.total_cmp(&b.1.ln_likelihood));
    let failed = || RelaxationError::NotFitted {
        what: "the loss over frequency".to_owned(),
        reason: "a power does not converge at one of the temperatures, or too few readings are left for its error".to_owned(),
    };
    let (sweeps, powers) = best.ok_or_else(failed)?;
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let status: Vec<Status> = (0..sweeps.len()).map(|k| status(&powers, k)).collect();
    let used: Vec<usize> = (0..sweeps.len()).filter(|k| status[*k] == Status::Defined).collect();
    ctx.check_cancelled()?;
    let kink = kink(method, &powers, &used, ctx, &mut outcome);
    let below = below(&powers, &used, kink.as_ref(), &mut outcome);
    let common = (below.len() >= FEWEST).then(|| common(&powers, &sweeps, &below)).flatten();
    let found = Found { powers, status, kink, below, common };
    energies(&found, &mut outcome);
    remarks(input, &found, &mut outcome);
    outcome.tables.push(table(&found));
    outcome.figures = figures::all(input, &found);
    Ok(outcome)
}

fn two_sided(z: f64, dof: f64) -> f64 {
    student_t_tail(z.abs(), dof).map_or(f64::NAN, |tail| (2.0 * tail).min(1.0))
}

fn status(powers: &Powers, k: usize) -> Status {
    let chi = &powers.chis[k];
    let reach = 2.0 * chi.error;
    match two_sided(chi.curvature, powers.dof) {
        p if p < REJECTED => Status::Curved,
        _ if chi.value <= -reach || chi.value >= 1.0 + reach => Status::OutOfRange,
        _ => Status::Defined,
    }
}

/// The kink of χ, where two pieces are better than one line by more than chance.
fn kink(method: &QuasiPointDefect, powers: &Powers, used: &[usize], ctx: &Ctx, outcome: &mut Outcome) -> Option<HingeTest> {
    let seed = derive_seed(ctx.seed, &["kink".into()]);
    let Some(test) = hinge_test(powers, used, method.draws, seed) else {
        outcome.notes.push(Note::info("no_kink_test", "fewer than six isotherms with a χ: no kink is looked for"));
        return None;
    };
    outcome.estimates.push(Estimate::without_interval("qpd_kink_p", "p", test.p, "", "a probability"));
    if test.p >= REJECTED {
        let text = format!("χ over temperature has no kink beyond chance (p = {:.3})", test.p);
        outcome.notes.push(Note::info("no_kink", text));
        return None;
    }
    let t = test.hinge.temperature;
    let estimate = match test.interval {
        (Some(lo), Some(hi)) => {
            Estimate::with_interval("qpd_transition_temperature", "T_g", t, "K", (lo, hi), Basis::Likelihood)
        }
        _ => {
            let why = "not identified: too few isotherms on one side of it";
            Estimate::without_interval("qpd_transition_temperature", "T_g", t, "K", why)
        }
    };
    outcome.estimates.push(estimate);
    let (slope, error) = test.hinge.slope;
    let why = "goes together with the temperature of the kink; its error holds for that temperature";
    outcome.estimates.push(Estimate::without_interval("qpd_chi_slope", "dχ/dT", slope, "1/K", why).std_error(error));
    let text = format!("χ begins to change at {t:.1} K (p = {:.4} from {} series without a kink)", test.p, method.draws);
    outcome.notes.push(Note::info("kink", text));
    Some(test)
}

/// Isotherms at which χ is that of the glass.
fn below(powers: &Powers, used: &[usize], kink: Option<&HingeTest>, outcome: &mut Outcome) -> Vec<usize> {
    if let Some(test) = kink {
        let end = test.interval.0.unwrap_or(test.hinge.temperature);
        return used.iter().copied().filter(|k| powers.chis[*k].temperature <= end).collect();
    }
    // Without a kink all of them, if they agree.
    let weights: f64 = used.iter().map(|k| powers.chis[*k].error.powi(-2)).sum();
    let mean = used.iter().map(|k| powers.chis[*k].value * powers.chis[*k].error.powi(-2)).sum::<f64>() / weights;
    let sum: f64 = used.iter().map(|k| ((powers.chis[*k].value - mean) / powers.chis[*k].error).powi(2)).sum();
    let p = chi_squared_tail(sum, used.len() as f64 - 1.0).unwrap_or(1.0);
    if p < REJECTED {
        let text = format!(
            "χ changes with temperature throughout (p {p:.1e} of one value) and has no kink below which it is constant: no energy",
            p = Probability(p)
        );
        outcome.notes.push(Note::refused("chi_not_constant", text));
        return Vec::new();
    }
    used.to_vec()
}

fn energies(found: &Found, outcome: &mut Outcome) {
    let Some(common) = &found.common else {
        if found.below.len() < FEWEST {
            let text =
                format!("{} isotherms with one χ below the kink: an energy and a common χ need {FEWEST}", found.below.len());
            outcome.notes.push(Note::refused("no_energy", text));
        }
        return;
    };
    let p = f_tail(common.ratio.0, common.ratio.1, common.ratio.2).unwrap_or(f64::NAN);
    outcome.estimates.push(Estimate::without_interval("qpd_energy_p", "p", p, "", "a probability"));
    let t = student_t_quantile(0.975, found.powers.dof).unwrap_or(NORMAL_95);
    let rejected = p < REJECTED;
    let n = found.below.len() as f64;
    for (key, symbol, unit, (value, error), factor) in [
        ("qpd_chi", "χ", "", common.chi, 1.0),
        ("qpd_energy", "U", "J", common.energy, BOLTZMANN),
        ("qpd_energy_at_constant_loss", "U/χ", "J", common.at_constant_loss, BOLTZMANN),
    ] {
        let (value, error) = (value * factor, error * factor);
        let estimate = if rejected {
            let why = format!(
                "one χ and one U do not describe the isotherms below the kink within their errors (p {p:.1e})",
                p = Probability(p)
            );
            Estimate::without_interval(key, symbol, value, unit, &why).flag("law_rejected")
        } else {
            Estimate::with_interval(key, symbol, value, unit, (value - t * error, value + t * error), Basis::Likelihood)
        };
        outcome.estimates.push(estimate.std_error(error).n(n));
    }
}

fn remarks(input: &Input, found: &Found, outcome: &mut Outcome) {
    let count = |status: Status| found.status.iter().filter(|other| **other == status).count();
    let (curved, outside) = (count(Status::Curved), count(Status::OutOfRange));
    let total = found.status.len();
    if curved > 0 {
        let text = format!(
            "at {curved} of {total} temperatures ln tan δ bends over ln ω (p < {REJECTED}): the loss is no power there, and χ is not defined. The theory holds on the \
             high-frequency wing, ωτ >> 1, only"
        );
        // One in twenty bends by chance.
        outcome.notes.push(if curved as f64 > 0.2 * total as f64 {
            Note::warning("curved", text)
        } else {
            Note::info("curved", text)
        });
    }
    if outside > 0 {
        let text = format!("at {outside} of {total} temperatures the power lies outside 0 to 1: no χ of this theory");
        outcome.notes.push(Note::warning("outside", text));
    }
    if found.powers.inflation > 1.0 {
        let text = format!("neighbouring residuals are alike: all errors are multiplied by {:.2}", found.powers.inflation);
        outcome.notes.push(Note::warning("correlated_residuals", text));
    }
    let noise = match found.powers.noise {
        NoiseModel::ModulusAndPhase => format!("the phase errs by {:.2e} rad", found.powers.variance.sqrt()),
        NoiseModel::Relative => format!("the loss tangent errs by {:.2} % of itself", 100.0 * found.powers.variance.sqrt()),
    };
    outcome.notes.push(Note::info("noise", noise));
    if let (Some(stated), Some(test)) = (input.glass_transition, &found.kink) {
        let outside = test.interval.0.is_some_and(|lo| stated < lo) || test.interval.1.is_some_and(|hi| stated > hi);
        if outside {
            let text = format!(
                "the kink of χ ({:.1} K) is not at the stated glass transition ({stated:.1} K); frequencies of 0.01 to 100 Hz and heating rates see different times",
                test.hinge.temperature
            );
            outcome.notes.push(Note::info("kink_and_transition", text));
        }
    }
    let text = "mobility rises with χ: 0 is a crystal's order, 1 free motion of every defect; absolute times (t0, τ*) are not told by tan δ";
    outcome.notes.push(Note::info("convention", text));
}

fn table(found: &Found) -> Table {
    let chis = &found.powers.chis;
    let t = student_t_quantile(0.975, found.powers.dof).unwrap_or(NORMAL_95);
    let column = |of: &dyn Fn(usize) -> f64| (0..chis.len()).map(of).collect::<Vec<f64>>();
    let defined = |k: usize, value: f64| if found.status[k] == Status::Defined { value } else { f64::NAN };
    Table::new("chi", "Power of the loss tangent over frequency at every temperature")
        .with_numbers("temperature", "K", column(&|k| chis[k].temperature))
        .with_numbers("power", "", column(&|k| chis[k].value))
        .with_numbers("std_error", "", column(&|k| chis[k].error))
        .with_numbers("chi", "", column(&|k| defined(k, chis[k].value)))
        .with_numbers("interval_lo", "", column(&|k| defined(k, chis[k].value - t * chis[k].error)))
        .with_numbers("interval_hi", "", column(&|k| defined(k, chis[k].value + t * chis[k].error)))
        .with_numbers("curvature_p", "", column(&|k| two_sided(chis[k].curvature, found.powers.dof)))
        .with_numbers("loss_tangent", "", column(&|k| chis[k].ln_tangent.exp()))
        .with_numbers("below_kink", "", column(&|k| f64::from(u8::from(found.below.contains(&k)))))
        .with_text("status", found.status.iter().map(|status| status.word().to_owned()).collect())
}
