//! `indentation.anelastic_contact`: modulus, relaxation time and viscosity from the load and hold of a sphere.

pub mod algorithm;
mod figures;
pub mod onset;
pub mod refined;
mod report;
mod sites;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{
    ATTEMPT_FREQUENCY, FILM_THICKNESS, POISSON_RATIO, REFERENCE_TIME, TEMPERATURE, TIP_RADIUS, TRANSDUCER_DAMPING,
    TRANSDUCER_MASS, TRANSDUCER_STIFFNESS,
};
use super::sphere::Sphere;
use super::{Curve, IndentationError, Tried};
use crate::core::ctx::Ctx;
use crate::core::fit::Loss;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use refined::{Refinement, Transducer};

/// Fit of elastic, Kelvin or standard linear contact to load and hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AnelasticContact {
    /// What the sample is taken for; `best` lets the Bayesian criterion of all tests of the file vote.
    pub model: ModelChoice,
    /// What is fitted: the rise of the load and the hold, or the rise alone, which tells far less.
    pub segment: SegmentChoice,
    /// Whether a constant drift is fitted.
    pub drift: bool,
    /// Whether the depth at contact is fitted; where it is not, depths must begin at zero to a small part of the noise.
    pub free_contact_depth: bool,
    /// How residuals count: `huber` weighs outliers down.
    pub loss: LossChoice,
    /// Whether the noise is white or correlated from sample to sample.
    pub noise: NoiseChoice,
}

/// How residuals count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LossChoice {
    /// By their squares.
    Squares,
    /// By their squares within 1.345 standard deviations, by their size beyond.
    Huber,
}

/// What the noise of the depth is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoiseChoice {
    /// Every sample on its own.
    White,
    /// Correlated from sample to sample (autoregressive of first order).
    Autoregressive,
}

/// What the sample is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelChoice {
    /// The model that most tests of the file prefer.
    Best,
    /// No relaxation.
    Elastic,
    /// Spring and dashpot side by side.
    Kelvin,
    /// The same with a spring in front.
    StandardLinear,
}

/// Which part of a test is fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SegmentChoice {
    /// From contact to the end of the hold.
    LoadAndHold,
    /// The rise of the load.
    Loading,
}

impl Default for AnelasticContact {
    fn default() -> Self {
        Self {
            model: ModelChoice::Best,
            segment: SegmentChoice::LoadAndHold,
            drift: true,
            free_contact_depth: true,
            loss: LossChoice::Squares,
            noise: NoiseChoice::White,
        }
    }
}

/// What [`AnelasticContact`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    curves: Vec<Tried>,
    sphere: Sphere,
    radius: Quantity,
    poisson_ratio: Quantity,
    /// Temperature and attempt frequency.
    energy: Option<(f64, f64)>,
    reference_time: Option<f64>,
    film_thickness: Option<f64>,
    transducer: Option<Transducer>,
}

impl AnelasticContact {
    const ID: &'static str = "indentation.anelastic_contact";

    /// How the chosen model is refitted.
    fn refinement(&self, input: &Input) -> Refinement {
        Refinement {
            loss: match self.loss {
                LossChoice::Squares => Loss::Squares,
                LossChoice::Huber => Loss::huber(),
            },
            correlated: self.noise == NoiseChoice::Autoregressive,
            transducer: input.transducer,
        }
    }
}

/// Mass and damping belong together; the stiffness is zero where it is not stated.
fn transducer(dataset: &Dataset) -> Result<Option<Transducer>, MethodError> {
    let (mass, damping) = (
        dataset.constants.positive(&TRANSDUCER_MASS)?,
        dataset.constants.checked(&TRANSDUCER_DAMPING, |_| true, "must be finite")?,
    );
    let stiffness =
        dataset.constants.checked(&TRANSDUCER_STIFFNESS, |_| true, "must be finite")?.map_or(0.0, |stiffness| stiffness.value);
    match (mass, damping) {
        (None, None) => Ok(None),
        (mass, damping) => {
            let stated = [(&TRANSDUCER_MASS, mass), (&TRANSDUCER_DAMPING, damping)];
            let [mass, damping] = dataset.constants.required(AnelasticContact::ID, stated)?;
            Ok(Some(Transducer { mass: mass.value, damping: damping.value, stiffness }))
        }
    }
}

