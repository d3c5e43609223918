//! Area and number of regions of every state, and both against the level.

use super::Input;
use super::algorithm::{Count, Curves, Place, SiteMean};
use super::report::{COUNTED, Counted};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;
use crate::methods::afm::distributions_by_state::algorithm::mean_of;

/// Points of a line at most.
const MOST_POINTS: usize = 300;
/// Shares of the area below this are not drawn.
const LEAST_SHARE: f64 = 1e-5;

pub(super) fn all(input: &Input, curves: &Curves, place: Place) -> Vec<Figure> {
    let counted = || COUNTED.iter().filter(|counted| counted.count == Count::Area || curves.regions.is_some());
    vec![
        Figure {
            key: "states".to_owned(),
            title: "Above one level".to_owned(),
            caption: "Small points: single sites. Large points with bars: mean over sites and its 95 % interval (Student's t)."
                .to_owned(),
            panels: counted().map(|counted| by_state(input, curves, place, counted)).collect(),
        },
        Figure {
            key: "against_level".to_owned(),
            title: "Against the level".to_owned(),
            caption: "Mean over sites of the area and of the number of regions above a level. Vertical line: the level used; a change that \
                      holds at one level alone would be seen here."
                .to_owned(),
            panels: counted().map(|counted| against_level(input, curves, place, counted)).collect(),
        },
    ]
}

fn axis_label(counted: &Counted) -> &'static str {
    match counted.count {
        Count::Area => "share of the area above",
        Count::Number => "regions per area",
    }
}

fn by_state(input: &Input, curves: &Curves, place: Place, counted: &Counted) -> Panel {
    let names: Vec<String> = input.states.iter().map(|state| state.name.clone()).collect();
    let (mut x, mut y, mut means) = (vec![], vec![], vec![]);
    for state in 0..names.len() {
        let values = curves.sites(state, counted.count, place).unwrap_or_default();
        means.push(SiteMean::of(&values));
        for (index, value) in values.iter().enumerate() {
            x.push(state as f64 + 0.16 + 0.18 * (index as f64 + 0.5) / values.len() as f64);
            y.push(*value);
        }
    }
    let unit = display_unit(counted, y.iter().copied().fold(0.0, f64::max));
    let interval = |mean: &SiteMean| mean.interval.map_or([mean.mean, mean.mean], |(low, high)| [low, high]);
    Panel::new("", Axis::categories("", names), Axis::linear(axis_label(counted), unit))
        .with(Mark::points("sites", Role::Data, x, y))
        .with(Mark::Points {
            name: "mean".to_owned(),
            role: Role::Highlight,
            x: (0..means.len()).map(|state| state as f64).collect(),
            y: means.iter().map(|mean| mean.mean).collect(),
            y_interval: means.iter().map(interval).collect(),
            x_interval: Vec::new(),
        })
}

/// Densities of regions read well per square micrometre.
fn display_unit(counted: &Counted, largest: f64) -> Unit {
    match counted.count {
        Count::Area => Unit::one(),
        Count::Number if largest > 1e15 => Unit::of("1/nm^2"),
        Count::Number => Unit::of("1/um^2"),
    }
}

fn against_level(input: &Input, curves: &Curves, place: Place, counted: &Counted) -> Panel {
    let si = if input.unit.is_known() { input.unit.clone() } else { Unit::one() };
    let at = si.to_si(curves.level(place));
    let mut largest = 0.0f64;
    let mut lines = Vec::new();
    for (state, named) in input.states.iter().enumerate() {
        let mean: Vec<f64> = match (counted.count, &curves.regions) {
            (Count::Number, Some(regions)) => mean_of(&regions[state].iter().map(Vec::as_slice).collect::<Vec<_>>()),
            _ => curves.pool.pooled(state).into_iter().map(|below| 1.0 - below).collect(),
        };
        let share = curves.pool.pooled(state);
        let points: Vec<(f64, f64)> = (0..mean.len())
            .filter(|place| 1.0 - share[*place] > LEAST_SHARE && share[*place] > LEAST_SHARE && mean[*place] > 0.0)
            .map(|place| (si.to_si(curves.pool.level(place)), mean[place]))
            .collect();
        let every = points.len().div_ceil(MOST_POINTS).max(1);
        let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().step_by(every).unzip();
        largest = y.iter().copied().fold(largest, f64::max);
        lines.push(Mark::line(&named.name, Role::Series(state as u16), x, y));
    }
    let x = Axis::linear(&input.quantity.replace('_', " "), si.preferred(at));
    let panel = Panel::new("", x, Axis::log(axis_label(counted), display_unit(counted, largest)));
    let rule = Mark::Rule { name: "level".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at };
    lines.into_iter().fold(panel, Panel::with).with(rule)
}
