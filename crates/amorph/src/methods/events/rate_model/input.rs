use super::super::found::{SegmentRow, segment_rows};
use super::algorithm::{FEWEST_EVENTS, FEWEST_PILLARS, Pillars, Plan, Row};
use super::error::RateModelError;
use super::{PillarEffect, RateModel};
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};

/// Kinds of segments in the order of a test.
pub(super) const KINDS: [&str; 3] = ["load", "hold", "unload"];
/// Smallest standard deviation of `ln |stress rate|` within kinds of segments from which a power is fitted.
const LEAST_SPREAD: f64 = 0.1;

/// Counts of the kinds of segments that can be compared.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) rows: Vec<Row>,
    pub(super) plan: Plan,
    /// Kinds that are in the model.
    pub(super) kinds: Vec<&'static str>,
    pub(super) pillars: usize,
    /// Stress rate at which rates are stated, Pa/s.
    pub(super) reference: f64,
    pub(super) notes: Vec<Note>,
}

pub(super) fn collect(method: &RateModel, dataset: &Dataset) -> Result<Input, MethodError> {
    let all = segment_rows(dataset, method.background);
    if all.is_empty() {
        return Err(RateModelError::NoSpikes.into());
    }
    let mut notes = Vec::new();
    let kinds: Vec<&'static str> = KINDS.into_iter().filter(|kind| has_both_signs(&all, kind, &mut notes)).collect();
    let used: Vec<&SegmentRow> = all.iter().filter(|row| kinds.contains(&row.segment.as_str()) && row.exposure > 0.0).collect();
    if used.is_empty() {
        return Err(RateModelError::TooFew { segments: all.len() }.into());
    }
    let mut names: Vec<(&str, &str)> = used.iter().map(|row| (row.item.as_str(), row.test.as_str())).collect();
    names.sort_unstable();
    names.dedup();
    let reference = reference(&used);
    let drive = method.stress_rate && goes_with_stress_rate(&used, &mut notes);
    let row = |row: &&SegmentRow| Row {
        pillar: names.iter().position(|name| *name == (row.item.as_str(), row.test.as_str())).unwrap_or(0),
        kind: kinds.iter().position(|kind| *kind == row.segment).unwrap_or(0),
        exposure: row.exposure,
        ln_drive: if drive && row.segment != "hold" { (row.stress_rate.abs() / reference).ln() } else { 0.0 },
        found: row.found,
        background: row.background,
    };
    let rows: Vec<Row> = used.iter().map(row).collect();
    let pillars = if names.len() < FEWEST_PILLARS && method.pillars != PillarEffect::Alike {
        let message =
            format!("{} pillars tell nothing of the scatter between pillars: the intervals hold for these alone", names.len());
        notes.push(Note::warning("few_pillars", message));
        Pillars::Alike
    } else {
        match method.pillars {
            PillarEffect::Random => Pillars::Random,
            PillarEffect::Fixed => Pillars::Fixed,
            PillarEffect::Alike => Pillars::Alike,
        }
    };
    Ok(Input { rows, plan: Plan { kinds: kinds.len(), drive, pillars }, kinds, pillars: names.len(), reference, notes })
}

/// Whether a kind has events of both signs beyond its false alarms; says so where it has not.
fn has_both_signs(rows: &[SegmentRow], kind: &str, notes: &mut Vec<Note>) -> bool {
    let here = || rows.iter().filter(|row| row.segment == kind);
    let beyond = [0, 1].map(|sign| here().map(|row| row.found[sign] as f64 - row.background[sign]).sum::<f64>());
    let enough = beyond.iter().all(|events| *events >= FEWEST_EVENTS);
    if !enough && here().next().is_some() {
        let message = format!(
            "{kind}: {:.1} rising and {:.1} falling events beyond false alarms; {FEWEST_EVENTS} of each are needed: see events.imbalance",
            beyond[0], beyond[1]
        );
        notes.push(Note::refused("kind_left_out", message));
    }
    enough
}

/// Geometric mean of the stress rates of ramps; NaN where none is known.
fn reference(rows: &[&SegmentRow]) -> f64 {
    let ramps = || rows.iter().filter(|row| row.segment != "hold").map(|row| row.stress_rate.abs().ln());
    (ramps().sum::<f64>() / ramps().count() as f64).exp()
}

/// Whether stress rates are known and differ within a kind of segment: between kinds the kinds differ too.
fn goes_with_stress_rate(rows: &[&SegmentRow], notes: &mut Vec<Note>) -> bool {
    let ramps: Vec<&&SegmentRow> = rows.iter().filter(|row| row.segment != "hold").collect();
    if ramps.is_empty() {
        return false;
    }
    if !ramps.iter().all(|row| row.stress_rate.abs() > 0.0) {
        notes.push(Note::info("no_stress_rate", "top_diameter is not known: rates are not compared over the stress rate"));
        return false;
    }
    let (mut sum, mut n) = (0.0, 0.0);
    for kind in ["load", "unload"] {
        let ln: Vec<f64> = ramps.iter().filter(|row| row.segment == kind).map(|row| row.stress_rate.abs().ln()).collect();
        let mean = ln.iter().sum::<f64>() / ln.len() as f64;
        sum += ln.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        n += ln.len() as f64;
    }
    let differ = (sum / n).sqrt() >= LEAST_SPREAD;
    if !differ {
        let message = "all tests were loaded at the same rate: how rates of events go with it cannot be told";
        notes.push(Note::info("one_stress_rate", message));
    }
    differ
}