impl Method for AnelasticContact {
    const INFO: MethodInfo = MethodInfo {
        id: Self::ID,
        family: "indentation",
        version: 1,
        title: "Anelastic contact",
        summary: "Shear modulus, relaxation time and viscosity below a sphere from load and hold, with profile intervals per site.",
        doc: include_str!("doc.md"),
        technique: "indentation",
        scope: Scope::Item,
        after: &[],
        constants: &[
            TIP_RADIUS.key,
            POISSON_RATIO.key,
            TEMPERATURE.key,
            ATTEMPT_FREQUENCY.key,
            REFERENCE_TIME.key,
            FILM_THICKNESS.key,
            TRANSDUCER_MASS.key,
            TRANSDUCER_DAMPING.key,
            TRANSDUCER_STIFFNESS.key,
        ],
        outputs: &[
            output("shear_modulus", "G", "Pa", "relaxed shear modulus of the site"),
            output("relaxation_time", "t_c", "s", "retardation time of the site"),
            output("relaxation_time_upper_limit", "t_c", "s", "one-sided 95 % limit where the time is not identified"),
            output("viscosity", "η", "Pa s", "G t_c"),
            output("instantaneous_modulus", "G_u", "Pa", "modulus of the first response (standard linear solid)"),
            output("activation_energy", "ΔG", "J", "kT ln(2 ω t_c)"),
            output("n_sites", "n", "", "tests that were fitted"),
            output("share_identified", "", "", "share of the fitted tests whose relaxation time is identified"),
        ],
        covers: &["Q19-3.2-a", "Q19-3.2-b", "Q19-3.2-c", "Q19-3.2-d", "Q19-3.2-e", "Q19-3.2-f", "Q19-3.2-g"],
        references: &[
            "Qiao et al. (2019), review, section 3.2",
            "E. H. Lee, J. R. M. Radok, J. Appl. Mech. 27, 438 (1960)",
            "K. L. Johnson, Contact Mechanics (Cambridge, 1985), chapter 4",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let curves = Curve::all(dataset)?;
        if let Some(first) = first_reason(&curves) {
            return Err(IndentationError::NoUsableTest { total: curves.len(), first }.into());
        }
        let stated = [
            (&TIP_RADIUS, dataset.constants.positive(&TIP_RADIUS)?),
            (&POISSON_RATIO, dataset.constants.poisson_ratio(&POISSON_RATIO)?),
        ];
        let [radius, poisson_ratio] = dataset.constants.required(Self::ID, stated)?;
        let sphere = Sphere::new(radius.value, poisson_ratio.value)
            .map_err(|error| IndentationError::NotFitted { what: "the contact", reason: error.to_string() })?;
        let (temperature, frequency) =
            (dataset.constants.positive(&TEMPERATURE)?, dataset.constants.positive(&ATTEMPT_FREQUENCY)?);
        Ok(Input {
            curves,
            sphere,
            radius,
            poisson_ratio,
            energy: temperature.zip(frequency).map(|(temperature, frequency)| (temperature.value, frequency.value)),
            reference_time: dataset.constants.positive(&REFERENCE_TIME)?.map(|quantity| quantity.value),
            film_thickness: dataset.constants.positive(&FILM_THICKNESS)?.map(|quantity| quantity.value),
            transducer: transducer(dataset)?,
        })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let sites = sites::fit_all(self, input);
        ctx.check_cancelled()?;
        report::outcome(self, input, &sites)
    }
}

/// Why no test can be used, where none can.
fn first_reason(curves: &[Tried]) -> Option<String> {
    let usable = curves.iter().any(Result::is_ok);
    let first = curves.iter().find_map(|curve| curve.as_ref().err().map(|(name, why)| format!("{name}: {why}")));
    (!usable).then(|| first.unwrap_or_else(|| "there are none".to_owned()))
}
