//! Do dense or loose regions of a volume hang together, and sooner or later than chance would have it?

pub mod algorithm;
mod figures;
mod periodic;
mod report;
mod runs;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::volume::{NoVolume, Phase, Source, check_cut};
use super::{COMMON_RESOLUTION, RESOLUTION, VOXEL_SIZE};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Which voxels touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Neighbours {
    /// Those that share a face: 6.
    Faces,
    /// Those that share a face or an edge: 18.
    Edges,
    /// Those that share a face, an edge or a corner: 26.
    Corners,
}

impl Neighbours {
    pub(super) const ALL: [Self; 3] = [Self::Faces, Self::Edges, Self::Corners];

    /// Axes along which two touching voxels may differ.
    fn axes(self) -> usize {
        self as usize + 1
    }

    /// Number of neighbours.
    fn count(self) -> usize {
        [6, 18, 26][self as usize]
    }

    /// Share at which sites of an infinite simple cubic lattice percolate (Xu et al. 2014; Kurzawski and Malarz 2012).
    fn lattice_threshold(self) -> f64 {
        [0.311_608, 0.137_2, 0.097_6][self as usize]
    }
}

/// Clusters of dense or loose regions of a volume, whether they span it, and the same of voxels mixed at random and of random fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Percolation {
    /// Which regions.
    pub phase: Phase,
    /// Quantile of the object's grey values that divides dense from loose.
    #[schemars(range(min = 0.001, max = 0.999))]
    pub quantile: f64,
    /// Grey value above which a voxel belongs to the object; every voxel does if absent.
    pub object_above: Option<f64>,
    /// Which voxels touch.
    pub neighbours: Neighbours,
    /// Whether the volume continues at its other side, as a simulated one may.
    pub periodic: bool,
    /// Random volumes of each kind to compare with.
    #[schemars(range(min = 3, max = 999))]
    pub surrogates: usize,
}

impl Default for Percolation {
    fn default() -> Self {
        Self {
            phase: Phase::High,
            quantile: 0.7,
            object_above: None,
            neighbours: Neighbours::Faces,
            periodic: false,
            surrogates: 39,
        }
    }
}

/// A volume that can be read.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    source: Source<'a>,
}

/// Voxels along the shortest side.
const SMALLEST: usize = 16;

impl Method for Percolation {
    const INFO: MethodInfo = MethodInfo {
        id: "scattering.percolation",
        family: "scattering",
        version: 1,
        title: "Clusters and percolation of regions",
        summary: "Which dense or loose regions of a volume hang together, whether they span it, and whether sooner or later than random volumes do.",
        doc: include_str!("doc.md"),
        technique: "tomography",
        scope: Scope::Item,
        after: &[],
        constants: &[VOXEL_SIZE.key, RESOLUTION.key, COMMON_RESOLUTION.key],
        outputs: &[
            output("spans_x", "", "", "1 where a cluster reaches from end to end along x, else 0"),
            output("spans_y", "", "", "the same along y"),
            output("spans_z", "", "", "the same along z, the slowest axis of the file"),
            output("largest_cluster_share", "P", "", "share of the set in its largest cluster"),
            output("n_clusters", "", "", "number of clusters"),
            output("mean_cluster_size", "S", "", "mean voxels of the cluster of a voxel, clusters that span left out"),
            output(
                "correlation_length_cluster",
                "ξ",
                "m",
                "mean distance in a cluster, clusters that span left out (voxels where their edge is not known)",
            ),
            output("euler_number", "χ", "", "bodies less tunnels plus cavities of the set, by faces (6) or corners (26)"),
            output("percolation_threshold", "p_c", "", "share of the object from which on clusters span along all axes"),
            output("null_random_threshold", "", "", "mean of it over volumes whose voxels are mixed"),
            output("null_field_threshold", "", "", "mean of it over Gaussian fields with this spectrum"),
            output("p_random_threshold", "p", "", "exact p value of the threshold among mixed volumes"),
            output("p_random_largest", "p", "", "exact p value of the share of the largest cluster among mixed volumes"),
            output("p_field_threshold", "p", "", "p value of the threshold among Gaussian fields with this spectrum"),
            output("p_field_largest", "p", "", "p value of the share of the largest cluster among them"),
            output("volume_fraction", "φ", "", "share of the object that is the set"),
            output("n_voxels", "N", "", "voxels of the object"),
        ],
        covers: &["Q19-3.1-l"],
        references: &[
            "D. Stauffer, A. Aharony, Introduction to Percolation Theory, 2nd ed., Taylor & Francis (1994)",
            "X. Xu, J. Wang, J.-P. Lv, Y. Deng, Front. Phys. 9, 113 (2014), doi:10.1007/s11467-013-0403-z",
            "Ł. Kurzawski, K. Malarz, Rep. Math. Phys. 70, 163 (2012), doi:10.1016/S0034-4877(12)60036-6",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        check_cut(self.quantile, self.object_above)?;
        let wrong = |name, value, allowed| Err(NoVolume::Parameter { name, value, allowed }.into());
        if !(3..=999).contains(&self.surrogates) {
            return wrong("surrogates", self.surrogates as f64, "from 3 to 999");
        }
        if let (true, Some(above)) = (self.periodic, self.object_above) {
            return wrong("object_above", above, "absent for a periodic volume, which has no surroundings");
        }
        Ok(Input { source: Source::of(dataset, Self::INFO.id, SMALLEST)? })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        let volume = input.source.load(self.object_above, ctx)?;
        let cut = volume.cut(self.object_above, self.phase, self.quantile)?;
        report::outcome(self, &volume, &cut, ctx)
    }
}
