//! Low-loss spectra with plural scattering.

use amorph_core::fft::{Complex64, forward_nd, inverse_nd};
use amorph_core::random::rng;
use ndarray::Array1;
use rand_distr::{Distribution, Normal, Poisson};

use crate::SimulationError;

/// A spectrometer in the low-loss region. Energies in electronvolts, as spectrometers write them.
#[derive(Debug, Clone, PartialEq)]
pub struct LowLoss {
    /// Thickness over the inelastic mean free path.
    pub t_over_lambda: f64,
    /// Energy of the plasmon.
    pub plasmon: f64,
    /// Its width.
    pub plasmon_width: f64,
    /// Full width at half maximum of the zero-loss peak.
    pub zlp_fwhm: f64,
    /// Where the zero-loss peak lies on the energy axis.
    pub zlp_shift: f64,
    /// First energy of the axis.
    pub first: f64,
    /// Last energy of the axis.
    pub last: f64,
    /// Distance of channels.
    pub step: f64,
    /// Electrons in the whole spectrum.
    pub counts: f64,
    /// Standard deviation of the noise of reading one channel.
    pub read_noise: f64,
    /// Seed.
    pub seed: u64,
}

impl Default for LowLoss {
    fn default() -> Self {
        Self {
            t_over_lambda: 0.5,
            plasmon: 16.2,
            plasmon_width: 5.5,
            zlp_fwhm: 0.9,
            zlp_shift: 0.42,
            first: -20.0,
            last: 220.0,
            step: 0.2,
            counts: 4e5,
            read_noise: 0.0,
            seed: 1,
        }
    }
}

impl LowLoss {
    /// Number of channels.
    pub fn channels(&self) -> usize {
        ((self.last - self.first) / self.step).round() as usize + 1
    }

    /// Energies of the channels, eV.
    pub fn energies(&self) -> Vec<f64> {
        (0..self.channels()).map(|i| self.first + i as f64 * self.step).collect()
    }

    /// Expected counts: `I(E) = ZLP (*) exp(t/lambda (S(E) - 1))`, the exponential of convolutions (Poisson statistics of losses;
    /// R. F. Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed., 2011, chapter 4), S the loss function of
    /// a free-electron metal, of unit area. What lies beyond the axis is lost.
    ///
    /// # Errors
    /// Parameters out of range.
    pub fn expected(&self) -> Result<Vec<f64>, SimulationError> {
        for (name, value) in [
            ("plasmon", self.plasmon),
            ("plasmon_width", self.plasmon_width),
            ("zlp_fwhm", self.zlp_fwhm),
            ("step", self.step),
            ("counts", self.counts),
            ("last - first", self.last - self.first),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        SimulationError::require_not_negative("t_over_lambda", self.t_over_lambda)?;
        // Losses far beyond the axis must not come round to its start.
        let n = (8 * self.channels()).next_power_of_two();
        let loss = |i: usize| i as f64 * self.step;
        let drude = |e: f64| {
            let g = self.plasmon_width;
            e * g * self.plasmon.powi(2) / ((e * e - self.plasmon.powi(2)).powi(2) + (e * g).powi(2))
        };
        let total: f64 = (0..n).map(|i| drude(loss(i))).sum();
        let mut losses: Array1<Complex64> = (0..n).map(|i| Complex64::new(drude(loss(i)) / total, 0.0)).collect();
        forward_nd(losses.view_mut().into_dyn());
        let sd = self.zlp_fwhm / (8.0 * 2f64.ln()).sqrt();
        let peak = |e: f64| self.step / (sd * std::f64::consts::TAU.sqrt()) * (-0.5 * (e / sd).powi(2)).exp();
        // Channel 0 of the transform is the first energy of the axis.
        let mut spectrum: Array1<Complex64> =
            (0..n).map(|i| Complex64::new(peak(self.first + loss(i) - self.zlp_shift), 0.0)).collect();
        forward_nd(spectrum.view_mut().into_dyn());
        spectrum.zip_mut_with(&losses, |value, s| *value *= (self.t_over_lambda * (s - 1.0)).exp());
        inverse_nd(spectrum.view_mut().into_dyn());
        Ok(spectrum.iter().take(self.channels()).map(|value| (value.re * self.counts).max(0.0)).collect())
    }

    /// A counted spectrum.
    ///
    /// # Errors
    /// As [`LowLoss::expected`].
    pub fn record(&self) -> Result<Vec<f64>, SimulationError> {
        let mut rng = rng(self.seed);
        let reading = Normal::new(0.0, self.read_noise).ok();
        let expected = self.expected()?;
        let count = |mean: f64| {
            let counted = Poisson::new(mean).map_or(0.0, |law| law.sample(&mut rng));
            counted + reading.filter(|_| self.read_noise > 0.0).map_or(0.0, |law| law.sample(&mut rng))
        };
        Ok(expected.into_iter().map(count).collect())
    }
}
