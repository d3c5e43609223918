//! Random fields with a preferred wavelength.

use amorph_core::fft::{Complex64, RealFft2, forward_nd, inverse_nd, signed_frequency};
use amorph_core::random::standard_normals;
use ndarray::{Array2, Array3, ArrayView2};

use crate::SimulationError;

/// How much larger than the field its periodic parent is along every axis, so that opposite edges are independent.
const PARENT: f64 = 1.25;

/// Amplitude of a wave of frequency `k` (cycles per metre) in a field of wavelength `length` whose shell has the relative width
/// `relative_width`: the root of the spectrum `exp(-((k - 1/L) / (w/L))^2 / 2)`.
fn amplitude(k: f64, length: f64, relative_width: f64) -> f64 {
    (-0.25 * ((k * length - 1.0) / relative_width).powi(2)).exp()
}

fn require(length: f64, relative_width: f64, pitch: f64) -> Result<(), SimulationError> {
    SimulationError::require_positive("length", length)?;
    SimulationError::require_positive("relative_width", relative_width)?;
    SimulationError::require_positive("pixel", pitch)
}

fn parent(n: usize) -> usize {
    (n as f64 * PARENT).ceil() as usize
}

/// A Gaussian field `[rows, columns]` of mean 0 and variance about 1 with the spectrum
/// `exp(-((k - 1/length) / (relative_width/length))^2 / 2)`; pixels of `pixel` metres.
///
/// The field is cut from a larger periodic one. Random fields of this kind are a picture of spinodal decomposition: J. W. Cahn,
/// J. Chem. Phys. 42, 93 (1965), doi:10.1063/1.1695731.
///
/// # Errors
/// Lengths that are not positive.
pub fn shell_field(
    shape: (usize, usize),
    pixel: f64,
    length: f64,
    relative_width: f64,
    seed: u64,
) -> Result<Array2<f64>, SimulationError> {
    require(length, relative_width, pixel)?;
    let (rows, columns) = (parent(shape.0), parent(shape.1));
    let fft = RealFft2::new(rows, columns).sequential();
    let white = Array2::from_shape_vec((rows, columns), standard_normals(seed, rows * columns)).unwrap_or_default();
    let mut spectrum = fft.forward(&white.view());
    let mut power = 0.0;
    for ((row, column), value) in spectrum.indexed_iter_mut() {
        let (ky, kx) = (signed_frequency(row, rows) / (rows as f64 * pixel), column as f64 / (columns as f64 * pixel));
        let a = if row + column == 0 { 0.0 } else { amplitude(kx.hypot(ky), length, relative_width) };
        power += a * a * if column == 0 || 2 * column == columns { 1.0 } else { 2.0 };
        *value *= a;
    }
    let scale = ((rows * columns) as f64 / power).sqrt();
    let field = fft.inverse(&spectrum.view());
    Ok(Array2::from_shape_fn(shape, |at| scale * field[at]))
}

/// The same in three dimensions, `[depth, rows, columns]`, layers `depth_step` metres apart.
///
/// # Errors
/// Lengths that are not positive.
pub fn shell_volume(
    shape: (usize, usize, usize),
    (depth_step, pixel): (f64, f64),
    length: f64,
    relative_width: f64,
    seed: u64,
) -> Result<Array3<f64>, SimulationError> {
    require(length, relative_width, pixel)?;
    SimulationError::require_positive("depth_step", depth_step)?;
    let large = (parent(shape.0), parent(shape.1), parent(shape.2));
    let n = large.0 * large.1 * large.2;
    let white = standard_normals(seed, n).into_iter().map(|v| Complex64::new(v, 0.0)).collect();
    let mut waves = Array3::from_shape_vec(large, white).unwrap_or_default();
    forward_nd(waves.view_mut().into_dyn());
    let frequency = |index: usize, n: usize, step: f64| signed_frequency(index, n) / (n as f64 * step);
    let mut power = 0.0;
    for ((z, y, x), value) in waves.indexed_iter_mut() {
        let k = [frequency(z, large.0, depth_step), frequency(y, large.1, pixel), frequency(x, large.2, pixel)];
        let k = k.iter().map(|k| k * k).sum::<f64>().sqrt();
        let a = if k > 0.0 { amplitude(k, length, relative_width) } else { 0.0 };
        power += a * a;
        *value *= a;
    }
    inverse_nd(waves.view_mut().into_dyn());
    let scale = (n as f64 / power).sqrt();
    Ok(Array3::from_shape_fn(shape, |at| scale * waves[at].re))
}

/// Convolves a map with a Gaussian of full width at half maximum `fwhm` metres; the map is continued by its mean.
pub fn gaussian_blur(map: &ArrayView2<'_, f64>, pixel: f64, fwhm: f64) -> Array2<f64> {
    let sd = fwhm / (8.0 * 2f64.ln()).sqrt() / pixel;
    if sd.is_nan() || sd <= 0.0 {
        return map.to_owned();
    }
    let reach = (5.0 * sd).ceil() as usize;
    let weights: Vec<f64> = (0..=reach).map(|i| (-0.5 * (i as f64 / sd).powi(2)).exp()).collect();
    let mean = map.mean().unwrap_or(0.0);
    let pass = |source: &Array2<f64>| {
        let (rows, columns) = source.dim();
        // Along columns, transposed on the way out.
        Array2::from_shape_fn((columns, rows), |(column, row)| {
            let (mut sum, mut norm) = (0.0, 0.0);
            for offset in -(reach as isize)..=reach as isize {
                let weight = weights[offset.unsigned_abs()];
                let at = column.checked_add_signed(offset).filter(|at| *at < columns);
                sum += weight * at.map_or(mean, |at| source[(row, at)]);
                norm += weight;
            }
            sum / norm
        })
    };
    pass(&pass(&map.to_owned()))
}
