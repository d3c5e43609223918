//! From a card to what its findings say together.

use super::consistency::{Consistency, Estimates, Limit};
use super::convention::{Comparable, NotTested, comparable, implied, shown_unit};
use super::finding::{ATTEMPT_FREQUENCY, Across, Card, Finding, Settings, Sigma, Systematic};
use super::links::{LinkResult, evaluate};
use super::missing::{MissingMeasurement, missing_measurements};
use super::quantity::QuantityInfo;
use super::robust::{RandomEffects, random_effects};
use crate::core::unit::{Unit, format_significant};

/// What a card says.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The findings, in the order of the card.
    pub rows: Vec<Row>,
    /// The tests, one per quantity and meaning.
    pub tests: Vec<Test>,
    /// The cross-links.
    pub links: Vec<LinkResult>,
    /// What to measure next.
    pub missing: Vec<MissingMeasurement>,
}

/// A finding and how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Index of the finding in the card.
    pub finding: usize,
    /// As it is compared; absent where it cannot be.
    pub comparable: Option<Comparable>,
    /// How it stands.
    pub status: Status,
    /// Index of its test.
    pub test: Option<usize>,
    /// Deviation from the common mean over its error.
    pub pull: Option<f64>,
}

/// How a finding stands to the others of its quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It agrees with them.
    Agrees,
    /// They do not agree.
    Inconsistent,
    /// It was not tested.
    NotTested(NotTested),
}

/// A test of the findings of one quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The quantity.
    pub quantity: &'static QuantityInfo,
    /// Which of its meanings.
    pub meaning: &'static str,
    /// Whether it was made in the logarithm.
    pub is_logarithmic: bool,
    /// The estimates in the order of the test, then the limits.
    pub members: Vec<Comparable>,
    /// Names of the systematics, in the order of the test.
    pub systematics: Vec<String>,
    /// What goes into it.
    pub estimates: Estimates,
    /// What comes out.
    pub result: Consistency,
    /// The common value with room for a spread between methods, SI.
    pub robust: Option<RandomEffects>,
    /// What would remove a tension, as sentences.
    pub remedies: Vec<String>,
}

/// Why a card as a whole is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardRefused {
    /// Nothing to show.
    #[error("there is no finding")]
    Empty,
    /// Findings on different things.
    #[error("the findings are on several {what}s: {}", found.join(", "))]
    Mixed {
        /// What differs.
        what: &'static str,
        /// The different ones.
        found: Vec<String>,
    },
}

impl CardRefused {
    /// What to do.
    pub fn hint(&self) -> String {
        match self {
            Self::Empty => "add [[finding]], or run the methods whose estimates are wanted".to_owned(),
            Self::Mixed { what, .. } => {
                format!("make a card for each {what}, or write across = \"{what}\" to compare them on purpose")
            }
        }
    }
}

impl Test {
    /// From the space of the test to SI.
    pub fn to_si(&self, value: f64) -> f64 {
        shown_unit(self.quantity).to_si(if self.is_logarithmic { value.exp() } else { value })
    }

    /// The common value with its 95 % interval, SI; absent when the findings do not agree.
    pub fn common(&self) -> Option<(f64, [f64; 2])> {
        self.result.common.map(|(value, interval)| (self.to_si(value), interval.map(|end| self.to_si(end))))
    }

    /// `barrier of the event`, with the meaning where there are several.
    pub fn title(&self) -> String {
        if self.meaning.is_empty() || self.meaning == "volume" {
            self.quantity.title.to_owned()
        } else {
            format!("{} ({})", self.quantity.title, self.meaning.replace('_', " "))
        }
    }

    /// Whether the findings agree; `None` where there is only one.
    pub fn agrees(&self) -> Option<bool> {
        self.result.p_value.map(|p| p >= super::consistency::INCONSISTENT)
    }

    /// Index in the card of the finding that stands apart.
    pub fn driver(&self) -> Option<usize> {
        self.result.outlier.map(|index| self.members[index].finding)
    }
}

