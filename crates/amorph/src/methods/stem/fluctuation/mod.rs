//! Fluctuation electron microscopy: the normalised variance of diffracted intensity, in four definitions.

pub mod algorithm;
mod error;
mod figures;
pub mod fold;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::{Shells, Sums};
use self::error::FluctuationError;
use self::fold::{AddFrames, Partial};
use super::bragg_detection::background::{BEAM_RADII, Background, Known};
use super::bragg_detection::fold::sample;
use super::bragg_detection::halo::Halo;
use super::calibration::Calibration;
use super::{BEAM_VOLTAGE, CONVERGENCE_SEMI_ANGLE, DARK_LEVEL, DETECTOR_GAIN, Q_PIXEL, RELATIVE_THICKNESS, SCAN_STEP};
use crate::core::ctx::Ctx;
use crate::core::data::Scan4d;
use crate::core::outcome::Outcome;
use crate::core::stream::{Shard, fold_scan};
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Variance over positions of the intensity at every distance from the beam, shot noise subtracted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Fluctuation {
    /// Radius of a diffraction disk in detector pixels; from beam_voltage, convergence_semi_angle and q_pixel if absent.
    pub disk_radius: Option<f64>,
    /// Position [y, x] of the unscattered beam in detector pixels, counted from 0; found if absent.
    pub centre: Option<[f64; 2]>,
    /// Axes ratio (at least 1) and angle of the longer axis in degrees, from the detector's x axis towards y; found if absent.
    pub ellipse: Option<[f64; 2]>,
    /// Radius and standard deviation of the first halo in detector pixels; found if absent.
    pub halo: Option<[f64; 2]>,
    /// Nearest and farthest distance from the beam in detector pixels; from 1.9 disk radii to the edge if absent.
    pub range: Option<[f64; 2]>,
    /// Detector pixels [row, column] that tell nothing, besides those that are found.
    pub masked_pixels: Vec<[usize; 2]>,
    /// Directions [from, to] in degrees, from the detector's x axis towards y, that a beam stop hides.
    pub masked_sectors: Vec<[f64; 2]>,
    /// Blocks per side into which the scan is divided for the intervals; a block must be larger than the probe.
    #[schemars(range(min = 2, max = 16))]
    pub blocks: usize,
}

impl Default for Fluctuation {
    fn default() -> Self {
        Self {
            disk_radius: None,
            centre: None,
            ellipse: None,
            halo: None,
            range: None,
            masked_pixels: Vec::new(),
            masked_sectors: Vec::new(),
            blocks: 4,
        }
    }
}

/// A scan and what is known about its patterns and its camera.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    scan: &'a Scan4d,
    known: Known,
    masked: Vec<bool>,
    calibration: Calibration,
    gain: Option<f64>,
    dark: f64,
    dark_stated: bool,
    thickness: Option<Quantity>,
}

/// A scan, summed.
#[derive(Debug, Clone)]
pub(super) struct Summed {
    background: Background,
    shells: Shells,
    partial: Partial,
    /// Sums of the blocks that have frames.
    blocks: Vec<Sums>,
    total: Sums,
}

/// Patterns that a variance needs.
const FEWEST: usize = 20;

/// Largest share of pixels that may be no numbers.
const LARGEST_INVALID: f64 = 0.05;

