//! Diffusion and viscosity.

use std::f64::consts::PI;

use super::constants::BOLTZMANN;
use super::model::{Argument, Model, POSITIVE, TEMPERATURE, argument, output};
use super::references::QIAO;
use super::{Group, TheoryError};

const RADIUS: Argument = argument("radius", "r", "pm", "radius of the diffusing atom", POSITIVE);
const ENERGY: Argument = argument("energy", "E", "eV", "activation energy", POSITIVE);

static STOKES: Model = Model {
    id: "stokes_einstein_viscosity",
    title: "Viscosity from the diffusion coefficient",
    summary: "Viscosity by the Stokes-Einstein relation.",
    equation: "η = kB T/(6π D r)",
    arguments: &[TEMPERATURE, argument("diffusion_coefficient", "D", "m^2/s", "diffusion coefficient", POSITIVE), RADIUS],
    outputs: &[output("viscosity", "η", "Pa s", "viscosity")],
    validity: "Fails below about 1.2 Tg, where diffusion and flow decouple.",
    references: &[QIAO],
    covers: &["Q19-2.2.2-a"],
    variant_of: None,
    evaluate: |a| Ok(vec![stokes_einstein_viscosity(a[0], a[1], a[2])?]),
};

/// Viscosity from the diffusion coefficient, `kT/(6πDr)`, Pa s.
pub fn stokes_einstein_viscosity(temperature: f64, diffusion_coefficient: f64, radius: f64) -> Result<f64, TheoryError> {
    STOKES.check(&[temperature, diffusion_coefficient, radius])?;
    STOKES.finite(BOLTZMANN * temperature / (6.0 * PI * diffusion_coefficient * radius))
}

static DIFFUSION: Model = Model {
    id: "stokes_einstein_diffusion",
    title: "Diffusion coefficient from the viscosity",
    summary: "Inverse of stokes_einstein_viscosity.",
    equation: "D = kB T/(6π η r)",
    arguments: &[TEMPERATURE, argument("viscosity", "η", "Pa s", "viscosity", POSITIVE), RADIUS],
    outputs: &[output("diffusion_coefficient", "D", "m^2/s", "diffusion coefficient")],
    validity: "As stokes_einstein_viscosity.",
    references: &[QIAO],
    covers: &["Q19-2.2.2-a"],
    variant_of: None,
    evaluate: |a| Ok(vec![stokes_einstein_diffusion(a[0], a[1], a[2])?]),
};

/// Diffusion coefficient from the viscosity, `kT/(6πηr)`, m²/s.
pub fn stokes_einstein_diffusion(temperature: f64, viscosity: f64, radius: f64) -> Result<f64, TheoryError> {
    DIFFUSION.check(&[temperature, viscosity, radius])?;
    DIFFUSION.finite(BOLTZMANN * temperature / (6.0 * PI * viscosity * radius))
}

static BETA_RATIO: Model = Model {
    id: "diffusion_beta_ratio",
    title: "Energy of diffusion over that of the β relaxation",
    summary: "Whether small atoms diffuse by the events of the slow β relaxation.",
    equation: "r = E_D/Eβ",
    arguments: &[
        ENERGY.named("diffusion_energy", "E_D", "activation energy of diffusion"),
        ENERGY.named("beta_energy", "Eβ", "activation energy of the slow β relaxation"),
    ],
    outputs: &[output("ratio", "r", "", "ratio of the energies")],
    validity: "1 within the errors for small atoms.",
    references: &[QIAO],
    covers: &["Q19-2.2.2-c"],
    variant_of: None,
    evaluate: |a| Ok(vec![diffusion_beta_ratio(a[0], a[1])?]),
};

/// Energy of diffusion over that of the β relaxation.
pub fn diffusion_beta_ratio(diffusion_energy: f64, beta_energy: f64) -> Result<f64, TheoryError> {
    BETA_RATIO.check(&[diffusion_energy, beta_energy])?;
    BETA_RATIO.finite(diffusion_energy / beta_energy)
}

pub(super) const GROUP: Group = Group {
    id: "diffusion",
    title: "Diffusion",
    summary: "Diffusion and viscosity.",
    models: &[&STOKES, &DIFFUSION, &BETA_RATIO],
};
