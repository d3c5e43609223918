use super::plan::{JobScope, Plan};
use super::{Study, assemble, content};
use crate::core::data::Loaded;
use crate::core::dossier::FailureRecord;
use crate::method::MethodError;

/// Opens every file and asks every method whether it has what it needs, without computing anything. Pixels are not read.
///
/// What depends on the result of an earlier method of the study is not known before the run and not reported.
pub fn check(study: &Study) -> Vec<FailureRecord> {
    let plan = Plan::outline(study);
    (0..plan.items.len()).flat_map(|item| failures(study, &plan, item)).collect()
}

/// What the methods of long files lack, which is told before the files are read.
pub(super) fn of_long_files(study: &Study) -> Vec<FailureRecord> {
    let plan = Plan::outline(study);
    let long = (0..plan.items.len()).filter(|item| is_long(study, &plan, *item));
    long.flat_map(|item| failures(study, &plan, item)).collect()
}

/// Whether a look at an item takes far less time than reading it: frames stay in their file, everything else is read to be opened.
fn is_long(study: &Study, plan: &Plan, item: usize) -> bool {
    let item = &plan.items[item];
    let of_frames = ["scan", "volume"].contains(&study.measurements[item.measurement].technique.data);
    of_frames && content::is_long(&item.paths)
}

/// Whether no method can use this long item: then its files need not be read.
pub(super) fn is_useless(study: &Study, plan: &Plan, item: usize) -> bool {
    if !is_long(study, plan, item) {
        return false;
    }
    let n_jobs = plan.jobs.iter().filter(|job| job.scope == JobScope::Item(item)).count();
    match assemble::look(study, &plan.items[item]) {
        Ok(files) => n_jobs > 0 && failures_of(study, plan, item, &files).len() == n_jobs,
        Err(_) => true,
    }
}

fn failures(study: &Study, plan: &Plan, item: usize) -> Vec<FailureRecord> {
    match assemble::look(study, &plan.items[item]) {
        Ok(files) => failures_of(study, plan, item, &files),
        Err(failure) => vec![failure],
    }
}

fn failures_of(study: &Study, plan: &Plan, item: usize, files: &[Loaded]) -> Vec<FailureRecord> {
    let mut failures = Vec::new();
    for job in plan.jobs.iter().filter(|job| job.scope == JobScope::Item(item)) {
        let dataset = assemble::dataset(study, plan, job.scope, files, Vec::new());
        let Err(error) = job.call.method.check(&job.call.parameters, &dataset) else { continue };
        let may_come = !job.upstream.is_empty() && matches!(error, MethodError::Data(_) | MethodError::Refused(_));
        if !may_come {
            let (state, item) = assemble::place(study, plan, job.scope);
            failures.push(FailureRecord {
                method: job.call.method.info().id.to_owned(),
                state,
                item,
                message: error.to_string(),
                hint: error.hint(),
            });
        }
    }
    failures
}
