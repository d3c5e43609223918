//! On-chip tensile tests: actuators that stretch specimens when they are released, and what follows over days.

use amorph_core::constants::BOLTZMANN;
use amorph_core::random::standard_normals;
use rand::RngExt;

use crate::SimulationError;

/// A chip of structures of one film, an elastic and linearly hardening glass that relaxes above a threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Chip {
    /// Young's modulus of the actuator, Pa.
    pub actuator_modulus: f64,
    /// Mismatch strain of the actuator, negative for one under tension.
    pub actuator_mismatch: f64,
    /// Width of the actuator, m.
    pub actuator_width: f64,
    /// Thickness of the actuator, m.
    pub actuator_thickness: f64,
    /// Thickness of the specimens, m.
    pub thickness: f64,
    /// Young's modulus of the specimens, Pa.
    pub modulus: f64,
    /// Mismatch strain of the specimens.
    pub mismatch: f64,
    /// Yield stress at the first time, Pa.
    pub yield_stress: f64,
    /// Slope of stress over plastic strain, Pa.
    pub hardening: f64,
    /// Strain-rate sensitivity above the threshold.
    pub rate_sensitivity: f64,
    /// Stress below which nothing relaxes, Pa.
    pub threshold: f64,
    /// Standard deviation of one reading of a displacement, m.
    pub noise: f64,
    /// Times of the readings, s.
    pub times: Vec<f64>,
    /// Number of structures.
    pub structures: usize,
    /// Length by which actuators and specimens are longer than drawn, m.
    pub underetch: f64,
}

impl Default for Chip {
    fn default() -> Self {
        Self {
            actuator_modulus: 250e9,
            actuator_mismatch: -0.0040,
            actuator_width: 15e-6,
            actuator_thickness: 100e-9,
            thickness: 360e-9,
            modulus: 72e9,
            mismatch: 0.0,
            yield_stress: 3.0e9,
            hardening: 2.5e9,
            rate_sensitivity: 0.030,
            threshold: 3.0e9,
            noise: 15e-9,
            times: [2.0, 8.0 * 24.0, 35.0 * 24.0, 51.0 * 24.0].map(|hours| 3600.0 * hours).to_vec(),
            structures: 40,
            underetch: 0.0,
        }
    }
}

/// A structure with what is read and what is true.
#[derive(Debug, Clone, PartialEq)]
pub struct Structure {
    /// Length of the specimen as drawn, m.
    pub length: f64,
    /// Width of the specimen, m.
    pub width: f64,
    /// Length of the actuator as drawn, m.
    pub actuator_length: f64,
    /// Displacement as read at every time, m.
    pub displacement: Vec<f64>,
    /// True stress at every time, Pa.
    pub stress: Vec<f64>,
    /// True strain at every time.
    pub strain: Vec<f64>,
    /// Gain of displacement per unit of ln t, m.
    pub log_displacement: f64,
}

impl Chip {
    /// All structures: lengths 10, 25, 50 μm, widths 0.6, 1, 2 μm in turn, actuators from 0.3 to 2.6 mm.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`] for constants out of range.
    pub fn release(&self, seed: u64) -> Result<Vec<Structure>, SimulationError> {
        let positive = [
            ("actuator_modulus", self.actuator_modulus),
            ("actuator_width", self.actuator_width),
            ("actuator_thickness", self.actuator_thickness),
            ("thickness", self.thickness),
            ("modulus", self.modulus),
            ("yield_stress", self.yield_stress),
            ("-actuator_mismatch", -self.actuator_mismatch),
        ];
        for (name, value) in positive {
            SimulationError::require_positive(name, value)?;
        }
        for (name, value) in [("hardening", self.hardening), ("rate_sensitivity", self.rate_sensitivity), ("noise", self.noise)]
        {
            SimulationError::require_not_negative(name, value)?;
        }
        for time in &self.times {
            SimulationError::require_positive("times", *time)?;
        }
        let noise = standard_normals(seed, self.structures * self.times.len());
        let mut rng = amorph_core::random::rng(amorph_core::random::derive_seed(seed, &["actuators".into()]));
        let one = |number: usize| {
            let length = [10e-6, 25e-6, 50e-6][number % 3];
            let width = [0.6e-6, 1e-6, 2e-6][(number / 3) % 3];
            let actuator_length = 0.3e-3 * (2.6f64 / 0.3).powf(rng.random::<f64>());
            let noise = &noise[number * self.times.len()..(number + 1) * self.times.len()];
            self.structure([length, width, actuator_length], noise)
        };
        Ok((0..self.structures).map(one).collect())
    }

