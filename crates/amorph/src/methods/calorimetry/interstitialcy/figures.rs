use super::Input;
use super::algorithm::{Moduli, Number};
use super::report::Curves;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::stats::NORMAL_95;
use crate::core::unit::Unit;

pub(super) fn all(input: &Input, moduli: &Moduli, curves: &Curves, limits: (f64, f64)) -> Vec<Figure> {
    let mut figures = vec![defects(input, moduli, curves, limits)];
    if !curves.spectrum.is_empty() {
        figures.push(spectrum(curves));
    }
    figures
}

fn band(x: &[f64], numbers: &[Number]) -> [Mark; 2] {
    let end = |sign: f64| numbers.iter().map(|(v, s)| v + sign * NORMAL_95 * s).collect();
    [
        Mark::Band { name: "95 % band".to_owned(), role: Role::Model, x: x.to_vec(), lo: end(-1.0), hi: end(1.0) },
        Mark::line("", Role::Model, x.to_vec(), numbers.iter().map(|number| number.0).collect()),
    ]
}

fn defects(input: &Input, moduli: &Moduli, curves: &Curves, (from, to): (f64, f64)) -> Figure {
    let temperature = || Axis::linear("temperature", Unit::of("K"));
    let mut modulus = Panel::new("", temperature(), Axis::linear("shear modulus", Unit::of("GPa")));
    for (name, role, (x, y), smooth) in
        [("glass", Role::Series(0), &input.glass, &moduli.glass), ("crystal", Role::Series(1), &input.crystal, &moduli.crystal)]
    {
        modulus.marks.push(Mark::points(name, role, x.clone(), y.iter().map(|y| y.exp()).collect()));
        modulus.marks.push(Mark::line("", role, x.clone(), x.iter().map(|x| smooth.at(*x).0.exp()).collect()));
    }
    let mut concentration = Panel::new("", temperature(), Axis::linear("concentration", Unit::of("%")));
    concentration.marks.extend(band(&curves.temperature, &curves.concentration));
    let mut heat = Panel::new("", temperature(), Axis::linear("heat flow taken up", Unit::of("W/kg")));
    if let Some((x, y)) = &input.measured {
        heat.marks.push(Mark::points("calorimeter", Role::Data, x.clone(), y.clone()));
    }
    heat.marks.extend(band(&curves.temperature, &curves.heat_flow));
    heat.marks.push(Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at: 0.0 });
    for at in [from, to] {
        for panel in [&mut concentration, &mut heat] {
            panel.marks.push(Mark::Rule { name: String::new(), role: Role::Highlight, axis: RuleAxis::X, at });
        }
    }
    Figure {
        key: "interstitialcy".to_owned(),
        title: "Defects by the shear modulus".to_owned(),
        caption: "Shear moduli of glass and crystal with their smooth curves; the concentration of defects and the heat flow that follow, with 95 % bands. Between the rules \
                  structure relaxes."
            .to_owned(),
        panels: vec![modulus, concentration, heat],
    }
}

fn spectrum(curves: &Curves) -> Figure {
    let x: Vec<f64> = curves.spectrum.iter().map(|row| row.0).collect();
    let numbers: Vec<Number> = curves.spectrum.iter().map(|row| row.1).collect();
    let energy = Axis::linear("energy", Unit::of("eV"));
    let mut panel = Panel::new("", energy, Axis::linear("density of defects", Unit::of("1/eV")));
    panel.marks.extend(band(&x, &numbers));
    panel.marks.push(Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at: 0.0 });
    Figure {
        key: "energy_spectrum".to_owned(),
        title: "Energies of the defects".to_owned(),
        caption: "Density of the defects over the energy at which they anneal out, with a 95 % band; the scale of the energies goes with the logarithm of the stated attempt frequency."
            .to_owned(),
        panels: vec![panel],
    }
}
