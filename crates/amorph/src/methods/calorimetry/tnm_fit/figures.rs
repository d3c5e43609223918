use super::algorithm::Found;
use super::history::Prepared;
use super::report::normalised;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;

/// Scans with the model, what it leaves, and the fictive temperature.
pub(super) fn scans(prepared: &Prepared, found: &Found) -> Figure {
    let temperature = || Axis::linear("temperature", Unit::of("K"));
    let mut heat = Panel::new("", temperature(), Axis::linear("dTf/dT", Unit::one()));
    let mut left = Panel::new("", temperature(), Axis::linear("measured less model", Unit::one()));
    let mut fictive = Panel::new("", temperature(), Axis::linear("fictive temperature", Unit::of("K")));
    for k in 0..prepared.pieces.len() {
        let (x, data) = normalised(prepared, found, k);
        let shape = &found.shapes[k];
        let role = Role::Series(k as u16);
        let rest = data.iter().zip(&shape.relaxing).map(|(a, b)| a - b).collect();
        heat.marks.push(Mark::points(&format!("scan {}", k + 1), role, x.clone(), data));
        heat.marks.push(Mark::line("", role, x.clone(), shape.relaxing.clone()));
        left.marks.push(Mark::line("", role, x, rest));
        let edges = prepared.pieces[k].edges.iter().map(|edge| edge.1).collect();
        fictive.marks.push(Mark::line(&format!("scan {}", k + 1), role, edges, shape.fictive.clone()));
    }
    left.marks.push(Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at: 0.0 });
    let ends = [fictive_range(found, f64::min, f64::INFINITY), fictive_range(found, f64::max, f64::NEG_INFINITY)];
    fictive.marks.push(Mark::Line {
        name: "equilibrium".to_owned(),
        role: Role::Reference,
        x: ends.to_vec(),
        y: ends.to_vec(),
        dashed: true,
    });
    Figure {
        key: "structural_relaxation".to_owned(),
        title: "Structural relaxation".to_owned(),
        caption: "Normalised heat capacity of the scans (points) and of one set of parameters for all of them (lines), what the model leaves, and the fictive temperature on heating."
            .to_owned(),
        panels: vec![heat, left, fictive],
    }
}

fn fictive_range(found: &Found, pick: fn(f64, f64) -> f64, from: f64) -> f64 {
    found.shapes.iter().flat_map(|shape| &shape.fictive).copied().fold(from, pick)
}
