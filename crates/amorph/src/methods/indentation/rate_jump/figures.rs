use super::algorithm::{Samples, Sensitivity};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit;

const MOST_POINTS: usize = 600;

/// Hardness over depth with the fit, and hardness less its depth trend over the rate.
pub(super) fn hardness(tests: &[(String, Samples)], fits: &[(String, Sensitivity)]) -> Figure {
    let depth_panel = Panel::new("", Axis::linear("depth", Unit::of("nm")), Axis::linear("hardness", Unit::of("GPa")));
    let rate_panel =
        Panel::new("", Axis::log("strain rate", Unit::of("1/s")), Axis::linear("hardness at the mean depth", Unit::of("GPa")));
    let mut panels = vec![depth_panel, rate_panel];
    if let (Some((_, samples)), Some((_, fit))) = (tests.first(), fits.first()) {
        let n = samples.depth.len();
        let step = n.div_ceil(MOST_POINTS).max(1);
        let rows: Vec<usize> = (0..n).step_by(step).collect();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / n as f64;
        let (depth, rate) = (mean(&samples.depth), mean(&samples.ln_rate));
        let trend = |row: usize| fit.depth_trend * (samples.depth[row] - depth);
        let model = |row: usize| (fit.ln_hardness + fit.value * (samples.ln_rate[row] - rate) + trend(row)).exp();
        let pick = |of: &dyn Fn(usize) -> f64| rows.iter().map(|row| of(*row)).collect::<Vec<f64>>();
        let x = pick(&|row| samples.depth[row]);
        let measured = Mark::points("measured", Role::Data, x.clone(), pick(&|row| samples.ln_hardness[row].exp()));
        let fitted = Mark::points("fit", Role::Model, x, pick(&model));
        let [first, second] = &mut panels[..] else { return empty() };
        first.marks.extend([measured, fitted]);
        let rates = pick(&|row| samples.ln_rate[row].exp());
        let flat = pick(&|row| (samples.ln_hardness[row] - trend(row)).exp());
        let (lo, hi) = rates.iter().fold((f64::INFINITY, 0.0), |a: (f64, f64), r| (a.0.min(*r), a.1.max(*r)));
        let ends = vec![lo, hi];
        let line = ends.iter().map(|r: &f64| (fit.ln_hardness + fit.value * (r.ln() - rate)).exp()).collect();
        second.marks.extend([Mark::points("samples", Role::Data, rates, flat), Mark::line("m", Role::Model, ends, line)]);
    }
    Figure { panels, ..empty() }
}

fn empty() -> Figure {
    Figure {
        key: "rate_jumps".to_owned(),
        title: "Hardness and strain rate".to_owned(),
        caption: "Left: hardness over depth with the fit of one rate sensitivity and one depth trend, transients left out. Right: the same without the \
                  depth trend; the slope is the rate sensitivity."
            .to_owned(),
        panels: Vec::new(),
    }
}
