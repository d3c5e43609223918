//! Correlation of the intensity with itself along rings of equal k, pattern by pattern.

use serde::{Deserialize, Serialize};

use crate::core::data::Pixels;
use crate::core::stream::{Fold, Tile};

/// Rings of the detector, each divided into cells of equal azimuth.
#[derive(Debug, Clone, PartialEq)]
pub struct Rings {
    frame_len: usize,
    /// Cells of a ring.
    pub n_bins: usize,
    /// Distance of every ring from the beam, pixels.
    pub radii: Vec<f64>,
    /// Used pixels, the cell of each, ring after ring, and one over the background there.
    cells: Vec<(u32, u32, f32)>,
    /// Used pixels of every cell.
    counts: Vec<f64>,
    dark: f64,
}

/// What some frames add up to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Partial {
    /// Frames used.
    pub n: f64,
    /// Frames left out: constant, with a pixel that is no number, or a ring without counts.
    pub left_out: usize,
    /// Correlations, ring after ring, at lags of 0 to half a turn.
    pub sums: Vec<f64>,
    /// Their squares.
    pub squares: Vec<f64>,
    /// What shot noise of one count per electron adds at a lag of 0, ring after ring.
    pub shot: Vec<f64>,
}

/// Correlation of one ring over the angle.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    /// `<I(φ) I(φ + Δ)>/<I>² - 1` of intensities over the background, at lags of 0 to half a turn.
    pub values: Vec<f64>,
    /// Standard errors, patterns taken as independent.
    pub std_errors: Vec<f64>,
    /// What shot noise of one count per electron adds at a lag of 0.
    pub shot: f64,
}

impl Rings {
    /// Rings of `width` pixels from `first` to `last` pixels from the beam, in `n_bins` cells each. `place` gives distance (pixels) and
    /// azimuth (rad) of a pixel, and one over the background; `None` where it is not used.
    pub fn new(
        frame_len: usize,
        place: impl Fn(usize) -> Option<(f64, f64, f32)>,
        [first, last]: [f64; 2],
        width: f64,
        n_bins: usize,
        dark: f64,
    ) -> Self {
        let n_rings = ((last - first) / width).floor().max(0.0) as usize;
        let mut counts = vec![0.0; n_rings * n_bins];
        let mut cells = Vec::new();
        for pixel in 0..frame_len {
            let Some((distance, azimuth, weight)) = place(pixel) else { continue };
            let ring = ((distance - first) / width).floor();
            if ring < 0.0 || ring as usize >= n_rings {
                continue;
            }
            let turn = (azimuth / std::f64::consts::TAU).rem_euclid(1.0);
            let cell = ring as usize * n_bins + ((turn * n_bins as f64) as usize).min(n_bins - 1);
            counts[cell] += 1.0;
            cells.push((pixel as u32, cell as u32, weight));
        }
        let radii = (0..n_rings).map(|ring| first + width * (ring as f64 + 0.5)).collect();
        Self { frame_len, n_bins, radii, cells, counts, dark }
    }

    /// Lags: 0 to half a turn.
    pub fn n_lags(&self) -> usize {
        self.n_bins / 2 + 1
    }

    /// Share of the cells of every ring that hold a used pixel.
    pub fn seen(&self) -> Vec<f64> {
        let share = |ring: &[f64]| ring.iter().filter(|count| **count > 0.0).count() as f64 / self.n_bins as f64;
        self.counts.chunks_exact(self.n_bins).map(share).collect()
    }

    fn add<P: Copy + Into<f64>>(&self, frame: &[P], partial: &mut Partial) {
        let mut sums = vec![[0.0; 2]; self.counts.len()];
        let (mut constant, mut first) = (true, None);
        for (pixel, cell, weight) in &self.cells {
            let value: f64 = frame[*pixel as usize].into();
            constant &= value == *first.get_or_insert(value);
            let (weight, sum) = (f64::from(*weight), &mut sums[*cell as usize]);
            let relative = weight * (value - self.dark);
            *sum = [sum[0] + relative, sum[1] + weight * relative];
        }
        let rings = sums.chunks_exact(self.n_bins).zip(self.counts.chunks_exact(self.n_bins));
        let found: Vec<Option<(Vec<f64>, f64)>> = rings.map(|(sums, counts)| deviations(sums, counts)).collect();
        if constant || found.iter().any(Option::is_none) {
            partial.left_out += 1;
            return;
        }
        partial.n += 1.0;
        let n_lags = self.n_lags();
        for (ring, (deviations, shot)) in found.into_iter().flatten().enumerate() {
            partial.shot[ring] += shot;
            for lag in 0..n_lags {
                let value = at_lag(&deviations, lag);
                partial.sums[ring * n_lags + lag] += value;
                partial.squares[ring * n_lags + lag] += value * value;
            }
        }
    }

