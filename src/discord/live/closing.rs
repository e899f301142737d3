//! The message of a round that is over says so: how it ended, the final standings, and no buttons.
//!
//! What is still to be said stands in the database, so a restart goes on with it.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::LivePolls;
use crate::discord::rest::{CallError, Patience, Posted};
use crate::discord::screen::Screen;
use crate::discord::views::round;
use crate::domain::notice::Notice;
use crate::service::ServiceError;
use crate::service::rounds::status::EndedPoll;

/// How long an edit is tried before others have their turn.
const EDIT_WITHIN: Duration = Duration::from_secs(10);

/// The pause before what failed is tried again: the first, and the longest; it doubles in between.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_mins(1));

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// It says that the round is over, or nothing can be said in it any more.
    Done,
    /// It could not be edited now.
    NotYet,
}

impl LivePolls {
    /// Has the messages of ended rounds say so, from now on and for those that are left from before.
    pub(super) fn tell_ends(&self) {
        let this = self.clone();
        self.tasks.spawn("ended polls", async move {
            let stopping = this.tasks.stopping().clone();
            let clock = this.background.clock().clone();
            let rung = this.background.bells().ended_polls.clone();
            let mut pause = PAUSES.0;
            loop {
                let all_said = this.tell_all().await;
                let again = async {
                    if all_said {
                        std::future::pending::<()>().await;
                    } else {
                        sleep(pause).await;
                    }
                };
                tokio::select! {
                    () = stopping.cancelled() => return,
                    () = rung.sleep(&clock, None) => {}
                    () = again => {}
                }
                pause = if all_said {
                    PAUSES.0
                } else {
                    (pause * 2).min(PAUSES.1)
                };
            }
        });
    }

    /// Says all that is to be said; `false` when something is left.
    async fn tell_all(&self) -> bool {
        loop {
            let ended = match self.background.list_ended_polls().await {
                Ok(ended) => ended,
                Err(error) => {
                    tracing::warn!(%error, "the messages of ended rounds could not be listed");
                    return false;
                }
            };
            if ended.is_empty() {
                return true;
            }
            let mut left = false;
            for notice in &ended {
                match self.tell(notice).await {
                    Ok(Said::Done) => {}
                    Ok(Said::NotYet) => left = true,
                    Err(error) => {
                        tracing::warn!(guild = %notice.guild, %error, "an ended round could not be read");
                        left = true;
                    }
                }
                if self.tasks.stopping().is_cancelled() {
                    return false;
                }
            }
            if left {
                return false;
            }
        }
    }

    async fn tell(&self, notice: &Notice) -> Result<Said, ServiceError> {
        let Some(message) = notice.message else {
            self.background.finish_ended_poll(notice).await?;
            return Ok(Said::Done);
        };
        let at = Posted {
            channel: notice.channel,
            message,
        };
        // No redraw that was read while the round was open comes after this one.
        let telling = self.coalescer.alone(notice.guild, message, async {
            let screen = match self.background.ended_poll(notice.round).await? {
                EndedPoll::Closed(result) => round::closed_poll(&result),
                EndedPoll::Cancelled(cancelled) => round::cancelled_poll(&cancelled),
                EndedPoll::Open => return Ok::<_, ServiceError>(Said::Done),
            };
            Ok(self.edit(notice, at, screen).await)
        });
        let said = telling.await?;
        if said == Said::Done {
            self.background.finish_ended_poll(notice).await?;
        }
        Ok(said)
    }

    async fn edit(&self, notice: &Notice, at: Posted, screen: Screen) -> Said {
        let patience = Patience::until(Instant::now() + EDIT_WITHIN);
        let guild = notice.guild;
        match self
            .rest
            .edit_message(at, &screen.into_edit_message(), patience)
            .await
        {
            Ok(()) => Said::Done,
            // Deleted, or out of reach for good: there is nobody to tell.
            Err(error) if error.is_gone() || error.is_forbidden() => {
                tracing::info!(%guild, %error, "the message of an ended round is out of reach");
                Said::Done
            }
            Err(error @ CallError::Unsendable(_)) => {
                tracing::error!(%guild, %error, "the message of an ended round cannot be edited");
                Said::Done
            }
            Err(error) => {
                tracing::warn!(%guild, %error, "the message of an ended round was not edited");
                Said::NotYet
            }
        }
    }
}
