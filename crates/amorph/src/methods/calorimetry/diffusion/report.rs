use super::algorithm::{Break, Law, Series, arrhenius, find_break, vft};
use super::{Diffusion, Input, LawChoice, figures};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::chi_squared_tail;
use crate::method::MethodError;
use crate::methods::calorimetry::ratio::{Found, difference_p, ratio};
use crate::methods::calorimetry::{CalorimetryError, DECADE, UNLIKELY};
use crate::theory::constants::{BOLTZMANN, GAS};

/// By how much the criterion of a bent law must be lower for T0 to have an interval: with less it was chosen because it bends by chance.
const CLEAR: f64 = 10.0;

/// A quantity with its law.
pub(super) struct Shown<'a> {
    pub(super) series: &'a Series,
    pub(super) law: Law,
    /// Why there are no intervals.
    refused: Option<&'static str>,
    /// Whether T0 may have an interval.
    clear: bool,
}

pub(super) fn outcome(method: &Diffusion, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let diffusion = input.diffusion.as_ref().map(|series| law(method, series, "diffusion", &mut outcome)).transpose()?;
    let viscosity = input.viscosity.as_ref().map(|series| law(method, series, "viscosity", &mut outcome)).transpose()?;
    for (shown, name) in [(&diffusion, "diffusion"), (&viscosity, "viscosity")] {
        if let Some(shown) = shown {
            numbers(shown, name, &mut outcome);
        }
    }
    let found = decoupling(method, input, ctx, &mut outcome);
    if let (Some(beta), Some(shown)) = (input.beta, &diffusion) {
        against_beta(beta, shown, &mut outcome);
    }
    outcome.tables.push(table(method, input));
    outcome.figures = figures::all(method, input, [diffusion.as_ref(), viscosity.as_ref()], found.as_ref());
    Ok(outcome)
}

fn law<'a>(method: &Diffusion, series: &'a Series, name: &str, outcome: &mut Outcome) -> Result<Shown<'a>, MethodError> {
    let sign = if name == "diffusion" { -1.0 } else { 1.0 };
    let failed =
        |reason: &str| CalorimetryError::NotFitted { what: format!("the law of the {name}"), reason: reason.to_owned() };
    let way =
        if name == "diffusion" { "it does not rise with the temperature" } else { "it does not fall with the temperature" };
    let line = arrhenius(series, sign).ok_or_else(|| failed(way))?;
    let bent = if method.law == LawChoice::Arrhenius { None } else { vft(series, sign) };
    let (shown, clear) = match (method.law, bent) {
        (LawChoice::Vft, Some(bent)) => (bent, true),
        (LawChoice::Vft, None) => return Err(failed("too few readings for three parameters").into()),
        (LawChoice::Auto, Some(bent)) if bent.aicc < line.aicc => (bent, line.aicc - bent.aicc > CLEAR),
        _ => (line, true),
    };
    if let (LawChoice::Auto, Some(bent)) = (method.law, bent) {
        let text = format!(
            "{name}: Akaike's criterion {:.1} for Arrhenius, {:.1} for Vogel, Fulcher and Tammann; the lower one is used",
            line.aicc, bent.aicc
        );
        outcome.notes.push(Note::info("law", text));
    }
    let mut refused = None;
    if series.errors.is_some() {
        let p = chi_squared_tail(shown.sum, shown.dof.max(1.0)).unwrap_or(1.0);
        if shown.dof >= 1.0 && p < UNLIKELY {
            let text = format!("{name}: the readings scatter more about the law than their stated errors allow (p = {p:.1e})");
            outcome.notes.push(Note::warning("errors_too_small", text));
            refused = Some("the readings scatter more than their stated errors allow");
        }
    } else {
        let text = format!("{name}: no errors are stated; the scatter about the law gives their size");
        outcome.notes.push(Note::info("errors_from_scatter", text));
    }
    Ok(Shown { series, law: shown, refused, clear })
}

fn estimate(key: &str, symbol: &str, unit: &str, found: Found, factor: f64, refused: Option<&str>) -> Estimate {
    let value = found.value * factor;
    match (refused, found.interval) {
        (Some(why), _) => Estimate::without_interval(key, symbol, value, unit, why),
        (None, Some((lo, hi))) => {
            Estimate::with_interval(key, symbol, value, unit, (lo * factor, hi * factor), Basis::Likelihood)
                .std_error(found.error * factor)
        }
        (None, None) => Estimate::without_interval(key, symbol, value, unit, "not identified: its profile stays open"),
    }
}

fn numbers(shown: &Shown<'_>, name: &str, outcome: &mut Outcome) {
    let law = &shown.law;
    let n = shown.series.values.len() as f64;
    let of_diffusion = name == "diffusion";
    let (energy, prefactor) = if of_diffusion { ("E_D", "log10 D0") } else { ("E_η", "log10 η0") };
    let mut push = |estimate: Estimate| outcome.estimates.push(estimate.n(n));
    match law.t0 {
        None => {
            push(estimate(&format!("{name}_activation_energy"), energy, "J/mol", law.slope, GAS, shown.refused));
            push(estimate(&format!("{name}_prefactor_log10"), prefactor, "", law.intercept, 1.0 / DECADE, shown.refused));
        }
        Some(t0) => {
            let key = format!("{name}_apparent_energy");
            push(estimate(&key, energy, "J/mol", law.slope, GAS, shown.refused).flag(&format!("at_{:.0}_K", law.centre)));
            let chosen = "the bent law is hardly better than a straight one; law = \"vft\" states it";
            let refused = shown.refused.or((!shown.clear).then_some(chosen));
            push(estimate(&format!("{name}_vft_t0"), "T0", "K", t0, 1.0, refused));
            let why = "far outside of the temperatures: it goes with T0";
            let value = law.intercept.value / DECADE;
            push(Estimate::without_interval(&format!("{name}_prefactor_log10"), prefactor, value, "", why));
        }
    }
}

