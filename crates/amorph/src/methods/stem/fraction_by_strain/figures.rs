use super::Region;
use super::report::{Group, Unit};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit as Measure;

/// Shares over strain with both intervals, and every unit.
pub(super) fn over_strain(groups: &[Group], units: &[Unit]) -> Figure {
    let x: Vec<f64> = groups.iter().map(|group| group.strain).collect();
    let share = |group: &Group| group.mean.map_or(group.pooled, |mean| mean.value);
    let clip = |(lo, hi): (f64, f64)| [lo.max(0.0), hi.min(1.0)];
    let width = 0.012 * (x.last().unwrap_or(&1.0) - x.first().unwrap_or(&0.0)).max(1e-3);
    let points = |name: &str, role, shift: f64, interval: &dyn Fn(&Group) -> (f64, f64)| Mark::Points {
        name: name.to_owned(),
        role,
        x: x.iter().map(|x| x + shift).collect(),
        y: groups.iter().map(share).collect(),
        y_interval: groups.iter().map(|group| clip(interval(group))).collect(),
        x_interval: Vec::new(),
    };
    let single = Mark::points(
        "one scan or foil",
        Role::Data,
        units.iter().map(|unit| unit.count.strain).collect(),
        units.iter().map(|unit| unit.count.share()).collect(),
    );
    // A mean without an interval is drawn as a point.
    let between = |group: &Group| match group.mean {
        Some(mean) if mean.interval.0.is_finite() => mean.interval,
        _ => (share(group), share(group)),
    };
    let panel = Panel::new(
        "",
        Axis::linear("strain", Measure::of("%")),
        Axis::linear("share of patterns with reflections", Measure::one()).within(0.0, 1.0),
    )
    .with(single)
    .with(points("if patterns were independent", Role::Null, 2.0 * width, &|group| group.wilson))
    .with(points("mean, from the scatter between units", Role::Highlight, -2.0 * width, &between));
    Figure {
        key: "fraction_over_strain".to_owned(),
        title: "Ordered patterns over strain".to_owned(),
        caption: "Share of patterns with Bragg reflections. The wider interval comes from the scatter between scans (or foils) and is the one to use; the narrower one would hold if every pattern were independent.".to_owned(),
        panels: vec![panel],
    }
}

/// A bar for every scan.
pub(super) fn by_region(regions: &[Region]) -> Figure {
    let mut order: Vec<&Region> = regions.iter().collect();
    order.sort_by(|a, b| a.count.strain.total_cmp(&b.count.strain));
    let mut strains: Vec<f64> = order.iter().map(|region| region.count.strain).collect();
    strains.dedup();
    let mut panel = Panel::new(
        "",
        Axis::linear("scan, in the order of strain", Measure::one()),
        Axis::linear("share of patterns", Measure::one()).within(0.0, 1.0),
    );
    for (series, strain) in strains.iter().enumerate() {
        let (mut edges, mut heights) = (Vec::new(), Vec::new());
        for (i, region) in order.iter().enumerate().filter(|(_, region)| region.count.strain == *strain) {
            if edges.is_empty() {
                edges.push(i as f64 + 0.5);
            }
            edges.push(i as f64 + 1.5);
            heights.push(region.count.share());
        }
        let name = format!("{} %", (1e4 * strain).round() / 100.0);
        panel = panel.with(Mark::Bars { name, role: Role::Series(series as u16), edges, heights });
    }
    Figure {
        key: "fraction_by_region".to_owned(),
        title: "Ordered patterns by scan".to_owned(),
        caption: "Share of patterns with reflections in every scan; the rest has none above the power of the detection."
            .to_owned(),
        panels: vec![panel],
    }
}
