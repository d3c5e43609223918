//! `dafm.regions`: regions of high dissipation, their number, size and shape, against noise with the same correlation.

pub mod algorithm;
mod figures;
pub mod null;
mod report;
mod rules;
pub mod statistics;
mod tables;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

pub(in crate::methods::afm) use report::{ENOUGH, few_regions};
pub use rules::{Choices, Mode, Outline, Rules, SURROGATES_MIN};

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
    /// Threshold, neighbourhood and shape rule.
    pub rules: Rules,
}

impl Method for Regions {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.regions",
        family: "afm",
        version: 2,
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
            output("hdr_aspect_by_area", "a_A", "", "mean aspect ratio weighted by area"),
            output("hdr_bounding_length", "L_b", "m", "mean long side of the least bounding rectangle"),
            output("hdr_bounding_width", "W_b", "m", "mean short side of the least bounding rectangle"),
            output("hdr_feret_max", "F_max", "m", "mean largest width between parallel lines"),
            output("hdr_feret_min", "F_min", "m", "mean smallest width between parallel lines"),
            output("hdr_angle_order", "S_2", "", "length of the mean vector of doubled angles: 0 isotropic, 1 parallel"),
        ],
        covers: &["L16-10", "L16-11", "L16-12", "Q19-3.3.3-a", "Q19-3.3.3-c"],
        references: &[
            "Lu et al., Sci. Rep. 6, 29357 (2016)",
            "Qiao et al. (2019), review, section 3.3.3",
            "Miles, in: Stochastic Geometry (1974): border weights",
            "Freeman and Shapira, Commun. ACM 18, 409 (1975): least bounding rectangle",
            "Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let map = dataset.map(&self.map)?;
        map.require_structure()?;
        let rules = self.choices().rules(Self::INFO.id, map)?;
        Ok(Input { map, pitch: map.pixel_pitch()?, size: map.size()?, rules })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}

impl Regions {
    fn choices(&self) -> Choices<'_> {
        Choices {
            mode: self.mode,
            area_fraction: self.area_fraction,
            threshold: self.threshold.as_ref(),
            connectivity: self.connectivity,
            outline: self.outline,
            surrogates: self.surrogates,
        }
    }
}
