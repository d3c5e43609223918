use super::Input;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;
use crate::methods::relaxation::decay::Decay;

pub(super) fn all(input: &Input, decay: &Decay) -> Vec<Figure> {
    let time = || Axis::log("ageing time", Unit::of("s"));
    let times = &input.readings.times;
    let measured: Vec<f64> = input.readings.values.iter().map(|value| value * input.scale).collect();
    let (first, last) = (times[0].ln(), times[times.len() - 1].ln());
    let grid: Vec<f64> = (0..=200).map(|i| (first + (last - first) * f64::from(i) / 200.0).exp()).collect();
    let line = grid.iter().map(|t| decay.at(*t) * input.scale).collect();
    let left = times.iter().zip(&measured).map(|(t, value)| value - decay.at(*t) * input.scale).collect();
    let panel = Panel::new("", time(), Axis::linear("loss tangent", Unit::one()))
        .with(Mark::points("means of readings", Role::Data, times.clone(), measured))
        .with(Mark::line("A + B exp(-(t/τ)^b)", Role::Model, grid, line));
    let residual = Panel::new("", time(), Axis::linear("residual", Unit::one()))
        .with(Mark::points("", Role::Data, times.clone(), left))
        .with(Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at: 0.0 });
    vec![Figure {
        key: "ageing".to_owned(),
        title: "Loss tangent over ageing".to_owned(),
        caption: "Loss tangent at one temperature and frequency over the time since ageing began, the decay through it, and what that leaves."
            .to_owned(),
        panels: vec![panel, residual],
    }]
}
