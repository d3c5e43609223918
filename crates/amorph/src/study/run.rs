use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::plan::{Job, JobScope, Plan};
use super::store::{Store, StoreError};
use super::{Study, assemble, check, duplicates};
use crate::core::ctx::{Ctx, Progress};
use crate::core::data::Loaded;
use crate::core::dossier::FailureRecord;
use crate::core::outcome::{Note, Outcome};
use crate::method::{MethodError, Upstream};

/// How to run a study.
#[derive(Clone)]
pub struct RunOptions {
    /// Number of items worked on at once; the numbers do not depend on it.
    pub workers: usize,
    /// Bytes that a streaming method may hold at a time; its own default where absent.
    pub memory_limit: Option<usize>,
    /// Becomes true when the user wants to stop.
    pub cancel: Arc<AtomicBool>,
}

impl Default for RunOptions {
    fn default() -> Self {
        let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { workers, memory_limit: None, cancel: Arc::new(AtomicBool::new(false)) }
    }
}

/// Is told what happens while a study runs; called from several threads.
pub type Observer = Arc<dyn Fn(Event) + Send + Sync>;

/// What an observer is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A job will give no result, which is known before a long file is read.
    Refused {
        /// Which, why, and what to do.
        failure: FailureRecord,
    },
    /// The files of the study deserve a word before anything is computed: two of them are the same, for instance.
    Noticed {
        /// What, and what to do.
        note: Note,
    },
    /// The plan is made.
    Planned {
        /// All jobs.
        jobs: usize,
        /// Jobs whose outcome is already stored.
        stored: usize,
    },
    /// A job starts.
    Started {
        /// Index of the job.
        job: usize,
        /// Method and item, for people.
        label: String,
    },
    /// A job gets on.
    Advanced {
        /// Index of the job.
        job: usize,
        /// How far.
        progress: Progress,
    },
    /// A job is done.
    Finished {
        /// Index of the job.
        job: usize,
        /// Whether it gave a result.
        succeeded: bool,
    },
}

/// What came of a run.
#[derive(Debug, Clone, Default)]
pub struct RunSummary {
    /// All jobs of the study.
    pub jobs: usize,
    /// Jobs taken from the store.
    pub stored: usize,
    /// Jobs that were run and gave a result.
    pub computed: usize,
    /// Jobs that gave none, in plan order.
    pub failures: Vec<FailureRecord>,
    /// What the files of the study show beyond single results, such as one file under two names; in the dossier too.
    pub notes: Vec<Note>,
    /// Whether the user stopped the run.
    pub cancelled: bool,
}

/// Why a run ended early. Problems of single jobs do not end it; they are in [`RunSummary::failures`].
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a job came to.
#[derive(Clone)]
enum JobResult {
    /// In memory, for the jobs of the same item.
    Done(Arc<Outcome>),
    /// In the store alone, so that memory does not grow with the number of items.
    Stored,
    Failed(FailureRecord),
    Cancelled,
}

/// Runs every job of a study whose outcome is not yet stored.
///
/// # Errors
/// [`RunError`] when the store fails. What single jobs could not do is listed in the summary.
pub fn run(study: &Study, options: &RunOptions, observer: Observer) -> Result<RunSummary, RunError> {
    for failure in check::of_long_files(study) {
        observer(Event::Refused { failure });
    }
    let plan = Plan::until(study, &options.cancel);
    let notes = duplicates::notes(study, &plan);
    for note in &notes {
        observer(Event::Noticed { note: note.clone() });
    }
    let store = Store::open(&study.results_folder())?;
    let stored = plan.jobs.iter().map(|job| store.has(&job.key)).collect::<Result<Vec<bool>, StoreError>>()?;
    observer(Event::Planned { jobs: plan.jobs.len(), stored: stored.iter().filter(|stored| **stored).count() });
    let runner = Runner { study, plan: &plan, stored, store: Mutex::new(store), options, observer };
    let mut results: Vec<Option<JobResult>> = vec![None; plan.jobs.len()];
    for group in stages(&plan) {
        runner.run_stage(&group, &mut results)?;
    }
    let keys: Vec<&str> = plan.jobs.iter().map(|job| job.key.as_str()).collect();
    let summary = RunSummary { notes, ..runner.summary(results) };
    if !summary.cancelled {
        lock(&runner.store).keep_only(&keys)?;
    }
    Ok(summary)
}

