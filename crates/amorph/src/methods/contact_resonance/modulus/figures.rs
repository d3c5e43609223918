use super::Input;
use super::algorithm::{Converter, Moduli};
use super::report::{Results, other};
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::outcome::Outcome;
use crate::core::stats::{Histogram, median};
use crate::core::unit::Unit;
use crate::methods::contact_resonance::Geometry;
use crate::methods::contact_resonance::lever::wave_number;
use crate::methods::contact_resonance::statistics::Layout;

pub(super) fn figures(input: &Input, results: &Results, outcome: &Outcome) -> Vec<Figure> {
    let mut figures = Vec::new();
    if matches!(input.readings.layout, Layout::Map(_)) {
        let shown = if outcome.map("indentation_modulus").is_some() { "indentation_modulus" } else { "stiffness_ratio" };
        figures.push(map_figure(shown));
    }
    if let Some(moduli) = &results.moduli {
        figures.extend(histogram(results, input, moduli));
        figures.extend(modulus_against_stiffness(input, results));
    }
    figures.push(dispersion(input, results));
    figures
}

fn map_figure(quantity: &str) -> Figure {
    let is_modulus = quantity == "indentation_modulus";
    let unit = if is_modulus { Unit::of("GPa") } else { Unit::one() };
    let label = if is_modulus { "indentation modulus" } else { "contact stiffness over that of the lever" };
    let colour = ColourAxis { label: label.to_owned(), unit, range: None, palette: Palette::Sequential, scale: Scale::Linear };
    let axis = |name: &str| Axis::linear(name, Unit::of("nm"));
    Figure {
        key: format!("{quantity}_map"),
        title: if is_modulus { "Indentation modulus".to_owned() } else { "Contact stiffness".to_owned() },
        caption: "From the contact-resonance frequencies; pixels without a solution are left blank.".to_owned(),
        panels: vec![Panel::map("", axis("x"), axis("y")).with(Mark::Image { map: quantity.to_owned(), colour })],
    }
}

fn finite(moduli: &Moduli) -> Vec<f64> {
    moduli.indentation.iter().copied().filter(|value| value.is_finite()).collect()
}

fn histogram(results: &Results, input: &Input, moduli: &Moduli) -> Option<Figure> {
    let both: Vec<(Geometry, Vec<f64>)> = std::iter::once((input.geometry, finite(moduli)))
        .chain(results.other.as_ref().map(|moduli| (other(input.geometry), finite(moduli))))
        .collect();
    let samples: Vec<&[f64]> = both.iter().map(|(_, values)| values.as_slice()).collect();
    let histogram = Histogram::freedman_diaconis(&samples).ok()?;
    let unit = Unit::of("GPa");
    let mut panel =
        Panel::new("", Axis::linear("indentation modulus", unit), Axis::linear("probability density", Unit::of("1/GPa")));
    for (index, (geometry, _)) in both.iter().enumerate() {
        panel = panel.with(Mark::Bars {
            name: geometry.name().to_owned(),
            role: if index == 0 { Role::Data } else { Role::Series(1) },
            edges: histogram.edges.clone(),
            heights: histogram.density(index)?,
        });
    }
    Some(Figure {
        key: "modulus_distribution".to_owned(),
        title: "Distribution of the indentation modulus".to_owned(),
        caption: "Over the pixels, for a round and for a flat tip: the shape of the contact is the largest choice. Noise of the measurement widens both.".to_owned(),
        panels: vec![panel],
    })
}

/// Modulus against stiffness for both shapes, over the measured range.
fn modulus_against_stiffness(input: &Input, results: &Results) -> Option<Figure> {
    let ratios: Vec<f64> = results.converted.ratio.iter().copied().filter(|ratio| ratio.is_finite()).collect();
    let centre = median(&ratios).ok()?;
    let spring = results.converter.spring_constant_at_tip;
    let (label, unit) = match spring {
        Some(_) => ("contact stiffness", Unit::of("N/m")),
        None => ("contact stiffness over that of the lever", Unit::one()),
    };
    let x: Vec<f64> = (0..=120).map(|i| centre * (0.4 + 0.01 * f64::from(i))).collect();
    let shown: Vec<f64> = x.iter().map(|ratio| ratio * spring.unwrap_or(1.0)).collect();
    let mut panel = Panel::new("", Axis::linear(label, unit), Axis::linear("indentation modulus", Unit::of("GPa")));
    let most = median(&finite(results.moduli.as_ref()?)).ok()? * 4.0;
    for (series, geometry) in [(0, Geometry::Sphere), (1, Geometry::Flat)] {
        if geometry != input.geometry && results.other.is_none() {
            continue;
        }
        let modulus = |ratio: &f64| {
            let reduced = results.converter.reduced_modulus(*ratio, 0.5, geometry);
            results.converter.indentation_modulus(reduced).filter(|modulus| *modulus < most).unwrap_or(f64::NAN)
        };
        panel = panel.with(Mark::line(geometry.name(), Role::Series(series), shown.clone(), x.iter().map(modulus).collect()));
    }
    panel = panel.with(Mark::Rule {
        name: "median".to_owned(),
        role: Role::Data,
        axis: RuleAxis::X,
        at: centre * spring.unwrap_or(1.0),
    });
    Some(Figure {
        key: "modulus_against_stiffness".to_owned(),
        title: "Modulus against contact stiffness".to_owned(),
        caption: "The conversion for both shapes of the contact; it steepens without bound where the sample becomes stiffer than the tip.".to_owned(),
        panels: vec![panel],
    })
}

/// Frequency of every mode against stiffness: where a curve is flat, the mode does not feel the contact.
fn dispersion(input: &Input, results: &Results) -> Figure {
    let converter: &Converter = &results.converter;
    let mut panel = Panel::new(
        "",
        Axis::log("contact stiffness over that of the lever", Unit::one()),
        Axis::linear("frequency over that of the free lever", Unit::one()),
    );
    let lever = crate::methods::contact_resonance::lever::Lever { tip_position: input.calibration.tip_position };
    for (series, branch) in converter.branches.iter().enumerate() {
        let place = |i: i32| branch.free + (branch.pinned - branch.free) * f64::from(i) / 400.0;
        let points = (1..400).map(|i| {
            let frequency = place(i);
            (lever.stiffness(wave_number(branch.mode, frequency, branch.free)).ratio, frequency / branch.free)
        });
        let (x, y): (Vec<f64>, Vec<f64>) = points.filter(|(ratio, _)| (0.1..1e4).contains(ratio)).unzip();
        let role = Role::Series(series as u16);
        panel = panel.with(Mark::line(&format!("mode {}", branch.mode), role, x, y));
        let mode = input.readings.modes.iter().find(|mode| mode.mode == branch.mode);
        let measured: Vec<f64> =
            mode.into_iter().flat_map(|mode| mode.frequency.iter().copied()).filter(|f| f.is_finite()).collect();
        if let Ok(frequency) = median(&measured)
            && let super::algorithm::Solution::Found { ratio, .. } = converter.solve(branch, frequency)
        {
            panel = panel.with(Mark::points("", role, vec![ratio], vec![frequency / branch.free]));
        }
    }
    Figure {
        key: "frequency_against_stiffness".to_owned(),
        title: "Frequency against contact stiffness".to_owned(),
        caption: "The modes of the lever with this tip position; points are the medians of the map. A flat curve does not feel the contact.".to_owned(),
        panels: vec![panel],
    }
}
