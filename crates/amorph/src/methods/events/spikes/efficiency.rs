//! Which share of spikes of a size is found: injected spikes, searched for like the others.

use rand::RngExt;

use super::algorithm::Searched;
use crate::core::fit::NelderMead;
use crate::core::random::{derive_seed, rng};
use crate::core::series::{Detector, Sign};
use crate::core::stats::normal_cdf;

/// Samples of noise into which spikes are injected at a time.
const STRETCH: usize = 1 << 15;
/// Range of injected sizes in units of the threshold.
const RANGE: [f64; 2] = [0.3, 30.0];

/// An injected spike and what became of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Injection {
    /// Place of the piece whose noise it was injected into, in the list given.
    pub piece: usize,
    /// Its size.
    pub size: f64,
    /// Its width, samples.
    pub width: usize,
    /// Its sign.
    pub sign: Sign,
    /// The size that was found; absent where it was missed.
    pub found: Option<f64>,
}

/// The share found: eps_max Φ((ln x - μ)/s).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Efficiency {
    /// Share of the largest that are found.
    pub most: f64,
    /// Logarithm of the size of which half of that share is found.
    pub mu: f64,
    /// Width in the logarithm.
    pub width: f64,
    /// Mean relative error of the sizes found, of sizes above the half point.
    pub bias: f64,
    /// Standard deviation of the size found around that.
    pub spread: f64,
}

impl Efficiency {
    /// Share of spikes of this size that are found.
    pub fn at(&self, size: f64) -> f64 {
        self.most * normal_cdf((size.ln() - self.mu) / self.width)
    }

    /// The size of which at least this share is found; absent where no size reaches it.
    pub fn size_at(&self, share: f64) -> Option<f64> {
        let z = crate::core::stats::normal_quantile(share / self.most).ok()?;
        Some((self.mu + self.width * z).exp())
    }
}

/// Injects about `n` spikes into noise like that of the pieces, in proportion to their lengths.
///
/// Sizes are even in the logarithm from 0.3 to 30 thresholds, durations drawn from `widths`.
pub fn inject(searched: &[&Searched], detector: &Detector, widths: &[usize], n: usize, seed: u64) -> Vec<Injection> {
    let exposure: usize = searched.iter().map(|piece| piece.detected.exposure).sum();
    let mut all = Vec::with_capacity(n);
    for (place, piece) in searched.iter().enumerate() {
        let wanted = (n * piece.detected.exposure).div_ceil(exposure.max(1));
        let mut round = 0u64;
        let first = all.len();
        while all.len() - first < wanted && round < 1000 {
            let seed = derive_seed(seed, &["injection".into(), place.into(), round.into()]);
            let injected = into_stretch(piece, detector, widths, wanted - (all.len() - first), seed);
            all.extend(injected.into_iter().map(|injection| Injection { piece: place, ..injection }));
            round += 1;
        }
    }
    all
}

fn into_stretch(piece: &Searched, detector: &Detector, widths: &[usize], n: usize, seed: u64) -> Vec<Injection> {
    let detected = &piece.detected;
    let mut rng = rng(derive_seed(seed, &["places".into()]));
    let middle = (piece.piece.end - piece.piece.first) / 2;
    let local = detected.scale.at(middle);
    let mut values = detected.noise.draw(STRETCH, derive_seed(seed, &["noise".into()]));
    values.iter_mut().for_each(|value| *value *= local);
    let one_sample = detector.bank.norms(&detected.noise.memory)[0];
    let unit = detected.thresholds[0].max(detected.thresholds[1]) * local / one_sample;
    // Far enough apart that none disturbs another or the drift.
    let apart = detector.window / 2;
    let places = (STRETCH - apart) / apart;
    let mut injected: Vec<(usize, Injection)> = (0..places.min(n))
        .map(|place| {
            let index = apart * (place + 1) + rng.random_range(0..apart / 4);
            let size = unit * RANGE[0] * (RANGE[1] / RANGE[0]).powf(rng.random());
            let width = widths.get(rng.random_range(0..widths.len().max(1))).copied().unwrap_or(1);
            let sign = if rng.random::<bool>() { Sign::Positive } else { Sign::Negative };
            (index, Injection { piece: 0, size, width, sign, found: None })
        })
        .collect();
    for (index, injection) in &injected {
        let end = (index + injection.width).min(values.len());
        values[*index..end].iter_mut().for_each(|value| *value += injection.sign.value() * injection.size);
    }
    let found = detector.detect_again(&values, detected);
    for (index, injection) in &mut injected {
        let near = |spike: &&crate::core::series::Spike| {
            spike.sign == injection.sign && spike.index.abs_diff(*index) <= detector.bank.apart()
        };
        injection.found = found.iter().filter(near).max_by(|a, b| a.z.total_cmp(&b.z)).map(|spike| spike.height);
    }
    injected.into_iter().map(|(_, injection)| injection).collect()
}

/// Maximum likelihood of the share found; `None` where nothing or everything was found.
pub fn fit(injections: &[Injection]) -> Option<Efficiency> {
    let found = injections.iter().filter(|injection| injection.found.is_some()).count();
    if found < 20 || found == injections.len() {
        return None;
    }
    let curve =
        |at: &[f64]| Efficiency { most: 1.0 / (1.0 + at[0].exp()), mu: at[1], width: at[2].exp(), bias: 0.0, spread: 0.0 };
    let objective = |at: &[f64]| {
        let curve = curve(at);
        let each = |injection: &Injection| {
            let share = curve.at(injection.size).clamp(1e-9, 1.0 - 1e-9);
            if injection.found.is_some() { share.ln() } else { (1.0 - share).ln() }
        };
        // Where everything large is found the share of the largest tends to one without end.
        -injections.iter().map(each).sum::<f64>() + 1e-3 * at[0] * at[0]
    };
    let mut sizes: Vec<f64> = injections.iter().filter(|one| one.found.is_some()).map(|one| one.size.ln()).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    let start = [-4.0, sizes[sizes.len() / 10], -1.5];
    let minimum = NelderMead::default().minimise(objective, &start, &[1.0, 0.2, 0.3]).ok()?;
    let curve = curve(&minimum.x);
    let half = curve.mu.exp();
    let errors: Vec<(f64, f64)> = injections
        .iter()
        .filter(|one| one.size > 2.0 * half)
        .filter_map(|one| Some((one.found? - one.size, one.size)))
        .collect();
    let n = errors.len().max(1) as f64;
    let bias = errors.iter().map(|(error, size)| error / size).sum::<f64>() / n;
    let spread = (errors.iter().map(|(error, size)| (error - bias * size).powi(2)).sum::<f64>() / n).sqrt();
    Some(Efficiency { bias, spread, ..curve })
}
