/// A paper whose values are in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// Lu et al. 2016: dynamic AFM of a Zr-Ni film before and after flat-punch indentation.
    Lu2016,
    /// Qiao et al. 2019: review of structural heterogeneity and mechanical behaviour.
    Qiao2019,
    /// Idrissi et al. 2019: on-chip tension, nanobeam diffraction and HAADF of Zr-Ni films.
    Idrissi2019,
    /// Yang et al. 2014: resistance events during microcompression.
    Yang2014,
}

impl Paper {
    /// The paper by its short name in the table: `L16`, `Q19`, `I19`, `Y12`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag {
            "L16" => Some(Self::Lu2016),
            "Q19" => Some(Self::Qiao2019),
            "I19" => Some(Self::Idrissi2019),
            "Y12" => Some(Self::Yang2014),
            _ => None,
        }
    }

    /// Its short name in the table.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Lu2016 => "L16",
            Self::Qiao2019 => "Q19",
            Self::Idrissi2019 => "I19",
            Self::Yang2014 => "Y12",
        }
    }

    /// For legends: `Lu et al. 2016`.
    pub fn short(self) -> &'static str {
        match self {
            Self::Lu2016 => "Lu et al. 2016",
            Self::Qiao2019 => "Qiao et al. 2019",
            Self::Idrissi2019 => "Idrissi et al. 2019",
            Self::Yang2014 => "Yang et al. 2014",
        }
    }

    /// For captions and lists of references.
    pub fn reference(self) -> &'static str {
        match self {
            Self::Lu2016 => {
                "Y. M. Lu et al., Structural signature of plasticity unveiled by nano-scale viscoelastic contact in a metallic glass, Sci. Rep. 6, 29357 (2016)"
            }
            Self::Qiao2019 => {
                "J. C. Qiao et al., Structural heterogeneities and mechanical behavior of amorphous alloys, Prog. Mater. Sci. 104, 250 (2019)"
            }
            Self::Idrissi2019 => {
                "H. Idrissi et al., Atomic-scale viscoplasticity mechanisms revealed in high ductility metallic glass films, Sci. Rep. 9, 13426 (2019)"
            }
            Self::Yang2014 => {
                "Y. Yang et al., Probing stochastic nano-scale inelastic events in stressed amorphous metal, Sci. Rep. 4, 6699 (2014)"
            }
        }
    }
}
