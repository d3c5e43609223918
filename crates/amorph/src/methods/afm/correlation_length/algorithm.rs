//! From an image to the parameters of its field.

use ndarray::{Array2, ArrayView2};

use crate::core::image::{PairStatistics, RadialLag, pair_statistics};
use crate::methods::afm::field::{
    FieldFit, FitRules, distance_at_correlation, fit_structure_function, log_length_std, ring_width,
};

/// What is done to every image, measured or simulated.
#[derive(Debug, Clone, Copy)]
pub struct Pipeline<'a> {
    /// Pixels that may be used.
    pub valid: &'a ArrayView2<'a, bool>,
    /// Number of these.
    pub n_valid: f64,
    /// Pixel size (dy, dx), m.
    pub pitch: (f64, f64),
    /// How to fit.
    pub rules: FitRules,
    /// Longest lag, m.
    pub longest: f64,
}

/// What an image tells about its field.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Radial structure function.
    pub radial: Vec<RadialLag>,
    /// Population variance of the values.
    pub variance: f64,
    /// Distance where the correlation is 1/e, m.
    pub r_1e: Option<f64>,
    /// Distance where the correlation is 0.2, m.
    pub sal: Option<f64>,
    /// The fit, where there is one.
    pub fit: Option<FieldFit>,
    /// Standard deviation of ln xi by linearisation of the fit.
    pub ln_xi_std: Option<f64>,
}

impl Pipeline<'_> {
    /// Structure function of an image, `[rows, columns]`.
    pub fn pairs(&self, values: &Array2<f64>) -> Option<PairStatistics> {
        pair_statistics(&values.view(), Some(self.valid), self.pitch, Some(self.longest)).ok()
    }

    /// Everything about an image; `None` where it has no pairs.
    pub fn measure(&self, values: &Array2<f64>) -> Option<Measured> {
        let sum: f64 = self.usable(values).sum();
        let mean = sum / self.n_valid;
        let variance = self.usable(values).map(|value| (value - mean).powi(2)).sum::<f64>() / self.n_valid;
        Some(self.of_radial(self.pairs(values)?.radial(ring_width(self.pitch)), variance))
    }

    /// The same from a structure function, measured or expected.
    pub fn of_radial(&self, radial: Vec<RadialLag>, variance: f64) -> Measured {
        let r_1e = distance_at_correlation(&radial, variance, (-1f64).exp());
        let sal = distance_at_correlation(&radial, variance, 0.2);
        let fit = r_1e.and_then(|guess| fit_structure_function(&radial, guess, &self.rules).ok());
        let ln_xi_std = fit.as_ref().and_then(|fit| log_length_std(fit, &radial, &self.rules, self.pitch, self.n_valid));
        Measured { radial, variance, r_1e, sal, fit, ln_xi_std }
    }

    fn usable<'v>(&'v self, values: &'v Array2<f64>) -> impl Iterator<Item = f64> + 'v {
        values.iter().zip(self.valid).filter(|(_, valid)| **valid).map(|(value, _)| *value)
    }
}