    fn collect<P: Copy + Into<f64>>(&self, values: &[P]) -> Partial {
        let mut partial = self.empty();
        values.chunks_exact(self.frame_len.max(1)).for_each(|frame| self.add(frame, &mut partial));
        partial
    }
}

/// Relative deviation of every cell from the mean of its ring, NaN where nothing is seen, and the mean over the cells of what shot noise of
/// one count per electron adds to their squares; from sums of counts over the background and of their variances.
///
/// `None` where the ring has no counts or one that is no number; a ring without pixels has no deviations.
fn deviations(sums: &[[f64; 2]], counts: &[f64]) -> Option<(Vec<f64>, f64)> {
    let seen = || sums.iter().zip(counts).filter(|(_, count)| **count > 0.0);
    let n = seen().count() as f64;
    if n == 0.0 {
        return Some((vec![f64::NAN; sums.len()], 0.0));
    }
    let mean = seen().map(|([sum, _], count)| sum / count).sum::<f64>() / n;
    if !(mean > 0.0 && mean.is_finite()) {
        return None;
    }
    let relative = |([sum, _], count): (&[f64; 2], &f64)| if *count > 0.0 { sum / count / mean - 1.0 } else { f64::NAN };
    let noise = seen().map(|([_, variance], count)| variance / (count * mean).powi(2)).sum::<f64>() / n;
    Some((sums.iter().zip(counts).map(relative).collect(), noise))
}

/// Mean product of cells `lag` apart around the circle; pairs of which one is not seen are left out. Zero without pairs.
pub fn at_lag(deviations: &[f64], lag: usize) -> f64 {
    let n = deviations.len();
    let pairs = deviations.iter().enumerate().map(|(i, value)| value * deviations[(i + lag) % n]);
    let (sum, count) = pairs.filter(|product| !product.is_nan()).fold((0.0, 0.0), |(sum, n), product| (sum + product, n + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

impl Partial {
    /// Mean over the patterns of every ring.
    pub fn correlations(&self, n_lags: usize) -> Vec<Correlation> {
        let rings = self.sums.chunks_exact(n_lags).zip(self.squares.chunks_exact(n_lags)).zip(&self.shot);
        let one = |((sums, squares), shot): ((&[f64], &[f64]), &f64)| {
            let values: Vec<f64> = sums.iter().map(|sum| sum / self.n).collect();
            let error = |(value, square): (&f64, &f64)| ((square / self.n - value * value).max(0.0) / (self.n - 1.0)).sqrt();
            let std_errors = values.iter().zip(squares).map(error).collect();
            Correlation { values, std_errors, shot: shot / self.n }
        };
        rings.map(one).collect()
    }
}

/// Power of the orders 1 to `orders`: the mean over a full turn of `C(Δ) cos(nΔ)`, which is the mean over patterns of the squared
/// coefficient of an n-fold modulation.
pub fn orders(correlation: &[f64], n_bins: usize, orders: usize) -> Vec<f64> {
    let power = |order: usize| {
        let term = |lag: usize| {
            let folded = lag.min(n_bins - lag);
            let angle = std::f64::consts::TAU * (order * lag) as f64 / n_bins as f64;
            correlation.get(folded).map_or(0.0, |value| value * angle.cos())
        };
        (0..n_bins).map(term).sum::<f64>() / n_bins as f64
    };
    (1..=orders).map(power).collect()
}

impl Fold for Rings {
    type Partial = Partial;

    fn empty(&self) -> Partial {
        let n = self.radii.len();
        let n_lags = self.n_lags();
        Partial { n: 0.0, left_out: 0, sums: vec![0.0; n * n_lags], squares: vec![0.0; n * n_lags], shot: vec![0.0; n] }
    }

    fn tile(&self, tile: &Tile<'_>) -> Partial {
        match tile.pixels {
            Pixels::U8(values) => self.collect(values),
            Pixels::U16(values) => self.collect(values),
            Pixels::U32(values) => self.collect(values),
            Pixels::I16(values) => self.collect(values),
            Pixels::I32(values) => self.collect(values),
            Pixels::F32(values) => self.collect(values),
            Pixels::F64(values) => self.collect(values),
        }
    }

    fn merge(&self, mut left: Partial, right: Partial) -> Partial {
        left.n += right.n;
        left.left_out += right.left_out;
        let add = |a: &mut Vec<f64>, b: &[f64]| a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        add(&mut left.sums, &right.sums);
        add(&mut left.squares, &right.squares);
        add(&mut left.shot, &right.shot);
        left
    }
}
