use super::algorithm::{Class, Event, Piece, Search, search};
use super::efficiency::{Efficiency, Injection, fit, inject};
use super::error::SpikesError;
use super::input::{Input, Pressed};
use super::{Rule, Spikes, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{Segment, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::series::{Detector, FalseAlarms, SeriesError, Sign};
use crate::core::stats::{poisson_interval, wilson_interval};
use crate::method::MethodError;

/// Bins of the table of the efficiency.
const BINS: usize = 20;
/// A spike of so many samples has a duration.
const RESOLVED: usize = 3;
/// False alarms per sample that `fixed_threshold` looks at, before it asks for the size.
const LOOSE: f64 = 1e-2;
/// Share of the time in spikes above which they run into each other.
const CROWDED: f64 = 0.05;

/// A test that was searched.
pub(super) struct Result<'a> {
    pub test: &'a Pressed,
    pub search: Search,
}

/// Counts of one segment of one test.
pub(super) struct Counts<'a> {
    pub test: &'a str,
    pub segment: &'a Segment,
    /// Times between which it was searched.
    pub window: [f64; 2],
    pub exposure: f64,
    pub found: [usize; 2],
    pub expected_false: [f64; 2],
}

pub(super) fn outcome(method: &Spikes, input: &Input, ctx: &Ctx) -> std::result::Result<Outcome, MethodError> {
    let mut notes = input.notes.clone();
    let mut results = Vec::new();
    for (index, test) in input.tests.iter().enumerate() {
        let seed = derive_seed(ctx.seed, &["test".into(), index.into()]);
        results.push(searched(method, test, seed, ctx, &mut notes)?);
    }
    let counts: Vec<Counts<'_>> = results.iter().flat_map(|result| counts(method, result)).collect();
    let (injections, efficiency) = missed(method, &results, ctx, &mut notes);
    let mut estimates = totals(&counts);
    if let Some(curve) = &efficiency {
        estimates.extend(efficiency_estimates(curve));
    }
    let detector = Detector::spikes(method.widest, FalseAlarms::PerRecord(method.false_alarms));
    let step = results.iter().flat_map(|result| &result.test.prepared.pieces).map(|piece| piece.step).fold(0.0, f64::max);
    let dead = (detector.bank.apart() + 1) as f64 * step;
    estimates.push(Estimate::without_interval("dead_time", "t_d", dead, "s", "set by the widest template"));
    let settling = results.iter().map(|result| result.test.settling).fold(0.0, f64::max);
    estimates.push(Estimate::without_interval("settling_time", "t₀", settling, "s", "a choice, not a measurement"));
    remarks(method, input, &results, &counts, &mut notes);
    let mut tables = vec![spike_table(input, &results), segment_table(&counts, &results, &injections)];
    if !injections.is_empty() {
        tables.push(efficiency_table(&injections, efficiency.as_ref()));
    }
    let mut drawn: Vec<_> = results.iter().take(figures::MOST_TESTS).map(|result| figures::trace(result, input)).collect();
    drawn.push(figures::rates(&counts));
    drawn.extend(efficiency.as_ref().map(|curve| figures::efficiency(&injections, curve)));
    Ok(Outcome { estimates, tables, figures: drawn, notes, ..Outcome::default() })
}

