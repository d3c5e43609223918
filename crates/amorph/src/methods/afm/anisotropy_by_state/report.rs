//! Numbers, table, figure and notes.

use std::f64::consts::{PI, TAU};

use super::algorithm::{Common, ImageVector, Part};
use crate::core::data::Table;
use crate::core::fft::Complex64;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::Unit;

const REJECTED: f64 = 0.05;

pub(super) fn outcome(images: &[ImageVector], common: &Common, seed: u64) -> Outcome {
    Outcome {
        estimates: estimates(images, common, seed),
        tables: vec![table(images)],
        figures: vec![figure(images, common)],
        notes: notes(images, common),
        ..Outcome::default()
    }
}

fn estimates(images: &[ImageVector], common: &Common, seed: u64) -> Vec<Estimate> {
    let n = images.len() as f64;
    let aspect = |key: &str, symbol: &str, part: &Part| {
        let (value, interval) = common.aspect(part, seed);
        Estimate::with_interval(key, symbol, value, "", interval, Basis::Replicate).n(n)
    };
    let p = |key: &str, symbol: &str, part: &Part| {
        Estimate::without_interval(key, symbol, common.p_value(part), "", "a probability of a test").n(n).flag("probability")
    };
    let value = (0.5 * common.glass.e.arg()).rem_euclid(PI).to_degrees();
    let angle = match common.angle(&common.glass).filter(|_| common.p_value(&common.glass) < REJECTED) {
        Some((lo, hi)) => {
            let interval = (lo.to_degrees(), hi.to_degrees());
            Estimate::with_interval("anisotropy_angle", "θ", value, "deg", interval, Basis::Replicate).n(n)
        }
        None => {
            let why = "the images have no direction in common";
            Estimate::without_interval("anisotropy_angle", "θ", value, "deg", why).n(n).flag("undetermined")
        }
    };
    let mut estimates =
        vec![angle.flag("axial"), aspect("anisotropy_aspect", "ξ1/ξ2", &common.glass), p("anisotropy_p", "p", &common.glass)];
    if let Some(scanner) = &common.scanner {
        estimates.push(aspect("scanner_aspect", "ξ1/ξ2 of the scanner", scanner));
        estimates.push(p("scanner_p", "p of the scanner", scanner));
    }
    estimates
}

/// A vector of an image in the frame of the specimen.
fn in_specimen(image: &ImageVector) -> Complex64 {
    image.e * Complex64::from_polar(1.0, 2.0 * image.scan_angle)
}

fn table(images: &[ImageVector]) -> Table {
    let number = |of: &dyn Fn(&ImageVector) -> f64| images.iter().map(of).collect::<Vec<f64>>();
    let angle = |e: Complex64| (0.5 * e.arg()).rem_euclid(PI);
    Table::new("images", "Ellipses of the images")
        .with_text("image", images.iter().map(|image| image.item.clone()).collect())
        .with_numbers("scan_angle", "rad", number(&|image| image.scan_angle))
        .with_numbers("fitted_aspect", "", number(&|image| image.e.norm().exp()))
        .with_numbers("angle_in_image", "rad", number(&|image| angle(image.e)))
        .with_numbers("angle_in_specimen", "rad", number(&|image| angle(in_specimen(image))))
}

fn figure(images: &[ImageVector], common: &Common) -> Figure {
    let axis = |label: &str| Axis::linear(label, Unit::one());
    let (x, y) = images.iter().map(in_specimen).map(|e| (e.re, e.im)).unzip();
    let mut panel = Panel::map("", axis("ln(aspect) cos 2θ"), axis("ln(aspect) sin 2θ"));
    // At 5 % and 2, nu degrees of freedom: F = nu (0.05^(-2/nu) - 1) / 2, and the squared length is 2 F error^2.
    let f = 0.5 * common.freedom * (REJECTED.powf(-2.0 / common.freedom) - 1.0);
    let radius = (2.0 * f).sqrt() * common.std_error(&common.glass);
    let point = |i: usize| {
        let (s, c) = (TAU * f64::from(i as u32) / 96.0).sin_cos();
        [common.glass.e.re + radius * c, common.glass.e.im + radius * s]
    };
    let region = (0..96).map(point).collect();
    panel = panel
        .with(Mark::Outlines { name: "glass, 95 % region".to_owned(), role: Role::Model, polygons: vec![region] })
        .with(Mark::points("images", Role::Data, x, y))
        .with(Mark::points("glass", Role::Model, vec![common.glass.e.re], vec![common.glass.e.im]))
        .with(Mark::points("no direction", Role::Reference, vec![0.0], vec![0.0]));
    if let Some(scanner) = &common.scanner {
        panel = panel.with(Mark::points("scanner, in the image", Role::Highlight, vec![scanner.e.re], vec![scanner.e.im]));
    }
    let caption = "Anisotropy of each image as a vector with twice its angle, in the frame of the specimen: to the right is along x, to the \
                   left along y, up along the rising diagonal. A common direction is shown where the region leaves the origin out.";
    Figure {
        key: "directions".to_owned(),
        title: "Directions of the images".to_owned(),
        caption: caption.to_owned(),
        panels: vec![panel],
    }
}

fn notes(images: &[ImageVector], common: &Common) -> Vec<Note> {
    let n = images.len();
    let p = common.p_value(&common.glass);
    let verdict = if p < REJECTED { "the images have a direction in common" } else { "the images have no direction in common" };
    let mut notes = vec![Note::info("direction", format!("{n} images: {verdict} (p = {p:.3})"))];
    match &common.scanner {
        None => {
            let text = "all images were scanned in one direction: what scanning makes (drift, lag) and what the glass has are not told \
                        apart; scan some sites turned by 90 deg and state their scan_angle";
            notes.push(if p < REJECTED { Note::warning("one_scan_angle", text) } else { Note::info("one_scan_angle", text) });
        }
        Some(scanner) => {
            let p = common.p_value(scanner);
            let text = format!(
                "what stays with the scanner when the specimen turns has p = {p:.3}; it is not in the direction of the glass"
            );
            notes.push(if p < REJECTED { Note::warning("scanner", text) } else { Note::info("scanner", text) });
        }
    }
    notes
}
