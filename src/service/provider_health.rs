//! Keeping the health of film databases beyond a run: taken up at a start, written when a condition changes,
//! and every few seconds while requests are counted. Losing it costs a few requests, so no failure of the
//! database goes further than the log.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::Service;
use crate::store::StoreError;

/// How long requests that are counted may go without being kept.
const KEEP_EVERY: Duration = Duration::from_secs(5);

/// How long a stop waits for the last of it.
const LAST_WITHIN: Duration = Duration::from_secs(1);

impl Service {
    /// Takes up what earlier runs, and other processes, learnt of the film databases (1 statement, behind).
    pub async fn resume_provider_health(&self) {
        match self.behind.list_provider_health().await {
            Ok(kept) => self.catalogue.resume(&kept),
            Err(error) => {
                tracing::warn!(%error, "what is known of the film databases could not be read; it is learnt anew");
            }
        }
    }

    /// Keeps what is learnt of the film databases until `stop`, and what is left then.
    pub async fn keep_provider_health(&self, stop: CancellationToken) {
        let mut failed = false;
        loop {
            let stopping = tokio::select! {
                () = stop.cancelled() => true,
                () = self.catalogue.condition_changed() => false,
                () = sleep(KEEP_EVERY) => false,
            };
            if stopping {
                if timeout(LAST_WITHIN, self.save_provider_health()).await.is_err() {
                    tracing::warn!("what is known of the film databases was not kept in time");
                }
                return;
            }
            let saved = self.save_provider_health().await;
            if let Err(error) = &saved
                && !failed
            {
                tracing::warn!(%error, "what is known of the film databases could not be kept; it is tried again");
            }
            failed = saved.is_err();
            if failed {
                sleep(KEEP_EVERY).await;
            }
        }
    }

    /// Writes what is not kept yet: 1 or 2 statements, behind, for each provider of which there is news.
    ///
    /// # Errors
    /// When the database fails; the next call writes what this one did not.
    pub async fn save_provider_health(&self) -> Result<(), StoreError> {
        for news in self.catalogue.unkept() {
            if let Some(seen) = news.seen {
                self.behind
                    .upsert_provider_condition(news.source, seen, news.day)
                    .await?;
                self.catalogue.keep_change(&news);
            }
            if news.requests > 0 {
                let now = self.clock.unix_secs();
                let total = self
                    .behind
                    .add_provider_requests(news.source, news.day, news.requests, now)
                    .await?;
                self.catalogue.keep_requests(&news, total);
            }
        }
        Ok(())
    }
}
