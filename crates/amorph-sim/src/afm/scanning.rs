//! What scanning line after line does to an image: drift, lag, noise in time, strokes, dust.

use std::f64::consts::{PI, SQRT_2};

use amorph_core::data::Direction;
use amorph_core::fft::{Complex64, inverse_nd};
use amorph_core::random::{derive_seed, rng, standard_normals};
use ndarray::{Array1, Array2, Axis};
use rand::RngExt;

use super::specimen::Specimen;
use crate::SimulationError;

/// How an image is scanned, and what goes wrong meanwhile. By default the frame is that of the surface and nothing goes wrong.
///
/// Lines run from the top to the bottom. Each is scanned to the right (trace) in the first half of its time and back to the left
/// (retrace) in the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scanning {
    /// What part of the surface is imaged, with which pixels; that of the surface where absent.
    pub frame: Option<Frame>,
    /// Time of one line, trace and retrace, s.
    pub line_time: f64,
    /// Thermal drift of the specimen under the tip.
    pub drift: Drift,
    /// Length over which height and phase follow the surface along the fast axis, m: an exponential response in the direction of
    /// the motion.
    pub response_length: f64,
    /// Standard deviation of a 1/f noise of the phase in time, deg: streaks along the fast axis.
    pub flicker: f64,
    /// Strokes: stretches of a line that are offset.
    pub strokes: Strokes,
    /// Discs without values.
    pub dust: Dust,
}

/// The part of a surface that is imaged, centred on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Pixels along the slow axis.
    pub rows: usize,
    /// Pixels along the fast axis.
    pub columns: usize,
    /// Length of a line, m.
    pub width: f64,
    /// Extent along the slow axis, m.
    pub height: f64,
    /// Scan angle: direction of the fast axis in the specimen, rad from +x towards +y.
    pub angle: f64,
}

/// Displacement of the point under the tip, `velocity t + creep [1 - exp(-t/creep_time)]`, in scan axes (x fast, y up).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Steady part along x and y, m/s: shears and stretches the image.
    pub velocity: (f64, f64),
    /// Part that fades, along x and y, m: bends the image.
    pub creep: (f64, f64),
    /// Time over which it fades, s.
    pub creep_time: f64,
}

/// Stretches of a line on which the phase is offset, as when the tip picks something up and loses it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Strokes {
    /// How many per image and direction.
    pub count: usize,
    /// Mean length, m; lengths are exponentially distributed.
    pub length: f64,
    /// Standard deviation of the offsets, deg.
    pub offset: f64,
}

/// Discs in which nothing is measured.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Dust {
    /// How many.
    pub count: usize,
    /// Radius, m.
    pub radius: f64,
}

impl Default for Scanning {
    /// One line per second and no imperfection.
    fn default() -> Self {
        Self {
            frame: None,
            line_time: 1.0,
            drift: Drift::default(),
            response_length: 0.0,
            flicker: 0.0,
            strokes: Strokes::default(),
            dust: Dust::default(),
        }
    }
}

impl Default for Drift {
    fn default() -> Self {
        Self { velocity: (0.0, 0.0), creep: (0.0, 0.0), creep_time: 60.0 }
    }
}

impl Drift {
    /// Displacement at a time, m.
    pub fn at(&self, time: f64) -> (f64, f64) {
        let faded = -(-time / self.creep_time).exp_m1();
        (self.velocity.0 * time + self.creep.0 * faded, self.velocity.1 * time + self.creep.1 * faded)
    }

    fn is_none(&self) -> bool {
        [self.velocity, self.creep] == [(0.0, 0.0); 2]
    }
}

impl Frame {
    /// The whole of a specimen.
    pub fn of(specimen: &Specimen) -> Self {
        let Specimen { rows, columns, width, height, .. } = *specimen;
        Self { rows, columns, width, height, angle: 0.0 }
    }

    /// Pixel pitch along (y, x), m.
    pub fn pitch(&self) -> (f64, f64) {
        (self.height / self.rows as f64, self.width / self.columns as f64)
    }
}

