//! Fields without the structure of a volume, but with its spectrum.

use ndarray::{ArrayD, IxDyn};
use rand::RngExt;

use crate::core::fft::{Complex64, forward_nd, inverse_nd};
use crate::core::random::{derive_seed, rng, standard_normals};

/// Amplitudes of the waves of a volume, values outside the object replaced by the mean within.
pub fn amplitudes(shape: [usize; 3], values: &[f32], object: &[bool]) -> ArrayD<f32> {
    let n = object.iter().filter(|object| **object).count().max(1) as f64;
    let mean = values.iter().zip(object).filter(|(_, object)| **object).map(|(value, _)| f64::from(*value)).sum::<f64>() / n;
    let filled = |(value, object): (&f32, &bool)| if *object { f64::from(*value) - mean } else { 0.0 };
    let waves = values.iter().zip(object).map(|pair| Complex64::new(filled(pair), 0.0)).collect();
    let mut waves = ArrayD::from_shape_vec(IxDyn(&shape), waves).unwrap_or_default();
    forward_nd(waves.view_mut());
    waves.mapv(|wave| wave.norm() as f32)
}

/// A periodic Gaussian field with these amplitudes, x fastest.
pub fn gaussian(amplitudes: &ArrayD<f32>, seed: u64) -> Vec<f32> {
    // White noise, whose phases are random and conjugate in pairs.
    let white = standard_normals(derive_seed(seed, &["level set".into()]), amplitudes.len());
    let white = white.into_iter().map(|value| Complex64::new(value, 0.0)).collect();
    let mut waves = ArrayD::from_shape_vec(amplitudes.raw_dim(), white).unwrap_or_default();
    forward_nd(waves.view_mut());
    waves.zip_mut_with(amplitudes, |wave, amplitude| *wave *= f64::from(*amplitude));
    inverse_nd(waves.view_mut());
    waves.iter().map(|value| value.re as f32).collect()
}

/// The order of voxels by chance: every one as likely as any other to be in any place.
pub fn mixed(n: usize, seed: u64) -> Vec<f32> {
    let mut rng = rng(derive_seed(seed, &["mixed".into()]));
    (0..n).map(|_| rng.random::<f32>()).collect()
}
