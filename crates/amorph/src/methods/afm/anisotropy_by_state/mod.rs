//! `dafm.anisotropy_by_state`: the direction of a state from all of its images.

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::ImageVector;
use super::constants::SCAN_ANGLE;
use crate::core::ctx::Ctx;
use crate::core::fft::Complex64;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, Upstream, output};

/// Direction and aspect that the images of a state have in common, told from what the scanner makes where scans were turned.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AnisotropyByState {}

/// Why a state has no direction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDirection {
    /// Too few images.
    #[error("{found} images of this state have an ellipse; a direction in common needs {needed}")]
    TooFewImages {
        /// Images with an ellipse.
        found: usize,
        /// Images needed.
        needed: usize,
    },
}

impl Refusal for NoDirection {
    fn hint(&self) -> String {
        match self {
            Self::TooFewImages { found: 0, .. } => "put \"dafm.anisotropy\" before it in `methods`".to_owned(),
            Self::TooFewImages { .. } => "measure more sites; three or more give a useful interval".to_owned(),
        }
    }
}

impl Method for AnisotropyByState {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.anisotropy_by_state",
        family: "afm",
        version: 1,
        title: "Anisotropy of a state",
        summary: "Direction and aspect common to the images of a state, sites as replicates; scans turned against the specimen tell glass from scanner.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::State,
        after: &["dafm.anisotropy"],
        constants: &[],
        outputs: &[
            output("anisotropy_aspect", "ξ1/ξ2", "", "aspect common to the images, at least 1"),
            output("anisotropy_angle", "θ", "deg", "direction of the long axis in the specimen, from +x to +y, modulo 180 deg"),
            output("anisotropy_p", "p", "", "probability of so much in common without a direction"),
            output("scanner_aspect", "", "", "aspect that stays with the scanner when the specimen turns"),
            output("scanner_p", "", "", "probability of so much in common without an influence of the scanner"),
        ],
        covers: &["L16-16"],
        references: &[
            "Lu et al., Sci. Rep. 6, 29357 (2016)",
            "Mardia and Jupp, Directional Statistics (2000), section 1.3: axial data",
            "Fieller, J. R. Stat. Soc. B 16, 175 (1954)",
        ],
    };

    type Input<'a> = Vec<ImageVector>;

    fn check(&self, dataset: &Dataset) -> Result<Vec<ImageVector>, MethodError> {
        let of_images = dataset.upstream.iter().filter(|upstream| upstream.method == "dafm.anisotropy");
        let images: Vec<ImageVector> = of_images.filter_map(vector).collect();
        if images.len() < 2 {
            return Err(NoDirection::TooFewImages { found: images.len(), needed: 2 }.into());
        }
        Ok(images)
    }

    fn run(&self, images: &Vec<ImageVector>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        match algorithm::common(images) {
            Some(common) => Ok(report::outcome(images, &common, ctx.seed)),
            None => Err(NoDirection::TooFewImages { found: images.len(), needed: 3 }.into()),
        }
    }
}

/// The vector of an image, where it has one; a scan angle that nobody stated is zero.
fn vector(upstream: &Upstream) -> Option<ImageVector> {
    let component = |key: &str| upstream.outcome.estimate(key).map(|estimate| estimate.value).filter(|value| value.is_finite());
    let e = Complex64::new(component("anisotropy_e1")?, component("anisotropy_e2")?);
    let constants = &upstream.outcome.provenance.constants;
    let stated = constants.iter().find(|record| record.key == SCAN_ANGLE.key);
    let scan_angle = stated.and_then(|record| Quantity::parse(&record.value).ok()).map_or(0.0, |angle| angle.value);
    Some(ImageVector { item: upstream.item.clone(), e, scan_angle })
}