    /// First time at which each of the structures is broken, as a place among the times: fracture strains are drawn from Weibull's law with
    /// a median and a modulus, and a structure breaks when its strain passes its own.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`] for a median or modulus that is not positive.
    pub fn breaks(
        &self,
        structures: &[Structure],
        median: f64,
        modulus: f64,
        seed: u64,
    ) -> Result<Vec<Option<usize>>, SimulationError> {
        SimulationError::require_positive("median", median)?;
        SimulationError::require_positive("modulus", modulus)?;
        let mut rng = amorph_core::random::rng(amorph_core::random::derive_seed(seed, &["fracture".into()]));
        let first_beyond = |structure: &Structure| {
            let survival: f64 = 1.0 - rng.random::<f64>();
            let fracture = median * (-survival.ln() / std::f64::consts::LN_2).powf(1.0 / modulus);
            structure.strain.iter().position(|strain| *strain > fracture)
        };
        Ok(structures.iter().map(first_beyond).collect())
    }

    fn structure(&self, drawn: [f64; 3], noise: &[f64]) -> Structure {
        let [length, width, actuator_length] = [drawn[0] + self.underetch, drawn[1], drawn[2] + self.underetch];
        let strain = |u: f64| (u / length).ln_1p() - self.mismatch;
        let section = |u: f64| {
            let plastic = (strain(u) - self.law(strain(u)) / self.modulus).max(0.0);
            self.thickness * width * (-plastic).exp()
        };
        // Balance of forces: the actuator pulls less and the specimen more the farther it moves.
        let (mut lo, mut hi) = (0.0, actuator_length * -self.actuator_mismatch.exp_m1());
        for _ in 0..200 {
            let u = 0.5 * (lo + hi);
            if self.force(u, actuator_length) > self.law(strain(u)) * section(u) { lo = u } else { hi = u }
        }
        let start = 0.5 * (lo + hi);
        let first_stress = self.force(start, actuator_length) / section(start);
        let stiffness = self.actuator_modulus * self.actuator_width * self.actuator_thickness
            / ((actuator_length - start) * section(start));
        let relaxes = first_stress > self.threshold;
        let log_displacement = if relaxes { self.rate_sensitivity * first_stress / stiffness } else { 0.0 };
        let truth: Vec<f64> = self.times.iter().map(|time| start + log_displacement * (time / self.times[0]).ln()).collect();
        let of_stress = |u: &f64| {
            // What is gained after the first time is plastic but for the unloading.
            let mut stress = first_stress;
            for _ in 0..50 {
                let plastic = (strain(*u) - stress / self.modulus).max(0.0);
                stress = self.force(*u, actuator_length) / (self.thickness * width * (-plastic).exp());
            }
            stress
        };
        Structure {
            length: drawn[0],
            width,
            actuator_length: drawn[2],
            displacement: truth.iter().zip(noise).map(|(u, noise)| u + self.noise * noise).collect(),
            stress: truth.iter().map(of_stress).collect(),
            strain: truth.iter().map(|u| strain(*u)).collect(),
            log_displacement,
        }
    }

