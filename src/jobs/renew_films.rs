//! Renewing film data behind, so that in normal running no member waits for it.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Job, at_intervals};
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
    let clock = service.clock();
    let first = clock.unix_ms().saturating_add(LOOK_EVERY_MS);
    at_intervals(clock, first, LOOK_EVERY, &stop, async || {
        let renewed = service.renew_due_films(&stop).await?;
        if renewed != Renewed::default() {
            tracing::debug!(
                found = renewed.found,
                not_found = renewed.not_found,
                failed = renewed.failed,
                "film data was renewed behind"
            );
        }
        Ok(())
    })
    .await
}
