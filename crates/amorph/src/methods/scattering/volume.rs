//! A three-dimensional image and the part of it that is studied.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resolution::{kernel, smooth};
use super::{COMMON_RESOLUTION, RESOLUTION, VOXEL_SIZE};
use crate::core::ctx::Ctx;
use crate::core::data::{Data, FrameStack, Pixels};
use crate::method::{ConstantInfo, Dataset, MethodError, Refusal};

/// Grey values in memory, x fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// Voxels along z, y, x: the order of the file, slowest first.
    pub shape: [usize; 3],
    /// Grey values.
    pub values: Vec<f32>,
    /// Edge of a voxel, m.
    pub voxel: Option<f64>,
}

/// Which part of the grey values is the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Above the level: dense regions.
    High,
    /// Below it: loose regions.
    Low,
}

/// The object, and the set within it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// Whether a voxel belongs to the object.
    pub object: Vec<bool>,
    /// Whether it belongs to the set.
    pub set: Vec<bool>,
    /// Grey value that divides.
    pub level: f64,
}

impl Cut {
    /// Standard deviation of the grey values of the object over their mean; `None` where some are negative and it is ten or more, as
    /// of grey values whose zero is not that of the density.
    pub fn relative_deviation(&self, values: &[f32]) -> Option<f64> {
        let inside = || values.iter().zip(&self.object).filter(|(_, object)| **object).map(|(value, _)| f64::from(*value));
        let n = inside().count() as f64;
        let mean = inside().sum::<f64>() / n;
        let deviation = (inside().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt();
        let is_density = mean > 0.0 && (deviation < 10.0 * mean || inside().all(|value| value >= 0.0));
        is_density.then(|| deviation / mean)
    }

    /// Share of the object that is the set.
    pub fn fraction(&self) -> f64 {
        let count = |values: &[bool]| values.iter().filter(|inside| **inside).count() as f64;
        count(&self.set) / count(&self.object)
    }
}

/// Why a volume cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoVolume {
    /// Not a volume.
    #[error("a volume is needed, found {found}")]
    NotAVolume {
        /// What there is.
        found: String,
    },
    /// Slices are missing.
    #[error("{missing} of {total} slices of the volume are missing")]
    Missing {
        /// Slices that are not there.
        missing: usize,
        /// Slices that should be.
        total: usize,
    },
    /// Too large for the memory.
    #[error("the volume needs {needed} MB; {allowed} MB are allowed")]
    TooLarge {
        /// Megabytes.
        needed: usize,
        /// Megabytes.
        allowed: usize,
    },
    /// Too small.
    #[error("the volume has {shape:?} voxels; at least {needed} along every axis are needed")]
    TooSmall {
        /// Voxels along the axes.
        shape: [usize; 3],
        /// Fewest.
        needed: usize,
    },
    /// Voxels that are no cubes.
    #[error("the voxels are {size:?} m along the axes; they must be cubes")]
    NotCubes {
        /// Edges.
        size: [f64; 3],
    },
    /// Nothing, or everything, is in the set.
    #[error("the set has {share} of the object: there is nothing to measure")]
    EmptyOrFull {
        /// Share.
        share: f64,
    },
    /// A common resolution that the volume does not reach.
    #[error("the resolution of the volume is {own:.3e} m, coarser than the common_resolution of {common:.3e} m")]
    TooCoarse {
        /// That of the volume, m.
        own: f64,
        /// That of the comparison, m.
        common: f64,
    },
    /// A second volume of unknown meaning.
    #[error("the item has two volumes, and second_file does not say what the second is")]
    UnknownSecond,
    /// No second volume.
    #[error("second_file is stated, but the item has one volume")]
    NoSecond,
    /// Volumes that do not fit onto each other.
    #[error("the first volume has {first:?} voxels, the second {second:?}")]
    OtherShape {
        /// Voxels along the axes.
        first: Vec<usize>,
        /// Those of the second.
        second: Vec<usize>,
    },
    /// A phantom that tells nothing of the depth.
    #[error("object and phantom need air around them, and the phantom a mean grey value above zero")]
    NoPhantom,
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
}

