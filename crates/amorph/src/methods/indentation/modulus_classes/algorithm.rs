//! Classes of a modulus map.

use ndarray::Array2;

use crate::core::image::pair_statistics;
use crate::core::stats::{Mixture, MixtureFit, Resampling, resample};

/// Correlation of neighbours below which a map is white noise.
const UNCORRELATED: f64 = 0.1;

/// Distance at which the correlation of a field falls below 1/e, with white noise of the pixels taken off by the first lag.
pub fn correlation_length(values: &Array2<f64>, pitch: (f64, f64)) -> Option<f64> {
    let reach = 0.5 * (values.nrows() as f64 * pitch.0).min(values.ncols() as f64 * pitch.1);
    let statistics = pair_statistics(&values.view(), None, pitch, Some(reach)).ok()?;
    let lags = statistics.radial(pitch.0.min(pitch.1));
    let finite: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    let variance = crate::core::stats::Moments::of(&finite).ok()?.std_dev.powi(2);
    let correlation = |structure: f64| 1.0 - 0.5 * structure / variance;
    // Extrapolated to no distance: what is missing to one is noise from pixel to pixel.
    let (first, second) = (correlation(lags.first()?.structure), correlation(lags.get(1)?.structure));
    let at_zero = (2.0 * first - second).clamp(first.min(1.0), 1.0);
    if at_zero < UNCORRELATED {
        return Some(pitch.0.min(pitch.1));
    }
    let level = at_zero / std::f64::consts::E;
    let crossing =
        lags.windows(2).find(|pair| correlation(pair[0].structure) > level && correlation(pair[1].structure) <= level);
    match crossing {
        Some([a, b]) => {
            let (ca, cb) = (correlation(a.structure), correlation(b.structure));
            Some(a.distance + (b.distance - a.distance) * (ca - level) / (ca - cb))
        }
        _ if first <= level => Some(pitch.0.min(pitch.1)),
        _ => None,
    }
}

/// Standard errors of weight, mean and sd of every component from maps made of tiles of the map.
pub fn block_errors(
    values: &Array2<f64>,
    mixture: &Mixture,
    fit: &MixtureFit,
    tile: (usize, usize),
    replicates: usize,
    seed: u64,
) -> Option<Vec<[f64; 3]>> {
    let flat: Vec<f64> = values.iter().copied().collect();
    let scheme = Resampling::Tiles { shape: values.dim(), tile };
    let quick = MixtureFit { iterations: 200, tolerance: 1e-6, ..*fit };
    let refitted = resample(scheme, replicates, seed, |indices| {
        let drawn: Vec<f64> = indices.iter().map(|i| flat[*i]).filter(|value| value.is_finite()).collect();
        quick.refit(&drawn, mixture).ok()
    })
    .ok()?;
    let refitted: Vec<Mixture> = refitted.into_iter().flatten().collect();
    let n = refitted.len() as f64;
    if n < 0.9 * replicates as f64 {
        return None;
    }
    let spread = |of: &dyn Fn(&Mixture) -> f64| {
        let mean = refitted.iter().map(of).sum::<f64>() / n;
        (refitted.iter().map(|mixture| (of(mixture) - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
    };
    let errors = (0..mixture.components.len()).map(|i| {
        [
            spread(&|mixture| mixture.components[i].weight),
            spread(&|mixture| mixture.components[i].mean),
            spread(&|mixture| mixture.components[i].sd),
        ]
    });
    Some(errors.collect())
}
