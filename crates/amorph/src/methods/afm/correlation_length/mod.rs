//! `dafm.correlation_length`: how far the fluctuations of a map are correlated, with an interval that covers.

pub mod algorithm;
mod bootstrap;
mod corrections;
mod estimates;
mod figures;
mod report;
mod spectral_bootstrap;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::field::{FitRules, MarginalKind, NoiseModel, RowsLevelled, SpectralRules, Weights, ring_width};
use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Correlation length of a map, corrected for bias, with a bootstrap interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CorrelationLength {
    /// Quantity of the map, for instance `dissipated_energy`, `height` or `phase`.
    pub map: String,
    /// Which estimate is reported with its interval; the other one is given beside it.
    pub estimator: Estimator,
    /// Exponent of the correlation function `exp(-(r/xi)^(2 alpha))`.
    pub exponent: Exponent,
    /// Whether white noise per pixel (a nugget) is part of the model; without it, noise shortens the correlation length.
    pub nugget: bool,
    /// Standard deviation of the white noise where it is known, such as "0.3 eV"; it is then not fitted.
    pub noise_sd: Option<Quantity>,
    /// Standard deviation of a Gaussian blur by the tip or the feedback, such as "1 nm"; it is then part of the model.
    pub blur_sd: Option<Quantity>,
    /// Whether each pixel is an average over its area: adds a twelfth of a squared pixel to the variance of the blur.
    pub pixel_average: bool,
    /// Radius of the tip; with force and modulus it bounds the blur by the contact.
    pub tip_radius: Option<Quantity>,
    /// Largest force of the tip on the sample.
    pub contact_force: Option<Quantity>,
    /// Reduced modulus of tip and sample.
    pub reduced_modulus: Option<Quantity>,
    /// What was taken from every row of the map before; it shortens the correlation length and is accounted for.
    pub rows_levelled: RowsLevelled,
    /// Share of each side, at either end, over which the window of the fit in frequency space rises from 0 to 1.
    #[schemars(range(min = 0.0, max = 0.5))]
    pub taper: f64,
    /// How much each distance counts in the fit of the structure function.
    pub weights: Weights,
    /// Number of surrogate images of the bootstrap.
    #[schemars(range(min = 200))]
    pub surrogates: usize,
    /// Distribution of the values of the surrogates.
    pub marginal: MarginalKind,
}

/// How the parameters of the field are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Estimator {
    /// Debiased Whittle likelihood: the periodogram against its exact expectation, mask, edges and aliasing included.
    Whittle,
    /// Weighted least squares on the radial structure function for distances up to 6 correlation lengths and 4 pixels.
    StructureFunction,
}

/// The exponent `alpha` of the correlation function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Exponent {
    /// Fitted.
    Free,
    /// Fixed at 0.5: exponential correlation.
    Exponential,
    /// Fixed at 1: Gaussian correlation, the form printed by Lu et al. 2016.
    Gaussian,
}

impl Exponent {
    fn fixed(self) -> Option<f64> {
        match self {
            Self::Free => None,
            Self::Exponential => Some(0.5),
            Self::Gaussian => Some(1.0),
        }
    }
}

impl CorrelationLength {
    fn rules(&self, blur_sd: f64, pitch: (f64, f64)) -> FitRules {
        FitRules {
            exponent: self.exponent.fixed(),
            nugget: self.nugget && self.noise_sd.is_none(),
            blur_sd,
            pixel: ring_width(pitch),
            weights: self.weights,
        }
    }

    fn spectral_rules(&self, blur_sd: f64, noise_variance: f64) -> SpectralRules {
        let noise = match (&self.noise_sd, self.nugget) {
            (Some(_), _) => NoiseModel::Known(noise_variance),
            (None, true) => NoiseModel::Fitted,
            (None, false) => NoiseModel::Absent,
        };
        SpectralRules { exponent: self.exponent.fixed(), noise, blur_sd, taper: self.taper, rows_levelled: self.rows_levelled }
    }

    fn refuse(message: String) -> MethodError {
        MethodError::Parameters { method: Self::INFO.id, message }
    }

