//! `dafm.spectrum`: how the fluctuations of a map are shared between wavelengths and directions, and whether there is a ring.

pub mod algorithm;
mod figures;
pub mod null;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::field::MarginalKind;
use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Power spectral density of a map: over the plane, by wave number and by direction, with a test for a characteristic length.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Spectrum {
    /// Quantity of the map, for instance `dissipated_energy`, `height` or `phase`.
    pub map: String,
    /// Weighting of the map before its transform.
    pub window: WindowKind,
    /// How the power is shared between k and -k in the map and the table.
    pub sides: SidesKind,
    /// Longest wavelength of the band of S(theta), such as "40 nm"; ten correlation lengths where absent.
    pub longest: Option<Quantity>,
    /// Shortest wavelength of the band of S(theta); two correlation lengths where absent.
    pub shortest: Option<Quantity>,
    /// Number of sectors of S(theta) over half a turn.
    #[schemars(range(min = 6, max = 180))]
    pub sectors: usize,
    /// Number of surrogate maps of the null model.
    #[schemars(range(min = 200))]
    pub surrogates: usize,
    /// Distribution of the values of the surrogates.
    pub marginal: MarginalKind,
}

/// Weighting of the map before its transform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WindowKind {
    /// Product of two Hann windows: no leakage from the edges.
    Hann,
    /// None: every pixel counts alike, and the edges leak into the axes.
    Rectangular,
}

/// How the power is shared between k and -k.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SidesKind {
    /// Two-sided: S(k) = S(-k), the integral over the whole plane is the variance.
    Two,
    /// One-sided: doubled, on the half plane with kx >= 0, whose integral is the variance.
    One,
}

impl Default for Spectrum {
    fn default() -> Self {
        Self {
            map: "dissipated_energy".to_owned(),
            window: WindowKind::Hann,
            sides: SidesKind::Two,
            longest: None,
            shortest: None,
            sectors: 36,
            surrogates: 200,
            marginal: MarginalKind::Auto,
        }
    }
}

/// A map that can be analysed.
#[derive(Debug)]
pub struct Input<'a> {
    /// The map.
    pub map: &'a Map,
    /// Pixel size (dy, dx), m.
    pub pitch: (f64, f64),
    /// Width and height, m.
    pub size: (f64, f64),
    /// Wavelengths of the band of S(theta), m, where given.
    pub wavelengths: (Option<f64>, Option<f64>),
}

impl Method for Spectrum {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.spectrum",
        family: "afm",
        version: 1,
        title: "Power spectrum",
        summary: "Power spectral density over the plane, by wave number and by direction; a characteristic length only where a ring stands out of noise with a falling spectrum.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &["dafm.dissipation"],
        constants: &[],
        outputs: &[
            output(
                "spectral_variance",
                "σ_S²",
                "",
                "integral of the spectrum: window-weighted variance about the plane, in SI",
            ),
            output(
                "spectral_ring_p",
                "p_ring",
                "",
                "probability of such a departure from a falling spectrum in noise without a ring",
            ),
            output("spectral_ring_length", "L", "m", "wavelength 2 π/k of the ring, where there is one"),
            output("spectral_ring_ratio", "S_ring", "", "density on the ring over that of the nearest falling spectrum"),
        ],
        covers: &["L16-15", "I19-31"],
        references: &[
            "ISO 25178-2:2021, areal power spectral density",
            "Press et al., Numerical Recipes, section 13.4: windows",
            "Robertson, Wright and Dykstra, Order Restricted Statistical Inference (1988)",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let wrong = |message: String| MethodError::Parameters { method: Self::INFO.id, message };
        if self.surrogates < 200 {
            let message = format!("surrogates = {} is too few for a null model; at least 200 are needed", self.surrogates);
            return Err(wrong(message));
        }
        if !(6..=180).contains(&self.sectors) {
            return Err(wrong(format!("sectors = {}; it must be within 6 and 180", self.sectors)));
        }
        let map = dataset.map(&self.map)?;
        map.require_structure()?;
        let wavelengths = band_of(Self::INFO.id, self.longest.as_ref(), self.shortest.as_ref())?;
        Ok(Input { map, pitch: map.pixel_pitch()?, size: map.size()?, wavelengths })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}

/// The longest and the shortest wavelength, m, checked.
pub(super) fn band_of(
    method: &'static str,
    longest: Option<&Quantity>,
    shortest: Option<&Quantity>,
) -> Result<(Option<f64>, Option<f64>), MethodError> {
    let metres = |name: &str, length: Option<&Quantity>| match length {
        None => Ok(None),
        Some(length) => {
            length.unit.require(&Unit::of("m"))?;
            let message = format!("{name} = {length}; it must be finite and above zero");
            let wrong = MethodError::Parameters { method, message };
            if length.value > 0.0 && length.value.is_finite() { Ok(Some(length.value)) } else { Err(wrong) }
        }
    };
    let (longest, shortest) = (metres("longest", longest)?, metres("shortest", shortest)?);
    match (longest, shortest) {
        (Some(long), Some(short)) if long <= short => {
            let message = format!("longest = {long:e} m is not above shortest = {short:e} m");
            Err(MethodError::Parameters { method, message })
        }
        band => Ok(band),
    }
}
