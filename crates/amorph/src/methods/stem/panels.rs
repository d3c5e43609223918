//! Panels that the methods of the family share.

use crate::core::data::Map;
use crate::core::figure::{Axis, ColourAxis, Mark, Palette, Panel, Scale};
use crate::core::unit::Unit;

/// A colour axis without a unit that runs from the least value to the largest.
pub(super) fn colour(label: &str, palette: Palette, scale: Scale) -> ColourAxis {
    ColourAxis { label: label.to_owned(), unit: Unit::one(), range: None, palette, scale }
}

/// The colours of brightness or counts.
pub(super) fn brightness(label: &str) -> ColourAxis {
    colour(label, Palette::Sequential, Scale::Linear)
}

/// A map over the specimen: in nanometres where its extent is known, in steps where not.
pub(super) fn map_panel(map: &Map, title: &str, colour: ColourAxis) -> Panel {
    let known = map.extent.is_some();
    let unit = || if known { Unit::of("nm") } else { Unit::one() };
    Panel::map(title, Axis::linear("x", unit()), Axis::linear("y", unit()))
        .with(Mark::Image { map: map.quantity.clone(), colour })
}
