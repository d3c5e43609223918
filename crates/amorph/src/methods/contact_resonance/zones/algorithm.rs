//! Zones that stand out from their surroundings.

use ndarray::{Array2, Axis};
use rayon::prelude::*;

use crate::core::image::{Connectivity, Labelling, label};
use crate::core::random::{derive_seed, phase_randomised};
use crate::core::stats::median;

const MAX_ITERATIONS: usize = 30;
/// Median absolute deviation of a normal distribution over its standard deviation, inverted.
const MAD: f64 = 1.482_602;

/// Rules of the segmentation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Standard deviation of the smoothing, pixels.
    pub smoothing: f64,
    /// Threshold in standard deviations of the untreated part of the smoothed map.
    pub threshold: f64,
    /// Least number of pixels of a zone.
    pub min_pixels: usize,
    /// -1 for zones below, 1 for zones above their surroundings.
    pub sign: f64,
}

/// One zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zone {
    /// Label in [`Zones::labelling`].
    pub label: u32,
    /// Pixels beyond the threshold, holes filled.
    pub n_pixels: usize,
    /// Pixels beyond half the change of the zone: the area of a sharp zone without the smoothing.
    pub n_pixels_half: usize,
    /// Mean of the map inside, away from the smoothed edge where the zone is large enough.
    pub mean: f64,
    /// Centre, (row, column).
    pub centre: (f64, f64),
    /// Whether it touches the border.
    pub touches_border: bool,
}

/// The zones of a map and what is left of it.
#[derive(Debug, Clone)]
pub struct Zones {
    /// The zones, in order of their first pixels.
    pub zones: Vec<Zone>,
    /// Pixels of the zones, holes filled.
    pub labelling: Labelling,
    /// The smoothed map.
    pub smoothed: Array2<f64>,
    /// Untreated pixels: outside all zones and their smoothed edges.
    pub untreated: Array2<bool>,
    /// Mean of the smoothed map over them.
    pub level: f64,
    /// Standard deviation of the smoothed map over them.
    pub sd: f64,
}

/// Gaussian smoothing that leaves missing values out; `sd` in pixels, cut at four of them.
pub fn smooth(map: &Array2<f64>, sd: f64) -> Array2<f64> {
    if sd <= 0.0 {
        return map.clone();
    }
    if map.iter().all(|value| value.is_finite()) {
        let norms = [Axis(0), Axis(1)].map(|axis| kernel_sums(map.len_of(axis), sd));
        let mut smoothed = smooth_along(&smooth_along(map, Axis(1), sd), Axis(0), sd);
        smoothed.indexed_iter_mut().for_each(|((i, j), value)| *value /= norms[0][i] * norms[1][j]);
        return smoothed;
    }
    let values = map.mapv(|value| if value.is_finite() { value } else { 0.0 });
    let weights = map.mapv(|value| f64::from(u8::from(value.is_finite())));
    let both = [values, weights].map(|array| smooth_along(&smooth_along(&array, Axis(1), sd), Axis(0), sd));
    let [sum, weight] = both;
    ndarray::Zip::from(&sum)
        .and(&weight)
        .and(map)
        .map_collect(|sum, weight, value| if value.is_finite() { sum / weight } else { f64::NAN })
}

fn reach(n: usize, sd: f64) -> usize {
    ((4.0 * sd).ceil() as usize).min(n.saturating_sub(1))
}

fn kernel(distance: usize, sd: f64) -> f64 {
    (-0.5 * (distance as f64 / sd).powi(2)).exp()
}

/// Sum of the kernel over the part of it that lies on the map, for every place along a side.
fn kernel_sums(n: usize, sd: f64) -> Vec<f64> {
    let reach = reach(n, sd);
    let sum = |i: usize| (i.saturating_sub(reach)..(i + reach + 1).min(n)).map(|j| kernel(i.abs_diff(j), sd)).sum::<f64>();
    (0..n).map(sum).collect()
}

