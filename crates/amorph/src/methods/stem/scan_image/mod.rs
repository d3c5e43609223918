//! The image of an annular detector on the grid of the scan.

pub mod algorithm;
mod figures;
#[cfg(test)]
mod tests;

use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::{Placement, area_means, best_match, correlation, without_gamma};
use super::SCAN_STEP;
use super::calibration::Calibration;
use crate::core::ctx::Ctx;
use crate::core::data::{Extent, Map};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::unit::{Unit, format_significant};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, output};

/// An image of the field, averaged over the square of every probe position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ScanImage {
    /// Which map of the files is the image.
    pub image: String,
    /// Image pixels per step of the scan; from scan_step and the size of the image if absent, else the image is taken to cover the field
    /// exactly.
    pub pixels_per_step: Option<f64>,
    /// Upper left corner [y, x] of the field in image pixels from the upper left corner of the image; [0, 0] if absent.
    pub origin: Option<[f64; 2]>,
    /// How far, in image pixels, the field is moved to match the map of stem.annular_sum; it stays where it is if absent.
    #[schemars(range(min = 1, max = 64))]
    pub search: Option<usize>,
    /// Exponent with which the image was made for display, which is taken off; the image is taken as linear if absent.
    pub gamma: Option<f64>,
}

impl Default for ScanImage {
    fn default() -> Self {
        Self { image: "intensity".to_owned(), pixels_per_step: None, origin: None, search: None, gamma: None }
    }
}

/// An image and where the scan lies on it.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    image: &'a Map,
    annular: Option<&'a Map>,
    placement: Placement,
    assumed: bool,
    scan_step: Option<f64>,
}

/// Why there is no image on the grid.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoScanImage {
    /// The field is larger than the image, or beside it.
    #[error(
        "the scan of {rows} x {columns} positions needs the image pixels {from:?} to {to:?}, but the image has {found:?} (rows, columns)"
    )]
    Outside {
        /// Rows of the scan.
        rows: usize,
        /// Columns of the scan.
        columns: usize,
        /// Upper left corner.
        from: [f64; 2],
        /// Lower right corner.
        to: [f64; 2],
        /// Pixels of the image.
        found: [usize; 2],
    },
    /// The image cannot cover the field exactly.
    #[error(
        "an image of {image:?} pixels does not have the shape of a scan of {scan:?} positions: {along:?} pixels per step along y and x"
    )]
    Shape {
        /// Rows and columns of the image.
        image: [usize; 2],
        /// Rows and columns of the scan.
        scan: [usize; 2],
        /// Pixels per step.
        along: [f64; 2],
    },
    /// A parameter that cannot be.
    #[error("{name} is {value}; it must be {allowed}")]
    Parameter {
        /// Which.
        name: &'static str,
        /// What was given.
        value: f64,
        /// What is possible.
        allowed: &'static str,
    },
    /// Nothing to match.
    #[error("search needs the map of stem.annular_sum, on the grid of the scan")]
    NoReference,
}

impl Refusal for NoScanImage {
    fn hint(&self) -> String {
        match self {
            Self::Outside { .. } => "state origin and pixels_per_step, or use an image that covers the field".to_owned(),
            Self::Shape { .. } => {
                "state pixels_per_step and origin = [y, x]; or scan_step, where the image knows its size".to_owned()
            }
            Self::Parameter { .. } => "`amorph method show stem.scan_image` lists the parameters".to_owned(),
            Self::NoReference => "put stem.annular_sum into the methods, or leave search out and state origin".to_owned(),
        }
    }
}

impl Method for ScanImage {
    const INFO: MethodInfo = MethodInfo {
        id: "stem.scan_image",
        family: "stem",
        version: 1,
        title: "Image on the grid of the scan",
        summary: "An annular dark-field image averaged over the square of every probe position, placed by hand or by matching a virtual image.",
        doc: include_str!("doc.md"),
        technique: "stem",
        scope: Scope::Item,
        after: &["stem.annular_sum"],
        constants: &[SCAN_STEP.key],
        outputs: &[
            output("pixels_per_step", "", "", "image pixels per step of the scan, along x"),
            output("origin_y", "", "", "row of the upper left corner of the field, image pixels"),
            output("origin_x", "", "", "column of the upper left corner of the field, image pixels"),
            output("match_r", "r", "", "correlation with the virtual annular image of the same scan"),
            output("n_positions", "N", "", "positions with a brightness"),
        ],
        covers: &["I19-26", "I19-30"],
        references: &["C. Ophus, Microsc. Microanal. 25, 563 (2019), doi:10.1017/S1431927619000497"],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let scan = dataset.scan()?;
        let image = dataset.map(&self.image)?;
        let [rows, columns, ..] = scan.shape();
        let scan_step = Calibration::of(dataset)?.scan_step;
        let (placement, assumed) = self.placement(image, [rows, columns], scan_step)?;
        let on_grid = |map: &&Map| map.quantity == "annular_sum" && map.shape() == (rows, columns);
        let annular = dataset.upstream.iter().flat_map(|upstream| &upstream.outcome.maps).find(on_grid);
        if self.search.is_some() && annular.is_none() {
            return Err(NoScanImage::NoReference.into());
        }
        Ok(Input { image, annular, placement, assumed, scan_step })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let usable = ndarray::Zip::from(&input.image.values)
            .and(&input.image.valid())
            .map_collect(|value, valid| if *valid { *value } else { f64::NAN });
        let linear = match self.gamma {
            Some(gamma) => without_gamma(&usable.view(), gamma),
            None => usable,
        };
        let matched = self
            .search
            .zip(input.annular)
            .and_then(|(reach, annular)| best_match(&linear.view(), &input.placement, &annular.values.view(), reach));
        let placement = matched.map_or(input.placement, |(placement, _)| placement);
        Ok(self.outcome(input, &placement, area_means(&linear.view(), &placement)))
    }
}

