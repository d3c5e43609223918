//! Dimension and correlation lengths of several volumes over the spread of their density.

mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::box_counting::BoxCounting;
use super::density_correlation::DensityCorrelation;
use super::percolation::Percolation;
use super::volume_statistics::VolumeStatistics;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::Unit;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, Upstream, output};

/// Fewest volumes.
const FEWEST: usize = 3;

/// Fractal dimension and correlation lengths of several volumes over the standard deviation of their density.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StructureBySpread {}

/// What is known of a volume; NaN where it is not.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OneVolume {
    state: String,
    item: String,
    /// Standard deviation of the density over its mean.
    spread: f64,
    /// Slope of occupied boxes.
    dimension: f64,
    /// From the two-point correlation.
    length: f64,
    /// From clusters.
    cluster: f64,
    /// Share of the set of which the dimension is.
    share: f64,
    /// Metres, or none where lengths are voxels.
    unit: Option<Unit>,
}

/// What [`StructureBySpread`] works on.
#[derive(Debug, Clone, Default)]
pub struct Input {
    volumes: Vec<OneVolume>,
}

/// Why there is nothing to compare.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
enum NoComparison {
    /// Too few.
    #[error(
        "{found} volumes have the spread of their density (g_std_micro) and a dimension or correlation length; {FEWEST} are needed"
    )]
    TooFew { found: usize },
}

impl Refusal for NoComparison {
    fn hint(&self) -> String {
        "put \"scattering.volume_statistics\", \"scattering.box_counting\", \"scattering.density_correlation\" and \"scattering.percolation\" in the methods of three volumes or more; g_std_micro needs grey values that are densities, all above zero in the object".to_owned()
    }
}

impl Method for StructureBySpread {
    const INFO: MethodInfo = MethodInfo {
        id: "scattering.structure_by_spread",
        family: "scattering",
        version: 1,
        title: "Dimension and correlation lengths over the spread of density",
        summary: "Fractal dimension and correlation lengths of several volumes over the standard deviation of their density, with exact tests whether they rise together.",
        doc: include_str!("doc.md"),
        technique: "tomography",
        scope: Scope::Study,
        after: &[
            "scattering.volume_statistics",
            "scattering.box_counting",
            "scattering.density_correlation",
            "scattering.percolation",
        ],
        constants: &[],
        outputs: &[
            output("dimension_trend", "ρ", "", "rank correlation of the dimension by boxes with the spread of the density"),
            output("p_dimension_trend", "p", "", "p value of it among all orders of the volumes"),
            output("length_trend", "ρ", "", "rank correlation of the correlation length with the spread of the density"),
            output("p_length_trend", "p", "", "p value of it among all orders of the volumes"),
            output("cluster_length_trend", "ρ", "", "rank correlation of the size of clusters with the spread of the density"),
            output("p_cluster_length_trend", "p", "", "p value of it among all orders of the volumes"),
        ],
        covers: &["Q19-3.1-h", "Q19-3.1-j", "Q19-3.1-k", "Q19-3.1-l"],
        references: &[
            "X. Huang et al., Acta Mater. 155, 69 (2018)",
            "Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 3.1",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let mut volumes: Vec<OneVolume> = Vec::new();
        for upstream in &dataset.upstream {
            let known = volumes.iter().position(|volume| volume.state == upstream.state && volume.item == upstream.item);
            let place = known.unwrap_or_else(|| {
                volumes.push(OneVolume::new(upstream));
                volumes.len() - 1
            });
            volumes[place].learn(upstream);
        }
        let is_told = |volume: &OneVolume| [volume.dimension, volume.length, volume.cluster].iter().any(|v| v.is_finite());
        volumes.retain(|volume| volume.spread.is_finite() && is_told(volume));
        let found = volumes.len();
        if found < FEWEST { Err(NoComparison::TooFew { found }.into()) } else { Ok(Input { volumes }) }
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        Ok(report::outcome(&input.volumes, ctx.seed))
    }
}

impl OneVolume {
    fn new(upstream: &Upstream) -> Self {
        let [state, item] = [&upstream.state, &upstream.item].map(Clone::clone);
        let (spread, dimension, length, cluster, share) = (f64::NAN, f64::NAN, f64::NAN, f64::NAN, f64::NAN);
        Self { state, item, spread, dimension, length, cluster, share, unit: None }
    }

    fn learn(&mut self, upstream: &Upstream) {
        let value = |key: &str| upstream.outcome.estimate(key).map_or(f64::NAN, |estimate| estimate.value);
        let method = upstream.method.as_str();
        // All three measure the same spread; of the statistics it has its own right.
        if method == VolumeStatistics::INFO.id || self.spread.is_nan() {
            let spread = value("g_std_micro");
            self.spread = if spread.is_finite() { spread } else { self.spread };
        }
        if method == BoxCounting::INFO.id {
            (self.dimension, self.share) = (value("fractal_dimension_box"), value("volume_fraction"));
        }
        for (wanted, key) in
            [(DensityCorrelation::INFO.id, "correlation_length"), (Percolation::INFO.id, "correlation_length_cluster")]
        {
            let Some(length) = upstream.outcome.estimate(key).filter(|_| method == wanted) else { continue };
            if method == Percolation::INFO.id {
                self.cluster = length.value
            } else {
                self.length = length.value
            }
            self.unit = Some(length.unit.clone());
        }
    }
}
