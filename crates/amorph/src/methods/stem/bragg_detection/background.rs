//! What a pattern without reflections looks like: geometry, bad pixels, background over the distance, from a sample of the frames.

use rayon::prelude::*;

use super::filter::{DiskFilter, Reading, Scratch};
use super::geometry::{Fixed, Geometry, Image, Profile, find_geometry};
use super::halo::{Halo, find_halo};

/// Distances nearer than this many disk radii belong to the direct beam.
pub const BEAM_RADII: f64 = 1.9;

/// Median absolute deviations of its shell beyond which a pixel is bad.
const BAD: f64 = 8.0;

/// Frames held in memory.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Frame after frame.
    pub values: Vec<f32>,
    /// Pixels of a frame.
    pub frame_len: usize,
    /// Columns of a frame.
    pub columns: usize,
}

/// What is known about the patterns beforehand.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Unscattered beam (y, x).
    pub centre: Option<[f64; 2]>,
    /// Ratio and angle of the ellipse.
    pub ellipse: Option<[f64; 2]>,
    /// Radius of a disk, pixels.
    pub disk_radius: f64,
    /// Position and width of the halo, pixels.
    pub halo: Option<Halo>,
}

/// Geometry, mask, background and the filter that uses them.
#[derive(Debug, Clone)]
pub struct Background {
    /// Centre and ellipse.
    pub geometry: Geometry,
    /// The first halo.
    pub halo: Halo,
    /// Where reflections are looked for, pixels from the beam.
    pub annulus: (f64, f64),
    /// Pixels that tell nothing.
    pub masked: Vec<bool>,
    /// Mean counts over the distance, for the median scale of the sample.
    pub profile: Profile,
    /// The matched filter.
    pub filter: DiskFilter,
    /// Reading of every frame of the sample; `None` where it cannot be used.
    pub readings: Vec<Option<Reading>>,
}

/// Why there is no background.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NoBackground {
    /// The mean pattern only falls with the distance.
    NoHalo,
    /// The direct beam reaches over the halo.
    DiskTooLarge {
        /// Distance that the direct beam reaches, pixels.
        beam: f64,
        /// End of the halo, pixels.
        halo_end: f64,
    },
    /// The annulus holds no complete disk.
    NothingSeen,
}

impl Sample {
    /// The frames.
    pub fn frames(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.values.chunks_exact(self.frame_len.max(1))
    }

    /// Mean of the lower four fifths of the values of every pixel, and whether it never changes.
    fn trimmed_mean(&self) -> (Vec<f64>, Vec<bool>) {
        let n = self.frames().len();
        let keep = (4 * n / 5).max(1);
        let one = |pixel: usize| {
            let mut values: Vec<f32> = self.frames().map(|frame| frame[pixel]).filter(|value| value.is_finite()).collect();
            if values.len() < keep.min(2) {
                return (0.0, true);
            }
            let constant = values.iter().all(|value| *value == values[0]);
            let keep = keep.min(values.len());
            if keep < values.len() {
                values.select_nth_unstable_by(keep - 1, f32::total_cmp);
            }
            (values[..keep].iter().map(|value| f64::from(*value)).sum::<f64>() / keep as f64, constant)
        };
        (0..self.frame_len).into_par_iter().map(one).unzip()
    }
}

impl Background {
    /// From a sample of frames. `usable` pixels are those that the user did not mask.
    ///
    /// # Errors
    /// [`NoBackground`].
    pub fn of(sample: &Sample, known: &Known, masked: &[bool]) -> Result<Self, NoBackground> {
        let (image, constant) = sample.trimmed_mean();
        let mut masked: Vec<bool> = masked.iter().zip(&constant).map(|(masked, constant)| *masked || *constant).collect();
        let rows = sample.frame_len / sample.columns.max(1);
        let outer = 0.5 * rows.min(sample.columns) as f64;
        let beam = BEAM_RADII * known.disk_radius;
        let middle = [0.5 * (rows as f64 - 1.0), 0.5 * (sample.columns as f64 - 1.0)];
        let start = match known.ellipse {
            Some([ratio, angle]) => Geometry::elliptic(known.centre.unwrap_or(middle), ratio, angle),
            None => Geometry::round(known.centre.unwrap_or(middle)),
        };
        let fixed = Fixed { centre: known.centre.is_some(), ellipse: known.ellipse.is_some() };
        let mut geometry = start;
        for round in 0..2 {
            let seen = Image { values: &image, masked: &masked, columns: sample.columns };
            let from = if round == 0 { start } else { Geometry { centre: geometry.centre, ..start } };
            geometry = find_geometry(&seen, from, fixed, beam, outer);
            mask_bad_pixels(&image, sample.columns, &geometry, beam, &mut masked);
        }
        let profile = profile_of(&image, &masked, sample.columns, &geometry);
        let farthest = middle[0].hypot(middle[1]);
        let halo = known.halo.or_else(|| find_halo(&profile, beam, farthest)).ok_or(NoBackground::NoHalo)?;
        let annulus = ((halo.radius - 2.0 * halo.width).max(beam), halo.radius + 2.0 * halo.width);
        if annulus.1 - annulus.0 < 1.0 {
            return Err(NoBackground::DiskTooLarge { beam, halo_end: annulus.1 });
        }
        let filter = filter_of(&profile, &masked, sample.columns, known.disk_radius, geometry, annulus);
        let mut background = Self { geometry, halo, annulus, masked, profile, filter, readings: Vec::new() };
        for _ in 0..2 {
            background.refine(sample, known.disk_radius)?;
        }
        Ok(background)
    }

