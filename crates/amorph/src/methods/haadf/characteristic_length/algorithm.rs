//! Spectra with and without a peak, fitted by the Whittle likelihood to means over rings.

use std::f64::consts::{PI, TAU};

use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rings::RingSpectrum;
use super::view::{View, transfer};
use crate::core::fit::{ErrorScale, LinearLeastSquares, NelderMead};

/// Steps of the integration across a slice.
const SLICE_STEPS: usize = 48;

/// How the image is made from the three-dimensional structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Geometry {
    /// The sum over a foil that is thicker than the structure.
    Projection,
    /// A slice or a surface that is thinner than the structure.
    Slice,
}

/// A spectrum by frequency k: `scale * (shape(k) + noise)`, the shape seen through the probe where one is stated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Model {
    /// `exp(-k^2 / (2 w^2))`: no peak.
    Gaussian,
    /// `1 / (1 + (k l)^2)^n`: no peak.
    Matern,
    /// `exp(-(k - k0)^2 / (2 w^2))`.
    Shell,
    /// The shell on a background that falls: `... + r / (1 + (k l)^2)^n`. Sharp interfaces have such a tail, uneven foils such a rise.
    ShellOnBackground,
    /// Teubner and Strey's spectrum of a bicontinuous structure, as projection or slice, by its wavelength and correlation length.
    TeubnerStrey(Geometry),
}

/// How closely a fit approaches the best one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// To a small part of the standard errors, for simulated images.
    Quick,
    /// As closely as numbers allow.
    Fine,
}

/// A fitted spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct SpectrumFit {
    /// Which.
    pub model: Model,
    /// Power per pixel at the top of the shape.
    pub scale: f64,
    /// White noise over `scale`.
    pub noise: f64,
    /// How the structure was seen.
    pub view: View,
    /// Parameters of the shape: `[w]`, `[l, n]`, `[k0, w]`, `[k0, w, r, l, n]` or `[d, xi]`; lengths in m, frequencies in 1/m.
    pub shape: Vec<f64>,
    /// Standard errors of the logarithms of the parameters of the shape, from the information of the likelihood; NaN where it is singular.
    pub ln_errors: Vec<f64>,
    /// Standard error of `ln(noise scale)`.
    pub ln_noise_error: f64,
    /// Bayesian information criterion.
    pub bic: f64,
}

impl Model {
    fn n_shape(self) -> usize {
        match self {
            Self::Gaussian => 1,
            Self::ShellOnBackground => 5,
            _ => 2,
        }
    }

    /// The shape at frequency `k`, 1 at its top or at zero: of the structure in three dimensions, a background and a slice as the image
    /// has them.
    pub fn shape(self, k: f64, p: &[f64]) -> f64 {
        let (first, second) = (p[0], p.get(1).copied().unwrap_or(1.0));
        match self {
            Self::Gaussian => (-0.5 * (k / first).powi(2)).exp(),
            Self::Matern => (-second * (k * first).powi(2).ln_1p()).exp(),
            Self::Shell => (-0.5 * ((k - first) / second).powi(2)).exp(),
            Self::ShellOnBackground => Self::Shell.shape(k, p) + p[2] * Self::Matern.shape(k, &p[3..]),
            Self::TeubnerStrey(geometry) => teubner_strey(TAU * k, first, second, geometry),
        }
    }

    /// What is seen of the shape at frequency `k`. A shell, and Teubner and Strey's projection, are those of three dimensions; spectra
    /// without a peak keep their form in a projection (exactly so the Gaussian).
    fn seen(self, k: f64, p: &[f64], view: View) -> f64 {
        let power = match self {
            Self::Shell | Self::TeubnerStrey(Geometry::Projection) => view.projected(k, |k| self.shape(k, p)),
            Self::ShellOnBackground => view.projected(k, |k| Self::Shell.shape(k, p)) + p[2] * Self::Matern.shape(k, &p[3..]),
            _ => self.shape(k, p),
        };
        power * transfer(k, view.probe)
    }

