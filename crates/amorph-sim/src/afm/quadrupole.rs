//! A sheared glass that yields event by event: each event relaxes its own stress and loads its neighbours by Eshelby's quadrupole.
//!
//! A mesoscopic model on a periodic lattice (Picard et al. 2004, doi:10.1140/epje/i2004-10054-8; Talamali et al. 2011,
//! doi:10.1103/PhysRevE.84.016115). The stress is pure shear with one principal direction. A site yields when its stress exceeds its
//! threshold, the weakest one first; its plastic strain changes the stress everywhere by a kernel that is
//! `G(q) = -cos^2 2(phi - theta0)` in Fourier space, in real space a quadrupole `-cos 4(theta - theta0) / r^2`: the stress rises along
//! `theta0 ± 45 degrees`, the planes of greatest shear, and falls along and across `theta0`. Events therefore follow one another along
//! those planes, and so do the regions of much plastic strain.

use std::f64::consts::TAU;

use amorph_core::constants::ELEMENTARY_CHARGE;
use amorph_core::data::{Extent, Map};
use amorph_core::fft::{Complex64, RealFft2, signed_frequency};
use amorph_core::random::{derive_seed, rng};
use amorph_core::unit::Unit;
use ndarray::Array2;
use rand::RngExt;

use crate::SimulationError;

/// A glass under shear.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShearedGlass {
    /// Sites (pixels) along each side; even.
    pub sites: usize,
    /// Side of the image, m.
    pub width: f64,
    /// Direction of the principal stress, rad from +x towards +y (up).
    pub principal_direction: f64,
    /// How an event acts on its surroundings.
    pub kernel: Kernel,
    /// Number of plastic events.
    pub events: usize,
    /// Standard deviation of the Gaussian core of an event, in pixels.
    pub core: f64,
    /// Spread of the thresholds: they are uniform within `1 ± spread` of their mean.
    pub disorder: f64,
    /// Mean energy dissipated per cycle where nothing has yielded, J.
    pub energy: f64,
    /// Energy dissipated in addition per unit of plastic strain, relative to the mean strain, J.
    pub energy_per_strain: f64,
}

/// How an event acts on its surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// Eshelby's quadrupole.
    Quadrupolar,
    /// The same strength in every direction, `G(q) = -1/2`: events relax themselves and no neighbour in particular. The null.
    Isotropic,
}

/// A glass after shear.
#[derive(Debug, Clone, PartialEq)]
pub struct ShearedSurface {
    /// What it was made from.
    pub glass: ShearedGlass,
    /// Plastic strain relative to its mean, `[row, column]`.
    pub strain: Array2<f64>,
    /// Row and column of every event, in their order.
    pub events: Vec<(usize, usize)>,
}

impl Default for ShearedGlass {
    /// Invented: 256 pixels of 1 nm, principal direction along x, three events per ten pixels.
    fn default() -> Self {
        Self {
            sites: 256,
            width: 256e-9,
            principal_direction: 0.0,
            kernel: Kernel::Quadrupolar,
            events: 8000,
            core: 2.0,
            disorder: 0.9,
            energy: 40.0 * ELEMENTARY_CHARGE,
            energy_per_strain: 5.0 * ELEMENTARY_CHARGE,
        }
    }
}

impl ShearedGlass {
    /// Shears the glass until it has had its events; the same seed gives the same events.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`].
    pub fn shear(&self, seed: u64) -> Result<ShearedSurface, SimulationError> {
        self.check()?;
        let n = self.sites;
        let (stress_kernel, strain_kernel) = self.kernels();
        let mut rng = rng(derive_seed(seed, &["thresholds".into()]));
        let mut threshold = || 1.0 + self.disorder * (2.0 * rng.random::<f64>() - 1.0);
        // Distance to yielding: a site yields where it is smallest. The applied stress is the same everywhere and drops out.
        let mut distance = Array2::from_shape_fn((n, n), |_| threshold());
        let mut strain = Array2::zeros((n, n));
        let mut events = Vec::with_capacity(self.events);
        for _ in 0..self.events {
            let mut weakest = ((0, 0), f64::INFINITY);
            for (at, value) in distance.indexed_iter() {
                if *value < weakest.1 {
                    weakest = (at, *value);
                }
            }
            let at = weakest.0;
            events.push(at);
            // Stress that rises brings a site nearer to yielding.
            add_shifted(&mut distance, &stress_kernel, at, -1.0);
            add_shifted(&mut strain, &strain_kernel, at, 1.0);
            distance[at] += threshold();
        }
        let mean = strain.mean().unwrap_or(1.0);
        Ok(ShearedSurface { glass: *self, strain: strain / mean, events })
    }

    /// Stress and plastic strain of an event at (0, 0), the strain being 1 at its centre before the core is normalised.
    fn kernels(&self) -> (Array2<f64>, Array2<f64>) {
        let n = self.sites;
        let fft = RealFft2::new(n, n);
        let spectrum = |isotropic: bool, row: usize, column: usize| {
            // Rows count downwards.
            let (q_x, q_y) = (signed_frequency(column, n), -signed_frequency(row, n));
            let square = (q_x * q_x + q_y * q_y) * (TAU * self.core / n as f64).powi(2);
            let core = (-0.5 * square).exp();
            let angle = q_y.atan2(q_x) - self.principal_direction;
            let response = match self.kernel {
                _ if isotropic => 1.0,
                // The mean stress is held: nothing at q = 0.
                _ if row == 0 && column == 0 => 0.0,
                Kernel::Quadrupolar => -(2.0 * angle).cos().powi(2),
                Kernel::Isotropic => -0.5,
            };
            core * response
        };
        let field = |isotropic: bool| {
            let half =
                Array2::from_shape_fn((n, fft.half()), |(row, column)| Complex64::new(spectrum(isotropic, row, column), 0.0));
            fft.inverse(&half.view())
        };
        let (stress, strain) = (field(false), field(true));
        // An event relaxes about its own threshold: its stress falls by one.
        let own = -stress[(0, 0)];
        (stress / own, strain)
    }