/// Tests what can be tested and looks for what is missing.
///
/// The order of the findings does not matter: they are worked on in the order of their names.
///
/// # Errors
/// [`CardRefused`] for findings on different materials or states that are not compared on purpose.
pub fn assess(card: &Card) -> Result<Assessment, CardRefused> {
    refuse_mixtures(card)?;
    let mut order: Vec<usize> = (0..card.findings.len()).collect();
    order.sort_by(|a, b| card.findings[*a].id.cmp(&card.findings[*b].id));
    let mut rows: Vec<Row> = (0..card.findings.len())
        .map(|finding| Row { finding, comparable: None, status: Status::NotTested(NotTested::Alone), test: None, pull: None })
        .collect();
    let mut groups: Vec<Vec<Comparable>> = Vec::new();
    for index in order {
        match comparable(card, index) {
            Ok(found) => {
                rows[index].comparable = Some(found.clone());
                let mut next = Some(found);
                while let Some(one) = next {
                    next = implied(&one, &card.settings);
                    match groups.iter_mut().find(|group| is_same(&group[0], &one)) {
                        Some(group) => group.push(one),
                        None => groups.push(vec![one]),
                    }
                }
            }
            Err(reason) => rows[index].status = Status::NotTested(reason),
        }
    }
    groups.sort_by_key(|group| {
        let place = super::quantity::QUANTITIES.iter().position(|quantity| quantity == group[0].quantity);
        (place, group[0].meaning)
    });
    let mut tests = Vec::new();
    for group in groups {
        let (kept, repeated) = count_once(card, group);
        for (one, with) in &repeated {
            if rows[one.finding].comparable.as_ref().is_some_and(|own| is_same(own, one)) {
                rows[one.finding].status = Status::NotTested(NotTested::SameFile { with: with.clone() });
            }
        }
        tests.extend(test(card, kept));
    }
    for (index, test) in tests.iter().enumerate() {
        mark(&mut rows, index, test);
    }
    let links = evaluate(card, &tests, &rows);
    let missing = missing_measurements(&links, &tests);
    Ok(Assessment { rows, tests, links, missing })
}

fn is_same(a: &Comparable, b: &Comparable) -> bool {
    a.quantity == b.quantity && a.meaning == b.meaning
}

fn refuse_mixtures(card: &Card) -> Result<(), CardRefused> {
    if card.findings.is_empty() {
        return Err(CardRefused::Empty);
    }
    for (across, what) in [(Across::State, "state"), (Across::Alloy, "alloy")] {
        let name = |finding: &Finding| if across == Across::State { finding.state.clone() } else { finding.alloy.clone() };
        let mut found: Vec<String> = card.findings.iter().map(name).filter(|name| !name.is_empty()).collect();
        found.sort();
        found.dedup();
        if found.len() > 1 && !card.settings.across.contains(&across) {
            return Err(CardRefused::Mixed { what, found });
        }
    }
    Ok(())
}

