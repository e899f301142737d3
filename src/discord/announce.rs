//! Announcing results in channels: posted once, whatever is lost on the way, and taken back by an edit.
//!
//! The nonce makes two attempts within minutes one message. Discord forgets nonces sooner than the outbox stops
//! trying, so a later attempt looks first whether an earlier one has arrived.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use serenity::model::channel::Nonce;
use serenity::model::id::UserId;
use tokio::time::{Instant, timeout};

use super::rest::{CallError, Patience, Posted, Rest};
use super::views::closed;
use crate::domain::ids::MessageId;
use crate::service::announce::{Announcement, Announcer, Unsaid, Withdrawal};

/// How long a call is tried before others have their turn.
const CALL_WITHIN: Duration = Duration::from_secs(8);

/// How long all calls of an attempt may take together, waits for the bot's pace included.
const ATTEMPT_WITHIN: Duration = Duration::from_secs(28);

/// Announces through Discord's HTTP API.
#[derive(Debug)]
pub struct ResultAnnouncer {
    rest: Arc<Rest>,
    bot: UserId,
}

impl ResultAnnouncer {
    /// Posts by these calls as this bot.
    pub const fn new(rest: Arc<Rest>, bot: UserId) -> Self {
        Self { rest, bot }
    }

    async fn post(&self, announcement: &Announcement) -> Result<MessageId, Unsaid> {
        let screen = closed::announcement(announcement);
        if announcement.again
            && let Some(posted) = self.find_posted(announcement).await?
        {
            return Ok(posted);
        }
        let message = screen
            .into_announcement(announcement.ping)
            .nonce(Nonce::String(announcement.key.to_string()))
            .enforce_nonce(true);
        let posted = self
            .rest
            .create_message(announcement.channel, &message, patience())
            .await;
        posted.map(|posted| posted.message).map_err(unsaid)
    }

    /// The message of an earlier attempt, if it has arrived. Without the right to read the channel's history
    /// nothing is found, and the nonce is what there is.
    async fn find_posted(&self, announcement: &Announcement) -> Result<Option<MessageId>, Unsaid> {
        let mark = closed::announcement_mark(&announcement.result);
        let decided_at = Some(announcement.decided_at);
        for since in [decided_at, None] {
            let messages = self
                .rest
                .list_messages(announcement.channel, since, patience())
                .await;
            let messages = messages.map_err(unsaid)?;
            let mut own = messages.iter().filter(|message| message.author == self.bot);
            if let Some(posted) = own.find(|message| message.content.contains(&mark)) {
                return Ok(Some(posted.id));
            }
        }
        Ok(None)
    }

    async fn take_back(&self, withdrawal: &Withdrawal) -> Result<(), Unsaid> {
        let at = Posted {
            channel: withdrawal.channel,
            message: withdrawal.message,
        };
        let edit = closed::withdrawn(&withdrawal.round).into_edit_message();
        self.rest
            .edit_message(at, &edit, patience())
            .await
            .map_err(unsaid)
    }
}

impl Announcer for ResultAnnouncer {
    fn announce<'a>(&'a self, announcement: &'a Announcement) -> BoxFuture<'a, Result<MessageId, Unsaid>> {
        Box::pin(in_time(self.post(announcement)))
    }

    fn withdraw<'a>(&'a self, withdrawal: &'a Withdrawal) -> BoxFuture<'a, Result<(), Unsaid>> {
        Box::pin(in_time(self.take_back(withdrawal)))
    }
}

async fn in_time<T>(attempt: impl Future<Output = Result<T, Unsaid>>) -> Result<T, Unsaid> {
    let ended = timeout(ATTEMPT_WITHIN, attempt).await;
    ended.unwrap_or_else(|_elapsed| {
        Err(Unsaid::Later {
            why: "it took too long".to_owned(),
            wait: None,
        })
    })
}

fn patience() -> Patience {
    Patience::until(Instant::now() + CALL_WITHIN)
}

/// What a failed call means for what was to be said.
fn unsaid(error: CallError) -> Unsaid {
    let why = error.to_string();
    match error {
        error if error.is_gone() => Unsaid::Gone(why),
        error if error.is_forbidden() => Unsaid::Forbidden(why),
        CallError::RateLimited(wait) => Unsaid::Later {
            why,
            wait: Some(wait),
        },
        _ => Unsaid::Later { why, wait: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_passing_gone_or_forbidden() {
        let refused = |status, code| {
            unsaid(CallError::Refused {
                status,
                code,
                message: String::new(),
            })
        };
        assert!(matches!(refused(404, 10_003), Unsaid::Gone(_)));
        assert!(matches!(refused(403, 50_001), Unsaid::Forbidden(_)));
        assert!(matches!(refused(403, 50_013), Unsaid::Forbidden(_)));
        for passing in [
            refused(500, 0),
            refused(503, 0),
            refused(400, 50_035),
            refused(401, 0),
        ] {
            assert!(matches!(passing, Unsaid::Later { wait: None, .. }), "{passing:?}");
        }
        let wait = Duration::from_secs(7);
        let limited = unsaid(CallError::RateLimited(wait));
        assert!(matches!(limited, Unsaid::Later { wait: Some(asked), .. } if asked == wait));
    }
}
