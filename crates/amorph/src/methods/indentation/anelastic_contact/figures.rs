use super::Input;
use super::algorithm::Model;
use super::sites::{Fitted, Site};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit;

/// Most points of a curve that are drawn.
const MOST_POINTS: usize = 300;

pub(super) fn all(sites: &[Site], input: &Input) -> Vec<Figure> {
    let fitted: Vec<&Fitted> = sites.iter().filter_map(|site| site.fit.as_ref()).collect();
    let mut figures = Vec::new();
    figures.extend(fitted.get(fitted.len() / 2).map(|site| curve(site, input)));
    if fitted.len() > 3 {
        figures.push(scatter(&fitted));
    }
    figures
}

/// Every sample of the rise and evenly many of the hold.
fn rows(n: usize, rise: usize) -> Vec<usize> {
    if n <= MOST_POINTS {
        return (0..n).collect();
    }
    let rise = rise.min(MOST_POINTS / 2);
    let rest = MOST_POINTS - rise;
    (0..rise).chain((0..rest).map(|i| rise + (n - 1 - rise) * i / (rest - 1))).collect()
}

fn curve(site: &Fitted, input: &Input) -> Figure {
    let cut = &site.cut;
    let rows = rows(cut.time.len(), cut.points_on_rise + 1);
    let pick = |values: &[f64]| rows.iter().map(|row| values[*row]).collect::<Vec<f64>>();
    let below = |depth: f64| depth - site.fit.offset;
    let start = cut.time[0];
    let measured: Vec<f64> = cut.depth.iter().zip(&cut.time).map(|(h, t)| below(*h) - site.fit.drift * (t - start)).collect();
    let model: Vec<f64> = site.shown.iter().zip(&cut.time).map(|(h, t)| below(*h) - site.fit.drift * (t - start)).collect();
    let hertz: Vec<f64> = cut.load.iter().map(|p| input.sphere.depth(*p, site.values.modulus.value)).collect();
    let residual: Vec<f64> = measured.iter().zip(&model).map(|(a, b)| a - b).collect();
    let since: Vec<f64> = cut.time.iter().map(|t| t - start).collect();
    let name = if site.fit.model == Model::Elastic { "elastic fit" } else { "anelastic fit" };
    let loads = Panel::new("", Axis::linear("depth", Unit::of("nm")), Axis::linear("load", Unit::of("uN")))
        .with(Mark::points("measured", Role::Data, pick(&measured), pick(&cut.load)))
        .with(Mark::Line {
            name: "Hertz, relaxed modulus".to_owned(),
            role: Role::Null,
            x: pick(&hertz),
            y: pick(&cut.load),
            dashed: true,
        })
        .with(Mark::line(name, Role::Model, pick(&model), pick(&cut.load)));
    let rest = Panel::new("", Axis::linear("time", Unit::of("ms")), Axis::linear("measured - fit", Unit::of("nm")))
        .with(Mark::points("", Role::Data, pick(&since), pick(&residual)));
    Figure {
        key: "contact_curve".to_owned(),
        title: "Load over depth".to_owned(),
        caption: "Where the depth lags behind Hertz's curve of the relaxed modulus while the load rises, the sample relaxes; contact point and drift \
                  are taken off. The residual should be without structure."
            .to_owned(),
        panels: vec![loads, rest],
    }
}

fn scatter(fitted: &[&Fitted]) -> Figure {
    let closed = fitted.iter().filter(|site| site.values.time.is_closed() && site.values.modulus.is_closed());
    let sites: Vec<&&Fitted> = closed.collect();
    let pair = |(lo, hi): (f64, f64)| [lo, hi];
    let points = Mark::Points {
        name: "sites, 95 %".to_owned(),
        role: Role::Data,
        x: sites.iter().map(|site| site.values.modulus.value).collect(),
        y: sites.iter().map(|site| site.values.time.value).collect(),
        x_interval: sites.iter().map(|site| pair(site.values.modulus.interval)).collect(),
        y_interval: sites.iter().map(|site| pair(site.values.time.interval)).collect(),
    };
    Figure {
        key: "modulus_and_time".to_owned(),
        title: "Shear modulus and relaxation time of the sites".to_owned(),
        caption: "Bars that are as long as the cloud is wide mean that the scatter is that of the measurement.".to_owned(),
        panels: vec![
            Panel::new("", Axis::linear("shear modulus", Unit::of("GPa")), Axis::linear("relaxation time", Unit::of("ms")))
                .with(points),
        ],
    }
}
