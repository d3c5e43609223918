//! A virtual scanning electron nanobeam on a metallic glass: speckle below a halo, and Bragg disks where a cluster is ordered.

mod atoms;
mod bessel;
mod domains;
mod fem;
mod instrument;
mod probe;
mod reflections;
mod speckle;
#[cfg(test)]
mod tests;

pub use atoms::{AtomScan, NbedFromAtoms, ProbeTruth};
pub use domains::{Domains, OrderedDomains};
pub use fem::{AtomicModel, ModelFluctuation, Rotation, grid_orientations, uniform_orientations};
pub use probe::{Lens, Probe};
pub use reflections::{OrderClass, PatternTruth, Reflection};
pub use speckle::Speckle;

use amorph_core::data::Scan4d;

use crate::SimulationError;

/// The scan, the foil and the camera. Lengths are detector pixels, angles rad from the detector's x axis towards its y axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Nbed {
    /// Probe positions (rows, columns).
    pub scan: [usize; 2],
    /// Detector pixels (rows, columns).
    pub detector: [usize; 2],
    /// Unscattered beam (y, x).
    pub centre: [f64; 2],
    /// Radius of every diffraction disk.
    pub disk_radius: f64,
    /// Radius of the speckle's grain over the radius of a disk.
    pub grain: f64,
    /// Radius of the first halo.
    pub halo_radius: f64,
    /// Its width, as a standard deviation.
    pub halo_width: f64,
    /// Electrons per pixel on the halo, for a foil of thickness one.
    pub dose: f64,
    /// Number of independent modes that add up in a pattern.
    pub modes: f64,
    /// Share of the patterns whose speckle has `I(g) = I(-g)`.
    pub friedel_fraction: f64,
    /// How far the probe reaches over neighbouring positions, as a standard deviation in steps of the scan: their speckle is alike.
    /// 0 for patterns of their own; otherwise `friedel_fraction` is 0 or 1.
    pub overlap: f64,
    /// Axes of the halo, longer over shorter, and the direction of the longer one.
    pub ellipse: (f64, f64),
    /// Intensity of every pattern over that of a foil of thickness one; empty for a flat foil.
    pub thickness: Vec<f64>,
    /// Which patterns have reflections.
    pub order: Order,
    /// Shares of zone-axis nets, pairs and single reflections among them.
    pub class_probabilities: [f64; 3],
    /// Range of the intensity of a disk over that of the speckle below it.
    pub amplitudes: (f64, f64),
    /// Intensity of the direct beam over that of the halo.
    pub direct_beam: f64,
    /// A bar from the beam to the edge of the detector.
    pub beam_stop: Option<BeamStop>,
    /// Pixels that are dead or hot, half of them each.
    pub bad_pixels: usize,
    /// Counts per electron.
    pub gain: f64,
}

/// Which patterns have reflections.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// Each with this probability, which varies between scans: variance `overdispersion · p (1 - p)`.
    Fraction {
        /// Mean probability.
        fraction: f64,
        /// Correlation of two patterns of one scan, from 0 to below 1.
        overdispersion: f64,
    },
    /// These, in scan order.
    Map(Vec<bool>),
}

/// A bar that hides part of the detector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BeamStop {
    /// Direction from the beam.
    pub angle: f64,
    /// Half its width.
    pub half_width: f64,
}

/// A scan and what is true about it.
#[derive(Debug, Clone)]
pub struct NbedScan {
    /// What the camera wrote: unsigned 16-bit counts.
    pub scan: Scan4d,
    /// What is true of every pattern, in scan order.
    pub truth: Vec<PatternTruth>,
    /// Detector pixels that tell nothing: hidden, dead or hot.
    pub masked: Vec<bool>,
}

