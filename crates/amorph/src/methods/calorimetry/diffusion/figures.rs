use super::algorithm::{Break, Series};
use super::report::Shown;
use super::{Diffusion, Input};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::stats::NORMAL_95;
use crate::core::unit::Unit;
use crate::theory::constants::BOLTZMANN;

/// Points of a curve.
const POINTS: usize = 100;

pub(super) fn all(method: &Diffusion, input: &Input, laws: [Option<&Shown<'_>>; 2], found: Option<&Break>) -> Vec<Figure> {
    let names = [("diffusion coefficient", "m^2/s"), ("viscosity", "Pa s")];
    let mut panels = Vec::new();
    for (number, ((name, unit), shown)) in names.into_iter().zip(laws).enumerate() {
        let Some(shown) = shown else { continue };
        let mut panel = Panel::new("", Axis::linear("1/T", Unit::of("1/K")), Axis::log(name, Unit::of(unit)));
        panel.marks.push(points("readings", Role::Data, shown.series));
        let (lo, hi) = ends(&shown.series.temperatures);
        let inverse: Vec<f64> = (0..=POINTS).map(|k| 1.0 / hi + (1.0 / lo - 1.0 / hi) * k as f64 / POINTS as f64).collect();
        let y = inverse.iter().map(|x| shown.law.at(1.0 / x).exp()).collect();
        let word = if shown.law.t0.is_some() { "vft" } else { "arrhenius" };
        panel.marks.push(Mark::line(word, Role::Model, inverse, y));
        if let (1, Some(d), Some(radius)) = (number, &input.diffusion, input.radius) {
            let x = d.temperatures.iter().map(|t| 1.0 / t).collect();
            let y = d
                .temperatures
                .iter()
                .zip(&d.values)
                .map(|(t, v)| BOLTZMANN * t / (method.boundary.factor() * v.exp() * radius));
            panel.marks.push(Mark::points("by Stokes and Einstein", Role::Series(1), x, y.collect()));
        }
        if let Some(found) = found.filter(|found| found.p < method.significance) {
            let at = 1.0 / found.temperature.value;
            panel.marks.push(Mark::Rule { name: "break".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at });
        }
        panels.push(panel);
    }
    let mut figures = vec![Figure {
        key: "transport".to_owned(),
        title: "Diffusion and viscosity over temperature".to_owned(),
        caption: "Readings with 95 % intervals and the law over the inverse temperature; with a radius, the viscosities that the diffusion coefficients would have by Stokes and Einstein."
            .to_owned(),
        panels,
    }];
    figures.extend(found.map(|found| decoupling(method, input, found)));
    figures
}

fn points(name: &str, role: Role, series: &Series) -> Mark {
    let x = series.temperatures.iter().map(|t| 1.0 / t).collect();
    let y = series.values.iter().map(|value| value.exp()).collect();
    let y_interval = series.errors.as_ref().map_or_else(Vec::new, |errors| {
        let ends = |(value, e): (&f64, &f64)| [(value - NORMAL_95 * e).exp(), (value + NORMAL_95 * e).exp()];
        series.values.iter().zip(errors).map(ends).collect()
    });
    Mark::Points { name: name.to_owned(), role, x, y, y_interval, x_interval: Vec::new() }
}

fn ends(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| (lo.min(*value), hi.max(*value)))
}

fn decoupling(method: &Diffusion, input: &Input, found: &Break) -> Figure {
    let pairs = &input.pairs;
    let ratio = Axis::log("D η/T", Unit::of("Pa m^2/K"));
    let mut panel = Panel::new("", Axis::linear("temperature", Unit::of("K")), ratio);
    let y_interval = pairs.errors.as_ref().map_or_else(Vec::new, |errors| {
        let bar = |(value, e): (&f64, &f64)| [(value - NORMAL_95 * e).exp(), (value + NORMAL_95 * e).exp()];
        pairs.values.iter().zip(errors).map(bar).collect()
    });
    let y = pairs.values.iter().map(|value| value.exp()).collect();
    let x = pairs.temperatures.clone();
    panel.marks.push(Mark::Points { name: "readings".to_owned(), role: Role::Data, x, y, y_interval, x_interval: Vec::new() });
    let (lo, hi) = ends(&pairs.temperatures);
    let x: Vec<f64> = (0..=POINTS).map(|k| lo + (hi - lo) * k as f64 / POINTS as f64).collect();
    if found.p < method.significance {
        let below = |t: f64| found.plateau.value + found.slope.value * (1.0 / t - 1.0 / found.temperature.value).max(0.0);
        let y = x.iter().map(|t| below(*t).exp()).collect();
        panel.marks.push(Mark::line("constant down to a break", Role::Model, x, y));
        let at = found.temperature.value;
        panel.marks.push(Mark::Rule { name: "break".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at });
    } else {
        let y = vec![found.constant.value.exp(); x.len()];
        panel.marks.push(Mark::line("constant", Role::Model, x, y));
    }
    Figure {
        key: "decoupling".to_owned(),
        title: "Product of diffusion and viscosity".to_owned(),
        caption: "D η/T over the temperature with 95 % intervals: constant where the relation of Stokes and Einstein holds, rising where diffusion keeps up while the viscosity grows."
            .to_owned(),
        panels: vec![panel],
    }
}
