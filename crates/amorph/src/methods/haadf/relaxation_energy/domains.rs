//! Whether the distance over which places relax alike changes with temperature.

use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::stats::student_t_tail;
use crate::core::unit::{Unit, format_significant};

/// Fewest temperatures for a slope with an error.
const FEWEST: usize = 3;
/// Below this p value a change is named.
const NAMED: f64 = 0.05;

/// Relaxation times in space at a temperature.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Domain {
    /// K.
    pub temperature: f64,
    /// Distance over which places relax alike, in `unit`; NaN where none is known.
    length: f64,
    /// Diameter of slow regions, in `unit`.
    size: f64,
    /// Metres, or none where lengths are places of the map.
    unit: Unit,
}

impl Domain {
    /// `None` where neighbours relax no more alike than others.
    pub fn of(temperature: f64, map: &Outcome) -> Option<Self> {
        let size = map.estimate("slow_domain_size")?;
        let length = map.estimate("tau0_correlation_length").map_or(f64::NAN, |length| length.value);
        Some(Self { temperature, length, size: size.value, unit: size.unit.clone() })
    }
}

/// `ln xi = a + b T` by least squares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Growth {
    /// b, 1/K.
    pub slope: f64,
    /// Its standard error from the scatter, 1/K.
    pub error: f64,
    /// Two-sided probability of as large a slope where there is none.
    pub p: f64,
    centre: f64,
    ln_length: f64,
}

/// The line through the logarithms of lengths, all with the same weight; `None` with fewer than three temperatures.
pub(super) fn growth(points: &[(f64, f64)]) -> Option<Growth> {
    let n = points.len() as f64;
    let centre = points.iter().map(|(t, _)| t).sum::<f64>() / n;
    let ln_length = points.iter().map(|(_, length)| length.ln()).sum::<f64>() / n;
    let spread: f64 = points.iter().map(|(t, _)| (t - centre).powi(2)).sum();
    let mut temperatures: Vec<f64> = points.iter().map(|(t, _)| *t).collect();
    temperatures.sort_by(f64::total_cmp);
    temperatures.dedup();
    if temperatures.len() < FEWEST {
        return None;
    }
    let slope = points.iter().map(|(t, length)| (t - centre) * (length.ln() - ln_length)).sum::<f64>() / spread;
    let left: f64 = points.iter().map(|(t, length)| (length.ln() - ln_length - slope * (t - centre)).powi(2)).sum();
    let error = (left / (n - 2.0) / spread).sqrt();
    let p = (2.0 * student_t_tail((slope / error).abs(), n - 2.0).ok()?).min(1.0);
    Some(Growth { slope, error, p, centre, ln_length })
}

/// Adds what the domains say.
pub(super) fn add(domains: &[Domain], outcome: &mut Outcome) {
    let Some(first) = domains.first() else { return };
    let same: Vec<&Domain> = domains.iter().filter(|domain| domain.unit == first.unit).collect();
    if same.len() < domains.len() {
        let message = "some series have a pixel size and others none: lengths of relaxing regions are not compared";
        outcome.notes.push(Note::warning("lengths_in_two_units", message));
        return;
    }
    let column = |of: &dyn Fn(&Domain) -> f64| domains.iter().map(of).collect::<Vec<f64>>();
    let unit = if first.unit == Unit::of("m") { "m" } else { "" };
    outcome.tables.push(
        Table::new("domains", "How far places relax alike, and the size of slow regions, by temperature")
            .with_numbers("temperature", "K", column(&|domain| domain.temperature))
            .with_numbers("tau0_correlation_length", unit, column(&|domain| domain.length))
            .with_numbers("slow_domain_size", unit, column(&|domain| domain.size)),
    );
    let points: Vec<(f64, f64)> =
        domains.iter().filter(|domain| domain.length > 0.0).map(|domain| (domain.temperature, domain.length)).collect();
    let Some(found) = growth(&points) else {
        let message =
            format!("{} series have a distance over which places relax alike: no change with temperature", points.len());
        outcome.notes.push(Note::info("no_domain_growth", message));
        return;
    };
    let n = points.len() as f64;
    let seldom =
        "the interval from the scatter about the line covers too seldom where the length changes; p_domain_growth is the test";
    let slope = Estimate::without_interval("domain_growth", "d ln ξ_τ/dT", found.slope, "1/K", seldom);
    let p = Estimate::without_interval("p_domain_growth", "p", found.p, "", "a probability, counted without error");
    outcome.estimates.extend([slope.std_error(found.error).n(n), p.n(n)]);
    if found.p <= NAMED {
        let change = if found.slope < 0.0 { "grows on cooling" } else { "shrinks on cooling" };
        let message = format!(
            "the distance over which places relax alike {change}, by {} % per kelvin (p = {})",
            format_significant(100.0 * found.slope.abs(), 2),
            format_significant(found.p, 2)
        );
        outcome.notes.push(Note::info("domain_growth", message));
    }
    outcome.figures.push(figure(&points, &found, unit == "m"));
}

fn figure(points: &[(f64, f64)], found: &Growth, in_metres: bool) -> Figure {
    let axis = if in_metres { Axis::log("distance", Unit::of("nm")) } else { Axis::log("distance (places)", Unit::one()) };
    let (x, y): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let line = x.iter().map(|t| (found.ln_length + found.slope * (t - found.centre)).exp()).collect();
    Figure {
        key: "domain_growth".to_owned(),
        title: "How far places relax alike".to_owned(),
        caption: "Distance over which the correlation of ln tau falls to 1/e at each temperature, and the line through their logarithms."
            .to_owned(),
        panels: vec![
            Panel::new("", Axis::linear("temperature", Unit::of("K")), axis)
                .with(Mark::points("", Role::Data, x.clone(), y))
                .with(Mark::line("", Role::Model, x, line)),
        ],
    }
}
