//! What the numbers of a modulus, a compliance or a permittivity are called.

use super::terms::Measured;

/// Key and symbol of a result.
pub(super) type Name = (&'static str, &'static str);

/// Words of one kind of reading.
pub(super) struct Words {
    /// The kind.
    pub kind: &'static str,
    /// Its unit in results, and the one of figures.
    pub unit: &'static str,
    pub figure_unit: &'static str,
    /// Labels of both axes.
    pub axes: [&'static str; 2],
    /// Value at high frequency, at low frequency, their difference.
    pub unrelaxed: Name,
    pub relaxed: Name,
    pub strength: Name,
    /// Step over the value at high frequency, in tables.
    pub share: &'static str,
    /// Constant loss.
    pub constant_loss: &'static str,
    /// Flow: key, symbol, unit.
    pub flow: (&'static str, &'static str, &'static str),
}

const MODULUS: Words = Words {
    kind: "modulus",
    unit: "Pa",
    figure_unit: "GPa",
    axes: ["storage modulus", "loss modulus"],
    unrelaxed: ("modulus_unrelaxed", "M_u"),
    relaxed: ("modulus_relaxed", "M_r"),
    strength: ("relaxation_strength", "ΔM"),
    share: "relaxed_share",
    constant_loss: "constant_loss_modulus",
    flow: ("viscosity", "η", "Pa s"),
};

const COMPLIANCE: Words = Words {
    kind: "compliance",
    unit: "1/Pa",
    figure_unit: "1/GPa",
    axes: ["storage compliance", "loss compliance"],
    unrelaxed: ("compliance_unrelaxed", "J_u"),
    relaxed: ("compliance_relaxed", "J_r"),
    strength: ("retardation_strength", "ΔJ"),
    share: "step_over_unrelaxed",
    constant_loss: "constant_loss_compliance",
    flow: ("viscosity", "η", "Pa s"),
};

const PERMITTIVITY: Words = Words {
    kind: "permittivity",
    unit: "",
    figure_unit: "",
    axes: ["relative permittivity", "dielectric loss"],
    unrelaxed: ("permittivity_unrelaxed", "ε_∞"),
    relaxed: ("permittivity_relaxed", "ε_s"),
    strength: ("dielectric_strength", "Δε"),
    share: "step_over_unrelaxed",
    constant_loss: "constant_loss_permittivity",
    flow: ("conductivity", "σ", "S/m"),
};

impl Measured {
    pub(super) fn words(self) -> &'static Words {
        match self {
            Self::Modulus => &MODULUS,
            Self::Compliance => &COMPLIANCE,
            Self::Permittivity => &PERMITTIVITY,
        }
    }
}
