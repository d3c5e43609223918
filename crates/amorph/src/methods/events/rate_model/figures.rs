use super::algorithm::{Known, Rates, Row};
use super::input::Input;
use super::report::factor;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;

pub(super) fn all(input: &Input, found: &Rates) -> Vec<Figure> {
    let mut figures = vec![rates(input, found)];
    figures.extend(found.exponent.as_ref().map(|exponent| by_stress_rate(input, found, exponent)));
    figures
}

/// Rates of both signs and their ratios by segment.
fn rates(input: &Input, found: &Rates) -> Figure {
    let names: Vec<String> = input.kinds.iter().rev().map(|kind| (*kind).to_owned()).collect();
    let n = names.len();
    let ends = |known: &Known| {
        let (_, (lo, hi)) = factor(known);
        [lo, hi]
    };
    let of_sign = |sign: usize, name: &str, role: Role, shift: f64| Mark::Points {
        name: name.to_owned(),
        role,
        x: found.rates.iter().rev().map(|rates| factor(&rates[sign]).0).collect(),
        y: (0..n).map(|row| row as f64 + shift).collect(),
        x_interval: found.rates.iter().rev().map(|rates| ends(&rates[sign])).collect(),
        y_interval: Vec::new(),
    };
    let left = Panel::new("", Axis::log("rate", Unit::of("1/s")), Axis::categories("", names.clone()))
        .with(of_sign(0, "rising", Role::Series(0), 0.12))
        .with(of_sign(1, "falling", Role::Series(1), -0.12));
    let right = Panel::new("", Axis::log("rate of rising over falling", Unit::one()), Axis::categories("", names))
        .with(Mark::Rule { name: "equal rates".to_owned(), role: Role::Reference, axis: RuleAxis::X, at: 1.0 })
        .with(Mark::Points {
            name: String::new(),
            role: Role::Data,
            x: found.ratios.iter().rev().map(|(known, _)| factor(known).0).collect(),
            y: (0..n).map(|row| row as f64).collect(),
            x_interval: found.ratios.iter().rev().map(|(known, _)| ends(known)).collect(),
            y_interval: Vec::new(),
        });
    Figure {
        key: "rates".to_owned(),
        title: "Rates of rising and falling events".to_owned(),
        caption: "Left: rates of a pillar in the middle of the others, false alarms taken off, with 95 % intervals that hold the scatter between pillars. Right: their ratios, within pillars.".to_owned(),
        panels: vec![left, right],
    }
}

/// Rates of single ramps over the stress rate, with the fitted power.
fn by_stress_rate(input: &Input, found: &Rates, exponent: &Known) -> Figure {
    let stress_rate = |row: &Row| input.reference * row.ln_drive.exp();
    let ramps: Vec<&Row> = input.rows.iter().filter(|row| input.kinds[row.kind] != "hold").collect();
    let low = ramps.iter().map(|row| stress_rate(row)).fold(f64::INFINITY, f64::min);
    let high = ramps.iter().map(|row| stress_rate(row)).fold(0.0, f64::max);
    let mut panel = Panel::new("", Axis::log("stress rate", Unit::of("MPa/s")), Axis::log("rate of events", Unit::of("1/s")));
    for (kind, name) in input.kinds.iter().enumerate().filter(|(_, name)| **name != "hold") {
        let rate = |row: &Row| (row.found.iter().sum::<usize>() as f64 - row.background.iter().sum::<f64>()) / row.exposure;
        let here: Vec<&&Row> = ramps.iter().filter(|row| row.kind == kind && rate(row) > 0.0).collect();
        let role = Role::Series(kind as u16);
        let x = here.iter().map(|row| stress_rate(row)).collect();
        panel = panel.with(Mark::points(name, role, x, here.iter().map(|row| rate(row)).collect()));
        let level: f64 = found.rates[kind].iter().map(|known| known.value.exp()).sum();
        let line = [low, high].map(|at| level * (at / input.reference).powf(exponent.value));
        panel = panel.with(Mark::line(&format!("{name}, model"), role, vec![low, high], line.to_vec()));
    }
    Figure {
        key: "rate_by_stress_rate".to_owned(),
        title: "Rate of events over the stress rate".to_owned(),
        caption: "Points: rates of both signs of single ramps, false alarms taken off. Lines: the model for a pillar in the middle. A slope of one: events go with the stress; of zero: with the time.".to_owned(),
        panels: vec![panel],
    }
}
