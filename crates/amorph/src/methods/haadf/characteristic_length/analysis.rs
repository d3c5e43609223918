//! From a levelled image to its lengths.

use ndarray::{Array2, ArrayView2};

use super::algorithm::{Effort, Geometry, Model, SpectrumFit, advantage, with_peak, without_peak};
use super::autocorrelation::{Autocorrelation, autocorrelation};
use super::null::{Surrogates, simulated_errors, surrogates};
use super::rings::{RingSpectrum, Rings};
use super::view::{View, transfer};
use crate::core::ctx::{Cancelled, Ctx};
use crate::core::fft::{Complex64, RealFft2, signed_frequency};
use crate::core::image::pair_statistics;
use crate::core::whittle::SpectralGrid;

/// Share of each side over which the window falls to zero.
pub const TAPER: f64 = 0.1;
/// Rings whose power is below this share of the highest are left out.
const NEGLIGIBLE: f64 = 1e-6;
/// Fits after which window and gaps are divided out; a narrow peak needs several.
const SHARPENINGS: usize = 3;
/// Images simulated for the standard errors.
const ERROR_IMAGES: usize = 60;
/// Advantage (difference of Bayesian criteria) above which a peak is believed.
pub const DECISIVE: f64 = 10.0;
/// Probability in surrogates below which a peak is believed.
pub const SIGNIFICANT: f64 = 0.01;
/// Fewest wavelengths across the smaller side for a length at all, and for one without a warning.
pub const PERIODS: (f64, f64) = (4.0, 8.0);

/// What the spectrum of an image says.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// Means over rings.
    pub data: RingSpectrum,
    /// The shell.
    pub shell: SpectrumFit,
    /// The best spectrum without a peak.
    pub plain: SpectrumFit,
    /// How much better the shell is.
    pub advantage: f64,
    /// The images without a length; only made where the criterion prefers a peak.
    pub null: Option<Surrogates>,
    /// Teubner and Strey's spectrum, where the geometry is known.
    pub teubner_strey: Option<SpectrumFit>,
    /// Smallest side over the wavelength of the shell.
    pub periods: f64,
    /// Checks in real space.
    pub autocorrelation: Option<Autocorrelation>,
    /// Variance of the image about its background.
    pub variance: f64,
    /// Variance of the noise of a pixel.
    pub noise_variance: f64,
}

/// What a length in an image is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// There is one.
    Yes,
    /// The spectrum needs no peak.
    No,
    /// The field is too small to tell.
    FieldTooSmall,
}

impl Findings {
    /// Whether there is a characteristic length.
    pub fn verdict(&self) -> Verdict {
        let preferred = self.advantage > DECISIVE && self.null.as_ref().is_some_and(|null| null.p < SIGNIFICANT);
        match preferred {
            true if self.periods < PERIODS.0 => Verdict::FieldTooSmall,
            true => Verdict::Yes,
            false => Verdict::No,
        }
    }

    /// Share of the amplitude that the probe leaves at the peak.
    pub fn left_by_probe(&self) -> f64 {
        transfer(self.shell.shape[0], self.shell.view.probe).sqrt()
    }

    /// Length, m: one over the frequency of the peak.
    pub fn length(&self) -> f64 {
        1.0 / self.shell.shape[0]
    }
}

/// How an image is analysed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Pixel size (dy, dx), m.
    pub pitch: (f64, f64),
    /// Lowest frequency that counts, 1/m.
    pub lowest: f64,
    /// Geometry of the image, for Teubner and Strey's spectrum.
    pub geometry: Option<Geometry>,
    /// Images without a length.
    pub surrogates: usize,
    /// How the structure was seen.
    pub view: View,
}

