//! Labelling, contours, moments, levelling and pair statistics of two-dimensional maps.
//!
//! Maps are `[row, column]` arrays, row 0 at the top; `pitch = (dy, dx)` is the size of a pixel in metres. Positions are (x, y) in
//! metres with y up and the origin at the lower left corner of the lower left pixel, angles count from +x towards +y. A `valid`
//! mask is true where a pixel may be used; values that are not finite are never used.

mod background;
mod contour;
mod derivative;
mod label;
mod reduce;
mod shape;
mod spatial_mean;
mod structure_function;

use ndarray::{Array2, ArrayView2};

pub use background::{BackgroundError, Levelled, polynomial_background, row_offsets};
pub use contour::{Contours, contours};
pub use derivative::{Derivatives, derivatives};
pub use label::{Connectivity, Labelling, Region, label};
pub use reduce::block_means;
pub use shape::{Feret, Moments, PixelModel, convex_hull, feret, pixel_moments};
pub use spatial_mean::{SpatialMean, spatial_mean};
pub use structure_function::{PairError, PairStatistics, RadialLag, pair_statistics};

/// `true` where a value is finite and the mask, if any, allows it; a mask of another shape allows nothing.
fn usable(values: &ArrayView2<'_, f64>, valid: Option<&ArrayView2<'_, bool>>) -> Array2<bool> {
    let mut usable = values.mapv(f64::is_finite);
    match valid {
        Some(mask) if mask.dim() == values.dim() => usable.zip_mut_with(mask, |usable, valid| *usable &= valid),
        Some(_) => usable.fill(false),
        None => {}
    }
    usable
}

/// Reads the golden map of the tests; `None`, with the reason printed, where the data folder is absent.
#[cfg(test)]
pub(crate) fn golden_map() -> Option<Array2<f64>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/afm/grf_512_xi4px.npy");
    let Ok(bytes) = std::fs::read(path) else {
        println!("skipped: {path} is not there");
        return None;
    };
    let header = usize::from(bytes[8]) + 256 * usize::from(bytes[9]);
    let values = bytes[10 + header..].chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect();
    Some(Array2::from_shape_vec((512, 512), values).unwrap())
}
