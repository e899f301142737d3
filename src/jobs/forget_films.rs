//! Forgetting film data that may be kept no longer: at a start, and from then on four times a day.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Job, at_intervals};
use crate::service::Service;

/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_hours(6);

/// The job. Its first look comes at once: the bot may have been down for long.
pub fn forget_films(service: Service) -> Job {
    Job::new("forget_films", move |stop| run(service.clone(), stop))
}

async fn run(service: Service, stop: CancellationToken) -> anyhow::Result<()> {
    let now = service.clock().unix_ms();
    at_intervals(service.clock(), now, LOOK_EVERY, &stop, async || {
        let films = service.forget_old_film_data().await?;
        if films > 0 {
            tracing::info!(films, "film data that may be kept no longer was erased");
        }
        Ok(())
    })
    .await
}
