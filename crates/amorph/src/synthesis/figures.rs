//! The forest of a card: every finding with its interval, group by group; and each finding against the others.

use super::arrhenius_map::arrhenius_map;
use super::assess::{Assessment, Row, Status, Test};
use super::convention::shown_unit;
use super::finding::{Card, Finding};
use super::quantity::{Group, QuantityInfo};
use super::report::total_error;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis, Scale, Twin};
use crate::core::stats::NORMAL_95;
use crate::core::unit::Unit;
use crate::literature::{Kind, LiteratureValue};
use crate::theory::constants::BOLTZMANN;

/// Published values that are drawn in one row.
const PUBLISHED: usize = 12;

/// One row of the forest.
struct Line {
    label: String,
    role: Role,
    name: &'static str,
    points: Vec<(f64, [f64; 2])>,
}

/// The figures of a card.
pub fn figures(card: &Card, assessment: &Assessment) -> Vec<Figure> {
    let groups = [Group::Barrier, Group::Length, Group::Volume, Group::Fraction, Group::Time, Group::Exponent];
    let mut sources: Vec<String> = Vec::new();
    let panels: Vec<Panel> = groups.iter().filter_map(|group| panel(card, assessment, *group, &mut sources)).collect();
    if panels.is_empty() {
        return Vec::new();
    }
    let published = if sources.is_empty() { String::new() } else { format!(" Published values from {}.", sources.join("; ")) };
    let forest = Figure {
        key: "card".to_owned(),
        title: "Heterogeneity card".to_owned(),
        caption: format!(
            "Bars: 95 % intervals, systematics included. Grey: findings that do not agree with each other. Stars: limits. \
             Triangles: common values, given only where the findings agree.{published}"
        ),
        panels,
    };
    [Some(forest), arrhenius_map(card, assessment), parity(card, assessment)].into_iter().flatten().collect()
}

/// Every tested finding against what the others of its quantity predict for it.
fn parity(card: &Card, assessment: &Assessment) -> Option<Figure> {
    let mut points: Vec<(String, f64, bool)> = Vec::new();
    for test in assessment.tests.iter().rev().filter(|test| test.agrees().is_some()) {
        let estimates = test.members.iter().zip(&test.result.without);
        for (member, without) in estimates.filter_map(|(member, without)| Some((member, (*without)?))) {
            points.push((card.findings[member.finding].id.clone(), without.z, test.agrees() == Some(true)));
        }
    }
    let names: Vec<String> = points.iter().map(|(label, ..)| label.clone()).collect();
    let x = Axis::linear("deviation from what the others predict / standard error", Unit::one());
    let mut panel = Panel::new("", x, Axis::categories("", names));
    for (agrees, role, name) in [(true, Role::Data, "agrees"), (false, Role::Null, "inconsistent")] {
        let chosen = || points.iter().enumerate().filter(move |(_, point)| point.2 == agrees);
        if chosen().next().is_some() {
            let (x, y) = (chosen().map(|(_, point)| point.1).collect(), chosen().map(|(row, _)| row as f64).collect());
            panel = panel.with(Mark::points(name, role, x, y));
        }
    }
    for at in [-NORMAL_95, 0.0, NORMAL_95] {
        panel = panel.with(Mark::Rule { name: String::new(), role: Role::Reference, axis: RuleAxis::X, at });
    }
    (!points.is_empty()).then(|| Figure {
        key: "parity".to_owned(),
        title: "Each finding against the others".to_owned(),
        caption:
            "How far every finding lies from the value that the others of its quantity predict for it, over the error of that \
                  difference, systematics included. Lines: 95 % of chance."
                .to_owned(),
        panels: vec![panel],
    })
}

