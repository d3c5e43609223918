//! Maps side by side, the distribution of the energy, and profiles along the middle row.

use super::input::Input;
use crate::core::data::Map;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::outcome::Outcome;
use crate::core::stats::Histogram;
use crate::core::unit::Unit;

pub(super) fn all(outcome: &Outcome, input: &Input<'_>) -> Vec<Figure> {
    let reference = format!(
        "Phase read as '{}', reference '{}', free phase {:.2} deg.",
        input.calibration.convention.name(),
        input.calibration.reference.name(),
        input.calibration.free_phase
    );
    [maps(outcome, &reference), histogram(outcome, &reference), profiles(outcome, &reference)].into_iter().flatten().collect()
}

fn maps(outcome: &Outcome, reference: &str) -> Option<Figure> {
    let energy = outcome.map("dissipated_energy")?;
    let unit = energy_unit(outcome);
    let heights = outcome.maps.iter().filter(|map| map.quantity.starts_with("height"));
    let mut panels: Vec<Panel> = heights.map(|map| image(map, "Height", Unit::of("nm"), Palette::Topography)).collect();
    panels.push(image(outcome.map("phase_lag")?, "Lag", Unit::of("deg"), Palette::Sequential));
    panels.push(image(energy, "Dissipated energy per cycle", unit, Palette::Sequential));
    Some(Figure {
        key: "maps".to_owned(),
        title: "Maps".to_owned(),
        caption: format!("Height, lag of the tip behind the drive, and energy dissipated per cycle. {reference}"),
        panels,
    })
}

fn image(map: &Map, label: &str, unit: Unit, palette: Palette) -> Panel {
    let width = map.size().map_or(map.shape().1 as f64, |(width, _)| width);
    let axis_unit = if map.extent.is_some() { Unit::of("m").preferred(width) } else { Unit::of("px") };
    let colour = ColourAxis { label: label.to_owned(), unit, range: None, palette, scale: Scale::Linear };
    Panel::map(label, Axis::linear("x", axis_unit.clone()), Axis::linear("y", axis_unit))
        .with(Mark::Image { map: map.quantity.clone(), colour })
}

fn energy_unit(outcome: &Outcome) -> Unit {
    outcome.estimate("dissipated_energy_mean").map_or(Unit::of("eV"), |mean| mean.display_unit())
}

fn histogram(outcome: &Outcome, reference: &str) -> Option<Figure> {
    let values = outcome.map("dissipated_energy")?.valid_values();
    let histogram = Histogram::freedman_diaconis(&[&values]).ok()?;
    let heights = histogram.density(0)?;
    let mean = outcome.estimate("dissipated_energy_mean")?.value;
    let panel = Panel::new(
        "",
        Axis::linear("dissipated energy per cycle", energy_unit(outcome)),
        Axis::linear("probability density", Unit::of("1/eV")),
    )
    .with(Mark::Bars { name: "pixels".to_owned(), role: Role::Data, edges: histogram.edges, heights })
    .with(Mark::Rule { name: "mean".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at: mean });
    Some(Figure {
        key: "energy_distribution".to_owned(),
        title: "Distribution of the dissipated energy".to_owned(),
        caption: format!("Probability density over the pixels of the image. {reference}"),
        panels: vec![panel],
    })
}

fn profiles(outcome: &Outcome, reference: &str) -> Option<Figure> {
    let energy = outcome.map("dissipated_energy")?;
    let lag = outcome.map("phase_lag")?;
    let (rows, columns) = energy.shape();
    let (pitch, unit) = match energy.pixel_pitch() {
        Ok((_, pitch)) => (pitch, Unit::of("m").preferred(pitch * columns as f64)),
        Err(_) => (1.0, Unit::of("px")),
    };
    let x: Vec<f64> = (0..columns).map(|i| (i as f64 + 0.5) * pitch).collect();
    let row = |map: &Map| map.values.row(rows / 2).mapv(|value| map.unit.to_si(value)).to_vec();
    let panel = |map: &Map, label: &str, shown: Unit| {
        Panel::new("", Axis::linear("x", unit.clone()), Axis::linear(label, shown)).with(Mark::line(
            "",
            Role::Data,
            x.clone(),
            row(map),
        ))
    };
    let heights = outcome.maps.iter().filter(|map| map.quantity.starts_with("height"));
    let mut panels: Vec<Panel> = heights.map(|map| panel(map, "height", Unit::of("nm"))).collect();
    panels.push(panel(lag, "lag", Unit::of("deg")));
    panels.push(panel(energy, "dissipated energy", energy_unit(outcome)));
    Some(Figure {
        key: "profiles".to_owned(),
        title: "Profiles along the middle row".to_owned(),
        caption: format!("The same row of each map. {reference}"),
        panels,
    })
}
