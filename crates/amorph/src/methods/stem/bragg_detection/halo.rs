//! Position and width of the first halo of a radial profile.

use super::geometry::Profile;

/// The first halo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Halo {
    /// Distance of its maximum from the beam, pixels.
    pub radius: f64,
    /// Its standard deviation, pixels.
    pub width: f64,
}

/// The most prominent maximum of `profile` beyond `inner` pixels, as a Gaussian on a straight line.
///
/// `None` where the profile only falls.
pub fn find_halo(profile: &Profile, inner: f64, outer: f64) -> Option<Halo> {
    let (first, last) = (inner.ceil() as usize, (outer.floor() as usize).min(profile.means.len().saturating_sub(2)));
    let smooth = |k: usize| {
        let around = [(k.saturating_sub(1), 1.0), (k, 2.0), (k + 1, 1.0)];
        around.iter().map(|(at, weight)| weight * profile.means[*at]).sum::<f64>() / 4.0
    };
    let values: Vec<f64> = (first..last).map(smooth).collect();
    let mut lowest = f64::INFINITY;
    let mut best: Option<(f64, usize)> = None;
    for (i, value) in values.iter().enumerate() {
        lowest = lowest.min(*value);
        let prominence = value - lowest;
        if value.is_finite() && prominence > best.map_or(0.05 * value, |(prominence, _)| prominence) {
            best = Some((prominence, first + i));
        }
    }
    let peak = best?.1 as f64;
    let window: Vec<(f64, f64)> = ((0.6 * peak).max(inner) as usize..=((1.4 * peak) as usize).min(last))
        .map(|k| (k as f64, profile.means[k]))
        .filter(|(_, value)| value.is_finite())
        .collect();
    let mut fit = (f64::INFINITY, Halo { radius: peak, width: 0.15 * peak });
    for step in -12..=12 {
        for w in 0..30 {
            let radius = peak + 0.25 * f64::from(step);
            let width = peak * (0.04 + 0.01 * f64::from(w));
            let cost = misfit(&window, radius, width);
            if cost < fit.0 {
                fit = (cost, Halo { radius, width });
            }
        }
    }
    Some(fit.1)
}

/// Squared residuals of the best bump with this position and width on a straight line, by normal equations.
fn misfit(window: &[(f64, f64)], radius: f64, width: f64) -> f64 {
    let basis = |k: f64| [(-0.5 * ((k - radius) / width).powi(2)).exp(), 1.0, (k - radius) / radius];
    let (mut a, mut b, mut total) = ([[0.0; 3]; 3], [0.0; 3], 0.0);
    for (k, value) in window {
        let row = basis(*k);
        for i in 0..3 {
            for j in 0..3 {
                a[i][j] += row[i] * row[j];
            }
            b[i] += row[i] * value;
        }
        total += value * value;
    }
    let Some(x) = solve(a, b) else { return f64::INFINITY };
    if x[0] <= 0.0 { f64::INFINITY } else { total - (0..3).map(|i| x[i] * b[i]).sum::<f64>() }
}

fn solve(mut a: [[f64; 3]; 3], mut b: [f64; 3]) -> Option<[f64; 3]> {
    for i in 0..3 {
        if a[i][i].abs() < 1e-12 {
            return None;
        }
        for j in i + 1..3 {
            let factor = a[j][i] / a[i][i];
            let pivot = a[i];
            a[j].iter_mut().zip(pivot).for_each(|(to, from)| *to -= factor * from);
            b[j] -= factor * b[i];
        }
    }
    let mut x = [0.0; 3];
    for i in (0..3).rev() {
        x[i] = (b[i] - (i + 1..3).map(|j| a[i][j] * x[j]).sum::<f64>()) / a[i][i];
    }
    Some(x)
}
