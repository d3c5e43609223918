//! Map, numbers with their two kinds of error, and notes.

use super::{FrequencyModulation, FrequencyModulationError, Input};
use crate::core::data::Map;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Scale};
use crate::core::image::spatial_mean;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::Unit;
use crate::method::MethodError;
use crate::methods::afm::dissipation::algorithm::Spread;

pub(super) fn outcome(method: &FrequencyModulation, input: &Input<'_>) -> Result<Outcome, MethodError> {
    let energy = input.excitation_ratio.mapv(|ratio| input.cantilever.energy(ratio));
    let spread = Spread::of(&energy);
    let ratio = Spread::of(&input.excitation_ratio);
    if spread.fraction_negative > method.max_negative_fraction {
        let (fraction, allowed) = (spread.fraction_negative, method.max_negative_fraction);
        return Err(FrequencyModulationError::NegativeEnergy { fraction, allowed, mean_ratio: ratio.mean }.into());
    }
    let map = Map {
        direction: input.map.direction,
        ..Map::new("dissipated_energy", energy, Unit::of("J"), input.map.extent.clone())
    };
    Ok(Outcome {
        estimates: estimates(input, &map, &spread, &ratio),
        figures: vec![figure(&map, &spread)],
        notes: notes(input),
        maps: vec![map],
        ..Outcome::default()
    })
}

fn estimates(input: &Input<'_>, map: &Map, spread: &Spread, ratio: &Spread) -> Vec<Estimate> {
    let spatial = spatial_mean(map.values.view(), map.pixel_pitch().unwrap_or((1.0, 1.0)));
    let mean = match spatial.and_then(|spatial| spatial.interval) {
        Some(ends) => Estimate::with_interval("dissipated_energy_mean", "⟨E⟩", spread.mean, "J", ends, Basis::Replicate),
        None => {
            let why = spatial.map_or("all pixels are equal".to_owned(), |spatial| spatial.no_interval());
            Estimate::without_interval("dissipated_energy_mean", "⟨E⟩", spread.mean, "J", &why)
        }
    };
    let mean = match spatial {
        Some(spatial) => mean.std_error(spatial.std_error).n(spatial.n_effective),
        None => mean,
    };
    let [spring, quality, amplitude, free] = input.relative_errors.map(|error| error.unwrap_or(0.0));
    let loss = input.cantilever.intrinsic_loss();
    let common = spring.hypot(quality).hypot(2.0 * amplitude);
    // Exc0 divides the excitation: its error acts on the ratio, not on the difference.
    let of_mean = (spread.mean * common).hypot(loss * ratio.mean * free);
    let of_spread = spread.sd * common.hypot(free);
    let stated = input.relative_errors.iter().any(Option::is_some);
    let with = |estimate: Estimate, error: f64| if stated { estimate.systematic_error(error) } else { estimate };
    let described = "a description of this image; dafm.distribution gives intervals of spread and shape";
    let counted = "a count over the pixels of this image";
    vec![
        with(mean, of_mean),
        with(Estimate::without_interval("dissipated_energy_sd", "σ_E", spread.sd, "J", described), of_spread),
        Estimate::without_interval("excitation_ratio_mean", "⟨Exc/Exc0⟩", ratio.mean, "", described),
        with(Estimate::without_interval("intrinsic_loss", "E0", loss, "J", "computed from the constants"), loss * common),
        Estimate::without_interval("fraction_negative", "f_neg", spread.fraction_negative, "", counted),
    ]
}

fn notes(input: &Input<'_>) -> Vec<Note> {
    let assumed = "the drive is at resonance and the amplitude constant, and the actuator answers in proportion to the excitation; the energy of a poor \
                   phase lock or of a resonance of the actuator looks like dissipation";
    let mut notes = vec![Note::info("assumptions", assumed)];
    let names = ["spring_constant", "quality_factor", "oscillation_amplitude", "excitation_free"];
    let missing: Vec<&str> =
        names.into_iter().zip(&input.relative_errors).filter(|(_, error)| error.is_none()).map(|(name, _)| name).collect();
    if !missing.is_empty() {
        let message = format!(
            "stated without an error, and so absent from the systematic error: {}. Write them as \"40 +- 4 N/m\"",
            missing.join(", ")
        );
        notes.push(Note::warning("constants_without_error", message));
    }
    notes
}

fn figure(map: &Map, spread: &Spread) -> Figure {
    let width = map.size().map_or(map.shape().1 as f64, |(width, _)| width);
    let axis = if map.extent.is_some() { Unit::of("m").preferred(width) } else { Unit::of("px") };
    let colour = ColourAxis {
        label: "dissipated energy per cycle".to_owned(),
        unit: Unit::of("J").preferred(spread.mean),
        range: None,
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    let panel = Panel::map("", Axis::linear("x", axis.clone()), Axis::linear("y", axis))
        .with(Mark::Image { map: map.quantity.clone(), colour });
    Figure {
        key: "maps".to_owned(),
        title: "Energy dissipated per cycle".to_owned(),
        caption: "Energy that the sample takes in a cycle, from the excitation that keeps the amplitude.".to_owned(),
        panels: vec![panel],
    }
}
