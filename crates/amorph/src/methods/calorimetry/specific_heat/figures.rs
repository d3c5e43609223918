use super::algorithm::{Calibrated, Curve};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;

/// The three runs, and what they give.
pub(super) fn all(runs: &[Curve; 3], found: &Calibrated, at: f64) -> Vec<Figure> {
    let temperature = || Axis::linear("temperature", Unit::of("K"));
    let mut first = Panel::new("", temperature(), Axis::linear("heat per kelvin", Unit::of("mJ/K")));
    for (number, (name, run)) in ["sample", "empty pans", "sapphire"].into_iter().zip(runs).enumerate() {
        first.marks.push(Mark::line(name, Role::Series(number as u16), run.x.clone(), run.y.clone()));
    }
    let heat = Axis::linear("heat capacity", Unit::of("J/(g K)"));
    let second = Panel::new("", temperature(), heat)
        .with(Mark::line("sample", Role::Data, found.temperature.clone(), found.specific_heat.clone()))
        .with(Mark::Rule { name: "given here".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at });
    let third = Panel::new("", temperature(), Axis::linear("factor of the instrument", Unit::one()))
        .with(Mark::line("by sapphire", Role::Data, found.temperature.clone(), found.factor.clone()))
        .with(Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at: 1.0 });
    vec![Figure {
        key: "specific_heat".to_owned(),
        title: "Absolute heat capacity".to_owned(),
        caption: "Left, heat per kelvin of the three runs; middle, the heat capacity of the sample that follows; right, the heat that sapphire took up over that which the instrument shows: 1 for a calibrated one."
            .to_owned(),
        panels: vec![first, second, third],
    }]
}
