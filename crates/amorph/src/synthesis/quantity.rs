//! What a finding may be about.

use serde::{Serialize, Serializer};

/// Groups of quantities that stand together in the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Energies.
    Barrier,
    /// Sizes.
    Length,
    /// Volumes.
    Volume,
    /// Fractions and concentrations.
    Fraction,
    /// Times and frequencies.
    Time,
    /// Exponents and other plain numbers.
    Exponent,
}

impl Group {
    /// Heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Barrier => "barrier",
            Self::Length => "length",
            Self::Volume => "volume",
            Self::Fraction => "fraction",
            Self::Time => "time",
            Self::Exponent => "exponents and numbers",
        }
    }
}

/// What exactly a size or a fraction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Definition {
    /// Diameter of a sphere of equal volume.
    Diameter,
    /// Radius of a sphere.
    Radius,
    /// Radius of a disc of equal area.
    EquivalentRadius,
    /// Length over which a structure function or a correlation decays.
    CorrelationLength,
    /// Distance at which something repeats.
    Wavelength,
    /// Width of a band or layer.
    Width,
    /// Share of atoms or regions.
    Number,
    /// Share of an area.
    Area,
    /// Share of the volume.
    Volume,
    /// Share by which a modulus lies below that of the reference.
    ModulusDeficit,
    /// Share of the strain.
    Strain,
}

impl Definition {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Diameter,
        Self::Radius,
        Self::EquivalentRadius,
        Self::CorrelationLength,
        Self::Wavelength,
        Self::Width,
        Self::Number,
        Self::Area,
        Self::Volume,
        Self::ModulusDeficit,
        Self::Strain,
    ];

    /// As written in a card.
    pub fn name(self) -> &'static str {
        match self {
            Self::Diameter => "diameter",
            Self::Radius => "radius",
            Self::EquivalentRadius => "equivalent_radius",
            Self::CorrelationLength => "correlation_length",
            Self::Wavelength => "wavelength",
            Self::Width => "width",
            Self::Number => "number",
            Self::Area => "area",
            Self::Volume => "volume",
            Self::ModulusDeficit => "modulus_deficit",
            Self::Strain => "strain",
        }
    }
}

/// One kind of quantity.
#[derive(Debug, PartialEq, Eq)]
pub struct QuantityInfo {
    /// As written in a card.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// Where it stands.
    pub group: Group,
    /// SI unit.
    pub unit: &'static str,
    /// Unit it is shown in.
    pub display: &'static str,
    /// What it may be defined as; empty where there is nothing to tell apart.
    pub definitions: &'static [Definition],
    /// Whether it is compared in the logarithm: errors of such quantities are factors.
    pub is_logarithmic: bool,
    /// Quantities of the table of published values that are the same.
    pub literature: &'static [&'static str],
}

impl Serialize for QuantityInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

use Definition::{
    Area, CorrelationLength, Diameter, EquivalentRadius, ModulusDeficit, Number, Radius, Strain, Wavelength, Width,
};

const SIZES: &[Definition] = &[Diameter, Radius, EquivalentRadius, CorrelationLength, Wavelength];
const FRACTIONS: &[Definition] = &[Number, Area, Definition::Volume, ModulusDeficit, Strain];

const fn energy(name: &'static str, title: &'static str, literature: &'static [&'static str]) -> QuantityInfo {
    QuantityInfo {
        name,
        title,
        group: Group::Barrier,
        unit: "J",
        display: "eV",
        definitions: &[],
        is_logarithmic: false,
        literature,
    }
}

const fn length(
    name: &'static str,
    title: &'static str,
    definitions: &'static [Definition],
    literature: &'static [&'static str],
) -> QuantityInfo {
    QuantityInfo { name, title, group: Group::Length, unit: "m", display: "nm", definitions, is_logarithmic: true, literature }
}

const fn volume(name: &'static str, title: &'static str, literature: &'static [&'static str]) -> QuantityInfo {
    QuantityInfo {
        name,
        title,
        group: Group::Volume,
        unit: "m^3",
        display: "nm^3",
        definitions: &[],
        is_logarithmic: true,
        literature,
    }
}

const fn number(
    name: &'static str,
    title: &'static str,
    group: Group,
    definitions: &'static [Definition],
    literature: &'static [&'static str],
) -> QuantityInfo {
    QuantityInfo { name, title, group, unit: "", display: "", definitions, is_logarithmic: false, literature }
}

/// Everything a card may hold.
pub const QUANTITIES: &[QuantityInfo] = &[
    energy("barrier", "barrier of the event", &["activation_energy"]),
    energy("slope_energy", "slope of the slow beta process", &["slow_beta_energy"]),
    energy("alpha_energy", "slope of the alpha process at Tg", &["alpha_energy"]),
    energy("fast_beta_energy", "energy of the fast beta process", &["fast_beta_energy"]),
    energy("dissipated_energy", "energy dissipated per cycle", &[]),
    length("event_length", "size of the event", SIZES, &["event_length"]),
    length(
        "heterogeneity_length",
        "size of the heterogeneity",
        SIZES,
        &["heterogeneity_length", "correlation_length", "region_radius"],
    ),
    length(
        "shear_band_length",
        "length of a shear band",
        &[Wavelength, Width, Diameter],
        &["shear_band_length", "corrugation_wavelength"],
    ),
    volume("activation_volume", "activation volume", &["activation_volume"]),
    volume("event_volume", "volume of the event", &["event_volume"]),
    QuantityInfo {
        display: "%",
        ..number("soft_fraction", "fraction of soft regions", Group::Fraction, FRACTIONS, &["soft_fraction", "modulus_deficit"])
    },
    QuantityInfo {
        display: "%",
        ..number(
            "defect_concentration",
            "concentration of defects",
            Group::Fraction,
            &[],
            &["defect_concentration", "event_density"],
        )
    },
    QuantityInfo { display: "%", ..number("yield_strain", "yield strain", Group::Fraction, &[], &["yield_strain"]) },
    QuantityInfo {
        unit: "s",
        display: "s",
        is_logarithmic: true,
        ..number("relaxation_time", "relaxation time at Tg", Group::Time, &[], &["relaxation_time"])
    },
    QuantityInfo {
        unit: "s",
        display: "ms",
        is_logarithmic: true,
        ..number("event_duration", "duration of an event", Group::Time, &[], &["event_duration"])
    },
    QuantityInfo {
        unit: "1/s",
        display: "1/s",
        is_logarithmic: true,
        ..number("characteristic_frequency", "characteristic frequency", Group::Time, &[], &[])
    },
    number("stretching_exponent", "stretching exponent", Group::Exponent, &[], &["stretching_exponent"]),
    number(
        "high_frequency_exponent",
        "exponent of the high-frequency wing",
        Group::Exponent,
        &[],
        &["high_frequency_exponent"],
    ),
    number("avalanche_exponent", "exponent of event sizes", Group::Exponent, &[], &["avalanche_exponent"]),
    number("fragility", "fragility", Group::Exponent, &[], &[]),
    number("energy_ratio", "fast beta over slow beta energy", Group::Exponent, &[], &["fast_beta_energy_ratio"]),
    number("poisson_ratio", "Poisson ratio", Group::Exponent, &[], &["poisson_ratio"]),
    QuantityInfo {
        is_logarithmic: true,
        ..number("cooperative_number", "number of cooperating atoms", Group::Exponent, &[], &["cooperative_number"])
    },
];

/// The quantity with this name.
pub fn quantity(name: &str) -> Option<&'static QuantityInfo> {
    QUANTITIES.iter().find(|quantity| quantity.name == name)
}
