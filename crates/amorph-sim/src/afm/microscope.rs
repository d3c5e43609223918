//! How the glass is imaged: the cantilever, the feedback, and everything that comes between truth and file.

use std::f64::consts::PI;

use amorph_core::data::{Direction, Extent, Map};
use amorph_core::random::{derive_seed, rng, standard_normals};
use amorph_core::unit::{Quantity, Unit};
use ndarray::{Array2, Axis, Zip};
use rand::RngExt;

use super::image::{blurred, gradient, laplacian};
use super::scanning::{Frame, Scanning};
use super::specimen::Surface;
use crate::SimulationError;

/// A tapping-mode microscope. Angles in degrees, everything else SI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Microscope {
    /// Spring constant, N/m.
    pub spring_constant: f64,
    /// Quality factor in air.
    pub quality_factor: f64,
    /// Resonance frequency, Hz.
    pub resonance_frequency: f64,
    /// Drive frequency, Hz.
    pub drive_frequency: f64,
    /// Amplitude in free air at the drive frequency, m.
    pub free_amplitude: f64,
    /// Set point of the feedback, m.
    pub setpoint_amplitude: f64,
    /// Side of resonance on which the tip works.
    pub regime: Regime,
    /// How the phase is stored.
    pub phase_convention: PhaseConvention,
    /// Added to every stored phase, in free air as well, deg.
    pub phase_zero: f64,
    /// Standard deviation of the Gaussian point-spread function, m.
    pub blur: f64,
    /// Standard deviation of the noise of the phase, deg.
    pub phase_noise: f64,
    /// Standard deviation of the phase offset of each scan line, deg; trace and retrace have the same.
    pub row_offset: f64,
    /// Error of the amplitude per slope of the surface in the direction of the motion, m.
    pub feedback_lag: f64,
    /// Standard deviation of the noise of the amplitude, m.
    pub amplitude_noise: f64,
    /// Leakage of the topography into the stored phase.
    pub cross_talk: CrossTalk,
    /// Share of pixels that are lost (NaN in phase and amplitude).
    pub lost_pixels: f64,
    /// Frame, drift, response and noise in time.
    pub scanning: Scanning,
}

/// What of the surface is added to the stored phase.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CrossTalk {
    /// Phase per height, deg/m.
    pub height: f64,
    /// Phase per slope along x, deg.
    pub slope_x: f64,
    /// Phase per slope along y (up), deg.
    pub slope_y: f64,
    /// Phase per curvature (Laplacian), deg m.
    pub curvature: f64,
}

/// Which of the two lags that give the same energy is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regime {
    /// Lag below 90 deg.
    Repulsive,
    /// Lag above 90 deg.
    Attractive,
}

/// How a lag is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseConvention {
    /// As it is.
    Lag,
    /// 90 deg minus the lag.
    ShiftPositiveRepulsive,
    /// The lag minus 90 deg.
    ShiftNegativeRepulsive,
}

/// The images of one site.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Height, m.
    pub height: Map,
    /// Phase as stored, deg.
    pub phase: Map,
    /// Amplitude, m.
    pub amplitude: Map,
}

impl Default for Microscope {
    /// The cantilever of Lu et al. 2016, at a resonance they do not state, without any imperfection.
    fn default() -> Self {
        Self {
            spring_constant: 40.0,
            quality_factor: 700.0,
            resonance_frequency: 300e3,
            drive_frequency: 300e3,
            free_amplitude: 20e-9,
            setpoint_amplitude: 3e-9,
            regime: Regime::Repulsive,
            phase_convention: PhaseConvention::ShiftPositiveRepulsive,
            phase_zero: 0.0,
            blur: 0.0,
            phase_noise: 0.0,
            row_offset: 0.0,
            feedback_lag: 0.0,
            amplitude_noise: 0.0,
            cross_talk: CrossTalk::default(),
            lost_pixels: 0.0,
            scanning: Scanning::default(),
        }
    }
}

impl PhaseConvention {
    /// As it is written in a study.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lag => "lag",
            Self::ShiftPositiveRepulsive => "shift_positive_repulsive",
            Self::ShiftNegativeRepulsive => "shift_negative_repulsive",
        }
    }

    /// Stored phase of a lag, deg.
    pub fn store(self, lag: f64) -> f64 {
        match self {
            Self::Lag => lag,
            Self::ShiftPositiveRepulsive => 90.0 - lag,
            Self::ShiftNegativeRepulsive => lag - 90.0,
        }
    }
}

impl Microscope {
    /// Lag in free air, deg: the driven oscillator at `f/f0` and `Q`.
    pub fn free_lag(&self) -> f64 {
        let r = self.frequency_ratio();
        (r / self.quality_factor).atan2(1.0 - r * r).to_degrees()
    }

    /// Phase in free air as stored, deg.
    pub fn free_phase(&self) -> f64 {
        self.phase_convention.store(self.free_lag()) + self.phase_zero
    }

