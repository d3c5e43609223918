//! `dafm.anisotropy`: whether a map has a preferred direction, how strong it is, and whether the microscope made it.

pub mod algorithm;
pub mod ellipse;
mod figures;
mod inference;
mod notes;
pub mod pair;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::SCAN_ANGLE;
use super::field::MarginalKind;
use super::spectrum::band_of;
use crate::core::ctx::Ctx;
use crate::core::data::{Direction, Map};
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Correlation ellipse and spectral anisotropy of a map, tested against isotropic noise, with what scanning does to them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Anisotropy {
    /// Quantity of the map, for instance `dissipated_energy`, `height` or `phase`.
    pub map: String,
    /// Quantity whose trace and retrace are compared, where the files hold both.
    pub pair: String,
    /// Longest wavelength of the spectral band, such as "40 nm"; ten correlation lengths where absent.
    pub longest: Option<Quantity>,
    /// Shortest wavelength of the spectral band; two correlation lengths where absent.
    pub shortest: Option<Quantity>,
    /// Number of surrogate maps of the null model, and again of the bootstrap.
    #[schemars(range(min = 200))]
    pub surrogates: usize,
    /// Distribution of the values of the surrogates.
    pub marginal: MarginalKind,
}

impl Default for Anisotropy {
    fn default() -> Self {
        Self {
            map: "dissipated_energy".to_owned(),
            pair: "phase".to_owned(),
            longest: None,
            shortest: None,
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
    /// Trace and retrace of one quantity.
    pub pair: Option<[&'a Map; 2]>,
    /// Pixel size (dy, dx), m.
    pub pitch: (f64, f64),
    /// Width and height, m.
    pub size: (f64, f64),
    /// Wavelengths of the band, m, where given.
    pub wavelengths: (Option<f64>, Option<f64>),
    /// Direction of the fast axis in the specimen, rad, where stated.
    pub scan_angle: Option<f64>,
}

impl Method for Anisotropy {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.anisotropy",
        family: "afm",
        version: 1,
        title: "Anisotropy",
        summary: "Correlation ellipse, second moments and multipoles of the spectrum against isotropic noise, with warnings where scanning makes the same.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &["dafm.dissipation"],
        constants: &[SCAN_ANGLE.key],
        outputs: &[
            output("anisotropy_aspect", "ξ1/ξ2", "", "ratio of the correlation lengths along the principal axes; at least 1"),
            output("anisotropy_p", "p_ξ", "", "probability of such an ellipse in isotropic noise"),
            output("anisotropy_angle", "θ", "deg", "direction of the long axis from +x towards +y (up), modulo 180 deg"),
            output("xi_major", "ξ1", "m", "correlation length along the long axis"),
            output("xi_minor", "ξ2", "m", "correlation length along the short axis"),
            output(
                "anisotropy_e1",
                "ε cos 2θ",
                "",
                "ln(ξ1/ξ2) cos 2θ: positive along the fast axis, negative along the slow one",
            ),
            output(
                "anisotropy_e2",
                "ε sin 2θ",
                "",
                "ln(ξ1/ξ2) sin 2θ: positive along the rising diagonal, negative along the falling one",
            ),
            output("a2", "a2", "", "quadrupole of the spectrum in the band, |<e^2iθ S/S_ring>|"),
            output("a2_p", "p_2", "", "probability of such a quadrupole in isotropic noise"),
            output("a4", "a4", "", "four-fold part of the spectrum in the band, |<e^4iθ S/S_ring>|"),
            output("a4_p", "p_4", "", "probability of such a four-fold part in isotropic noise"),
            output(
                "spectral_aspect",
                "k1/k2",
                "",
                "ratio of the axes of the ellipse of second moments of the spectrum in the band",
            ),
            output("spectral_angle", "θ_S", "deg", "direction of the long axis of the structure by these second moments"),
            output(
                "trace_retrace_lag",
                "ℓ",
                "m",
                "how far the trace lies behind the surface along the fast axis, half the shift of the retrace",
            ),
            output("drift_shear", "γ", "", "shear of the image by drift along the fast axis, from trace and retrace"),
            output("drift_stretch", "δ", "", "stretch of the slow axis by drift along it, from trace and retrace"),
        ],
        covers: &["L16-15", "L16-16", "I19-31"],
        references: &[
            "Lu et al., Sci. Rep. 6, 29357 (2016)",
            "Fieller, J. R. Stat. Soc. B 16, 175 (1954)",
            "Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        if self.surrogates < 200 {
            let message = format!("surrogates = {} is too few for a null model; at least 200 are needed", self.surrogates);
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        let map = dataset.map(&self.map)?;
        map.require_structure()?;
        let wavelengths = band_of(Self::INFO.id, self.longest.as_ref(), self.shortest.as_ref())?;
        let scan_angle = dataset.constants.quantity(&SCAN_ANGLE)?.map(|angle| angle.value);
        let pair = pair_of(dataset, &self.pair);
        Ok(Input { map, pair, pitch: map.pixel_pitch()?, size: map.size()?, wavelengths, scan_angle })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}

/// Trace and retrace of a quantity on one grid; `None` unless the files hold exactly one of each.
fn pair_of<'a>(dataset: &'a Dataset, quantity: &str) -> Option<[&'a Map; 2]> {
    let only = |direction: Direction| {
        let mut found = dataset.maps().filter(|map| map.quantity == quantity && map.direction == Some(direction));
        found.next().filter(|_| found.next().is_none())
    };
    let pair = [only(Direction::Trace)?, only(Direction::Retrace)?];
    let usable = pair[0].require_same_grid(pair[1]).is_ok() && pair.iter().all(|map| map.require_structure().is_ok());
    (usable && pair[0].pixel_pitch().is_ok()).then_some(pair)
}
