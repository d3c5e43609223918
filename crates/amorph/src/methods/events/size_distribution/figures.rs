use super::blurred::Measured;
use super::histogram::HistogramFit;
use super::report::Fitted;
use super::scan::CurvePoint;
use super::{Input, Model, tables};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::special::hurwitz_zeta;
use crate::core::stats::poisson_interval;
use crate::core::stats::power_law::{Distribution, TruncatedPowerLaw};
use crate::core::unit::Unit;

/// Most points that are drawn of the data.
const MOST_POINTS: usize = 400;
/// Points of a model's line.
const LINE_POINTS: usize = 160;
/// Bins per decade of the density.
const PER_DECADE: f64 = 8.0;

fn size_axis(input: &Input) -> Axis {
    let unit = if input.unit.is_known() { input.unit.clone() } else { Unit::one() };
    Axis::log(&input.column, unit)
}

/// Shares of events at least as large as a size, evenly spaced in the logarithm of the rank, so that the tail is complete.
fn ranked(input: &Input) -> Mark {
    let n = input.sizes.len();
    let points = MOST_POINTS.min(n);
    let rank = |i: usize| ((n as f64).powf(1.0 - i as f64 / (points - 1) as f64).round() as usize).clamp(1, n);
    let mut ranks: Vec<usize> = (0..points).map(rank).collect();
    ranks.dedup();
    let x = ranks.iter().map(|rank| input.sizes[n - rank]).collect();
    let y = ranks.iter().map(|rank| *rank as f64 / n as f64).collect();
    Mark::points("events", Role::Data, x, y)
}

fn steps(input: &Input) -> Vec<f64> {
    let reach = 1.2 * (input.sizes[input.sizes.len() - 1] / input.xmin).ln();
    (0..LINE_POINTS).map(|i| reach * i as f64 / (LINE_POINTS - 1) as f64).collect()
}

/// Share of events larger than x, with the fit and the pure power law.
pub(super) fn survival(input: &Input, fitted: &Fitted, measured: Option<&Measured>, model: Model) -> Figure {
    let n = input.sizes.len() as f64;
    let ln_y = steps(input);
    // Down to shares that no event of this many could show.
    let visible = |share: &f64| *share > 0.3 / n;
    let drawn = |name: &str, role, share: Vec<f64>, dashed| {
        let x = ln_y.iter().take(share.len()).map(|u| input.xmin * u.exp()).collect();
        Mark::Line { name: name.to_owned(), role, x, y: share, dashed }
    };
    let line = |name: &str, role, law: TruncatedPowerLaw, dashed| {
        drawn(name, role, Distribution::of(law).survival(&ln_y).take_while(visible).collect(), dashed)
    };
    let panel = Panel::new("", size_axis(input), Axis::log("share of larger events", Unit::one())).with(ranked(input));
    let panel =
        match (measured, model) {
            (Some(measured), _) => {
                let share = ln_y.iter().map(|u| 1.0 - measured.below(u.exp())).take_while(visible).collect();
                panel.with(drawn("fit as it is detected and measured", Role::Model, share, false))
            }
            (None, Model::TruncatedPowerLaw) => panel
                .with(line("pure power law", Role::Null, fitted.pure.law, true))
                .with(line("truncated power law", Role::Model, fitted.fit.law, false)),
            (None, Model::PowerLaw) => panel.with(line("power law", Role::Model, fitted.fit.law, false)),
        };
    Figure {
        key: "size_distribution".to_owned(),
        title: "Size distribution".to_owned(),
        caption:
            "Share of events at least as large as a size. A cut-off bends the data below the straight line of a pure power law."
                .to_owned(),
        panels: vec![panel],
    }
}

