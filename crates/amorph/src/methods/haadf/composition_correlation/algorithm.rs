//! Correlation of maps whose pixels are not independent, and the density behind a contrast.

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use crate::core::ctx::{Cancelled, Ctx};
use crate::core::random::{derive_seed, phase_randomised};
use crate::core::stats::NORMAL_95;
use crate::core::whittle::SpectralGrid;
use crate::methods::haadf::characteristic_length::rings::Rings;

/// Pearson's coefficient over the pixels where both maps are finite.
pub fn pearson(a: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>) -> f64 {
    let pairs = || a.iter().zip(b).filter(|(x, y)| x.is_finite() && y.is_finite());
    let n = pairs().count().max(1) as f64;
    let (sx, sy) = pairs().fold((0.0, 0.0), |(sx, sy), (x, y)| (sx + x, sy + y));
    let (mx, my) = (sx / n, sy / n);
    let (xx, yy, xy) = pairs().fold((0.0, 0.0, 0.0), |(xx, yy, xy), (x, y)| {
        let (dx, dy) = (x - mx, y - my);
        (xx + dx * dx, yy + dy * dy, xy + dx * dy)
    });
    xy / (xx * yy).sqrt()
}

/// Ranks of the finite values, NaN elsewhere; equal values share their mean rank.
pub fn ranks(map: &ArrayView2<'_, f64>) -> Array2<f64> {
    let mut order: Vec<(usize, f64)> = map.iter().copied().enumerate().filter(|(_, v)| v.is_finite()).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut ranks = vec![f64::NAN; map.len()];
    let mut first = 0;
    while first < order.len() {
        let end = first + order[first..].iter().take_while(|(_, v)| *v == order[first].1).count();
        for (index, _) in &order[first..end] {
            ranks[*index] = 0.5 * (first + end - 1) as f64;
        }
        first = end;
    }
    Array2::from_shape_vec(map.dim(), ranks).unwrap_or_default()
}

/// Correlation of `a` and `b` with the linear effect of `c` taken from both.
pub fn partial(ab: f64, ac: f64, bc: f64) -> f64 {
    (ab - ac * bc) / ((1.0 - ac * ac) * (1.0 - bc * bc)).sqrt()
}

/// What chance makes of a correlation.
#[derive(Debug, Clone, PartialEq)]
pub struct Chance {
    /// Probability of a coefficient as large, of either sign.
    pub p: f64,
    /// Number of independent pairs that would scatter as much.
    pub n_effective: f64,
    /// Coefficients of the surrogates.
    pub coefficients: Vec<f64>,
}

/// Correlates `b` with `n` maps that have the spectrum of `a` and random phases; pixels of `pitch`.
///
/// # Errors
/// When stopped.
pub fn chance(
    a: &ArrayView2<'_, f64>,
    b: &ArrayView2<'_, f64>,
    pitch: (f64, f64),
    n: usize,
    ctx: &Ctx,
) -> Result<Chance, Cancelled> {
    let used = || a.iter().copied().filter(|v| v.is_finite());
    let mean = used().sum::<f64>() / used().count().max(1) as f64;
    let filled = a.mapv(|v| if v.is_finite() { v } else { mean });
    let one = |index: usize| {
        ctx.check_cancelled()?;
        let seed = derive_seed(ctx.seed, &["haadf_correlation".into(), index.into()]);
        Ok(pearson(&phase_randomised(&filled.view(), seed).view(), b))
    };
    let coefficients: Vec<f64> = (0..n).into_par_iter().map(one).collect::<Result<_, Cancelled>>()?;
    let found = pearson(a, b).abs();
    let at_least = coefficients.iter().filter(|r| r.abs() >= found).count();
    let p = (at_least + 1) as f64 / (n + 1) as f64;
    Ok(Chance { p, n_effective: effective_pairs(a, b, pitch).unwrap_or(0.0), coefficients })
}

/// Independent pairs in two maps, `2 (sum n P)(sum n Q) / sum n P Q` over rings of n modes of mean power P and Q; the number of pixels for
/// white noise. Means over rings do not know whether the maps are correlated, single modes do.
fn effective_pairs(a: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>, pitch: (f64, f64)) -> Option<f64> {
    let valid = ndarray::Zip::from(a).and(b).map_collect(|x, y| x.is_finite() && y.is_finite());
    let grid = SpectralGrid::new(&valid.view(), pitch, 0.0, 0)?;
    let rings = Rings::new(&grid, 0.0);
    let (p, q) = (rings.average(&grid.periodogram(a)), rings.average(&grid.periodogram(b)));
    let sum = |of: &dyn Fn(usize) -> f64| (0..p.modes.len()).map(|ring| p.modes[ring] * of(ring)).sum::<f64>();
    let product = sum(&|ring| p.power[ring]) * sum(&|ring| q.power[ring]);
    Some(2.0 * product / sum(&|ring| p.power[ring] * q.power[ring]))
}

/// 95 % interval of a correlation of `n` independent pairs, by Fisher's transformation; `None` below five.
pub fn fisher_interval(r: f64, n: f64) -> Option<(f64, f64)> {
    let half = (n > 5.0).then(|| NORMAL_95 / (n - 3.0).sqrt())?;
    Some(((r.atanh() - half).tanh(), (r.atanh() + half).tanh()))
}

/// Atomic fraction of A from counts in the edges of A and B, their ratio of cross sections set by the mean fraction of the field.
pub fn fractions(a: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>, mean_fraction: f64) -> Array2<f64> {
    let sum = |map: &ArrayView2<'_, f64>, other: &ArrayView2<'_, f64>| {
        map.iter().zip(other).filter(|(x, y)| x.is_finite() && y.is_finite()).map(|(x, _)| x).sum::<f64>()
    };
    // (I_B/I_A)_mean c_A/c_B turns a ratio of counts into a ratio of atoms.
    let k = sum(b, a) / sum(a, b) * mean_fraction / (1.0 - mean_fraction);
    ndarray::Zip::from(a).and(b).map_collect(|a, b| {
        let (atoms, all) = (k * a, k * a + b);
        if all > 0.0 { atoms / all } else { f64::NAN }
    })
}

/// Mean of `Z^g` at the atomic fraction `c` of A.
pub fn mean_contrast(c: f64, [z_a, z_b]: [f64; 2], exponent: f64) -> f64 {
    c * z_a.powf(exponent) + (1.0 - c) * z_b.powf(exponent)
}

/// Composition and intensity as far as the density needs them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast {
    /// Mean atomic fraction of A.
    pub fraction: f64,
    /// Standard deviation of the fraction in the structure, noise taken out.
    pub fraction_sd: f64,
    /// Standard deviation of the intensity over its mean above the dark level, noise taken out.
    pub intensity_sd: f64,
}

impl Contrast {
    /// Ratio of the number of atoms per volume where A is one standard deviation above its mean to that where it is one below, for a
    /// correlation `r` of the structures: `n1/n2 = (I1/I2) <Z^g>_2 / <Z^g>_1`, equal thickness.
    pub fn density_ratio(&self, r: f64, numbers: [f64; 2], exponent: f64) -> f64 {
        let (high, low) = (self.fraction + self.fraction_sd, self.fraction - self.fraction_sd);
        let intensities = (1.0 + r * self.intensity_sd) / (1.0 - r * self.intensity_sd);
        intensities * mean_contrast(low, numbers, exponent) / mean_contrast(high, numbers, exponent)
    }
}
