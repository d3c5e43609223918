//! The few closed forms that bring findings to one scale. SI throughout.

/// Boltzmann constant, J/K (CODATA 2018, exact).
pub const BOLTZMANN: f64 = 1.380_649e-23;

/// Avogadro constant, 1/mol (CODATA 2018, exact).
const AVOGADRO: f64 = 6.022_140_76e23;

/// Barrier that a test at frequency `f` probes: kT ln(2 ω₀/f). Of a duration, `f` is its inverse.
pub fn barrier_from_frequency(frequency: f64, temperature: f64, attempt_frequency: f64) -> f64 {
    BOLTZMANN * temperature * (2.0 * attempt_frequency / frequency).ln()
}

/// Barrier of a broad spectrum seen at another frequency and temperature.
///
/// A test that finds `barrier` at `from` = (frequency, temperature) implies 2ω₀ = f exp(ΔG/kT), and with it
/// ΔG₂ = (T₂/T₁) ΔG₁ - kT₂ ln(f₂/f₁); at one temperature this is the conversion of Lu et al. 2016.
pub fn barrier_shifted(barrier: f64, from: (f64, f64), to: (f64, f64)) -> f64 {
    let ((f1, t1), (f2, t2)) = (from, to);
    barrier * t2 / t1 - BOLTZMANN * t2 * (f2 / f1).ln()
}

/// Barrier of a process with Arrhenius slope `energy` and prefactor τ₀ at a temperature: E + kT ln(2 ω₀ τ₀).
pub fn barrier_from_slope(energy: f64, attempt_time: f64, temperature: f64, attempt_frequency: f64) -> f64 {
    energy + BOLTZMANN * temperature * (2.0 * attempt_frequency * attempt_time).ln()
}

/// Energy of an event of size `length`: kT (l/λ)^(d(1-a)) (Lu et al. 2016, eq. 5); returns it with its exponent d(1-a).
pub fn barrier_from_length(length: f64, interaction_length: f64, dimension: f64, temperature: f64) -> (f64, f64) {
    /// Exponent a of the energy per particle (Hentschel et al. 2010).
    const EXPONENT: f64 = 0.4;
    let power = dimension * (1.0 - EXPONENT);
    (BOLTZMANN * temperature * (length / interaction_length).powf(power), power)
}

/// Diameter of a sphere of this volume: (6V/π)^(1/3).
pub fn volume_to_diameter(volume: f64) -> f64 {
    (6.0 * volume / std::f64::consts::PI).cbrt()
}

/// Fragility of an alpha energy at the glass transition: E/(kTg ln 10).
pub fn fragility(energy: f64, glass_transition: f64) -> f64 {
    energy / (BOLTZMANN * glass_transition * std::f64::consts::LN_10)
}

/// An energy per event in units of R Tg.
pub fn in_r_tg(energy: f64, glass_transition: f64) -> f64 {
    energy / (BOLTZMANN * glass_transition)
}

/// An energy per event as energy per mole, kJ/mol.
pub fn in_kilojoule_per_mole(energy: f64) -> f64 {
    energy * AVOGADRO / 1000.0
}