fn smooth_along(array: &Array2<f64>, axis: Axis, sd: f64) -> Array2<f64> {
    let n = array.len_of(axis);
    let reach = reach(n, sd);
    let mut result = Array2::zeros(array.dim());
    for (i, mut line) in result.axis_iter_mut(axis).enumerate() {
        for j in i.saturating_sub(reach)..(i + reach + 1).min(n) {
            line.scaled_add(kernel(i.abs_diff(j), sd), &array.index_axis(axis, j));
        }
    }
    result
}

/// Finds the zones; level and spread of the untreated part are found with them, starting from median and median deviation.
///
/// `None` when nothing finite is left.
pub fn find_zones(map: &Array2<f64>, rules: &Rules) -> Option<Zones> {
    let smoothed = smooth(map, rules.smoothing);
    let finite: Vec<f64> = smoothed.iter().copied().filter(|value| value.is_finite()).collect();
    let mut level = median(&finite).ok()?;
    let mut sd = MAD * median(&finite.iter().map(|value| (value - level).abs()).collect::<Vec<f64>>()).ok()?;
    let margin = (2.0 * rules.smoothing).ceil() as usize;
    let mut found = segment(&smoothed, level, sd, rules);
    let mut untreated = outside(map, &found, margin);
    for _ in 0..MAX_ITERATIONS {
        let (next_level, next_sd) = level_and_sd(&smoothed, &untreated)?;
        let settled = (next_level - level).abs() <= 1e-9 * sd && (next_sd - sd).abs() <= 1e-9 * sd;
        (level, sd) = (next_level, next_sd);
        if settled {
            break;
        }
        found = segment(&smoothed, level, sd, rules);
        untreated = outside(map, &found, margin);
    }
    let labelling = label(&found.view(), Connectivity::Four);
    let zones = measure(map, &smoothed, &labelling, level, rules);
    Some(Zones { zones, labelling, smoothed, untreated, level, sd })
}

fn level_and_sd(smoothed: &Array2<f64>, untreated: &Array2<bool>) -> Option<(f64, f64)> {
    let values = || smoothed.iter().zip(untreated).filter(|(_, keep)| **keep).map(|(value, _)| *value);
    let n = values().count() as f64;
    let level = values().sum::<f64>() / n;
    let variance = values().map(|value| (value - level).powi(2)).sum::<f64>() / n;
    (n > 1.0 && variance > 0.0).then(|| (level, variance.sqrt()))
}

/// Pixels beyond the threshold in connected zones of the least size, holes filled.
fn segment(smoothed: &Array2<f64>, level: f64, sd: f64, rules: &Rules) -> Array2<bool> {
    let beyond = smoothed.mapv(|value| rules.sign * (value - level) > rules.threshold * sd);
    let large = keep(&beyond, |region| region.n_pixels as usize >= rules.min_pixels);
    let holes = keep(&large.mapv(|inside| !inside), |region| !region.touches_border);
    ndarray::Zip::from(&large).and(&holes).map_collect(|large, hole| *large || *hole)
}

fn keep(mask: &Array2<bool>, wanted: impl Fn(&crate::core::image::Region) -> bool) -> Array2<bool> {
    let labelling = label(&mask.view(), Connectivity::Four);
    let wanted: Vec<bool> = std::iter::once(false).chain(labelling.regions().iter().map(wanted)).collect();
    labelling.to_map().mapv(|label| wanted.get(label as usize).copied().unwrap_or(false))
}

/// Usable pixels at least `margin` pixels (along rows or columns) from every zone.
fn outside(map: &Array2<f64>, zones: &Array2<bool>, margin: usize) -> Array2<bool> {
    let near = dilated(zones, margin);
    ndarray::Zip::from(map).and(&near).map_collect(|value, near| value.is_finite() && !near)
}

fn dilated(mask: &Array2<bool>, margin: usize) -> Array2<bool> {
    let mut result = mask.clone();
    for axis in [Axis(0), Axis(1)] {
        let before = result.clone();
        let n = before.len_of(axis);
        for (i, mut line) in result.axis_iter_mut(axis).enumerate() {
            for j in i.saturating_sub(margin)..(i + margin + 1).min(n) {
                line.zip_mut_with(&before.index_axis(axis, j), |inside, other| *inside |= other);
            }
        }
    }
    result
}

