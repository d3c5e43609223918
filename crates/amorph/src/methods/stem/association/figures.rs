use super::Input;
use super::algorithm::Table2x2;
use super::report::Found;
use crate::core::data::Map;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::stats::{NORMAL_95, wilson_interval};
use crate::core::unit::Unit;

/// Regions whose maps are drawn.
const DRAWN: usize = 6;

/// Share of ordered positions among bright and dark ones, by region.
pub(super) fn bars(input: &Input, found: &Found) -> Figure {
    let shares = |of: &dyn Fn(&Table2x2) -> (f64, f64), shift: f64, name: &str, role: Role| {
        let pairs: Vec<(f64, f64)> = found.tables.iter().map(of).collect();
        let wilson = |(x, n): &(f64, f64)| wilson_interval(*x as usize, *n as usize, 0.95).unwrap_or((0.0, 1.0));
        Mark::Points {
            name: name.to_owned(),
            role,
            x: (0..pairs.len()).map(|i| i as f64 + 1.0 + shift).collect(),
            y: pairs.iter().map(|(x, n)| x / n).collect(),
            y_interval: pairs.iter().map(wilson).map(|(lo, hi)| [lo, hi]).collect(),
            x_interval: Vec::new(),
        }
    };
    let n = input.scans.len() as f64;
    let panel = Panel::new(
        "",
        Axis::linear("region", Unit::one()).within(0.4, n + 0.6),
        Axis::linear("share of ordered patterns", Unit::one()).within(0.0, 1.0),
    )
    .with(shares(&|t| (t.a, t.a + t.b), 0.1, "bright positions", Role::Highlight))
    .with(shares(&|t| (t.c, t.c + t.d), -0.1, "dark positions", Role::Data));
    Figure {
        key: "order_by_brightness".to_owned(),
        title: "Order in bright and dark domains".to_owned(),
        caption: "Share of ordered patterns among bright and dark positions of every region, with Wilson's interval. The intervals take positions as independent, which they are not: the test is in the next figure.".to_owned(),
        panels: vec![panel],
    }
}

/// What chance makes of the excess.
pub(super) fn null(found: &Found) -> Figure {
    let values = &found.chance.surrogates;
    let reach = values.iter().fold(found.chance.z.abs(), |reach, z| reach.max(z.abs())).max(3.0) * 1.05;
    let bins = 41;
    let edges: Vec<f64> = (0..=bins).map(|i| reach * (2.0 * f64::from(i) / f64::from(bins) - 1.0)).collect();
    let width = edges[1] - edges[0];
    let mut heights = vec![0.0; edges.len() - 1];
    for z in values {
        let bin = ((z + reach) / width) as usize;
        if let Some(height) = heights.get_mut(bin) {
            *height += 1.0 / (values.len() as f64 * width);
        }
    }
    let x: Vec<f64> = (0..=120).map(|i| reach * (f64::from(i) / 60.0 - 1.0)).collect();
    let normal = |z: &f64| (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let y = x.iter().map(normal).collect();
    let rule = |name: &str, role, at| Mark::Rule { name: name.to_owned(), role, axis: RuleAxis::X, at };
    let panel = Panel::new(
        "",
        Axis::linear("excess of bright and ordered positions, in naive standard deviations", Unit::one()),
        Axis::linear("density", Unit::one()),
    )
    .with(Mark::Bars { name: "maps laid over each other otherwise".to_owned(), role: Role::Null, edges, heights })
    .with(Mark::line("if positions were independent", Role::Model, x, y))
    .with(rule("found", Role::Highlight, found.chance.z));
    Figure {
        key: "association_null".to_owned(),
        title: "What chance makes of it".to_owned(),
        caption: format!(
            "Excess of bright and ordered positions over what the margins give. Bars: the brightness moved around the edges and turned, region by region, which keeps the grains of both maps; their width is {:.2} times that of independent positions. Beyond ±{NORMAL_95:.2} a naive test would see an association.",
            found.chance.design_effect.sqrt()
        ),
        panels: vec![panel],
    }
}

/// The odds ratio over the level that divides bright from dark.
pub(super) fn sweep(sweep: &[(f64, Found)]) -> Figure {
    let ends: Vec<(f64, f64)> = sweep.iter().map(|(_, found)| found.interval()).collect();
    let points = Mark::Points {
        name: "with the 95 % interval".to_owned(),
        role: Role::Data,
        x: sweep.iter().map(|(quantile, _)| *quantile).collect(),
        y: sweep.iter().map(|(_, found)| found.ratio.ln.exp()).collect(),
        y_interval: ends.iter().map(|(lo, hi)| [*lo, *hi]).collect(),
        x_interval: Vec::new(),
    };
    let one = Mark::Rule { name: "no association".to_owned(), role: Role::Reference, axis: RuleAxis::Y, at: 1.0 };
    let panel = Panel::new(
        "",
        Axis::linear("share of positions that count as dark", Unit::one()),
        Axis::log("odds ratio", Unit::one()),
    );
    Figure {
        key: "odds_ratio_over_threshold".to_owned(),
        title: "Does the threshold decide?".to_owned(),
        caption: "Odds ratio over the quantile of the brightness that divides bright from dark. An association that stands at one threshold alone is none.".to_owned(),
        panels: vec![panel.with(one).with(points)],
    }
}

/// What every position is, for the first regions.
pub(super) fn maps(maps: &[Map], input: &Input) -> Figure {
    let panel = |(map, scan): (&Map, &super::Scan)| {
        let unit = || if map.extent.is_some() { Unit::of("nm") } else { Unit::one() };
        let colour = ColourAxis {
            label: "class".to_owned(),
            unit: Unit::one(),
            range: Some([0.0, 3.0]),
            palette: Palette::Sequential,
            scale: Scale::Linear,
        };
        let title = scan.item.split(" + ").next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        Panel::map(title, Axis::linear("x", unit()), Axis::linear("y", unit()))
            .with(Mark::Image { map: map.quantity.clone(), colour })
    };
    Figure {
        key: "order_and_brightness".to_owned(),
        title: "Order and brightness".to_owned(),
        caption: format!(
            "What every position is: 0 dark, 1 dark and ordered, 2 bright, 3 bright and ordered; the first {} regions. Empty positions were not judged.",
            maps.len().min(DRAWN)
        ),
        panels: maps.iter().zip(&input.scans).take(DRAWN).map(panel).collect(),
    }
}
