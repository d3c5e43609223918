//! From a map to its ellipse and its multipoles.

use ndarray::{Array2, ArrayView2};

use super::ellipse::{Ellipse, Lags};
use crate::core::fft::Complex64;
use crate::core::image::{PairStatistics, RadialLag, pair_statistics};
use crate::core::random::FieldModel;
use crate::methods::afm::field::{FieldFit, FitRules, SurrogateModel, log_length_std, normal_scores, ring_width};
use crate::methods::afm::spectrum::algorithm::{Analysis, directions, second_moments};
use crate::methods::afm::spectrum::null::Fitted;

/// Sectors of S(theta) over half a turn.
pub const SECTORS: usize = 36;

/// What is done to every map, measured or simulated.
#[derive(Debug, Clone)]
pub struct Probe<'a> {
    /// Spectrum.
    pub analysis: Analysis<'a>,
    /// Lags of the fit.
    pub lags: Lags,
    /// Longest lag, m.
    pub r_max: f64,
    /// Number of usable pixels.
    pub n_valid: f64,
    /// Band of the spectrum, 1/m.
    pub band: (f64, f64),
    /// Rules of the isotropic fit.
    pub rules: FitRules,
}

/// What a map tells about its directions.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The fit, where there is one.
    pub ellipse: Option<Ellipse>,
    /// Standard deviation of the logarithm of the mean length by linearisation.
    pub ln_xi_std: Option<f64>,
    /// Quadrupole of the spectrum over the band; its phase is twice the direction of the power, across the structure.
    pub a2: Complex64,
    /// Its four-fold partner.
    pub a4: Complex64,
    /// Second moments of the spectrum over the band.
    pub moments: [f64; 3],
    /// S(theta), every ring over its mean.
    pub sectors: Vec<f64>,
}

impl<'a> Probe<'a> {
    /// Prepares the analysis of a map with its isotropic fit; `band` in 1/m.
    pub fn new(analysis: Analysis<'a>, fitted: &Fitted, band: (f64, f64)) -> Self {
        let r_max = fitted.fit.r_max;
        let lags = Lags::choose(&fitted.pairs, r_max, &fitted.fit.realisable());
        let n_valid = analysis.valid.iter().filter(|valid| **valid).count() as f64;
        Self { analysis, lags, r_max, n_valid, band, rules: fitted.rules }
    }

    /// Structure function up to the longest lag.
    pub fn pairs(&self, values: &Array2<f64>) -> Option<PairStatistics> {
        pair_statistics(&values.view(), Some(self.analysis.valid), self.analysis.pitch, Some(self.r_max)).ok()
    }

    /// Everything about a map, its ellipse looked for around `start`.
    pub fn measure(&self, values: &Array2<f64>, start: &Ellipse) -> Option<Measured> {
        let pairs = self.pairs(values)?;
        let ellipse = self.lags.fit(&pairs, start).ok();
        let spectrum = self.analysis.spectrum(values)?;
        let found = directions(&spectrum, self.band, SECTORS);
        Some(Measured {
            ellipse,
            ln_xi_std: ellipse.and_then(|ellipse| self.log_length_std(&ellipse, &pairs)),
            a2: found.a2,
            a4: found.a4,
            moments: second_moments(&spectrum, self.band),
            sectors: found.sectors,
        })
    }

    /// Spread of ln xi of an isotropic field with the mean length of the ellipse: what makes deviations comparable.
    pub fn log_length_std(&self, ellipse: &Ellipse, pairs: &PairStatistics) -> Option<f64> {
        let radial: Vec<RadialLag> = pairs.radial(ring_width(self.analysis.pitch));
        let nugget_sd = ellipse.nugget.max(0.0).sqrt();
        let model =
            FieldModel { nugget_sd, ..FieldModel::isotropic(ellipse.variance.sqrt(), ellipse.ln_xi.exp(), ellipse.alpha) };
        let fit = FieldFit { model, nugget_variance: ellipse.nugget, r_max: self.r_max, n_points: radial.len() };
        log_length_std(&fit, &radial, &self.rules, self.analysis.pitch, self.n_valid)
    }

    /// The field of the bootstrap: that of the ellipse, or, where the surrogates of the map are not Gaussian, the ellipse of its
    /// normal scores with the same values.
    pub fn anisotropic(&self, values: &Array2<f64>, ellipse: &Ellipse, fitted: &Fitted) -> Option<SurrogateModel> {
        let Some(marginal) = &fitted.model.marginal else {
            return Some(SurrogateModel { gaussian: ellipse.realisable(), marginal: None });
        };
        let valid: &ArrayView2<'_, bool> = self.analysis.valid;
        let pairs = self.pairs(&normal_scores(values, valid))?;
        let scores = &fitted.model.gaussian;
        let lags = Lags::choose(&pairs, self.r_max, scores);
        let start = Ellipse { e: ellipse.e, ..Ellipse::isotropic(scores) };
        let mut gaussian = lags.fit(&pairs, &start).ok()?.realisable();
        let total = gaussian.sigma.hypot(gaussian.nugget_sd);
        gaussian.sigma /= total;
        gaussian.nugget_sd /= total;
        Some(SurrogateModel { gaussian, marginal: Some(marginal.clone()) })
    }

    /// What the fit makes of the exact structure function of a field.
    pub fn truth(&self, model: &SurrogateModel, start: &Ellipse) -> Option<Ellipse> {
        let field = &model.gaussian;
        let variance = field.sigma.powi(2) + field.nugget_sd.powi(2);
        let total = model.covariance(variance, variance);
        let structure = |x: f64, y: f64| 2.0 * (total - model.covariance(field.covariance(x, y), variance));
        self.lags.fit_exact(structure, start).ok()
    }
}
