//! Maps and settings for the tests of the family.

use ndarray::Array2;

use crate::core::data::{Extent, Map};
use crate::core::random::{FieldModel, FieldSampler};
use crate::core::unit::Unit;

/// A nanometre: the side of a pixel of every map here.
pub const NM: f64 = 1e-9;

/// A map of the dissipated energy.
pub fn map_of(values: Array2<f64>) -> Map {
    let (rows, columns) = values.dim();
    Map::new("dissipated_energy", values, Unit::of("J"), Some(Extent::metres(columns as f64 * NM, rows as f64 * NM)))
}

/// A square sample of a field.
pub fn field(model: &FieldModel, n: usize, seed: u64) -> Array2<f64> {
    FieldSampler::new(model, (n, n), (NM, NM)).unwrap().sample(seed)
}

/// A number from the environment, by which full coverage runs are made longer or shorter.
pub fn setting(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}
