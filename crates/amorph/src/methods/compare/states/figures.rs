use super::algorithm::{Descriptor, StateMean};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};

/// Panels per figure: more would be too small to read.
const PANELS: usize = 3;

/// For every quantity the sites and the mean of every state.
pub(super) fn figures(descriptors: &[Descriptor], means: &[Vec<StateMean>]) -> Vec<Figure> {
    let panels: Vec<Panel> = descriptors.iter().zip(means).map(|(descriptor, means)| panel(descriptor, means)).collect();
    let figure = |(index, panels): (usize, &[Panel])| Figure {
        key: format!("states_{}", index + 1),
        title: "States compared".to_owned(),
        caption: "Small points: single sites. Large points with bars: mean over sites and its 95 % interval (Student's t, \
                  the site is the unit of replication)."
            .to_owned(),
        panels: panels.to_vec(),
    };
    panels.chunks(PANELS).enumerate().map(figure).collect()
}

fn panel(descriptor: &Descriptor, means: &[StateMean]) -> Panel {
    let states: Vec<String> = means.iter().map(|mean| mean.state.clone()).collect();
    let largest = means.iter().map(|mean| mean.mean.abs()).fold(0.0, f64::max);
    let label = format!("{} {}", descriptor.name(), descriptor.symbol);
    let mut panel = Panel::new("", Axis::categories("", states), Axis::linear(&label, descriptor.unit.preferred(largest)));
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for (position, (_, values)) in descriptor.sites.iter().enumerate() {
        for (index, value) in values.iter().enumerate() {
            let shift = 0.16 + 0.18 * (index as f64 + 0.5) / values.len() as f64;
            x.push(position as f64 + shift);
            y.push(*value);
        }
    }
    panel = panel.with(Mark::points("sites", Role::Data, x, y));
    let with_interval = |mean: &StateMean| mean.interval.unwrap_or((mean.mean, mean.mean));
    panel.with(Mark::Points {
        name: "mean".to_owned(),
        role: Role::Highlight,
        x: (0..means.len()).map(|index| index as f64).collect(),
        y: means.iter().map(|mean| mean.mean).collect(),
        y_interval: means.iter().map(with_interval).map(|(lo, hi)| [lo, hi]).collect(),
        x_interval: Vec::new(),
    })
}
