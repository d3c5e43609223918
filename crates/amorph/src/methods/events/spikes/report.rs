use super::algorithm::{Class, Searched};
use super::efficiency::{Efficiency, Injection, fit, inject};
use super::input::{Input, Pressed};
use super::search::detector;
use super::searched::SearchedTest;
use super::{Rule, Spikes, figures, tables};
use crate::core::ctx::Ctx;
use crate::core::data::Segment;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::series::{Detector, FalseAlarms, Sign};
use crate::core::stats::{poisson_interval, wilson_interval};
use crate::method::MethodError;

/// A spike of so many samples has a duration.
pub(super) const RESOLVED: usize = 3;
/// Share of the time in spikes above which they run into each other.
const CROWDED: f64 = 0.05;

/// Counts of one segment of one test.
pub(super) struct Counts<'a> {
    pub test: &'a str,
    pub segment: &'a Segment,
    /// Places of its pieces among those of all tests.
    pub pieces: Vec<usize>,
    /// Times between which it was searched.
    pub window: [f64; 2],
    pub exposure: f64,
    /// Time between samples, s.
    pub step: f64,
    /// Mean stress, Pa, and its rate, Pa/s.
    pub stress: f64,
    pub stress_rate: f64,
    pub found: [usize; 2],
    pub expected_false: [f64; 2],
    /// In standard errors, of its first piece.
    pub thresholds: [f64; 2],
}

pub(super) fn outcome(method: &Spikes, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let mut notes = input.notes.clone();
    let mut tests = Vec::new();
    for (index, test) in input.tests.iter().enumerate() {
        ctx.report(index as u64, input.tests.len() as u64);
        let seed = derive_seed(ctx.seed, &["test".into(), index.into()]);
        tests.push(searched(method, test, seed, ctx, &mut notes)?);
    }
    let counts = counts(method, input, &tests);
    let (injections, efficiency) = missed(method, &tests, ctx, &mut notes);
    let mut estimates = totals(&counts);
    if let Some(curve) = &efficiency {
        estimates.extend(efficiency_estimates(curve));
    }
    let step = tests.iter().flat_map(|test| &test.pieces).map(|piece| piece.piece.step).fold(0.0, f64::max);
    let dead = (detector(method, step).bank.apart() + 1) as f64 * step;
    estimates.push(Estimate::without_interval("dead_time", "t_d", dead, "s", "set by the widest template"));
    let settling = tests.iter().map(|test| test.settling).fold(0.0, f64::max);
    estimates.push(Estimate::without_interval("settling_time", "t₀", settling, "s", "a choice, not a measurement"));
    remarks(method, input, &tests, &counts, &mut notes);
    let mut listed = vec![tables::spikes(input, &tests), tables::segments(&counts, &injections)];
    if !injections.is_empty() {
        listed.push(tables::efficiency(&injections, efficiency.as_ref()));
    }
    let mut drawn: Vec<_> = tests.iter().take(figures::MOST_TESTS).map(|test| figures::trace(test, input)).collect();
    drawn.push(figures::rates(&counts));
    drawn.extend(efficiency.as_ref().map(|curve| figures::efficiency(&injections, curve)));
    Ok(Outcome { estimates, tables: listed, figures: drawn, notes, ..Outcome::default() })
}

/// Searches a test, and keeps what the rule asks for.
fn searched(
    method: &Spikes,
    test: &Pressed<'_>,
    seed: u64,
    ctx: &Ctx,
    notes: &mut Vec<Note>,
) -> Result<SearchedTest, MethodError> {
    let mut test = match test {
        Pressed::Short(test) => test.search(method, seed, ctx, notes)?,
        Pressed::Long(test) => test.search(method, seed, ctx, notes)?,
    };
    match method.rule {
        Rule::Calibrated => {}
        Rule::FalseDiscovery => keep_discoveries(&mut test, method.false_discovery),
        Rule::FixedThreshold => {
            test.pieces.iter_mut().for_each(|piece| piece.events.retain(|event| event.size >= method.threshold));
        }
    }
    Ok(test)
}

/// Benjamini and Hochberg: the largest number of events of which a share `q` at most is expected to be false.
fn keep_discoveries(test: &mut SearchedTest, q: f64) {
    let looks = test.looks();
    let mut rates: Vec<f64> = test.pieces.iter().flat_map(|piece| piece.events.iter().map(|event| piece.rate(event))).collect();
    rates.sort_unstable_by(f64::total_cmp);
    let kept = (1..=rates.len()).rev().find(|rank| rates[rank - 1] * looks <= q * *rank as f64).unwrap_or(0);
    // Without a discovery the threshold is that of the first.
    let rate = q * kept.max(1) as f64 / looks;
    for piece in &mut test.pieces {
        let mut events = std::mem::take(&mut piece.events);
        events.retain(|event| piece.rate(event) <= rate);
        piece.events = events;
        piece.detected.thresholds = [0, 1].map(|side| piece.detected.tails[side].height(rate));
        piece.detected.expected_false = [rate * piece.detected.exposure as f64; 2];
    }
}

