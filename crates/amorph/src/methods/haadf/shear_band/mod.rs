//! `haadf.shear_band`: how the density swings along a shear band.

pub mod algorithm;
mod error;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::Band;
use self::error::BandError;
use super::constants::{DARK_LEVEL, INTENSITY_SCALE};
use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// The relative change of density along a shear band, from an image in which the band runs along x.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShearBand {
    /// Quantity of the image.
    pub map: String,
    /// Full width of the band. No default.
    pub band_width: Option<Quantity>,
    /// Row in the middle of the band, counted from 0 at the top; the row around which the image varies most along x, if absent.
    pub band_row: Option<f64>,
    /// Number of simulated profiles without a wave.
    #[schemars(range(min = 99))]
    pub surrogates: usize,
}

impl Default for ShearBand {
    fn default() -> Self {
        Self { map: "intensity".to_owned(), band_width: None, band_row: None, surrogates: 999 }
    }
}

/// An image above its dark level, and where the band is.
#[derive(Debug)]
pub struct Input<'a> {
    map: &'a Map,
    values: Array2<f64>,
    pitch: (f64, f64),
    band: Band,
    is_found: bool,
}

/// Fewest columns.
const SHORTEST: usize = 32;

impl Method for ShearBand {
    const INFO: MethodInfo = MethodInfo {
        id: "haadf.shear_band",
        family: "haadf",
        version: 1,
        title: "Density along a shear band",
        summary: "Wavelength and heights of the densified and dilated halves of the density along a shear band, against red noise.",
        doc: include_str!("doc.md"),
        technique: "haadf",
        scope: Scope::Item,
        after: &[],
        constants: &[DARK_LEVEL.key, INTENSITY_SCALE.key],
        outputs: &[
            output("wavelength_band", "λ_b", "m", "wavelength of the density along the band"),
            output("amplitude_dense", "A_+", "", "relative change of density at the top of the densified halves"),
            output("amplitude_dilated", "A_-", "", "relative change of density in the middle of the dilated halves, positive"),
            output("amplitude_ratio", "A_+/A_-", "", "densified over dilated"),
            output("p_wave", "p", "", "probability of such a wave in red noise"),
            output("periods", "N", "", "wavelengths along the band"),
            output("band_row", "y_b", "", "row in the middle of the band"),
        ],
        covers: &["Q19-5.2-i"],
        references: &[
            "V. Schmidt et al., Phys. Rev. Lett. 115, 035501 (2015), doi:10.1103/PhysRevLett.115.035501",
            "Qiao et al. (2019), review, section 5.2",
            "J. D. Scargle, Astrophys. J. 263, 835 (1982), doi:10.1086/160554",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let wrong = |message: String| Err(MethodError::Parameters { method: Self::INFO.id, message });
        if self.surrogates < 99 {
            return wrong(format!("surrogates = {} is too few; at least 99 are needed", self.surrogates));
        }
        let width = self.band_width.as_ref().ok_or(BandError::NoWidth)?;
        width.unit.require(&Unit::of("m"))?;
        let map = dataset.map(&self.map)?;
        map.require_structure()?;
        let (rows, columns) = map.shape();
        if columns < SHORTEST {
            return Err(BandError::TooShort { columns, needed: SHORTEST }.into());
        }
        if dataset.constants.choice(&INTENSITY_SCALE)? == Some("display") {
            return Err(BandError::Display.into());
        }
        let Some(dark) = dataset.constants.quantity(&DARK_LEVEL)? else {
            let missing = vec![dataset.constants.missing(&DARK_LEVEL)];
            return Err(MethodError::MissingConstants { method: Self::INFO.id, missing });
        };
        let pitch = map.pixel_pitch()?;
        let half_width = 0.5 * width.value / pitch.0;
        if half_width.is_nan() || half_width <= 0.0 {
            return wrong(format!("band_width = {width} must be greater than zero"));
        }
        let valid = map.valid();
        let values =
            ndarray::Zip::from(&map.values).and(&valid).map_collect(|v, valid| if *valid { v - dark.value } else { f64::NAN });
        let used: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        let mean = used.iter().sum::<f64>() / used.len() as f64;
        if mean <= 0.0 {
            return Err(BandError::BelowDark { dark: dark.value, mean: mean + dark.value }.into());
        }
        let row = self.band_row.unwrap_or_else(|| algorithm::find_band(&values.view(), half_width));
        if !(0.0..rows as f64).contains(&row) {
            return wrong(format!("band_row = {row} is not among the {rows} rows"));
        }
        Ok(Input { map, values, pitch, band: Band { row, half_width }, is_found: self.band_row.is_none() })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
