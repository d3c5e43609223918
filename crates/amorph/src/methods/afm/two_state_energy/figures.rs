use super::Input;
use super::algorithm::{Carried, Measured};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;
use crate::methods::afm::activation_energy::algorithm::SizeScaling;

/// Length against energy at the interaction length found: both measured lengths cross their curve at the same energy.
pub(super) fn crossing(input: &Input, state: &str, measured: &Measured, energy: &Carried, range: &Carried) -> Figure {
    let model = &input.model;
    let scaling = SizeScaling { interaction_length: range.value, ..input.scaling };
    let (least, most) = (0.3 * energy.value, 2.0 * energy.value);
    let energies: Vec<f64> = (0..=90).map(|i| least + (most - least) * f64::from(i) / 90.0).collect();
    let unit = Unit::of("eV");
    let mut panel = Panel::new("", Axis::linear("activation energy", unit), Axis::linear("length", Unit::of("nm")));
    if let Some((lo, hi)) = energy.interval {
        let (x, top) = (vec![lo.max(least), hi.min(most)], scaling.length_from_energy(most, model.lower));
        let (lo, hi) = (vec![0.0; 2], vec![top; 2]);
        panel = panel.with(Mark::Band { name: "95 % interval of the energy".to_owned(), role: Role::Data, x, lo, hi });
    }
    let states =
        [(0, state, model.lower, measured), (1, input.isotropic.state.as_str(), model.upper, &input.isotropic.measured)];
    for (series, state, dimension, measured) in states {
        let role = Role::Series(series);
        let lengths = energies.iter().map(|&energy| scaling.length_from_energy(energy, dimension)).collect();
        let name = format!("measured, {state}");
        panel = panel.with(Mark::line(&format!("d = {dimension}"), role, energies.clone(), lengths)).with(Mark::Rule {
            name,
            role,
            axis: RuleAxis::Y,
            at: measured.length.length,
        });
    }
    panel = panel.with(Mark::Rule {
        name: "energy of both".to_owned(),
        role: Role::Highlight,
        axis: RuleAxis::X,
        at: energy.value,
    });
    if let Some(known) = input.known_energy {
        panel =
            panel.with(Mark::Rule { name: "reference energy".to_owned(), role: Role::Reference, axis: RuleAxis::X, at: known });
    }
    Figure {
        key: "two_state_crossing".to_owned(),
        title: "Length against activation energy for two states".to_owned(),
        caption: format!(
            "The model at the interaction length of {:.3} nm, the one at which the lengths of '{state}' (d = {}) and '{}' (d = {}) cross their curves at the same energy.",
            range.value * 1e9,
            model.lower,
            input.isotropic.state,
            model.upper
        ),
        panels: vec![panel],
    }
}
