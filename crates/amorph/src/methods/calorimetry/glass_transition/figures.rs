use super::algorithm::Found;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;
use crate::methods::calorimetry::scans::Scan;

/// The scan with its lines, and the step as a share.
pub(super) fn transition(scan: &Scan, found: &Found) -> Figure {
    let t = &found.transition;
    let x = &scan.temperature;
    let temperature = || Axis::linear("temperature", Unit::of("K"));
    let unit = Unit::of("J/(g K)");
    let end = x.partition_point(|v| *v <= found.place.end);
    let shown = &found.smooth[..end.max(1)];
    let lowest = shown.iter().copied().fold(f64::INFINITY, f64::min).min(t.glass.at(x[0]));
    let highest = shown.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let margin = 0.1 * (highest - lowest);
    let heat = Axis::linear("heat capacity", unit).within(lowest - margin, highest + margin);
    let mut panel = Panel::new("", temperature(), heat)
        .with(Mark::points("scan", Role::Data, x.clone(), scan.heat_capacity.clone()))
        .with(Mark::line("smoothed", Role::Model, x.clone(), found.smooth.clone()));
    for (name, line, window) in
        [("line of the glass", t.glass, found.windows[0]), ("line of the liquid", t.liquid, found.windows[1])]
    {
        let ends = vec![window.0, window.1];
        let role = if name.ends_with("glass") { Role::Series(0) } else { Role::Series(1) };
        panel.marks.push(Mark::line(name, role, ends.clone(), ends.iter().map(|x| line.at(*x)).collect()));
        let all = vec![x[0], found.place.end];
        let values = all.iter().map(|x| line.at(*x)).collect();
        panel.marks.push(Mark::Line { name: String::new(), role, x: all, y: values, dashed: true });
    }
    let share: Vec<f64> =
        (0..end).map(|i| (found.smooth[i] - t.glass.at(x[i])) / (t.liquid.at(x[i]) - t.glass.at(x[i]))).collect();
    let mut step = Panel::new("", temperature(), Axis::linear("share of the step", Unit::one())).with(Mark::line(
        "smoothed",
        Role::Model,
        x[..end].to_vec(),
        share,
    ));
    for (name, at, role) in [
        ("onset", t.onset, Role::Series(2)),
        ("fictive temperature", t.fictive, Role::Series(3)),
        ("half step", t.half, Role::Series(4)),
        ("inflection", t.inflection, Role::Series(5)),
    ] {
        step.marks.push(Mark::Rule { name: name.to_owned(), role, axis: RuleAxis::X, at });
    }
    Figure {
        key: "glass_transition".to_owned(),
        title: "Glass transition".to_owned(),
        caption: "Heat capacity with the lines of glass and liquid, solid where they were fitted; right, the share of the step that is done, with the four \
                  temperatures that are called glass transition."
            .to_owned(),
        panels: vec![panel, step],
    }
}
