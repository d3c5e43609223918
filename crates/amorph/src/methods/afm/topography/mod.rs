//! `dafm.topography`: levelling, roughness, and the leakage of topography into the phase.

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::{DataError, Map};
use crate::core::image::BackgroundError;
use crate::core::outcome::Outcome;
use crate::core::unit::Unit;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Refusal, Scope, output};

/// Levels the height map and frees the phase of what follows from the topography.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Topography {
    /// Degree of the polynomial that is taken from the height: 1 is a plane.
    #[schemars(range(min = 0, max = 4))]
    pub degree: usize,
    /// Whether the background is fitted with Huber weights, so that particles and pits do not tilt it.
    pub robust: bool,
    /// Whether offsets between the rows of the height are removed (median of the differences of neighbouring rows).
    pub height_row_offsets: bool,
    /// Whether each row of the phase has an offset of its own in the regression.
    pub phase_row_offsets: bool,
    /// Whether the amplitude error is a term of the regression beside height, slopes and curvature.
    pub with_amplitude_error: bool,
}

impl Default for Topography {
    fn default() -> Self {
        Self { degree: 1, robust: true, height_row_offsets: false, phase_row_offsets: false, with_amplitude_error: false }
    }
}

/// What [`Topography`] works on.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    height: &'a Map,
    phase: Option<&'a Map>,
    amplitude_error: Option<&'a Map>,
    pitch: (f64, f64),
}

/// Why there is no levelled height.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TopographyError {
    /// The background cannot be fitted.
    #[error("the height map cannot be levelled: {0}")]
    Background(#[from] BackgroundError),
}

impl Refusal for TopographyError {
    fn hint(&self) -> String {
        match self {
            Self::Background(_) => "lower `degree`, or unmask more pixels of the height map".to_owned(),
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("roughness_rms", "Rq", "m", "root-mean-square roughness after removal of a plane"),
    output("crosstalk_r2", "R²", "", "share of the variance of the phase that the topography explains, least squares"),
    output("crosstalk_r2_cross_validated", "R²_cv", "", "the same for tiles left out of the fit"),
];

impl Method for Topography {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.topography",
        family: "afm",
        version: 1,
        title: "Topography and its leakage into the phase",
        summary: "Levels the height, gives the roughness, and removes from the phase what height, slope and curvature explain.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &[],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["L16-04", "L16-06", "Q19-3.3.2-c"],
        references: &["Lu et al., Sci. Rep. 6, 29357 (2016)", "Huber, Ann. Math. Statist. 35, 73 (1964)"],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        if self.degree > 4 {
            let message = format!("degree = {} must be at most 4: higher polynomials remove the structure itself", self.degree);
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        let height = dataset.map("height")?;
        height.require_structure()?;
        if !height.unit.is_compatible(&Unit::of("m")) {
            let found = height.unit.to_string();
            return Err(DataError::WrongUnit { map: height.quantity.clone(), found, expected: "m".to_owned() }.into());
        }
        let beside = |quantity: &str, wanted: bool| -> Result<Option<&'a Map>, MethodError> {
            if !(wanted && dataset.has_map(quantity)) {
                return Ok(None);
            }
            let map = dataset.map(quantity)?;
            map.require_structure()?;
            height.require_same_grid(map)?;
            Ok(Some(map))
        };
        Ok(Input {
            height,
            phase: beside("phase", true)?,
            amplitude_error: beside("amplitude_error", self.with_amplitude_error)?,
            pitch: height.pixel_pitch()?,
        })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}
