//! Where a peak lies, and the strain tensor that its shift over the azimuth means.

use ndarray::Array2;

use crate::core::fit::{ErrorScale, LeastSquares, LinearLeastSquares, Parameter};

/// The place of a peak with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// Place.
    pub place: f64,
    /// Its standard error.
    pub error: f64,
    /// Half width at half height.
    pub width: f64,
}

/// A pseudo-Voigt peak on a straight line by weighted least squares; `None` where there is none within the range.
///
/// Errors of `y` are those given, else the scatter about the fit gives them.
pub fn fit_peak(x: &[f64], y: &[f64], errors: Option<&[f64]>) -> Option<Peak> {
    let n = x.len();
    if n < 8 {
        return None;
    }
    let (first, last) = (x[0], x[n - 1]);
    let middle = 0.5 * (first + last);
    let base = |k: usize| y[0] + (y[n - 1] - y[0]) * (x[k] - first) / (last - first);
    let top = (0..n).max_by(|a, b| (y[*a] - base(*a)).total_cmp(&(y[*b] - base(*b))))?;
    let height = y[top] - base(top);
    if height.is_nan() || height <= 0.0 {
        return None;
    }
    let half = (0..n).filter(|k| y[*k] - base(*k) > 0.5 * height).count().max(2) as f64 * (last - first) / n as f64 / 2.0;
    let parameters = vec![
        Parameter::new("place", x[top]).within(first, last),
        Parameter::new("width", half).within(1e-3 * (last - first), last - first),
        Parameter::new("height", height).at_least(0.0),
        Parameter::new("lorentz_share", 0.5).within(0.0, 1.0),
        Parameter::new("level", base(top)).scale(height),
        Parameter::new("slope", 0.0).scale(height / (last - first)),
    ];
    let model = |p: &[f64]| -> Vec<f64> {
        let at = |x: f64| {
            let u = ((x - p[0]) / p[1]).powi(2);
            let shape = p[3] / (1.0 + u) + (1.0 - p[3]) * (-std::f64::consts::LN_2 * u).exp();
            p[2] * shape + p[4] + p[5] * (x - middle)
        };
        x.iter().zip(y).map(|(x, y)| at(*x) - y).collect()
    };
    let problem = LeastSquares::new(parameters);
    let problem = match errors {
        Some(errors) => problem.sigma(errors).error_scale(ErrorScale::Absolute),
        None => problem,
    };
    let fit = problem.fit(&model).ok()?;
    let error = fit.std_errors[0];
    // Scatter beyond the errors belongs to the place as well.
    let excess = if errors.is_some() { (fit.residual_sum / fit.dof.max(1) as f64).max(1.0).sqrt() } else { 1.0 };
    let is_inside = fit.params[0] > first && fit.params[0] < last && error > 0.0 && error < last - first;
    is_inside.then_some(Peak { place: fit.params[0], error: error * excess, width: fit.params[1] })
}

/// A strain tensor in the plane of the detector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tensor {
    /// e₁₁ along azimuth zero, e₂₂ across, e₁₂.
    pub strain: [f64; 3],
    /// Covariance.
    pub covariance: [[f64; 3]; 3],
    /// Sum of the squares of what is left over its degrees of freedom.
    pub misfit: f64,
}

/// ε(φ) = e₁₁ cos²φ + e₁₂ sin 2φ + e₂₂ sin²φ by weighted least squares; scatter beyond the errors widens them.
pub fn tensor(azimuths: &[f64], strains: &[f64], errors: &[f64]) -> Option<Tensor> {
    let row = |phi: f64| [phi.cos().powi(2), phi.sin().powi(2), (2.0 * phi).sin()];
    let design = Array2::from_shape_fn((azimuths.len(), 3), |(sector, column)| row(azimuths[sector])[column]);
    let weights = Some(errors.iter().map(|error| error.powi(-2)).collect());
    let problem = LinearLeastSquares { weights, error_scale: ErrorScale::Absolute, ..LinearLeastSquares::default() };
    let fit = problem.fit(design.view(), strains).ok()?;
    let misfit = fit.residual_sum / (azimuths.len() as f64 - 3.0).max(1.0);
    let scale = misfit.max(1.0);
    let covariance = std::array::from_fn(|a| std::array::from_fn(|b| scale * fit.covariance[[a, b]]));
    let strain = std::array::from_fn(|place| fit.coefficients[place]);
    Some(Tensor { strain, covariance, misfit })
}

impl Tensor {
    /// Principal strains, the larger first, and the azimuth of the larger, rad.
    pub fn principal(&self) -> ([f64; 2], f64) {
        let [a, b, c] = self.strain;
        let radius = (0.5 * (a - b)).hypot(c);
        let mean = 0.5 * (a + b);
        ([mean + radius, mean - radius], 0.5 * (2.0 * c).atan2(a - b))
    }
}
