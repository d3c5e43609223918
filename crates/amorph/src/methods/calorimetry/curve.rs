//! Smooth curves through noisy samples.

use crate::core::dense::dot;

/// Derivative of `y` by straight lines over `rows` samples to both sides.
pub fn slope_by_rows(x: &[f64], y: &[f64], rows: usize) -> Vec<f64> {
    let n = x.len();
    (0..n)
        .map(|i| {
            let (a, b) = (i.saturating_sub(rows), (i + rows + 1).min(n));
            let local = local_polynomial(&x[a..b], &y[a..b], x[i], f64::INFINITY, 1);
            local.map_or(0.0, |c| c[1])
        })
        .collect()
}

/// Coefficients of a local polynomial at most.
const MOST: usize = 5;

/// Least squares of a polynomial in `x - at` with tricube weights over `half` to both sides; coefficients by rising power, zero
/// beyond `degree` (4 at most). `None` with fewer samples than coefficients.
pub fn local_polynomial(x: &[f64], y: &[f64], at: f64, half: f64, degree: usize) -> Option<[f64; MOST]> {
    match degree {
        0 => local::<1, 1>(x, y, at, half),
        1 => local::<2, 3>(x, y, at, half),
        2 => local::<3, 5>(x, y, at, half),
        3 => local::<4, 7>(x, y, at, half),
        _ => local::<MOST, 9>(x, y, at, half),
    }
}

/// [`local_polynomial`] of `P` coefficients, with `S = 2 P - 1` sums of powers.
fn local<const P: usize, const S: usize>(x: &[f64], y: &[f64], at: f64, half: f64) -> Option<[f64; MOST]> {
    let first = if half.is_finite() { x.partition_point(|v| *v < at - half) } else { 0 };
    let end = if half.is_finite() { x.partition_point(|v| *v <= at + half) } else { x.len() };
    let unit = if half.is_finite() { half } else { (x[end - 1] - x[first]).abs().max(f64::MIN_POSITIVE) };
    let mut sums = [0.0; S];
    let mut right = [0.0; P];
    let mut used = 0;
    for (x, y) in x[first..end].iter().zip(&y[first..end]) {
        let z = (x - at) / unit;
        let w = if half.is_finite() { (1.0 - z.abs().powi(3)).max(0.0).powi(3) } else { 1.0 };
        if w <= 0.0 {
            continue;
        }
        used += 1;
        let mut power = w;
        for sum in &mut sums {
            *sum += power;
            power *= z;
        }
        let mut power = w * y;
        for sum in &mut right {
            *sum += power;
            power *= z;
        }
    }
    if used < P {
        return None;
    }
    let found = solved(&sums, right)?;
    let mut coefficients = [0.0; MOST];
    let mut scale = 1.0;
    for (coefficient, c) in coefficients.iter_mut().zip(found) {
        *coefficient = c / scale;
        scale *= unit;
    }
    Some(coefficients)
}

/// Local quadratics with tricube weights at fixed places, as weights of the samples: what is asked of curve after curve over the same `x`.
#[derive(Debug, Clone, Default)]
pub struct LocalQuadratics {
    /// First sample of every place and its weights; fewer than three samples have none.
    rows: Vec<Option<(usize, std::ops::Range<usize>)>>,
    value: Vec<f64>,
    slope: Vec<f64>,
}

impl LocalQuadratics {
    /// At `places`, over `half` to both sides.
    pub fn of(x: &[f64], places: impl Iterator<Item = f64>, half: f64) -> Self {
        let mut found = Self::default();
        for at in places {
            let first = x.partition_point(|v| *v < at - half);
            let near = &x[first..x.partition_point(|v| *v <= at + half).max(first)];
            let weight = |x: &f64| {
                let z = (x - at) / half;
                (z, (1.0 - z.abs().powi(3)).max(0.0).powi(3))
            };
            let weights: Vec<(f64, f64)> = near.iter().map(weight).collect();
            let mut sums = [0.0; 5];
            for (z, w) in &weights {
                let mut power = *w;
                for sum in &mut sums {
                    *sum += power;
                    power *= z;
                }
            }
            let enough = weights.iter().filter(|(_, w)| *w > 0.0).count() >= 3;
            let inverse = if enough { solved(&sums, [1.0, 0.0, 0.0]).zip(solved(&sums, [0.0, 1.0, 0.0])) } else { None };
            let begin = found.value.len();
            if let Some((of_value, of_slope)) = inverse {
                let at = |c: [f64; 3], z: f64, w: f64| w * (c[0] + z * (c[1] + z * c[2]));
                found.value.extend(weights.iter().map(|(z, w)| at(of_value, *z, *w)));
                found.slope.extend(weights.iter().map(|(z, w)| at(of_slope, *z, *w) / half));
            }
            found.rows.push(inverse.map(|_| (first, begin..found.value.len())));
        }
        found
    }

