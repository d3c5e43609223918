use super::algorithm::{BY_SIZE, Burst, Known, Shape, profile_by_duration, profile_by_size};
use super::input::Input;
use super::report::Class;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::special::ln_gamma;
use crate::core::unit::Unit;

/// Cells over a duration, and over the time at a size.
const CELLS: usize = 24;
/// Most points that are drawn.
const MOST_POINTS: usize = 2000;

fn middles(to: f64) -> Vec<f64> {
    (0..CELLS).map(|cell| to * (cell as f64 + 0.5) / CELLS as f64).collect()
}

/// Values over their mean.
fn relative(values: Vec<f64>) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.into_iter().map(|value| value / mean).collect()
}

/// Shapes of several durations on each other, with a parabola and the fitted power.
pub(super) fn by_duration(classes: &[Class<'_>], whole: Option<&Shape>, exponent: f64) -> Figure {
    let mut panel = Panel::new(
        "",
        Axis::linear("time over duration", Unit::one()),
        Axis::linear("mean velocity over its mean", Unit::one()),
    );
    for (number, class) in classes.iter().enumerate() {
        let name = format!("{:.3} to {:.3} ms", 1e3 * class.durations[0], 1e3 * class.durations[1]);
        let profile = relative(profile_by_duration(&class.bursts, exponent, CELLS));
        panel = panel.with(Mark::points(&name, Role::Series(number as u16), middles(1.0), profile));
    }
    let fine: Vec<f64> = (0..=100).map(|k| f64::from(k) / 100.0).collect();
    let parabola = fine.iter().map(|x| 6.0 * x * (1.0 - x)).collect();
    panel = panel.with(Mark::line("parabola (mean field)", Role::Reference, fine.clone(), parabola));
    if let Some(power) = whole.map(|shape| shape.power.value).filter(|power| (0.0..20.0).contains(power)) {
        let ln_scale = ln_gamma(2.0 * power + 2.0) - 2.0 * ln_gamma(power + 1.0);
        let curve = fine.iter().map(|x| ln_scale.exp() * (x * (1.0 - x)).powf(power)).collect();
        panel = panel.with(Mark::line(&format!("(x(1 - x))^{power:.2}"), Role::Model, fine, curve));
    }
    Figure {
        key: "shape_by_duration".to_owned(),
        title: "Average shape of avalanches of one duration".to_owned(),
        caption: "Mean velocity over the part of the duration that has passed, for four classes of duration; where they fall on each other, avalanches are alike at all scales. Mean-field theory has a parabola.".to_owned(),
        panels: vec![panel],
    }
}

/// The mean velocity of avalanches of one size, with that of mean-field theory of the same mean time.
pub(super) fn by_size(bursts: &[&Burst]) -> Figure {
    let mean_place = |burst: &&Burst| {
        let first: f64 = burst.velocity.iter().enumerate().map(|(k, v)| v * (k as f64 + 0.5)).sum();
        first * burst.step.powi(2) / burst.size().powf(1.5)
    };
    let mean = bursts.iter().map(mean_place).sum::<f64>() / bursts.len() as f64;
    let to = 3.0 * mean;
    let fine: Vec<f64> = (0..=100).map(|k| 3.0 * f64::from(k) / 100.0).collect();
    // x exp(-B x²) with a mean of x of one has B = π/4 = 1/BY_SIZE, and an integral of one with the factor 2 B.
    let b = 1.0 / BY_SIZE;
    let theory = fine.iter().map(|x| 2.0 * b * x * (-b * x * x).exp()).collect();
    let profile: Vec<f64> = profile_by_size(bursts, to, CELLS).into_iter().map(|value| value * mean).collect();
    let panel = Panel::new(
        "",
        Axis::linear("time over √size, mean 1", Unit::one()),
        Axis::linear("mean velocity over √size", Unit::one()),
    )
    .with(Mark::points("avalanches", Role::Data, middles(3.0), profile))
    .with(Mark::line("x exp(-B x²) (mean field)", Role::Reference, fine, theory));
    Figure {
        key: "shape_by_size".to_owned(),
        title: "Average shape of avalanches of one size".to_owned(),
        caption: "Mean velocity at a size over the time since the start, both over the square root of the size. The line is that of mean-field theory with the same mean time; nothing else is fitted.".to_owned(),
        panels: vec![panel],
    }
}

/// Sizes over durations with the fitted power.
pub(super) fn sizes(input: &Input, long: &[&Burst], power: Option<&Known>) -> Figure {
    let every = input.bursts.len().div_ceil(MOST_POINTS);
    let shown: Vec<&Burst> = input.bursts.iter().step_by(every).collect();
    let unit = match input.velocity_unit.symbol() {
        "m/s" => Unit::of("m"),
        other => Unit::parse(&format!("{other} s")).unwrap_or_else(|_| Unit::one()),
    };
    let mut panel = Panel::new("", Axis::log("duration", Unit::of("ms")), Axis::log("size", unit)).with(Mark::points(
        "avalanches",
        Role::Null,
        shown.iter().map(|burst| burst.duration()).collect(),
        shown.iter().map(|burst| burst.size()).collect(),
    ));
    if let Some(power) = power {
        let n = long.len() as f64;
        let mean = |value: fn(&Burst) -> f64| long.iter().map(|burst| value(burst).ln()).sum::<f64>() / n;
        let (x, y) = (mean(Burst::duration), mean(Burst::size));
        let ends = vec![long[0].duration(), long[long.len() - 1].duration()];
        let line = ends.iter().map(|duration| (y + power.value * (duration.ln() - x)).exp()).collect();
        panel = panel.with(Mark::line(&format!("power {:.2}", power.value), Role::Model, ends, line));
    }
    Figure {
        key: "size_by_duration".to_owned(),
        title: "Sizes of avalanches over their durations".to_owned(),
        caption: "The line is fitted to avalanches of eight samples and more.".to_owned(),
        panels: vec![panel],
    }
}
