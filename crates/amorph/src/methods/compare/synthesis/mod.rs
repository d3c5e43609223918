//! What the findings of all techniques on one alloy and state say together.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Refusal, Scope, output};
use crate::synthesis::{self, Across, Card, CardRefused, Reading, Settings};

/// Puts the estimates of a study and published findings on one card and tests whether they agree.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CompareSynthesis {
    /// How barriers at different frequencies are compared; without it they are shown but not tested.
    pub reading: Option<Reading>,
    /// Attempt frequency of the event.
    pub attempt_frequency: Option<Quantity>,
    /// Its standard error in powers of ten.
    #[schemars(range(min = 0.0))]
    pub attempt_frequency_decades: Option<f64>,
    /// Frequency to which barriers of a distribution are converted.
    pub reference_frequency: Option<Quantity>,
    /// Temperature to which they are converted; that of each test when absent.
    pub reference_temperature: Option<Quantity>,
    /// Dimension of the event, where energies for several are given.
    pub dimension: Option<f64>,
    /// Glass transition temperature, for energies in units of R Tg.
    pub glass_transition: Option<Quantity>,
    /// Differences that may stand on one card; every state has a card of its own when empty.
    pub across: Vec<Across>,
    /// State to make a card of; all when absent.
    pub state: Option<String>,
}

/// Why there is no card.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoCard {
    /// Nothing in the study is on a card.
    #[error("no result of the study{} is one that a card holds", state.as_ref().map(|state| format!(" for the state '{state}'")).unwrap_or_default())]
    NoFinding {
        /// The state asked for.
        state: Option<String>,
    },
    /// The findings do not belong on one card.
    #[error(transparent)]
    Card(#[from] CardRefused),
}

