use super::algorithm::{Comparison, Descriptor, StateMean};
use super::published;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::literature::Literature;

/// Panels per figure: more would be too small to read.
const PANELS: usize = 3;
/// Panels in all figures; what is not drawn is in the tables.
const PANELS_MAX: usize = 12;

/// For every quantity the sites and the mean of every state, published values behind them; then the relative changes.
pub(super) fn figures(
    descriptors: &[Descriptor],
    means: &[Vec<StateMean>],
    comparisons: &[Comparison],
    literature: &Literature,
) -> Vec<Figure> {
    let order = order(descriptors, comparisons, literature);
    let panels: Vec<(Panel, Vec<String>)> =
        order.iter().take(PANELS_MAX).map(|&index| panel(&descriptors[index], &means[index], literature)).collect();
    let left_out = match order.len().saturating_sub(PANELS_MAX) {
        0 => String::new(),
        n => format!(" {n} further quantities are in the tables."),
    };
    let figure = |(index, panels): (usize, &[(Panel, Vec<String>)])| {
        let sources: Vec<&str> = panels.iter().flat_map(|(_, sources)| sources).map(String::as_str).collect();
        let published = if sources.is_empty() {
            String::new()
        } else {
            format!(" Diamonds and dashed lines: published values, in the order of their states. {}.", sources.join(". "))
        };
        Figure {
            key: format!("states_{}", index + 1),
            title: "States compared".to_owned(),
            caption: format!(
                "Small points: single sites. Large points with bars: mean over sites and its 95 % interval (Student's t, the \
                 site is the unit of replication).{published}{left_out}"
            ),
            panels: panels.iter().map(|(panel, _)| panel.clone()).collect(),
        }
    };
    let mut figures: Vec<Figure> = panels.chunks(PANELS).enumerate().map(figure).collect();
    figures.extend(published::relative_changes(comparisons, literature));
    figures
}

/// Quantities with published values first, then the clearest differences.
fn order(descriptors: &[Descriptor], comparisons: &[Comparison], literature: &Literature) -> Vec<usize> {
    let clearest = |descriptor: &Descriptor| {
        let of_quantity = comparisons.iter().filter(|c| c.key == descriptor.key && c.method == descriptor.method);
        of_quantity.map(|comparison| comparison.welch.p_value).fold(1.0, f64::min)
    };
    let rank = |index: &usize| (!published::exist(&descriptors[*index], literature), clearest(&descriptors[*index]));
    let mut order: Vec<usize> = (0..descriptors.len()).collect();
    order.sort_by(|a, b| rank(a).0.cmp(&rank(b).0).then(rank(a).1.total_cmp(&rank(b).1)));
    order
}

fn panel(descriptor: &Descriptor, means: &[StateMean], literature: &Literature) -> (Panel, Vec<String>) {
    let published = published::behind(descriptor, literature);
    let mut states: Vec<String> = means.iter().map(|mean| mean.state.clone()).collect();
    // Published successions may be longer than the study.
    states.extend((states.len()..published.places).map(|place| format!("({})", place + 1)));
    let largest = means.iter().map(|mean| mean.mean.abs()).fold(0.0, f64::max);
    let label = format!("{} {}", descriptor.name(), descriptor.symbol);
    let unit = descriptor.unit.preferred(descriptor.unit.to_si(largest));
    let mut panel = Panel::new("", Axis::categories("", states), Axis::linear(&label, unit));
    for mark in published.marks {
        panel = panel.with(mark);
    }
    let si = |value: f64| descriptor.unit.to_si(value);
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for (position, (_, values)) in descriptor.sites.iter().enumerate() {
        for (index, value) in values.iter().enumerate() {
            let shift = 0.16 + 0.18 * (index as f64 + 0.5) / values.len() as f64;
            x.push(position as f64 + shift);
            y.push(si(*value));
        }
    }
    panel = panel.with(Mark::points("sites", Role::Data, x, y));
    let with_interval = |mean: &StateMean| mean.interval.unwrap_or((mean.mean, mean.mean));
    let panel = panel.with(Mark::Points {
        name: "mean".to_owned(),
        role: Role::Highlight,
        x: (0..means.len()).map(|index| index as f64).collect(),
        y: means.iter().map(|mean| si(mean.mean)).collect(),
        y_interval: means.iter().map(with_interval).map(|(lo, hi)| [si(lo), si(hi)]).collect(),
        x_interval: Vec::new(),
    });
    (panel, published.sources)
}
