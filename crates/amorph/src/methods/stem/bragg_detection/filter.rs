//! The matched filter: means of a pattern, over its background, below a disk that is moved over the annulus.

use serde::{Deserialize, Serialize};

use super::geometry::Geometry;

/// Smallest share of a disk that must be seen.
const SEEN: f64 = 0.6;

/// Share of the annulus whose mean is the scale of a pattern: the lowest, where no disk is.
const SCALE_SHARE: f64 = 0.6;

/// Peaks kept per pattern.
const PEAKS: usize = 8;

/// Disk means over one detector.
#[derive(Debug, Clone)]
pub struct DiskFilter {
    columns: usize,
    radius: f64,
    geometry: Geometry,
    /// Rows of the disk and the columns that each reaches from the middle.
    spans: Vec<(isize, usize)>,
    reach: usize,
    /// One over the background, zero where masked.
    weights: Vec<f32>,
    /// One over the seen part of the disk, zero outside the annulus.
    norms: Vec<f32>,
    /// First and last column of the annulus in every row.
    rows: Vec<Option<(usize, usize)>>,
    /// Pixels of the annulus on a grid of half a radius.
    coarse: Vec<u32>,
    /// Pixels of the annulus.
    inside: Vec<u32>,
}

/// What a pattern shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Largest disk mean over the scale.
    pub t: f32,
    /// Mean of the lowest part of the annulus: thickness and dose over those of the background.
    pub scale: f32,
    /// The highest peaks, highest first.
    pub peaks: Vec<Peak>,
}

/// A local maximum of the disk means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Peak {
    /// Position (y, x), pixels.
    pub position: [f32; 2],
    /// Disk mean over the scale, the skirts of higher peaks taken off.
    pub value: f32,
    /// The largest disk mean over the scale within half a radius of the opposite position; `None` where nothing is seen.
    pub partner: Option<f32>,
}

/// Buffers of one thread.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    prefix: Vec<f32>,
    /// Disk means; zero outside the annulus.
    pub means: Vec<f32>,
    lowest: Vec<f32>,
}

impl DiskFilter {
    /// For disks of `radius` pixels in the annulus `inner <= k <= outer`, over a background `1/weights`.
    pub fn new(weights: Vec<f32>, columns: usize, radius: f64, geometry: Geometry, annulus: (f64, f64)) -> Self {
        let n_rows = weights.len() / columns.max(1);
        let whole = radius.floor() as isize;
        let spans: Vec<(isize, usize)> =
            (-whole..=whole).map(|dy| (dy, (radius * radius - (dy * dy) as f64).max(0.0).sqrt() as usize)).collect();
        let area: usize = spans.iter().map(|(_, h)| 2 * h + 1).sum();
        let mut filter = Self {
            columns,
            radius,
            geometry,
            reach: whole as usize,
            spans,
            norms: vec![1.0; weights.len()],
            rows: vec![Some((0, columns.saturating_sub(1))); n_rows],
            weights: weights.iter().map(|weight| if *weight > 0.0 { 1.0 } else { 0.0 }).collect(),
            coarse: Vec::new(),
            inside: Vec::new(),
        };
        let mut scratch = Scratch::default();
        filter.disk_means(&vec![1.0f32; weights.len()], &mut scratch);
        for (i, norm) in filter.norms.iter_mut().enumerate() {
            let k = geometry.distance((i / columns) as f64, (i % columns) as f64);
            let seen = scratch.means[i];
            let usable = (annulus.0..=annulus.1).contains(&k) && f64::from(seen) >= SEEN * area as f64;
            *norm = if usable { 1.0 / seen } else { 0.0 };
        }
        let norms = &filter.norms;
        let step = ((radius / 2.0) as usize).max(1);
        let on_grid = |i: &u32| (*i as usize / columns).is_multiple_of(step) && (*i as usize % columns).is_multiple_of(step);
        filter.inside = (0..norms.len() as u32).filter(|i| norms[*i as usize] > 0.0).collect();
        filter.coarse = filter.inside.iter().copied().filter(on_grid).collect();
        filter.rows = norms
            .chunks_exact(columns)
            .map(|row| Some((row.iter().position(|norm| *norm > 0.0)?, row.iter().rposition(|norm| *norm > 0.0)?)))
            .collect();
        filter.weights = weights;
        filter
    }

