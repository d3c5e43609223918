//! Size scaling of a plastic event: closed forms between length, energy, dimension and frequency. Energies in J.
//!
//! An event of `N` particles costs `ΔU = ε N^(a-1)` per particle (Hentschel et al., as used by Lu et al. 2016); it ends where
//! `ΔU = kT`, at `N* = (ε/kT)^(1/(1-a))` particles, whose size in `d` dimensions is `l = λ N*^(1/d)`.

/// Boltzmann constant, J/K (exact since 2019).
pub const BOLTZMANN: f64 = 1.380_649e-23;

/// The material and the model: thermal energy, range of the interaction, scaling exponent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizeScaling {
    /// `kT`, J.
    pub thermal_energy: f64,
    /// Interaction length `λ`, m.
    pub interaction_length: f64,
    /// Exponent `a` of the energy per particle.
    pub exponent: f64,
}

impl SizeScaling {
    /// `N* = (ε/kT)^(1/(1-a))`: particles of an event.
    pub fn particles(&self, energy: f64) -> f64 {
        (energy / self.thermal_energy).powf(1.0 / (1.0 - self.exponent))
    }

    /// `l = λ (ε/kT)^(1/(d(1-a)))`, m.
    pub fn length_from_energy(&self, energy: f64, dimension: f64) -> f64 {
        self.interaction_length * (energy / self.thermal_energy).powf(1.0 / self.power(dimension))
    }

    /// `ε = kT (l/λ)^(d(1-a))`, J: rises with `l`, so that an interval of `l` becomes one of `ε`.
    pub fn energy_from_length(&self, length: f64, dimension: f64) -> f64 {
        self.thermal_energy * (length / self.interaction_length).powf(self.power(dimension))
    }

    /// `d = ln(ε/kT) / ((1-a) ln(l/λ))`, for an energy that is known otherwise.
    pub fn dimension(&self, energy: f64, length: f64) -> f64 {
        (energy / self.thermal_energy).ln() / ((1.0 - self.exponent) * (length / self.interaction_length).ln())
    }

    /// `d(1-a)`: relative error of the energy over relative error of the length.
    pub fn power(&self, dimension: f64) -> f64 {
        dimension * (1.0 - self.exponent)
    }
}

/// Barrier of an event that follows a drive of frequency `f` (Hz): `ΔG = kT ln(2ω/f)` from `1/f = exp(ΔG/kT)/(2ω)`, J.
pub fn barrier_from_frequency(thermal_energy: f64, attempt_frequency: f64, frequency: f64) -> f64 {
    thermal_energy * (2.0 * attempt_frequency / frequency).ln()
}

/// The barrier seen at frequency `f2` when it is `barrier` at `f1`: `ΔG2 = ΔG1 - kT ln(f2/f1)`, J.
pub fn barrier_at_frequency(thermal_energy: f64, barrier: f64, f1: f64, f2: f64) -> f64 {
    barrier - thermal_energy * (f2 / f1).ln()
}

/// The attempt frequency that a barrier at a frequency implies: `ω = f exp(ΔG/kT)/2`, 1/s.
pub fn attempt_frequency(thermal_energy: f64, barrier: f64, frequency: f64) -> f64 {
    0.5 * frequency * (barrier / thermal_energy).exp()
}
