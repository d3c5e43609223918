//! From the stiffness of a contact to the modulus of the sample.
//!
//! `k* = 2 a E*`. Hertz: `a = (3 F R/(4 E*))^(1/3)`, so that `k* = (6 E*² R F)^(1/3)`; a flat punch keeps its radius.
//! `1/E* = 1/M_s + 1/M_t` with the indentation moduli `M = E/(1-ν²)` of sample and tip.

/// Shape of the contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Geometry {
    /// Sphere on plane.
    Sphere,
    /// Flat punch.
    Flat,
}

impl Geometry {
    /// Power `m` of the stiffness in the reduced modulus: 3/2 or 1.
    pub fn power(self) -> f64 {
        match self {
            Self::Sphere => 1.5,
            Self::Flat => 1.0,
        }
    }

    /// As in the study.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sphere => "sphere",
            Self::Flat => "flat",
        }
    }
}

/// Reduced modulus of a sphere, `E* = √(k*³/(6 R F))`; N/m, m and N give Pa.
pub fn reduced_modulus_of_sphere(stiffness: f64, radius: f64, force: f64) -> f64 {
    (stiffness.powi(3) / (6.0 * radius * force)).sqrt()
}

/// Reduced modulus of a flat punch, `E* = k*/(2 a)`; N/m and m give Pa.
pub fn reduced_modulus_of_punch(stiffness: f64, contact_radius: f64) -> f64 {
    stiffness / (2.0 * contact_radius)
}

/// `E*` of a sample and a tip, Pa.
pub fn reduced_modulus(sample: f64, tip: f64) -> f64 {
    1.0 / (1.0 / sample + 1.0 / tip)
}

/// Indentation modulus of the sample; `None` where the tip would have to be stiffer: `1/E* - 1/M_t <= 0`.
pub fn indentation_modulus(reduced: f64, tip: f64) -> Option<f64> {
    let compliance = 1.0 / reduced - 1.0 / tip;
    (compliance > 0.0).then(|| 1.0 / compliance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn hertz_and_punch_are_consistent_with_their_radii() {
        let (reduced, radius, force) = (60e9f64, 30e-9, 200e-9);
        let contact_radius = (3.0 * force * radius / (4.0 * reduced)).powf(1.0 / 3.0);
        let stiffness = 2.0 * contact_radius * reduced;
        assert_relative_eq!(stiffness, (6.0 * reduced * reduced * radius * force).powf(1.0 / 3.0), max_relative = 1e-12);
        assert_relative_eq!(reduced_modulus_of_sphere(stiffness, radius, force), reduced, max_relative = 1e-12);
        assert_relative_eq!(reduced_modulus_of_punch(stiffness, contact_radius), reduced, max_relative = 1e-12);
        let back = indentation_modulus(reduced_modulus(100e9, 165e9), 165e9).unwrap();
        assert_relative_eq!(back, 100e9, max_relative = 1e-12);
        assert!(indentation_modulus(170e9, 165e9).is_none());
    }
}
