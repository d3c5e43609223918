use super::algorithm::{Line, Point, error_share};
use super::input::Axis;
use super::{Input, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{pearson, rank_correlation};
use crate::core::unit::{Unit, format_significant};

/// Orders by chance for more than seven states.
const ORDERS: usize = 9999;
/// Below this probability two quantities go together.
const NAMED: f64 = 0.05;
/// Share of the variance of x that its errors may make before slope and correlation are flattened beyond their intervals.
const FLAT: f64 = 0.04;
/// Fewest states for an interval of the correlation: with four Fisher's covers 96 to 97 %.
const CORRELATED: usize = 5;

pub(super) fn outcome(input: &Input, seed: u64) -> Outcome {
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let points = &input.points;
    let n = points.len() as f64;
    let pairs: Vec<(f64, f64)> = points.iter().map(|point| (point.x, point.y)).collect();
    let line = Line::through(points);
    let Some(ranked) = rank_correlation(&pairs, ORDERS, seed) else {
        let text = "one of the two quantities is the same for every state: there is nothing to relate";
        outcome.notes.push(Note::refused("no_spread", text));
        outcome.tables.push(table(input));
        return outcome;
    };
    let why = "a few states; its probability is the test";
    outcome.estimates.push(Estimate::without_interval("relation_rank", "ρ", ranked.rho, "", why).n(n));
    let why = "a rank among orders, counted without error";
    outcome.estimates.push(Estimate::without_interval("relation_rank_p", "p", ranked.p_value, "", why).n(n));
    linear(input, line.as_ref(), &mut outcome);
    let (x, y) = (input.x.name(), input.y.name());
    let (rho, p) = (format_significant(ranked.rho, 2), format_significant(ranked.p_value, 2));
    let text = if ranked.p_value <= NAMED {
        let way = if ranked.rho > 0.0 { "rises" } else { "falls" };
        format!("{y} {way} with {x} ({n} states, rank correlation {rho}, p = {p}); that one causes the other does not follow")
    } else {
        let least = 2.0 / (1..=points.len()).map(|i| i as f64).product::<f64>();
        format!(
            "{y} goes with {x} no more than by chance ({n} states, rank correlation {rho}, p = {p}; the smallest that so many states can give is {})",
            format_significant(least, 2)
        )
    };
    outcome.notes.push(Note::info("relation", text));
    outcome.tables.push(table(input));
    outcome.figures.push(figures::relation(input, line.as_ref()));
    outcome
}

fn linear(input: &Input, line: Option<&Line>, outcome: &mut Outcome) {
    let points = &input.points;
    let n = points.len() as f64;
    let share = error_share(points);
    let known = share.is_finite();
    let flat = share > FLAT;
    let column = |of: fn(&Point) -> f64| points.iter().map(of).collect::<Vec<f64>>();
    let flattened = || {
        format!(
            "errors of {} make {} % of its variance and flatten the relation: measure it better, or over a wider range",
            input.x.name(),
            format_significant(100.0 * share, 2)
        )
    };
    if let Ok(found) = pearson(&column(|point| point.x), &column(|point| point.y), 0.95) {
        let estimate = match () {
            () if points.len() < CORRELATED => {
                Estimate::without_interval("relation_correlation", "r", found.r, "", "four states tell hardly anything of it")
            }
            () if flat => Estimate::without_interval("relation_correlation", "r", found.r, "", &flattened()),
            () => {
                Estimate::with_interval("relation_correlation", "r", found.r, "", (found.lower, found.upper), Basis::Likelihood)
            }
        };
        outcome.estimates.push(estimate.n(n));
    }
    let Some(line) = line else { return };
    let unit = slope_unit(&input.x, &input.y);
    let estimate = if flat {
        Estimate::without_interval("relation_slope", "b", line.slope, &unit, &flattened())
    } else {
        let interval = (line.slope - line.half, line.slope + line.half);
        Estimate::with_interval("relation_slope", "b", line.slope, &unit, interval, Basis::Likelihood).std_error(line.error)
    };
    outcome.estimates.push(estimate.n(n));
    if !known {
        let text = format!(
            "the errors of {} are not known for every state: where they make more than {} % of its variance, slope and correlation are too small",
            input.x.name(),
            100.0 * FLAT
        );
        outcome.notes.push(Note::warning("errors_not_known", text));
    }
}

/// y over x; of a logarithm, decades.
fn slope_unit(x: &Axis, y: &Axis) -> String {
    let dimension = |axis: &Axis| if axis.logarithmic { Unit::one().dimension() } else { axis.unit.dimension() };
    dimension(x).power(-1.0).map_or_else(String::new, |per_x| (dimension(y) + per_x).base_units())
}

fn table(input: &Input) -> Table {
    let column = |of: &dyn Fn(&Point) -> f64| input.points.iter().map(of).collect::<Vec<f64>>();
    let value = |axis: &Axis, value: f64| if axis.logarithmic { 10f64.powf(value) } else { value };
    // The error of a logarithm, back on its value.
    let error = |axis: &Axis, of: f64, error: f64| {
        if axis.logarithmic { 10f64.powf(of) * std::f64::consts::LN_10 * error } else { error }
    };
    let unit = |axis: &Axis| axis.unit.symbol().to_owned();
    Table::new("states", "The two quantities by state: means over sites where there are several")
        .with_text("state", input.points.iter().map(|point| point.state.clone()).collect())
        .with_numbers(&input.x.key, &unit(&input.x), column(&|point| value(&input.x, point.x)))
        .with_numbers("x_std_error", &unit(&input.x), column(&|point| error(&input.x, point.x, point.x_error)))
        .with_numbers(&input.y.key, &unit(&input.y), column(&|point| value(&input.y, point.y)))
        .with_numbers("y_std_error", &unit(&input.y), column(&|point| error(&input.y, point.y, point.y_error)))
}
