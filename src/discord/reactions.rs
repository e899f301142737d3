//! Reactions as they happen: from Discord's events to votes.
//!
//! Most reactions under most messages are none of the bot's business, and are told from votes before
//! the database is asked. What fails here is found again by [`super::catch_up`].

use std::time::Duration;

use serenity::model::channel::{Reaction, ReactionType};
use serenity::model::id::UserId;
use tokio::sync::{Mutex, MutexGuard};

use super::desk::Desk;
use crate::domain::ids::{GuildId, MemberId, MessageId};
use crate::domain::reaction::{Number, ReactionAt};
use crate::service::ServiceError;

/// Attempts at a vote while the database is busy, and the pause before the next.
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);

/// Members whose changes wait for each other, by their ids' remainders.
const QUEUES: usize = 64;

/// Keeps the changes of one member in the order of their coming: serenity handles each event in a task
/// of its own.
#[derive(Debug)]
pub struct Turns(Vec<Mutex<()>>);

impl Default for Turns {
    fn default() -> Self {
        Self(std::iter::repeat_with(Mutex::default).take(QUEUES).collect())
    }
}

impl Turns {
    async fn turn(&self, member: MemberId) -> MutexGuard<'_, ()> {
        // The low bits of a snowflake count within a millisecond: the ones above them spread better.
        let queue = usize::try_from((member.0 >> 22) % QUEUES as u64).unwrap_or(0);
        self.0[queue].lock().await
    }
}

/// A reaction appeared (`on`) or went away. `bot` is the bot's own user.
pub async fn changed(desk: &Desk, turns: &Turns, bot: UserId, reaction: Reaction, on: bool) {
    let Some((guild, member, at)) = vote(bot, &reaction) else {
        return;
    };
    let _turn = turns.turn(member).await;
    for attempt in 1..=ATTEMPTS {
        match desk.service().react(guild, member, at, on).await {
            Ok(None) => return,
            Ok(Some(_)) | Err(ServiceError::Refused(_)) => {
                desk.live().refresh(guild);
                return;
            }
            Err(ServiceError::Unavailable(_)) if attempt < ATTEMPTS => tokio::time::sleep(PAUSE).await,
            Err(error) => {
                tracing::warn!(%guild, %error, "a reaction was not counted; the next start counts it");
                return;
            }
        }
    }
}

/// Whose vote the reaction may be, and on what.
fn vote(bot: UserId, reaction: &Reaction) -> Option<(GuildId, MemberId, ReactionAt)> {
    let ReactionType::Unicode(emoji) = &reaction.emoji else {
        return None;
    };
    let number = Number::from_emoji(emoji)?;
    let user = reaction.user_id.filter(|user| *user != bot)?;
    let by_bot = reaction.member.as_ref().is_some_and(|member| member.user.bot);
    // Told only when a reaction appears.
    let under_others = reaction.message_author_id.is_some_and(|author| author != bot);
    if by_bot || under_others {
        return None;
    }
    let message = MessageId(reaction.message_id.get());
    Some((
        GuildId(reaction.guild_id?.get()),
        MemberId(user.get()),
        ReactionAt { message, number },
    ))
}
