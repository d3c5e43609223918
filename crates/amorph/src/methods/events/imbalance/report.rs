use super::algorithm::{Counts, Imbalance, dispersion, imbalance, mid_p};
use super::input::{Input, Row};
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::holm;
use crate::core::unit::Unit;

/// Probability of the scatter between tests below which it is no counting.
const SCATTERS: f64 = 0.05;
const KINDS: [(&str, &str); 4] =
    [("load", "imbalance_load"), ("hold", "imbalance_hold"), ("unload", "imbalance_unload"), ("all", "imbalance_all")];

/// What one kind of segment says.
struct Kind {
    name: &'static str,
    key: &'static str,
    counts: Counts,
    exposure: f64,
    stress_rate: f64,
    tests: usize,
    dispersion: Option<(f64, f64)>,
    found: Imbalance,
    p: f64,
    /// After Holm's correction; NaN for all segments together.
    corrected: f64,
}

pub(super) fn outcome(input: &Input) -> Outcome {
    let mut kinds: Vec<Kind> = KINDS.iter().filter_map(|(name, key)| kind(input, name, key)).collect();
    let single: Vec<f64> = kinds.iter().filter(|kind| kind.name != "all").map(|kind| kind.p).collect();
    let corrected = holm(&single).unwrap_or(single);
    kinds.iter_mut().filter(|kind| kind.name != "all").zip(corrected).for_each(|(kind, p)| kind.corrected = p);
    let mut notes = vec![Note::info(
        "meaning_of_signs",
        "that rising means disordering and falling ordering holds only for a glass whose resistivity falls on annealing",
    )];
    let scattering: Vec<&str> = kinds.iter().filter(|kind| kind.scatters()).map(|kind| kind.name).collect();
    if !scattering.is_empty() {
        let message =
            format!("tests differ by more than counting in {}: the intervals are widened by that", scattering.join(", "));
        notes.push(Note::warning("tests_differ", message));
    }
    Outcome {
        estimates: estimates(&kinds),
        tables: vec![table(&kinds), by_test(&input.rows)],
        figures: vec![figure(&kinds)],
        notes,
        ..Outcome::default()
    }
}

impl Kind {
    fn scatters(&self) -> bool {
        self.dispersion.is_some_and(|(_, p)| p < SCATTERS)
    }

    fn verdict(&self) -> &'static str {
        let p = if self.corrected.is_nan() { self.p } else { self.corrected };
        if p >= 0.05 || self.found.interval.0 <= 0.0 && self.found.interval.1 >= 0.0 {
            "compatible with equal rates"
        } else if self.found.value > 0.0 {
            "more rising"
        } else {
            "more falling"
        }
    }
}

fn kind(input: &Input, name: &'static str, key: &'static str) -> Option<Kind> {
    let rows: Vec<&Row> = input.rows.iter().filter(|row| name == "all" || row.segment == name).collect();
    let counts: Vec<Counts> = rows.iter().map(|row| row.counts).collect();
    let total = Counts::sum(&counts);
    let dispersion = dispersion(&counts);
    let factor = dispersion.filter(|(_, p)| *p < SCATTERS).map_or(1.0, |(factor, _)| factor);
    let known = || rows.iter().map(|row| row.stress_rate).filter(|rate| rate.is_finite());
    Some(Kind {
        name,
        key,
        counts: total,
        exposure: rows.iter().map(|row| row.exposure).sum(),
        stress_rate: known().sum::<f64>() / known().count() as f64,
        tests: rows.len(),
        dispersion,
        found: imbalance(&total, factor)?,
        p: mid_p(&total),
        corrected: f64::NAN,
    })
}

fn estimates(kinds: &[Kind]) -> Vec<Estimate> {
    let mut found: Vec<Estimate> = kinds
        .iter()
        .map(|kind| {
            let n = kind.counts.n() as f64;
            Estimate::with_interval(kind.key, "D", kind.found.value, "", kind.found.interval, Basis::Likelihood).n(n)
        })
        .collect();
    let smallest = kinds.iter().map(|kind| kind.corrected).fold(f64::NAN, f64::min);
    if smallest.is_finite() {
        found.push(Estimate::without_interval("smallest_p", "p", smallest, "", "a probability"));
    }
    let largest = kinds.iter().filter_map(|kind| kind.dispersion).map(|(factor, _)| factor).fold(f64::NAN, f64::max);
    if largest.is_finite() {
        found.push(Estimate::without_interval("dispersion", "φ", largest, "", "a test statistic over its degrees of freedom"));
    }
    found
}

