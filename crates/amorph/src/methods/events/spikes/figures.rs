use super::algorithm::Event;
use super::efficiency::{Efficiency, Injection};
use super::input::Input;
use super::report::Counts;
use super::searched::SearchedTest;
use super::tables::bins;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::series::Sign;
use crate::core::stats::poisson_interval;
use crate::core::unit::Unit;

/// Most tests that are drawn.
pub(super) const MOST_TESTS: usize = 4;
/// Most spikes of a sign that are drawn.
const POINTS: usize = 4000;

/// Load, apparent resistivity and spikes over time; the largest spike close up.
pub(super) fn trace(test: &SearchedTest, input: &Input<'_>) -> Figure {
    let drawn = &test.drawn;
    let change = |levels: &[f64]| -> Vec<f64> { levels.iter().map(|level| level - drawn.reference).collect() };
    let seconds = || Axis::linear("time", Unit::of("s"));
    let label = if input.is_apparent { "apparent change of ln ρ" } else { "change of ln ρ" };
    let mut panels = Vec::new();
    if !drawn.load.0.is_empty() {
        let line = Mark::line("", Role::Data, drawn.load.0.clone(), drawn.load.1.clone());
        panels.push(Panel::new("", seconds(), Axis::linear("load", Unit::of("mN"))).with(line));
    }
    let line = Mark::line("", Role::Null, drawn.level.0.clone(), change(&drawn.level.1));
    let mut panel = Panel::new("", seconds(), Axis::linear(label, Unit::one())).with(line);
    for (sign, role, name) in [(Sign::Positive, Role::Highlight, "rising"), (Sign::Negative, Role::Series(0), "falling")] {
        let chosen = shown(test, sign);
        if !chosen.is_empty() {
            let x = chosen.iter().map(|event| event.time).collect();
            let y = chosen.iter().map(|event| event.level - drawn.reference).collect();
            panel = panel.with(Mark::points(name, role, x, y));
        }
    }
    panels.push(panel);
    if !drawn.closeup.0.is_empty() {
        let shown = Panel::new("largest", seconds(), Axis::linear(label, Unit::one()));
        panels.push(shown.with(Mark::line("", Role::Data, drawn.closeup.0.clone(), change(&drawn.closeup.1))));
    }
    Figure {
        key: "spikes".to_owned(),
        title: format!("Spikes of {}", test.name),
        caption: "Load and change of the logarithm of the resistance since the start, with the spikes that noise alone does not explain; the largest close up."
            .to_owned(),
        panels,
    }
}

/// Spikes of one sign, the largest of them where there are more than a picture can show.
fn shown(test: &SearchedTest, sign: Sign) -> Vec<&Event> {
    let mut chosen: Vec<&Event> = test.spikes().filter(|event| event.sign == sign).collect();
    if chosen.len() > POINTS {
        chosen.sort_by(|a, b| b.size.total_cmp(&a.size));
        chosen.truncate(POINTS);
    }
    chosen
}

/// Rates of rising and falling spikes by segment.
pub(super) fn rates(counts: &[Counts<'_>]) -> Figure {
    let several = counts.iter().any(|one| one.test != counts[0].test);
    let name = |one: &Counts<'_>| {
        let kind = one.segment.kind.word();
        if several { format!("{kind}, {}", one.test) } else { kind.to_owned() }
    };
    let names = counts.iter().rev().map(name).collect();
    let mut panel = Panel::new("", Axis::linear("spikes per second", Unit::of("1/s")), Axis::categories("", names));
    for (side, role, label) in [(0, Role::Highlight, "rising"), (1, Role::Series(0), "falling")] {
        let offset = if side == 0 { 0.12 } else { -0.12 };
        let interval = |one: &Counts<'_>| {
            let (lo, hi) = poisson_interval(one.found[side], 0.95).unwrap_or((f64::NAN, f64::NAN));
            [lo / one.exposure, hi / one.exposure]
        };
        panel = panel.with(Mark::Points {
            name: label.to_owned(),
            role,
            x: counts.iter().rev().map(|one| one.found[side] as f64 / one.exposure).collect(),
            y: (0..counts.len()).map(|row| row as f64 + offset).collect(),
            x_interval: counts.iter().rev().map(interval).collect(),
            y_interval: Vec::new(),
        });
    }
    Figure {
        key: "spike_rates".to_owned(),
        title: "Rising and falling spikes".to_owned(),
        caption: "Spikes per second of exposure with 95 % intervals. Where the intervals of a segment overlap widely the two signs are compatible with equal rates.".to_owned(),
        panels: vec![panel],
    }
}

/// Share of injected spikes that were found.
pub(super) fn efficiency(injections: &[Injection], curve: &Efficiency) -> Figure {
    let bins = bins(injections);
    let x: Vec<f64> = bins.iter().map(|bin| bin.size).collect();
    let panel =
        Panel::new("", Axis::log("relative change", Unit::one()), Axis::linear("share found", Unit::one()).within(0.0, 1.05))
            .with(Mark::Points {
                name: "injected".to_owned(),
                role: Role::Data,
                x: x.clone(),
                y: bins.iter().map(|bin| bin.found as f64 / bin.n as f64).collect(),
                y_interval: bins.iter().map(|bin| [bin.interval.0, bin.interval.1]).collect(),
                x_interval: Vec::new(),
            })
            .with(Mark::line("fit", Role::Model, x.clone(), x.iter().map(|size| curve.at(*size)).collect()));
    Figure {
        key: "efficiency".to_owned(),
        title: "Which spikes are found".to_owned(),
        caption: "Share of spikes injected into noise like that of the test that the same search found, with 95 % intervals."
            .to_owned(),
        panels: vec![panel],
    }
}
