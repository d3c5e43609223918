//! The stretched-exponential correlation function, its derivatives, and what a Gaussian blur makes of them.

use ndarray::Array2;
use rayon::prelude::*;

/// Steps of the quadrature over the blur; even.
const STEPS: usize = 128;
/// Half width of the quadrature in standard deviations of the autocorrelated blur.
const REACH: f64 = 6.0;
/// Knots of the table of a blurred correlation per unit of `ln(1 + r / s)`.
const KNOTS: f64 = 100.0;
/// Beyond this exponent the correlation is below 1e-17.
const NEGLIGIBLE: f64 = 40.0;

/// Correlation `exp(-(r/length)^(2 exponent))` of a field, seen through a Gaussian blur of standard deviation `blur_sd`; relative
/// to the variance before the blur. Lengths in one common unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// Correlation length.
    pub length: f64,
    /// Exponent.
    pub exponent: f64,
    /// Standard deviation of the blur; 0 for none.
    pub blur_sd: f64,
}

/// The correlation and its derivatives by `ln length` and by the exponent at the lags of a grid, `[row lag, column lag]`, from 0.
pub(super) struct Lags {
    pub value: Array2<f64>,
    pub by_length: Array2<f64>,
    pub by_exponent: Array2<f64>,
}

impl Correlation {
    /// The correlation at distance `r`.
    pub fn at(&self, r: f64) -> f64 {
        blurred_correlation(|u| (-(u / self.length).powf(2.0 * self.exponent)).exp(), r, self.blur_sd)
    }

    /// Value and derivatives without blur, from `ln r`.
    fn sharp(&self, ln_r: f64) -> [f64; 3] {
        let ln_ratio = ln_r - self.length.ln();
        let u = (2.0 * self.exponent * ln_ratio).exp();
        if u > NEGLIGIBLE {
            return [0.0; 3];
        }
        let rho = (-u).exp();
        [rho, 2.0 * self.exponent * u * rho, if u > 0.0 { -2.0 * u * ln_ratio * rho } else { 0.0 }]
    }

    /// Value and derivatives at all lags of a map of `shape` and `pitch`.
    pub(super) fn lags(&self, shape: (usize, usize), pitch: (f64, f64), parallel: bool) -> Lags {
        let blurred =
            (self.blur_sd > 0.0).then(|| BlurredTable::new(self, (shape.0 as f64 * pitch.0).hypot(shape.1 as f64 * pitch.1)));
        let at = |row: usize, column: usize| {
            let (y, x) = (row as f64 * pitch.0, column as f64 * pitch.1);
            let square = x * x + y * y;
            match &blurred {
                Some(table) => table.at(square.sqrt()),
                None => self.sharp(0.5 * square.ln()),
            }
        };
        let mut values = vec![[0.0; 3]; shape.0 * shape.1];
        let fill = |(row, line): (usize, &mut [[f64; 3]])| {
            line.iter_mut().enumerate().for_each(|(column, value)| *value = at(row, column));
        };
        if parallel {
            values.par_chunks_mut(shape.1).enumerate().for_each(fill);
        } else {
            values.chunks_mut(shape.1).enumerate().for_each(fill);
        }
        let part = |index: usize| {
            let numbers = values.iter().map(|value| value[index]).collect();
            Array2::from_shape_vec(shape, numbers).unwrap_or_default()
        };
        Lags { value: part(0), by_length: part(1), by_exponent: part(2) }
    }
}

/// A blurred correlation with its derivatives at knots that are equidistant in `ln(1 + r / s)`.
struct BlurredTable {
    scale: f64,
    knots: Vec<[f64; 3]>,
}

impl BlurredTable {
    fn new(correlation: &Correlation, longest: f64) -> Self {
        let scale = correlation.blur_sd;
        let n = ((longest / scale).ln_1p() * KNOTS) as usize + 4;
        let knot = |index: usize| {
            let r = scale * (index as f64 / KNOTS).exp_m1();
            blurred(&|u: f64| correlation.sharp(u.ln()), r, correlation.blur_sd)
        };
        Self { scale, knots: (0..n).into_par_iter().map(knot).collect() }
    }

