//! The structure function with an elliptical distance.

use ndarray::Array2;

use crate::core::fit::{FitError, LeastSquares, Parameter, ResidualModel};
use crate::core::image::PairStatistics;
use crate::core::random::FieldModel;

/// A stationary field with elliptical correlation.
///
/// `H(d) = 2 V [1 - exp(-s^(2 alpha))] + 2 n` with `s^2 = (r/xi)^2 [cosh e - (sinh e / e)(e1 cos 2phi + e2 sin 2phi)]`: `xi` is the
/// geometric mean of the lengths along the axes, `e = |(e1, e2)|` the logarithm of their ratio, and `(e1, e2) = e (cos 2theta,
/// sin 2theta)` has no preferred direction and no singularity where the field is isotropic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ellipse {
    /// Variance of the field.
    pub variance: f64,
    /// Variance of the noise; may be negative by sampling error.
    pub nugget: f64,
    /// Logarithm of the geometric mean of the correlation lengths in metres.
    pub ln_xi: f64,
    /// Exponent.
    pub alpha: f64,
    /// `ln(xi_major / xi_minor)` times the cosine and the sine of twice the angle.
    pub e: [f64; 2],
}

/// Lags at which the structure function is fitted, with their weights.
#[derive(Debug, Clone)]
pub struct Lags {
    /// Rows down and columns right.
    at: Vec<(isize, isize)>,
    /// (x, y), m, y up.
    place: Vec<[f64; 2]>,
    /// How much each counts.
    weights: Vec<f64>,
    /// Structure function of the isotropic field at the longest lag.
    height: f64,
}

/// Radius in pixels up to which every lag is taken; twice as far every second one, and so on: neighbours say the same.
const DENSE: f64 = 16.0;
/// Bounds as in the isotropic fit: beyond what exists, by what sampling errors need.
const SMALLEST_NUGGET: f64 = -0.25;
const EXPONENTS: (f64, f64) = (0.05, 1.5);
/// Largest logarithm of the aspect along each of its two components.
const LARGEST_E: f64 = 3.0;

impl Ellipse {
    /// The isotropic field.
    pub fn isotropic(model: &FieldModel) -> Self {
        let (variance, nugget) = (model.sigma.powi(2), model.nugget_sd.powi(2));
        Self { variance, nugget, ln_xi: model.xi_major.ln(), alpha: model.alpha, e: [0.0; 2] }
    }

    /// `ln(xi_major / xi_minor)`.
    pub fn log_aspect(&self) -> f64 {
        self.e[0].hypot(self.e[1])
    }

    /// Direction of the long axis, rad, in [0, pi).
    pub fn angle(&self) -> f64 {
        (0.5 * self.e[1].atan2(self.e[0])).rem_euclid(std::f64::consts::PI)
    }

    /// Correlation length along the long axis, m.
    pub fn xi_major(&self) -> f64 {
        (self.ln_xi + 0.5 * self.log_aspect()).exp()
    }

    /// Correlation length along the short axis, m.
    pub fn xi_minor(&self) -> f64 {
        (self.ln_xi - 0.5 * self.log_aspect()).exp()
    }

    /// The nearest field that exists.
    pub fn realisable(&self) -> FieldModel {
        FieldModel {
            sigma: self.variance.sqrt(),
            xi_major: self.xi_major(),
            xi_minor: self.xi_minor(),
            angle: self.angle(),
            alpha: self.alpha.min(1.0),
            blur_sd: 0.0,
            nugget_sd: self.nugget.max(0.0).sqrt(),
        }
    }

    /// Structure function at (x, y), m.
    pub fn structure(&self, x: f64, y: f64) -> f64 {
        let u = self.squared_distance(x, y).0.powf(self.alpha);
        -2.0 * self.variance * (-u).exp_m1() + 2.0 * self.nugget
    }

