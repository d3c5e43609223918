//! Correlation of the diffracted intensity along rings of equal k: which symmetry the patterns share.

pub mod algorithm;
mod error;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::{Partial, Rings};
use self::error::NoCorrelation;
use super::bragg_detection::background::{BEAM_RADII, Background, Known};
use super::bragg_detection::fold::sample;
use super::bragg_detection::geometry::Geometry;
use super::bragg_detection::halo::Halo;
use super::calibration::Calibration;
use super::{BEAM_VOLTAGE, CONVERGENCE_SEMI_ANGLE, DARK_LEVEL, DETECTOR_GAIN, Q_PIXEL};
use crate::core::ctx::Ctx;
use crate::core::data::Scan4d;
use crate::core::outcome::Outcome;
use crate::core::stream::{Shard, fold_scan};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Correlation of the intensity at two azimuths of the same ring, over the angle between them, mean over the patterns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AngularCorrelation {
    /// Radius of a diffraction disk in detector pixels; from beam_voltage, convergence_semi_angle and q_pixel if absent.
    pub disk_radius: Option<f64>,
    /// Position [y, x] of the unscattered beam in detector pixels, counted from 0; found if absent.
    pub centre: Option<[f64; 2]>,
    /// Axes ratio (at least 1) and angle of the longer axis in degrees, from the detector's x axis towards y; found if absent.
    pub ellipse: Option<[f64; 2]>,
    /// Radius and standard deviation of the first halo in detector pixels; found if absent.
    pub halo: Option<[f64; 2]>,
    /// Detector pixels [row, column] that tell nothing, besides those that are found.
    pub masked_pixels: Vec<[usize; 2]>,
    /// Width of a ring in detector pixels.
    #[schemars(range(min = 1.0, max = 50.0))]
    pub ring_width: f64,
    /// Cells of equal azimuth in a ring; an even number.
    #[schemars(range(min = 12, max = 720))]
    pub cells: usize,
    /// Highest order of symmetry that is given.
    #[schemars(range(min = 2, max = 24))]
    pub orders: usize,
}

impl Default for AngularCorrelation {
    fn default() -> Self {
        Self {
            disk_radius: None,
            centre: None,
            ellipse: None,
            halo: None,
            masked_pixels: Vec::new(),
            ring_width: 2.0,
            cells: 60,
            orders: 12,
        }
    }
}

/// A scan and what is known about its patterns.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    scan: &'a Scan4d,
    known: Known,
    masked: Vec<bool>,
    calibration: Calibration,
    gain: Option<f64>,
    dark: f64,
}

/// A scan, correlated.
#[derive(Debug, Clone)]
pub(super) struct Correlated {
    halo: Halo,
    rings: Rings,
    partial: Partial,
}

/// Patterns that a mean needs.
const FEWEST: usize = 20;

impl Method for AngularCorrelation {
    const INFO: MethodInfo = MethodInfo {
        id: "stem.angular_correlation",
        family: "stem",
        version: 1,
        title: "Angular correlation C(k, Δ)",
        summary: "Correlation of the diffracted intensity along rings of equal k, over the angle, and the power of every order of symmetry.",
        doc: include_str!("doc.md"),
        technique: "stem",
        scope: Scope::Item,
        after: &[],
        constants: &[Q_PIXEL.key, BEAM_VOLTAGE.key, CONVERGENCE_SEMI_ANGLE.key, DETECTOR_GAIN.key, DARK_LEVEL.key],
        outputs: &[
            output("angular_contrast", "C(0)", "", "variance along a ring over its squared mean, on the first halo"),
            output("opposite_correlation", "C(π)", "", "correlation of opposite azimuths on the first halo"),
            output("even_share", "", "", "share of the even orders in the power of all orders, on the first halo"),
            output("halo_radius", "k0", "", "radius of the first halo, detector pixels"),
            output("n_patterns", "N", "", "patterns used"),
        ],
        covers: &[],
        references: &["P. Wochner et al., Proc. Natl. Acad. Sci. USA 106, 11511 (2009), doi:10.1073/pnas.0905337106"],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let scan = dataset.scan()?;
        let calibration = Calibration::of(dataset)?;
        let disk_radius = self.disk_radius.or(calibration.disk_radius).ok_or(NoCorrelation::NoDiskRadius)?;
        let constant = |info| dataset.constants.quantity(info).map(|quantity| quantity.map(|quantity| quantity.value));
        let (gain, dark) = (constant(&DETECTOR_GAIN)?, constant(&DARK_LEVEL)?);
        self.check_parameters(disk_radius, gain)?;
        if scan.n_present < FEWEST {
            return Err(NoCorrelation::TooFewPatterns { found: scan.n_present, needed: FEWEST }.into());
        }
        let [_, _, rows, columns] = scan.shape();
        let mut masked = vec![false; rows * columns];
        for [y, x] in &self.masked_pixels {
            let place = (*y < rows && *x < columns).then(|| y * columns + x);
            let wrong = NoCorrelation::Parameter { name: "masked_pixels", value: *y as f64, allowed: "on the detector" };
            masked[place.ok_or(wrong)?] = true;
        }
        let known = Known {
            centre: self.centre,
            ellipse: self.ellipse.map(|[ratio, angle]| [ratio, angle.to_radians()]),
            disk_radius,
            halo: self.halo.map(|[radius, width]| Halo { radius, width }),
        };
        Ok(Input { scan, known, masked, calibration, gain, dark: dark.unwrap_or(0.0) })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        let correlated = self.correlate(input, ctx)?;
        Ok(report::outcome(self, input, &correlated))
    }
}