fn table(kinds: &[Kind]) -> Table {
    let column = |value: &dyn Fn(&Kind) -> f64| kinds.iter().map(value).collect::<Vec<f64>>();
    Table::new("imbalance", "Imbalance by segment")
        .with_text("segment", kinds.iter().map(|kind| kind.name.to_owned()).collect())
        .with_numbers("tests", "", column(&|kind| kind.tests as f64))
        .with_numbers("exposure", "s", column(&|kind| kind.exposure))
        .with_numbers("stress_rate", "Pa/s", column(&|kind| kind.stress_rate))
        .with_numbers("rising", "", column(&|kind| kind.counts.found[0] as f64))
        .with_numbers("falling", "", column(&|kind| kind.counts.found[1] as f64))
        .with_numbers("expected_false_rising", "", column(&|kind| kind.counts.background[0]))
        .with_numbers("expected_false_falling", "", column(&|kind| kind.counts.background[1]))
        .with_numbers("imbalance", "", column(&|kind| kind.found.value))
        .with_numbers("imbalance_lo", "", column(&|kind| kind.found.interval.0))
        .with_numbers("imbalance_hi", "", column(&|kind| kind.found.interval.1))
        .with_numbers("p", "", column(&|kind| kind.p))
        .with_numbers("p_holm", "", column(&|kind| kind.corrected))
        .with_numbers("dispersion", "", column(&|kind| kind.dispersion.map_or(f64::NAN, |(factor, _)| factor)))
        .with_numbers("dispersion_p", "", column(&|kind| kind.dispersion.map_or(f64::NAN, |(_, p)| p)))
        .with_text("verdict", kinds.iter().map(|kind| kind.verdict().to_owned()).collect())
}

fn by_test(rows: &[Row]) -> Table {
    let column = |value: &dyn Fn(&Row) -> f64| rows.iter().map(value).collect::<Vec<f64>>();
    let alone = |row: &Row| imbalance(&row.counts, 1.0);
    Table::new("tests", "Imbalance by test and segment")
        .with_text("file", rows.iter().map(|row| row.item.clone()).collect())
        .with_text("test", rows.iter().map(|row| row.test.clone()).collect())
        .with_text("segment", rows.iter().map(|row| row.segment.clone()).collect())
        .with_numbers("rising", "", column(&|row| row.counts.found[0] as f64))
        .with_numbers("falling", "", column(&|row| row.counts.found[1] as f64))
        .with_numbers("stress_rate", "Pa/s", column(&|row| row.stress_rate))
        .with_numbers("imbalance", "", column(&|row| alone(row).map_or(f64::NAN, |found| found.value)))
        .with_numbers("imbalance_lo", "", column(&|row| alone(row).map_or(f64::NAN, |found| found.interval.0)))
        .with_numbers("imbalance_hi", "", column(&|row| alone(row).map_or(f64::NAN, |found| found.interval.1)))
}

fn figure(kinds: &[Kind]) -> Figure {
    let names = kinds.iter().rev().map(|kind| kind.name.to_owned()).collect();
    let panel = Panel::new(
        "",
        Axis::linear("(rising - falling)/(rising + falling)", Unit::one()).within(-1.0, 1.0),
        Axis::categories("", names),
    )
    .with(Mark::Rule { name: "equal rates".to_owned(), role: Role::Reference, axis: RuleAxis::X, at: 0.0 })
    .with(Mark::Points {
        name: String::new(),
        role: Role::Data,
        x: kinds.iter().rev().map(|kind| kind.found.value).collect(),
        y: (0..kinds.len()).map(|row| row as f64).collect(),
        x_interval: kinds.iter().rev().map(|kind| [kind.found.interval.0, kind.found.interval.1]).collect(),
        y_interval: Vec::new(),
    });
    Figure {
        key: "imbalance".to_owned(),
        title: "Rising against falling events".to_owned(),
        caption: "Imbalance of the signs by segment with 95 % intervals; false alarms are taken off. An interval across the line is compatible with equal rates.".to_owned(),
        panels: vec![panel],
    }
}
