use ndarray::Array2;

use super::report::Direction;
use crate::core::data::{Extent, Map};
use crate::core::fft::{Sides, Window, power_spectrum};
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::unit::Unit;

/// Frequencies of the two-dimensional spectrum that are shown, as a share of the highest.
const SHOWN: usize = 4;

pub(super) fn figures(directions: &[&Direction]) -> Vec<Figure> {
    let panels = |of: fn(&Direction) -> Panel| directions.iter().map(|direction| of(direction)).collect();
    vec![
        Figure {
            key: "corrugation_spectrum".to_owned(),
            title: "Spectra along and across the crack".to_owned(),
            caption: "Mean spectral density of the lines. A peak is claimed only where it leaves the band that a falling spectrum reaches by chance.".to_owned(),
            panels: panels(spectrum),
        },
        Figure {
            key: "corrugation_profile".to_owned(),
            title: "Profiles along and across the crack".to_owned(),
            caption: "The line through the middle of the levelled map.".to_owned(),
            panels: panels(profile),
        },
    ]
}

fn spectrum(direction: &Direction) -> Panel {
    let frequency = &direction.spectra.frequency;
    let background = &direction.null.background;
    let hi = background.iter().map(|value| value * direction.null.ratio_95).collect();
    let mut panel = Panel::new(
        direction.name,
        Axis::log("spatial frequency", Unit::of("1/µm")),
        Axis::log("spectral density", Unit::of("nm^3")),
    )
    .with(Mark::Band {
        name: "falling spectrum, 95 %".to_owned(),
        role: Role::Null,
        x: frequency.clone(),
        lo: background.clone(),
        hi,
    })
    .with(Mark::line("measured", Role::Data, frequency.clone(), direction.density.clone()));
    if let Some(found) = direction.peak {
        panel = panel.with(Mark::Rule {
            name: "peak".to_owned(),
            role: Role::Highlight,
            axis: RuleAxis::X,
            at: found.peak.frequency,
        });
    }
    panel
}

fn profile(direction: &Direction) -> Panel {
    let (n_lines, n) = direction.lines.values.dim();
    let x = (0..n).map(|i| i as f64 * direction.lines.step).collect();
    let y = direction.lines.values.row(n_lines / 2).to_vec();
    Panel::new(direction.name, Axis::linear("distance", Unit::of("nm")), Axis::linear("height", Unit::of("nm")))
        .with(Mark::line("", Role::Data, x, y))
}

/// The two-dimensional spectrum of the levelled map, low frequencies, as a map with zero in the middle.
pub(super) fn spectrum_map(levelled: &Array2<f64>, pitch: (f64, f64)) -> (Map, Figure) {
    let spectrum = power_spectrum(&levelled.view(), pitch, Window::Hann, Sides::Two);
    let (rows, columns) = levelled.dim();
    let (half_rows, half_columns) = ((rows / (2 * SHOWN)).max(4) as isize, (columns / (2 * SHOWN)).max(4) as isize);
    let value = |(row, column): (usize, usize)| {
        // Row 0 is the top: the highest frequency along y.
        let (fy, fx) = (half_rows - row as isize, column as isize - half_columns);
        let (fy, fx) = if fx < 0 { (-fy, -fx) } else { (fy, fx) };
        // The transform counts rows downwards.
        let stored = (-fy).rem_euclid(rows as isize) as usize;
        spectrum.density[[stored, fx as usize]]
    };
    let shape = (2 * half_rows as usize + 1, 2 * half_columns as usize + 1);
    let reach = |half: isize, step: f64| (half as f64 + 0.5) * step;
    let (x, y) = (reach(half_columns, spectrum.step[0]), reach(half_rows, spectrum.step[1]));
    let extent = Extent { x: [-x, x], y: [-y, y], unit: Unit::of("1/m") };
    let map = Map::new("height_spectrum", Array2::from_shape_fn(shape, value), Unit::of("m^4"), Some(extent));
    let colour = ColourAxis {
        label: "spectral density".to_owned(),
        unit: Unit::of("nm^4"),
        range: None,
        palette: Palette::Sequential,
        scale: Scale::Log,
    };
    let axis = |name: &str| Axis::linear(name, Unit::of("1/µm"));
    let figure = Figure {
        key: "height_spectrum".to_owned(),
        title: "Two-dimensional spectrum".to_owned(),
        caption: "After removal of a quadratic background, Hann window; a corrugation is a pair of spots in its direction."
            .to_owned(),
        panels: vec![
            Panel::map("", axis("frequency x"), axis("frequency y"))
                .with(Mark::Image { map: "height_spectrum".to_owned(), colour }),
        ],
    };
    (map, figure)
}
