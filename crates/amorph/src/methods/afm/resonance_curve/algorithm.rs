//! The amplitude of a driven, damped oscillator with background, fitted to a sweep.

use super::{FEWEST, ResonanceError, STANDS_OUT};
use crate::core::fit::{Fit, FitError, LeastSquares, Parameter};
use crate::core::stats::median;

/// What is added to the response of the oscillator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// Nothing.
    None,
    /// A constant power.
    Power,
    /// A constant complex amplitude.
    Coherent,
}

/// A sweep, from the lowest frequency to the highest.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Hz.
    pub frequency: Vec<f64>,
    /// In any unit.
    pub amplitude: Vec<f64>,
    peak: usize,
}

/// A fitted resonance.
#[derive(Debug, Clone, PartialEq)]
pub struct Resonance {
    /// Resonance frequency, Hz.
    pub frequency: f64,
    /// Its standard error, Hz.
    pub frequency_error: f64,
    /// Its 95 % interval, Hz.
    pub frequency_interval: Option<(f64, f64)>,
    /// Quality factor.
    pub quality: f64,
    /// Its standard error.
    pub quality_error: f64,
    /// Its 95 % interval.
    pub quality_interval: Option<(f64, f64)>,
    /// Background over the amplitude at resonance.
    pub background_share: f64,
    /// Fitted amplitude at every frequency of the sweep.
    pub fitted: Vec<f64>,
    /// Root mean square of the residuals over the largest amplitude.
    pub misfit: f64,
}

/// Parameters: shift of the resonance over its guess in widths, ln Q over its guess, amplitude at resonance and background over the peak.
#[derive(Debug, Clone, Copy)]
struct Guess {
    frequency: f64,
    quality: f64,
    peak: f64,
}

impl Curve {
    /// Of points (Hz, amplitude) in any order.
    ///
    /// # Errors
    /// [`ResonanceError`] for too few points, a peak at an end, or none.
    pub fn new(mut points: Vec<(f64, f64)>) -> Result<Self, ResonanceError> {
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (frequency, amplitude): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
        let found = frequency.len();
        if found < FEWEST {
            return Err(ResonanceError::TooFewPoints { found, needed: FEWEST });
        }
        let peak = (0..found).fold(0, |best, i| if amplitude[i] > amplitude[best] { i } else { best });
        if peak == 0 || peak + 1 == found {
            let (low, high) = (frequency[0], frequency[found - 1]);
            return Err(ResonanceError::PeakAtEnd { frequency: frequency[peak], low, high });
        }
        let ratio = amplitude[peak] / median(&amplitude).unwrap_or(f64::NAN);
        // Written so that a median of zero is accepted: the ratio is infinite.
        if ratio < STANDS_OUT || ratio.is_nan() {
            return Err(ResonanceError::NoPeak { ratio });
        }
        Ok(Self { frequency, amplitude, peak })
    }

    /// Lower and upper frequency at which the power is half of its maximum above a background amplitude; `None` where the sweep ends before.
    pub fn half_power(&self, background: f64) -> Option<(f64, f64)> {
        let power = |i: usize| self.amplitude[i].powi(2) - background.powi(2);
        let half = 0.5 * power(self.peak);
        let cross = |inside: usize, outside: usize| {
            let share = (power(inside) - half) / (power(inside) - power(outside));
            self.frequency[inside] + share * (self.frequency[outside] - self.frequency[inside])
        };
        let below = (0..self.peak).rev().find(|&i| power(i) <= half)?;
        let above = (self.peak + 1..self.frequency.len()).find(|&i| power(i) <= half)?;
        Some((cross(below + 1, below), cross(above - 1, above)))
    }

    /// `Q = f/FWHM` of the power above a background amplitude.
    pub fn quality_by_width(&self, background: f64) -> Option<f64> {
        self.half_power(background).map(|(low, high)| self.frequency[self.peak] / (high - low))
    }

