//! Published values behind one's own.

use super::algorithm::{Comparison, Descriptor};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::{Unit, format_significant};
use crate::literature::{Kind, Literature, LiteratureValue, Sequence, Source};

/// Most published values that are drawn one by one in a panel; more would hide the measured ones.
const RULES: usize = 3;

/// Marks behind the states of a panel, and where their values are from.
pub(super) struct Published {
    /// What is drawn.
    pub marks: Vec<Mark>,
    /// Places along the axis of states that the marks need.
    pub places: usize,
    /// Captions: what the values are, and their papers.
    pub sources: Vec<String>,
}

/// Rows of the chart of relative changes.
const ROWS_MAX: usize = 18;

/// Whether there are published values of a quantity.
pub(super) fn exist(descriptor: &Descriptor, literature: &Literature) -> bool {
    literature.of_key(&descriptor.key).any(|value| value.unit.is_compatible(&descriptor.unit))
}

/// The published values of a quantity, where their unit fits.
pub(super) fn behind(descriptor: &Descriptor, literature: &Literature) -> Published {
    let mut published = Published { marks: Vec::new(), places: 0, sources: Vec::new() };
    let fits = |value: &LiteratureValue| value.unit.is_compatible(&descriptor.unit) && value.value_si().is_some();
    for sequence in literature.sequences(&descriptor.key) {
        if sequence.values.iter().all(|value| fits(value)) {
            published.places = published.places.max(sequence.values.len());
            published.sources.push(sentence(&sequence));
            published.marks.extend(sequence_marks(&sequence));
        }
    }
    let is_single = |value: &&LiteratureValue| value.sequence.is_none() && value.kind != Kind::Bound && fits(value);
    let singles: Vec<&LiteratureValue> = literature.of_key(&descriptor.key).filter(is_single).collect();
    // What users put there themselves is what they want to see.
    let (own, others): (Vec<_>, Vec<_>) = singles.into_iter().partition(|value| literature.own().contains(value));
    for value in own.into_iter().chain(others).take(RULES) {
        let name = format!("{}, {}", value.alloy, value.source.short());
        let at = value.value_si().unwrap_or(f64::NAN);
        published.marks.push(Mark::Rule { name, role: Role::Reference, axis: RuleAxis::Y, at });
        published.sources.push(format!("{}, {}: {} ({})", value.alloy, value.condition, value.display(), value.source.short()));
    }
    published
}

/// A dashed line with points in the order of the published states.
fn sequence_marks(sequence: &Sequence<'_>) -> [Mark; 2] {
    let x: Vec<f64> = (0..sequence.values.len()).map(|step| step as f64 - 0.12).collect();
    let y: Vec<f64> = sequence.values.iter().map(|value| value.value_si().unwrap_or(f64::NAN)).collect();
    let spread = |value: &&LiteratureValue| {
        let at = value.value_si().unwrap_or(f64::NAN);
        value.spread_si().map_or([at, at], |(lo, hi)| [lo, hi])
    };
    let name = format!("published, {} ({})", sequence.name, sequence.source.short());
    [
        Mark::Line { name: String::new(), role: Role::Reference, x: x.clone(), y: y.clone(), dashed: true },
        Mark::Points {
            name,
            role: Role::Reference,
            x,
            y_interval: sequence.values.iter().map(spread).collect(),
            x_interval: Vec::new(),
            y,
        },
    ]
}

/// `Zr70Ni30, deformation: 4.10 → 9.27 → 9.70 nm (as-deposited; flat punch 40 mN; flat punch 3 N; Lu et al. 2016)`.
fn sentence(sequence: &Sequence<'_>) -> String {
    let first = sequence.values.first();
    let numbers: Vec<String> = sequence.values.iter().map(|value| number(value)).collect();
    let unit = first.map(|value| value.unit.symbol().to_owned()).filter(|unit| !unit.is_empty());
    let conditions: Vec<&str> = sequence.values.iter().map(|value| value.condition.as_str()).collect();
    format!(
        "{}, {}: {}{} ({}; {})",
        first.map_or("", |value| &value.alloy),
        sequence.name,
        numbers.join(" → "),
        unit.map(|unit| format!(" {unit}")).unwrap_or_default(),
        conditions.join("; "),
        sequence.source.short()
    )
}