    /// Stress at a strain by the law of the first time, Pa.
    fn law(&self, strain: f64) -> f64 {
        let elastic = self.modulus * strain;
        if elastic <= self.yield_stress {
            return elastic;
        }
        // σ = σ_y + H ε_p with ε_p = ε - σ/E.
        (self.yield_stress + self.hardening * strain) / (1.0 + self.hardening / self.modulus)
    }

    /// Pull of the actuator at a displacement, N.
    fn force(&self, u: f64, actuator_length: f64) -> f64 {
        let section = self.actuator_width * self.actuator_thickness;
        self.actuator_modulus * section * ((-u / actuator_length).ln_1p() - self.actuator_mismatch)
    }
}

/// Flow by thermally activated shears on an actuator that unloads as the specimen grows:
/// dσ/dt = -r (M kT/V) sinh(V (σ - σ_th)/(M kT)).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SinhFlow {
    /// Activation volume, m³.
    pub volume: f64,
    /// Taylor factor.
    pub taylor_factor: f64,
    /// Threshold stress, Pa.
    pub threshold: f64,
    /// Stress at time zero, Pa.
    pub start: f64,
    /// Temperature, K.
    pub temperature: f64,
    /// Rate r, 1/s.
    pub rate: f64,
    /// Fall of stress per displacement, Pa/m.
    pub stiffness: f64,
}

impl SinhFlow {
    /// Stress at a time, Pa: tanh(y/2) = tanh(y₀/2) exp(-r t) with y = V (σ - σ_th)/(M kT), exact.
    pub fn stress(&self, time: f64) -> f64 {
        let unit = self.taylor_factor * BOLTZMANN * self.temperature / self.volume;
        let start = (self.start - self.threshold) / unit;
        // 1 - tanh(y/2) = 2/(exp(y) + 1), so that nothing is lost where tanh is close to one.
        let rest = 2.0 / (start.exp() + 1.0);
        let fall = -(-self.rate * time).exp_m1();
        // tanh(y/2) = (1 - rest)(1 - fall)
        let below = rest + fall - rest * fall;
        self.threshold + unit * ((2.0 - below) / below).ln()
    }

    /// Displacement gained until a time, m.
    pub fn displacement(&self, time: f64) -> f64 {
        (self.start - self.stress(time)) / self.stiffness
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn forces_balance_and_only_plastic_structures_relax() {
        let chip = Chip { noise: 0.0, ..Chip::default() };
        let structures = chip.release(1).unwrap();
        for structure in &structures {
            let (stress, strain) = (structure.stress[0], structure.strain[0]);
            assert!((stress / chip.law(strain) - 1.0).abs() < 1e-9, "{structure:?}");
            assert_eq!(structure.log_displacement > 0.0, stress > chip.threshold);
            assert!(structure.stress[3] <= stress && structure.strain[3] >= strain);
        }
        let plastic = structures.iter().filter(|structure| structure.log_displacement > 0.0).count();
        assert!((5..35).contains(&plastic), "{plastic}");
        assert!(Chip { actuator_mismatch: 0.004, ..chip }.release(1).is_err());
    }

    #[test]
    fn the_sinh_law_is_solved() {
        let flow = SinhFlow {
            volume: 150e-30,
            taylor_factor: 3f64.sqrt(),
            threshold: 2.6e9,
            start: 3.3e9,
            temperature: 298.0,
            rate: 1e-10,
            stiffness: 1.7361e15,
        };
        let unit = 3f64.sqrt() * 1.380_649e-23 * 298.0 / 150e-30;
        for time in [1e2, 1e4, 1e6] {
            let step = 1e-4 * time;
            let slope = (flow.stress(time + step) - flow.stress(time - step)) / (2.0 * step);
            let law = -1e-10 * unit * ((flow.stress(time) - 2.6e9) / unit).sinh();
            assert!((slope / law - 1.0).abs() < 1e-4, "{time}: {slope} {law}");
        }
        assert!((flow.stress(0.0) / 3.3e9 - 1.0).abs() < 1e-12);
    }
}