/// Analyses an image without background; `None` where nothing can be fitted.
///
/// # Errors
/// When stopped.
pub fn analyse(values: &ArrayView2<'_, f64>, plan: &Plan, ctx: &Ctx) -> Result<Option<Findings>, Cancelled> {
    let valid = values.mapv(f64::is_finite);
    let Some(grid) = SpectralGrid::new(&valid.view(), plan.pitch, TAPER, 0) else { return Ok(None) };
    // Whether there is a peak is asked of the spectrum as it is, of the image and of those without a length alike; where it lies in the
    // structure, of what the foil makes of it.
    let rings = Rings::new(&grid, plan.lowest).seen(plan.view.without_thickness());
    let data = rings.average(&grid.periodogram(values)).above(NEGLIGIBLE);
    let Some((shell, plain)) = with_peak(&data, Effort::Fine).zip(without_peak(&data, Effort::Fine)) else { return Ok(None) };
    let advantage = advantage(&shell, &plain);
    let null = match advantage > DECISIVE {
        true => Some(surrogates(&grid, &rings, &plain, advantage, plan.surrogates, ctx)?),
        false => None,
    };
    let data = RingSpectrum { view: plan.view, ..data };
    let in_foil = if plan.view.thickness > 0.0 { with_peak(&data, Effort::Fine) } else { None };
    let shell = in_foil.unwrap_or(shell);
    let finish = |fit: SpectrumFit| with_simulated_errors(&grid, &rings, &data, fit, ctx);
    let sharper = |first: SpectrumFit, refit: &dyn Fn(&RingSpectrum) -> Option<SpectrumFit>| {
        (0..SHARPENINGS).fold(first, |fit, _| refit(&unblurred(&grid, &rings, &data, &fit)).unwrap_or(fit))
    };
    let shell = finish(sharper(shell, &|data| with_peak(data, Effort::Fine)))?;
    let teubner_strey = plan.geometry.map(Model::TeubnerStrey).and_then(|model| {
        let first = model.fit(&data, Effort::Fine)?;
        Some(finish(sharper(first, &|data| model.fit(data, Effort::Fine))))
    });
    let variance = super::super::preparation::variance(values, &valid.view());
    let best = if advantage > 0.0 { &shell } else { &plain };
    let noise_variance = best.noise_variance().min(variance);
    let checks = autocorrelations(values, &valid, plan.pitch, variance, noise_variance);
    Ok(Some(Findings {
        teubner_strey: teubner_strey.transpose()?,
        periods: shell.shape[0] / rings.step,
        autocorrelation: checks,
        data,
        shell,
        plain,
        advantage,
        null,
        variance,
        noise_variance,
    }))
}

/// A fit whose standard errors are not below the spread over images simulated from it.
fn with_simulated_errors(
    grid: &SpectralGrid,
    rings: &Rings,
    data: &RingSpectrum,
    mut fit: SpectrumFit,
    ctx: &Ctx,
) -> Result<SpectrumFit, Cancelled> {
    let errors = simulated_errors(grid, rings, data, &fit, ERROR_IMAGES, ctx)?;
    if let [noise, shape @ ..] = &errors[..] {
        fit.ln_noise_error = noise.max(fit.ln_noise_error);
        fit.ln_errors.iter_mut().zip(shape).for_each(|(error, simulated)| *error = error.max(*simulated));
    }
    Ok(fit)
}

/// The data divided by what window and gaps do to the rings of a fitted spectrum: its exact expectation over its value.
fn unblurred(grid: &SpectralGrid, rings: &Rings, data: &RingSpectrum, fit: &SpectrumFit) -> RingSpectrum {
    let ((rows, columns), pitch) = (grid.shape(), grid.pitch());
    let fft = RealFft2::new(2 * rows, 2 * columns);
    let curve = fit.curve((0.5 / pitch.0).hypot(0.5 / pitch.1));
    let density = Array2::from_shape_fn((2 * rows, fft.half()), |(row, column)| {
        let y = signed_frequency(row, 2 * rows) / (2.0 * rows as f64 * pitch.0);
        let x = column as f64 / (2.0 * columns as f64 * pitch.1);
        Complex64::new(curve(x.hypot(y)), 0.0)
    });
    let covariance = fft.inverse(&density.view());
    let covariance = Array2::from_shape_fn((rows, columns), |at| covariance[at]);
    let expected = rings.average(&grid.expected(&covariance));
    let mut corrected = data.clone();
    for (power, k) in corrected.power.iter_mut().zip(&data.frequency) {
        let at = expected.frequency.iter().position(|frequency| frequency == k);
        if let Some(factor) = at.map(|at| expected.power[at] / fit.at(*k)).filter(|factor| *factor > 0.0) {
            *power /= factor;
        }
    }
    corrected
}

fn autocorrelations(
    values: &ArrayView2<'_, f64>,
    valid: &Array2<bool>,
    pitch: (f64, f64),
    variance: f64,
    noise_variance: f64,
) -> Option<Autocorrelation> {
    let (rows, columns) = values.dim();
    let reach = 0.5 * (rows as f64 * pitch.0).min(columns as f64 * pitch.1);
    let pairs = pair_statistics(values, Some(&valid.view()), pitch, Some(reach)).ok()?;
    let signal = variance - noise_variance;
    (signal > 0.0).then(|| autocorrelation(&pairs.radial((pitch.0 * pitch.1).sqrt()), signal, noise_variance))
}
