//! The little image processing that an instrument does by itself.

use ndarray::{Array2, Axis};

/// Derivative along y (up; rows run down) and along x, per metre: central differences, one-sided at the edges.
///
/// `pitch` is that along (y, x) in metres; the image has at least two rows and columns.
pub fn gradient(image: &Array2<f64>, pitch: (f64, f64)) -> (Array2<f64>, Array2<f64>) {
    let down = derivative(image, Axis(0), pitch.0);
    (-down, derivative(image, Axis(1), pitch.1))
}

/// Second derivative along both axes, the gradient of the gradient, per square metre.
pub fn laplacian(image: &Array2<f64>, pitch: (f64, f64)) -> Array2<f64> {
    let twice = |axis: Axis, pitch: f64| derivative(&derivative(image, axis, pitch), axis, pitch);
    twice(Axis(0), pitch.0) + twice(Axis(1), pitch.1)
}

fn derivative(image: &Array2<f64>, axis: Axis, pitch: f64) -> Array2<f64> {
    let last = image.len_of(axis) - 1;
    let mut result = image.clone();
    for (i, mut line) in result.axis_iter_mut(axis).enumerate() {
        let (before, after) = (i.saturating_sub(1), (i + 1).min(last));
        let difference = &image.index_axis(axis, after) - &image.index_axis(axis, before);
        line.assign(&(difference / ((after - before) as f64 * pitch)));
    }
    result
}

/// Convolution with a Gaussian of standard deviation `sd` metres, cut at four of them; the image is mirrored at its edges.
pub fn blurred(image: &Array2<f64>, sd: f64, pitch: (f64, f64)) -> Array2<f64> {
    let along_rows = blurred_along(image, Axis(1), sd / pitch.1);
    blurred_along(&along_rows, Axis(0), sd / pitch.0)
}

fn blurred_along(image: &Array2<f64>, axis: Axis, sd: f64) -> Array2<f64> {
    let n = image.len_of(axis);
    let reach = ((4.0 * sd).ceil() as usize).min(n - 1) as isize;
    let weight = |offset: isize| if sd > 0.0 { (-0.5 * (offset as f64 / sd).powi(2)).exp() } else { 1.0 };
    let total: f64 = (-reach..=reach).map(weight).sum();
    let mut result = Array2::zeros(image.dim());
    for (i, mut line) in result.axis_iter_mut(axis).enumerate() {
        for offset in -reach..=reach {
            line.scaled_add(weight(offset) / total, &image.index_axis(axis, mirrored(i as isize + offset, n)));
        }
    }
    result
}

/// Index reflected at both edges; `index` lies within one length of the image.
fn mirrored(index: isize, n: usize) -> usize {
    let last = n as isize - 1;
    let folded = if index < 0 { -index - 1 } else { index };
    (if folded > last { 2 * last + 1 - folded } else { folded }) as usize
}
