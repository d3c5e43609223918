use crate::method::{Choice, ConstantInfo, ConstantKind};

/// Constants of images, maps of elements and energy-loss spectra.
pub(super) const ALL: &[ConstantInfo] = &[
    DARK_LEVEL,
    INTENSITY_SCALE,
    DISPLAY_GAMMA,
    GEOMETRY,
    BEAM_VOLTAGE,
    CONVERGENCE_SEMI_ANGLE,
    COLLECTION_SEMI_ANGLE,
    MASS_DENSITY,
    CONTRAST_EXPONENT,
    ATOMIC_NUMBER_A,
    ATOMIC_NUMBER_B,
    MEAN_FRACTION_A,
    FRAME_INTERVAL,
    EDGE_ENERGY_A,
    EDGE_ENERGY_B,
    CROSS_SECTION_A,
    CROSS_SECTION_B,
    K_FACTOR,
    SURFACE_SIDE,
    FOIL_THICKNESS,
    TEMPERATURE,
    GLASS_TRANSITION,
];

/// What the detector reads without beam.
pub const DARK_LEVEL: ConstantInfo = ConstantInfo::quantity(
    "dark_level",
    &["detector_zero"],
    "I_0",
    "",
    "reading of the detector without beam, in the counts of the image",
    "an image of the blanked beam with the same gain and offset; image formats do not hold it",
);

/// Whether grey values follow the counts.
pub const INTENSITY_SCALE: ConstantInfo = ConstantInfo {
    key: "intensity_scale",
    aliases: &[],
    symbol: "",
    kind: ConstantKind::Choice(&[
        Choice { name: "linear", description: "values are proportional to counts above the dark level" },
        Choice { name: "display", description: "stretched, gamma-corrected or eight-bit values made for display" },
    ]),
    description: "whether the values of the image follow the counts",
    found_by: "how the image was exported: raw data are linear, screenshots and eight-bit copies are not",
};

/// Exponent of a stretch made for display.
pub const DISPLAY_GAMMA: ConstantInfo = ConstantInfo::quantity(
    "display_gamma",
    &["gamma"],
    "γ",
    "",
    "exponent of the stretch of an image made for display: value = dark_level + a counts^gamma",
    "the settings of the export; together with intensity_scale = \"display\" and the display value of zero counts as dark_level",
);

/// How the image is made from the three-dimensional structure.
pub const GEOMETRY: ConstantInfo = ConstantInfo {
    key: "geometry",
    aliases: &[],
    symbol: "",
    kind: ConstantKind::Choice(&[
        Choice { name: "projection", description: "the sum over a foil that is thicker than the structure" },
        Choice { name: "slice", description: "a slice that is thinner than the structure, or a surface" },
    ]),
    description: "how the image is made from the three-dimensional structure",
    found_by: "the thickness of the foil against the length that is looked for",
};

/// Accelerating voltage of the electrons.
pub const BEAM_VOLTAGE: ConstantInfo =
    ConstantInfo::quantity("beam_voltage", &[], "V", "V", "accelerating voltage of the electrons", "the microscope's settings");

/// Half the opening angle of the convergent probe.
pub const CONVERGENCE_SEMI_ANGLE: ConstantInfo = ConstantInfo::quantity(
    "convergence_semi_angle",
    &["convergence"],
    "α",
    "rad",
    "half the opening angle of the convergent probe",
    "the condenser settings, or the disk in a diffraction pattern",
);

/// Half the opening angle of the entrance of the spectrometer.
pub const COLLECTION_SEMI_ANGLE: ConstantInfo = ConstantInfo::quantity(
    "collection_semi_angle",
    &["collection"],
    "β",
    "rad",
    "half the opening angle of the entrance of the spectrometer",
    "camera length and entrance aperture",
);

/// Mass density of the foil.
pub const MASS_DENSITY: ConstantInfo = ConstantInfo::quantity(
    "mass_density",
    &["density"],
    "ρ",
    "kg/m^3",
    "mass density of the foil",
    "tables, or weighing; the mean free path depends on it",
);

/// Exponent of the contrast of atomic number, 1.6 to 2.
pub const CONTRAST_EXPONENT: ConstantInfo = ConstantInfo::quantity(
    "contrast_exponent",
    &[],
    "g",
    "",
    "exponent of the contrast of atomic number, 1.6 to 2",
    "the inner angle of the annular detector: about 1.7 for 50 mrad, towards 2 for larger angles",
);

