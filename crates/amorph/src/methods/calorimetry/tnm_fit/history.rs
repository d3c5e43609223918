//! What happened to a sample before its heating scan: as recorded, or as stated.

use super::TnmFit;
use super::algorithm::Piece;
use crate::core::unit::Quantity;
use crate::methods::calorimetry::CalorimetryError;
use crate::methods::calorimetry::lines::place;
use crate::methods::calorimetry::scans::{Scan, Scans};

/// A recorded history counts as such where it begins at most this far below the end of the scan, K.
const FROM_LIQUID: f64 = 15.0;
/// A history may be drawn so far from its rows, K.
const TOLERANCE: f64 = 0.1;
/// Smoothing in the search for crystallisation, K.
const SMOOTHING: f64 = 3.0;

/// Cooling rate (K/s), and annealing temperature (K) and time (s), that tell histories from each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Past {
    /// Slowest part of the cooling over the range of the scan, K/s.
    pub rate: f64,
    /// Time spent below the end of the scan before it, s.
    pub time: f64,
}

/// Scans with their histories, and where the first of them rises most.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Every scan in bins.
    pub pieces: Vec<Piece>,
    /// What tells their histories from each other.
    pub pasts: Vec<Past>,
    /// Steepest rise of the first, K.
    pub near: f64,
}

/// All heating scans with their histories.
///
/// # Errors
/// [`CalorimetryError::NoRamp`] for a scan that is too short, [`CalorimetryError::NoHistory`].
pub fn prepare(method: &TnmFit, scans: &Scans) -> Result<Prepared, CalorimetryError> {
    let heatings = scans.heatings();
    let mut found = Prepared { pieces: Vec::new(), pasts: Vec::new(), near: f64::NAN };
    for (number, scan) in heatings.iter().enumerate() {
        let within = |t: f64| method.fit_from.is_none_or(|from| t >= from) && method.fit_to.is_none_or(|to| t <= to);
        let place = place(&scan.temperature, &scan.heat_capacity, SMOOTHING).ok_or_else(|| short(scan))?;
        if number == 0 {
            found.near = place.steepest;
        }
        let end = if place.crystallises { place.end } else { f64::INFINITY };
        let rows: Vec<usize> =
            (0..scan.temperature.len()).filter(|i| within(scan.temperature[*i]) && scan.temperature[*i] <= end).collect();
        let pick = |values: &[f64]| rows.iter().map(|i| values[*i]).collect::<Vec<f64>>();
        let (time, temperature, heat) = (pick(&scan.time), pick(&scan.temperature), pick(&scan.heat_capacity));
        let liquid = *temperature.last().ok_or_else(|| short(scan))?;
        let before = match recorded(scans, scan, liquid) {
            Some(rows) => rows,
            None => stated(method, scan, number, heatings.len(), liquid)?,
        };
        let time_below = before.last().map_or(0.0, |last| last.0) - before[0].0;
        found.pasts.push(Past { rate: slowest(&before), time: time_below });
        let piece = Piece::of(before, &time, &temperature, &heat, method.bin).ok_or_else(|| short(scan))?;
        found.pieces.push(piece);
    }
    Ok(found)
}

fn short(scan: &Scan) -> CalorimetryError {
    CalorimetryError::NoRamp { what: scan.name.clone(), needed: 60.0, rows: scan.temperature.len() }
}

/// Rows of the same record before the scan, where they begin in the liquid; simplified.
fn recorded(scans: &Scans, scan: &Scan, liquid: f64) -> Option<Vec<(f64, f64)>> {
    let history = scans.histories.get(scan.record)?;
    let end = history.partition_point(|row| row.0 < scan.time[0]);
    let first = history[..end].iter().rposition(|row| row.1 >= liquid - FROM_LIQUID)?;
    let rows = &history[first..=end.min(history.len() - 1)];
    (rows.len() > 2).then(|| simplified(rows))
}

/// The fewest rows between which straight lines stay within the tolerance (Ramer, Douglas and Peucker).
fn simplified(rows: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let last = rows.len() - 1;
    let mut kept = vec![0, last];
    let mut waiting = vec![(0, last)];
    while let Some((a, b)) = waiting.pop() {
        let line = |i: usize| rows[a].1 + (rows[b].1 - rows[a].1) * (rows[i].0 - rows[a].0) / (rows[b].0 - rows[a].0);
        let away = |i: usize| (rows[i].1 - line(i)).abs();
        let worst = (a + 1..b).max_by(|i, j| away(*i).total_cmp(&away(*j)));
        if let Some(i) = worst.filter(|i| away(*i) > TOLERANCE) {
            kept.push(i);
            waiting.extend([(a, i), (i, b)]);
        }
    }
    kept.sort_unstable();
    kept.into_iter().map(|i| rows[i]).collect()
}

/// From the rate of the cooling and an annealing, as the parameters state them.
fn stated(method: &TnmFit, scan: &Scan, number: usize, scans: usize, liquid: f64) -> Result<Vec<(f64, f64)>, CalorimetryError> {
    if method.cooling_rates.len() != scans {
        let found = method.cooling_rates.len();
        return Err(CalorimetryError::NoHistory { scan: scan.name.clone(), found, needed: scans });
    }
    let of = |list: &[Quantity]| list.get(number).map(|quantity| quantity.value);
    let rate = method.cooling_rates[number].value.abs();
    let top = method.liquid_temperature.as_ref().map_or(liquid, |quantity| quantity.value);
    let cold = scan.temperature[0];
    let annealing = of(&method.annealing_temperatures).zip(of(&method.annealing_times)).filter(|(_, time)| *time > 0.0);
    let mut nodes = vec![(0.0, top)];
    let to = |temperature: f64, hold: f64, nodes: &mut Vec<(f64, f64)>| {
        let (time, from) = nodes[nodes.len() - 1];
        let arrived = time + (from - temperature).abs() / rate;
        nodes.push((arrived, temperature));
        if hold > 0.0 {
            nodes.push((arrived + hold, temperature));
        }
    };
    if let Some((temperature, time)) = annealing {
        // A glass that is annealed has been cold before.
        if method.annealed_from_cold {
            to(cold, 0.0, &mut nodes);
        }
        to(temperature, time, &mut nodes);
    }
    to(cold, 0.0, &mut nodes);
    let shift = scan.time[0] - nodes[nodes.len() - 1].0;
    Ok(nodes.into_iter().map(|(time, temperature)| (time + shift, temperature)).collect())
}

/// Slowest cooling of a history, K/s.
fn slowest(nodes: &[(f64, f64)]) -> f64 {
    let rates = nodes.windows(2).map(|pair| (pair[0].1 - pair[1].1) / (pair[1].0 - pair[0].0)).filter(|rate| *rate > 1e-6);
    rates.fold(f64::INFINITY, f64::min)
}

/// Number of histories that differ by a tenth or more.
pub fn different(pasts: &[Past]) -> usize {
    let far = |a: f64, b: f64| (a / b).ln().abs() > 0.1;
    let mut kept: Vec<Past> = Vec::new();
    for past in pasts {
        if kept.iter().all(|other| far(other.rate, past.rate) || far(other.time, past.time)) {
            kept.push(*past);
        }
    }
    kept.len()
}
