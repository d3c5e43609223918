use amorph_core::data::{ConstantStatus, FoundConstant, Metadata};
use amorph_core::unit::{Quantity, Unit};

use crate::formats::ConstantPlace;

/// Coefficients of the area function by the names that methods use.
const AREA: [(&str, &str); 9] = [
    ("area_c0", "Tip C0"),
    ("area_c1", "Tip C1"),
    ("area_c2", "Tip C2"),
    ("area_c3", "Tip C3"),
    ("area_c4", "Tip C4"),
    ("area_c5", "Tip C5"),
    ("area_c6", "Tip C6"),
    ("area_c7", "Tip C7"),
    ("area_c8", "Tip C8"),
];

pub(super) const PLACES: &[ConstantPlace] = &[
    ConstantPlace { key: "area_c0", place: "key Tip C0, and so on to area_c5; depth in nm, area in nm^2" },
    ConstantPlace { key: "temperature", place: "key Test Temp, as typed in by the user" },
    ConstantPlace {
        key: "frame_compliance",
        place: "key Machine Comp is already taken off the depths; nothing is left to correct",
    },
    ConstantPlace {
        key: "drift_rate",
        place: "key Drift Rate; whether it is taken off is a setting of the software: state it if not",
    },
];

/// What the head states about the tip and the sample.
pub(super) fn of_head(head: &Metadata) -> Vec<FoundConstant> {
    let found = |key: &str, value: f64, unit: &str, place: &str| FoundConstant {
        key: key.to_owned(),
        quantity: Quantity::si(value, Unit::of(unit)),
        place: format!("key {place}"),
        status: ConstantStatus::Stated,
    };
    let number = |key: &str| {
        let text = head.get(key)?.split_whitespace().next()?;
        text.parse::<f64>().ok().filter(|value| value.is_finite())
    };
    let area = AREA.iter().filter_map(|(key, place)| Some(found(key, number(place)?, "", place)));
    let celsius = head.get("Test Temp").filter(|text| text.ends_with("deg C")).and_then(|_| number("Test Temp"));
    let temperature = celsius.map(|degrees| found("temperature", degrees + 273.15, "K", "Test Temp"));
    area.chain(temperature).collect()
}
