//! Times over reciprocal temperature.

use super::report::Fitted;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit;

pub(super) fn arrhenius(fitted: &[Fitted<'_>]) -> Figure {
    let mut panel = Panel::new("", Axis::linear("1/T", Unit::of("1/K")), Axis::log("relaxation time", Unit::of("s")));
    for (index, Fitted { region, line, .. }) in fitted.iter().enumerate() {
        let role = Role::Series(index as u16);
        let x: Vec<f64> = region.points.iter().map(|point| 1.0 / point.temperature).collect();
        let y = region.points.iter().map(|point| point.tau).collect();
        let bars = region.points.iter().map(|point| {
            let factor = point.ln_error.exp();
            [point.tau / factor, point.tau * factor]
        });
        let law = region.points.iter().map(|point| line.tau(point.temperature)).collect();
        panel = panel
            .with(Mark::Points {
                name: region.name.to_owned(),
                role,
                x: x.clone(),
                y,
                y_interval: bars.collect(),
                x_interval: Vec::new(),
            })
            .with(Mark::line("", role, x, law));
    }
    Figure {
        key: "arrhenius".to_owned(),
        title: "Relaxation times over temperature".to_owned(),
        caption: "Pooled relaxation times with their standard errors, and the weighted lines of Arrhenius.".to_owned(),
        panels: vec![panel],
    }
}
