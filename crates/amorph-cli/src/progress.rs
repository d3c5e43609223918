//! Progress bars on stderr, and Ctrl-C.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use amorph::study::{Event, Observer, RunOptions};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

struct Bars {
    all: MultiProgress,
    total: ProgressBar,
    running: HashMap<usize, ProgressBar>,
}

/// An observer that draws a bar for the study and one for every job that reports progress.
pub fn bars() -> Observer {
    let all = MultiProgress::new();
    let total = all.add(ProgressBar::new(0));
    total.set_style(style("{bar:28.cyan/dim} {pos}/{len} results  {elapsed} elapsed, {eta} left"));
    let bars = Mutex::new(Bars { all, total, running: HashMap::new() });
    Arc::new(move |event| bars.lock().unwrap_or_else(PoisonError::into_inner).show(event))
}

/// A bar that is advanced with `(done, total)` and vanishes at the end.
pub fn counter(what: &'static str) -> impl Fn(usize, usize) {
    let bar = ProgressBar::new(0);
    bar.set_style(style("{bar:28.cyan/dim} {pos}/{len} {msg}  {elapsed} elapsed, {eta} left"));
    bar.set_message(what);
    move |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
        if done == total {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Bars {
    fn show(&mut self, event: Event) {
        match event {
            Event::Refused { failure } => {
                self.all.suspend(|| {
                    eprintln!("before {} is read:", failure.item);
                    crate::show::failures(&[failure]);
                });
            }
            Event::Noticed { note } => self.all.suspend(|| eprintln!("note: {}", note.message)),
            Event::Planned { jobs, stored } => {
                self.total.set_length(jobs as u64);
                self.total.set_position(stored as u64);
                self.total.reset_eta();
                self.total.tick();
            }
            Event::Started { job, label } => {
                let bar = self.all.add(ProgressBar::new(0));
                bar.set_style(style("  {bar:20.dim} {msg}"));
                bar.set_message(label);
                bar.tick();
                self.running.insert(job, bar);
            }
            Event::Advanced { job, progress } => {
                if let Some(bar) = self.running.get(&job) {
                    bar.set_length(progress.total);
                    bar.set_position(progress.done);
                }
            }
            Event::Finished { job, .. } => {
                if let Some(bar) = self.running.remove(&job) {
                    bar.finish_and_clear();
                }
                self.total.inc(1);
                if self.total.length() == Some(self.total.position()) {
                    self.total.finish_and_clear();
                }
            }
        }
    }
}

/// Options of a run that stops cleanly on Ctrl-C: the first one finishes no new job, the second one ends at once.
pub fn options(jobs: Option<usize>) -> RunOptions {
    let mut options = RunOptions::default();
    if let Some(jobs) = jobs {
        options.workers = jobs.max(1);
    }
    let cancel = options.cancel.clone();
    let handler = move || {
        if cancel.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        eprintln!("\nstopping; finished results are kept, run again to resume");
    };
    // Without a handler Ctrl-C still ends the process, and the store resumes as after a kill.
    if let Err(error) = ctrlc::set_handler(handler) {
        eprintln!("note: Ctrl-C will end at once ({error})");
    }
    options
}
