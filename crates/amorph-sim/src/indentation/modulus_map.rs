use amorph_core::data::{Extent, Map};
use amorph_core::random::{FieldModel, FieldSampler, derive_seed, rng, standard_normals};
use amorph_core::unit::Unit;
use ndarray::Array2;
use rand::RngExt;

use crate::SimulationError;

/// One kind of material in a map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModulusClass {
    /// Mean modulus, Pa.
    pub mean: f64,
    /// Standard deviation from pixel to pixel, Pa.
    pub sd: f64,
    /// Share of the pixels.
    pub fraction: f64,
}

/// Domains of several kinds: a Gaussian random field cut at the quantiles of their shares.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassMap {
    /// The kinds, in the order of the field.
    pub classes: Vec<ModulusClass>,
    /// Rows and columns.
    pub shape: (usize, usize),
    /// Pixel pitch, m.
    pub pitch: f64,
    /// Correlation length of the field, m.
    pub domain: f64,
    /// Standard deviation of the measurement, Pa.
    pub noise: f64,
    /// Share of pixels without a value.
    pub missing: f64,
}

/// A measured map with its truth.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassMapScan {
    /// What was measured: `storage_modulus`, Pa.
    pub map: Map,
    /// Number of the kind of every pixel.
    pub labels: Array2<usize>,
}

impl Default for ClassMap {
    fn default() -> Self {
        let class = |mean, sd, fraction| ModulusClass { mean, sd, fraction };
        Self {
            classes: vec![class(70e9, 3e9, 0.3), class(85e9, 2e9, 0.5), class(95e9, 2.5e9, 0.2)],
            shape: (78, 78),
            pitch: 20e-9,
            domain: 100e-9,
            noise: 0.0,
            missing: 0.0,
        }
    }
}

impl ClassMap {
    /// One map.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<ClassMapScan, SimulationError> {
        let total: f64 = self.classes.iter().map(|class| class.fraction).sum();
        SimulationError::require_positive("sum of fractions", total)?;
        let model = FieldModel::isotropic(1.0, self.domain, 1.0);
        let field = FieldSampler::new(&model, self.shape, (self.pitch, self.pitch))?;
        let field = field.sample(derive_seed(seed, &["domains".into()]));
        let mut sorted: Vec<f64> = field.iter().copied().collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let mut cumulative = 0.0;
        let mut limits: Vec<f64> = Vec::new();
        for class in &self.classes {
            cumulative += class.fraction / total;
            let rank = ((cumulative * sorted.len() as f64) as usize).min(sorted.len() - 1);
            limits.push(sorted[rank]);
        }
        let last = self.classes.len() - 1;
        let labels = field.mapv(|z| limits[..last].partition_point(|limit| *limit <= z));
        let texture = standard_normals(derive_seed(seed, &["texture".into()]), field.len());
        let noise = standard_normals(derive_seed(seed, &["noise".into()]), field.len());
        let mut random = rng(derive_seed(seed, &["missing".into()]));
        let columns = self.shape.1;
        let values = Array2::from_shape_fn(self.shape, |(row, column)| {
            let (class, i) = (self.classes[labels[[row, column]]], row * columns + column);
            let value = class.mean + class.sd * texture[i] + self.noise * noise[i];
            if random.random::<f64>() < self.missing { f64::NAN } else { value }
        });
        let extent = Extent::metres(self.pitch * columns as f64, self.pitch * self.shape.0 as f64);
        Ok(ClassMapScan { map: Map::new("storage_modulus", values, Unit::of("Pa"), Some(extent)), labels })
    }
}
