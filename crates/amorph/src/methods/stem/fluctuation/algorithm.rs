//! Normalised variances of the intensity in shells of equal k, from sums that frames add to.

use serde::{Deserialize, Serialize};

use crate::core::stats::student_t_quantile;

/// How intensities are averaged before they are compared (names after Daulton et al. 2010).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Definition {
    /// Variance over positions at every pixel, then the mean over the ring.
    Image,
    /// Variance over all pixels of the ring and all positions.
    RingEnsemble,
    /// Variance along the ring of every pattern, then the mean over positions.
    Ring,
    /// Variance over positions of the mean of the ring.
    Omega,
}

impl Definition {
    /// All, in the order of the results.
    pub const ALL: [Self; 4] = [Self::Image, Self::RingEnsemble, Self::Ring, Self::Omega];

    /// Key of its columns and estimates.
    pub fn key(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::RingEnsemble => "re",
            Self::Ring => "r",
            Self::Omega => "omega",
        }
    }
}

/// The pixels that are used: each with its shell, in the order of the detector.
#[derive(Debug, Clone, PartialEq)]
pub struct Shells {
    /// Pixel numbers.
    pub pixels: Vec<u32>,
    /// Shell of each, counted from [`Shells::first`].
    pub shell_of: Vec<u16>,
    /// Whole distance of the first shell from the beam, pixels.
    pub first: usize,
    /// Pixels of every shell.
    pub counts: Vec<f64>,
    /// Share of every shell that is seen.
    pub seen: Vec<f64>,
}

/// Fewest pixels of a shell.
const FEWEST: f64 = 12.0;

impl Shells {
    /// Shells of one pixel's width with whole distances `first..last`; `distance` and `usable` by pixel number.
    pub fn new(n: usize, distance: impl Fn(usize) -> f64, usable: impl Fn(usize) -> bool, first: usize, last: usize) -> Self {
        let n_shells = last.saturating_sub(first);
        let (mut counts, mut all) = (vec![0.0; n_shells], vec![0.0; n_shells]);
        let mut found: Vec<(u32, u16)> = Vec::new();
        for i in 0..n {
            let shell = distance(i).round() as usize;
            if shell < first || shell >= last {
                continue;
            }
            all[shell - first] += 1.0;
            if usable(i) {
                counts[shell - first] += 1.0;
                found.push((i as u32, (shell - first) as u16));
            }
        }
        found.retain(|(_, shell)| counts[usize::from(*shell)] >= FEWEST);
        let (pixels, shell_of) = found.into_iter().unzip();
        let whole = |k: usize| std::f64::consts::TAU * (first + k) as f64;
        let seen = (0..n_shells).map(|k| if counts[k] >= FEWEST { (counts[k] / whole(k)).min(1.0) } else { 0.0 }).collect();
        counts.iter_mut().for_each(|count| *count = if *count >= FEWEST { *count } else { 0.0 });
        Self { pixels, shell_of, first, counts, seen }
    }
}

/// What some patterns add up to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Sums {
    /// Patterns.
    pub n: f64,
    /// By shell: means of the ring, their squares, means of squares, relative variances along the ring, one over the mean, and
    /// patterns in which the ring is brighter than nothing.
    pub shells: Vec<[f64; 6]>,
    /// By used pixel: counts and their squares.
    pub pixels: Vec<[f64; 2]>,
    /// Mean over all used pixels, and its square.
    pub totals: [f64; 2],
}

impl Sums {
    /// Nothing yet.
    pub fn new(shells: &Shells) -> Self {
        Self {
            n: 0.0,
            shells: vec![[0.0; 6]; shells.counts.len()],
            pixels: vec![[0.0; 2]; shells.pixels.len()],
            totals: [0.0; 2],
        }
    }

    /// Adds a pattern: the values of the used pixels.
    pub fn add(&mut self, shells: &Shells, values: &[f64]) {
        let mut rings = vec![[0.0f64; 2]; shells.counts.len()];
        for ((value, shell), sums) in values.iter().zip(&shells.shell_of).zip(&mut self.pixels) {
            let square = value * value;
            let ring = &mut rings[usize::from(*shell)];
            ring[0] += value;
            ring[1] += square;
            sums[0] += value;
            sums[1] += square;
        }
        self.n += 1.0;
        let total = rings.iter().map(|ring| ring[0]).sum::<f64>() / values.len().max(1) as f64;
        self.totals[0] += total;
        self.totals[1] += total * total;
        for ((ring, count), sums) in rings.iter().zip(&shells.counts).zip(&mut self.shells) {
            if *count == 0.0 {
                continue;
            }
            let (mean, square) = (ring[0] / count, ring[1] / count);
            sums[0] += mean;
            sums[1] += mean * mean;
            sums[2] += square;
            if mean > 0.0 {
                sums[3] += square / (mean * mean) - 1.0;
                sums[4] += 1.0 / mean;
                sums[5] += 1.0;
            }
        }
    }

