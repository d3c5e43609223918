use super::Recovery;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;

/// Found over known, with intervals, around one.
pub(super) fn recovery(recoveries: &[Recovery]) -> Figure {
    let ratio = |recovery: &Recovery, value: f64| value / recovery.truth();
    let names = recoveries.iter().map(|r| format!("{}, {}", r.known.key.replace('_', " "), r.known.state)).collect();
    let interval = |r: &Recovery| match r.interval {
        Some((lo, hi)) => [ratio(r, lo), ratio(r, hi)],
        None => [ratio(r, r.value); 2],
    };
    let points = Mark::Points {
        name: "found".to_owned(),
        role: Role::Data,
        x: recoveries.iter().map(|r| ratio(r, r.value)).collect(),
        y: (0..recoveries.len()).map(|index| index as f64).collect(),
        x_interval: recoveries.iter().map(interval).collect(),
        y_interval: Vec::new(),
    };
    let truth = Mark::Rule { name: "known".to_owned(), role: Role::Reference, axis: RuleAxis::X, at: 1.0 };
    let panel = Panel::new("", Axis::linear("found / known", Unit::one()), Axis::categories("", names));
    Figure {
        key: "recovery".to_owned(),
        title: "What was found against what is known".to_owned(),
        caption: "Bars: 95 % intervals. A bar that reaches the line holds the known value.".to_owned(),
        panels: vec![panel.with(truth).with(points)],
    }
}
