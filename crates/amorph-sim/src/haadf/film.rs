//! A foil whose composition varies in three dimensions, seen by an annular detector and a spectrometer.

use amorph_core::random::{derive_seed, rng};
use ndarray::{Array2, Array3, Axis};
use rand_distr::{Distribution, Poisson};

use super::field::{gaussian_blur, shell_volume};
use crate::SimulationError;

/// A foil of two elements A and B with a preferred wavelength, and how it is looked at. Lengths in metres.
#[derive(Debug, Clone, PartialEq)]
pub struct Film {
    /// Rows and columns of the images.
    pub shape: (usize, usize),
    /// Size of a pixel.
    pub pixel: f64,
    /// Thickness.
    pub thickness: f64,
    /// Layers in which the thickness is cut.
    pub layers: usize,
    /// Wavelength of the composition.
    pub length: f64,
    /// Width of the shell of wave numbers over the wave number.
    pub relative_width: f64,
    /// Share of the volume of the phase rich in A where there are two phases; absent for a composition that varies smoothly.
    pub volume_fraction: Option<f64>,
    /// Width of the interface of two phases, as full width at half maximum of a Gaussian across the plane of the image.
    pub interface_width: f64,
    /// Mean atomic fraction of A.
    pub mean_fraction: f64,
    /// Standard deviation of the atomic fraction of A.
    pub amplitude: f64,
    /// Relative change of the number density per unit of atomic fraction of A: `n = n0 (1 + coupling (c - mean))`.
    pub density_coupling: f64,
    /// Relative change of the thickness from the left to the right edge.
    pub wedge: f64,
    /// Atomic numbers of A and B.
    pub atomic_numbers: [f64; 2],
    /// Exponent of the contrast of atomic number.
    pub contrast_exponent: f64,
    /// Full width at half maximum of the probe.
    pub probe_fwhm: f64,
    /// Mean electrons per pixel of the annular image.
    pub dose: f64,
    /// Mean counts per pixel in the edges of A and B.
    pub edge_counts: [f64; 2],
    /// Seed.
    pub seed: u64,
}

impl Default for Film {
    /// Zr65Ni35, 15 nm thick, with a wavelength of 2.5 nm.
    fn default() -> Self {
        Self {
            shape: (160, 192),
            pixel: 0.3e-9,
            thickness: 15e-9,
            layers: 30,
            length: 2.5e-9,
            relative_width: 0.25,
            volume_fraction: None,
            interface_width: 0.5e-9,
            mean_fraction: 0.35,
            amplitude: 0.08,
            density_coupling: 1.6,
            wedge: 0.0,
            atomic_numbers: [28.0, 40.0],
            contrast_exponent: 1.7,
            probe_fwhm: 0.5e-9,
            dose: 5000.0,
            edge_counts: [900.0, 1600.0],
            seed: 1,
        }
    }
}

/// What the microscope records of a [`Film`], and the truth. All `[row, column]`.
#[derive(Debug, Clone, PartialEq)]
pub struct FilmImages {
    /// Counts of the annular detector.
    pub haadf: Array2<f64>,
    /// Counts in the edges of A and B, background removed.
    pub edges: [Array2<f64>; 2],
    /// Thickness relative to the mean, as it is.
    pub relative_thickness: Array2<f64>,
    /// Atomic fraction of A in the projection, as it is, before the probe.
    pub fraction: Array2<f64>,
    /// Atoms per area relative to the mean, as they are, before the probe.
    pub areal_density: Array2<f64>,
    /// Annular signal without noise.
    pub clean: Array2<f64>,
    /// Correlation of the noise-free annular image and the fraction of A.
    pub correlation: f64,
    /// Share of the volume where A is above the threshold; NaN for a composition that varies smoothly.
    pub volume_fraction: f64,
}

impl Film {
    /// The atomic fraction of A in every cell `[layer, row, column]`, and the share of the phase rich in A.
    fn composition(&self) -> Result<(Array3<f64>, f64), SimulationError> {
        let shape = (self.layers, self.shape.0, self.shape.1);
        let pitch = (self.thickness / self.layers as f64, self.pixel);
        let seed = derive_seed(self.seed, &["haadf_film".into()]);
        let mut field = shell_volume(shape, pitch, self.length, self.relative_width, seed)?;
        let mut share = f64::NAN;
        if let Some(fraction) = self.volume_fraction {
            let mut sorted: Vec<f64> = field.iter().copied().collect();
            sorted.sort_unstable_by(f64::total_cmp);
            let index = ((1.0 - fraction) * sorted.len() as f64) as usize;
            let threshold = sorted[index.min(sorted.len() - 1)];
            share = sorted.iter().filter(|value| **value >= threshold).count() as f64 / sorted.len() as f64;
            let spread = (share * (1.0 - share)).sqrt().max(1e-6);
            for mut layer in field.axis_iter_mut(Axis(0)) {
                let phase = layer.mapv(|value| if value >= threshold { 1.0 } else { 0.0 });
                let smooth = gaussian_blur(&phase.view(), self.pixel, self.interface_width);
                layer.zip_mut_with(&smooth, |to, phase| *to = (phase - share) / spread);
            }
        }
        field.mapv_inplace(|value| (self.mean_fraction + self.amplitude * value).clamp(0.0, 1.0));
        Ok((field, share))
    }

