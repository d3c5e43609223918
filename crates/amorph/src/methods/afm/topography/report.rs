//! Levelled height, corrected phase, and how much the correction took.

use ndarray::Array2;

use super::algorithm::{CrossTalk, Term, cross_talk, topography_terms};
use super::{Input, Topography, TopographyError};
use crate::core::data::{Map, Table};
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Scale};
use crate::core::image::{polynomial_background, row_offsets};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::unit::Unit;
use crate::method::MethodError;

/// Share of variance above which the correction is worth a warning.
const STRONG: f64 = 0.1;

pub(super) fn outcome(method: &Topography, input: &Input<'_>) -> Result<Outcome, MethodError> {
    let mut outcome = Outcome::default();
    let (levelled, roughness) = level(method, input.height)?;
    let why = "the roughness of this image; its error is the variation between sites";
    outcome.estimates.push(Estimate::without_interval("roughness_rms", "Rq", roughness, "m", why));
    if let Some(done) = &input.height.levelled_by_instrument {
        let message = format!("the instrument had levelled the height already: {done}");
        outcome.notes.push(Note::info("levelled_by_instrument", message));
    }
    if let Some(phase) = input.phase {
        correct(method, input, phase, &levelled, &mut outcome);
    } else {
        outcome.notes.push(Note::info("no_phase", "there is no phase map; only the height was levelled"));
    }
    outcome.maps.insert(0, derived(input.height, "height_levelled", "m", levelled));
    outcome.figures = vec![figure(&outcome)];
    Ok(outcome)
}

/// The levelled height, m, and the root mean square of the height over its plane.
fn level(method: &Topography, height: &Map) -> Result<(Array2<f64>, f64), TopographyError> {
    let metres = height.values.mapv(|value| height.unit.to_si(value));
    let valid = height.valid();
    let level = |degree: usize| polynomial_background(&metres.view(), Some(&valid.view()), degree, method.robust);
    let over_plane = kept(&level(1)?.values, &valid);
    let mut levelled = if method.degree == 1 { over_plane.clone() } else { kept(&level(method.degree)?.values, &valid) };
    if method.height_row_offsets {
        levelled = row_offsets(&levelled.view(), None).values;
    }
    let finite = || over_plane.iter().filter(|value| value.is_finite());
    let n = finite().count() as f64;
    let mean = finite().sum::<f64>() / n;
    Ok((levelled, (finite().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt()))
}

fn kept(values: &Array2<f64>, valid: &Array2<bool>) -> Array2<f64> {
    ndarray::Zip::from(values).and(valid).map_collect(|&value, &valid| if valid { value } else { f64::NAN })
}

fn derived(source: &Map, quantity: &str, unit: &str, values: Array2<f64>) -> Map {
    Map { direction: source.direction, ..Map::new(quantity, values, Unit::of(unit), source.extent.clone()) }
}

fn correct(method: &Topography, input: &Input<'_>, phase: &Map, levelled: &Array2<f64>, outcome: &mut Outcome) {
    let mut terms = topography_terms(levelled.view(), input.pitch);
    if let Some(error) = input.amplitude_error {
        let unit = if error.unit.is_compatible(&Unit::of("m")) { "m" } else { "V" };
        let values = kept(&error.values.mapv(|value| error.unit.to_si(value)), &error.valid());
        terms.push(Term { name: "amplitude_error", unit, values });
    }
    let values = kept(&phase.values, &phase.valid());
    let Some(found) = cross_talk(values.view(), &terms, method.phase_row_offsets) else {
        let message = "the topography terms are not independent of one another, or too few pixels are usable: no correction";
        outcome.notes.push(Note::refused("no_cross_talk_fit", message));
        return;
    };
    let why = "a description of this image; the cross-validated share tells how far it can be trusted";
    let share = |key: &str, symbol: &str, value: f64| Estimate::without_interval(key, symbol, value, "", why).n(found.n as f64);
    outcome.estimates.push(share("crosstalk_r2", "R²", found.r_squared));
    outcome.estimates.push(share("crosstalk_r2_cross_validated", "R²_cv", found.r_squared_cross_validated));
    outcome.tables.push(coefficients(&terms, &found, &phase.unit));
    outcome.notes.extend(notes(&found));
    outcome.maps.push(derived(phase, "phase_corrected", phase.unit.symbol(), found.corrected));
}

fn coefficients(terms: &[Term], found: &CrossTalk, phase: &Unit) -> Table {
    let symbol = phase.symbol();
    let unit = |term: &Term| match term.unit {
        "" => symbol.to_owned(),
        "1/m" => format!("{symbol} m"),
        other => format!("{symbol}/{other}"),
    };
    let in_radians = |values: &[f64]| values.iter().map(|value| phase.to_si(*value)).collect();
    Table::new("crosstalk_coefficients", "Regression of the phase on the topography (Huber weights)")
        .with_text("term", terms.iter().map(|term| term.name.to_owned()).collect())
        .with_numbers("coefficient", "", found.coefficients.clone())
        .with_text("unit", terms.iter().map(unit).collect())
        .with_numbers("contribution_sd", "rad", in_radians(&found.contributions))
}

fn notes(found: &CrossTalk) -> Vec<Note> {
    let mut notes = vec![Note::info(
        "over_correction",
        "the correction also takes real contrast that happens to follow the topography: compare results with phase = \"as_measured\" and \"corrected\"",
    )];
    if found.r_squared > STRONG {
        notes.push(Note::warning(
            "topography_in_phase",
            format!(
                "{:.0} % of the variance of the phase follows from height, slope and curvature ({:.0} % in tiles left out of the fit)",
                100.0 * found.r_squared,
                100.0 * found.r_squared_cross_validated
            ),
        ));
    }
    if found.r_squared_cross_validated < 0.0 {
        let message =
            "the regression predicts tiles that it has not seen worse than their mean: do not use the corrected phase";
        notes.push(Note::warning("cross_talk_not_stationary", message));
    }
    notes
}

fn figure(outcome: &Outcome) -> Figure {
    let panel = |map: &Map| {
        let width = map.size().map_or(map.shape().1 as f64, |(width, _)| width);
        let axis = Unit::of("m").preferred(width);
        let height = map.quantity == "height_levelled";
        let (label, unit, palette) = match height {
            true => ("Levelled height", Unit::of("nm"), Palette::Topography),
            false => ("Corrected phase", Unit::of("deg"), Palette::Sequential),
        };
        let colour = ColourAxis { label: label.to_owned(), unit, range: None, palette, scale: Scale::Linear };
        Panel::map(label, Axis::linear("x", axis.clone()), Axis::linear("y", axis))
            .with(Mark::Image { map: map.quantity.clone(), colour })
    };
    Figure {
        key: "maps".to_owned(),
        title: "Levelled height and corrected phase".to_owned(),
        caption: "Height after removal of the background, and the phase freed of what height, slope and curvature explain."
            .to_owned(),
        panels: outcome.maps.iter().map(panel).collect(),
    }
}
