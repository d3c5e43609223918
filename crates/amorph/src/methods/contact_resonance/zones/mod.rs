//! `contact_resonance.zones`: treated zones in a map of modulus.

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::Rules;

/// Zones whose modulus lies below (or above) that of their surroundings: number, size, relative change of modulus.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Zones {
    /// Quantity of the map, for instance `indentation_modulus`.
    pub map: String,
    /// Whether zones are softer or stiffer than their surroundings.
    pub kind: Kind,
    /// Threshold in standard deviations of the untreated part of the smoothed map.
    #[schemars(range(min = 1.0))]
    pub threshold: f64,
    /// Standard deviation of the Gaussian smoothing before the threshold, in pixels; sizes are corrected for it.
    #[schemars(range(min = 0.0))]
    pub smoothing: f64,
    /// Least number of pixels of a zone.
    #[schemars(range(min = 1))]
    pub min_pixels: usize,
    /// Number of surrogate maps of the null model.
    #[schemars(range(min = 100))]
    pub surrogates: usize,
}

/// Which zones are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Lower values than around.
    Softer,
    /// Higher values than around.
    Stiffer,
}

impl Default for Zones {
    fn default() -> Self {
        Self {
            map: "indentation_modulus".to_owned(),
            kind: Kind::Softer,
            threshold: 3.0,
            smoothing: 2.0,
            min_pixels: 16,
            surrogates: 100,
        }
    }
}

/// A map with the rules.
#[derive(Debug)]
pub struct Input<'a> {
    map: &'a Map,
    pitch: (f64, f64),
    rules: Rules,
}

impl Method for Zones {
    const INFO: MethodInfo = MethodInfo {
        id: "contact_resonance.zones",
        family: "contact_resonance",
        version: 1,
        title: "Treated zones of a modulus map",
        summary: "Segments zones that are softer (or stiffer) than their surroundings and gives their size and relative change of modulus.",
        doc: include_str!("doc.md"),
        technique: "contact_resonance",
        scope: Scope::Item,
        after: &["contact_resonance.modulus"],
        constants: &[],
        outputs: &[
            output("modulus_drop", "ΔM/M", "", "mean relative drop of the modulus in the zones"),
            output("zone_count", "N", "", "zones beyond the threshold"),
            output("zone_area_fraction", "A_f", "", "share of the map in zones"),
            output("zone_area", "A", "m^2", "mean area of a zone that does not touch the border"),
            output("zone_radius", "R", "m", "mean radius of the circle of equal area, at half the change of modulus"),
            output("untreated_level", "M_0", "", "mean outside the zones, in the unit of the map"),
            output(
                "untreated_sd",
                "σ_0",
                "",
                "standard deviation of the smoothed map outside the zones, in the unit of the map",
            ),
            output("zones_by_chance", "N_0", "", "mean number of zones in surrogates without zones"),
        ],
        covers: &["Q19-5.4-e"],
        references: &["Qiao et al. (2019), review, section 5.4.2", "Theiler et al., Physica D 58, 77 (1992)"],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let wrong = |message: String| Err(MethodError::Parameters { method: Self::INFO.id, message });
        if !(self.threshold >= 1.0 && self.threshold.is_finite()) {
            return wrong(format!("threshold = {} must be at least 1 standard deviation", self.threshold));
        }
        if !(0.0..=50.0).contains(&self.smoothing) || self.min_pixels == 0 {
            return wrong(format!("smoothing = {} must lie within 0 and 50 pixels, min_pixels above 0", self.smoothing));
        }
        if self.surrogates < 100 {
            return wrong(format!("surrogates = {} is too few for a null model; at least 100 are needed", self.surrogates));
        }
        let map = dataset.map(&self.map)?;
        map.require_structure()?;
        let rules = Rules {
            smoothing: self.smoothing,
            threshold: self.threshold,
            min_pixels: self.min_pixels,
            sign: if self.kind == Kind::Softer { -1.0 } else { 1.0 },
        };
        Ok(Input { map, pitch: map.pixel_pitch()?, rules })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