impl Refusal for NoVolume {
    fn hint(&self) -> String {
        match self {
            Self::NotAVolume { .. } => {
                "give a three-dimensional array: `.npy`, `.mat`, `.mrc`, a TIFF stack, or raw slices; the voxel_size goes into the study"
                    .to_owned()
            }
            Self::Missing { .. } => "copy the file again".to_owned(),
            Self::TooLarge { .. } => "cut a part out of the volume, or raise the memory limit".to_owned(),
            Self::TooSmall { .. } => "use a larger part of the volume".to_owned(),
            Self::NotCubes { .. } => "resample the volume to cubes".to_owned(),
            Self::EmptyOrFull { .. } => "choose another quantile, or another object_above".to_owned(),
            Self::TooCoarse { .. } => {
                "state the coarsest resolution of all volumes of the comparison as common_resolution".to_owned()
            }
            Self::UnknownSecond => {
                "state second_file = \"half\" where both were reconstructed from one half of the projections each, \"phantom\" where the second is an even body, or list the files one by one"
                    .to_owned()
            }
            Self::NoSecond => "state both files together: files = [[\"first.mat\", \"second.mat\"]]".to_owned(),
            Self::NoPhantom => "state object_above, a grey value between air and object, the same in both".to_owned(),
            Self::OtherShape { .. } => "reconstruct both on one grid".to_owned(),
            Self::Parameter { .. } => "`amorph method show` lists the parameters".to_owned(),
        }
    }
}

/// A volume that can be read, and what is done to it before anything is measured.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Where it is.
    pub stack: &'a FrameStack,
    /// Edge of a voxel, m.
    pub voxel: Option<f64>,
    /// Standard deviation of the Gaussian that brings it to the common resolution, voxels; zero for none.
    pub blur: f64,
}

impl<'a> Source<'a> {
    /// The volume of a dataset.
    ///
    /// # Errors
    /// For data that are no volume, too few voxels, and a common resolution without what it needs.
    pub fn of(dataset: &'a Dataset, method: &'static str, smallest: usize) -> Result<Self, MethodError> {
        let (stack, voxel) = stack(dataset, smallest)?;
        let Some(common) = dataset.constants.positive(&COMMON_RESOLUTION)? else {
            return Ok(Self { stack, voxel, blur: 0.0 });
        };
        let own = dataset.constants.positive(&RESOLUTION)?;
        let (Some(own), Some(voxel)) = (&own, voxel) else {
            let needed: [(bool, &ConstantInfo); 2] = [(own.is_none(), &RESOLUTION), (voxel.is_none(), &VOXEL_SIZE)];
            let missing = needed
                .into_iter()
                .filter(|(is_missing, _)| *is_missing)
                .map(|(_, info)| dataset.constants.missing(info))
                .collect();
            return Err(MethodError::MissingConstants { method, missing });
        };
        if own.value > common.value {
            return Err(NoVolume::TooCoarse { own: own.value, common: common.value }.into());
        }
        Ok(Self { stack, voxel: Some(voxel), blur: kernel(own.value, common.value) / voxel })
    }

    /// Brings it into memory, at the common resolution; of the object (see [`Volume::object`]) alone, nothing around it is mixed in.
    ///
    /// # Errors
    /// As [`Volume::load`].
    pub fn load(&self, object_above: Option<f64>, ctx: &Ctx) -> Result<Volume, MethodError> {
        let mut volume = Volume::load(self.stack, self.voxel, ctx)?;
        if self.blur > 0.0 {
            let object = volume.object(object_above);
            smooth(volume.shape, &mut volume.values, &object, self.blur);
        }
        Ok(volume)
    }
}

/// The stack of a dataset, with the edge of its voxels.
fn stack(dataset: &Dataset, smallest: usize) -> Result<(&FrameStack, Option<f64>), MethodError> {
    let stack = dataset.data.iter().find_map(|data| match data {
        Data::Stack(stack) => Some(stack),
        _ => None,
    });
    let found = || dataset.data.first().map_or("nothing", Data::kind).to_owned();
    let stack = stack.ok_or_else(|| NoVolume::NotAVolume { found: found() })?;
    let [depth, rows, columns] = stack.shape()[..] else {
        return Err(NoVolume::NotAVolume { found: format!("a stack of {}", stack.describe()) }.into());
    };
    if stack.n_present < stack.n_frames() {
        let total = stack.n_frames();
        return Err(NoVolume::Missing { missing: total - stack.n_present, total }.into());
    }
    let shape = [depth, rows, columns];
    if shape.iter().any(|n| *n < smallest) {
        return Err(NoVolume::TooSmall { shape, needed: smallest }.into());
    }
    let steps: Vec<f64> = stack.axes.iter().filter_map(|axis| axis.usable_step("m").map(f64::abs)).collect();
    let of_file = match steps[..] {
        [z, y, x] if (z / x - 1.0).abs() > 0.01 || (y / x - 1.0).abs() > 0.01 => {
            return Err(NoVolume::NotCubes { size: [z, y, x] }.into());
        }
        [_, _, x] => Some(x),
        _ => None,
    };
    let stated = dataset.constants.quantity(&VOXEL_SIZE)?.map(|quantity| quantity.value).filter(|edge| *edge > 0.0);
    Ok((stack, stated.or(of_file)))
}

