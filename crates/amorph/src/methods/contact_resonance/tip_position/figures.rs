use super::algorithm::Position;
use super::{Input, TipPosition};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;
use crate::methods::contact_resonance::lever::{Lever, wave_number};

/// Stiffness of both modes against the assumed tip position, for the median frequencies: they cross at the true one.
pub(super) fn crossing(method: &TipPosition, input: &Input, position: &Position) -> Figure {
    let places: Vec<f64> = (0..=200).map(|i| method.lowest + (method.highest - method.lowest) * f64::from(i) / 200.0).collect();
    let modes = [
        (0, input.modes.modes.0, input.modes.free.0, input.typical.0),
        (1, input.modes.modes.1, input.modes.free.1, input.typical.1),
    ];
    let mut panel = Panel::new(
        "",
        Axis::linear("assumed tip position L₁/L", Unit::one()),
        Axis::log("contact stiffness over that of the lever", Unit::one()),
    );
    let mut all = Vec::new();
    for (series, mode, free, frequency) in modes {
        let x = wave_number(mode, frequency, free);
        let ratio = |&tip_position: &f64| {
            let lever = Lever { tip_position };
            let inside = lever.branch(mode).is_some_and(|(low, high)| low < x && x < high);
            if inside { lever.stiffness(x).ratio } else { f64::NAN }
        };
        let y: Vec<f64> = places.iter().map(ratio).collect();
        all.extend(y.iter().copied().filter(|value| value.is_finite()));
        panel = panel.with(Mark::line(&format!("mode {mode}"), Role::Series(series), places.clone(), y));
    }
    let (low, high) = position.interval;
    let (least, most) = all.iter().fold((f64::INFINITY, 0.0f64), |(lo, hi), value| (lo.min(*value), hi.max(*value)));
    panel = panel
        .with(Mark::Band {
            name: "95 % interval".to_owned(),
            role: Role::Highlight,
            x: vec![low, high],
            lo: vec![least; 2],
            hi: vec![most; 2],
        })
        .with(Mark::Rule { name: "tip position".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at: position.value });
    Figure {
        key: "stiffness_against_tip_position".to_owned(),
        title: "Contact stiffness against tip position".to_owned(),
        caption:
            "What each mode gives at the median frequencies, if the tip sat there. Only one position gives the same stiffness."
                .to_owned(),
        panels: vec![panel],
    }
}
