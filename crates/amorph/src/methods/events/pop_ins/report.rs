use super::algorithm::{Found, PopIn, pop_ins};
use super::error::PopInsError;
use super::{Input, PopIns};
use crate::core::ctx::Ctx;
use crate::core::data::{SegmentKind, Table, Test, TraceQuantity};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::series::SeriesError;
use crate::core::unit::Unit;
use crate::method::MethodError;

/// Most tests that are drawn.
const MOST_TESTS: usize = 6;
/// Points of a line.
const POINTS: usize = 2000;

/// An event with what was measured around it.
struct Row<'a> {
    test: &'a str,
    place: usize,
    segment: SegmentKind,
    time: f64,
    load: f64,
    depth_before: f64,
    duration: f64,
    event: PopIn,
}

pub(super) fn outcome(method: &PopIns, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let mut rows = Vec::new();
    let mut notes = Vec::new();
    let (mut expected, mut reason) = (None, String::new());
    for (place, test) in input.record.tests.iter().enumerate() {
        ctx.report(place as u64, input.record.tests.len() as u64);
        let seed = derive_seed(ctx.seed, &["test".into(), place.into()]);
        for found in of_test(method, test, place, seed, ctx)? {
            match found {
                Ok(found) => {
                    rows.extend(found.events);
                    *expected.get_or_insert(0.0) += found.expected_false;
                }
                Err(why) => reason = why.to_string(),
            }
        }
    }
    let Some(expected) = expected else { return Err(PopInsError::TooShort { reason }.into()) };
    if let Some(smallest) = &method.smallest {
        rows.retain(|row| row.event.depth.is_none_or(|jump| jump.size >= smallest.value));
    }
    let joint = rows.iter().filter(|row| row.event.depth.is_some() && row.event.load.is_some()).count();
    if joint > 0 {
        let message = format!(
            "{joint} events are a jump of the depth and a drop of the load at once: the test was under neither load nor displacement control"
        );
        notes.push(Note::info("mixed_control", message));
    }
    let short = rows.iter().filter(|row| row.event.last - row.event.before <= 2).count();
    if short > 0 && 2 * short > rows.len() {
        notes.push(Note::warning(
            "resolution_limited",
            format!("{short} of {} pop-ins last two samples or fewer: their durations are those of the sampling", rows.len()),
        ));
    }
    Ok(Outcome {
        estimates: estimates(&rows, expected),
        tables: vec![table(&rows, input), first_table(&rows, input)],
        figures: figures(&rows, input),
        notes,
        ..Outcome::default()
    })
}

/// Searches the segments of a test, one result each; approach and drift are left out.
fn of_test<'a>(
    method: &PopIns,
    test: &'a Test,
    place: usize,
    seed: u64,
    ctx: &Ctx,
) -> Result<Vec<Result<Found<Row<'a>>, SeriesError>>, MethodError> {
    let recording = test.measurement()?;
    let time = recording.values(TraceQuantity::Time)?;
    let depth = recording.values(TraceQuantity::Depth).ok();
    let load = recording.values(TraceQuantity::Load).ok();
    let mut segments = recording.segments.clone();
    if segments.is_empty()
        && let Some(load) = load
    {
        segments = crate::core::trace::detect(time, load);
    }
    let spans: Vec<(SegmentKind, usize, usize)> = if segments.is_empty() {
        vec![(SegmentKind::Other, 0, time.len())]
    } else {
        segments.iter().map(|segment| (segment.kind, segment.first, segment.end)).collect()
    };
    let peak = load.map_or(0.0, |load| load.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max));
    let mut all = Vec::new();
    for (index, (kind, first, end)) in spans.into_iter().enumerate() {
        if matches!(kind, SegmentKind::Approach | SegmentKind::Drift) {
            continue;
        }
        let touched = |row: &usize| load.is_none_or(|load| load[*row] >= method.from_load * peak);
        let usable: Vec<usize> = (first..end)
            .filter(|row| time[*row].is_finite() && touched(row))
            .filter(|row| depth.is_none_or(|depth| depth[*row].is_finite()) && load.is_none_or(|load| load[*row].is_finite()))
            .collect();
        let chosen = increasing(time, &usable);
        let take = |values: &[f64]| -> Vec<f64> { chosen.iter().map(|row| values[*row]).collect() };
        let (t, d, l) = (take(time), depth.map(take), load.map(take));
        let found = pop_ins(
            &t,
            d.as_deref(),
            l.as_deref(),
            method.slowest,
            method.false_alarms,
            derive_seed(seed, &[index.into()]),
            ctx,
        );
        let row = |event: PopIn| Row {
            test: &test.name,
            place,
            segment: kind,
            time: t[event.before],
            load: l.as_ref().map_or(f64::NAN, |load| load[event.before]),
            depth_before: d.as_ref().map_or(f64::NAN, |depth| depth[event.before]),
            duration: t[event.last] - t[event.before],
            event,
        };
        all.push(match found {
            Ok(found) => {
                Ok(Found { events: found.events.into_iter().map(row).collect(), expected_false: found.expected_false })
            }
            Err(SeriesError::Cancelled(cancelled)) => return Err(cancelled.into()),
            Err(error) => Err(error),
        });
    }
    Ok(all)
}

