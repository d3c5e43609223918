//! Lengths read off the autocorrelation, as checks. They differ by structure type and are never averaged.

use crate::core::image::RadialLag;

/// Autocorrelation by distance, noise taken out, and the lengths in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Autocorrelation {
    /// Distances, m.
    pub distance: Vec<f64>,
    /// Correlation, 1 at zero distance for the structure alone.
    pub correlation: Vec<f64>,
    /// Four times the distance of the first zero, m.
    pub from_zero: Option<f64>,
    /// Twice the distance of the first minimum, m.
    pub from_minimum: Option<f64>,
    /// Distance of the first maximum beyond it, m.
    pub from_maximum: Option<f64>,
    /// Distance over which the heights of minima and maxima fall by 1/e, m.
    pub envelope: Option<f64>,
    /// Integral of the correlation up to its first zero, m.
    pub integral: Option<f64>,
}

/// Minima and maxima whose correlation is smaller than this are those of a finite field.
const FAINT: f64 = 0.05;

/// Autocorrelation from the mean squared differences `H`: `1 - (H/2 - noise) / signal`, with the variances of noise and structure.
pub fn autocorrelation(radial: &[RadialLag], signal_variance: f64, noise_variance: f64) -> Autocorrelation {
    let distance: Vec<f64> = radial.iter().map(|lag| lag.distance).collect();
    let correlation: Vec<f64> =
        radial.iter().map(|lag| 1.0 - (0.5 * lag.structure - noise_variance) / signal_variance).collect();
    let crossing = |from: usize, falling: bool| {
        (from..correlation.len()).find(|i| if falling { correlation[*i] < 0.0 } else { correlation[*i] > 0.0 })
    };
    let zero = crossing(0, true);
    let back = zero.and_then(|zero| crossing(zero, false));
    let again = back.and_then(|back| crossing(back, true));
    let from_zero = zero.map(|i| {
        let (r0, c0) = if i == 0 { (0.0, 1.0) } else { (distance[i - 1], correlation[i - 1]) };
        4.0 * (r0 + c0 / (c0 - correlation[i]) * (distance[i] - r0))
    });
    // An extremum counts once the correlation has crossed zero on both its sides.
    let extremum = |from: usize, to: usize, sign: f64| {
        let best = (from..to).max_by(|a, b| (sign * correlation[*a]).total_cmp(&(sign * correlation[*b])))?;
        Some(top(&distance, &correlation, best))
    };
    Autocorrelation {
        envelope: envelope(&distance, &correlation),
        integral: zero.map(|zero| integral(&distance[..=zero], &correlation[..=zero])),
        from_zero,
        from_minimum: zero.zip(back).and_then(|(from, to)| extremum(from, to, -1.0)).map(|r| 2.0 * r),
        from_maximum: back.zip(again).and_then(|(from, to)| extremum(from, to, 1.0)),
        distance,
        correlation,
    }
}

/// Length of the exponential through the heights of the extrema between zeros, by least squares of their logarithms; they must fall, and two are needed.
///
/// The extrema of `exp(-r/ξ) cos(kr + φ)` lie on `exp(-r/ξ)` but for one factor.
fn envelope(distance: &[f64], correlation: &[f64]) -> Option<f64> {
    let changes: Vec<usize> =
        (1..correlation.len()).filter(|i| (correlation[*i] < 0.0) != (correlation[i - 1] < 0.0)).collect();
    let mut points: Vec<(f64, f64)> = Vec::new();
    for pair in changes.windows(2) {
        let best = (pair[0]..pair[1]).max_by(|a, b| correlation[*a].abs().total_cmp(&correlation[*b].abs()))?;
        let height = correlation[best].abs();
        if height < FAINT || points.last().is_some_and(|last| height.ln() >= last.1) {
            break;
        }
        points.push((top(distance, correlation, best), height.ln()));
    }
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0 / n, sum.1 + point.1 / n));
    let slope = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum::<f64>()
        / points.iter().map(|point| (point.0 - x).powi(2)).sum::<f64>();
    (points.len() >= 2 && slope < 0.0).then(|| -1.0 / slope)
}

/// By the trapezoidal rule from 1 at zero to the crossing before the last value, which is negative.
fn integral(distance: &[f64], correlation: &[f64]) -> f64 {
    let (mut sum, mut before) = (0.0, (0.0, 1.0));
    for (r, c) in distance.iter().zip(correlation) {
        let (r0, c0) = before;
        sum += if *c < 0.0 { 0.5 * c0 * c0 / (c0 - c) * (r - r0) } else { 0.5 * (c0 + c) * (r - r0) };
        before = (*r, *c);
    }
    sum
}

/// Vertex of the parabola through a point and its neighbours.
fn top(x: &[f64], y: &[f64], at: usize) -> f64 {
    if at == 0 || at + 1 >= x.len() {
        return x[at];
    }
    let (left, right) = (x[at] - x[at - 1], x[at + 1] - x[at]);
    let (down, up) = ((y[at] - y[at - 1]) / left, (y[at + 1] - y[at]) / right);
    let curvature = (up - down) / (left + right);
    if curvature == 0.0 {
        return x[at];
    }
    let slope = (down * right + up * left) / (left + right);
    (x[at] - 0.5 * slope / curvature).clamp(x[at - 1], x[at + 1])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn of(correlation: impl Fn(f64) -> f64) -> Autocorrelation {
        let lag = |k: i32| RadialLag { distance: f64::from(k), structure: 2.0 * (1.0 - correlation(f64::from(k))), pairs: 1.0 };
        autocorrelation(&(1..200).map(lag).collect::<Vec<_>>(), 1.0, 0.0)
    }

    /// exp(-r/ξ) cos(2πr/d): its extrema fall by 1/e over ξ, its first zero lies at d/4, and its integral up to there is known.
    #[test]
    fn envelope_and_integral_of_a_damped_wave() {
        let (xi, d) = (30.0, 24.0);
        let k = std::f64::consts::TAU / d;
        let found = of(|r| (-r / xi).exp() * (k * r).cos());
        assert!((found.envelope.unwrap() / xi - 1.0).abs() < 0.02, "{:?}", found.envelope);
        let expected = (1.0 / xi + k * (-0.25 * d / xi).exp()) / (1.0 / (xi * xi) + k * k);
        assert!((found.integral.unwrap() / expected - 1.0).abs() < 0.02, "{:?} {expected}", found.integral);
        assert!((found.from_zero.unwrap() / d - 1.0).abs() < 0.01);
    }

    #[test]
    fn what_does_not_swing_has_no_envelope() {
        let smooth = of(|r| (-r / 15.0).exp() - 0.01);
        assert!(smooth.envelope.is_none());
        // ∫ up to where it is zero: ξ (1 - 0.01) - 0.01 r₀ with r₀ = ξ ln 100, but for the start at one.
        let expected = 15.0 * 0.99 - 0.01 * 15.0 * 100f64.ln();
        assert!((smooth.integral.unwrap() / expected - 1.0).abs() < 0.02, "{:?} {expected}", smooth.integral);
        assert!(of(|r| (-r / 500.0).exp()).integral.is_none());
        // A swing that grows is no envelope.
        assert!(of(|r| 0.2 * (1.0 + 0.02 * r) * (0.3 * r).cos()).envelope.is_none());
    }
}
