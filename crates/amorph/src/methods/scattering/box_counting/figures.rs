use super::algorithm::local_slopes;
use super::report::Found;
use crate::core::data::Map;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, Scale};
use crate::core::unit::Unit;

fn size_axis(known: bool) -> Axis {
    if known { Axis::log("size", Unit::of("nm")) } else { Axis::log("size (voxels)", Unit::one()) }
}

/// Slopes between neighbouring sizes, of the set and of random ones.
pub(super) fn slopes(found: &Found, scale: f64, known: bool) -> Figure {
    let edges = found.sandbox.edges();
    let ln: Vec<f64> = edges.iter().map(|edge| edge.ln()).collect();
    let middles: Vec<f64> = edges.windows(2).map(|pair| (pair[0] * pair[1]).sqrt() * scale).collect();
    let of = |mass: &[f64]| local_slopes(&ln, &mass.iter().map(|mass| mass.ln()).collect::<Vec<f64>>());
    let band = |masses: &[Vec<f64>], name: &str, role: Role| {
        let all: Vec<Vec<f64>> = masses.iter().map(|mass| of(mass)).collect();
        let end = |fold: fn(f64, f64) -> f64, from: f64| {
            (0..middles.len()).map(|i| all.iter().map(|slopes| slopes[i]).fold(from, fold)).collect::<Vec<f64>>()
        };
        let (lo, hi) = (end(f64::min, f64::INFINITY), end(f64::max, f64::NEG_INFINITY));
        Mark::Band { name: name.to_owned(), role, x: middles.clone(), lo, hi }
    };
    let of_boxes = |pair: &[(f64, f64)]| -((pair[1].1 / pair[0].1).ln() / (pair[1].0 / pair[0].0).ln());
    let box_middles = found.boxes.windows(2).map(|pair| (pair[0].0 * pair[1].0).sqrt() * scale).collect();
    let mut panel = Panel::new("", size_axis(known), Axis::linear("slope", Unit::one()).within(0.0, 3.3))
        .with(band(&found.level_sets, "random fields of this spectrum", Role::Null))
        .with(Mark::points("boxes", Role::Reference, box_middles, found.boxes.windows(2).map(of_boxes).collect()))
        .with(Mark::points("cubes around voxels", Role::Data, middles.clone(), of(&found.mass)));
    if let Some(run) = &found.run {
        let x = [run.range.0, run.range.1].map(|index| edges[index] * scale);
        panel = panel.with(Mark::line("fitted", Role::Model, x.to_vec(), vec![run.line.slope; 2]));
    }
    Figure {
        key: "local_slopes".to_owned(),
        title: "Local slopes".to_owned(),
        caption: "Slope between neighbouring sizes. A fractal has one slope over more than a decade; a set with one length has slopes that run to 3. Slopes of box counts jump where boxes do not fit the set.".to_owned(),
        panels: vec![panel],
    }
}

/// Mass and boxes over size.
pub(super) fn masses(found: &Found, scale: f64, known: bool) -> Figure {
    let edges = found.sandbox.edges();
    let x: Vec<f64> = edges.iter().map(|edge| edge * scale).collect();
    let counted = Axis::log("voxels around a voxel of the set", Unit::one());
    let mut mass = Panel::new("cubes around voxels", size_axis(known), counted).with(Mark::points(
        "set",
        Role::Data,
        x.clone(),
        found.mass.clone(),
    ));
    if let Some(run) = &found.run {
        let (i, j) = run.range;
        let middle = (edges[i] * edges[j]).sqrt();
        let inside = i..=j;
        let level = found.mass[inside.clone()]
            .iter()
            .zip(&edges[inside.clone()])
            .map(|(m, e)| m.ln() - run.line.slope * (e / middle).ln())
            .sum::<f64>()
            / (j - i + 1) as f64;
        let y = inside.map(|k| (level + run.line.slope * (edges[k] / middle).ln()).exp()).collect();
        mass = mass.with(Mark::line(&format!("slope {:.2}", run.line.slope), Role::Model, x[i..=j].to_vec(), y));
    }
    let (edge, n): (Vec<f64>, Vec<f64>) = found.boxes.iter().map(|(edge, n)| (edge * scale, *n)).unzip();
    let boxes = Panel::new("boxes", size_axis(known), Axis::log("occupied boxes", Unit::one())).with(Mark::points(
        "best grid",
        Role::Data,
        edge,
        n,
    ));
    Figure {
        key: "mass_and_boxes".to_owned(),
        title: "Mass and boxes over size".to_owned(),
        caption: "Left: mean number of voxels of the set in a cube around one of them, from its density in the object. Right: occupied boxes of the grid that needs fewest.".to_owned(),
        panels: vec![mass, boxes],
    }
}

/// The slice in the middle.
pub(super) fn slices(maps: &[Map]) -> Figure {
    let titles = ["grey values", "set"];
    let panel = |(map, title): (&Map, &str)| {
        let known = map.extent.is_some();
        let unit = || if known { Unit::of("nm") } else { Unit::one() };
        let colour = ColourAxis {
            label: if title == "set" { "1 in the set, 0 in the rest of the object" } else { "grey value" }.to_owned(),
            unit: Unit::one(),
            range: (title == "set").then_some([0.0, 1.0]),
            palette: Palette::Sequential,
            scale: Scale::Linear,
        };
        Panel::map(title, Axis::linear("x", unit()), Axis::linear("y", unit()))
            .with(Mark::Image { map: map.quantity.clone(), colour })
    };
    Figure {
        key: "slice".to_owned(),
        title: "Slice through the middle".to_owned(),
        caption: "The slice in the middle of the slowest axis: grey values, and the set that is measured. Outside the object it is empty.".to_owned(),
        panels: maps.iter().zip(titles).map(panel).collect(),
    }
}
