//! From frames to findings: the object, its core and skin, pixel by pixel and pooled.

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use super::algorithm::{Finding, LONGEST, SHORTEST, halves, relaxation};
use super::domains::Place;
use super::error::RelaxationMapError;
use super::input::{Survey, survey};
use super::sums::{Sums, lags};
use super::{Input, RelaxationMap};
use crate::core::ctx::Ctx;
use crate::method::MethodError;

/// Blocks of time at most: of a place of the map, and of a region.
const BLOCKS: (usize, usize) = (12, 24);
/// Rows of places that are worked on together at most; each holds sums of its own.
const ROWS_TOGETHER: usize = 16;

/// Pixels that are pooled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// All of the object.
    Object,
    /// Further than `skin_px` from its surface.
    Core,
    /// Nearer.
    Skin,
}

impl Region {
    /// What its keys end with.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Object => "",
            Self::Core => "_core",
            Self::Skin => "_skin",
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Core => "core",
            Self::Skin => "skin",
        }
    }
}

/// A region and what it gives.
#[derive(Debug)]
pub struct Pooled {
    /// Which.
    pub region: Region,
    /// Pixels.
    pub n_pixels: usize,
    /// `g2 - 1` at the lags.
    pub excess: Vec<f64>,
    /// Its relaxation.
    pub finding: Finding,
}

/// What is known of a place, and what it says on how times are spread in space.
type Known = (Option<Finding>, Option<Place>);

/// Everything.
#[derive(Debug)]
pub struct Found {
    /// Means.
    pub survey: Survey,
    /// Lags in frames.
    pub lags: Vec<usize>,
    /// Places of the map; `None` beside the object.
    pub places: Array2<Option<Finding>>,
    /// What every place says on how times are spread in space; `None` beside the object, and where nothing fluctuates or the record is short.
    pub said: Array2<Option<Place>>,
    /// Regions.
    pub pooled: Vec<Pooled>,
}

pub(super) fn analyse(method: &RelaxationMap, input: &Input<'_>, ctx: &Ctx) -> Result<Found, MethodError> {
    let survey = survey(method, input, ctx)?;
    let (regions, labels) = regions(method, input, &survey)?;
    let series = &input.series;
    let lags = lags(series.frames());
    let (rows, columns) = series.shape;
    let places = (rows.div_ceil(method.block), columns.div_ceil(method.block));
    let row_bytes = 8 * method.block * columns * series.frames();
    let together = (ctx.memory_limit / 2 / row_bytes.max(1)).clamp(1, ROWS_TOGETHER);
    let mut pooled: Vec<Sums> = regions.iter().map(|_| Sums::empty(series.frames(), &lags)).collect();
    let (mut map, mut said) = (Vec::with_capacity(places.0 * places.1), Vec::with_capacity(places.0 * places.1));
    for band in (0..places.0).step_by(together) {
        let last = (band + together).min(places.0);
        let top = band * method.block;
        let values = series.rows((top, (last * method.block).min(rows)), input.dark_level, &survey, ctx)?;
        let work = Work { method, lags: &lags, labels: &labels, values: values.view(), top, n_regions: regions.len() };
        let done: Vec<(Vec<Known>, Vec<Sums>)> = (band..last).into_par_iter().map(|row| work.row(row)).collect();
        for (found, sums) in done {
            map.extend(found.iter().map(|place| place.0));
            said.extend(found.into_iter().map(|place| place.1));
            pooled.iter_mut().zip(&sums).for_each(|(all, part)| all.add(part));
        }
        ctx.report(last as u64, places.0 as u64);
    }
    let pooled = regions.iter().zip(&pooled).enumerate().map(|(index, (region, sums))| {
        let n_pixels = labels.iter().filter(|label| **label == Some(index)).count();
        let finding = relaxation(sums, &lags, None, n_pixels, BLOCKS.1);
        Pooled { region: *region, n_pixels, excess: sums.excess(None), finding }
    });
    let pooled = pooled.collect();
    let shaped = Array2::from_shape_vec(places, map).unwrap_or_default();
    Ok(Found { survey, lags, places: shaped, said: Array2::from_shape_vec(places, said).unwrap_or_default(), pooled })
}

/// A band of rows in memory.
struct Work<'a> {
    method: &'a RelaxationMap,
    lags: &'a [usize],
    labels: &'a Array2<Option<usize>>,
    /// `[pixel of the band, frame]`.
    values: ArrayView2<'a, f32>,
    /// First row of pixels of the band.
    top: usize,
    n_regions: usize,
}