    /// Bounds of the logarithms of the parameters, for rings from `lowest` to `highest`, so that a search ends.
    fn inside(self, p: &[f64], lowest: f64, highest: f64) -> bool {
        let within = |x: f64, lo: f64, hi: f64| x > lo && x < hi;
        match self {
            Self::Gaussian => within(p[0], 0.1 * lowest, 30.0 * highest),
            Self::Matern => within(p[0], 0.01 / highest, 10.0 / lowest) && within(p[1], 0.5, 60.0),
            Self::Shell => within(p[0], 1e-3 * lowest, highest) && within(p[1], 0.2 * lowest, 3.0 * highest),
            Self::ShellOnBackground => {
                let (shell, background) = p.split_at(2);
                Self::Shell.inside(shell, lowest, highest)
                    && within(background[0], 1e-6, 1e6)
                    && Self::Matern.inside(&background[1..], lowest, highest)
            }
            Self::TeubnerStrey(_) => within(p[0], 1.0 / highest, 30.0 / lowest) && within(p[1], 0.05 / highest, 100.0 / lowest),
        }
    }

    fn starts(self, data: &RingSpectrum) -> Vec<Vec<f64>> {
        let (peak, centre) = (strongest(data), centre_of_power(data));
        match self {
            Self::Gaussian => vec![vec![centre], vec![0.4 * centre]],
            Self::Matern => vec![vec![1.0 / centre, 1.5], vec![0.3 / centre, 6.0]],
            Self::Shell => vec![vec![peak, 0.25 * peak], vec![centre, 0.3 * centre], vec![0.5 * centre, 0.6 * centre]],
            Self::ShellOnBackground => on_background(data, peak),
            Self::TeubnerStrey(_) => vec![vec![1.0 / peak, 0.4 / peak], vec![1.0 / centre, 0.3 / centre]],
        }
    }

    /// The best fit of several starts; `None` where none converges.
    pub fn fit(self, data: &RingSpectrum, effort: Effort) -> Option<SpectrumFit> {
        let (lowest, highest) = (*data.frequency.first()?, *data.frequency.last()?);
        let n = data.power.len();
        if n < self.n_shape() + 4 {
            return None;
        }
        let tail = data.power[n - n / 4..].iter().sum::<f64>() / (n / 4).max(1) as f64;
        let top = data.power.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let ln_noise = (tail / top).clamp(1e-6, 1.0).ln();
        let objective = |x: &[f64]| {
            let p: Vec<f64> = x[1..].iter().map(|x| x.exp()).collect();
            if !self.inside(&p, lowest, highest) || !(-40.0..12.0).contains(&x[0]) {
                return f64::INFINITY;
            }
            self.profile(data, x[0].exp(), &p).1
        };
        let search = match effort {
            Effort::Quick => NelderMead { x_tolerance: 0.05, f_tolerance: 1e-8, max_evaluations: 2000, restarts: 0 },
            Effort::Fine => NelderMead { x_tolerance: 1e-4, f_tolerance: 1e-10, max_evaluations: 8000, restarts: 1 },
        };
        let best = self.starts(data).into_iter().filter_map(|start| {
            let x: Vec<f64> = std::iter::once(ln_noise).chain(start.iter().map(|p| p.ln())).collect();
            let steps: Vec<f64> = std::iter::once(0.7).chain(start.iter().map(|_| 0.25)).collect();
            search.minimise(objective, &x, &steps).ok()
        });
        let best = best.min_by(|a, b| a.value.total_cmp(&b.value))?;
        Some(self.finish(data, best.x[0].exp(), best.x[1..].iter().map(|x| x.exp()).collect()))
    }

    fn finish(self, data: &RingSpectrum, noise: f64, shape: Vec<f64>) -> SpectrumFit {
        let (scale, value) = self.profile(data, noise, &shape);
        let errors = self.information_errors(data, noise, &shape);
        SpectrumFit {
            model: self,
            scale,
            noise,
            view: data.view,
            ln_errors: errors.get(1..).map_or_else(|| vec![f64::NAN; shape.len()], <[f64]>::to_vec),
            ln_noise_error: errors.first().copied().unwrap_or(f64::NAN),
            shape,
            bic: 2.0 * value + (self.n_shape() + 2) as f64 * data.n_modes().ln(),
        }
    }

    /// The best scale for a shape and noise, and `sum n [ln m + P/m]` with it.
    fn profile(self, data: &RingSpectrum, noise: f64, shape: &[f64]) -> (f64, f64) {
        let (mut logs, mut ratio, mut n) = (0.0, 0.0, 0.0);
        for ((k, power), modes) in data.frequency.iter().zip(&data.power).zip(&data.modes) {
            let unit = self.seen(*k, shape, data.view) + noise;
            logs += modes * unit.ln();
            ratio += modes * power / unit;
            n += modes;
        }
        let scale = ratio / n;
        (scale, logs + n * scale.ln() + n)
    }

