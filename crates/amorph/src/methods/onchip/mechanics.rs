//! Stress and strain of a specimen that an actuator stretches.

use rayon::prelude::*;

use crate::core::random::standard_normals;
use crate::core::unit::Quantity;

/// Steps of the fixed point of section and stress; fewer than twenty are needed.
const STEPS: usize = 40;

/// What all structures of a chip share.
#[derive(Debug, Clone, PartialEq)]
pub struct Chip {
    /// Young's modulus of the actuator, Pa.
    pub actuator_modulus: Quantity,
    /// Mismatch strain of the actuator; negative.
    pub actuator_mismatch: Quantity,
    /// Width of the actuator, m.
    pub actuator_width: Quantity,
    /// Thickness of the actuator, m.
    pub actuator_thickness: Quantity,
    /// Thickness of the specimens, m.
    pub thickness: Quantity,
    /// Young's modulus of the specimens, Pa.
    pub modulus: Option<Quantity>,
    /// Mismatch strain of the specimens.
    pub mismatch: Option<Quantity>,
    /// Length by which actuators and specimens are longer than drawn, m.
    pub underetch: Quantity,
}

/// Lengths of one structure as drawn, m.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geometry {
    /// Of the specimen.
    pub length: f64,
    /// Width of the specimen.
    pub width: f64,
    /// Of the actuator.
    pub actuator_length: f64,
}

/// A displacement at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Since the release, s.
    pub time: f64,
    /// m.
    pub displacement: f64,
    /// Its standard error, m.
    pub error: f64,
}

/// A structure with its readings in order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Specimen {
    /// Its name.
    pub name: String,
    /// Its lengths.
    pub geometry: Geometry,
    /// Readings while it was whole.
    pub readings: Vec<Reading>,
    /// Time at which it was first seen broken, s; `None` for one that is whole.
    pub broken: Option<f64>,
}

/// A specimen under load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loaded {
    /// True stress, Pa.
    pub stress: f64,
    /// True strain.
    pub strain: f64,
    /// Plastic part of it; NaN where modulus or mismatch of the specimen are not known.
    pub plastic: f64,
    /// Section of the specimen, m².
    pub section: f64,
    /// Fall of the stress per displacement of the actuator, Pa/m.
    pub stiffness: f64,
}

impl Chip {
    /// Section of the actuator times its modulus, N.
    fn pull(&self) -> f64 {
        self.actuator_modulus.value * self.actuator_width.value * self.actuator_thickness.value
    }

    /// The lengths that move: each of actuator and specimen hangs on one anchor, which the etch has undercut.
    pub fn free(&self, drawn: &Geometry) -> Geometry {
        let longer = |length: f64| length + self.underetch.value;
        Geometry { length: longer(drawn.length), width: drawn.width, actuator_length: longer(drawn.actuator_length) }
    }

    /// Stress and strain at a displacement; `None` where the actuator would push.
    ///
    /// σ = E_a S_a [ln(1 - u/L_a) - ε_a]/S and ε = ln(1 + u/L₀) - ε_s, with S = S₀ exp(-ε_p), ε_p = max(0, ε - σ/E): the volume is
    /// conserved in plastic flow (after Gravier et al., J. MEMS 18, 555 (2009)). Without E the section is the initial one.
    ///
    /// L₀ and L_a are those of [`Self::free`].
    pub fn state(&self, drawn: &Geometry, displacement: f64) -> Option<Loaded> {
        let geometry = self.free(drawn);
        let rest = (-displacement / geometry.actuator_length).ln_1p() - self.actuator_mismatch.value;
        if rest.is_nan() || rest <= 0.0 {
            return None;
        }
        let force = self.pull() * rest;
        let strain = (displacement / geometry.length).ln_1p() - self.mismatch.as_ref().map_or(0.0, |mismatch| mismatch.value);
        let whole = geometry.width * self.thickness.value;
        let (mut plastic, mut section) = (0.0, whole);
        if let Some(modulus) = &self.modulus {
            for _ in 0..STEPS {
                let before = plastic;
                plastic = (strain - force / section / modulus.value).max(0.0);
                section = whole * f64::exp(-plastic);
                if (plastic - before).abs() < 1e-14 {
                    break;
                }
            }
        }
        let is_known = self.modulus.is_some() && self.mismatch.is_some();
        Some(Loaded {
            stress: force / section,
            strain,
            plastic: if is_known { plastic } else { f64::NAN },
            section,
            stiffness: self.pull() / ((geometry.actuator_length - displacement) * section),
        })
    }

    /// The chip with constants drawn within their errors: what is common to all structures.
    pub fn draw(&self, seed: u64) -> Self {
        let mut normals = standard_normals(seed, 8).into_iter();
        let mut moved = |quantity: &Quantity| {
            let normal = normals.next().unwrap_or(0.0);
            Quantity { value: quantity.value + normal * quantity.std_error.unwrap_or(0.0), ..quantity.clone() }
        };
        Self {
            actuator_modulus: moved(&self.actuator_modulus),
            actuator_mismatch: moved(&self.actuator_mismatch),
            actuator_width: moved(&self.actuator_width),
            actuator_thickness: moved(&self.actuator_thickness),
            thickness: moved(&self.thickness),
            modulus: self.modulus.as_ref().map(&mut moved),
            mismatch: self.mismatch.as_ref().map(&mut moved),
            underetch: moved(&self.underetch),
        }
    }
}

/// Standard deviation of a number over draws of the chip; draws in which it cannot be had are left out.
pub(super) fn systematic(draws: &[Chip], number: impl Fn(&Chip) -> Option<f64> + Sync) -> f64 {
    let values: Vec<f64> = draws.par_iter().filter_map(&number).filter(|value| value.is_finite()).collect();
    let n = values.len() as f64;
    if n < 2.0 {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
}
