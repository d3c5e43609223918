//! Numbers, the comparison of sample and microscope, table and figure.

use std::f64::consts::{PI, TAU};

use super::algorithm::{MeanVector, mean_vector, turned};
use super::{ABOUT_PRINCIPAL, OrientationBySite, Site};
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{Moments, student_t_quantile, student_t_tail};
use crate::core::unit::Unit;
use crate::methods::afm::orientation::algorithm::between;

/// Level below which a preferred axis is stated.
const LEVEL: f64 = 0.05;

pub(super) fn outcome(method: &OrientationBySite, sites: &[Site]) -> Outcome {
    let on_sample = mean_vector(&sites.iter().map(|site| site.vector).collect::<Vec<_>>());
    let in_image = mean_vector(&sites.iter().map(|site| turned(site.vector, -site.scan_angle)).collect::<Vec<_>>());
    let mut outcome = Outcome { tables: vec![table(sites)], ..Outcome::default() };
    if let Some(mean) = &on_sample {
        outcome.estimates = preferred_axis(mean);
        outcome.notes.push(order_note(mean));
        outcome.figures.push(figure(sites, mean));
    } else {
        outcome
            .notes
            .push(Note::refused("degenerate", "the mean vectors of all sites lie on one line, so their scatter is unknown"));
    }
    for (index, (key, symbol, neutral)) in ABOUT_PRINCIPAL.into_iter().enumerate() {
        let values: Vec<f64> = sites.iter().filter_map(|site| site.about_principal[index]).collect();
        if let Some((estimate, note)) = about_principal(key, symbol, neutral, &values) {
            outcome.estimates.push(estimate);
            outcome.notes.push(note);
        }
    }
    outcome.notes.push(microscope_note(method, sites, on_sample.as_ref(), in_image.as_ref()));
    outcome
}

fn preferred_axis(mean: &MeanVector) -> Vec<Estimate> {
    let n = mean.n as f64;
    let why = "never negative; see the probability in the notes";
    let order = Estimate::without_interval("hdr_axial_order", "S", mean.harmonic.length(), "", why).n(n);
    if mean.p >= LEVEL {
        return vec![order];
    }
    let (key, symbol, value) = ("hdr_mean_axis", "θ", mean.harmonic.direction().to_degrees());
    let axis = match mean.direction_interval() {
        Some((lo, hi)) => {
            let ends = (lo.to_degrees(), hi.to_degrees());
            Estimate::with_interval(key, symbol, value, "deg", ends, Basis::Replicate)
        }
        None => Estimate::without_interval(key, symbol, value, "deg", "too weak an order to exclude any direction"),
    };
    vec![order, axis.n(n)]
}

fn order_note(mean: &MeanVector) -> Note {
    let verdict = if mean.p < LEVEL { "the sites agree on a preferred axis" } else { "the sites agree on no axis" };
    let text = format!(
        "{} sites, order of the mean vector {:.3}, p = {:.3} (Hotelling, sites as replicates): {verdict}",
        mean.n,
        mean.harmonic.length(),
        mean.p
    );
    Note::info("preferred_axis", text)
}

/// Mean over sites with Student's interval, and the probability of a mean as far from the value without preference; one-sided for the
/// 45-degree numbers.
fn about_principal(key: &str, symbol: &str, neutral: f64, values: &[f64]) -> Option<(Estimate, Note)> {
    let moments = Moments::of(values).ok().filter(|_| values.len() >= 3)?;
    let (error, dof) = (moments.std_error(), values.len() as f64 - 1.0);
    let half = student_t_quantile(0.975, dof).ok()? * error;
    let t = (moments.mean - neutral) / error;
    let is_one_sided = key.starts_with("hdr_45");
    let p = if is_one_sided { student_t_tail(t, dof).ok()? } else { 2.0 * student_t_tail(t.abs(), dof).ok()? };
    let interval = (moments.mean - half, moments.mean + half);
    let estimate = Estimate::with_interval(key, symbol, moments.mean, "", interval, Basis::Replicate)
        .std_error(error)
        .n(values.len() as f64);
    let sides = if is_one_sided { "one-sided" } else { "two-sided" };
    let text = format!(
        "{symbol} = {:.4} [{:.4}, {:.4}] over {} sites; without preference {neutral}, p = {p:.3} ({sides})",
        moments.mean,
        interval.0,
        interval.1,
        values.len()
    );
    Some((estimate, Note::info(key, text)))
}

