use super::Input;
use super::algorithm::{StressLaw, ln_sinh};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::stats::NORMAL_95;
use crate::core::unit::Unit;

/// Rates over stress with both laws and the slope of Newtonian flow.
pub(super) fn rates(input: &Input, law: &StressLaw) -> Figure {
    let rates = &input.rates;
    let exp = |values: &[f64]| values.iter().map(|v| v.exp()).collect::<Vec<f64>>();
    let half = |i: usize| NORMAL_95 * rates.errors[i].hypot(law.scatter);
    let ends = |i: usize| [(rates.ln_rates[i] - half(i)).exp(), (rates.ln_rates[i] + half(i)).exp()];
    let (lo, hi) = rates.ln_stresses.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (v.min(lo), v.max(hi)));
    let margin = 0.05 * (hi - lo);
    let grid: Vec<f64> = (0..=80).map(|i| lo - margin + (hi - lo + 2.0 * margin) * f64::from(i) / 80.0).collect();
    let line = |name: &str, role: Role, dashed: bool, of: &dyn Fn(f64) -> f64| Mark::Line {
        name: name.to_owned(),
        role,
        x: exp(&grid),
        y: grid.iter().map(|ln| of(*ln).exp()).collect(),
        dashed,
    };
    let power = |ln: f64| law.ln_rate + law.exponent.value * (ln - law.ln_stress);
    let newtonian = |ln: f64| ln - law.ln_viscosity.value;
    let mut panel = Panel::new("", Axis::log("stress", Unit::of("MPa")), Axis::log("strain rate", Unit::of("1/s")))
        .with(Mark::Points {
            name: "creep tests".to_owned(),
            role: Role::Data,
            x: exp(&rates.ln_stresses),
            y: exp(&rates.ln_rates),
            y_interval: (0..rates.ln_rates.len()).map(ends).collect(),
            x_interval: Vec::new(),
        })
        .with(line(&format!("power law, n = {:.2}", law.exponent.value), Role::Model, false, &power))
        .with(line("Newtonian, n = 1", Role::Null, true, &newtonian));
    if let Some(found) = law.activation {
        let n = rates.ln_rates.len() as f64;
        let shape = |ln: f64| ln_sinh(found.value, (ln - law.ln_stress).exp());
        let offset = rates.ln_stresses.iter().zip(&rates.ln_rates).map(|(s, r)| r - shape(*s)).sum::<f64>() / n;
        panel.marks.push(line("sinh(σV/MkT)", Role::Series(1), true, &|ln| offset + shape(ln)));
    }
    Figure {
        key: "rates".to_owned(),
        title: "Creep over stress".to_owned(),
        caption: "Strain rates of the creep tests with twice their standard errors, scatter between tests included, and the laws through them.".to_owned(),
        panels: vec![panel],
    }
}
