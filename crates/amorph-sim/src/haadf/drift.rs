//! Two images of one field, the second after the specimen has moved.

use amorph_core::fft::{Complex64, RealFft2, signed_frequency};
use amorph_core::random::{derive_seed, standard_normals};
use ndarray::Array2;

use crate::SimulationError;

/// A field with a preferred wavelength, imaged twice. Lengths are pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct ImagePair {
    /// Rows and columns.
    pub shape: (usize, usize),
    /// Wavelength of the structure.
    pub length: f64,
    /// Relative width of its shell of wave numbers.
    pub relative_width: f64,
    /// By how much (y, x) the structure lies further down and to the right in the second image.
    pub shift: [f64; 2],
    /// By how much the shift grows from the middle of the image to its edge (y, x): distortion by a drift during the scan.
    pub stretch: [f64; 2],
    /// Standard deviation of the noise of each image over that of the structure.
    pub noise: f64,
    /// Share of the variance of the second image that it has in common with the first.
    pub common: f64,
}

impl Default for ImagePair {
    /// 128 x 128 pixels, structure of 10 pixels, moved by 1.3 and -0.6 pixels.
    fn default() -> Self {
        Self {
            shape: (128, 128),
            length: 10.0,
            relative_width: 0.4,
            shift: [1.3, -0.6],
            stretch: [0.0; 2],
            noise: 0.5,
            common: 1.0,
        }
    }
}

impl ImagePair {
    /// The images before and after; structure of mean 0 and standard deviation 1, and noise.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`].
    pub fn take(&self, seed: u64) -> Result<[Array2<f64>; 2], SimulationError> {
        SimulationError::require_positive("length", self.length)?;
        SimulationError::require_positive("relative_width", self.relative_width)?;
        SimulationError::require_not_negative("noise", self.noise)?;
        if !(0.0..=1.0).contains(&self.common) {
            let (name, value, allowed) = ("common", self.common, "from 0 to 1");
            return Err(SimulationError::Parameter { name, value, allowed });
        }
        let own = self.structure([0.0; 2], derive_seed(seed, &["other".into()]));
        let before = self.structure([0.0; 2], seed);
        let moved = self.moved(seed);
        let after = moved * self.common.sqrt() + own * (1.0 - self.common).sqrt();
        Ok([self.noisy(before, seed, "before"), self.noisy(after, seed, "after")])
    }

    /// The structure moved; where it is stretched, every pixel is taken from the field by two terms of its series in the extra shift.
    fn moved(&self, seed: u64) -> Array2<f64> {
        let (rows, columns) = self.shape;
        let field = self.structure(self.shift, seed);
        if self.stretch == [0.0; 2] {
            return field;
        }
        let step = 0.05;
        let slope_y = (self.structure([self.shift[0] + step, self.shift[1]], seed) - &field) / step;
        let slope_x = (self.structure([self.shift[0], self.shift[1] + step], seed) - &field) / step;
        let from_middle = |i: usize, n: usize| 2.0 * i as f64 / (n.max(2) - 1) as f64 - 1.0;
        Array2::from_shape_fn(self.shape, |(y, x)| {
            let at = (y, x);
            let (dy, dx) = (self.stretch[0] * from_middle(y, rows), self.stretch[1] * from_middle(x, columns));
            field[at] + dy * slope_y[at] + dx * slope_x[at]
        })
    }

    /// Cut from a periodic field a quarter larger, so that what leaves on one side does not come back on the other.
    fn structure(&self, [dy, dx]: [f64; 2], seed: u64) -> Array2<f64> {
        let large = |n: usize| (n + n / 4).next_multiple_of(2);
        let (rows, columns) = (large(self.shape.0), large(self.shape.1));
        let fft = RealFft2::new(rows, columns).sequential();
        let white = Array2::from_shape_vec((rows, columns), standard_normals(seed, rows * columns)).unwrap_or_default();
        let mut spectrum = fft.forward(&white.view());
        let mut power = 0.0;
        for ((row, column), value) in spectrum.indexed_iter_mut() {
            let (ky, kx) = (signed_frequency(row, rows) / rows as f64, column as f64 / columns as f64);
            let shell = (ky.hypot(kx) * self.length - 1.0) / self.relative_width;
            let amplitude = if row + column == 0 { 0.0 } else { (-0.25 * shell * shell).exp() };
            power += amplitude * amplitude * if column == 0 || 2 * column == columns { 1.0 } else { 2.0 };
            *value *= Complex64::from_polar(amplitude, -std::f64::consts::TAU * (ky * dy + kx * dx));
        }
        let scale = ((rows * columns) as f64 / power).sqrt();
        let field = fft.inverse(&spectrum.view());
        let corner = ((rows - self.shape.0) / 2, (columns - self.shape.1) / 2);
        Array2::from_shape_fn(self.shape, |(y, x)| scale * field[(y + corner.0, x + corner.1)])
    }

    fn noisy(&self, image: Array2<f64>, seed: u64, name: &str) -> Array2<f64> {
        let noise = standard_normals(derive_seed(seed, &[name.into()]), image.len());
        let noise = Array2::from_shape_vec(image.dim(), noise).unwrap_or_default();
        image + noise * self.noise
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn whole_pixels_move_exactly() {
        let pair = ImagePair { shift: [3.0, -2.0], noise: 0.0, ..ImagePair::default() };
        let [before, after] = pair.take(1).unwrap();
        for y in 10..100 {
            for x in 10..100 {
                assert!((after[(y + 3, x - 2)] - before[(y, x)]).abs() < 1e-9);
            }
        }
        let [_, other] = ImagePair { common: 0.0, ..pair }.take(1).unwrap();
        let r = before.iter().zip(&other).map(|(a, b)| a * b).sum::<f64>() / before.len() as f64;
        assert!(r.abs() < 0.15, "{r}");
    }

    #[test]
    fn impossible_pairs_are_refused() {
        for pair in [
            ImagePair { length: 0.0, ..ImagePair::default() },
            ImagePair { common: 1.5, ..ImagePair::default() },
            ImagePair { noise: f64::NAN, ..ImagePair::default() },
        ] {
            assert!(pair.take(1).is_err());
        }
    }
}
