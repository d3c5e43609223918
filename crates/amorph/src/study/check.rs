use super::plan::{JobScope, Plan};
use super::{Study, assemble};
use crate::core::data::Loaded;
use crate::core::dossier::FailureRecord;
use crate::method::MethodError;

/// Opens every file and asks every method whether it has what it needs, without computing anything.
///
/// What depends on the result of an earlier method of the study is not known before the run and not reported.
pub fn check(study: &Study) -> Vec<FailureRecord> {
    let plan = Plan::of(study);
    let mut failures = Vec::new();
    for (index, item) in plan.items.iter().enumerate() {
        match assemble::open(study, item) {
            Ok(files) => check_item(study, &plan, index, &files, &mut failures),
            Err(failure) => failures.push(failure),
        }
    }
    failures
}

fn check_item(study: &Study, plan: &Plan, item: usize, files: &[Loaded], failures: &mut Vec<FailureRecord>) {
    let of_item = |scope: JobScope| scope == JobScope::Item(item);
    for job in plan.jobs.iter().filter(|job| of_item(job.scope)) {
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
}