    /// Looks at the foil.
    ///
    /// # Errors
    /// Parameters out of range.
    pub fn record(&self) -> Result<FilmImages, SimulationError> {
        self.check()?;
        let (fraction, volume_fraction) = self.composition()?;
        let (rows, columns) = self.shape;
        let wedge = |column: usize| 1.0 + self.wedge * ((column as f64 + 0.5) / columns as f64 - 0.5);
        let relative_thickness = Array2::from_shape_fn(self.shape, |(_, column)| wedge(column));
        let density = |c: f64| (1.0 + self.density_coupling * (c - self.mean_fraction)).max(0.0);
        let [za, zb] = self.atomic_numbers.map(|z| z.powf(self.contrast_exponent));
        let project = |weight: &dyn Fn(f64) -> f64| {
            let sum = fraction.map_axis(Axis(0), |column| column.iter().map(|c| weight(*c)).sum::<f64>());
            sum / self.layers as f64 * &relative_thickness
        };
        let atoms = project(&density);
        let (a, b) = (project(&|c| density(c) * c), project(&|c| density(c) * (1.0 - c)));
        let signal = project(&|c| density(c) * (c * za + (1.0 - c) * zb));
        let seen = |map: &Array2<f64>| gaussian_blur(&map.view(), self.pixel, self.probe_fwhm);
        let counted = |map: Array2<f64>, mean: f64, name: &str| {
            let scale = mean / map.mean().unwrap_or(1.0);
            poisson(map * scale, derive_seed(self.seed, &["haadf_counts".into(), name.into()]))
        };
        let clean = seen(&signal);
        let share = &a / &atoms;
        let mean_atoms = atoms.mean().unwrap_or(1.0);
        Ok(FilmImages {
            haadf: counted(clean.clone(), self.dose, "haadf"),
            edges: [counted(seen(&a), self.edge_counts[0], "a"), counted(seen(&b), self.edge_counts[1], "b")],
            correlation: correlation(&clean, &seen(&share)),
            relative_thickness,
            fraction: share,
            areal_density: atoms / mean_atoms,
            clean,
            volume_fraction: if rows > 0 { volume_fraction } else { f64::NAN },
        })
    }

    fn check(&self) -> Result<(), SimulationError> {
        for (name, value) in [
            ("pixel", self.pixel),
            ("thickness", self.thickness),
            ("layers", self.layers as f64),
            ("rows", self.shape.0 as f64),
            ("columns", self.shape.1 as f64),
            ("dose", self.dose),
            ("edge_counts of A", self.edge_counts[0]),
            ("edge_counts of B", self.edge_counts[1]),
            ("contrast_exponent", self.contrast_exponent),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        for (name, value) in
            [("amplitude", self.amplitude), ("probe_fwhm", self.probe_fwhm), ("interface_width", self.interface_width)]
        {
            SimulationError::require_not_negative(name, value)?;
        }
        let share = self.volume_fraction.unwrap_or(0.5);
        let out_of = |name, value| Err(SimulationError::Parameter { name, value, allowed: "between 0 and 1" });
        match () {
            () if !(share > 0.0 && share < 1.0) => out_of("volume_fraction", share),
            () if !(self.mean_fraction > 0.0 && self.mean_fraction < 1.0) => out_of("mean_fraction", self.mean_fraction),
            () if self.wedge.is_nan() || self.wedge.abs() >= 1.0 => out_of("wedge", self.wedge),
            () => Ok(()),
        }
    }
}

/// Counts with these expectations.
pub(super) fn poisson(mut expected: Array2<f64>, seed: u64) -> Array2<f64> {
    let mut rng = rng(seed);
    expected.mapv_inplace(|mean| Poisson::new(mean).map_or(0.0, |law| law.sample(&mut rng)));
    expected
}

fn correlation(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    let n = a.len() as f64;
    let (ma, mb) = (a.sum() / n, b.sum() / n);
    let product = |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(x, y)| f(x - ma, y - mb)).sum::<f64>();
    product(&|x, y| x * y) / (product(&|x, _| x * x) * product(&|_, y| y * y)).sqrt()
}
