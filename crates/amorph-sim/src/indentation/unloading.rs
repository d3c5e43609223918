use amorph_core::data::{Channel, Record, Recording, TraceQuantity};
use amorph_core::random::{derive_seed, standard_normals};

use crate::SimulationError;

/// Loading by a parabola, a hold with creep, and an unloading `P = B (h - hf)^m`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unloading {
    /// Highest load, N.
    pub peak_load: f64,
    /// Depth at the start of the unloading, m.
    pub peak_depth: f64,
    /// Final depth `hf`, m.
    pub final_depth: f64,
    /// Exponent `m`.
    pub exponent: f64,
    /// Creep in the hold, m.
    pub hold_creep: f64,
    /// Standard deviations of the noise of load (N) and depth (m).
    pub noise: (f64, f64),
    /// Samples of each of the three stretches.
    pub samples: usize,
}

/// Such a measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct UnloadingTest {
    /// Time, load and depth.
    pub record: Record,
    /// True stiffness at the start of the unloading, N/m.
    pub stiffness: f64,
}

impl Default for Unloading {
    fn default() -> Self {
        Self {
            peak_load: 50e-3,
            peak_depth: 560e-9,
            final_depth: 160e-9,
            exponent: 1.3,
            hold_creep: 8e-9,
            noise: (2e-6, 0.2e-9),
            samples: 250,
        }
    }
}

impl Unloading {
    /// One measurement: loading and unloading of 5 s, a hold of 2 s.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<UnloadingTest, SimulationError> {
        for (name, value) in [
            ("peak_load", self.peak_load),
            ("peak_depth - final_depth", self.peak_depth - self.final_depth),
            ("exponent", self.exponent),
            ("samples", self.samples as f64),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        let n = self.samples;
        let share = |i: usize| (i as f64 + 1.0) / n as f64;
        let hold_start = self.peak_depth - self.hold_creep;
        let mut rows: Vec<(f64, f64, f64)> = Vec::new();
        rows.extend((0..n).map(|i| (5.0 * share(i), self.peak_load * share(i), hold_start * share(i).sqrt())));
        rows.extend((0..n).map(|i| (5.0 + 2.0 * share(i), self.peak_load, hold_start + self.hold_creep * share(i))));
        rows.extend((0..n).map(|i| {
            let load = self.peak_load * (1.0 - share(i));
            let elastic = (self.peak_depth - self.final_depth) * (load / self.peak_load).powf(1.0 / self.exponent);
            (7.0 + 5.0 * share(i), load, self.final_depth + elastic)
        }));
        let noise = |what: &str| standard_normals(derive_seed(seed, &[what.into()]), rows.len());
        let (load_noise, depth_noise) = (noise("load"), noise("depth"));
        let recording = Recording::of_test(vec![
            Channel::new(TraceQuantity::Time, rows.iter().map(|row| row.0).collect()),
            Channel::new(TraceQuantity::Load, rows.iter().zip(load_noise).map(|(row, z)| row.1 + self.noise.0 * z).collect()),
            Channel::new(TraceQuantity::Depth, rows.iter().zip(depth_noise).map(|(row, z)| row.2 + self.noise.1 * z).collect()),
        ]);
        let stiffness = self.exponent * self.peak_load / (self.peak_depth - self.final_depth);
        Ok(UnloadingTest { record: Record::of_test("indent", recording), stiffness })
    }
}
