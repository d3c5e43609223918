//! Short events in long records: drift, coloured noise, matched filters, thresholds with a known rate of false alarms.
//!
//! A record is split into stretches of even sampling. [`Detector::detect`] takes the drift off by a running median, learns the noise of
//! the rest (local scale, autoregression, tails), whitens it, and compares it with a bank of templates of both signs. The threshold comes
//! from surrogates that go through the same steps. Records beyond memory are searched part by part after [`Detector::calibrate`].

mod autoregression;
mod bank;
mod baseline;
mod calibrated;
mod detector;
mod noise;
mod tail;
#[cfg(test)]
mod tests;

pub use autoregression::Autoregression;
pub use bank::{Bank, Peak, Shape, Template};
pub use baseline::{Baseline, running_median, running_scale};
pub use calibrated::Calibration;
pub use detector::{Detected, Detector, FalseAlarms, SeriesError, Spike};
pub use noise::{NoiseModel, Side};
pub use tail::PeakTail;

/// The sign of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// The record rises.
    Positive,
    /// It falls.
    Negative,
}

impl Sign {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Positive, Self::Negative];

    /// +1 or -1.
    pub fn value(self) -> f64 {
        match self {
            Self::Positive => 1.0,
            Self::Negative => -1.0,
        }
    }
}