impl Default for Nbed {
    /// 20 x 24 patterns of 128 x 128 pixels, half of them with reflections.
    fn default() -> Self {
        Self {
            scan: [20, 24],
            detector: [128, 128],
            centre: [63.5, 63.5],
            disk_radius: 5.0,
            grain: 0.5,
            halo_radius: 36.0,
            halo_width: 5.0,
            dose: 20.0,
            modes: 3.5,
            friedel_fraction: 0.0,
            overlap: 0.0,
            ellipse: (1.0, 0.0),
            thickness: Vec::new(),
            order: Order::Fraction { fraction: 0.5, overdispersion: 0.0 },
            class_probabilities: [0.3, 0.35, 0.35],
            amplitudes: (2.5, 8.0),
            direct_beam: 50.0,
            beam_stop: None,
            bad_pixels: 0,
            gain: 1.0,
        }
    }
}

impl Nbed {
    /// Electrons per pixel below the speckle at a distance `k` from the beam, direct beam and reflections left out.
    pub fn halo(&self, k: f64) -> f64 {
        let (k0, dk) = (self.halo_radius, self.halo_width);
        let bump = |at: f64, width: f64| (-0.5 * ((k - at) / width).powi(2)).exp();
        self.dose * (bump(k0, dk) + 0.35 * bump(1.72 * k0, 1.6 * dk) + 0.3 * (-k / (0.4 * k0)).exp() + 0.03)
    }

    /// Distance from the beam, with the ellipse taken off, of the detector position (y, x).
    pub fn distance(&self, [y, x]: [f64; 2]) -> f64 {
        let (ratio, angle) = self.ellipse;
        let (y, x) = (y - self.centre[0], x - self.centre[1]);
        let (along, across) = (x * angle.cos() + y * angle.sin(), y * angle.cos() - x * angle.sin());
        (along / ratio.sqrt()).hypot(across * ratio.sqrt())
    }

    /// Where on the detector (y, x) the reflection at `k`, `azimuth` of a detector without ellipse appears.
    pub fn position(&self, k: f64, azimuth: f64) -> [f64; 2] {
        let (ratio, angle) = self.ellipse;
        let (along, across) = (k * (azimuth - angle).cos() * ratio.sqrt(), k * (azimuth - angle).sin() / ratio.sqrt());
        let (y, x) = (along * angle.sin() + across * angle.cos(), along * angle.cos() - across * angle.sin());
        [self.centre[0] + y, self.centre[1] + x]
    }

    fn check(&self) -> Result<(), SimulationError> {
        for (name, value) in [
            ("disk_radius", self.disk_radius),
            ("grain", self.grain),
            ("halo_radius", self.halo_radius),
            ("halo_width", self.halo_width),
            ("dose", self.dose),
            ("gain", self.gain),
            ("ellipse", self.ellipse.0),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        SimulationError::require_not_negative("direct_beam", self.direct_beam)?;
        SimulationError::require_not_negative("amplitudes", self.amplitudes.0)?;
        let share = |name, value: f64| {
            let possible = (0.0..=1.0).contains(&value);
            if possible { Ok(()) } else { Err(SimulationError::Parameter { name, value, allowed: "from 0 to 1" }) }
        };
        share("friedel_fraction", self.friedel_fraction)?;
        SimulationError::require_not_negative("overlap", self.overlap)?;
        if self.overlap > 0.0 && !(self.friedel_fraction == 0.0 || self.friedel_fraction == 1.0) {
            let (value, allowed) = (self.friedel_fraction, "0 or 1 where patterns overlap");
            return Err(SimulationError::Parameter { name: "friedel_fraction", value, allowed });
        }
        if let Order::Fraction { fraction, overdispersion } = self.order {
            share("fraction", fraction)?;
            share("overdispersion", overdispersion)?;
        }
        let n = self.scan[0] * self.scan[1];
        let fits = |name, len: usize, may_be_empty: bool| {
            let possible = len == n || (may_be_empty && len == 0);
            let wrong = SimulationError::Parameter { name, value: len as f64, allowed: "as long as the scan has positions" };
            if possible { Ok(()) } else { Err(wrong) }
        };
        fits("thickness", self.thickness.len(), true)?;
        if let Order::Map(map) = &self.order {
            fits("map", map.len(), false)?;
        }
        let total: f64 = self.class_probabilities.iter().sum();
        SimulationError::require_positive("class_probabilities", total)
    }
}
