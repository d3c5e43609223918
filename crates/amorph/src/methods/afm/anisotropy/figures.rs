//! The correlation over the plane of lags with its ellipse, sections along the axes, and the rose of the spectrum.

use std::f64::consts::{PI, TAU};

use ndarray::Array2;

use super::algorithm::{Measured, Probe};
use super::ellipse::Ellipse;
use super::inference::axial_distance;
use super::report::Found;
use crate::core::data::{Extent, Map};
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, Scale};
use crate::core::image::PairStatistics;
use crate::core::stats::quantiles;
use crate::core::unit::Unit;
use crate::methods::afm::spectrum::null::Fitted;

const CORRELATION_MAP: &str = "correlation";
/// Half the opening of the sectors of lags that are averaged along an axis.
const OPENING: f64 = 15.0;

/// The correlation of pairs of pixels, `1 - H / 2 (variance + noise)`, over the plane of lags up to the longest of the fit.
pub(super) fn correlation_map(fitted: &Fitted, probe: &Probe<'_>) -> Map {
    let (pairs, model) = (&fitted.pairs, fitted.fit.realisable());
    let total = model.sigma.powi(2) + model.nugget_sd.powi(2);
    let reach = |pitch: f64, most: usize| ((probe.r_max / pitch) as usize).min(most);
    let (rows, columns) = (reach(pairs.pitch.0, pairs.max_lag.0), reach(pairs.pitch.1, pairs.max_lag.1));
    let values = Array2::from_shape_fn((2 * rows + 1, 2 * columns + 1), |(row, column)| {
        let lag = (row as isize - rows as isize, column as isize - columns as isize);
        match lag {
            (0, 0) => 1.0,
            (down, right) => pairs.at(down, right).map_or(f64::NAN, |(h, _)| 1.0 - h / (2.0 * total)),
        }
    });
    let half = |n: usize, pitch: f64| (n as f64 + 0.5) * pitch;
    let (x, y) = (half(columns, pairs.pitch.1), half(rows, pairs.pitch.0));
    Map::new(CORRELATION_MAP, values, Unit::one(), Some(Extent { x: [-x, x], y: [-y, y], unit: Unit::of("m") }))
}

pub(super) fn all(fitted: &Fitted, probe: &Probe<'_>, found: &Found) -> Vec<Figure> {
    vec![ellipse(fitted, probe, found), rose(found)]
}

