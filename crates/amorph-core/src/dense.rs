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
