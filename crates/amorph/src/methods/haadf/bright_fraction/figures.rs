//! The share by depth, brightness with its two phases, and the map of the bright phase.

use super::analysis::Findings;
use super::report::{PHASE_MAP, Pitch};
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::unit::Unit;

/// Bars of the histogram.
const BARS: usize = 80;

pub(super) fn all(found: &Findings, pitch: Pitch) -> Vec<Figure> {
    vec![profile(found, pitch), histogram(found), phases(pitch)]
}

fn profile(found: &Findings, pitch: Pitch) -> Figure {
    let (step, unit) = pitch.map_or((1.0, Unit::one()), |(down, _)| (down, Unit::of("nm")));
    let depth: Vec<f64> = found.strips.iter().map(|share| 0.5 * (share.rows.0 + share.rows.1) as f64 * step).collect();
    let value: Vec<f64> = found.strips.iter().map(|share| share.value).collect();
    let ends: Option<Vec<[f64; 2]>> =
        found.strips.iter().map(|share| share.error.map(|(_, half)| [share.value - half, share.value + half])).collect();
    let panel = Panel::new(
        "",
        Axis::linear("depth below the surface", unit),
        Axis::linear("share of the bright phase", Unit::one()).within(0.0, 1.0),
    )
    .with(Mark::Points {
        name: "strips".to_owned(),
        role: Role::Data,
        x: depth,
        y: value,
        y_interval: ends.unwrap_or_default(),
        x_interval: Vec::new(),
    });
    Figure {
        key: "fraction_profile".to_owned(),
        title: "Share of the bright phase".to_owned(),
        caption: "Share in strips below the surface; bars are 95 % intervals from blocks along the surface.".to_owned(),
        panels: vec![panel],
    }
}

fn histogram(found: &Findings) -> Figure {
    let phases = &found.fit.phases;
    let (low, high) = (phases.dark - 4.0 * phases.sd[0], phases.dark + phases.step + 4.0 * phases.sd[1]);
    let width = (high - low) / BARS as f64;
    let mut heights = vec![0.0; BARS];
    for value in found.even.iter().filter(|value| (low..high).contains(*value)) {
        heights[(((value - low) / width) as usize).min(BARS - 1)] += 1.0;
    }
    let edges = (0..=BARS).map(|i| low + width * i as f64).collect();
    let rule = |name: &str, at: f64| Mark::Rule { name: name.to_owned(), role: Role::Model, axis: RuleAxis::X, at };
    let panel = Panel::new("", Axis::linear("brightness over illumination", Unit::one()), Axis::linear("pixels", Unit::one()))
        .with(Mark::Bars { name: "pixels".to_owned(), role: Role::Data, edges, heights })
        .with(rule("dark phase", phases.dark))
        .with(rule("bright phase", phases.dark + phases.step));
    Figure {
        key: "brightness_histogram".to_owned(),
        title: "Brightness".to_owned(),
        caption: "Brightness of the pixels, the illumination taken out, and the levels of the two phases.".to_owned(),
        panels: vec![panel],
    }
}

fn phases(pitch: Pitch) -> Figure {
    let unit = || if pitch.is_some() { Unit::of("nm") } else { Unit::one() };
    let colour = ColourAxis {
        label: "bright phase".to_owned(),
        unit: Unit::one(),
        range: Some([0.0, 1.0]),
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    Figure {
        key: "phase_map".to_owned(),
        title: "Bright phase".to_owned(),
        caption: "Pixels nearer to the bright level in the smoothed image, the surface at the top; chords and Euler number are from it.".to_owned(),
        panels: vec![
            Panel::map("", Axis::linear("along the surface", unit()), Axis::linear("depth", unit()))
                .with(Mark::Image { map: PHASE_MAP.to_owned(), colour }),
        ],
    }
}
