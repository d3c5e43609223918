//! What is said about relaxation times in space.

use super::analysis::Found;
use super::domains::{Domains, LEAST_PLACES, LONGEST_LENGTH, domains};
use super::{Input, RelaxationMap};
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::outcome::{Estimate, Note};
use crate::core::random::derive_seed;
use crate::core::unit::{Unit, format_significant};

/// Level of the test whether neighbours relax alike.
const LEVEL: f64 = 0.05;
/// Relative difference of the sides of a pixel above which a place is no square.
const SQUARE: f64 = 0.01;

/// Domains and the size of a place.
pub(super) struct Spread {
    found: Option<Domains>,
    /// Side of a place, m, where it is known and places are squares.
    side: Option<f64>,
}

impl Spread {
    pub fn of(method: &RelaxationMap, input: &Input<'_>, found: &Found, seed: u64) -> Self {
        let square = input.series.pitch.filter(|(y, x)| (y / x - 1.0).abs() < SQUARE);
        let side = square.map(|(y, _)| y * method.block as f64);
        Self { found: domains(&found.said, derive_seed(seed, &["domains".into()])), side }
    }

    fn unit(&self) -> &'static str {
        if self.side.is_some() { "m" } else { "" }
    }

    /// Of a map on which neighbours relax alike.
    fn ordered(&self) -> Option<&Domains> {
        self.found.as_ref().filter(|found| found.p <= LEVEL)
    }

    pub fn estimates(&self) -> Vec<Estimate> {
        let Some(found) = &self.found else { return Vec::new() };
        let n = found.n as f64;
        let one_map = "one map; how maps of the same state scatter is not known from it";
        let plain = |key: &str, symbol: &str, value: f64, unit: &str, why: &str| {
            Estimate::without_interval(key, symbol, value, unit, why).n(n)
        };
        let mut estimates =
            vec![plain("p_tau0_correlation", "p", found.p, "", "a rank among places in any order, counted without error")];
        if found.variance > 0.0 {
            estimates.push(plain("tau0_spread", "", found.variance.sqrt(), "", one_map));
        }
        let Some(ordered) = self.ordered() else { return estimates };
        let scale = self.side.unwrap_or(1.0);
        let length = |length: f64| plain("tau0_correlation_length", "ξ_τ", length * scale, self.unit(), one_map);
        estimates.extend(ordered.length.map(length));
        let broken = "errors of single places break slow regions apart; the table of the correlation is free of them";
        estimates.push(plain("slow_domain_size", "", ordered.size * scale, self.unit(), broken));
        estimates
    }

    pub fn notes(&self) -> Vec<Note> {
        let digits = |value: f64| format_significant(value, 2);
        let Some(found) = &self.found else {
            let message = format!(
                "fewer than {LEAST_PLACES} places have a time, or the record is too short to be halved: nothing is said on how times are spread in space"
            );
            return vec![Note::info("no_domains_looked_for", message)];
        };
        let mut notes = vec![Note::info(
            "spread_of_times",
            format!("{} % of the variance of ln tau between places is chance", digits(100.0 * found.noise_share)),
        )];
        if self.ordered().is_none() {
            let message = format!("neighbouring places relax no more alike than places in any order (p = {})", digits(found.p));
            notes.push(Note::info("no_domains", message));
            return notes;
        }
        notes.push(Note::info(
            "slow_domains",
            format!(
                "regions of the slowest quarter are {} places wide, {} where places are mixed",
                digits(found.size),
                digits(found.size_mixed)
            ),
        ));
        if found.length.is_none() {
            let message = format!(
                "the correlation of the times does not fall to 1/e within {} places, {} of the shorter side of the object: a larger field is needed",
                digits(found.longest),
                LONGEST_LENGTH
            );
            notes.push(Note::refused("domains_too_long", message));
        }
        notes
    }

    pub fn table(&self) -> Option<Table> {
        let found = self.found.as_ref().filter(|found| found.variance > 0.0)?;
        let scale = self.side.unwrap_or(1.0);
        let title = "Correlation of ln tau over distance, chance taken out";
        let table = Table::new("tau0_correlation", title)
            .with_numbers("distance", self.unit(), found.profile.iter().map(|(r, _)| r * scale).collect())
            .with_numbers("correlation", "", found.profile.iter().map(|(_, correlation)| *correlation).collect());
        Some(table)
    }

    pub fn figure(&self) -> Option<Figure> {
        let found = self.ordered().filter(|found| found.variance > 0.0)?;
        let scale = self.side.unwrap_or(1.0);
        let axis = match self.side {
            Some(_) => Axis::linear("distance", Unit::of("nm")),
            None => Axis::linear("distance (places)", Unit::one()),
        };
        let (x, y) = found.profile.iter().map(|(r, correlation)| (r * scale, *correlation)).unzip();
        let mut panel = Panel::new("", axis, Axis::linear("correlation of ln tau", Unit::one()))
            .with(Mark::points("", Role::Data, x, y))
            .with(Mark::Rule { name: "1/e".to_owned(), role: Role::Reference, axis: RuleAxis::Y, at: (-1.0f64).exp() });
        if let Some(length) = found.length {
            let name = "correlation length".to_owned();
            panel = panel.with(Mark::Rule { name, role: Role::Model, axis: RuleAxis::X, at: length * scale });
        }
        Some(Figure {
            key: "tau0_correlation".to_owned(),
            title: "How far places relax alike".to_owned(),
            caption: "What the relaxation times of the two halves of the record have in common at two places, over their distance and relative to one place; what core and skin differ by is taken off."
                .to_owned(),
            panels: vec![panel],
        })
    }
}
