use super::report::Curve;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit;

/// Most tests that are drawn.
const MOST_TESTS: usize = 8;

/// Stress against strain, and the change of the resistivity over time.
pub(super) fn all(curves: &[Curve<'_>], is_apparent: bool) -> Vec<Figure> {
    let drawn = &curves[..curves.len().min(MOST_TESTS)];
    let name = |curve: &Curve<'_>| if drawn.len() > 1 { curve.name.to_owned() } else { String::new() };
    let mut stress = Panel::new("", Axis::linear("strain", Unit::of("%")), Axis::linear("stress", Unit::of("MPa")));
    let label = if is_apparent { "apparent change of the resistivity" } else { "change of the resistivity" };
    let mut change = Panel::new("", Axis::linear("time", Unit::of("s")), Axis::linear(label, Unit::of("%")));
    let mut has_change = false;
    for (place, curve) in drawn.iter().enumerate() {
        let role = Role::Series(place as u16);
        stress = stress.with(Mark::line(&name(curve), role, curve.strain.clone(), curve.stress.clone()));
        if !curve.change.is_empty() {
            has_change = true;
            change = change.with(Mark::line(&name(curve), role, curve.time.clone(), curve.change.clone()));
        }
    }
    let mut panels = vec![stress];
    panels.extend(has_change.then_some(change));
    vec![Figure {
        key: "stress_strain".to_owned(),
        title: "Stress, strain and resistivity".to_owned(),
        caption: "Engineering stress against strain, and the change of the resistivity since the current settled, with the change of shape taken off.".to_owned(),
        panels,
    }]
}
