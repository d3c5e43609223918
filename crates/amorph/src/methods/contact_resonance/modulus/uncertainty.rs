//! Errors that all pixels share: constants of lever, reference and tip, drawn together.

use ndarray::Array2;

use super::algorithm::{Calibration, Converter, Frequencies, frequencies_at};
use crate::core::random::{derive_seed, standard_normals};
use crate::core::stats::quantiles;
use crate::methods::contact_resonance::contact::Geometry;
use crate::methods::contact_resonance::readings::Readings;

/// Places that stand for the whole map in a draw: equally many pixels below and above each.
const PLACES: usize = 64;

/// A constant of the calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// `L1/L`.
    TipPosition,
    /// Free frequency of a mode, by index.
    Free(usize),
    /// Frequency on the reference before the scan.
    Before(usize),
    /// Frequency on the reference after the scan.
    After(usize),
    /// Stiffness on the reference before the scan.
    RatioBefore,
    /// Stiffness on the reference after the scan.
    RatioAfter,
    /// Modulus of the reference.
    ReferenceModulus,
    /// Modulus of the tip.
    TipModulus,
    /// Spring constant.
    Spring,
    /// Applied force.
    Force,
    /// Adhesion.
    Adhesion,
    /// Radius of the tip.
    TipRadius,
    /// Radius of a flat contact.
    ContactRadius,
}

/// A constant with an error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uncertain {
    /// Its key.
    pub key: &'static str,
    /// Its place.
    pub slot: Slot,
    /// Standard error.
    pub std_error: f64,
}

impl Calibration {
    fn shift(&mut self, slot: Slot, by: f64) {
        let shifted = |value: &mut Option<f64>| {
            if let Some(value) = value {
                *value += by;
            }
        };
        match slot {
            Slot::TipPosition => self.tip_position += by,
            Slot::Free(i) => self.free_frequency[i] += by,
            Slot::Before(i) => shifted(&mut self.reference_frequency[i].before),
            Slot::After(i) => shifted(&mut self.reference_frequency[i].after),
            Slot::RatioBefore => shifted(&mut self.reference_ratio.before),
            Slot::RatioAfter => shifted(&mut self.reference_ratio.after),
            Slot::ReferenceModulus => shifted(&mut self.reference_modulus),
            Slot::TipModulus => shifted(&mut self.tip_modulus),
            Slot::Spring => shifted(&mut self.spring_constant),
            Slot::Force => shifted(&mut self.force),
            Slot::Adhesion => shifted(&mut self.adhesion),
            Slot::TipRadius => shifted(&mut self.tip_radius),
            Slot::ContactRadius => shifted(&mut self.contact_radius),
        }
    }
}

/// Means that the common errors shift.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Means {
    /// Mean `k*/k_c1`.
    pub ratio: f64,
    /// Mean `k*`, N/m.
    pub stiffness: f64,
    /// Mean `E*`, Pa.
    pub reduced: f64,
    /// Mean `M`, Pa.
    pub modulus: f64,
    /// Standard deviation of `M`, Pa.
    pub spread: f64,
}

/// Relative standard errors by common causes; half the range of the middle 68 % of the draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Common {
    /// Of each mean; 0 where the constants have no stated error.
    pub relative: Means,
    /// Relative change of mean stiffness and mean modulus by one standard error of each constant.
    pub contributions: Vec<(&'static str, f64, f64)>,
    /// Draws that have no solution, as a share.
    pub failed: f64,
}

/// A few places that stand for the whole map.
pub struct Places {
    places: Vec<(Frequencies, f64)>,
    geometry: Geometry,
}