    /// An optional parameter in SI, of the dimension of `unit`, finite and not negative.
    fn magnitude(name: &str, quantity: Option<&Quantity>, unit: &Unit) -> Result<Option<f64>, MethodError> {
        let Some(quantity) = quantity else { return Ok(None) };
        quantity.unit.require(unit)?;
        if !(0.0..f64::INFINITY).contains(&quantity.value) {
            return Err(Self::refuse(format!(
                "{name} = {} {}; it must be finite and not negative",
                quantity.value,
                unit.symbol()
            )));
        }
        Ok(Some(quantity.value))
    }

    /// Contact radius from tip radius, force and modulus, where all three are given.
    fn contact_radius(&self) -> Result<Option<f64>, MethodError> {
        let radius = Self::magnitude("tip_radius", self.tip_radius.as_ref(), &Unit::of("m"))?;
        let force = Self::magnitude("contact_force", self.contact_force.as_ref(), &Unit::of("N"))?;
        let modulus = Self::magnitude("reduced_modulus", self.reduced_modulus.as_ref(), &Unit::of("Pa"))?;
        match (radius, force, modulus) {
            (None, None, None) => Ok(None),
            (Some(radius), Some(force), Some(modulus)) if modulus > 0.0 => {
                Ok(Some(algorithm::contact_radius(force, radius, modulus)))
            }
            _ => Err(Self::refuse(
                "tip_radius, contact_force and reduced_modulus (above zero) give the contact radius together: state all three or none"
                    .to_owned(),
            )),
        }
    }
}

