use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use pyo3::prelude::*;

/// How often Ctrl-C is looked for.
const POLL: Duration = Duration::from_millis(50);

/// Does `work` on a thread without the interpreter lock. Ctrl-C sets the flag that `work` is given and is raised once
/// `work` has ended.
///
/// # Errors
/// Whatever a signal handler raises, `KeyboardInterrupt` as a rule.
pub fn interruptible<T: Send>(py: Python<'_>, work: impl FnOnce(Arc<AtomicBool>) -> T + Send) -> PyResult<T> {
    let cancel = Arc::new(AtomicBool::new(false));
    py.detach(|| {
        std::thread::scope(|scope| {
            let (done, finished) = sync_channel(1);
            let flag = cancel.clone();
            let worker = scope.spawn(move || {
                let result = work(flag);
                // The receiver outlives this thread.
                let _sent = done.send(());
                result
            });
            let mut interrupted = None;
            while finished.recv_timeout(POLL) == Err(RecvTimeoutError::Timeout) {
                if let Err(signal) = Python::attach(|py| py.check_signals()) {
                    cancel.store(true, Ordering::Relaxed);
                    interrupted.get_or_insert(signal);
                }
            }
            let result = worker.join().unwrap_or_else(|panic| resume_unwind(panic));
            interrupted.map_or(Ok(result), Err)
        })
    })
}
