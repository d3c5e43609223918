//! Small symmetric systems.

use ndarray::Array2;

/// Lower factor of a positive definite matrix; `None` for any other.
fn cholesky(matrix: &Array2<f64>) -> Option<Array2<f64>> {
    let n = matrix.nrows();
    let mut factor = Array2::<f64>::zeros((n, n));
    for i in 0..n {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| factor[[i, k]] * factor[[j, k]]).sum();
            let rest = matrix[[i, j]] - known;
            if i == j {
                // Errors that other errors make up entirely leave nothing to compare with.
                if rest.is_nan() || rest <= 1e-14 * matrix[[i, i]] {
                    return None;
                }
                factor[[i, i]] = rest.sqrt();
            } else {
                factor[[i, j]] = rest / factor[[j, j]];
            }
        }
    }
    Some(factor)
}

/// Inverse of a positive definite matrix; `None` for any other.
pub(super) fn symmetric_inverse(matrix: &Array2<f64>) -> Option<Array2<f64>> {
    let n = matrix.nrows();
    let columns: Vec<Vec<f64>> = {
        let factor = cholesky(matrix)?;
        (0..n).map(|k| substitute(&factor, &(0..n).map(|i| f64::from(u8::from(i == k))).collect::<Vec<_>>())).collect()
    };
    // Rounding must not make it depend on which half was computed.
    Some(Array2::from_shape_fn((n, n), |(i, j)| 0.5 * (columns[i][j] + columns[j][i])))
}

/// Solves a positive definite system; `None` for any other.
pub(super) fn symmetric_solve(matrix: &Array2<f64>, right: &[f64]) -> Option<Vec<f64>> {
    cholesky(matrix).map(|factor| substitute(&factor, right))
}

fn substitute(factor: &Array2<f64>, right: &[f64]) -> Vec<f64> {
    let n = right.len();
    let mut x = right.to_vec();
    for i in 0..n {
        let known: f64 = (0..i).map(|k| factor[[i, k]] * x[k]).sum();
        x[i] = (x[i] - known) / factor[[i, i]];
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|k| factor[[k, i]] * x[k]).sum();
        x[i] = (x[i] - known) / factor[[i, i]];
    }
    x
}
