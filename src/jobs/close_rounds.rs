//! Closing rounds at the second they are due, and at a start those that were due meanwhile.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::Job;
use crate::service::Service;

/// How often it is looked whether another process changed a closing time, or left a round behind, and how soon
/// a round that could not be closed is tried again.
const LOOK_EVERY: Duration = Duration::from_mins(1);
const LOOK_EVERY_MS: i64 = 60_000;

/// The job. Its first look comes at once.
pub fn close_rounds(service: Service) -> Job {
    Job::new("close_rounds", move |stop| run(service.clone(), stop))
}

async fn run(service: Service, stop: CancellationToken) -> anyhow::Result<()> {
    let clock = service.clock().clone();
    let changed = service.bells().closings.clone();
    loop {
        // Rounds are closed one after the other; a stop waits for the one that is at hand.
        let done = service.close_due_rounds().await?;
        if done.closed > 0 || done.failed > 0 {
            tracing::info!(closed = done.closed, failed = done.failed, "rounds were due");
        }
        let look_at = clock.unix_ms().saturating_add(LOOK_EVERY_MS);
        let next = match done.next_at {
            Some(next_at) if done.failed == 0 => look_at.min(next_at.saturating_mul(1000)),
            _ => look_at,
        };
        let waited_from = clock.unix_ms();
        let mut wake = std::pin::pin!(changed.sleep(&clock, Some(next)));
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                () = &mut wake => break,
                // A clock that was set back must not put the next look off by as much.
                () = sleep(LOOK_EVERY) => if clock.unix_ms() < waited_from { break },
            }
        }
    }
}
