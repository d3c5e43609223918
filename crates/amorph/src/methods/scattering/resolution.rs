//! Volumes brought to one resolution, so that they can be compared.

use rayon::prelude::*;

/// Full width at half maximum of a Gaussian over its standard deviation, 2 √(2 ln 2).
const FULL_WIDTH: f64 = 2.354_820_045_030_949;
/// Standard deviations up to which the Gaussian is summed.
const REACH: f64 = 4.0;

/// Standard deviation of the Gaussian that brings one resolution (full width at half maximum) to a coarser one.
pub fn kernel(own: f64, common: f64) -> f64 {
    (common * common - own * own).max(0.0).sqrt() / FULL_WIDTH
}

/// Smooths the grey values of an object by a Gaussian (standard deviation in voxels), x fastest: the weighted mean of the voxels of the object. Voxels outside
/// keep their value and count for none inside.
pub fn smooth(shape: [usize; 3], values: &mut [f32], object: &[bool], sd: f64) {
    if sd <= 0.0 {
        return;
    }
    let reach = (REACH * sd).ceil() as usize;
    let weights: Vec<f32> = (0..=reach).map(|k| (-0.5 * (k as f64 / sd).powi(2)).exp() as f32).collect();
    let mut sums: Vec<[f32; 2]> =
        values.iter().zip(object).map(|(value, inside)| if *inside { [*value, 1.0] } else { [0.0; 2] }).collect();
    let [_, rows, columns] = shape;
    let line = |line: &mut [[f32; 2]]| convolve(line, &weights);
    sums.par_chunks_mut(columns).for_each(line);
    sums.par_chunks_mut(rows * columns).for_each(|layer| across(layer, columns, &weights));
    across(&mut sums, rows * columns, &weights);
    for ((value, sum), _) in values.iter_mut().zip(&sums).zip(object).filter(|(_, inside)| **inside) {
        *value = sum[0] / sum[1];
    }
}

/// Along the slow axis of a block whose lines are `stride` apart.
fn across(block: &mut [[f32; 2]], stride: usize, weights: &[f32]) {
    let n = block.len() / stride;
    let mut line = vec![[0.0; 2]; n];
    for first in 0..stride {
        line.iter_mut().zip(block[first..].iter().step_by(stride)).for_each(|(to, from)| *to = *from);
        convolve(&mut line, weights);
        block[first..].iter_mut().step_by(stride).zip(&line).for_each(|(to, from)| *to = *from);
    }
}

fn convolve(line: &mut [[f32; 2]], weights: &[f32]) {
    let from = line.to_vec();
    for (i, to) in line.iter_mut().enumerate() {
        let mut sum = from[i].map(|value| value * weights[0]);
        for (k, weight) in weights.iter().enumerate().skip(1) {
            for other in [i.checked_sub(k), Some(i + k)].into_iter().flatten().filter_map(|at| from.get(at)) {
                sum = [sum[0] + weight * other[0], sum[1] + weight * other[1]];
            }
        }
        *to = sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One voxel becomes a Gaussian: sum one, variance along every axis, and sum of squares 1/(2 √π s)³, by which white noise falls.
    #[test]
    fn one_voxel_becomes_a_gaussian() {
        let n = 41;
        for sd in [1.2, 2.0] {
            let mut values = vec![0.0; n * n * n];
            values[(20 * n + 20) * n + 20] = 1.0;
            smooth([n; 3], &mut values, &vec![true; n * n * n], sd);
            let total: f64 = values.iter().map(|value| f64::from(*value)).sum();
            assert!((total - 1.0).abs() < 1e-3, "{total}");
            let squares: f64 = values.iter().map(|value| f64::from(*value).powi(2)).sum();
            let expected = (2.0 * std::f64::consts::PI.sqrt() * sd).powi(-3);
            assert!((squares / expected - 1.0).abs() < 0.01, "{sd}: {squares} {expected}");
            for stride in [1, n, n * n] {
                let along = |(i, value): (usize, &f32)| f64::from(*value) * ((i / stride % n) as f64 - 20.0).powi(2);
                let variance: f64 = values.iter().enumerate().map(along).sum();
                assert!((variance / (sd * sd) - 1.0).abs() < 0.01, "{sd}: {variance}");
            }
        }
    }

    #[test]
    fn what_lies_outside_the_object_is_not_mixed_in() {
        let shape = [9, 10, 11];
        let object: Vec<bool> = (0..990).map(|i| i / 110 > 3 && i % 11 < 8).collect();
        let mut values: Vec<f32> = object.iter().map(|inside| if *inside { 5.0 } else { -100.0 }).collect();
        let before = values.clone();
        smooth(shape, &mut values, &object, 1.5);
        assert!(values.iter().zip(&before).all(|(a, b)| (a - b).abs() < 1e-5));
        let mut same = before.clone();
        smooth(shape, &mut same, &object, 0.0);
        assert_eq!(same, before);
    }

    #[test]
    fn resolutions_add_as_squares() {
        assert!((FULL_WIDTH * kernel(30.0, 50.0) - 40.0).abs() < 1e-9);
        assert_eq!(kernel(50.0, 30.0), 0.0);
    }
}
