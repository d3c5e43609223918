use super::algorithm::{FEWEST, Mean, mean};
use super::{DynamicStiffness, IndentationError, Input, Samples};
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{Moments, student_t_quantile};
use crate::core::unit::Unit;
use crate::method::MethodError;

/// Key, symbol, unit and samples of a quantity.
type Column = (&'static str, &'static str, &'static str, fn(&Samples) -> &[f64]);

const QUANTITIES: [Column; 4] = [
    ("reduced_storage_modulus", "E'_r", "Pa", |test| &test.storage),
    ("reduced_loss_modulus", "E''_r", "Pa", |test| &test.loss),
    ("loss_tangent", "tan δ", "", |test| &test.tangent),
    ("hardness", "H", "Pa", |test| &test.hardness),
];

pub(super) fn outcome(method: &DynamicStiffness, input: &Input) -> Result<Outcome, MethodError> {
    let means: Vec<[Option<Mean>; 4]> = input
        .tests
        .iter()
        .map(|test| {
            let range = method.range(test);
            QUANTITIES.map(|(_, _, _, of)| over_range(test, of(test), range))
        })
        .collect();
    if means.iter().all(|of_test| of_test[0].is_none()) {
        let what = "samples between from_depth and to_depth".to_owned();
        return Err(IndentationError::TooFewPoints { what, found: 0, needed: FEWEST }.into());
    }
    let mut estimates = Vec::new();
    for (i, (key, symbol, unit, _)) in QUANTITIES.iter().enumerate() {
        let of: Vec<Mean> = means.iter().filter_map(|of_test| of_test[i]).collect();
        estimates.extend(estimate(key, symbol, unit, &of));
    }
    let n = input.tests.len() as f64;
    estimates.push(Estimate::without_interval("n_tests", "n", n, "", "counted, without error"));
    Ok(Outcome {
        estimates,
        tables: vec![table(input, &means), samples(&input.tests[0])],
        figures: vec![figure(method, input)],
        notes: notes(input, &means),
        ..Outcome::default()
    })
}

impl DynamicStiffness {
    /// Contact depths of the means, m.
    fn range(&self, test: &Samples) -> (f64, f64) {
        let deepest = test.contact_depth.iter().zip(&test.storage).filter(|(_, e)| e.is_finite());
        let deepest = deepest.fold(0.0, |a: f64, (h, _)| a.max(*h));
        let from = self.from_depth.as_ref().map_or(0.5 * deepest, |depth| depth.value);
        (from, self.to_depth.as_ref().map_or(deepest, |depth| depth.value))
    }
}

fn over_range(test: &Samples, values: &[f64], (from, to): (f64, f64)) -> Option<Mean> {
    let inside = |row: &usize| (from..=to).contains(&test.contact_depth[*row]) && values[*row].is_finite();
    let rows: Vec<usize> = (0..values.len()).filter(inside).collect();
    let pick = |values: &[f64]| rows.iter().map(|row| values[*row]).collect::<Vec<f64>>();
    mean(&pick(&test.contact_depth), &pick(values)).ok()
}

/// Of one or two tests the interval within them, of several that of their mean.
fn estimate(key: &str, symbol: &str, unit: &str, means: &[Mean]) -> Option<Estimate> {
    let n = means.len() as f64;
    match means {
        [] => None,
        [only] => Some(
            Estimate::with_interval(key, symbol, only.value, unit, only.interval, Basis::Likelihood)
                .std_error(only.std_error)
                .n(only.n as f64),
        ),
        [a, b] => {
            let why = "fewer than three tests: their scatter is not known";
            Some(Estimate::without_interval(key, symbol, 0.5 * (a.value + b.value), unit, why).n(n))
        }
        several => {
            let values: Vec<f64> = several.iter().map(|mean| mean.value).collect();
            let moments = Moments::of(&values).ok()?;
            let half = student_t_quantile(0.975, n - 1.0).ok()? * moments.std_error();
            let interval = (moments.mean - half, moments.mean + half);
            let estimate = Estimate::with_interval(key, symbol, moments.mean, unit, interval, Basis::Replicate);
            Some(estimate.std_error(moments.std_error()).n(n))
        }
    }
}

fn table(input: &Input, means: &[[Option<Mean>; 4]]) -> Table {
    let mut table = Table::new("tests", "Means over the range of depths")
        .with_text("name", input.tests.iter().map(|test| test.name.clone()).collect());
    for (i, (key, _, unit, _)) in QUANTITIES.iter().enumerate() {
        let column = |of: fn(&Mean) -> f64| means.iter().map(|m| m[i].as_ref().map_or(f64::NAN, of)).collect::<Vec<f64>>();
        table = table.with_numbers(key, unit, column(|m| m.value));
        table = table.with_numbers(&format!("{key}_std"), unit, column(|m| m.std_error));
        table = table.with_numbers(&format!("{key}_trend"), "", column(|m| m.trend));
    }
    table
}

fn samples(test: &Samples) -> Table {
    let table =
        Table::new("samples", "Samples of the first test").with_numbers("contact_depth", "m", test.contact_depth.clone());
    QUANTITIES.iter().fold(table, |table, (key, _, unit, of)| table.with_numbers(key, unit, of(test).to_vec()))
}

fn notes(input: &Input, means: &[[Option<Mean>; 4]]) -> Vec<Note> {
    let mut notes: Vec<Note> = input.lost.iter().map(|lost| Note::warning("test_lost", lost.clone())).collect();
    let trend = means.iter().flat_map(|of_test| of_test[0]).map(|mean| mean.trend.abs()).fold(0.0, f64::max);
    if trend > 0.1 {
        let text = format!(
            "the modulus changes by up to {:.0} % over the range of depths: tip, roughness or substrate; narrow the range",
            100.0 * trend
        );
        notes.push(Note::warning("depth_trend", text));
    }
    let difference = input.tests.iter().filter_map(|test| test.difference).fold(0.0, f64::max);
    if difference > 1e-3 {
        let text = format!(
            "the moduli in the file differ by up to {:.1} % from stiffness and area: it was computed with another area or geometry factor",
            100.0 * difference
        );
        notes.push(Note::warning("file_moduli_differ", text));
    }
    let text =
        "the loss is that of sample and machine: its damping is not taken off, because its dynamic constants are not known";
    if means.iter().any(|of_test| of_test[2].is_some()) {
        notes.push(Note::warning("machine_damping", text));
    }
    notes
}

const MOST_POINTS: usize = 800;

fn figure(method: &DynamicStiffness, input: &Input) -> Figure {
    let axis = || Axis::linear("contact depth", Unit::of("nm"));
    let mut panels = Vec::new();
    for (_, _, unit, of) in [QUANTITIES[0], QUANTITIES[3], QUANTITIES[2]] {
        let (label, shown) = match unit {
            "" => ("loss tangent", Unit::one()),
            _ if panels.is_empty() => ("reduced storage modulus", Unit::of("GPa")),
            _ => ("hardness", Unit::of("GPa")),
        };
        let mut panel = Panel::new("", axis(), Axis::linear(label, shown));
        let mut any = false;
        for (number, test) in input.tests.iter().take(8).enumerate() {
            let (from, _) = method.range(test);
            // Where contact begins the area is next to nothing and moduli are anything.
            let drawn = |row: &usize| of(test)[*row].is_finite() && test.contact_depth[*row] > 0.1 * from;
            let rows: Vec<usize> = (0..test.contact_depth.len()).filter(drawn).collect();
            let step = rows.len().div_ceil(MOST_POINTS).max(1);
            let pick = |values: &[f64]| rows.iter().step_by(step).map(|row| values[*row]).collect::<Vec<f64>>();
            any |= !rows.is_empty();
            let role = if input.tests.len() == 1 { Role::Data } else { Role::Series(number as u16) };
            panel = panel.with(Mark::points(&test.name, role, pick(&test.contact_depth), pick(of(test))));
        }
        if any {
            panels.push(panel);
        }
    }
    Figure {
        key: "stiffness_over_depth".to_owned(),
        title: "Modulus, hardness and loss over depth".to_owned(),
        caption: "A modulus that does not depend on the depth is that of the sample; a slope at small depths is that of tip and roughness, one at large \
                  depths that of the substrate."
            .to_owned(),
        panels,
    }
}
