use super::algorithm::{Class, Event, Searched};
use super::efficiency::{Efficiency, Injection, fit};
use super::input::Input;
use super::report::{Balance, Counts, RESOLVED};
use super::searched::SearchedTest;
use crate::core::data::Table;
use crate::core::series::Sign;
use crate::core::stats::{poisson_interval, wilson_interval};

/// Bins of the table of the efficiency.
const BINS: usize = 20;

/// Every event with its test and piece.
struct Row<'a> {
    test: &'a SearchedTest,
    piece: &'a Searched,
    event: &'a Event,
    /// Share of the events at least as clear that noise alone gives.
    false_share: f64,
}

pub(super) fn spikes(input: &Input<'_>, tests: &[SearchedTest]) -> Table {
    let rows: Vec<Row<'_>> = tests.iter().flat_map(rows).collect();
    let numbers = |value: &dyn Fn(&Row<'_>) -> f64| rows.iter().map(value).collect::<Vec<f64>>();
    let words = |value: &dyn Fn(&Row<'_>) -> String| rows.iter().map(value).collect::<Vec<String>>();
    let stress = |row: &Row<'_>| input.area.map_or(f64::NAN, |area| row.event.load / area);
    let width = |row: &Row<'_>| if row.event.width >= RESOLVED { "resolved" } else { "resolution_limited" };
    Table::new("spikes", "Spikes and steps")
        .with_text("test", words(&|row| row.test.name.clone()))
        .with_numbers("time", "s", numbers(&|row| row.event.time))
        .with_text("segment", words(&|row| row.test.segments[row.piece.piece.segment].kind.word().to_owned()))
        .with_text("class", words(&|row| if row.event.class == Class::Spike { "spike" } else { "step" }.to_owned()))
        .with_text("sign", words(&|row| if row.event.sign == Sign::Positive { "rising" } else { "falling" }.to_owned()))
        .with_numbers("size", "", numbers(&|row| row.event.size))
        .with_numbers("size_error", "", numbers(&|row| row.event.size_error))
        .with_numbers("z", "", numbers(&|row| row.event.z))
        .with_numbers("expected_false", "", numbers(&|row| row.event.expected_false))
        .with_numbers("false_share", "", numbers(&|row| row.false_share))
        .with_numbers("width_samples", "", numbers(&|row| row.event.width as f64))
        .with_text("width", words(&|row| width(row).to_owned()))
        .with_numbers("duration", "s", numbers(&|row| row.event.width as f64 * row.piece.piece.step))
        .with_numbers("area", "s", numbers(&|row| row.event.area))
        .with_numbers("stress", "Pa", numbers(&stress))
}

/// The events of a test in order of time, with what Benjamini and Hochberg's rule says of each.
fn rows<'a>(test: &'a SearchedTest) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = test
        .pieces
        .iter()
        .flat_map(|piece| piece.events.iter().map(move |event| Row { test, piece, event, false_share: f64::NAN }))
        .collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let rate = |row: &Row<'_>| row.piece.rate(row.event);
    order.sort_by(|a, b| rate(&rows[*a]).total_cmp(&rate(&rows[*b])));
    let mut share = 1.0f64;
    for (rank, place) in order.into_iter().enumerate().rev() {
        share = share.min(rate(&rows[place]) * test.looks() / (rank + 1) as f64);
        rows[place].false_share = share;
    }
    rows
}

