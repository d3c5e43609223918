//! The series of frames: what is known before, and what a first pass finds.

use ndarray::Array2;

use super::error::RelaxationMapError;
use super::{Beam, Input, RelaxationMap};
use crate::core::ctx::Ctx;
use crate::core::data::{AxisRole, Data, Extent, FrameStack, Pixels};
use crate::core::fit::LinearLeastSquares;
use crate::method::{Dataset, Method, MethodError};
use crate::methods::haadf::constants::FRAME_INTERVAL;

/// Fewest frames.
const LEAST_FRAMES: usize = 50;
/// Pixels of a frame from which on it is not empty, and does not repeat the one before, by chance.
const TELLING_PIXELS: usize = 64;
/// Counts of the mean frame above which none is empty by chance.
const TELLING_COUNTS: f64 = 30.0;

/// Frames in equal steps of time.
#[derive(Debug)]
pub struct Series<'a> {
    /// The frames.
    pub stack: &'a FrameStack,
    /// s.
    pub interval: f64,
    /// Rows and columns of a frame.
    pub shape: (usize, usize),
    /// Size of a pixel along y and x, m, where the file tells.
    pub pitch: Option<(f64, f64)>,
}

/// What one pass over the frames tells.
#[derive(Debug)]
pub struct Survey {
    /// Mean of every pixel above the dark level; NaN where some value is no number.
    pub mean: Array2<f64>,
    /// Mean of every frame above the dark level over the mean of all, as it will be divided by.
    pub beam: Vec<f64>,
    /// Largest change of the beam that is taken off, over its mean.
    pub drift: f64,
}

/// The series of a dataset.
pub(super) fn series(dataset: &Dataset) -> Result<Series<'_>, MethodError> {
    let stack = dataset.data.iter().find_map(|data| match data {
        Data::Stack(stack) => Some(stack),
        _ => None,
    });
    let found = || dataset.data.first().map_or("nothing", Data::kind).to_owned();
    let stack = stack.ok_or_else(|| RelaxationMapError::NoSeries { found: found() })?;
    let [frames, rows, columns] = stack.shape()[..] else {
        return Err(RelaxationMapError::NoSeries { found: format!("a stack of {}", stack.describe()) }.into());
    };
    let first = &stack.axes[0];
    let stated = dataset.constants.positive(&FRAME_INTERVAL)?;
    if stack.axes.iter().any(|axis| axis.role == AxisRole::Energy) {
        return Err(RelaxationMapError::NoSeries { found: format!("a stack of {}", stack.describe()) }.into());
    }
    let file = || stack.name.clone();
    if stack.n_present < frames {
        let missing = frames - stack.n_present;
        return Err(RelaxationMapError::Missing { file: file(), missing, total: frames }.into());
    }
    if frames < LEAST_FRAMES {
        return Err(RelaxationMapError::TooFewFrames { file: file(), found: frames, needed: LEAST_FRAMES }.into());
    }
    let of_file = first.usable_step("s").filter(|step| *step > 0.0);
    let interval = match (stated, of_file) {
        (None, Some(step)) => step,
        (stated, _) => dataset.constants.required(RelaxationMap::INFO.id, [(&FRAME_INTERVAL, stated)])?[0].value,
    };
    let step = |axis: usize| stack.axes[axis].usable_step("m").map(f64::abs);
    Ok(Series { stack, interval, shape: (rows, columns), pitch: step(1).zip(step(2)) })
}

