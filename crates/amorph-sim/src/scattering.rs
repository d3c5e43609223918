//! Scattering of a strained glass: structure factors over the azimuth, and rings with counting noise.

use amorph_core::random::standard_normals;
use amorph_core::special::{spherical_j0, spherical_j2};

use crate::SimulationError;

/// Step of the radial grid, m.
const STEP: f64 = 0.02e-10;
/// End of the radial grid, m.
const REACH: f64 = 40e-10;

/// A strained glass with a toy pair distribution, and how it is measured.
#[derive(Debug, Clone, PartialEq)]
pub struct StrainedGlass {
    /// Applied strain: affine and anelastic together.
    pub strain: f64,
    /// Affine share of it.
    pub affine_share: f64,
    /// Poisson's ratio.
    pub poisson_ratio: f64,
    /// Atoms per volume, 1/m³.
    pub number_density: f64,
    /// Largest Q, 1/m.
    pub q_max: f64,
    /// Number of values of Q.
    pub n_q: usize,
    /// Number of sectors of the azimuth.
    pub sectors: usize,
    /// Standard deviation of every value of S.
    pub noise: f64,
    /// Wavelength, m; zero for a beam along the load axis' normal at all angles.
    pub wavelength: f64,
    /// Whether the affine strain stretches every distance by its full size; else to first order.
    pub finite: bool,
}

impl Default for StrainedGlass {
    fn default() -> Self {
        Self {
            strain: 0.0125,
            affine_share: 0.76,
            poisson_ratio: 0.37,
            number_density: 0.056e30,
            q_max: 24e10,
            n_q: 800,
            sectors: 72,
            noise: 0.002,
            wavelength: 0.1e-10,
            finite: false,
        }
    }
}

/// A structure factor over Q and azimuth.
#[derive(Debug, Clone, PartialEq)]
pub struct SectorPattern {
    /// Q, 1/m.
    pub q: Vec<f64>,
    /// Azimuth from the load axis, rad.
    pub azimuth: Vec<f64>,
    /// S of every azimuth and Q, azimuth by azimuth.
    pub s: Vec<f64>,
}

impl StrainedGlass {
    /// Toy g₀: a step at 2.45 Å times 1 + 2.4 exp(-(r - 2.8)/3.1) cos(2π (r - 2.8)/2.42), r in Å.
    pub fn pair_distribution(radius: f64) -> f64 {
        let r = radius * 1e10;
        let step = 1.0 / (1.0 + (-(r - 2.45) / 0.08).exp());
        step * (1.0 + 2.4 * (-(r - 2.8) / 3.1).exp() * (std::f64::consts::TAU * (r - 2.8) / 2.42).cos())
    }

    /// l = 2 part of the pair distribution per unit of affine strain: -2(1 + ν)/(3√5) r dg₀/dr.
    pub fn affine_shape(&self, radius: f64) -> f64 {
        let slope = (Self::pair_distribution(radius + 1e-13) - Self::pair_distribution(radius - 1e-13)) / 2e-13;
        -2.0 * (1.0 + self.poisson_ratio) / (3.0 * 5f64.sqrt()) * radius * slope
    }

    /// l = 2 part per unit of anelastic strain: that of the affine one, decaying over 4 Å beyond the first neighbours.
    pub fn anelastic_shape(&self, radius: f64) -> f64 {
        self.affine_shape(radius) * (-((radius - 2.8e-10) / 4e-10).max(0.0)).exp()
    }

    /// l = 0 and l = 2 parts of the pair distribution under the affine strain: (∫ ρ dμ, √5 ∫ ρ P₂ dμ) over the cosine μ from 0 to 1.
    fn stretched(&self, radius: f64) -> [f64; 2] {
        const NODES: usize = 200;
        let strain = self.strain * self.affine_share;
        let (along, across) = (1.0 + strain, 1.0 - self.poisson_ratio * strain);
        let mut sums = [0.0; 2];
        for k in 0..NODES {
            let cosine = (k as f64 + 0.5) / NODES as f64;
            let before = radius * ((cosine / along).powi(2) + (1.0 - cosine * cosine) / (across * across)).sqrt();
            let density = Self::pair_distribution(before) / (along * across * across * NODES as f64);
            sums[0] += density;
            sums[1] += 5f64.sqrt() * (1.5 * cosine * cosine - 0.5) * density;
        }
        sums
    }

