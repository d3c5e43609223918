use super::Input;
use super::algorithm::{Line, Peaks};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::stats::NORMAL_95;
use crate::core::unit::{Unit, format_significant};

/// Sweeps that are drawn.
const DRAWN: usize = 6;

pub(super) fn all(input: &Input, peaks: &Peaks, line: Option<&Line>) -> Vec<Figure> {
    vec![spectra(input, peaks), slope(input, peaks, line)]
}

fn spectra(input: &Input, peaks: &Peaks) -> Figure {
    let n = input.sweeps.len();
    let mut panel =
        Panel::new("", Axis::log("angular frequency", Unit::of("rad/s")), Axis::linear("loss modulus", Unit::of("MPa")));
    let drawn: Vec<usize> = (0..n.min(DRAWN)).map(|i| if n > DRAWN { i * (n - 1) / (DRAWN - 1) } else { i }).collect();
    for (series, &k) in drawn.iter().enumerate() {
        let sweep = &input.sweeps[k];
        let role = Role::Series(series as u16);
        let name = if sweep.time.is_finite() {
            format!("after {} s", format_significant(sweep.time, 3))
        } else {
            format!("sweep {}", k + 1)
        };
        let x: Vec<f64> = sweep.ln_omega.iter().map(|w| w.exp()).collect();
        panel.marks.push(Mark::points(&name, role, x, sweep.loss.clone()));
        let (lo, hi) = (sweep.ln_omega[0], sweep.ln_omega[sweep.ln_omega.len() - 1]);
        let grid: Vec<f64> = (0..=100).map(|i| lo + (hi - lo) * f64::from(i) / 100.0).collect();
        let x: Vec<f64> = grid.iter().map(|w| w.exp()).collect();
        panel.marks.push(Mark::line("", role, x.clone(), grid.iter().map(|w| peaks.loss(k, *w).0).collect()));
        if peaks.background {
            let y = grid.iter().map(|w| peaks.loss(k, *w).1).collect();
            panel.marks.push(Mark::Line { name: String::new(), role, x, y, dashed: true });
        }
    }
    Figure {
        key: "spectra".to_owned(),
        title: format!("Loss peak while ageing, {:.0} K", input.temperature),
        caption: "Sweeps after rising ageing times with their peaks and, dashed, their backgrounds.".to_owned(),
        panels: vec![panel],
    }
}

fn slope(input: &Input, peaks: &Peaks, line: Option<&Line>) -> Figure {
    let all = 0..input.sweeps.len();
    let half = |k: usize, height: bool| NORMAL_95 * peaks.covariance((k, height), (k, height)).max(0.0).sqrt();
    let ends = |k: usize, height: bool, ln: f64| [(ln - half(k, height)).exp(), (ln + half(k, height)).exp()];
    let heights: Vec<f64> = all.clone().map(|k| peaks.ln_height(k)).collect();
    let points = Mark::Points {
        name: "sweeps".to_owned(),
        role: Role::Data,
        x: heights.iter().map(|ln| ln.exp()).collect(),
        y: all.clone().map(|k| peaks.ln_time(k).exp()).collect(),
        y_interval: all.clone().map(|k| ends(k, false, peaks.ln_time(k))).collect(),
        x_interval: all.map(|k| ends(k, true, heights[k])).collect(),
    };
    let mut panel =
        Panel::new("", Axis::log("height of the loss peak", Unit::of("MPa")), Axis::log("time of the peak", Unit::of("s")))
            .with(points);
    if let Some(line) = line {
        let (lo, hi) = heights.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (v.min(lo), v.max(hi)));
        let middle = 0.5 * (lo + hi);
        let through = |slope: f64| {
            let at = line.intercept - line.slope * middle;
            vec![(at - slope * (lo - middle)).exp(), (at - slope * (hi - middle)).exp()]
        };
        let x = vec![lo.exp(), hi.exp()];
        panel.marks.push(Mark::line(&format!("a = {:.2}", line.slope), Role::Model, x.clone(), through(line.slope)));
        let y = through(2.0);
        panel.marks.push(Mark::Line { name: "a = 2".to_owned(), role: Role::Reference, x, y, dashed: true });
    }
    Figure {
        key: "slope".to_owned(),
        title: "Time against height of the peak".to_owned(),
        caption: "Times and heights of the peak over the ageing series with 95 % intervals; both come from the same sweep, and the line knows how they err together. Its slope is \
                  the ratio of the changes of barrier and asymmetry."
            .to_owned(),
        panels: vec![panel],
    }
}
