//! Renewing film data behind, so that in normal running no member waits for it.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::Job;
use crate::service::Service;
use crate::service::renew::Renewed;

/// How often it is looked whether films are due. The first look comes that long after a start: members who
/// have waited for the bot come first.
const LOOK_EVERY: Duration = Duration::from_mins(1);
const LOOK_EVERY_MS: i64 = 60_000;

/// The job.
pub fn renew_films(service: Service) -> Job {
    Job::new("renew_films", move |stop| run(service.clone(), stop))
}

async fn run(service: Service, stop: CancellationToken) -> anyhow::Result<()> {
    let clock = service.clock().clone();
    let mut next = clock.unix_ms().saturating_add(LOOK_EVERY_MS);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(()),
            () = clock.reaches_ms(next) => {
                // Before the look, so that the time which that takes is not added.
                next = clock.unix_ms().saturating_add(LOOK_EVERY_MS);
                let renewed = service.renew_due_films(&stop).await?;
                if renewed != Renewed::default() {
                    tracing::debug!(
                        found = renewed.found,
                        not_found = renewed.not_found,
                        failed = renewed.failed,
                        "film data was renewed behind"
                    );
                }
            }
            // A clock that was set back must not put the next look off by as much.
            () = sleep(LOOK_EVERY) => next = next.min(clock.unix_ms().saturating_add(LOOK_EVERY_MS)),
        }
    }
}