pub(super) fn segments(counts: &[Counts<'_>], injections: &[Injection]) -> Table {
    let numbers = |value: &dyn Fn(&Counts<'_>) -> f64| counts.iter().map(value).collect::<Vec<f64>>();
    let rate = |counts: &Counts<'_>, side: usize| counts.found[side] as f64 / counts.exposure;
    let end = |counts: &Counts<'_>, side: usize, upper: bool| {
        let interval = poisson_interval(counts.found[side], 0.95).unwrap_or((f64::NAN, f64::NAN));
        (if upper { interval.1 } else { interval.0 }) / counts.exposure
    };
    let balance = |counts: &Counts<'_>| Balance::of(counts.found[0], counts.found[1]);
    let of_balance = |value: &dyn Fn(&Balance) -> f64| numbers(&|counts| balance(counts).map_or(f64::NAN, |one| value(&one)));
    let compatible = |counts: &Counts<'_>| match balance(counts) {
        Some(balance) if balance.p < 0.05 => "unequal",
        Some(_) => "compatible with equal rates",
        None => "no spikes",
    };
    let half = |counts: &Counts<'_>| {
        let here: Vec<Injection> = injections.iter().filter(|one| counts.pieces.contains(&one.piece)).copied().collect();
        fit(&here).and_then(|curve| curve.size_at(0.5)).unwrap_or(f64::NAN)
    };
    Table::new("segments", "Spikes by segment")
        .with_text("test", counts.iter().map(|counts| counts.test.to_owned()).collect())
        .with_text("segment", counts.iter().map(|counts| counts.segment.kind.word().to_owned()).collect())
        .with_numbers("start", "s", numbers(&|counts| counts.window[0]))
        .with_numbers("end", "s", numbers(&|counts| counts.window[1]))
        .with_numbers("exposure", "s", numbers(&|counts| counts.exposure))
        .with_numbers("sampling_step", "s", numbers(&|counts| counts.step))
        .with_numbers("mean_stress", "Pa", numbers(&|counts| counts.stress))
        .with_numbers("stress_rate", "Pa/s", numbers(&|counts| counts.stress_rate))
        .with_numbers("rising", "", numbers(&|counts| counts.found[0] as f64))
        .with_numbers("falling", "", numbers(&|counts| counts.found[1] as f64))
        .with_numbers("expected_false_rising", "", numbers(&|counts| counts.expected_false[0]))
        .with_numbers("expected_false_falling", "", numbers(&|counts| counts.expected_false[1]))
        .with_numbers("rate_rising", "1/s", numbers(&|counts| rate(counts, 0)))
        .with_numbers("rate_rising_lo", "1/s", numbers(&|counts| end(counts, 0, false)))
        .with_numbers("rate_rising_hi", "1/s", numbers(&|counts| end(counts, 0, true)))
        .with_numbers("rate_falling", "1/s", numbers(&|counts| rate(counts, 1)))
        .with_numbers("rate_falling_lo", "1/s", numbers(&|counts| end(counts, 1, false)))
        .with_numbers("rate_falling_hi", "1/s", numbers(&|counts| end(counts, 1, true)))
        .with_numbers("imbalance", "", of_balance(&|balance| balance.value))
        .with_numbers("imbalance_lo", "", of_balance(&|balance| balance.interval.0))
        .with_numbers("imbalance_hi", "", of_balance(&|balance| balance.interval.1))
        .with_numbers("imbalance_p", "", of_balance(&|balance| balance.p))
        .with_text("verdict", counts.iter().map(|counts| compatible(counts).to_owned()).collect())
        .with_numbers("threshold_rising", "", numbers(&|counts| counts.thresholds[0]))
        .with_numbers("threshold_falling", "", numbers(&|counts| counts.thresholds[1]))
        .with_numbers("efficiency_50", "", numbers(&half))
}

pub(super) fn efficiency(injections: &[Injection], curve: Option<&Efficiency>) -> Table {
    let bins = bins(injections);
    let column = |value: &dyn Fn(&Bin) -> f64| bins.iter().map(value).collect::<Vec<f64>>();
    Table::new("efficiency", "Injected spikes that were found")
        .with_numbers("size", "", column(&|bin| bin.size))
        .with_numbers("injected", "", column(&|bin| bin.n as f64))
        .with_numbers("found", "", column(&|bin| bin.found as f64))
        .with_numbers("share", "", column(&|bin| bin.found as f64 / bin.n as f64))
        .with_numbers("share_lo", "", column(&|bin| bin.interval.0))
        .with_numbers("share_hi", "", column(&|bin| bin.interval.1))
        .with_numbers("fit", "", column(&|bin| curve.map_or(f64::NAN, |curve| curve.at(bin.size))))
        .with_numbers("relative_bias", "", column(&|bin| bin.bias))
}

/// Injections of like size.
pub(super) struct Bin {
    pub size: f64,
    pub n: usize,
    pub found: usize,
    pub interval: (f64, f64),
    pub bias: f64,
}

pub(super) fn bins(injections: &[Injection]) -> Vec<Bin> {
    let ln = |injection: &Injection| injection.size.ln();
    let lo = injections.iter().map(ln).fold(f64::INFINITY, f64::min);
    let hi = injections.iter().map(ln).fold(f64::NEG_INFINITY, f64::max);
    let width = (hi - lo) / BINS as f64;
    let bin = |index: usize| {
        let from = lo + index as f64 * width;
        let here: Vec<&Injection> =
            injections.iter().filter(|one| ln(one) >= from && (ln(one) < from + width || index + 1 == BINS)).collect();
        let found: Vec<f64> = here.iter().filter_map(|one| Some(one.found? / one.size - 1.0)).collect();
        let interval = wilson_interval(found.len(), here.len(), 0.95).ok()?;
        let bias = found.iter().sum::<f64>() / found.len() as f64;
        Some(Bin { size: (from + 0.5 * width).exp(), n: here.len(), found: found.len(), interval, bias })
    };
    (0..BINS).filter_map(bin).collect()
}
