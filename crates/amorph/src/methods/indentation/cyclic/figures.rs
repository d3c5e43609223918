use super::Series;
use super::algorithm::{Peak, debye};
use super::report::Mean;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit;

/// Loops that are drawn at most.
const MOST_LOOPS: usize = 6;

pub(super) fn all(series: &[Series], means: &[Mean], fitted: Option<&Peak>) -> Vec<Figure> {
    let step = series.len().div_ceil(MOST_LOOPS).max(1);
    let mut loops = Panel::new("", Axis::linear("depth", Unit::of("nm")), Axis::linear("load", Unit::of("uN")));
    for (number, one) in series.iter().step_by(step).enumerate() {
        let name = format!("{:.4} Hz", one.frequency);
        loops = loops.with(Mark::line(&name, Role::Series(number as u16), one.drawn.1.clone(), one.drawn.0.clone()));
    }
    let mut figures = vec![Figure {
        key: "loops".to_owned(),
        title: "Loops".to_owned(),
        caption: "One cycle of each frequency; its area is the energy that is lost.".to_owned(),
        panels: vec![loops],
    }];
    if means.len() > 1 {
        figures.push(loss(means, fitted));
    }
    figures
}

fn loss(means: &[Mean], fitted: Option<&Peak>) -> Figure {
    let interval = |mean: &Mean| [mean.tangent - 2.0 * mean.tangent_std, mean.tangent + 2.0 * mean.tangent_std];
    let points = Mark::Points {
        name: "measured, two standard errors".to_owned(),
        role: Role::Data,
        x: means.iter().map(|mean| mean.frequency).collect(),
        y: means.iter().map(|mean| mean.tangent).collect(),
        y_interval: means.iter().map(interval).collect(),
        x_interval: Vec::new(),
    };
    let mut panel =
        Panel::new("", Axis::log("frequency", Unit::of("Hz")), Axis::linear("loss tangent", Unit::one())).with(points);
    if let (Some(peak), Some(first), Some(last)) = (fitted, means.first(), means.last()) {
        let ratio = 4.0 * last.frequency / first.frequency;
        let x: Vec<f64> = (0..=120).map(|i| 0.5 * first.frequency * ratio.powf(f64::from(i) / 120.0)).collect();
        let y = x.iter().map(|f| peak.height * debye(*f, peak.time)).collect();
        panel = panel.with(Mark::line("one relaxation time", Role::Model, x, y));
    }
    Figure {
        key: "loss_peak".to_owned(),
        title: "Loss tangent over frequency".to_owned(),
        caption: "The maximum lies at 1/(2πτ). A peak wider than the line has a spread of relaxation times.".to_owned(),
        panels: vec![panel],
    }
}
