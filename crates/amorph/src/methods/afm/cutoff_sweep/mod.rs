//! `dafm.cutoff_sweep`: whether the shape of the regions depends on the cut-off, more than in noise with the same correlation.

pub mod algorithm;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::regions::{Choices, Mode, Outline, Rules};
use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Shape, size and number of the regions at a series of cut-offs, with the null model at each, and the slope of the aspect ratio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CutoffSweep {
    /// Quantity of the map, for instance `dissipated_energy`.
    pub map: String,
    /// What the cut-offs are shares of.
    pub mode: Share,
    /// The cut-offs: shares that count as high, rising.
    pub cutoffs: Vec<f64>,
    /// Whether pixels that share only a corner belong together: 4 (no) or 8 (yes) neighbours.
    pub connectivity: u8,
    /// Least number of pixels of a region that is measured.
    #[schemars(range(min = 1))]
    pub min_pixels: u64,
    /// How shapes are measured.
    pub outline: Outline,
    /// Relative change of the mean aspect ratio over the whole sweep below which it counts as independent of the cut-off.
    #[schemars(range(min = 0.0))]
    pub tolerance: f64,
    /// Number of surrogate maps of the null model.
    #[schemars(range(min = 200))]
    pub surrogates: usize,
}

/// What a cut-off is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// The area.
    Area,
    /// The sum of all values.
    Energy,
}

impl Default for CutoffSweep {
    fn default() -> Self {
        Self {
            map: "dissipated_energy".to_owned(),
            mode: Share::Area,
            cutoffs: vec![0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2],
            connectivity: 4,
            min_pixels: 8,
            outline: Outline::Contour,
            tolerance: 0.1,
            surrogates: 200,
        }
    }
}

/// A map and one set of rules for every cut-off.
#[derive(Debug)]
pub struct Input<'a> {
    /// The map.
    pub map: &'a Map,
    /// Pixel size (dy, dx), m.
    pub pitch: (f64, f64),
    /// Rules, in the order of the cut-offs.
    pub rules: Vec<Rules>,
}

const OUTPUTS: &[OutputInfo] = &[
    output("hdr_aspect_slope", "da/dlnP", "", "slope of the mean aspect ratio against the logarithm of the cut-off"),
    output("hdr_aspect_slope_excess", "Δ(da/dlnP)", "", "the same minus its mean in isotropic noise with the same correlation"),
    output("hdr_aspect_change", "Δa/a", "", "relative change of the mean aspect ratio from the lowest to the highest cut-off"),
    output(
        "hdr_req_exponent",
        "dlnR/dlnP",
        "",
        "slope of the logarithm of the mean equivalent radius against that of the cut-off",
    ),
    output(
        "hdr_req_exponent_excess",
        "Δ(dlnR/dlnP)",
        "",
        "the same minus its mean in isotropic noise with the same correlation",
    ),
];

impl Method for CutoffSweep {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.cutoff_sweep",
        family: "afm",
        version: 1,
        title: "Regions against the cut-off",
        summary: "Repeats the search for regions at a series of cut-offs and tests whether their shape depends on the cut-off.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &["dafm.dissipation"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["L16-13"],
        references: &[
            "Lu et al., Sci. Rep. 6, 29357 (2016)",
            "Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let wrong = |message: String| MethodError::Parameters { method: Self::INFO.id, message };
        if self.cutoffs.len() < 3 || self.cutoffs.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(wrong(format!("cutoffs = {:?}; give at least three, each above the one before", self.cutoffs)));
        }
        if !(self.tolerance > 0.0 && self.tolerance.is_finite()) {
            return Err(wrong(format!("tolerance = {}; it must be above 0", self.tolerance)));
        }
        let map = dataset.map(&self.map)?;
        map.require_structure()?;
        let rules = |cutoff: &f64| self.choices(*cutoff).rules(Self::INFO.id, map);
        let rules = self.cutoffs.iter().map(rules).collect::<Result<Vec<Rules>, MethodError>>()?;
        Ok(Input { map, pitch: map.pixel_pitch()?, rules })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}

impl CutoffSweep {
    fn choices(&self, cutoff: f64) -> Choices<'_> {
        Choices {
            mode: match self.mode {
                Share::Area => Mode::Area,
                Share::Energy => Mode::Energy,
            },
            area_fraction: cutoff,
            threshold: None,
            connectivity: self.connectivity,
            outline: self.outline,
            surrogates: self.surrogates,
        }
    }
}
