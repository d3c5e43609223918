use crate::method::ConstantInfo;

/// Constants of a scattering experiment.
pub(super) const ALL: &[ConstantInfo] = &[NUMBER_DENSITY, POISSON_RATIO, WAVELENGTH, APPLIED_STRESS];

/// Constants of a reconstructed volume.
pub(super) const OF_VOLUMES: &[ConstantInfo] = &[VOXEL_SIZE, RESOLUTION, COMMON_RESOLUTION];

/// Edge of a voxel.
pub const VOXEL_SIZE: ConstantInfo = ConstantInfo::quantity(
    "voxel_size",
    &["voxel"],
    "a",
    "m",
    "edge of a voxel, the same along all axes",
    "the reconstruction; .mat and .npy files do not hold it",
);

/// Resolution of a volume.
pub const RESOLUTION: ConstantInfo = ConstantInfo::quantity(
    "resolution",
    &[],
    "R",
    "m",
    "resolution of the reconstruction, full width at half maximum; needed where a common one is stated",
    "the spectrum of the volume, an edge, or Fourier shell correlation; about the voxel size at best",
);

/// Resolution that all volumes of a comparison are brought to.
pub const COMMON_RESOLUTION: ConstantInfo = ConstantInfo::quantity(
    "common_resolution",
    &[],
    "R_c",
    "m",
    "resolution that the volume is brought to before anything is measured, full width at half maximum",
    "the coarsest resolution among the volumes that are compared",
);

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
/// Stress on the specimen.
pub const APPLIED_STRESS: ConstantInfo = ConstantInfo::quantity(
    "applied_stress",
    &["sigma"],
    "σ",
    "Pa",
    "stress on the specimen while the pattern was taken; it goes with the affine share to the comparison of loads",
    "load over cross-section; negative in compression",
);
