use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;
use crate::methods::calorimetry::scans::Scan;

/// Both scans, and their difference with limits and windows.
pub(super) fn difference(aged: &Scan, reference: &Scan, (x, d): (&[f64], &[f64]), limits: (f64, f64), window: f64) -> Figure {
    let temperature = || Axis::linear("temperature", Unit::of("K"));
    let (from, to) = (limits.0 - window, limits.1 + window);
    let inside = |scan: &Scan| {
        let pairs = scan.temperature.iter().zip(&scan.heat_capacity).filter(|(t, _)| **t >= from && **t <= to);
        pairs.map(|(t, c)| (*t, *c)).unzip::<f64, f64, Vec<f64>, Vec<f64>>()
    };
    let mut scans = Panel::new("", temperature(), Axis::linear("heat capacity", Unit::of("J/(g K)")));
    for (name, scan, role) in [("annealed", aged, Role::Series(0)), ("reference", reference, Role::Series(1))] {
        let (t, c) = inside(scan);
        scans.marks.push(Mark::line(name, role, t, c));
    }
    let kept: Vec<usize> = (0..x.len()).filter(|i| x[*i] >= from && x[*i] <= to).collect();
    let pick = |values: &[f64]| kept.iter().map(|i| values[*i]).collect::<Vec<f64>>();
    let (kx, kd) = (pick(x), pick(d));
    let (lo, hi) = (kd.iter().copied().fold(f64::INFINITY, f64::min), kd.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    let mut change = Panel::new("", temperature(), Axis::linear("annealed less reference", Unit::of("J/(g K)")));
    for (name, ends) in [("windows of the baseline", [from, limits.0]), ("", [limits.1, to])] {
        let band =
            Mark::Band { name: name.to_owned(), role: Role::Reference, x: ends.to_vec(), lo: vec![lo; 2], hi: vec![hi; 2] };
        change.marks.push(band);
    }
    change.marks.push(Mark::line("difference", Role::Data, kx, kd));
    for at in [limits.0, limits.1] {
        change.marks.push(Mark::Rule { name: String::new(), role: Role::Highlight, axis: RuleAxis::X, at });
    }
    Figure {
        key: "recovery_enthalpy".to_owned(),
        title: "Recovery of the enthalpy".to_owned(),
        caption: "Heat capacity of the annealed sample and of the reference, with the baseline of the instrument; right, their difference. The area between the limits \
                  over the baseline that the windows show is the enthalpy which annealing took out."
            .to_owned(),
        panels: vec![scans, change],
    }
}
