//! Energy, virial and force of a driven cantilever from its amplitude and lag; angles in degrees, everything else SI.

use std::f64::consts::PI;

use ndarray::{Array2, ArrayView2, Zip};

/// The cantilever as an oscillator: base-driven, damped by the air, with a free amplitude at the drive frequency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cantilever {
    /// Spring constant, N/m.
    pub spring_constant: f64,
    /// Quality factor.
    pub quality_factor: f64,
    /// Drive frequency over resonance frequency.
    pub frequency_ratio: f64,
    /// Amplitude in free air at the drive frequency, m.
    pub free_amplitude: f64,
}

impl Cantilever {
    /// Energy dissipated per cycle, J, from the power balance of a base-driven oscillator.
    ///
    /// `E = (π k A² / Q)(f/f0) [A_f sin φ / (A sin φ_f) - 1]`: Cleveland et al., Appl. Phys. Lett. 72, 2613 (1998), with the
    /// drive eliminated by the free pair `(A_f, φ_f)`, so that `E = 0` in air at any drive frequency.
    pub fn energy_by_power_balance(&self, amplitude: f64, lag: f64, free_lag: f64) -> f64 {
        let gain = self.free_amplitude * lag.to_radians().sin() / free_lag.to_radians().sin();
        PI * self.spring_constant * amplitude / self.quality_factor * self.frequency_ratio * (gain - amplitude)
    }

    /// `E = (π k A A0 / Q)(sin φ - A/A0)`: Lu et al., Sci. Rep. 6, 29357 (2016), driven exactly at resonance.
    pub fn energy_by_lu_2016(&self, amplitude: f64, lag: f64) -> f64 {
        self.energy_scale(amplitude) * (lag.to_radians().sin() - amplitude / self.free_amplitude)
    }

    /// `E = (π k A A0 / Q)(sin φ - (f/f0) A/A0)`: Qiao et al. 2019, eq. 3.10.
    ///
    /// It lacks the factor `f/f0` and takes `A0` at resonance.
    pub fn energy_by_qiao_2019(&self, amplitude: f64, lag: f64) -> f64 {
        self.energy_scale(amplitude) * (lag.to_radians().sin() - self.frequency_ratio * amplitude / self.free_amplitude)
    }

    /// `π k A A_f / Q`, J: the energy by which the normalised dissipation is measured.
    pub fn energy_scale(&self, amplitude: f64) -> f64 {
        PI * self.spring_constant * amplitude * self.free_amplitude / self.quality_factor
    }

    /// Virial of the tip force, the mean of force times deflection over a cycle: `V = -(k A A_f / 2 Q) cos φ`, J.
    pub fn virial(&self, amplitude: f64, lag: f64) -> f64 {
        -0.5 * self.spring_constant * amplitude * self.free_amplitude / self.quality_factor * lag.to_radians().cos()
    }

    /// Mean elastic force of Qiao et al. 2019: `(F0/2) cos φ` with `F0 = k A_f / Q`, N; positive when repulsive.
    pub fn elastic_force_by_qiao_2019(&self, lag: f64) -> f64 {
        0.5 * self.spring_constant * self.free_amplitude / self.quality_factor * lag.to_radians().cos()
    }

    /// Lag of the free oscillator at the drive frequency, deg: `atan2(r/Q, 1 - r²)`, `r = f/f0`.
    pub fn free_lag(&self) -> f64 {
        let r = self.frequency_ratio;
        (r / self.quality_factor).atan2(1.0 - r * r).to_degrees()
    }
}

/// An angle in degrees, brought into (-180, 180].
pub fn wrap_degrees(angle: f64) -> f64 {
    let turned = angle.rem_euclid(360.0);
    if turned > 180.0 { turned - 360.0 } else { turned }
}

/// Applies `f` to amplitude (m) and lag (deg) of each pixel.
pub fn per_pixel(amplitude: ArrayView2<'_, f64>, lag: ArrayView2<'_, f64>, f: impl Fn(f64, f64) -> f64) -> Array2<f64> {
    Zip::from(amplitude).and(lag).map_collect(|&amplitude, &lag| f(amplitude, lag))
}

/// Mean and population standard deviation of the finite values, and the share of them below zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Mean; NaN without finite values.
    pub mean: f64,
    /// Standard deviation over the pixels.
    pub sd: f64,
    /// Share of values below zero.
    pub fraction_negative: f64,
}

impl Spread {
    /// Of the finite values of a field.
    pub fn of(field: &Array2<f64>) -> Self {
        let finite = || field.iter().copied().filter(|value| value.is_finite());
        let n = finite().count() as f64;
        let mean = finite().sum::<f64>() / n;
        let variance = finite().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
        Self { mean, sd: variance.sqrt(), fraction_negative: finite().filter(|value| *value < 0.0).count() as f64 / n }
    }
}
