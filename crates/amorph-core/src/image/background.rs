//! Removal of tilt, bow and offsets between rows.

use nalgebra::{DMatrix, DVector};
use ndarray::{Array2, ArrayView2};

use super::usable;
use crate::stats::{MEDIAN_OF_ABSOLUTE_NORMAL, median_in_place};

/// Why a background cannot be fitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackgroundError {
    /// Fewer usable pixels than the polynomial has terms, or pixels on one line only.
    #[error("a polynomial of degree {degree} has {terms} terms; {found} usable pixels do not determine them")]
    Undetermined {
        /// Degree asked for.
        degree: usize,
        /// Terms of that degree.
        terms: usize,
        /// Usable pixels.
        found: usize,
    },
}

/// A map and the background taken from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Levelled {
    /// Values minus background; missing values stay missing.
    pub values: Array2<f64>,
    /// The background, at every pixel.
    pub background: Array2<f64>,
    /// Coefficients of `u^i v^j` in the order (0,0), (1,0), (0,1), (2,0), (1,1), (0,2), .., with u and v from -1 at the first to 1 at
    /// the last column and row; in the unit of the values. Row offsets: one value per row.
    pub coefficients: Vec<f64>,
}

/// Huber's constant: 95 % efficiency for normal residuals.
const HUBER: f64 = 1.345;
const MAX_ITERATIONS: usize = 30;

/// Fits and subtracts a polynomial of total degree `degree` in both directions (1: plane), by least squares or, when `robust`,
/// with Huber weights (scale from the median absolute residual), so that particles and pits do not tilt the plane.
///
/// # Errors
/// [`BackgroundError::Undetermined`].
pub fn polynomial_background(
    values: &ArrayView2<'_, f64>,
    valid: Option<&ArrayView2<'_, bool>>,
    degree: usize,
    robust: bool,
) -> Result<Levelled, BackgroundError> {
    let mask = usable(values, valid);
    let (rows, columns) = values.dim();
    let basis = Basis::new(rows, columns, degree);
    let terms = basis.powers.len();
    let found = mask.iter().filter(|m| **m).count();
    let undetermined = BackgroundError::Undetermined { degree, terms, found };
    let mut weights = mask.mapv(|m| if m { 1.0 } else { 0.0 });
    let mut coefficients = basis.solve(values, &weights).ok_or(undetermined.clone())?;
    let mut background = basis.evaluate(&coefficients);
    for _ in 0..if robust { MAX_ITERATIONS } else { 0 } {
        let scale = residual_scale(values, &background, &mask);
        if scale == 0.0 {
            break;
        }
        for ((weight, usable), (value, fit)) in weights.iter_mut().zip(&mask).zip(values.iter().zip(&background)) {
            let size = ((value - fit) / scale).abs();
            *weight = match (*usable, size > HUBER) {
                (false, _) => 0.0,
                (true, true) => HUBER / size,
                (true, false) => 1.0,
            };
        }
        let next = basis.solve(values, &weights).ok_or(undetermined.clone())?;
        let change = next.iter().zip(&coefficients).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        background = basis.evaluate(&next);
        coefficients = next;
        if change < 1e-9 * scale {
            break;
        }
    }
    Ok(Levelled { values: values - &background, background, coefficients })
}

/// Median absolute residual in units of the standard deviation of a normal.
fn residual_scale(values: &ArrayView2<'_, f64>, background: &Array2<f64>, mask: &Array2<bool>) -> f64 {
    let residuals = values.iter().zip(background).zip(mask).filter(|(_, m)| **m).map(|((v, b), _)| (v - b).abs());
    median_in_place(&mut residuals.collect::<Vec<f64>>()) / MEDIAN_OF_ABSOLUTE_NORMAL
}

struct Basis {
    powers: Vec<(usize, usize)>,
    /// Powers 0 ..= degree of the scaled row and column position.
    rows: Vec<Vec<f64>>,
    columns: Vec<Vec<f64>>,
}

impl Basis {
    fn new(rows: usize, columns: usize, degree: usize) -> Self {
        let table = |n: usize| {
            let position = |i: usize| if n > 1 { 2.0 * i as f64 / (n - 1) as f64 - 1.0 } else { 0.0 };
            (0..n).map(|i| (0..=degree).map(|p| position(i).powi(p as i32)).collect()).collect()
        };
        let powers = (0..=degree).flat_map(|d| (0..=d).map(move |j| (d - j, j))).collect();
        Self { powers, rows: table(rows), columns: table(columns) }
    }

    fn terms(&self, row: usize, column: usize, terms: &mut [f64]) {
        for (term, (i, j)) in terms.iter_mut().zip(&self.powers) {
            *term = self.columns[column][*i] * self.rows[row][*j];
        }
    }

    /// Weighted least squares by the normal equations, well conditioned on [-1, 1] for the low degrees of backgrounds.
    fn solve(&self, values: &ArrayView2<'_, f64>, weights: &Array2<f64>) -> Option<Vec<f64>> {
        let n = self.powers.len();
        let mut normal = DMatrix::zeros(n, n);
        let mut right = DVector::zeros(n);
        let mut terms = vec![0.0; n];
        for ((row, column), weight) in weights.indexed_iter() {
            if *weight == 0.0 {
                continue;
            }
            self.terms(row, column, &mut terms);
            for (i, a) in terms.iter().enumerate() {
                right[i] += weight * a * values[(row, column)];
                for (j, b) in terms[..=i].iter().enumerate() {
                    normal[(i, j)] += weight * a * b;
                }
            }
        }
        normal.fill_upper_triangle_with_lower_triangle();
        let trace = normal.trace();
        let factor = normal.cholesky()?;
        // A pivot lost in rounding means that the pixels do not determine the polynomial.
        let smallest = factor.l_dirty().diagonal().iter().map(|d| d * d).fold(f64::INFINITY, f64::min);
        (smallest > 1e-12 * trace).then(|| factor.solve(&right).iter().copied().collect())
    }

