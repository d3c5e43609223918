use super::Coincidence;
use super::algorithm::{Together, slope, together};
use super::input::{Input, PopIn, Spike};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::stats::{rank_correlation, wilson_interval};
use crate::core::unit::Unit;

/// Fewest pairs whose sizes are ranked.
const RANKED: usize = 5;

/// A pop-in and its spike.
struct Pair {
    pop_in: PopIn,
    spike: Spike,
}

pub(super) fn outcome(method: &Coincidence, input: &Input, ctx: &Ctx) -> Outcome {
    let counted = together(&input.times, method.shifts, derive_seed(ctx.seed, &["shifts".into()]));
    let partners: Vec<Vec<Option<usize>>> = input.times.iter().map(|times| times.partners(&times.spikes)).collect();
    let pairs: Vec<Pair> = partners
        .iter()
        .enumerate()
        .flat_map(|(test, partners)| partners.iter().enumerate().map(move |(pop_in, spike)| (test, pop_in, *spike)))
        .filter_map(|(test, pop_in, spike)| {
            Some(Pair { pop_in: input.pop_ins[test][pop_in], spike: input.spikes[test][spike?] })
        })
        .collect();
    let n_pop_ins: usize = input.pop_ins.iter().map(Vec::len).sum();
    let mut notes = Vec::new();
    if n_pop_ins == 0 {
        notes.push(Note::info("no_pop_ins", "no pop-in in the time that was searched for spikes"));
    }
    let with_depth: Vec<&Pair> = pairs.iter().filter(|pair| pair.pop_in.jump.is_finite()).collect();
    Outcome {
        estimates: estimates(method, &counted, n_pop_ins, &with_depth, ctx),
        tables: vec![spike_table(input, &partners), pop_in_table(input, &partners)],
        figures: figures(&with_depth),
        notes,
        ..Outcome::default()
    }
}

fn estimates(method: &Coincidence, counted: &Together, n_pop_ins: usize, pairs: &[&Pair], ctx: &Ctx) -> Vec<Estimate> {
    let plain = |key: &str, symbol: &str, value: f64, why: &str| Estimate::without_interval(key, symbol, value, "", why);
    let mut found = vec![plain("coincident_count", "N_c", counted.found as f64, "counted, without error")];
    if let Ok((lo, hi)) = wilson_interval(counted.found, n_pop_ins, 0.95) {
        let share = counted.found as f64 / n_pop_ins as f64;
        let estimate = Estimate::with_interval("coincident_share", "f_c", share, "", (lo, hi), Basis::Counting);
        found.push(estimate.n(n_pop_ins as f64));
        found.push(plain("expected_by_chance", "N₀", counted.expected, "an expectation over shifts of time"));
        found.push(plain("coincidence_p", "p", counted.p, "a probability"));
    }
    let sizes: Vec<(f64, f64)> = pairs.iter().map(|pair| (pair.pop_in.jump, pair.spike.change.abs())).collect();
    let seed = derive_seed(ctx.seed, &["ranks".into()]);
    if let Some(ranked) = rank_correlation(&sizes, method.shifts, seed).filter(|ranked| ranked.n >= RANKED) {
        let n = ranked.n as f64;
        found.push(plain("rank_correlation", "r_s", ranked.rho, "its probability says what it is worth").n(n));
        found.push(plain("rank_correlation_p", "p_s", ranked.p_value, "a probability").n(n));
    }
    let known: Vec<&&Pair> = pairs.iter().filter(|pair| pair.pop_in.strain.is_finite()).collect();
    let column = |value: &dyn Fn(&Pair) -> f64| known.iter().map(|pair| value(pair)).collect::<Vec<f64>>();
    let slope = slope(
        &column(&|pair| pair.pop_in.strain),
        &column(&|pair| pair.spike.change),
        &column(&|pair| pair.pop_in.error * pair.pop_in.strain / pair.pop_in.jump),
        &column(&|pair| pair.spike.error),
    );
    if let Some(slope) = slope {
        let why = "pairs scatter by more than their errors";
        found.push(plain("change_per_strain", "k", slope, why).n(known.len() as f64));
    }
    found
}

/// Every spike: primary where it belongs to a pop-in, else secondary.
fn spike_table(input: &Input, partners: &[Vec<Option<usize>>]) -> Table {
    let rows: Vec<(usize, usize)> =
        input.spikes.iter().enumerate().flat_map(|(test, spikes)| (0..spikes.len()).map(move |spike| (test, spike))).collect();
    let column = |value: &dyn Fn(&Spike) -> f64| rows.iter().map(|(test, spike)| value(&input.spikes[*test][*spike])).collect();
    let role = |(test, spike): &(usize, usize)| {
        if partners[*test].contains(&Some(*spike)) { "primary" } else { "secondary" }.to_owned()
    };
    Table::new("spikes", "Spikes with and without a pop-in")
        .with_text("test", rows.iter().map(|(test, _)| input.tests[*test].clone()).collect())
        .with_numbers("time", "s", column(&|spike| spike.time))
        .with_numbers("change", "", column(&|spike| spike.change))
        .with_text("role", rows.iter().map(role).collect())
}

fn pop_in_table(input: &Input, partners: &[Vec<Option<usize>>]) -> Table {
    let rows: Vec<(usize, usize)> =
        input.pop_ins.iter().enumerate().flat_map(|(test, list)| (0..list.len()).map(move |place| (test, place))).collect();
    let column =
        |value: &dyn Fn(&PopIn) -> f64| rows.iter().map(|(test, place)| value(&input.pop_ins[*test][*place])).collect();
    let change =
        |(test, place): &(usize, usize)| partners[*test][*place].map_or(f64::NAN, |spike| input.spikes[*test][spike].change);
    Table::new("pop_ins", "Pop-ins with the change of the resistivity")
        .with_text("test", rows.iter().map(|(test, _)| input.tests[*test].clone()).collect())
        .with_numbers("time", "s", column(&|pop_in| pop_in.time))
        .with_numbers("load", "N", column(&|pop_in| pop_in.load))
        .with_numbers("depth_jump", "m", column(&|pop_in| pop_in.jump))
        .with_numbers("strain", "", column(&|pop_in| pop_in.strain))
        .with_numbers("change", "", rows.iter().map(change).collect())
}

/// Change of the resistivity against the jump of the depth.
fn figures(pairs: &[&Pair]) -> Vec<Figure> {
    if pairs.is_empty() {
        return Vec::new();
    }
    let interval = |value: f64, error: f64| [value - 1.96 * error, value + 1.96 * error];
    let axes =
        (Axis::linear("jump of the depth", Unit::of("nm")), Axis::linear("relative change of the resistivity", Unit::one()));
    let panel = Panel::new("", axes.0, axes.1).with(Mark::Points {
        name: String::new(),
        role: Role::Data,
        x: pairs.iter().map(|pair| pair.pop_in.jump).collect(),
        y: pairs.iter().map(|pair| pair.spike.change).collect(),
        x_interval: pairs.iter().map(|pair| interval(pair.pop_in.jump, pair.pop_in.error)).collect(),
        y_interval: pairs.iter().map(|pair| interval(pair.spike.change, pair.spike.error)).collect(),
    });
    vec![Figure {
        key: "coincidence".to_owned(),
        title: "Pop-ins with a spike".to_owned(),
        caption: "Relative change of the resistivity against the jump of the depth, of the pop-ins that have a spike, with 95 % intervals of the measurement.".to_owned(),
        panels: vec![panel],
    }]
}