impl Default for CorrelationLength {
    fn default() -> Self {
        Self {
            map: "dissipated_energy".to_owned(),
            estimator: Estimator::Whittle,
            exponent: Exponent::Free,
            nugget: true,
            noise_sd: None,
            blur_sd: None,
            pixel_average: false,
            tip_radius: None,
            contact_force: None,
            reduced_modulus: None,
            rows_levelled: RowsLevelled::None,
            taper: 0.1,
            weights: Weights::Relative,
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
    /// How to fit the structure function.
    pub rules: FitRules,
    /// How to fit in frequency space.
    pub spectral_rules: SpectralRules,
    /// Unit of the numbers that are values of the map: SI, or `deg`.
    pub value_unit: Unit,
    /// Variance of the noise where it is known, in the squared unit of the values.
    pub noise_variance: f64,
    /// Variance of the noise by trace and retrace, where the files hold both.
    pub trace_retrace_noise: Option<f64>,
    /// Contact radius of the tip, where it can be told, m.
    pub contact_radius: Option<f64>,
    /// Whether the average over a pixel is part of the blur.
    pub pixel_average: bool,
    /// Levelled height of `dafm.topography`.
    pub height: Option<&'a Map>,
}

impl Method for CorrelationLength {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.correlation_length",
        family: "afm",
        version: 2,
        title: "Correlation length",
        summary: "Fits a map with a stretched-exponential correlation, in frequency space and by its structure function, and gives the length with an interval that covers.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &["dafm.topography", "dafm.dissipation"],
        constants: &[],
        outputs: &[
            output("correlation_length", "ξ", "m", "distance over which the correlation falls to 1/e, bias removed"),
            output("hurst_like_exponent", "α", "", "exponent of the correlation exp(-(r/ξ)^2α)"),
            output("field_sd", "σ", "", "standard deviation of the field without noise, in the unit of the map"),
            output("nugget_sd", "s_n", "", "standard deviation of the white noise, in the unit of the map"),
            output(
                "trace_retrace_noise_sd",
                "s_tr",
                "",
                "noise of one image by the difference of trace and retrace, in the unit of the map",
            ),
            output("r_1e", "r_1/e", "m", "distance where the measured correlation is 1/e, without a model"),
            output("sal", "S_al", "m", "autocorrelation length of ISO 25178-2: distance where the measured correlation is 0.2"),
            output(
                "integral_range",
                "I",
                "m^2",
                "integral of the correlation over the plane: the area of one independent piece",
            ),
        ],
        covers: &["L16-15", "L16-17", "L16-18", "L16-19", "Q19-3.3.2-a"],
        references: &[
            "Guillaumin, Sykulski, Olhede, Simons, J. R. Stat. Soc. B 84, 1526 (2022), doi:10.1111/rssb.12539",
            "Lu et al., Sci. Rep. 6, 29357 (2016)",
            "Qiao et al. (2019), review, section 3.3.2",
            "Liu et al., Phys. Rev. Lett. 106, 125504 (2011)",
            "Cressie, Math. Geol. 17, 563 (1985)",
            "Davison and Hinkley, Bootstrap Methods and their Application (1997), section 5.2.1",
            "ISO 25178-2:2021",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        if self.surrogates < 200 {
            let message = format!("surrogates = {} is too few for a 95 % interval; at least 200 are needed", self.surrogates);
            return Err(Self::refuse(message));
        }
        if !(0.0..=0.5).contains(&self.taper) {
            return Err(Self::refuse(format!("taper = {}; it must lie between 0 and 0.5", self.taper)));
        }
        let map = dataset.map(&self.map)?;
        map.require_structure()?;
        let pitch = map.pixel_pitch()?;
        let value_unit = base_unit(&map.unit);
        let pixel_blur = if self.pixel_average { corrections::PIXEL_VARIANCE.sqrt() * ring_width(pitch) } else { 0.0 };
        let blur_sd = Self::magnitude("blur_sd", self.blur_sd.as_ref(), &Unit::of("m"))?.unwrap_or(0.0).hypot(pixel_blur);
        let noise_sd = Self::magnitude("noise_sd", self.noise_sd.as_ref(), &map.unit)?.unwrap_or(0.0);
        let noise_variance = (noise_sd / value_unit.scale()).powi(2);
        Ok(Input {
            map,
            pitch,
            size: map.size()?,
            rules: self.rules(blur_sd, pitch),
            spectral_rules: self.spectral_rules(blur_sd, noise_variance),
            noise_variance,
            trace_retrace_noise: other_direction(dataset, map).and_then(|other| noise_of_directions(map, other, &value_unit)),
            contact_radius: self.contact_radius()?,
            pixel_average: self.pixel_average,
            height: levelled_height(dataset, map),
            value_unit,
        })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}

/// SI unit of a map's values; `deg` stays.
fn base_unit(unit: &Unit) -> Unit {
    let known = ["J", "m", "V", "Hz", "deg", "Pa", "N"].into_iter().map(Unit::of);
    known.into_iter().find(|known| unit.is_compatible(known)).unwrap_or_else(Unit::one)
}

/// The same channel scanned in the other direction.
fn other_direction<'a>(dataset: &'a Dataset, map: &Map) -> Option<&'a Map> {
    let direction = map.direction?;
    let opposite = |other: &&Map| other.direction.is_some_and(|other| other != direction);
    let of_same_kind = |other: &&Map| other.quantity == map.quantity && map.require_same_grid(other).is_ok();
    dataset.maps().filter(of_same_kind).find(opposite)
}

fn noise_of_directions(map: &Map, other: &Map, value_unit: &Unit) -> Option<f64> {
    let values = |map: &Map| map.values.mapv(|value| map.unit.to_si(value) / value_unit.scale());
    let valid = ndarray::Zip::from(&map.valid()).and(&other.valid()).map_collect(|a, b| *a && *b);
    algorithm::noise_of_two(&values(map).view(), &values(other).view(), &valid.view())
}

/// The height that `dafm.topography` levelled, on the same pixels.
fn levelled_height<'a>(dataset: &'a Dataset, map: &Map) -> Option<&'a Map> {
    let of_topography = dataset.upstream.iter().rev().filter(|upstream| upstream.method == "dafm.topography");
    let mut heights = of_topography.filter_map(|upstream| upstream.outcome.map("height_levelled"));
    heights.find(|height| map.quantity != "height" && map.require_same_grid(height).is_ok())
}
