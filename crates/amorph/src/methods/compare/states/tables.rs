use super::algorithm::{Comparison, Descriptor, StateMean};
use super::axes::{AxialComparison, mean_axes};
use crate::core::data::Table;
use crate::core::unit::{Unit, format_estimate, format_significant};

/// `4.100 ± 0.050 nm` in the unit that suits the largest of the values.
fn shown(value: f64, std_error: Option<f64>, unit: &Unit, largest: f64) -> String {
    let display = unit.preferred(largest);
    let ratio = unit.scale() / display.scale();
    let text = format_estimate(value * ratio, std_error.map(|error| error * ratio));
    if display.symbol().is_empty() { text } else { format!("{text} {display}") }
}

fn shown_interval(interval: Option<(f64, f64)>, unit: &Unit, largest: f64) -> String {
    let Some((lo, hi)) = interval else { return "—".to_owned() };
    let display = unit.preferred(largest);
    let ratio = unit.scale() / display.scale();
    let text = format!("[{}, {}]", format_significant(lo * ratio, 4), format_significant(hi * ratio, 4));
    if display.symbol().is_empty() { text } else { format!("{text} {display}") }
}

pub(super) fn means(descriptors: &[Descriptor], means: &[Vec<StateMean>]) -> Table {
    let (mut quantity, mut state, mut n, mut mean, mut interval, mut scatter, mut error) =
        (vec![], vec![], vec![], vec![], vec![], vec![], vec![]);
    for (descriptor, means) in descriptors.iter().zip(means) {
        let largest = means.iter().map(|mean| mean.mean.abs()).fold(0.0, f64::max);
        for row in means {
            quantity.push(descriptor.name());
            state.push(row.state.clone());
            n.push(row.n as f64);
            mean.push(shown(row.mean, row.std_error, &descriptor.unit, largest));
            interval.push(shown_interval(row.interval, &descriptor.unit, largest));
            let number =
                |value: Option<f64>| value.map_or("—".to_owned(), |value| shown(value, None, &descriptor.unit, largest));
            scatter.push(number(row.std_dev));
            error.push(number(row.std_error));
        }
    }
    Table::new("state_means", "Means over sites (± standard error of the mean)")
        .with_text("quantity", quantity)
        .with_text("state", state)
        .with_numbers("sites", "", n)
        .with_text("mean", mean)
        .with_text("95 % interval", interval)
        .with_text("standard deviation between sites", scatter)
        .with_text("standard error of the mean", error)
}

pub(super) fn differences(comparisons: &[Comparison]) -> Table {
    let text = |of: &dyn Fn(&Comparison) -> String| comparisons.iter().map(of).collect::<Vec<_>>();
    let numbers = |of: &dyn Fn(&Comparison) -> f64| comparisons.iter().map(of).collect::<Vec<_>>();
    Table::new("state_differences", "Differences between states, sites as replicates")
        .with_text("quantity", text(&|c| c.name.clone()))
        .with_text("states", text(&|c| format!("{} − {}", c.state, c.reference)))
        .with_text("difference", text(&|c| shown(c.welch.difference, None, &c.unit, c.welch.difference)))
        .with_text(
            "95 % interval",
            text(&|c| shown_interval(Some((c.welch.lower, c.welch.upper)), &c.unit, c.welch.difference)),
        )
        .with_text("ratio", text(&ratio))
        .with_text("log ratio", text(&log_ratio))
        .with_numbers("p (Welch)", "", numbers(&|c| c.welch.p_value))
        .with_numbers("p (permutation)", "", numbers(&|c| c.permutation_p))
        .with_numbers("p (Holm)", "", numbers(&|c| c.holm_p))
}

/// Ratio of the geometric means with its interval, where all values are positive.
fn ratio(comparison: &Comparison) -> String {
    comparison.ratio.map_or("—".to_owned(), |ratio| bracketed(ratio.value(), ratio.interval()))
}

fn log_ratio(comparison: &Comparison) -> String {
    comparison.ratio.map_or("—".to_owned(), |ratio| bracketed(ratio.log_ratio, ratio.log_interval))
}

fn bracketed(value: f64, (lo, hi): (f64, f64)) -> String {
    let [value, lo, hi] = [value, lo, hi].map(|number| format_significant(number, 3));
    format!("{value} [{lo}, {hi}]")
}

/// Mean line of every state.
pub(super) fn axes(descriptors: &[Descriptor]) -> Table {
    let (mut quantity, mut state, mut n, mut mean, mut order) = (vec![], vec![], vec![], vec![], vec![]);
    for descriptor in descriptors {
        for row in mean_axes(descriptor) {
            quantity.push(descriptor.name());
            state.push(row.state);
            n.push(row.n as f64);
            mean.push(row.mean.to_degrees());
            order.push(row.order);
        }
    }
    Table::new("state_axes", "Mean directions of lines, angles doubled")
        .with_text("quantity", quantity)
        .with_text("state", state)
        .with_numbers("sites", "", n)
        .with_numbers("mean direction", "deg", mean)
        .with_numbers("order", "", order)
}

/// Differences between mean lines.
pub(super) fn turns(comparisons: &[AxialComparison]) -> Table {
    let text = |of: &dyn Fn(&AxialComparison) -> String| comparisons.iter().map(of).collect::<Vec<_>>();
    let numbers = |of: &dyn Fn(&AxialComparison) -> f64| comparisons.iter().map(of).collect::<Vec<_>>();
    Table::new("state_turns", "Directions of lines compared, sites as replicates")
        .with_text("quantity", text(&|c| c.name.clone()))
        .with_text("states", text(&|c| format!("{} − {}", c.state, c.reference)))
        .with_numbers("turn", "deg", numbers(&|c| c.turn.to_degrees()))
        .with_numbers("p (permutation)", "", numbers(&|c| c.permutation_p))
        .with_numbers("p (Holm)", "", numbers(&|c| c.holm_p))
}
