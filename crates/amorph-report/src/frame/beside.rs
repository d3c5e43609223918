use super::{Frame, FrameAxis};

/// The same figure of several states: for every panel a row, for every state a column. Along a row the axes are alike,
/// and pictures with equal colours share one colour bar.
///
/// Every state must have the same number of panels.
pub fn beside(columns: Vec<(String, Vec<Frame>)>) -> Vec<Frame> {
    let panels = columns.iter().map(|(_, frames)| frames.len()).min().unwrap_or(0);
    let mut columns: Vec<(String, std::vec::IntoIter<Frame>)> =
        columns.into_iter().map(|(heading, frames)| (heading, frames.into_iter())).collect();
    let mut all = Vec::new();
    for _ in 0..panels {
        let next = |(heading, frames): &mut (String, std::vec::IntoIter<Frame>)| {
            frames.next().map(|frame| Frame { title: titled(heading, &frame.title), ..frame })
        };
        let mut row: Vec<Frame> = columns.iter_mut().filter_map(next).collect();
        align(&mut row, |frame| &mut frame.x);
        align(&mut row, |frame| &mut frame.y);
        share_labels(&mut row);
        share_bars(&mut row);
        all.extend(row);
    }
    all
}

fn titled(heading: &str, title: &str) -> String {
    if title.is_empty() { heading.to_owned() } else { format!("{heading} · {title}") }
}

/// Gives an axis the same range in every panel, where it means the same and the panels are not maps.
fn align(row: &mut [Frame], axis: impl Fn(&mut Frame) -> &mut FrameAxis) {
    let maps = row.iter().any(|frame| frame.equal_aspect);
    let axes: Vec<FrameAxis> = row.iter_mut().map(|frame| axis(frame).clone()).collect();
    let Some(first) = axes.first() else { return };
    let alike =
        |other: &FrameAxis| other.label == first.label && other.scale == first.scale && other.categories == first.categories;
    if maps || !axes.iter().all(alike) {
        return;
    }
    let lo = axes.iter().map(|axis| axis.range[0]).fold(f64::INFINITY, f64::min);
    let hi = axes.iter().map(|axis| axis.range[1]).fold(f64::NEG_INFINITY, f64::max);
    for frame in row {
        axis(frame).range = [lo, hi];
    }
}

/// The vertical axis is named at the left where all names are alike.
fn share_labels(row: &mut [Frame]) {
    let alike = row.windows(2).all(|pair| pair[0].y.label == pair[1].y.label);
    for frame in row.iter_mut().skip(1).filter(|_| alike) {
        frame.y.label.clear();
    }
}

/// The colour bar stands at the right where all pictures have the same colours.
fn share_bars(row: &mut [Frame]) {
    let colours = |frame: &Frame| -> Vec<_> {
        frame.pictures().map(|picture| (picture.label.clone(), picture.range, picture.palette, picture.scale)).collect()
    };
    let alike = row.windows(2).all(|pair| colours(&pair[0]) == colours(&pair[1]));
    let last = row.len().saturating_sub(1);
    for frame in row.iter_mut().take(last).filter(|_| alike) {
        frame.pictures_mut().for_each(|picture| picture.has_bar = false);
    }
}