impl ScanImage {
    fn placement(&self, image: &Map, scan: [usize; 2], scan_step: Option<f64>) -> Result<(Placement, bool), MethodError> {
        let wrong = |name, value, allowed| Err(NoScanImage::Parameter { name, value, allowed }.into());
        if let Some(gamma) = self.gamma.filter(|gamma| !(0.05..=20.0).contains(gamma)) {
            return wrong("gamma", gamma, "from 0.05 to 20");
        }
        if let Some(search) = self.search.filter(|search| !(1..=64).contains(search)) {
            return wrong("search", search as f64, "from 1 to 64 image pixels");
        }
        if let Some(pixels) = self.pixels_per_step.filter(|pixels| !(*pixels > 0.0 && pixels.is_finite())) {
            return wrong("pixels_per_step", pixels, "greater than zero");
        }
        let origin = self.origin.unwrap_or([0.0; 2]);
        if let Some(at) = origin.into_iter().find(|at| !at.is_finite()) {
            return wrong("origin", at, "two numbers");
        }
        let (rows, columns) = image.shape();
        let from_sizes = || {
            let (y, x) = image.pixel_pitch().ok()?;
            Some([scan_step? / y, scan_step? / x])
        };
        let stated = self.pixels_per_step.map(|pixels| [pixels; 2]).or_else(from_sizes);
        let whole = [rows as f64 / scan[0] as f64, columns as f64 / scan[1] as f64];
        let pixels_per_step = stated.unwrap_or(whole);
        if stated.is_none() && (whole[0] / whole[1] - 1.0).abs() > 0.02 {
            return Err(NoScanImage::Shape { image: [rows, columns], scan, along: whole }.into());
        }
        let placement = Placement { origin, pixels_per_step, scan };
        if !placement.fits((rows, columns)) {
            let (from, to) = (placement.origin, placement.end());
            return Err(NoScanImage::Outside { rows: scan[0], columns: scan[1], from, to, found: [rows, columns] }.into());
        }
        Ok((placement, stated.is_none()))
    }

    fn outcome(&self, input: &Input<'_>, placement: &Placement, means: Array2<f64>) -> Outcome {
        let [rows, columns] = placement.scan;
        let extent = input.scan_step.map(|step| Extent::metres(columns as f64 * step, rows as f64 * step));
        let n = means.iter().filter(|value| value.is_finite()).count() as f64;
        let known = if self.search.is_some() { "the best of whole image pixels" } else { "as stated" };
        let plain = |key: &str, value: f64, why: &str| Estimate::without_interval(key, "", value, "", why);
        let mut estimates = vec![
            plain("pixels_per_step", placement.pixels_per_step[1], "as stated"),
            plain("origin_y", placement.origin[0], known),
            plain("origin_x", placement.origin[1], known),
            plain("n_positions", n, "counted, without error"),
        ];
        let mut notes = Vec::new();
        if let Some(annular) = input.annular {
            let r = correlation(&means.view(), &annular.values.view());
            estimates.push(plain("match_r", r, "given to judge the placement; positions are not independent"));
            if r.is_finite() && r < 0.3 {
                notes.push(Note::warning(
                    "poor_match",
                    format!(
                        "image and virtual annular image of the scan correlate by {} only: is the image of this field?",
                        format_significant(r, 2)
                    ),
                ));
            }
        }
        if input.assumed {
            notes.push(Note::warning(
                "image_taken_as_field",
                "the image was taken to cover the field of the scan exactly; state pixels_per_step and origin if it does not",
            ));
        }
        let pixels = placement.pixels_per_step;
        if pixels[0].min(pixels[1]) < 1.0 {
            notes.push(Note::warning(
                "coarse_image",
                "an image pixel is larger than a step of the scan: neighbouring positions share their brightness",
            ));
        }
        let map = Map::new("scan_image", means, Unit::one(), extent);
        let figures = vec![figures::both(input.image, &map)];
        let image = Map { quantity: "image".to_owned(), ..input.image.clone() };
        Outcome { estimates, notes, figures, maps: vec![map, image], ..Outcome::default() }
    }
}
