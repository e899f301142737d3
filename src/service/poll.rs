//! The poll's data path: one look at the database, what is missing fetched under one deadline and
//! saved in one write.

use super::{Service, ServiceError};
use crate::domain::ids::{GuildId, ImdbId, RoundId};
use crate::domain::poll::{LiveMessage, PollPage};

/// A page as the database has it, and the films whose data must be fetched before it is complete.
#[derive(Debug, Clone)]
pub struct PollDraft {
    /// The page; the details of `wanted` films are old or missing.
    pub page: PollPage,
    /// The films to fetch; empty when everything is fresh.
    pub wanted: Vec<ImdbId>,
}

/// A page after its deadline.
#[derive(Debug, Clone)]
pub struct CompletedPoll {
    /// The page as well as it could be had.
    pub page: PollPage,
    /// The films whose data is worth waiting for behind; see [`Service::fetch_late`].
    pub late: Vec<ImdbId>,
}

impl Service {
    /// Reads one page of the open round's poll (2 statements). `page` is clamped to those there are.
    /// Refused with `NothingProposed` when there is no open round.
    pub async fn read_poll(&self, _guild: GuildId, _page: u32) -> Result<PollDraft, ServiceError> {
        todo!()
    }

    /// Fetches what the draft wants within the fetch time-out, saves it in one write (1 statement, 0
    /// when nothing arrived) and completes the page. Never fails because of a provider or the write.
    pub async fn complete_poll(&self, _draft: PollDraft) -> CompletedPoll {
        todo!()
    }

    /// Remembers which message shows the round (1 statement); the one before it is retired by this.
    pub async fn record_live(&self, _round: RoundId, _live: LiveMessage) -> Result<(), ServiceError> {
        todo!()
    }

    /// Goes on fetching films that came too late for a view, until all are settled, the time given for
    /// late data is over, or something arrived: then it is saved, and `true` says that the message is
    /// worth an edit. `ids` keeps what is still open.
    pub async fn fetch_late(&self, _ids: &mut Vec<ImdbId>) -> bool {
        todo!()
    }
}