    /// The constants as a study states them, key and text; beside them `phase_convention` is [`PhaseConvention::name`].
    pub fn constants(&self) -> Vec<(&'static str, String)> {
        let text = |value: f64, unit: &str| {
            let unit = Unit::of(unit);
            Quantity::si(unit.to_si(value), unit).to_string()
        };
        vec![
            ("spring_constant", text(self.spring_constant, "N/m")),
            ("quality_factor", text(self.quality_factor, "")),
            ("resonance_frequency", text(self.resonance_frequency / 1e3, "kHz")),
            ("drive_frequency", text(self.drive_frequency / 1e3, "kHz")),
            ("free_amplitude", text(self.free_amplitude * 1e9, "nm")),
            ("setpoint_amplitude", text(self.setpoint_amplitude * 1e9, "nm")),
            ("free_phase", text(self.free_phase(), "deg")),
        ]
    }

    /// Lag at which a tip of amplitude `amplitude` (m) dissipates `energy` (J), deg; `None` beyond what the drive delivers.
    ///
    /// The inverse of `E = (π k A²/Q)(f/f0)[A_f sin φ / (A sin φ_f) - 1]`.
    pub fn lag(&self, energy: f64, amplitude: f64) -> Option<f64> {
        let scale = PI * self.spring_constant * amplitude.powi(2) / self.quality_factor * self.frequency_ratio();
        let free = self.free_lag().to_radians().sin();
        let sin = free * amplitude / self.free_amplitude * (1.0 + energy / scale);
        let lag = (sin.abs() <= 1.0).then(|| sin.asin().to_degrees())?;
        Some(match self.regime {
            Regime::Repulsive => lag,
            Regime::Attractive => 180.0 - lag,
        })
    }

    /// Scans a site from left to right; the same seed gives the same noise.
    ///
    /// # Errors
    /// [`SimulationError`] when a parameter is out of range or the drive cannot deliver the energy.
    pub fn scan(&self, surface: &Surface, seed: u64) -> Result<Scan, SimulationError> {
        self.pass(surface, Direction::Trace, seed, seed)
    }

    /// Scans a site to the right and back: trace and retrace, with noise of their own; row offsets, 1/f noise and dust are those
    /// of one scan.
    ///
    /// # Errors
    /// As [`Microscope::scan`].
    pub fn scan_pair(&self, surface: &Surface, seed: u64) -> Result<[Scan; 2], SimulationError> {
        let pass = |direction: Direction| -> Result<Scan, SimulationError> {
            let noise = derive_seed(seed, &[direction.to_string().as_str().into()]);
            let Scan { height, phase, amplitude } = self.pass(surface, direction, seed, noise)?;
            let labelled = |map: Map| Map { direction: Some(direction), ..map };
            Ok(Scan { height: labelled(height), phase: labelled(phase), amplitude: labelled(amplitude) })
        };
        Ok([pass(Direction::Trace)?, pass(Direction::Retrace)?])
    }

    /// The true energy at the pixels of a scan, J: without blur, drift, lag and noise.
    ///
    /// # Errors
    /// [`SimulationError::OutsideSurface`].
    pub fn true_energy(&self, surface: &Surface) -> Result<Map, SimulationError> {
        let frame = self.frame(surface);
        let energy = match self.scanning.is_aligned() {
            true => surface.energy.clone(),
            false => self.scanning.passed(&surface.energy, &surface.specimen, &frame, None)?,
        };
        Ok(map(&frame, "dissipated_energy", "J", energy))
    }

    fn frame(&self, surface: &Surface) -> Frame {
        self.scanning.frame.unwrap_or_else(|| Frame::of(&surface.specimen))
    }