    /// Takes the background anew from the half of the sample that looks least like a reflection.
    fn refine(&mut self, sample: &Sample, disk_radius: f64) -> Result<(), NoBackground> {
        if self.filter.inside().is_empty() {
            return Err(NoBackground::NothingSeen);
        }
        self.read(sample);
        let low = lowest(&self.readings, 0.5);
        let mut scales: Vec<f64> = low.iter().map(|(_, reading)| f64::from(reading.scale)).collect();
        if scales.is_empty() {
            return Err(NoBackground::NothingSeen);
        }
        let middle = scales.len() / 2;
        let typical = *scales.select_nth_unstable_by(middle, f64::total_cmp).1;
        let mut sums = vec![0.0f64; sample.frame_len];
        for (index, reading) in &low {
            let factor = typical / f64::from(reading.scale) / low.len() as f64;
            let frame = &sample.values[index * sample.frame_len..(index + 1) * sample.frame_len];
            sums.iter_mut().zip(frame).for_each(|(sum, value)| *sum += factor * f64::from(*value));
        }
        self.profile = profile_of(&sums, &self.masked, sample.columns, &self.geometry);
        self.filter = filter_of(&self.profile, &self.masked, sample.columns, disk_radius, self.geometry, self.annulus);
        self.read(sample);
        Ok(())
    }

    fn read(&mut self, sample: &Sample) {
        let filter = &self.filter;
        self.readings = sample
            .values
            .par_chunks_exact(sample.frame_len)
            .map_init(Scratch::default, |scratch, frame| {
                if !filter.disk_means(frame, scratch).is_finite() {
                    return None;
                }
                filter.reading(scratch)
            })
            .collect();
    }
}

/// The share of the readings with the lowest statistic, with their numbers.
pub fn lowest(readings: &[Option<Reading>], share: f64) -> Vec<(usize, &Reading)> {
    let mut usable: Vec<(usize, &Reading)> =
        readings.iter().enumerate().filter_map(|(index, reading)| Some((index, reading.as_ref()?))).collect();
    usable.sort_by(|a, b| a.1.t.total_cmp(&b.1.t));
    usable.truncate(((share * usable.len() as f64).ceil() as usize).max(1));
    usable.sort_by_key(|(index, _)| *index);
    usable
}

fn profile_of(image: &[f64], masked: &[bool], columns: usize, geometry: &Geometry) -> Profile {
    let seen = image.iter().zip(masked).enumerate().filter(|(_, (value, masked))| !**masked && value.is_finite());
    Profile::of(seen.map(|(i, (value, _))| (geometry.distance((i / columns) as f64, (i % columns) as f64), *value)))
}

/// One over the background, zero where masked and in the direct beam.
fn filter_of(
    profile: &Profile,
    masked: &[bool],
    columns: usize,
    radius: f64,
    geometry: Geometry,
    annulus: (f64, f64),
) -> DiskFilter {
    let weight = |(i, masked): (usize, &bool)| {
        let k = geometry.distance((i / columns) as f64, (i % columns) as f64);
        let mean = profile.at(k);
        if *masked || k < radius + 1.5 || mean.is_nan() || mean <= 0.0 { 0.0 } else { (1.0 / mean) as f32 }
    };
    DiskFilter::new(masked.iter().enumerate().map(weight).collect(), columns, radius, geometry, annulus)
}

/// Masks pixels far from the median of their shell, and those between several of them.
fn mask_bad_pixels(image: &[f64], columns: usize, geometry: &Geometry, beam: f64, masked: &mut [bool]) {
    let distance = |i: usize| geometry.distance((i / columns) as f64, (i % columns) as f64);
    let mut shells: Vec<Vec<f64>> = Vec::new();
    for (i, value) in image.iter().enumerate().filter(|(i, _)| !masked[*i]) {
        let shell = distance(i).round() as usize;
        if shells.len() <= shell {
            shells.resize(shell + 1, Vec::new());
        }
        shells[shell].push(*value);
    }
    let middle = |values: &mut Vec<f64>| match values.len() {
        0 => f64::NAN,
        n => *values.select_nth_unstable_by(n / 2, f64::total_cmp).1,
    };
    let spread = |values: &mut Vec<f64>| {
        let median = middle(values);
        let mut deviations: Vec<f64> = values.iter().map(|value| (value - median).abs()).collect();
        (median, middle(&mut deviations))
    };
    let typical: Vec<(f64, f64)> = shells.iter_mut().map(spread).collect();
    let found: Vec<bool> = (0..image.len())
        .map(|i| {
            let k = distance(i);
            let (median, deviation) = typical.get(k.round() as usize).copied().unwrap_or((f64::NAN, f64::NAN));
            // Shells of a pixel's width are not flat: two per cent of the median is never bad.
            masked[i] || (k > beam && (image[i] - median).abs() > BAD * deviation.max(0.02 * median))
        })
        .collect();
    let rows = image.len() / columns.max(1);
    for i in 0..image.len() {
        let (y, x) = (i / columns, i % columns);
        let around = (y.saturating_sub(1)..(y + 2).min(rows))
            .flat_map(|y| (x.saturating_sub(1)..(x + 2).min(columns)).map(move |x| (y, x)));
        masked[i] = found[i] || around.filter(|(y, x)| found[y * columns + x]).count() >= 3;
    }
}
