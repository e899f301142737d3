//! Closing rounds at the second they are due, and at a start those that were due meanwhile.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::Job;
use crate::service::Service;

/// How often it is looked whether another process changed a closing time, or left a round behind, and how soon
/// a round that could not be closed is tried again. Whatever the clock shows meanwhile.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// The job. Its first look comes at once.
pub fn close_rounds(service: Service) -> Job {
    Job::new("close_rounds", move |stop| run(service.clone(), stop))
}

async fn run(service: Service, stop: CancellationToken) -> anyhow::Result<()> {
    let clock = service.clock().clone();
    let changed = service.bells().closings.clone();
    loop {
        // A stop waits for nothing: what is under way is left as by a crash, which loses no round and no vote.
        let done = tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(()),
            done = service.close_due_rounds() => done?,
        };
        if done.closed > 0 || done.failed > 0 {
            tracing::info!(closed = done.closed, failed = done.failed, "rounds were due");
        }
        let next_ms = done.next_at.filter(|_| done.failed == 0);
        let next_ms = next_ms.map(|next_at| next_at.saturating_mul(1000));
        tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(()),
            () = changed.sleep(&clock, next_ms) => {}
            () = sleep(LOOK_EVERY) => {}
        }
    }
}
