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
}

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
        from_zero,
        from_minimum: zero.zip(back).and_then(|(from, to)| extremum(from, to, -1.0)).map(|r| 2.0 * r),
        from_maximum: back.zip(again).and_then(|(from, to)| extremum(from, to, 1.0)),
        distance,
        correlation,
    }
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
