use super::Input;
use super::algorithm::Fitted;
use super::kww_table::KwwTable;
use super::model::{ln_alpha, place};
use super::peaks::Peak;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;
use crate::methods::relaxation::spectra::Reading;

const DECADE: f64 = std::f64::consts::LN_10;
/// Isochrones that are drawn.
const SHOWN: usize = 6;

fn series(index: usize) -> Role {
    Role::Series(u16::try_from(index).unwrap_or(u16::MAX))
}

fn hertz(omega: f64) -> String {
    let frequency = omega / (2.0 * std::f64::consts::PI);
    if frequency >= 0.995 { format!("{frequency:.1} Hz") } else { format!("{frequency:.2} Hz") }
}

fn temperature() -> Axis {
    Axis::linear("temperature", Unit::of("K"))
}

/// Isochrones to draw: at most [`SHOWN`], first and last among them.
fn shown(input: &Input) -> Vec<&[Reading]> {
    let all: Vec<&[Reading]> = input.surface.isochrones().collect();
    let n = all.len().min(SHOWN);
    (0..n).map(|k| all[if n > 1 { k * (all.len() - 1) / (n - 1) } else { 0 }]).collect()
}

pub(super) fn all(input: &Input, table: &KwwTable, fitted: &Fitted) -> Vec<Figure> {
    vec![moduli(input, table, fitted), components(input, table, fitted), map(input, fitted)]
}

/// Readings at one frequency with what was read off.
pub(super) fn isochrone(input: &Input, found: &[Peak]) -> Figure {
    let mut storage = Panel::new("", temperature(), Axis::log("storage modulus", Unit::of("GPa")));
    let mut loss = Panel::new("", temperature(), Axis::log("loss modulus", Unit::of("GPa")));
    for readings in input.surface.isochrones() {
        let x: Vec<f64> = readings.iter().map(|r| r.temperature).collect();
        storage.marks.push(Mark::points("", Role::Data, x.clone(), readings.iter().map(|r| r.storage).collect()));
        loss.marks.push(Mark::points("", Role::Data, x, readings.iter().map(|r| r.loss).collect()));
    }
    let (x, y) = found.iter().map(|peak| (peak.temperature, peak.loss)).unzip();
    loss.marks.push(Mark::points("maxima", Role::Highlight, x, y));
    left_out(input, &mut storage, &mut loss);
    Figure {
        key: "isochrone".to_owned(),
        title: "Modulus over temperature".to_owned(),
        caption: "Storage and loss modulus at one frequency, with the maxima of the smoothed loss.".to_owned(),
        panels: vec![storage, loss],
    }
}

fn left_out(input: &Input, storage: &mut Panel, loss: &mut Panel) {
    if input.excluded.is_empty() {
        return;
    }
    let x: Vec<f64> = input.excluded.iter().map(|r| r.temperature).collect();
    let of = |value: fn(&Reading) -> f64| input.excluded.iter().map(value).collect::<Vec<f64>>();
    storage.marks.push(Mark::points("left out: crystals", Role::Null, x.clone(), of(|r| r.storage)));
    loss.marks.push(Mark::points("", Role::Null, x, of(|r| if r.loss > 0.0 { r.loss } else { f64::NAN })));
}

fn moduli(input: &Input, table: &KwwTable, fitted: &Fitted) -> Figure {
    let surface = &input.surface;
    let model = surface.model(table, fitted.composition, fitted.noise);
    let p = &fitted.fit.params;
    let kww = model.stretched(p);
    let mut storage = Panel::new("", temperature(), Axis::log("storage modulus", Unit::of("GPa")));
    let mut loss = Panel::new("", temperature(), Axis::log("loss modulus", Unit::of("GPa")));
    let mut residual = Panel::new("", temperature(), Axis::linear("residual / error", Unit::one()));
    for (k, readings) in shown(input).into_iter().enumerate() {
        let x: Vec<f64> = readings.iter().map(|r| r.temperature).collect();
        let positive = |value: f64| if value > 0.0 { value } else { f64::NAN };
        storage.marks.push(Mark::points(
            &hertz(readings[0].omega),
            series(k),
            x.clone(),
            readings.iter().map(|r| r.storage).collect(),
        ));
        loss.marks.push(Mark::points("", series(k), x.clone(), readings.iter().map(|r| positive(r.loss)).collect()));
        let both: Vec<_> = readings.iter().map(|r| model.modulus(&kww, p, r)).collect();
        storage.marks.push(Mark::line("", series(k), x.clone(), both.iter().map(|m| m.0).collect()));
        loss.marks.push(Mark::line("", series(k), x.clone(), both.iter().map(|m| m.1).collect()));
        let left = readings
            .iter()
            .zip(&both)
            .map(|(r, m)| surface.noise_model.residual(*m, (r.storage, r.loss)).0[1] / fitted.noise[1]);
        residual.marks.push(Mark::points("", series(k), x, left.collect()));
    }
    residual.marks.push(Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at: 0.0 });
    left_out(input, &mut storage, &mut loss);
    Figure {
        key: "moduli".to_owned(),
        title: "Modulus over temperature".to_owned(),
        caption: "Storage and loss modulus by frequency with the one model of them all, and what it leaves of the loss (or phase) in errors: a bump there is a process that the model lacks."
            .to_owned(),
        panels: vec![storage, loss, residual],
    }
}

