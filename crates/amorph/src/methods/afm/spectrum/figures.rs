//! The plane of wave vectors with the ellipse and S(theta); the spectrum by wave number.

use std::f64::consts::{PI, TAU};

use super::Input;
use super::algorithm::ellipse_of;
use super::report::{Found, Null, SPECTRUM_MAP, density_unit};
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::unit::Unit;

pub(super) fn all(input: &Input<'_>, found: &Found, squared: &str) -> Vec<Figure> {
    vec![plane(input, found, squared), radial(found, squared)]
}

fn per_metre(k: f64) -> Unit {
    Unit::of(if k > 1e7 {
        "1/nm"
    } else if k > 1e4 {
        "1/um"
    } else {
        "1/m"
    })
}

fn plane(input: &Input<'_>, found: &Found, squared: &str) -> Figure {
    let nyquist = PI / input.pitch.0.max(input.pitch.1);
    let reach = found.band.map_or(nyquist, |(_, high)| (2.0 * TAU * high).min(nyquist));
    let axis = |label: &str| Axis::linear(label, per_metre(reach)).within(-reach, reach);
    let shown = if squared == "J^2" { "eV^2 nm^2".to_owned() } else { density_unit(squared) };
    let colour = ColourAxis {
        label: "spectral density S".to_owned(),
        unit: Unit::of(&shown),
        range: None,
        palette: Palette::Sequential,
        scale: Scale::Log,
    };
    let mut map = Panel::map("", axis("wave number kx"), axis("wave number ky"))
        .with(Mark::Image { map: SPECTRUM_MAP.to_owned(), colour });
    if let Some((low, high)) = found.band {
        let (long, short, angle) = ellipse_of(found.moments);
        let ellipse = outline(TAU * long, TAU * short, angle);
        map = map
            .with(Mark::Outlines {
                name: "second moments in the band".to_owned(),
                role: Role::Highlight,
                polygons: vec![ellipse],
            })
            .with(Mark::Outlines {
                name: "band".to_owned(),
                role: Role::Reference,
                polygons: vec![outline(TAU * low, TAU * low, 0.0), outline(TAU * high, TAU * high, 0.0)],
            });
    }
    let mut panels = vec![map];
    if !found.shape.sectors.is_empty() {
        panels.push(directions(found));
    }
    let caption = "Spectral density over the plane of wave vectors (logarithmic), with the ellipse of its second moments in the band between \
                   the circles; and its mean by direction in that band, axes left out, with the 95 % band of isotropic noise. Structure \
                   elongated along one direction has its power across it.";
    Figure { key: "spectrum".to_owned(), title: "Power spectrum".to_owned(), caption: caption.to_owned(), panels }
}

/// An ellipse around the origin as a polygon.
fn outline(long: f64, short: f64, angle: f64) -> Vec<[f64; 2]> {
    let (sin, cos) = angle.sin_cos();
    let point = |i: usize| {
        let (s, c) = (TAU * i as f64 / 96.0).sin_cos();
        [long * c * cos - short * s * sin, long * c * sin + short * s * cos]
    };
    (0..96).map(point).collect()
}

fn directions(found: &Found) -> Panel {
    let n = found.shape.sectors.len();
    let centres: Vec<f64> = (0..n).map(|i| PI * (i as f64 + 0.5) / n as f64).collect();
    let axis = Axis::linear("direction of the wave vector", Unit::of("deg")).within(0.0, PI);
    let mut panel = Panel::new("", axis, Axis::linear("S(theta) / mean", Unit::one()));
    if !found.null_sectors.is_empty() {
        panel = panel.with(band(&centres, &found.null_sectors));
    }
    panel.with(Mark::points("map", Role::Data, centres, found.shape.sectors.clone()))
}

fn band(x: &[f64], nulls: &[Null]) -> Mark {
    let (lo, hi) = nulls.iter().map(|null| (null.lo, null.hi)).unzip();
    Mark::Band { name: "isotropic noise, 95 %".to_owned(), role: Role::Null, x: x.to_vec(), lo, hi }
}

fn radial(found: &Found, squared: &str) -> Figure {
    let k: Vec<f64> = found.shape.rings.iter().map(|ring| TAU * ring.frequency).collect();
    let density: Vec<f64> = found.shape.rings.iter().map(|ring| ring.density).collect();
    let highest = k.last().copied().unwrap_or(1.0);
    let shown = if squared == "J^2" { "eV^2 nm^2".to_owned() } else { density_unit(squared) };
    let mut panel =
        Panel::new("", Axis::log("wave number k", per_metre(highest)), Axis::log("spectral density S(k)", Unit::of(&shown)));
    if !found.null_rings.is_empty() {
        let mean = found.null_rings.iter().map(|null| null.mean).collect();
        panel = panel.with(band(&k, &found.null_rings)).with(Mark::line(
            "fitted noise without a ring",
            Role::Model,
            k.clone(),
            mean,
        ));
    }
    panel = panel.with(Mark::points("map", Role::Data, k, density));
    if found.has_ring() {
        let at = TAU * found.excess.frequency;
        panel = panel.with(Mark::Rule { name: "ring".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at });
    }
    let caption = "Two-sided density averaged over directions, scan-line axes left out, with the 95 % band of surrogates whose spectrum \
                   falls: a ring is claimed only where the map rises more than they do.";
    let title = "Spectrum by wave number";
    Figure { key: "radial_spectrum".to_owned(), title: title.to_owned(), caption: caption.to_owned(), panels: vec![panel] }
}
