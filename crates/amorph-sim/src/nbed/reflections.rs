//! Which reflections a pattern has.

use amorph_core::random::Rng;
use rand::RngExt;

use super::Nbed;

/// How many reflections an ordered cluster shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderClass {
    /// A net of reflections: a zone axis along the beam.
    OnAxis,
    /// One pair `±g`.
    ThreeBeam,
    /// One reflection.
    TwoBeam,
    /// None.
    None,
}

/// A Bragg disk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reflection {
    /// Its middle on the detector (y, x), pixels.
    pub position: [f64; 2],
    /// Its intensity over that of the speckle below its middle.
    pub amplitude: f64,
}

/// What is true of one pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct PatternTruth {
    /// Its class.
    pub class: OrderClass,
    /// Its disks.
    pub reflections: Vec<Reflection>,
}

impl Nbed {
    pub(super) fn draw_class(&self, rng: &mut Rng) -> OrderClass {
        let [net, pair, single] = self.class_probabilities;
        let at = rng.random::<f64>() * (net + pair + single);
        if at < net {
            OrderClass::OnAxis
        } else if at < net + pair {
            OrderClass::ThreeBeam
        } else {
            OrderClass::TwoBeam
        }
    }

    /// Reflections of a class, their radii within a standard deviation of the halo's.
    pub(super) fn draw_reflections(&self, class: OrderClass, rng: &mut Rng) -> Vec<Reflection> {
        let mut found = Vec::new();
        let (lo, hi) = self.amplitudes;
        let azimuth = std::f64::consts::TAU * rng.random::<f64>();
        let radius = |rng: &mut Rng| self.halo_radius + self.halo_width * (2.0 * rng.random::<f64>() - 1.0);
        let first = radius(rng);
        let mut add = |k: f64, azimuth: f64, rng: &mut Rng| {
            let amplitude = lo + (hi - lo) * rng.random::<f64>();
            found.push(Reflection { position: self.position(k, azimuth), amplitude });
        };
        if class == OrderClass::None {
            return found;
        }
        add(first, azimuth, rng);
        if class == OrderClass::TwoBeam {
            return found;
        }
        add(first, azimuth + std::f64::consts::PI, rng);
        if class == OrderClass::OnAxis {
            // 60 to 90 deg: from a threefold to a fourfold net.
            let second = azimuth + (60.0 + 30.0 * rng.random::<f64>()).to_radians();
            let k = radius(rng);
            add(k, second, rng);
            add(k, second + std::f64::consts::PI, rng);
        }
        found
    }
}
