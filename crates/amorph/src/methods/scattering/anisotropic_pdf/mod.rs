//! `scattering.anisotropic_pdf`: how much of a strain is affine, from the l = 2 part of the pair distribution.

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{APPLIED_STRESS, NUMBER_DENSITY, POISSON_RATIO, WAVELENGTH};
use super::patterns::{Names, Pattern, PatternError, read, require_normalised};
use super::transform::Window;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// The part of a pair distribution that a load makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AnisotropicPdf {
    /// Column of the scattering vector, Q = 4π sin θ/λ.
    pub q: String,
    /// Column of the azimuth; zero along the load axis.
    pub azimuth: String,
    /// Column of the structure factor.
    pub structure_factor: String,
    /// Column of its standard error; it may be absent.
    pub structure_factor_error: String,
    /// Weight of large scattering vectors, the same for both parts.
    pub window: Window,
    /// Distances that the templates are fitted over.
    pub range: [Quantity; 2],
    /// Distance beyond which strain is taken to be affine where no anelastic shape is stated.
    pub affine_beyond: Quantity,
    /// Shape of the anelastic part: pairs of distance in metres and l = 2 pair distribution per unit of anelastic strain, measured on a
    /// specimen that crept and was unloaded.
    pub anelastic_shape: Option<Vec<[f64; 2]>>,
    /// Whether an affine strain stretches distances to first order or by its full size.
    pub stretch: Stretch,
    /// Strain of the whole specimen, for instance from an extensometer; with `affine_beyond` it tells the affine share.
    pub applied_strain: Option<Quantity>,
}

/// How an affine strain changes the pair distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stretch {
    /// Proportional to the slope of g₀: strain times distance is much smaller than the width of a peak.
    #[default]
    FirstOrder,
    /// Every distance stretched as far as it is.
    Finite,
}

impl Default for AnisotropicPdf {
    fn default() -> Self {
        let [q, azimuth, structure_factor, structure_factor_error] = ["q", "azimuth", "s_q", "s_q_error"].map(str::to_owned);
        let distance = |value: f64| Quantity::si(value, Unit::of("Å"));
        Self {
            q,
            azimuth,
            structure_factor,
            structure_factor_error,
            window: Window::default(),
            range: [distance(2.2e-10), distance(16e-10)],
            affine_beyond: distance(8e-10),
            anelastic_shape: None,
            stretch: Stretch::default(),
            applied_strain: None,
        }
    }
}

/// What [`AnisotropicPdf`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) pattern: Pattern,
    pub(super) number_density: f64,
    pub(super) poisson_ratio: f64,
    pub(super) wavelength: f64,
    /// Pa.
    pub(super) applied_stress: Option<f64>,
}

const OUTPUTS: &[OutputInfo] = &[
    output(
        "eps_affine",
        "ε_aff",
        "",
        "affine strain along the load axis, from the whole range with an anelastic shape, else from far distances",
    ),
    output("eps_anelastic", "ε_an", "", "anelastic strain along the load axis"),
    output("eps_affine_far", "ε_far", "", "affine strain from far distances alone, where an anelastic shape is stated"),
    output("affine_fraction_z", "z", "", "affine strain over all strain"),
    output("applied_stress", "σ", "Pa", "stress on the specimen as the study states it"),
    output("hexadecapole_ratio", "S₄/S₂", "", "root mean square of the l = 4 part over the l = 2 part: misalignment, texture"),
];

