//! What is said about the dimension of a set of voxels.

use ndarray::Array2;

use super::algorithm::{Run, lacunarity, level_set, line, local_slopes, longest_run, random_set, reaches, spread_over_boxes};
use super::{BoxCounting, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{Extent, Map, Table};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::stats::student_t_quantile;
use crate::core::unit::{Unit, format_significant};
use crate::method::MethodError;
use crate::methods::scattering::random_fields::amplitudes;
use crate::methods::scattering::volume::{Cut, Volume};
use crate::methods::scattering::voxels::{Counts, Sandbox, VoxelSet};

/// Blocks per side for the errors.
const PER_SIDE: usize = 4;

/// Largest box of the box counts: every one of its grids is counted.
const LARGEST_BOX: usize = 32;

/// Quantiles of the sweep over the level.
const SWEEP: [f64; 5] = [0.2, 0.35, 0.5, 0.65, 0.8];

/// Slope from which on a set is hardly told from an even one.
const NEARLY_EVEN: f64 = 2.85;

/// What was measured.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub sandbox: Sandbox,
    pub mass: Vec<f64>,
    pub run: Option<Run>,
    /// Edges of boxes and how many are occupied.
    pub boxes: Vec<(f64, f64)>,
    /// `Σ p ln p` and `ln Σ p²` over the same boxes.
    pub spread: Vec<[f64; 2]>,
    /// Occupied boxes twice as long along z, y, x.
    pub elongated: Vec<[f64; 3]>,
    /// Mass of random sets, and of level sets.
    pub random: Vec<Vec<f64>>,
    pub level_sets: Vec<Vec<f64>>,
}

impl Found {
    fn of(method: &BoxCounting, volume: &Volume, cut: &Cut, ctx: &Ctx) -> Result<Self, MethodError> {
        let shape = volume.shape;
        let shortest = shape.iter().copied().min().unwrap_or(0);
        let reach = reaches(shortest);
        let sandbox = |set: &[bool]| Sandbox::new(shape, &|i| set[i], &|i| cut.object[i], &reach, PER_SIDE);
        let own = sandbox(&cut.set);
        let fraction = cut.fraction();
        let amplitudes = amplitudes(shape, &volume.values, &cut.object);
        let (mut random, mut level_sets) = (Vec::new(), Vec::new());
        for index in 0..method.surrogates {
            ctx.check_cancelled()?;
            let seed = derive_seed(ctx.seed, &["box_counting".into(), index.into()]);
            random.push(sandbox(&random_set(&cut.object, fraction, seed)).mass(|_| 1.0));
            level_sets.push(sandbox(&level_set(&amplitudes, &cut.object, fraction, seed)).mass(|_| 1.0));
            ctx.report((method.surrogates + index + 1) as u64, 2 * method.surrogates as u64);
        }
        let set = VoxelSet::new(shape, |i| cut.set[i]);
        let edges = [1, 2, 3, 4, 6, 8, 9, 12, 16, 18, 24, 27, LARGEST_BOX];
        let edges: Vec<usize> = edges.into_iter().filter(|edge| 4 * edge <= shortest).collect();
        let boxes = edges.iter().map(|edge| (*edge as f64, set.cover(*edge))).collect();
        let counts = Counts::new(shape, |i| cut.set[i]);
        let spread = edges.iter().map(|edge| spread_over_boxes(&counts, *edge)).collect();
        let long = |edge: &usize| std::array::from_fn(|axis| VoxelSet::cover_elongated(&counts, *edge, axis));
        let elongated = edges.iter().map(long).collect();
        let run = longest_run(&own, method.tolerance, ctx.seed).filter(|run| run.decades >= method.fewest_decades);
        Ok(Self { mass: own.mass(|_| 1.0), sandbox: own, run, boxes, spread, elongated, random, level_sets })
    }

    fn logarithms(&self) -> (Vec<f64>, Vec<f64>) {
        (self.sandbox.edges().into_iter().map(f64::ln).collect(), self.mass.iter().map(|mass| mass.ln()).collect())
    }

    /// Slopes of other masses over the same range.
    fn slopes(&self, masses: &[Vec<f64>]) -> Vec<f64> {
        let (x, _) = self.logarithms();
        let range = self.run.as_ref().map_or((0, x.len() - 1), |run| run.range);
        let of = |mass: &Vec<f64>| {
            let y: Vec<f64> = mass.iter().map(|mass| mass.ln()).collect();
            line(&x[range.0..=range.1], &y[range.0..=range.1]).map(|line| line.slope)
        };
        masses.iter().filter_map(of).collect()
    }

