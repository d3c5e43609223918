//! Figures of the relaxation.

use super::algorithm::Threshold;
use super::report::{POLYCRYSTAL, Row};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;
use crate::literature;

/// Published activation volumes with the rates of plastic strain that they stand for, 1/s: entries of the literature table, which has no
/// rates.
const PUBLISHED: [(&str, &str, [f64; 2]); 2] =
    [("LIT021", "on-chip, Idrissi et al.", [1e-9, 1e-7]), ("LIT023", "nano-indentation, Idrissi et al.", [1e-2, 1e-1])];

/// Displacement over time of the structures that gain most.
pub(super) fn displacements(rows: &[Row<'_>]) -> Figure {
    let mut order: Vec<&Row<'_>> = rows.iter().collect();
    order.sort_by(|a, b| b.relaxing.loss.total_cmp(&a.relaxing.loss));
    let axes = (Axis::log("time", Unit::of("h")), Axis::linear("gain of displacement", Unit::of("nm")));
    let mut panel = Panel::new("", axes.0, axes.1);
    let shown = 6.min(order.len());
    for (number, place) in (0..shown).enumerate() {
        // From the one that gains most to the one that gains least.
        let row = order[place * (order.len() - 1) / (shown - 1).max(1)];
        let readings = &row.specimen.readings;
        let x: Vec<f64> = readings.iter().map(|reading| reading.time).collect();
        let first = row.fitted.law.start + row.fitted.law.gain * x[0].ln();
        let interval = |value: f64, error: f64| [value - 1.96 * error, value + 1.96 * error];
        panel = panel
            .with(Mark::Points {
                name: format!("{}, {:.2} GPa", row.specimen.name, 1e-9 * row.relaxing.stress),
                role: Role::Series(number as u16),
                x: x.clone(),
                y: readings.iter().map(|reading| reading.displacement - first).collect(),
                x_interval: Vec::new(),
                y_interval: readings.iter().map(|r| interval(r.displacement - first, r.error)).collect(),
            })
            .with(Mark::line(
                "",
                Role::Series(number as u16),
                x.clone(),
                x.iter().map(|time| row.fitted.law.gain * (time / x[0]).ln()).collect(),
            ));
    }
    Figure {
        key: "displacement".to_owned(),
        title: "Gain of displacement".to_owned(),
        caption: "Displacement of six structures since the first reading, from the one that gains most to the one that gains least, with 95 % intervals and the logarithmic law.".to_owned(),
        panels: vec![panel],
    }
}

/// Loss of stress per unit of ln t against the stress.
pub(super) fn losses(rows: &[Row<'_>], threshold: Option<&Threshold>) -> Figure {
    let axes = (
        Axis::linear("stress at the first reading", Unit::of("GPa")),
        Axis::linear("stress lost per unit of ln t", Unit::of("MPa")),
    );
    let interval = |value: f64, error: f64| [value - 1.96 * error, value + 1.96 * error];
    let mut panel = Panel::new("", axes.0, axes.1).with(Mark::Points {
        name: "structures".to_owned(),
        role: Role::Data,
        x: rows.iter().map(|row| row.relaxing.stress).collect(),
        y: rows.iter().map(|row| row.relaxing.loss).collect(),
        x_interval: Vec::new(),
        y_interval: rows.iter().map(|row| interval(row.relaxing.loss, row.relaxing.error)).collect(),
    });
    if let Some(found) = threshold {
        let highest = rows.iter().map(|row| row.relaxing.stress).fold(found.value, f64::max);
        let lowest = rows.iter().map(|row| row.relaxing.stress).fold(found.value, f64::min);
        panel = panel
            .with(Mark::line(
                "none below, in proportion above",
                Role::Model,
                vec![lowest, found.value, found.value, highest],
                vec![0.0, 0.0, found.sensitivity * found.value, found.sensitivity * highest],
            ))
            .with(Mark::Rule { name: "threshold".to_owned(), role: Role::Reference, axis: RuleAxis::X, at: found.value });
    }
    Figure {
        key: "threshold".to_owned(),
        title: "Loss of stress against stress".to_owned(),
        caption:
            "Stress that every structure loses per unit of ln t over its stress at the first reading, with 95 % intervals, and the threshold where one is told."
                .to_owned(),
        panels: vec![panel],
    }
}

/// Activation volume over the rate, beside what is published, and what the Taylor factor makes of it. Rows are rates at the first and the
/// last reading, volume and its standard error; `volume_of_one` is that for a Taylor factor of one with its interval.
pub(super) fn rate_regimes(rows: &[[f64; 4]], volume_of_one: [f64; 3], factor: f64) -> Figure {
    let volume = || Axis::log("activation volume", Unit::of("A^3"));
    let mut rates = Panel::new("", Axis::log("plastic strain rate", Unit::of("1/s")), volume());
    if !rows.is_empty() {
        let middle = |row: &[f64; 4]| (row[0] * row[1]).sqrt();
        let ends = |row: &[f64; 4]| [(row[2] - 1.96 * row[3]).max(0.1 * row[2]), row[2] + 1.96 * row[3]];
        rates = rates.with(Mark::Points {
            name: format!("structures, M = {factor:.3}"),
            role: Role::Data,
            x: rows.iter().map(middle).collect(),
            y: rows.iter().map(|row| row[2]).collect(),
            x_interval: rows.iter().map(|row| [row[1], row[0]]).collect(),
            y_interval: rows.iter().map(ends).collect(),
        });
    }
    let factors = [1.0, 3f64.sqrt(), POLYCRYSTAL];
    let mut conventions = Panel::new("", Axis::linear("Taylor factor", Unit::of("")), volume()).with(Mark::Points {
        name: "this chip".to_owned(),
        role: Role::Data,
        x: factors.to_vec(),
        y: factors.iter().map(|factor| factor * volume_of_one[0]).collect(),
        x_interval: Vec::new(),
        y_interval: factors.iter().map(|factor| [factor * volume_of_one[1], factor * volume_of_one[2]]).collect(),
    });
    for (number, (id, name, [slow, fast])) in PUBLISHED.into_iter().enumerate() {
        let published = literature::table().iter().find(|value| value.id == id);
        let Some((lo, hi)) = published.and_then(|value| value.spread_si()) else { continue };
        let role = Role::Series(number as u16 + 1);
        rates = rates.with(Mark::Points {
            name: name.to_owned(),
            role,
            x: vec![(slow * fast).sqrt()],
            y: vec![0.5 * (lo + hi)],
            x_interval: vec![[slow, fast]],
            y_interval: vec![[lo, hi]],
        });
        if number == 0 {
            let band = Mark::Band { name: name.to_owned(), role, x: vec![0.9, 3.2], lo: vec![lo; 2], hi: vec![hi; 2] };
            conventions = conventions.with(band);
        }
    }
    Figure {
        key: "rate_regimes".to_owned(),
        title: "Activation volume and rate".to_owned(),
        caption: "Left: activation volume of every structure over its rates of plastic strain from the first to the last reading, beside published values; nano-indentation is faster by five to eight decades. Right: the volume of this chip by Taylor factor, with the published range, whose factor is not stated."
            .to_owned(),
        panels: vec![rates, conventions],
    }
}
