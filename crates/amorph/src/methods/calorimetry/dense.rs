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
                let (before, own) = lower.split_at(i * n);
                let other = if j == i { &own[..j] } else { &before[j * n..j * n + j] };
                let sum: f64 = own[..j].iter().zip(other).map(|(a, b)| a * b).sum();
                let value = lower[i * n + j] - sum;
                if i != j {
                    lower[i * n + j] = value / lower[j * n + j];
                } else if value > 0.0 {
                    lower[i * n + i] = value.sqrt();
                } else {
                    return None;
                }
            }
        }
        Some(Self { n, lower })
    }

    /// `L⁻¹ b`.
    pub fn whiten(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for i in 0..self.n {
            let row = &self.lower[i * self.n..];
            let sum: f64 = row[..i].iter().zip(&x).map(|(a, b)| a * b).sum();
            x[i] = (x[i] - sum) / row[i];
        }
        x
    }

    /// `A⁻¹ b`.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = self.whiten(b);
        for i in (0..self.n).rev() {
            x[i] /= self.lower[i * self.n + i];
            for j in 0..i {
                x[j] -= self.lower[i * self.n + j] * x[i];
            }
        }
        x
    }

    /// `ln det A`.
    pub fn ln_determinant(&self) -> f64 {
        2.0 * (0..self.n).map(|i| self.lower[i * self.n + i].ln()).sum::<f64>()
    }
}

/// `Σ a b`.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
