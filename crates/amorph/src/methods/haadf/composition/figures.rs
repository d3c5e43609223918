//! The sum of all spectra at the edges, the fractions with what counting gives alone, and the map.

use super::algorithm::Fluctuation;
use super::report::{ELEMENTS, Edge, FRACTION_MAP};
use crate::core::data::Map;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, Scale};
use crate::core::unit::Unit;

/// Bars of the histogram.
const BARS: usize = 40;

pub(super) fn all(edges: &[Edge; 2], fractions: &[f64], found: Option<&Fluctuation>, map: Option<&Map>) -> Vec<Figure> {
    let mut figures = vec![spectra(edges)];
    figures.extend(found.and_then(|found| histogram(fractions, found)));
    figures.extend(map.filter(|map| map.quantity == FRACTION_MAP).map(fraction_map));
    figures
}

fn spectra(edges: &[Edge; 2]) -> Figure {
    let panels = ELEMENTS.into_iter().zip(edges).map(|(element, edge)| {
        let unit = Unit::of("eV");
        let energy: Vec<f64> = edge.energy.iter().map(|e| unit.to_si(*e)).collect();
        let panel = Panel::new(element, Axis::linear("energy loss", unit), Axis::linear("electrons per channel", Unit::one()))
            .with(Mark::line("sum of all spectra", Role::Data, energy.clone(), edge.total.clone()));
        match &edge.background {
            Some(law) => {
                let background = edge.ln_energy.iter().map(|x| law.at(*x)).collect();
                panel.with(Mark::line("background", Role::Model, energy, background))
            }
            None => panel,
        }
    });
    Figure {
        key: "edges".to_owned(),
        title: "Ionisation edges".to_owned(),
        caption: "Sum of all spectra from the background window to the end of the signal window, and the power law fitted before the edge.".to_owned(),
        panels: panels.collect(),
    }
}

fn histogram(fractions: &[f64], found: &Fluctuation) -> Option<Figure> {
    let reach = 4.0 * found.observed.max(found.counting);
    if !(reach > 0.0 && reach.is_finite()) {
        return None;
    }
    let (first, width) = (found.mean - reach, 2.0 * reach / BARS as f64);
    let edges: Vec<f64> = (0..=BARS).map(|i| first + width * i as f64).collect();
    let mut heights = vec![0.0; BARS];
    for value in fractions {
        let bar = (value - first) / width;
        if (0.0..BARS as f64).contains(&bar) {
            heights[bar as usize] += 1.0;
        }
    }
    let x: Vec<f64> = (0..=200).map(|i| first + 2.0 * reach * f64::from(i) / 200.0).collect();
    let peak = found.n as f64 * width / (found.counting * std::f64::consts::TAU.sqrt());
    let y = x.iter().map(|x| peak * (-0.5 * ((x - found.mean) / found.counting).powi(2)).exp()).collect();
    let panel = Panel::new("", Axis::linear("atomic fraction of A", Unit::one()), Axis::linear("positions", Unit::one()))
        .with(Mark::Bars { name: "measured".to_owned(), role: Role::Data, edges, heights })
        .with(Mark::line("counting alone", Role::Null, x, y));
    Some(Figure {
        key: "fraction_histogram".to_owned(),
        title: "Atomic fractions".to_owned(),
        caption:
            "Fractions of A over the field, and what a field of one composition would give by counting and background alone."
                .to_owned(),
        panels: vec![panel],
    })
}

fn fraction_map(map: &Map) -> Figure {
    let unit = || if map.extent.is_some() { Unit::of("nm") } else { Unit::one() };
    let colour = ColourAxis {
        label: "atomic fraction of A".to_owned(),
        unit: Unit::one(),
        range: None,
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    Figure {
        key: "fraction_map".to_owned(),
        title: "Composition".to_owned(),
        caption: "Atomic fraction of A at every position; empty where it is not known.".to_owned(),
        panels: vec![
            Panel::map("", Axis::linear("x", unit()), Axis::linear("y", unit()))
                .with(Mark::Image { map: FRACTION_MAP.to_owned(), colour }),
        ],
    }
}
