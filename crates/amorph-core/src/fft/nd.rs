//! Complex transforms of arrays of any dimension.

use ndarray::{ArrayViewMutD, Axis};
use rustfft::{FftDirection, FftPlanner};

use super::Complex64;

/// Transforms every axis of `values` in place; no factor.
pub fn forward_nd(values: ArrayViewMutD<'_, Complex64>) {
    transform(values, FftDirection::Forward);
}

/// Transforms every axis of `values` back in place and divides by the number of points.
pub fn inverse_nd(mut values: ArrayViewMutD<'_, Complex64>) {
    let factor = 1.0 / values.len().max(1) as f64;
    transform(values.view_mut(), FftDirection::Inverse);
    values.mapv_inplace(|value| value * factor);
}

fn transform(mut values: ArrayViewMutD<'_, Complex64>, direction: FftDirection) {
    let mut planner = FftPlanner::new();
    for axis in 0..values.ndim() {
        let length = values.len_of(Axis(axis));
        if length < 2 || values.is_empty() {
            continue;
        }
        let fft = planner.plan_fft(length, direction);
        let scratch_length = fft.get_inplace_scratch_len();
        ndarray::Zip::from(values.lanes_mut(Axis(axis))).par_for_each(|mut lane| {
            let mut line = lane.to_vec();
            fft.process_with_scratch(&mut line, &mut vec![Complex64::default(); scratch_length]);
            lane.iter_mut().zip(line).for_each(|(to, from)| *to = from);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fft::RealFft2;
    use crate::random::standard_normals;
    use ndarray::{Array2, ArrayD, IxDyn};

    #[test]
    fn a_plane_wave_has_one_line() {
        let shape = [4, 6, 5];
        let k = [1.0, 4.0, 2.0];
        let mut values = ArrayD::from_shape_fn(IxDyn(&shape), |x| {
            let turns: f64 = (0..3).map(|a| k[a] * x[a] as f64 / shape[a] as f64).sum();
            Complex64::from_polar(1.0, std::f64::consts::TAU * turns)
        });
        let wave = values.clone();
        forward_nd(values.view_mut());
        for (index, value) in values.indexed_iter() {
            let expected = if index == IxDyn(&[1, 4, 2]) { 120.0 } else { 0.0 };
            assert!((value - expected).norm() < 1e-11, "{index:?} {value}");
        }
        inverse_nd(values.view_mut());
        assert!((&values - &wave).iter().all(|difference| difference.norm() < 1e-13));
    }

    #[test]
    fn two_dimensions_agree_with_the_real_transform() {
        let map = Array2::from_shape_vec((6, 10), standard_normals(1, 60)).unwrap();
        let half = RealFft2::new(6, 10).forward(&map.view());
        let mut full = map.mapv(|v| Complex64::new(v, 0.0)).into_dyn();
        forward_nd(full.view_mut());
        for ((ky, kx), value) in half.indexed_iter() {
            assert!((full[[ky, kx]] - value).norm() < 1e-12);
        }
    }
}