fn searched<'a>(
    method: &Spikes,
    test: &'a Pressed,
    seed: u64,
    ctx: &Ctx,
    notes: &mut Vec<Note>,
) -> std::result::Result<Result<'a>, MethodError> {
    let mut search_all = Search::default();
    // One detector per sampling step: rates are per second.
    for (index, piece) in test.prepared.pieces.iter().enumerate() {
        let detector = detector(method, piece);
        let found =
            search(&test.ln_resistance, std::slice::from_ref(piece), &detector, derive_seed(seed, &[index.into()]), ctx)
                .map_err(|error| match error {
                    SeriesError::Cancelled(cancelled) => MethodError::from(cancelled),
                    other => SpikesError::TooShort { test: test.name.clone(), reason: other.to_string() }.into(),
                })?;
        search_all.events.extend(found.events.into_iter().map(|event| Event { piece: index, ..event }));
        search_all.searched.extend(found.searched.into_iter().map(|(_, searched)| (index, searched)));
        search_all.skipped.extend(found.skipped.into_iter().map(|(_, reason)| (index, reason)));
    }
    if method.rule == Rule::FixedThreshold {
        search_all.events.retain(|event| event.size >= method.threshold);
    }
    for (index, reason) in &search_all.skipped {
        let kind = test.prepared.segments[test.prepared.pieces[*index].segment].kind.word();
        notes.push(Note::warning("piece_skipped", format!("a {kind} segment of '{}' was not searched: {reason}", test.name)));
    }
    if search_all.searched.is_empty() {
        let reason = search_all.skipped.first().map_or_else(String::new, |(_, reason)| reason.to_string());
        return Err(SpikesError::TooShort { test: test.name.clone(), reason }.into());
    }
    Ok(Result { test, search: search_all })
}

pub(super) fn detector(method: &Spikes, piece: &Piece) -> Detector {
    let alarms = match (method.rule, &method.false_alarm_rate) {
        (Rule::FixedThreshold, _) => FalseAlarms::PerSample(LOOSE),
        (Rule::Calibrated, Some(rate)) => FalseAlarms::PerSample(rate.value * piece.step),
        (Rule::Calibrated, None) => FalseAlarms::PerRecord(method.false_alarms),
    };
    Detector::spikes(method.widest, alarms)
}

/// Spikes alone: steps are pop-ins and contacts.
fn is_spike(event: &&Event) -> bool {
    event.class == Class::Spike
}

fn counts<'a>(method: &Spikes, result: &Result<'a>) -> Vec<Counts<'a>> {
    let segments = &result.test.prepared.segments;
    let mut found: Vec<Counts<'a>> = segments
        .iter()
        .map(|segment| Counts {
            test: &result.test.name,
            segment,
            window: [f64::INFINITY, f64::NEG_INFINITY],
            exposure: 0.0,
            found: [0; 2],
            expected_false: [0.0; 2],
        })
        .collect();
    for (_, searched) in &result.search.searched {
        let here = &mut found[searched.piece.segment];
        let detected = &searched.detected;
        here.exposure += detected.exposure as f64 * searched.piece.step;
        let (times, piece) = (&result.test.prepared.time, &searched.piece);
        // What was left out at the start, as the noise had not settled, is not waited in.
        let known = (piece.first..piece.end).find(|index| result.test.ln_resistance[*index].is_finite()).unwrap_or(piece.first);
        here.window = [here.window[0].min(times[known]), here.window[1].max(times[piece.end - 1] + piece.step)];
        for side in 0..2 {
            here.expected_false[side] += match method.rule {
                Rule::Calibrated => detected.expected_false[side],
                Rule::FixedThreshold => {
                    let local = detected.scale.at((searched.piece.end - searched.piece.first) / 2);
                    let norm =
                        Detector::spikes(method.widest, FalseAlarms::PerSample(LOOSE)).bank.norms(&detected.noise.memory)[0];
                    detected.tails[side].rate(method.threshold * norm / local) * detected.exposure as f64
                }
            };
        }
    }
    for event in result.search.events.iter().filter(is_spike) {
        let segment = result.test.prepared.pieces[event.piece].segment;
        found[segment].found[usize::from(event.sign == Sign::Negative)] += 1;
    }
    found.retain(|counts| counts.exposure > 0.0);
    found
}

