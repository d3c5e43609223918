//! `dafm.regions`: regions of high dissipation, their number, size and shape, against noise with the same correlation.

pub mod algorithm;
mod figures;
mod null;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::{Shape, Threshold};
use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::image::{Connectivity, PixelModel};
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Number, size, shape and orientation of the regions above a threshold, compared with surrogates of equal correlation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Regions {
    /// Quantity of the map, for instance `dissipated_energy`.
    pub map: String,
    /// How the threshold is chosen.
    pub mode: Mode,
    /// Share of the area (mode `area`) or of the summed values (mode `energy`) that counts as high.
    #[schemars(range(min = 0.001, max = 0.5))]
    pub area_fraction: f64,
    /// The threshold of mode `absolute`, such as "60 eV".
    pub threshold: Option<Quantity>,
    /// Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    pub connectivity: u8,
    /// Least number of pixels of a region that is measured.
    #[schemars(range(min = 1))]
    pub min_pixels: u64,
    /// How shapes are measured.
    pub outline: Outline,
    /// Number of surrogate maps of the null model.
    #[schemars(range(min = 200))]
    pub surrogates: usize,
}

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

impl Default for Regions {
    fn default() -> Self {
        Self {
            map: "dissipated_energy".to_owned(),
            mode: Mode::Area,
            area_fraction: 0.05,
            threshold: None,
            connectivity: 4,
            min_pixels: 8,
            outline: Outline::Contour,
            surrogates: 200,
        }
    }
}

/// A map and the rules for its regions.
#[derive(Debug)]
pub struct Input<'a> {
    /// The map.
    pub map: &'a Map,
    /// Pixel size (dy, dx), m.
    pub pitch: (f64, f64),
    /// Width and height, m.
    pub size: (f64, f64),
    /// Threshold rule, SI.
    pub threshold: Threshold,
    /// Neighbourhood.
    pub connectivity: Connectivity,
    /// Shape rule.
    pub shape: Shape,
}

impl Method for Regions {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.regions",
        family: "afm",
        version: 1,
        title: "Regions of high dissipation",
        summary: "Finds the regions above a threshold and asks whether noise with the same correlation would look different.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &["dafm.dissipation"],
        constants: &[],
        outputs: &[
            output("hdr_count", "N", "", "regions of at least the smallest size that do not touch the border"),
            output("hdr_area_fraction", "A_f", "", "share of the area above the threshold"),
            output("hdr_aspect", "a", "", "mean aspect ratio of the ellipse of equal moments"),
            output("hdr_req", "R_eq", "m", "mean radius of the circle of equal area"),
            output("hdr_req_by_area", "R_eq,A", "m", "the same, weighted by area"),
            output("hdr_angle_order", "S_2", "", "length of the mean vector of doubled angles: 0 isotropic, 1 parallel"),
        ],
        covers: &["L16-10", "L16-11", "L16-12", "L16-14", "Q19-3.3.3-a", "Q19-3.3.3-b", "Q19-3.3.3-c"],
        references: &[
            "Lu et al., Sci. Rep. 6, 29357 (2016)",
            "Qiao et al. (2019), review, section 3.3.3",
            "Miles, in: Stochastic Geometry (1974): border weights",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let wrong = |message: String| MethodError::Parameters { method: Self::INFO.id, message };
        if self.surrogates < 200 {
            return Err(wrong(format!(
                "surrogates = {} is too few for a null model; at least 200 are needed",
                self.surrogates
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
        let map = dataset.map(&self.map)?;
        map.require_structure()?;
        let threshold = match (self.mode, &self.threshold) {
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
        Ok(Input { map, pitch: map.pixel_pitch()?, size: map.size()?, threshold, connectivity, shape })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
