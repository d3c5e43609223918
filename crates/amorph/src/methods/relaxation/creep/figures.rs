use super::Input;
use super::algorithm::Fitted;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;

/// The creep with its laws, its rate over time, and what the best law leaves; the first `open` laws are not ruled out.
pub(super) fn all(input: &Input, fits: &[Fitted], open: usize) -> Vec<Figure> {
    let bins = &input.bins;
    let time = || Axis::log("time since loading", Unit::of("s"));
    let (first, last) = (bins.times[0].ln(), bins.times[bins.times.len() - 1].ln());
    let grid: Vec<f64> = (0..=200).map(|i| (first + (last - first) * f64::from(i) / 200.0).exp()).collect();
    let compliance = |strain: f64| strain / input.stress;
    let mut curve = Panel::new("", time(), Axis::linear("compliance", Unit::of("1/GPa"))).with(Mark::points(
        "means of readings",
        Role::Data,
        bins.times.clone(),
        bins.values.iter().map(|strain| compliance(*strain)).collect(),
    ));
    let mut rates = Panel::new("", time(), Axis::log("strain rate", Unit::of("1/s")));
    for (k, fitted) in fits.iter().enumerate().take(open.max(1)) {
        let name = fitted.law.word().replace('_', " ");
        let line = |y: Vec<f64>, name: String| Mark::Line {
            name,
            role: if k == 0 { Role::Model } else { Role::Series(k as u16 + 1) },
            x: grid.clone(),
            y,
            dashed: k > 0,
        };
        curve.marks.push(line(grid.iter().map(|t| compliance(fitted.strain(*t))).collect(), name));
        let positive = |rate: f64| if rate > 0.0 { rate } else { f64::NAN };
        rates.marks.push(line(grid.iter().map(|t| positive(fitted.rate(*t))).collect(), String::new()));
    }
    let left = |i: usize| bins.values[i] - fits[0].strain(bins.times[i]);
    let residual = Panel::new("", time(), Axis::linear("residual strain", Unit::one()))
        .with(Mark::points("", Role::Data, bins.times.clone(), (0..bins.times.len()).map(left).collect()))
        .with(Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at: 0.0 });
    vec![Figure {
        key: "creep".to_owned(),
        title: "Creep at constant stress".to_owned(),
        caption: "Compliance with the laws that are not ruled out (the best one solid), their strain rates, and what the best one leaves. A rate that becomes level is flow; where the \
                  laws part towards the end, the hold does not tell."
            .to_owned(),
        panels: vec![curve, rates, residual],
    }]
}