    /// `s^2` and its derivatives with respect to e1 and e2.
    fn squared_distance(&self, x: f64, y: f64) -> (f64, [f64; 2]) {
        let scale = (-2.0 * self.ln_xi).exp();
        let (square, direction) = (scale * (x * x + y * y), [scale * (x * x - y * y), scale * 2.0 * x * y]);
        let e = self.log_aspect();
        // sinh(e)/e and its derivative over e, by series where they cancel.
        let (g, slope) = match e < 1e-3 {
            true => (1.0 + e * e / 6.0, 1.0 / 3.0 + e * e / 30.0),
            false => (e.sinh() / e, (e * e.cosh() - e.sinh()) / e.powi(3)),
        };
        let along = self.e[0] * direction[0] + self.e[1] * direction[1];
        let derivative = |i: usize| g * (square * self.e[i] - direction[i]) - slope * self.e[i] * along;
        (square * e.cosh() - g * along, [derivative(0), derivative(1)])
    }
}

impl Lags {
    /// Lags up to `r_max` metres, without those along the scan axes, where the offsets of lines are.
    ///
    /// `reference` is the isotropic field: each lag counts as its number of pairs over the squared structure function of that, and
    /// over the cube of its length. Long lags are many and say the same: counted alike they make the error of the aspect three times
    /// larger (exponential correlation of 3 pixels on 96 x 96 pixels: 0.15 instead of 0.05 in each component).
    pub fn choose(pairs: &PairStatistics, r_max: f64, reference: &FieldModel) -> Self {
        let isotropic = Ellipse::isotropic(reference);
        let (pitch_y, pitch_x) = pairs.pitch;
        let pixel = (pitch_x * pitch_y).sqrt();
        let (rows, columns) = ((r_max / pitch_y) as isize, (r_max / pitch_x) as isize);
        let (mut at, mut place, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for row in 1..=rows.min(pairs.max_lag.0 as isize) {
            for column in (-columns..=columns).filter(|column| *column != 0) {
                let [x, y] = [column as f64 * pitch_x, -(row as f64) * pitch_y];
                let distance = x.hypot(y);
                let stride = 1_isize << ((distance / pixel / DENSE).log2().floor().max(-1.0) as isize + 1).min(16);
                let taken = row % stride == 0 && column % stride == 0;
                let Some((_, n)) = pairs.at(row, column).filter(|(_, n)| taken && distance <= r_max && *n > 0.0) else {
                    continue;
                };
                at.push((row, column));
                place.push([x, y]);
                let alike = (pixel / distance).powi(3) / isotropic.structure(x, y).powi(2);
                weights.push(n * (stride * stride) as f64 * alike);
            }
        }
        let height = isotropic.structure(r_max, 0.0);
        weights.iter_mut().for_each(|weight| *weight *= height * height);
        Self { at, place, weights, height }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// Fits the structure function at these lags.
    ///
    /// # Errors
    /// [`FitError`].
    pub fn fit(&self, pairs: &PairStatistics, start: &Ellipse) -> Result<Ellipse, FitError> {
        let structure: Vec<f64> =
            self.at.iter().map(|(row, column)| pairs.at(*row, *column).map_or(f64::NAN, |at| at.0)).collect();
        self.fit_values(&structure, start)
    }

    /// Fits what `structure(x, y)` gives at these lags.
    ///
    /// # Errors
    /// [`FitError`].
    pub fn fit_exact(&self, structure: impl Fn(f64, f64) -> f64, start: &Ellipse) -> Result<Ellipse, FitError> {
        let values: Vec<f64> = self.place.iter().map(|[x, y]| structure(*x, *y)).collect();
        self.fit_values(&values, start)
    }

    fn fit_values(&self, structure: &[f64], start: &Ellipse) -> Result<Ellipse, FitError> {
        let problem = Problem { lags: self, structure, ln_xi: start.ln_xi };
        let parameters = vec![
            Parameter::new("variance", start.variance / self.height).at_least(0.0),
            Parameter::new("nugget", (start.nugget / self.height).max(SMALLEST_NUGGET)).at_least(SMALLEST_NUGGET),
            Parameter::new("ln xi", 0.0).within(-5.0, 5.0),
            Parameter::new("alpha", start.alpha).within(EXPONENTS.0, EXPONENTS.1),
            Parameter::new("e1", start.e[0]).within(-LARGEST_E, LARGEST_E),
            Parameter::new("e2", start.e[1]).within(-LARGEST_E, LARGEST_E),
        ];
        let fit = LeastSquares::new(parameters).weights(self.weights.clone()).tolerance(1e-9).fit(&problem)?;
        let found = problem.ellipse(&fit.params);
        Ok(Ellipse { variance: found.variance * self.height, nugget: found.nugget * self.height, ..found })
    }
}

struct Problem<'a> {
    lags: &'a Lags,
    structure: &'a [f64],
    ln_xi: f64,
}

impl Problem<'_> {
    /// Variance and nugget in units of the height.
    fn ellipse(&self, p: &[f64]) -> Ellipse {
        Ellipse { variance: p[0], nugget: p[1], ln_xi: self.ln_xi + p[2], alpha: p[3], e: [p[4], p[5]] }
    }
}

