use super::Study;
use super::assemble::place;
use super::duplicates;
use super::plan::{JobScope, Plan};
use super::store::{Store, StoreError};
use crate::core::dossier::{Dossier, MethodRecord, ResultRecord, Shown, StateRecord};
use crate::core::figure::Mark;
use crate::core::image::block_means;
use crate::core::outcome::{Note, Outcome};
use crate::method::MethodInfo;

/// How much of the results a dossier holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Every figure, table and map.
    Everything,
    /// Every number; figures, tables and maps of states and of the item that stands for each state, and reduced maps of
    /// the other items. The size stays bounded, however many items a study has.
    Report,
}

/// Pixels that the reduced maps of a study have together.
const REDUCED_PIXELS: f64 = 1.5e6;
/// Reduced maps have at most and at least this many pixels along a side; below, there are none.
const REDUCED_SIDE: (f64, f64) = (96.0, 24.0);

/// Collects what the store knows about a study, for the report and the exporters.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn dossier(study: &Study, content: Content) -> Result<Dossier, StoreError> {
    let plan = Plan::of(study);
    let mut dossier = Dossier {
        title: study.title.clone(),
        description: study.description.clone(),
        amorph_version: crate::VERSION.to_owned(),
        study_path: study.path.display().to_string(),
        study_text: study.text.clone(),
        overrides: study.overrides.clone(),
        states: states(study, &plan),
        methods: methods(&plan),
        notes: duplicates::notes(study, &plan),
        ..Dossier::default()
    };
    let Some(store) = Store::open_existing(&study.results_folder())? else {
        dossier.notes.push(Note::warning("not_run", "This study has not been run yet: `amorph run` computes its results."));
        return Ok(dossier);
    };
    let mut not_run = 0;
    for job in &plan.jobs {
        let (state, item) = place(study, &plan, job.scope);
        let info = job.call.method.info();
        // Pixels follow once it is known whose are shown.
        match (store.load_without_pixels(&job.key)?, store.failure(&job.key)?) {
            (Some(mut outcome), _) => {
                if content == Content::Report && !item.is_empty() {
                    shorten(&mut outcome);
                }
                let sample = study.states.iter().find(|known| known.id == state).map(|known| known.sample.clone());
                let record = ResultRecord {
                    job: job.key.clone(),
                    method: info.id.to_owned(),
                    title: info.title.to_owned(),
                    sample: sample.unwrap_or_default(),
                    state,
                    item,
                    outcome,
                    shown: Shown::InFull,
                };
                match job.scope {
                    JobScope::Study => dossier.comparisons.push(record),
                    _ => dossier.results.push(record),
                }
            }
            (None, Some(failure)) => dossier.failures.push(failure),
            (None, None) => not_run += 1,
        }
    }
    if not_run > 0 {
        let message = format!("{not_run} of {} results are not computed yet: `amorph run` resumes.", plan.jobs.len());
        dossier.notes.push(Note::warning("incomplete", message));
    }
    add_pixels(&mut dossier, &store, content)?;
    Ok(dossier)
}

/// Leaves out what is shown of representative items alone; of the maps those remain that figures show.
fn shorten(outcome: &mut Outcome) {
    let panels = outcome.figures.iter().flat_map(|figure| &figure.panels);
    let shown: Vec<&String> = panels
        .flat_map(|panel| &panel.marks)
        .filter_map(|mark| if let Mark::Image { map, .. } = mark { Some(map) } else { None })
        .collect();
    outcome.maps.retain(|map| shown.contains(&&map.quantity));
    outcome.figures = Vec::new();
    outcome.tables = Vec::new();
}

/// Loads the pixels that the content asks for.
fn add_pixels(dossier: &mut Dossier, store: &Store, content: Content) -> Result<(), StoreError> {
    let in_short = match content {
        Content::Everything => vec![false; dossier.results.len()],
        Content::Report => results_in_short(dossier),
    };
    let reduced: usize =
        dossier.results.iter().zip(&in_short).map(|(result, short)| result.outcome.maps.len() * usize::from(*short)).sum();
    let side = (REDUCED_PIXELS / reduced.max(1) as f64).sqrt().min(REDUCED_SIDE.0);
    for (result, in_short) in dossier.results.iter_mut().zip(in_short) {
        if in_short {
            result.shown = Shown::InShort;
            reduce_maps(&mut result.outcome, store, side)?;
        } else if let Some(outcome) = store.load(&result.job)? {
            result.outcome = outcome;
        }
    }
    for comparison in &mut dossier.comparisons {
        store.load_pixels(&mut comparison.outcome)?;
    }
    Ok(())
}

/// Results of items that do not stand for their state.
fn results_in_short(dossier: &Dossier) -> Vec<bool> {
    let mut chosen: Vec<(&str, &str, Option<&str>)> = Vec::new();
    for result in &dossier.results {
        if !chosen.iter().any(|(sample, state, _)| *sample == result.sample && *state == result.state) {
            chosen.push((&result.sample, &result.state, dossier.representative(&result.sample, &result.state)));
        }
    }
    let is_in_short = |result: &ResultRecord| {
        let of_state = chosen.iter().find(|(sample, state, _)| *sample == result.sample && *state == result.state);
        !result.item.is_empty() && of_state.and_then(|(_, _, item)| *item) != Some(result.item.as_str())
    };
    dossier.results.iter().map(is_in_short).collect()
}

fn reduce_maps(outcome: &mut Outcome, store: &Store, side: f64) -> Result<(), StoreError> {
    if side < REDUCED_SIDE.1 {
        outcome.maps = Vec::new();
    }
    for map in &mut outcome.maps {
        store.load_map(map)?;
        map.values = block_means(map.values.view(), side as usize);
    }
    Ok(())
}

fn states(study: &Study, plan: &Plan) -> Vec<StateRecord> {
    let record = |(index, state): (usize, &super::State)| StateRecord {
        sample: state.sample.clone(),
        state: state.id.clone(),
        facts: state.facts.clone(),
        n_items: plan.items.iter().filter(|item| study.measurements[item.measurement].state == index).count(),
    };
    study.states.iter().enumerate().map(record).collect()
}

fn methods(plan: &Plan) -> Vec<MethodRecord> {
    let mut records: Vec<MethodRecord> = Vec::new();
    for info in plan.jobs.iter().map(|job| job.call.method.info()) {
        if records.iter().all(|record| record.id != info.id) {
            records.push(method_record(info));
        }
    }
    records
}

pub(crate) fn method_record(info: &MethodInfo) -> MethodRecord {
    MethodRecord {
        id: info.id.to_owned(),
        title: info.title.to_owned(),
        summary: info.summary.to_owned(),
        version: info.version,
        doc: info.doc.to_owned(),
        references: info.references.iter().map(|reference| (*reference).to_owned()).collect(),
    }
}
