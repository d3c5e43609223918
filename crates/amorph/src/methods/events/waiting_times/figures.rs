use super::algorithm::WaitingFit;
use super::input::Input;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;

/// Points of a line.
const POINTS: usize = 200;

/// Share of longer waits, with an exponential law beyond the dead time.
pub(super) fn survival(input: &Input, fit: &WaitingFit) -> Figure {
    let x = Axis::linear("waiting time", Unit::of("s"));
    let mut panel = Panel::new("", x, Axis::log("share of longer waits", Unit::one()));
    let mut longest: f64 = 0.0;
    for (series, (name, stretch)) in input.names.iter().zip(&input.stretches).enumerate() {
        let waits = stretch.waits(input.dead_time);
        let mut ended: Vec<f64> = waits.iter().filter(|wait| !wait.is_censored).map(|wait| wait.time).collect();
        if ended.len() < 5 {
            continue;
        }
        ended.sort_unstable_by(f64::total_cmp);
        longest = longest.max(ended[ended.len() - 1]);
        let share = (0..ended.len()).map(|rank| 1.0 - rank as f64 / ended.len() as f64).collect();
        panel = panel.with(Mark::points(name, Role::Series(series as u16), ended, share));
    }
    let steps = |i: usize| input.dead_time + (longest - input.dead_time) * i as f64 / POINTS as f64;
    let x: Vec<f64> = (0..=POINTS).map(steps).collect();
    let y = x.iter().map(|time| (-fit.rate * (time - input.dead_time)).exp().max(1e-4)).collect();
    panel = panel.with(Mark::line("independent events, mean rate", Role::Model, x, y));
    if input.dead_time > 0.0 {
        panel = panel.with(Mark::Rule {
            name: "dead time".to_owned(),
            role: Role::Reference,
            axis: RuleAxis::X,
            at: input.dead_time,
        });
    }
    Figure {
        key: "waiting_times".to_owned(),
        title: "Waiting times".to_owned(),
        caption: "Share of waits longer than a time. Independent events at a constant rate give a straight line; each stretch has a rate of its own.".to_owned(),
        panels: vec![panel],
    }
}