fn measure(map: &Array2<f64>, smoothed: &Array2<f64>, labelling: &Labelling, level: f64, rules: &Rules) -> Vec<Zone> {
    let labels = labelling.to_map();
    let margin = rules.smoothing.ceil() as usize;
    // Away from the edge: what is left when everything that is not this zone grows by the smoothing.
    let core = dilated(&labels.mapv(|label| label == 0), margin);
    let regions = labelling.regions();
    let mut sums = vec![[0.0; 4]; regions.len() + 1];
    for ((place, label), core_edge) in labels.indexed_iter().zip(&core) {
        let value = map[place];
        if *label == 0 || !value.is_finite() {
            continue;
        }
        let sum = &mut sums[*label as usize];
        sum[0] += value;
        sum[1] += 1.0;
        if !core_edge {
            sum[2] += value;
            sum[3] += 1.0;
        }
    }
    regions
        .iter()
        .map(|region| {
            let [sum, n, core_sum, core_n] = sums[region.label as usize];
            let mean = if core_n >= 0.25 * rules.min_pixels as f64 && core_n > 0.0 { core_sum / core_n } else { sum / n };
            let half = level + 0.5 * (mean - level);
            Zone {
                label: region.label,
                n_pixels: region.n_pixels as usize,
                n_pixels_half: half_pixels(smoothed, &labels, region, half, rules),
                mean,
                centre: (region.sums[1] as f64 / region.n_pixels as f64, region.sums[0] as f64 / region.n_pixels as f64),
                touches_border: region.touches_border,
            }
        })
        .collect()
}

/// Pixels beyond `half` in the zone and in the untreated pixels within its smoothed edge.
fn half_pixels(
    smoothed: &Array2<f64>,
    labels: &Array2<u32>,
    region: &crate::core::image::Region,
    half: f64,
    rules: &Rules,
) -> usize {
    let margin = (3.0 * rules.smoothing).ceil() as usize;
    let range = |(first, last): (usize, usize), n: usize| first.saturating_sub(margin)..(last + margin + 1).min(n);
    let mut count = 0;
    for row in range(region.rows, smoothed.nrows()) {
        for column in range(region.columns, smoothed.ncols()) {
            let own = labels[[row, column]] == region.label || labels[[row, column]] == 0;
            count += usize::from(own && rules.sign * (smoothed[[row, column]] - half) > 0.0);
        }
    }
    count
}

/// Largest zone (pixels) and number of zones of maps that have the spectrum of the untreated part and random phases.
pub fn null_zones(map: &Array2<f64>, zones: &Zones, rules: &Rules, surrogates: usize, seed: u64) -> Vec<(usize, usize)> {
    let values = || map.iter().zip(&zones.untreated).filter(|(_, keep)| **keep).map(|(value, _)| *value);
    let n = values().count() as f64;
    let level = values().sum::<f64>() / n;
    // Filled places have no variance: the rest is scaled so that the whole map has that of the untreated part.
    let scale = (map.len() as f64 / n).sqrt();
    let filled = ndarray::Zip::from(map)
        .and(&zones.untreated)
        .map_collect(|value, keep| if *keep { (value - level) * scale } else { 0.0 });
    (0..surrogates)
        .into_par_iter()
        .map(|surrogate| {
            let null = phase_randomised(&filled.view(), derive_seed(seed, &["zones".into(), surrogate.into()]));
            zones_of_noise(&null, rules)
        })
        .collect()
}

/// Largest zone and number of zones of a map that is all surroundings.
fn zones_of_noise(map: &Array2<f64>, rules: &Rules) -> (usize, usize) {
    let smoothed = smooth(map, rules.smoothing);
    let everywhere = Array2::from_elem(map.dim(), true);
    let Some((level, sd)) = level_and_sd(&smoothed, &everywhere) else { return (0, 0) };
    let beyond = smoothed.mapv(|value| rules.sign * (value - level) > rules.threshold * sd);
    let sizes = label(&beyond.view(), Connectivity::Four).regions();
    let sizes = sizes.iter().map(|region| region.n_pixels as usize).filter(|size| *size >= rules.min_pixels);
    sizes.fold((0, 0), |(largest, count), size| (largest.max(size), count + 1))
}