/// Pixels of the surface beyond those that are looked at, for the interpolation.
const BORDER: f64 = 3.0;
/// How much finer than the frame a patch is, so that interpolation between its points loses little.
const FINER: f64 = 2.0;

impl Specimen {
    /// A piece of the same glass on which `scanning` can image a frame of this specimen's size and pixels: larger, because scan
    /// angle and drift reach beyond the frame, and twice as fine, because pixels fall between its points.
    #[must_use]
    pub fn patch(&self, scanning: &Scanning, angle: f64) -> (Self, Frame) {
        let frame = Frame { angle, ..Frame::of(self) };
        let (pitch_y, pitch_x) = frame.pitch();
        let (sin, cos) = (angle.sin().abs(), angle.cos().abs());
        let total = scanning.line_time * self.rows as f64;
        let steps = 64;
        let reach = |axis: fn((f64, f64)) -> f64| {
            let along = |step: usize| axis(scanning.drift.at(total * step as f64 / steps as f64)).abs();
            (0..=steps).map(along).fold(0.0, f64::max)
        };
        // Scan axes may be turned against those of the surface: the longer reach on both.
        let reach = SQRT_2 * reach(|d| d.0).max(reach(|d| d.1));
        let border = 2.0 * reach + 2.0 * BORDER * pitch_x.max(pitch_y);
        let width = self.width * cos + self.height * sin + border;
        let height = self.width * sin + self.height * cos + border;
        let pitch = pitch_x.min(pitch_y) / FINER;
        let (rows, columns) = ((height / pitch).ceil() as usize, (width / pitch).ceil() as usize);
        let (width, height) = (columns as f64 * pitch, rows as f64 * pitch);
        let share = width * height / (self.width * self.height);
        let regions = self
            .regions
            .map(|regions| super::SoftRegions { count: (regions.count as f64 * share).round() as usize, ..regions });
        (Self { rows, columns, width, height, regions, ..*self }, frame)
    }
}

impl Scanning {
    /// Whether pixels of the image are those of the surface.
    pub(super) fn is_aligned(&self) -> bool {
        self.frame.is_none() && self.drift.is_none()
    }

    /// Time at which a pixel is passed, s.
    fn time(&self, frame: &Frame, row: usize, column: usize, direction: Direction) -> f64 {
        let along = (column as f64 + 0.5) / frame.columns as f64;
        let share = match direction {
            Direction::Trace => 0.5 * along,
            Direction::Retrace => 1.0 - 0.5 * along,
        };
        (row as f64 + share) * self.line_time
    }

    /// The surface as it passes under the tip: `field` on the grid of `specimen`, read at the pixels of the frame. Without
    /// `direction` nothing drifts.
    pub(super) fn passed(
        &self,
        field: &Array2<f64>,
        specimen: &Specimen,
        frame: &Frame,
        direction: Option<Direction>,
    ) -> Result<Array2<f64>, SimulationError> {
        let (pitch_y, pitch_x) = frame.pitch();
        let (sin, cos) = frame.angle.sin_cos();
        let fine = specimen.pitch();
        let mut outside = 0;
        let image = Array2::from_shape_fn((frame.rows, frame.columns), |(row, column)| {
            let moved = direction.map_or((0.0, 0.0), |direction| self.drift.at(self.time(frame, row, column, direction)));
            let x = (column as f64 + 0.5) * pitch_x - 0.5 * frame.width + moved.0;
            let y = 0.5 * frame.height - (row as f64 + 0.5) * pitch_y + moved.1;
            let (u, v) = (x * cos - y * sin + 0.5 * specimen.width, x * sin + y * cos + 0.5 * specimen.height);
            let place = ((specimen.height - v) / fine.0 - 0.5, u / fine.1 - 0.5);
            interpolated(field, place).unwrap_or_else(|| {
                outside += 1;
                f64::NAN
            })
        });
        if outside > 0 {
            return Err(SimulationError::OutsideSurface { pixels: outside });
        }
        Ok(image)
    }

