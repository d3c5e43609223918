use super::algorithm::{Bent, ordinate};
use super::report::Fitted;
use super::{Equation, Event, Input};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::stats::NORMAL_95;
use crate::core::unit::Unit;
use crate::theory::constants::GAS;

/// Conversions that are drawn at most.
const SHOWN: usize = 9;

pub(super) fn all(input: &Input, equation: Equation, fitted: &[Fitted<'_>], at: usize, curve: Option<&Bent>) -> Vec<Figure> {
    let mut figures = vec![law(input, equation, fitted, at, curve)];
    if fitted.len() > 1 {
        figures.push(conversions(equation, fitted));
    }
    if !input.scans.is_empty() {
        figures.push(scans(input));
    }
    figures
}

fn ordinate_name(equation: Equation) -> &'static str {
    match equation {
        Equation::Kissinger => "ln(q/T^2)",
        Equation::Boswell => "ln(q/T)",
        Equation::Starink => "ln(q/T^1.92)",
        Equation::Friedman => "ln(rate of conversion)",
        Equation::Ozawa | Equation::Moynihan => "ln(q / (K/s))",
    }
}

fn law(input: &Input, equation: Equation, fitted: &[Fitted<'_>], at: usize, curve: Option<&Bent>) -> Figure {
    let inverse = || Axis::linear("1/T", Unit::of("1/K"));
    let mut panel = Panel::new("", inverse(), Axis::linear(ordinate_name(equation), Unit::one()));
    let mut left = Panel::new("", inverse(), Axis::linear("distance from the law", Unit::of("K")));
    for (number, f) in fitted.iter().enumerate().take(SHOWN) {
        let role = if fitted.len() > 1 { Role::Series(number as u16) } else { Role::Data };
        let t = &f.readings.temperatures;
        let x: Vec<f64> = t.iter().map(|t| 1.0 / t).collect();
        let y: Vec<f64> = (0..t.len()).map(|i| ordinate(&f.readings, f.law.form, i)).collect();
        let bars = f.readings.errors.as_ref().map_or_else(Vec::new, |errors| {
            t.iter().zip(errors).map(|(t, e)| [1.0 / (t + NORMAL_95 * e), 1.0 / (t - NORMAL_95 * e)]).collect()
        });
        let name = f.series.conversion.map_or("readings".to_owned(), |c| format!("conversion {c:.2}"));
        panel.marks.push(Mark::Points { name, role, x: x.clone(), y, y_interval: Vec::new(), x_interval: bars });
        let ends = ends(&x);
        let role = if fitted.len() > 1 { role } else { Role::Model };
        let name = if fitted.len() > 1 { String::new() } else { equation.word().to_owned() };
        panel.marks.push(Mark::line(&name, role, ends.to_vec(), ends.iter().map(|x| f.law.at(*x)).collect()));
    }
    if let Some(f) = fitted.get(at) {
        let t = &f.readings.temperatures;
        let x: Vec<f64> = t.iter().map(|t| 1.0 / t).collect();
        let steep = |t: f64| (f.law.form.factor * f.law.energy.value / GAS / t + f.law.form.power) / t;
        let away: Vec<f64> =
            (0..t.len()).map(|i| -(ordinate(&f.readings, f.law.form, i) - f.law.at(x[i])) / steep(t[i])).collect();
        let bars = f.readings.errors.as_ref().map_or_else(Vec::new, |errors| {
            away.iter().zip(errors).map(|(y, e)| [y - NORMAL_95 * e, y + NORMAL_95 * e]).collect()
        });
        let points =
            Mark::Points { name: String::new(), role: Role::Data, x: x.clone(), y: away, y_interval: bars, x_interval: vec![] };
        left.marks.push(points);
        left.marks.push(Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at: 0.0 });
        let bent = curve.filter(|found| found.t0.is_some() && input.event == Event::GlassTransition);
        panel.marks.extend(bent.map(|found| vft(found, ends(&x))));
    }
    Figure {
        key: "rate_kinetics".to_owned(),
        title: "Rate over temperature".to_owned(),
        caption: "Readings with 95 % intervals of their temperatures and the straight law, whose slope is the energy; right, how far the readings lie from it. A bend means that one \
                  energy does not do."
            .to_owned(),
        panels: vec![panel, left],
    }
}

fn ends(x: &[f64]) -> [f64; 2] {
    x.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[lo, hi], x| [lo.min(*x), hi.max(*x)])
}

fn vft(found: &Bent, [lo, hi]: [f64; 2]) -> Mark {
    let x: Vec<f64> = (0..=60).map(|i| lo + (hi - lo) * f64::from(i) / 60.0).collect();
    let y = x.iter().map(|x| found.at(1.0 / x)).collect();
    Mark::Line { name: "vft".to_owned(), role: Role::Highlight, x, y, dashed: true }
}

fn conversions(equation: Equation, fitted: &[Fitted<'_>]) -> Figure {
    let x: Vec<f64> = fitted.iter().map(|f| f.series.conversion.unwrap_or(f64::NAN)).collect();
    let y: Vec<f64> = fitted.iter().map(|f| f.law.energy.value).collect();
    let bars = fitted.iter().map(|f| f.law.energy.interval.map_or([f64::NAN; 2], |(lo, hi)| [lo, hi])).collect();
    let points =
        Mark::Points { name: equation.word().to_owned(), role: Role::Data, x, y, y_interval: bars, x_interval: vec![] };
    let energy = Axis::linear("activation energy", Unit::of("kJ/mol"));
    let panel = Panel::new("", Axis::linear("conversion", Unit::one()).within(0.0, 1.0), energy).with(points);
    Figure {
        key: "energy_over_conversion".to_owned(),
        title: "Energy over the conversion".to_owned(),
        caption: "Activation energy at equal conversion with 95 % intervals; one step with one energy is a level line."
            .to_owned(),
        panels: vec![panel],
    }
}

fn scans(input: &Input) -> Figure {
    let heat = Axis::linear("heat capacity", Unit::of("J/(g K)"));
    let mut panel = Panel::new("", Axis::linear("temperature", Unit::of("K")), heat);
    for (number, (scan, peak)) in input.scans.iter().enumerate().take(SHOWN) {
        let role = Role::Series(number as u16);
        let name = format!("{:.3} K/s", scan.rate);
        panel.marks.push(Mark::line(&name, role, scan.temperature.clone(), scan.heat_capacity.clone()));
        panel.marks.push(Mark::points("", role, vec![peak.temperature], vec![peak.value]));
    }
    let (key, title, caption) = if input.event == Event::Reaction {
        ("exotherms", "Exotherms", "Heating scans and the tops of their exotherms (downwards).")
    } else {
        ("steps", "Steps", "Heating scans and the middles of their steps that the enthalpy stands on.")
    };
    Figure { key: key.to_owned(), title: title.to_owned(), caption: caption.to_owned(), panels: vec![panel] }
}