/// The loss at the middle isochrone and the share of every process.
fn components(input: &Input, table: &KwwTable, fitted: &Fitted) -> Figure {
    let surface = &input.surface;
    let model = surface.model(table, fitted.composition, fitted.noise);
    let p = &fitted.fit.params;
    let kww = model.stretched(p);
    let isochrones: Vec<&[Reading]> = surface.isochrones().collect();
    let readings = isochrones[isochrones.len() / 2];
    let omega = readings[0].omega;
    let x: Vec<f64> = readings.iter().map(|r| r.temperature).collect();
    let mut panel = Panel::new("", temperature(), Axis::log("loss modulus", Unit::of("GPa")));
    let y: Vec<f64> = readings.iter().map(|r| if r.loss > 0.0 { r.loss } else { f64::NAN }).collect();
    let lowest = y.iter().copied().filter(|y| y.is_finite()).fold(f64::INFINITY, f64::min);
    let highest = y.iter().copied().filter(|y| y.is_finite()).fold(0.0, f64::max);
    panel.y = panel.y.within(0.5 * lowest, 2.0 * highest);
    panel.marks.push(Mark::points(&format!("readings, {}", hertz(omega)), Role::Data, x, y));
    let (coldest, hottest) = surface.temperatures();
    let grid: Vec<f64> = (0..=250).map(|i| coldest + (hottest - coldest) * f64::from(i) / 250.0).collect();
    let at = |temperature: &f64| Reading { temperature: *temperature, omega, storage: 1.0, loss: 1.0 };
    let total = grid.iter().map(|t| model.modulus(&kww, p, &at(t)).1).collect();
    panel.marks.push(Mark::line("all processes", Role::Model, grid.clone(), total));
    let parts: Vec<[f64; 5]> = grid.iter().map(|t| model.losses(&kww, p, &at(t))).collect();
    let swapped = fitted.composition.fast && fitted.place(false) != fitted.composition.beta(false);
    let (first, second) = if swapped { ("fast beta", "slow beta") } else { ("slow beta", "fast beta") };
    let names = ["alpha", "wing", first, second, "nearly constant"];
    for (k, name) in names.into_iter().enumerate() {
        // Below the frame nothing is drawn.
        let y: Vec<f64> = parts.iter().map(|part| if part[k] > 0.4 * lowest { part[k] } else { f64::NAN }).collect();
        if y.iter().any(|y| y.is_finite()) {
            panel.marks.push(Mark::Line { name: name.to_owned(), role: series(k), x: grid.clone(), y, dashed: true });
        }
    }
    Figure {
        key: "processes".to_owned(),
        title: "Processes behind the loss".to_owned(),
        caption: format!("Loss modulus at {} and the part of every process that the readings support.", hertz(omega)),
        panels: vec![panel],
    }
}

/// Relaxation times over inverse temperature, with the points at which a process meets a measured frequency.
fn map(input: &Input, fitted: &Fitted) -> Figure {
    let surface = &input.surface;
    let (p, middle) = (&fitted.fit.params, surface.ln_middle());
    let (coldest, hottest) = surface.temperatures();
    let mut panel =
        Panel::new("", Axis::linear("1/T", Unit::of("1/K")), Axis::linear("log10 (relaxation time / s)", Unit::one()));
    let omegas: Vec<f64> = surface.isochrones().map(|isochrone| isochrone[0].omega).collect();
    let (slowest, fastest) = (-omegas[0].ln() + 2.0 * DECADE, -omegas[omegas.len() - 1].ln() - 2.0 * DECADE);
    let alpha = |t: f64| ln_alpha(p, t, middle, surface.glass_transition) - middle;
    let beta = |first: usize| move |t: f64| p[first + 2] * (p[first + 1] / t - 1.0) - middle;
    let mut draw = |name: &str, role: Role, ln_time: &dyn Fn(f64) -> f64| {
        let grid = (0..=400).map(|i| 1.0 / (1.0 / hottest + (1.0 / (0.8 * coldest) - 1.0 / hottest) * f64::from(i) / 400.0));
        let inside: Vec<f64> = grid.filter(|t| (fastest..=slowest).contains(&ln_time(*t))).collect();
        let line = inside.iter().map(|t| ln_time(*t) / DECADE).collect();
        panel.marks.push(Mark::line(name, role, inside.iter().map(|t| 1.0 / t).collect(), line));
        // Where the line crosses the frequencies.
        let meet = |omega: &f64| {
            let level = -omega.ln();
            let pair = inside.windows(2).find(|w| (ln_time(w[0]) - level) * (ln_time(w[1]) - level) <= 0.0)?;
            Some((0.5 * (1.0 / pair[0] + 1.0 / pair[1]), level / DECADE))
        };
        let (x, y) = omegas.iter().filter_map(meet).unzip();
        panel.marks.push(Mark::points("", role, x, y));
    };
    draw("alpha", series(0), &alpha);
    for (fast, name, k) in [(false, "slow beta", 2), (true, "fast beta", 3)] {
        if let Some(first) = fitted.place(fast) {
            draw(name, series(k), &beta(first));
        }
    }
    if p[place::TEMPERATURE] > hottest {
        panel.title = "alpha: flank only".to_owned();
    }
    Figure {
        key: "relaxation_map".to_owned(),
        title: "Relaxation map".to_owned(),
        caption: "Relaxation times of all processes over inverse temperature within two decades of the measured frequencies; points: where a process meets a measured frequency. \
                  A straight line is one energy."
            .to_owned(),
        panels: vec![panel],
    }
}
