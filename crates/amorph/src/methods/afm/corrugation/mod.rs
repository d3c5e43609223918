//! `dafm.corrugation`: period and amplitude of the corrugation of a fracture surface.

pub mod algorithm;
mod figures;
mod null;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, output};

/// Period, amplitude and quality of the corrugation along and across the direction of a crack, against a spectrum without a peak.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Corrugation {
    /// Quantity of the map.
    pub map: String,
    /// Direction in which the crack ran, from +x (right) towards +y (up), such as "30 deg"; has no default.
    pub crack_direction: Option<Quantity>,
    /// Blocks of neighbouring lines that the bootstrap draws.
    #[schemars(range(min = 8, max = 64))]
    pub blocks: usize,
    /// Number of bootstrap replicates.
    #[schemars(range(min = 200))]
    pub replicates: usize,
    /// Number of spectra of the null model.
    #[schemars(range(min = 200))]
    pub surrogates: usize,
    /// Surface energy γ of the meniscus model.
    pub surface_energy: Quantity,
    /// Lowest and highest length δ of that model.
    pub meniscus_length: [Quantity; 2],
    /// Lowest and highest Young's modulus; the ideal strength is a tenth of it.
    pub youngs_modulus: [Quantity; 2],
}

impl Default for Corrugation {
    fn default() -> Self {
        let of = |value: f64, unit: &str| Quantity::si(Unit::of(unit).to_si(value), Unit::of(unit));
        Self {
            map: "height".to_owned(),
            crack_direction: None,
            blocks: 16,
            replicates: 1000,
            surrogates: 1000,
            surface_energy: of(1.0, "J/m^2"),
            meniscus_length: [of(0.1, "nm"), of(0.4, "nm")],
            youngs_modulus: [of(40.0, "GPa"), of(70.0, "GPa")],
        }
    }
}

/// A map and the direction of the crack.
#[derive(Debug)]
pub struct Input<'a> {
    map: &'a Map,
    pitch: (f64, f64),
    /// rad.
    direction: f64,
}

/// Why there is no corrugation.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CorrugationError {
    /// The direction is not stated.
    #[error("the direction of the crack is not stated")]
    NoDirection,
    /// Pixels are missing.
    #[error("{missing} of {total} pixels are missing; spectra of lines need all of them")]
    MissingPixels {
        /// Missing pixels.
        missing: usize,
        /// All pixels.
        total: usize,
    },
    /// The map cannot be levelled.
    #[error(transparent)]
    Background(#[from] crate::core::image::BackgroundError),
    /// The map is too small.
    #[error("lines of {found} pixels hold no period that could be told from a slope; at least {needed} are needed")]
    TooSmall {
        /// Pixels of a line.
        found: usize,
        /// Pixels that are needed.
        needed: usize,
    },
}

impl Refusal for CorrugationError {
    fn hint(&self) -> String {
        match self {
            Self::NoDirection => "state `crack_direction`, as in \"0 deg\" for a crack that ran to the right".to_owned(),
            Self::MissingPixels { .. } => "crop the map to a complete rectangle".to_owned(),
            Self::Background(_) => "`amorph info <file>` shows what the map holds".to_owned(),
            Self::TooSmall { .. } => "map a larger area, or use fewer `blocks`".to_owned(),
        }
    }
}

impl Method for Corrugation {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.corrugation",
        family: "afm",
        version: 2,
        title: "Corrugation of fracture surfaces",
        summary: "Finds the period of the corrugation of a mirror zone along and across the crack, or says that the spectrum has no peak.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &[],
        constants: &[],
        outputs: &[
            output("corrugation_period", "λ", "m", "period along the crack"),
            output("corrugation_amplitude", "A", "m", "amplitude of the sine of the same power, along the crack"),
            output("corrugation_quality", "f/Δf", "", "frequency over full width of the peak, along the crack"),
            output("corrugation_period_across", "λ_⊥", "m", "period across the crack"),
            output("corrugation_amplitude_across", "A_⊥", "m", "amplitude across the crack"),
            output("corrugation_quality_across", "f/Δf_⊥", "", "frequency over full width of the peak, across the crack"),
            output("autocorrelation_period", "λ_acf", "m", "first maximum of the autocorrelation of the lines"),
            output("profile_period", "λ_z", "m", "mean distance of crossings of the mean in smoothed profiles"),
            output("meniscus_length_needed", "δ", "m", "length that the meniscus model needs for the period, at mean modulus"),
        ],
        covers: &["Q19-5.3-b"],
        references: &[
            "Qiao et al. (2019), review, section 5.3 and equation 5.7",
            "Wang et al., Phys. Rev. Lett. 98, 235501 (2007)",
            "Barlow et al., Statistical Inference under Order Restrictions (1972)",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        self.require_possible()?;
        let direction = self.crack_direction.as_ref().ok_or(CorrugationError::NoDirection)?;
        let map = dataset.map(&self.map)?;
        map.require_structure()?;
        map.unit.require(&Unit::of("m"))?;
        let total = map.values.len();
        let missing = total - map.valid_values().len();
        if missing > 0 {
            return Err(CorrugationError::MissingPixels { missing, total }.into());
        }
        Ok(Input { map, pitch: map.pixel_pitch()?, direction: direction.value })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}

impl Corrugation {
    fn require_possible(&self) -> Result<(), MethodError> {
        let wrong = |message: String| Err(MethodError::Parameters { method: Self::INFO.id, message });
        if !(8..=64).contains(&self.blocks) || self.replicates < 200 || self.surrogates < 200 {
            return wrong("blocks must be 8 to 64, replicates and surrogates at least 200".to_owned());
        }
        let [low, high] = &self.meniscus_length;
        let [soft, stiff] = &self.youngs_modulus;
        let quantities =
            [("surface_energy", &self.surface_energy, "J/m^2"), ("meniscus_length", low, "m"), ("meniscus_length", high, "m")];
        for (name, quantity, unit) in
            quantities.into_iter().chain([("youngs_modulus", soft, "Pa"), ("youngs_modulus", stiff, "Pa")])
        {
            quantity.unit.require(&Unit::of(unit))?;
            if !(0.0..f64::INFINITY).contains(&quantity.value) || quantity.value == 0.0 {
                return wrong(format!("{name} = '{quantity}' must be greater than zero"));
            }
        }
        if low.value > high.value || soft.value > stiff.value {
            return wrong("meniscus_length and youngs_modulus are [lowest, highest]".to_owned());
        }
        if let Some(direction) = &self.crack_direction {
            direction.unit.require(&Unit::of("rad"))?;
        }
        Ok(())
    }
}
