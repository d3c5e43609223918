use super::Study;
use super::assemble::place;
use super::plan::{JobScope, Plan};
use super::store::{Store, StoreError};
use crate::core::dossier::{Dossier, MethodRecord, ResultRecord, StateRecord};
use crate::core::outcome::Note;
use crate::method::MethodInfo;

/// Collects what the store knows about a study, for the report and the exporters.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn dossier(study: &Study) -> Result<Dossier, StoreError> {
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
        match (store.load(&job.key)?, store.failure(&job.key)?) {
            (Some(outcome), _) => {
                let sample = study.states.iter().find(|known| known.id == state).map(|known| known.sample.clone());
                let record = ResultRecord {
                    job: job.key.clone(),
                    method: info.id.to_owned(),
                    title: info.title.to_owned(),
                    sample: sample.unwrap_or_default(),
                    state,
                    item,
                    outcome,
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
    Ok(dossier)
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

fn method_record(info: &MethodInfo) -> MethodRecord {
    MethodRecord {
        id: info.id.to_owned(),
        title: info.title.to_owned(),
        summary: info.summary.to_owned(),
        version: info.version,
        doc: info.doc.to_owned(),
        references: info.references.iter().map(|reference| (*reference).to_owned()).collect(),
    }
}
