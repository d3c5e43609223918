use super::super::panels::{brightness, map_panel};
use crate::core::data::Map;
use crate::core::figure::Figure;

/// The image as it is, and on the grid.
pub(super) fn both(image: &Map, binned: &Map) -> Figure {
    Figure {
        key: "image_on_grid".to_owned(),
        title: "Image and scan".to_owned(),
        caption: "The image as it was taken, and its means over the squares of the probe positions.".to_owned(),
        panels: vec![
            map_panel(image, "image", brightness("brightness")),
            map_panel(binned, "on the grid of the scan", brightness("brightness")),
        ],
    }
}