    /// Derivatives of `ln m` at every ring by the logarithms of scale, noise times scale, and shape.
    fn sensitivities(self, data: &RingSpectrum, noise: f64, shape: &[f64]) -> Array2<f64> {
        const STEP: f64 = 1e-4;
        let ln_model = |k: f64, x: &[f64]| {
            let p: Vec<f64> = x[2..].iter().map(|x| x.exp()).collect();
            (x[0].exp() * self.seen(k, &p, data.view) + x[1].exp()).ln()
        };
        let at: Vec<f64> = [0.0, noise.ln()].into_iter().chain(shape.iter().map(|p| p.ln())).collect();
        Array2::from_shape_fn((data.power.len(), at.len()), |(ring, parameter)| {
            let shifted = |sign: f64| {
                let mut x = at.clone();
                x[parameter] += sign * STEP;
                ln_model(data.frequency[ring], &x)
            };
            (shifted(1.0) - shifted(-1.0)) / (2.0 * STEP)
        })
    }

    /// Standard errors of the logarithms of noise (times scale) and shape, from the Fisher information `sum n dlnm dlnm`.
    fn information_errors(self, data: &RingSpectrum, noise: f64, shape: &[f64]) -> Vec<f64> {
        let mut design = self.sensitivities(data, noise, shape);
        for (mut row, modes) in design.rows_mut().into_iter().zip(&data.modes) {
            row *= modes.sqrt();
        }
        let problem = LinearLeastSquares { error_scale: ErrorScale::Absolute, ..LinearLeastSquares::default() };
        let zeros = vec![0.0; data.power.len()];
        problem.fit(design.view(), &zeros).map(|fit| fit.std_errors[1..].to_vec()).unwrap_or_default()
    }
}

/// Starts of a shell on a background: where the image stands out most above the best background, and a weak background below a shell.
fn on_background(data: &RingSpectrum, peak: f64) -> Vec<Vec<f64>> {
    let mut starts = vec![vec![peak, 0.25 * peak, 0.05, 0.3 / peak, 1.5]];
    if let Some(plain) = Model::Matern.fit(data, Effort::Quick) {
        let above = RingSpectrum {
            power: data.power.iter().zip(&data.frequency).map(|(power, k)| power / plain.at(*k)).collect(),
            ..data.clone()
        };
        let k0 = strongest(&above);
        let ratio = (plain.at(data.frequency[0]) / plain.at(k0)).max(1.0);
        starts.push(vec![k0, 0.2 * k0, ratio, plain.shape[0], plain.shape[1]]);
    }
    starts
}

/// Frequency where the power, averaged over five rings, is largest, the two lowest rings left out.
fn strongest(data: &RingSpectrum) -> f64 {
    let n = data.power.len();
    let smooth = |i: usize| {
        let range = i.saturating_sub(2)..(i + 3).min(n);
        let modes: f64 = data.modes[range.clone()].iter().sum();
        range.map(|j| data.power[j] * data.modes[j]).sum::<f64>() / modes
    };
    let best = (2.min(n - 1)..n).max_by(|a, b| smooth(*a).total_cmp(&smooth(*b)));
    best.map_or(data.frequency[0], |best| data.frequency[best])
}

/// Frequency below which half of the power above the noise lies.
fn centre_of_power(data: &RingSpectrum) -> f64 {
    let n = data.power.len();
    let noise = data.power[n - n / 4..].iter().sum::<f64>() / (n / 4).max(1) as f64;
    let above: Vec<f64> = data.power.iter().zip(&data.modes).map(|(power, modes)| (power - noise).max(0.0) * modes).collect();
    let total: f64 = above.iter().sum();
    let mut sum = 0.0;
    for (power, k) in above.iter().zip(&data.frequency) {
        sum += power;
        if sum >= 0.5 * total {
            return *k;
        }
    }
    data.frequency[0]
}