    /// Fits the oscillator by least squares with errors from the residuals; intervals from profiles.
    ///
    /// # Errors
    /// [`FitError`].
    pub fn fit(&self, background: Background) -> Result<Resonance, FitError> {
        let floor = self.amplitude.iter().copied().fold(f64::INFINITY, f64::min).min(0.3 * self.amplitude[self.peak]);
        let width = self.frequency[self.frequency.len() - 1] - self.frequency[0];
        let guess = Guess {
            frequency: self.frequency[self.peak],
            quality: self.quality_by_width(floor).unwrap_or(4.0 * self.frequency[self.peak] / width).max(1.0),
            peak: self.amplitude[self.peak],
        };
        let residuals = |p: &[f64]| -> Vec<f64> {
            self.frequency
                .iter()
                .zip(&self.amplitude)
                .map(|(f, a)| guess.amplitude(p, *f, background) - a / guess.peak)
                .collect()
        };
        let mut parameters = vec![
            Parameter::new("frequency", 0.0).scale(0.1),
            Parameter::new("quality_factor", 0.0).scale(0.1),
            Parameter::new("amplitude", 1.0).at_least(0.0),
        ];
        parameters.extend(match background {
            Background::None => Vec::new(),
            Background::Power => vec![Parameter::new("background", (floor / guess.peak).powi(2)).scale(0.01)],
            Background::Coherent => {
                ["background_in_phase", "background_quadrature"].map(|name| Parameter::new(name, 0.0).scale(0.05)).to_vec()
            }
        });
        let problem = LeastSquares::new(parameters);
        let fit = problem.fit(&residuals)?;
        let profile = |index: usize, value: &dyn Fn(f64) -> f64| {
            let interval = problem.profile_interval(&residuals, &fit, index, 0.95).ok()?;
            Some((value(interval.lower?), value(interval.upper?)))
        };
        let frequency_interval = profile(0, &|p| guess.frequency_of(p));
        let quality_interval = profile(1, &|p| guess.quality * p.exp());
        Ok(self.resonance(&fit, guess, background, frequency_interval, quality_interval))
    }

    fn resonance(
        &self,
        fit: &Fit,
        guess: Guess,
        background: Background,
        frequency_interval: Option<(f64, f64)>,
        quality_interval: Option<(f64, f64)>,
    ) -> Resonance {
        let p = &fit.params;
        let quality = guess.quality * p[1].exp();
        let constant = match background {
            Background::None => 0.0,
            Background::Power => p[3].max(0.0).sqrt(),
            Background::Coherent => p[3].hypot(p[4]),
        };
        Resonance {
            frequency: guess.frequency_of(p[0]),
            frequency_error: fit.std_errors[0] * guess.frequency / guess.quality,
            frequency_interval,
            quality,
            quality_error: quality * fit.std_errors[1],
            quality_interval,
            background_share: constant / p[2],
            fitted: self.frequency.iter().map(|f| guess.peak * guess.amplitude(p, *f, background)).collect(),
            misfit: (fit.residual_sum / fit.n_data as f64).sqrt(),
        }
    }
}

impl Guess {
    fn frequency_of(&self, shift: f64) -> f64 {
        self.frequency * (1.0 + shift / self.quality)
    }

    /// Amplitude over the peak: `|A / (Q (1 - r²) + i r) + background|`, so that `A` is the amplitude at `r = 1`.
    fn amplitude(&self, p: &[f64], frequency: f64, background: Background) -> f64 {
        let r = frequency / self.frequency_of(p[0]);
        let (re, im) = (self.quality * p[1].exp() * (1.0 - r * r), r);
        let norm = re * re + im * im;
        match background {
            Background::None => p[2] / norm.sqrt(),
            Background::Power => (p[2] * p[2] / norm + p[3]).max(0.0).sqrt(),
            Background::Coherent => (p[2] * re / norm + p[3]).hypot(-p[2] * im / norm + p[4]),
        }
    }
}
