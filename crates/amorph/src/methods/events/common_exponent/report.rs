use super::Input;
use super::algorithm::{Common, common};
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::{Probability, Unit};

pub(super) fn outcome(input: &Input, found: &Common) -> Outcome {
    let n: f64 = input.samples.iter().map(|sample| sample.n).sum();
    let own: Vec<Option<Common>> = input.samples.iter().map(|sample| common(&[&sample.profile])).collect();
    let end = |upper: bool| -> Vec<f64> {
        let of =
            |own: &Option<Common>| own.as_ref().map_or(f64::NAN, |own| if upper { own.interval.1 } else { own.interval.0 });
        own.iter().map(of).collect()
    };
    let column = |value: &dyn Fn(usize) -> f64| (0..input.samples.len()).map(value).collect::<Vec<f64>>();
    let exponents = column(&|place| input.samples[place].profile.alpha());
    let table = Table::new("samples", "Exponents of the samples")
        .with_text("sample", input.samples.iter().map(|sample| sample.name.clone()).collect())
        .with_numbers("events", "", column(&|place| input.samples[place].n))
        .with_numbers("exponent", "", exponents.clone())
        .with_numbers("exponent_lo", "", end(false))
        .with_numbers("exponent_hi", "", end(true))
        .with_numbers("ratio", "", column(&|place| -2.0 * input.samples[place].profile.at(found.alpha)));
    let mut notes = Vec::new();
    if found.p < 0.05 {
        let message = format!(
            "the samples do not share an exponent (p {:.2e}): the common one describes none of them; look at their xmin first",
            Probability(found.p)
        );
        notes.push(Note::warning("exponents_differ", message));
    } else {
        let message = format!("one exponent is compatible with all {} samples (p = {:.2})", input.samples.len(), found.p);
        notes.push(Note::info("exponents_agree", message));
    }
    let estimate = Estimate::with_interval("common_exponent", "α", found.alpha, "", found.interval, Basis::Likelihood).n(n);
    let names = input.samples.iter().rev().map(|sample| sample.name.clone()).collect();
    let interval = end(false).into_iter().zip(end(true)).rev().map(|(lo, hi)| [lo, hi]).collect();
    let panel = Panel::new("", Axis::linear("exponent", Unit::one()), Axis::categories("", names))
        .with(Mark::Points {
            name: "samples, each with its own cut-off".to_owned(),
            role: Role::Data,
            x: exponents.into_iter().rev().collect(),
            y: (0..input.samples.len()).map(|row| row as f64).collect(),
            x_interval: interval,
            y_interval: Vec::new(),
        })
        .with(Mark::Rule { name: "common exponent".to_owned(), role: Role::Model, axis: RuleAxis::X, at: found.alpha });
    let figure = Figure {
        key: "common_exponent".to_owned(),
        title: "Exponents of the samples".to_owned(),
        caption: "Exponent of every sample with its 95 % interval, and the one that all share if they share one.".to_owned(),
        panels: vec![panel],
    };
    Outcome {
        estimates: vec![
            estimate,
            Estimate::without_interval("common_exponent_ratio", "2 ln LR", found.ratio, "", "a test statistic"),
            Estimate::without_interval("common_exponent_p", "p", found.p, "", "a probability"),
        ],
        tables: vec![table],
        figures: vec![figure],
        notes,
        ..Outcome::default()
    }
}
