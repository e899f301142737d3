//! Work that goes on beside the members' requests for as long as the bot runs: loops, each supervised.
//!
//! Owns when a loop runs and what happens when it fails. What is done is the services' business. A loop that
//! waits for a time does so with [`Alarm`](crate::clock::Alarm), so that a manual clock moves it too.

mod announce;
mod close_rounds;
mod forget_films;
mod renew_films;

use std::fmt;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::lifecycle::Tasks;

pub use announce::announce;
pub use close_rounds::close_rounds;
pub use forget_films::forget_films;
pub use renew_films::renew_films;

/// How long a loop that failed waits before it is run again, at first and at most.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// A loop that ran for this long before it failed is run again after [`FIRST_WAIT`].
const GOOD_WHILE: Duration = Duration::from_mins(5);

/// How soon a loop that goes by the clock notices that it was set back.
const CLOCK_SET: Duration = Duration::from_mins(1);

/// Does `work` at `first` (Unix milliseconds by this clock) and from each beginning on again after `every`, until
/// `stop` is cancelled or it fails.
async fn at_intervals<Work: Future<Output = anyhow::Result<()>>>(
    clock: &Clock,
    first: i64,
    every: Duration,
    stop: &CancellationToken,
    mut work: impl FnMut() -> Work,
) -> anyhow::Result<()> {
    let every_ms = i64::try_from(every.as_millis()).unwrap_or(i64::MAX);
    let mut next = first;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(()),
            () = clock.reaches_ms(next) => {
                // Before the work, so that the time which that takes is not added.
                next = clock.unix_ms().saturating_add(every_ms);
                work().await?;
            }
            // A clock that was set back must not put the next time off by as much.
            () = sleep(CLOCK_SET) => next = next.min(clock.unix_ms().saturating_add(every_ms)),
        }
    }
}

type Run = Box<dyn Fn(CancellationToken) -> BoxFuture<'static, anyhow::Result<()>> + Send + Sync>;

/// A loop with its name in the log.
pub struct Job {
    name: &'static str,
    run: Run,
}

impl Job {
    /// A job that runs `run` with a token that is cancelled when it should end: it then finishes what is
    /// quickly finished, within a tenth of a second, and returns. An error or a panic has it run again after
    /// a while; `Ok` is its end.
    pub fn new<F, Running>(name: &'static str, run: F) -> Self
    where
        F: Fn(CancellationToken) -> Running + Send + Sync + 'static,
        Running: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        Self {
            name,
            run: Box::new(move |stop| Box::pin(run(stop))),
        }
    }

    /// Runs the job beside the caller until `stop` is cancelled; [`Tasks::stop`] waits for its end.
    pub fn start(self, tasks: &Tasks, stop: CancellationToken) {
        tasks.spawn(self.name, self.supervised(tasks.clone(), stop));
    }

    async fn supervised(self, tasks: Tasks, stop: CancellationToken) {
        let name = self.name;
        let mut wait = FIRST_WAIT;
        loop {
            let began = Instant::now();
            // The closure is called inside, so that a panic of its own is caught too.
            let ended = tasks.track(name, async { (self.run)(stop.clone()).await }).await;
            let failure = match ended {
                Some(Ok(())) => return,
                Some(Err(error)) => format!("{error:#}"),
                None => "it panicked".to_owned(),
            };
            if stop.is_cancelled() {
                tracing::warn!(job = name, failure, "a job failed while it was being stopped");
                return;
            }
            if began.elapsed() >= GOOD_WHILE {
                wait = FIRST_WAIT;
            }
            tracing::error!(
                job = name,
                failure,
                again_in_secs = wait.as_secs(),
                "a job failed and is run again"
            );
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(wait) => {}
            }
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Starts a job whose nth run, counted from 0, does what `nth` says; when each run began.
    fn started<Running>(
        tasks: &Tasks,
        stop: &CancellationToken,
        nth: impl Fn(usize, CancellationToken) -> Running + Send + Sync + 'static,
    ) -> Arc<Mutex<Vec<Duration>>>
    where
        Running: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let runs = Arc::new(Mutex::new(Vec::new()));
        let (noted, zero) = (Arc::clone(&runs), Instant::now());
        let job = Job::new("test", move |stop| {
            let mut noted = noted.lock().unwrap();
            noted.push(zero.elapsed());
            let run = noted.len() - 1;
            drop(noted);
            nth(run, stop)
        });
        job.start(tasks, stop.clone());
        runs
    }

    fn secs(runs: &Mutex<Vec<Duration>>) -> Vec<u64> {
        runs.lock().unwrap().iter().map(Duration::as_secs).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_that_panics_or_fails_is_run_again_more_and_more_slowly() {
        let (tasks, stop) = (Tasks::new(), CancellationToken::new());
        let runs = started(&tasks, &stop, async |run, stop| {
            assert!(run % 2 == 1, "the even runs panic");
            drop(stop);
            anyhow::bail!("the odd ones fail")
        });
        sleep(Duration::from_secs(200)).await;
        assert_eq!(secs(&runs), [0, 1, 3, 7, 15, 31, 63, 123, 183]);
        stop.cancel();
        assert_eq!(tasks.stop(Duration::from_millis(100)).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_before_the_first_await_is_caught_too() {
        let (tasks, stop) = (Tasks::new(), CancellationToken::new());
        let runs = started(&tasks, &stop, |run, _| {
            assert!(run > 0, "the first call panics");
            std::future::pending()
        });
        sleep(Duration::from_secs(10)).await;
        assert_eq!(secs(&runs), [0, 1]);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_good_while_a_failure_is_the_first_one_again() {
        let (tasks, stop) = (Tasks::new(), CancellationToken::new());
        let runs = started(&tasks, &stop, async |run, _| {
            if run == 3 {
                sleep(Duration::from_secs(400)).await;
            }
            anyhow::bail!("no")
        });
        sleep(Duration::from_secs(412)).await;
        assert_eq!(secs(&runs), [0, 1, 3, 7, 408, 410]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_that_is_told_to_stop_ends_and_is_not_run_again() {
        let (tasks, stop) = (Tasks::new(), CancellationToken::new());
        let runs = started(&tasks, &stop, async |_, stop| {
            stop.cancelled().await;
            anyhow::bail!("on the way out")
        });
        sleep(Duration::from_secs(5)).await;
        stop.cancel();
        assert_eq!(tasks.stop(Duration::from_millis(100)).await, 0);
        assert_eq!(secs(&runs), [0]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_that_waits_to_be_run_again_stops_at_once() {
        let (tasks, stop) = (Tasks::new(), CancellationToken::new());
        let runs = started(&tasks, &stop, async |_, _| anyhow::bail!("no"));
        sleep(Duration::from_millis(500)).await;
        stop.cancel();
        assert_eq!(tasks.stop(Duration::from_millis(100)).await, 0);
        assert_eq!(secs(&runs), [0]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_that_is_done_is_done() {
        let (tasks, stop) = (Tasks::new(), CancellationToken::new());
        let runs = started(&tasks, &stop, async |_, _| Ok(()));
        sleep(Duration::from_secs(100)).await;
        assert_eq!((secs(&runs), tasks.running()), (vec![0], 0));
    }
}
