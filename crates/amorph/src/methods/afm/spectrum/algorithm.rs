//! From a map to its spectrum, and from a spectrum to rings and directions. Frequencies are cycles per metre.

use std::f64::consts::PI;

use ndarray::{Array2, ArrayView2};

use crate::core::fft::{Complex64, PowerSpectrum, Sides, Window, power_spectrum};
use crate::core::image::polynomial_background;

/// What is done to every map, measured or simulated.
#[derive(Debug, Clone, Copy)]
pub struct Analysis<'a> {
    /// Pixels that may be used.
    pub valid: &'a ArrayView2<'a, bool>,
    /// Pixel size (dy, dx), m.
    pub pitch: (f64, f64),
    /// Weighting before the transform.
    pub window: Window,
}

/// Mean of the two-sided density over a ring, scan-line axes left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ring {
    /// Mean frequency, 1/m.
    pub frequency: f64,
    /// Mean density, squared unit of the map times m^2.
    pub density: f64,
    /// Points of the half plane.
    pub n: f64,
}

/// The largest departure of rings from a spectrum that falls with the frequency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Excess {
    /// Likelihood ratio (deviance) of the ring means against the nearest falling spectrum, over the worst of its steps.
    pub deviance: f64,
    /// Where the density stands highest above the falling spectrum in that step, 1/m; NaN for a falling spectrum.
    pub frequency: f64,
    /// How high: density over that of the falling spectrum.
    pub ratio: f64,
}

impl Analysis<'_> {
    /// Two-sided spectrum of the map about its plane. Missing pixels count as zero, the density is scaled up for them.
    pub fn spectrum(&self, values: &Array2<f64>) -> Option<PowerSpectrum> {
        let levelled = polynomial_background(&values.view(), Some(self.valid), 1, false).ok()?.values;
        let filled = ndarray::Zip::from(&levelled).and(self.valid).map_collect(|v, valid| if *valid { *v } else { 0.0 });
        let mut spectrum = power_spectrum(&filled.view(), self.pitch, self.window, Sides::Two);
        let share = self.valid_share();
        if share < 1.0 {
            spectrum.density.mapv_inplace(|density| density / share);
        }
        Some(spectrum)
    }

    /// Share of the squared window that lies on usable pixels.
    fn valid_share(&self) -> f64 {
        let (rows, columns) = self.valid.dim();
        let squared = |n: usize| -> Vec<f64> { (0..n).map(|i| self.weight(i, n).powi(2)).collect() };
        let (y, x) = (squared(rows), squared(columns));
        let usable: f64 = self.valid.indexed_iter().filter(|(_, valid)| **valid).map(|((r, c), _)| y[r] * x[c]).sum();
        usable / (y.iter().sum::<f64>() * x.iter().sum::<f64>())
    }

    fn weight(&self, i: usize, n: usize) -> f64 {
        match self.window {
            Window::Hann => 0.5 - 0.5 * (2.0 * PI * i as f64 / n as f64).cos(),
            Window::Rectangular => 1.0,
        }
    }

    /// The integral that Parseval's theorem promises: mean square about the plane, weighted with the squared window.
    pub fn mean_square(&self, values: &Array2<f64>) -> Option<f64> {
        let levelled = polynomial_background(&values.view(), Some(self.valid), 1, false).ok()?.values;
        let (rows, columns) = levelled.dim();
        let (mut sum, mut total) = (0.0, 0.0);
        for ((row, column), value) in levelled.indexed_iter().filter(|(at, _)| self.valid[*at]) {
            let weight = (self.weight(row, rows) * self.weight(column, columns)).powi(2);
            sum += weight * value * value;
            total += weight;
        }
        Some(sum / total)
    }
}

/// Ring edges, 1/m: equal steps where rings hold few points, equal ratios beyond, from the third step (what is below, the plane
/// and the window have changed) to the Nyquist frequency of the coarser axis.
pub fn ring_edges(size: (f64, f64), pitch: (f64, f64)) -> Vec<f64> {
    const RATIO: f64 = 1.1;
    let step = 1.0 / size.0.min(size.1);
    let nyquist = 0.5 / pitch.0.max(pitch.1);
    let mut edges = vec![2.5 * step];
    while let Some(last) = edges.last().copied().filter(|last| *last < nyquist) {
        edges.push((last + step).max(last * RATIO));
    }
    edges
}

