//! A card as a report shows it: of a card file, or of a study that was run.

use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::finding::Card;
use super::{CardRefused, open, outcome};
use crate::core::ctx::Ctx;
use crate::core::dossier::{Dossier, ResultRecord, StateRecord};
use crate::core::outcome::{InputRecord, Outcome, Provenance};
use crate::literature::Literature;
use crate::method::{Dataset, MethodError, MethodInfo, Upstream, find};
use crate::study::{Content, Store, StoreError, Study, StudyError, dossier, method_record};

/// The method that makes a card within a study.
const METHOD: &str = "compare.synthesis";

/// Why there is no card.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// The file has mistakes.
    #[error(transparent)]
    File(#[from] StudyError),
    /// The results of the study cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The findings do not belong on one card.
    #[error("{0}; {hint}", hint = .0.hint())]
    Refused(#[from] CardRefused),
    /// The results of the study make no card.
    #[error("{0}; {hint}", hint = .0.hint())]
    Method(#[from] MethodError),
    /// The study has no results.
    #[error("the study '{path}' has not been run; `amorph run {path}` computes its results")]
    NotRun {
        /// Its path.
        path: String,
    },
    /// A sample or state that the study does not have.
    #[error("the study has no {what} '{found}'; it has: {}", known.join(", "))]
    Unknown {
        /// Sample or state.
        what: &'static str,
        /// The name.
        found: String,
        /// The names there are.
        known: Vec<String>,
    },
}

/// Which part of a study a card is of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// The sample; all when absent.
    pub sample: Option<String>,
    /// The state; every state has a card of its own when absent.
    pub state: Option<String>,
}

/// Makes the card of a card file, or of the results of a study.
///
/// # Errors
/// [`CardError`].
pub fn card_dossier(path: &Path, selection: &Selection) -> Result<Dossier, CardError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| StudyError::Unreadable { path: path.display().to_string(), source })?;
    if is_study(&text) {
        return of_study(&Study::parse(path, text, &[])?, selection);
    }
    let card = open(path)?;
    let mut made = outcome(&card)?;
    made.provenance = provenance(path, &text);
    let mut dossier = of_card(&card, made);
    dossier.study_path = path.display().to_string();
    dossier.study_text = text;
    Ok(dossier)
}

/// Of a card made from a file alone.
fn provenance(path: &Path, text: &str) -> Provenance {
    let sha256 = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    Provenance {
        amorph_version: crate::VERSION.to_owned(),
        method: METHOD.to_owned(),
        method_version: find(METHOD).map_or(0, |method| method.info().version),
        inputs: vec![InputRecord { path: path.display().to_string(), sha256, format: "card".to_owned() }],
        ..Provenance::default()
    }
}

fn is_study(text: &str) -> bool {
    let heads = |name: &str| text.lines().any(|line| line.trim_start().starts_with(name));
    heads("[study]") && !heads("[card]")
}

fn record(outcome: Outcome, info: Option<&MethodInfo>) -> ResultRecord {
    ResultRecord {
        job: "card".to_owned(),
        method: METHOD.to_owned(),
        title: info.map_or("Heterogeneity card", |info| info.title).to_owned(),
        outcome,
        ..ResultRecord::default()
    }
}

fn of_card(card: &Card, outcome: Outcome) -> Dossier {
    let info = find(METHOD).map(|method| method.info());
    let mut places: Vec<(String, String)> =
        card.findings.iter().map(|finding| (finding.alloy.clone(), finding.state.clone())).collect();
    places.sort();
    places.dedup();
    let state = |(alloy, state): (String, String)| {
        let here = card.findings.iter().filter(|finding| finding.alloy == alloy && finding.state == state);
        StateRecord { n_items: here.count(), sample: alloy, state, facts: Vec::new() }
    };
    Dossier {
        title: card.title.clone(),
        description: card.description.clone(),
        amorph_version: crate::VERSION.to_owned(),
        states: places.into_iter().map(state).collect(),
        comparisons: vec![record(outcome, info)],
        methods: info.map(method_record).into_iter().collect(),
        ..Dossier::default()
    }
}

fn of_study(study: &Study, selection: &Selection) -> Result<Dossier, CardError> {
    let known = |what: &'static str, wanted: &Option<String>, names: Vec<String>| match wanted {
        Some(found) if !names.contains(found) => Err(CardError::Unknown { what, found: found.clone(), known: names }),
        _ => Ok(()),
    };
    known("sample", &selection.sample, study.states.iter().map(|state| state.sample.clone()).collect())?;
    known("state", &selection.state, study.states.iter().map(|state| state.id.clone()).collect())?;
    if Store::open_existing(&study.results_folder())?.is_none() {
        return Err(CardError::NotRun { path: study.path.display().to_string() });
    }
    let mut shown = dossier(study, Content::Report)?;
    let fits = |result: &&ResultRecord| {
        let of_sample = selection.sample.as_ref().is_none_or(|sample| result.sample.is_empty() || result.sample == *sample);
        of_sample && selection.state.as_ref().is_none_or(|state| result.state.is_empty() || result.state == *state)
    };
    let upstream = |result: &ResultRecord| Upstream {
        job: result.job.clone(),
        method: result.method.clone(),
        state: result.state.clone(),
        item: result.item.clone(),
        outcome: Arc::new(result.outcome.clone()),
    };
    let dataset = Dataset {
        label: study.title.clone(),
        upstream: shown.results.iter().chain(&shown.comparisons).filter(fits).map(upstream).collect(),
        literature: Literature::clone(&study.literature),
        alloys: study.states.iter().filter_map(crate::study::alloy).collect(),
        card: study.card.clone(),
        ..Dataset::default()
    };
    let Some(method) = find(METHOD) else { return Ok(shown) };
    let listed = study.comparisons.iter().find(|call| call.method.info().id == METHOD);
    let mut parameters = listed.map_or_else(|| method.defaults(), |call| call.parameters.clone());
    if let Some(state) = &selection.state {
        parameters["state"] = state.clone().into();
    }
    let made = method.run(&parameters, &dataset, &Ctx::new(study.seed))?;
    shown.results = Vec::new();
    shown.failures = Vec::new();
    shown.methods = vec![method_record(method.info())];
    shown.comparisons = vec![record(made, Some(method.info()))];
    Ok(shown)
}
