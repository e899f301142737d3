//! Forgetting film data that may be kept no longer: at a start, and from then on four times a day.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::Job;
use crate::service::Service;

/// How often it is looked.
const LOOK_EVERY_MS: i64 = 6 * 3_600_000;

/// How soon a clock that was set is noticed.
const CLOCK_SET: Duration = Duration::from_mins(1);

/// The job. Its first look comes at once: the bot may have been down for long.
pub fn forget_films(service: Service) -> Job {
    Job::new("forget_films", move |stop| run(service.clone(), stop))
}

async fn run(service: Service, stop: CancellationToken) -> anyhow::Result<()> {
    let clock = service.clock().clone();
    let mut next = clock.unix_ms();
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(()),
            () = clock.reaches_ms(next) => {
                next = clock.unix_ms().saturating_add(LOOK_EVERY_MS);
                let films = service.forget_old_film_data().await?;
                if films > 0 {
                    tracing::info!(films, "film data that may be kept no longer was erased");
                }
            }
            // A clock that was set back must not put the next look off by as much.
            () = sleep(CLOCK_SET) => next = next.min(clock.unix_ms().saturating_add(LOOK_EVERY_MS)),
        }
    }
}
