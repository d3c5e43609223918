//! What images without a characteristic length look like: Gaussian fields with the best spectrum without a peak.

use ndarray::Array2;
use rayon::prelude::*;

use super::algorithm::{Effort, SpectrumFit, advantage, with_peak, without_peak};
use super::rings::{RingSpectrum, Rings};
use crate::core::ctx::{Cancelled, Ctx};
use crate::core::fft::RealFft2;
use crate::core::fft::signed_frequency;
use crate::core::random::{derive_seed, standard_normals};
use crate::core::whittle::SpectralGrid;

/// What surrogates say.
#[derive(Debug, Clone, PartialEq)]
pub struct Surrogates {
    /// Advantage of a peak in each.
    pub advantages: Vec<f64>,
    /// Power in the rings, 2.5 and 97.5 %.
    pub band: Vec<[f64; 2]>,
    /// Probability of an advantage as large as the one found.
    pub p: f64,
}

/// Draws Gaussian fields whose periodogram has the expectation `spectrum(k)`, variance per pixel.
struct Fields {
    fft: RealFft2,
    amplitude: Array2<f64>,
}

impl Fields {
    fn new((rows, columns): (usize, usize), pitch: (f64, f64), spectrum: impl Fn(f64) -> f64) -> Self {
        let fft = RealFft2::new(rows, columns).sequential();
        let amplitude = Array2::from_shape_fn((rows, fft.half()), |(row, column)| {
            let y = signed_frequency(row, rows) / (rows as f64 * pitch.0);
            let x = column as f64 / (columns as f64 * pitch.1);
            spectrum(x.hypot(y)).sqrt()
        });
        Self { fft, amplitude }
    }

    fn draw(&self, seed: u64) -> Array2<f64> {
        let shape = self.fft.shape();
        let white = Array2::from_shape_vec(shape, standard_normals(seed, shape.0 * shape.1)).unwrap_or_default();
        let mut waves = self.fft.forward(&white.view());
        waves.zip_mut_with(&self.amplitude, |wave, amplitude| *wave *= amplitude);
        self.fft.inverse(&waves.view())
    }
}

/// Simulates `n` images like the one fitted by `plain` and fits each in the same way.
///
/// # Errors
/// When stopped.
pub fn surrogates(
    grid: &SpectralGrid,
    rings: &Rings,
    plain: &SpectrumFit,
    found: f64,
    n: usize,
    ctx: &Ctx,
) -> Result<Surrogates, Cancelled> {
    let fields = Fields::new(grid.shape(), grid.pitch(), |k| plain.at(k));
    let grid = grid.clone().sequential();
    let one = |index: usize| {
        ctx.check_cancelled()?;
        let image = fields.draw(derive_seed(ctx.seed, &["haadf_no_length".into(), index.into()]));
        let data = rings.average(&grid.periodogram(&image.view()));
        let both = with_peak(&data, Effort::Quick).zip(without_peak(&data, Effort::Quick));
        let advantage = both.map_or(f64::NEG_INFINITY, |(peaked, plain)| advantage(&peaked, &plain));
        Ok((advantage, data.power))
    };
    let simulated: Vec<(f64, Vec<f64>)> = (0..n).into_par_iter().map(one).collect::<Result<_, Cancelled>>()?;
    let at_least = simulated.iter().filter(|(advantage, _)| *advantage >= found).count();
    let n_rings = simulated.first().map_or(0, |(_, power)| power.len());
    let band = (0..n_rings).map(|ring| {
        let mut values: Vec<f64> = simulated.iter().map(|(_, power)| power[ring]).collect();
        values.sort_unstable_by(f64::total_cmp);
        let at = |p: f64| values[((p * values.len() as f64) as usize).min(values.len() - 1)];
        [at(0.025), at(0.975)]
    });
    Ok(Surrogates {
        band: band.collect(),
        p: (at_least + 1) as f64 / (n + 1) as f64,
        advantages: simulated.into_iter().map(|(advantage, _)| advantage).collect(),
    })
}

/// Standard errors of the logarithms of noise and shape of a fit, from `n` images simulated from it; empty where the fit is singular.
///
/// # Errors
/// When stopped.
pub fn simulated_errors(
    grid: &SpectralGrid,
    rings: &Rings,
    data: &RingSpectrum,
    fit: &SpectrumFit,
    n: usize,
    ctx: &Ctx,
) -> Result<Vec<f64>, Cancelled> {
    let pitch = grid.pitch();
    let fields = Fields::new(grid.shape(), pitch, fit.curve((0.5 / pitch.0).hypot(0.5 / pitch.1)));
    let grid = grid.clone().sequential();
    let one = |index: usize| {
        ctx.check_cancelled()?;
        let image = fields.draw(derive_seed(ctx.seed, &["haadf_length_error".into(), index.into()]));
        let simulated = rings.average(&grid.periodogram(&image.view()));
        Ok(data.frequency.iter().map(|k| simulated.at(*k)).collect::<Vec<f64>>())
    };
    let powers: Vec<Vec<f64>> = (0..n).into_par_iter().map(one).collect::<Result<_, Cancelled>>()?;
    let mean: Vec<f64> = (0..data.power.len()).map(|ring| powers.iter().map(|p| p[ring]).sum::<f64>() / n as f64).collect();
    let steps: Option<Vec<Vec<f64>>> = powers.iter().map(|power| fit.scoring_step(data, &mean, power)).collect();
    let Some(steps) = steps else { return Ok(Vec::new()) };
    let n_parameters = steps.first().map_or(0, Vec::len);
    let spread = |i: usize| (steps.iter().map(|step| step[i] * step[i]).sum::<f64>() / (n.max(2) - 1) as f64).sqrt();
    Ok((0..n_parameters).map(spread).collect())
}
