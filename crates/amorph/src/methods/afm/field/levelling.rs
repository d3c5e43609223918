use ndarray::{Array2, ArrayView2};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was taken from every row of a map before, by the instrument or by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowsLevelled {
    /// Nothing.
    None,
    /// An offset.
    Offset,
    /// A straight line.
    Line,
    /// A parabola.
    Parabola,
}

impl RowsLevelled {
    /// Degree of the polynomial.
    pub fn degree(self) -> Option<usize> {
        match self {
            Self::None => None,
            Self::Offset => Some(0),
            Self::Line => Some(1),
            Self::Parabola => Some(2),
        }
    }

    /// Number of waves across the map below which a levelled map has lost its power: one more than the polynomial has zeros, and
    /// one for what the taper mixes in.
    pub fn first_column(self) -> usize {
        self.degree().map_or(0, |degree| degree + 2)
    }

    /// Takes the polynomial from every row, by least squares over the pixels that may be used; a map that was levelled like this
    /// before stays what it is.
    pub fn level(self, values: &mut Array2<f64>, valid: &ArrayView2<'_, bool>) {
        let Some(degree) = self.degree() else { return };
        for (mut row, valid) in values.rows_mut().into_iter().zip(valid.rows()) {
            let places: Vec<usize> = valid.iter().enumerate().filter(|(_, valid)| **valid).map(|(index, _)| index).collect();
            let scale = 2.0 / (row.len() as f64 - 1.0).max(1.0);
            let x: Vec<f64> = places.iter().map(|place| *place as f64 * scale - 1.0).collect();
            let mut z: Vec<f64> = places.iter().map(|place| row[*place]).collect();
            subtract_polynomial(&x, &mut z, degree);
            places.iter().zip(z).for_each(|(place, value)| row[*place] = value);
        }
    }
}

/// Subtracts the least-squares polynomial, by polynomials that are orthogonal on the points.
fn subtract_polynomial(x: &[f64], z: &mut [f64], degree: usize) {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (mut previous, mut norm_before) = (vec![0.0; x.len()], 1.0);
    let mut current = vec![1.0; x.len()];
    for _ in 0..=degree.min(x.len().saturating_sub(1)) {
        let norm = dot(&current, &current);
        if norm < 1e-12 * x.len() as f64 {
            return;
        }
        let coefficient = dot(&current, z) / norm;
        z.iter_mut().zip(&current).for_each(|(z, p)| *z -= coefficient * p);
        // p_{k+1} = (x - <x>_k) p_k - (norm_k / norm_{k-1}) p_{k-1}
        let centre = current.iter().zip(x).map(|(p, x)| p * p * x).sum::<f64>() / norm;
        let ratio = norm / norm_before;
        let next = current.iter().zip(&previous).zip(x).map(|((p, q), x)| (x - centre) * p - ratio * q).collect();
        (previous, current, norm_before) = (current, next, norm);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_of_the_degree_disappear_and_nothing_else() {
        let valid = Array2::from_shape_fn((4, 30), |(r, c)| (r + c) % 5 != 0);
        let polynomial = |r: usize, c: usize| (r as f64) + 0.3 * c as f64 - 0.02 * ((c * c) as f64);
        let wave = |c: usize| (c as f64 * 2.1).sin();
        let map = Array2::from_shape_fn((4, 30), |(r, c)| if valid[(r, c)] { polynomial(r, c) + wave(c) } else { f64::NAN });
        let mut levelled = map.clone();
        RowsLevelled::Parabola.level(&mut levelled, &valid.view());
        let mut again = levelled.clone();
        RowsLevelled::Parabola.level(&mut again, &valid.view());
        let mut waves = Array2::from_shape_fn((4, 30), |(_, c)| wave(c));
        RowsLevelled::Parabola.level(&mut waves, &valid.view());
        for (index, valid) in valid.indexed_iter() {
            if *valid {
                assert!((levelled[index] - again[index]).abs() < 1e-12 && (levelled[index] - waves[index]).abs() < 1e-11);
            } else {
                assert!(levelled[index].is_nan());
            }
        }
        for row in 0..4 {
            let sum: f64 = (0..30).filter(|c| valid[(row, *c)]).map(|c| levelled[(row, c)]).sum();
            assert!(sum.abs() < 1e-12);
        }
        let mut untouched = map.mapv(|v| if v.is_nan() { 0.0 } else { v });
        let before = untouched.clone();
        RowsLevelled::None.level(&mut untouched, &valid.view());
        assert_eq!(untouched, before);
    }
}
