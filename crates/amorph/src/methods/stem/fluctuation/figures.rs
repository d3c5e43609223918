use super::report::Curve;
use super::{Input, Summed};
use crate::core::data::Map;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::unit::Unit;

/// The four curves with their bands: pixel by pixel on the left, of whole rings on the right.
pub(super) fn curves(curves: &[Curve], distances: &[f64], input: &Input<'_>, summed: &Summed) -> Figure {
    let per_pixel = input.calibration.q_pixel.unwrap_or(1.0);
    let x: Vec<f64> = distances.iter().map(|distance| distance * per_pixel).collect();
    let axis = || match input.calibration.q_pixel {
        Some(_) => Axis::linear("k = 1/d", Unit::of("1/nm")),
        None => Axis::linear("distance from the beam (pixels)", Unit::one()),
    };
    let name = |curve: &Curve| match curve.definition.key() {
        "image" => "over positions, pixel by pixel",
        "re" => "over ring and positions",
        "r" => "along the ring",
        _ => "of the ring's mean",
    };
    let panel = |title: &str, chosen: &[&Curve]| {
        let mut panel = Panel::new(title, axis(), Axis::linear("V(k)", Unit::one()));
        for (index, curve) in chosen.iter().enumerate() {
            let role = Role::Series(index as u16);
            if index == 0 {
                let (lo, hi) = (curve.lo.clone(), curve.hi.clone());
                panel = panel.with(Mark::Band { name: "standard error".to_owned(), role, x: x.clone(), lo, hi });
            }
            panel = panel.with(Mark::line(name(curve), role, x.clone(), curve.value.clone()));
        }
        let at = summed.background.halo.radius * per_pixel;
        panel.with(Mark::Rule { name: "first halo".to_owned(), role: Role::Reference, axis: RuleAxis::X, at })
    };
    let (pixels, rings): (Vec<&Curve>, Vec<&Curve>) = curves.iter().partition(|curve| curve.definition.key() != "omega");
    let rest = if input.gain.is_some() { "shot noise subtracted" } else { "with the shot noise of the camera" };
    Figure {
        key: "v_k".to_owned(),
        title: "Normalised variance V(k)".to_owned(),
        caption: format!(
            "Variance of the diffracted intensity over its squared mean in four definitions, {rest}; {} patterns. The band is that of the first definition of each panel.",
            summed.total.n
        ),
        panels: vec![panel("of pixels", &pixels), panel("of ring means", &rings)],
    }
}

/// Variance at every pixel of the detector.
pub(super) fn image(map: &Map) -> Figure {
    let colour = ColourAxis {
        label: "V".to_owned(),
        unit: Unit::one(),
        range: None,
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    Figure {
        key: "variance_image".to_owned(),
        title: "Variance over positions".to_owned(),
        caption: "Relative variance over the scan at every detector pixel. A ring is the glass; a spot is one large crystal, or a bad pixel; empty pixels are masked or beyond the range.".to_owned(),
        panels: vec![
            Panel::map("", Axis::linear("x", Unit::one()), Axis::linear("y", Unit::one()))
                .with(Mark::Image { map: map.quantity.clone(), colour }),
        ],
    }
}