    /// One direction. `seed` is that of the scan, `noise_seed` that of what the directions do not share.
    fn pass(&self, surface: &Surface, direction: Direction, seed: u64, noise_seed: u64) -> Result<Scan, SimulationError> {
        self.check()?;
        let (frame, scanning) = (self.frame(surface), &self.scanning);
        let seen = |field: &Array2<f64>| match scanning.is_aligned() {
            true => Ok(field.clone()),
            false => scanning.passed(field, &surface.specimen, &frame, Some(direction)),
        };
        let fine = surface.specimen.pitch();
        let energy = if self.blur > 0.0 { seen(&blurred(&surface.energy, self.blur, fine))? } else { seen(&surface.energy)? };
        let mut height = seen(&surface.height)?;
        let pitch = frame.pitch();
        let (slope_y, slope_x) = gradient(&height, pitch);
        let noise = white_noise(height.dim(), self.amplitude_noise, derive_seed(noise_seed, &["amplitude noise".into()]));
        let lag = if direction == Direction::Trace { self.feedback_lag } else { -self.feedback_lag };
        let mut amplitude = &slope_x * lag + self.setpoint_amplitude + noise;
        if let Some(&value) = amplitude.iter().find(|value| **value <= 0.0) {
            let allowed = "small enough to keep the amplitude above zero";
            return Err(SimulationError::Parameter { name: "feedback_lag, amplitude_noise", value, allowed });
        }
        let mut phase = self.stored_phase(&energy, &amplitude)?;
        let talk = &self.cross_talk;
        phase.scaled_add(talk.height, &height);
        phase.scaled_add(talk.slope_x, &slope_x);
        phase.scaled_add(talk.slope_y, &slope_y);
        if talk.curvature != 0.0 {
            phase.scaled_add(talk.curvature, &laplacian(&height, pitch));
        }
        scanning.respond(&mut phase, pitch.1, direction);
        scanning.respond(&mut height, pitch.1, direction);
        phase += &white_noise(phase.dim(), self.phase_noise, derive_seed(noise_seed, &["phase noise".into()]));
        let offsets = standard_normals(derive_seed(seed, &["row offsets".into()]), phase.nrows());
        for (mut row, offset) in phase.axis_iter_mut(Axis(0)).zip(offsets) {
            row += self.row_offset * offset;
        }
        if let Some(flicker) = scanning.flicker_noise(phase.dim(), direction, seed) {
            phase += &flicker;
        }
        scanning.add_strokes(&mut phase, pitch.1, noise_seed);
        self.lose_pixels(&mut phase, &mut amplitude, noise_seed);
        let dusty = scanning.dusty(&frame, seed);
        for image in [&mut phase, &mut amplitude] {
            image.zip_mut_with(&dusty, |value, dusty| *value = if *dusty { f64::NAN } else { *value });
        }
        Ok(Scan {
            height: map(&frame, "height", "m", height),
            phase: map(&frame, "phase", "deg", phase),
            amplitude: map(&frame, "amplitude", "m", amplitude),
        })
    }

    fn stored_phase(&self, energy: &Array2<f64>, amplitude: &Array2<f64>) -> Result<Array2<f64>, SimulationError> {
        let stored = |energy: f64, amplitude: f64| {
            self.lag(energy, amplitude).map(|lag| self.phase_convention.store(lag) + self.phase_zero)
        };
        let phase = Zip::from(energy).and(amplitude).map_collect(|&e, &a| stored(e, a).unwrap_or(f64::NAN));
        if phase.iter().all(|value| value.is_finite()) {
            return Ok(phase);
        }
        let wanted = energy.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (r, a) = (self.frequency_ratio(), self.setpoint_amplitude);
        let gain = self.free_amplitude / self.free_lag().to_radians().sin();
        Err(SimulationError::EnergyTooHigh {
            wanted,
            possible: PI * self.spring_constant * a / self.quality_factor * r * (gain - a),
        })
    }

    fn lose_pixels(&self, phase: &mut Array2<f64>, amplitude: &mut Array2<f64>, seed: u64) {
        let mut rng = rng(derive_seed(seed, &["lost pixels".into()]));
        for (phase, amplitude) in phase.iter_mut().zip(amplitude.iter_mut()) {
            if rng.random::<f64>() < self.lost_pixels {
                *phase = f64::NAN;
                *amplitude = f64::NAN;
            }
        }
    }

    fn frequency_ratio(&self) -> f64 {
        self.drive_frequency / self.resonance_frequency
    }

    fn check(&self) -> Result<(), SimulationError> {
        self.scanning.check()?;
        for (name, value) in [
            ("spring_constant", self.spring_constant),
            ("quality_factor", self.quality_factor),
            ("resonance_frequency", self.resonance_frequency),
            ("drive_frequency", self.drive_frequency),
            ("free_amplitude", self.free_amplitude),
            ("setpoint_amplitude", self.setpoint_amplitude),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        for (name, value) in [
            ("blur", self.blur),
            ("phase_noise", self.phase_noise),
            ("row_offset", self.row_offset),
            ("amplitude_noise", self.amplitude_noise),
        ] {
            SimulationError::require_not_negative(name, value)?;
        }
        if !(0.0..1.0).contains(&self.lost_pixels) {
            let (name, value) = ("lost_pixels", self.lost_pixels);
            return Err(SimulationError::Parameter { name, value, allowed: "at least 0 and below 1" });
        }
        Ok(())
    }
}

impl Scan {
    /// Height, phase and amplitude.
    pub fn maps(self) -> Vec<Map> {
        vec![self.height, self.phase, self.amplitude]
    }
}

fn map(frame: &Frame, quantity: &str, unit: &str, values: Array2<f64>) -> Map {
    Map::new(quantity, values, Unit::of(unit), Some(Extent::metres(frame.width, frame.height)))
}

fn white_noise(shape: (usize, usize), sd: f64, seed: u64) -> Array2<f64> {
    let mut noise = standard_normals(seed, shape.0 * shape.1).into_iter();
    Array2::from_shape_simple_fn(shape, || sd * noise.next().unwrap_or(0.0))
}
