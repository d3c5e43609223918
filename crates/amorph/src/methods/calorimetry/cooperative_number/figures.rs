use super::Input;
use super::algorithm::{Bell, Extrapolated};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;

/// Loss with its bell, and the real part with the lines of glass and liquid.
pub(super) fn transition(input: &Input, found: &Bell, lines: [Extrapolated; 2]) -> Figure {
    let x = &input.temperature;
    let temperature = || Axis::linear("temperature", Unit::of("K"));
    let (at, width) = (found.fit.params[3], found.fit.params[4]);
    let background: Vec<f64> = x.iter().map(|t| found.at(*t).0).collect();
    let model = x.iter().map(|t| found.at(*t).0 + found.at(*t).1).collect();
    let mut loss = Panel::new("", temperature(), Axis::linear("imaginary heat capacity", Unit::of("J/(g K)")))
        .with(Mark::points("measured", Role::Data, x.clone(), input.loss.clone()))
        .with(Mark::line("normal curve", Role::Model, x.clone(), model))
        .with(Mark::Line { name: "background".to_owned(), role: Role::Null, x: x.clone(), y: background, dashed: true });
    for edge in [at - width, at + width] {
        loss.marks.push(Mark::Rule { name: String::new(), role: Role::Highlight, axis: RuleAxis::X, at: edge });
    }
    let mut real = Panel::new("", temperature(), Axis::linear("heat capacity", Unit::of("J/(g K)"))).with(Mark::points(
        "measured",
        Role::Data,
        x.clone(),
        input.real.clone(),
    ));
    for (number, (name, found)) in ["line of the glass", "line of the liquid"].into_iter().zip(lines).enumerate() {
        let role = Role::Series(number as u16);
        let ends = vec![found.window.0, found.window.1];
        real.marks.push(Mark::line(name, role, ends.clone(), ends.iter().map(|t| found.line.at(*t)).collect()));
        let near = if number == 0 { found.window.1 } else { found.window.0 };
        let way = vec![near, at];
        let values = way.iter().map(|t| found.line.at(*t)).collect();
        real.marks.push(Mark::Line { name: String::new(), role, x: way, y: values, dashed: true });
    }
    real.marks.push(Mark::Rule { name: String::new(), role: Role::Highlight, axis: RuleAxis::X, at });
    Figure {
        key: "cooperative_number".to_owned(),
        title: "Width of the glass transition".to_owned(),
        caption: "Imaginary heat capacity with the normal curve whose standard deviation is the width (between the rules); right, the real part with the lines that give the heat \
                  capacities of glass and liquid at the middle."
            .to_owned(),
        panels: vec![loss, real],
    }
}
