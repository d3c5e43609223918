//! Elastic contact of a sphere with a half space.

use std::f64::consts::PI;

use crate::theory::TheoryError;
use crate::theory::elasticity_and_yield::hertz_depth;

/// A rigid sphere on a body of Poisson's ratio ν.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sphere {
    /// Radius, m.
    pub radius: f64,
    /// `h^(3/2) G/P = 3(1-ν)/(8 sqrt(R))`, m^(-1/2).
    pub factor: f64,
}

/// Stress below a Hertzian contact, by its maximum shear stress over the mean pressure times 3/2 (ν about 0.3; Johnson 1985, chapter 4).
const SHEAR_OVER_PRESSURE: f64 = 0.31;

impl Sphere {
    /// From radius and Poisson's ratio.
    ///
    /// # Errors
    /// [`TheoryError`] for values out of range.
    pub fn new(radius: f64, poisson_ratio: f64) -> Result<Self, TheoryError> {
        // Any load far below the limits of the model gives the factor.
        let (load, modulus) = (1e-6 * 1e9 * radius * radius, 1e9);
        let depth = hertz_depth(load, radius, modulus, poisson_ratio)?;
        Ok(Self { radius, factor: depth.powf(1.5) * modulus / load })
    }

    /// Elastic depth at a load on a shear modulus, m.
    pub fn depth(&self, load: f64, shear_modulus: f64) -> f64 {
        (self.factor * load.max(0.0) / shear_modulus).powf(2.0 / 3.0)
    }

    /// Radius of the contact at a depth, m.
    pub fn contact_radius(&self, depth: f64) -> f64 {
        (self.radius * depth.max(0.0)).sqrt()
    }
}

/// Largest shear stress below a sphere at a load, `τ = 0.31 p0` with `p0 = (6 P E*²/(π³ R²))^(1/3)`, Pa.
pub fn greatest_shear_stress(load: f64, radius: f64, reduced_modulus: f64) -> f64 {
    SHEAR_OVER_PRESSURE * (6.0 * load * reduced_modulus.powi(2) / (PI.powi(3) * radius.powi(2))).cbrt()
}

/// Radius of the contact at a load, `a = (3PR/(4E*))^(1/3)`, m.
pub fn contact_radius(load: f64, radius: f64, reduced_modulus: f64) -> f64 {
    (0.75 * load * radius / reduced_modulus).cbrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn the_check_of_the_specification() {
        let sphere = Sphere::new(2e-6, 0.363).unwrap();
        let depth = sphere.depth(800e-6, 30e9);
        assert_relative_eq!(depth, 27.27e-9, max_relative = 2e-4);
        assert_relative_eq!(sphere.contact_radius(depth), 233.6e-9, max_relative = 2e-4);
        // A rigid tip: E* = 2G/(1-ν).
        let reduced = 2.0 * 30e9 / (1.0 - 0.363);
        assert_relative_eq!(contact_radius(800e-6, 2e-6, reduced), 233.6e-9, max_relative = 2e-4);
        assert_relative_eq!(greatest_shear_stress(800e-6, 2e-6, reduced), 2.17e9, max_relative = 2e-3);
        assert!(Sphere::new(0.0, 0.3).is_err());
    }
}
