//! The choices that every method on regions shares: threshold, neighbours, outline.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::algorithm::{Search, Shape, Threshold};
use crate::core::data::Map;
use crate::core::image::{Connectivity, PixelModel};
use crate::core::unit::Quantity;
use crate::method::MethodError;

/// How the threshold is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The brightest share of the area.
    Area,
    /// The pixels that hold the top share of the sum of all values: another reading of figure 5 of Lu et al. 2016.
    Energy,
    /// A given value.
    Absolute,
}

/// How the shape of a region is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outline {
    /// Sub-pixel contour at the threshold.
    Contour,
    /// Its pixels, as points.
    Pixel,
    /// Its pixels, as boxes: `p^2/12` is added to the moments along each axis.
    PixelBox,
}

/// Least number of surrogates of a null model.
pub const SURROGATES_MIN: usize = 200;

/// What a study says about regions, before it is checked against a map.
#[derive(Debug, Clone, Copy)]
pub struct Choices<'a> {
    /// Threshold mode.
    pub mode: Mode,
    /// Share of the modes `area` and `energy`.
    pub area_fraction: f64,
    /// Threshold of the mode `absolute`.
    pub threshold: Option<&'a Quantity>,
    /// 4 or 8.
    pub connectivity: u8,
    /// How shapes are measured.
    pub outline: Outline,
    /// Surrogates of the null model.
    pub surrogates: usize,
}

/// Choices that fit together and fit the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Threshold rule, SI.
    pub threshold: Threshold,
    /// Neighbourhood.
    pub connectivity: Connectivity,
    /// Shape rule.
    pub shape: Shape,
}

impl Choices<'_> {
    /// Checks the choices for `method` on `map`.
    ///
    /// # Errors
    /// [`MethodError::Parameters`] naming the parameter, or a threshold of another unit than the map.
    pub fn rules(&self, method: &'static str, map: &Map) -> Result<Rules, MethodError> {
        let wrong = |message: String| MethodError::Parameters { method, message };
        if self.surrogates < SURROGATES_MIN {
            let found = self.surrogates;
            return Err(wrong(format!(
                "surrogates = {found} is too few for a null model; at least {SURROGATES_MIN} are needed"
            )));
        }
        if !(self.area_fraction > 0.0 && self.area_fraction <= 0.5) {
            return Err(wrong(format!("area_fraction = {}; it must be above 0 and at most 0.5", self.area_fraction)));
        }
        let connectivity = match self.connectivity {
            4 => Connectivity::Four,
            8 => Connectivity::Eight,
            other => return Err(wrong(format!("connectivity = {other}; it must be 4 or 8"))),
        };
        let threshold = match (self.mode, self.threshold) {
            (Mode::Area, None) => Threshold::AreaShare(self.area_fraction),
            (Mode::Energy, None) => Threshold::ValueShare(self.area_fraction),
            (Mode::Absolute, Some(level)) => {
                level.unit.require(&map.unit)?;
                Threshold::At(level.value)
            }
            (Mode::Absolute, None) => return Err(wrong("mode = 'absolute' needs threshold, such as \"60 eV\"".to_owned())),
            (_, Some(_)) => return Err(wrong("threshold is used with mode = 'absolute' only".to_owned())),
        };
        let shape = match self.outline {
            Outline::Contour => Shape::Contour,
            Outline::Pixel => Shape::Pixels(PixelModel::Point),
            Outline::PixelBox => Shape::Pixels(PixelModel::Box),
        };
        Ok(Rules { threshold, connectivity, shape })
    }
}

impl Rules {
    /// The search by these rules.
    pub fn search<'a>(&self, valid: &'a ndarray::ArrayView2<'a, bool>, pitch: (f64, f64), min_pixels: u64) -> Search<'a> {
        let Self { threshold, connectivity, shape } = *self;
        Search { valid, pitch, threshold, connectivity, shape, min_pixels }
    }
}