    /// Where 95 % of the slopes of level sets lie, by Student's law.
    fn band(&self) -> (f64, f64) {
        let slopes = self.slopes(&self.level_sets);
        let n = slopes.len() as f64;
        let mean = slopes.iter().sum::<f64>() / n;
        let sd = (slopes.iter().map(|slope| (slope - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        let half = student_t_quantile(0.975, n - 1.0).map_or(f64::NAN, |t| t * sd * (1.0 + 1.0 / n).sqrt());
        (mean - half, mean + half)
    }

    /// Slope over boxes of the sizes that were fitted.
    fn over_boxes(&self, value: impl Fn(usize) -> f64) -> Option<f64> {
        let edges = self.sandbox.edges();
        let range = self.run.as_ref().map(|run| (edges[run.range.0], edges[run.range.1]))?;
        let inside = (0..self.boxes.len()).filter(|index| (range.0..=range.1).contains(&self.boxes[*index].0));
        let (x, y): (Vec<f64>, Vec<f64>) = inside.map(|index| (self.boxes[index].0.ln(), value(index))).unzip();
        line(&x, &y).map(|line| line.slope)
    }
}

pub(super) fn outcome(method: &BoxCounting, volume: &Volume, cut: &Cut, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let found = Found::of(method, volume, cut, ctx)?;
    let sweep = swept(method, volume, &found, ctx)?;
    let scale = volume.voxel.unwrap_or(1.0);
    let maps = slices(volume, cut);
    Ok(Outcome {
        estimates: estimates(volume, cut, &found),
        notes: notes(method, volume, &found),
        figures: vec![
            figures::slopes(&found, scale, volume.voxel.is_some()),
            figures::masses(&found, scale, volume.voxel.is_some()),
            figures::slices(&maps),
        ],
        tables: vec![sizes(volume, cut, &found), boxes(&found, scale), sweep],
        maps,
        ..Outcome::default()
    })
}

fn estimates(volume: &Volume, cut: &Cut, found: &Found) -> Vec<Estimate> {
    let fact = "a property of this volume and of the level";
    let plain = |key: &str, symbol: &str, value: f64, why: &str| Estimate::without_interval(key, symbol, value, "", why);
    let mut estimates = Vec::new();
    if let Some(run) = &found.run {
        let why = "resampled blocks give the standard error of one volume; how volumes scatter depends on how the set came about, which one volume does not tell";
        estimates.push(plain("fractal_dimension", "D", run.line.slope, why).std_error(run.std_error));
        let grid = "depends on how sizes of boxes fit the set: compare with fractal_dimension";
        let of_order = [
            ("fractal_dimension_box", "D_b", found.over_boxes(|index| -found.boxes[index].1.ln())),
            ("information_dimension", "D_1", found.over_boxes(|index| found.spread[index][0])),
            ("correlation_dimension", "D_2", found.over_boxes(|index| found.spread[index][1])),
        ];
        for (key, symbol, value) in of_order {
            estimates.extend(value.map(|value| plain(key, symbol, value, grid)));
        }
        let edges = found.sandbox.edges();
        let unit = if volume.voxel.is_some() { "m" } else { "" };
        let size = |key: &str, index: usize| {
            Estimate::without_interval(key, "", edges[index] * volume.voxel.unwrap_or(1.0), unit, fact)
        };
        estimates.push(plain("scaling_decades", "", run.decades, fact));
        estimates.extend([size("scaling_from", run.range.0), size("scaling_to", run.range.1)]);
    }
    let null = "of sets without structure, to compare with";
    let (random, ends) = (found.slopes(&found.random), found.band());
    estimates.push(plain("null_random", "", random.iter().sum::<f64>() / random.len() as f64, null).n(random.len() as f64));
    estimates.push(plain("null_level_set_lo", "", ends.0, null).n(found.level_sets.len() as f64));
    estimates.push(plain("null_level_set_hi", "", ends.1, null).n(found.level_sets.len() as f64));
    estimates.push(plain("volume_fraction", "φ", cut.fraction(), fact));
    let deviation = cut.relative_deviation(&volume.values);
    estimates
        .extend(deviation.map(|value| plain("g_std_micro", "", value, "structure and noise of the reconstruction together")));
    let n = cut.object.iter().filter(|inside| **inside).count();
    estimates.push(plain("n_voxels", "N", n as f64, "counted, without error"));
    estimates
}

fn sizes(volume: &Volume, cut: &Cut, found: &Found) -> Table {
    let (x, y) = found.logarithms();
    let mut slopes = local_slopes(&x, &y);
    slopes.push(f64::NAN);
    let edges = found.sandbox.edges();
    let unit = if volume.voxel.is_some() { "m" } else { "" };
    let scale = volume.voxel.unwrap_or(1.0);
    let lacunarities = edges.iter().map(|edge| lacunarity(volume.shape, &cut.set, *edge as usize)).collect();
    Table::new("sizes", "Mass in cubes around the voxels of the set")
        .with_numbers("edge", unit, edges.iter().map(|edge| edge * scale).collect())
        .with_numbers("mass", "", found.mass.clone())
        .with_numbers("slope_to_next", "", slopes)
        .with_numbers("lacunarity", "", lacunarities)
}

fn boxes(found: &Found, scale: f64) -> Table {
    let unit = if scale == 1.0 { "" } else { "m" };
    Table::new("boxes", "Occupied boxes of the grid that needs fewest")
        .with_numbers("edge", unit, found.boxes.iter().map(|(edge, _)| edge * scale).collect())
        .with_numbers("occupied", "", found.boxes.iter().map(|(_, n)| *n).collect())
        .with_numbers("sum_p_ln_p", "", found.spread.iter().map(|spread| spread[0]).collect())
        .with_numbers("ln_sum_p_squared", "", found.spread.iter().map(|spread| spread[1]).collect())
        .with_numbers("twice_as_long_z", "", found.elongated.iter().map(|boxes| boxes[0]).collect())
        .with_numbers("twice_as_long_y", "", found.elongated.iter().map(|boxes| boxes[1]).collect())
        .with_numbers("twice_as_long_x", "", found.elongated.iter().map(|boxes| boxes[2]).collect())
}

/// The slope over the same sizes for other levels.
fn swept(method: &BoxCounting, volume: &Volume, found: &Found, ctx: &Ctx) -> Result<Table, MethodError> {
    let reach = &found.sandbox.reach;
    let mut rows: Vec<(f64, f64, f64)> = Vec::new();
    for quantile in SWEEP {
        ctx.check_cancelled()?;
        // A level at which nothing, or everything, is in the set has no row.
        let Ok(cut) = volume.cut(method.object_above, method.phase, quantile) else { continue };
        let mass = Sandbox::new(volume.shape, &|i| cut.set[i], &|i| cut.object[i], reach, PER_SIDE).mass(|_| 1.0);
        rows.extend(found.slopes(&[mass]).first().map(|slope| (quantile, cut.fraction(), *slope)));
    }
    Ok(Table::new("levels", "Slope over the same sizes, by the level that divides")
        .with_numbers("quantile", "", rows.iter().map(|row| row.0).collect())
        .with_numbers("volume_fraction", "", rows.iter().map(|row| row.1).collect())
        .with_numbers("slope", "", rows.iter().map(|row| row.2).collect()))
}

/// The slice in the middle: grey values, and the set in the object.
fn slices(volume: &Volume, cut: &Cut) -> Vec<Map> {
    let [depth, rows, columns] = volume.shape;
    let extent = volume.voxel.map(|voxel| Extent::metres(columns as f64 * voxel, rows as f64 * voxel));
    let map = |quantity: &str, value: &dyn Fn(usize) -> f64| {
        let values = Array2::from_shape_fn((rows, columns), |(y, x)| value((depth / 2 * rows + y) * columns + x));
        Map::new(quantity, values, Unit::one(), extent.clone())
    };
    let share = |inside: bool| f64::from(u8::from(inside));
    vec![
        map("grey_slice", &|i| f64::from(volume.values[i])),
        map("set_slice", &|i| if cut.object[i] { share(cut.set[i]) } else { f64::NAN }),
    ]
}

fn notes(method: &BoxCounting, volume: &Volume, found: &Found) -> Vec<Note> {
    let digits = |value: f64| format_significant(value, 3);
    let mut notes = Vec::new();
    let (x, y) = found.logarithms();
    let slopes = local_slopes(&x, &y);
    let (first, last) = (slopes.first().copied().unwrap_or(f64::NAN), slopes.last().copied().unwrap_or(f64::NAN));
    match &found.run {
        None => notes.push(Note::refused(
            "no_scaling",
            format!(
                "no dimension: the slope runs from {} to {} and is constant over no range of {} decades",
                digits(first),
                digits(last),
                digits(method.fewest_decades)
            ),
        )),
        Some(run) => {
            let (lo, hi) = found.band();
            let slope = run.line.slope;
            if (lo..=hi).contains(&slope) {
                notes.push(Note::warning(
                    "as_a_random_field",
                    format!("random fields with the same spectrum have slopes from {} to {} over the same sizes: {} says nothing beyond the spectrum", digits(lo), digits(hi), digits(slope)),
                ));
            } else {
                notes.push(Note::info(
                    "not_a_random_field",
                    format!(
                        "random fields with the same spectrum have slopes from {} to {} over the same sizes, the set {}",
                        digits(lo),
                        digits(hi),
                        digits(slope)
                    ),
                ));
            }
            if slope > NEARLY_EVEN {
                notes.push(Note::warning(
                    "nearly_even",
                    format!(
                        "a slope of {} is nearly 3: over these sizes the set is even, as one with a single short length is",
                        digits(slope)
                    ),
                ));
            }
            if run.decades < 1.5 {
                notes.push(Note::warning(
                    "short_range",
                    format!(
                        "the slope is constant over {} decades; below 1.5 many things look like a power law",
                        digits(run.decades)
                    ),
                ));
            }
        }
    }
    if volume.voxel.is_none() {
        notes.push(Note::info("no_voxel_size", "voxel_size is not known: sizes are in voxels"));
    }
    notes
}
