//! After a start: every live message is brought up to date, whatever happened while nobody looked.
//!
//! One after the other, so that thousands of polls leave room for members' own clicks.

use std::time::Duration;

use super::LivePolls;
use crate::domain::ids::GuildId;

/// Between two polls: half of the bot's share of calls.
const GAP: Duration = Duration::from_millis(50);

/// The pause before the list is asked for again; it doubles.
const PAUSE: Duration = Duration::from_secs(1);

/// How often the list is asked for.
const ATTEMPTS: u32 = 6;

impl LivePolls {
    /// Has every live message redrawn, in the background; one that was deleted is posted again.
    pub fn refresh_all(&self) {
        let this = self.clone();
        self.tasks.spawn("live polls after a start", async move {
            let stopping = this.tasks.stopping().clone();
            tokio::select! {
                () = this.redraw_each() => {}
                () = stopping.cancelled() => {}
            }
        });
    }

    async fn redraw_each(&self) {
        let Some(guilds) = self.guilds().await else { return };
        tracing::info!(polls = guilds.len(), "live polls are brought up to date");
        for guild in guilds {
            self.refresh(guild);
            tokio::time::sleep(GAP).await;
        }
    }

    /// The servers with a live poll, once the database can be read.
    async fn guilds(&self) -> Option<Vec<GuildId>> {
        for attempt in 0..ATTEMPTS {
            match self.service.list_live_guilds().await {
                Ok(guilds) => return Some(guilds),
                Err(error) => tracing::warn!(%error, "the live polls could not be listed"),
            }
            tokio::time::sleep(PAUSE * (1 << attempt)).await;
        }
        None
    }
}