    fn check(&self) -> Result<(), SimulationError> {
        SimulationError::require_positive("width", self.width)?;
        SimulationError::require_positive("core", self.core)?;
        SimulationError::require_not_negative("energy_per_strain", self.energy_per_strain)?;
        let parameter = |name, value, allowed| Err(SimulationError::Parameter { name, value, allowed });
        if self.sites < 16 || self.sites % 2 == 1 {
            return parameter("sites", self.sites as f64, "even and at least 16");
        }
        if self.events == 0 {
            return parameter("events", 0.0, "at least 1");
        }
        if !(0.0..=1.0).contains(&self.disorder) {
            return parameter("disorder", self.disorder, "between 0 and 1");
        }
        if !self.principal_direction.is_finite() {
            return parameter("principal_direction", self.principal_direction, "finite");
        }
        Ok(())
    }
}

/// Adds `factor` times a periodic field, its origin moved to `at`.
fn add_shifted(field: &mut Array2<f64>, kernel: &Array2<f64>, at: (usize, usize), factor: f64) {
    let (rows, columns) = field.dim();
    for (row, mut line) in field.rows_mut().into_iter().enumerate() {
        let source = kernel.row((row + rows - at.0) % rows);
        for (column, value) in line.iter_mut().enumerate() {
            let from = if column >= at.1 { column - at.1 } else { column + columns - at.1 };
            *value += factor * source[from];
        }
    }
}

impl ShearedSurface {
    /// The energy dissipated per cycle: higher where more has yielded.
    pub fn energy_map(&self) -> Map {
        let glass = &self.glass;
        let energy = self.strain.mapv(|strain| glass.energy + glass.energy_per_strain * strain);
        Map::new("dissipated_energy", energy, Unit::of("J"), Some(Extent::metres(glass.width, glass.width)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::{FRAC_PI_4, PI};

    fn glass(kernel: Kernel) -> ShearedGlass {
        ShearedGlass { sites: 64, events: 400, kernel, ..ShearedGlass::default() }
    }

    /// Real-space form: `cos 4(theta - theta0)` of the stress, negative along the principal direction, falling as `1/r^2`.
    #[test]
    fn the_kernel_is_a_quadrupole() {
        for principal in [0.0, 0.4] {
            let glass = ShearedGlass { sites: 256, principal_direction: principal, ..glass(Kernel::Quadrupolar) };
            let (stress, strain) = glass.kernels();
            assert!((stress[(0, 0)] + 1.0).abs() < 1e-12 && stress.sum().abs() < 1e-9);
            assert!((strain.sum() - 1.0).abs() < 1e-9);
            let at = |r: f64, angle: f64| {
                let (x, y) = ((r * angle.cos()).round() as isize, (r * angle.sin()).round() as isize);
                stress[((-y).rem_euclid(256) as usize, x.rem_euclid(256) as usize)]
            };
            let harmonic = |r: f64| {
                let angles = (0..64).map(|i| i as f64 * PI / 32.0);
                angles.map(|a| at(r, a) * (4.0 * (a - principal)).cos()).sum::<f64>() / 32.0
            };
            assert!(at(20.0, principal) < 0.0 && at(20.0, principal + FRAC_PI_4) > 0.0);
            // Core and images of the lattice change the power a little.
            let power = (harmonic(30.0) / harmonic(15.0)).ln() / 2f64.ln();
            assert!(harmonic(15.0) < 0.0 && (power + 2.0).abs() < 0.2, "{power}");
        }
    }

    #[test]
    fn an_isotropic_event_loads_no_direction() {
        let (stress, _) = glass(Kernel::Isotropic).kernels();
        // Far away only the constant that keeps the mean stress is left.
        let far = stress[(32, 32)];
        assert!((stress[(0, 32)] - far).abs() < 1e-9 && (stress[(32, 0)] - far).abs() < 1e-9 && far.abs() < 0.01);
    }

    #[test]
    fn events_depend_on_the_seed_alone_and_dissipate() {
        let surface = glass(Kernel::Quadrupolar).shear(1).unwrap();
        assert_eq!(surface, glass(Kernel::Quadrupolar).shear(1).unwrap());
        assert_ne!(surface.events, glass(Kernel::Quadrupolar).shear(2).unwrap().events);
        assert_eq!(surface.events.len(), 400);
        assert!((surface.strain.mean().unwrap() - 1.0).abs() < 1e-12);
        let map = surface.energy_map();
        let mean = map.values.mean().unwrap();
        assert!((mean / (45.0 * ELEMENTARY_CHARGE) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn impossible_parameters_are_refused() {
        let good = glass(Kernel::Quadrupolar);
        for bad in [
            ShearedGlass { sites: 15, ..good },
            ShearedGlass { events: 0, ..good },
            ShearedGlass { core: 0.0, ..good },
            ShearedGlass { disorder: 1.5, ..good },
            ShearedGlass { principal_direction: f64::NAN, ..good },
        ] {
            assert!(bad.shear(1).is_err(), "{bad:?}");
        }
    }
}
