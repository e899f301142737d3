//! Reads a server's poll and edits its live message. When to do so is not decided here.

use std::sync::Arc;
use std::time::Duration;

use serenity::model::channel::Nonce;
use tokio::time::Instant;

use super::coalescer::{Canvas, GAP, Redrawn};
use super::numbers::Numbers;
use super::promises::Promises;
use crate::discord::rest::{CallError, Patience, Posted, Rest};
use crate::discord::screen::Screen;
use crate::discord::views::poll::{self, Audience};
use crate::domain::ids::{GuildId, MessageId};
use crate::domain::poll::{LiveMessage, PollPage};
use crate::domain::refusal::Refusal;
use crate::service::poll::PollDraft;
use crate::service::{Service, ServiceError};

/// How long the database may take for a page.
const READ_WITHIN: Duration = Duration::from_secs(5);

/// How long an edit is tried before the board is given free.
const EDIT_WITHIN: Duration = Duration::from_secs(4);

/// The live messages, through the service and Discord's HTTP API.
#[derive(Debug)]
pub struct PollCanvas {
    service: Service,
    rest: Arc<Rest>,
    numbers: Numbers,
    promises: Promises,
}

impl PollCanvas {
    /// Reads from this service, edits through these calls, has `numbers` put where they belong, and tells
    /// what the messages promise.
    pub(super) const fn new(service: Service, rest: Arc<Rest>, numbers: Numbers, promises: Promises) -> Self {
        Self {
            service,
            rest,
            numbers,
            promises,
        }
    }
}

/// The open round's poll at the page that its live message shows (2 statements; 4 when `known` was
/// wrong about the page).
///
/// # Errors
/// Those of [`Service::read_poll`].
pub async fn read_live(
    service: &Service,
    guild: GuildId,
    known: Option<LiveMessage>,
) -> Result<PollDraft, ServiceError> {
    let guess = known.map_or(1, |live| live.page);
    let draft = service.read_poll(guild, guess).await?;
    let head = &draft.page.head;
    match head.live {
        Some(live) if head.clamp_page(live.page) != draft.page.page => {
            service.read_poll(guild, live.page).await
        }
        _ => Ok(draft),
    }
}

/// Where a live message stands.
pub(super) const fn posted(live: LiveMessage) -> Posted {
    Posted {
        channel: live.channel,
        message: live.message,
    }
}

/// Takes the numbers away from under a message where reactions do not count any more, but not the votes
/// that the reactions gave.
pub(super) async fn clear_numbers(service: &Service, numbers: &Numbers, guild: GuildId, live: LiveMessage) {
    match service.release_reaction_votes(guild).await {
        Ok(()) => numbers.clear(posted(live)),
        // The next redraw tries again.
        Err(error) => tracing::warn!(%guild, %error, "the numbers under a poll could not be taken away"),
    }
}

/// A poll's page as a message shows it that is not the live one any more.
pub fn retired(page: &PollPage, guild: GuildId, live: Option<LiveMessage>) -> Screen {
    poll::screen(page, Audience::Retired { live, guild })
}

impl PollCanvas {
    /// Gives the films on the page numbers under their message, where reactions count; elsewhere takes
    /// those away that were put there while they did.
    async fn number(&self, guild: GuildId, page: &mut PollPage, live: LiveMessage) {
        if !page.head.input.takes_reactions() {
            if self.numbers.stand(posted(live)).await {
                clear_numbers(&self.service, &self.numbers, guild, live).await;
            }
            return;
        }
        if let Err(error) = self.service.number_films(page, live.message).await {
            tracing::warn!(%guild, %error, "films got no numbers");
        }
        let at = posted(live);
        if let Some(highest) = page.entries.iter().filter_map(|entry| entry.number).max() {
            self.numbers.ensure(at, highest).await;
        }
    }

    /// Posts the poll in the place of a live message that was deleted, and records it. The nonce is the
    /// deleted message's id: whatever fails here and is tried again, one message comes of it.
    async fn post_again(&self, guild: GuildId, draft: &PollDraft, deleted: LiveMessage) -> Redrawn {
        let page = draft.page.clone().without_numbers();
        let message = poll::screen(&page, Audience::Channel)
            .into_message()
            .nonce(Nonce::String(deleted.message.to_string()))
            .enforce_nonce(true);
        let patience = Patience::until(Instant::now() + EDIT_WITHIN);
        let posted = match self
            .rest
            .create_message(deleted.channel, &message, patience)
            .await
        {
            Ok(posted) => posted,
            Err(CallError::RateLimited(wait)) => return Redrawn::Later(wait),
            Err(error) if error.is_gone() || error.is_forbidden() => {
                tracing::warn!(%guild, channel = %deleted.channel, %error, "the poll may not be posted again");
                return Redrawn::Gone(deleted);
            }
            Err(error) => {
                tracing::warn!(%guild, %error, "the poll was not posted again");
                return Redrawn::Failed;
            }
        };
        let live = LiveMessage {
            channel: posted.channel,
            message: posted.message,
            page: page.page,
        };
        match self.service.record_live(page.head.round.id, live).await {
            // Once more, with the new message's numbers.
            Ok(()) if page.head.input.takes_reactions() => Redrawn::Later(GAP),
            Ok(()) => Redrawn::Shown(live),
            Err(error) => {
                tracing::warn!(%guild, %error, "the poll that was posted again could not be recorded");
                Redrawn::Failed
            }
        }
    }
}

impl Canvas for PollCanvas {
    async fn redraw(&self, guild: GuildId, known: Option<LiveMessage>, spared: Option<MessageId>) -> Redrawn {
        let read = tokio::time::timeout(READ_WITHIN, read_live(&self.service, guild, known)).await;
        let mut draft = match read {
            Ok(Ok(draft)) => draft,
            Ok(Err(ServiceError::Refused(Refusal::NothingProposed))) => return Redrawn::Nothing,
            Ok(Err(error)) => {
                tracing::warn!(%guild, %error, "the live poll could not be read");
                return Redrawn::Failed;
            }
            Err(_elapsed) => {
                tracing::warn!(%guild, "the live poll was not read in time");
                return Redrawn::Failed;
            }
        };
        let Some(live) = draft.page.head.live else {
            return Redrawn::Nothing;
        };
        if spared == Some(live.message) {
            return Redrawn::Spared;
        }
        self.number(guild, &mut draft.page, live).await;
        self.promises.tell(guild, draft.promised());
        let edit = poll::screen(&draft.page, Audience::Channel).into_edit_message();
        let at = posted(live);
        let patience = Patience::until(Instant::now() + EDIT_WITHIN);
        match self.rest.edit_message(at, &edit, patience).await {
            Ok(()) => Redrawn::Shown(live),
            Err(CallError::RateLimited(wait)) => Redrawn::Later(wait),
            Err(error) if error.is_unknown_message() => {
                tracing::info!(%guild, poll = %live.message, "the live poll was deleted and is posted again");
                self.post_again(guild, &draft, live).await
            }
            Err(error) if error.is_gone() => {
                tracing::info!(%guild, channel = %live.channel, "the live poll's channel is gone");
                Redrawn::Gone(live)
            }
            Err(error) if error.is_forbidden() => {
                tracing::warn!(%guild, channel = %live.channel, %error, "the live poll may not be edited");
                Redrawn::Forbidden(live)
            }
            Err(error) => {
                tracing::warn!(%guild, %error, "the live poll was not edited");
                Redrawn::Failed
            }
        }
    }
}
