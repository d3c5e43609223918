//! Patterns without reflections from the measured speckle, and what the rule says about them.

use rand::RngExt;
use rayon::prelude::*;

use super::background::{Background, Sample, lowest};
use super::filter::{DiskFilter, Reading, Scratch};
use super::speckle::{Covariances, SpeckleModel};
use crate::core::random::{derive_seed, fill_standard_normal, rng};
use crate::sim::nbed::Speckle;

/// More modes than this are drawn as this many, their deviation scaled down: the tail is then a little too heavy.
const MOST_MODES: f64 = 5.0;

/// Patterns from which the bias of choosing flat patterns is taken.
const BIAS_PATTERNS: usize = 120;

/// A simulated pattern without reflections.
#[derive(Debug, Clone, PartialEq)]
pub struct NullPattern {
    /// Its largest disk mean over its scale.
    pub t: f64,
    /// Disk mean over the scale at a random position of the annulus.
    pub somewhere: f64,
    /// Largest disk mean over the scale within half a radius of another random position.
    pub near_somewhere: f64,
}

/// Draws patterns of a speckle over a background.
struct Generator<'a> {
    model: SpeckleModel,
    speckle: Speckle,
    filter: &'a DiskFilter,
    damping: f64,
}

impl<'a> Generator<'a> {
    fn new(model: SpeckleModel, background: &'a Background, shape: [usize; 2]) -> Option<Self> {
        let modes = 1.0 / model.inverse_modes;
        let drawn = modes.clamp(1.0, MOST_MODES);
        let speckle = Speckle::new(shape, background.geometry.centre, model.grain, drawn).ok()?;
        Some(Self { model, speckle, filter: &background.filter, damping: (drawn / modes).sqrt().min(1.0) })
    }

    fn frame(&self, seed: u64) -> Vec<f32> {
        let mut rng = rng(seed);
        let friedel = rng.random::<f64>() < self.model.friedel;
        let intensities = self.speckle.sample(&mut rng, friedel);
        let mut noise = vec![0.0; intensities.len()];
        fill_standard_normal(&mut rng, &mut noise);
        let pixel = |((intensity, weight), noise): ((&f64, &f32), f64)| {
            if *weight <= 0.0 {
                return 0.0;
            }
            let mean = (1.0 + self.damping * (intensity - 1.0)).max(0.0) / f64::from(*weight);
            (mean + (self.model.gain * mean).sqrt() * noise) as f32
        };
        intensities.iter().zip(self.filter.weights()).zip(noise).map(pixel).collect()
    }
}

/// The speckle of a sample, and `n` patterns of it without reflections.
///
/// The flattest `share` of the sample, which are the flattest `null_share` of its patterns without reflections, are too flat by
/// choice; the same choice among simulated patterns tells by how much.
pub fn simulate(
    sample: &Sample,
    background: &Background,
    radius: f64,
    (share, null_share): (f64, f64),
    n: usize,
    seed: u64,
) -> Option<(SpeckleModel, Vec<NullPattern>)> {
    let shape = [sample.frame_len / sample.columns, sample.columns];
    let chosen = lowest(&background.readings, share);
    let measure = |sample: &Sample, chosen: &[(usize, &Reading)]| {
        Covariances::of(sample, chosen, &background.filter, &background.geometry, radius).model(radius)
    };
    let first = measure(sample, &chosen);
    let generator = Generator::new(first, background, shape)?;
    let frames: Vec<Vec<f32>> =
        (0..BIAS_PATTERNS).into_par_iter().map(|i| generator.frame(derive_seed(seed, &["bias".into(), i.into()]))).collect();
    let trial = Sample { values: frames.concat(), frame_len: sample.frame_len, columns: sample.columns };
    let mut scratch = Scratch::default();
    let readings: Vec<Option<Reading>> = trial
        .frames()
        .map(|frame| {
            background.filter.disk_means(frame, &mut scratch);
            background.filter.reading(&mut scratch)
        })
        .collect();
    let after = measure(&trial, &lowest(&readings, null_share));
    let ratio = (first.inverse_modes / after.inverse_modes).clamp(0.5, 2.0);
    let model = SpeckleModel {
        inverse_modes: (first.inverse_modes * ratio).clamp(1e-4, 1.0),
        grain: (2.0 * first.grain - after.grain).clamp(0.5, 2.0 * radius),
        gain: (2.0 * first.gain - after.gain).max(0.0),
        ..first
    };
    let generator = Generator::new(model, background, shape)?;
    let patterns = (0..n)
        .into_par_iter()
        .map_init(Scratch::default, |scratch, i| {
            null_pattern(&generator, scratch, derive_seed(seed, &["null".into(), i.into()]))
        })
        .collect::<Option<Vec<NullPattern>>>()?;
    Some((model, patterns))
}