fn ellipse(fitted: &Fitted, probe: &Probe<'_>, found: &Found) -> Figure {
    let unit = Unit::of("m").preferred(probe.r_max);
    let colour = ColourAxis {
        label: "correlation".to_owned(),
        unit: Unit::one(),
        range: Some([0.0, 1.0]),
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    let outline = outline(&found.ellipse);
    let map = Panel::map("", Axis::linear("lag along x", unit.clone()), Axis::linear("lag along y", unit))
        .with(Mark::Image { map: CORRELATION_MAP.to_owned(), colour })
        .with(Mark::Outlines { name: "fitted ellipse, 1/e".to_owned(), role: Role::Highlight, polygons: vec![outline] });
    let caption = "Correlation of pairs of pixels over the plane of lags, with the fitted ellipse on which the correlation of the field is \
                   1/e; and the structure function in sectors of 30 deg around its axes, with the fit along them. Lags along the scan axes \
                   are not fitted.";
    Figure {
        key: "correlation_ellipse".to_owned(),
        title: "Correlation ellipse".to_owned(),
        caption: caption.to_owned(),
        panels: vec![map, sections(&fitted.pairs, probe, &found.ellipse)],
    }
}

/// Points at distance xi_major and xi_minor along the axes.
fn outline(ellipse: &Ellipse) -> Vec<[f64; 2]> {
    let (sin, cos) = ellipse.angle().sin_cos();
    let point = |i: usize| {
        let (s, c) = (TAU * i as f64 / 96.0).sin_cos();
        let (major, minor) = (ellipse.xi_major() * c, ellipse.xi_minor() * s);
        [major * cos - minor * sin, major * sin + minor * cos]
    };
    (0..96).map(point).collect()
}

fn sections(pairs: &PairStatistics, probe: &Probe<'_>, ellipse: &Ellipse) -> Panel {
    let unit = Unit::of("m").preferred(probe.r_max);
    let scale = 2.0 * (ellipse.variance + ellipse.nugget);
    let mut panel = Panel::new("", Axis::linear("distance r", unit), Axis::linear("H(r) / 2 variance", Unit::one()));
    let axes = [("long axis", ellipse.angle(), Role::Series(0)), ("short axis", ellipse.angle() + 0.5 * PI, Role::Series(1))];
    for (name, angle, role) in axes {
        let (x, y) = section(pairs, probe, angle).into_iter().map(|(r, h)| (r, h / scale)).unzip();
        let distances: Vec<f64> = (1..=60).map(|i| probe.r_max * f64::from(i) / 60.0).collect();
        let fit = distances.iter().map(|r| ellipse.structure(r * angle.cos(), r * angle.sin()) / scale).collect();
        panel = panel.with(Mark::points(name, role, x, y)).with(Mark::line("", role, distances, fit));
    }
    panel
}

/// Mean structure function of the lags in a sector around a direction, in rings of a pixel.
fn section(pairs: &PairStatistics, probe: &Probe<'_>, angle: f64) -> Vec<(f64, f64)> {
    let pixel = (pairs.pitch.0 * pairs.pitch.1).sqrt();
    let mut sums: Vec<[f64; 3]> = Vec::new();
    for ([x, y], h, n) in pairs.lags() {
        let distance = x.hypot(y);
        let off_axes = x != 0.0 && y != 0.0;
        if !off_axes || distance > probe.r_max || axial_distance(y.atan2(x), angle).to_degrees() > OPENING {
            continue;
        }
        let ring = (distance / pixel + 0.5) as usize;
        sums.resize(sums.len().max(ring + 1), [0.0; 3]);
        let sum = &mut sums[ring];
        *sum = [sum[0] + n, sum[1] + n * distance, sum[2] + n * h];
    }
    sums.into_iter().filter(|sum| sum[0] > 0.0).map(|[n, r, h]| (r / n, h / n)).collect()
}

/// 95 % band of the sectors of isotropic noise.
pub(super) fn sector_band(nulls: &[Measured], sectors: usize) -> (Vec<f64>, Vec<f64>) {
    let one = |i: usize| {
        let values: Vec<f64> = nulls.iter().filter_map(|null| null.sectors.get(i).copied()).filter(|v| v.is_finite()).collect();
        match quantiles(&values, &[0.025, 0.975]).as_deref() {
            Ok([lo, hi]) => (*lo, *hi),
            _ => (f64::NAN, f64::NAN),
        }
    };
    (0..sectors).map(one).unzip()
}

fn rose(found: &Found) -> Figure {
    let n = found.measured.sectors.len();
    let polygon = |radius: &[f64]| {
        let point = |i: usize| {
            let angle = PI * (i as f64 + 0.5) / n as f64;
            let radius = Some(radius[i % n]).filter(|r| r.is_finite()).unwrap_or(1.0);
            [radius * angle.cos(), radius * angle.sin()]
        };
        (0..2 * n).map(point).collect::<Vec<[f64; 2]>>()
    };
    let (lo, hi) = sector_band(&found.nulls, n);
    let outlines =
        |name: &str, role: Role, polygons: Vec<Vec<[f64; 2]>>| Mark::Outlines { name: name.to_owned(), role, polygons };
    let axis = |label: &str| Axis::linear(label, Unit::one());
    let mut panel = Panel::map("", axis("S(theta) cos(theta) / mean"), axis("S(theta) sin(theta) / mean"));
    if !found.nulls.is_empty() {
        panel = panel.with(outlines("isotropic noise, 95 %", Role::Null, vec![polygon(&lo), polygon(&hi)]));
    }
    panel = panel.with(outlines("map", Role::Data, vec![polygon(&found.measured.sectors)]));
    let caption = "Spectrum by direction of the wave vector in the band, as distance from the centre, with the 95 % band of isotropic noise: \
                   two lobes are a quadrupole (a2), four are its partner (a4). The structure is long across the lobes.";
    Figure {
        key: "rose".to_owned(),
        title: "Rose of the spectrum".to_owned(),
        caption: caption.to_owned(),
        panels: vec![panel],
    }
}