fn counts<'a>(method: &Spikes, input: &Input<'_>, tests: &'a [SearchedTest]) -> Vec<Counts<'a>> {
    let mut all = Vec::new();
    let mut place = 0;
    for test in tests {
        let first = place;
        place += test.pieces.len();
        for index in 0..test.segments.len() {
            let here: Vec<usize> = (0..test.pieces.len()).filter(|piece| test.pieces[*piece].piece.segment == index).collect();
            if let Some(counts) = of_segment(method, input, test, index, &here) {
                all.push(Counts { pieces: here.iter().map(|piece| first + piece).collect(), ..counts });
            }
        }
    }
    all
}

/// Counts of the pieces of a segment; `None` where it has none.
fn of_segment<'a>(
    method: &Spikes,
    input: &Input<'_>,
    test: &'a SearchedTest,
    segment: usize,
    pieces: &[usize],
) -> Option<Counts<'a>> {
    let first = &test.pieces[*pieces.first()?];
    let [stress, stress_rate] = test.loads[segment].map(|load| input.area.map_or(f64::NAN, |area| load / area));
    let mut counts = Counts {
        test: &test.name,
        segment: &test.segments[segment],
        pieces: Vec::new(),
        window: [f64::INFINITY, f64::NEG_INFINITY],
        exposure: 0.0,
        step: first.piece.step,
        stress,
        stress_rate,
        found: [0; 2],
        expected_false: [0.0; 2],
        thresholds: first.detected.thresholds,
    };
    for piece in pieces.iter().map(|piece| &test.pieces[*piece]) {
        let (detected, span) = (&piece.detected, &piece.piece);
        counts.exposure += detected.exposure as f64 * span.step;
        counts.window = [counts.window[0].min(piece.window[0]), counts.window[1].max(piece.window[1])];
        let expected = match method.rule {
            Rule::Calibrated | Rule::FalseDiscovery => detected.expected_false,
            Rule::FixedThreshold => {
                let height = method.threshold * detector(method, span.step).bank.norms(&detected.noise.memory)[0];
                let z = height / detected.scale.at((span.end - span.first) / 2);
                [0, 1].map(|side| detected.tails[side].rate(z) * detected.exposure as f64)
            }
        };
        counts.expected_false = [0, 1].map(|side| counts.expected_false[side] + expected[side]);
        for event in piece.events.iter().filter(|event| event.class == Class::Spike) {
            counts.found[usize::from(event.sign == Sign::Negative)] += 1;
        }
    }
    Some(counts)
}

fn missed(method: &Spikes, tests: &[SearchedTest], ctx: &Ctx, notes: &mut Vec<Note>) -> (Vec<Injection>, Option<Efficiency>) {
    if method.injections == 0 || method.rule == Rule::FixedThreshold {
        return (Vec::new(), None);
    }
    let pieces: Vec<&Searched> = tests.iter().flat_map(|test| &test.pieces).collect();
    let mut widths: Vec<usize> =
        tests.iter().flat_map(SearchedTest::spikes).map(|event| event.width.min(method.widest)).collect();
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

fn remarks(method: &Spikes, input: &Input<'_>, tests: &[SearchedTest], counts: &[Counts<'_>], notes: &mut Vec<Note>) {
    let n = tests.iter().flat_map(SearchedTest::spikes).count();
    let short = tests.iter().flat_map(SearchedTest::spikes).filter(|event| event.width < RESOLVED).count();
    if n > 0 && 2 * short > n {
        let message = format!(
            "{short} of {n} spikes last fewer than {RESOLVED} samples: their durations are those of the sampling, an upper bound"
        );
        notes.push(Note::warning("resolution_limited", message));
    }
    let steps = tests.iter().flat_map(SearchedTest::events).filter(|event| event.class == Class::Step).count();
    if steps > 0 {
        notes.push(Note::info(
            "steps",
            format!("{steps} events stay: steps of the contact or pop-ins, listed and not counted as spikes"),
        ));
    }
    let exposure: f64 = counts.iter().map(|counts| counts.exposure).sum();
    let pieces = tests.iter().flat_map(|test| &test.pieces);
    let busy: f64 = pieces.flat_map(|piece| piece.events.iter().map(|event| event.width as f64 * piece.piece.step)).sum();
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
        let peak = tests.iter().map(|test| test.peak_load).fold(0.0, f64::max) / area;
        if peak > 1e10 {
            let message = format!("the peak stress is {:.1} GPa; check top_diameter and the unit of the load", peak * 1e-9);
            notes.push(Note::warning("stress_implausible", message));
        }
    }
}
