//! The stationary random field that underlies the spatial statistics of a map.
//!
//! A map is taken as a stationary field with covariance `C(r) = sigma^2 exp(-(r/xi)^(2 alpha))`, seen through an optional Gaussian
//! blur, plus white noise (the nugget). Its structure function is `H(r) = 2 [C(0) - C(r)] + 2 s_n^2` for `r > 0`.

mod fit;
mod levelling;
mod marginal;
mod precision;
mod radial;
mod surrogate;
mod whittle;

pub use fit::{FieldFit, FitRules, Weights, fit_structure_function};
pub use levelling::RowsLevelled;
pub use marginal::{Marginal, normal_scores};
pub use precision::log_length_std;
pub use radial::{distance_at_correlation, ring_width};
pub use surrogate::{MarginalKind, SurrogateModel};
pub use whittle::{NoiseModel, Rings, SpectralFit, SpectralPipeline, SpectralRules};

use crate::core::data::{DataError, Map};
use crate::core::image::pair_statistics;

/// Largest correlation length that an image supports, as a fraction of its shorter side.
pub const LARGEST_LENGTH: f64 = 0.1;

/// Integral range `I = integral of rho(r) d2r = (pi xi^2 / alpha) Gamma(1/alpha)`, m^2: a map of area `A` holds `A / I` independent
/// pieces of information about its mean. A blur leaves `sigma^2 I` unchanged.
pub fn integral_range_of(xi: f64, alpha: f64) -> f64 {
    std::f64::consts::PI * xi * xi / alpha * statrs::function::gamma::gamma(1.0 / alpha)
}

/// Integral range of a map, m^2, from the fitted structure function: the white noise counts as one pixel.
/// `None` where no stationary correlation length can be found.
///
/// # Errors
/// [`DataError`] for maps without a size or without structure.
pub fn integral_range(map: &Map) -> Result<Option<f64>, DataError> {
    map.require_structure()?;
    let pitch = map.pixel_pitch()?;
    let (x_size, y_size) = map.size()?;
    let values = map.valid_values();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    let shorter = x_size.min(y_size);
    let valid = map.valid();
    let Ok(pairs) = pair_statistics(&map.values.view(), Some(&valid.view()), pitch, Some(0.5 * shorter)) else {
        return Ok(None);
    };
    let radial = pairs.radial(ring_width(pitch));
    let rules = FitRules { exponent: None, nugget: true, blur_sd: 0.0, pixel: ring_width(pitch), weights: Weights::Relative };
    let fit = distance_at_correlation(&radial, variance, (-1f64).exp())
        .and_then(|guess| fit_structure_function(&radial, guess, &rules).ok())
        .filter(|fit| fit.xi() <= LARGEST_LENGTH * shorter);
    Ok(fit.map(|fit| {
        let (field, noise) = (fit.model.sigma.powi(2), fit.model.nugget_sd.powi(2));
        (field * integral_range_of(fit.xi(), fit.model.alpha) + noise * pitch.0 * pitch.1) / (field + noise)
    }))
}
