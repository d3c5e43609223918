use super::Input;
use super::algorithm::{Compared, Saturation};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit;

/// Points of a curve.
const POINTS: usize = 120;

pub(super) fn all(input: &Input, compared: &Compared, law: Option<&Saturation>) -> Vec<Figure> {
    let enthalpy = || Axis::linear("excess enthalpy", Unit::of("J/g"));
    let mut panel = Panel::new("", Axis::linear("cycles", Unit::one()), enthalpy());
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for group in &input.groups {
        x.extend(group.samples.iter().map(|_| group.cycles));
        y.extend(&group.samples);
    }
    panel.marks.push(Mark::points("samples", Role::Data, x, y));
    let start = input.groups.first().map_or(0.0, super::algorithm::Group::mean);
    let x: Vec<f64> = compared.against.iter().map(|one| one.cycles).collect();
    let y = compared.against.iter().map(|one| start + one.difference.value).collect();
    let bars =
        compared.against.iter().map(|one| one.difference.interval.map_or([f64::NAN; 2], |(lo, hi)| [start + lo, start + hi]));
    let name = "means with intervals".to_owned();
    panel.marks.push(Mark::Points { name, role: Role::Highlight, x, y, y_interval: bars.collect(), x_interval: Vec::new() });
    if let Some(law) = law {
        let last = input.groups.last().map_or(1.0, |group| group.cycles);
        let x: Vec<f64> = (0..=POINTS).map(|k| last * k as f64 / POINTS as f64).collect();
        let y = x.iter().map(|n| law.start - law.height.value * (-n / law.constant.value).exp_m1()).collect();
        panel.marks.push(Mark::line("law of saturation", Role::Model, x, y));
    }
    let mut panels = vec![panel];
    if let Some(values) = &input.heterogeneity {
        let means = input.groups.iter().map(super::algorithm::Group::mean).collect();
        let other = Panel::new("", Axis::linear("heterogeneity", Unit::one()), enthalpy());
        panels.push(other.with(Mark::points("numbers of cycles", Role::Data, values.clone(), means)));
    }
    vec![Figure {
        key: "cycling".to_owned(),
        title: "Excess enthalpy over thermal cycles".to_owned(),
        caption: "Samples, their means with 95 % intervals of the difference from samples without cycles, and the law of saturation; where there is a heterogeneity, the means over it."
            .to_owned(),
        panels,
    }]
}
