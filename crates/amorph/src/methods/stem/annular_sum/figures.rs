use crate::core::data::Map;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Scale};
use crate::core::unit::Unit;

/// The image that the annular detector would have recorded.
pub(super) fn image(map: &Map, [inner, outer]: [f64; 2], [y, x]: [f64; 2]) -> Figure {
    let unit = || if map.extent.is_some() { Unit::of("nm") } else { Unit::one() };
    let colour = ColourAxis {
        label: "counts in the annulus".to_owned(),
        unit: Unit::one(),
        range: None,
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    Figure {
        key: "annular_image".to_owned(),
        title: "Virtual annular image".to_owned(),
        caption: format!(
            "Counts between {inner} and {outer} detector pixels from the beam at [{y}, {x}], for every probe position. Positions without a frame are empty."
        ),
        panels: vec![
            Panel::map("", Axis::linear("x", unit()), Axis::linear("y", unit()))
                .with(Mark::Image { map: map.quantity.clone(), colour }),
        ],
    }
}
