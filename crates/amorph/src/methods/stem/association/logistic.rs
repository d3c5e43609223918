//! Order over brightness without a threshold, and how many independent positions a map of order has.

use super::algorithm::Region;
use crate::core::stats::student_t_quantile;

/// Steps of Newton's method.
const STEPS: usize = 60;
/// A slope beyond this separates ordered from other positions.
const SEPARATED: f64 = 15.0;

/// `ln odds = α of the region + β · brightness`, the brightness in standard deviations of its region.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// Slope per standard deviation.
    pub slope: f64,
    /// Its standard error if positions were independent.
    pub naive_error: f64,
    /// Variance of the slope over that of independent positions; at least 1.
    pub design_effect: f64,
    /// Positions as many as are independent of each other, less those that slope and levels take.
    pub independent: f64,
}

impl Logistic {
    /// The 95 % interval of the slope, by Student's t; `None` where neighbours leave hardly any independent positions.
    pub fn interval(&self) -> Option<(f64, f64)> {
        let half = student_t_quantile(0.975, self.independent).ok().filter(|_| self.independent >= 3.0)? * self.std_error();
        Some((self.slope - half, self.slope + half))
    }

    /// With what neighbours share.
    pub fn std_error(&self) -> f64 {
        self.naive_error * self.design_effect.sqrt()
    }
}

/// Positions of a region where both are known: place, brightness in standard deviations, order.
struct Known {
    shape: [usize; 2],
    positions: Vec<(usize, f64, bool)>,
}