fn null_pattern(generator: &Generator<'_>, scratch: &mut Scratch, seed: u64) -> Option<NullPattern> {
    let filter = generator.filter;
    filter.disk_means(&generator.frame(seed), scratch);
    let (scale, maximum) = filter.scale_and_maximum(scratch);
    let mut rng = rng(derive_seed(seed, &["position".into()]));
    let mut anywhere = || filter.inside()[rng.random_range(0..filter.inside().len())] as usize;
    let (here, there) = (anywhere(), anywhere());
    let columns = filter.columns();
    let near = filter.largest_near(&scratch.means, [(there / columns) as f64, (there % columns) as f64])?;
    let over = |value: f32| f64::from(value) / f64::from(scale);
    (scale > 0.0).then(|| NullPattern { t: over(maximum), somewhere: over(scratch.means[here]), near_somewhere: over(near) })
}

/// What simulated patterns say about a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct SelfCheck {
    /// Simulated patterns above the threshold.
    pub n_false: usize,
    /// Simulated patterns.
    pub n: usize,
    /// Largest distance between the law that was fitted and the simulated values.
    pub ks_distance: f64,
    /// Intensity of a disk, over the background, that is found in four of five patterns.
    pub power: f64,
    /// Share of disks of the measured amplitudes that is found; NaN where none was measured.
    pub found: f64,
    /// Standard error of `found`.
    pub found_std: f64,
    /// What the opposite position of a reflection exceeds in one pattern of a hundred.
    pub partner_threshold: f64,
}

impl SelfCheck {
    /// With the law's cumulative distribution, the threshold, and amplitudes measured in flagged patterns.
    pub fn of(patterns: &[NullPattern], cumulative: impl Fn(f64) -> f64, threshold: f64, amplitudes: &[f64]) -> Self {
        let n = patterns.len();
        let mut t: Vec<f64> = patterns.iter().map(|pattern| pattern.t).collect();
        t.sort_by(f64::total_cmp);
        let gap = |(i, t): (usize, &f64)| {
            let law = cumulative(*t);
            (law - i as f64 / n as f64).abs().max((law - (i + 1) as f64 / n as f64).abs())
        };
        let ks_distance = t.iter().enumerate().map(gap).fold(0.0, f64::max);
        let mut needed: Vec<f64> = patterns.iter().map(|pattern| (threshold - pattern.somewhere).max(0.0)).collect();
        needed.sort_by(f64::total_cmp);
        let power = needed[((0.8 * n as f64) as usize).min(n - 1)];
        let mut near: Vec<f64> = patterns.iter().map(|pattern| pattern.near_somewhere).collect();
        near.sort_by(f64::total_cmp);
        let found_at = |amplitude: &f64| needed.partition_point(|needed| needed <= amplitude) as f64 / n as f64;
        let found = amplitudes.iter().map(found_at).sum::<f64>() / amplitudes.len() as f64;
        let spread = amplitudes.len().min(n) as f64;
        Self {
            n_false: n - t.partition_point(|t| *t <= threshold),
            n,
            ks_distance,
            power,
            found,
            found_std: (found * (1.0 - found) / spread).max(0.0).sqrt(),
            partner_threshold: near[((0.99 * n as f64) as usize).min(n - 1)],
        }
    }
}
