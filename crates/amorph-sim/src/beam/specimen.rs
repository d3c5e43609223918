//! A glass of known contact stiffness.

use amorph_core::data::{Extent, Map};
use amorph_core::random::{FieldModel, FieldSampler, derive_seed};
use amorph_core::unit::Unit;
use ndarray::Array2;

use crate::SimulationError;

/// Shape of the contact: how its stiffness depends on the reduced modulus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Geometry {
    /// Sphere on plane (Hertz): `k* ∝ E*^(2/3)` at constant force.
    Sphere,
    /// Flat punch: `k* ∝ E*`.
    Flat,
}

/// Tip and reference: what turns a stiffness into a modulus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contact {
    /// Shape of the contact.
    pub geometry: Geometry,
    /// Indentation modulus of the tip, Pa.
    pub tip_modulus: f64,
    /// Indentation modulus of the reference sample, Pa.
    pub reference_modulus: f64,
    /// Contact stiffness on the reference sample before the scan, N/m.
    pub reference_stiffness: f64,
}

/// A disk whose modulus differs from its surroundings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disk {
    /// Centre from the left edge, m.
    pub x: f64,
    /// Centre from the bottom edge, m.
    pub y: f64,
    /// Radius, m.
    pub radius: f64,
    /// Share by which the indentation modulus is lower inside.
    pub modulus_drop: f64,
}

/// A glass, and the frame in which it is imaged.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactSpecimen {
    /// Pixels along y.
    pub rows: usize,
    /// Pixels along x.
    pub columns: usize,
    /// Width of the image, m.
    pub width: f64,
    /// Height of the image, m.
    pub height: f64,
    /// Mean contact stiffness, N/m.
    pub stiffness_mean: f64,
    /// Standard deviation of the contact stiffness, a Gaussian field, N/m.
    pub stiffness_sd: f64,
    /// Correlation length, m.
    pub correlation_length: f64,
    /// Exponent `α` of the correlation `exp(-(r/ξ)^(2α))`.
    pub exponent: f64,
    /// Imaginary over real part of the contact stiffness.
    pub loss_tangent: f64,
    /// What turns stiffness into modulus.
    pub contact: Contact,
    /// Treated places.
    pub disks: Vec<Disk>,
}

/// One site: the truth behind a map.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactSite {
    /// What it was made from.
    pub specimen: ContactSpecimen,
    /// Contact stiffness with the tip as it is before the scan, N/m, `[row, column]`.
    pub stiffness: Array2<f64>,
}

impl Default for ContactSpecimen {
    /// A silicon tip on a metallic glass, with fused silica (72 GPa) as reference; the numbers are of a usual size, not measured.
    fn default() -> Self {
        Self {
            rows: 128,
            columns: 128,
            width: 500e-9,
            height: 500e-9,
            stiffness_mean: 620.0,
            stiffness_sd: 31.0,
            correlation_length: 8e-9,
            exponent: 0.5,
            loss_tangent: 0.0,
            contact: Contact {
                geometry: Geometry::Sphere,
                tip_modulus: 165e9,
                reference_modulus: 74e9,
                reference_stiffness: 540.0,
            },
            disks: Vec::new(),
        }
    }
}

impl Contact {
    /// Power of the reduced modulus in the stiffness.
    fn power(&self, geometry: Geometry) -> f64 {
        match geometry {
            Geometry::Sphere => 2.0 / 3.0,
            Geometry::Flat => 1.0,
        }
    }

    /// Indentation modulus at a contact stiffness (N/m) for a contact of either shape, Pa; infinite or negative where the tip
    /// would have to be stiffer.
    pub fn modulus(&self, stiffness: f64, geometry: Geometry) -> f64 {
        let ratio = (stiffness / self.reference_stiffness).powf(1.0 / self.power(geometry));
        1.0 / (1.0 / (self.reference_reduced() * ratio) - 1.0 / self.tip_modulus)
    }

