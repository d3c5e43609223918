//! What a long calculation is given from outside: a seed, a memory limit, a way to report
//! progress, a way to be stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The surroundings of one run of a method.
#[derive(Clone)]
pub struct Ctx {
    /// Seed of all random numbers of this run.
    pub seed: u64,
    /// Bytes of data that a method may hold at a time where it can work in pieces; it never changes the answer.
    pub memory_limit: usize,
    progress: Arc<dyn Fn(Progress) + Send + Sync>,
    cancel: Arc<AtomicBool>,
}

/// How far a calculation is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Units of work done.
    pub done: u64,
    /// All units of work.
    pub total: u64,
}

/// The user asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped on request; finished work is kept")]
pub struct Cancelled;

impl Ctx {
    /// Default of [`Ctx::memory_limit`].
    pub const MEMORY_LIMIT: usize = 256 << 20;

    /// With a seed and the default memory limit, reporting to nobody.
    pub fn new(seed: u64) -> Self {
        Self { seed, memory_limit: Self::MEMORY_LIMIT, progress: Arc::new(|_| {}), cancel: Arc::new(AtomicBool::new(false)) }
    }

    /// Reports progress to `progress`.
    #[must_use]
    pub fn with_progress(mut self, progress: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.progress = Arc::new(progress);
        self
    }

    /// Stops when `cancel` becomes true.
    #[must_use]
    pub fn with_cancel(mut self, cancel: Arc<AtomicBool>) -> Self {
        self.cancel = cancel;
        self
    }

    /// Works in pieces of at most this many bytes.
    #[must_use]
    pub fn with_memory_limit(mut self, bytes: usize) -> Self {
        self.memory_limit = bytes;
        self
    }

    /// The same surroundings with another seed.
    #[must_use]
    pub fn with_seed(&self, seed: u64) -> Self {
        Self { seed, ..self.clone() }
    }

    /// Reports progress; may be called from any thread.
    pub fn report(&self, done: u64, total: u64) {
        (self.progress)(Progress { done, total });
    }

    /// Fails once the user has asked to stop; call it between pieces of work.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn check_cancelled(&self) -> Result<(), Cancelled> {
        if self.cancel.load(Ordering::Relaxed) { Err(Cancelled) } else { Ok(()) }
    }
}

impl std::fmt::Debug for Ctx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ctx").field("seed", &self.seed).finish_non_exhaustive()
    }
}
