//! Moments of a correlated field and their errors by influence functions.
//!
//! A moment changes by the mean over the pixels of its influence function (Hampel 1974); that function is a stationary field
//! itself, so the error of its mean, correlation and all, is that of [`spatial_mean`].

use ndarray::Array2;

use crate::core::image::spatial_mean;

/// A number with its error and 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// Its value.
    pub value: f64,
    /// Standard error; absent where the influence function vanishes.
    pub std_error: Option<f64>,
    /// 95 % interval; absent where fewer than 50 independent areas fit into the image.
    pub interval: Option<(f64, f64)>,
}

/// Shape of the distribution of the finite values of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Mean.
    pub mean: Moment,
    /// Standard deviation over the pixels (divided by n).
    pub sd: Moment,
    /// Standard deviation over mean; absent for a mean that is not positive.
    pub cv: Option<Moment>,
    /// Third central moment over the cube of the standard deviation.
    pub skewness: Moment,
    /// Fourth central moment over the fourth power of the standard deviation, minus 3; without interval.
    pub excess_kurtosis: f64,
    /// Independent areas in the image.
    pub n_effective: f64,
}

/// Describes the finite values of a field (rows, columns) with pixel pitches (y, x); `None` without spread.
pub fn shape(field: &Array2<f64>, pitch: (f64, f64)) -> Option<Shape> {
    let spatial = spatial_mean(field.view(), pitch)?;
    let mean = spatial.mean;
    let average = |f: &dyn Fn(f64) -> f64| {
        let (sum, n) = field.iter().filter(|value| value.is_finite()).fold((0.0, 0.0), |(s, n), v| (s + f(*v), n + 1.0));
        sum / n
    };
    let sd = average(&|value| (value - mean).powi(2)).sqrt();
    let z = field.mapv(|value| (value - mean) / sd);
    let skewness = average(&|value| ((value - mean) / sd).powi(3));
    let fourth = average(&|value| ((value - mean) / sd).powi(4));
    let enough = spatial.interval.is_some();
    let additive = |value: f64, influence: Array2<f64>| {
        let error = spatial_mean(influence.view(), pitch);
        let interval = error.filter(|_| enough).and_then(|error| error.interval);
        let around = |(lo, hi): (f64, f64)| (value + lo, value + hi);
        Moment { value, std_error: error.map(|error| error.std_error), interval: interval.map(around) }
    };
    // Scale parameters: the influence on the logarithm, so that the interval stays positive.
    let multiplicative = |value: f64, influence: Array2<f64>| {
        let log = additive(0.0, influence);
        let around = |(lo, hi): (f64, f64)| (value * lo.exp(), value * hi.exp());
        Moment { value, std_error: log.std_error.map(|error| value * error), interval: log.interval.map(around) }
    };
    Some(Shape {
        mean: Moment { value: mean, std_error: Some(spatial.std_error), interval: spatial.interval },
        sd: multiplicative(sd, z.mapv(|z| 0.5 * (z * z - 1.0))),
        cv: (mean > 0.0).then(|| multiplicative(sd / mean, z.mapv(|z| 0.5 * (z * z - 1.0) - z * sd / mean))),
        skewness: additive(skewness, z.mapv(|z| z.powi(3) - skewness - 3.0 * z - 1.5 * skewness * (z * z - 1.0))),
        excess_kurtosis: fourth - 3.0,
        n_effective: spatial.n_effective,
    })
}
