use super::report::Analysed;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit;

/// The unloading of a test with its fit and tangent.
pub(super) fn unloading(one: &Analysed) -> Figure {
    let (branch, law) = (&one.branch, &one.fitted);
    let step = branch.load.len().div_ceil(300).max(1);
    let thin = |values: &[f64]| values.iter().step_by(step).copied().collect::<Vec<f64>>();
    // Power law through the peak with the fitted exponent and stiffness.
    let elastic = law.exponent * branch.peak_load / law.stiffness;
    let loads: Vec<f64> = (0..=100).map(|i| branch.peak_load * f64::from(i) / 100.0).collect();
    let depths = loads.iter().map(|p| law.final_depth + elastic * (p / branch.peak_load).powf(1.0 / law.exponent)).collect();
    let at_peak = law.final_depth + elastic;
    let tangent = vec![at_peak - branch.peak_load / law.stiffness, at_peak];
    let panel = Panel::new("", Axis::linear("depth", Unit::of("nm")), Axis::linear("load", Unit::of("mN")))
        .with(Mark::points("unloading", Role::Data, thin(&branch.depth), thin(&branch.load)))
        .with(Mark::line("power law", Role::Model, depths, loads))
        .with(Mark::Line {
            name: "stiffness".to_owned(),
            role: Role::Highlight,
            x: tangent,
            y: vec![0.0, branch.peak_load],
            dashed: true,
        });
    Figure {
        key: "unloading".to_owned(),
        title: "Unloading".to_owned(),
        caption: format!("Test {}: the slope at the start of the unloading is the stiffness of the contact.", one.name),
        panels: vec![panel],
    }
}
