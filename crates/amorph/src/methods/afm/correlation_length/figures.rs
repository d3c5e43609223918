//! The structure function and the periodogram with their fits, directions, other assumptions, and the map.

use super::Input;
use super::report::Found;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::image::RadialLag;
use crate::core::stats::quantiles;
use crate::core::unit::Unit;
use crate::methods::afm::field::{FieldFit, Rings};

pub(super) fn all(found: &Found<'_>) -> Vec<Figure> {
    let optional = [periodogram(found), directions(found), corrections(found)];
    let mut figures = vec![structure(found)];
    figures.extend(optional.into_iter().flatten());
    figures.push(map(found.input));
    figures
}

fn figure(key: &str, title: &str, caption: &str, panels: Vec<Panel>) -> Figure {
    Figure { key: key.to_owned(), title: title.to_owned(), caption: caption.to_owned(), panels }
}

/// Normalised by twice the variance, so that a field without correlation is 1.
fn structure(found: &Found<'_>) -> Figure {
    let reach = found.field.as_ref().map_or(f64::INFINITY, |fit| 1.5 * fit.r_max);
    let shown: Vec<RadialLag> = found.measured.radial.iter().copied().filter(|lag| lag.distance <= reach).collect();
    let scale = 2.0 * found.measured.variance;
    let distance: Vec<f64> = shown.iter().map(|lag| lag.distance).collect();
    let unit = Unit::of("m").preferred(distance.last().copied().unwrap_or(found.input.size.0));
    let axis = || Axis::linear("distance r", unit.clone());
    let mut panel = Panel::new("", axis(), Axis::linear("H(r) / 2 variance", Unit::one()));
    if let Some(band) = structure_band(found, reach) {
        panel = panel.with(band);
    }
    let sections =
        [("fast axis", Role::Series(1), found.pairs.fast_axis()), ("slow axis", Role::Series(2), found.pairs.slow_axis())];
    for (name, role, section) in sections {
        let inside: Vec<RadialLag> = section.into_iter().filter(|lag| lag.distance <= reach).collect();
        let (x, y) = inside.iter().map(|lag| (lag.distance, lag.structure / scale)).unzip();
        panel = panel.with(Mark::line(name, role, x, y));
    }
    let y: Vec<f64> = shown.iter().map(|lag| lag.structure / scale).collect();
    panel = panel.with(Mark::points("radial mean", Role::Data, distance.clone(), y.clone()));
    let mut residuals = Panel::new("", axis(), Axis::linear("residual", Unit::one()));
    for (name, fit, dashed, role) in fits(found) {
        let model: Vec<f64> = distance.iter().map(|r| fit.structure_at(*r) / scale).collect();
        let difference = y.iter().zip(&model).map(|(y, m)| y - m).collect();
        residuals = residuals.with(Mark::line(name, role, distance.clone(), difference));
        panel = panel.with(Mark::Line { name: name.to_owned(), role, x: distance.clone(), y: model, dashed });
    }
    let mut panels = vec![panel];
    if let Some(fit) = &found.measured.fit {
        let limit = Mark::Rule { name: "end of fit".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at: fit.r_max };
        let zero = Mark::Rule { name: String::new(), role: Role::Reference, axis: RuleAxis::Y, at: 0.0 };
        panels.push(residuals.with(zero).with(limit));
    }
    let caption = "Structure function, averaged over directions (points) and along the scan axes (lines), with the fields fitted in \
                   frequency space and to the structure function. Band: 95 % of surrogates of the fitted field; neighbouring points \
                   move together.";
    figure("structure_function", "Structure function", caption, panels)
}

fn fits<'a>(found: &'a Found<'_>) -> Vec<(&'static str, &'a FieldFit, bool, Role)> {
    let spectral = found.spectral.as_ref().map(|(_, fit)| ("likelihood", &fit.field, false, Role::Model));
    let structural = found.measured.fit.as_ref().map(|fit| ("fit of H", fit, true, Role::Series(3)));
    found.field.iter().flat_map(|_| [spectral, structural]).flatten().collect()
}

/// Pointwise 95 % band of values, one list per surrogate.
fn band(x: &[f64], lists: &[Vec<f64>]) -> Option<Mark> {
    let (mut at, mut lo, mut hi) = (Vec::new(), Vec::new(), Vec::new());
    for (index, x) in x.iter().enumerate() {
        let values: Vec<f64> = lists.iter().filter_map(|list| list.get(index).copied()).filter(|v| v.is_finite()).collect();
        if let Some([low, high]) = quantiles(&values, &[0.025, 0.975]).ok().as_deref() {
            at.push(*x);
            lo.push(*low);
            hi.push(*high);
        }
    }
    (!at.is_empty()).then(|| Mark::Band { name: "surrogates, 95 %".to_owned(), role: Role::Null, x: at, lo, hi })
}

/// Each surrogate normalised by its own variance.
fn structure_band(found: &Found<'_>, reach: f64) -> Option<Mark> {
    let replicates = &found.bootstrap.as_ref()?.replicates;
    let x: Vec<f64> = replicates.first()?.radial.iter().map(|lag| lag.distance).take_while(|r| *r <= reach).collect();
    let normalised = |radial: &[RadialLag], variance: f64| radial.iter().map(|lag| lag.structure / (2.0 * variance)).collect();
    let lists: Vec<Vec<f64>> = replicates.iter().map(|one| normalised(&one.radial, one.variance)).collect();
    band(&x, &lists)
}