    /// Columns of the detector.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Positions of the annulus, as pixel numbers.
    pub fn inside(&self) -> &[u32] {
        &self.inside
    }

    /// One over the background of every pixel, zero where masked.
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// Whether a disk around a pixel is seen.
    pub fn sees(&self, pixel: usize) -> bool {
        self.norms[pixel] > 0.0
    }

    /// Disk means of `frame`, row by row, into `scratch.means`; the sum of all weighted pixels tells whether all are numbers.
    pub fn disk_means<P: Copy + Into<f64>>(&self, frame: &[P], scratch: &mut Scratch) -> f32 {
        let (columns, reach) = (self.columns, self.reach);
        let stride = columns + 2 * reach + 1;
        scratch.prefix.resize(stride * self.rows.len(), 0.0);
        scratch.means.clear();
        scratch.means.resize(frame.len(), 0.0);
        let mut total = 0.0;
        let rows = frame.chunks_exact(columns).zip(self.weights.chunks_exact(columns));
        for ((values, weights), prefix) in rows.zip(scratch.prefix.chunks_exact_mut(stride)) {
            let mut sum = 0.0f32;
            for ((to, value), weight) in prefix[reach + 1..].iter_mut().zip(values).zip(weights) {
                let value: f64 = (*value).into();
                sum += value as f32 * weight;
                *to = sum;
            }
            prefix[reach + 1 + columns..].fill(sum);
            total += sum;
        }
        for (y, range) in self.rows.iter().enumerate() {
            let Some((first, last)) = *range else { continue };
            let n = last - first + 1;
            let out = &mut scratch.means[y * columns + first..y * columns + last + 1];
            for (dy, half) in &self.spans {
                let row = y as isize + dy;
                if row < 0 || row as usize >= self.rows.len() {
                    continue;
                }
                let prefix = &scratch.prefix[row as usize * stride..(row as usize + 1) * stride];
                let left = &prefix[first + reach - half..][..n];
                let right = &prefix[first + reach + half + 1..][..n];
                for ((to, left), right) in out.iter_mut().zip(left).zip(right) {
                    *to += right - left;
                }
            }
            let norms = &self.norms[y * columns + first..y * columns + last + 1];
            out.iter_mut().zip(norms).for_each(|(to, norm)| *to *= norm);
        }
        total
    }

    /// Scale of the pattern whose disk means are in `scratch`, and the largest mean over it.
    pub fn scale_and_maximum(&self, scratch: &mut Scratch) -> (f32, f32) {
        let Scratch { means, lowest, .. } = scratch;
        lowest.clear();
        lowest.extend(self.coarse.iter().map(|i| means[*i as usize]));
        let n = ((SCALE_SHARE * lowest.len() as f64) as usize).clamp(1, lowest.len().max(1));
        if lowest.is_empty() {
            return (0.0, 0.0);
        }
        if n < lowest.len() {
            lowest.select_nth_unstable_by(n - 1, f32::total_cmp);
        }
        let scale = lowest[..n].iter().sum::<f32>() / n as f32;
        let maximum = means.iter().fold(0.0f32, |a, b| a.max(*b));
        (scale, maximum)
    }

    /// Scale, statistic and peaks of the pattern whose disk means are in `scratch`; `None` where the scale is not positive.
    pub fn reading(&self, scratch: &mut Scratch) -> Option<Reading> {
        let (scale, maximum) = self.scale_and_maximum(scratch);
        if !(scale > 0.0 && maximum.is_finite()) {
            return None;
        }
        let peaks = self.peaks(&scratch.means, scale);
        Some(Reading { t: maximum / scale, scale, peaks })
    }

