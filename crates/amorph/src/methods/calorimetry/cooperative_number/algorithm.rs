//! Width of the loss of a heat capacity over temperature, and heat capacities of glass and liquid at its middle.

use crate::core::dense::Cholesky;
use crate::core::fit::{Fit, FitError, LeastSquares, Parameter};
use crate::methods::calorimetry::lines::Line;
use crate::methods::calorimetry::noise::{Bins, Noise};

/// Bins of the loss.
const BINS: usize = 150;

/// A bell on a straight background.
#[derive(Debug, Clone, PartialEq)]
pub struct Bell {
    /// Background at the middle of the range and its change over the range, J/(kg K); height; temperature (K); standard deviation (K).
    pub fit: Fit,
    /// 95 % interval of the standard deviation, K, where it closes.
    pub width: Option<(f64, f64)>,
    /// That of the temperature, K.
    pub temperature: Option<(f64, f64)>,
    /// Bins that were fitted.
    pub bins: Bins,
    /// Middle and width of the range, K.
    pub range: (f64, f64),
}

impl Bell {
    /// Background and bell at a temperature, J/(kg K).
    pub fn at(&self, t: f64) -> (f64, f64) {
        parts(&self.fit.params, self.range, 0.0, t)
    }
}

/// Background, and bell averaged over a bin of a width.
fn parts(p: &[f64], (middle, wide): (f64, f64), bin: f64, t: f64) -> (f64, f64) {
    let variance = p[4] * p[4] + bin * bin / 12.0;
    let height = p[2] * p[4] / variance.sqrt();
    (p[0] + p[1] * (t - middle) / wide, height * (-0.5 * (t - p[3]).powi(2) / variance).exp())
}

/// Means of about 150 groups of neighbouring samples.
fn bins(x: &[f64], y: &[f64]) -> Bins {
    let per_bin = x.len().div_ceil(BINS).max(1);
    let mean = |values: &[f64]| {
        values.chunks_exact(per_bin).map(|chunk| chunk.iter().sum::<f64>() / per_bin as f64).collect::<Vec<f64>>()
    };
    let x = mean(x);
    let m = x.len();
    let width = (x[m - 1] - x[0]) / (m.max(2) as f64 - 1.0);
    Bins { n: vec![per_bin as f64; m], width, y: mean(y), x }
}

/// Fits the loss over rising temperatures; first as if the noise were white, then with what the residuals tell of it.
///
/// # Errors
/// [`FitError`] where nothing fits.
pub fn bell(x: &[f64], y: &[f64]) -> Result<Bell, FitError> {
    let bins = bins(x, y);
    let m = bins.x.len();
    let wide = bins.x[m - 1] - bins.x[0];
    let range = (0.5 * (bins.x[0] + bins.x[m - 1]), wide);
    let mut order: Vec<usize> = (0..m).collect();
    order.sort_by(|a, b| bins.y[*a].total_cmp(&bins.y[*b]));
    let (low, top) = (bins.y[order[m / 4]], bins.y[order[m - 1]]);
    let parameters = vec![
        Parameter::new("background", low).scale((top - low).abs().max(1e-12)),
        Parameter::new("slope", 0.0).scale((top - low).abs().max(1e-12)),
        Parameter::new("height", top - low).at_least(0.0).scale((top - low).abs().max(1e-12)),
        Parameter::new("temperature", bins.x[order[m - 1]]).within(bins.x[0], bins.x[m - 1]),
        Parameter::new("width", wide / 15.0).within(0.25 * bins.width, wide),
    ];
    let residuals = |p: &[f64], whitening: Option<&Cholesky>| {
        let one = |k: usize| {
            let (background, bell) = parts(p, range, bins.width, bins.x[k]);
            bins.y[k] - background - bell
        };
        let left: Vec<f64> = (0..m).map(one).collect();
        whitening.map_or_else(|| left.clone(), |whitening| whitening.whiten(&left))
    };
    let plain = |p: &[f64]| residuals(p, None);
    let first = LeastSquares::new(parameters.clone()).tolerance(1e-10).fit(&plain)?;
    let left = Bins { y: first.residuals.clone(), ..bins.clone() };
    let columns: [&dyn Fn(f64) -> f64; 2] = [&|_| 1.0, &|t| (t - range.0) / wide];
    let noise = Noise::about(left, &columns, wide).and_then(|noise| Cholesky::of(&noise.covariance(), m));
    let again = parameters.into_iter().zip(&first.params).map(|(p, value)| Parameter { start: *value, ..p }).collect();
    let problem = LeastSquares::new(again).tolerance(1e-10);
    let coloured = |p: &[f64]| residuals(p, noise.as_ref());
    let fit = problem.fit(&coloured)?;
    let ends = |index: usize| {
        let found = problem.profile_interval(&coloured, &fit, index, 0.95).ok()?;
        Some((found.lower?, found.upper?))
    };
    let (temperature, width) = (ends(3), ends(4));
    Ok(Bell { fit, width, temperature, bins, range })
}

/// A heat capacity at a temperature from a straight line through samples, with its error, J/(kg K).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extrapolated {
    /// The line.
    pub line: Line,
    /// Where it was fitted, K.
    pub window: (f64, f64),
    /// Value at the temperature.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
}

/// The line through a window at a temperature outside of it; `None` with too few samples.
pub fn extrapolated(x: &[f64], y: &[f64], window: (f64, f64), at: f64) -> Option<Extrapolated> {
    let rows = x.partition_point(|t| *t < window.0)..x.partition_point(|t| *t <= window.1);
    if rows.len() < 10 {
        return None;
    }
    let (x, y) = (&x[rows.clone()], &y[rows]);
    let line = Line::through(x, y);
    let middle = 0.5 * (window.0 + window.1);
    let wide = window.1 - window.0;
    // The noise of the bins about the line, white and 1/f, and the line beyond its window.
    let columns: [&dyn Fn(f64) -> f64; 2] = [&|_| 1.0, &|t| (t - middle) / wide];
    let noise = Noise::about(Bins::of(x, y, &[(0, x.len())]), &columns, wide)?;
    let (value, error) = noise.model_at(&[1.0, (at - middle) / wide])?;
    Some(Extrapolated { line, window, value, error })
}
