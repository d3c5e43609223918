use super::Input;
use super::algorithm::Fitted;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;

pub(super) fn all(input: &Input, fits: &[Fitted], best: &Fitted) -> Vec<Figure> {
    let bins = &input.bins;
    let time = || Axis::log("time at constant strain", Unit::of("s"));
    let mut panel = Panel::new("", time(), Axis::linear("stress / initial stress", Unit::one()));
    let share = |stress: f64| stress / input.initial;
    panel.marks.push(Mark::points(
        "means of readings",
        Role::Data,
        bins.times.clone(),
        bins.values.iter().map(|s| share(*s)).collect(),
    ));
    let (first, last) = (bins.times[0].ln(), bins.times[bins.times.len() - 1].ln());
    let grid: Vec<f64> = (0..=200).map(|i| (first + (last - first) * f64::from(i) / 200.0).exp()).collect();
    for (k, fitted) in fits.iter().enumerate() {
        panel.marks.push(Mark::Line {
            name: fitted.law.word().replace('_', " "),
            role: Role::Series(k as u16),
            x: grid.clone(),
            y: grid.iter().map(|t| share(fitted.stress(*t))).collect(),
            dashed: fitted.law != best.law,
        });
    }
    let left = |i: usize| bins.values[i] - best.stress(bins.times[i]);
    let residual = Panel::new("", time(), Axis::linear("residual", Unit::of("MPa")))
        .with(Mark::points("", Role::Data, bins.times.clone(), (0..bins.times.len()).map(left).collect()))
        .with(Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at: 0.0 });
    vec![Figure {
        key: "relaxation".to_owned(),
        title: "Stress at constant strain".to_owned(),
        caption: "Stress over its value when the strain stood still, with the laws through it (the best one solid), and what the best one leaves. A straight line over ln t is one \
                  barrier that the stress lowers."
            .to_owned(),
        panels: vec![panel, residual],
    }]
}