    /// The pattern with its noise.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`] for a density, range or number that is not positive.
    pub fn measure(&self, seed: u64) -> Result<SectorPattern, SimulationError> {
        let positive = [
            ("number_density", self.number_density),
            ("q_max", self.q_max),
            ("n_q", self.n_q as f64),
            ("sectors", self.sectors as f64),
        ];
        for (name, value) in positive {
            SimulationError::require_positive(name, value)?;
        }
        SimulationError::require_not_negative("noise", self.noise)?;
        let q: Vec<f64> = (1..=self.n_q).map(|k| self.q_max * k as f64 / self.n_q as f64).collect();
        let radii: Vec<f64> = (1..).map(|k| f64::from(k) * STEP).take_while(|r| *r < REACH).collect();
        let stretched: Vec<[f64; 2]> =
            if self.finite { radii.iter().map(|r| self.stretched(*r)).collect() } else { Vec::new() };
        let isotropic_at =
            |(k, r): (usize, &f64)| stretched.get(k).map_or_else(|| Self::pair_distribution(*r), |parts| parts[0]);
        let isotropic: Vec<f64> = radii.iter().enumerate().map(isotropic_at).map(|g| g - 1.0).collect();
        let (affine, anelastic) = (self.strain * self.affine_share, self.strain * (1.0 - self.affine_share));
        let strained: Vec<f64> = radii
            .iter()
            .enumerate()
            .map(|(k, r)| {
                let of_affine = stretched.get(k).map_or_else(|| affine * self.affine_shape(*r), |parts| parts[1]);
                of_affine + anelastic * self.anelastic_shape(*r)
            })
            .collect();
        let factor = 4.0 * std::f64::consts::PI * self.number_density * STEP;
        let transform = |values: &[f64], q: f64, bessel: fn(f64) -> f64| -> f64 {
            factor * radii.iter().zip(values).map(|(r, value)| value * bessel(q * r) * r * r).sum::<f64>()
        };
        let s_0: Vec<f64> = q.iter().map(|q| 1.0 + transform(&isotropic, *q, spherical_j0)).collect();
        let s_2: Vec<f64> = q.iter().map(|q| -transform(&strained, *q, spherical_j2)).collect();
        let azimuth: Vec<f64> = (0..self.sectors).map(|k| std::f64::consts::TAU * k as f64 / self.sectors as f64).collect();
        let noise = standard_normals(seed, self.n_q * self.sectors);
        let mut s = Vec::with_capacity(noise.len());
        for phi in &azimuth {
            for k in 0..self.n_q {
                let sine = (q[k] * self.wavelength / (4.0 * std::f64::consts::PI)).min(1.0);
                let cosine = (1.0 - sine * sine).sqrt() * phi.cos();
                let p2 = 1.5 * cosine * cosine - 0.5;
                s.push(s_0[k] + 5f64.sqrt() * s_2[k] * p2 + self.noise * noise[s.len()]);
            }
        }
        Ok(SectorPattern { q, azimuth, s })
    }
}

/// First halo of a strained specimen over the azimuth.
#[derive(Debug, Clone, PartialEq)]
pub struct Rings {
    /// Place of the unstrained halo, 1/m.
    pub q0: f64,
    /// Half width, 1/m.
    pub width: f64,
    /// Counts at the top, and below it.
    pub counts: [f64; 2],
    /// Strains along the load axis, across it, and shear e₁₁, e₂₂, e₁₂.
    pub strain: [f64; 3],
    /// Number of sectors.
    pub sectors: usize,
}

impl Rings {
    /// Counts over 200 values of Q from 0.7 to 1.3 q₀; Poisson noise by its normal limit.
    pub fn measure(&self, seed: u64) -> SectorPattern {
        const N: usize = 200;
        let q: Vec<f64> = (0..N).map(|k| self.q0 * (0.7 + 0.6 * k as f64 / (N - 1) as f64)).collect();
        let azimuth: Vec<f64> = (0..self.sectors).map(|k| std::f64::consts::TAU * k as f64 / self.sectors as f64).collect();
        let noise = standard_normals(seed, N * self.sectors);
        let [along, across, shear] = self.strain;
        let mut s = Vec::with_capacity(noise.len());
        for phi in &azimuth {
            let strain = along * phi.cos().powi(2) + shear * (2.0 * phi).sin() + across * phi.sin().powi(2);
            let centre = self.q0 / (1.0 + strain);
            for q in &q {
                let mean = self.counts[1] + self.counts[0] / (1.0 + ((q - centre) / self.width).powi(2));
                s.push((mean + mean.sqrt() * noise[s.len()]).max(0.0).round());
            }
        }
        SectorPattern { q, azimuth, s }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn without_strain_all_sectors_are_equal() {
        let glass = StrainedGlass { strain: 0.0, noise: 0.0, n_q: 40, sectors: 4, ..StrainedGlass::default() };
        let pattern = glass.measure(1).unwrap();
        assert!((0..40).all(|k| (pattern.s[k] - pattern.s[40 + k]).abs() < 1e-12));
        assert!(StrainedGlass { n_q: 0, ..glass }.measure(1).is_err());
    }
}
