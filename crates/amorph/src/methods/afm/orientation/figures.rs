//! The rose of the axes, and the same unrolled, with the null band.

use std::f64::consts::{FRAC_PI_4, PI, TAU};

use super::sample::{Compared, Sample};
use super::{Input, Orientation, ScanAxes};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::stats::quantiles;
use crate::core::unit::Unit;

/// Points of the arc of one petal.
const ARC: usize = 8;

/// Density of axes in equal bins, relative to a uniform distribution: of the map, and of noise.
struct Densities {
    map: Vec<f64>,
    mean: Vec<f64>,
    lo: Vec<f64>,
    hi: Vec<f64>,
}

impl Densities {
    fn new(compared: &Compared) -> Self {
        let bins = compared.map.shares.len();
        let density = |sample: &Sample, bin: usize| sample.shares[bin] * bins as f64;
        let null = |bin: usize| compared.null.iter().map(|sample| density(sample, bin)).collect::<Vec<f64>>();
        let band = |bin: usize, which: usize| quantiles(&null(bin), &[0.025, 0.975]).map_or(f64::NAN, |ends| ends[which]);
        Self {
            map: (0..bins).map(|bin| density(&compared.map, bin)).collect(),
            mean: (0..bins).map(|bin| null(bin).iter().sum::<f64>() / compared.null.len() as f64).collect(),
            lo: (0..bins).map(|bin| band(bin, 0)).collect(),
            hi: (0..bins).map(|bin| band(bin, 1)).collect(),
        }
    }
}

pub(super) fn rose(compared: &Compared, method: &Orientation, input: &Input<'_>) -> Figure {
    let densities = Densities::new(compared);
    let left_out = match method.scan_axes {
        ScanAxes::Keep => "",
        ScanAxes::Exclude => " Regions along the scan axes are left out, of the map and of noise.",
    };
    let caption = format!(
        "Directions of the {} regions on the sample, relative to a uniform distribution (radius 1), each axis at both its ends, and the \
         mean and 95 % band of isotropic noise with the same correlation on the same pixels.{left_out}",
        compared.map.axes.len()
    );
    Figure {
        key: "rose".to_owned(),
        title: "Orientation of the regions".to_owned(),
        caption,
        panels: vec![petals(&densities, input), unrolled(&densities, input)],
    }
}

fn petals(densities: &Densities, input: &Input<'_>) -> Panel {
    let bins = densities.map.len();
    let reach = densities.map.iter().chain(&densities.hi).copied().filter(|r| r.is_finite()).fold(1.0, f64::max) * 1.08;
    let axis = |label: &str| Axis::linear(label, Unit::one()).within(-reach, reach);
    let polygons = (0..2 * bins).map(|petal| wedge(petal, bins, densities.map[petal % bins])).collect();
    let ring = |radii: &[f64]| -> (Vec<f64>, Vec<f64>) {
        let points = (0..=2 * bins).flat_map(|petal| arc(petal % (2 * bins), bins, radii[petal % bins]));
        points.map(|[x, y]| (x, y)).unzip()
    };
    let line = |name: &str, radii: &[f64], dashed: bool| {
        let (x, y) = ring(radii);
        Mark::Line { name: name.to_owned(), role: Role::Null, x, y, dashed }
    };
    let mut panel = Panel::map("", axis("along x of the sample"), axis("along y of the sample"))
        .with(line("noise, mean", &densities.mean, false))
        .with(line("noise, 95 %", &densities.lo, true))
        .with(line("", &densities.hi, true))
        .with(Mark::Outlines { name: "regions".to_owned(), role: Role::Data, polygons });
    let directions = input.principal.iter().flat_map(|principal| {
        [
            (*principal, "principal direction", false),
            (principal + FRAC_PI_4, "±45 deg to it", true),
            (principal - FRAC_PI_4, "", true),
        ]
    });
    for (direction, name, dashed) in directions {
        let (sin, cos) = direction.sin_cos();
        let (x, y) = (vec![-reach * cos, reach * cos], vec![-reach * sin, reach * sin]);
        panel = panel.with(Mark::Line { name: name.to_owned(), role: Role::Highlight, x, y, dashed });
    }
    panel
}

/// Points on the outer arc of one of the `2 bins` petals of a full circle.
fn arc(petal: usize, bins: usize, radius: f64) -> impl Iterator<Item = [f64; 2]> {
    let width = PI / bins as f64;
    (0..=ARC).map(move |step| {
        let (sin, cos) = ((petal as f64 + step as f64 / ARC as f64) * width).rem_euclid(TAU).sin_cos();
        [radius * cos, radius * sin]
    })
}

fn wedge(petal: usize, bins: usize, radius: f64) -> Vec<[f64; 2]> {
    std::iter::once([0.0, 0.0]).chain(arc(petal, bins, radius)).collect()
}

fn unrolled(densities: &Densities, input: &Input<'_>) -> Panel {
    let bins = densities.map.len();
    let edges: Vec<f64> = (0..=bins).map(|bin| PI * bin as f64 / bins as f64).collect();
    let steps = |values: &[f64]| values.iter().flat_map(|value| [*value; 2]).collect::<Vec<f64>>();
    let x: Vec<f64> = (0..bins).flat_map(|bin| [edges[bin], edges[bin + 1]]).collect();
    let mut panel = Panel::new(
        "",
        Axis::linear("direction of the long axis", Unit::of("deg")).within(0.0, PI),
        Axis::linear("density relative to uniform", Unit::one()),
    )
    .with(Mark::Bars { name: "regions".to_owned(), role: Role::Data, edges, heights: densities.map.clone() })
    .with(Mark::Band {
        name: "noise, 95 %".to_owned(),
        role: Role::Null,
        x: x.clone(),
        lo: steps(&densities.lo),
        hi: steps(&densities.hi),
    })
    .with(Mark::line("noise, mean", Role::Null, x, steps(&densities.mean)));
    let directions = input.principal.iter().flat_map(|principal| {
        [("principal direction", *principal), ("±45 deg to it", principal + FRAC_PI_4), ("", principal - FRAC_PI_4)]
    });
    for (name, direction) in directions {
        let at = direction.rem_euclid(PI);
        panel = panel.with(Mark::Rule { name: name.to_owned(), role: Role::Highlight, axis: RuleAxis::X, at });
    }
    panel
}