/// Atomic number of element A.
pub const ATOMIC_NUMBER_A: ConstantInfo =
    ConstantInfo::quantity("atomic_number_a", &[], "Z_A", "", "atomic number of element A", "the periodic table");

/// Atomic number of element B.
pub const ATOMIC_NUMBER_B: ConstantInfo =
    ConstantInfo::quantity("atomic_number_b", &[], "Z_B", "", "atomic number of element B", "the periodic table");

/// Mean atomic fraction of element A in the field.
pub const MEAN_FRACTION_A: ConstantInfo = ConstantInfo::quantity(
    "mean_fraction_a",
    &[],
    "c_A",
    "",
    "mean atomic fraction of element A in the field",
    "a chemical analysis of the foil, or its nominal composition",
);

/// Time from one frame to the next.
pub const FRAME_INTERVAL: ConstantInfo = ConstantInfo::quantity(
    "frame_interval",
    &[],
    "Δt",
    "s",
    "time from the beginning of one frame to that of the next",
    "the acquisition settings, or the times of the first and last frame; few image formats hold it",
);

/// Onset of the ionisation edge of element A.
pub const EDGE_ENERGY_A: ConstantInfo = ConstantInfo::quantity(
    "edge_energy_a",
    &[],
    "E_A",
    "J",
    "onset of the ionisation edge of element A",
    "tables of edges: Ni L2,3 about 855 eV, Zr L3 about 2222 eV, Zr M4,5 about 180 eV",
);

/// Onset of the ionisation edge of element B.
pub const EDGE_ENERGY_B: ConstantInfo = ConstantInfo::quantity(
    "edge_energy_b",
    &[],
    "E_B",
    "J",
    "onset of the ionisation edge of element B",
    "tables of edges: Ni L2,3 about 855 eV, Zr L3 about 2222 eV, Zr M4,5 about 180 eV",
);

/// Cross section of the edge of A for the stated signal window.
pub const CROSS_SECTION_A: ConstantInfo = ConstantInfo::quantity(
    "cross_section_a",
    &[],
    "σ_A",
    "m^2",
    "cross section of the edge of element A for its signal window and the collection angle (1 barn = 1e-28 m^2)",
    "a calculation or measurement for the same voltage, angles and window; there is no table that may be shipped",
);

/// Cross section of the edge of B for the stated signal window.
pub const CROSS_SECTION_B: ConstantInfo = ConstantInfo::quantity(
    "cross_section_b",
    &[],
    "σ_B",
    "m^2",
    "cross section of the edge of element B for its signal window and the collection angle (1 barn = 1e-28 m^2)",
    "a calculation or measurement for the same voltage, angles and window; there is no table that may be shipped",
);

/// Ratio of atoms per ratio of counts.
pub const K_FACTOR: ConstantInfo = ConstantInfo::quantity(
    "k_factor",
    &[],
    "k_AB",
    "",
    "k of c_A/c_B = k I_A/I_B for the stated signal windows",
    "a specimen of known composition, measured in the same way",
);

/// Where the surface of the specimen is in the image.
pub const SURFACE_SIDE: ConstantInfo = ConstantInfo {
    key: "surface_side",
    aliases: &[],
    symbol: "",
    kind: ConstantKind::Choice(&[
        Choice { name: "top", description: "the first row of the image is nearest to the surface" },
        Choice { name: "bottom", description: "the last row is" },
        Choice { name: "left", description: "the first column is" },
        Choice { name: "right", description: "the last column is" },
    ]),
    description: "the side of the image at which the surface of the specimen lies",
    found_by: "how the section was cut and laid in the microscope",
};

/// Thickness of the foil, for the overlap of domains.
pub const FOIL_THICKNESS: ConstantInfo = ConstantInfo::quantity(
    "foil_thickness",
    &[],
    "t",
    "m",
    "thickness of the foil",
    "haadf.thickness of a spectrum of the same place, or a convergent-beam pattern of a crystal beside it",
);

/// Temperature of the specimen.
pub const TEMPERATURE: ConstantInfo = ConstantInfo::quantity(
    "temperature",
    &["T"],
    "T",
    "K",
    "temperature of the specimen while a series was recorded",
    "the heating stage, with its calibration; state it in the measurement of every series",
);

/// Glass transition.
pub const GLASS_TRANSITION: ConstantInfo = ConstantInfo::quantity(
    "glass_transition_temperature",
    &["Tg"],
    "Tg",
    "K",
    "glass transition temperature, for energies over R Tg",
    "calorimetry, with its heating rate; or the temperature of a relaxation time of 100 s",
);
