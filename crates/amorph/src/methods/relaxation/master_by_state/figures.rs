use super::Input;
use super::report::grid;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::stats::NORMAL_95;
use crate::core::unit::Unit;

/// Shift factors over the inverse temperature, and the loss of every state at the temperature of the comparison.
pub(super) fn all(input: &Input) -> Vec<Figure> {
    let mut shifts = Panel::new("", Axis::linear("1000 K / T", Unit::one()), Axis::linear("log10 a", Unit::one()));
    let frequency = Axis::log("reduced angular frequency ω a", Unit::of("rad/s"));
    let mut loss = Panel::new("", frequency, Axis::log("loss modulus", Unit::of("GPa")));
    let mut states: Vec<&str> = Vec::new();
    for curve in &input.curves {
        let known = states.iter().position(|state| *state == curve.state);
        let place = known.unwrap_or_else(|| {
            states.push(&curve.state);
            states.len() - 1
        });
        let name = if known.is_none() { curve.state.as_str() } else { "" };
        let role = Role::Series(u16::try_from(place).unwrap_or(u16::MAX));
        let bar = |(shift, error): (&f64, &f64)| [shift - NORMAL_95 * error, shift + NORMAL_95 * error];
        shifts.marks.push(Mark::Points {
            name: name.to_owned(),
            role,
            x: curve.temperatures.iter().map(|t| 1000.0 / t).collect(),
            y: curve.shifts.clone(),
            x_interval: Vec::new(),
            y_interval: curve.shifts.iter().zip(&curve.errors).map(bar).collect(),
        });
        let omega: Vec<f64> = grid(curve).iter().map(|place| 10f64.powf(*place)).collect();
        let values = omega.iter().map(|omega| curve.loss(*omega)).collect();
        loss.marks.push(Mark::line("", role, omega, values));
    }
    vec![Figure {
        key: "master_curves".to_owned(),
        title: "Master curves of the states".to_owned(),
        caption: format!(
            "Shift factors against {:.1} K with their 95 % bars, and the loss modulus at that temperature as the spectrum of every master curve makes it, between the inverse of its longest and of its shortest time.",
            input.temperature
        ),
        panels: vec![loss, shifts],
    }]
}