/// Rows whose times rise: repeated and earlier ones are left out.
fn increasing(time: &[f64], rows: &[usize]) -> Vec<usize> {
    let mut last = f64::NEG_INFINITY;
    rows.iter()
        .copied()
        .filter(|row| {
            let later = time[*row] > last;
            if later {
                last = time[*row];
            }
            later
        })
        .collect()
}

/// The first event of each test while the load rises.
fn firsts<'r, 'a>(rows: &'r [Row<'a>], n_tests: usize) -> Vec<Option<&'r Row<'a>>> {
    (0..n_tests).map(|place| rows.iter().find(|row| row.place == place && row.segment != SegmentKind::Unload)).collect()
}

fn estimates(rows: &[Row<'_>], expected: f64) -> Vec<Estimate> {
    let n_tests = rows.iter().map(|row| row.place + 1).max().unwrap_or(0);
    let first: Vec<f64> =
        firsts(rows, n_tests).into_iter().flatten().map(|row| row.load).filter(|load| load.is_finite()).collect();
    let counted = "counted, without error";
    let mut estimates = vec![
        Estimate::without_interval("pop_in_count", "N", rows.len() as f64, "", counted),
        Estimate::without_interval("tests_with_pop_in", "n", first.len() as f64, "", counted),
        Estimate::without_interval("expected_false_count", "N₀", expected, "", "an expectation from surrogates of the noise"),
    ];
    if !first.is_empty() {
        let mean = first.iter().sum::<f64>() / first.len() as f64;
        let why = "a mean of loads that scatter by nature; indentation.pop_in_statistics fits their distribution";
        estimates.push(Estimate::without_interval("first_pop_in_load", "P₁", mean, "N", why).n(first.len() as f64));
    }
    let largest = rows.iter().filter_map(|row| row.event.depth).map(|jump| jump.size).fold(f64::NAN, f64::max);
    if largest.is_finite() {
        estimates.push(Estimate::without_interval("largest_jump", "Δh", largest, "m", "the largest of several"));
    }
    estimates
}

fn table(rows: &[Row<'_>], input: &Input<'_>) -> Table {
    let column = |value: &dyn Fn(&Row<'_>) -> f64| rows.iter().map(value).collect::<Vec<f64>>();
    let depth = |row: &Row<'_>| row.event.depth.map_or(f64::NAN, |jump| jump.size);
    let z = |row: &Row<'_>| row.event.depth.into_iter().chain(row.event.load).map(|jump| jump.z).fold(f64::NAN, f64::max);
    let expected = |row: &Row<'_>| {
        row.event.depth.into_iter().chain(row.event.load).map(|jump| jump.expected_false).fold(f64::INFINITY, f64::min)
    };
    Table::new("pop_ins", "Pop-ins and load drops")
        .with_text("test", rows.iter().map(|row| row.test.to_owned()).collect())
        .with_text("segment", rows.iter().map(|row| row.segment.word().to_owned()).collect())
        .with_numbers("time", "s", column(&|row| row.time))
        .with_numbers("load", "N", column(&|row| row.load))
        .with_numbers("depth", "m", column(&|row| row.depth_before))
        .with_numbers("depth_jump", "m", column(&depth))
        .with_numbers("depth_jump_error", "m", column(&|row| row.event.depth.map_or(f64::NAN, |jump| jump.error)))
        .with_numbers("load_drop", "N", column(&|row| row.event.load.map_or(f64::NAN, |jump| jump.size)))
        .with_numbers("duration", "s", column(&|row| row.duration))
        .with_numbers("samples", "", column(&|row| (row.event.last - row.event.before) as f64))
        .with_numbers("strain", "", column(&|row| input.height.map_or(f64::NAN, |height| depth(row) / height)))
        .with_numbers("z", "", column(&z))
        .with_numbers("expected_false", "", column(&expected))
}

/// Load of the first pop-in of every test, or the peak load of tests without one.
fn first_table(rows: &[Row<'_>], input: &Input<'_>) -> Table {
    let tests = &input.record.tests;
    let first = firsts(rows, tests.len());
    let peak = |test: &Test| {
        let load = test.measurement().and_then(|recording| recording.values(TraceQuantity::Load));
        load.map_or(f64::NAN, |load| load.iter().copied().filter(|value| value.is_finite()).fold(f64::NAN, f64::max))
    };
    let load = |place: usize| first[place].map_or_else(|| peak(&tests[place]), |row| row.load);
    // The words of indentation.pop_in_statistics: `none` is a test without a pop-in up to this load.
    let state = |place: usize| if first[place].is_some() { "event" } else { "none" };
    Table::new("first_pop_ins", "First pop-in of every test")
        .with_text("test", tests.iter().map(|test| test.name.clone()).collect())
        .with_numbers("load", "N", (0..tests.len()).map(load).collect())
        .with_text("status", (0..tests.len()).map(|place| state(place).to_owned()).collect())
        .with_numbers(
            "depth_jump",
            "m",
            first.iter().map(|row| row.and_then(|row| row.event.depth).map_or(f64::NAN, |jump| jump.size)).collect(),
        )
}

fn figures(rows: &[Row<'_>], input: &Input<'_>) -> Vec<Figure> {
    let panels: Vec<Panel> =
        input.record.tests.iter().enumerate().filter_map(|(place, test)| panel(rows, place, test)).take(MOST_TESTS).collect();
    if panels.is_empty() {
        return Vec::new();
    }
    vec![Figure {
        key: "pop_ins".to_owned(),
        title: "Pop-ins".to_owned(),
        caption: "Load against depth; marks stand at the last sample before each pop-in.".to_owned(),
        panels,
    }]
}

fn panel(rows: &[Row<'_>], place: usize, test: &Test) -> Option<Panel> {
    let recording = test.measurement().ok()?;
    let (depth, load) = (recording.values(TraceQuantity::Depth).ok()?, recording.values(TraceQuantity::Load).ok()?);
    let step = depth.len().div_ceil(POINTS).max(1);
    let thin = |values: &[f64]| values.iter().copied().step_by(step).collect::<Vec<f64>>();
    let axes = (Axis::linear("depth", Unit::of("nm")), Axis::linear("load", Unit::of("mN")));
    let mut panel = Panel::new(&test.name, axes.0, axes.1).with(Mark::line("", Role::Data, thin(depth), thin(load)));
    let here: Vec<&Row<'_>> = rows.iter().filter(|row| row.place == place && row.depth_before.is_finite()).collect();
    if !here.is_empty() {
        let (x, y) = (here.iter().map(|row| row.depth_before).collect(), here.iter().map(|row| row.load).collect());
        panel = panel.with(Mark::points("pop-in", Role::Highlight, x, y));
    }
    Some(panel)
}