/// Density over logarithmic bins with the fit, and the exponent over the smallest size.
pub(super) fn density(input: &Input, fitted: &Fitted, measured: Option<&Measured>, curve: &[CurvePoint]) -> Figure {
    let n = input.sizes.len() as f64;
    let reach = (input.sizes[input.sizes.len() - 1] / input.xmin).ln();
    let bins = ((reach / std::f64::consts::LN_10 * PER_DECADE).ceil() as usize).max(1);
    let width = reach * (1.0 + 1e-12) / bins as f64;
    let mut counts = vec![0usize; bins];
    fitted.ln_y.iter().for_each(|u| counts[((u.max(0.0) / width) as usize).min(bins - 1)] += 1);
    let (mut x, mut y, mut y_interval) = (Vec::new(), Vec::new(), Vec::new());
    for (bin, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let (from, to) = (input.xmin * (bin as f64 * width).exp(), input.xmin * ((bin + 1) as f64 * width).exp());
        let per = |count: f64| count / n / (to - from);
        let (lo, hi) = poisson_interval(*count, 0.95).unwrap_or((f64::NAN, f64::NAN));
        x.push((from * to).sqrt());
        y.push(per(*count as f64));
        y_interval.push([per(lo), per(hi)]);
    }
    let law = fitted.fit.law;
    let norm = law.ln_normalisation();
    let at = |u: f64| match measured {
        Some(measured) => {
            (measured.below((u + 0.01).exp()) - measured.below((u - 0.01).exp())) / (2.0 * u.exp() * 0.01f64.sinh())
        }
        None => (-law.alpha * u - law.lambda * u.exp() - norm).exp(),
    };
    let places: Vec<f64> = steps(input).into_iter().filter(|u| *u <= reach && *u > 0.01).collect();
    let line = Mark::line(
        "fit",
        Role::Model,
        places.iter().map(|u| input.xmin * u.exp()).collect(),
        places.iter().map(|u| (at(*u) / input.xmin).max(f64::MIN_POSITIVE)).collect(),
    );
    let points = Mark::Points { name: "events".to_owned(), role: Role::Data, x, y, y_interval, x_interval: Vec::new() };
    let first = Panel::new("density", size_axis(input), Axis::log("share per size", Unit::one())).with(points).with(line);
    let mut panels = vec![first];
    if curve.len() > 2 {
        let z = tables::simultaneous(curve.len());
        let column = |value: &dyn Fn(&CurvePoint) -> f64| curve.iter().map(value).collect::<Vec<f64>>();
        let mut axis = size_axis(input);
        axis.label = "xmin".to_owned();
        let second = Panel::new("exponent from xmin on", axis, Axis::linear("exponent", Unit::one()))
            .with(Mark::Band {
                name: "95 % of whole curves".to_owned(),
                role: Role::Data,
                x: column(&|point| point.xmin),
                lo: column(&|point| point.alpha - z * point.std_error),
                hi: column(&|point| point.alpha + z * point.std_error),
            })
            .with(Mark::line("sizes taken as exact", Role::Data, column(&|point| point.xmin), column(&|point| point.alpha)))
            .with(Mark::Rule { name: "fit".to_owned(), role: Role::Model, axis: RuleAxis::Y, at: law.alpha });
        panels.push(second);
    }
    Figure {
        key: "size_density".to_owned(),
        title: "Density of sizes".to_owned(),
        caption: "Share of events per size in logarithmic bins with 95 % intervals of counting, and the fit; it was not made to the bins. Beside it the exponent from ever larger sizes on: where it is flat the law begins.".to_owned(),
        panels,
    }
}

/// Share of counts at least as large, with a discrete power law.
pub(super) fn counts(input: &Input, alpha: f64) -> Figure {
    let xmin = input.sizes[0];
    let norm = hurwitz_zeta(alpha, xmin);
    let mut x: Vec<f64> = steps(input).into_iter().map(|u| (xmin * u.exp()).round()).collect();
    x.dedup();
    let y = x.iter().map(|k| hurwitz_zeta(alpha, *k) / norm).collect();
    let panel = Panel::new("", size_axis(input), Axis::log("share of counts as large", Unit::one()))
        .with(ranked(input))
        .with(Mark::line("discrete power law", Role::Model, x, y));
    Figure {
        key: "size_distribution".to_owned(),
        title: "Distribution of counts".to_owned(),
        caption: "Share of counts at least as large as a number.".to_owned(),
        panels: vec![panel],
    }
}

/// The bins that were fitted, and the fit.
pub(super) fn histogram(input: &Input, found: &HistogramFit) -> Figure {
    let middle = |edge: &[f64]| (edge[0] * edge[1]).sqrt();
    let filled: Vec<(f64, f64)> =
        found.edges.windows(2).map(middle).zip(found.density.iter().copied()).filter(|(_, density)| *density > 0.0).collect();
    let model = |y: f64| (found.ln_scale - found.alpha * y.ln() - found.lambda * y).exp();
    let x = |scale: f64| filled.iter().map(|(y, _)| y * scale).collect::<Vec<f64>>();
    let panel = Panel::new("", size_axis(input), Axis::log("share per xmin", Unit::one()))
        .with(Mark::points("bins", Role::Data, x(input.xmin), filled.iter().map(|(_, density)| *density).collect()))
        .with(Mark::line("least squares", Role::Model, x(input.xmin), x(1.0).into_iter().map(model).collect()));
    Figure {
        key: "size_histogram".to_owned(),
        title: "Logarithmic histogram".to_owned(),
        caption: "Density in logarithmic bins and a straight fit to it, every bin with the same weight: what papers draw."
            .to_owned(),
        panels: vec![panel],
    }
}
