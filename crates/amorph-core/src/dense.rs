//! Symmetric positive matrices, row by row in one slice.

/// Lower triangle `L` of `A = L Lᵀ`.
#[derive(Debug, Clone, PartialEq)]
pub struct Cholesky {
    n: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// Of a symmetric matrix of `n` rows; `None` where it is not positive.
    pub fn of(matrix: &[f64], n: usize) -> Option<Self> {
        let mut lower = matrix.to_vec();
        for i in 0..n {
            for j in 0..=i {
                let (upper, rest) = lower.split_at(i * n);
                let other = if j == i { &rest[..j] } else { &upper[j * n..j * n + j] };
                let sum: f64 = rest[..j].iter().zip(other).map(|(a, b)| a * b).sum();
                let value = lower[i * n + j] - sum;
                if i == j {
                    if value.is_nan() || value <= 0.0 {
                        return None;
                    }
                    lower[i * n + i] = value.sqrt();
                } else {
                    lower[i * n + j] = value / lower[j * n + j];
                }
            }
        }
        Some(Self { n, lower })
    }

    /// `L⁻¹ b`.
    pub fn whiten(&self, b: &[f64]) -> Vec<f64> {
        let n = self.n;
        let mut x = b.to_vec();
        for i in 0..n {
            let row = &self.lower[i * n..=i * n + i];
            let sum: f64 = row[..i].iter().zip(&x[..i]).map(|(a, b)| a * b).sum();
            x[i] = (x[i] - sum) / row[i];
        }
        x
    }

    /// `A⁻¹ b`.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let n = self.n;
        let mut x = self.whiten(b);
        for i in (0..n).rev() {
            x[i] /= self.lower[i * n + i];
            let value = x[i];
            let row = &self.lower[i * n..i * n + i];
            x[..i].iter_mut().zip(row).for_each(|(x, l)| *x -= l * value);
        }
        x
    }

    /// `ln det A`.
    pub fn ln_determinant(&self) -> f64 {
        2.0 * (0..self.n).map(|i| self.lower[i * self.n + i].ln()).sum::<f64>()
    }

    /// `A⁻¹`.
    pub fn inverse(&self) -> Vec<f64> {
        let n = self.n;
        // Rows of the inverse of L, transposed: column j of L⁻¹ begins at row j.
        let mut half = vec![0.0; n * n];
        for j in 0..n {
            for i in j..n {
                let row = &self.lower[i * n..=i * n + i];
                let sum: f64 = row[j..i].iter().zip(&half[j * n + j..j * n + i]).map(|(a, b)| a * b).sum();
                half[j * n + i] = (f64::from(u8::from(i == j)) - sum) / row[i];
            }
        }
        let mut inverse = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let value = half[i * n + i..(i + 1) * n].iter().zip(&half[j * n + i..(j + 1) * n]).map(|(a, b)| a * b).sum();
                inverse[i * n + j] = value;
                inverse[j * n + i] = value;
            }
        }
        inverse
    }
}

/// A symmetric matrix as `A = Q T Qᵀ`, T tridiagonal: shifts and multiples of it are then solved in a time that grows with n, not with n³.
#[derive(Debug, Clone, PartialEq)]
pub struct Tridiagonal {
    n: usize,
    /// Diagonal of T.
    pub diagonal: Vec<f64>,
    /// Beside it.
    pub beside: Vec<f64>,
    /// Householder's reflections, one per row, from the column beside the diagonal on; each has the norm √2.
    reflections: Vec<f64>,
}

/// Lower triangle `L` of a tridiagonal matrix `L Lᵀ`: its diagonal and what is below.
#[derive(Debug, Clone, PartialEq)]
pub struct Bidiagonal {
    diagonal: Vec<f64>,
    below: Vec<f64>,
}

impl Tridiagonal {
    /// Of a symmetric matrix of `n` rows, by Householder's reflections (Golub, van Loan, Matrix Computations, section 8.3); the lower triangle
    /// is read.
    pub fn of(matrix: &[f64], n: usize) -> Self {
        let mut a = matrix.to_vec();
        let mut found =
            Self { n, diagonal: vec![0.0; n], beside: vec![0.0; n.saturating_sub(1)], reflections: vec![0.0; n * n] };
        let mut image = vec![0.0; n];
        // From the last row up: rows of the triangle are then whole.
        for k in (1..n).rev() {
            let (above, rest) = a.split_at_mut(k * n);
            found.diagonal[k] = rest[k];
            let row = &rest[..k];
            let norm = dot(row, row).sqrt();
            let last = row[k - 1];
            let to = -norm.copysign(last);
            found.beside[k - 1] = to;
            // One element, or none that is not zero: nothing to turn.
            if k == 1 || norm <= 0.0 {
                found.beside[k - 1] = last;
                continue;
            }
            let length = (norm * (norm + last.abs())).sqrt();
            let v = &mut found.reflections[k * n..k * n + k];
            v.iter_mut().zip(row).for_each(|(v, r)| *v = r / length);
            v[k - 1] = (last - to) / length;
            symmetric_times(above, n, v, &mut image[..k]);
            let half = 0.5 * dot(v, &image[..k]);
            image[..k].iter_mut().zip(v.iter()).for_each(|(p, v)| *p -= half * v);
            for i in 0..k {
                let (vi, wi) = (v[i], image[i]);
                let row = &mut above[i * n..=i * n + i];
                row.iter_mut().zip(v.iter().zip(&image)).for_each(|(a, (v, w))| *a -= vi * w + wi * v);
            }
        }
        if n > 0 {
            found.diagonal[0] = a[0];
        }
        found
    }