impl Volume {
    /// Brings a stack of three axes into memory.
    ///
    /// # Errors
    /// When it cannot be read, is larger than four times the memory limit, or the user stops it.
    pub fn load(stack: &FrameStack, voxel: Option<f64>, ctx: &Ctx) -> Result<Self, MethodError> {
        let [depth, rows, columns] = stack.shape()[..] else {
            return Err(NoVolume::NotAVolume { found: format!("a stack of {}", stack.describe()) }.into());
        };
        let n = depth * rows * columns;
        // Grey values, masks, sums of voxels and one complex transform.
        let (needed, allowed) = (30 * n, 16 * ctx.memory_limit);
        if needed > allowed {
            return Err(NoVolume::TooLarge { needed: needed >> 20, allowed: allowed >> 20 }.into());
        }
        let mut values = Vec::with_capacity(n);
        let mut pixels = Pixels::empty(stack.pixel);
        for slice in 0..depth {
            ctx.check_cancelled()?;
            stack.read(slice..slice + 1, &mut pixels)?;
            values.extend(pixels.to_f64().into_iter().map(|value| value as f32));
            ctx.report(slice as u64 + 1, 2 * depth as u64);
        }
        Ok(Self { shape: [depth, rows, columns], values, voxel })
    }

    /// Whether each voxel belongs to the object: those above a grey value, or all that are numbers.
    pub fn object(&self, object_above: Option<f64>) -> Vec<bool> {
        let belongs = |value: &f32| value.is_finite() && object_above.is_none_or(|above| f64::from(*value) > above);
        self.values.iter().map(belongs).collect()
    }

    /// The set: voxels of the object above (or below) its quantile. Voxels that are no numbers belong to nothing.
    ///
    /// # Errors
    /// [`NoVolume::EmptyOrFull`].
    pub fn cut(&self, object_above: Option<f64>, phase: Phase, quantile: f64) -> Result<Cut, NoVolume> {
        let object = self.object(object_above);
        let mut inside: Vec<f32> =
            self.values.iter().zip(&object).filter(|(_, object)| **object).map(|(value, _)| *value).collect();
        if inside.is_empty() {
            return Err(NoVolume::EmptyOrFull { share: 0.0 });
        }
        let level = median_like(&mut inside, quantile);
        let in_phase = |value: f32| match phase {
            Phase::High => f64::from(value) > level,
            Phase::Low => f64::from(value) < level,
        };
        let set = self.values.iter().zip(&object).map(|(value, object)| *object && in_phase(*value)).collect();
        let cut = Cut { object, set, level };
        let share = cut.fraction();
        if share <= 0.0 || share >= 1.0 { Err(NoVolume::EmptyOrFull { share }) } else { Ok(cut) }
    }
}

/// The quantile between the two neighbouring values, as a median is the mean of the two in the middle.
fn median_like(values: &mut [f32], quantile: f64) -> f64 {
    values.sort_unstable_by(f32::total_cmp);
    let place = quantile * (values.len() - 1) as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    let (a, b) = (f64::from(values[low]), f64::from(values[high.min(values.len() - 1)]));
    a + (place - low as f64) * (b - a)
}

/// Checks what both methods on volumes have in common.
///
/// # Errors
/// [`NoVolume::Parameter`].
pub fn check_cut(quantile: f64, object_above: Option<f64>) -> Result<(), NoVolume> {
    if !(0.001..=0.999).contains(&quantile) {
        return Err(NoVolume::Parameter { name: "quantile", value: quantile, allowed: "from 0.001 to 0.999" });
    }
    match object_above {
        Some(value) if !value.is_finite() => Err(NoVolume::Parameter { name: "object_above", value, allowed: "a number" }),
        _ => Ok(()),
    }
}
