//! Numbers, notes and tables.

use super::algorithm::{Arrhenius, Vogel, arrhenius, expected_error, vogel};
use super::{Input, Region, domains, figures};
use crate::core::constants::BOLTZMANN;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::{Unit, format_significant};

/// Scatter about the line, over the errors of the times, above which other errors are at work.
const ROUGH: f64 = 2.0;

/// A region with its laws.
pub(super) struct Fitted<'a> {
    /// The region.
    pub region: &'a Region,
    /// Its line.
    pub line: Arrhenius,
    vogel: Option<Vogel>,
    expected: f64,
}

pub(super) fn outcome(input: &Input) -> Outcome {
    let fitted: Vec<Fitted<'_>> = input
        .regions
        .iter()
        .filter_map(|region| {
            let points = &region.points;
            Some(Fitted { region, line: arrhenius(points)?, vogel: vogel(points), expected: expected_error(points) })
        })
        .collect();
    let mut outcome = Outcome {
        estimates: fitted.iter().flat_map(|fitted| estimates(fitted, input.glass_transition)).collect(),
        notes: notes(input, &fitted),
        tables: vec![table(&fitted)],
        figures: vec![figures::arrhenius(&fitted)],
        ..Outcome::default()
    };
    domains::add(&input.domains, &mut outcome);
    outcome
}

fn estimates(fitted: &Fitted<'_>, glass_transition: Option<f64>) -> Vec<Estimate> {
    let Fitted { region, line, .. } = fitted;
    let n = region.points.len() as f64;
    let key = |name: &str| format!("{name}{}", region.suffix);
    let of = |symbol: &str| format!("{symbol}{}", region.suffix);
    let with = |name: &str, symbol: &str, unit: &str, scale: f64| {
        let value = line.energy * scale;
        let estimate = match line.half {
            Some(half) => {
                let ends = (value - half * scale, value + half * scale);
                Estimate::with_interval(&key(name), symbol, value, unit, ends, Basis::Replicate)
            }
            None => {
                Estimate::without_interval(&key(name), symbol, value, unit, "two temperatures leave no scatter to judge by")
            }
        };
        estimate.std_error(line.energy_error * scale).n(n)
    };
    let mut estimates = vec![with("relaxation_energy", &of("E"), "J", 1.0)];
    if let Some(tg) = glass_transition {
        estimates.push(with("reduced_energy", &format!("{}/RTg", of("E")), "", 1.0 / (BOLTZMANN * tg)));
    }
    if let Some(vogel) = &fitted.vogel {
        let why = "the temperature of the law is not known from times over a short range";
        let estimate = Estimate::without_interval(&key("vogel_temperature"), &of("T_0"), vogel.temperature, "K", why);
        estimates.push(estimate.std_error(vogel.errors[1]).n(n));
    }
    estimates
}

fn table(fitted: &[Fitted<'_>]) -> Table {
    let mut region = Vec::new();
    let mut columns: [Vec<f64>; 4] = Default::default();
    for fitted in fitted {
        for point in &fitted.region.points {
            region.push(fitted.region.name.to_owned());
            let row = [point.temperature, point.tau, point.tau * point.ln_error, fitted.line.tau(point.temperature)];
            columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
        }
    }
    let [temperature, tau, error, line] = columns;
    Table::new("times", "Relaxation times by temperature, and the lines of Arrhenius")
        .with_text("region", region)
        .with_numbers("temperature", "K", temperature)
        .with_numbers("tau0", "s", tau)
        .with_numbers("std_error", "s", error)
        .with_numbers("arrhenius", "s", line)
}

fn notes(input: &Input, fitted: &[Fitted<'_>]) -> Vec<Note> {
    let electronvolts = |joules: f64| format_significant(Unit::of("eV").convert_si(joules), 2);
    let mut notes = Vec::new();
    for Fitted { region, line, expected, .. } in fitted {
        let (first, last) = (region.points.first(), region.points.last());
        let range = first.zip(last).map_or(0.0, |(first, last)| last.temperature - first.temperature);
        let message = format!(
            "{}: {} times over {} K; their own errors allow a standard error of the energy of {} eV, before any fit",
            region.name,
            region.points.len(),
            format_significant(range, 3),
            electronvolts(*expected)
        );
        notes.push(Note::info("expected_error", message));
        if line.scatter > ROUGH {
            let message = format!(
                "{}: the times scatter about the line {} times as much as their errors say; temperatures, damage or a curved law are in it",
                region.name,
                format_significant(line.scatter, 2)
            );
            notes.push(Note::warning("scatter_beyond_errors", message));
        }
    }
    if !input.left_out.is_empty() {
        notes.push(Note::warning("left_out", format!("left out: {}", input.left_out.join("; "))));
    }
    if input.glass_transition.is_none() {
        notes.push(Note::info("no_reduced_energy", "for energies over R Tg state glass_transition_temperature"));
    }
    notes
}
