//! `dafm.clusters`: dense regions of low dissipation, their sizes and whether they percolate, against noise with the same correlation.

pub mod algorithm;
mod error;
mod figures;
mod report;
pub mod sizes;
#[cfg(test)]
pub(crate) mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::Level;
pub use self::error::ClustersError;
pub(crate) use self::report::fit_words;
use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::image::Connectivity;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Clusters of the pixels below a level: law of their sizes, spanning, box dimension of the largest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Clusters {
    /// Quantity of the map, for instance `normalised_dissipation`.
    pub map: String,
    /// How the level is chosen.
    pub mode: Mode,
    /// The level of mode `absolute`; 0.45 of the normalised dissipation is that of Qiao et al. 2019.
    pub level: Quantity,
    /// Share of the area that counts as dense in mode `area`.
    #[schemars(range(min = 0.01, max = 0.99))]
    pub area_fraction: f64,
    /// Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    pub connectivity: u8,
    /// Least number of pixels of a cluster whose size counts.
    #[schemars(range(min = 4))]
    pub min_pixels: u64,
    /// Smallest radius that is fitted, such as "3 nm"; the one at which law and clusters are closest when absent.
    pub r_min: Option<Quantity>,
    /// Number of surrogate maps of the null model.
    #[schemars(range(min = 200))]
    pub surrogates: usize,
}

/// How the level is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A given value.
    Absolute,
    /// The lowest share of the area.
    Area,
}

impl Default for Clusters {
    fn default() -> Self {
        Self {
            map: "normalised_dissipation".to_owned(),
            mode: Mode::Absolute,
            level: Quantity::si(0.45, Unit::one()),
            area_fraction: 0.5,
            connectivity: 4,
            min_pixels: 8,
            r_min: None,
            surrogates: 200,
        }
    }
}

/// A map and the rules for its clusters.
#[derive(Debug)]
pub struct Input<'a> {
    /// The map.
    pub map: &'a Map,
    /// Pixel size (dy, dx), m.
    pub pitch: (f64, f64),
    /// Which pixels are dense, SI.
    pub level: Level,
    /// Neighbourhood.
    pub connectivity: Connectivity,
    /// Smallest radius that is fitted, m.
    pub r_min: Option<f64>,
}

impl Method for Clusters {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.clusters",
        family: "afm",
        version: 1,
        title: "Dense clusters",
        summary: "Finds the densely packed clusters of low dissipation, fits the law of their sizes, and asks whether they percolate.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &["dafm.dissipation"],
        constants: &[],
        outputs: &[
            output("dense_area_fraction", "A_d", "", "share of the area at or below the level"),
            output("dense_cluster_count", "N", "", "clusters of at least the smallest size that do not touch the border"),
            output("cluster_exponent", "α", "", "exponent of the size distribution R^-α exp(-R/R_c)"),
            output("cluster_cutoff", "R_c", "m", "cut-off of the size distribution"),
            output("cluster_cutoff_lower_bound", "R_c", "m", "one-sided 95 % lower bound where the cut-off is not identified"),
            output("cluster_r_min", "R_min", "m", "smallest radius that is fitted"),
            output("spans_x", "P_x", "", "1 if one cluster reaches from left to right"),
            output("spans_y", "P_y", "", "1 if one cluster reaches from top to bottom"),
            output("spans_both", "P_xy", "", "1 if one cluster does both"),
            output("largest_cluster_fraction", "P_∞", "", "share of the dense area in the largest cluster"),
            output("box_dimension", "D_b", "", "box dimension of the largest cluster"),
        ],
        covers: &["Q19-3.3.3-d", "Q19-3.3.3-e", "Q19-3.3.3-f"],
        references: &[
            "Qiao et al. (2019), review, section 3.3.3",
            "A. Clauset, C. R. Shalizi, M. E. J. Newman, SIAM Rev. 51, 661 (2009), doi:10.1137/070710111",
            "Q. H. Vuong, Econometrica 57, 307 (1989), doi:10.2307/1912557",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let wrong = |message: String| MethodError::Parameters { method: Self::INFO.id, message };
        if self.surrogates < 200 {
            let text = format!("surrogates = {} is too few for a null model; at least 200 are needed", self.surrogates);
            return Err(wrong(text));
        }
        if !(self.area_fraction > 0.0 && self.area_fraction < 1.0) {
            return Err(wrong(format!("area_fraction = {}; it must lie between 0 and 1", self.area_fraction)));
        }
        if self.min_pixels < 4 {
            return Err(wrong(format!("min_pixels = {}; below 4 the sizes are those of the grid", self.min_pixels)));
        }
        let connectivity = match self.connectivity {
            4 => Connectivity::Four,
            8 => Connectivity::Eight,
            other => return Err(wrong(format!("connectivity = {other}; it must be 4 or 8"))),
        };
        let map = dataset.map(&self.map)?;
        map.require_structure()?;
        let level = match self.mode {
            Mode::Area => Level::Share(self.area_fraction),
            Mode::Absolute => {
                self.level.unit.require(&map.unit)?;
                Level::At(self.level.value)
            }
        };
        let r_min = match &self.r_min {
            Some(radius) => {
                radius.unit.require(&Unit::of("m"))?;
                Some(radius.value)
            }
            None => None,
        };
        Ok(Input { map, pitch: map.pixel_pitch()?, level, connectivity, r_min })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
