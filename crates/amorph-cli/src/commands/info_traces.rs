use amorph::core::data::{Record, RecordingRole, Repair, Segment};
use amorph::core::trace::Sampling;
use amorph::core::unit::format_significant;
use amorph::io::{TestInfo, TraceChannelInfo, TraceTableInfo};
use amorph_report::{Theme, svg};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::show;

/// So many tests are shown with all their channels; of more, the first ones, and the others in a line each.
const SHOWN: usize = 3;

/// Channels, segments, sampling and repairs, test by test.
pub fn as_text(tests: &[TestInfo]) -> String {
    let mut text = String::new();
    for test in tests.iter().take(SHOWN) {
        let ignored = if test.ignored_by_instrument { " (left out by the instrument's analysis)" } else { "" };
        for table in &test.tables {
            text.push_str(&format!(
                "test {}{ignored}, table {} ({}), {} rows\n",
                test.name,
                table.name,
                role(table.role),
                table.rows
            ));
            let header = ["channel", "is", "unit", "SI factor", "min", "median", "max", "missing", "step"];
            text.push_str(&show::rows(&header, table.channels.iter().map(channel)));
            text.push('\n');
            text.push_str(&table.sampling.as_ref().map(sampling).unwrap_or_default());
            if !table.segments.is_empty() {
                text.push_str(&show::rows(&["segment", "rows", "from"], table.segments.iter().map(segment)));
                text.push('\n');
            }
            table.repairs.iter().for_each(|repair: &Repair| text.push_str(&format!("repair: {}\n", repair.text)));
            text.push('\n');
        }
    }
    if tests.len() > SHOWN {
        let row = |test: &TestInfo| {
            let table = test.tables.first();
            let names = table.map(|table| table.channels.iter().map(|c| c.name.clone()).collect::<Vec<_>>().join(", "));
            vec![test.name.clone(), table.map_or(0, |table| table.rows).to_string(), names.unwrap_or_default()]
        };
        text.push_str(&show::rows(&["further tests", "rows", "channels"], tests[SHOWN..].iter().map(row)));
        text.push('\n');
    }
    text
}

fn role(role: RecordingRole) -> &'static str {
    match role {
        RecordingRole::Test => "test",
        RecordingRole::Approach => "approach",
        RecordingRole::Drift => "drift",
        RecordingRole::Calibration => "calibration",
        RecordingRole::Auxiliary => "auxiliary",
    }
}

fn channel(channel: &TraceChannelInfo) -> Vec<String> {
    let largest = channel.min.abs().max(channel.max.abs());
    let display = channel.unit.preferred(channel.unit.to_si(largest));
    let shown = |value: f64| {
        if value.is_nan() {
            String::new()
        } else {
            format!("{} {display}", format_significant(display.convert_si(channel.unit.to_si(value)), 6))
        }
    };
    vec![
        channel.name.clone(),
        channel.quantity.word().to_owned(),
        channel.unit_in_file.clone(),
        format!("{:e}", channel.factor),
        shown(channel.min),
        shown(channel.median),
        shown(channel.max),
        channel.missing.to_string(),
        channel
            .quantisation
            .map(|step| {
                let unit = channel.unit.preferred(channel.unit.to_si(step));
                format!("{} {unit}", format_significant(unit.convert_si(channel.unit.to_si(step)), 3))
            })
            .unwrap_or_default(),
    ]
}

fn sampling(sampling: &Sampling) -> String {
    let seconds = |value: f64| format!("{} s", format_significant(value, 4));
    let mut text = format!(
        "time step {} (least), {} (median), {} (greatest)",
        seconds(sampling.step_min),
        seconds(sampling.step_median),
        seconds(sampling.step_max)
    );
    let constant =
        sampling.stretches.iter().take(4).map(|s| format!("{} in rows {} to {}", seconds(s.step), s.first, s.end - 1));
    let constant: Vec<String> = constant.collect();
    if !constant.is_empty() {
        let more = sampling.stretches.len().saturating_sub(constant.len());
        let more = if more > 0 { format!(" and {more} more stretches") } else { String::new() };
        text.push_str(&format!("; constant: {}{more}", constant.join(", ")));
    }
    if !sampling.gaps.is_empty() {
        text.push_str(&format!("; {} gaps, the first after row {}", sampling.gaps.len(), sampling.gaps[0].after));
    }
    text.push('\n');
    text
}

fn segment(segment: &Segment) -> Vec<String> {
    let origin = format!("{:?}", segment.origin).to_lowercase();
    vec![segment.kind.word().to_owned(), format!("{} to {}", segment.first, segment.end.saturating_sub(1)), origin]
}

/// What, how much and how large, for a list of many files.
pub fn in_short(tests: &[TestInfo]) -> (String, String, String) {
    let rows: usize = tests.iter().filter_map(|test| test.tables.first()).map(|table| table.rows).sum();
    (format!("traces of {} tests", tests.len()), format!("{rows} rows"), String::new())
}

/// All tests, as JSON.
pub fn as_json(tests: &[TestInfo]) -> Vec<Value> {
    let channel = |c: &TraceChannelInfo| {
        json!({ "name": c.name, "quantity": c.quantity, "unit_in_file": c.unit_in_file, "unit": c.unit, "factor": c.factor,
            "min": c.min, "median": c.median, "max": c.max, "missing": c.missing, "quantisation": c.quantisation })
    };
    let sampling = |s: &Sampling| {
        json!({ "step_min": s.step_min, "step_median": s.step_median, "step_max": s.step_max,
            "stretches": s.stretches.iter().map(|s| json!([s.first, s.end, s.step])).collect::<Vec<_>>(),
            "gaps": s.gaps.iter().map(|gap| json!([gap.after, gap.duration])).collect::<Vec<_>>(),
            "repeated": s.repeated, "backwards": s.backwards })
    };
    let table = |t: &TraceTableInfo| {
        json!({ "name": t.name, "role": t.role, "rows": t.rows, "channels": t.channels.iter().map(channel).collect::<Vec<_>>(),
            "sampling": t.sampling.as_ref().map(sampling), "segments": t.segments, "repairs": t.repairs })
    };
    let test = |t: &TestInfo| json!({ "name": t.name, "ignored_by_instrument": t.ignored_by_instrument, "tables": t.tables.iter().map(table).collect::<Vec<_>>() });
    tests.iter().map(test).collect()
}

/// The picture of the first test.
pub fn drawing(title: &str, record: &Record) -> Result<String, Failure> {
    let Some(recording) = record.tests.first().and_then(|test| test.measurement().ok()) else {
        let problem = "its first test holds no measurement: there is nothing to draw".to_owned();
        return Err(Failure::Source { path: title.to_owned(), problem });
    };
    let name = record.tests.first().map(|test| test.name.clone()).unwrap_or_default();
    let figure = amorph::traces::figure(&format!("{title}: {name}"), recording);
    Ok(svg::render(&figure, &[], Theme::Light)?)
}
