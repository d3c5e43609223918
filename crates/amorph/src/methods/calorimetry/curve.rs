//! Smooth curves through noisy samples.

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

/// Least squares of a polynomial in `x - at` with tricube weights over `half` to both sides; coefficients by rising power.
/// `None` with fewer samples than coefficients.
pub fn local_polynomial(x: &[f64], y: &[f64], at: f64, half: f64, degree: usize) -> Option<Vec<f64>> {
    let p = degree + 1;
    let first = if half.is_finite() { x.partition_point(|v| *v < at - half) } else { 0 };
    let end = if half.is_finite() { x.partition_point(|v| *v <= at + half) } else { x.len() };
    let unit = if half.is_finite() { half } else { (x[end - 1] - x[first]).abs().max(f64::MIN_POSITIVE) };
    let mut normal = [0.0; 25];
    let mut right = [0.0; 5];
    let mut used = 0;
    for i in first..end {
        let z = (x[i] - at) / unit;
        let w = if half.is_finite() { (1.0 - z.abs().powi(3)).max(0.0).powi(3) } else { 1.0 };
        if w <= 0.0 {
            continue;
        }
        used += 1;
        let mut powers = [1.0; 5];
        for k in 1..p {
            powers[k] = powers[k - 1] * z;
        }
        for a in 0..p {
            right[a] += w * powers[a] * y[i];
            for b in 0..p {
                normal[a * p + b] += w * powers[a] * powers[b];
            }
        }
    }
    if used < p {
        return None;
    }
    let found = crate::core::dense::Cholesky::of(&normal[..p * p], p)?.solve(&right[..p]);
    Some(found.iter().enumerate().map(|(k, c)| c / unit.powi(k as i32)).collect())
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
        assert!(local_polynomial(&x, &y, 20.0, 0.5, 2).is_none());
        assert!((crate::core::dense::dot(&trapezoid(&x), &y) - integral(&x, &y)).abs() < 1e-9);
    }
}