/// Means over rings between neighbouring edges; empty rings are left out.
pub fn rings(spectrum: &PowerSpectrum, edges: &[f64]) -> Vec<Ring> {
    let (Some(low), Some(high)) = (edges.first(), edges.last()) else { return Vec::new() };
    let mut sums = vec![[0.0; 3]; edges.len() - 1];
    for ([fx, fy], density) in spectrum.band(*low, *high) {
        let frequency = fx.hypot(fy);
        let ring = edges.partition_point(|edge| *edge <= frequency).clamp(1, sums.len()) - 1;
        let sum = &mut sums[ring];
        *sum = [sum[0] + 1.0, sum[1] + frequency, sum[2] + density];
    }
    let ring = |[n, f, s]: [f64; 3]| Ring { frequency: f / n, density: s / n, n };
    sums.into_iter().filter(|sum| sum[0] > 0.0).map(ring).collect()
}

/// The falling spectrum nearest to the rings: isotonic regression, the maximum of the likelihood of exponentially distributed
/// periodograms, as steps (first ring, ring after the last, density).
fn falling(rings: &[Ring]) -> Vec<(usize, usize, f64)> {
    // Blocks as (first ring, summed weight, summed density); pooled while a later one is higher.
    let mut blocks: Vec<(usize, f64, f64)> = Vec::new();
    for (index, ring) in rings.iter().enumerate() {
        let mut block = (index, ring.n, ring.n * ring.density);
        while let Some(last) = blocks.last().copied().filter(|last| last.2 / last.1 <= block.2 / block.1) {
            block = (last.0, last.1 + block.1, last.2 + block.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    let end = |index: usize| blocks.get(index + 1).map_or(rings.len(), |next| next.0);
    blocks.iter().enumerate().map(|(index, block)| (block.0, end(index), block.2 / block.1)).collect()
}

/// Compares ring means with the nearest falling spectrum: `2 sum n ln(S_falling / S)` over each of its steps.
pub fn excess(rings: &[Ring]) -> Excess {
    let mut worst = Excess { deviance: 0.0, frequency: f64::NAN, ratio: 1.0 };
    for (first, end, level) in falling(rings) {
        let deviance: f64 = rings[first..end].iter().map(|ring| 2.0 * ring.n * (level / ring.density).ln()).sum();
        if deviance > worst.deviance {
            let highest = (first..end).max_by(|a, b| rings[*a].density.total_cmp(&rings[*b].density)).unwrap_or(first);
            let frequency = refined(rings, highest);
            worst = Excess { deviance, frequency, ratio: rings[highest].density / level };
        }
    }
    worst
}

/// Top of the parabola through a ring and its neighbours in logarithms.
fn refined(rings: &[Ring], highest: usize) -> f64 {
    let at = rings[highest].frequency;
    let (Some(before), Some(after)) = (highest.checked_sub(1).and_then(|i| rings.get(i)), rings.get(highest + 1)) else {
        return at;
    };
    let point = |ring: &Ring| ((ring.frequency / at).ln(), (ring.density / rings[highest].density).ln());
    let ((x0, y0), (x1, y1)) = (point(before), point(after));
    // y = a x^2 + b x through the origin.
    let a = (y0 / x0 - y1 / x1) / (x0 - x1);
    let b = y0 / x0 - a * x0;
    let top = -0.5 * b / a;
    if a < 0.0 && (x0..=x1).contains(&top) { at * top.exp() } else { at }
}

/// Second moments of the density over a band, `sum S f_i f_j / sum S`: `[xx, xy, yy]`, 1/m^2.
pub fn second_moments(spectrum: &PowerSpectrum, (low, high): (f64, f64)) -> [f64; 3] {
    let (mut sums, mut total) = ([0.0; 3], 0.0);
    for ([fx, fy], density) in spectrum.band(low, high) {
        for (sum, product) in sums.iter_mut().zip([fx * fx, fx * fy, fy * fy]) {
            *sum += density * product;
        }
        total += density;
    }
    sums.map(|sum| sum / total)
}

/// Semi-axes (long, short) and the direction of the long one, rad, of the ellipse with these second moments.
pub fn ellipse_of([xx, xy, yy]: [f64; 3]) -> (f64, f64, f64) {
    let (mean, half) = (0.5 * (xx + yy), (0.25 * (xx - yy).powi(2) + xy * xy).sqrt());
    ((mean + half).sqrt(), (mean - half).max(0.0).sqrt(), 0.5 * (2.0 * xy).atan2(xx - yy))
}

/// The directions of a spectrum over a band, every ring of the band divided by its mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Directions {
    /// Mean of `exp(2 i theta) S / S_ring`: its phase is twice the direction of the power, across the structure.
    pub a2: Complex64,
    /// Mean of `exp(4 i theta) S / S_ring`.
    pub a4: Complex64,
    /// Mean of `S / S_ring` by sector over half a turn, the first from 0; NaN where a sector is empty.
    pub sectors: Vec<f64>,
}

/// Directions of a spectrum. Without the division the few longest waves, where the density is highest, would decide alone.
pub fn directions(spectrum: &PowerSpectrum, (low, high): (f64, f64), n_sectors: usize) -> Directions {
    let step = spectrum.step[0].max(spectrum.step[1]);
    let ring_of = |[fx, fy]: [f64; 2]| (fx.hypot(fy) / step) as usize;
    let mut rings = vec![[0.0; 2]; (high / step) as usize + 2];
    for (frequency, density) in spectrum.band(low, high) {
        let ring = &mut rings[ring_of(frequency)];
        *ring = [ring[0] + 1.0, ring[1] + density];
    }
    let mut found = Directions { a2: Complex64::default(), a4: Complex64::default(), sectors: Vec::new() };
    let (mut sums, mut n) = (vec![[0.0; 2]; n_sectors], 0.0);
    for (frequency, density) in spectrum.band(low, high) {
        let [count, sum] = rings[ring_of(frequency)];
        let relative = density * count / sum;
        let angle = (frequency[1] / frequency[0]).atan().rem_euclid(PI);
        found.a2 += Complex64::from_polar(relative, 2.0 * angle);
        found.a4 += Complex64::from_polar(relative, 4.0 * angle);
        let sector = ((angle / PI * n_sectors as f64) as usize).min(n_sectors.saturating_sub(1));
        if let Some(sum) = sums.get_mut(sector) {
            *sum = [sum[0] + 1.0, sum[1] + relative];
        }
        n += 1.0;
    }
    found.a2 /= n;
    found.a4 /= n;
    found.sectors = sums.into_iter().map(|[n, sum]| sum / n).collect();
    found
}

/// The whole plane, row 0 at the largest fy and column 0 at the smallest fx, zero frequency at `[rows / 2, columns / 2]`.
pub fn whole_plane(spectrum: &PowerSpectrum) -> Array2<f64> {
    let (rows, columns) = (spectrum.density.nrows(), spectrum.columns);
    Array2::from_shape_fn((rows, columns), |(row, column)| {
        let (down, right) = ((row + rows - rows / 2) % rows, column as isize - (columns / 2) as isize);
        match usize::try_from(right) {
            Ok(right) => spectrum.density[(down, right)],
            Err(_) => spectrum.density[((rows - down) % rows, right.unsigned_abs())],
        }
    })
}

/// The half plane fx >= 0, rows as those of [`whole_plane`], doubled where `f` and `-f` are different points of the plane.
pub fn half_plane(spectrum: &PowerSpectrum) -> Array2<f64> {
    let (rows, half) = spectrum.density.dim();
    Array2::from_shape_fn((rows, half), |(row, column)| {
        let alone = column == 0 || 2 * column == spectrum.columns;
        spectrum.density[((row + rows - rows / 2) % rows, column)] * if alone { 1.0 } else { 2.0 }
    })
}
