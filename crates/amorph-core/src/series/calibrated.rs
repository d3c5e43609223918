//! Records that are searched part by part: what noise does is learned once, from windows spread over the whole.

use super::detector::{LEARNED, SCALE_WINDOWS, subtract};
use super::{Detected, Detector, NoiseModel, PeakTail, SeriesError, running_median, running_scale};
use crate::ctx::Ctx;
use crate::random::derive_seed;

/// Samples of one window.
const WINDOW: usize = 1 << 14;

/// The noise of a long record and how often it looks like an event.
#[derive(Debug, Clone)]
pub struct Calibration {
    noise: NoiseModel,
    tails: [PeakTail; 2],
}

impl Calibration {
    /// First samples of the windows, all of the same length, from which the noise of `n` samples is learned; and that length.
    pub fn windows(n: usize) -> (Vec<usize>, usize) {
        let count = LEARNED / WINDOW;
        if n <= LEARNED {
            return (vec![0], n);
        }
        ((0..count).map(|index| (n - WINDOW) * index / (count - 1)).collect(), WINDOW)
    }
}

impl Detector {
    /// Learns the noise of a long record from windows of it; NaN samples are left out.
    ///
    /// # Errors
    /// [`SeriesError`] where they are too short or do not scatter, and when stopped.
    pub fn calibrate(&self, windows: &[Vec<f64>], seed: u64, ctx: &Ctx) -> Result<Calibration, SeriesError> {
        let mut training = Vec::with_capacity(windows.iter().map(|window| window.len() + 1).sum());
        for window in windows {
            training.extend(subtract(window, &running_median(window, self.window)));
            // Windows are no neighbours.
            training.push(f64::NAN);
        }
        let found = training.iter().filter(|value| !value.is_nan()).count();
        self.check_length(found)?;
        let scale = running_scale(&training, SCALE_WINDOWS * self.window);
        if !(0..training.len()).step_by(self.window).any(|index| scale.at(index) > 0.0) {
            return Err(SeriesError::NoNoise);
        }
        let noise = self.learn_in_rounds(&training, ctx)?.noise;
        ctx.check_cancelled()?;
        let tails = self.tails(&noise, found, derive_seed(seed, &["surrogates".into()]));
        Ok(Calibration { noise, tails })
    }

    /// Looks for events in a part of a record of `exposure` samples, whose false alarms are those of the whole record.
    ///
    /// Drift and scale near the ends of the part are less well known: give [`Self::margin`] samples more on either side, and keep
    /// what starts between.
    pub fn detect_part(&self, values: &[f64], known: &Calibration, exposure: usize) -> Detected {
        let baseline = running_median(values, self.window);
        let residual = subtract(values, &baseline);
        let mut learned = self.search(&residual, known.noise.clone());
        learned.tails.clone_from(&known.tails);
        let events = self.above(&learned, exposure);
        self.described(&learned, &events, baseline, exposure)
    }

    /// Samples on either side of a part after which its ends no longer show.
    pub fn margin(&self) -> usize {
        2 * SCALE_WINDOWS * self.window
    }
}