impl Known {
    /// `None` where all positions are alike.
    fn of(region: &Region) -> Option<Self> {
        let known = region.ordered.iter().zip(&region.brightness).enumerate();
        let mut positions: Vec<(usize, f64, bool)> =
            known.filter_map(|(at, (ordered, x))| ordered.filter(|_| x.is_finite()).map(|ordered| (at, *x, ordered))).collect();
        let n = positions.len() as f64;
        let mean = positions.iter().map(|(_, x, _)| x).sum::<f64>() / n;
        let deviation = (positions.iter().map(|(_, x, _)| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        let n_ordered = positions.iter().filter(|(_, _, ordered)| *ordered).count();
        if deviation.is_nan() || deviation <= 0.0 || n_ordered == 0 || n_ordered == positions.len() {
            return None;
        }
        positions.iter_mut().for_each(|(_, x, _)| *x = (*x - mean) / deviation);
        Some(Self { shape: region.shape, positions })
    }

    /// Variance of the sum of residuals times brightness, from the correlation of neighbouring residuals, that of independent
    /// positions, and how many positions are as good as independent.
    fn score_variance(&self, level: f64, slope: f64) -> [f64; 3] {
        let mut brightness = vec![f64::NAN; self.shape[0] * self.shape[1]];
        let mut residuals = brightness.clone();
        for (at, x, ordered) in &self.positions {
            brightness[*at] = *x;
            residuals[*at] = f64::from(u8::from(*ordered)) - probability(level + slope * x);
        }
        let spread = self.positions.iter().map(|(_, x, _)| x * x).sum::<f64>();
        let shared = Shared::of(self.shape, &residuals);
        let alike = rings(self.shape, &brightness);
        let neighbours = shared.correlations.iter().zip(alike.iter().skip(1)).map(|(r, ring)| 2.0 * r * ring.products);
        let together = (spread + neighbours.sum::<f64>()).max(0.0);
        [shared.variance * together, shared.variance * spread, self.positions.len() as f64 / shared.per_independent]
    }
}

/// Pairs of positions at about one distance, every pair once.
#[derive(Debug, Clone, Copy, Default)]
struct Ring {
    pairs: f64,
    products: f64,
    /// Lags of this length, both of a pair, less for those that few positions have.
    lags: f64,
}

/// Pairs by their distance in steps, up to half the field; values that are NaN are left out.
fn rings([rows, columns]: [usize; 2], values: &[f64]) -> Vec<Ring> {
    // A correlation over half the field is not seen.
    let reach = (rows.max(columns) / 2).max(1);
    let mut rings = vec![Ring::default(); reach + 1];
    let along = reach.min(columns - 1) as isize;
    for dy in 0..=reach.min(rows - 1) {
        for dx in -along..=along {
            let distance = (dy as f64).hypot(dx as f64).round() as usize;
            if (dy == 0 && dx <= 0) || distance > reach {
                continue;
            }
            let ring = &mut rings[distance];
            let span = dx.unsigned_abs();
            let (from, to) = if dx < 0 { (span, 0) } else { (0, span) };
            for y in 0..rows - dy {
                let (first, second) = (y * columns + from, (y + dy) * columns + to);
                let pairs = values[first..].iter().zip(&values[second..]).take(columns - span);
                for product in pairs.map(|(a, b)| a * b).filter(|product| product.is_finite()) {
                    ring.products += product;
                    ring.pairs += 1.0;
                }
            }
            ring.lags += 2.0 * (1.0 - dy as f64 / rows as f64) * (1.0 - span as f64 / columns as f64);
        }
    }
    rings
}

/// What neighbours share, corrected for the mean being that of the same map.
struct Shared {
    variance: f64,
    /// At one step, at two and so on, up to the first distance at which there is none.
    correlations: Vec<f64>,
    /// Positions that stand for one independent one.
    per_independent: f64,
}

impl Shared {
    /// Of values whose mean is zero; NaN where one is not known.
    fn of(shape: [usize; 2], values: &[f64]) -> Self {
        let known = || values.iter().filter(|value| value.is_finite());
        let n = known().count() as f64;
        let variance = known().map(|value| value * value).sum::<f64>() / n;
        let rings = rings(shape, values);
        let seen = rings.iter().skip(1).map(|ring| (ring.products / ring.pairs / variance, ring.lags));
        let seen: Vec<(f64, f64)> = seen.take_while(|(correlation, _)| *correlation > 0.0).collect();
        let (sum, lags) = seen.iter().fold((1.0, 1.0), |(sum, lags), (r, weight)| (sum + weight * r, lags + weight));
        // Products about the mean of the same map are low by the variance of that mean.
        let per_independent = (sum / (1.0 - lags / n + sum / n).max(0.1)).clamp(1.0, 0.5 * n);
        let low = per_independent / n;
        let correlations = seen.into_iter().map(|(r, _)| r * (1.0 - low) + low).collect();
        Self { variance: variance / (1.0 - low), correlations, per_independent }
    }
}

fn probability(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

/// Maximum of the likelihood, with a level for every region; `None` where no region has both kinds of positions, and where brightness
/// separates them.
pub fn logistic(regions: &[Region]) -> Option<Logistic> {
    let regions: Vec<Known> = regions.iter().filter_map(Known::of).collect();
    if regions.is_empty() {
        return None;
    }
    let (mut slope, mut levels, mut curvature) = (0.0, vec![0.0; regions.len()], 0.0);
    for _ in 0..STEPS {
        // Per region: gradient along its level, and the three sums of weights.
        let mut parts = Vec::with_capacity(regions.len());
        let mut gradient = 0.0;
        curvature = 0.0;
        for (region, level) in regions.iter().zip(&levels) {
            let mut sums = [0.0f64; 5];
            for (_, x, ordered) in &region.positions {
                let p = probability(level + slope * x);
                let (residual, weight) = (f64::from(u8::from(*ordered)) - p, p * (1.0 - p));
                let add = [residual, residual * x, weight, weight * x, weight * x * x];
                sums.iter_mut().zip(add).for_each(|(sum, add)| *sum += add);
            }
            let [along_level, along_slope, w, wx, wxx] = sums;
            if w.is_nan() || w <= 1e-9 {
                return None;
            }
            gradient += along_slope - wx / w * along_level;
            curvature += wxx - wx * wx / w;
            parts.push((along_level, w, wx));
        }
        if curvature.is_nan() || curvature <= 1e-9 {
            return None;
        }
        let step = (gradient / curvature).clamp(-1.0, 1.0);
        slope += step;
        for (level, (along_level, w, wx)) in levels.iter_mut().zip(parts) {
            *level += ((along_level - wx * step) / w).clamp(-2.0, 2.0);
        }
        if slope.is_nan() || slope.abs() > SEPARATED {
            return None;
        }
        if step.abs() < 1e-10 {
            break;
        }
    }
    let [spatial, naive, positions] = regions.iter().zip(&levels).fold([0.0; 3], |sum, (region, level)| {
        let add = region.score_variance(*level, slope);
        std::array::from_fn(|i| sum[i] + add[i])
    });
    Some(Logistic {
        slope,
        naive_error: curvature.sqrt().recip(),
        design_effect: (spatial / naive).max(1.0),
        independent: positions - regions.len() as f64 - 1.0,
    })
}

/// Positions of a map of order that would scatter as much if they were independent: `n / Σ (1 - |h_y|/L_y)(1 - |h_x|/L_x) r(h)` over
/// lags up to the first distance at which the correlation `r` is not above zero, corrected for the mean being that of the same map.
/// `None` where all positions are alike.
pub fn effective_positions(region: &Region) -> Option<f64> {
    let known = || region.ordered.iter().flatten().map(|ordered| f64::from(u8::from(*ordered)));
    let n = known().count() as f64;
    let mean = known().sum::<f64>() / n;
    let value = |ordered: &Option<bool>| ordered.map_or(f64::NAN, |ordered| f64::from(u8::from(ordered)) - mean);
    let values: Vec<f64> = region.ordered.iter().map(value).collect();
    (mean > 0.0 && mean < 1.0).then(|| n / Shared::of(region.shape, &values).per_independent)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::core::random::{FieldModel, FieldSampler, derive_seed};
    use crate::core::stats::{Coverage, coverage, normal_cdf};

    /// Order whose odds are those of the law exactly, with grains in brightness and in what else decides.
    fn region(shape: [usize; 2], lengths: [f64; 2], law: [f64; 2], seed: u64) -> Region {
        let field = |length: f64, name: &'static str| -> Vec<f64> {
            let model = FieldModel::isotropic(1.0, length, 1.0);
            let sampler = FieldSampler::new(&model, (shape[0], shape[1]), (1.0, 1.0)).unwrap();
            sampler.sample(derive_seed(seed, &[name.into()])).iter().copied().collect()
        };
        let brightness = field(lengths[0], "brightness");
        let n = brightness.len() as f64;
        let mean = brightness.iter().sum::<f64>() / n;
        let deviation = (brightness.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        let order = field(lengths[1], "order");
        let is_ordered = |(x, z): (&f64, &f64)| {
            let share = probability(law[0] + law[1] * (x - mean) / deviation);
            Some(normal_cdf(*z) < share)
        };
        let ordered = brightness.iter().zip(&order).map(is_ordered).collect();
        Region { shape, ordered, brightness }
    }

    fn several(n: usize, shape: [usize; 2], lengths: [f64; 2], law: [f64; 2], seed: u64) -> Vec<Region> {
        (0..n).map(|i| region(shape, lengths, law, derive_seed(seed, &[i.into()]))).collect()
    }

    /// Regions, shape, lengths of brightness and order, level and slope.
    type Case = (usize, [usize; 2], [f64; 2], [f64; 2]);

    /// Cases for the coverage of the slope.
    const CASES: [Case; 5] = [
        (5, [10, 10], [2.0, 2.0], [0.4, 0.0]),
        (5, [10, 10], [2.0, 2.0], [0.4, 0.7]),
        (5, [10, 10], [1.0, 0.01], [0.0, 0.7]),
        (3, [20, 24], [2.0, 2.0], [-1.0, 0.5]),
        (1, [30, 30], [2.0, 3.0], [0.0, 0.3]),
    ];

    fn covered(case: usize, n: usize) -> Coverage {
        let (regions, shape, lengths, law) = CASES[case];
        coverage(n, 11 + case as u64, law[1], |seed| {
            logistic(&several(regions, shape, lengths, law, seed)).and_then(|found| found.interval())
        })
        .unwrap()
    }

    #[test]
    fn the_slope_is_that_of_the_law_and_its_interval_covers() {
        let found = logistic(&several(20, [20, 20], [2.0, 0.01], [0.3, 0.8], 3)).unwrap();
        assert!((found.slope - 0.8).abs() < 4.0 * found.std_error() && found.std_error() < 0.05, "{found:?}");
        assert!(found.design_effect < 1.2, "{found:?}");
        let grains = logistic(&several(20, [20, 20], [2.0, 2.0], [0.3, 0.8], 3)).unwrap();
        assert!(grains.design_effect > 2.0 && (grains.slope - 0.8).abs() < 4.0 * grains.std_error(), "{grains:?}");
        let quick = covered(1, 60);
        assert!(quick.covered >= 50, "{quick:?}");
    }

    #[test]
    #[ignore = "minutes"]
    fn the_slope_covers_in_full() {
        for (case, named) in CASES.iter().enumerate() {
            let found = covered(case, 2000);
            assert!(found.upper >= 0.93 && found.lower <= 0.97, "{named:?}: {found:?}");
        }
    }

    /// Units of the brightness, and calling order disorder, change nothing but the sign.
    #[test]
    fn the_slope_knows_no_units() {
        let regions = several(3, [9, 8], [2.0, 1.0], [0.2, 0.5], 5);
        let found = logistic(&regions).unwrap();
        let other: Vec<Region> = regions
            .iter()
            .map(|region| Region {
                brightness: region.brightness.iter().map(|x| 7.0 - 3.0 * x).collect(),
                ordered: region.ordered.iter().map(|ordered| ordered.map(|ordered| !ordered)).collect(),
                ..region.clone()
            })
            .collect();
        let again = logistic(&other).unwrap();
        assert!((found.slope - again.slope).abs() < 1e-8 && (found.naive_error - again.naive_error).abs() < 1e-8);
        assert!((found.design_effect - again.design_effect).abs() < 1e-8);
    }

    #[test]
    fn what_cannot_be_fitted_gives_none() {
        let separated = Region {
            shape: [4, 5],
            ordered: (0..20).map(|at| Some(at >= 10)).collect(),
            brightness: (0..20).map(f64::from).collect(),
        };
        assert!(logistic(std::slice::from_ref(&separated)).is_none());
        let alike = Region { ordered: vec![Some(true); 20], ..separated.clone() };
        assert!(logistic(std::slice::from_ref(&alike)).is_none() && effective_positions(&alike).is_none());
        let flat = Region { brightness: vec![1.0; 20], ..separated };
        assert!(logistic(&[flat]).is_none() && logistic(&[]).is_none());
    }

    /// The variance of the share of order among many maps, over what independent positions would have.
    fn scatter(shape: [usize; 2], length: f64, n: u64) -> (f64, f64) {
        let maps: Vec<Region> = (0..n).map(|seed| region(shape, [1.0, length], [0.4, 0.0], seed)).collect();
        let share = |region: &Region| region.ordered.iter().flatten().filter(|ordered| **ordered).count() as f64;
        let shares: Vec<f64> = maps.iter().map(|map| share(map) / map.ordered.len() as f64).collect();
        let mean = shares.iter().sum::<f64>() / n as f64;
        let variance = shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>() / (n as f64 - 1.0);
        let found: Vec<f64> = maps.iter().filter_map(effective_positions).collect();
        let harmonic = found.len() as f64 / found.iter().map(|n| 1.0 / n).sum::<f64>();
        (mean * (1.0 - mean) / variance, harmonic)
    }

    #[test]
    fn effective_positions_are_those_of_the_scatter() {
        for (shape, length) in [([20, 24], 0.01), ([20, 24], 1.5), ([20, 24], 2.5)] {
            let (truth, found) = scatter(shape, length, 300);
            // The variance of 300 shares is known within a tenth.
            assert!((found / truth).ln().abs() < 0.35, "{length}: {found} of {truth}");
        }
    }
}
