use amorph_core::data::{ConstantStatus, FoundConstant};
use amorph_core::unit::{Quantity, Unit};

use super::super::tiff::Page;
use super::channel::{Slot, slots};
use super::{CHANNEL, MODE};

const SPRING_CONSTANT: u16 = 0x8011;
const IS_CALIBRATED: u16 = 0x8012;
const SETPOINT: u16 = 0x8033;
const FREQUENCY: u16 = 0x8037;
const FEEDBACK: u16 = 0x803e;
const REFERENCE: &str = "adjust-reference-amplitude-feedback-settings.reference-amplitude";
const SETPOINT_SLOT: &str = "setpoint-feedback-settings.setpoint-slot";

/// The constants that the file states.
pub(super) fn found(head: &Page<'_>, pages: &[Page<'_>]) -> Vec<FoundConstant> {
    let mut found = Vec::new();
    let mut state = |key: &str, value: Option<f64>, unit: &str, place: &str, status: ConstantStatus| {
        if let Some(value) = value.filter(|value| *value > 0.0 && value.is_finite()) {
            let quantity = Quantity::si(value, Unit::of(unit));
            found.push(FoundConstant { key: key.to_owned(), quantity, place: place.to_owned(), status });
        }
    };
    let calibrated = match head.number(IS_CALIBRATED) {
        Some(flag) if flag != 0.0 => ConstantStatus::Stated,
        _ => ConstantStatus::Placeholder { reason: "the file says that the cantilever was not calibrated".to_owned() },
    };
    state("spring_constant", head.number(SPRING_CONSTANT), "N/m", "tag 0x8011", calibrated);
    if !head.text(MODE).is_some_and(|mode| mode.starts_with("ac")) {
        return found;
    }
    state("drive_frequency", head.number(FREQUENCY), "Hz", "tag 0x8037", ConstantStatus::Stated);
    let settings = head.text(FEEDBACK).unwrap_or_default();
    let Some(sensitivity) = sensitivity(pages) else { return found };
    let place = "slots distanceamplitude and voltsamplitude of the amplitude channel";
    state("amplitude_sensitivity", Some(sensitivity), "m/V", place, ConstantStatus::Stated);
    let free = setting(&settings, REFERENCE).and_then(|text| text.parse::<f64>().ok());
    let place = "reference-amplitude of the feedback settings, times the sensitivity";
    state("free_amplitude", free.map(|volts| volts * sensitivity), "m", place, ConstantStatus::Stated);
    if setting(&settings, SETPOINT_SLOT) == Some("voltsamplitude") {
        let setpoint = head.number(SETPOINT).map(|volts| volts * sensitivity);
        state("setpoint_amplitude", setpoint, "m", "tag 0x8033, times the sensitivity", ConstantStatus::Stated);
    }
    found
}

/// Metres per volt of amplitude: both slots scale the same digits.
fn sensitivity(pages: &[Page<'_>]) -> Option<f64> {
    let amplitude = pages.iter().find(|page| page.text(CHANNEL).as_deref() == Some("amplitude"))?;
    let slots = slots(amplitude);
    let linear = |name: &str, unit: &str| {
        let is_it = |slot: &&Slot| slot.name == name && slot.unit == unit && slot.scaling == "LinearScaling";
        slots.iter().find(is_it).map(|slot| slot.multiplier)
    };
    Some(linear("distanceamplitude", "m")? / linear("voltsamplitude", "V")?)
}

/// The value in a text of `key : value` lines.
fn setting<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines().filter_map(|line| line.split_once(" : ")).find(|(name, _)| *name == key).map(|(_, value)| value)
}