fn number(value: &LiteratureValue) -> String {
    let about = if value.kind == Kind::Approximate { "~" } else { "" };
    value.value.map_or_else(String::new, |number| format!("{about}{}", format_significant(number, 3)))
}

/// Changes relative to the reference state, the published ones beside them.
pub(super) fn relative_changes(comparisons: &[Comparison], literature: &Literature) -> Option<Figure> {
    let with_ratio: Vec<(&Comparison, super::algorithm::Ratio)> =
        comparisons.iter().filter_map(|comparison| Some((comparison, comparison.ratio?))).collect();
    if with_ratio.is_empty() {
        return None;
    }
    let left_out = match with_ratio.len().saturating_sub(ROWS_MAX) {
        0 => String::new(),
        n => format!(" {n} further ratios, less clear, are in the table of differences."),
    };
    let with_ratio = clearest(with_ratio, literature);
    let names = with_ratio.iter().map(|(c, _)| format!("{}, {} / {}", c.name, c.state, c.reference)).collect();
    let interval = |(_, ratio): &(&Comparison, super::algorithm::Ratio)| [ratio.interval().0, ratio.interval().1];
    let rows: Vec<f64> = (0..with_ratio.len()).map(|row| row as f64).collect();
    let measured = Mark::Points {
        name: "this study".to_owned(),
        role: Role::Data,
        x: with_ratio.iter().map(|(_, ratio)| ratio.value()).collect(),
        y: rows,
        x_interval: with_ratio.iter().map(interval).collect(),
        y_interval: Vec::new(),
    };
    let unchanged = Mark::Rule { name: "no change".to_owned(), role: Role::Null, axis: RuleAxis::X, at: 1.0 };
    let mut panel = Panel::new("", Axis::log("ratio of states", Unit::one()), Axis::categories("", names)).with(unchanged);
    let (marks, sources) = published_changes(&with_ratio, literature);
    for mark in marks {
        panel = panel.with(mark);
    }
    let sources: Vec<&str> = sources.iter().map(|source| source.reference()).collect();
    let published = if sources.is_empty() {
        String::new()
    } else {
        format!(
            " Diamonds: published changes from the first to each later state, their order as printed: {}.",
            sources.join("; ")
        )
    };
    Some(Figure {
        key: "relative_changes".to_owned(),
        title: "Relative changes".to_owned(),
        caption: format!(
            "Ratio of the geometric means over sites with its 95 % interval (Welch, on logarithms).{published}{left_out}"
        ),
        panels: vec![panel.with(measured)],
    })
}

/// The ratios with published successions, and then the clearest, in the order given.
fn clearest<'a>(
    ratios: Vec<(&'a Comparison, super::algorithm::Ratio)>,
    literature: &Literature,
) -> Vec<(&'a Comparison, super::algorithm::Ratio)> {
    let rank = |comparison: &Comparison| (literature.sequences(&comparison.key).is_empty(), comparison.welch.p_value);
    let mut ranks: Vec<(bool, f64)> = ratios.iter().map(|(comparison, _)| rank(comparison)).collect();
    let before = |a: &(bool, f64), b: &(bool, f64)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1));
    ranks.sort_by(before);
    let Some(last) = ranks.get(ROWS_MAX - 1).copied() else { return ratios };
    ratios.into_iter().filter(|(comparison, _)| before(&rank(comparison), &last).is_le()).take(ROWS_MAX).collect()
}

/// Ratios of published successions, in the row of the first comparison of their quantity.
fn published_changes<'a>(
    with_ratio: &[(&Comparison, super::algorithm::Ratio)],
    literature: &'a Literature,
) -> (Vec<Mark>, Vec<&'a Source>) {
    let (mut marks, mut sources) = (Vec::new(), Vec::new());
    for (row, (comparison, _)) in with_ratio.iter().enumerate() {
        for sequence in literature.sequences(&comparison.key) {
            let values: Vec<f64> = sequence.values.iter().filter_map(|value| value.value_si()).collect();
            let [first, later @ ..] = values.as_slice() else { continue };
            let x: Vec<f64> = later.iter().map(|value| value / first).collect();
            let y = vec![row as f64 + 0.18; x.len()];
            marks.push(Mark::points(&format!("{}, {}", sequence.source.short(), sequence.name), Role::Reference, x, y));
            if !sources.contains(&sequence.source) {
                sources.push(sequence.source);
            }
        }
    }
    (marks, sources)
}