    /// The exponential response along the fast axis, in the direction of the motion; each line begins settled.
    pub(super) fn respond(&self, image: &mut Array2<f64>, pitch_x: f64, direction: Direction) {
        if self.response_length <= 0.0 {
            return;
        }
        let keep = (-pitch_x / self.response_length).exp();
        for mut row in image.axis_iter_mut(Axis(0)) {
            let follow = |state: Option<f64>, value: &mut f64| {
                *value = state.map_or(*value, |state| keep * state + (1.0 - keep) * *value);
                Some(*value)
            };
            match direction {
                Direction::Trace => row.iter_mut().fold(None, follow),
                Direction::Retrace => row.iter_mut().rev().fold(None, follow),
            };
        }
    }

    /// Noise with a density proportional to 1/f in the order in which pixels are passed; trace and retrace share one series.
    pub(super) fn flicker_noise(&self, shape: (usize, usize), direction: Direction, seed: u64) -> Option<Array2<f64>> {
        if self.flicker <= 0.0 {
            return None;
        }
        let (rows, columns) = shape;
        let series = one_over_f(2 * rows * columns, derive_seed(seed, &["flicker".into()]));
        let at = |(row, column): (usize, usize)| {
            let place = match direction {
                Direction::Trace => column,
                Direction::Retrace => 2 * columns - 1 - column,
            };
            self.flicker * series[2 * columns * row + place]
        };
        Some(Array2::from_shape_fn(shape, at))
    }

    /// Adds the strokes of one direction.
    pub(super) fn add_strokes(&self, phase: &mut Array2<f64>, pitch_x: f64, seed: u64) {
        let (rows, columns) = phase.dim();
        let seed = derive_seed(seed, &["strokes".into()]);
        let offsets = standard_normals(derive_seed(seed, &["offsets".into()]), self.strokes.count);
        let mut places = rng(seed);
        for offset in offsets {
            let row = places.random_range(0..rows);
            let first = places.random_range(0..columns);
            let length = -self.strokes.length / pitch_x * (1.0 - places.random::<f64>()).ln();
            let last = columns.min(first + 1 + length as usize);
            for column in first..last {
                phase[(row, column)] += self.strokes.offset * offset;
            }
        }
    }

    /// Pixels below dust.
    pub(super) fn dusty(&self, frame: &Frame, seed: u64) -> Array2<bool> {
        let mut places = rng(derive_seed(seed, &["dust".into()]));
        let mut place = || (places.random::<f64>() * frame.width, places.random::<f64>() * frame.height);
        let discs: Vec<(f64, f64)> = (0..self.dust.count).map(|_| place()).collect();
        let (pitch_y, pitch_x) = frame.pitch();
        Array2::from_shape_fn((frame.rows, frame.columns), |(row, column)| {
            let (x, y) = ((column as f64 + 0.5) * pitch_x, frame.height - (row as f64 + 0.5) * pitch_y);
            discs.iter().any(|disc| (x - disc.0).hypot(y - disc.1) <= self.dust.radius)
        })
    }

    pub(super) fn check(&self) -> Result<(), SimulationError> {
        SimulationError::require_positive("scanning.line_time", self.line_time)?;
        SimulationError::require_positive("scanning.drift.creep_time", self.drift.creep_time)?;
        for (name, value) in [
            ("scanning.response_length", self.response_length),
            ("scanning.flicker", self.flicker),
            ("scanning.strokes.length", self.strokes.length),
            ("scanning.strokes.offset", self.strokes.offset),
            ("scanning.dust.radius", self.dust.radius),
        ] {
            SimulationError::require_not_negative(name, value)?;
        }
        let drift = [self.drift.velocity, self.drift.creep];
        if let Some(value) = drift.iter().flat_map(|d| [d.0, d.1]).find(|value| !value.is_finite()) {
            return Err(SimulationError::Parameter { name: "scanning.drift", value, allowed: "finite" });
        }
        let Some(frame) = self.frame else { return Ok(()) };
        SimulationError::require_positive("scanning.frame.width", frame.width)?;
        SimulationError::require_positive("scanning.frame.height", frame.height)?;
        for (name, value) in [("scanning.frame.rows", frame.rows), ("scanning.frame.columns", frame.columns)] {
            if value < 2 {
                return Err(SimulationError::Parameter { name, value: value as f64, allowed: "at least 2" });
            }
        }
        if frame.angle.abs() <= 2.0 * PI {
            return Ok(());
        }
        let (name, allowed) = ("scanning.frame.angle", "within one turn");
        Err(SimulationError::Parameter { name, value: frame.angle, allowed })
    }
}

