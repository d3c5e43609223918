use super::sites::StateLength;
use super::{ActivationEnergy, Input};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;

/// Length against energy for two and three dimensions, crossed by the measured length.
pub(super) fn length_against_energy(method: &ActivationEnergy, input: &Input, state: &StateLength) -> Figure {
    let unit = Unit::of("eV");
    let energies: Vec<f64> = (0..=90).map(|i| unit.to_si(0.2 + 0.01 * f64::from(i))).collect();
    let mut panel = Panel::new("", Axis::linear("activation energy", unit.clone()), Axis::linear("length", Unit::of("nm")));
    if let Some((lo, hi)) = state.interval {
        let x = vec![energies[0], energies[energies.len() - 1]];
        panel =
            panel.with(Mark::Band { name: "95 % interval".to_owned(), role: Role::Data, x, lo: vec![lo; 2], hi: vec![hi; 2] });
    }
    panel = panel.with(Mark::Rule { name: "measured".to_owned(), role: Role::Data, axis: RuleAxis::Y, at: state.length });
    for (series, dimension) in [(0, 2.0), (1, 3.0)] {
        let lengths = energies.iter().map(|&energy| input.scaling.length_from_energy(energy, dimension)).collect();
        panel = panel.with(Mark::line(&format!("d = {dimension}"), Role::Series(series), energies.clone(), lengths));
    }
    if let Some(known) = method.known_energy(input.scaling.thermal_energy) {
        panel =
            panel.with(Mark::Rule { name: "reference energy".to_owned(), role: Role::Reference, axis: RuleAxis::X, at: known });
    }
    Figure {
        key: "length_against_energy".to_owned(),
        title: "Length against activation energy".to_owned(),
        caption: format!(
            "The model for events of two and three dimensions with an interaction length of {}; the measured length crosses them at the energies given.",
            method.interaction_length
        ),
        panels: vec![panel],
    }
}
