//! The image with its band; the profile with the half waves.

use super::Input;
use super::algorithm::HalfWaves;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::unit::Unit;

pub(super) fn all(input: &Input<'_>, x: &[f64], y: &[f64], waves: Option<&HalfWaves>) -> Vec<Figure> {
    vec![picture(input), along(x, y, waves)]
}

fn picture(input: &Input<'_>) -> Figure {
    let (rows, columns) = input.values.dim();
    let (height, width) = (rows as f64 * input.pitch.0, columns as f64 * input.pitch.1);
    // Rows count from the top, y from the bottom.
    let at = |offset: f64| height - (input.band.row + 0.5 + offset) * input.pitch.0;
    let (top, bottom) = (at(-input.band.half_width - 0.5), at(input.band.half_width + 0.5));
    let colour = ColourAxis {
        label: "intensity".to_owned(),
        unit: input.map.unit.clone(),
        range: None,
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    let nm = || Unit::of("nm");
    Figure {
        key: "band".to_owned(),
        title: "Shear band".to_owned(),
        caption: "The image and the rows that are taken as the band.".to_owned(),
        panels: vec![
            Panel::map("", Axis::linear("x", nm()), Axis::linear("y", nm()))
                .with(Mark::Image { map: input.map.quantity.clone(), colour })
                .with(Mark::Outlines {
                    name: "band".to_owned(),
                    role: Role::Highlight,
                    polygons: vec![vec![[0.0, top], [width, top], [width, bottom], [0.0, bottom]]],
                }),
        ],
    }
}

fn along(x: &[f64], y: &[f64], waves: Option<&HalfWaves>) -> Figure {
    let mut panel =
        Panel::new("", Axis::linear("position along the band", Unit::of("nm")), Axis::linear("relative excess", Unit::of("%")))
            .with(Mark::Rule { name: String::new(), role: Role::Reference, axis: RuleAxis::Y, at: 0.0 })
            .with(Mark::points("band over matrix", Role::Data, x.to_vec(), y.to_vec()));
    if let Some(waves) = waves {
        let fitted = x.iter().map(|x| waves.at(*x)).collect();
        panel = panel.with(Mark::line("half waves", Role::Model, x.to_vec(), fitted));
    }
    Figure {
        key: "profile".to_owned(),
        title: "Density along the band".to_owned(),
        caption: "Mean of the band over the matrix on both sides, less one, and the fitted half waves of unequal height."
            .to_owned(),
        panels: vec![panel],
    }
}
