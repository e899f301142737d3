//! The one home of background work: named, tracked tasks that a stop waits for.
//!
//! Everything that runs beside its caller is started here, so that a stop can first ask for an end
//! (soft), then wait, then insist (hard). A task that panics is logged under its name and takes
//! nothing else down. Knows nothing of what the tasks do.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long [`Tasks::stop`] waits after insisting: a task that is dropped ends at its next await.
const AFTER_HARD_STOP: Duration = Duration::from_millis(250);

/// The process's background tasks. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    soft: CancellationToken,
    hard: CancellationToken,
}

impl Tasks {
    /// No tasks yet, and nobody asked them to stop.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `work` beside the caller until it ends or a stop insists. `name` is for the log.
    pub fn spawn<F>(&self, name: &'static str, work: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let hard = self.hard.clone();
        let _detached = self.tracker.spawn(guarded(name, hard, work));
    }

    /// Runs `work` in the caller's own task, but has a stop wait for it as for any other; `None` when
    /// it panicked or a stop insisted. For work that a library started in tasks of its own.
    pub async fn track<F: Future>(&self, name: &'static str, work: F) -> Option<F::Output> {
        self.tracker
            .track_future(guarded_value(name, self.hard.clone(), work))
            .await
    }

    /// The tracker itself, for layers that take one: a stop waits for what they spawn on it, but neither
    /// asks it to end nor drops it.
    pub const fn tracker(&self) -> &TaskTracker {
        &self.tracker
    }

    /// Is cancelled once a stop is asked for: work that waits for something should end, and finish
    /// what it has begun.
    pub const fn stopping(&self) -> &CancellationToken {
        &self.soft
    }

    /// How many tasks are running.
    pub fn running(&self) -> usize {
        self.tracker.len()
    }

    /// Asks every task to end, waits for them `within` at most, then drops those that remain.
    /// Returns how many had to be dropped.
    pub async fn stop(&self, within: Duration) -> usize {
        self.soft.cancel();
        self.tracker.close();
        if tokio::time::timeout(within, self.tracker.wait()).await.is_ok() {
            return 0;
        }
        let left = self.tracker.len();
        tracing::warn!(tasks = left, "tasks did not end in time and are dropped");
        self.hard.cancel();
        // Bounded: a task that never awaits cannot be dropped, and must not hold up the end.
        let _waited = tokio::time::timeout(AFTER_HARD_STOP, self.tracker.wait()).await;
        left
    }
}

/// [`guarded_value`] for work without a result.
async fn guarded(name: &'static str, hard: CancellationToken, work: impl Future<Output = ()>) {
    let _ended = guarded_value(name, hard, work).await;
}

/// `work`'s value; `None` when it panicked, which is logged, or `hard` came first.
async fn guarded_value<F: Future>(name: &'static str, hard: CancellationToken, work: F) -> Option<F::Output> {
    tokio::select! {
        biased;
        ended = AssertUnwindSafe(work).catch_unwind() => match ended {
            Ok(value) => Some(value),
            Err(panic) => {
                tracing::error!(task = name, panic = panic_text(panic.as_ref()), "a task panicked");
                None
            }
        },
        () = hard.cancelled() => None,
    }
}

/// What a panic said, when it said it in text.
fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no text)")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_stop_waits_for_what_has_begun() {
        let tasks = Tasks::new();
        let done = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&done);
        tasks.spawn("slow", async move {
            tokio::time::sleep(Duration::from_secs(2)).await;
            flag.store(true, Ordering::SeqCst);
        });
        assert_eq!(tasks.stop(Duration::from_secs(5)).await, 0);
        assert!(done.load(Ordering::SeqCst));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_drops_what_does_not_end() {
        let tasks = Tasks::new();
        tasks.spawn("stuck", std::future::pending());
        let begun = tokio::time::Instant::now();
        assert_eq!(tasks.stop(Duration::from_secs(4)).await, 1);
        assert!(begun.elapsed() < Duration::from_secs(5));
        assert_eq!(tasks.running(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_is_told_that_a_stop_was_asked_for() {
        let tasks = Tasks::new();
        let stopping = tasks.stopping().clone();
        tasks.spawn("loop", async move { stopping.cancelled().await });
        assert_eq!(tasks.stop(Duration::from_secs(5)).await, 0);
    }

    #[tokio::test]
    async fn a_panic_ends_its_own_task_only() {
        let tasks = Tasks::new();
        assert_eq!(
            tasks.track("bad", async { panic!("on purpose") }).await,
            None::<()>
        );
        assert_eq!(tasks.track("good", async { 7 }).await, Some(7));
    }
}