impl AngularCorrelation {
    fn check_parameters(&self, disk_radius: f64, gain: Option<f64>) -> Result<(), MethodError> {
        let wrong = |name, value, allowed| Err(NoCorrelation::Parameter { name, value, allowed }.into());
        if !(disk_radius >= 1.0 && disk_radius.is_finite()) {
            return wrong("disk_radius", disk_radius, "at least one pixel");
        }
        if !(1.0..=50.0).contains(&self.ring_width) {
            return wrong("ring_width", self.ring_width, "from 1 to 50");
        }
        if !(12..=720).contains(&self.cells) || !self.cells.is_multiple_of(2) {
            return wrong("cells", self.cells as f64, "an even number from 12 to 720");
        }
        if !(2..=24).contains(&self.orders) || 2 * self.orders > self.cells {
            return wrong("orders", self.orders as f64, "from 2 to 24, at most half of cells");
        }
        if let Some(gain) = gain.filter(|gain| !(*gain > 0.0 && gain.is_finite())) {
            return wrong("detector_gain", gain, "greater than zero");
        }
        if let Some([ratio, _]) = self.ellipse.filter(|[ratio, angle]| !((1.0..=2.0).contains(ratio) && angle.is_finite())) {
            return wrong("ellipse", ratio, "a ratio from 1 to 2 and an angle in degrees");
        }
        if let Some([radius, _]) = self.halo.filter(|[radius, width]| !(*width > 0.0 && width < radius && radius.is_finite())) {
            return wrong("halo", radius, "a radius and a smaller width, both greater than zero");
        }
        match self.centre {
            Some([y, x]) if !(y.is_finite() && x.is_finite()) => wrong("centre", y, "a position [y, x] in pixels"),
            _ => Ok(()),
        }
    }

    fn correlate(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Correlated, MethodError> {
        let [_, _, rows, columns] = input.scan.shape();
        let sample = sample(input.scan)?;
        let usable = sample.frames().len();
        if usable < FEWEST {
            return Err(NoCorrelation::TooFewPatterns { found: usable, needed: FEWEST }.into());
        }
        let background =
            Background::of(&sample, &input.known, &input.masked).map_err(|reason| NoCorrelation::NoGeometry { reason })?;
        let geometry = background.geometry;
        let [cy, cx] = geometry.centre;
        let nearest = cy.min(cx).min(rows as f64 - 1.0 - cy).min(columns as f64 - 1.0 - cx);
        let range = [BEAM_RADII * input.known.disk_radius, nearest + 0.5];
        let place = |pixel: usize| {
            let (y, x) = ((pixel / columns) as f64, (pixel % columns) as f64);
            let weight = background.filter.weights()[pixel];
            (weight > 0.0).then(|| (geometry.distance(y, x), azimuth(&geometry, y, x), weight))
        };
        let rings = Rings::new(rows * columns, place, range, self.ring_width, self.cells, input.dark);
        if rings.radii.is_empty() {
            return Err(NoCorrelation::NoRing { inner: range[0], outer: range[1] }.into());
        }
        let partial = fold_scan(input.scan, &rings, Shard::WHOLE, ctx)?;
        if (partial.n as usize) < FEWEST {
            return Err(NoCorrelation::TooFewPatterns { found: partial.n as usize, needed: FEWEST }.into());
        }
        Ok(Correlated { halo: background.halo, rings, partial })
    }
}

/// Azimuth of a detector position, rad from x towards y, with the ellipse taken off.
fn azimuth(geometry: &Geometry, y: f64, x: f64) -> f64 {
    let (y, x) = (y - geometry.centre[0], x - geometry.centre[1]);
    let (angle, root) = (geometry.angle(), geometry.ratio().sqrt());
    let (sin, cos) = angle.sin_cos();
    let (along, across) = ((x * cos + y * sin) / root, (y * cos - x * sin) * root);
    across.atan2(along) + angle
}
