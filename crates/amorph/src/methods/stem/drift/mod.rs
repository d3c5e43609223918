//! Whether the specimen moved during a scan, from images before and after it.

pub mod algorithm;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SCAN_STEP;
use super::calibration::Calibration;
use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, output};

/// Shift between two images of one field, and whether it is small against a step of the scan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Drift {
    /// Which maps of the files are the images: the first of them was taken before the scan, the last after it.
    pub image: String,
    /// Image pixels per step of the scan; from scan_step and the size of the image if absent, else the images are taken to cover the field.
    pub pixels_per_step: Option<f64>,
    /// Largest drift that is accepted, steps of the scan.
    #[schemars(range(min = 0.01, max = 10))]
    pub accepted_steps: f64,
    /// Largest shift that is looked for, as a share of the shorter side.
    #[schemars(range(min = 0.02, max = 0.5))]
    pub reach: f64,
    /// Blocks per side that look for the shift on their own, overlapping by half.
    #[schemars(range(min = 5, max = 15))]
    pub blocks: usize,
    /// Images without anything in common that the peak must exceed.
    #[schemars(range(min = 19, max = 9999))]
    pub surrogates: usize,
}

impl Default for Drift {
    fn default() -> Self {
        Self {
            image: "intensity".to_owned(),
            pixels_per_step: None,
            accepted_steps: 0.5,
            reach: 0.25,
            blocks: 5,
            surrogates: 99,
        }
    }
}

/// The images and the scale of the scan.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    before: &'a Map,
    after: &'a Map,
    n_images: usize,
    pixels_per_step: f64,
    assumed: bool,
    scan_step: Option<f64>,
}

/// Why there is no drift.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoDrift {
    /// Fewer than two images.
    #[error("{found} maps '{image}' among the files; one before and one after the scan are needed")]
    OneImage {
        /// The map that is looked for.
        image: String,
        /// How many there are.
        found: usize,
    },
    /// Too small for blocks.
    #[error("the images have {rows} x {columns} pixels; {blocks} blocks per side need at least {needed}")]
    TooSmall {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
        /// Blocks per side.
        blocks: usize,
        /// Pixels of the shorter side.
        needed: usize,
    },
    /// No scale.
    #[error("how many image pixels a step of the scan has is not known")]
    NoScale,
    /// A parameter that cannot be.
    #[error("{name} is {value}; it must be {allowed}")]
    Parameter {
        /// Which.
        name: &'static str,
        /// What was given.
        value: f64,
        /// What is possible.
        allowed: &'static str,
    },
    /// Nothing to correlate.
    #[error("an image is empty or has one value throughout")]
    Flat,
}

impl Refusal for NoDrift {
    fn hint(&self) -> String {
        match self {
            Self::OneImage { .. } => {
                "state the files of a scan together: files = [[\"scan.npy\", \"before.dm4\", \"after.dm4\"]]".to_owned()
            }
            Self::TooSmall { .. } => "use images with more pixels, or fewer blocks".to_owned(),
            Self::NoScale => "state pixels_per_step, or scan_step where the images know their size".to_owned(),
            Self::Parameter { .. } => "`amorph method show stem.drift` lists the parameters".to_owned(),
            Self::Flat => "look at the images: `amorph info --picture`".to_owned(),
        }
    }
}

/// Pixels along the shorter side of a block.
const SMALLEST_BLOCK: usize = 16;

impl Method for Drift {
    const INFO: MethodInfo = MethodInfo {
        id: "stem.drift",
        family: "stem",
        version: 1,
        title: "Drift during a scan",
        summary: "Shift between the images before and after a scan with its error, and whether the scan may be used: a rule that is fixed before looking.",
        doc: include_str!("doc.md"),
        technique: "stem",
        scope: Scope::Item,
        after: &[],
        constants: &[SCAN_STEP.key],
        outputs: &[
            output("drift_y_px", "Δy", "", "shift downwards from the image before to that after, image pixels"),
            output("drift_x_px", "Δx", "", "shift to the right, image pixels"),
            output("drift_sd_px", "", "", "standard error of the shift, the larger of both directions, image pixels"),
            output("drift_steps", "", "", "length of the shift, steps of the scan"),
            output("drift_length", "", "m", "length of the shift"),
            output("drift_accepted", "", "", "1 where shift and twice its error are below the accepted drift, else 0"),
            output("drift_limit_steps", "", "", "largest shift that these images let pass, steps of the scan"),
            output("match_peak", "", "", "height of the correlation at its peak, 1 for equal images"),
            output("match_p", "p", "", "probability of so high a peak between images without anything in common"),
        ],
        covers: &["I19-29"],
        references: &[
            "M. Guizar-Sicairos, S. T. Thurman, J. R. Fienup, Opt. Lett. 33, 156 (2008), doi:10.1364/OL.33.000156",
            "C. D. Kuglin, D. C. Hines, Proc. IEEE Int. Conf. Cybernetics and Society, 163 (1975)",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        self.check_parameters()?;
        let images: Vec<&Map> = dataset.maps().filter(|map| map.quantity == self.image).collect();
        let [before, .., after] = images[..] else {
            return Err(NoDrift::OneImage { image: self.image.clone(), found: images.len() }.into());
        };
        before.require_same_grid(after)?;
        let (rows, columns) = before.shape();
        let needed = SMALLEST_BLOCK * self.blocks.div_ceil(2);
        if rows.min(columns) < needed {
            return Err(NoDrift::TooSmall { rows, columns, blocks: self.blocks, needed }.into());
        }
        let scan_step = Calibration::of(dataset)?.scan_step;
        let stated = self.pixels_per_step.or_else(|| Some(scan_step? / before.pixel_pitch().ok()?.1));
        let whole = || {
            let [scan_rows, scan_columns, ..] = dataset.scan().ok()?.shape();
            let (y, x) = (rows as f64 / scan_rows as f64, columns as f64 / scan_columns as f64);
            ((y / x - 1.0).abs() < 0.02).then_some(x)
        };
        let pixels_per_step = stated.or_else(whole).ok_or(NoDrift::NoScale)?;
        Ok(Input { before, after, n_images: images.len(), pixels_per_step, assumed: stated.is_none(), scan_step })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input, ctx.seed).ok_or_else(|| NoDrift::Flat.into())
    }
}

impl Drift {
    fn check_parameters(&self) -> Result<(), NoDrift> {
        let wrong = |name, value, allowed| Err(NoDrift::Parameter { name, value, allowed });
        if !(0.01..=10.0).contains(&self.accepted_steps) {
            return wrong("accepted_steps", self.accepted_steps, "from 0.01 to 10");
        }
        if !(0.02..=0.5).contains(&self.reach) {
            return wrong("reach", self.reach, "from 0.02 to 0.5");
        }
        if !(5..=15).contains(&self.blocks) {
            return wrong("blocks", self.blocks as f64, "from 5 to 15");
        }
        if !(19..=9999).contains(&self.surrogates) {
            return wrong("surrogates", self.surrogates as f64, "from 19 to 9999");
        }
        match self.pixels_per_step {
            Some(pixels) if !(pixels > 0.0 && pixels.is_finite()) => wrong("pixels_per_step", pixels, "greater than zero"),
            _ => Ok(()),
        }
    }
}
