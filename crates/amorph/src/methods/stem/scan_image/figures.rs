use crate::core::data::Map;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Scale};
use crate::core::unit::Unit;

/// The image as it is, and on the grid.
pub(super) fn both(image: &Map, binned: &Map) -> Figure {
    let panel = |title: &str, map: &Map, quantity: &str| {
        let known = map.extent.is_some();
        let unit = || if known { Unit::of("nm") } else { Unit::one() };
        let colour = ColourAxis {
            label: "brightness".to_owned(),
            unit: Unit::one(),
            range: None,
            palette: Palette::Sequential,
            scale: Scale::Linear,
        };
        Panel::map(title, Axis::linear("x", unit()), Axis::linear("y", unit()))
            .with(Mark::Image { map: quantity.to_owned(), colour })
    };
    Figure {
        key: "image_on_grid".to_owned(),
        title: "Image and scan".to_owned(),
        caption: "The image as it was taken, and its means over the squares of the probe positions.".to_owned(),
        panels: vec![panel("image", image, "image"), panel("on the grid of the scan", binned, "scan_image")],
    }
}
