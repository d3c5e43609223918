//! Images of virtual detectors, made after the experiment in one pass over the scan.

pub mod algorithm;
mod error;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::{Detectors, Partial};
use self::error::NoVirtualImage;
use super::annular_sum::algorithm::Annulus;
use super::calibration::Calibration;
use super::{BEAM_VOLTAGE, CONVERGENCE_SEMI_ANGLE, Q_PIXEL, SCAN_STEP};
use crate::core::ctx::Ctx;
use crate::core::data::Scan4d;
use crate::core::outcome::Outcome;
use crate::core::stream::{Shard, fold_scan};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Bright field, annular dark field and detectors of any shape, the centre of mass, and the mean pattern with its scatter.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VirtualImage {
    /// Position [y, x] of the unscattered beam in detector pixels, counted from 0; the middle of the detector, with a warning, if absent.
    pub centre: Option<[f64; 2]>,
    /// Radius of the bright-field disk in detector pixels; that of a diffraction disk (beam_voltage, convergence_semi_angle, q_pixel) if absent.
    pub bright_field: Option<f64>,
    /// Inner and outer radius of the annular dark field in detector pixels; no dark field if absent.
    pub dark_field: Option<[f64; 2]>,
    /// Further disks [y, x, radius] in detector pixels, one image each: for instance at a reflection.
    pub disks: Vec<[f64; 3]>,
    /// Further rectangles [first row, first column, rows, columns], one image each.
    pub rectangles: Vec<[usize; 4]>,
    /// Detector pixels [row, column] of one more detector of any shape.
    pub pixels: Vec<[usize; 2]>,
    /// Detector pixels [row, column] that no detector counts.
    pub masked_pixels: Vec<[usize; 2]>,
    /// Radius around the beam within which the centre of mass is taken, detector pixels; the whole detector if absent.
    pub mass_radius: Option<f64>,
}

/// A scan and its virtual detectors.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    scan: &'a Scan4d,
    detectors: Detectors,
    names: Vec<String>,
    centre: [f64; 2],
    centre_assumed: bool,
    calibration: Calibration,
}

impl Method for VirtualImage {
    const INFO: MethodInfo = MethodInfo {
        id: "stem.virtual_image",
        family: "stem",
        version: 1,
        title: "Virtual images",
        summary: "Bright field, annular dark field, disks and detectors of any shape, centre of mass, mean pattern and its scatter, in one pass over a scan of any size.",
        doc: include_str!("doc.md"),
        technique: "stem",
        scope: Scope::Item,
        after: &[],
        constants: &[SCAN_STEP.key, Q_PIXEL.key, BEAM_VOLTAGE.key, CONVERGENCE_SEMI_ANGLE.key],
        outputs: &[
            output("mean_counts", "⟨I⟩", "", "mean over the patterns of the counts of the whole detector"),
            output("bright_field_share", "", "", "share of them in the bright-field disk"),
            output("dark_field_share", "", "", "share of them in the annular dark field"),
            output("centre_of_mass_y", "", "", "mean over the patterns of the centre of mass, detector rows"),
            output("centre_of_mass_x", "", "", "mean over the patterns of the centre of mass, detector columns"),
            output("descan", "", "", "change of the centre of mass from one side of the scan to the other, detector pixels"),
            output("n_patterns", "N", "", "patterns in the file"),
        ],
        covers: &[],
        references: &["C. Ophus, Microsc. Microanal. 25, 563 (2019), doi:10.1017/S1431927619000497"],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let scan = dataset.scan()?;
        if scan.n_present == 0 {
            return Err(NoVirtualImage::NoFrames { expected: scan.n_frames() }.into());
        }
        let calibration = Calibration::of(dataset)?;
        let [_, _, rows, columns] = scan.shape();
        let centre = self.centre.unwrap_or([(rows as f64 - 1.0) / 2.0, (columns as f64 - 1.0) / 2.0]);
        let (names, detectors) = self.detectors([rows, columns], centre, calibration.disk_radius)?;
        Ok(Input { scan, detectors, names, centre, centre_assumed: self.centre.is_none(), calibration })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        let partial = input.partial(Shard::WHOLE, ctx)?;
        Ok(report::outcome(input, &partial))
    }
}

