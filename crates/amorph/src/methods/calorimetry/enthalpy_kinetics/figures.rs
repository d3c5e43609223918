use super::algorithm::{Isotherm, Joint};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::stats::NORMAL_95;
use crate::core::unit::Unit;
use crate::theory::constants::GAS;

/// Points of a curve.
const POINTS: usize = 120;
/// Temperatures that share a time, for a curve over temperature.
const FOR_CURVE: usize = 3;

pub(super) fn all(isotherms: &[Isotherm], shown: &Joint, energy: Option<&Joint>) -> Vec<Figure> {
    let mut figures = vec![over_time(isotherms, shown)];
    figures.extend(energy.and_then(|energy| arrhenius(isotherms, shown, energy)));
    figures.extend(over_temperature(isotherms));
    figures
}

fn positive_ends(one: &Isotherm) -> (f64, f64) {
    let times = one.times.iter().copied().filter(|time| *time > 0.0);
    times.fold((f64::INFINITY, 0.0), |(lo, hi), time| (lo.min(time), hi.max(time)))
}

fn over_time(isotherms: &[Isotherm], shown: &Joint) -> Figure {
    let time = || Axis::log("annealing time", Unit::of("s"));
    let mut panel = Panel::new("", time(), Axis::linear("recovery enthalpy", Unit::of("J/g")));
    let mut left = Panel::new("", time(), Axis::linear("distance from the law", Unit::of("J/g")));
    for (number, ((one, law), residuals)) in isotherms.iter().zip(&shown.laws).zip(&shown.left).enumerate() {
        let role = if isotherms.len() > 1 { Role::Series(number as u16) } else { Role::Data };
        let kept: Vec<usize> = (0..one.times.len()).filter(|row| one.times[*row] > 0.0).collect();
        let x: Vec<f64> = kept.iter().map(|row| one.times[*row]).collect();
        let bars = |y: &[f64]| {
            one.errors.as_ref().map_or_else(Vec::new, |errors| {
                let half = kept.iter().map(|row| NORMAL_95 * errors[*row]);
                y.iter().zip(half).map(|(y, half)| [y - half, y + half]).collect()
            })
        };
        let y: Vec<f64> = kept.iter().map(|row| one.enthalpies[*row]).collect();
        let away: Vec<f64> = kept.iter().map(|row| residuals[*row]).collect();
        let name = format!("{:.1} K", one.temperature);
        let (y_interval, away_interval) = (bars(&y), bars(&away));
        panel.marks.push(Mark::Points { name, role, x: x.clone(), y, y_interval, x_interval: vec![] });
        let point = Mark::Points { name: String::new(), role, x, y: away, y_interval: away_interval, x_interval: vec![] };
        left.marks.push(point);
        let (lo, hi) = positive_ends(one);
        let curve: Vec<f64> = (0..=POINTS).map(|i| lo * (hi / lo).powf(i as f64 / POINTS as f64)).collect();
        let y = curve.iter().map(|time| law.at(*time)).collect();
        let role = if isotherms.len() > 1 { role } else { Role::Model };
        panel.marks.push(Mark::line("", role, curve, y));
    }
    left.marks.push(Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at: 0.0 });
    Figure {
        key: "enthalpy_over_time".to_owned(),
        title: "Recovery enthalpy over annealing time".to_owned(),
        caption: "Recovery enthalpies with 95 % intervals and their stretched exponentials; right, how far the readings lie from them."
            .to_owned(),
        panels: vec![panel, left],
    }
}

fn arrhenius(isotherms: &[Isotherm], shown: &Joint, energy: &Joint) -> Option<Figure> {
    let (slope, ln) = (energy.energy?.value, energy.ln_prefactor?);
    let x: Vec<f64> = isotherms.iter().map(|one| 1.0 / one.temperature).collect();
    let y: Vec<f64> = shown.laws.iter().map(|law| law.tau.value).collect();
    let bars = shown.laws.iter().map(|law| law.tau.interval.map_or([f64::NAN; 2], |(lo, hi)| [lo, hi])).collect();
    let ends = x.iter().fold([f64::INFINITY, 0.0f64], |[lo, hi], x| [lo.min(*x), hi.max(*x)]).to_vec();
    let law = ends.iter().map(|x| (ln + slope * x / GAS).exp()).collect();
    let panel = Panel::new("", Axis::linear("1/T", Unit::of("1/K")), Axis::log("relaxation time", Unit::of("s")))
        .with(Mark::Points { name: "own time".to_owned(), role: Role::Data, x, y, y_interval: bars, x_interval: vec![] })
        .with(Mark::line("one energy", Role::Model, ends, law));
    Some(Figure {
        key: "enthalpy_arrhenius".to_owned(),
        title: "Relaxation time over temperature".to_owned(),
        caption: "Relaxation times of each temperature with 95 % intervals, and the law with one activation energy that was fitted to all readings together."
            .to_owned(),
        panels: vec![panel],
    })
}

/// Recovery enthalpy over the annealing temperature, for times that several temperatures have in common.
fn over_temperature(isotherms: &[Isotherm]) -> Option<Figure> {
    let mut times: Vec<f64> = isotherms.iter().flat_map(|one| one.times.iter().copied()).filter(|t| *t > 0.0).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let row = |time: f64| {
        let of = |one: &Isotherm| {
            let at = one.times.iter().position(|t| *t == time)?;
            Some((one.temperature, one.enthalpies[at]))
        };
        isotherms.iter().filter_map(of).collect::<Vec<(f64, f64)>>()
    };
    let curves: Vec<(f64, Vec<(f64, f64)>)> =
        times.iter().map(|time| (*time, row(*time))).filter(|(_, rows)| rows.len() >= FOR_CURVE).collect();
    if curves.is_empty() {
        return None;
    }
    let enthalpy = Axis::linear("recovery enthalpy", Unit::of("J/g"));
    let mut panel = Panel::new("", Axis::linear("annealing temperature", Unit::of("K")), enthalpy);
    // The longest few: where the maximum is, which wanders to lower temperatures with time.
    let step = curves.len().div_ceil(6);
    for (number, (time, rows)) in curves.iter().rev().step_by(step).enumerate() {
        let role = Role::Series(number as u16);
        let (x, y): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
        panel.marks.push(Mark::points(&format!("{time:.3e} s"), role, x.clone(), y.clone()));
        panel.marks.push(Mark::line("", role, x, y));
    }
    Some(Figure {
        key: "enthalpy_over_temperature".to_owned(),
        title: "Recovery enthalpy over annealing temperature".to_owned(),
        caption: "Recovery enthalpies of the same annealing time over the temperature: kinetics limit them below the maximum, equilibrium above it, so that it wanders to lower temperatures with time."
            .to_owned(),
        panels: vec![panel],
    })
}
