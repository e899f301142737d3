//! Announcing results as soon as they are there, at a start those that are left, and again those that failed.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::Job;
use crate::service::Service;
use crate::service::announce::Announcer;

/// How often it is looked whether another process left something to be said.
const LOOK_EVERY: Duration = Duration::from_mins(1);
const LOOK_EVERY_MS: i64 = 60_000;

/// The job. Its first look comes at once.
pub fn announce(service: Service, announcer: Arc<dyn Announcer>) -> Job {
    Job::new("announce", move |stop| {
        run(service.clone(), Arc::clone(&announcer), stop)
    })
}

async fn run(service: Service, announcer: Arc<dyn Announcer>, stop: CancellationToken) -> anyhow::Result<()> {
    let clock = service.clock().clone();
    let rung = service.bells().notices.clone();
    loop {
        let done = tokio::select! {
            biased;
            // What is on its way is made again after the next start: the same key makes it one message.
            () = stop.cancelled() => return Ok(()),
            done = service.deliver_notices(announcer.as_ref()) => done?,
        };
        if done.said + done.failed + done.given_up > 0 {
            tracing::info!(
                said = done.said,
                failed = done.failed,
                given_up = done.given_up,
                "notices were due"
            );
        }
        let waited_from = clock.unix_ms();
        let look_at = waited_from.saturating_add(LOOK_EVERY_MS);
        let next = done
            .next_at
            .map_or(look_at, |next_at| look_at.min(next_at.saturating_mul(1000)));
        let mut wake = std::pin::pin!(rung.sleep(&clock, Some(next)));
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