fn missed(method: &Spikes, results: &[Result<'_>], ctx: &Ctx, notes: &mut Vec<Note>) -> (Vec<Injection>, Option<Efficiency>) {
    if method.injections == 0 || method.rule == Rule::FixedThreshold {
        return (Vec::new(), None);
    }
    let pieces: Vec<_> = results.iter().flat_map(|result| result.search.searched.iter().cloned()).collect();
    let mut widths: Vec<usize> = results
        .iter()
        .flat_map(|result| result.search.events.iter().filter(is_spike))
        .map(|event| event.width.min(method.widest))
        .collect();
    if widths.len() < 20 {
        notes.push(Note::info(
            "injected_widths",
            format!("too few spikes for their durations: injected ones last 1 to {} samples", method.widest),
        ));
        widths = (1..=method.widest).collect();
    }
    let detector = Detector::spikes(method.widest, FalseAlarms::PerRecord(method.false_alarms));
    let injections = inject(&pieces, &detector, &widths, method.injections, derive_seed(ctx.seed, &["injections".into()]));
    let curve = fit(&injections);
    (injections, curve)
}

fn totals(counts: &[Counts<'_>]) -> Vec<Estimate> {
    let of = |side: usize| counts.iter().map(|counts| counts.found[side]).sum::<usize>();
    let (rising, falling) = (of(0), of(1));
    let n = rising + falling;
    let exposure: f64 = counts.iter().map(|counts| counts.exposure).sum();
    let expected: f64 = counts.iter().flat_map(|counts| counts.expected_false).sum();
    let mut estimates = vec![Estimate::without_interval("spike_count", "N", n as f64, "", "counted, without error")];
    if let Ok((lo, hi)) = poisson_interval(n, 0.95) {
        let rate = n as f64 / exposure;
        let interval = (lo / exposure, hi / exposure);
        estimates.push(Estimate::with_interval("spike_rate", "r", rate, "1/s", interval, Basis::Counting).n(n as f64));
    }
    let why = "an expectation from surrogates of the noise";
    estimates.push(Estimate::without_interval("expected_false_count", "N₀", expected, "", why));
    if let Some(balance) = Balance::of(rising, falling) {
        let interval = (balance.interval.0, balance.interval.1);
        estimates.push(Estimate::with_interval("imbalance", "D", balance.value, "", interval, Basis::Counting).n(n as f64));
        estimates.push(Estimate::without_interval("imbalance_p", "p", balance.p, "", "a probability"));
    }
    estimates
}

/// How far two counts are from equal.
pub(super) struct Balance {
    pub value: f64,
    pub interval: (f64, f64),
    pub p: f64,
}

impl Balance {
    /// D = (a - b)/(a + b) with Wilson's interval and the exact two-sided probability (mid-p) of equal rates.
    pub fn of(a: usize, b: usize) -> Option<Self> {
        let n = a + b;
        let (lo, hi) = wilson_interval(a, n, 0.95).ok()?;
        let share = |p: f64| 2.0 * p - 1.0;
        let ln_choose = |k: usize| {
            let ln_factorial = |m: usize| crate::core::special::ln_gamma(m as f64 + 1.0);
            ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
        };
        let probability = |k: usize| (ln_choose(k) - n as f64 * std::f64::consts::LN_2).exp();
        let smaller = a.min(b);
        let below: f64 = (0..smaller).map(probability).sum();
        let p = (2.0 * below + probability(smaller)).min(1.0);
        Some(Self { value: share(a as f64 / n as f64), interval: (share(lo), share(hi)), p })
    }
}

fn efficiency_estimates(curve: &Efficiency) -> Vec<Estimate> {
    let why = "from injected spikes; the table gives the counts";
    let estimate = |key: &str, symbol: &str, share: f64| {
        curve.size_at(share).map(|size| Estimate::without_interval(key, symbol, size, "", why))
    };
    [estimate("detection_efficiency_50", "x₅₀", 0.5), estimate("detection_efficiency_95", "x₉₅", 0.95)]
        .into_iter()
        .flatten()
        .collect()
}

fn remarks(method: &Spikes, input: &Input, results: &[Result<'_>], counts: &[Counts<'_>], notes: &mut Vec<Note>) {
    let events = || results.iter().flat_map(|result| &result.search.events);
    let n = events().filter(is_spike).count();
    let short = events().filter(is_spike).filter(|event| event.width < RESOLVED).count();
    if n > 0 && 2 * short > n {
        let message = format!(
            "{short} of {n} spikes last fewer than {RESOLVED} samples: their durations are those of the sampling, an upper bound"
        );
        notes.push(Note::warning("resolution_limited", message));
    }
    let steps = events().filter(|event| event.class == Class::Step).count();
    if steps > 0 {
        notes.push(Note::info(
            "steps",
            format!("{steps} events stay: steps of the contact or pop-ins, listed and not counted as spikes"),
        ));
    }
    let exposure: f64 = counts.iter().map(|counts| counts.exposure).sum();
    let busy: f64 = results
        .iter()
        .flat_map(|result| {
            result.search.events.iter().map(|event| event.width as f64 * result.test.prepared.pieces[event.piece].step)
        })
        .sum();
    if busy > CROWDED * exposure {
        let share = 100.0 * busy / exposure;
        notes.push(Note::warning(
            "crowded",
            format!("spikes take {share:.1} % of the time: some run into each other and are counted as one"),
        ));
    }
    if method.rule == Rule::FixedThreshold {
        let message = "a fixed threshold takes no account of the noise: compare the expected number of false alarms";
        notes.push(Note::warning("fixed_threshold", message));
    }
    if let Some(area) = input.area {
        let peak = results.iter().flat_map(|result| &result.test.prepared.load).copied().fold(0.0, f64::max) / area;
        if peak > 1e10 {
            let message = format!("the peak stress is {:.1} GPa; check top_diameter and the unit of the load", peak * 1e-9);
            notes.push(Note::warning("stress_implausible", message));
        }
    }
}

fn spike_table(input: &Input, results: &[Result<'_>]) -> Table {
    let rows: Vec<(&Result<'_>, &Event)> =
        results.iter().flat_map(|result| result.search.events.iter().map(move |event| (result, event))).collect();
    let numbers =
        |value: &dyn Fn(&Result<'_>, &Event) -> f64| rows.iter().map(|(result, event)| value(result, event)).collect();
    let words =
        |value: &dyn Fn(&Result<'_>, &Event) -> String| rows.iter().map(|(result, event)| value(result, event)).collect();
    let stress = |result: &Result<'_>, index: usize| match (input.area, result.test.prepared.load.get(index)) {
        (Some(area), Some(load)) => load / area,
        _ => f64::NAN,
    };
    let segment = |result: &Result<'_>, event: &Event| {
        result.test.prepared.segments[result.test.prepared.pieces[event.piece].segment].kind.word().to_owned()
    };
    Table::new("spikes", "Spikes and steps")
        .with_text("test", words(&|result, _| result.test.name.clone()))
        .with_numbers("time", "s", numbers(&|result, event| result.test.prepared.time[event.index]))
        .with_text("segment", words(&|result, event| segment(result, event)))
        .with_text("class", words(&|_, event| if event.class == Class::Spike { "spike" } else { "step" }.to_owned()))
        .with_text("sign", words(&|_, event| if event.sign == Sign::Positive { "rising" } else { "falling" }.to_owned()))
        .with_numbers("size", "", numbers(&|_, event| event.size))
        .with_numbers("size_error", "", numbers(&|_, event| event.size_error))
        .with_numbers("z", "", numbers(&|_, event| event.z))
        .with_numbers("expected_false", "", numbers(&|_, event| event.expected_false))
        .with_numbers("width_samples", "", numbers(&|_, event| event.width as f64))
        .with_text(
            "width",
            words(&|_, event| if event.width >= RESOLVED { "resolved" } else { "resolution_limited" }.to_owned()),
        )
        .with_numbers("area", "s", numbers(&|_, event| event.area))
        .with_numbers("stress", "Pa", numbers(&|result, event| stress(result, event.index)))
}

fn segment_table(counts: &[Counts<'_>], results: &[Result<'_>], injections: &[Injection]) -> Table {
    let numbers = |value: &dyn Fn(&Counts<'_>) -> f64| counts.iter().map(value).collect::<Vec<f64>>();
    let rate = |counts: &Counts<'_>, side: usize| counts.found[side] as f64 / counts.exposure;
    let end = |counts: &Counts<'_>, side: usize, upper: bool| {
        let interval = poisson_interval(counts.found[side], 0.95).unwrap_or((f64::NAN, f64::NAN));
        (if upper { interval.1 } else { interval.0 }) / counts.exposure
    };
    let balance = |counts: &Counts<'_>| Balance::of(counts.found[0], counts.found[1]);
    let compatible = |counts: &Counts<'_>| match balance(counts) {
        Some(balance) if balance.p < 0.05 => "unequal",
        Some(_) => "compatible with equal rates",
        None => "no spikes",
    };
    let threshold = |place: usize| -> Vec<f64> {
        let of = |counts: &Counts<'_>| {
            let result = results.iter().find(|result| result.test.name == counts.test);
            let segments = |result: &Result<'_>, piece: &Piece| {
                std::ptr::eq(&raw const result.test.prepared.segments[piece.segment], counts.segment)
            };
            result
                .and_then(|result| result.search.searched.iter().find(|(_, one)| segments(result, &one.piece)))
                .map_or(f64::NAN, |(_, one)| one.detected.thresholds[place])
        };
        counts.iter().map(of).collect()
    };
    // Pieces in the order in which they were injected into.
    let pieces: Vec<(&str, usize)> = results
        .iter()
        .flat_map(|result| result.search.searched.iter().map(|(_, one)| (result.test.name.as_str(), one.piece.segment)))
        .collect();
    let half = |counts: &Counts<'_>| {
        let result = results.iter().find(|result| result.test.name == counts.test);
        let segment =
            result.and_then(|result| result.test.prepared.segments.iter().position(|one| std::ptr::eq(one, counts.segment)));
        let here: Vec<Injection> = injections
            .iter()
            .filter(|one| pieces.get(one.piece).is_some_and(|(test, place)| *test == counts.test && Some(*place) == segment))
            .copied()
            .collect();
        fit(&here).and_then(|curve| curve.size_at(0.5)).unwrap_or(f64::NAN)
    };
    Table::new("segments", "Spikes by segment")
        .with_text("test", counts.iter().map(|counts| counts.test.to_owned()).collect())
        .with_text("segment", counts.iter().map(|counts| counts.segment.kind.word().to_owned()).collect())
        .with_numbers("start", "s", numbers(&|counts| counts.window[0]))
        .with_numbers("end", "s", numbers(&|counts| counts.window[1]))
        .with_numbers("exposure", "s", numbers(&|counts| counts.exposure))
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
        .with_numbers("imbalance", "", numbers(&|counts| balance(counts).map_or(f64::NAN, |balance| balance.value)))
        .with_numbers("imbalance_lo", "", numbers(&|counts| balance(counts).map_or(f64::NAN, |balance| balance.interval.0)))
        .with_numbers("imbalance_hi", "", numbers(&|counts| balance(counts).map_or(f64::NAN, |balance| balance.interval.1)))
        .with_numbers("imbalance_p", "", numbers(&|counts| balance(counts).map_or(f64::NAN, |balance| balance.p)))
        .with_text("verdict", counts.iter().map(|counts| compatible(counts).to_owned()).collect())
        .with_numbers("threshold_rising", "", threshold(0))
        .with_numbers("threshold_falling", "", threshold(1))
        .with_numbers("efficiency_50", "", numbers(&half))
}

fn efficiency_table(injections: &[Injection], curve: Option<&Efficiency>) -> Table {
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
