//! `dafm.topography_correlation`: whether the dissipated energy follows the topography more than chance would have it.

pub mod algorithm;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::{DataError, Map};
use crate::core::image::BackgroundError;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, output};

/// Correlation of the dissipated energy with the height, against surrogates with the same spectra.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TopographyCorrelation {
    /// Quantity of the map that is compared with the height, for instance `dissipated_energy` or `phase`.
    pub map: String,
    /// Number of surrogate maps with random phases.
    #[schemars(range(min = 999))]
    pub surrogates: usize,
    /// Longest lag that is searched, such as "20 nm"; without it 5 times the distance where the correlation of the map is 1/e.
    pub max_lag: Option<Quantity>,
}

impl Default for TopographyCorrelation {
    fn default() -> Self {
        Self { map: "dissipated_energy".to_owned(), surrogates: 999, max_lag: None }
    }
}

/// What [`TopographyCorrelation`] works on.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    map: &'a Map,
    height: &'a Map,
    /// Pixel size (dy, dx), m.
    pitch: (f64, f64),
    /// Shorter side of the image, m.
    shorter: f64,
    /// Longest lag as asked for, m.
    max_lag: Option<f64>,
}

/// Why there is no test.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CorrelationError {
    /// The height cannot be levelled.
    #[error("the height map cannot be levelled: {0}")]
    Background(#[from] BackgroundError),
    /// The image holds too few independent areas.
    #[error("the {map} map is correlated over {length:.3e} m, more than a tenth of the shorter side of {shorter:.3e} m")]
    TooSmall {
        /// Quantity of the map.
        map: String,
        /// Distance where its correlation is 1/e, m; half the shorter side where it is larger.
        length: f64,
        /// Shorter side, m.
        shorter: f64,
    },
}

impl Refusal for CorrelationError {
    fn hint(&self) -> String {
        match self {
            Self::Background(_) => "unmask more pixels of the height map".to_owned(),
            Self::TooSmall { .. } => {
                "scan a larger area, or look for a trend in the map: chance correlations of so few independent \
                                      areas are as large as real ones"
                    .to_owned()
            }
        }
    }
}

/// Least number of surrogates.
const FEWEST_SURROGATES: usize = 999;
/// Largest share of missing pixels: holes shared by both maps make the null band too narrow, at this share by 2 % at most.
const MOST_MISSING: f64 = 0.02;
/// Longest lag, as a share of the shorter side: at longer ones too many pairs join opposite sides of the image.
const LONGEST_LAG: f64 = 0.25;

impl Method for TopographyCorrelation {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.topography_correlation",
        family: "afm",
        version: 1,
        title: "Correlation of the dissipated energy with the topography",
        summary: "Asks whether the energy follows the height more than maps of the same spectra do by chance.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &["dafm.topography", "dafm.dissipation"],
        constants: &[],
        outputs: &[
            output("corr_energy_height", "r", "", "Pearson's correlation coefficient of energy and levelled height"),
            output("corr_energy_height_p", "p", "", "share of surrogates whose coefficient is at least as large in magnitude"),
            output("corr_energy_height_n_eff", "N_eff", "", "number of independent pixels with the same chance correlations"),
            output("corr_energy_height_max", "|r|_max", "", "largest magnitude of the coefficient over all lags searched"),
            output("corr_energy_height_max_p", "p_max", "", "share of surrogates whose largest magnitude is at least as large"),
        ],
        covers: &["L16-05"],
        references: &["Lu et al., Sci. Rep. 6, 29357 (2016)", "Theiler et al., Physica D 58, 77 (1992)"],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let wrong = |message: String| MethodError::Parameters { method: Self::INFO.id, message };
        if self.surrogates < FEWEST_SURROGATES {
            let message = format!("surrogates = {}; at least {FEWEST_SURROGATES} are needed for a p-value", self.surrogates);
            return Err(wrong(message));
        }
        let map = usable(dataset.map(&self.map)?)?;
        let levelled = dataset.has_map("height_levelled");
        let height = usable(dataset.map(if levelled { "height_levelled" } else { "height" })?)?;
        if !height.unit.is_compatible(&Unit::of("m")) {
            let found = height.unit.to_string();
            return Err(DataError::WrongUnit { map: height.quantity.clone(), found, expected: "m".to_owned() }.into());
        }
        map.require_same_grid(height)?;
        let (width, breadth) = map.size()?;
        let shorter = width.min(breadth);
        let max_lag = match &self.max_lag {
            None => None,
            Some(lag) => {
                lag.unit.require(&Unit::of("m"))?;
                Some(lag.value)
            }
        };
        if let Some(lag) = max_lag.filter(|lag| !(*lag > 0.0 && *lag <= LONGEST_LAG * shorter)) {
            let most = LONGEST_LAG * shorter;
            return Err(wrong(format!(
                "max_lag = {lag:.3e} m; it must be above 0 and at most {most:.3e} m, a quarter of the image"
            )));
        }
        Ok(Input { map, height, pitch: map.pixel_pitch()?, shorter, max_lag })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}

/// The map, if it has structure and few pixels are missing.
fn usable(map: &Map) -> Result<&Map, DataError> {
    map.require_structure()?;
    let (valid, total) = (map.valid_values().len(), map.values.len());
    let needed = ((1.0 - MOST_MISSING) * total as f64).ceil() as usize;
    if valid < needed {
        return Err(DataError::TooFewValues { map: map.quantity.clone(), valid, total, needed });
    }
    Ok(map)
}