/// Ring averages of the periodogram with their expectation.
fn periodogram(found: &Found<'_>) -> Option<Figure> {
    let (Some(_), Some((pipeline, fit)), Some(measured)) = (&found.field, &found.spectral, &found.periodogram) else {
        return None;
    };
    let rings = Rings::new(&pipeline.grid);
    let whittle = pipeline.whittle();
    let expected = whittle.state(&fit.whittle.parameters)?.expected().mapv(|value| value - whittle.floor);
    let averages = [rings.average(measured), rings.average(&expected)];
    let used = |index: &usize| averages.iter().all(|average| average[*index].is_finite() && average[*index] > 0.0);
    let indices: Vec<usize> = (1..rings.wave_number.len()).filter(used).collect();
    let of = |list: &[f64]| indices.iter().map(|index| list[*index]).collect::<Vec<f64>>();
    let x = of(&rings.wave_number);
    let mut panel =
        Panel::new("", Axis::log("wave number k", Unit::of("1/nm")), Axis::log("periodogram / variance", Unit::one()));
    if let Some(bootstrap) = &found.spectral_bootstrap {
        let keep = |list: &Vec<f64>| list.iter().skip(1).copied().collect();
        let lists: Vec<Vec<f64>> = bootstrap.rings.iter().map(keep).collect();
        panel = bootstrap.wave_number.get(1..).and_then(|k| band(k, &lists)).into_iter().fold(panel, Panel::with);
    }
    panel = panel.with(Mark::points("ring mean", Role::Data, x.clone(), of(&averages[0]))).with(Mark::line(
        "expected",
        Role::Model,
        x,
        of(&averages[1]),
    ));
    let caption = "Periodogram of the tapered map, averaged over rings of wave vectors (points), and what the fitted field leads to \
                   expect, edges, gaps, aliasing and noise included (line). Band: 95 % of surrogates. Wave numbers in radians per length.";
    Some(figure("periodogram", "Periodogram and its expectation", caption, vec![panel]))
}

/// H over the fitted H by direction.
fn directions(found: &Found<'_>) -> Option<Figure> {
    found.field.as_ref()?;
    let ratio = &found.measured.by_direction;
    let x: Vec<f64> = (0..ratio.len()).map(|sector| std::f64::consts::PI * sector as f64 / ratio.len() as f64).collect();
    let mut panel = Panel::new("", Axis::linear("direction θ", Unit::of("deg")), Axis::linear("H(θ) / fitted H", Unit::one()));
    if let Some(bootstrap) = &found.bootstrap {
        let lists: Vec<Vec<f64>> = bootstrap.replicates.iter().map(|one| one.by_direction.clone()).collect();
        panel = band(&x, &lists).into_iter().fold(panel, Panel::with);
    }
    let panel = panel.with(Mark::points("map", Role::Data, x, ratio.clone())).with(Mark::Rule {
        name: String::new(),
        role: Role::Reference,
        axis: RuleAxis::Y,
        at: 1.0,
    });
    let caption = "Structure function over that of the fitted isotropic field, at lags of half to two correlation lengths, by direction \
                   counted from +x (the fast axis) towards +y. Band: 95 % of isotropic surrogates.";
    Some(figure("direction", "Structure function by direction", caption, vec![panel]))
}

/// The length under other assumptions.
fn corrections(found: &Found<'_>) -> Option<Figure> {
    let fitted: Vec<(&str, f64)> = found
        .corrections
        .iter()
        .filter_map(|c| Some((c.label, c.field.as_ref()?.xi())))
        .filter(|(_, xi)| xi.is_finite())
        .collect();
    let unit = Unit::of("m").preferred(fitted.first()?.1);
    let names = fitted.iter().map(|(label, _)| (*label).to_owned()).collect();
    let y: Vec<f64> = (0..fitted.len()).map(|index| index as f64).collect();
    let x: Vec<f64> = fitted.iter().map(|(_, xi)| *xi).collect();
    let reported =
        Mark::Rule { name: "as reported".to_owned(), role: Role::Reference, axis: RuleAxis::X, at: fitted.first()?.1 };
    let panel = Panel::new("", Axis::linear("correlation length ξ", unit), Axis::categories("", names))
        .with(Mark::points("", Role::Data, x, y))
        .with(reported);
    let caption = "The fitted length under other assumptions about noise, blur, exponent and cross-talk; bias not removed.";
    Some(figure("corrections", "The length under other assumptions", caption, vec![panel]))
}

fn map(input: &Input<'_>) -> Figure {
    let unit = Unit::of("m").preferred(input.size.0);
    let colour = ColourAxis {
        label: input.map.quantity.replace('_', " "),
        unit: input.map.display_unit(),
        range: None,
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    let panel = Panel::map("", Axis::linear("x", unit.clone()), Axis::linear("y", unit))
        .with(Mark::Image { map: input.map.quantity.clone(), colour });
    figure("map", "Map", "The map whose fluctuations are analysed.", vec![panel])
}
