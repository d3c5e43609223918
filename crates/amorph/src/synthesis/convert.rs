//! The closed forms of `theory` that bring findings to one scale, with the derivatives the errors need. SI throughout.

use crate::theory::activation_volume::diameter_of_sphere;
use crate::theory::constants::{AVOGADRO, BOLTZMANN};
use crate::theory::energy_and_length::SizeScaling;
use crate::theory::transition_kinetics::{barrier_at_frequency, barrier_of_frequency};

/// Barrier that a test at frequency `f` probes: kT ln(2 ω₀/f). Of a duration, `f` is its inverse.
pub fn barrier_from_frequency(frequency: f64, temperature: f64, attempt_frequency: f64) -> f64 {
    barrier_of_frequency(BOLTZMANN * temperature, attempt_frequency, frequency)
}

/// Barrier of a broad spectrum seen at another frequency and temperature.
///
/// A test that finds `barrier` at `from` = (frequency, temperature) implies 2ω₀ = f exp(ΔG/kT), and with it
/// ΔG₂ = (T₂/T₁) ΔG₁ - kT₂ ln(f₂/f₁); at one temperature this is the conversion of Lu et al. 2016.
pub fn barrier_shifted(barrier: f64, from: (f64, f64), to: (f64, f64)) -> f64 {
    let ((f1, t1), (f2, t2)) = (from, to);
    barrier_at_frequency(BOLTZMANN * t2, barrier * t2 / t1, f1, f2)
}

/// Barrier of a process with Arrhenius slope `energy` and prefactor τ₀ at a temperature: E + kT ln(2 ω₀ τ₀).
pub fn barrier_from_slope(energy: f64, attempt_time: f64, temperature: f64, attempt_frequency: f64) -> f64 {
    energy + barrier_of_frequency(BOLTZMANN * temperature, attempt_frequency, 1.0 / attempt_time)
}

/// Energy of an event of size `length`: kT (l/λ)^(d(1-a)) (Lu et al. 2016, eq. 5); returns it with its exponent d(1-a).
pub fn barrier_from_length(length: f64, interaction_length: f64, dimension: f64, temperature: f64) -> (f64, f64) {
    /// Exponent a of the energy per particle (Hentschel et al. 2010).
    const EXPONENT: f64 = 0.4;
    let scaling = SizeScaling { thermal_energy: BOLTZMANN * temperature, interaction_length, exponent: EXPONENT };
    (scaling.energy_from_length(length, dimension), scaling.power(dimension))
}

/// Diameter of a sphere of this volume: (6V/π)^(1/3).
pub fn volume_to_diameter(volume: f64) -> f64 {
    diameter_of_sphere(volume)
}

/// Fragility of an alpha energy at the glass transition: E/(kTg ln 10).
pub fn fragility(energy: f64, glass_transition: f64) -> f64 {
    crate::theory::relaxation_rules::fragility_of_energy(energy, glass_transition)
}

/// An energy per event in units of R Tg.
pub fn in_r_tg(energy: f64, glass_transition: f64) -> f64 {
    energy / (BOLTZMANN * glass_transition)
}

/// An energy per event as energy per mole, kJ/mol.
pub fn in_kilojoule_per_mole(energy: f64) -> f64 {
    energy * AVOGADRO / 1000.0
}
