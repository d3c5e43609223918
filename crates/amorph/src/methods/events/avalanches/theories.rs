//! What theories predict for avalanches, and what others measured.

use super::SizeIs;

/// An exponent in two theories.
pub(super) struct Prediction {
    /// Key of the estimate it is compared with; empty where nothing here measures it.
    pub key: &'static str,
    pub what: &'static str,
    /// Sites that all feel each other.
    pub mean_field: f64,
    /// Sites coupled by the stress field of a local shear, where a number is known.
    pub elastoplastic: Option<f64>,
}

const fn prediction(key: &'static str, what: &'static str, mean_field: f64, elastoplastic: Option<f64>) -> Prediction {
    Prediction { key, what, mean_field, elastoplastic }
}

/// Dahmen, Ben-Zion and Uhl 2009; for sites with the quadrupolar kernel Budrikis et al. 2017 (arXiv 1511.06229): 1.28 in two and three dimensions, the
/// cut-off set by the size of the sample.
pub(super) fn predictions(size_is: SizeIs) -> Vec<Prediction> {
    let mut all = match size_is {
        SizeIs::Slip => vec![
            prediction("stressed_exponent", "exponent of sizes at one stress", 1.5, Some(1.28)),
            prediction("stressed_cutoff_power", "power of the cut-off with the distance from the critical stress", 2.0, None),
            prediction("integrated_exponent", "exponent of sizes of a whole ramp", 2.0, None),
            prediction("integrated_difference", "ramp less one stress", 0.5, None),
        ],
        SizeIs::LargestRate => vec![
            prediction("stressed_exponent", "exponent of largest rates at one stress", 2.0, None),
            prediction("stressed_cutoff_power", "power of the cut-off with the distance from the critical stress", 1.0, None),
            prediction("integrated_exponent", "exponent of largest rates of a whole ramp", 3.0, None),
            prediction("integrated_difference", "ramp less one stress", 1.0, None),
        ],
    };
    all.extend([
        prediction("duration_exponent", "exponent of durations of a whole ramp", 3.0, None),
        prediction(
            "size_duration_exponent",
            "power of sizes with durations",
            if size_is == SizeIs::Slip { 2.0 } else { 1.0 },
            None,
        ),
        prediction("", "exponent of durations at one stress", 2.0, None),
        prediction("", "exponent of largest rates at one stress", 2.0, None),
        prediction("", "exponent of energies at one stress", 4.0 / 3.0, None),
        prediction("", "power of the spectrum with frequency", -2.0, None),
    ]);
    all
}

/// Bulk metallic glasses in compression, Antonaglia et al. 2014 (Sci. Rep. 4, 4382): what, value, error.
pub(super) const PUBLISHED: [(&str, f64, f64); 5] = [
    ("exponent of sizes at one stress, from a collapse of strain rates", 1.42, 0.20),
    ("exponent of sizes at one stress, from bins of stress", 1.40, 0.28),
    ("power of the cut-off with the distance from the critical stress", 1.85, 0.20),
    ("power of the cut-off with the strain rate", 0.22, 0.02),
    ("critical stress over the largest", 1.05, 0.01),
];
