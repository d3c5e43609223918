//! `haadf.relaxation_map`: how fast every place of a series of dark-field images forgets its brightness.

pub mod algorithm;
mod analysis;
pub mod domains;
mod error;
mod figures;
mod input;
mod report;
mod spread;
pub mod sums;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::error::RelaxationMapError;
use super::constants::{DARK_LEVEL, FRAME_INTERVAL, TEMPERATURE};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Relaxation times of a series of frames, as a map and pooled over the object or its core and skin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RelaxationMap {
    /// Which time is given.
    pub convention: Convention,
    /// What is taken off as change of the beam current.
    pub beam: Beam,
    /// Side, in pixels, of the squares that are pooled to one place of the map.
    #[schemars(range(min = 1))]
    pub block: usize,
    /// Stretching exponent of the places of the map; that of pooled pixels is fitted.
    #[schemars(range(min = 0.2, max = 3.0))]
    pub map_exponent: f64,
    /// Mean counts above the dark level from which on a pixel belongs to the object; absent: all pixels with counts.
    pub object_above: Option<f64>,
    /// Width of the skin of the object in pixels; absent: no division into core and skin. The edge of the image is no surface.
    pub skin_px: Option<f64>,
}

/// The time in a correlation of intensities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Convention {
    /// Of the amplitude: `g2 - 1 = A exp(-2 (t/tau)^beta)`.
    Amplitude,
    /// Of the intensity: `g2 - 1 = A exp(-(t/tau)^beta)`; shorter by `2^(1/beta)`.
    Intensity,
}

/// What is taken off as change of the beam current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Beam {
    /// Nothing.
    Steady,
    /// A parabola in time through the means of the frames.
    Trend,
    /// The mean of every frame; for a beam that flickers and many more pixels than fluctuate together.
    Frame,
}

impl Default for RelaxationMap {
    fn default() -> Self {
        Self {
            convention: Convention::Amplitude,
            beam: Beam::Trend,
            block: 1,
            map_exponent: 1.0,
            object_above: None,
            skin_px: None,
        }
    }
}

/// A series of frames with its interval.
#[derive(Debug)]
pub struct Input<'a> {
    series: input::Series<'a>,
    dark_level: f64,
    /// K.
    temperature: Option<f64>,
}

impl Method for RelaxationMap {
    const INFO: MethodInfo = MethodInfo {
        id: "haadf.relaxation_map",
        family: "haadf",
        version: 3,
        title: "Relaxation times from fluctuating dark-field images",
        summary: "Correlation in time of every pixel of a series of frames (electron correlation microscopy): a map of relaxation times with bounds where they are too short or too long, over what distance places relax alike, how large slow regions are, and pooled times of the object, or of its core and skin.",
        doc: include_str!("doc.md"),
        technique: "haadf",
        scope: Scope::Item,
        after: &[],
        constants: &[FRAME_INTERVAL.key, DARK_LEVEL.key, TEMPERATURE.key],
        outputs: &[
            output("tau0", "τ", "s", "relaxation time pooled over the object"),
            output("tau0_core", "τ_core", "s", "relaxation time pooled over the core"),
            output("tau0_skin", "τ_skin", "s", "relaxation time pooled over the skin"),
            output("tau0_ratio", "τ_core/τ_skin", "", "relaxation time of the core over that of the skin"),
            output("beta_kww", "β", "", "stretching exponent of the object"),
            output("beta_kww_core", "β_core", "", "stretching exponent of the core"),
            output("beta_kww_skin", "β_skin", "", "stretching exponent of the skin"),
            output("speckle_contrast", "A", "", "g2 - 1 of the object at lag zero, counting noise taken out"),
            output("speckle_contrast_core", "A_core", "", "the same of the core"),
            output("speckle_contrast_skin", "A_skin", "", "the same of the skin"),
            output("temperature", "T", "K", "temperature of the specimen, as stated"),
            output(
                "resolved_share",
                "",
                "",
                "share of the places of the object whose relaxation time is neither too short nor too long",
            ),
            output("tau0_spread", "", "", "standard deviation of ln τ between places of a region, chance taken out"),
            output(
                "tau0_correlation_length",
                "ξ_τ",
                "m",
                "distance over which the correlation of ln τ falls to 1/e, chance taken out (places of the map where the pixel size is not known)",
            ),
            output(
                "p_tau0_correlation",
                "p",
                "",
                "p value of neighbours that relax alike among maps of the same places in any order",
            ),
            output(
                "slow_domain_size",
                "",
                "m",
                "diameter of the disc as large as a region of the slowest quarter, in the mean over slow places (places of the map where the pixel size is not known)",
            ),
        ],
        covers: &["Q19-4.1-d"],
        references: &[
            "L. He, P. Zhang, M. F. Besser, M. J. Kramer, P. M. Voyles, Microsc. Microanal. 21, 1026 (2015), doi:10.1017/S1431927615000641",
            "P. Zhang, J. J. Maldonis, Z. Liu, J. Schroers, P. M. Voyles, Nat. Commun. 9, 1129 (2018), doi:10.1038/s41467-018-03604-2",
            "H. R. Künsch, Ann. Stat. 17, 1217 (1989), doi:10.1214/aos/1176347265",
            "Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 4.1",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let bad = |name, value, allowed| Err(RelaxationMapError::Parameter { name, value, allowed }.into());
        if self.block == 0 {
            return bad("block", 0.0, "at least 1");
        }
        if !(0.2..=3.0).contains(&self.map_exponent) {
            return bad("map_exponent", self.map_exponent, "from 0.2 to 3");
        }
        if let Some(level) = self.object_above.filter(|level| !level.is_finite()) {
            return bad("object_above", level, "a number");
        }
        if let Some(width) = self.skin_px {
            if !(width > 0.0 && width.is_finite()) {
                return bad("skin_px", width, "greater than zero");
            }
            if self.object_above.is_none() {
                return bad("skin_px", width, "stated together with object_above, which says where the surface is");
            }
        }
        let dark_level = dataset.constants.quantity(&DARK_LEVEL)?.map_or(0.0, |quantity| quantity.value);
        let temperature = dataset.constants.positive(&TEMPERATURE)?.map(|quantity| quantity.value);
        Ok(Input { series: input::series(dataset)?, dark_level, temperature })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
