use super::Input;
use super::algorithm::Superposed;
use super::figures::series;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit;
use crate::methods::relaxation::log_spectrum::Response;

/// Responses over time as measured and on their master curve, with residuals.
pub(super) fn master(response: Response, input: &Input, found: &Superposed) -> Figure {
    let solution = &found.solution;
    let value = || match response {
        Response::Creep => Axis::log("creep compliance", Unit::of("1/GPa")),
        _ => Axis::log("relaxation modulus", Unit::of("GPa")),
    };
    let time = |name: &str| Axis::log(name, Unit::of("s"));
    let mut measured = Panel::new("", time("time"), value());
    let mut master = Panel::new("", time("reduced time t/a"), value());
    let mut residual = Panel::new("", time("reduced time t/a"), Axis::linear("residual / error", Unit::one()));
    let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
    for (k, isotherm) in input.isotherms.iter().enumerate() {
        let times = || isotherm.readings.iter().map(|reading| 1.0 / reading.omega).collect::<Vec<f64>>();
        let values = |factor: f64| isotherm.readings.iter().map(|reading| reading.storage * factor).collect::<Vec<f64>>();
        measured.marks.push(Mark::points(&isotherm.label(), series(k), times(), values(1.0)));
        let Some(place) = found.kept.iter().position(|kept| *kept == k) else { continue };
        let reduced: Vec<f64> = times().iter().map(|t| t * (-solution.shifts[place]).exp()).collect();
        reduced.iter().for_each(|t| (lo, hi) = (t.ln().min(lo), t.ln().max(hi)));
        let lower = (-solution.verticals[place]).exp();
        master.marks.push(Mark::points("", series(k), reduced.clone(), values(lower)));
        residual.marks.push(Mark::points("", series(k), reduced, solution.residuals[place][0].clone()));
    }
    let grid: Vec<f64> = (0..=200).map(|i| lo + (hi - lo) * f64::from(i) / 200.0).collect();
    let line = grid.iter().map(|t| solution.over_time(response, *t)).collect();
    master.marks.push(Mark::line("master curve", Role::Model, grid.iter().map(|t| t.exp()).collect(), line));
    Figure {
        key: "master_curve".to_owned(),
        title: "Master curve".to_owned(),
        caption: "All isotherms as measured, and at their shifts with the one spectrum of times behind them. Residuals that bend with time say that the \
                  isotherms have not one shape."
            .to_owned(),
        panels: vec![measured, master, residual],
    }
}