impl Method for AnisotropicPdf {
    const INFO: MethodInfo = MethodInfo {
        id: "scattering.anisotropic_pdf",
        family: "scattering",
        version: 2,
        title: "Anisotropic pair distribution",
        summary: "The l = 2 part of the pair distribution of a loaded glass, split into affine and anelastic strain with the errors of S(Q, azimuth) carried through.",
        doc: include_str!("doc.md"),
        technique: "scattering",
        scope: Scope::Item,
        after: &[],
        constants: &[NUMBER_DENSITY.key, POISSON_RATIO.key, WAVELENGTH.key, APPLIED_STRESS.key],
        outputs: OUTPUTS,
        covers: &["Q19-3.1-d", "Q19-3.1-e", "Q19-3.1-f", "Q19-3.1-g"],
        references: &[
            "W. Dmowski, T. Iwashita, C.-P. Chuang, J. Almer, T. Egami, Phys. Rev. Lett. 105, 205502 (2010), doi:10.1103/PhysRevLett.105.205502",
            "Y. Suzuki, J. Haimovich, T. Egami, Phys. Rev. B 35, 2162 (1987), doi:10.1103/PhysRevB.35.2162",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let names = Names {
            q: &self.q,
            azimuth: Some(&self.azimuth),
            value: &self.structure_factor,
            error: &self.structure_factor_error,
        };
        let pattern = read(dataset.table()?, &names)?;
        if pattern.q.len() < 20 {
            let what = "values of Q in a sector";
            return Err(PatternError::TooFew { what, found: pattern.q.len(), needed: 20 }.into());
        }
        require_coverage(&pattern)?;
        require_normalised(&pattern.values[0], &self.structure_factor)?;
        self.check_parameters()?;
        let constants = &dataset.constants;
        let stated = [
            (&NUMBER_DENSITY, constants.positive(&NUMBER_DENSITY)?),
            (&POISSON_RATIO, constants.poisson_ratio(&POISSON_RATIO)?),
            (&WAVELENGTH, constants.positive(&WAVELENGTH)?),
        ];
        let [density, ratio, wavelength] = constants.required(Self::INFO.id, stated)?;
        Ok(Input {
            pattern,
            number_density: density.value,
            poisson_ratio: ratio.value,
            wavelength: wavelength.value,
            applied_stress: constants.quantity(&APPLIED_STRESS)?.map(|stress| stress.value),
        })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input, ctx)
    }
}

impl AnisotropicPdf {
    fn check_parameters(&self) -> Result<(), MethodError> {
        let parameter = |name, found: f64, needed| Err(PatternError::Parameter { name, found, needed }.into());
        let [from, to] = &self.range;
        for quantity in [from, to, &self.affine_beyond] {
            quantity.unit.require(&Unit::of("m"))?;
        }
        if !(from.value > 0.0 && to.value > from.value && to.value < 1e-8) {
            return parameter("range", from.value, "two distances below 100 Å, the smaller first");
        }
        if self.anelastic_shape.is_none() && !(self.affine_beyond.value < to.value && self.affine_beyond.value >= from.value) {
            return parameter("affine_beyond", self.affine_beyond.value, "a distance within the range");
        }
        if let Some(shape) = &self.anelastic_shape
            && (shape.len() < 2
                || shape.windows(2).any(|pair| pair[1][0].partial_cmp(&pair[0][0]) != Some(std::cmp::Ordering::Greater)))
        {
            return parameter("anelastic_shape", shape.len() as f64, "pairs of ascending distances");
        }
        Ok(())
    }
}

/// The azimuth is folded: the load axis has two ends and two sides.
fn require_coverage(pattern: &Pattern) -> Result<(), PatternError> {
    let folded = |phi: &f64| {
        let phi = phi.rem_euclid(std::f64::consts::PI);
        phi.min(std::f64::consts::PI - phi).to_degrees()
    };
    let angles: Vec<f64> = pattern.azimuths.iter().map(folded).collect();
    let lo = angles.iter().copied().fold(f64::INFINITY, f64::min);
    let hi = angles.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sectors = angles.len();
    // Sectors stand for what is between them.
    let covered = (hi - lo) * (1.0 + 1.0 / sectors.max(2) as f64);
    if sectors >= 6 && covered >= 75.0 { Ok(()) } else { Err(PatternError::Coverage { sectors, covered }) }
}
