use super::Input;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::stats::{Histogram, LineClusters, Mixture};
use crate::core::unit::Unit;

pub(super) fn all(input: &Input<'_>, values: &[f64], mixture: &Mixture, clusters: &LineClusters) -> Vec<Figure> {
    vec![maps(mixture, clusters), histogram(input, values, mixture, clusters)]
}

fn maps(mixture: &Mixture, clusters: &LineClusters) -> Figure {
    let panel = |title: &str, map: &str, label: &str, top: f64| {
        let colour = ColourAxis {
            label: label.to_owned(),
            unit: Unit::one(),
            range: Some([0.0, top]),
            palette: Palette::Sequential,
            scale: Scale::Linear,
        };
        let axis = |name: &str| Axis::linear(name, Unit::of("nm"));
        Panel::map(title, axis("x"), axis("y")).with(Mark::Image { map: map.to_owned(), colour })
    };
    let last = |n: usize| n.saturating_sub(1).max(1) as f64;
    Figure {
        key: "class_maps".to_owned(),
        title: "Classes".to_owned(),
        caption: "Groups of k-means, likeliest class of the mixture (0 is the softest), and how uncertain that is.".to_owned(),
        panels: vec![
            panel("k-means", "modulus_group", "group", last(clusters.means.len())),
            panel("mixture", "modulus_class", "class", last(mixture.components.len())),
            panel("uncertainty", "class_entropy", "entropy (nats)", (mixture.components.len() as f64).ln().max(0.1)),
        ],
    }
}

fn histogram(input: &Input<'_>, values: &[f64], mixture: &Mixture, clusters: &LineClusters) -> Figure {
    let si: Vec<f64> = values.iter().map(|value| input.map.unit.to_si(*value)).collect();
    let shown = input.map.display_unit();
    let label = input.map.quantity.replace('_', " ");
    let mut panel = Panel::new("", Axis::linear(&label, shown.clone()), Axis::linear("pixels", Unit::one()));
    if let Ok(bins) = Histogram::freedman_diaconis(&[&si]) {
        let width = bins.edges[1] - bins.edges[0];
        let (lo, hi) = (bins.edges[0], bins.edges[bins.edges.len() - 1]);
        let heights = bins.counts.first().map(|row| row.iter().map(|count| *count as f64).collect()).unwrap_or_default();
        panel = panel.with(Mark::Bars { name: "pixels".to_owned(), role: Role::Data, edges: bins.edges, heights });
        let unit_scale = input.map.unit.to_si(1.0) - input.map.unit.to_si(0.0);
        let x: Vec<f64> = (0..=240).map(|i| lo + (hi - lo) * f64::from(i) / 240.0).collect();
        let scale = values.len() as f64 * width / unit_scale;
        let native = |x: f64| (x - input.map.unit.to_si(0.0)) / unit_scale;
        for (number, part) in mixture.components.iter().enumerate() {
            let y = x.iter().map(|x| scale * part.density(native(*x))).collect();
            panel = panel.with(Mark::line(&format!("class {number}"), Role::Series(number as u16), x.clone(), y));
        }
        let y = x.iter().map(|x| scale * mixture.density(native(*x))).collect();
        panel = panel.with(Mark::Line { name: "mixture".to_owned(), role: Role::Model, x, y, dashed: true });
        for (number, edge) in clusters.edges.iter().enumerate() {
            let name = if number == 0 { "edges of k-means".to_owned() } else { String::new() };
            let at = input.map.unit.to_si(*edge);
            panel = panel.with(Mark::Rule { name, role: Role::Null, axis: RuleAxis::X, at });
        }
    }
    Figure {
        key: "class_histogram".to_owned(),
        title: "Histogram and its components".to_owned(),
        caption: "The number of components is the Bayesian criterion's choice. Edges of k-means lie between the means whatever the spreads.".to_owned(),
        panels: vec![panel],
    }
}