    /// Contact stiffness on an indentation modulus (Pa), N/m.
    pub fn stiffness(&self, modulus: f64) -> f64 {
        let reduced = 1.0 / (1.0 / modulus + 1.0 / self.tip_modulus);
        self.reference_stiffness * (reduced / self.reference_reduced()).powf(self.power(self.geometry))
    }

    fn reference_reduced(&self) -> f64 {
        1.0 / (1.0 / self.reference_modulus + 1.0 / self.tip_modulus)
    }
}

impl ContactSpecimen {
    /// Pixel pitch along (y, x), m.
    pub fn pitch(&self) -> (f64, f64) {
        (self.height / self.rows as f64, self.width / self.columns as f64)
    }

    /// One site; the same seed gives the same site.
    ///
    /// # Errors
    /// [`SimulationError`] when a parameter is out of range or the field reaches stiffnesses that no modulus explains.
    pub fn site(&self, seed: u64) -> Result<ContactSite, SimulationError> {
        self.check()?;
        let model = FieldModel::isotropic(1.0, self.correlation_length, self.exponent);
        let field = FieldSampler::new(&model, (self.rows, self.columns), self.pitch())?;
        let field = field.sample(derive_seed(seed, &["stiffness".into()]));
        let mut stiffness = field.mapv(|z| self.stiffness_mean + self.stiffness_sd * z);
        let (pitch_y, pitch_x) = self.pitch();
        for ((row, column), value) in stiffness.indexed_iter_mut() {
            let modulus = self.contact.modulus(*value, self.contact.geometry);
            if !(*value > 0.0 && modulus > 0.0 && modulus.is_finite()) {
                let allowed = "positive and softer than the tip resolves; lower stiffness_mean or stiffness_sd";
                return Err(SimulationError::Parameter { name: "stiffness", value: *value, allowed });
            }
            let (x, y) = ((column as f64 + 0.5) * pitch_x, self.height - (row as f64 + 0.5) * pitch_y);
            if let Some(disk) = self.disks.iter().find(|disk| (x - disk.x).hypot(y - disk.y) <= disk.radius) {
                *value = self.contact.stiffness(modulus * (1.0 - disk.modulus_drop));
            }
        }
        Ok(ContactSite { specimen: self.clone(), stiffness })
    }

    fn check(&self) -> Result<(), SimulationError> {
        for (name, value) in [
            ("width", self.width),
            ("height", self.height),
            ("stiffness_mean", self.stiffness_mean),
            ("contact.tip_modulus", self.contact.tip_modulus),
            ("contact.reference_modulus", self.contact.reference_modulus),
            ("contact.reference_stiffness", self.contact.reference_stiffness),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        SimulationError::require_not_negative("stiffness_sd", self.stiffness_sd)?;
        SimulationError::require_not_negative("loss_tangent", self.loss_tangent)?;
        for disk in &self.disks {
            SimulationError::require_positive("disk.radius", disk.radius)?;
            if !(f64::NEG_INFINITY..1.0).contains(&disk.modulus_drop) {
                let (name, value) = ("disk.modulus_drop", disk.modulus_drop);
                return Err(SimulationError::Parameter { name, value, allowed: "below 1" });
            }
        }
        Ok(())
    }
}

impl ContactSite {
    /// The true indentation modulus for a contact of either shape as a map, Pa.
    pub fn modulus_map(&self, geometry: Geometry) -> Map {
        let contact = &self.specimen.contact;
        self.map("indentation_modulus", "Pa", self.stiffness.mapv(|k| contact.modulus(k, geometry)))
    }

    /// The true contact stiffness as a map, N/m.
    pub fn stiffness_map(&self) -> Map {
        self.map("contact_stiffness", "N/m", self.stiffness.clone())
    }

    pub(super) fn map(&self, quantity: &str, unit: &str, values: Array2<f64>) -> Map {
        let extent = Extent::metres(self.specimen.width, self.specimen.height);
        Map::new(quantity, values, Unit::of(unit), Some(extent))
    }
}