impl Places {
    /// Chooses places at equal steps of rank of the stiffness.
    pub fn of(readings: &Readings, ratio: &Array2<f64>, geometry: Geometry, elapsed: impl Fn(usize) -> f64) -> Self {
        let mut order: Vec<((usize, usize), f64)> =
            ratio.indexed_iter().filter(|(_, value)| value.is_finite()).map(|(place, value)| (place, *value)).collect();
        order.sort_by(|a, b| a.1.total_cmp(&b.1));
        let n = order.len().min(PLACES);
        let chosen = (0..n).map(|i| order[(2 * i + 1) * order.len() / (2 * n)].0);
        Self { places: chosen.map(|(row, column)| (frequencies_at(readings, row, column), elapsed(row))).collect(), geometry }
    }

    fn means(&self, calibration: &Calibration) -> Option<Means> {
        let converter = Converter::new(calibration).ok()?;
        let spring = converter.spring_constant_at_tip.unwrap_or(f64::NAN);
        let (mut sum, mut squares, mut n, mut resolved) = (Means::default(), 0.0, 0.0, 0.0);
        for (frequencies, elapsed) in &self.places {
            let Some((ratio, _)) = converter.stiffness(frequencies) else { continue };
            let reduced = converter.reduced_modulus(ratio, *elapsed, self.geometry);
            n += 1.0;
            sum.ratio += ratio;
            sum.stiffness += ratio * spring;
            sum.reduced += reduced;
            if let Some(modulus) = converter.indentation_modulus(reduced) {
                resolved += 1.0;
                sum.modulus += modulus;
                squares += modulus * modulus;
            }
        }
        let modulus = sum.modulus / resolved;
        (n > 0.5 * self.places.len() as f64).then(|| Means {
            ratio: sum.ratio / n,
            stiffness: sum.stiffness / n,
            reduced: sum.reduced / n,
            modulus,
            spread: (squares / resolved - modulus * modulus).max(0.0).sqrt(),
        })
    }
}

/// Draws all constants `draws` times and sees how the means move.
pub fn common_errors(calibration: &Calibration, uncertain: &[Uncertain], places: &Places, draws: usize, seed: u64) -> Common {
    let centre = places.means(calibration).unwrap_or_default();
    let contributions = uncertain.iter().map(|constant| contribution(calibration, constant, places, &centre)).collect();
    if uncertain.is_empty() {
        return Common { relative: Means::default(), contributions, failed: 0.0 };
    }
    let normals = standard_normals(derive_seed(seed, &["common errors".into()]), draws * uncertain.len());
    let mut found: Vec<Means> = Vec::with_capacity(draws);
    for row in normals.chunks_exact(uncertain.len()) {
        let mut drawn = calibration.clone();
        for (constant, z) in uncertain.iter().zip(row) {
            drawn.shift(constant.slot, constant.std_error * z);
        }
        found.extend(places.means(&drawn));
    }
    let relative = |pick: fn(&Means) -> f64| {
        let values: Vec<f64> = found.iter().map(pick).filter(|value| value.is_finite()).collect();
        let middle = quantiles(&values, &[0.158_655, 0.841_345]).unwrap_or_default();
        let centre = pick(&centre);
        match middle.as_slice() {
            [low, high] if centre > 0.0 => 0.5 * (high - low) / centre,
            _ => 0.0,
        }
    };
    Common {
        relative: Means {
            ratio: relative(|means| means.ratio),
            stiffness: relative(|means| means.stiffness),
            reduced: relative(|means| means.reduced),
            modulus: relative(|means| means.modulus),
            spread: relative(|means| means.spread),
        },
        contributions,
        failed: 1.0 - found.len() as f64 / draws as f64,
    }
}

fn contribution(calibration: &Calibration, constant: &Uncertain, places: &Places, centre: &Means) -> (&'static str, f64, f64) {
    let at = |sign: f64| {
        let mut shifted = calibration.clone();
        shifted.shift(constant.slot, sign * constant.std_error);
        places.means(&shifted)
    };
    let half = |pick: fn(&Means) -> f64| match (at(1.0), at(-1.0)) {
        (Some(up), Some(down)) => 0.5 * (pick(&up) - pick(&down)) / pick(centre),
        _ => f64::NAN,
    };
    (constant.key, half(|means| means.ratio), half(|means| means.modulus))
}
