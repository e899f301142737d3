//! Reactions that do not count: taken away, and their members told why.
//!
//! A reaction brings no interaction, so the only private way to its member is a direct message. That is
//! used sparingly: once in a while for each member, never again soon to those who take none, and slowly
//! over all servers. Where the bot may not manage messages the reactions stay, and the log says so once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use moka::future::Cache;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::rest::{CallError, Patience, Posted, Rest, Whose};
use super::screen::Screen;
use super::views::reaction;
use crate::domain::ids::{ChannelId, GuildId, MemberId, MessageId};
use crate::domain::poll::LiveMessage;
use crate::domain::reaction::Number;
use crate::lifecycle::Tasks;
use crate::service::reactions::Rejection;

/// Rejections under way at most; in a storm of them, the rest stay under the message.
const UNDER_WAY: usize = 1_024;

/// How long the removal of one reaction is tried, the wait for its turn included.
const REMOVE_WITHIN: Duration = Duration::from_mins(5);

/// How long a channel in which the bot may not take reactions away is left alone.
const FORBIDDEN_FOR: Duration = Duration::from_mins(10);

/// Channels and members remembered at most.
const REMEMBERED: u64 = 10_000;

/// Between two letters to one member.
const QUIET: Duration = Duration::from_mins(10);

/// How long a member who takes no letters is sent none.
const CLOSED_FOR: Duration = Duration::from_hours(24);

/// Between two letters, whoever they go to: Discord minds bots that write to many people at once.
const LETTER_GAP: Duration = Duration::from_secs(2);

/// A letter that would have to wait for longer is not sent.
const LETTER_WAIT: Duration = Duration::from_mins(1);

/// How long a letter is tried.
const LETTER_WITHIN: Duration = Duration::from_secs(10);

/// A reaction that stands under a poll.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// The poll's server.
    pub guild: GuildId,
    /// The poll's message.
    pub at: Posted,
    /// With which number.
    pub number: Number,
    /// Whose it is.
    pub member: MemberId,
}

/// Rejects reactions. Clones share what is remembered.
#[derive(Debug, Clone)]
pub struct Rejections {
    rest: Arc<Rest>,
    tasks: Tasks,
    room: Arc<Semaphore>,
    /// Where reactions could not be taken away, and when that was found out.
    forbidden: Cache<ChannelId, Instant>,
    /// Members who were written to lately.
    told: Cache<MemberId, ()>,
    /// Members who take no letters.
    closed: Cache<MemberId, ()>,
    next_letter: Arc<Mutex<Instant>>,
}

/// What became of a reaction that was to be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Removal {
    Removed,
    /// It stays, since the bot may not take it away or could not.
    Stays,
    /// Its message is gone.
    Gone,
}

impl Rejections {
    /// Rejects with these calls, in background tasks of `tasks`.
    pub fn new(rest: Arc<Rest>, tasks: Tasks) -> Self {
        let remembered = |time| {
            Cache::builder()
                .max_capacity(REMEMBERED)
                .time_to_live(time)
                .build()
        };
        Self {
            rest,
            tasks,
            room: Arc::new(Semaphore::new(UNDER_WAY)),
            forbidden: Cache::new(REMEMBERED),
            told: remembered(QUIET),
            closed: remembered(CLOSED_FOR),
            next_letter: Arc::new(Mutex::new(Instant::now())),
        }
    }

    /// Takes the reaction away and tells its member why, in the background.
    pub fn reject(&self, standing: Standing, rejection: Rejection) {
        let Ok(room) = Arc::clone(&self.room).try_acquire_owned() else {
            tracing::warn!(channel = %standing.at.channel, "too many reactions do not count; one is left where it is");
            return;
        };
        let this = self.clone();
        self.tasks.spawn("rejected reaction", async move {
            let _room = room;
            let stopping = this.tasks.stopping().clone();
            tokio::select! {
                () = this.carry_out(standing, &rejection) => {}
                () = stopping.cancelled() => {}
            }
        });
    }

    async fn carry_out(&self, standing: Standing, rejection: &Rejection) {
        let removal = self.remove(standing).await;
        if removal == Removal::Gone {
            return;
        }
        let poll = rejection.live.unwrap_or(LiveMessage {
            channel: standing.at.channel,
            message: standing.at.message,
            page: 1,
        });
        let removed = removal == Removal::Removed;
        let letter = reaction::rejected(standing.guild, poll, standing.number, &rejection.why, removed);
        self.write_to(standing.member, standing.at.message, letter).await;
    }

    async fn remove(&self, standing: Standing) -> Removal {
        let channel = standing.at.channel;
        let known = self.forbidden.get(&channel).await;
        if known.is_some_and(|since| since.elapsed() < FORBIDDEN_FOR) {
            return Removal::Stays;
        }
        let patience = Patience::until(Instant::now() + REMOVE_WITHIN);
        let removed = self.rest.remove_reactions(
            standing.at,
            standing.number,
            Whose::Members(standing.member),
            patience,
        );
        match removed.await {
            Ok(()) => Removal::Removed,
            Err(error) if error.is_gone() => Removal::Gone,
            Err(error) if error.is_forbidden() => {
                if known.is_none() {
                    tracing::warn!(
                        guild = %standing.guild, %channel, %error,
                        "reactions that do not count stay under the poll; to take them away, the bot needs Manage Messages"
                    );
                }
                self.forbidden.insert(channel, Instant::now()).await;
                Removal::Stays
            }
            Err(error) => {
                tracing::warn!(guild = %standing.guild, %channel, %error, "a reaction that does not count was not taken away");
                Removal::Stays
            }
        }
    }

    /// Sends a member a letter, unless they had one lately, take none, or too many are waiting.
    async fn write_to(&self, member: MemberId, about: MessageId, letter: Screen) {
        if self.closed.contains_key(&member) || !self.told.entry(member).or_insert(()).await.is_fresh() {
            return;
        }
        let Some(turn) = self.letter_turn() else {
            tracing::debug!("too many letters are waiting; one is not sent");
            return;
        };
        tokio::time::sleep_until(turn).await;
        match self.send(member, letter).await {
            Ok(()) => {}
            // They take no messages from members of the server, or from this bot.
            Err(error) if error.is_forbidden() => self.closed.insert(member, ()).await,
            Err(error) => tracing::debug!(poll = %about, %error, "a letter was not sent"),
        }
    }

    async fn send(&self, member: MemberId, letter: Screen) -> Result<(), CallError> {
        let until = Instant::now() + LETTER_WITHIN;
        let channel = self.rest.open_direct(member, Patience::until(until)).await?;
        // Without a nonce it must not be sent twice.
        let (letter, patience) = (letter.into_message(), Patience::once_until(until));
        self.rest
            .create_message(channel, &letter, patience)
            .await
            .map(drop)
    }

    /// When the next letter may go out, if that is soon.
    fn letter_turn(&self) -> Option<Instant> {
        let now = Instant::now();
        let mut next = self.next_letter.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = (*next).max(now);
        if mine > now + LETTER_WAIT {
            return None;
        }
        *next = mine + LETTER_GAP;
        Some(mine)
    }
}
