//! `dafm.correlation_length`: how far the fluctuations of a map are correlated, with an interval that covers.

pub mod algorithm;
mod bootstrap;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::field::{FitRules, MarginalKind, Weights, ring_width};
use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Correlation length of a map from its structure function, corrected for bias, with a bootstrap interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CorrelationLength {
    /// Quantity of the map, for instance `dissipated_energy`, `height` or `phase`.
    pub map: String,
    /// How the field is fitted.
    pub estimator: Estimator,
    /// Exponent of the correlation function `exp(-(r/xi)^(2 alpha))`.
    pub exponent: Exponent,
    /// Whether white noise per pixel (a nugget) is part of the model; without it, noise shortens the correlation length.
    pub nugget: bool,
    /// How much each distance counts in the fit.
    pub weights: Weights,
    /// Standard deviation of a Gaussian blur by the tip or the feedback, such as "1 nm"; it is then part of the model.
    pub blur_sd: Option<Quantity>,
    /// Number of surrogate images of the bootstrap.
    #[schemars(range(min = 200))]
    pub surrogates: usize,
    /// Distribution of the values of the surrogates.
    pub marginal: MarginalKind,
}

/// How the parameters of the field are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Estimator {
    /// Weighted least squares on the radial structure function for distances up to 6 correlation lengths and 4 pixels.
    StructureFunction,
}

/// The exponent `alpha` of the correlation function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Exponent {
    /// Fitted.
    Free,
    /// Fixed at 0.5: exponential correlation.
    Exponential,
    /// Fixed at 1: Gaussian correlation, the form printed by Lu et al. 2016.
    Gaussian,
}

impl Exponent {
    fn fixed(self) -> Option<f64> {
        match self {
            Self::Free => None,
            Self::Exponential => Some(0.5),
            Self::Gaussian => Some(1.0),
        }
    }
}

impl CorrelationLength {
    fn rules(&self, blur_sd: f64, pitch: (f64, f64)) -> FitRules {
        FitRules {
            exponent: self.exponent.fixed(),
            nugget: self.nugget,
            blur_sd,
            pixel: ring_width(pitch),
            weights: self.weights,
        }
    }
}

impl Default for CorrelationLength {
    fn default() -> Self {
        Self {
            map: "dissipated_energy".to_owned(),
            estimator: Estimator::StructureFunction,
            exponent: Exponent::Free,
            nugget: true,
            weights: Weights::Relative,
            blur_sd: None,
            surrogates: 200,
            marginal: MarginalKind::Auto,
        }
    }
}

/// A map that can be analysed.
#[derive(Debug)]
pub struct Input<'a> {
    /// The map.
    pub map: &'a Map,
    /// Pixel size (dy, dx), m.
    pub pitch: (f64, f64),
    /// Width and height, m.
    pub size: (f64, f64),
    /// How to fit.
    pub rules: FitRules,
}

impl Method for CorrelationLength {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.correlation_length",
        family: "afm",
        version: 1,
        title: "Correlation length",
        summary: "Fits the structure function of a map with a stretched-exponential correlation and gives the length with an interval that covers.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &["dafm.dissipation"],
        constants: &[],
        outputs: &[
            output("correlation_length", "ξ", "m", "distance over which the correlation falls to 1/e, bias removed"),
            output("hurst_like_exponent", "α", "", "exponent of the correlation exp(-(r/ξ)^2α)"),
            output("field_sd", "σ", "", "standard deviation of the field without noise, in the unit of the map"),
            output("nugget_sd", "s_n", "", "standard deviation of the white noise, in the unit of the map"),
            output("r_1e", "r_1/e", "m", "distance where the measured correlation is 1/e, without a model"),
            output("sal", "S_al", "m", "autocorrelation length of ISO 25178-2: distance where the measured correlation is 0.2"),
            output(
                "integral_range",
                "I",
                "m^2",
                "integral of the correlation over the plane: the area of one independent piece",
            ),
        ],
        covers: &["L16-15", "L16-17", "L16-18", "L16-19", "Q19-3.3.2-a"],
        references: &[
            "Lu et al., Sci. Rep. 6, 29357 (2016)",
            "Qiao et al. (2019), review, section 3.3.2",
            "Liu et al., Phys. Rev. Lett. 106, 125504 (2011)",
            "Cressie, Math. Geol. 17, 563 (1985)",
            "Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1",
            "ISO 25178-2:2021",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        if self.surrogates < 200 {
            let message = format!("surrogates = {} is too few for a 95 % interval; at least 200 are needed", self.surrogates);
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        let map = dataset.map(&self.map)?;
        map.require_structure()?;
        let pitch = map.pixel_pitch()?;
        let blur_sd = match &self.blur_sd {
            None => 0.0,
            Some(blur) => {
                blur.unit.require(&Unit::of("m"))?;
                blur.value
            }
        };
        if !(0.0..f64::INFINITY).contains(&blur_sd) {
            let message = format!("blur_sd = {blur_sd} m; it must be finite and not negative");
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        Ok(Input { map, pitch, size: map.size()?, rules: self.rules(blur_sd, pitch) })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