    /// Local maxima, greedily from the highest, none within a radius of a higher one; skirts of higher ones taken off.
    fn peaks(&self, means: &[f32], scale: f32) -> Vec<Peak> {
        let columns = self.columns;
        let mut candidates: Vec<(f32, usize)> = Vec::new();
        let lowest = 1.2 * scale;
        for i in self.inside.iter().map(|i| *i as usize) {
            let value = means[i];
            if value < lowest || i < columns + 1 || i + columns + 1 >= means.len() {
                continue;
            }
            let before = [i - 1, i - columns, i - columns - 1, i - columns + 1];
            let after = [i + 1, i + columns, i + columns - 1, i + columns + 1];
            if before.iter().all(|j| means[*j] < value) && after.iter().all(|j| means[*j] <= value) {
                candidates.push((value, i));
            }
        }
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut kept: Vec<Peak> = Vec::new();
        for (value, i) in candidates {
            if kept.len() == PEAKS {
                break;
            }
            let position = self.centroid(means, i);
            let mut value = value / scale;
            let mut free = true;
            for peak in &kept {
                let d = f64::from((peak.position[0] - position[0]).hypot(peak.position[1] - position[1]));
                free &= d >= self.radius;
                value -= (peak.value - 1.0).max(0.0) * overlap(d / self.radius) as f32;
            }
            if free {
                let partner = self.partner(means, position).map(|mean| mean / scale);
                kept.push(Peak { position, value, partner });
            }
        }
        kept.sort_by(|a, b| b.value.total_cmp(&a.value));
        kept
    }

    /// Centre of gravity of the disk means above their lowest, within half a radius of a maximum.
    fn centroid(&self, means: &[f32], pixel: usize) -> [f32; 2] {
        let half = (0.5 * self.radius).max(1.0) as isize;
        let (row, column) = ((pixel / self.columns) as isize, (pixel % self.columns) as isize);
        let n_rows = self.rows.len() as isize;
        let mut seen: Vec<(f32, f32, f32)> = Vec::new();
        for y in (row - half).max(0)..=(row + half).min(n_rows - 1) {
            for x in (column - half).max(0)..=(column + half).min(self.columns as isize - 1) {
                let value = means[y as usize * self.columns + x as usize];
                if value > 0.0 {
                    seen.push((y as f32, x as f32, value));
                }
            }
        }
        let floor = seen.iter().fold(f32::INFINITY, |a, b| a.min(b.2));
        let (mut sum, mut y, mut x) = (0.0f32, 0.0f32, 0.0f32);
        for (at_y, at_x, value) in seen {
            let weight = value - floor;
            (sum, y, x) = (sum + weight, y + weight * at_y, x + weight * at_x);
        }
        if sum > 0.0 { [y / sum, x / sum] } else { [row as f32, column as f32] }
    }

    /// Largest disk mean within half a radius of the position opposite to `position`.
    pub fn partner(&self, means: &[f32], [y, x]: [f32; 2]) -> Option<f32> {
        let [cy, cx] = self.geometry.centre;
        self.largest_near(means, [2.0 * cy - f64::from(y), 2.0 * cx - f64::from(x)])
    }

    /// Largest disk mean within half a radius of (y, x); `None` where nothing is seen there.
    pub fn largest_near(&self, means: &[f32], [y, x]: [f64; 2]) -> Option<f32> {
        let reach = (0.5 * self.radius).max(1.0);
        let mut largest: Option<f32> = None;
        let (first, last) = ((y - reach).ceil() as isize, (y + reach).floor() as isize);
        for row in first.max(0)..=last.min(self.rows.len() as isize - 1) {
            let across = (reach * reach - (row as f64 - y).powi(2)).max(0.0).sqrt();
            let (left, right) = ((x - across).ceil() as isize, (x + across).floor() as isize);
            for column in left.max(0)..=right.min(self.columns as isize - 1) {
                let i = row as usize * self.columns + column as usize;
                if self.norms[i] > 0.0 {
                    largest = Some(largest.map_or(means[i], |value| value.max(means[i])));
                }
            }
        }
        largest
    }
}

/// Share of a disk that lies in another of the same radius at a distance of `d` radii.
pub fn overlap(d: f64) -> f64 {
    let u = (0.5 * d).clamp(0.0, 1.0);
    std::f64::consts::FRAC_2_PI * (u.acos() - u * (1.0 - u * u).sqrt())
}
