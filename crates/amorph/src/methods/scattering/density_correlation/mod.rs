//! How far the dense or loose regions of a volume are correlated, and whether more than their spectrum says.

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::volume::{NoVolume, Phase, Source, check_cut};
use super::{COMMON_RESOLUTION, RESOLUTION, VOXEL_SIZE};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Two-point correlation of dense or loose regions of a volume, its lengths, and the same of mixed voxels and of a Gaussian field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DensityCorrelation {
    /// Which regions.
    pub phase: Phase,
    /// Quantile of the object's grey values that divides dense from loose.
    #[schemars(range(min = 0.001, max = 0.999))]
    pub quantile: f64,
    /// Grey value above which a voxel belongs to the object; every voxel does if absent.
    pub object_above: Option<f64>,
    /// Change of the slope of the mass over all distances that still counts as none.
    #[schemars(range(min = 0.01, max = 1))]
    pub tolerance: f64,
    /// Volumes of mixed voxels to compare with.
    #[schemars(range(min = 3, max = 999))]
    pub surrogates: usize,
}

impl Default for DensityCorrelation {
    fn default() -> Self {
        Self { phase: Phase::High, quantile: 0.5, object_above: None, tolerance: 0.25, surrogates: 19 }
    }
}

/// A volume that can be read.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    source: Source<'a>,
}

/// Voxels along the shortest side.
const SMALLEST: usize = 32;

impl Method for DensityCorrelation {
    const INFO: MethodInfo = MethodInfo {
        id: "scattering.density_correlation",
        family: "scattering",
        version: 1,
        title: "Correlation of regions of a volume",
        summary: "Over which distance dense or loose regions of a volume are correlated, how their mass grows with distance, and whether a Gaussian field would do the same.",
        doc: include_str!("doc.md"),
        technique: "tomography",
        scope: Scope::Item,
        after: &[],
        constants: &[VOXEL_SIZE.key, RESOLUTION.key, COMMON_RESOLUTION.key],
        outputs: &[
            output(
                "correlation_length",
                "ξ",
                "m",
                "distance at which the correlation falls to 1/e (voxels where their edge is not known)",
            ),
            output("correlation_length_z", "ξ_z", "m", "the same along z alone, the slowest axis of the file"),
            output("correlation_length_y", "ξ_y", "m", "the same along y alone"),
            output("correlation_length_x", "ξ_x", "m", "the same along x alone"),
            output("mass_exponent", "D", "", "slope of the mass in spheres over their radius, where it is constant"),
            output("p_random_correlation", "p", "", "exact p value of the whole correlation among volumes of mixed voxels"),
            output(
                "gaussian_length",
                "ξ_G",
                "m",
                "correlation length of a Gaussian field with the correlation of the grey values, cut at this share",
            ),
            output("beyond_gaussian", "", "", "largest difference between the correlation and that of this field"),
            output("volume_fraction", "φ", "", "share of the object that is the set"),
            output(
                "g_std_micro",
                "",
                "",
                "standard deviation of the grey values of the object over their mean, where these are densities",
            ),
        ],
        covers: &["Q19-3.1-k"],
        references: &[
            "S. Torquato, Random Heterogeneous Materials, Springer (2002), doi:10.1007/978-1-4757-6355-3",
            "N. F. Berk, Phys. Rev. A 44, 5069 (1991), doi:10.1103/PhysRevA.44.5069",
            "P. Debye, H. R. Anderson, H. Brumberger, J. Appl. Phys. 28, 679 (1957), doi:10.1063/1.1722830",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        check_cut(self.quantile, self.object_above)?;
        let wrong = |name, value, allowed| Err(NoVolume::Parameter { name, value, allowed }.into());
        if !(0.01..=1.0).contains(&self.tolerance) {
            return wrong("tolerance", self.tolerance, "from 0.01 to 1");
        }
        if !(3..=999).contains(&self.surrogates) {
            return wrong("surrogates", self.surrogates as f64, "from 3 to 999");
        }
        Ok(Input { source: Source::of(dataset, Self::INFO.id, SMALLEST)? })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        let volume = input.source.load(self.object_above, ctx)?;
        let cut = volume.cut(self.object_above, self.phase, self.quantile)?;
        report::outcome(self, &volume, &cut, ctx)
    }
}
