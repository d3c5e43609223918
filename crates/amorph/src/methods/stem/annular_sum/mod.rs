//! The image that an annular detector would have recorded.

pub mod algorithm;
mod error;
mod figures;
#[cfg(test)]
mod tests;

use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::{AnnularPartial, Annulus};
use self::error::{AnnulusError, LARGEST_INVALID_FRACTION};
use super::{Q_PIXEL, SCAN_STEP};
use crate::core::ctx::Ctx;
use crate::core::data::{Extent, Map, Scan4d};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::stream::{Shard, fold_scan};
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope};

/// Sum of the counts between two circles around the beam, for every probe position.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AnnularSum {
    /// Inner radius in detector pixels; a pixel belongs to the annulus if inner <= r < outer. No default.
    pub inner_radius: Option<f64>,
    /// Outer radius in detector pixels. No default.
    pub outer_radius: Option<f64>,
    /// Position [y, x] of the unscattered beam in detector pixels, counted from 0; the middle of the detector, with a
    /// warning, if absent.
    pub centre: Option<[f64; 2]>,
}

/// A scan and the annulus on its detector.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    scan: &'a Scan4d,
    annulus: Annulus,
    centre: [f64; 2],
    radii: [f64; 2],
    scan_step: Option<f64>,
    q_pixel: Option<f64>,
    notes: Vec<Note>,
}

impl Method for AnnularSum {
    const INFO: MethodInfo = MethodInfo {
        id: "stem.annular_sum",
        family: "stem",
        version: 1,
        title: "Virtual annular detector",
        summary: "Image of the counts between two circles around the beam, from a 4D-STEM scan of any size.",
        doc: include_str!("doc.md"),
        technique: "stem",
        scope: Scope::Item,
        after: &[],
        constants: &[SCAN_STEP.key, Q_PIXEL.key],
        outputs: &[
            OutputInfo {
                key: "mean_annular_sum",
                symbol: "⟨I⟩",
                unit: "",
                description: "mean of the image, counts per pattern",
            },
            OutputInfo { key: "n_patterns", symbol: "N", unit: "", description: "patterns in the file" },
            OutputInfo { key: "n_annulus_pixels", symbol: "n", unit: "", description: "detector pixels in the annulus" },
        ],
        covers: &[],
        references: &["C. Ophus, Microsc. Microanal. 25, 563 (2019), doi:10.1017/S1431927619000497"],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let scan = dataset.scan()?;
        let mut notes = Vec::new();
        let (annulus, centre, radii) = self.annulus(scan, &mut notes)?;
        if scan.n_present == 0 {
            return Err(AnnulusError::NoFrames { expected: scan.n_frames() }.into());
        }
        let scan_step = plausible(dataset.constants.quantity(&SCAN_STEP)?, SCAN_STEP.key, (1e-11, 1e-6), &mut notes);
        let q_pixel = plausible(dataset.constants.quantity(&Q_PIXEL)?, Q_PIXEL.key, (1e5, 1e10), &mut notes);
        Ok(Input { scan, annulus, centre, radii, scan_step, q_pixel, notes })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        let partial = input.partial(Shard::WHOLE, ctx)?;
        input.finish(partial)
    }
}

impl AnnularSum {
    /// The annulus between two radii, around the middle of the detector.
    pub fn between(inner_radius: f64, outer_radius: f64) -> Self {
        Self { inner_radius: Some(inner_radius), outer_radius: Some(outer_radius), centre: None }
    }

    fn annulus(&self, scan: &Scan4d, notes: &mut Vec<Note>) -> Result<(Annulus, [f64; 2], [f64; 2]), MethodError> {
        let [_, _, rows, columns] = scan.shape();
        let last = [rows as f64 - 1.0, columns as f64 - 1.0];
        let centre = self.centre.unwrap_or([last[0] / 2.0, last[1] / 2.0]);
        let [y, x] = centre;
        if !(y.is_finite() && x.is_finite()) {
            return Err(AnnulusError::BadCentre { y, x }.into());
        }
        if self.centre.is_none() {
            notes.push(Note::warning(
                "centre_assumed",
                format!("the unscattered beam was taken to be in the middle of the detector, [{y}, {x}]; state centre = [y, x] if it is elsewhere"),
            ));
        }
        let largest = y.min(x).min(last[0] - y).min(last[1] - x).max(0.0) + 0.5;
        let stated = |radius: Option<f64>, missing| radius.ok_or(AnnulusError::NoRadius { missing, largest });
        let (inner, outer) = (stated(self.inner_radius, "inner_radius")?, stated(self.outer_radius, "outer_radius")?);
        if !(0.0 <= inner && inner < outer && outer.is_finite()) {
            return Err(AnnulusError::BadRadii { inner, outer }.into());
        }
        let annulus = Annulus::new([rows, columns], centre, inner, outer);
        if annulus.n_pixels() == 0 {
            let nearest = distance(centre, [y.clamp(0.0, last[0].max(0.0)).round(), x.clamp(0.0, last[1].max(0.0)).round()]);
            let farthest = distance([0.0; 2], [y.abs().max((last[0] - y).abs()), x.abs().max((last[1] - x).abs())]);
            return Err(AnnulusError::Outside { rows, columns, inner, outer, y, x, nearest, farthest }.into());
        }
        if outer > largest {
            let complete = std::f64::consts::PI * (outer * outer - inner * inner);
            notes.push(Note::info(
                "annulus_cut",
                format!(
                    "the annulus reaches beyond the detector: about {:.0} % of it is seen",
                    (100.0 * annulus.n_pixels() as f64 / complete).min(100.0)
                ),
            ));
        }
        Ok((annulus, centre, [inner, outer]))
    }
}

