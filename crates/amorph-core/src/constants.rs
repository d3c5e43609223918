//! Constants of nature, SI (CODATA 2018).

/// Boltzmann constant, J/K (exact).
pub const BOLTZMANN: f64 = 1.380_649e-23;
/// Avogadro constant, 1/mol (exact).
pub const AVOGADRO: f64 = 6.022_140_76e23;
/// Molar gas constant, J/(mol K) (exact).
pub const GAS: f64 = BOLTZMANN * AVOGADRO;
/// Planck constant, J s (exact).
pub const PLANCK: f64 = 6.626_070_15e-34;
/// Reduced Planck constant, J s.
pub const REDUCED_PLANCK: f64 = PLANCK / std::f64::consts::TAU;
/// Elementary charge, C (exact); the electronvolt in joules.
pub const ELEMENTARY_CHARGE: f64 = 1.602_176_634e-19;
/// Electron mass, kg.
pub const ELECTRON_MASS: f64 = 9.109_383_701_5e-31;
/// Speed of light, m/s (exact).
pub const LIGHT_SPEED: f64 = 299_792_458.0;
/// Zero of the Celsius scale, K (exact).
pub const CELSIUS_ZERO: f64 = 273.15;