impl Series<'_> {
    /// Number of frames.
    pub fn frames(&self) -> usize {
        self.stack.n_frames()
    }

    /// Extent of a map whose places are squares of `block` pixels.
    pub fn extent(&self, block: usize, (rows, columns): (usize, usize)) -> Option<Extent> {
        let size = |n: usize, pitch: f64| (n * block) as f64 * pitch;
        self.pitch.map(|(y, x)| Extent::metres(size(columns, x), size(rows, y)))
    }

    /// The rows `first..end` of all frames above the dark level over the beam, `[pixel, frame]`.
    pub fn rows(
        &self,
        (first, end): (usize, usize),
        dark: f64,
        survey: &Survey,
        ctx: &Ctx,
    ) -> Result<Array2<f32>, MethodError> {
        let columns = self.shape.1;
        let mut values = Array2::zeros(((end - first) * columns, self.frames()));
        let mut pixels = Pixels::empty(self.stack.pixel);
        for frame in 0..self.frames() {
            ctx.check_cancelled()?;
            self.stack.read(frame..frame + 1, &mut pixels)?;
            let all = pixels.to_f64();
            let part = &all[first * columns..end * columns];
            for (to, value) in values.column_mut(frame).iter_mut().zip(part) {
                *to = ((value - dark) / survey.beam[frame]) as f32;
            }
        }
        Ok(values)
    }
}

/// Means over time and over frames; refuses frames that were dropped.
pub(super) fn survey(method: &RelaxationMap, input: &Input<'_>, ctx: &Ctx) -> Result<Survey, MethodError> {
    let series = &input.series;
    let frames = series.frames();
    let mut sums = vec![0.0; series.stack.frame_len()];
    let mut means = Vec::with_capacity(frames);
    let mut before: Vec<f64> = Vec::new();
    let mut empty: Option<usize> = None;
    let mut pixels = Pixels::empty(series.stack.pixel);
    for frame in 0..frames {
        ctx.check_cancelled()?;
        series.stack.read(frame..frame + 1, &mut pixels)?;
        let values = pixels.to_f64();
        if values.len() >= TELLING_PIXELS && values == before {
            return Err(uneven(series, frame, "repeats the one before it: a frame was dropped").into());
        }
        let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        if finite.iter().all(|value| *value == 0.0) {
            empty.get_or_insert(frame);
        }
        means.push(finite.iter().sum::<f64>() / finite.len() as f64 - input.dark_level);
        sums.iter_mut().zip(&values).for_each(|(sum, value)| *sum += value);
        before = values;
    }
    let counts = sums.iter().filter(|sum| sum.is_finite()).sum::<f64>() / frames as f64;
    if let Some(frame) = empty.filter(|_| sums.len() >= TELLING_PIXELS && counts > TELLING_COUNTS) {
        return Err(uneven(series, frame, "is empty: a frame was dropped").into());
    }
    let mean = sums.iter().map(|sum| sum / frames as f64 - input.dark_level).collect();
    let mean = Array2::from_shape_vec(series.shape, mean).unwrap_or_default();
    let beam = beam(method.beam, &means);
    if let Some(frame) = beam.iter().position(|beam| beam.is_nan() || *beam <= 0.0) {
        return Err(uneven(series, frame, "has no intensity above dark_level").into());
    }
    let drift = beam.iter().map(|beam| (beam - 1.0).abs()).fold(0.0, f64::max);
    Ok(Survey { mean, beam, drift })
}

fn uneven(series: &Series<'_>, frame: usize, reason: &'static str) -> RelaxationMapError {
    RelaxationMapError::Uneven { file: series.stack.name.clone(), frame, reason }
}

/// What every frame is divided by.
fn beam(beam: Beam, means: &[f64]) -> Vec<f64> {
    let n = means.len() as f64;
    let mean = means.iter().sum::<f64>() / n;
    let relative: Vec<f64> = means.iter().map(|value| value / mean).collect();
    match beam {
        Beam::Steady => vec![1.0; means.len()],
        Beam::Frame => relative,
        Beam::Trend => {
            let at = |frame: usize| 2.0 * (frame as f64 + 0.5) / n - 1.0;
            let design = Array2::from_shape_fn((means.len(), 3), |(frame, power)| at(frame).powi(power as i32));
            match LinearLeastSquares::default().fit(design.view(), &relative) {
                Ok(fit) => relative.iter().zip(&fit.residuals).map(|(value, residual)| value - residual).collect(),
                Err(_) => vec![1.0; means.len()],
            }
        }
    }
}
