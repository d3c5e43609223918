//! Regions of a study from the outcomes of `stem.bragg_detection`.

use super::algorithm::Count;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::Upstream;
use crate::methods::stem::{FOIL, STRAIN};

/// One scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// State it belongs to.
    pub state: String,
    /// Its file.
    pub item: String,
    /// Number of the foil, where it is stated.
    pub foil: Option<f64>,
    /// Strain, patterns, and those that are flagged.
    pub count: Count,
    /// Share with reflections, both error rates taken off.
    pub corrected: Option<f64>,
    /// Mean counts on the halo: thickness and dose.
    pub halo_counts: Option<f64>,
    /// Mean correlation of the flags of neighbouring positions.
    pub neighbours: Option<f64>,
    /// Correlation of flag and thickness within the scan.
    pub thickness: Option<f64>,
    /// Whether the error rate of the flags is not the stated one.
    pub uncalibrated: bool,
    /// Drift in steps of the scan, and whether it is small enough; where it was measured.
    pub drift: Option<(f64, bool)>,
}

/// What a scan lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Its strain.
    Strain,
    /// Its patterns.
    Patterns,
}

impl Region {
    /// From the outcome of a scan; `drift` is that of the same scan, where it was measured.
    pub fn of(upstream: &Upstream, drift: Option<&Outcome>) -> Result<Self, Lack> {
        let outcome = &upstream.outcome;
        let stated = |key: &str| {
            let record = outcome.provenance.constants.iter().find(|record| record.key == key)?;
            Quantity::parse(&record.value).ok().map(|quantity| quantity.value)
        };
        let strain = stated(STRAIN.key).ok_or(Lack::Strain)?;
        let value = |key: &str| outcome.estimate(key).map(|estimate| estimate.value).filter(|value| value.is_finite());
        let n = value("n_patterns").filter(|n| *n > 0.0).ok_or(Lack::Patterns)?;
        let x = value("n_flagged").ok_or(Lack::Patterns)?;
        let flags = Flags::of(outcome);
        let uncalibrated =
            outcome.notes.iter().any(|note| ["not_calibrated", "null_not_identified"].contains(&note.code.as_str()));
        let drift = drift.and_then(|drift| {
            let of = |key: &str| drift.estimate(key).map(|estimate| estimate.value);
            Some((of("drift_steps").unwrap_or(f64::NAN), of("drift_accepted")? > 0.5))
        });
        Ok(Self {
            state: upstream.state.clone(),
            item: upstream.item.clone(),
            foil: stated(FOIL.key),
            count: Count { strain, x, n },
            // Where nothing is flagged there is nothing to correct.
            corrected: if x == 0.0 { Some(0.0) } else { value("br_fraction_corrected") },
            halo_counts: halo_counts(outcome),
            neighbours: flags.as_ref().and_then(Flags::neighbours),
            thickness: flags.as_ref().and_then(Flags::thickness),
            uncalibrated,
            drift,
        })
    }
}

fn halo_counts(outcome: &Outcome) -> Option<f64> {
    let radius = outcome.estimate("halo_radius")?.value;
    let (_, counts) = outcome.table("background")?.numbers("counts").ok()?;
    counts.get(radius.round() as usize).copied().filter(|counts| *counts > 0.0)
}

/// Flags of the patterns of one scan and where they are.
struct Flags {
    at: Vec<(i64, i64)>,
    flagged: Vec<f64>,
    scale: Vec<f64>,
}

impl Flags {
    fn of(outcome: &Outcome) -> Option<Self> {
        let table = outcome.table("patterns")?;
        let column = |name: &str| table.numbers(name).ok().map(|(_, values)| values.to_vec());
        let (y, x) = (column("scan_y")?, column("scan_x")?);
        let at = y.iter().zip(&x).map(|(y, x)| (*y as i64, *x as i64)).collect();
        Some(Self { at, flagged: column("flagged")?, scale: column("scale")? })
    }

    fn neighbours(&self) -> Option<f64> {
        let n = self.flagged.len() as f64;
        let mean = self.flagged.iter().sum::<f64>() / n;
        let variance = mean * (1.0 - mean);
        let places: std::collections::BTreeMap<(i64, i64), f64> =
            self.at.iter().copied().zip(self.flagged.iter().copied()).collect();
        let next = |(y, x): &(i64, i64)| [(*y + 1, *x), (*y, *x + 1)];
        let products: Vec<f64> = places
            .iter()
            .flat_map(|(at, flag)| next(at).map(|at| places.get(&at).map(|other| (flag - mean) * (other - mean))))
            .flatten()
            .collect();
        (variance > 0.0 && !products.is_empty()).then(|| products.iter().sum::<f64>() / products.len() as f64 / variance)
    }

    fn thickness(&self) -> Option<f64> {
        let logarithms: Vec<f64> = self.scale.iter().map(|scale| scale.ln()).collect();
        if logarithms.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let (a, b) = (mean(&self.flagged), mean(&logarithms));
        let sum = |f: &dyn Fn(f64, f64) -> f64| self.flagged.iter().zip(&logarithms).map(|(x, y)| f(x - a, y - b)).sum::<f64>();
        let (cross, first, second) = (sum(&|x, y| x * y), sum(&|x, _| x * x), sum(&|_, y| y * y));
        (first > 0.0 && second > 0.0).then(|| cross / (first * second).sqrt())
    }
}
