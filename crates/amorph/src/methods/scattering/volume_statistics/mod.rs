//! Grey values of a volume: their distribution, whether they change from the surface to the centre, and how long regions are along each axis.

pub mod algorithm;
pub mod chords;
pub mod phantom;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::phantom::Phantom;
use super::resolution::smooth;
use super::volume::{NoVolume, Phase, Source, Volume, check_cut};
use super::{COMMON_RESOLUTION, RESOLUTION, VOXEL_SIZE};
use crate::core::ctx::Ctx;
use crate::core::data::Data;
use crate::core::outcome::{Note, Outcome};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// What divides dense from loose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// `quantile` of the grey values of the object.
    #[default]
    Quantile,
    /// The grey value `level_value`.
    Value,
    /// Where two normal parts of the distribution are equally likely.
    Mixture,
}

/// What the second file of an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondVolume {
    /// The same object from the other half of the projections.
    Half,
    /// An even body of about the same size, measured in the same way: its change from surface to centre is taken off.
    Phantom,
}

/// Distribution of the grey values of an object, their profile from its surface to its centre, and the shape of dense or loose regions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VolumeStatistics {
    /// Which regions.
    pub phase: Phase,
    /// What divides dense from loose.
    pub level: Level,
    /// Quantile of the object's grey values that divides dense from loose.
    #[schemars(range(min = 0.001, max = 0.999))]
    pub quantile: f64,
    /// Grey value that divides, for `level = "value"`.
    pub level_value: Option<f64>,
    /// Grey value above which a voxel belongs to the object; every voxel does if absent, and there is no profile then.
    pub object_above: Option<f64>,
    /// What the second of two files is that are stated together.
    pub second_file: Option<SecondVolume>,
    /// Regions of fewer voxels do not count for the shape.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub smallest_region: usize,
    /// Random fields to compare the profile and the shape with.
    #[schemars(range(min = 3, max = 999))]
    pub surrogates: usize,
}

impl Default for VolumeStatistics {
    fn default() -> Self {
        Self {
            phase: Phase::High,
            level: Level::Quantile,
            quantile: 0.5,
            level_value: None,
            object_above: None,
            second_file: None,
            smallest_region: 8,
            surrogates: 39,
        }
    }
}

/// A volume that can be read.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    source: Source<'a>,
    /// The second file, and what it is.
    second: Option<(Source<'a>, SecondVolume)>,
}

/// Voxels along the shortest side.
const SMALLEST: usize = 16;

