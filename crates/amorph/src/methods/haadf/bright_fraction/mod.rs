//! `haadf.bright_fraction`: how much of a two-phase image is bright, by depth below the surface.

pub mod algorithm;
pub mod analysis;
mod error;
mod figures;
pub mod geometry;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::error::BrightFractionError;
use self::geometry::Side;
use super::constants::{DARK_LEVEL, FOIL_THICKNESS, INTENSITY_SCALE, SURFACE_SIDE};
use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Share of the bright phase of a two-phase image, in strips of equal depth below the surface, and the shapes of the phases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BrightFraction {
    /// Quantity of the image: `intensity` for electron micrographs.
    pub map: String,
    /// How phases are told apart.
    pub phases: PhaseModel,
    /// What is taken for uneven illumination.
    pub illumination: Illumination,
    /// Depth of a strip in pixels.
    #[schemars(range(min = 8))]
    pub strip_px: usize,
}

/// How phases are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhaseModel {
    /// Two Gaussians and pixels that hold some of both phases.
    Mixture,
    /// Otsu's threshold.
    Otsu,
}

/// What is taken for uneven illumination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Illumination {
    /// Nothing.
    Even,
    /// A plane by which both phases are multiplied.
    Plane,
    /// A surface of second degree.
    Quadratic,
}

impl Default for BrightFraction {
    fn default() -> Self {
        Self { map: "intensity".to_owned(), phases: PhaseModel::Mixture, illumination: Illumination::Quadratic, strip_px: 64 }
    }
}

/// An image and where its surface is.
#[derive(Debug)]
pub struct Input<'a> {
    map: &'a Map,
    side: Side,
    dark_level: f64,
    is_display: bool,
    /// m.
    thickness: Option<f64>,
}

/// Largest share of pixels that may be missing.
const MOST_MISSING: f64 = 0.6;

impl Method for BrightFraction {
    const INFO: MethodInfo = MethodInfo {
        id: "haadf.bright_fraction",
        family: "haadf",
        version: 1,
        title: "Share of the bright phase by depth",
        summary: "Share of the bright phase of a two-phase image in strips below the surface, the illumination taken out, with intervals from blocks along the surface, lengths of chords and the Euler number.",
        doc: include_str!("doc.md"),
        technique: "haadf",
        scope: Scope::Item,
        after: &[],
        constants: &[SURFACE_SIDE.key, DARK_LEVEL.key, INTENSITY_SCALE.key, FOIL_THICKNESS.key],
        outputs: &[
            output("bright_fraction", "φ", "", "share of the bright phase in the whole field"),
            output("bright_fraction_surface", "φ_s", "", "share in the strip at the surface"),
            output("bright_fraction_deep", "φ_d", "", "share in the deepest strip"),
            output("phase_separation", "d'", "", "distance of the phases in standard deviations of a pixel"),
            output("bright_chord", "l_b", "m", "mean chord of the bright phase along the surface"),
            output("dark_chord", "l_d", "m", "mean chord of the dark phase along the surface"),
            output("euler_number", "χ", "", "parts of the bright phase less its holes"),
            output("euler_density", "χ/A", "1/m^2", "Euler number over area"),
            output("overlap_bound", "1-(1-φ)^N", "", "share that would be seen of a share φ in N layers on top of each other"),
        ],
        covers: &["Q19-5.4-f"],
        references: &[
            "Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 5.4",
            "N. Otsu, IEEE Trans. Syst. Man Cybern. 9, 62 (1979), doi:10.1109/TSMC.1979.4310076",
            "P. Santago, H. D. Gage, IEEE Trans. Image Process. 4, 1531 (1995), doi:10.1109/83.469934",
            "S. B. Gray, IEEE Trans. Comput. C-20, 551 (1971), doi:10.1109/T-C.1971.223289",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let map = dataset.map(&self.map)?;
        let side = match dataset.constants.choice(&SURFACE_SIDE)? {
            Some("bottom") => Side::Bottom,
            Some("left") => Side::Left,
            Some("right") => Side::Right,
            Some(_) => Side::Top,
            None => {
                let missing = vec![dataset.constants.missing(&SURFACE_SIDE)];
                return Err(MethodError::MissingConstants { method: Self::INFO.id, missing });
            }
        };
        let (rows, columns) = side.turned(map.shape());
        if self.strip_px < 8 || self.strip_px > rows {
            return Err(BrightFractionError::Strip { found: self.strip_px, rows }.into());
        }
        if rows.min(columns) < 32 {
            return Err(BrightFractionError::TooSmall { rows, columns }.into());
        }
        let valid = map.valid_values();
        let missing = 1.0 - valid.len() as f64 / (rows * columns) as f64;
        if missing > MOST_MISSING {
            return Err(BrightFractionError::TooManyMissing { share: missing, allowed: MOST_MISSING }.into());
        }
        if valid.iter().all(|value| *value == valid[0]) {
            return Err(BrightFractionError::NoVariance { value: valid[0] }.into());
        }
        Ok(Input {
            map,
            side,
            dark_level: dataset.constants.quantity(&DARK_LEVEL)?.map_or(0.0, |level| level.value),
            is_display: dataset.constants.choice(&INTENSITY_SCALE)? == Some("display"),
            thickness: dataset.constants.positive(&FOIL_THICKNESS)?.map(|thickness| thickness.value),
        })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
