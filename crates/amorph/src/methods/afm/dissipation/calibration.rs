//! The constants of the measurement, and what they make of a stored phase.

use ndarray::Array2;

use super::algorithm::{Cantilever, wrap_degrees};
use super::{DissipationError, Form};

/// How the stored phase relates to the lag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Convention {
    Lag,
    ShiftPositiveRepulsive,
    ShiftNegativeRepulsive,
}

/// How the zero of the phase is tied to free air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    Absolute,
    FreeIs90,
    FreeIsModel,
}

/// Everything that turns stored phase and amplitude into energy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    pub cantilever: Cantilever,
    pub convention: Convention,
    pub reference: Reference,
    /// Phase in free air as stored, deg.
    pub free_phase: f64,
}

/// Lag of the tip behind the drive, deg.
pub struct Lag {
    pub map: Array2<f64>,
    pub free: f64,
}

impl Convention {
    pub fn of(word: &str) -> Self {
        match word {
            "shift_positive_repulsive" => Self::ShiftPositiveRepulsive,
            "shift_negative_repulsive" => Self::ShiftNegativeRepulsive,
            _ => Self::Lag,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Lag => "lag",
            Self::ShiftPositiveRepulsive => "shift_positive_repulsive",
            Self::ShiftNegativeRepulsive => "shift_negative_repulsive",
        }
    }

    /// Lag of a stored phase, deg.
    pub fn lag(self, stored: f64) -> f64 {
        match self {
            Self::Lag => stored,
            Self::ShiftPositiveRepulsive => 90.0 - stored,
            Self::ShiftNegativeRepulsive => 90.0 + stored,
        }
    }
}

impl Reference {
    pub const ALL: [Self; 3] = [Self::Absolute, Self::FreeIs90, Self::FreeIsModel];

    pub fn of(word: &str) -> Self {
        match word {
            "free_is_90" => Self::FreeIs90,
            "free_is_model" => Self::FreeIsModel,
            _ => Self::Absolute,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Absolute => "absolute",
            Self::FreeIs90 => "free_is_90",
            Self::FreeIsModel => "free_is_model",
        }
    }
}

impl Calibration {
    /// Lag in free air after the reference has been applied, deg.
    pub fn free_lag(&self) -> f64 {
        match self.reference {
            Reference::Absolute => wrap_degrees(self.convention.lag(self.free_phase)),
            Reference::FreeIs90 => 90.0,
            Reference::FreeIsModel => self.cantilever.free_lag(),
        }
    }

    /// The lag of every pixel of a stored phase map (deg).
    pub fn lag(&self, stored: &Array2<f64>) -> Lag {
        let free = self.free_lag();
        let stored_free = self.convention.lag(self.free_phase);
        let map = match self.reference {
            Reference::Absolute => stored.mapv(|phase| wrap_degrees(self.convention.lag(phase))),
            _ => stored.mapv(|phase| wrap_degrees(wrap_degrees(self.convention.lag(phase) - stored_free) + free)),
        };
        Lag { map, free }
    }

    /// `|f/f0 - 1|`.
    pub fn detuning(&self) -> f64 {
        (self.cantilever.frequency_ratio - 1.0).abs()
    }

    /// Fails where the energy has no meaning.
    pub fn require_meaning(&self, form: Form, max_free_lag_offset: f64) -> Result<(), DissipationError> {
        let limit = 0.5 / self.cantilever.quality_factor;
        let detuning = self.detuning();
        if self.reference == Reference::FreeIs90 && detuning > limit {
            return Err(DissipationError::OffResonance { detuning, limit });
        }
        let free_lag = self.free_lag();
        if free_lag.to_radians().sin().abs() < 1e-9 {
            return Err(DissipationError::FreeLagWithoutPower { free_lag });
        }
        if form != Form::PowerBalance && (free_lag - 90.0).abs() > max_free_lag_offset {
            return Err(DissipationError::FormNeedsResonance { form: form.name(), free_lag, allowed: max_free_lag_offset });
        }
        Ok(())
    }

    /// Energy of one pixel, J.
    pub fn energy(&self, form: Form, amplitude: f64, lag: f64, free_lag: f64) -> f64 {
        match form {
            Form::PowerBalance => self.cantilever.energy_by_power_balance(amplitude, lag, free_lag),
            Form::Lu2016 => self.cantilever.energy_by_lu_2016(amplitude, lag),
            Form::Qiao2019 => self.cantilever.energy_by_qiao_2019(amplitude, lag),
        }
    }
}
