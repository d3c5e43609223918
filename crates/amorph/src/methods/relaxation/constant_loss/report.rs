use super::algorithm::{BENT, Power, STEEPEST, break_of};
use super::{ConstantLoss, Input};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::NORMAL_95;
use crate::core::unit::Unit;

/// Probability of a break by chance above which none is named.
const NO_BREAK: f64 = 0.05;

pub(super) fn outcome(method: &ConstantLoss, input: &Input, ctx: &Ctx) -> Outcome {
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let text = format!("{} loss modulus; levels are those of the fitted powers at {:.4} rad/s", input.kind, input.omega);
    outcome.notes.push(Note::info("convention", text));
    level(method, input, &mut outcome);
    let place = broken(method, input, ctx, &mut outcome);
    outcome.tables.push(table(&input.powers));
    outcome.figures.push(figure(input, place));
    outcome
}

fn level(method: &ConstantLoss, input: &Input, outcome: &mut Outcome) {
    let constant: Vec<&Power> = input.powers.iter().filter(|power| power.is_nearly_constant()).collect();
    let chosen = match method.temperature {
        Some(wanted) => {
            let off = |power: &Power| (power.temperature - wanted).abs();
            input.powers.iter().min_by(|a, b| off(a).total_cmp(&off(b)))
        }
        None => constant.get(constant.len() / 2).copied(),
    };
    let Some(power) = chosen else {
        let text = format!(
            "no isotherm has a nearly constant loss: an exponent between -{STEEPEST} and {STEEPEST}, and no curvature (p above {BENT})"
        );
        outcome.notes.push(Note::refused("no_constant_loss", text));
        return;
    };
    if let (Some(first), Some(last)) = (constant.first(), constant.last()) {
        let text = format!(
            "{} of {} isotherms have a nearly constant loss, from {:.1} to {:.1} K; the one at {:.1} K is reported",
            constant.len(),
            input.powers.len(),
            first.temperature,
            last.temperature,
            power.temperature
        );
        outcome.notes.push(Note::info("constant_range", text));
    }
    if !power.is_nearly_constant() {
        let text = format!(
            "the loss at {:.1} K is not nearly constant (exponent {:.3}, curvature p = {:.3}): level and exponent are those of a power through it",
            power.temperature, power.exponent.0, power.curvature_p
        );
        outcome.notes.push(Note::warning("not_constant", text));
    }
    let (lo, hi) = power.interval(power.ln_level);
    let value = power.ln_level.0.exp();
    let (level, exponent) = if power.curvature_p > BENT {
        let level = Estimate::with_interval("ncl_level", "M''", value, "Pa", (lo.exp(), hi.exp()), Basis::Likelihood);
        let interval = power.interval(power.exponent);
        (level, Estimate::with_interval("ncl_exponent", "n", power.exponent.0, "", interval, Basis::Likelihood))
    } else {
        let why = "the loss is bent over frequency: no power";
        (
            Estimate::without_interval("ncl_level", "M''", value, "Pa", why),
            Estimate::without_interval("ncl_exponent", "n", power.exponent.0, "", why),
        )
    };
    outcome.estimates.push(level.std_error(value * power.ln_level.1));
    outcome.estimates.push(exponent.std_error(power.exponent.1));
}

fn broken(method: &ConstantLoss, input: &Input, ctx: &Ctx, outcome: &mut Outcome) -> Option<f64> {
    let Some(found) = break_of(&input.powers, method.draws, ctx.seed) else {
        let text = format!("{} isotherms: six or more tell whether the growth with temperature breaks", input.powers.len());
        outcome.notes.push(Note::info("no_break_sought", text));
        return None;
    };
    let why = "a probability has no interval";
    outcome.estimates.push(Estimate::without_interval("ncl_break_p", "p", found.p, "", why));
    if found.p > NO_BREAK {
        let text = format!("ln level grows along one line within its scatter (p = {:.3}): no break is named", found.p);
        outcome.notes.push(Note::info("no_break", text));
        return None;
    }
    let half = NORMAL_95 * found.error;
    let interval = (found.temperature - half, found.temperature + half);
    let place = Estimate::with_interval("ncl_break_temperature", "T_b", found.temperature, "K", interval, Basis::Bootstrap);
    outcome.estimates.push(place.std_error(found.error));
    for (key, slope) in [("ncl_growth_below", found.slopes.0), ("ncl_growth_above", found.slopes.1)] {
        let why = "slope of one of two lines that meet where the data choose; its coverage was not tested";
        outcome.estimates.push(Estimate::without_interval(key, "T_N", 1.0 / slope, "K", why));
    }
    Some(found.temperature)
}

fn table(powers: &[Power]) -> Table {
    let column = |of: fn(&Power) -> f64| powers.iter().map(of).collect::<Vec<f64>>();
    let words = powers.iter().map(|power| if power.is_nearly_constant() { "yes" } else { "" }.to_owned()).collect();
    Table::new("losses", "Powers of frequency through the loss of every isotherm")
        .with_numbers("temperature", "K", column(|power| power.temperature))
        .with_numbers("level", "Pa", column(|power| power.ln_level.0.exp()))
        .with_numbers("level_relative_error", "", column(|power| power.ln_level.1))
        .with_numbers("exponent", "", column(|power| power.exponent.0))
        .with_numbers("exponent_std_error", "", column(|power| power.exponent.1))
        .with_numbers("curvature_p", "", column(|power| power.curvature_p))
        .with_text("nearly_constant", words)
}

fn figure(input: &Input, place: Option<f64>) -> Figure {
    let temperature = || Axis::linear("temperature", Unit::of("K"));
    let split = |constant: bool| -> Vec<&Power> {
        input.powers.iter().filter(|power| power.is_nearly_constant() == constant).collect()
    };
    let mut level = Panel::new("", temperature(), Axis::log("loss modulus", Unit::of("Pa")));
    let mut exponent = Panel::new("", temperature(), Axis::linear("exponent", Unit::one()));
    for (name, role, powers) in [("nearly constant", Role::Data, split(true)), ("not constant", Role::Series(1), split(false))]
    {
        if powers.is_empty() {
            continue;
        }
        let x: Vec<f64> = powers.iter().map(|power| power.temperature).collect();
        level.marks.push(Mark::points(name, role, x.clone(), powers.iter().map(|power| power.ln_level.0.exp()).collect()));
        exponent.marks.push(Mark::points("", role, x, powers.iter().map(|power| power.exponent.0).collect()));
    }
    if let Some(at) = place {
        level.marks.push(Mark::Rule { name: "break".to_owned(), role: Role::Model, axis: RuleAxis::X, at });
    }
    exponent.marks.push(Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at: 0.0 });
    Figure {
        key: "constant_loss".to_owned(),
        title: "Nearly constant loss".to_owned(),
        caption: "Level of the loss at the middle frequency and its exponent over frequency at every temperature; where the growth of the level breaks there is a line.".to_owned(),
        panels: vec![level, exponent],
    }
}
