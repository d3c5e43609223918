//! A picture of a recording: load and depth over time with its segments, load over depth, current where there is one.

use crate::core::data::{Channel, Recording, SegmentKind, TraceQuantity};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::trace::sampling;

/// More points than a picture can show are thinned to the least and the greatest of every stretch.
const POINTS: usize = 4000;

/// Panels for the channels that there are; segments are shaded, gaps and repairs are marked by vertical lines.
pub fn figure(name: &str, recording: &Recording) -> Figure {
    let time = recording.channel(TraceQuantity::Time).ok();
    let mut panels = Vec::new();
    if let Some(time) = time {
        for quantity in [TraceQuantity::Load, TraceQuantity::Depth, TraceQuantity::Current] {
            if let Ok(channel) = recording.channel(quantity) {
                panels.push(over_time(recording, time, channel));
            }
        }
    }
    if let (Ok(depth), Ok(load)) = (recording.channel(TraceQuantity::Depth), recording.channel(TraceQuantity::Load)) {
        let (x, y) = thinned(&depth.values, &load.values);
        panels.push(Panel::new("", axis(depth), axis(load)).with(Mark::line("", Role::Data, x, y)));
    }
    let kinds: Vec<&str> = recording.segments.iter().map(|segment| segment.kind.word()).collect();
    let caption = format!(
        "{} rows; segments: {}",
        recording.n_rows(),
        if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") }
    );
    Figure { key: "traces".to_owned(), title: name.to_owned(), caption, panels }
}

fn axis(channel: &Channel) -> Axis {
    let largest = channel.values.iter().filter(|value| value.is_finite()).fold(0.0f64, |a, b| a.max(b.abs()));
    let mut label = channel.quantity.word().replace('_', " ");
    if let Some(first) = label.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Axis::linear(&label, channel.unit.preferred(channel.unit.to_si(largest)))
}

fn over_time(recording: &Recording, time: &Channel, channel: &Channel) -> Panel {
    let mut panel = Panel::new("", axis(time), axis(channel));
    let finite = || channel.values.iter().copied().filter(|value| value.is_finite());
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let mut named: Vec<SegmentKind> = Vec::new();
    for segment in &recording.segments {
        let role = match segment.kind {
            SegmentKind::Load => Role::Series(0),
            SegmentKind::Hold | SegmentKind::Drift => Role::Series(1),
            _ => Role::Series(2),
        };
        let last = segment.end.saturating_sub(1);
        let (Some(&begin), Some(&end)) = (time.values.get(segment.first), time.values.get(last)) else { continue };
        let name = if named.contains(&segment.kind) { "" } else { segment.kind.word() };
        named.push(segment.kind);
        let band = Mark::Band { name: name.to_owned(), role, x: vec![begin, end], lo: vec![low; 2], hi: vec![high; 2] };
        panel = panel.with(band);
    }
    let (x, y) = thinned(&time.values, &channel.values);
    panel = panel.with(Mark::line("", Role::Data, x, y));
    let gaps = sampling(&time.values).gaps.into_iter().map(|gap| ("gap", gap.after));
    let mended = recording.repairs.iter().filter(|repair| repair.rows < 20).map(|repair| ("repair", repair.first));
    let mut marked: Vec<&str> = Vec::new();
    for (what, row) in gaps.chain(mended).take(50) {
        let Some(&at) = time.values.get(row) else { continue };
        let name = if marked.contains(&what) { "" } else { what };
        marked.push(what);
        panel = panel.with(Mark::Rule { name: name.to_owned(), role: Role::Reference, axis: RuleAxis::X, at });
    }
    panel
}

/// Least and greatest `y` of every stretch, in their order: spikes stay visible.
fn thinned(x: &[f64], y: &[f64]) -> (Vec<f64>, Vec<f64>) {
    if x.len() <= POINTS {
        return (x.to_vec(), y.to_vec());
    }
    let step = x.len().div_ceil(POINTS / 2);
    let (mut thin_x, mut thin_y) = (Vec::new(), Vec::new());
    for first in (0..x.len()).step_by(step) {
        let rows = first..(first + step).min(x.len());
        let least = rows.clone().min_by(|a, b| y[*a].total_cmp(&y[*b])).unwrap_or(first);
        let greatest = rows.max_by(|a, b| y[*a].total_cmp(&y[*b])).unwrap_or(first);
        for row in [least.min(greatest), least.max(greatest)] {
            thin_x.push(x[row]);
            thin_y.push(y[row]);
        }
    }
    (thin_x, thin_y)
}
