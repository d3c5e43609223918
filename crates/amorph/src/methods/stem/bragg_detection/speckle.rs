//! Speckle of the sample's patterns: number of modes, size of a grain, noise of the camera, Friedel symmetry.

use super::background::Sample;
use super::filter::{DiskFilter, Reading, Scratch, overlap};
use super::geometry::Geometry;

/// How the speckle of a foil is made up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpeckleModel {
    /// `1/M`: relative variance of the diffracted intensity.
    pub inverse_modes: f64,
    /// Radius of a grain, pixels.
    pub grain: f64,
    /// Variance over mean of the noise that neighbouring pixels do not share: counts per electron of an ideal camera.
    pub gain: f64,
    /// Correlation of opposite disk means, 1 for a thin foil that only shifts the phase.
    pub friedel: f64,
}

/// Covariances of relative intensities over the annulus.
#[derive(Debug, Clone, PartialEq)]
pub struct Covariances {
    /// At distances of 0, 1, ... pixels along rows and columns.
    pub lags: Vec<f64>,
    /// Mean of one over the expected counts.
    inverse_counts: f64,
    /// Correlation of opposite disk means.
    friedel: f64,
}

impl Covariances {
    /// Of the frames `chosen` of a sample, each over its own mean.
    pub fn of(sample: &Sample, chosen: &[(usize, &Reading)], filter: &DiskFilter, geometry: &Geometry, radius: f64) -> Self {
        let n_lags = (2.0 * radius).ceil() as usize + 2;
        let columns = sample.columns;
        let (mut sums, mut counts) = (vec![0.0f64; n_lags], vec![0.0f64; n_lags]);
        let (mut inverse, mut opposite, mut own, mut n) = (0.0, 0.0, 0.0, 0.0);
        let mut scratch = Scratch::default();
        let mut relative = vec![f32::NAN; sample.frame_len];
        let opposite_of = |i: usize| {
            let y = (2.0 * geometry.centre[0] - (i / columns) as f64).round();
            let x = (2.0 * geometry.centre[1] - (i % columns) as f64).round();
            let inside = y >= 0.0 && x >= 0.0 && (x as usize) < columns && (y as usize) < sample.frame_len / columns;
            (inside && filter.sees(y as usize * columns + x as usize)).then(|| y as usize * columns + x as usize)
        };
        let pairs: Vec<(usize, usize)> =
            filter.inside().iter().filter_map(|i| Some((*i as usize, opposite_of(*i as usize)?))).collect();
        let seen: Vec<usize> = filter.inside().iter().map(|i| *i as usize).filter(|i| filter.weights()[*i] > 0.0).collect();
        for (index, _) in chosen {
            let frame = &sample.values[index * sample.frame_len..(index + 1) * sample.frame_len];
            let mean = seen.iter().map(|i| f64::from(frame[*i] * filter.weights()[*i])).sum::<f64>() / seen.len().max(1) as f64;
            for i in &seen {
                relative[*i] = (f64::from(frame[*i] * filter.weights()[*i]) / mean) as f32 - 1.0;
                inverse += f64::from(filter.weights()[*i]) / mean;
            }
            n += seen.len() as f64;
            for i in &seen {
                for (lag, (sum, count)) in sums.iter_mut().zip(&mut counts).enumerate() {
                    for j in [i + lag * columns, i + lag] {
                        let same_row = j == i + lag && i % columns + lag >= columns && lag > 0;
                        let Some(other) = relative.get(j).filter(|other| !other.is_nan() && !same_row) else { continue };
                        *sum += f64::from(relative[*i] * other);
                        *count += 1.0;
                    }
                }
            }
            filter.disk_means(frame, &mut scratch);
            for (i, j) in &pairs {
                let (a, b) = (f64::from(scratch.means[*i]) / mean - 1.0, f64::from(scratch.means[*j]) / mean - 1.0);
                opposite += a * b;
                own += 0.5 * (a * a + b * b);
            }
        }
        let lags = sums.iter().zip(&counts).map(|(sum, count)| if *count > 0.0 { sum / count } else { 0.0 }).collect();
        let friedel = if own > 0.0 { (opposite / own).clamp(0.0, 1.0) } else { 0.0 };
        Self { lags, inverse_counts: inverse / f64::max(n, 1.0), friedel }
    }

    /// The grain whose overlap explains the covariances beyond the first pixel; what is left at zero is noise.
    pub fn model(&self, radius: f64) -> SpeckleModel {
        let mut best = (f64::INFINITY, 0.0, radius);
        for step in 0..80 {
            let grain = (0.15 + 0.015 * f64::from(step)) * radius;
            let shape = |lag: usize| overlap(lag as f64 / grain).powi(2);
            let (mut cross, mut square) = (0.0, 0.0);
            for (lag, value) in self.lags.iter().enumerate().skip(1) {
                cross += value * shape(lag);
                square += shape(lag).powi(2);
            }
            if square < 1e-6 {
                continue;
            }
            let amplitude: f64 = (cross / square).max(0.0);
            let cost: f64 = self.lags.iter().enumerate().skip(1).map(|(lag, v)| (v - amplitude * shape(lag)).powi(2)).sum();
            if cost < best.0 {
                best = (cost, amplitude, grain);
            }
        }
        let (_, amplitude, grain) = best;
        let inverse_modes = amplitude.clamp(1e-4, 1.0);
        let gain = ((self.lags[0] - amplitude) / self.inverse_counts).max(0.0);
        SpeckleModel { inverse_modes, grain: grain.max(0.5), gain, friedel: self.friedel }
    }
}
