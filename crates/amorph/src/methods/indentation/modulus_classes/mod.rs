//! `indentation.modulus_classes`: classes of a map of modulus by exact k-means and by a mixture of normal distributions.

pub mod algorithm;
mod figures;
mod report;
pub mod spatial;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Classes of a modulus map, each pixel with its probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ModulusClasses {
    /// Quantity of the map.
    pub map: String,
    /// Groups of k-means; the paper takes 3.
    #[schemars(range(min = 1, max = 8))]
    pub k_means: usize,
    /// Most components of the mixture.
    #[schemars(range(min = 1, max = 8))]
    pub most_components: usize,
    /// Starts of every mixture.
    #[schemars(range(min = 3))]
    pub starts: usize,
    /// Maps of the block bootstrap; 0 leaves it out.
    pub bootstrap: usize,
    /// Standard deviation of the measurement of a pixel, from repeated scans or fused silica: narrower components are flagged.
    pub noise: Option<Quantity>,
    /// Whether neighbours are likely to be of one class (a hidden Potts field): classes of pixels then hang together.
    pub spatial_prior: bool,
}

impl Default for ModulusClasses {
    fn default() -> Self {
        Self {
            map: "storage_modulus".to_owned(),
            k_means: 3,
            most_components: 6,
            starts: 20,
            bootstrap: 100,
            noise: None,
            spatial_prior: false,
        }
    }
}

/// What [`ModulusClasses`] works on.
#[derive(Debug)]
pub struct Input<'a> {
    map: &'a Map,
    pitch: (f64, f64),
}

/// Fewest pixels.
const FEWEST: usize = 100;

impl Method for ModulusClasses {
    const INFO: MethodInfo = MethodInfo {
        id: "indentation.modulus_classes",
        family: "indentation",
        version: 1,
        title: "Classes of a modulus map",
        summary: "Soft, medium and stiff regions of a map of dynamic modulus by exact k-means and by a mixture whose size the data choose.",
        doc: include_str!("doc.md"),
        technique: "indentation",
        scope: Scope::Item,
        after: &[],
        constants: &[],
        outputs: &[
            output("n_classes", "k", "", "components that the Bayesian criterion chooses"),
            output("n_classes_icl", "k", "", "components that the integrated completed likelihood chooses"),
            output("correlation_length", "ξ", "m", "distance at which the correlation of the modulus falls to 1/e"),
            output("mean_entropy", "", "", "mean uncertainty of the class of a pixel, in nats"),
            output("potts_beta", "β", "", "preference of neighbours for one class (spatial_prior)"),
            output("k_means_inertia", "", "", "share of the variance within the groups of k-means"),
        ],
        covers: &["Q19-5.3-k"],
        references: &[
            "Qiao et al. (2019), review, section 5.3",
            "H. Wang, M. Song, R Journal 3, 29 (2011), doi:10.32614/RJ-2011-015",
            "G. Celeux, F. Forbes, N. Peyrard, Pattern Recognit. 36, 131 (2003)",
            "C. Biernacki, G. Celeux, G. Govaert, IEEE Trans. Pattern Anal. 22, 719 (2000)",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let within = (1..=8).contains(&self.k_means) && (1..=8).contains(&self.most_components) && self.starts >= 3;
        if !within || (self.bootstrap > 0 && self.bootstrap < 50) {
            let message =
                "k_means and most_components must lie within 1 and 8, starts be at least 3, bootstrap 0 or at least 50";
            return Err(MethodError::Parameters { method: Self::INFO.id, message: message.to_owned() });
        }
        let map = dataset.map(&self.map)?;
        if let Some(noise) = &self.noise {
            noise.unit.require(&map.unit)?;
        }
        let (found, needed) = (map.valid_values().len(), FEWEST);
        if found < needed {
            let what = format!("pixels of '{}'", map.quantity);
            return Err(super::IndentationError::TooFewPoints { what, found, needed }.into());
        }
        Ok(Input { map, pitch: map.pixel_pitch()? })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
