use crate::core::unit::Quantity;
use crate::method::{ConstantInfo, Dataset, MethodError};

/// Constants of a scattering experiment.
pub(super) const ALL: &[ConstantInfo] = &[NUMBER_DENSITY, POISSON_RATIO, WAVELENGTH];

/// Number density.
pub const NUMBER_DENSITY: ConstantInfo = ConstantInfo::quantity(
    "number_density",
    &["rho0"],
    "ρ₀",
    "1/m^3",
    "atoms per volume; every pair distribution goes with its inverse",
    "mass density, composition and Avogadro's number; glasses have 0.04 to 0.1 1/A^3",
);
/// Poisson's ratio.
pub const POISSON_RATIO: ConstantInfo = ConstantInfo::quantity(
    "poisson_ratio",
    &["nu"],
    "ν",
    "",
    "Poisson's ratio; it sets how large the l = 2 part of an affine strain is",
    "ultrasound on the same glass, or a table",
);
/// Wavelength.
pub const WAVELENGTH: ConstantInfo = ConstantInfo::quantity(
    "wavelength",
    &["lambda"],
    "λ",
    "m",
    "wavelength; at large angles scattering vectors lean away from the load axis",
    "the beam line's energy: λ (Å) = 12.398/E (keV)",
);

/// A constant for which a rule holds, where it is stated.
pub(super) fn checked(
    dataset: &Dataset,
    info: &ConstantInfo,
    allowed: impl Fn(f64) -> bool,
    reason: &'static str,
) -> Result<Option<Quantity>, MethodError> {
    match dataset.constants.quantity(info)?.cloned() {
        Some(quantity) if !(quantity.value.is_finite() && allowed(quantity.value)) => {
            Err(MethodError::BadConstant { key: info.key, found: quantity.to_string(), reason, expected: info.kind.describe() })
        }
        stated => Ok(stated),
    }
}
