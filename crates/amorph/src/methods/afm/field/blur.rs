/// Steps of the quadrature; even.
const STEPS: usize = 128;
/// Half width of the quadrature in standard deviations of the autocorrelated blur.
const REACH: f64 = 6.0;

/// Correlation function of an isotropic field after a Gaussian blur of standard deviation `blur_sd`, relative to the variance
/// before: `integral of rho(u) G(|r - u|) d2u` with `G` a Gaussian of standard deviation `sqrt(2) blur_sd`.
///
/// In polar coordinates the angle integral is a Bessel function, and Simpson's rule does the radius. At `blur_sd = 0` it is `rho(r)`.
pub fn blurred_correlation(rho: impl Fn(f64) -> f64, r: f64, blur_sd: f64) -> f64 {
    if blur_sd <= 0.0 {
        return rho(r);
    }
    let sd = std::f64::consts::SQRT_2 * blur_sd;
    let low = (r - REACH * sd).max(0.0);
    let step = (r + REACH * sd - low) / STEPS as f64;
    let (mut sum, mut norm) = (0.0, 0.0);
    for index in 0..=STEPS {
        let u = low + index as f64 * step;
        let simpson = if index == 0 || index == STEPS {
            1.0
        } else if index % 2 == 1 {
            4.0
        } else {
            2.0
        };
        let density = u * (-0.5 * ((r - u) / sd).powi(2)).exp() * scaled_bessel_i0(r * u / (sd * sd));
        sum += simpson * density * rho(u);
        norm += simpson * density;
    }
    sum / norm
}

/// `exp(-x) I0(x)` for `x >= 0`: Abramowitz & Stegun 9.8.1 and 9.8.2, to 2e-7 relative.
fn scaled_bessel_i0(x: f64) -> f64 {
    let polynomial = |t: f64, c: &[f64]| c.iter().rev().fold(0.0, |sum, c| sum * t + c);
    if x < 3.75 {
        let small = [1.0, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813];
        return (-x).exp() * polynomial((x / 3.75).powi(2), &small);
    }
    let large = [
        0.398_942_28,
        0.013_285_92,
        0.002_253_19,
        -0.001_575_65,
        0.009_162_81,
        -0.020_577_06,
        0.026_355_37,
        -0.016_476_33,
        0.003_923_77,
    ];
    polynomial(3.75 / x, &large) / x.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spec: a Gaussian correlation stays Gaussian, `xi_m^2 = xi^2 + 4 s^2`, `sigma_m^2 = sigma^2 xi^2 / (xi^2 + 4 s^2)`.
    #[test]
    fn gaussian_correlation_has_a_closed_form() {
        let (xi, s): (f64, f64) = (4.0, 1.5);
        let wide = xi * xi + 4.0 * s * s;
        for r in [0.0, 0.3, 1.0, 4.0, 9.0, 15.0] {
            let expected = xi * xi / wide * (-r * r / wide).exp();
            let found = blurred_correlation(|u| (-(u / xi).powi(2)).exp(), r, s);
            assert!((found - expected).abs() < 1e-6, "{r}: {found} {expected}");
        }
    }

    #[test]
    fn bessel_function_agrees_with_its_tables() {
        // Abramowitz & Stegun, table 9.8: exp(-x) I0(x).
        for (x, expected) in [(0.0, 1.0), (1.0, 0.4657596077), (5.0, 0.1835408126), (10.0, 0.1278333372)] {
            assert!((scaled_bessel_i0(x) - expected).abs() < 3e-7, "{x}");
        }
    }
}
