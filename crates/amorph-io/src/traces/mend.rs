//! Repairs that are sure: sentinels, samples that were never written, time that restarts. Each is listed.

use amorph_core::data::{Recording, Repair, TraceQuantity};
use amorph_core::stats::median_in_place;

/// Instruments write the greatest number for "not computed".
const SENTINEL: f64 = 1e300;
/// No clock ticks so finely: the memory was never written.
const UNWRITTEN: f64 = 1e-200;

/// Makes sentinels missing.
pub(crate) fn sentinels(name: &str, values: &mut [f64], repairs: &mut Vec<Repair>) {
    let (mut rows, mut first) = (0, 0);
    for (row, value) in values.iter_mut().enumerate() {
        if value.abs() > SENTINEL {
            *value = f64::NAN;
            first = if rows == 0 { row } else { first };
            rows += 1;
        }
    }
    if rows > 0 {
        let text = format!("'{name}': {rows} values beyond 1e300 mean \"not computed\" and are missing");
        repairs.push(Repair { kind: "sentinel".to_owned(), rows, first, text });
    }
}

/// Mends time and lists what is missing.
pub(crate) fn mend(recording: &mut Recording, time_is_kept: bool) {
    let Recording { channels, repairs, .. } = recording;
    for channel in channels.iter_mut().filter(|channel| channel.quantity == TraceQuantity::Time) {
        unwritten(&channel.name, &mut channel.values, repairs);
        if !time_is_kept {
            restarts(&channel.name, &mut channel.values, repairs);
        }
        repeated(&channel.name, &channel.values, repairs);
    }
    for channel in channels.iter() {
        let missing = channel.values.iter().filter(|value| value.is_nan()).count();
        let counted = |repair: &&Repair| repair.kind == "sentinel" && repair.text.starts_with(&format!("'{}'", channel.name));
        let known: usize = repairs.iter().filter(counted).map(|repair| repair.rows).sum();
        if missing > known {
            let first = channel.values.iter().position(|value| value.is_nan()).unwrap_or(0);
            let rows = missing - known;
            let text = format!("'{}': {rows} values are missing in the file", channel.name);
            repairs.push(Repair { kind: "missing".to_owned(), rows, first, text });
        }
    }
}

fn unwritten(name: &str, values: &mut [f64], repairs: &mut Vec<Repair>) {
    if let Some(first) = values.first_mut()
        && *first != 0.0
        && first.abs() < UNWRITTEN
    {
        let text = format!("'{name}': the first value {first:e} was never written by the instrument and is 0");
        repairs.push(Repair { kind: "unwritten".to_owned(), rows: 1, first: 0, text });
        *first = 0.0;
    }
}

/// Joins stretches whose time starts again: a fall to before the middle of the stretch. A small fall, as where segments
/// overlap, stays as it is and is told.
fn restarts(name: &str, time: &mut [f64], repairs: &mut Vec<Repair>) {
    if !time.windows(2).any(|pair| pair[1] < pair[0]) {
        return;
    }
    let mut steps: Vec<f64> = time.windows(2).map(|pair| pair[1] - pair[0]).filter(|step| *step > 0.0).collect();
    let step = median_in_place(&mut steps);
    let (mut begin, mut offset, mut overlaps, mut first_overlap) = (time.first().copied().unwrap_or(0.0), 0.0, 0, 0);
    let mut previous = begin;
    for (row, value) in time.iter_mut().enumerate() {
        let written = *value;
        if written < previous {
            if written < 0.5 * (begin + previous) {
                // The sample before has already been moved by the offset so far.
                let last = previous + offset;
                offset = last + step - written;
                begin = written;
                let text = format!("'{name}' starts again at row {row}; from there {offset:e} is added, so that it runs on");
                repairs.push(Repair { kind: "time_restart".to_owned(), rows: 1, first: row, text });
            } else {
                first_overlap = if overlaps == 0 { row } else { first_overlap };
                overlaps += 1;
            }
        }
        if written.is_finite() {
            previous = written;
        }
        *value = written + offset;
    }
    if overlaps > 0 {
        let text = format!("'{name}' falls a little at {overlaps} rows, as where segments overlap; kept as it is");
        repairs.push(Repair { kind: "time_overlap".to_owned(), rows: overlaps, first: first_overlap, text });
    }
}

fn repeated(name: &str, time: &[f64], repairs: &mut Vec<Repair>) {
    let is_repeated = |pair: &[f64]| pair[0] == pair[1];
    let rows = time.windows(2).filter(|pair| is_repeated(pair)).count();
    if rows > 0 {
        let first = time.windows(2).position(is_repeated).map_or(0, |row| row + 1);
        let text = format!("'{name}': {rows} rows have the time of the row before; kept as they are");
        repairs.push(Repair { kind: "time_repeated".to_owned(), rows, first, text });
    }
}
