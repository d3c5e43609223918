//! `dafm.cluster_sizes`: the law of the cluster sizes of a state, from all of its sites.

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, output};
use crate::methods::afm::clusters::algorithm::Cluster;

/// Exponent and cut-off of the cluster sizes of all sites of a state, with intervals from the scatter between sites.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClusterSizes {
    /// Smallest radius that is fitted, such as "3 nm"; the one at which law and clusters are closest when absent.
    pub r_min: Option<Quantity>,
}

/// The sites of one state.
#[derive(Debug, Clone)]
pub struct Input {
    /// The state.
    pub state: String,
    /// The sites.
    pub sites: Vec<Site>,
    /// Smallest radius that is fitted, m.
    pub r_min: Option<f64>,
}

/// One site.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its clusters, smallest first.
    pub clusters: Vec<Cluster>,
    /// Box dimension of its largest cluster.
    pub box_dimension: Option<f64>,
    /// Share of the dense area in the largest cluster.
    pub largest_fraction: Option<f64>,
    /// Whether a cluster spans it along x and y.
    pub spans_both: Option<bool>,
    /// Mean exponent of its surrogates.
    pub null_exponent: Option<f64>,
}

/// Why there is no law.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SizesError {
    /// No image was searched for clusters.
    #[error("no image of this state has clusters")]
    NoClusters,
    /// Too few clusters.
    #[error("{found} clusters in {sites} images; at least {needed} above the smallest radius are needed")]
    TooFew {
        /// Clusters found.
        found: usize,
        /// Images.
        sites: usize,
        /// Clusters needed.
        needed: usize,
    },
}

impl Refusal for SizesError {
    fn hint(&self) -> String {
        match self {
            Self::NoClusters => "put \"dafm.clusters\" before it in `methods`".to_owned(),
            Self::TooFew { .. } => "measure more sites or larger images, or lower `min_pixels` of \"dafm.clusters\"".to_owned(),
        }
    }
}

impl Method for ClusterSizes {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.cluster_sizes",
        family: "afm",
        version: 1,
        title: "Cluster sizes of a state",
        summary: "Fits one law to the cluster sizes of all sites of a state, with intervals from the scatter between sites.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::State,
        after: &["dafm.clusters"],
        constants: &[],
        outputs: &[
            output("state_cluster_exponent", "α", "", "exponent of R^-α exp(-R/R_c) over all sites"),
            output("state_cluster_cutoff", "R_c", "m", "cut-off radius over all sites"),
            output("state_cluster_r_min", "R_min", "m", "smallest radius that is fitted"),
            output("state_box_dimension", "D_b", "", "mean box dimension of the largest clusters"),
            output("state_largest_cluster_fraction", "P_∞", "", "mean share of the dense area in the largest cluster"),
            output("spanning_share", "P_xy", "", "share of the sites that one cluster spans along x and y"),
        ],
        covers: &["Q19-3.3.3-e", "Q19-3.3.3-f"],
        references: &["Qiao et al. (2019), review, section 3.3.3", "B. Efron, C. Stein, Ann. Stat. 9, 586 (1981): jackknife"],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let r_min = match &self.r_min {
            Some(radius) => {
                radius.unit.require(&Unit::of("m"))?;
                Some(radius.value)
            }
            None => None,
        };
        let mut sites = Vec::new();
        for upstream in dataset.upstream.iter().filter(|upstream| upstream.method == "dafm.clusters") {
            sites.extend(site(&upstream.outcome)?);
        }
        if sites.is_empty() {
            return Err(SizesError::NoClusters.into());
        }
        Ok(Input { state: dataset.label.clone(), sites, r_min })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(input)
    }
}

fn site(outcome: &Outcome) -> Result<Option<Site>, MethodError> {
    let Some(table) = outcome.table("clusters") else { return Ok(None) };
    let (_, pixels) = table.numbers("pixels")?;
    let (_, radius) = table.numbers("radius")?;
    let (_, weight) = table.numbers("border_weight")?;
    let rows = pixels.iter().zip(radius).zip(weight);
    let clusters =
        rows.map(|((n, radius), weight)| Cluster { n_pixels: *n as u64, radius: *radius, weight: *weight }).collect();
    let value = |key: &str| outcome.estimate(key).map(|estimate| estimate.value);
    Ok(Some(Site {
        clusters,
        box_dimension: value("box_dimension"),
        largest_fraction: value("largest_cluster_fraction"),
        spans_both: value("spans_both").map(|spans| spans > 0.5),
        null_exponent: null_exponent(outcome),
    }))
}

/// Mean exponent of the surrogates of an image.
fn null_exponent(outcome: &Outcome) -> Option<f64> {
    let table = outcome.table("null_comparison")?;
    let crate::core::data::ColumnValues::Text(keys) = &table.columns.first()?.values else { return None };
    let row = keys.iter().position(|key| key == "cluster_exponent")?;
    table.numbers("null_mean").ok()?.1.get(row).copied()
}