/// A series of unit variance and density 1/f, down to one period in its length.
fn one_over_f(n: usize, seed: u64) -> Vec<f64> {
    let normals = standard_normals(seed, 2 * n);
    let amplitude = |k: usize| if k == 0 { 0.0 } else { 1.0 / (k.min(n - k) as f64).sqrt() };
    let mut spectrum = Array1::from_shape_fn(n, |k| Complex64::new(normals[2 * k], normals[2 * k + 1]) * amplitude(k));
    inverse_nd(spectrum.view_mut().into_dyn());
    let norm = n as f64 / (0..n).map(|k| amplitude(k).powi(2)).sum::<f64>().sqrt();
    spectrum.iter().map(|value| value.re * norm).collect()
}

/// Cubic convolution (Keys 1981) at a fractional (row, column); `None` outside the inner points.
fn interpolated(field: &Array2<f64>, (row, column): (f64, f64)) -> Option<f64> {
    let (first_row, row_weights) = weights(row, field.nrows())?;
    let (first_column, column_weights) = weights(column, field.ncols())?;
    let mut sum = 0.0;
    for (i, row_weight) in row_weights.iter().enumerate() {
        for (j, column_weight) in column_weights.iter().enumerate() {
            sum += row_weight * column_weight * field[(first_row + i, first_column + j)];
        }
    }
    Some(sum)
}

/// First of four neighbours and their weights.
fn weights(place: f64, n: usize) -> Option<(usize, [f64; 4])> {
    let below = place.floor();
    if !(below >= 1.0 && below + 2.0 < n as f64) {
        return None;
    }
    let t = place - below;
    let outer = |t: f64| -0.5 * t * (1.0 - t).powi(2);
    let inner = |t: f64| 1.0 + t * t * (1.5 * t - 2.5);
    Some((below as usize - 1, [outer(t), inner(t), inner(1.0 - t), outer(1.0 - t)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolation_is_exact_for_parabolas() {
        let f = |row: f64, column: f64| 2.0 + row - 3.0 * column + 0.5 * row * row - row * column + column * column;
        let field = Array2::from_shape_fn((8, 9), |(row, column)| f(row as f64, column as f64));
        for place in [(1.0, 1.0), (3.25, 4.5), (5.99, 6.01)] {
            assert!((interpolated(&field, place).unwrap() - f(place.0, place.1)).abs() < 1e-12);
        }
        assert!(interpolated(&field, (0.9, 4.0)).is_none() && interpolated(&field, (3.0, 7.2)).is_none());
    }

    #[test]
    fn a_series_of_1_over_f_has_unit_variance_and_equal_power_per_octave() {
        let n = 1 << 12;
        let (mut variance, mut power) = (0.0, [0.0; 2]);
        let series = 200;
        for seed in 0..series {
            let values = one_over_f(n, seed);
            variance += values.iter().map(|v| v * v).sum::<f64>() / n as f64;
            let coefficient = |k: usize| {
                let wave = |(i, v): (usize, &f64)| Complex64::from_polar(*v, -2.0 * PI * (i * k) as f64 / n as f64);
                values.iter().enumerate().map(wave).sum::<Complex64>().norm_sqr()
            };
            power[0] += coefficient(10);
            power[1] += coefficient(40);
        }
        // The lowest of 4096 frequencies holds an eighth of the variance, exponentially distributed.
        assert!((variance / f64::from(series as u32) - 1.0).abs() < 0.06);
        // Ratio of two exponential means over 200 series: 10 % each.
        assert!((power[0] / power[1] / 4.0 - 1.0).abs() < 0.45);
    }
}
