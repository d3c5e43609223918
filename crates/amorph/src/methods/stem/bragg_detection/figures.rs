use super::super::panels::brightness;
use super::judgement::Judged;
use crate::core::data::Map;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::stats::Histogram;
use crate::core::unit::Unit;

/// Points of a drawn law.
const POINTS: usize = 200;

/// Histogram of the statistic with the law of patterns without reflections and the threshold.
pub(super) fn statistic(judged: &Judged) -> Figure {
    let axis = |label| Axis::linear(label, Unit::one());
    let mut panel = Panel::new("", axis("largest disk mean over the scale, T"), axis("density"));
    let (lo, hi) = judged.t.iter().fold((f64::INFINITY, 0.0f64), |(lo, hi), t| (lo.min(*t), hi.max(*t)));
    if let Ok(histogram) = Histogram::freedman_diaconis(&[&judged.t])
        && let Some(heights) = histogram.density(0)
    {
        panel =
            panel.with(Mark::Bars { name: "patterns".to_owned(), role: Role::Data, edges: histogram.edges.clone(), heights });
    }
    let x: Vec<f64> = (0..POINTS).map(|i| lo + (hi - lo) * i as f64 / (POINTS - 1) as f64).collect();
    let y = x.iter().map(|t| (1.0 - judged.mixture) * judged.null.density(*t)).collect();
    let threshold =
        Mark::Rule { name: "threshold".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at: judged.verdict.threshold };
    Figure {
        key: "bragg_statistic".to_owned(),
        title: "Patterns with and without reflections".to_owned(),
        caption: format!(
            "Statistic of {} patterns, the law of those without reflections fitted to the flattest of them, and the threshold, above which {} lie.",
            judged.t.len(),
            judged.verdict.n_flagged
        ),
        panels: vec![panel.with(Mark::line("without reflections", Role::Null, x, y)).with(threshold)],
    }
}

/// Simulated patterns without reflections against the law that was fitted.
pub(super) fn check(judged: &Judged) -> Figure {
    let mut t: Vec<f64> = judged.simulated.iter().map(|pattern| pattern.t).collect();
    t.sort_by(f64::total_cmp);
    let n = t.len() as f64;
    let expected: Vec<f64> = (0..t.len()).map(|i| judged.null.exceeded_with(1.0 - (i as f64 + 0.5) / n)).collect();
    let ends = [expected.first().copied().unwrap_or(0.0), expected.last().copied().unwrap_or(1.0)].to_vec();
    let axis = |label| Axis::linear(label, Unit::one());
    let panel = Panel::new("", axis("quantile of the fitted law"), axis("simulated patterns without reflections"))
        .with(Mark::points("simulated", Role::Data, expected, t))
        .with(Mark::line("equal", Role::Model, ends.clone(), ends));
    Figure {
        key: "selfcheck".to_owned(),
        title: "Self-check".to_owned(),
        caption: "Statistic of patterns simulated from the measured speckle against the law fitted to the scan. Points below the line: the law is wider than the speckle, and fewer patterns are flagged than could be; above it, more than should be.".to_owned(),
        panels: vec![panel],
    }
}

/// Class of every position.
pub(super) fn classes(map: &Map) -> Figure {
    let unit = || if map.extent.is_some() { Unit::of("nm") } else { Unit::one() };
    let colour = ColourAxis {
        label: "class".to_owned(),
        unit: Unit::one(),
        range: Some([0.0, 6.0]),
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    Figure {
        key: "class_map".to_owned(),
        title: "Classes of patterns".to_owned(),
        caption: "What every probe position shows: 0 none, 1 two-beam, 2 three-beam, 3 on axis, 4 and 5 partner unknown, 6 unusable. Positions without a frame are empty.".to_owned(),
        panels: vec![
            Panel::map("", Axis::linear("x", unit()), Axis::linear("y", unit()))
                .with(Mark::Image { map: map.quantity.clone(), colour }),
        ],
    }
}

/// A few patterns; the direct beam and masked pixels are empty.
pub(super) fn gallery(maps: &[Map]) -> Figure {
    let titles = ["highest T", "last above the threshold", "lowest T"];
    let panel = |(map, title): (&Map, &str)| {
        Panel::map(title, Axis::linear("x", Unit::one()), Axis::linear("y", Unit::one()))
            .with(Mark::Image { map: map.quantity.clone(), colour: brightness("counts") })
    };
    Figure {
        key: "pattern_gallery".to_owned(),
        title: "Patterns".to_owned(),
        caption: "The pattern with the highest statistic, the one next to the threshold, and the one with the lowest."
            .to_owned(),
        panels: maps.iter().zip(titles).map(panel).collect(),
    }
}