impl Method for VolumeStatistics {
    const INFO: MethodInfo = MethodInfo {
        id: "scattering.volume_statistics",
        family: "scattering",
        version: 3,
        title: "Grey values of a volume",
        summary: "Spread of the grey values of an object, their change from its surface to its centre against random fields of the same spectrum, and how elongated dense or loose regions are.",
        doc: include_str!("doc.md"),
        technique: "tomography",
        scope: Scope::Item,
        after: &[],
        constants: &[VOXEL_SIZE.key, RESOLUTION.key, COMMON_RESOLUTION.key],
        outputs: &[
            output("g_mean", "", "", "mean grey value of the object"),
            output("g_std", "", "", "standard deviation of the grey values of the object, structure and noise together"),
            output("g_skewness", "", "", "skewness of the grey values of the object"),
            output("g_kurtosis", "", "", "excess kurtosis of the grey values of the object"),
            output(
                "g_std_micro",
                "",
                "",
                "standard deviation of the grey values of the object over their mean, where these are densities",
            ),
            output("g_std_noise", "", "", "part of the standard deviation that two halves of the projections do not share"),
            output("g_std_structure", "", "", "part of it that they share"),
            output("level", "", "", "grey value that divides dense from loose"),
            output("mixture_separation", "", "", "distance of the two parts in standard deviations, where a mixture divides"),
            output("volume_fraction", "φ", "", "share of the object that is the set"),
            output(
                "radial_slope",
                "dg/dr",
                "1/m",
                "change of the grey value with depth (per voxel where their edge is not known)",
            ),
            output("radial_correlation", "r", "", "correlation of grey value and depth"),
            output("p_radial", "p", "", "p value of it among random fields with this spectrum"),
            output("deepest", "", "m", "largest distance from the surface (voxels where their edge is not known)"),
            output("elongation_z", "", "", "mean length of regions along z over that along y and x"),
            output("elongation_y", "", "", "the same along y"),
            output("elongation_x", "", "", "the same along x"),
            output("chord_length", "ℓ", "m", "mean length of straight lines in the set (voxels where their edge is not known)"),
            output("chord_length_rest", "ℓ'", "m", "the same in the rest of the object"),
        ],
        covers: &["Q19-3.1-i"],
        references: &[
            "X. Huang et al., Acta Mater. 155, 69 (2018)",
            "P. F. Felzenszwalb, D. P. Huttenlocher, Theory Comput. 8, 415 (2012), doi:10.4086/toc.2012.v008a019",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        check_cut(self.quantile, self.object_above)?;
        let wrong = |name, value, allowed| Err(NoVolume::Parameter { name, value, allowed }.into());
        if !(3..=999).contains(&self.surrogates) {
            return wrong("surrogates", self.surrogates as f64, "from 3 to 999");
        }
        if !(1..=1_000_000).contains(&self.smallest_region) {
            return wrong("smallest_region", self.smallest_region as f64, "from 1 to 1000000");
        }
        let value = self.level_value.unwrap_or(f64::NAN);
        if self.level == Level::Value && !value.is_finite() {
            return wrong("level_value", value, "a grey value where level is \"value\"");
        }
        let source = Source::of(dataset, Self::INFO.id, SMALLEST)?;
        Ok(Input { source, second: self.second(dataset, source)? })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        let source = &input.source;
        let Some((second, kind)) = &input.second else {
            return report::outcome(self, &source.load(self.object_above, ctx)?, None, ctx);
        };
        let mut volume = Volume::load(source.stack, source.voxel, ctx)?;
        let other = Volume::load(second.stack, second.voxel, ctx)?;
        if *kind == SecondVolume::Phantom {
            let object = volume.object(self.object_above);
            let phantom =
                Phantom::new(other.shape, &other.values, &other.object(self.object_above)).ok_or(NoVolume::NoPhantom)?;
            if object.iter().all(|inside| *inside) {
                return Err(NoVolume::NoPhantom.into());
            }
            phantom.take_off(volume.shape, &mut volume.values, &object);
            smooth(volume.shape, &mut volume.values, &object, source.blur);
            let mut outcome = report::outcome(self, &volume, None, ctx)?;
            let message =
                "the change of the phantom from its surface to its centre was taken off, in proportion to the mean grey value";
            outcome.notes.push(Note::info("phantom", message));
            return Ok(outcome);
        }
        let mut apart: Vec<f32> = volume.values.iter().zip(&other.values).map(|(a, b)| 0.5 * (a - b)).collect();
        volume.values.iter_mut().zip(&other.values).for_each(|(a, b)| *a = 0.5 * (*a + b));
        let object = volume.object(self.object_above);
        smooth(volume.shape, &mut volume.values, &object, source.blur);
        smooth(volume.shape, &mut apart, &object, source.blur);
        let apart: Vec<f64> =
            apart.iter().zip(&object).filter(|(_, in_it)| **in_it).map(|(value, _)| f64::from(*value)).collect();
        report::outcome(self, &volume, Some(algorithm::moments(&apart)[1]), ctx)
    }
}

impl VolumeStatistics {
    /// The second volume of a dataset; a half must fit onto the first.
    fn second<'a>(&self, dataset: &'a Dataset, first: Source<'a>) -> Result<Option<(Source<'a>, SecondVolume)>, MethodError> {
        let mut stacks = dataset.data.iter().filter_map(|data| match data {
            Data::Stack(stack) => Some(stack),
            _ => None,
        });
        match (stacks.nth(1), self.second_file) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(NoVolume::NoSecond.into()),
            (Some(_), None) => Err(NoVolume::UnknownSecond.into()),
            (Some(stack), Some(SecondVolume::Half)) if stack.shape() != first.stack.shape() => {
                Err(NoVolume::OtherShape { first: first.stack.shape().to_vec(), second: stack.shape().to_vec() }.into())
            }
            (Some(stack), Some(kind)) => Ok(Some((Source { stack, ..first }, kind))),
        }
    }
}
