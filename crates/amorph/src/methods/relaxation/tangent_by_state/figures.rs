use super::input::{AtFrequency, State};
use super::report::Ratio;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;

pub(super) fn all(at: &AtFrequency, ratios: &[Ratio]) -> Vec<Figure> {
    let temperature = || Axis::linear("temperature", Unit::of("K"));
    let role = |k: usize| Role::Series(u16::try_from(k).unwrap_or(u16::MAX));
    let mut curves = Panel::new("", temperature(), Axis::linear("loss tangent", Unit::one()));
    let states: Vec<&State> = std::iter::once(&at.reference).chain(&at.states).collect();
    for (k, state) in states.iter().enumerate() {
        for (specimen, curve) in state.curves.iter().enumerate() {
            let inside = |i: &usize| (at.range.0..=at.range.1).contains(&curve.temperatures[*i]);
            let rows: Vec<usize> = (0..curve.temperatures.len()).filter(inside).collect();
            let of = |values: &[f64]| rows.iter().map(|i| values[*i]).collect::<Vec<f64>>();
            let name = if specimen == 0 { state.name.as_str() } else { "" };
            curves.marks.push(Mark::points(name, role(k), of(&curve.temperatures), of(&curve.values)));
        }
    }
    let mut panel = Panel::new("", temperature(), Axis::linear("loss tangent / reference", Unit::one()));
    for (k, state) in states.iter().enumerate().skip(1) {
        let own: Vec<&Ratio> =
            ratios.iter().filter(|ratio| ratio.state == state.name && ratio.frequency == at.frequency).collect();
        let of = |value: fn(&Ratio) -> f64| own.iter().map(|ratio| value(ratio)).collect::<Vec<f64>>();
        let x = of(|ratio| ratio.temperature);
        panel.marks.push(Mark::Band {
            name: String::new(),
            role: role(k),
            x: x.clone(),
            lo: of(|ratio| ratio.interval.0),
            hi: of(|ratio| ratio.interval.1),
        });
        panel.marks.push(Mark::line(&state.name, role(k), x, of(|ratio| ratio.value)));
    }
    panel.marks.push(Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at: 1.0 });
    vec![Figure {
        key: "states".to_owned(),
        title: "Loss tangents of the states".to_owned(),
        caption: format!(
            "Loss tangents at {:.3} Hz in the range that all curves share, and the ratio to {} with its 95 % band at each temperature.",
            at.frequency, at.reference.name
        ),
        panels: vec![curves, panel],
    }]
}