/// Whether a preferred axis turns with the sample or with the scan.
fn microscope_note(
    method: &OrientationBySite,
    sites: &[Site],
    on_sample: Option<&MeanVector>,
    in_image: Option<&MeanVector>,
) -> Note {
    let code = "sample_or_microscope";
    let pairs = || sites.iter().flat_map(|a| sites.iter().map(move |b| between(a.scan_angle, b.scan_angle)));
    let rotation = pairs().fold(0.0, f64::max);
    if rotation < method.rotation_min.value {
        let text = format!(
            "all scans have nearly the same direction (largest difference {:.0} deg), so an axis of the sample cannot be told from one of \
             the microscope (drift, line noise); scan some sites rotated by 90 deg and state scan_angle",
            rotation.to_degrees()
        );
        return Note::info(code, text);
    }
    let (Some(on_sample), Some(in_image)) = (on_sample, in_image) else {
        return Note::refused(code, "too few independent sites to compare sample and microscope");
    };
    let verdict = match (on_sample.p < LEVEL, in_image.p < LEVEL) {
        (true, false) => "the axis turns with the sample",
        (false, true) => "the axis stays with the scan: it belongs to the microscope",
        (true, true) => "an axis stays with the scan and one turns with the sample: both are there",
        (false, false) => "neither frame has a preferred axis",
    };
    let text = format!(
        "scans are rotated against each other by up to {:.0} deg. Order on the sample {:.3} (p = {:.3}), in the image {:.3} (p = {:.3}): \
         {verdict}",
        rotation.to_degrees(),
        on_sample.harmonic.length(),
        on_sample.p,
        in_image.harmonic.length(),
        in_image.p
    );
    if in_image.p < LEVEL { Note::warning(code, text) } else { Note::info(code, text) }
}

fn table(sites: &[Site]) -> Table {
    let column = |read: &dyn Fn(&Site) -> f64| sites.iter().map(read).collect::<Vec<f64>>();
    let direction = |site: &Site| (0.5 * site.vector[1].atan2(site.vector[0])).rem_euclid(PI);
    let mut table = Table::new("sites", "Directions of the regions of each site")
        .with_text("item", sites.iter().map(|site| site.item.clone()).collect())
        .with_numbers("regions", "", column(&|site| site.regions))
        .with_numbers("order", "", column(&|site| site.vector[0].hypot(site.vector[1])))
        .with_numbers("axis", "rad", column(&direction))
        .with_numbers("scan_angle", "rad", column(&|site| site.scan_angle));
    for (index, (key, ..)) in ABOUT_PRINCIPAL.into_iter().enumerate() {
        if sites.iter().any(|site| site.about_principal[index].is_some()) {
            table = table.with_numbers(key, "", column(&|site| site.about_principal[index].unwrap_or(f64::NAN)));
        }
    }
    table
}

fn figure(sites: &[Site], mean: &MeanVector) -> Figure {
    let lengths = sites.iter().map(|site| site.vector[0].hypot(site.vector[1]));
    let reach = lengths.fold(0.05, f64::max) * 1.1;
    let axis = |label: &str| Axis::linear(label, Unit::one()).within(-reach, reach);
    let ring = (0..=72).map(|step| (TAU * f64::from(step) / 72.0).sin_cos());
    let (y, x) = ring.map(|(sin, cos)| (mean.harmonic.length() * sin, mean.harmonic.length() * cos)).unzip();
    let [c, s] = mean.harmonic.mean;
    let panel = Panel::map("", axis("mean of cos 2θ"), axis("mean of sin 2θ"))
        .with(Mark::Line { name: "equal order".to_owned(), role: Role::Null, x, y, dashed: true })
        .with(Mark::line("mean of the sites", Role::Model, vec![0.0, c], vec![0.0, s]))
        .with(Mark::points(
            "sites",
            Role::Data,
            sites.iter().map(|site| site.vector[0]).collect(),
            sites.iter().map(|site| site.vector[1]).collect(),
        ));
    Figure {
        key: "mean_vectors".to_owned(),
        title: "Orientation, site by site".to_owned(),
        caption: "Mean vectors of the doubled angles of each site, that of noise subtracted: right is along x of the sample, left along y, \
                  up and down along the diagonals. Sites that agree on an axis lie together on one side of the origin."
            .to_owned(),
        panels: vec![panel],
    }
}
