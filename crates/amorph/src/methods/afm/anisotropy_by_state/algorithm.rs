//! The direction of a state from those of its images, and what turned scans tell of the scanner.

use std::f64::consts::PI;

use crate::core::fft::Complex64;
use crate::core::random::{derive_seed, standard_normals};
use crate::core::stats::student_t_quantile;

/// The anisotropy of one image as a vector with doubled angle.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageVector {
    /// The item, for the table.
    pub item: String,
    /// `ln(xi1/xi2) exp(2 i theta)` in the frame of the image.
    pub e: Complex64,
    /// Direction of the fast axis in the specimen, rad.
    pub scan_angle: f64,
}

/// What the images have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Common {
    /// Vector of the glass, in the frame of the specimen.
    pub glass: Part,
    /// Vector of the scanner, in the frame of the image; `None` where all images were scanned in one direction.
    pub scanner: Option<Part>,
    /// Standard deviation of each component of one image about the common vectors.
    pub scatter: f64,
    /// Degrees of freedom of that.
    pub freedom: f64,
}

/// A vector with the number of images it is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// `ln(aspect) exp(2 i angle)`.
    pub e: Complex64,
    /// Its components have the variance `scatter^2 / weight`.
    pub weight: f64,
}

/// Replicates of the interval of the aspect.
const DRAWS: usize = 4000;
/// Below this spread of the scan angles, as mean square of `exp(-2 i angle)` about its mean, glass and scanner are not told apart.
const LEAST_SPREAD: f64 = 0.05;

/// Least squares of `e_j = g exp(-2 i phi_j) + s`: the glass turns with the specimen, the scanner does not. With one scan angle
/// `s` is left out. `None` for fewer than two images (three with a scanner).
pub fn common(images: &[ImageVector]) -> Option<Common> {
    let n = images.len() as f64;
    let turns: Vec<Complex64> = images.iter().map(|image| Complex64::from_polar(1.0, -2.0 * image.scan_angle)).collect();
    let mean = |values: &mut dyn Iterator<Item = Complex64>| values.sum::<Complex64>() / n;
    let turn = mean(&mut turns.iter().copied());
    let spread: f64 = turns.iter().map(|z| (z - turn).norm_sqr()).sum();
    let turned = spread > LEAST_SPREAD * n;
    if images.len() < if turned { 3 } else { 2 } {
        return None;
    }
    let average = mean(&mut images.iter().map(|image| image.e));
    let (glass, scanner) = if turned {
        let product: Complex64 = turns.iter().zip(images).map(|(z, image)| (z - turn).conj() * (image.e - average)).sum();
        let glass = product / spread;
        let weight = 1.0 / (1.0 / n + turn.norm_sqr() / spread);
        (Part { e: glass, weight: spread }, Some(Part { e: average - glass * turn, weight }))
    } else {
        let back = mean(&mut turns.iter().zip(images).map(|(z, image)| z.conj() * image.e));
        (Part { e: back, weight: n }, None)
    };
    let residual = |(z, image): (&Complex64, &ImageVector)| {
        (image.e - glass.e * z - scanner.map_or_else(Complex64::default, |part| part.e)).norm_sqr()
    };
    let freedom = 2.0 * (n - if turned { 2.0 } else { 1.0 });
    let sum: f64 = turns.iter().zip(images).map(residual).sum();
    Some(Common { glass, scanner, scatter: (sum / freedom).sqrt(), freedom })
}

impl Common {
    /// Standard error of each component of a part.
    pub fn std_error(&self, part: &Part) -> f64 {
        self.scatter / part.weight.sqrt()
    }

    /// Probability of so long a vector without a common direction: F test with 2 and `freedom` degrees of freedom.
    pub fn p_value(&self, part: &Part) -> f64 {
        let f = 0.5 * (part.e.norm() / self.std_error(part)).powi(2);
        (1.0 + 2.0 * f / self.freedom).powf(-0.5 * self.freedom)
    }

    /// 95 % interval of the direction, rad, around the estimate (Fieller); `None` where every direction is possible.
    pub fn angle(&self, part: &Part) -> Option<(f64, f64)> {
        let t = student_t_quantile(0.975, self.freedom).ok()?;
        let sine = t * self.std_error(part) / part.e.norm();
        let centre = (0.5 * part.e.arg()).rem_euclid(PI);
        (sine < 1.0).then(|| (centre - 0.5 * sine.asin(), centre + 0.5 * sine.asin()))
    }

    /// Median-unbiased estimate and 95 % interval of the aspect, by inverting the distribution of the length of the vector.
    pub fn aspect(&self, part: &Part, seed: u64) -> (f64, (f64, f64)) {
        let freedom = self.freedom as usize;
        let (length, error) = (part.e.norm(), self.std_error(part));
        let normals = standard_normals(derive_seed(seed, &["aspect".into()]), DRAWS * (freedom + 2));
        let solve = |draw: &[f64]| {
            let chi: f64 = draw[2..].iter().map(|z| z * z).sum();
            let scale = error * (self.freedom / chi).sqrt();
            let rest = length * length - (scale * draw[1]).powi(2);
            if rest > 0.0 { (rest.sqrt() - scale * draw[0]).max(0.0) } else { 0.0 }
        };
        let mut solutions: Vec<f64> = normals.chunks_exact(freedom + 2).map(solve).collect();
        solutions.sort_unstable_by(f64::total_cmp);
        let at = |p: f64| solutions[((p * DRAWS as f64) as usize).min(DRAWS - 1)].exp();
        (at(0.5), (at(0.025), at(0.975)))
    }
}
