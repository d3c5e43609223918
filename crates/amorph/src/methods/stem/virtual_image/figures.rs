use super::super::panels::{brightness, colour, map_panel};
use super::Input;
use crate::core::data::Map;
use crate::core::figure::{Axis, Figure, Mark, Palette, Panel, Scale};
use crate::core::unit::Unit;

/// An image per detector.
pub(super) fn images(maps: &[Map]) -> Figure {
    let one = |map: &Map| {
        let title = map.quantity.trim_start_matches("virtual_").replace('_', " ");
        map_panel(map, &title, brightness("counts"))
    };
    Figure {
        key: "virtual_images".to_owned(),
        title: "Virtual images".to_owned(),
        caption: "Counts of every virtual detector at every probe position. Positions without a frame are empty.".to_owned(),
        panels: maps.iter().map(one).collect(),
    }
}

/// Centre of mass of every pattern.
pub(super) fn mass(maps: &[Map]) -> Figure {
    let titles = ["along y", "along x"];
    let one = |(map, title): (&Map, &str)| map_panel(map, title, colour("detector pixels", Palette::Sequential, Scale::Linear));
    Figure {
        key: "centre_of_mass".to_owned(),
        title: "Centre of mass".to_owned(),
        caption: "Centre of mass of every pattern. A plane is the beam that moves with the scan; a grain is a field, or an edge, in the specimen.".to_owned(),
        panels: maps.iter().zip(titles).map(one).collect(),
    }
}

/// Mean pattern and its scatter.
pub(super) fn patterns(input: &Input<'_>) -> Figure {
    let one = |quantity: &str, title: &str| {
        Panel::map(title, Axis::linear("x", Unit::one()), Axis::linear("y", Unit::one()))
            .with(Mark::Image { map: quantity.to_owned(), colour: colour("counts", Palette::Sequential, Scale::Log) })
    };
    let [y, x] = input.centre;
    Figure {
        key: "mean_pattern".to_owned(),
        title: "Mean pattern".to_owned(),
        caption: format!(
            "Mean over the scan of every detector pixel, and its standard deviation, both on a scale of logarithms; the beam is taken at [{y}, {x}]."
        ),
        panels: vec![one("mean_pattern", "mean"), one("pattern_deviation", "standard deviation over the scan")],
    }
}