impl Refusal for NoCard {
    fn hint(&self) -> String {
        match self {
            Self::NoFinding { .. } => {
                "run methods that give a barrier, a length, a fraction or an exponent, for instance dafm.correlation_length \
                 and dafm.activation_energy, or name published findings with `card = \"card.toml\"` under [compare]"
                    .to_owned()
            }
            Self::Card(refused) => refused.hint(),
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output(
        "barrier",
        "",
        "J",
        "common barrier of the event, with @state where the study has several; absent when findings disagree",
    ),
    output("event_length_diameter", "", "m", "common diameter of the event"),
    output("heterogeneity_length_diameter", "", "m", "common diameter of the heterogeneity"),
    output("activation_volume", "", "m^3", "common activation volume"),
    output("event_volume", "", "m^3", "common volume of the event"),
    output("avalanche_exponent", "", "", "common exponent of event sizes"),
];

impl Method for CompareSynthesis {
    const INFO: MethodInfo = MethodInfo {
        id: "compare.synthesis",
        family: "compare",
        version: 1,
        title: "Heterogeneity card",
        summary: "Puts the findings of all techniques on one card and tests whether they agree, systematics included.",
        doc: include_str!("doc.md"),
        technique: "",
        scope: Scope::Study,
        after: &[],
        constants: &[],
        outputs: OUTPUTS,
        covers: &[
            "X1",
            "X2",
            "X3",
            "X4",
            "X5",
            "X6",
            "X7",
            "X8",
            "X9",
            "X10",
            "X11",
            "X12",
            "X13",
            "X14",
            "X15",
            "X16",
            "X17",
            "X18",
            "L16-41",
            "Y12-36",
            "I19-13",
            "I19-14",
            "Q19-4.2-ae",
        ],
        references: &[
            "R. T. Birge, Phys. Rev. 40, 207 (1932), doi:10.1103/PhysRev.40.207",
            "J. Hartung, G. Knapp, Stat. Med. 20, 3875 (2001), doi:10.1002/sim.1009",
        ],
    };

    /// One card per state, each with its name; the name is empty for a card of all states.
    type Input<'a> = Vec<(String, Card)>;

    fn check(&self, dataset: &Dataset) -> Result<Self::Input<'_>, MethodError> {
        let alloy = |state: &str| {
            dataset.alloys.iter().find(|(known, _)| known == state).map(|(_, alloy)| alloy.clone()).unwrap_or_default()
        };
        let mut findings = synthesis::findings(&dataset.upstream, alloy);
        findings.extend(dataset.card.iter().flat_map(|card| card.findings.iter().cloned()));
        let settings = self.settings(dataset.card.as_deref());
        let mut states: Vec<String> = if settings.across.contains(&Across::State) {
            vec![String::new()]
        } else {
            findings.iter().map(|finding| finding.state.clone()).filter(|state| !state.is_empty()).collect()
        };
        states.sort();
        states.dedup();
        states.retain(|state| self.state.as_ref().is_none_or(|wanted| wanted == state || state.is_empty()));
        let title = |state: &str| {
            if state.is_empty() { "Heterogeneity card".to_owned() } else { format!("Heterogeneity card, {state}") }
        };
        let card = |state: String| {
            let belongs = |finding: &&synthesis::Finding| {
                let wanted = if state.is_empty() { self.state.as_deref() } else { Some(state.as_str()) };
                finding.state.is_empty() || wanted.is_none_or(|wanted| finding.state == wanted)
            };
            let card = Card {
                title: title(&state),
                settings: settings.clone(),
                systematics: dataset.card.iter().flat_map(|card| card.systematics.clone()).collect(),
                findings: findings.iter().filter(belongs).cloned().collect(),
                literature: dataset.literature.clone(),
                ..Card::default()
            };
            (state, card)
        };
        let cards: Vec<(String, Card)> = states.into_iter().map(card).filter(|(_, card)| !card.findings.is_empty()).collect();
        if cards.is_empty() {
            return Err(NoCard::NoFinding { state: self.state.clone() }.into());
        }
        for (_, card) in &cards {
            synthesis::assess(card).map_err(NoCard::from)?;
        }
        Ok(cards)
    }

    fn run(&self, cards: &Self::Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        let mut whole = Outcome::default();
        for (index, (state, card)) in cards.iter().enumerate() {
            ctx.check_cancelled()?;
            let mut outcome = synthesis::outcome(card).map_err(NoCard::from)?;
            if cards.len() > 1 {
                name_by_state(&mut outcome, state, index);
            }
            whole.estimates.extend(outcome.estimates);
            whole.tables.extend(outcome.tables);
            whole.figures.extend(outcome.figures);
            whole.notes.extend(outcome.notes);
        }
        Ok(whole)
    }
}

/// Keeps the cards of several states apart.
fn name_by_state(outcome: &mut Outcome, state: &str, index: usize) {
    for estimate in &mut outcome.estimates {
        estimate.key = format!("{}@{state}", estimate.key);
    }
    for table in &mut outcome.tables {
        table.key = format!("{}_{}", table.key, index + 1);
        table.title = format!("{} ({state})", table.title);
    }
    for figure in &mut outcome.figures {
        figure.key = format!("{}_{}", figure.key, index + 1);
        figure.title = format!("{}, {state}", figure.title);
    }
    for note in &mut outcome.notes {
        note.message = format!("{state}: {}", note.message);
    }
}

impl CompareSynthesis {
    /// What the method says, over what the card file says.
    fn settings(&self, card: Option<&Card>) -> Settings {
        let base = card.map(|card| card.settings.clone()).unwrap_or_default();
        let or = |own: &Option<Quantity>, unit: &str, base: Option<f64>| {
            own.as_ref().filter(|own| own.unit.is_compatible(&Unit::of(unit))).map(|own| own.value).or(base)
        };
        Settings {
            reading: self.reading.or(base.reading),
            attempt_frequency: or(&self.attempt_frequency, "1/s", base.attempt_frequency),
            attempt_frequency_decades: self.attempt_frequency_decades.or(base.attempt_frequency_decades),
            reference_frequency: or(&self.reference_frequency, "Hz", base.reference_frequency),
            reference_temperature: or(&self.reference_temperature, "K", base.reference_temperature),
            dimension: self.dimension.or(base.dimension),
            glass_transition: or(&self.glass_transition, "K", base.glass_transition),
            across: if self.across.is_empty() { base.across } else { self.across.clone() },
            alloy: base.alloy,
            state: base.state,
        }
    }
}

#[cfg(test)]
mod tests;
