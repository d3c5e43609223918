//! The curve with its models, and its derivative.

use super::fingerprint::SmoothCurve;
use super::models::{ModelFit, Point, Setting};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;
use crate::sim::oscillator::{Mechanism, Oscillator, TipSample};

pub(super) fn energy(points: &[Point], fits: &[ModelFit], curve: Option<&SmoothCurve>) -> Vec<Figure> {
    let largest = points.iter().map(|point| point.energy).fold(0.0, f64::max);
    let mut panels = vec![energy_panel(points, fits, curve, largest)];
    panels.extend(curve.map(|curve| derivative_panel(curve, largest)));
    vec![Figure {
        key: "mechanism".to_owned(),
        title: "Energy per tap against amplitude".to_owned(),
        caption: "Energy over the largest measured one with its errors (1.96 standard errors), a smooth curve with a band of 1.96 standard errors, and the \
                  three models at their best; right: the derivative of the smooth curve."
            .to_owned(),
        panels,
    }]
}

fn ratio_axis() -> Axis {
    Axis::linear("A/A0", Unit::one())
}

fn energy_panel(points: &[Point], fits: &[ModelFit], curve: Option<&SmoothCurve>, largest: f64) -> Panel {
    let ratios: Vec<f64> = points.iter().map(|point| point.ratio).collect();
    let interval = |point: &Point| {
        let half = 1.96 * point.std_error.unwrap_or(0.0);
        [(point.energy - half) / largest, (point.energy + half) / largest]
    };
    let with_errors = points.iter().all(|point| point.std_error.is_some());
    let mut panel = Panel::new("", ratio_axis(), Axis::linear("E/E_max", Unit::one()));
    if let Some(curve) = curve {
        let x = curve.grid();
        let (lo, hi) = x.iter().map(|ratio| band(curve.at(*ratio), largest)).unzip();
        panel = panel.with(Mark::Band { name: "smooth curve".to_owned(), role: Role::Data, x, lo, hi });
    }
    for (number, fit) in fits.iter().enumerate() {
        let y = fit.energies.iter().map(|energy| energy / largest).collect();
        let role = if number == 0 { Role::Model } else { Role::Series(number as u16) };
        let name = fit.kind.name().replace('_', " ");
        panel = panel.with(Mark::Line { name, role, x: ratios.clone(), y, dashed: number > 0 });
    }
    panel.with(Mark::Points {
        name: "measured".to_owned(),
        role: Role::Data,
        x: ratios,
        y: points.iter().map(|point| point.energy / largest).collect(),
        y_interval: if with_errors { points.iter().map(interval).collect() } else { Vec::new() },
        x_interval: Vec::new(),
    })
}

fn band((value, error): (f64, f64), scale: f64) -> (f64, f64) {
    ((value - 1.96 * error) / scale, (value + 1.96 * error) / scale)
}

fn derivative_panel(curve: &SmoothCurve, largest: f64) -> Panel {
    let (mut x, mut y, mut lo, mut hi) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for ratio in curve.grid() {
        let Some(slope) = curve.derivative(ratio) else { continue };
        let (low, high) = band(slope, largest);
        x.push(ratio);
        y.push(slope.0 / largest);
        lo.push(low);
        hi.push(high);
    }
    Panel::new("", ratio_axis(), Axis::linear("d(E/E_max)/d(A/A0)", Unit::one()))
        .with(Mark::Band { name: String::new(), role: Role::Data, x: x.clone(), lo, hi })
        .with(Mark::line("derivative of the smooth curve", Role::Data, x, y))
        .with(Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at: 0.0 })
}

/// Contact diameter with and without dissipation.
pub(super) fn contact(points: &[Point], fits: &[ModelFit]) -> Option<Figure> {
    let best = fits.first()?;
    let diameters = |depths: &[f64]| -> (Vec<f64>, Vec<f64>) {
        let pairs = points.iter().zip(depths).filter(|(_, depth)| **depth > 0.0);
        pairs.map(|(point, depth)| (point.ratio, 2.0 * (best.radius * depth).sqrt())).unzip()
    };
    let (elastic_x, elastic_y) = diameters(&best.elastic_indentations);
    let (x, y) = diameters(&best.indentations);
    let unit = Unit::of("m").preferred(elastic_y.first().copied().unwrap_or(1e-9));
    let panel = Panel::new("", ratio_axis(), Axis::linear("contact diameter", unit))
        .with(Mark::line("elastic sample", Role::Reference, elastic_x, elastic_y))
        .with(Mark::line(&best.kind.name().replace('_', " "), Role::Model, x, y));
    Some(Figure {
        key: "contact_size".to_owned(),
        title: "Size of the contact".to_owned(),
        caption: "Diameter 2√(Rδ) of the contact at the deepest point, for the best model and for an elastic sample of the same modulus and tip at \
                  the same amplitude: what is dissipated does not press."
            .to_owned(),
        panels: vec![panel],
    })
}

/// Distances beyond this many indentations add nothing to see.
const SEEN: f64 = 2.0;

/// Force against distance through one tap where the energy is largest, with dissipation and without.
pub(super) fn loops(points: &[Point], best: &ModelFit, setting: &Setting) -> Option<Figure> {
    let at = (0..points.len())
        .filter(|&i| best.indentations[i] > 0.0)
        .max_by(|a, b| best.energies[*a].total_cmp(&best.energies[*b]))?;
    let free = setting.drive.free_amplitude;
    let amplitude = points[at].ratio * free;
    let cycle = |mechanism: Mechanism, indentation: f64| {
        let sample = TipSample {
            tip_radius: best.radius,
            modulus: best.modulus,
            surface_energy: setting.surface_energy,
            contact_distance: setting.contact_distance,
            mechanism,
        };
        let oscillator = Oscillator {
            spring_constant: setting.drive.spring_constant,
            quality_factor: setting.drive.quality_factor,
            resonance_frequency: setting.angular_frequency / std::f64::consts::TAU,
            free_amplitude: free,
            sample,
        };
        let cycle = oscillator.harmonic_cycle(amplitude, indentation);
        let near = |(distance, _): &(f64, f64)| *distance < SEEN * indentation.max(0.5e-9);
        cycle.distance.into_iter().zip(cycle.force).filter(near).unzip::<f64, f64, Vec<f64>, Vec<f64>>()
    };
    let (elastic_x, elastic_y) = cycle(Mechanism::Elastic, best.elastic_indentations[at]);
    let (x, y) = cycle(best.kind.law(best.strength, setting.range), best.indentations[at]);
    let name = best.kind.name().replace('_', " ");
    let panel = Panel::new("", Axis::linear("distance", Unit::of("nm")), Axis::linear("tip force", Unit::of("nN")))
        .with(Mark::line("elastic sample", Role::Reference, elastic_x, elastic_y))
        .with(Mark::line(&name, Role::Model, x, y));
    Some(Figure {
        key: "tip_sample_loop".to_owned(),
        title: "Force through one tap".to_owned(),
        caption: format!(
            "Tip force against distance at A/A0 = {:.3}, where the energy is largest: the best model encloses the energy of a tap, an elastic sample of \
             the same modulus encloses nothing and is indented deeper.",
            points[at].ratio
        ),
        panels: vec![panel],
    })
}
