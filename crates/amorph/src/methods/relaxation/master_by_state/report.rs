use super::input::Curve;
use super::{Input, figures};
use crate::core::data::Table;
use crate::core::outcome::{Estimate, Note, Outcome};

/// Steps per decade at which the loss is followed.
const STEPS: u32 = 40;

/// A loss peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Peak {
    /// log10 of its angular frequency, rad/s.
    pub place: f64,
    /// Its height, Pa.
    pub height: f64,
    /// Width at half its height, decades; NaN where a side does not come down so far.
    pub width: f64,
}

/// log10 of angular frequencies between the inverse of the longest and of the shortest time of the spectrum.
pub(super) fn grid(curve: &Curve) -> Vec<f64> {
    let (first, last) = (curve.ln_times[0], curve.ln_times[curve.ln_times.len() - 1]);
    let [lo, hi] = [-last, -first].map(|ln| ln / std::f64::consts::LN_10);
    let n = ((hi - lo) * f64::from(STEPS)).ceil().max(2.0) as u32;
    (0..=n).map(|i| lo + (hi - lo) * f64::from(i) / f64::from(n)).collect()
}

/// The highest maximum inside the range of the spectrum; `None` where the loss is highest at an end.
pub(super) fn peak(curve: &Curve) -> Option<Peak> {
    let places = grid(curve);
    let losses: Vec<f64> = places.iter().map(|place| curve.loss(10f64.powf(*place))).collect();
    let top = (0..losses.len()).max_by(|a, b| losses[*a].total_cmp(&losses[*b]))?;
    let (before, after) = (top.checked_sub(1)?, top + 1);
    let (a, b, c) = (losses[before], losses[top], *losses.get(after)?);
    let step = places[after] - places[top];
    let bend = a - 2.0 * b + c;
    let off = if bend < 0.0 { 0.5 * (a - c) / bend } else { 0.0 };
    let height = b - 0.25 * (a - c) * off;
    let half = 0.5 * height;
    let crossing = |inner: usize, outer: usize| {
        let part = (losses[inner] - half) / (losses[inner] - losses[outer]);
        places[inner] + part * (places[outer] - places[inner])
    };
    let left = (1..=top).rev().find(|i| losses[*i - 1] < half).map(|i| crossing(i, i - 1));
    let right = (top..losses.len() - 1).find(|i| losses[*i + 1] < half).map(|i| crossing(i, i + 1));
    let width = left.zip(right).map_or(f64::NAN, |(left, right)| right - left);
    Some(Peak { place: places[top] + off * step, height, width })
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let all: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64)
}

pub(super) fn outcome(input: &Input) -> Outcome {
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let text = format!(
        "master curves at {:.2} K; those of other reference temperatures were moved by their own shifts, interpolated along 1/T",
        input.temperature
    );
    outcome.notes.push(Note::info("convention", text));
    let peaks: Vec<Option<Peak>> = input.curves.iter().map(peak).collect();
    for (curve, _) in input.curves.iter().zip(&peaks).filter(|(_, peak)| peak.is_none()) {
        let text =
            format!("the loss of '{}' ({}) has no maximum inside its times: no peak is compared", curve.state, curve.item);
        outcome.notes.push(Note::warning("no_peak", text));
    }
    let reference = &input.curves[0].state;
    let mut states: Vec<&String> = Vec::new();
    for curve in &input.curves {
        if curve.state != *reference && !states.contains(&&curve.state) {
            states.push(&curve.state);
        }
    }
    let of = |state: &String, value: fn(&Peak) -> f64| {
        mean(
            input
                .curves
                .iter()
                .zip(&peaks)
                .filter(|(curve, _)| curve.state == *state)
                .filter_map(|(_, peak)| peak.as_ref().map(value)),
        )
    };
    let why = "neighbouring points of a spectrum err alike, and how specimens differ one curve does not tell: repeat the test on other specimens";
    for state in states {
        let pair = format!("{state}-{reference}");
        let both = |value: fn(&Peak) -> f64| of(state, value).zip(of(reference, value));
        let mut push = |key: &str, symbol: &str, value: Option<f64>| {
            if let Some(value) = value {
                outcome.estimates.push(Estimate::without_interval(&format!("{key}@{pair}"), symbol, value, "", why));
            }
        };
        push("slowing_log10", "Δlog10 τ", both(|peak| peak.place).map(|(own, other)| other - own));
        push("peak_width_change", "ΔW", both(|peak| peak.width).map(|(own, other)| own - other));
        push("peak_height_ratio", "M''/M''_ref", both(|peak| peak.height).map(|(own, other)| own / other));
    }
    outcome.tables.push(shifts(input));
    outcome.figures = figures::all(input);
    outcome
}

fn shifts(input: &Input) -> Table {
    let rows: Vec<(&Curve, usize)> =
        input.curves.iter().flat_map(|curve| (0..curve.temperatures.len()).map(move |row| (curve, row))).collect();
    let column = |of: fn(&Curve) -> &Vec<f64>| rows.iter().map(|(curve, row)| of(curve)[*row]).collect::<Vec<f64>>();
    Table::new("shifts", "Shift factors of the states against the temperature of the comparison, log10; errors are those against each curve's own reference")
        .with_text("state", rows.iter().map(|(curve, _)| curve.state.clone()).collect())
        .with_text("item", rows.iter().map(|(curve, _)| curve.item.clone()).collect())
        .with_numbers("temperature", "K", column(|curve| &curve.temperatures))
        .with_numbers("shift_factor_log10", "", column(|curve| &curve.shifts))
        .with_numbers("std_error", "", column(|curve| &curve.errors))
}
