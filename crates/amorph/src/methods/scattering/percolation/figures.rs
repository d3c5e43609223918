use super::report::{Found, Measured};
use crate::core::data::Map;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::unit::Unit;

/// Number of clusters over their size.
pub(super) fn sizes(found: &Found) -> Figure {
    let band = |all: &[Measured], name: &str, role: Role| {
        let end = |fold: fn(f64, f64) -> f64, from: f64| {
            let at = |i: usize| all.iter().map(|m| m.at_least[i]).fold(from, fold);
            // No zero on a logarithmic axis.
            (0..found.sizes.len()).map(|i| at(i).max(0.5)).collect::<Vec<f64>>()
        };
        Mark::Band {
            name: name.to_owned(),
            role,
            x: found.sizes.clone(),
            lo: end(f64::min, f64::INFINITY),
            hi: end(f64::max, f64::NEG_INFINITY),
        }
    };
    let (x, y) = found.sizes.iter().zip(&found.own.at_least).filter(|(_, n)| **n > 0.0).map(|(s, n)| (*s, *n)).unzip();
    let panel = Panel::new("", Axis::log("voxels", Unit::one()), Axis::log("clusters of at least this size", Unit::one()))
        .with(band(&found.random, "mixed voxels", Role::Reference))
        .with(band(&found.fields, "random fields of this spectrum", Role::Null))
        .with(Mark::points("volume", Role::Data, x, y));
    Figure {
        key: "cluster_sizes".to_owned(),
        title: "Sizes of clusters".to_owned(),
        caption: "Number of clusters of at least so many voxels; bands from the least to the most of random volumes with the same share (none at all drawn as a half).".to_owned(),
        panels: vec![panel],
    }
}

/// The share of the largest cluster over the share at which clusters span, of the volume and of random ones.
pub(super) fn thresholds(found: &Found, fraction: f64) -> Figure {
    let points = |all: &[Measured], name: &str, role: Role| {
        let (x, y) = all.iter().filter(|m| m.threshold.is_finite()).map(|m| (m.threshold, m.largest_share)).unzip();
        Mark::points(name, role, x, y)
    };
    let share = |label: &str| Axis::linear(label, Unit::one()).within(0.0, 1.0);
    let panel =
        Panel::new("", share("share of the object from which clusters span"), share("share of the set in its largest cluster"))
            .with(points(&found.random, "mixed voxels", Role::Reference))
            .with(points(&found.fields, "random fields of this spectrum", Role::Null))
            .with(points(std::slice::from_ref(&found.own), "volume", Role::Data))
            .with(Mark::Rule { name: "share of the set".to_owned(), role: Role::Reference, axis: RuleAxis::X, at: fraction });
    Figure {
        key: "thresholds".to_owned(),
        title: "Percolation of the volume and of random ones".to_owned(),
        caption: "Where clusters begin to span all axes as the level is lowered, and how much of the set is in the largest cluster at the level chosen.".to_owned(),
        panels: vec![panel],
    }
}

/// The slice in the middle.
pub(super) fn slice(map: &Map) -> Figure {
    let unit = || if map.extent.is_some() { Unit::of("nm") } else { Unit::one() };
    let colour = ColourAxis {
        label: "cluster: the largest 0, colours of the others repeat".to_owned(),
        unit: Unit::one(),
        range: Some([0.0, 1.0]),
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    Figure {
        key: "slice".to_owned(),
        title: "Clusters in the middle".to_owned(),
        caption: "The slice in the middle of the slowest axis. Parts of one colour may hang together outside the slice; outside the set it is empty.".to_owned(),
        panels: vec![
            Panel::map("", Axis::linear("x", unit()), Axis::linear("y", unit()))
                .with(Mark::Image { map: map.quantity.clone(), colour }),
        ],
    }
}