impl Input<'_> {
    /// The part of the work that is done on one shard; the parts are merged with [`merge_shards`] and given to
    /// [`Input::finish`].
    ///
    /// # Errors
    /// When the file cannot be read, the memory limit is too small, or the user stops it.
    ///
    /// [`merge_shards`]: crate::core::stream::merge_shards
    pub fn partial(&self, shard: Shard, ctx: &Ctx) -> Result<AnnularPartial, MethodError> {
        Ok(fold_scan(self.scan, &self.annulus, shard, ctx)?)
    }

    /// What is summed, for merging shards.
    pub fn fold(&self) -> &Annulus {
        &self.annulus
    }

    /// The outcome, from the merged parts.
    ///
    /// # Errors
    /// When too many pixels are NaN or infinite.
    pub fn finish(&self, partial: AnnularPartial) -> Result<Outcome, MethodError> {
        let [rows, columns, _, detector_columns] = self.scan.shape();
        let n_patterns = partial.sums.len();
        let total = n_patterns * self.annulus.n_pixels();
        if let Some((frame, pixel)) = partial.first_invalid
            && partial.invalid as f64 > LARGEST_INVALID_FRACTION * total as f64
        {
            return Err(AnnulusError::TooManyInvalid {
                invalid: partial.invalid,
                total,
                frame: (frame / columns, frame % columns),
                pixel: (pixel / detector_columns, pixel % detector_columns),
            }
            .into());
        }
        let mut notes = self.notes.clone();
        notes.extend(self.notes_on(&partial));
        let mut values = Array2::from_elem((rows, columns), f64::NAN);
        values.iter_mut().zip(&partial.sums).for_each(|(value, sum)| *value = *sum);
        for &frame in &partial.blind {
            values[[frame / columns, frame % columns]] = f64::NAN;
        }
        let extent = self.scan_step.map(|step| Extent::metres(columns as f64 * step, rows as f64 * step));
        let map = Map::new("annular_sum", values, Unit::one(), extent);
        let seen = map.valid_values();
        let mean = seen.iter().sum::<f64>() / seen.len() as f64;
        let why = "a camera's counts are not Poisson without its gain, and the positions of one scan are not replicates";
        let exact = |key, symbol, n: usize| Estimate::without_interval(key, symbol, n as f64, "", "counted, without error");
        Ok(Outcome {
            estimates: vec![
                Estimate::without_interval("mean_annular_sum", "⟨I⟩", mean, "", why).n(seen.len() as f64),
                exact("n_patterns", "N", n_patterns),
                exact("n_annulus_pixels", "n", self.annulus.n_pixels()),
            ],
            figures: vec![figures::image(&map, self.radii, self.centre)],
            maps: vec![map],
            notes,
            ..Outcome::default()
        })
    }

    fn notes_on(&self, partial: &AnnularPartial) -> Vec<Note> {
        let mut notes = Vec::new();
        let (n_frames, present) = (self.scan.n_frames(), partial.sums.len());
        if present < n_frames {
            let message = format!(
                "{} of {n_frames} frames are missing in the file; their positions are empty in the image, not zero",
                n_frames - present
            );
            notes.push(Note::warning("frames_missing", message));
        }
        if let Some((frame, pixel)) = partial.first_invalid {
            let message = format!(
                "{} pixels in the annulus are NaN or infinite, the first in frame {frame} at pixel {pixel}; each counts as the mean of the other pixels of its frame",
                partial.invalid
            );
            notes.push(Note::warning("invalid_pixels", message));
        }
        if partial.negative > 0 {
            let message = format!(
                "{} pixels in the annulus are negative; they are kept, since dropping one side of a dark-corrected zero would bias the sum",
                partial.negative
            );
            notes.push(Note::warning("negative_counts", message));
        }
        if let Some(q_pixel) = self.q_pixel {
            let [inner, outer] = self.radii.map(|radius| Unit::of("1/nm").convert_si(radius * q_pixel));
            notes.push(Note::info("annulus_range", format!("the annulus covers k = 1/d from {inner:.4} to {outer:.4} 1/nm")));
        }
        notes
    }
}

/// The value of a calibration constant, unless it is nonsense that a program has written somewhere.
fn plausible(quantity: Option<&Quantity>, key: &str, (low, high): (f64, f64), notes: &mut Vec<Note>) -> Option<f64> {
    let quantity = quantity?;
    if (low..=high).contains(&quantity.value) {
        return Some(quantity.value);
    }
    notes.push(Note::warning(
        "implausible_calibration",
        format!("{key} = {quantity} is implausible and was not used; results are in pixels"),
    ));
    None
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}
