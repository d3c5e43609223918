use proptest::prelude::*;

use super::{Probability, Quantity, Unit, UnitError, format_estimate, format_significant};

#[test]
fn reads_quantities_as_people_write_them() {
    for (text, expected) in [
        ("40 N/m", 40.0),
        ("20 nm", 20e-9),
        ("0.5 eV", 0.5 * 1.602_176_634e-19),
        ("180 deg", std::f64::consts::PI),
        ("200 A^3", 200e-30),
        ("200 Å^3", 200e-30),
        ("1e-3 1/s", 1e-3),
        ("1e-3 s^-1", 1e-3),
        ("3 um", 3e-6),
        ("3 \u{b5}m", 3e-6),
        ("3 \u{3bc}m", 3e-6),
        ("41.497 nm/V", 41.497e-9),
        ("2 cm^2/dyn", 20.0),
        ("25 degC", 298.15),
        ("5 MPa m^0.5", 5e6),
        ("5 MPa m^(1/2)", 5e6),
        ("10 %", 0.1),
        ("100 kHz", 1e5),
        ("1 A", 1.0),
        ("2 nA", 2e-9),
        ("1 1/A", 1e10),
        ("2 J/(g K)", 2e3),
        ("7", 7.0),
        ("-12.5 mV", -0.0125),
        ("1 kg/m3", 1.0),
        ("3 min", 180.0),
        ("1 h", 3600.0),
    ] {
        let value = Quantity::parse(text).unwrap().value;
        assert!((value / expected - 1.0).abs() < 1e-12, "{text}: {value} instead of {expected}");
    }
}

#[test]
fn reads_standard_errors() {
    for text in ["40 +- 4 N/m", "40 ± 4 N/m", "40 N/m ± 10 %", "40 N/m +/- 4 N/m", "40 N/m +- 4000 mN/m"] {
        let quantity = Quantity::parse(text).unwrap();
        assert!((quantity.value - 40.0).abs() < 1e-12, "{text}");
        assert!((quantity.std_error.unwrap() - 4.0).abs() < 1e-12, "{text}");
    }
}

#[test]
fn says_what_is_wrong() {
    let stiffness = Unit::of("N/m");
    let wrong = Quantity::parse_as("40 nN", &stiffness).unwrap_err();
    assert_eq!(wrong.to_string(), "'nN' is a force, but a stiffness is needed, as in 'N/m'");
    assert!(matches!(Quantity::parse_as("40", &stiffness), Err(UnitError::WrongDimension { .. })));
    let unknown = Quantity::parse("3 micron").unwrap_err();
    assert!(unknown.to_string().contains("did you mean 'um'"), "{unknown}");
    for text in ["", "N/m", "abc", "1,5 nm", "5 nm//s", "5 nm/", "5 m^x", "5 degC/s", "1e999 m", "2 J/(g K"] {
        assert!(Quantity::parse(text).is_err(), "{text} was accepted");
    }
}

#[test]
fn an_angle_is_not_a_plain_number() {
    assert!(Quantity::parse_as("38", &Unit::of("deg")).is_err());
    assert!(Quantity::parse_as("38 deg", &Unit::of("rad")).is_ok());
}

#[test]
fn shows_values_in_sensible_prefixes() {
    for (value, unit, expected) in [
        (5e-9, "m", "nm"),
        (1.3e-17, "J", "eV"),
        (4.2e7, "Pa", "MPa"),
        (0.03, "V", "mV"),
        (0.7, "rad", "deg"),
        (0.3, "%", "%"),
        (3e-8, "1/s", "1/s"),
        (3e-3, "Hz", "mHz"),
    ] {
        assert_eq!(Unit::of(unit).preferred(value).symbol(), expected);
    }
    assert_eq!(format_significant(0.000_123_456, 3), "0.000123");
    assert_eq!(format_significant(123_456.0, 3), "123000");
    assert_eq!(format_estimate(4.1, Some(0.05)), "4.100 ± 0.050");
    assert_eq!(format_estimate(79.0986, None), "79.10");
}

#[test]
fn json_round_trip_keeps_the_quantity() {
    let quantity = Quantity::parse("41.497 +- 2 nm/V").unwrap();
    let text = serde_json::to_string(&quantity).unwrap();
    assert_eq!(text, "\"41.497 ± 2 nm/V\"");
    let back: Quantity = serde_json::from_str(&text).unwrap();
    assert!((back.value / quantity.value - 1.0).abs() < 1e-14);
    assert!((back.std_error.unwrap() / quantity.std_error.unwrap() - 1.0).abs() < 1e-14);
    assert_eq!(back.unit, quantity.unit);
}

proptest! {
    #[test]
    fn parsing_never_panics(text in "\\PC{0,24}") {
        let _ = Quantity::parse(&text);
        let _ = Unit::parse(&text);
    }

    #[test]
    fn conversion_inverts(value in -1e6f64..1e6, index in 0usize..6) {
        let unit = Unit::of(["nm", "eV", "deg", "degC", "kN/m", "1/A"][index]);
        let back = unit.convert_si(unit.to_si(value));
        prop_assert!((back - value).abs() <= 1e-9 * value.abs().max(1.0));
    }
}

#[test]
fn probabilities_are_never_zero() {
    let shown = |p: f64| format!("p {:.1e}", Probability(p));
    for (p, text) in [
        (0.25, "p = 2.5e-1"),
        (1e-300, "p = 1.0e-300"),
        (9.9e-301, "p < 1e-300"),
        (f64::MIN_POSITIVE, "p < 1e-300"),
        (0.0, "p < 1e-300"),
        (f64::NAN, "p = NaN"),
    ] {
        assert_eq!(shown(p), text);
    }
    assert_eq!(format!("{:e}", Probability(0.5)), "= 5e-1");
    assert_eq!(format!("p {}, p {}", Probability(0.5), Probability(0.0)), "p = 0.50, p < 1e-300");
}