    /// Adds other patterns.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        for (a, b) in self.shells.iter_mut().zip(&other.shells) {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        }
        for (a, b) in self.pixels.iter_mut().zip(&other.pixels) {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        }
        self.totals.iter_mut().zip(other.totals).for_each(|(a, b)| *a += b);
    }

    /// Relative variance of the mean over all used pixels: thickness and dose.
    pub fn brightness_variance(&self) -> f64 {
        self.n * self.totals[1] / (self.totals[0] * self.totals[0]) - 1.0
    }
}

/// Variances of some patterns, by shell; NaN where nothing is seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Variances {
    /// With shot noise, in the order of [`Definition::ALL`].
    pub raw: [Vec<f64>; 4],
    /// What shot noise of one count per electron adds: to be multiplied with the counts per electron.
    pub shot: [Vec<f64>; 4],
    /// Mean counts of a pixel.
    pub mean: Vec<f64>,
}

impl Variances {
    /// From sums.
    pub fn of(sums: &Sums, shells: &Shells) -> Self {
        let n_shells = shells.counts.len();
        let mut raw: [Vec<f64>; 4] = std::array::from_fn(|_| vec![f64::NAN; n_shells]);
        let mut shot = raw.clone();
        let mut mean = vec![f64::NAN; n_shells];
        let mut image = vec![[0.0f64; 3]; n_shells];
        for ([first, second], shell) in sums.pixels.iter().zip(&shells.shell_of) {
            if *first > 0.0 {
                let image = &mut image[usize::from(*shell)];
                image[0] += sums.n * second / (first * first) - 1.0;
                image[1] += sums.n / first;
                image[2] += 1.0;
            }
        }
        for (k, count) in shells.counts.iter().enumerate() {
            let [ring, ring_square, square, relative, inverse, lit] = sums.shells[k];
            if *count == 0.0 || ring <= 0.0 || lit == 0.0 || image[k][2] == 0.0 {
                continue;
            }
            mean[k] = ring / sums.n;
            let over_mean = sums.n / ring;
            raw[0][k] = image[k][0] / image[k][2];
            shot[0][k] = image[k][1] / image[k][2];
            raw[1][k] = sums.n * square / (ring * ring) - 1.0;
            shot[1][k] = over_mean;
            raw[2][k] = relative / lit;
            shot[2][k] = inverse / lit;
            raw[3][k] = sums.n * ring_square / (ring * ring) - 1.0;
            shot[3][k] = over_mean / count;
        }
        Self { raw, shot, mean }
    }
}

/// A number with its standard error and 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jackknifed {
    /// The number.
    pub value: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Its interval.
    pub interval: (f64, f64),
}

/// From the value of all blocks and the values without each of them, all with `shot` in them, which is subtracted.
///
/// A variance about the mean of the same patterns is too small by about one over their number, more where patterns overlap: the
/// jackknife takes that off. The interval is that of the logarithm, whose distribution is closer to a normal one, with Student's t
/// over the blocks.
pub fn jackknifed(whole: f64, without: &[f64], shot: f64) -> Option<Jackknifed> {
    let n = without.len() as f64;
    if without.len() < 4 || whole <= 0.0 || without.iter().any(|value| value.is_nan() || *value <= 0.0) {
        return None;
    }
    let value = n * whole - (n - 1.0) * without.iter().sum::<f64>() / n;
    if value <= 0.0 {
        return None;
    }
    let logarithms: Vec<f64> = without.iter().map(|value| value.ln()).collect();
    let mean = logarithms.iter().sum::<f64>() / n;
    let square = logarithms.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    let std_error = ((n - 1.0) / n * square).sqrt();
    let reach = student_t_quantile(0.975, n - 1.0).ok()? * std_error;
    let interval = (value * (-reach).exp() - shot, value * reach.exp() - shot);
    Some(Jackknifed { value: value - shot, std_error: value * std_error, interval })
}
