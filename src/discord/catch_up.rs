//! After a start, and after a session that could not be resumed: what happened while nobody looked.
//!
//! A start redraws every live message; either reads the reactions under polls that are voted on by
//! reaction. One after the other, so that thousands of polls leave room for members' own clicks.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::desk::Desk;
use super::rejections::Standing;
use super::rest::{CallError, Patience, Posted};
use crate::domain::ids::{GuildId, MessageId};
use crate::lifecycle::Tasks;
use crate::service::Service;
use crate::service::poll::LivePoll;
use crate::service::reactions::{CaughtUp, Reactions};

/// Between two polls: half of the bot's share of calls.
const GAP: Duration = Duration::from_millis(50);

/// The pause before the database is asked again for the polls; it doubles.
const PAUSE: Duration = Duration::from_secs(1);

/// How often it is asked.
const ATTEMPTS: u32 = 6;

/// How long the reactions with one number are read.
const READ_WITHIN: Duration = Duration::from_mins(1);

/// What to catch up with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// Everything: the bot was not running.
    Everything,
    /// Reactions only: the connection was lost, but messages could be edited.
    Reactions,
    /// Reactions in this server, which did not count until now.
    ReactionsIn(GuildId),
    /// The reactions under this message, which were taken away all at once.
    ReactionsUnder(MessageId),
    /// The order of changes under this message: what was told does not fit what was seen.
    OrderUnder(MessageId),
}

/// Catches up in the background.
pub fn begin(desk: &Arc<Desk>, tasks: &Tasks, missed: Missed) {
    let (desk, stopping) = (Arc::clone(desk), tasks.stopping().clone());
    tasks.spawn("catching up", async move {
        tokio::select! {
            () = catch_up(&desk, missed) => {}
            () = stopping.cancelled() => {}
        }
    });
}

async fn catch_up(desk: &Desk, missed: Missed) {
    let service = desk.service().in_background();
    let Some(polls) = list(&service, missed).await else {
        return;
    };
    tracing::info!(polls = polls.len(), ?missed, "catching up");
    if missed == Missed::Everything {
        for poll in &polls {
            desk.live().refresh(poll.guild);
            tokio::time::sleep(GAP).await;
        }
    }
    for poll in &polls {
        if poll.input.takes_reactions() {
            read_reactions(desk, &service, poll, missed).await;
        } else if poll.numbered && missed == Missed::Everything {
            // The bot may have stopped before they were gone.
            desk.live().take_numbers_away(poll.guild, poll.live).await;
        }
    }
}

/// The live polls that are concerned, once the database can be read.
async fn list(service: &Service, missed: Missed) -> Option<Vec<LivePoll>> {
    for attempt in 0..ATTEMPTS {
        let polls = match missed {
            Missed::Everything | Missed::Reactions => service.list_live_polls().await,
            Missed::ReactionsIn(guild) => service.list_live_polls().await.map(|mut polls| {
                polls.retain(|poll| poll.guild == guild);
                polls
            }),
            Missed::ReactionsUnder(message) | Missed::OrderUnder(message) => {
                let poll = service.find_live_poll(message).await;
                poll.map(|poll| poll.into_iter().collect())
            }
        };
        match polls {
            Ok(polls) => return Some(polls),
            Err(error) => tracing::warn!(%error, "the live polls could not be listed"),
        }
        tokio::time::sleep(PAUSE * (1 << attempt)).await;
    }
    None
}

/// Reads the reactions under a poll and counts what changed. One that cannot be read stays as it was.
async fn read_reactions(desk: &Desk, service: &Service, poll: &LivePoll, missed: Missed) {
    let (guild, message) = (poll.guild, poll.live.message);
    // What was seen is read first: what happens from here on is told by events as well.
    let seen = match service.read_reactions(message).await {
        Ok(seen) => seen,
        Err(error) => {
            tracing::warn!(%guild, %error, "a poll's reactions could not be compared");
            return;
        }
    };
    let at = Posted {
        channel: poll.live.channel,
        message,
    };
    let there = match reacted(desk, at).await {
        Ok(there) => there,
        // Deleted: its reactions are gone, and the votes that they gave are not taken back by that.
        Err(error) if error.is_gone() => return,
        Err(error) => {
            tracing::warn!(%guild, %error, "a poll's reactions could not be read");
            return;
        }
    };
    if matches!(missed, Missed::ReactionsUnder(_)) {
        desk.live().renumber(guild, message).await;
    }
    match service.catch_up_reactions(guild, message, &seen, &there).await {
        Ok(CaughtUp { taken, rejected }) => {
            if taken > 0 {
                tracing::info!(%guild, changed = taken, "reactions were caught up with");
                desk.live().refresh(guild);
            }
            for (number, member, rejection) in rejected {
                let standing = Standing {
                    guild,
                    at,
                    number,
                    member,
                };
                desk.rejections().reject(standing, rejection);
            }
        }
        Err(error) => tracing::warn!(%guild, %error, "a poll's reactions were not all counted"),
    }
}

/// The members' reactions with numbers under a message.
async fn reacted(desk: &Desk, at: Posted) -> Result<Reactions, CallError> {
    let patience = || Patience::until(Instant::now() + READ_WITHIN);
    let mut there = Reactions::new();
    let used = desk.rest().list_reacted(at, patience()).await?;
    for number in used.iter().filter(|there| there.others).map(|there| there.number) {
        let members = desk.rest().list_reactors(at, number, patience()).await?;
        there.extend(members.into_iter().map(|member| (number, member)));
    }
    Ok(there)
}