impl Method for Fluctuation {
    const INFO: MethodInfo = MethodInfo {
        id: "stem.fluctuation",
        family: "stem",
        version: 3,
        title: "Fluctuation microscopy V(k)",
        summary: "Normalised variance of the diffracted intensity over positions, shot noise subtracted, in four named definitions.",
        doc: include_str!("doc.md"),
        technique: "stem",
        scope: Scope::Item,
        after: &[],
        constants: &[
            SCAN_STEP.key,
            Q_PIXEL.key,
            BEAM_VOLTAGE.key,
            CONVERGENCE_SEMI_ANGLE.key,
            DETECTOR_GAIN.key,
            DARK_LEVEL.key,
            RELATIVE_THICKNESS.key,
        ],
        outputs: &[
            output("fluctuation_image", "V", "", "variance over positions at every pixel, mean over the first halo"),
            output(
                "fluctuation_re",
                "V_re",
                "",
                "variance over all pixels of a ring and all positions, mean over the first halo",
            ),
            output(
                "fluctuation_r",
                "V_r",
                "",
                "variance along the ring of every pattern, mean over positions and the first halo",
            ),
            output("fluctuation_omega", "V_Ω", "", "variance over positions of the mean of a ring, mean over the first halo"),
            output("speckle_modes_M", "M", "", "independent modes of the patterns on the first halo: 1/V"),
            output("fluctuation_peak", "", "", "largest V of the image definition on the first halo"),
            output("fluctuation_peak_distance", "", "", "where it is, detector pixels"),
            output("brightness_variance", "", "", "relative variance of the whole patterns: thickness and dose"),
            output(
                "relative_thickness",
                "t/λ",
                "",
                "thickness over the mean free path, as stated: variances of one thickness compare",
            ),
            output("halo_radius", "k0", "", "radius of the first halo, detector pixels"),
            output("n_patterns", "N", "", "patterns used"),
        ],
        covers: &[],
        references: &[
            "T. L. Daulton, K. S. Bondi, K. F. Kelton, Ultramicroscopy 110, 1279 (2010), doi:10.1016/j.ultramic.2010.05.010",
            "M. M. J. Treacy, J. M. Gibson, L. Fan, D. J. Paterson, I. McNulty, Rep. Prog. Phys. 68, 2899 (2005), doi:10.1088/0034-4885/68/12/R06",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let scan = dataset.scan()?;
        let calibration = Calibration::of(dataset)?;
        let disk_radius = self.disk_radius.or(calibration.disk_radius).ok_or(FluctuationError::NoDiskRadius)?;
        let constant = |info| dataset.constants.quantity(info).map(|quantity| quantity.map(|quantity| quantity.value));
        let (gain, dark) = (constant(&DETECTOR_GAIN)?, constant(&DARK_LEVEL)?);
        self.check_parameters(disk_radius, gain)?;
        if scan.n_present < FEWEST {
            return Err(FluctuationError::TooFewPatterns { found: scan.n_present, needed: FEWEST }.into());
        }
        let [_, _, rows, columns] = scan.shape();
        let mut masked = vec![false; rows * columns];
        for [y, x] in &self.masked_pixels {
            let place = (*y < rows && *x < columns).then(|| y * columns + x);
            let wrong = FluctuationError::Parameter { name: "masked_pixels", value: *y as f64, allowed: "on the detector" };
            masked[place.ok_or(wrong)?] = true;
        }
        let known = Known {
            centre: self.centre,
            ellipse: self.ellipse.map(|[ratio, angle]| [ratio, angle.to_radians()]),
            disk_radius,
            halo: self.halo.map(|[radius, width]| Halo { radius, width }),
        };
        let thickness = dataset.constants.positive(&RELATIVE_THICKNESS)?;
        let (dark, dark_stated) = (dark.unwrap_or(0.0), dark.is_some());
        Ok(Input { scan, known, masked, calibration, gain, dark, dark_stated, thickness })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        let summed = self.sum(input, ctx)?;
        Ok(report::outcome(input, &summed))
    }
}

impl Fluctuation {
    fn check_parameters(&self, disk_radius: f64, gain: Option<f64>) -> Result<(), MethodError> {
        let wrong = |name, value, allowed| Err(FluctuationError::Parameter { name, value, allowed }.into());
        if !(disk_radius >= 1.0 && disk_radius.is_finite()) {
            return wrong("disk_radius", disk_radius, "at least one pixel");
        }
        if !(2..=16).contains(&self.blocks) {
            return wrong("blocks", self.blocks as f64, "from 2 to 16");
        }
        if let Some(gain) = gain.filter(|gain| !(*gain > 0.0 && gain.is_finite())) {
            return wrong("detector_gain", gain, "greater than zero");
        }
        if let Some([ratio, _]) = self.ellipse.filter(|[ratio, angle]| !((1.0..=2.0).contains(ratio) && angle.is_finite())) {
            return wrong("ellipse", ratio, "a ratio from 1 to 2 and an angle in degrees");
        }
        if let Some([near, _]) = self.range.filter(|[near, far]| !(*near >= 0.0 && far > near && far.is_finite())) {
            return wrong("range", near, "two distances in pixels, the smaller one first");
        }
        if let Some([radius, _]) = self.halo.filter(|[radius, width]| !(*width > 0.0 && width < radius && radius.is_finite())) {
            return wrong("halo", radius, "a radius and a smaller width, both greater than zero");
        }
        match self.centre {
            Some([y, x]) if !(y.is_finite() && x.is_finite()) => wrong("centre", y, "a position [y, x] in pixels"),
            _ => Ok(()),
        }
    }