    fn evaluate(&self, coefficients: &[f64]) -> Array2<f64> {
        let mut terms = vec![0.0; coefficients.len()];
        Array2::from_shape_fn((self.rows.len(), self.columns.len()), |(row, column)| {
            self.terms(row, column, &mut terms);
            terms.iter().zip(coefficients).map(|(t, c)| t * c).sum()
        })
    }
}

/// Subtracts an offset per row such that the median difference of neighbouring rows is zero and the mean offset is zero.
///
/// Row levelling shortens the correlation length of a map (by 4 % at 8 px on 256 px): not for maps of dissipation unless asked
/// for. Rows that share no usable column with the row above keep its offset.
pub fn row_offsets(values: &ArrayView2<'_, f64>, valid: Option<&ArrayView2<'_, bool>>) -> Levelled {
    let mask = usable(values, valid);
    let mut offsets = vec![0.0; values.nrows()];
    for row in 1..values.nrows() {
        let shared = (0..values.ncols()).filter(|c| mask[(row, *c)] && mask[(row - 1, *c)]);
        let step = median_in_place(&mut shared.map(|c| values[(row, c)] - values[(row - 1, c)]).collect::<Vec<f64>>());
        offsets[row] = offsets[row - 1] + if step.is_finite() { step } else { 0.0 };
    }
    let mean = offsets.iter().sum::<f64>() / offsets.len().max(1) as f64;
    offsets.iter_mut().for_each(|offset| *offset -= mean);
    let background = Array2::from_shape_fn(values.dim(), |(row, _)| offsets[row]);
    Levelled { values: values - &background, background, coefficients: offsets }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::standard_normals;

    fn noise(rows: usize, columns: usize, sd: f64) -> Array2<f64> {
        let values = standard_normals(17, rows * columns).into_iter().map(|v| sd * v).collect();
        Array2::from_shape_vec((rows, columns), values).unwrap()
    }

    #[test]
    fn a_polynomial_is_removed_exactly() {
        let map = Array2::from_shape_fn((12, 9), |(r, c)| {
            let (v, u) = (2.0 * r as f64 / 11.0 - 1.0, 2.0 * c as f64 / 8.0 - 1.0);
            3.0 + 2.0 * u - v + 0.5 * u * u - 4.0 * u * v + v * v
        });
        for robust in [false, true] {
            let levelled = polynomial_background(&map.view(), None, 2, robust).unwrap();
            assert!(levelled.values.iter().all(|v| v.abs() < 1e-12));
            let expected = [3.0, 2.0, -1.0, 0.5, -4.0, 1.0];
            assert!(levelled.coefficients.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12));
        }
    }

    #[test]
    fn huber_weights_resist_particles() {
        let tilt = |r: usize, c: usize| 0.3 * r as f64 - 0.2 * c as f64;
        let mut map = Array2::from_shape_fn((40, 50), |(r, c)| tilt(r, c)) + noise(40, 50, 0.1);
        for (r, c) in (0..6).flat_map(|r| (40..50).map(move |c| (r, c))) {
            map[(r, c)] += 30.0;
        }
        let worst = |robust| {
            let fit = polynomial_background(&map.view(), None, 1, robust).unwrap().background;
            fit.indexed_iter().map(|((r, c), b)| (b - tilt(r, c)).abs()).fold(0.0, f64::max)
        };
        assert!(worst(true) < 0.05, "{}", worst(true));
        assert!(worst(false) > 1.0);
    }

    #[test]
    fn masked_and_missing_pixels_do_not_count() {
        let mut map = Array2::from_shape_fn((8, 8), |(r, c)| r as f64 + 2.0 * c as f64);
        map[(1, 1)] = f64::NAN;
        map[(5, 2)] = 1e6;
        let mask = Array2::from_shape_fn((8, 8), |index| index != (5, 2));
        let levelled = polynomial_background(&map.view(), Some(&mask.view()), 1, false).unwrap();
        assert!(levelled.values[(1, 1)].is_nan());
        assert!(levelled.values.iter().filter(|v| v.is_finite() && **v < 1e5).all(|v| v.abs() < 1e-11));
    }

    #[test]
    fn undetermined_planes_are_refused() {
        let map = noise(1, 20, 1.0);
        let error = polynomial_background(&map.view(), None, 1, false).unwrap_err();
        assert_eq!(error, BackgroundError::Undetermined { degree: 1, terms: 3, found: 20 });
        let nothing = Array2::from_elem((4, 4), f64::NAN);
        assert!(polynomial_background(&nothing.view(), None, 0, true).is_err());
    }

    #[test]
    fn row_offsets_are_found() {
        let offsets = [0.0, 5.0, -3.0, 1.0, 7.0];
        let texture = noise(1, 400, 1.0);
        let map = Array2::from_shape_fn((5, 400), |(r, c)| offsets[r] + texture[(0, c)]);
        let levelled = row_offsets(&map.view(), None);
        assert!(levelled.coefficients.iter().zip(offsets).all(|(a, b)| (a - (b - 2.0)).abs() < 1e-12));
        assert!(levelled.values.column(7).iter().all(|v| (v - levelled.values[(0, 7)]).abs() < 1e-12));
    }
}
