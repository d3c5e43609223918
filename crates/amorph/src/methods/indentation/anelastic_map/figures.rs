use std::f64::consts::TAU;

use super::report::Analysed;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::stats::Histogram;
use crate::core::unit::Unit;

pub(super) fn all(analysed: &[Analysed<'_>]) -> Vec<Figure> {
    let mut figures = Vec::new();
    figures.extend(maps(analysed));
    figures.push(histograms(analysed));
    figures.extend(variograms(analysed));
    figures
}

fn maps(analysed: &[Analysed<'_>]) -> Option<Figure> {
    let panel = |one: &Analysed<'_>| {
        let quantity = one.field.quantity;
        let colour = ColourAxis {
            label: quantity.title.to_owned(),
            unit: Unit::of(quantity.shown),
            range: None,
            palette: Palette::Sequential,
            scale: Scale::Linear,
        };
        let axis = |name: &str| Axis::linear(name, Unit::of("nm"));
        Panel::map(quantity.title, axis("x"), axis("y")).with(Mark::Image { map: quantity.key.to_owned(), colour })
    };
    let panels: Vec<Panel> = analysed.iter().filter(|one| one.grid.is_some()).map(panel).collect();
    (!panels.is_empty()).then(|| Figure {
        key: "anelastic_maps".to_owned(),
        title: "Modulus, relaxation time and viscosity".to_owned(),
        caption: "Sites without an identified value are left blank.".to_owned(),
        panels,
    })
}

fn histograms(analysed: &[Analysed<'_>]) -> Figure {
    let panel = |one: &Analysed<'_>| {
        let quantity = one.field.quantity;
        let mut panel =
            Panel::new("", Axis::linear(quantity.title, Unit::of(quantity.shown)), Axis::linear("sites", Unit::one()));
        let Ok(bins) = Histogram::freedman_diaconis(&[&one.field.values]) else { return panel };
        let heights = bins.counts.first().map(|row| row.iter().map(|count| *count as f64).collect()).unwrap_or_default();
        let (lo, hi) = (bins.edges[0], bins.edges[bins.edges.len() - 1]);
        let scale = one.effects.n as f64 * (bins.edges[1] - bins.edges[0]);
        panel = panel.with(Mark::Bars { name: "sites".to_owned(), role: Role::Data, edges: bins.edges.clone(), heights });
        let error = (one.field.errors.iter().map(|e| e * e).sum::<f64>() / one.field.errors.len() as f64).sqrt();
        let bell = |name: &str, role: Role, sd: f64, dashed: bool| {
            let x: Vec<f64> = (0..=160).map(|i| lo + (hi - lo) * f64::from(i) / 160.0).collect();
            let density = |x: &f64| scale * (-0.5 * ((x - one.effects.mean) / sd).powi(2)).exp() / (sd * TAU.sqrt());
            let y = x.iter().map(density).collect();
            Mark::Line { name: name.to_owned(), role, x, y, dashed }
        };
        panel = panel.with(bell("sample and error", Role::Model, one.effects.sd.hypot(error), false));
        // A narrow error alone would tower over everything.
        if error > 0.3 * one.effects.sd {
            panel = panel.with(bell("error alone", Role::Null, error, true));
        }
        panel
    };
    Figure {
        key: "site_histograms".to_owned(),
        title: "Scatter between sites".to_owned(),
        caption: "Bars as wide as the error alone would show no heterogeneity of the sample.".to_owned(),
        panels: analysed.iter().map(panel).collect(),
    }
}

fn variograms(analysed: &[Analysed<'_>]) -> Option<Figure> {
    let panel = |one: &Analysed<'_>| {
        let quantity = one.field.quantity;
        let scale = one.effects.mean.powi(2);
        let error = one.field.errors.iter().map(|e| e * e).sum::<f64>() / one.field.errors.len() as f64;
        let y = Axis::linear("semivariance over mean squared", Unit::of("%"));
        let farthest = one.lags.last().map_or(0.0, |lag| lag.distance);
        let sample = one.effects.sd.powi(2);
        let x: Vec<f64> = (0..=120).map(|i| farthest * f64::from(i) / 120.0).collect();
        let alike = |r: f64| one.length.map_or(0.0, |length| (-r / length.value).exp());
        let y_model = x.iter().map(|r| (error + sample * (1.0 - alike(*r))) / scale).collect();
        Panel::new(quantity.title, Axis::linear("distance", Unit::of("nm")), y)
            .with(Mark::points(
                "pairs of sites",
                Role::Data,
                one.lags.iter().map(|lag| lag.distance).collect(),
                one.lags.iter().map(|lag| lag.semivariance / scale).collect(),
            ))
            .with(Mark::Rule { name: "measurement error".to_owned(), role: Role::Null, axis: RuleAxis::Y, at: error / scale })
            .with(Mark::line("sample and error", Role::Model, x, y_model))
    };
    let panels: Vec<Panel> = analysed.iter().filter(|one| !one.lags.is_empty()).map(panel).collect();
    (!panels.is_empty()).then(|| Figure {
        key: "variograms".to_owned(),
        title: "Differences between sites over their distance".to_owned(),
        caption: "A level line means that neighbours are no more alike than any two sites; the rule is what the error of measurement alone would \
                  show."
            .to_owned(),
        panels,
    })
}
