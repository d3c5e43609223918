//! Image and composition side by side; brightness against composition; what chance gives.

use ndarray::Array2;

use super::Input;
use super::report::{FRACTION_MAP, Found, IMAGE_MAP};
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::stats::Histogram;
use crate::core::unit::Unit;

/// Most points of the scatter diagram.
const POINTS: usize = 3000;

pub(super) fn all(input: &Input<'_>, found: &Found, fraction: &Array2<f64>) -> Vec<Figure> {
    let mut figures = vec![maps(input), scatter(input, found, fraction)];
    figures.extend(surrogates(found));
    figures
}

fn maps(input: &Input<'_>) -> Figure {
    let unit = || if input.image.map.extent.is_some() { Unit::of("nm") } else { Unit::one() };
    let panel = |title: &str, map: &str, label: &str, colour_unit: Unit, palette: Palette| {
        let colour = ColourAxis { label: label.to_owned(), unit: colour_unit, range: None, palette, scale: Scale::Linear };
        let panel = Panel::map(title, Axis::linear("x", unit()), Axis::linear("y", unit()))
            .with(Mark::Image { map: map.to_owned(), colour });
        let corner = input.image.map.extent.as_ref().map_or([0.0; 2], |extent| [extent.x[0], extent.y[0]]);
        match &input.line {
            Some(line) => {
                let ends = |axis: usize| vec![corner[axis] + line.from[axis], corner[axis] + line.to[axis]];
                panel.with(Mark::line("profile", Role::Model, ends(0), ends(1)))
            }
            None => panel,
        }
    };
    Figure {
        key: "maps".to_owned(),
        title: "Brightness and composition".to_owned(),
        caption: "Annular image without its background, and atomic fraction of A from the edges.".to_owned(),
        panels: vec![
            panel("annular image", IMAGE_MAP, "intensity less background", input.image.map.unit.clone(), Palette::Sequential),
            panel("element A", FRACTION_MAP, "atomic fraction of A", Unit::of("%"), Palette::Sequential),
        ],
    }
}

pub(super) fn profile(input: &Input<'_>, distance: &[f64], brightness: &[f64], of_a: &[f64]) -> Figure {
    let axis = || Axis::linear("distance along the line", Unit::of("nm"));
    let panel = |label: &str, unit: Unit, values: &[f64]| {
        let known = || distance.iter().zip(values).filter(|(_, value)| value.is_finite());
        let (x, y) = known().map(|(x, y)| (*x, *y)).unzip();
        Panel::new("", axis(), Axis::linear(label, unit)).with(Mark::line("", Role::Data, x, y))
    };
    Figure {
        key: "profile".to_owned(),
        title: "Along a line".to_owned(),
        caption: "Brightness and atomic fraction of A along the line that the maps show, averaged across its width. A profile picks one place; whether the maps go together is told by the correlation."
            .to_owned(),
        panels: vec![
            panel("intensity", input.image.map.unit.clone(), brightness),
            panel("atomic fraction of A", Unit::of("%"), of_a),
        ],
    }
}

fn scatter(input: &Input<'_>, found: &Found, fraction: &Array2<f64>) -> Figure {
    let pairs: Vec<(f64, f64)> =
        fraction.iter().zip(&found.image).filter(|(x, y)| x.is_finite() && y.is_finite()).map(|(x, y)| (*x, *y)).collect();
    let every = pairs.len().div_ceil(POINTS).max(1);
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().step_by(every).copied().unzip();
    Figure {
        key: "brightness_by_composition".to_owned(),
        title: "Brightness by composition".to_owned(),
        caption: format!(
            "Pixels of both maps (at most {POINTS} are drawn): r = {:.3}, as {:.0} independent pairs would scatter; p = {:.3} from surrogates.",
            found.r, found.chance.n_effective, found.chance.p
        ),
        panels: vec![
            Panel::new(
                "",
                Axis::linear("atomic fraction of A", Unit::of("%")),
                Axis::linear("intensity less background", input.image.map.unit.clone()),
            )
            .with(Mark::points("pixels", Role::Data, x, y)),
        ],
    }
}

fn surrogates(found: &Found) -> Option<Figure> {
    let histogram = Histogram::freedman_diaconis(&[&found.chance.coefficients]).ok()?;
    let heights = histogram.density(0)?;
    let edges: Vec<f64> = histogram.edges.clone();
    Some(Figure {
        key: "chance".to_owned(),
        title: "What chance gives".to_owned(),
        caption: "Correlations of the atomic fraction with images of the same spectrum and random phases, and the one found."
            .to_owned(),
        panels: vec![
            Panel::new("", Axis::linear("correlation", Unit::one()), Axis::linear("density", Unit::one()))
                .with(Mark::Bars { name: "random phases".to_owned(), role: Role::Null, edges, heights })
                .with(Mark::Rule { name: "found".to_owned(), role: Role::Data, axis: RuleAxis::X, at: found.r }),
        ],
    })
}
