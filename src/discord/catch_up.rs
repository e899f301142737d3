//! After a start, and after a session that could not be resumed: what happened while nobody looked.
//!
//! A start redraws every live message; either reads the reactions under polls that are voted on by
//! reaction. One after the other, so that thousands of polls leave room for members' own clicks.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::desk::Desk;
use super::rest::{CallError, Patience, Posted};
use crate::domain::ids::{GuildId, MessageId};
use crate::domain::reaction::Number;
use crate::lifecycle::Tasks;
use crate::service::poll::LivePoll;
use crate::service::reactions::Reactions;

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
    let Some(polls) = list(desk).await else { return };
    tracing::info!(polls = polls.len(), ?missed, "catching up");
    if missed == Missed::Everything {
        for poll in &polls {
            desk.live().refresh(poll.guild);
            tokio::time::sleep(GAP).await;
        }
    }
    let concerned = |poll: &&LivePoll| match missed {
        Missed::ReactionsIn(guild) => poll.guild == guild,
        Missed::ReactionsUnder(message) => poll.live.message == message,
        Missed::Everything | Missed::Reactions => true,
    };
    for poll in polls
        .iter()
        .filter(|poll| poll.input.takes_reactions())
        .filter(concerned)
    {
        read_reactions(desk, poll, missed).await;
    }
}

/// The live polls, once the database can be read.
async fn list(desk: &Desk) -> Option<Vec<LivePoll>> {
    for attempt in 0..ATTEMPTS {
        match desk.service().list_live_polls().await {
            Ok(polls) => return Some(polls),
            Err(error) => tracing::warn!(%error, "the live polls could not be listed"),
        }
        tokio::time::sleep(PAUSE * (1 << attempt)).await;
    }
    None
}

/// Reads the reactions under a poll and counts what changed. One that cannot be read stays as it was.
async fn read_reactions(desk: &Desk, poll: &LivePoll, missed: Missed) {
    let (service, guild, message) = (desk.service(), poll.guild, poll.live.message);
    // What was seen is read first: what happens from here on is told by events as well.
    let (seen, numbers) = match tokio::join!(service.read_reactions(message), service.list_numbers(message)) {
        (Ok(seen), Ok(numbers)) => (seen, numbers),
        (Err(error), _) | (_, Err(error)) => {
            tracing::warn!(%guild, %error, "a poll's reactions could not be compared");
            return;
        }
    };
    let at = Posted {
        channel: poll.live.channel,
        message,
    };
    let there = match reacted(desk, at, &numbers).await {
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
        Ok(0) => {}
        Ok(changed) => {
            tracing::info!(%guild, changed, "reactions were caught up with");
            desk.live().refresh(guild);
        }
        Err(error) => tracing::warn!(%guild, %error, "a poll's reactions were not all counted"),
    }
}

/// The members' reactions with these numbers under a message.
async fn reacted(desk: &Desk, at: Posted, numbers: &[Number]) -> Result<Reactions, CallError> {
    let patience = || Patience::until(Instant::now() + READ_WITHIN);
    let mut there = Reactions::new();
    if numbers.is_empty() {
        return Ok(there);
    }
    let used = desk.rest().list_reacted(at, patience()).await?;
    for number in used.into_iter().filter(|number| numbers.contains(number)) {
        let members = desk.rest().list_reactors(at, number, patience()).await?;
        there.extend(members.into_iter().map(|member| (number, member)));
    }
    Ok(there)
}
