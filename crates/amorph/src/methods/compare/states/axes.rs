//! Directions of lines: equal modulo 180°, so that angles are doubled before anything is averaged.

use std::f64::consts::PI;

use super::algorithm::Descriptor;
use crate::core::random::derive_seed;
use crate::core::stats::permutation_test;

/// Mean line of the sites of one state.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanAxis {
    /// The state.
    pub state: String,
    /// Number of sites.
    pub n: usize,
    /// Mean line, rad in [0, π).
    pub mean: f64,
    /// Length of the mean vector of doubled angles: 0 no common direction, 1 all alike.
    pub order: f64,
}

/// The lines of one state against those of another.
#[derive(Debug, Clone, PartialEq)]
pub struct AxialComparison {
    /// Key of the quantity.
    pub key: String,
    /// Its name for people.
    pub name: String,
    /// The state.
    pub state: String,
    /// The state it is compared with.
    pub reference: String,
    /// Turn from the mean line of the reference to that of the state, rad in (-π/2, π/2].
    pub turn: f64,
    /// Probability, by permutation of sites, that both states have one common distribution.
    pub permutation_p: f64,
    /// The same, corrected for the number of comparisons (Holm).
    pub holm_p: f64,
}

impl AxialComparison {
    /// `anisotropy angle (3 N against as-deposited)`.
    pub fn label(&self) -> String {
        format!("{} ({} against {})", self.name, self.state, self.reference)
    }
}

/// Sum of the unit vectors of the doubled angles (rad).
fn resultant(angles: &[f64]) -> (f64, f64) {
    angles.iter().fold((0.0, 0.0), |(c, s), angle| (c + (2.0 * angle).cos(), s + (2.0 * angle).sin()))
}

fn length(angles: &[f64]) -> f64 {
    let (c, s) = resultant(angles);
    c.hypot(s)
}

/// Mean line and order of every state; angles in rad.
pub fn mean_axes(descriptor: &Descriptor) -> Vec<MeanAxis> {
    let mean = |(state, values): &(String, Vec<f64>)| {
        let angles = in_radians(descriptor, values);
        let (c, s) = resultant(&angles);
        let mean = (0.5 * s.atan2(c)).rem_euclid(PI);
        MeanAxis { state: state.clone(), n: angles.len(), mean, order: c.hypot(s) / angles.len().max(1) as f64 }
    };
    descriptor.sites.iter().map(mean).collect()
}

fn in_radians(descriptor: &Descriptor, values: &[f64]) -> Vec<f64> {
    values.iter().map(|value| descriptor.unit.to_si(*value)).collect()
}

/// Every state against the reference. The statistic is that of Watson and Williams: the summed lengths of the two mean
/// vectors, which exceed what any other division of the sites gives when the states differ.
pub fn axial_comparisons(
    descriptors: &[Descriptor],
    reference: Option<&str>,
    permutations: usize,
    seed: u64,
) -> Vec<AxialComparison> {
    let mut comparisons = Vec::new();
    for descriptor in descriptors {
        let means = mean_axes(descriptor);
        let is_reference = |mean: &&MeanAxis| reference.is_none_or(|name| name == mean.state);
        let Some(base) = means.iter().find(is_reference) else { continue };
        let angles = |state: &str| {
            let found = descriptor.sites.iter().find(|(name, _)| name == state);
            found.map(|(_, values)| in_radians(descriptor, values)).unwrap_or_default()
        };
        let base_angles = angles(&base.state);
        for mean in means.iter().filter(|mean| mean.state != base.state) {
            let seed = derive_seed(seed, &[(&descriptor.key).into(), (&mean.state).into()]);
            let statistic = |a: &[f64], b: &[f64]| length(a) + length(b);
            let Ok(test) = permutation_test(&angles(&mean.state), &base_angles, statistic, permutations, seed) else {
                continue;
            };
            let turn = (mean.mean - base.mean).rem_euclid(PI);
            comparisons.push(AxialComparison {
                key: descriptor.key.clone(),
                name: descriptor.name(),
                state: mean.state.clone(),
                reference: base.state.clone(),
                turn: if turn > 0.5 * PI { turn - PI } else { turn },
                permutation_p: test.p_value,
                holm_p: f64::NAN,
            });
        }
    }
    comparisons
}
