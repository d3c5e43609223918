/// Spherical Bessel function of order zero, sin x/x.
pub fn spherical_j0(x: f64) -> f64 {
    if x.abs() < 1e-4 { 1.0 - x * x / 6.0 } else { x.sin() / x }
}

/// Spherical Bessel function of order two, (3/x³ - 1/x) sin x - 3 cos x/x²; a series below 0.1.
pub fn spherical_j2(x: f64) -> f64 {
    if x.abs() < 0.1 {
        let y = x * x;
        return y / 15.0 * (1.0 - y / 14.0 + y * y / 504.0);
    }
    (3.0 / (x * x * x) - 1.0 / x) * x.sin() - 3.0 * x.cos() / (x * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_have_their_values_and_no_step_between_series_and_closed_form() {
        assert!((spherical_j0(1.0) - 0.841_470_984_807_896_5).abs() < 1e-15 && (spherical_j0(0.0) - 1.0).abs() < 1e-15);
        assert!((spherical_j2(1.0) - 0.062_035_052_011_373_86).abs() < 1e-14);
        assert!((spherical_j2(10.0) - 0.077_942_193_628_562_45).abs() < 1e-14);
        assert!((spherical_j2(0.099_999_999) - spherical_j2(0.100_000_001)).abs() < 1e-10);
    }
}
