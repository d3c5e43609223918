use super::Input;
use super::report::{Found, Status};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::stats::NORMAL_95;
use crate::core::unit::Unit;

/// Isotherms that are drawn.
const DRAWN: usize = 8;

pub(super) fn all(input: &Input, found: &Found) -> Vec<Figure> {
    vec![fan(input, found), chi(found)]
}

/// Loss tangents over frequency with a line per temperature.
fn fan(input: &Input, found: &Found) -> Figure {
    let n = input.isotherms.len();
    let mut panel = Panel::new("", Axis::log("angular frequency", Unit::of("rad/s")), Axis::log("loss tangent", Unit::one()));
    let drawn: Vec<usize> = (0..n.min(DRAWN)).map(|i| if n > DRAWN { i * (n - 1) / (DRAWN - 1) } else { i }).collect();
    for (series, &k) in drawn.iter().enumerate() {
        let role = Role::Series(series as u16);
        let readings = || input.isotherms[k].readings.iter().filter(|reading| reading.loss > 0.0);
        let x: Vec<f64> = readings().map(|reading| reading.omega).collect();
        let y = readings().map(|reading| reading.loss / reading.storage).collect();
        panel.marks.push(Mark::points(&format!("{:.0} K", input.isotherms[k].temperature), role, x.clone(), y));
        let power = &found.powers.chis[k];
        let line = |omega: &f64| (power.ln_tangent - power.value * (omega.ln() - input.pivot)).exp();
        let y = x.iter().map(line).collect();
        panel.marks.push(Mark::Line { name: String::new(), role, x, y, dashed: found.status[k] != Status::Defined });
    }
    Figure {
        key: "fan".to_owned(),
        title: "Loss tangent over frequency".to_owned(),
        caption: "Loss tangents with a power through each isotherm; dashed where the readings bend, so that no power is defined. The slope is -χ.".to_owned(),
        panels: vec![panel],
    }
}

/// χ over temperature with the kink.
fn chi(found: &Found) -> Figure {
    let chis = &found.powers.chis;
    let of = |status: bool| (0..chis.len()).filter(move |k| (found.status[*k] == Status::Defined) == status);
    let points = |name: &str, role: Role, is_defined: bool| {
        let ends = |k: usize| [chis[k].value - NORMAL_95 * chis[k].error, chis[k].value + NORMAL_95 * chis[k].error];
        Mark::Points {
            name: name.to_owned(),
            role,
            x: of(is_defined).map(|k| chis[k].temperature).collect(),
            y: of(is_defined).map(|k| chis[k].value).collect(),
            y_interval: of(is_defined).map(ends).collect(),
            x_interval: Vec::new(),
        }
    };
    let mut panel = Panel::new("", Axis::linear("temperature", Unit::of("K")), Axis::linear("χ", Unit::one())).with(points(
        "χ",
        Role::Data,
        true,
    ));
    if of(false).next().is_some() {
        panel.marks.push(points("no power", Role::Null, false));
    }
    let (first, last) = (chis[0].temperature, chis[chis.len() - 1].temperature);
    if let Some(test) = &found.kink {
        let hinge = &test.hinge;
        let x = vec![first, hinge.temperature, last];
        let y = vec![hinge.below, hinge.below, hinge.below + hinge.slope.0 * (last - hinge.temperature)];
        panel.marks.push(Mark::line("two pieces", Role::Model, x, y));
        for at in [test.interval.0, test.interval.1].into_iter().flatten() {
            panel.marks.push(Mark::Rule { name: String::new(), role: Role::Highlight, axis: RuleAxis::X, at });
        }
    } else if let Some(common) = &found.common {
        panel.marks.push(Mark::line("common χ", Role::Model, vec![first, last], vec![common.chi.0; 2]));
    }
    Figure {
        key: "chi".to_owned(),
        title: "Correlation parameter over temperature".to_owned(),
        caption:
            "χ with 95 % intervals; where it has a kink, the constant below and the line above, and the interval of the kink."
                .to_owned(),
        panels: vec![panel],
    }
}
