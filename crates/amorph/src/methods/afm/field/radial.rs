use crate::core::image::RadialLag;

/// Width of the rings of lags, m: one pixel, the geometric mean where pixels are not square.
pub fn ring_width(pitch: (f64, f64)) -> f64 {
    (pitch.0 * pitch.1).sqrt()
}

/// Number of rings up to the distance `r_max`.
pub(super) fn rings_within(radial: &[RadialLag], r_max: f64) -> usize {
    radial.partition_point(|lag| lag.distance <= r_max)
}

/// The distance where the correlation `1 - H(r) / (2 variance)` first falls to `level`, by linear interpolation from 1 at the
/// origin; `None` where it never does.
pub fn distance_at_correlation(radial: &[RadialLag], variance: f64, level: f64) -> Option<f64> {
    let correlation = |index: usize| 1.0 - radial[index].structure / (2.0 * variance);
    let beyond = (0..radial.len()).find(|&index| correlation(index) <= level)?;
    let (r0, c0) = if beyond == 0 { (0.0, 1.0) } else { (radial[beyond - 1].distance, correlation(beyond - 1)) };
    let (r1, c1) = (radial[beyond].distance, correlation(beyond));
    Some(r0 + (c0 - level) / (c0 - c1) * (r1 - r0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_is_interpolated_and_may_never_be_reached() {
        let lag = |distance: f64, structure: f64| RadialLag { distance, structure, pairs: 1.0 };
        let radial = [lag(1.0, 0.4), lag(2.0, 1.2), lag(3.0, 2.0)];
        // Correlations 0.8, 0.4, 0.
        assert!((distance_at_correlation(&radial, 1.0, 0.5).unwrap() - 1.75).abs() < 1e-12);
        assert!((distance_at_correlation(&radial, 1.0, 0.9).unwrap() - 0.5).abs() < 1e-12);
        assert!(distance_at_correlation(&radial, 1.0, -0.1).is_none());
    }
}
