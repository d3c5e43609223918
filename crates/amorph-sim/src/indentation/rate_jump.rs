use amorph_core::data::{Channel, Record, Recording, TraceQuantity};
use amorph_core::random::standard_normals;

use crate::SimulationError;

/// Indentation at strain rates that jump: hardness over depth.
#[derive(Debug, Clone, PartialEq)]
pub struct RateJump {
    /// Hardness at 0.01 1/s in the middle of the depths, Pa.
    pub hardness: f64,
    /// Rate sensitivity.
    pub rate_sensitivity: f64,
    /// Change of ln H over the whole depth.
    pub depth_trend: f64,
    /// Strain rates of the stretches, 1/s.
    pub rates: Vec<f64>,
    /// First and last depth, m; every stretch covers an equal part.
    pub depth: (f64, f64),
    /// Samples per stretch.
    pub samples: usize,
    /// Standard deviation of ln H.
    pub noise: f64,
    /// Correlation of the noise from sample to sample.
    pub noise_correlation: f64,
    /// Share of the depth after which a jump has faded by 1/e; 0 for none.
    pub transient: f64,
}

/// Such a measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct RateJumpTest {
    /// Time, depth, load, hardness and strain rate.
    pub record: Record,
    /// First row of every stretch.
    pub jumps: Vec<usize>,
}

/// Rate at which the hardness is given, 1/s.
const REFERENCE_RATE: f64 = 0.01;

/// Projected area of a Berkovich tip over depth squared.
const BERKOVICH: f64 = 24.5;

impl Default for RateJump {
    fn default() -> Self {
        Self {
            hardness: 6e9,
            rate_sensitivity: 0.02,
            depth_trend: -0.03,
            rates: vec![0.05, 0.005, 0.05, 0.0005, 0.05],
            depth: (500e-9, 1500e-9),
            samples: 120,
            noise: 0.005,
            noise_correlation: 0.0,
            transient: 0.005,
        }
    }
}

impl RateJump {
    /// One measurement.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<RateJumpTest, SimulationError> {
        SimulationError::require_positive("hardness", self.hardness)?;
        SimulationError::require_positive("depth", self.depth.0)?;
        SimulationError::require_positive("depth range", self.depth.1 - self.depth.0)?;
        for rate in &self.rates {
            SimulationError::require_positive("rate", *rate)?;
        }
        let n = self.rates.len() * self.samples;
        let noise = self.correlated(seed, n);
        let (mut time, mut last_depth, mut before) = (0.0, self.depth.0, self.rates.first().map_or(0.0, |rate| rate.ln()));
        let mut columns: [Vec<f64>; 5] = Default::default();
        for (i, disturbance) in noise.iter().enumerate() {
            let rate = self.rates[i / self.samples];
            let share = (i as f64 + 1.0) / n as f64;
            let depth = self.depth.0 + (self.depth.1 - self.depth.0) * share;
            time += (depth / last_depth).ln() / rate;
            // What the hardness has heard of: the old rate fades with the depth.
            let fading = if self.transient > 0.0 { (-(depth - last_depth) / (self.transient * depth)).exp() } else { 0.0 };
            before = rate.ln() + (before - rate.ln()) * fading;
            let ln_ratio = before - REFERENCE_RATE.ln();
            let hardness =
                self.hardness * (self.rate_sensitivity * ln_ratio + self.depth_trend * (share - 0.5) + disturbance).exp();
            last_depth = depth;
            let row = [time, depth, hardness * BERKOVICH * depth * depth, hardness, rate];
            columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
        }
        let quantities = [
            TraceQuantity::Time,
            TraceQuantity::Depth,
            TraceQuantity::Load,
            TraceQuantity::Hardness,
            TraceQuantity::StrainRate,
        ];
        let channels = quantities.into_iter().zip(columns).map(|(quantity, values)| Channel::new(quantity, values));
        let record = Record::of_test("rate jump", Recording::of_test(channels.collect()));
        Ok(RateJumpTest { record, jumps: (0..self.rates.len()).map(|i| i * self.samples).collect() })
    }

    fn correlated(&self, seed: u64, n: usize) -> Vec<f64> {
        let rho = self.noise_correlation;
        let innovation = (1.0 - rho * rho).sqrt();
        let mut values = standard_normals(seed, n);
        for i in 1..n {
            values[i] = rho * values[i - 1] + innovation * values[i];
        }
        values.iter_mut().for_each(|value| *value *= self.noise);
        values
    }
}