impl ResidualModel for Problem<'_> {
    fn residuals(&self, p: &[f64]) -> Vec<f64> {
        let ellipse = self.ellipse(p);
        let one = |([x, y], h): (&[f64; 2], &f64)| ellipse.structure(*x, *y) - h / self.lags.height;
        self.lags.place.iter().zip(self.structure).map(one).collect()
    }

    fn jacobian(&self, p: &[f64]) -> Option<Array2<f64>> {
        let ellipse = self.ellipse(p);
        let mut jacobian = Array2::zeros((self.lags.place.len(), 6));
        for (mut row, [x, y]) in jacobian.rows_mut().into_iter().zip(&self.lags.place) {
            let (square, [de1, de2]) = ellipse.squared_distance(*x, *y);
            let u = square.powf(ellipse.alpha);
            let rho = (-u).exp();
            let by_square = 2.0 * ellipse.variance * rho * ellipse.alpha * u / square;
            row[0] = 2.0 * (1.0 - rho);
            row[1] = 2.0;
            row[2] = -2.0 * square * by_square;
            row[3] = 2.0 * ellipse.variance * rho * u * square.ln();
            row[4] = by_square * de1;
            row[5] = by_square * de2;
        }
        Some(jacobian)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_structure_function_is_that_of_the_field() {
        let e = 0.8f64;
        let ellipse = Ellipse {
            variance: 2.0,
            nugget: 0.3,
            ln_xi: 5f64.ln(),
            alpha: 0.7,
            e: [e * (2.0f64 * 0.6).cos(), e * (2.0f64 * 0.6).sin()],
        };
        let model = ellipse.realisable();
        assert!((model.xi_major / model.xi_minor - e.exp()).abs() < 1e-12 && (model.angle - 0.6).abs() < 1e-12);
        for (x, y) in [(1.0, 2.0), (4.0, -3.0), (9.0, 0.5)] {
            let expected = 2.0 * (2.0 - model.covariance(x, y)) + 0.6;
            assert!((ellipse.structure(x, y) - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn derivatives_are_those_of_differences() {
        for e in [[0.0, 0.0], [0.3, -0.4], [4e-4, 2e-4]] {
            let ellipse = Ellipse { variance: 1.0, nugget: 0.0, ln_xi: 0.2, alpha: 0.5, e };
            let (_, derivative) = ellipse.squared_distance(1.3, 0.4);
            for (i, derivative) in derivative.into_iter().enumerate() {
                let at = |step: f64| {
                    let mut moved = ellipse;
                    moved.e[i] += step;
                    moved.squared_distance(1.3, 0.4).0
                };
                let numeric = (at(1e-5) - at(-1e-5)) / 2e-5;
                assert!((derivative - numeric).abs() < 1e-8, "{e:?} {i}: {derivative} {numeric}");
            }
        }
    }
}
