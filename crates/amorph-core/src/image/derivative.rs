//! Slopes and curvature of a map.

use ndarray::{Array2, ArrayView2};

use super::usable;

/// First derivatives and Laplacian of a map, y up; NaN where a pixel they need is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Derivatives {
    /// d/dx, value per metre.
    pub x: Array2<f64>,
    /// d/dy, value per metre, y up.
    pub y: Array2<f64>,
    /// d2/dx2 + d2/dy2, value per square metre.
    pub laplacian: Array2<f64>,
}

/// Derivatives by central differences with pixels of `pitch = (dy, dx)` metres; `valid` is true for pixels that may be used.
///
/// Second order inside; at the border of the map the first derivatives are one-sided (first order) and the Laplacian uses the
/// nearest interior second difference. Beside a missing pixel the result is missing.
pub fn derivatives(values: &ArrayView2<'_, f64>, valid: Option<&ArrayView2<'_, bool>>, pitch: (f64, f64)) -> Derivatives {
    let mask = usable(values, valid);
    let clean = Array2::from_shape_fn(values.dim(), |index| if mask[index] { values[index] } else { f64::NAN });
    let (rows, columns) = clean.dim();
    let along_x = |row: usize, column: usize| differences(|i| clean[(row, i)], column, columns, pitch.1);
    let along_y = |row: usize, column: usize| differences(|i| clean[(i, column)], row, rows, pitch.0);
    let own = |row: usize, column: usize| if mask[(row, column)] { 0.0 } else { f64::NAN };
    Derivatives {
        x: Array2::from_shape_fn((rows, columns), |(r, c)| along_x(r, c).0 + own(r, c)),
        // Rows count downwards.
        y: Array2::from_shape_fn((rows, columns), |(r, c)| own(r, c) - along_y(r, c).0),
        laplacian: Array2::from_shape_fn((rows, columns), |(r, c)| along_x(r, c).1 + along_y(r, c).1),
    }
}

/// First and second derivative of a line at `i` of `n` points.
fn differences(at: impl Fn(usize) -> f64, i: usize, n: usize, step: f64) -> (f64, f64) {
    if n < 2 {
        return (f64::NAN, f64::NAN);
    }
    let (low, high) = (i.saturating_sub(1), (i + 1).min(n - 1));
    let first = (at(high) - at(low)) / ((high - low) as f64 * step);
    if n < 3 {
        return (first, f64::NAN);
    }
    let centre = i.clamp(1, n - 2);
    (first, (at(centre + 1) - 2.0 * at(centre) + at(centre - 1)) / (step * step))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// z = 2 x + 3 y + x^2 + 2 y^2 on 0.5 x 0.25 pixels, y up.
    fn surface() -> Array2<f64> {
        Array2::from_shape_fn((6, 7), |(row, column)| {
            let (x, y) = (column as f64 * 0.5, (5.0 - row as f64) * 0.25);
            2.0 * x + 3.0 * y + x * x + 2.0 * y * y
        })
    }

    #[test]
    fn quadratic_surfaces_are_differentiated_exactly_inside() {
        let d = derivatives(&surface().view(), None, (0.25, 0.5));
        for ((row, column), laplacian) in d.laplacian.indexed_iter() {
            assert!((laplacian - 6.0).abs() < 1e-10);
            let (x, y) = (column as f64 * 0.5, (5.0 - row as f64) * 0.25);
            if (1..5).contains(&row) && (1..6).contains(&column) {
                assert!((d.x[(row, column)] - (2.0 + 2.0 * x)).abs() < 1e-12);
                assert!((d.y[(row, column)] - (3.0 + 4.0 * y)).abs() < 1e-12);
            }
        }
        // One-sided at the left edge: the slope half a pixel inside.
        assert!((d.x[(2, 0)] - 2.5).abs() < 1e-12);
    }

    #[test]
    fn missing_pixels_spread_to_their_neighbours_only() {
        let mut map = surface();
        map[(3, 3)] = f64::NAN;
        let d = derivatives(&map.view(), None, (0.25, 0.5));
        let missing = |m: &Array2<f64>| m.indexed_iter().filter(|(_, v)| v.is_nan()).map(|(i, _)| i).collect::<Vec<_>>();
        assert_eq!(missing(&d.x), [(3, 2), (3, 3), (3, 4)]);
        assert_eq!(missing(&d.y), [(2, 3), (3, 3), (4, 3)]);
        assert!(d.laplacian[(3, 3)].is_nan() && d.laplacian[(3, 2)].is_nan() && d.laplacian[(2, 2)].is_finite());
    }
}
