//! How the rate of events goes with the stress, from pairs of holds.

use super::WaitingTimes;
use super::algorithm::Wait;
use super::input::Input;
use crate::core::data::Table;
use crate::core::outcome::Note;
use crate::core::stats::clopper_pearson_interval;
use crate::theory::constants::BOLTZMANN;

/// Stresses closer than this are one.
const LEAST_RATIO: f64 = 1.05;

/// Rates of two holds over each other, with the exact interval of the ratio of two Poisson rates: given both counts together the first is
/// binomial.
pub fn rate_ratio(first: (usize, f64), second: (usize, f64)) -> Option<(f64, (f64, f64))> {
    let total = first.0 + second.0;
    let (lo, hi) = clopper_pearson_interval(second.0, total, 0.95).ok()?;
    let of = |share: f64| share / (1.0 - share) * first.1 / second.1;
    Some((of(second.0 as f64 / total as f64), (of(lo), of(hi))))
}

/// Pairs of holds at different stresses; none where stresses are not known.
pub(super) fn table(method: &WaitingTimes, input: &Input, waits: &[Vec<Wait>], notes: &mut Vec<Note>) -> Option<Table> {
    let holds: Vec<usize> = (0..input.names.len())
        .filter(|place| {
            input.names[*place].starts_with("hold") && input.stresses[*place].is_finite() && !waits[*place].is_empty()
        })
        .collect();
    let counted = |place: usize| {
        let n = waits[place].iter().filter(|wait| !wait.is_censored).count();
        (n, waits[place].iter().map(|wait| wait.time - wait.dead).sum::<f64>())
    };
    // Work of the shear stress, half the axial one, over the thermal energy.
    let energies = method.activation_volume.as_ref().zip(method.temperature.as_ref());
    let bias =
        energies.map(|(volume, temperature)| move |stress: f64| 0.5 * stress * volume.value / (BOLTZMANN * temperature.value));
    let (mut names, mut rows) = (Vec::new(), Vec::new());
    for (index, low) in holds.iter().enumerate() {
        for high in &holds[index + 1..] {
            let (low, high) = if input.stresses[*low] <= input.stresses[*high] { (*low, *high) } else { (*high, *low) };
            let linear = input.stresses[high] / input.stresses[low];
            let Some((ratio, interval)) = rate_ratio(counted(low), counted(high)).filter(|_| linear > LEAST_RATIO) else {
                continue;
            };
            let exact =
                bias.as_ref().map_or(f64::NAN, |bias| bias(input.stresses[high]).tanh() / bias(input.stresses[low]).tanh());
            names.push(format!("{} over {}", input.names[high], input.names[low]));
            rows.push([ratio, interval.0, interval.1, linear, exact]);
        }
    }
    if rows.is_empty() {
        return None;
    }
    if energies.is_none() {
        let message = "the exact two-state prediction of the rates of holds needs activation_volume and temperature";
        notes.push(Note::info("no_exact_prediction", message));
    }
    let column = |place: usize| rows.iter().map(|row| row[place]).collect::<Vec<f64>>();
    let table = Table::new("holds", "Rates of holds at different stresses")
        .with_text("holds", names)
        .with_numbers("ratio", "", column(0))
        .with_numbers("ratio_lo", "", column(1))
        .with_numbers("ratio_hi", "", column(2))
        .with_numbers("linear_prediction", "", column(3))
        .with_numbers("exact_prediction", "", column(4));
    Some(table)
}
