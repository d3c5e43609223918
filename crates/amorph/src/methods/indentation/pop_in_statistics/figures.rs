use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::stats::{LifeFit, Reading, kaplan_meier};
use crate::core::unit::Unit;

/// Weibull plot: `ln(-ln(1-F))` over the load; censored tests count in the ranks.
pub(super) fn weibull_plot(readings: &[Reading], weibull: &LifeFit, log_normal: &LifeFit) -> Figure {
    let double = |f: f64| (-(1.0 - f).ln()).ln();
    let points = kaplan_meier(readings);
    let (lo, hi) = points.iter().fold((f64::INFINITY, 0.0), |a: (f64, f64), p| (a.0.min(p.0), a.1.max(p.0)));
    let loads: Vec<f64> = (0..=100).map(|i| lo * 0.9 * (1.2 * hi / lo).powf(f64::from(i) / 100.0)).collect();
    let line = |fit: &LifeFit| -> Vec<f64> {
        let of = |load: &f64| double(fit.law.cumulative(*load, fit.location, fit.width));
        loads.iter().map(of).map(|y| if (-7.0..3.0).contains(&y) { y } else { f64::NAN }).collect()
    };
    let limits: Vec<f64> = readings.iter().filter_map(|r| if let Reading::Above(x) = r { Some(*x) } else { None }).collect();
    let level = points.last().map_or(0.0, |last| double(last.1));
    let mut panel = Panel::new("", Axis::log("load", Unit::of("mN")), Axis::linear("ln(-ln(1 - F))", Unit::one()))
        .with(Mark::points(
            "pop-ins",
            Role::Data,
            points.iter().map(|p| p.0).collect(),
            points.iter().map(|p| double(p.1)).collect(),
        ))
        .with(Mark::line("Weibull", Role::Model, loads.clone(), line(weibull)))
        .with(Mark::Line {
            name: "log-normal".to_owned(),
            role: Role::Null,
            x: loads.clone(),
            y: line(log_normal),
            dashed: true,
        });
    if !limits.is_empty() {
        let y = vec![level; limits.len()];
        panel = panel.with(Mark::points("no pop-in up to", Role::Bound, limits, y));
    }
    Figure {
        key: "weibull_plot".to_owned(),
        title: "Loads of first pop-ins".to_owned(),
        caption: "A straight line is a Weibull law. The lines are maximum-likelihood fits, not fits to the plotted points; tests without a pop-in are \
                  marked at their largest load."
            .to_owned(),
        panels: vec![panel],
    }
}
