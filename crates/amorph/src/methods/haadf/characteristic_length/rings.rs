//! From an image to the mean of its periodogram over rings of wave vectors. Frequencies are cycles per metre.

use ndarray::Array2;

use super::view::View;
use crate::core::fft::signed_frequency;
use crate::core::whittle::SpectralGrid;

/// Least width of a ring over its frequency; narrower ones are put together.
const RELATIVE_WIDTH: f64 = 0.025;

/// Means of a periodogram over rings.
#[derive(Debug, Clone, PartialEq)]
pub struct RingSpectrum {
    /// Mean frequency of each ring, 1/m.
    pub frequency: Vec<f64>,
    /// Mean periodogram, variance per pixel: white noise of variance v has v in every ring.
    pub power: Vec<f64>,
    /// Independent modes in each ring; the window makes neighbours alike, which takes from their number.
    pub modes: Vec<f64>,
    /// How the structure was seen.
    pub view: View,
}

/// The ring that each band of one step belongs to, from band `first` to before `end`.
fn groups(first: usize, end: usize) -> Vec<usize> {
    let (mut group, mut begin) = (0, first);
    let mut belongs = Vec::with_capacity(end.saturating_sub(first));
    for band in first..end {
        if band > begin && (band - begin) as f64 >= RELATIVE_WIDTH * begin as f64 {
            group += 1;
            begin = band;
        }
        belongs.push(group);
    }
    belongs
}

/// Which entries of a periodogram belong to which ring.
#[derive(Debug, Clone)]
pub struct Rings {
    ring: Vec<Option<u32>>,
    weights: Vec<f64>,
    frequency: Vec<f64>,
    sums: Vec<f64>,
    independent: f64,
    view: View,
    /// Distance of rings: one over the smallest side, 1/m.
    pub step: f64,
}

impl Rings {
    /// Rings one over the smallest side wide, and wider where that is below 2.5 % of the frequency, from the frequency `lowest` to
    /// the Nyquist frequency of the coarser axis.
    pub fn new(grid: &SpectralGrid, lowest: f64) -> Self {
        let (rows, columns) = grid.shape();
        let pitch = grid.pitch();
        let step = 1.0 / (rows as f64 * pitch.0).min(columns as f64 * pitch.1);
        let highest = 0.5 / pitch.0.max(pitch.1);
        let first = (lowest / step).round().max(1.0) as usize;
        let group = groups(first, (highest / step).ceil() as usize + 1);
        let n = group.last().map_or(0, |last| last + 1);
        let (mut sums, mut frequency) = (vec![0.0; n], vec![0.0; n]);
        let weights = grid.weights();
        let across: Vec<f64> = (0..weights.ncols()).map(|column| column as f64 / (columns as f64 * pitch.1)).collect();
        let mut ring = Vec::with_capacity(weights.len());
        for (row, line) in weights.rows().into_iter().enumerate() {
            let y = signed_frequency(row, rows) / (rows as f64 * pitch.0);
            ring.extend(line.iter().zip(&across).map(|(weight, x)| {
                let k = (x * x + y * y).sqrt();
                let band = (k / step + 0.5) as usize;
                let ring = (*weight > 0.0 && band >= first && k <= highest).then(|| group[band - first])?;
                sums[ring] += weight;
                frequency[ring] += weight * k;
                Some(ring as u32)
            }));
        }
        let weights = weights.iter().copied().collect();
        frequency.iter_mut().zip(&sums).for_each(|(k, sum)| *k /= sum);
        let independent = grid.effective_pixels() / (rows * columns) as f64;
        Self { ring, weights, frequency, sums, independent, view: View::default(), step }
    }

    /// The same for a structure that was seen like this.
    #[must_use]
    pub fn seen(self, view: View) -> Self {
        Self { view, ..self }
    }

    /// Means over the rings; rings without an entry are left out.
    pub fn average(&self, periodogram: &Array2<f64>) -> RingSpectrum {
        let mut means = vec![0.0; self.sums.len()];
        for ((ring, weight), value) in self.ring.iter().zip(&self.weights).zip(periodogram) {
            if let Some(ring) = ring {
                means[*ring as usize] += weight * value;
            }
        }
        let used: Vec<usize> = (0..self.sums.len()).filter(|ring| self.sums[*ring] > 0.0).collect();
        RingSpectrum {
            frequency: used.iter().map(|ring| self.frequency[*ring]).collect(),
            power: used.iter().map(|ring| means[*ring] / self.sums[*ring]).collect(),
            modes: used.iter().map(|ring| self.sums[*ring] * self.independent).collect(),
            view: self.view,
        }
    }
}

impl RingSpectrum {
    /// Without the rings whose power is below `share` of the largest: the rounding errors of a simulation without noise would
    /// decide a fit of logarithms.
    #[must_use]
    pub fn above(self, share: f64) -> Self {
        let largest = self.power.iter().copied().fold(0.0, f64::max);
        let kept: Vec<usize> = (0..self.power.len()).filter(|i| self.power[*i] > share * largest).collect();
        let take = |values: &[f64]| kept.iter().map(|i| values[*i]).collect();
        Self { frequency: take(&self.frequency), power: take(&self.power), modes: take(&self.modes), view: self.view }
    }

    /// Power of the ring with this mean frequency; NaN where there is none.
    pub fn at(&self, frequency: f64) -> f64 {
        self.frequency.iter().position(|k| *k == frequency).map_or(f64::NAN, |ring| self.power[ring])
    }

    /// Independent modes of all rings.
    pub fn n_modes(&self) -> f64 {
        self.modes.iter().sum()
    }
}