/// The break of `D η/T`, where enough temperatures have both.
fn decoupling(method: &Diffusion, input: &Input, ctx: &Ctx, outcome: &mut Outcome) -> Option<Break> {
    if input.diffusion.is_none() || input.viscosity.is_none() {
        return None;
    }
    let Some(found) = find_break(&input.pairs, method.draws, ctx.seed) else {
        let text = format!(
            "no test of Stokes and Einstein: {} temperatures have both a diffusion coefficient and a viscosity, 6 different ones are needed",
            input.pairs.values.len()
        );
        outcome.notes.push(Note::refused("no_decoupling", text));
        return None;
    };
    outcome.estimates.push(Estimate::without_interval("decoupling_p", "p", found.p, "", "a probability"));
    let broken = found.p < method.significance;
    let sum = found.sums[usize::from(broken)];
    let dof = input.pairs.values.len() as f64 - if broken { 3.0 } else { 1.0 };
    let unlikely = input.pairs.errors.is_some() && chi_squared_tail(sum, dof).is_ok_and(|p| p < UNLIKELY);
    if unlikely {
        let text = "D η/T scatters more than its stated errors allow, with a break and without: another law holds, or the errors are too small";
        outcome.notes.push(Note::warning("decoupling_scatter", text));
    }
    let refused = unlikely.then_some("D η/T scatters more than its stated errors allow");
    // kB/(c π r) = exp(plateau).
    let radius = |plateau: Found| {
        let of = |y: f64| BOLTZMANN / (method.boundary.factor() * y.exp());
        let value = of(plateau.value);
        Found { value, error: value * plateau.error, interval: plateau.interval.map(|(lo, hi)| (of(hi), of(lo))) }
    };
    if broken {
        let at_end = "the break lies at an end of the temperatures: nothing tells how far beyond";
        let open = refused.or(found.temperature.interval.is_none().then_some(at_end));
        outcome.estimates.push(estimate("decoupling_temperature", "T_x", "K", found.temperature, 1.0, open));
        outcome.estimates.push(estimate("decoupling_energy", "ΔE", "J/mol", found.slope, GAS, open));
        outcome.estimates.push(estimate("hydrodynamic_radius", "r", "m", radius(found.plateau), 1.0, open));
        if found.slope.value < 0.0 {
            let text = "D η/T falls below the break: diffusion slows down more than the viscosity grows, against what liquids do; check both columns";
            outcome.notes.push(Note::warning("decoupling_falls", text));
        }
    } else {
        outcome.estimates.push(estimate("hydrodynamic_radius", "r", "m", radius(found.constant), 1.0, refused));
    }
    Some(found)
}

fn against_beta((energy, error): (f64, f64), shown: &Shown<'_>, outcome: &mut Outcome) {
    if shown.law.t0.is_some() {
        let text = "no ratio of energies: the diffusion coefficients follow a bent law, which has no one energy; law = \"arrhenius\" forces one";
        outcome.notes.push(Note::refused("no_energy_ratio", text));
        return;
    }
    let own = (shown.law.slope.value * GAS, shown.law.slope.error * GAS);
    let dof = shown.series.errors.is_none().then_some(shown.law.dof);
    let found = ratio(own, dof, (energy, error));
    outcome.estimates.push(estimate("diffusion_beta_energy_ratio", "E_D/E_β", "", found, 1.0, shown.refused));
    let p = difference_p(own, dof, (energy, error));
    outcome.estimates.push(Estimate::without_interval("diffusion_beta_energy_p", "p", p, "", "a probability"));
}

fn table(method: &Diffusion, input: &Input) -> Table {
    let empty = Series::default();
    let (d, eta) = (input.diffusion.as_ref().unwrap_or(&empty), input.viscosity.as_ref().unwrap_or(&empty));
    let mut temperatures: Vec<f64> = d.temperatures.iter().chain(&eta.temperatures).copied().collect();
    temperatures.sort_by(f64::total_cmp);
    temperatures.dedup();
    let at = |series: &Series, t: f64| series.temperatures.iter().position(|own| *own == t).map(|i| series.values[i]);
    let column =
        |of: &dyn Fn(f64) -> Option<f64>| temperatures.iter().map(|t| of(*t).unwrap_or(f64::NAN)).collect::<Vec<f64>>();
    let factor = method.boundary.factor();
    let einstein = |t: f64| Some(BOLTZMANN * t / (factor * at(d, t)?.exp() * input.radius?));
    Table::new("transport", "Diffusion coefficients and viscosities, the viscosity by Stokes and Einstein, and D η/T")
        .with_numbers("diffusion_coefficient", "m^2/s", column(&|t| Some(at(d, t)?.exp())))
        .with_numbers("viscosity", "Pa s", column(&|t| Some(at(eta, t)?.exp())))
        .with_numbers("stokes_einstein_viscosity", "Pa s", column(&einstein))
        .with_numbers("decoupling_ratio", "Pa m^2/K", column(&|t| Some(at(&input.pairs, t)?.exp())))
        .with_numbers("temperature", "K", temperatures.clone())
}