impl Work<'_> {
    /// One row of places, and the sums of its pixels by region.
    fn row(&self, row: usize) -> (Vec<Known>, Vec<Sums>) {
        let (rows, columns) = self.labels.dim();
        let (block, frames) = (self.method.block, self.values.ncols());
        let empty = Sums::empty(frames, self.lags);
        let mut regions = vec![empty.clone(); self.n_regions];
        let place = |column: usize| {
            let mut by_region: Vec<(usize, Sums)> = Vec::new();
            let mut n_pixels = 0;
            for y in row * block..((row + 1) * block).min(rows) {
                for x in column * block..((column + 1) * block).min(columns) {
                    let Some(region) = self.labels[(y, x)] else { continue };
                    let values = self.values.row((y - self.top) * columns + x);
                    let values: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
                    n_pixels += 1;
                    let known = by_region.iter().position(|(index, _)| *index == region);
                    let at = known.unwrap_or_else(|| {
                        by_region.push((region, empty.clone()));
                        by_region.len() - 1
                    });
                    by_region[at].1.add_pixel(&values, self.lags);
                }
            }
            let all = by_region.iter().map(|(_, sums)| sums.clone()).reduce(|mut all, part| {
                all.add(&part);
                all
            });
            let beta = self.method.map_exponent;
            let finding = all.as_ref().map(|sums| relaxation(sums, self.lags, Some(beta), n_pixels, BLOCKS.0));
            let region = by_region.first().map_or(0, |(region, _)| *region);
            let said = all.zip(finding).and_then(|(sums, finding)| {
                let whole = ln_frames(&finding, frames)?;
                Some(Place { region, whole, halves: halves(&sums, self.lags, beta)? })
            });
            ((finding, said), by_region)
        };
        let mut places = Vec::with_capacity(columns.div_ceil(block));
        for column in 0..columns.div_ceil(block) {
            let (found, by_region) = place(column);
            by_region.iter().for_each(|(region, sums)| regions[*region].add(sums));
            places.push(found);
        }
        (places, regions)
    }
}

/// Logarithm of the time in frames, or of its bound.
fn ln_frames(finding: &Finding, frames: usize) -> Option<f64> {
    let tau = match finding {
        Finding::Resolved(law, _) => law.tau,
        Finding::Faster(_) => SHORTEST,
        Finding::Slower(_) => LONGEST * frames as f64,
        Finding::Nothing => return None,
    };
    Some(tau.ln())
}

/// The regions, and the index of the region of every pixel.
fn regions(
    method: &RelaxationMap,
    input: &Input<'_>,
    survey: &Survey,
) -> Result<(Vec<Region>, Array2<Option<usize>>), MethodError> {
    let level = method.object_above.unwrap_or(0.0);
    let object = survey.mean.mapv(|mean| mean > level);
    if !object.iter().any(|inside| *inside) {
        let largest = survey.mean.iter().copied().fold(f64::NAN, f64::max);
        return Err(RelaxationMapError::NoObject { file: input.series.stack.name.clone(), level, largest }.into());
    }
    let Some(width) = method.skin_px else {
        return Ok((vec![Region::Object], object.mapv(|inside| inside.then_some(0))));
    };
    let labels = Array2::from_shape_fn(object.dim(), |at| object[at].then(|| usize::from(is_skin(&object, at, width))));
    let count = |wanted: usize| labels.iter().filter(|label| **label == Some(wanted)).count();
    let (core, skin) = (count(0), count(1));
    if core == 0 || skin == 0 {
        return Err(RelaxationMapError::NoRegion { core, skin, width }.into());
    }
    Ok((vec![Region::Core, Region::Skin], labels))
}

/// Whether the surface is nearer than `width` pixels to the middle of a pixel. The surface lies half a pixel before the first pixel outside.
fn is_skin(object: &Array2<bool>, (y, x): (usize, usize), width: f64) -> bool {
    let (rows, columns) = object.dim();
    let reach = (width + 0.5).ceil() as usize;
    let near = |centre: usize, n: usize| centre.saturating_sub(reach)..(centre + reach + 1).min(n);
    near(y, rows).any(|row| {
        near(x, columns).any(|column| {
            let distance = (row.abs_diff(y) as f64).hypot(column.abs_diff(x) as f64) - 0.5;
            !object[(row, column)] && distance < width
        })
    })
}