/// Chains of jobs that may run beside each other, stage after stage: items, then states, then the study.
fn stages(plan: &Plan) -> [Vec<Vec<usize>>; 3] {
    let mut items: Vec<Vec<usize>> = vec![Vec::new(); plan.items.len()];
    let mut states = Vec::new();
    let mut study = Vec::new();
    for (index, job) in plan.jobs.iter().enumerate() {
        match job.scope {
            JobScope::Item(item) => items[item].push(index),
            JobScope::Measurement(_) => states.push(index),
            JobScope::Study => study.push(index),
        }
    }
    // Jobs of one state may use each other; they are short, so they run one after the other.
    [items, vec![states], vec![study]]
}

struct Runner<'a> {
    study: &'a Study,
    plan: &'a Plan,
    stored: Vec<bool>,
    store: Mutex<Store>,
    options: &'a RunOptions,
    observer: Observer,
}

fn lock(store: &Mutex<Store>) -> std::sync::MutexGuard<'_, Store> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Runner<'_> {
    /// Works through the chains of a stage on several threads; each chain runs in order on one of them.
    fn run_stage(&self, chains: &[Vec<usize>], results: &mut [Option<JobResult>]) -> Result<(), StoreError> {
        let next = AtomicUsize::new(0);
        let shared = Mutex::new(results);
        let failed: Mutex<Option<StoreError>> = Mutex::new(None);
        std::thread::scope(|scope| {
            for _ in 0..self.options.workers.clamp(1, chains.len().max(1)) {
                scope.spawn(|| {
                    while let Some(chain) = chains.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if let Err(error) = self.run_chain(chain, &shared) {
                            failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                            return;
                        }
                    }
                });
            }
        });
        failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }

    fn run_chain(&self, chain: &[usize], results: &Mutex<&mut [Option<JobResult>]>) -> Result<(), StoreError> {
        let mut files: Option<Result<Vec<Loaded>, FailureRecord>> = None;
        for &index in chain {
            if self.stored[index] {
                continue;
            }
            let job = &self.plan.jobs[index];
            let upstream = self.upstream(job, results)?;
            if let JobScope::Item(item) = job.scope {
                files.get_or_insert_with(|| assemble::open(self.study, &self.plan.items[item]));
            }
            let result = self.run_job(index, job, files.as_ref(), upstream)?;
            results.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(result);
        }
        let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
        for &index in chain {
            if let Some(JobResult::Done(_)) = &results[index] {
                results[index] = Some(JobResult::Stored);
            }
        }
        Ok(())
    }

    /// The outcomes a job uses, from memory or from the store.
    fn upstream(&self, job: &Job, results: &Mutex<&mut [Option<JobResult>]>) -> Result<Vec<Upstream>, StoreError> {
        let mut upstream = Vec::new();
        for &index in &job.upstream {
            let used = &self.plan.jobs[index];
            let in_memory = results.lock().unwrap_or_else(PoisonError::into_inner)[index].clone();
            let outcome = match in_memory {
                Some(JobResult::Done(outcome)) => outcome,
                Some(JobResult::Failed(_) | JobResult::Cancelled) => continue,
                _ => {
                    let store = lock(&self.store);
                    // Pixels and figures are needed only within an item: methods over states and studies work on estimates
                    // and tables.
                    let stored = match job.scope {
                        JobScope::Item(_) => store.load(&used.key)?,
                        _ => store.load_without_pixels(&used.key)?.map(|outcome| Outcome { figures: Vec::new(), ..outcome }),
                    };
                    let Some(outcome) = stored else { continue };
                    Arc::new(outcome)
                }
            };
            let (state, item) = self.place(used);
            let method = used.call.method.info().id.to_owned();
            upstream.push(Upstream { job: used.key.clone(), method, state, item, outcome });
        }
        Ok(upstream)
    }

    fn run_job(
        &self,
        index: usize,
        job: &Job,
        files: Option<&Result<Vec<Loaded>, FailureRecord>>,
        upstream: Vec<Upstream>,
    ) -> Result<JobResult, StoreError> {
        let (state, item) = self.place(job);
        let id = job.call.method.info().id;
        let failure = |message: String, hint: String| {
            let (method, state, item) = (id.to_owned(), state.clone(), item.clone());
            let record = FailureRecord { method, state, item, message, hint };
            lock(&self.store).save_failure(&job.key, &record)?;
            Ok(JobResult::Failed(record))
        };
        if self.options.cancel.load(Ordering::Relaxed) {
            return Ok(JobResult::Cancelled);
        }
        let label = [id, &item].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ");
        (self.observer)(Event::Started { job: index, label });
        let started = Instant::now();
        let finished = match files {
            Some(Err(unreadable)) => failure(unreadable.message.clone(), unreadable.hint.clone())?,
            loaded => {
                let loaded = loaded.and_then(|loaded| loaded.as_deref().ok()).unwrap_or_default();
                let dataset = assemble::dataset(self.study, self.plan, job.scope, loaded, upstream);
                match job.call.method.run(&job.call.parameters, &dataset, &self.context(index, job)) {
                    Ok(mut outcome) => {
                        outcome.notes.extend(file_notes(job, loaded));
                        outcome.provenance.overrides.clone_from(&self.study.overrides);
                        let seconds = started.elapsed().as_secs_f64();
                        lock(&self.store).save(&job.key, &state, &item, &mut outcome, seconds)?;
                        JobResult::Done(Arc::new(outcome))
                    }
                    Err(MethodError::Cancelled(_)) => return Ok(JobResult::Cancelled),
                    Err(error) => failure(error.to_string(), error.hint())?,
                }
            }
        };
        (self.observer)(Event::Finished { job: index, succeeded: matches!(finished, JobResult::Done(_)) });
        Ok(finished)
    }

    fn context(&self, index: usize, job: &Job) -> Ctx {
        let observer = self.observer.clone();
        let ctx = Ctx::new(job.seed)
            .with_cancel(self.options.cancel.clone())
            .with_progress(move |progress| observer(Event::Advanced { job: index, progress }));
        match self.options.memory_limit {
            Some(bytes) => ctx.with_memory_limit(bytes),
            None => ctx,
        }
    }

    /// State and item of a job, for people.
    fn place(&self, job: &Job) -> (String, String) {
        assemble::place(self.study, self.plan, job.scope)
    }

    fn summary(&self, results: Vec<Option<JobResult>>) -> RunSummary {
        let mut summary = RunSummary {
            jobs: self.plan.jobs.len(),
            stored: self.stored.iter().filter(|stored| **stored).count(),
            ..RunSummary::default()
        };
        for (result, stored) in results.into_iter().zip(&self.stored) {
            match result {
                Some(JobResult::Done(_) | JobResult::Stored) if !stored => summary.computed += 1,
                Some(JobResult::Failed(failure)) => summary.failures.push(failure),
                Some(JobResult::Cancelled) => summary.cancelled = true,
                _ => {}
            }
        }
        summary
    }
}

/// What the reader noticed is told once per item, by its first method.
fn file_notes(job: &Job, files: &[Loaded]) -> Vec<Note> {
    if !job.upstream.is_empty() {
        return Vec::new();
    }
    files.iter().flat_map(|loaded| loaded.notes.iter().cloned()).collect()
}
