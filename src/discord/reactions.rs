//! Reactions as they happen: from Discord's events to votes.
//!
//! Most reactions under most messages are none of the bot's business, and are told from votes before
//! the database is asked. What fails here is found again by [`super::catch_up`].

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use serenity::model::channel::{Reaction, ReactionType};
use serenity::model::id::UserId;
use tokio::sync::{Mutex, MutexGuard};

use super::catch_up::{self, Missed};
use super::desk::Desk;
use super::rejections::Standing;
use super::rest::Posted;
use crate::domain::ids::{ChannelId, GuildId, MemberId, MessageId};
use crate::domain::reaction::{Number, ReactionAt};
use crate::service::ServiceError;
use crate::service::reactions::Reacted;

/// Attempts at a vote while the database is busy, and the pause before the next.
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);

/// Members whose changes wait for each other, by their ids' remainders.
const QUEUES: usize = 64;

/// How long after news that contradict what was seen the reactions are read: what else is on its way
/// has come by then.
const LOOK_AFTER: Duration = Duration::from_secs(2);

/// Messages remembered at most that are to be looked at.
const LOOKS: u64 = 10_000;

/// Takes reactions in. Keeps the changes of one member in the order of their coming: serenity handles
/// each event in a task of its own.
#[derive(Debug)]
pub struct Reactions {
    /// The bot's own user, whose reactions do not count.
    bot: UserId,
    queues: Vec<Mutex<()>>,
    /// The messages that are about to be looked at.
    looks: Cache<MessageId, ()>,
}

/// A member's reaction with a number, somewhere in a server.
struct Change {
    guild: GuildId,
    channel: ChannelId,
    member: MemberId,
    at: ReactionAt,
}

impl Reactions {
    /// For a bot with this user.
    pub fn new(bot: UserId) -> Self {
        Self {
            bot,
            queues: std::iter::repeat_with(Mutex::default).take(QUEUES).collect(),
            looks: Cache::new(LOOKS),
        }
    }

    /// A reaction appeared (`on`) or went away.
    pub async fn changed(&self, desk: &Arc<Desk>, reaction: &Reaction, on: bool) {
        let Some(change) = self.vote(reaction) else {
            return;
        };
        let Change {
            guild, member, at, ..
        } = change;
        let _turn = self.turn(member).await;
        for attempt in 1..=ATTEMPTS {
            match desk.service().react(guild, member, at, on).await {
                Ok(Reacted::Ignored) => return,
                Ok(Reacted::Taken(voted)) => {
                    desk.live().refresh(guild);
                    if voted.repeated {
                        self.look_again(desk, at.message).await;
                    }
                    return;
                }
                Ok(Reacted::Rejected(rejection)) => {
                    // The message may offer what is no more: it is out of date.
                    desk.live().refresh(guild);
                    if on {
                        desk.rejections().reject(change.standing(), rejection);
                    }
                    return;
                }
                Err(ServiceError::Unavailable(_) | ServiceError::Unconfirmed(_)) if attempt < ATTEMPTS => {
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error) => {
                    tracing::warn!(%guild, %error, "a reaction was not counted; the next start counts it");
                    return;
                }
            }
        }
    }

    async fn turn(&self, member: MemberId) -> MutexGuard<'_, ()> {
        // The low bits of a snowflake count within a millisecond: the ones above them spread better.
        let queue = usize::try_from((member.0 >> 22) % QUEUES as u64).unwrap_or(0);
        self.queues[queue].lock().await
    }

    /// What was told contradicts what was seen: it was told twice, or events overtook each other or a
    /// catching up. What stands under the message settles it, a moment later; once for all that is told
    /// until then.
    async fn look_again(&self, desk: &Arc<Desk>, message: MessageId) {
        if !self.looks.entry(message).or_insert(()).await.is_fresh() {
            return;
        }
        let (looks, desk) = (self.looks.clone(), Arc::clone(desk));
        let tasks = desk.tasks().clone();
        tasks.clone().spawn("second look", async move {
            let waited = tokio::select! {
                () = tokio::time::sleep(LOOK_AFTER) => true,
                () = tasks.stopping().cancelled() => false,
            };
            looks.invalidate(&message).await;
            if waited {
                catch_up::begin(&desk, &tasks, Missed::OrderUnder(message));
            }
        });
    }

    /// Whose vote the reaction may be, and on what.
    fn vote(&self, reaction: &Reaction) -> Option<Change> {
        let number = number_of(&reaction.emoji)?;
        let user = reaction.user_id.filter(|user| *user != self.bot)?;
        let by_bot = reaction.member.as_ref().is_some_and(|member| member.user.bot);
        // Told only when a reaction appears.
        let under_others = reaction
            .message_author_id
            .is_some_and(|author| author != self.bot);
        if by_bot || under_others {
            return None;
        }
        let message = MessageId(reaction.message_id.get());
        Some(Change {
            guild: GuildId(reaction.guild_id?.get()),
            channel: ChannelId(reaction.channel_id.get()),
            member: MemberId(user.get()),
            at: ReactionAt { message, number },
        })
    }
}

/// The number that an emoji is, if it is one.
pub fn number_of(emoji: &ReactionType) -> Option<Number> {
    match emoji {
        ReactionType::Unicode(emoji) => Number::from_emoji(emoji),
        _ => None,
    }
}

impl Change {
    const fn standing(&self) -> Standing {
        Standing {
            guild: self.guild,
            at: Posted {
                channel: self.channel,
                message: self.at.message,
            },
            number: self.at.number,
            member: self.member,
        }
    }
}
