//! Strain at which structures break, of which only limits are known.

use super::algorithm::Bilinear;
use crate::core::fit::NelderMead;
use crate::core::stats::Reading as Limit;
use crate::core::stats::{LifeLaw, median};
use crate::methods::onchip::mechanics::{Chip, Geometry, Reading, Specimen};

/// Structures of each kind that an estimate takes.
const EACH: usize = 5;
/// Narrowest and widest spread of ln strain.
const WIDTHS: (f64, f64) = (0.005, 3.0);

/// What is known of the fracture strain of a structure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fate {
    /// Whole at this strain.
    Whole(f64),
    /// Broken before it would have come to this strain.
    Before(f64),
    /// Broken between two strains.
    Between(f64, f64),
}

/// Weibull's law of the fracture strain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fracture {
    /// Strain at which half of the structures are broken.
    pub median: f64,
    /// Weibull's modulus.
    pub modulus: f64,
    /// Broken structures.
    pub broken: usize,
    /// All structures.
    pub n: usize,
}

fn minus_ln_likelihood(fates: &[Fate], ln_median: f64, width: f64) -> f64 {
    // Half of the structures are broken at the median.
    let location = ln_median - width * std::f64::consts::LN_2.ln();
    let weibull = LifeLaw::Weibull;
    let term = |fate: &Fate| match *fate {
        Fate::Whole(strain) => weibull.ln_likelihood(Limit::Above(strain), location, width),
        Fate::Before(strain) => weibull.ln_likelihood(Limit::Below(strain), location, width),
        Fate::Between(lo, hi) => {
            let share = weibull.cumulative(hi, location, width) - weibull.cumulative(lo, location, width);
            share.max(f64::MIN_POSITIVE).ln()
        }
    };
    -fates.iter().map(term).sum::<f64>()
}

/// Weibull's law by maximum likelihood; `None` for fewer than five broken or five whole structures.
pub fn fracture(fates: &[Fate]) -> Option<Fracture> {
    let broken = fates.iter().filter(|fate| !matches!(fate, Fate::Whole(_))).count();
    if broken < EACH || fates.len() - broken < EACH {
        return None;
    }
    let number = |fate: &Fate| match *fate {
        Fate::Whole(strain) | Fate::Before(strain) => strain,
        Fate::Between(lo, hi) => 0.5 * (lo + hi),
    };
    let seen = fates.iter().filter(|fate| !matches!(fate, Fate::Whole(_))).map(number);
    let centre = seen.map(f64::ln).sum::<f64>() / broken as f64;
    let limits = (WIDTHS.0.ln(), WIDTHS.1.ln());
    let width = |x: f64| x.clamp(limits.0, limits.1).exp();
    let at = |x: &[f64]| minus_ln_likelihood(fates, centre + x[0], width(x[1]));
    let search = NelderMead { x_tolerance: 1e-6, f_tolerance: 1e-9, restarts: 2, ..NelderMead::default() };
    let best = search.minimise(at, &[0.0, -1.5], &[0.2, 0.5]).ok()?;
    Some(Fracture { median: (centre + best.x[0]).exp(), modulus: 1.0 / width(best.x[1]), broken, n: fates.len() })
}

/// Strain at which a structure would have come to rest had it not broken: where the pull of its actuator meets the curve.
pub fn expected_strain(chip: &Chip, geometry: &Geometry, curve: &Bilinear) -> Option<f64> {
    let (mut lo, mut hi) = (0.0, chip.free(geometry).actuator_length * -chip.actuator_mismatch.value.exp_m1());
    for _ in 0..60 {
        let u = 0.5 * (lo + hi);
        let pulls = chip.state(geometry, u).is_some_and(|state| state.stress > curve.stress(state.strain));
        if pulls { lo = u } else { hi = u }
    }
    chip.state(geometry, lo).map(|state| state.strain)
}

/// What is known of every structure: those that are whole from their last reading, those that broke before the first from where they would
/// have come to rest, those that broke later from the growth that the others show until then.
pub fn fates(specimens: &[Specimen], chip: &Chip, curve: &Bilinear) -> Vec<Fate> {
    let strain =
        |specimen: &Specimen, reading: &Reading| chip.state(&specimen.geometry, reading.displacement).map(|state| state.strain);
    let growth = growth(specimens, chip, curve);
    let fate = |specimen: &Specimen| match (specimen.broken, specimen.readings.last()) {
        (None, Some(last)) => strain(specimen, last).map(Fate::Whole),
        (None, None) => None,
        (Some(_), None) => expected_strain(chip, &specimen.geometry, curve).map(Fate::Before),
        (Some(time), Some(last)) => {
            let above = strain(specimen, last)?;
            let error = last.error / (chip.free(&specimen.geometry).length + last.displacement);
            let grown = above * (1.0 + growth * (time / last.time).ln().max(0.0));
            Some(Fate::Between(above, grown.max(above + 2.0 * error)))
        }
    };
    specimens
        .iter()
        .filter_map(fate)
        .filter(|fate| matches!(fate, Fate::Whole(x) | Fate::Before(x) | Fate::Between(x, _) if *x > 0.0))
        .collect()
}

/// Relative growth of the strain per unit of ln t, the median of the whole structures beyond yield.
fn growth(specimens: &[Specimen], chip: &Chip, curve: &Bilinear) -> f64 {
    let one = |specimen: &Specimen| {
        let (first, last) = (specimen.readings.first()?, specimen.readings.last()?);
        let from = chip.state(&specimen.geometry, first.displacement)?;
        let to = chip.state(&specimen.geometry, last.displacement)?;
        let is_beyond = from.strain > curve.yield_stress / curve.modulus && last.time > first.time;
        is_beyond.then(|| (to.strain / from.strain - 1.0) / (last.time / first.time).ln())
    };
    let found: Vec<f64> = specimens.iter().filter(|specimen| specimen.broken.is_none()).filter_map(one).collect();
    median(&found).map_or(0.0, |growth| growth.max(0.0))
}