/// Teubner and Strey's spectrum relative to its value at zero, for wave number `q` (rad/m):
/// `1 / (a2 + c1 q^2 + c2 q^4)` with `d` and `xi` for the coefficients; a slice is its integral along the beam.
///
/// J. Chem. Phys. 87, 3195 (1987), doi:10.1063/1.453006, equations 3 to 6.
fn teubner_strey(q: f64, d: f64, xi: f64, geometry: Geometry) -> f64 {
    let (k2, x2) = ((TAU / d).powi(2), xi.powi(-2));
    let a = (k2 + x2).powi(2);
    let at = |q2: f64| a / (a + 2.0 * (x2 - k2) * q2 + q2 * q2);
    match geometry {
        Geometry::Projection => at(q * q),
        Geometry::Slice => {
            // kz = s tan(t) takes the whole axis to a finite one.
            let s = (k2 + x2).sqrt();
            let sum = |q2: f64| {
                (0..SLICE_STEPS)
                    .map(|i| {
                        let t = (i as f64 + 0.5) / SLICE_STEPS as f64 * 0.5 * PI;
                        at(q2 + (s * t.tan()).powi(2)) / t.cos().powi(2)
                    })
                    .sum::<f64>()
            };
            sum(q * q) / sum(0.0)
        }
    }
}

/// Wavelength and correlation length of the coefficients `(a2, c1, c2)` of Teubner and Strey's spectrum; `None` unless
/// `4 a2 c2 > c1^2` and all can be.
pub fn teubner_strey_lengths(a2: f64, c1: f64, c2: f64) -> Option<(f64, f64)> {
    if !(a2 > 0.0 && c2 > 0.0 && 4.0 * a2 * c2 > c1 * c1) {
        return None;
    }
    let (root, ratio) = (0.5 * (a2 / c2).sqrt(), 0.25 * c1 / c2);
    Some((TAU / (root - ratio).sqrt(), 1.0 / (root + ratio).sqrt()))
}

impl SpectrumFit {
    /// Power per pixel at a frequency, as the image has it.
    pub fn at(&self, k: f64) -> f64 {
        self.scale * (self.model.seen(k, &self.shape, self.view) + self.noise)
    }

    /// [`Self::at`] for many frequencies up to `highest`: from a table where every one costs an integral.
    pub fn curve(&self, highest: f64) -> impl Fn(f64) -> f64 + '_ {
        const STEPS: usize = 8192;
        let step = highest / STEPS as f64;
        let table: Vec<f64> =
            if self.view.thickness > 0.0 { (0..=STEPS).map(|i| self.at(i as f64 * step)).collect() } else { Vec::new() };
        move |k| {
            let place = k / step;
            match table.get(place as usize).zip(table.get(place as usize + 1)) {
                Some((lo, hi)) => lo + (hi - lo) * place.fract(),
                None => self.at(k),
            }
        }
    }

    /// Variance of the white noise of a pixel.
    pub fn noise_variance(&self) -> f64 {
        self.scale * self.noise
    }
}

impl SpectrumFit {
    /// How far the logarithms of noise and shape move in one scoring step towards other ring means `power`.
    ///
    /// A step is the solution of `F x = sum n (P/m - 1) dlnm`: over images simulated from the fit itself its spread is the standard
    /// error, correlations between rings included.
    pub fn scoring_step(&self, data: &RingSpectrum, expected: &[f64], power: &[f64]) -> Option<Vec<f64>> {
        let mut design = self.model.sensitivities(data, self.noise, &self.shape);
        for (mut row, modes) in design.rows_mut().into_iter().zip(&data.modes) {
            row *= modes.sqrt();
        }
        let departures: Vec<f64> =
            power.iter().zip(expected).zip(&data.modes).map(|((power, m), modes)| modes.sqrt() * (power / m - 1.0)).collect();
        let problem = LinearLeastSquares { error_scale: ErrorScale::Absolute, ..LinearLeastSquares::default() };
        problem.fit(design.view(), &departures).ok().map(|fit| fit.coefficients[1..].to_vec())
    }
}

/// The better of the spectra without a peak.
pub fn without_peak(data: &RingSpectrum, effort: Effort) -> Option<SpectrumFit> {
    let fits = [Model::Gaussian, Model::Matern].into_iter().filter_map(|model| model.fit(data, effort));
    fits.min_by(|a, b| a.bic.total_cmp(&b.bic))
}

/// The better of the spectra with a peak.
pub fn with_peak(data: &RingSpectrum, effort: Effort) -> Option<SpectrumFit> {
    let fits = [Model::Shell, Model::ShellOnBackground].into_iter().filter_map(|model| model.fit(data, effort));
    fits.min_by(|a, b| a.bic.total_cmp(&b.bic))
}

/// How much better a spectrum with a peak is than one without: the difference of their criteria, positive for a peak.
pub fn advantage(peaked: &SpectrumFit, plain: &SpectrumFit) -> f64 {
    plain.bic - peaked.bic
}