    fn sum(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Summed, MethodError> {
        let [scan_rows, scan_columns, rows, columns] = input.scan.shape();
        let sample = sample(input.scan)?;
        if sample.frames().len() < FEWEST.min(input.scan.n_present) {
            return Err(FluctuationError::TooFewPatterns { found: sample.frames().len(), needed: FEWEST }.into());
        }
        let background =
            Background::of(&sample, &input.known, &input.masked).map_err(|reason| FluctuationError::NoGeometry { reason })?;
        let geometry = background.geometry;
        let [cy, cx] = geometry.centre;
        let nearest = cy.min(cx).min(rows as f64 - 1.0 - cy).min(columns as f64 - 1.0 - cx);
        let [inner, outer] = self.range.unwrap_or([BEAM_RADII * input.known.disk_radius, nearest + 0.5]);
        let at = |i: usize| ((i / columns) as f64, (i % columns) as f64);
        let hidden = |i: usize| {
            let (y, x) = at(i);
            let angle = (y - cy).atan2(x - cx).to_degrees();
            self.masked_sectors.iter().any(|[from, to]| (angle - from).rem_euclid(360.0) <= (to - from).rem_euclid(360.0))
        };
        let shells = Shells::new(
            rows * columns,
            |i| geometry.distance(at(i).0, at(i).1),
            |i| !background.masked[i] && !hidden(i),
            inner.ceil() as usize,
            outer.floor().max(0.0) as usize + 1,
        );
        if shells.pixels.is_empty() {
            return Err(FluctuationError::NoShell { inner, outer }.into());
        }
        let blocks = [self.blocks.min(scan_rows), self.blocks.min(scan_columns)];
        let scan = [scan_rows, scan_columns];
        let fold = AddFrames { shells: &shells, frame_len: rows * columns, scan, blocks, dark: input.dark };
        let mut partial = fold_scan(input.scan, &fold, Shard::WHOLE, ctx)?;
        let all = input.scan.n_present * shells.pixels.len();
        if let Some(first) = partial.first_invalid.filter(|_| partial.invalid as f64 > LARGEST_INVALID * all as f64) {
            let frame = (first / scan_columns, first % scan_columns);
            return Err(FluctuationError::TooManyInvalid { invalid: partial.invalid, total: all, frame }.into());
        }
        let blocks: Vec<Sums> = std::mem::take(&mut partial.blocks).into_iter().map(|(_, sums)| sums).collect();
        let mut total = Sums::new(&shells);
        blocks.iter().for_each(|block| total.merge(block));
        if (total.n as usize) < FEWEST {
            return Err(FluctuationError::TooFewPatterns { found: total.n as usize, needed: FEWEST }.into());
        }
        Ok(Summed { background, shells, partial, blocks, total })
    }
}
