use super::report::Laws;
use super::{Input, Kind};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;

const DECADE: f64 = std::f64::consts::LN_10;
/// log10 of the prefactor of a strong liquid: a time of a vibration, and that times 10 GPa.
const STRONG: [f64; 2] = [-14.0, -4.0];

/// ln y of the law that counts.
pub(super) fn value(laws: &Laws, t: f64) -> f64 {
    match laws.branches.filter(|_| laws.kinked) {
        Some(found) => found.at(t),
        None => laws.fits[0].at(t),
    }
}

pub(super) fn all(input: &Input, laws: &Laws, transition: Option<f64>) -> Vec<Figure> {
    let mut figures = vec![arrhenius(input, laws)];
    figures.extend(transition.filter(|_| input.kind != Kind::Shift).map(|tg| angell(input, laws, tg)));
    figures
}

fn points(input: &Input, x: Vec<f64>) -> Mark {
    let series = &input.series;
    let y: Vec<f64> = series.values.iter().map(|y| y / DECADE).collect();
    let half = |i: usize| 1.96 * series.errors[i] / DECADE;
    let y_interval = if series.stated { (0..y.len()).map(|i| [y[i] - half(i), y[i] + half(i)]).collect() } else { Vec::new() };
    Mark::Points { name: "readings".to_owned(), role: Role::Data, x, y, y_interval, x_interval: Vec::new() }
}

fn arrhenius(input: &Input, laws: &Laws) -> Figure {
    let t = &input.series.temperatures;
    let (first, last) = (t[0], t[t.len() - 1]);
    let axis = || Axis::linear("1/T", Unit::of("1/K"));
    let mut panel = Panel::new("", axis(), Axis::linear(input.kind.axis(), Unit::one()));
    let mut residual = Panel::new(
        "",
        axis(),
        Axis::linear(if input.series.stated { "residual / error" } else { "residual of ln" }, Unit::one()),
    );
    let grid: Vec<f64> = (0..=120).map(|i| 1.0 / (1.0 / first + (1.0 / last - 1.0 / first) * f64::from(i) / 120.0)).collect();
    let x: Vec<f64> = grid.iter().map(|t| 1.0 / t).collect();
    panel.marks.push(points(input, t.iter().map(|t| 1.0 / t).collect()));
    for (number, found) in laws.fits.iter().enumerate() {
        let y: Vec<f64> = grid.iter().map(|t| found.at(*t) / DECADE).collect();
        panel.marks.push(Mark::Line {
            name: found.law.word().to_owned(),
            role: Role::Series(number as u16),
            x: x.clone(),
            y,
            dashed: number > 0 || laws.kinked,
        });
    }
    if let Some(found) = laws.branches.filter(|_| laws.kinked) {
        panel.marks.push(Mark::line(
            "two branches",
            Role::Model,
            x.clone(),
            grid.iter().map(|t| found.at(*t) / DECADE).collect(),
        ));
        panel.marks.push(Mark::Rule {
            name: "kink".to_owned(),
            role: Role::Highlight,
            axis: RuleAxis::X,
            at: 1.0 / found.kink,
        });
    }
    let left = |i: usize| (input.series.values[i] - value(laws, t[i])) / input.series.errors[i];
    residual.marks.push(Mark::points("", Role::Data, t.iter().map(|t| 1.0 / t).collect(), (0..t.len()).map(left).collect()));
    residual.marks.push(Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at: 0.0 });
    Figure {
        key: "arrhenius".to_owned(),
        title: "Relaxation over inverse temperature".to_owned(),
        caption: "Readings with 95 % intervals and the laws through them, the one with the lowest criterion drawn solid; an Arrhenius law is a straight line. Below: what the law \
                  that counts leaves."
            .to_owned(),
        panels: vec![panel, residual],
    }
}

fn angell(input: &Input, laws: &Laws, tg: f64) -> Figure {
    let t = &input.series.temperatures;
    let name = if input.kind == Kind::Viscosity { "log10 (viscosity / Pa s)" } else { "log10 (relaxation time / s)" };
    let last = t[t.len() - 1];
    let cold = t[0].min(tg);
    let mut panel = Panel::new(
        "",
        Axis::linear("Tg/T", Unit::one()).within(0.0, (1.05 * tg / cold).max(1.05)),
        Axis::linear(name, Unit::one()),
    );
    panel.marks.push(points(input, t.iter().map(|t| tg / t).collect()));
    let best = &laws.best;
    let first = laws.hot.temperatures[0];
    let line = |from: f64, to: f64| {
        let x: Vec<f64> = (0..=100).map(|i| tg / from + (tg / to - tg / from) * f64::from(i) / 100.0).collect();
        let y = x.iter().map(|x| best.at(tg / x) / DECADE).collect();
        (x, y)
    };
    let (x, y) = line(last, first);
    panel.marks.push(Mark::line(best.law.word(), Role::Model, x, y));
    for (from, to) in [(40.0 * tg, last), (first, tg)] {
        if from > to * (1.0 + 1e-9) {
            let (x, y) = line(from, to);
            panel.marks.push(Mark::Line {
                name: if to == last { "extrapolated".to_owned() } else { String::new() },
                role: Role::Model,
                x,
                y,
                dashed: true,
            });
        }
    }
    let end = if input.kind == Kind::Viscosity { STRONG[1] } else { STRONG[0] };
    let strong = Mark::Line {
        name: "strong liquid".to_owned(),
        role: Role::Reference,
        x: vec![0.0, 1.0],
        y: vec![end, best.at(tg) / DECADE],
        dashed: false,
    };
    panel.marks.push(strong);
    Figure {
        key: "angell".to_owned(),
        title: "Angell plot".to_owned(),
        caption: "Readings over reduced inverse temperature. The slope at one is the fragility; a strong liquid is a straight line to the prefactor of a vibration.".to_owned(),
        panels: vec![panel],
    }
}