fn panel(card: &Card, assessment: &Assessment, group: Group, sources: &mut Vec<String>) -> Option<Panel> {
    let mut lines: Vec<Line> = Vec::new();
    let mut first: Option<&'static QuantityInfo> = None;
    let mut quantities: Vec<&'static QuantityInfo> = Vec::new();
    // Alpha energies are ten times the others; the fragility that they imply is drawn.
    let is_drawn = |quantity: &&QuantityInfo| quantity.group == group && quantity.name != "alpha_energy";
    for quantity in super::quantity::QUANTITIES.iter().filter(is_drawn) {
        let rows: Vec<&Row> = assessment.rows.iter().filter(|row| drawn_as(card, row) == quantity).collect();
        if rows.is_empty() {
            continue;
        }
        first.get_or_insert(quantity);
        quantities.push(quantity);
        lines.extend(rows.iter().map(|row| line(&card.findings[row.finding], row)));
        lines.extend(assessment.tests.iter().filter(|test| test.quantity == quantity).filter_map(common));
        lines.extend(published(card, quantity, sources));
    }
    let unit = shown_unit(first?);
    // Numbers of different kinds share a panel only where they have no unit.
    let is_logarithmic = quantities.iter().any(|quantity| quantity.is_logarithmic)
        && lines.iter().flat_map(|line| &line.points).all(|(value, _)| *value > 0.0);
    lines.retain(|line| !line.points.is_empty());
    lines.reverse();
    let names = lines.iter().map(|line| line.label.clone()).collect();
    let label = if group == Group::Exponent { "" } else { group.title() };
    let mut axis = if is_logarithmic { Axis::log(label, unit) } else { Axis::linear(label, unit) };
    axis.twin = card
        .settings
        .glass_transition
        .filter(|_| group == Group::Barrier && axis.scale == Scale::Linear)
        .map(|tg| Twin { label: "R Tg".to_owned(), per: BOLTZMANN * tg });
    let mut panel = Panel::new(group.title(), axis, Axis::categories("", names));
    let mut roles: Vec<(Role, &'static str)> = lines.iter().map(|line| (line.role, line.name)).collect();
    roles.sort_by_key(|(_, name)| *name);
    roles.dedup();
    for (role, name) in roles {
        panel = panel.with(points(&lines, role, name));
    }
    Some(panel)
}

/// The quantity in whose rows a finding stands: that as which it is compared.
fn drawn_as(card: &Card, row: &Row) -> &'static QuantityInfo {
    row.comparable.as_ref().map_or(card.findings[row.finding].quantity, |found| found.quantity)
}

fn points(lines: &[Line], role: Role, name: &'static str) -> Mark {
    let of_role = || lines.iter().enumerate().filter(move |(_, line)| line.role == role && line.name == name);
    let all = || of_role().flat_map(|(row, line)| line.points.iter().map(move |point| (row, point)));
    Mark::Points {
        name: name.to_owned(),
        role,
        x: all().map(|(_, (value, _))| *value).collect(),
        y: all().map(|(row, _)| row as f64).collect(),
        x_interval: all().map(|(_, (_, interval))| *interval).collect(),
        y_interval: Vec::new(),
    }
}

fn line(finding: &Finding, row: &Row) -> Line {
    let value = row.comparable.as_ref().map_or(finding.value, |found| found.value);
    let is_logarithmic = drawn_logarithmic(finding, row);
    let reach = total_error(row).filter(|_| finding.bound.is_none()).map_or([value; 2], |error| {
        [-NORMAL_95, NORMAL_95].map(|z| if is_logarithmic { value * (z * error / value).exp() } else { value + z * error })
    });
    let (role, name) = match (&row.status, finding.bound) {
        (Status::Inconsistent, None) => (Role::Null, "inconsistent"),
        (_, Some(_)) => (Role::Bound, "limit"),
        (Status::Agrees, None) => (Role::Data, "agrees"),
        (Status::NotTested(_), None) => (Role::Series(5), "not tested"),
    };
    Line { label: finding.id.clone(), role, name, points: vec![(value, reach)] }
}

fn drawn_logarithmic(finding: &Finding, row: &Row) -> bool {
    row.comparable.as_ref().map_or(finding.quantity, |found| found.quantity).is_logarithmic
}

fn common(test: &Test) -> Option<Line> {
    test.agrees()?;
    let (value, interval) = test.common()?;
    let label = format!("common: {}", test.title());
    Some(Line { label, role: Role::Highlight, name: "common value", points: vec![(value, interval)] })
}

/// Published values of a quantity in one row, those of the card's alloys alone where there are any.
fn published(card: &Card, quantity: &QuantityInfo, sources: &mut Vec<String>) -> Option<Line> {
    let fits = |value: &&LiteratureValue| {
        quantity.literature.contains(&value.quantity.as_str())
            && value.unit.is_compatible(&shown_unit(quantity))
            && value.value_si().is_some()
            && !matches!(value.kind, Kind::Text | Kind::Bound)
    };
    let all: Vec<&LiteratureValue> = card.literature.values().filter(fits).collect();
    let alloys: Vec<&str> =
        card.findings.iter().map(|finding| finding.alloy.as_str()).filter(|name| !name.is_empty()).collect();
    let is_ours = |value: &&&LiteratureValue| alloys.iter().any(|alloy| value.alloy.contains(alloy));
    let ours: Vec<&LiteratureValue> = all.iter().filter(is_ours).copied().collect();
    let shown = if ours.is_empty() { all } else { ours };
    let mut points = Vec::new();
    for value in shown.into_iter().take(PUBLISHED) {
        let Some(at) = value.value_si() else { continue };
        let (lo, hi) = value.spread_si().unwrap_or((at, at));
        points.push((at, [lo, hi]));
        let source = value.source.short().to_owned();
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    let label = format!("published: {}", quantity.title);
    (!points.is_empty()).then_some(Line { label, role: Role::Reference, name: "published", points })
}
