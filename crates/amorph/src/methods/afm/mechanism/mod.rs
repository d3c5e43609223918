//! `dafm.mechanism`: what dissipates, from the energy of a tap against the amplitude.

mod figures;
pub mod fingerprint;
mod input;
pub mod models;
mod report;
pub mod spline;
#[cfg(test)]
mod tests;

pub use input::Input;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Refusal, Scope, output};

/// Dissipation mechanism from the energy per tap at several amplitudes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mechanism {
    /// Weight of evidence from which a mechanism is named.
    #[schemars(range(min = 0.5, max = 1.0))]
    pub decide_at: f64,
    /// What the models may miss of a real tip, as a share of the largest energy; added to the errors in squares.
    #[schemars(range(min = 0.0, max = 0.5))]
    pub model_error: f64,
    /// Surface energy of approach and retreat alike.
    pub surface_energy: Quantity,
    /// Distance at which contact begins.
    pub contact_distance: Quantity,
    /// Range of the long-range law.
    pub range: Quantity,
    /// Reduced modulus of tip and sample where it is known, such as "60 GPa"; else it is fitted.
    pub reduced_modulus: Option<Quantity>,
    /// Radius of the tip where it is known, such as "10 nm"; else it is fitted.
    pub tip_radius: Option<Quantity>,
    /// Draws from the posterior of the smooth curve, for the errors of its features.
    pub draws: usize,
}

impl Default for Mechanism {
    fn default() -> Self {
        Self {
            decide_at: 0.95,
            model_error: 0.02,
            surface_energy: Quantity::si(5e-3, Unit::of("J/m^2")),
            contact_distance: Quantity::si(0.165e-9, Unit::of("nm")),
            range: Quantity::si(1.5e-9, Unit::of("nm")),
            reduced_modulus: None,
            tip_radius: None,
            draws: 1000,
        }
    }
}

/// Why no mechanism is looked for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MechanismError {
    /// There is no energy at all.
    #[error("there is neither a table of energy against amplitude nor an image with a dissipated energy")]
    NoData,
    /// Too few amplitudes, or all close together.
    #[error("{}", few_setpoints(*found, *lowest, *highest))]
    TooFewSetpoints {
        /// Different amplitude ratios.
        found: usize,
        /// The smallest.
        lowest: f64,
        /// The largest.
        highest: f64,
    },
    /// Images of different cantilevers cannot be one curve.
    #[error("{key} differs between the images of this state: from {low:.4e} to {high:.4e}")]
    ConstantsDiffer {
        /// The constant.
        key: &'static str,
        /// Smallest value, SI.
        low: f64,
        /// Largest value, SI.
        high: f64,
    },
}

/// Fewest different amplitude ratios.
const FEWEST_SETPOINTS: usize = 6;
/// Smallest range of the ratios.
const SMALLEST_RANGE: f64 = 0.3;

fn few_setpoints(found: usize, lowest: f64, highest: f64) -> String {
    match found {
        1 => format!("all data are at A/A0 = {lowest:.3}: a single image cannot identify the mechanism"),
        _ => format!(
            "{found} different amplitudes between A/A0 = {lowest:.3} and {highest:.3}; at least {FEWEST_SETPOINTS} over a range of \
             {SMALLEST_RANGE} are needed for three parameters and a choice between three models"
        ),
    }
}

impl Refusal for MechanismError {
    fn hint(&self) -> String {
        match self {
            Self::NoData => {
                "put \"dafm.dissipation\" (images at several set points) or \"dafm.amplitude_sweep\" (a table) before it in `methods`".to_owned()
            }
            Self::TooFewSetpoints { .. } => {
                "image one area at six or more set points from A/A0 = 0.98 down to 0.2, or give an approach curve as a table".to_owned()
            }
            Self::ConstantsDiffer { .. } => {
                "energies at different free amplitudes or cantilevers lie on different curves: put them into states of their own".to_owned()
            }
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("mechanism_weight", "w", "", "weight of evidence of the best model; its flag names the mechanism, or `undecided`"),
    output("mechanism_weight_viscoelastic", "w_ve", "", "weight of the viscoelastic model"),
    output("mechanism_weight_surface_energy_hysteresis", "w_γ", "", "weight of the surface-energy hysteresis"),
    output("mechanism_weight_long_range", "w_lr", "", "weight of the long-range interaction"),
    output("ratio_of_maximum", "(A/A0)_max", "", "amplitude ratio at which the energy is largest"),
    output("plateau_index", "P", "", "mean of E/E_max between A/A0 of 0.2 and 0.3"),
    output("onset_ratio", "(A/A0)_on", "", "largest amplitude ratio with 5 % of the largest energy"),
    output("mechanism_misfit", "", "", "root of the mean square difference of the best model, over the largest energy"),
];

impl Method for Mechanism {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.mechanism",
        family: "afm",
        version: 1,
        title: "Dissipation mechanism",
        summary: "Weighs viscosity, hysteresis of the surface energy and a long-range interaction by the energy per tap at several amplitudes.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::State,
        after: &["dafm.dissipation", "dafm.amplitude_sweep"],
        constants: &["spring_constant", "quality_factor", "resonance_frequency", "drive_frequency", "free_amplitude"],
        outputs: OUTPUTS,
        covers: &["Q19-3.3.1-d", "Q19-3.3.2-c", "L16-34"],
        references: &[
            "Garcia et al., Phys. Rev. Lett. 97, 016103 (2006)",
            "Qiao et al. (2019), review, section 3.3.1 and figure 37",
            "P. H. C. Eilers, B. D. Marx, Stat. Sci. 11, 89 (1996), doi:10.1214/ss/1038425655",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        self.require_possible()?;
        input::collect(self, dataset)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}

impl Mechanism {
    fn require_possible(&self) -> Result<(), MethodError> {
        let wrong = |message: String| Err(MethodError::Parameters { method: Self::INFO.id, message });
        if !(0.5..=1.0).contains(&self.decide_at) {
            return wrong(format!("decide_at = {} must be between 0.5 and 1", self.decide_at));
        }
        if !(0.0..=0.5).contains(&self.model_error) {
            return wrong(format!("model_error = {} must be between 0 and 0.5", self.model_error));
        }
        let quantities = [
            ("contact_distance", Some(&self.contact_distance), "m"),
            ("range", Some(&self.range), "m"),
            ("surface_energy", Some(&self.surface_energy), "J/m^2"),
            ("reduced_modulus", self.reduced_modulus.as_ref(), "Pa"),
            ("tip_radius", self.tip_radius.as_ref(), "m"),
        ];
        for (name, quantity, unit) in quantities {
            let Some(quantity) = quantity else { continue };
            quantity.unit.require(&Unit::of(unit))?;
            if quantity.value <= 0.0 {
                return wrong(format!("{name} = '{quantity}' must be greater than zero"));
            }
        }
        Ok(())
    }
}