    /// `Qᵀ b`.
    pub fn turned(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for k in (2..self.n).rev() {
            let v = &self.reflections[k * self.n..k * self.n + k];
            let size = dot_in_lanes(v, &x[..k]);
            x[..k].iter_mut().zip(v).for_each(|(x, v)| *x -= size * v);
        }
        x
    }

    /// Factor of `factor T + 1`; `None` where that is not positive.
    pub fn shifted(&self, factor: f64) -> Option<Bidiagonal> {
        let mut found = Bidiagonal { diagonal: Vec::with_capacity(self.n), below: Vec::with_capacity(self.n) };
        for k in 0..self.n {
            let below = if k == 0 { 0.0 } else { factor * self.beside[k - 1] / found.diagonal[k - 1] };
            let square = 1.0 + factor * self.diagonal[k] - below * below;
            if square.is_nan() || square <= 0.0 {
                return None;
            }
            found.diagonal.push(square.sqrt());
            found.below.push(below);
        }
        Some(found)
    }
}

impl Bidiagonal {
    /// `L⁻¹ b`.
    pub fn whiten(&self, b: &[f64]) -> Vec<f64> {
        let mut before = 0.0;
        let one = |((b, diagonal), below): ((&f64, &f64), &f64)| {
            before = (b - below * before) / diagonal;
            before
        };
        b.iter().zip(&self.diagonal).zip(&self.below).map(one).collect()
    }

    /// `ln det L Lᵀ`.
    pub fn ln_determinant(&self) -> f64 {
        2.0 * self.diagonal.iter().map(|value| value.ln()).sum::<f64>()
    }
}

/// `A v` of a symmetric matrix by its lower triangle, rows of `stride`.
fn symmetric_times(matrix: &[f64], stride: usize, v: &[f64], image: &mut [f64]) {
    image.fill(0.0);
    for (i, vi) in v.iter().enumerate() {
        let row = &matrix[i * stride..=i * stride + i];
        let (before, from) = image.split_at_mut(i);
        before.iter_mut().zip(row).for_each(|(p, a)| *p += a * vi);
        from[0] += dot_in_lanes(&row[..i], &v[..i]) + row[i] * vi;
    }
}

/// `Σ a b` in four sums beside each other, which a processor adds at once.
fn dot_in_lanes(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (a4, b4) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest = dot(a4.remainder(), b4.remainder());
    for (a, b) in a4.zip(b4) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    rest + (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// `gᵀ C g`.
pub fn quadratic(matrix: &[f64], vector: &[f64]) -> f64 {
    let n = vector.len();
    let row = |i: usize| matrix[i * n..(i + 1) * n].iter().zip(vector).map(|(c, g)| c * g).sum::<f64>();
    vector.iter().enumerate().map(|(i, g)| g * row(i)).sum()
}

/// `Σ a b`.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::random::standard_normals;

    /// Against Cholesky's factors of the shifted matrix: determinant and products of whitened vectors.
    #[test]
    fn a_tridiagonal_matrix_solves_its_shifts() {
        for n in [1, 2, 3, 8, 21] {
            let z = standard_normals(n as u64, n * n);
            let at = |i: usize, j: usize| dot(&z[i * n..(i + 1) * n], &z[j * n..(j + 1) * n]);
            let matrix: Vec<f64> = (0..n * n).map(|k| at(k / n, k % n)).collect();
            let tridiagonal = Tridiagonal::of(&matrix, n);
            let (a, b) = (standard_normals(90, n), standard_normals(91, n));
            for factor in [0.0, 0.03, 30.0] {
                let shifted: Vec<f64> = (0..n * n).map(|k| factor * matrix[k] + f64::from(u8::from(k / n == k % n))).collect();
                let exact = Cholesky::of(&shifted, n).unwrap();
                let found = tridiagonal.shifted(factor).unwrap();
                assert!((found.ln_determinant() - exact.ln_determinant()).abs() < 1e-9, "{n} {factor}");
                let white = |v: &[f64]| found.whiten(&tridiagonal.turned(v));
                let product = dot(&white(&a), &white(&b));
                assert!((product - dot(&exact.whiten(&a), &exact.whiten(&b))).abs() < 1e-9, "{n} {factor} {product}");
            }
        }
        // Nothing to turn, and not positive.
        let diagonal = Tridiagonal::of(&[2.0, 0.0, 0.0, 0.0, 3.0, 0.0, 0.0, 0.0, -4.0], 3);
        assert_eq!(diagonal.diagonal, [2.0, 3.0, -4.0]);
        assert!(diagonal.shifted(0.1).is_some() && diagonal.shifted(1.0).is_none());
    }
}
