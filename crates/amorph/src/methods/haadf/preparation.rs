//! What is done to an image before anything is measured on it.

use ndarray::{Array2, ArrayView2};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::image::polynomial_background;

/// What is taken from an image: illumination, thickness, bending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Background {
    /// The mean only.
    None,
    /// A plane.
    Plane,
    /// A surface of second degree.
    Quadratic,
    /// The image blurred by a Gaussian of `background_width` (full width at half maximum), at least four times the expected length.
    Gaussian,
}

/// An image without its background.
#[derive(Debug, Clone, PartialEq)]
pub struct Levelled {
    /// Values about zero; NaN where not valid.
    pub values: Array2<f64>,
    /// Share of the variance that went with the background.
    pub removed: f64,
    /// Lowest frequency that the removal leaves nearly untouched, 1/m.
    pub lowest: f64,
}

/// Takes the background off; `width` is that of the Gaussian in metres. `None` where the valid pixels do not determine it.
pub fn level(
    values: &ArrayView2<'_, f64>,
    valid: &ArrayView2<'_, bool>,
    pitch: (f64, f64),
    background: Background,
    width: f64,
) -> Option<Levelled> {
    let (rows, columns) = values.dim();
    let side = (rows as f64 * pitch.0).min(columns as f64 * pitch.1);
    let polynomial = |degree: usize| polynomial_background(values, Some(valid), degree, false).ok().map(|found| found.values);
    let (levelled, lowest) = match background {
        Background::None => (polynomial(0)?, 1.0 / side),
        Background::Plane => (polynomial(1)?, 2.0 / side),
        Background::Quadratic => (polynomial(2)?, 3.0 / side),
        // The transfer 1 - exp(-2 (pi s k)^2), squared, is 0.95 at k = 0.43/s.
        Background::Gaussian => {
            let sd = width / (8.0 * 2f64.ln()).sqrt();
            (less_blurred(values, valid, (sd / pitch.0, sd / pitch.1)), (0.43 / sd).max(1.0 / side))
        }
    };
    let levelled = ndarray::Zip::from(&levelled).and(valid).map_collect(|v, valid| if *valid { *v } else { f64::NAN });
    let removed = 1.0 - variance(&levelled.view(), valid) / variance(values, valid);
    Some(Levelled { values: levelled, removed, lowest })
}

/// Variance of the valid pixels.
pub fn variance(values: &ArrayView2<'_, f64>, valid: &ArrayView2<'_, bool>) -> f64 {
    let used = || values.iter().zip(valid).filter(|(_, valid)| **valid).map(|(value, _)| *value);
    let n = used().count().max(1) as f64;
    let mean = used().sum::<f64>() / n;
    used().map(|value| (value - mean).powi(2)).sum::<f64>() / n
}

/// Values less their Gaussian means over the valid pixels around.
fn less_blurred(values: &ArrayView2<'_, f64>, valid: &ArrayView2<'_, bool>, sd: (f64, f64)) -> Array2<f64> {
    let filled = ndarray::Zip::from(values).and(valid).map_collect(|v, valid| if *valid { *v } else { 0.0 });
    let inside = valid.mapv(|valid| if valid { 1.0 } else { 0.0 });
    // Each pass transposes.
    let blur = |map: &Array2<f64>| blur_rows(&blur_rows(map, sd.1), sd.0);
    let (sums, norms) = (blur(&filled), blur(&inside));
    ndarray::Zip::from(values).and(&sums).and(&norms).map_collect(|v, sum, norm| v - sum / norm)
}

/// Sums of each row with Gaussian weights, transposed.
fn blur_rows(map: &Array2<f64>, sd: f64) -> Array2<f64> {
    let (rows, columns) = map.dim();
    let reach = ((4.0 * sd).ceil() as usize).clamp(1, columns);
    let weights: Vec<f64> = (0..=reach).map(|i| (-0.5 * (i as f64 / sd.max(1e-9)).powi(2)).exp()).collect();
    let mut blurred = Array2::zeros((columns, rows));
    for (row, line) in map.rows().into_iter().enumerate() {
        for column in 0..columns {
            let range = column.saturating_sub(reach)..(column + reach + 1).min(columns);
            blurred[(column, row)] = range.map(|at| weights[at.abs_diff(column)] * line[at]).sum::<f64>();
        }
    }
    blurred
}
