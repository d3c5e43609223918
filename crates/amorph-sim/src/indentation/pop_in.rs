use amorph_core::data::Table;
use amorph_core::random::rng;
use rand::RngExt;

use crate::SimulationError;

/// Distribution of the load of the first pop-in.
#[derive(Debug, Clone, PartialEq)]
pub enum Strength {
    /// `F = 1 - exp(-(P/scale)^shape)`: the weakest link.
    Weibull {
        /// Load that 63 % of the tests do not pass, N.
        scale: f64,
        /// Weibull modulus.
        shape: f64,
    },
    /// Normal in the logarithm.
    LogNormal {
        /// Median load, N.
        median: f64,
        /// Standard deviation of the logarithm.
        sd: f64,
    },
    /// Either of two Weibull laws.
    TwoWeibull {
        /// Share of the first.
        share: f64,
        /// Scale (N) and shape of the first.
        first: (f64, f64),
        /// Scale (N) and shape of the second.
        second: (f64, f64),
    },
}

/// A series of tests up to one load.
#[derive(Debug, Clone, PartialEq)]
pub struct PopInLoads {
    /// How strong the glass is.
    pub strength: Strength,
    /// Number of tests.
    pub n: usize,
    /// Highest load of a test, N: what is stronger is censored.
    pub peak_load: f64,
    /// Load below which a pop-in is not seen, N; 0 sees all.
    pub detection_limit: f64,
}

/// What such a series shows.
#[derive(Debug, Clone, PartialEq)]
pub struct PopInSample {
    /// True load of the first pop-in of every test, N.
    pub truth: Vec<f64>,
    /// Columns `load` (N) and `status`: `event`, `none` (no pop-in up to the load) or `below` (before the load).
    pub table: Table,
}

impl PopInLoads {
    /// One series.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn sample(&self, seed: u64) -> Result<PopInSample, SimulationError> {
        SimulationError::require_positive("peak_load", self.peak_load)?;
        SimulationError::require_not_negative("detection_limit", self.detection_limit)?;
        let mut random = rng(seed);
        let truth: Vec<f64> = (0..self.n).map(|_| self.strength.draw(&mut random)).collect();
        let seen = |load: &f64| match *load {
            load if load > self.peak_load => (self.peak_load, "none".to_owned()),
            load if load < self.detection_limit => (self.detection_limit, "below".to_owned()),
            load => (load, "event".to_owned()),
        };
        let (loads, status) = truth.iter().map(seen).unzip();
        let table = Table::new("pop_ins", "First pop-ins").with_numbers("load", "N", loads).with_text("status", status);
        Ok(PopInSample { truth, table })
    }
}

impl Strength {
    fn draw(&self, random: &mut amorph_core::random::Rng) -> f64 {
        let mut weibull = |scale: f64, shape: f64| scale * (-(1.0 - random.random::<f64>()).ln()).powf(1.0 / shape);
        match *self {
            Self::Weibull { scale, shape } => weibull(scale, shape),
            Self::LogNormal { median, sd } => {
                let mut z = [0.0];
                amorph_core::random::fill_standard_normal(random, &mut z);
                median * (sd * z[0]).exp()
            }
            Self::TwoWeibull { share, first, second } => {
                let (scale, shape) = if random.random::<f64>() < share { first } else { second };
                scale * (-(1.0 - random.random::<f64>()).ln()).powf(1.0 / shape)
            }
        }
    }
}
