//! Numbers, table, figure and notes.

use super::OneVolume;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::stats::rank_correlation;
use crate::core::unit::{Unit, format_significant};

/// Shares of the set that differ by more make dimensions that cannot be compared.
const SAME_SHARE: f64 = 0.01;
/// Orders by chance for more than seven volumes.
const ORDERS: usize = 4999;
/// Below this p value numbers rise or fall together.
const NAMED: f64 = 0.05;

pub(super) fn outcome(volumes: &[OneVolume], seed: u64) -> Outcome {
    let unit = volumes.iter().find_map(|volume| volume.unit.clone());
    let is_one = volumes.iter().filter_map(|volume| volume.unit.as_ref()).all(|other| Some(other) == unit.as_ref());
    let mut outcome = Outcome { notes: notes(volumes, is_one), ..Outcome::default() };
    let of = |value: &dyn Fn(&OneVolume) -> f64| -> Vec<(f64, f64)> {
        volumes.iter().map(|volume| (volume.spread, value(volume))).filter(|pair| pair.1.is_finite()).collect()
    };
    let dimensions = of(&|volume| volume.dimension);
    let [lengths, clusters] =
        if is_one { [of(&|volume| volume.length), of(&|volume| volume.cluster)] } else { [Vec::new(), Vec::new()] };
    let trends = [
        ("dimension_trend", "the dimension", &dimensions),
        ("length_trend", "the correlation length", &lengths),
        ("cluster_length_trend", "the size of clusters", &clusters),
    ];
    for (key, name, pairs) in trends {
        let Some(found) = rank_correlation(pairs, ORDERS, seed) else { continue };
        let n = found.n as f64;
        let why = "a few volumes; the p value is the test";
        outcome.estimates.push(Estimate::without_interval(key, "ρ", found.rho, "", why).n(n));
        let p = Estimate::without_interval(
            &format!("p_{key}"),
            "p",
            found.p_value,
            "",
            "a rank among orders, counted without error",
        );
        outcome.estimates.push(p.n(n));
        let (rho, p) = (format_significant(found.rho, 2), format_significant(found.p_value, 2));
        outcome.notes.push(if found.p_value <= NAMED {
            let way = if found.rho > 0.0 { "rises" } else { "falls" };
            Note::info(
                key,
                format!("{name} {way} with the spread of the density ({n} volumes, rank correlation {rho}, p = {p})"),
            )
        } else {
            let message = format!("{name} goes with the spread of the density no more than by chance ({n} volumes, p = {p})");
            Note::info(key, message)
        });
    }
    let in_metres = unit.as_ref() == Some(&Unit::of("m"));
    outcome.tables.push(table(volumes, if in_metres { "m" } else { "" }, is_one));
    outcome.figures.push(figure(&dimensions, &lengths, &clusters, in_metres));
    outcome
}

fn table(volumes: &[OneVolume], unit: &str, is_one: bool) -> Table {
    let column = |value: &dyn Fn(&OneVolume) -> f64| volumes.iter().map(value).collect::<Vec<f64>>();
    let length = |value: f64| if is_one { value } else { f64::NAN };
    Table::new("volumes", "Volumes by the spread of their density")
        .with_text("state", volumes.iter().map(|volume| volume.state.clone()).collect())
        .with_text("volume", volumes.iter().map(|volume| volume.item.clone()).collect())
        .with_numbers("g_std_micro", "", column(&|volume| volume.spread))
        .with_numbers("fractal_dimension_box", "", column(&|volume| volume.dimension))
        .with_numbers("correlation_length", unit, column(&|volume| length(volume.length)))
        .with_numbers("correlation_length_cluster", unit, column(&|volume| length(volume.cluster)))
        .with_numbers("volume_fraction", "", column(&|volume| volume.share))
}

fn figure(dimensions: &[(f64, f64)], lengths: &[(f64, f64)], clusters: &[(f64, f64)], in_metres: bool) -> Figure {
    let spread = || Axis::linear("spread of the density", Unit::of("%"));
    let mut panels = Vec::new();
    let marked = |panel: Panel, name: &str, role: Role, pairs: &[(f64, f64)]| {
        if pairs.is_empty() {
            return panel;
        }
        let (x, y) = pairs.iter().copied().unzip();
        panel.with(Mark::points(name, role, x, y))
    };
    if !dimensions.is_empty() {
        let panel = Panel::new("", spread(), Axis::linear("dimension by boxes", Unit::one()));
        panels.push(marked(panel, "", Role::Data, dimensions));
    }
    if !(lengths.is_empty() && clusters.is_empty()) {
        let axis =
            if in_metres { Axis::linear("length", Unit::of("nm")) } else { Axis::linear("length (voxels)", Unit::one()) };
        let panel = marked(Panel::new("", spread(), axis), "correlation length", Role::Series(0), lengths);
        panels.push(marked(panel, "size of clusters", Role::Series(1), clusters));
    }
    Figure {
        key: "structure_by_spread".to_owned(),
        title: "Dimension and correlation lengths over the spread of density".to_owned(),
        caption: "One point per volume: its dimension by boxes, and its correlation lengths from the two-point correlation and from clusters, over the standard deviation of its density over the mean."
            .to_owned(),
        panels,
    }
}

fn notes(volumes: &[OneVolume], is_one: bool) -> Vec<Note> {
    let mut notes = vec![Note::info(
        "one_resolution",
        "noise and resolution of the reconstruction are part of the spread: state resolution and common_resolution of every volume before they are compared",
    )];
    let shares = volumes.iter().map(|volume| volume.share).filter(|share| share.is_finite());
    let (least, most) = shares.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), share| (lo.min(share), hi.max(share)));
    if most - least > SAME_SHARE {
        let message = format!(
            "the sets take {} to {} of their volumes; dimensions rise with the share: cut all volumes at the same quantile",
            format_significant(least, 3),
            format_significant(most, 3)
        );
        notes.push(Note::warning("unequal_shares", message));
    }
    if !is_one {
        let message = "some volumes have a voxel size and others none: lengths are not compared; state voxel_size everywhere";
        notes.push(Note::warning("lengths_in_two_units", message));
    }
    notes
}
