use super::Dimension;
use crate::constants::{BOLTZMANN, CELSIUS_ZERO, ELEMENTARY_CHARGE};

/// One named unit.
pub(super) struct Named {
    pub symbol: &'static str,
    pub scale: f64,
    pub offset: f64,
    pub dimension: Dimension,
    /// Whether SI prefixes may stand before it.
    pub prefixes: bool,
}

type Exponents = [i16; 8];

const fn unit(symbol: &'static str, scale: f64, exponents: Exponents, prefixes: bool) -> Named {
    Named { symbol, scale, offset: 0.0, dimension: Dimension::whole(exponents), prefixes }
}

const fn celsius(symbol: &'static str) -> Named {
    Named { symbol, scale: 1.0, offset: CELSIUS_ZERO, dimension: Dimension::whole(KELVIN), prefixes: false }
}

const DEGREE: f64 = std::f64::consts::PI / 180.0;

// Exponents in the order m, kg, s, A, K, mol, cd, rad.
const LENGTH: Exponents = [1, 0, 0, 0, 0, 0, 0, 0];
const TIME: Exponents = [0, 0, 1, 0, 0, 0, 0, 0];
const KELVIN: Exponents = [0, 0, 0, 0, 1, 0, 0, 0];
const ANGLE: Exponents = [0, 0, 0, 0, 0, 0, 0, 1];
const PRESSURE: Exponents = [-1, 1, -2, 0, 0, 0, 0, 0];
const ENERGY: Exponents = [2, 1, -2, 0, 0, 0, 0, 0];
const RESISTANCE: Exponents = [2, 1, -3, -2, 0, 0, 0, 0];
const NUMBER: Exponents = [0; 8];

pub(super) const UNITS: &[Named] = &[
    unit("m", 1.0, LENGTH, true),
    unit("g", 1e-3, [0, 1, 0, 0, 0, 0, 0, 0], true),
    unit("s", 1.0, TIME, true),
    unit("A", 1.0, [0, 0, 0, 1, 0, 0, 0, 0], true),
    unit("K", 1.0, KELVIN, true),
    unit("mol", 1.0, [0, 0, 0, 0, 0, 1, 0, 0], true),
    unit("cd", 1.0, [0, 0, 0, 0, 0, 0, 1, 0], true),
    unit("rad", 1.0, ANGLE, true),
    unit("deg", DEGREE, ANGLE, false),
    unit("°", DEGREE, ANGLE, false),
    unit("N", 1.0, [1, 1, -2, 0, 0, 0, 0, 0], true),
    unit("dyn", 1e-5, [1, 1, -2, 0, 0, 0, 0, 0], false),
    unit("Pa", 1.0, PRESSURE, true),
    unit("bar", 1e5, PRESSURE, true),
    unit("J", 1.0, ENERGY, true),
    unit("eV", ELEMENTARY_CHARGE, ENERGY, true),
    unit("cal", 4.184, ENERGY, true),
    unit("kB", BOLTZMANN, [2, 1, -2, 0, -1, 0, 0, 0], false),
    unit("W", 1.0, [2, 1, -3, 0, 0, 0, 0, 0], true),
    unit("Hz", 1.0, [0, 0, -1, 0, 0, 0, 0, 0], true),
    unit("C", 1.0, [0, 0, 1, 1, 0, 0, 0, 0], true),
    unit("V", 1.0, [2, 1, -3, -1, 0, 0, 0, 0], true),
    unit("ohm", 1.0, RESISTANCE, true),
    unit("Ohm", 1.0, RESISTANCE, true),
    unit("Ω", 1.0, RESISTANCE, true),
    unit("S", 1.0, [-2, -1, 3, 2, 0, 0, 0, 0], true),
    unit("F", 1.0, [-2, -1, 4, 2, 0, 0, 0, 0], true),
    unit("T", 1.0, [0, 1, -2, -1, 0, 0, 0, 0], true),
    unit("Å", 1e-10, LENGTH, false),
    unit("Angstrom", 1e-10, LENGTH, false),
    unit("angstrom", 1e-10, LENGTH, false),
    unit("min", 60.0, TIME, false),
    unit("h", 3600.0, TIME, false),
    unit("d", 86_400.0, TIME, false),
    unit("L", 1e-3, [3, 0, 0, 0, 0, 0, 0, 0], true),
    unit("%", 1e-2, NUMBER, false),
    unit("at.%", 1e-2, NUMBER, false),
    unit("ppm", 1e-6, NUMBER, false),
    unit("px", 1.0, NUMBER, false),
    unit("count", 1.0, NUMBER, false),
    unit("counts", 1.0, NUMBER, false),
    celsius("degC"),
    celsius("°C"),
];

pub(super) const PREFIXES: &[(&str, f64)] = &[
    ("da", 1e1),
    ("Y", 1e24),
    ("Z", 1e21),
    ("E", 1e18),
    ("P", 1e15),
    ("T", 1e12),
    ("G", 1e9),
    ("M", 1e6),
    ("k", 1e3),
    ("h", 1e2),
    ("d", 1e-1),
    ("c", 1e-2),
    ("m", 1e-3),
    ("u", 1e-6),
    // The micro sign and the Greek letter mu look alike and are both written.
    ("\u{b5}", 1e-6),
    ("\u{3bc}", 1e-6),
    ("n", 1e-9),
    ("p", 1e-12),
    ("f", 1e-15),
    ("a", 1e-18),
    ("z", 1e-21),
    ("y", 1e-24),
];
