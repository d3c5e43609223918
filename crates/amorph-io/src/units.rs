//! From the units of instrument files to SI.

use amorph_core::unit::Unit;

/// Units of SI in which numbers are kept under their usual names.
const KEPT: [&str; 27] = [
    "m", "V", "A", "N", "N/m", "Hz", "J", "W", "Pa", "s", "K", "ohm", "C", "F", "m/V", "A/V", "V/m", "m^2", "m^3", "m/s", "kg",
    "1/m", "1/m^2", "1/m^3", "N/s", "Pa/s", "Pa s",
];

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
    let base_units = || Unit::of(&unit.dimension().base_units());
    let kept = KEPT.iter().map(|symbol| Unit::of(symbol)).find(|kept| kept.is_compatible(unit)).unwrap_or_else(base_units);
    (kept, unit.scale())
}

/// Brings the numbers of a column to the unit in which tables are kept, and returns it: as [`kept_unit`], and with units that have
/// an offset (degrees Celsius to kelvin).
pub fn keep_column(unit: &Unit, values: &mut [f64]) -> Unit {
    if unit.is_known() && unit.to_si(0.0) != 0.0 {
        values.iter_mut().for_each(|value| *value = unit.to_si(*value));
        let (kept, _) = kept_unit(&Unit::of(&unit.dimension().base_units()));
        return kept;
    }
    let (kept, factor) = kept_unit(unit);
    if factor != 1.0 {
        values.iter_mut().for_each(|value| *value *= factor);
    }
    kept
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

    #[test]
    fn columns_are_kept_in_si_whatever_their_unit() {
        let kept = |unit: &str, value: f64| {
            let mut values = [value];
            let unit = keep_column(&Unit::of(unit), &mut values);
            (unit, values[0])
        };
        assert_eq!(kept("degC", 25.0), (Unit::of("K"), 298.15));
        assert_eq!(kept("mN/s", 2.0), (Unit::of("N/s"), 2e-3));
        assert_eq!(kept("deg", 90.0), (Unit::of("deg"), 90.0));
        for (unit, si) in
            [("1/A", 1e10), ("nm^3", 1e-27), ("W/(g K)", 1e3), ("mJ/(mol K)", 1e-3), ("kg/m^3", 1.0), ("mW/mg", 1e3)]
        {
            let (unit, value) = kept(unit, 1.0);
            assert!((value / si - 1.0).abs() < 1e-12, "{unit}: {value}");
            assert!(unit.is_known() && (unit.scale() - 1.0).abs() < 1e-12, "{unit}");
        }
        assert!(!kept("parsec", 1.0).0.is_known());
    }
}