impl Input<'_> {
    /// The part of the work that is done on one shard.
    ///
    /// # Errors
    /// When the file cannot be read, the memory limit is too small, or the user stops it.
    pub fn partial(&self, shard: Shard, ctx: &Ctx) -> Result<Partial, MethodError> {
        Ok(fold_scan(self.scan, &self.detectors, shard, ctx)?)
    }

    /// What is summed, for merging shards.
    pub fn fold(&self) -> &Detectors {
        &self.detectors
    }
}

impl VirtualImage {
    /// Names of the detectors and their pixels; the first has all pixels.
    fn detectors(
        &self,
        shape: [usize; 2],
        centre: [f64; 2],
        disk_radius: Option<f64>,
    ) -> Result<(Vec<String>, Detectors), NoVirtualImage> {
        let [rows, columns] = shape;
        let number = |name, value: f64, fine: bool, allowed| {
            if fine { Ok(()) } else { Err(NoVirtualImage::Parameter { name, value, allowed }) }
        };
        for at in centre {
            number("centre", at, at.is_finite(), "a position")?;
        }
        let mut masked = vec![false; rows * columns];
        for [y, x] in self.masked_pixels.iter().chain(&self.pixels) {
            if *y >= rows || *x >= columns {
                return Err(NoVirtualImage::NoSuchPixel { y: *y, x: *x, rows, columns });
            }
        }
        self.masked_pixels.iter().for_each(|[y, x]| masked[y * columns + x] = true);
        let of =
            |inside: &dyn Fn(usize, usize) -> bool| Annulus::of_pixels(shape, |y, x| !masked[y * columns + x] && inside(y, x));
        let from = |at: [f64; 2]| move |y: usize, x: usize| (y as f64 - at[0]).hypot(x as f64 - at[1]);
        let distance = from(centre);
        let mut found = vec![("all".to_owned(), of(&|_, _| true))];
        if let Some(radius) = self.bright_field.or(disk_radius) {
            number("bright_field", radius, radius > 0.0 && radius.is_finite(), "greater than zero")?;
            found.push(("bright_field".to_owned(), of(&|y, x| distance(y, x) < radius)));
        }
        if let Some([inner, outer]) = self.dark_field {
            number("dark_field", inner, inner >= 0.0 && inner < outer && outer.is_finite(), "0 <= inner < outer radius")?;
            found.push(("dark_field".to_owned(), of(&|y, x| (inner..outer).contains(&distance(y, x)))));
        }
        for (index, [y, x, radius]) in self.disks.iter().enumerate() {
            number(
                "disks",
                *radius,
                *radius > 0.0 && (y + x + radius).is_finite(),
                "[y, x, radius], the radius greater than zero",
            )?;
            let from_here = from([*y, *x]);
            found.push((format!("disk_{}", index + 1), of(&|y, x| from_here(y, x) < *radius)));
        }
        for (index, [top, left, height, width]) in self.rectangles.iter().enumerate() {
            let inside = |at: usize, from: usize, n: usize| at >= from && at - from < n;
            found.push((format!("rectangle_{}", index + 1), of(&|y, x| inside(y, *top, *height) && inside(x, *left, *width))));
        }
        if !self.pixels.is_empty() {
            found.push(("pixels".to_owned(), of(&|y, x| self.pixels.contains(&[y, x]))));
        }
        if found.len() == 1 {
            return Err(NoVirtualImage::NoDetector);
        }
        if let Some((name, _)) = found.iter().find(|(_, set)| set.n_pixels() == 0) {
            return Err(NoVirtualImage::Empty { name: name.clone(), rows, columns });
        }
        if let Some(radius) = self.mass_radius {
            number("mass_radius", radius, radius > 0.0 && radius.is_finite(), "greater than zero")?;
        }
        let within = |pixel: usize| self.mass_radius.is_none_or(|radius| distance(pixel / columns, pixel % columns) < radius);
        let mass = (0..rows * columns).map(|pixel| !masked[pixel] && within(pixel)).collect();
        let (names, sets) = found.into_iter().unzip();
        Ok((names, Detectors { shape, sets, mass }))
    }
}
