//! Is a set of voxels fractal, over which sizes, and is that more than chance?

pub mod algorithm;
mod figures;
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

/// Fractal dimension of dense or loose regions of a volume, with local slopes, and the same of random sets beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BoxCounting {
    /// Which regions.
    pub phase: Phase,
    /// Quantile of the object's grey values that divides dense from loose.
    #[schemars(range(min = 0.001, max = 0.999))]
    pub quantile: f64,
    /// Grey value above which a voxel belongs to the object; every voxel does if absent.
    pub object_above: Option<f64>,
    /// Change of the slope over a range that still counts as none.
    #[schemars(range(min = 0.01, max = 1))]
    pub tolerance: f64,
    /// Decades of sizes below which no dimension is given.
    #[schemars(range(min = 0.5, max = 3))]
    pub fewest_decades: f64,
    /// Random sets of each kind to compare with.
    #[schemars(range(min = 3, max = 999))]
    pub surrogates: usize,
}

impl Default for BoxCounting {
    fn default() -> Self {
        Self { phase: Phase::High, quantile: 0.5, object_above: None, tolerance: 0.25, fewest_decades: 1.0, surrogates: 9 }
    }
}

/// A volume that can be read.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    source: Source<'a>,
}

/// Voxels along the shortest side.
const SMALLEST: usize = 32;

impl Method for BoxCounting {
    const INFO: MethodInfo = MethodInfo {
        id: "scattering.box_counting",
        family: "scattering",
        version: 3,
        title: "Fractal dimension of regions",
        summary: "Over which sizes dense or loose regions of a volume are fractal, with which dimension, and whether random regions would look the same.",
        doc: include_str!("doc.md"),
        technique: "tomography",
        scope: Scope::Item,
        after: &[],
        constants: &[VOXEL_SIZE.key, RESOLUTION.key, COMMON_RESOLUTION.key],
        outputs: &[
            output("fractal_dimension", "D", "", "slope of the mass in cubes around the voxels of the set"),
            output("fractal_dimension_box", "D_b", "", "slope of the number of occupied boxes over the same sizes"),
            output("information_dimension", "D_1", "", "generalised dimension of order 1, over boxes of the same sizes"),
            output("correlation_dimension", "D_2", "", "generalised dimension of order 2, over boxes of the same sizes"),
            output("scaling_decades", "", "", "decades of sizes over which the slope is constant"),
            output("scaling_from", "", "m", "smallest of these sizes (voxels where their edge is not known)"),
            output("scaling_to", "", "m", "largest of these sizes (voxels where their edge is not known)"),
            output("null_random", "", "", "mean slope of voxels drawn at random, same sizes and share"),
            output(
                "null_level_set_lo",
                "",
                "",
                "lower end of where 95 % of Gaussian fields with this spectrum lie, same sizes and share",
            ),
            output("null_level_set_hi", "", "", "upper end of it"),
            output("volume_fraction", "φ", "", "share of the object that is the set"),
            output(
                "g_std_micro",
                "",
                "",
                "standard deviation of the grey values of the object over their mean, where these are densities",
            ),
            output("n_voxels", "N", "", "voxels of the object"),
        ],
        covers: &["Q19-3.1-h", "Q19-3.1-j"],
        references: &[
            "T. Vicsek, Fractal Growth Phenomena, 2nd ed., World Scientific (1992), doi:10.1142/1407",
            "J. Theiler, J. Opt. Soc. Am. A 7, 1055 (1990), doi:10.1364/JOSAA.7.001055",
            "X. Huang et al., Acta Mater. 155, 69 (2018)",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        check_cut(self.quantile, self.object_above)?;
        let wrong = |name, value, allowed| Err(NoVolume::Parameter { name, value, allowed }.into());
        if !(0.01..=1.0).contains(&self.tolerance) {
            return wrong("tolerance", self.tolerance, "from 0.01 to 1");
        }
        if !(0.5..=3.0).contains(&self.fewest_decades) {
            return wrong("fewest_decades", self.fewest_decades, "from 0.5 to 3");
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
