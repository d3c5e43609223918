//! `dafm.orientation`: whether regions of high dissipation prefer a direction, and which.

pub mod algorithm;
mod figures;
mod report;
mod sample;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::regions::{Choices, Mode, Outline, Rules};
use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
use crate::methods::afm;

/// Directions of the regions above a threshold: uniformity, preferred axis, and order about a given principal direction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Orientation {
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
    /// Direction of the principal stress on the sample, such as "30 deg", counter-clockwise from its x axis; without it there is no
    /// test of alignment at 45 degrees.
    pub principal_direction: Option<Quantity>,
    /// Whether regions along the scan axes count in the results.
    pub scan_axes: ScanAxes,
    /// How near to the fast or slow scan axis a region lies along it.
    pub scan_axis_tolerance: Quantity,
    /// Bins of the rose, over 180 degrees.
    #[schemars(range(min = 6, max = 90))]
    pub bins: usize,
    /// Number of surrogate maps of the null model.
    #[schemars(range(min = 200))]
    pub surrogates: usize,
}

/// What is done with regions along the scan axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScanAxes {
    /// They count; a warning is given where they are more than in noise.
    Keep,
    /// They are left out, of the map and of the null model.
    Exclude,
}

impl Default for Orientation {
    fn default() -> Self {
        Self {
            map: "dissipated_energy".to_owned(),
            mode: Mode::Area,
            area_fraction: 0.05,
            threshold: None,
            connectivity: 4,
            min_pixels: 8,
            outline: Outline::Contour,
            principal_direction: None,
            scan_axes: ScanAxes::Keep,
            scan_axis_tolerance: Quantity::si(5f64.to_radians(), Unit::of("deg")),
            bins: 18,
            surrogates: 200,
        }
    }
}

/// A map, the rules for its regions, and the directions that matter (rad, on the sample).
#[derive(Debug)]
pub struct Input<'a> {
    /// The map.
    pub map: &'a Map,
    /// Pixel size (dy, dx), m.
    pub pitch: (f64, f64),
    /// Threshold, neighbourhood and shape rule.
    pub rules: Rules,
    /// Direction of the fast scan axis.
    pub scan_angle: f64,
    /// Whether somebody stated it.
    pub scan_angle_stated: bool,
    /// Tolerance about the scan axes.
    pub tolerance: f64,
    /// Principal direction.
    pub principal: Option<f64>,
}

const OUTPUTS: &[OutputInfo] = &[
    output("hdr_axial_order", "S", "", "length of the mean vector of doubled angles: 0 no preferred axis, 1 parallel"),
    output("hdr_mean_axis", "θ", "deg", "preferred axis on the sample, counter-clockwise from its x axis, in [0, 180)"),
    output("hdr_s2", "S₂", "", "mean of cos 2(θ - θ0) about the principal direction θ0"),
    output("hdr_s4", "S₄", "", "mean of cos 4(θ - θ0) about the principal direction θ0"),
    output(
        "hdr_45_excess",
        "ΔS₄₅",
        "",
        "mean of cos 4(θ - θ0) in noise minus that of the map: above 0 where regions prefer ±45 deg",
    ),
    output("hdr_45_share", "f₄₅", "", "share of regions nearer to θ0 ± 45 deg than to θ0 and the direction across"),
];

impl Method for Orientation {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.orientation",
        family: "afm",
        version: 1,
        title: "Orientation of the regions",
        summary: "Tests whether regions of high dissipation prefer a direction, or ±45 degrees to a principal direction, more than noise does.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &["dafm.dissipation"],
        constants: &["scan_angle"],
        outputs: OUTPUTS,
        covers: &["L16-14", "L16-40", "Q19-3.3.3-b"],
        references: &[
            "Lu et al., Sci. Rep. 6, 29357 (2016)",
            "Qiao et al. (2019), review, section 3.3.3",
            "Mardia and Jupp, Directional Statistics (2000), sections 6.3 and 9.4",
            "Fieller, J. R. Stat. Soc. B 16, 175 (1954)",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let wrong = |message: String| MethodError::Parameters { method: Self::INFO.id, message };
        if !(6..=90).contains(&self.bins) {
            return Err(wrong(format!("bins = {}; give 6 to 90", self.bins)));
        }
        let angle = |quantity: &Quantity| -> Result<f64, MethodError> {
            quantity.unit.require(&Unit::of("deg"))?;
            Ok(quantity.value)
        };
        let tolerance = angle(&self.scan_axis_tolerance)?;
        if !(tolerance > 0.0 && tolerance < 20f64.to_radians()) {
            let found = &self.scan_axis_tolerance;
            return Err(wrong(format!("scan_axis_tolerance = '{found}'; it must be above 0 and below 20 deg")));
        }
        let principal = self.principal_direction.as_ref().map(angle).transpose()?;
        if principal.is_some_and(|direction| !direction.is_finite()) {
            return Err(wrong("principal_direction must be a finite angle".to_owned()));
        }
        let map = dataset.map(&self.map)?;
        map.require_structure()?;
        let scan_angle = dataset.constants.quantity(&afm::SCAN_ANGLE)?.map(|angle| angle.value);
        Ok(Input {
            map,
            pitch: map.pixel_pitch()?,
            rules: self.choices().rules(Self::INFO.id, map)?,
            scan_angle: scan_angle.unwrap_or(0.0),
            scan_angle_stated: scan_angle.is_some(),
            tolerance,
            principal,
        })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}

impl Orientation {
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
