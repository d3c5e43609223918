//! The two-point correlation of a set in an object of any shape, lengths from it, and what random sets and Gaussian fields have.

use std::f64::consts::PI;

use ndarray::{ArrayD, IxDyn};

use crate::core::fft::{Complex64, forward_nd, good_size, inverse_nd};

/// Correlation of a set, or of grey values, at every distance, in voxels.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    /// Mean distance of the pairs; the first is 0.
    pub distance: Vec<f64>,
    /// Mean product of both ends of the pairs in the object; of a set `S₂`, the probability that both lie in it.
    pub both: Vec<f64>,
    /// Covariance over variance; of a set `C = (S₂ - φ²)/(φ - φ²)`.
    pub normalised: Vec<f64>,
    /// The same along z, y and x alone, at whole distances.
    pub along: [Vec<f64>; 3],
    /// Mean voxels of the set in a sphere around one of them, spheres that reach to the same distances.
    pub mass: Vec<f64>,
}

/// Shape of the transform: room for pairs up to `reach` without meeting the other side.
pub fn padded(shape: [usize; 3], reach: usize) -> [usize; 3] {
    shape.map(|n| good_size(n + reach))
}

/// Pairs up to `reach` voxels apart, with both ends in the object: edges and surroundings do not count. `value` is 1 in a set and 0
/// outside, or the grey value; x fastest.
pub fn correlation(shape: [usize; 3], value: &dyn Fn(usize) -> f64, object: &[bool], reach: usize) -> Correlation {
    let inside = || (0..object.len()).filter(|i| object[*i]).map(value);
    let n = inside().count() as f64;
    let mean = inside().sum::<f64>() / n;
    let variance = inside().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    let large = padded(shape, reach);
    let overlaps = overlaps(shape, large, &|i| value(i) - mean, object);
    let at = |[z, y, x]: [isize; 3]| {
        let index: [usize; 3] = std::array::from_fn(|axis| [z, y, x][axis].rem_euclid(large[axis] as isize) as usize);
        overlaps[(index[0] * large[1] + index[1]) * large[2] + index[2]]
    };
    let far = reach as isize;
    let mut bins = vec![[0.0; 4]; reach + 1];
    for z in -far..=far {
        for y in -far..=far {
            for x in -far..=far {
                let distance = ((z * z + y * y + x * x) as f64).sqrt();
                let bin = distance.round() as usize;
                let pair = at([z, y, x]);
                if bin <= reach && pair.im > 0.5 {
                    let sums = [pair.re, pair.im, pair.im * distance, 1.0];
                    bins[bin].iter_mut().zip(sums).for_each(|(bin, sum)| *bin += sum);
                }
            }
        }
    }
    let covariance: Vec<f64> = bins.iter().map(|bin| bin[0] / bin[1]).collect();
    let both: Vec<f64> = covariance.iter().map(|covariance| covariance + mean * mean).collect();
    let mut within = 0.0;
    let mass = bins.iter().zip(&both).map(|(bin, both)| {
        within += bin[3] * both / mean;
        within
    });
    let along = |axis: usize| {
        let lag = |r: isize| {
            let mut lag = [0; 3];
            lag[axis] = r;
            let pair = at(lag);
            if pair.im > 0.5 { pair.re / pair.im / variance } else { f64::NAN }
        };
        (0..=far).map(lag).collect()
    };
    Correlation {
        mass: mass.collect(),
        distance: bins.iter().map(|bin| bin[2] / bin[1]).collect(),
        normalised: covariance.iter().map(|covariance| covariance / variance).collect(),
        both,
        along: std::array::from_fn(along),
    }
}

/// For every displacement, the sum of products of the values less their mean (real) and the pairs in the object (imaginary). One
/// complex transform holds both.
fn overlaps(shape: [usize; 3], large: [usize; 3], value: &dyn Fn(usize) -> f64, object: &[bool]) -> Vec<Complex64> {
    let mut waves = ArrayD::<Complex64>::zeros(IxDyn(&large));
    for (i, _) in object.iter().enumerate().filter(|(_, object)| **object) {
        let at = [i / (shape[1] * shape[2]), i / shape[2] % shape[1], i % shape[2]];
        waves[IxDyn(&at)] = Complex64::new(value(i), 1.0);
    }
    forward_nd(waves.view_mut());
    let (mut values, _) = std::mem::take(&mut waves).into_raw_vec_and_offset();
    let mirrored = |i: usize| {
        let at = [i / (large[1] * large[2]), i / large[2] % large[1], i % large[2]];
        let back: [usize; 3] = std::array::from_fn(|axis| (large[axis] - at[axis]) % large[axis]);
        (back[0] * large[1] + back[1]) * large[2] + back[2]
    };
    for i in 0..values.len() {
        let j = mirrored(i);
        if j >= i {
            let (here, there) = (values[i], values[j].conj());
            let powers = Complex64::new(0.25 * (here + there).norm_sqr(), 0.25 * (here - there).norm_sqr());
            (values[i], values[j]) = (powers, powers);
        }
    }
    let mut waves = ArrayD::from_shape_vec(IxDyn(&large), values).unwrap_or_default();
    inverse_nd(waves.view_mut());
    waves.into_raw_vec_and_offset().0
}

/// Where a correlation first falls to 1/e, between neighbouring distances; `None` where it does not.
pub fn length(distance: &[f64], normalised: &[f64]) -> Option<f64> {
    let level = (-1.0f64).exp();
    let after = normalised.iter().position(|value| *value <= level)?;
    let (a, b) = (after.checked_sub(1)?, after);
    let share = (normalised[a] - level) / (normalised[a] - normalised[b]);
    Some(distance[a] + share * (distance[b] - distance[a]))
}

/// Share of curves that lie at least as far from the mean of all as the first does, at their farthest place in standard deviations:
/// exact where all are exchangeable. `curves` are compared from the second place on.
pub fn farthest_p(curves: &[&[f64]]) -> f64 {
    let n = curves.len() as f64;
    let places = curves.first().map_or(0, |curve| curve.len());
    let mut farthest = vec![0.0f64; curves.len()];
    for place in 1..places {
        let mean = curves.iter().map(|curve| curve[place]).sum::<f64>() / n;
        let sd = (curves.iter().map(|curve| (curve[place] - mean).powi(2)).sum::<f64>() / n).sqrt();
        if sd > 0.0 {
            farthest.iter_mut().zip(curves).for_each(|(far, curve)| *far = far.max((curve[place] - mean).abs() / sd));
        }
    }
    let own = farthest.first().copied().unwrap_or(f64::NAN);
    farthest.iter().filter(|far| **far >= own).count() as f64 / n
}

/// Correlation of the part above its level of a Gaussian field, where the field has the correlation `rho` and the part this share:
/// `∫ exp(-t²/(1 + sin θ)) dθ / 2π` from 0 to `asin ρ`, over `φ - φ²`, with `t` the level in standard deviations (Berk 1991).
pub fn of_gaussian_level(rho: f64, level: f64, fraction: f64) -> f64 {
    const INTERVALS: usize = 64;
    let step = rho.clamp(-1.0, 1.0).asin() / INTERVALS as f64;
    let integrand = |k: usize| (-level * level / (1.0 + (step * k as f64).sin())).exp();
    let weight = |k: usize| if k == 0 || k == INTERVALS { 1.0 } else { 2.0 + 2.0 * (k % 2) as f64 };
    let integral = (0..=INTERVALS).map(|k| weight(k) * integrand(k)).sum::<f64>() * step / 3.0;
    integral / (2.0 * PI * fraction * (1.0 - fraction))
}
