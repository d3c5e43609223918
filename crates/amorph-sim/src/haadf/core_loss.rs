//! Core-loss spectrum images of a foil of two elements.

use amorph_core::random::derive_seed;
use ndarray::{Array2, Array3};
use rand_distr::{Distribution, Poisson};

use super::field::shell_field;
use crate::SimulationError;

/// Energies above an edge over which its counts are stated, eV.
const STATED_OVER: f64 = 100.0;

/// An ionisation edge: nothing below the onset, `(E/onset)^-decay (1 - exp(-(E - onset)/rise))` above.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoreEdge {
    /// Onset, eV.
    pub onset: f64,
    /// Energy over which it rises, eV; delayed edges rise over tens of eV.
    pub rise: f64,
    /// How steeply it falls.
    pub decay: f64,
    /// Mean electrons per position in its first 100 eV, at the mean composition.
    pub counts: f64,
}

impl CoreEdge {
    fn shape(&self, energy: f64) -> f64 {
        if energy <= self.onset {
            return 0.0;
        }
        (energy / self.onset).powf(-self.decay) * -(-(energy - self.onset) / self.rise).exp_m1()
    }
}

/// A spectrometer on a foil whose composition varies from place to place. Energies in electronvolts, as spectrometers write them.
#[derive(Debug, Clone, PartialEq)]
pub struct CoreLoss {
    /// Rows and columns of positions.
    pub shape: (usize, usize),
    /// First energy of the axis.
    pub first: f64,
    /// Distance of channels.
    pub step: f64,
    /// Channels.
    pub channels: usize,
    /// Mean background counts per channel at the onset of the first edge.
    pub background: f64,
    /// Exponent r of the background `A E^-r`.
    pub exponent: f64,
    /// Edges of A and B.
    pub edges: [CoreEdge; 2],
    /// Mean atomic fraction of A.
    pub mean_fraction: f64,
    /// Standard deviation of the atomic fraction of A over the field.
    pub fraction_sd: f64,
    /// Wavelength of the fraction in positions.
    pub length: f64,
    /// Relative change of the thickness from the left to the right edge.
    pub wedge: f64,
    /// Seed.
    pub seed: u64,
}

impl Default for CoreLoss {
    /// Ni35Zr65 with the edges Ni L and Zr L in 64 x 64 positions, the fraction of Ni with a standard deviation of 8 %.
    fn default() -> Self {
        Self {
            shape: (64, 64),
            first: 700.0,
            step: 5.0,
            channels: 360,
            background: 1200.0,
            exponent: 3.0,
            edges: [
                CoreEdge { onset: 855.0, rise: 2.0, decay: 3.0, counts: 6000.0 },
                CoreEdge { onset: 2222.0, rise: 4.0, decay: 3.0, counts: 6000.0 },
            ],
            mean_fraction: 0.35,
            fraction_sd: 0.08,
            length: 8.0,
            wedge: 0.0,
            seed: 1,
        }
    }
}

/// What the spectrometer records of a [`CoreLoss`], and the truth.
#[derive(Debug, Clone, PartialEq)]
pub struct SpectrumImage {
    /// Electrons `[row, column, channel]`.
    pub counts: Array3<f64>,
    /// Atomic fraction of A `[row, column]`.
    pub fraction: Array2<f64>,
}

impl CoreLoss {
    /// Energies of the channels, eV.
    pub fn energies(&self) -> Vec<f64> {
        (0..self.channels).map(|i| self.first + i as f64 * self.step).collect()
    }

    /// Relative cross section of the edge of A (0) or B (1) for the channels from `from` to `to` eV: electrons in the window per
    /// atom, on one scale for both.
    pub fn cross_section(&self, element: usize, (from, to): (f64, f64)) -> f64 {
        let edge = &self.edges[element];
        let sum = |lo: f64, hi: f64| -> f64 {
            self.energies().iter().filter(|e| (lo..=hi).contains(*e)).map(|e| edge.shape(*e)).sum()
        };
        let mean = if element == 0 { self.mean_fraction } else { 1.0 - self.mean_fraction };
        edge.counts / mean * sum(from, to) / sum(edge.onset, edge.onset + STATED_OVER)
    }

    /// The atomic fraction of A, with exactly the stated mean and standard deviation.
    ///
    /// # Errors
    /// Parameters out of range.
    pub fn fraction(&self) -> Result<Array2<f64>, SimulationError> {
        self.check()?;
        if self.fraction_sd == 0.0 {
            return Ok(Array2::from_elem(self.shape, self.mean_fraction));
        }
        let field = shell_field(self.shape, 1.0, self.length, 0.3, derive_seed(self.seed, &["core_loss".into()]))?;
        let n = field.len() as f64;
        let mean = field.sum() / n;
        let sd = (field.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
        Ok(field.mapv(|v| (self.mean_fraction + self.fraction_sd * (v - mean) / sd).clamp(0.0, 1.0)))
    }

    /// A counted spectrum image.
    ///
    /// # Errors
    /// Parameters out of range.
    pub fn record(&self) -> Result<SpectrumImage, SimulationError> {
        let fraction = self.fraction()?;
        let energies = self.energies();
        let per_channel: Vec<[f64; 3]> = energies
            .iter()
            .map(|e| {
                let background = self.background * (e / self.edges[0].onset).powf(-self.exponent);
                let of = |element: usize| self.cross_section(element, (*e, *e));
                [background, of(0), of(1)]
            })
            .collect();
        let (rows, columns) = self.shape;
        let mut counts = Array3::zeros((rows, columns, self.channels));
        for ((row, column), c) in fraction.indexed_iter() {
            let seed = derive_seed(self.seed, &["core_loss_counts".into(), row.into(), column.into()]);
            let mut rng = amorph_core::random::rng(seed);
            let thickness = 1.0 + self.wedge * ((column as f64 + 0.5) / columns as f64 - 0.5);
            for (channel, [background, a, b]) in per_channel.iter().enumerate() {
                let expected = thickness * (background + c * a + (1.0 - c) * b);
                counts[(row, column, channel)] = Poisson::new(expected).map_or(0.0, |law| law.sample(&mut rng));
            }
        }
        Ok(SpectrumImage { counts, fraction })
    }

    fn check(&self) -> Result<(), SimulationError> {
        for (name, value) in [
            ("rows", self.shape.0 as f64),
            ("columns", self.shape.1 as f64),
            ("first", self.first),
            ("step", self.step),
            ("channels", self.channels as f64),
            ("background", self.background),
            ("exponent", self.exponent),
            ("length", self.length),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        for edge in &self.edges {
            for (name, value) in
                [("onset", edge.onset), ("rise", edge.rise), ("decay", edge.decay), ("counts of an edge", edge.counts)]
            {
                SimulationError::require_positive(name, value)?;
            }
        }
        SimulationError::require_not_negative("fraction_sd", self.fraction_sd)?;
        let out_of = |name, value| Err(SimulationError::Parameter { name, value, allowed: "between 0 and 1" });
        match () {
            () if !(self.mean_fraction > 0.0 && self.mean_fraction < 1.0) => out_of("mean_fraction", self.mean_fraction),
            () if self.wedge.is_nan() || self.wedge.abs() >= 1.0 => out_of("wedge", self.wedge),
            () => Ok(()),
        }
    }
}