/// Leaves out findings that rest on a file of a more precise one; names what they share it with.
fn count_once(card: &Card, group: Vec<Comparable>) -> (Vec<Comparable>, Vec<(Comparable, String)>) {
    let precision = |one: &Comparable| {
        let own = one.std_error.powi(2);
        let shared: f64 = one.changes.iter().map(|(_, change)| change.of(one.value).powi(2)).sum();
        let scale = if one.quantity.is_logarithmic { one.value.abs() } else { 1.0 };
        (one.bound.is_some(), (own + shared).sqrt() / scale)
    };
    let mut by_precision = group;
    // The sort is stable: of equally precise ones the first by name is kept.
    by_precision.sort_by(|a, b| {
        let (a, b) = (precision(a), precision(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    let (mut kept, mut repeated): (Vec<Comparable>, Vec<(Comparable, String)>) = (Vec::new(), Vec::new());
    for one in by_precision {
        let files = &card.findings[one.finding].files;
        let shares = |other: &&Comparable| card.findings[other.finding].files.iter().any(|file| files.contains(file));
        match kept.iter().find(shares).map(|other| card.findings[other.finding].id.clone()) {
            Some(with) => repeated.push((one, with)),
            None => kept.push(one),
        }
    }
    kept.sort_by(|a, b| {
        (a.bound.is_some(), &card.findings[a.finding].id).cmp(&(b.bound.is_some(), &card.findings[b.finding].id))
    });
    (kept, repeated)
}

fn test(card: &Card, members: Vec<Comparable>) -> Option<Test> {
    let quantity = members.first()?.quantity;
    let unit = shown_unit(quantity);
    let is_relative = |one: &Comparable| one.changes.iter().any(|(_, c)| matches!(c, super::finding::Change::Relative(_)));
    let all_positive = members.iter().all(|one| one.value > 0.0);
    let is_logarithmic = all_positive && (quantity.is_logarithmic || members.iter().any(is_relative));
    let mut systematics: Vec<String> =
        members.iter().flat_map(|one| one.changes.iter().map(|(name, _)| name.clone())).collect();
    systematics.sort();
    systematics.dedup();
    let scale = |one: &Comparable| if is_logarithmic { one.value } else { unit.scale() };
    let slopes = |one: &Comparable| -> Vec<f64> {
        let along = |name: &String| {
            let own = one.changes.iter().filter(|(changed, _)| changed == name);
            own.map(|(_, change)| change.of(one.value) / scale(one)).sum()
        };
        systematics.iter().map(along).collect()
    };
    let value = |one: &Comparable| {
        let shown = unit.convert_si(one.value);
        if is_logarithmic { shown.ln() } else { shown }
    };
    let (limits, points): (Vec<&Comparable>, Vec<&Comparable>) = members.iter().partition(|one| one.bound.is_some());
    let limit = |one: &&Comparable| {
        one.bound.map(|bound| Limit { value: value(one), s: one.std_error / scale(one), a: slopes(one), bound })
    };
    let estimates = Estimates {
        y: points.iter().map(|one| value(one)).collect(),
        s: points.iter().map(|one| one.std_error / scale(one)).collect(),
        a: points.iter().map(|one| slopes(one)).collect(),
        limits: limits.iter().filter_map(limit).collect(),
    };
    let result = estimates.test()?;
    let robust = random_effects(&estimates);
    let mut test = Test {
        quantity,
        meaning: members[0].meaning,
        is_logarithmic,
        members,
        systematics,
        estimates,
        result,
        robust,
        remedies: Vec::new(),
    };
    test.remedies = remedies(card, &test);
    Some(test)
}

/// What would make them agree, as `if interaction_length = 0.80 nm (-0.9 sigma)`, for tests that find a tension.
fn remedies(card: &Card, test: &Test) -> Vec<String> {
    if test.result.p_value.is_none_or(|p| p >= 0.05) {
        return Vec::new();
    }
    let mut found: Vec<(f64, String)> = Vec::new();
    for (name, shift) in test.systematics.iter().zip(&test.result.shifts) {
        let Some(shift) = shift.filter(super::consistency::Shift::removes_the_tension) else { continue };
        // The shift is the error of the constant as used: without it the constant lies on the other side.
        let sigmas = -shift.sigmas;
        let known = systematic(card, name);
        let value = known.and_then(|known| Some((known.moved(sigmas)?, known.unit)));
        let name = name.replace('_', " ");
        let sentence = match value {
            Some((value, unit)) => format!("if {name} = {} ({sigmas:+.1} of its standard errors)", amount(value, &unit)),
            None => format!("if the {name} were off by {sigmas:+.1} of its standard errors"),
        };
        found.push((sigmas.abs(), sentence));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, sentence)| sentence).collect()
}

/// A number of SI in a unit, for people.
pub(super) fn amount(value: f64, unit: &Unit) -> String {
    let shown = format_significant(unit.convert_si(value), 3);
    if unit.symbol().is_empty() { shown } else { format!("{shown} {unit}") }
}

fn systematic(card: &Card, name: &str) -> Option<Systematic> {
    let declared = card.systematics.iter().find(|known| known.name == name).cloned();
    declared.or_else(|| of_attempt_frequency(&card.settings).filter(|_| name == ATTEMPT_FREQUENCY))
}

fn of_attempt_frequency(settings: &Settings) -> Option<Systematic> {
    let sigma = settings.attempt_frequency_decades? * std::f64::consts::LN_10;
    Some(Systematic {
        name: ATTEMPT_FREQUENCY.to_owned(),
        value: settings.attempt_frequency,
        unit: Unit::of("1/s"),
        sigma: Sigma::Relative(sigma),
    })
}

/// Tells the findings of a test how they stand.
fn mark(rows: &mut [Row], index: usize, test: &Test) {
    for (place, member) in test.members.iter().enumerate() {
        let row = &mut rows[member.finding];
        // Further quantities that a finding implies do not speak for the finding itself.
        if row.comparable.as_ref().is_none_or(|own| !is_same(own, member)) {
            continue;
        }
        row.test = Some(index);
        row.status = match test.agrees() {
            Some(true) => Status::Agrees,
            Some(false) => Status::Inconsistent,
            None => Status::NotTested(NotTested::Alone),
        };
        let n = test.estimates.y.len();
        row.pull = match test.agrees() {
            None => None,
            Some(_) if place < n => Some(test.result.pulls[place]),
            Some(_) => test.result.excess.get(place - n).copied(),
        };
    }
}
