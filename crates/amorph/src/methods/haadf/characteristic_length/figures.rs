//! The image; its spectrum with the fits; its autocorrelation.

use super::analysis::{Findings, Verdict};
use super::report::LEVELLED_MAP;
use crate::core::data::Map;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::unit::Unit;

pub(super) fn all(image: &Map, findings: &Findings) -> Vec<Figure> {
    let mut figures = vec![picture(image), spectrum(findings)];
    figures.extend(autocorrelation(findings));
    figures
}

fn length_unit(length: f64) -> Unit {
    Unit::of(if length < 2e-6 { "nm" } else { "um" })
}

fn picture(image: &Map) -> Figure {
    let size = image.size().map_or(1e-7, |(x, _)| x);
    let colour = ColourAxis {
        label: "intensity less background".to_owned(),
        unit: image.unit.clone(),
        range: None,
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    Figure {
        key: "image".to_owned(),
        title: "Image without its background".to_owned(),
        caption: "The image on which the length is measured.".to_owned(),
        panels: vec![
            Panel::map("", Axis::linear("x", length_unit(size)), Axis::linear("y", length_unit(size)))
                .with(Mark::Image { map: LEVELLED_MAP.to_owned(), colour }),
        ],
    }
}

fn spectrum(findings: &Findings) -> Figure {
    let data = &findings.data;
    let highest = data.frequency.last().copied().unwrap_or(1e9);
    let unit = Unit::of(if highest > 2e7 { "1/nm" } else { "1/um" });
    let curve = |at: &dyn Fn(f64) -> f64| data.frequency.iter().map(|k| at(*k)).collect::<Vec<f64>>();
    let mut panel = Panel::new("", Axis::log("frequency 1/length", unit), Axis::log("variance per pixel", Unit::one()));
    if let Some(null) = findings.null.as_ref().filter(|null| null.band.len() == data.frequency.len()) {
        let (lo, hi) = null.band.iter().map(|[lo, hi]| (*lo, *hi)).unzip();
        panel = panel.with(Mark::Band {
            name: "images without a length, 95 %".to_owned(),
            role: Role::Null,
            x: data.frequency.clone(),
            lo,
            hi,
        });
    }
    panel = panel
        .with(Mark::points("image", Role::Data, data.frequency.clone(), data.power.clone()))
        .with(Mark::Line {
            name: "without peak".to_owned(),
            role: Role::Null,
            x: data.frequency.clone(),
            y: curve(&|k| findings.plain.at(k)),
            dashed: true,
        })
        .with(Mark::line("with peak", Role::Model, data.frequency.clone(), curve(&|k| findings.shell.at(k))));
    if findings.verdict() == Verdict::Yes {
        panel = panel.with(Mark::Rule {
            name: "1/L".to_owned(),
            role: Role::Highlight,
            axis: RuleAxis::X,
            at: findings.shell.shape[0],
        });
    }
    Figure {
        key: "radial_spectrum".to_owned(),
        title: "Spectrum".to_owned(),
        caption: "Variance by frequency, averaged over directions, with the best spectra with and without a peak.".to_owned(),
        panels: vec![panel],
    }
}

fn autocorrelation(findings: &Findings) -> Option<Figure> {
    let acf = findings.autocorrelation.as_ref()?;
    let shown = match findings.verdict() {
        Verdict::Yes => (4.0 * findings.length()).min(acf.distance.last().copied()?),
        _ => acf.distance.last().copied()?,
    };
    let n = acf.distance.partition_point(|r| *r <= shown);
    let mut panel = Panel::new("", Axis::linear("distance", length_unit(shown)), Axis::linear("correlation", Unit::one()))
        .with(Mark::Rule { name: String::new(), role: Role::Reference, axis: RuleAxis::Y, at: 0.0 })
        .with(Mark::points(
            "structure, noise taken out",
            Role::Data,
            acf.distance[..n].to_vec(),
            acf.correlation[..n].to_vec(),
        ));
    if findings.verdict() == Verdict::Yes {
        panel = panel.with(Mark::Rule {
            name: "L of the spectrum".to_owned(),
            role: Role::Highlight,
            axis: RuleAxis::X,
            at: findings.length(),
        });
    }
    Some(Figure {
        key: "autocorrelation".to_owned(),
        title: "Autocorrelation".to_owned(),
        caption:
            "Correlation by distance. A hump alone is no length: images without a peak in their spectrum have humps by chance."
                .to_owned(),
        panels: vec![panel],
    })
}
