//! From the units of instrument files to SI.

use amorph_core::unit::Unit;

/// Units in which maps are kept.
const KEPT: [&str; 20] =
    ["m", "V", "A", "N", "N/m", "Hz", "J", "W", "Pa", "s", "K", "ohm", "C", "F", "m/V", "A/V", "V/m", "m^2", "m/s", "kg"];

/// The unit in which values of `unit` are kept, and the factor to it. Angles are kept in degrees, everything else in
/// SI; an unknown unit stays as it is, and so does one with an offset (degrees Celsius), which no factor can convert.
pub fn kept_unit(unit: &Unit) -> (Unit, f64) {
    if unit.is_known() && unit.to_si(0.0) != 0.0 {
        return (unit.clone(), 1.0);
    }
    if !unit.is_known() || unit.dimension() == Unit::one().dimension() {
        let factor = if unit.is_known() { unit.scale() } else { 1.0 };
        return (if unit.is_known() { Unit::one() } else { unit.clone() }, factor);
    }
    let degree = Unit::of("deg");
    if unit.is_compatible(&degree) {
        return (degree.clone(), unit.scale() / degree.scale());
    }
    match KEPT.iter().map(|symbol| Unit::of(symbol)).find(|kept| kept.is_compatible(unit)) {
        Some(kept) => (kept, unit.scale()),
        None => (unit.clone(), 1.0),
    }
}

/// The spelling of Amorph for what instruments write: `~m` and `µm` are micrometres, `º` and `°` degrees.
pub(crate) fn instrument_unit(text: &str) -> Unit {
    let text = text.trim();
    let spelled = match text {
        "º" | "°" | "degree" | "degrees" => "deg".to_owned(),
        _ => text.replace('~', "u").replace('º', "deg"),
    };
    Unit::parse(&spelled).unwrap_or_else(|_| Unit::unknown(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_kept_in_si_and_phases_in_degrees() {
        assert_eq!(kept_unit(&Unit::of("nm")), (Unit::of("m"), 1e-9));
        assert_eq!(kept_unit(&Unit::of("deg")), (Unit::of("deg"), 1.0));
        let (unit, factor) = kept_unit(&Unit::of("rad"));
        assert_eq!(unit, Unit::of("deg"));
        assert!((factor - 57.295_779_513_082_32).abs() < 1e-12);
        assert_eq!(kept_unit(&Unit::of("mV nm/V")).0, Unit::of("m"));
        assert!(!kept_unit(&instrument_unit("Arb")).0.is_known());
        assert_eq!(kept_unit(&instrument_unit("~m")).0, Unit::of("m"));
    }
}
