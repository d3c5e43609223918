use super::Input;
use super::algorithm::Superposed;
use super::law::Law;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit;

const DECADE: f64 = std::f64::consts::LN_10;

pub(super) fn all(input: &Input, found: &Superposed, wlf: Option<&Law>) -> Vec<Figure> {
    vec![master(input, found), isotherms(input), shifts(input, found, wlf)]
}

pub(super) fn series(index: usize) -> Role {
    Role::Series(u16::try_from(index).unwrap_or(u16::MAX))
}

fn moduli() -> [Panel; 2] {
    let frequency = || Axis::log("reduced angular frequency ω a", Unit::of("rad/s"));
    [
        Panel::new("", frequency(), Axis::log("storage modulus", Unit::of("GPa"))),
        Panel::new("", frequency(), Axis::log("loss modulus", Unit::of("GPa"))),
    ]
}

fn master(input: &Input, found: &Superposed) -> Figure {
    let solution = &found.solution;
    let [mut storage, mut loss] = moduli();
    let residual_axis = || Axis::log("reduced angular frequency ω a", Unit::of("rad/s"));
    let mut residual = Panel::new("", residual_axis(), Axis::linear("residual / error", Unit::one()));
    let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
    for (place, k) in found.kept.iter().enumerate() {
        let isotherm = &input.isotherms[*k];
        let lower = (-solution.verticals[place]).exp();
        let omega: Vec<f64> = isotherm.readings.iter().map(|r| r.omega * solution.shifts[place].exp()).collect();
        omega.iter().for_each(|w| (lo, hi) = (w.ln().min(lo), w.ln().max(hi)));
        let of = |value: fn(&crate::methods::relaxation::spectra::Reading) -> f64| {
            isotherm.readings.iter().map(|r| value(r) * lower).collect::<Vec<f64>>()
        };
        storage.marks.push(Mark::points(&isotherm.label(), series(*k), omega.clone(), of(|r| r.storage)));
        loss.marks.push(Mark::points("", series(*k), omega.clone(), of(|r| r.loss)));
        let both = &solution.residuals[place];
        residual.marks.push(Mark::points("", series(*k), omega.clone(), both[0].clone()));
        residual.marks.push(Mark::points("", series(*k), omega, both[1].clone()));
    }
    let grid: Vec<f64> = (0..=200).map(|i| lo + (hi - lo) * f64::from(i) / 200.0).collect();
    let values: Vec<(f64, f64)> = grid.iter().map(|w| solution.modulus(*w)).collect();
    let x: Vec<f64> = grid.iter().map(|w| w.exp()).collect();
    storage.marks.push(Mark::line("master curve", Role::Model, x.clone(), values.iter().map(|v| v.0).collect()));
    loss.marks.push(Mark::line("", Role::Model, x, values.iter().map(|v| v.1).collect()));
    Figure {
        key: "master_curve".to_owned(),
        title: "Master curve".to_owned(),
        caption: "All isotherms at their shifts, and the one causal curve behind storage and loss. Residuals that bend with the frequency say that the \
                  isotherms have not one shape."
            .to_owned(),
        panels: vec![storage, loss, residual],
    }
}

fn isotherms(input: &Input) -> Figure {
    let frequency = || Axis::log("angular frequency", Unit::of("rad/s"));
    let mut storage = Panel::new("", frequency(), Axis::log("storage modulus", Unit::of("GPa")));
    let mut loss = Panel::new("", frequency(), Axis::log("loss modulus", Unit::of("GPa")));
    let mut collapse = Panel::new("", Axis::log("modulus |M|", Unit::of("GPa")), Axis::linear("loss angle", Unit::of("deg")));
    for (k, isotherm) in input.isotherms.iter().enumerate() {
        let omega: Vec<f64> = isotherm.readings.iter().map(|r| r.omega).collect();
        storage.marks.push(Mark::points(
            &isotherm.label(),
            series(k),
            omega.clone(),
            isotherm.readings.iter().map(|r| r.storage).collect(),
        ));
        loss.marks.push(Mark::points("", series(k), omega, isotherm.readings.iter().map(|r| r.loss).collect()));
        let size = isotherm.readings.iter().map(|r| r.storage.hypot(r.loss)).collect();
        let angle = isotherm.readings.iter().map(|r| r.loss.atan2(r.storage)).collect();
        collapse.marks.push(Mark::points("", series(k), size, angle));
    }
    Figure {
        key: "isotherms".to_owned(),
        title: "Isotherms".to_owned(),
        caption: "Storage and loss modulus as measured, and the loss angle over the modulus: there isotherms fall on one curve without any shift of frequency \
                  where superposition holds."
            .to_owned(),
        panels: vec![storage, loss, collapse],
    }
}

pub(super) fn shifts(input: &Input, found: &Superposed, wlf: Option<&Law>) -> Figure {
    let solution = &found.solution;
    let temperature = |place: usize| input.isotherms[found.kept[place]].temperature;
    let places = 0..found.kept.len();
    let x: Vec<f64> = places.clone().map(|place| 1.0 / temperature(place)).collect();
    let y: Vec<f64> = places.clone().map(|place| solution.shifts[place] / DECADE).collect();
    let half = |place: usize| 1.96 * solution.shift_std(place, found.reference) / DECADE;
    let intervals = places.map(|place| [y[place] - half(place), y[place] + half(place)]).collect();
    let (first, last) = (temperature(0), temperature(found.kept.len() - 1));
    let mut panel =
        Panel::new("", Axis::linear("1/T", Unit::of("1/K")), Axis::linear("log10 a", Unit::one())).with(Mark::Points {
            name: "shifts, 95 %".to_owned(),
            role: Role::Data,
            x,
            y,
            y_interval: intervals,
            x_interval: Vec::new(),
        });
    if let Some(law) = wlf {
        let reference = input.isotherms[input.reference].temperature;
        let grid: Vec<f64> = (0..=100).map(|i| first + (last - first) * f64::from(i) / 100.0).collect();
        let value = |t: &f64| -law.values[0] * (t - reference) / (law.values[1] + t - reference);
        let line = grid.iter().map(value).collect();
        panel.marks.push(Mark::line("WLF", Role::Model, grid.iter().map(|t| 1.0 / t).collect(), line));
    }
    Figure {
        key: "shift_factors".to_owned(),
        title: "Shift factors".to_owned(),
        caption: "Shifts against the reference temperature with their joint intervals, and the law of Williams, Landel and Ferry through them. A straight line \
                  is an Arrhenius law."
            .to_owned(),
        panels: vec![panel],
    }
}