    /// Cubic interpolation through four knots.
    fn at(&self, r: f64) -> [f64; 3] {
        let place = (r / self.scale).ln_1p() * KNOTS;
        let first = (place as usize).saturating_sub(1).min(self.knots.len() - 4);
        let t = place - first as f64;
        let (t1, t2, t3) = (t - 1.0, t - 2.0, t - 3.0);
        let weights = [-t1 * t2 * t3 / 6.0, t * t2 * t3 / 2.0, -t * t1 * t3 / 2.0, t * t1 * t2 / 6.0];
        let mut sum = [0.0; 3];
        for (weight, knot) in weights.iter().zip(&self.knots[first..first + 4]) {
            sum.iter_mut().zip(knot).for_each(|(sum, value)| *sum += weight * value);
        }
        sum
    }
}

/// Correlation function of an isotropic field after a Gaussian blur of standard deviation `blur_sd`, relative to the variance
/// before: `integral of rho(u) G(|r - u|) d2u` with `G` a Gaussian of standard deviation `sqrt(2) blur_sd`.
///
/// In polar coordinates the angle integral is a Bessel function, and Simpson's rule does the radius. At `blur_sd = 0` it is `rho(r)`.
pub fn blurred_correlation(rho: impl Fn(f64) -> f64, r: f64, blur_sd: f64) -> f64 {
    if blur_sd > 0.0 { blurred(&|u| [rho(u)], r, blur_sd)[0] } else { rho(r) }
}

fn blurred<const N: usize>(functions: &impl Fn(f64) -> [f64; N], r: f64, blur_sd: f64) -> [f64; N] {
    let sd = std::f64::consts::SQRT_2 * blur_sd;
    let low = (r - REACH * sd).max(0.0);
    let step = (r + REACH * sd - low) / STEPS as f64;
    let (mut sum, mut norm) = ([0.0; N], 0.0);
    for index in 0..=STEPS {
        let u = low + index as f64 * step;
        let simpson = if index == 0 || index == STEPS {
            1.0
        } else if index % 2 == 1 {
            4.0
        } else {
            2.0
        };
        let density = simpson * u * (-0.5 * ((r - u) / sd).powi(2)).exp() * scaled_bessel_i0(r * u / (sd * sd));
        norm += density;
        if density > 0.0 {
            sum.iter_mut().zip(functions(u)).for_each(|(sum, value)| *sum += density * value);
        }
    }
    sum.map(|sum| sum / norm)
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

    /// A Gaussian correlation stays Gaussian: `xi_m^2 = xi^2 + 4 s^2`, `sigma_m^2 = sigma^2 xi^2 / (xi^2 + 4 s^2)`.
    #[test]
    fn gaussian_correlation_has_a_closed_form() {
        let (xi, s): (f64, f64) = (4.0, 1.5);
        let wide = xi * xi + 4.0 * s * s;
        let model = Correlation { length: xi, exponent: 1.0, blur_sd: s };
        let table = BlurredTable::new(&model, 50.0);
        for r in [0.0, 0.3, 1.0, 4.0, 9.0, 15.0] {
            let expected = xi * xi / wide * (-r * r / wide).exp();
            assert!((model.at(r) - expected).abs() < 1e-6, "{r}: {} {expected}", model.at(r));
            assert!((table.at(r)[0] - expected).abs() < 1e-6, "{r}: {:?} {expected}", table.at(r));
        }
    }

    #[test]
    fn derivatives_are_differences() {
        for blur_sd in [0.0, 1.3] {
            let model = Correlation { length: 4.0, exponent: 0.7, blur_sd };
            let lags = |model: Correlation| model.lags((7, 9), (1.0, 1.5), true);
            let here = lags(model);
            let step = 1e-4f64;
            let longer = lags(Correlation { length: 4.0 * step.exp(), ..model });
            let shorter = lags(Correlation { length: 4.0 * (-step).exp(), ..model });
            let steeper = lags(Correlation { exponent: 0.7 + step, ..model });
            let flatter = lags(Correlation { exponent: 0.7 - step, ..model });
            for (index, value) in here.value.indexed_iter() {
                let r = (index.0 as f64).hypot(1.5 * index.1 as f64);
                assert!((value - model.at(r)).abs() < 1e-6, "blur {blur_sd}, r {r}");
                let by_length = (longer.value[index] - shorter.value[index]) / (2.0 * step);
                let by_exponent = (steeper.value[index] - flatter.value[index]) / (2.0 * step);
                assert!((here.by_length[index] - by_length).abs() < 1e-6, "blur {blur_sd}, r {r}");
                assert!((here.by_exponent[index] - by_exponent).abs() < 1e-6, "blur {blur_sd}, r {r}");
            }
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
