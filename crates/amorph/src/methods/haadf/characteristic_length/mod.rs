//! `haadf.characteristic_length`: is there a preferred length in an image, and which.

pub mod algorithm;
pub mod analysis;
pub mod autocorrelation;
mod error;
mod figures;
pub mod null;
mod report;
pub mod rings;
#[cfg(test)]
mod tests;
pub mod view;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::Geometry;
use self::error::LengthError;
use self::view::View;
use super::brightness::{Brightness, brightness};
use super::constants::{DARK_LEVEL, DISPLAY_GAMMA, FOIL_THICKNESS, GEOMETRY, INTENSITY_SCALE};
use super::preparation::Background;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// The length of the structure in an image, from a peak of its spectrum that images without one do not have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CharacteristicLength {
    /// Quantity of the image: `intensity` for electron micrographs.
    pub map: String,
    /// What is taken from the image before.
    pub background: Background,
    /// Full width at half maximum of the Gaussian for `background = "gaussian"`, at least four times the expected length.
    pub background_width: Option<Quantity>,
    /// Full width at half maximum of the probe, taken for a Gaussian; absent: a point. Structure is blurred by it, noise is not.
    pub probe_fwhm: Option<Quantity>,
    /// Number of simulated images without a length.
    #[schemars(range(min = 100))]
    pub surrogates: usize,
}

impl Default for CharacteristicLength {
    fn default() -> Self {
        Self {
            map: "intensity".to_owned(),
            background: Background::Plane,
            background_width: None,
            probe_fwhm: None,
            surrogates: 200,
        }
    }
}

/// An image that can be analysed.
#[derive(Debug)]
pub struct Input<'a> {
    image: Brightness<'a>,
    pitch: (f64, f64),
    geometry: Option<Geometry>,
    background_width: f64,
    view: View,
}

/// Full width at half maximum of a Gaussian over its standard deviation.
const FWHM: f64 = 2.354_820_045_030_949;
/// Fewest pixels along a side.
const SMALLEST_SIDE: usize = 32;
/// Largest share of pixels that may be missing.
const MOST_MISSING: f64 = 0.6;

impl Method for CharacteristicLength {
    const INFO: MethodInfo = MethodInfo {
        id: "haadf.characteristic_length",
        family: "haadf",
        version: 4,
        title: "Characteristic length of an image",
        summary: "Whether the spectrum of an image has a peak that images without a characteristic length do not have, and its wavelength.",
        doc: include_str!("doc.md"),
        technique: "haadf",
        scope: Scope::Item,
        after: &[],
        constants: &[DARK_LEVEL.key, INTENSITY_SCALE.key, DISPLAY_GAMMA.key, GEOMETRY.key, FOIL_THICKNESS.key],
        outputs: &[
            output("length_psd", "L", "m", "wavelength of the peak of the spectrum"),
            output("has_characteristic_length", "", "", "1 where there is a characteristic length, 0 where not"),
            output("peak_advantage", "ΔBIC", "", "by how much the criterion of Bayes prefers a spectrum with a peak"),
            output("p_no_length", "p", "", "probability of such an advantage in images without a peak"),
            output("periods", "N", "", "wavelengths across the smaller side"),
            output("peak_width", "w/k_0", "", "standard deviation of the peak over its wave number"),
            output("length_acf", "L_max", "m", "first maximum of the autocorrelation, a check"),
            output("length_acf_minimum", "2 r_min", "m", "twice the first minimum of the autocorrelation, a check"),
            output("length_acf_zero", "4 r_0", "m", "four times the first zero of the autocorrelation, a check"),
            output(
                "xi_envelope",
                "ξ",
                "m",
                "distance over which minima and maxima of the autocorrelation fall by 1/e, a check",
            ),
            output("integral_length", "ℓ", "m", "integral of the autocorrelation up to its first zero, with or without a peak"),
            output("teubner_strey_d", "d", "m", "wavelength of Teubner and Strey's spectrum"),
            output("teubner_strey_xi", "ξ", "m", "correlation length of Teubner and Strey's spectrum"),
            output("contrast_sd", "σ_s/I", "", "standard deviation of the structure over the mean above the dark level"),
            output("signal_sd", "σ_s", "", "standard deviation of the structure, noise taken out, in the unit of the image"),
            output("noise_sd", "σ_n", "", "standard deviation of the white noise of a pixel, in the unit of the image"),
            output("background_share", "", "", "share of the variance that went with the background"),
        ],
        covers: &["I19-31", "Q19-5.3-j", "Q19-5.3-l", "Q19-5.4-d"],
        references: &[
            "Idrissi et al., Sci. Rep. 9, 13426 (2019)",
            "P. Whittle, Ark. Mat. 2, 423 (1953), doi:10.1007/BF02590998",
            "M. Teubner, R. Strey, J. Chem. Phys. 87, 3195 (1987), doi:10.1063/1.453006",
            "Guillaumin et al., J. R. Stat. Soc. B 84, 1526 (2022), doi:10.1111/rssb.12539",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let wrong = |message: String| Err(MethodError::Parameters { method: Self::INFO.id, message });
        if self.surrogates < 100 {
            return wrong(format!(
                "surrogates = {} is too few for a probability of 0.01; at least 100 are needed",
                self.surrogates
            ));
        }
        let background_width = match (self.background, &self.background_width) {
            (Background::Gaussian, None) => return wrong("background = \"gaussian\" needs background_width".to_owned()),
            (_, Some(width)) => {
                width.unit.require(&Unit::of("m"))?;
                if width.value.is_nan() || width.value <= 0.0 {
                    return wrong(format!("background_width = {width} must be greater than zero"));
                }
                width.value
            }
            (_, None) => 0.0,
        };
        let probe = match &self.probe_fwhm {
            Some(width) => {
                width.unit.require(&Unit::of("m"))?;
                if width.value.is_nan() || width.value <= 0.0 {
                    return wrong(format!("probe_fwhm = {width} must be greater than zero"));
                }
                width.value / FWHM
            }
            None => 0.0,
        };
        let image = brightness(dataset.map(&self.map)?, &dataset.constants, Self::INFO.id)?;
        let map = &image.map;
        let (rows, columns) = map.shape();
        if rows.min(columns) < SMALLEST_SIDE {
            return Err(LengthError::TooSmall { rows, columns, needed: SMALLEST_SIDE }.into());
        }
        let valid = map.valid_values();
        let missing = 1.0 - valid.len() as f64 / (rows * columns) as f64;
        if missing > MOST_MISSING {
            return Err(LengthError::TooManyMissing { share: missing, allowed: MOST_MISSING }.into());
        }
        if valid.iter().all(|value| *value == valid[0]) {
            return Err(LengthError::NoVariance { value: valid[0] }.into());
        }
        let geometry = dataset.constants.choice(&GEOMETRY)?.map(|word| match word {
            "slice" => Geometry::Slice,
            _ => Geometry::Projection,
        });
        let thickness = match geometry {
            Some(Geometry::Projection) => dataset.constants.positive(&FOIL_THICKNESS)?.map_or(0.0, |thickness| thickness.value),
            _ => 0.0,
        };
        Ok(Input { pitch: map.pixel_pitch()?, image, geometry, background_width, view: View { probe, thickness } })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
