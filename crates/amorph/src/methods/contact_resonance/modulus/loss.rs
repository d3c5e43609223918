//! Loss tangent and damping of the contact from the quality factors.

use std::f64::consts::TAU;

use ndarray::Array2;

use super::algorithm::Converter;
use super::{ContactModulus, Input};
use crate::core::data::Map;
use crate::core::outcome::{Basis, Estimate, Note};
use crate::methods::contact_resonance::readings::ModeReadings;
use crate::methods::contact_resonance::statistics::{FEW_AREAS, Measured, mean};

/// What the quality factors of all modes give.
#[derive(Default)]
pub(super) struct Loss {
    pub estimates: Vec<Estimate>,
    pub maps: Vec<Map>,
    pub notes: Vec<Note>,
}

pub(super) fn loss(method: &ContactModulus, input: &Input, converter: &Converter) -> Loss {
    let mut loss = Loss::default();
    for mode in &input.readings.modes {
        let Some(quality) = &mode.quality_factor else { continue };
        match &mode.free_quality_factor {
            Some(free) => of_mode(method, input, converter, (mode, quality, free.value), &mut loss),
            None => loss.notes.push(Note::refused(
                "no_free_quality_factor",
                format!(
                    "no loss from mode {}: state free_quality_factor_mode_{}; without it the damping by the air would count as loss",
                    mode.mode, mode.mode
                ),
            )),
        }
        if mode.n_bad_quality > 0 {
            let message =
                format!("{} quality factors of mode {} are not positive and were left out", mode.n_bad_quality, mode.mode);
            loss.notes.push(Note::info("bad_quality_factors", message));
        }
    }
    loss
}

fn of_mode(
    method: &ContactModulus,
    input: &Input,
    converter: &Converter,
    (mode, quality, free_quality): (&ModeReadings, &Array2<f64>, f64),
    loss: &mut Loss,
) {
    let Some(branch) = converter.branches.iter().find(|branch| branch.mode == mode.mode) else { return };
    let mut tangent = Array2::from_elem(quality.dim(), f64::NAN);
    let mut damping = tangent.clone();
    let spring = converter.spring_constant_at_tip.unwrap_or(f64::NAN);
    for (place, quality) in quality.indexed_iter() {
        let frequency = mode.frequency[place];
        if let Some((real, imaginary)) = converter.complex_ratio(branch, frequency, *quality, free_quality) {
            tangent[place] = imaginary / real;
            damping[place] = imaginary * spring / (TAU * frequency);
        }
    }
    let layout = input.readings.layout;
    let number = mode.mode;
    let Some(found) = mean(&tangent, layout) else {
        loss.notes.push(Note::refused("no_loss", format!("no pixel of mode {number} gives a loss tangent")));
        return;
    };
    let shared = calibration_error(input, converter, mode, &tangent, free_quality);
    loss.estimates.push(estimate(&format!("loss_tangent_mode_{number}"), &format!("tan δ_{number}"), "", &found, shared));
    if let Some(found) = mean(&damping, layout) {
        let shared = shared / mean(&tangent, layout).map_or(1.0, |tangent| tangent.value) * found.value;
        loss.estimates.push(estimate(
            &format!("contact_damping_mode_{number}"),
            &format!("c*_{number}"),
            "kg/s",
            &found,
            shared.abs(),
        ));
    }
    loss.notes.extend(method.loss_threshold.map(|threshold| negligible(number, &found, shared, threshold)));
    if found.value < 0.0 {
        let message = format!(
            "the loss tangent of mode {number} is negative: the contact would be damped less than the free lever; check the free quality factor"
        );
        loss.notes.push(Note::warning("negative_loss", message));
    }
    loss.maps.push(input.readings.map(&format!("loss_tangent_mode_{number}"), "", tangent));
}

fn estimate(key: &str, symbol: &str, unit: &str, found: &Measured, shared: f64) -> Estimate {
    let estimate = match found.interval {
        Some(interval) => Estimate::with_interval(key, symbol, found.value, unit, interval, Basis::Replicate),
        None => Estimate::without_interval(key, symbol, found.value, unit, FEW_AREAS),
    };
    let estimate = estimate.std_error(found.std_error).n(found.n);
    if shared > 0.0 { estimate.systematic_error(shared) } else { estimate }
}

/// Error of the mean loss tangent by the stated error of the free quality factor.
fn calibration_error(
    input: &Input,
    converter: &Converter,
    mode: &ModeReadings,
    tangent: &Array2<f64>,
    free_quality: f64,
) -> f64 {
    let error = mode.free_quality_factor.as_ref().and_then(|quantity| quantity.std_error).unwrap_or(0.0);
    let (Some(quality), Some(branch)) = (&mode.quality_factor, converter.branches.iter().find(|b| b.mode == mode.mode)) else {
        return 0.0;
    };
    if error == 0.0 {
        return 0.0;
    }
    let (mut shift, mut n) = (0.0, 0.0);
    for (place, before) in tangent.indexed_iter().filter(|(_, value)| value.is_finite()) {
        let moved = converter.complex_ratio(branch, input.frequency(mode, place), quality[place], free_quality + error);
        if let Some((real, imaginary)) = moved {
            shift += imaginary / real - before;
            n += 1.0;
        }
    }
    (shift / f64::max(n, 1.0)).abs()
}

impl Input {
    fn frequency(&self, mode: &ModeReadings, place: (usize, usize)) -> f64 {
        mode.frequency[place]
    }
}

/// Whether the upper 95 % bound of the mean loss tangent, calibration included, lies below the user's threshold.
fn negligible(mode: usize, found: &Measured, shared: f64, threshold: f64) -> Note {
    if found.interval.is_none() {
        return Note::refused(
            "loss_not_tested",
            format!("mode {mode}: {FEW_AREAS}, so the threshold of the loss cannot be tested"),
        );
    }
    // One-sided: 95 % of a normal distribution lie below 1.645 standard errors.
    let bound = found.value + 1.645 * found.std_error.hypot(shared);
    if bound < threshold {
        Note::info(
            "loss_negligible",
            format!("mode {mode}: the upper 95 % bound of the mean loss tangent, {bound:.2e}, is below {threshold}"),
        )
    } else {
        Note::warning(
            "loss_not_negligible",
            format!("mode {mode}: the upper 95 % bound of the mean loss tangent, {bound:.2e}, is not below {threshold}"),
        )
    }
}
