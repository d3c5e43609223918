//! The focused beam in the plane of the specimen.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use super::bessel::BesselTable;

/// Step of the table in units of the phase at the edge of the aperture.
const STEP: f64 = 0.01;

/// The lens that forms a probe. Lengths in m.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lens {
    /// Radius of the aperture, 1/m: convergence semi-angle over wavelength.
    pub aperture: f64,
    /// Wavelength of the electrons.
    pub wavelength: f64,
    /// Defocus, positive for a weaker lens (underfocus).
    pub defocus: f64,
    /// Spherical aberration of third order.
    pub spherical_aberration: f64,
}

impl Lens {
    /// Aberration of the ray with transverse wave number `k` (1/m), rad:
    /// `χ = πλk² (C_s λ²k²/2 - Δf)` (Kirkland, *Advanced Computing in Electron Microscopy*, eq. 2.10).
    pub fn aberration(&self, k: f64) -> f64 {
        let square = (self.wavelength * k).powi(2);
        PI / self.wavelength * square * (0.5 * self.spherical_aberration * square - self.defocus)
    }
}

/// Amplitude of a probe over the distance from its axis:
/// `a(r) = 2/(√π K) · π ∫₀ᴷ J0(2πkr) exp(-iχ(k)) k dk`, normalised to `∫|a|² d²r = 1`.
///
/// Without aberrations it is `√π K · 2 J1(2πKr)/(2πKr)`.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Real and imaginary part, 1/m.
    table: Vec<[f64; 2]>,
    step: f64,
}

impl Probe {
    /// Tabulated up to a distance of `reach` m.
    pub fn new(lens: &Lens, reach: f64) -> Self {
        let edge = TAU * lens.aperture;
        let step = STEP / edge;
        let n = (reach / step).ceil().max(0.0) as usize + 2;
        let largest = edge * step * n as f64;
        let bessel = BesselTable::up_to(largest);
        // Simpson's rule, twenty points and more for every turn of the phase.
        let turns = (largest + lens.aberration(lens.aperture).abs() + FRAC_PI_2) / TAU;
        let half = (10.0 * turns).ceil() as usize + 20;
        let width = lens.aperture / (2 * half) as f64;
        let nodes: Vec<(f64, [f64; 2])> = (0..=2 * half)
            .map(|i| {
                let k = width * i as f64;
                let simpson = if i == 0 || i == 2 * half { 1.0 } else { [2.0, 4.0][i % 2] };
                let weight = simpson * width / 3.0 * k * TAU / (PI.sqrt() * lens.aperture);
                let (sin, cos) = lens.aberration(k).sin_cos();
                (TAU * k, [weight * cos, -weight * sin])
            })
            .collect();
        let at = |i: usize| {
            let r = step * i as f64;
            nodes.iter().fold([0.0; 2], |[re, im], (k, [cos, sin])| {
                let j0 = bessel.j0(k * r);
                [re + j0 * cos, im + j0 * sin]
            })
        };
        Self { table: (0..n).map(at).collect(), step }
    }

    /// Real and imaginary part at a distance of `r` m, 1/m; zero beyond the table.
    pub fn at(&self, r: f64) -> [f64; 2] {
        let at = r.max(0.0) / self.step;
        let cell = at as usize;
        let (Some(a), Some(b)) = (self.table.get(cell), self.table.get(cell + 1)) else { return [0.0; 2] };
        let t = at - cell as f64;
        [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]
    }
}

#[cfg(test)]
mod tests {
    use super::super::bessel::airy;
    use super::*;

    #[test]
    fn without_aberrations_the_probe_is_an_airy_disk() {
        let lens = Lens { aperture: 1.5e9, wavelength: 2.5e-12, defocus: 0.0, spherical_aberration: 0.0 };
        let probe = Probe::new(&lens, 4e-9);
        let top = PI.sqrt() * lens.aperture;
        for i in 0..40 {
            let r = 1e-10 * f64::from(i);
            let [re, im] = probe.at(r);
            assert!((re / top - airy(TAU * lens.aperture * r)).abs() < 1e-5 && im == 0.0, "{r} {re}");
        }
        assert_eq!(probe.at(1e-6), [0.0; 2]);
    }

    /// The integral over a disk of |a|² comes near one, with and without aberrations, and defocus lowers the middle.
    #[test]
    fn every_probe_holds_one_electron() {
        let sharp = Lens { aperture: 4e9, wavelength: 2.5e-12, defocus: 0.0, spherical_aberration: 0.0 };
        let blurred = Lens { defocus: 60e-9, spherical_aberration: 1e-3, ..sharp };
        let mut middles = Vec::new();
        for lens in [sharp, blurred] {
            let probe = Probe::new(&lens, 8e-9);
            let step = 1e-12;
            let shell = |i: u32| {
                let r = step * (f64::from(i) + 0.5);
                let [re, im] = probe.at(r);
                TAU * r * step * (re * re + im * im)
            };
            let held: f64 = (0..8000).map(shell).sum();
            // Of an Airy disk the share 2/(π · 2πKr) lies beyond r: 0.3 % here.
            assert!((0.993..1.0001).contains(&held), "{held}");
            middles.push(probe.at(0.0)[0].hypot(probe.at(0.0)[1]));
        }
        assert!(middles[1] < 0.9 * middles[0], "{middles:?}");
    }
}