    /// First sample and the one after the last that count at a place.
    pub fn reach(&self, place: usize) -> Option<(usize, usize)> {
        self.rows[place].as_ref().map(|(first, range)| (*first, first + range.len()))
    }

    /// Value at a place; `y` begins with the sample `origin` and holds all that count.
    pub fn value(&self, place: usize, y: &[f64], origin: usize) -> Option<f64> {
        self.rows[place].as_ref().map(|(first, range)| dot(&self.value[range.clone()], &y[first - origin..]))
    }

    /// Slopes at all places.
    pub fn slopes<'a>(&'a self, y: &'a [f64]) -> impl Iterator<Item = Option<f64>> + 'a {
        self.rows.iter().map(|row| row.as_ref().map(|(first, range)| dot(&self.slope[range.clone()], &y[*first..])))
    }

    /// Values at the samples themselves, where the places are those; the sample where too few are near.
    pub fn smoothed(&self, y: &[f64]) -> Vec<f64> {
        y.iter().enumerate().map(|(i, y_i)| self.value(i, y, 0).unwrap_or(*y_i)).collect()
    }
}

/// Solves `Σ_b sums[a + b] c[b] = right[a]` by Cholesky's factors; `None` where the matrix is not positive.
fn solved<const P: usize>(sums: &[f64], mut right: [f64; P]) -> Option<[f64; P]> {
    let mut lower = [[0.0; P]; P];
    for i in 0..P {
        for j in 0..=i {
            let value = sums[i + j] - (0..j).map(|k| lower[i][k] * lower[j][k]).sum::<f64>();
            if i > j {
                lower[i][j] = value / lower[j][j];
            } else if value > 0.0 {
                lower[i][i] = value.sqrt();
            } else {
                return None;
            }
        }
        right[i] = (right[i] - (0..i).map(|k| lower[i][k] * right[k]).sum::<f64>()) / lower[i][i];
    }
    for i in (0..P).rev() {
        right[i] = (right[i] - (i + 1..P).map(|k| lower[k][i] * right[k]).sum::<f64>()) / lower[i][i];
    }
    Some(right)
}

/// Values of local quadratics at all `x` (rising), over `half` to both sides; the sample itself where too few are near.
pub fn smoothed(x: &[f64], y: &[f64], half: f64) -> Vec<f64> {
    (0..x.len()).map(|i| local_polynomial(x, y, x[i], half, 2).map_or(y[i], |c| c[0])).collect()
}

/// Trapezoidal integral of samples.
pub fn integral(x: &[f64], y: &[f64]) -> f64 {
    (1..x.len()).map(|i| 0.5 * (y[i] + y[i - 1]) * (x[i] - x[i - 1])).sum()
}

/// Weights of the trapezoidal rule.
pub fn trapezoid(x: &[f64]) -> Vec<f64> {
    let n = x.len();
    let gap = |i: usize| if i == 0 || i >= n { 0.0 } else { x[i] - x[i - 1] };
    (0..n).map(|i| 0.5 * (gap(i) + gap(i + 1))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn polynomials_are_found_exactly() {
        let x: Vec<f64> = (0..50).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|x| 2.0 - 0.5 * x + 0.25 * x * x).collect();
        let c = local_polynomial(&x, &y, 20.0, 7.0, 2).unwrap();
        for (found, expected) in c.iter().zip([92.0, 9.5, 0.25]) {
            assert!((found - expected).abs() < 1e-9, "{c:?}");
        }
        assert!((smoothed(&x, &y, 5.0)[0] - 2.0).abs() < 1e-9);
        let local = LocalQuadratics::of(&x, x.iter().copied(), 7.0);
        let slopes: Vec<f64> = local.slopes(&y).map(Option::unwrap).collect();
        assert!((slopes[20] - 9.5).abs() < 1e-9 && (local.smoothed(&y)[49] - y[49]).abs() < 1e-9, "{slopes:?}");
        assert_eq!(local.reach(20), Some((13, 28)));
        assert!((local.value(20, &y[13..], 13).unwrap() - 92.0).abs() < 1e-9);
        assert!(LocalQuadratics::of(&x, x.iter().copied(), 0.5).reach(20).is_none());
        assert!(local_polynomial(&x, &y, 20.0, 0.5, 2).is_none());
        assert!((crate::core::dense::dot(&trapezoid(&x), &y) - integral(&x, &y)).abs() < 1e-9);
    }
}
