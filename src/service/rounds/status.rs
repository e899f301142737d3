//! Looking at rounds without changing them.

use crate::domain::ids::{GuildId, RoundId};
use crate::domain::notice::{Notice, NoticeKind};
use crate::domain::poll::PollHead;
use crate::domain::refusal::Refusal;
use crate::domain::result::RoundResult;
use crate::domain::round::{Round, RoundState};
use crate::service::{Service, ServiceError};

/// Messages of ended rounds that are brought up to date at a time.
const ENDED_AT_ONCE: u32 = 100;

/// A round that is over, as the message that showed it tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndedPoll {
    /// It was closed, with this result.
    Closed(Box<RoundResult>),
    /// It was cancelled.
    Cancelled(Box<Round>),
    /// It goes on: it was opened again meanwhile.
    Open,
}

impl Service {
    /// The server's open round with its turnout (1 statement).
    ///
    /// # Errors
    /// Refused with `NoOpenRound`.
    pub async fn round_status(&self, guild: GuildId) -> Result<PollHead, ServiceError> {
        let head = self.store.find_poll_head(guild).await;
        let head = head.map_err(ServiceError::from_store)?;
        Ok(head.ok_or(Refusal::NoOpenRound)?)
    }

    /// The messages that show a round which is over and do not say so yet, some at a time (1 statement).
    pub async fn list_ended_polls(&self) -> Result<Vec<Notice>, ServiceError> {
        let now = self.clock.unix_secs();
        let due = self
            .store
            .list_due_notices(NoticeKind::ClosePoll, now, ENDED_AT_ONCE)
            .await;
        due.map_err(ServiceError::from_store)
    }

    /// How a round ended.
    pub async fn ended_poll(&self, round: RoundId) -> Result<EndedPoll, ServiceError> {
        let result = self.store.find_result_of(round).await;
        if let Some(result) = result.map_err(ServiceError::from_store)? {
            return Ok(EndedPoll::Closed(Box::new(result)));
        }
        let found = self.store.find_round(round).await;
        Ok(match found.map_err(ServiceError::from_store)? {
            Some(round) if round.state == RoundState::Cancelled => EndedPoll::Cancelled(Box::new(round)),
            _ => EndedPoll::Open,
        })
    }

    /// The message says that its round is over, or can say nothing any more.
    pub async fn finish_ended_poll(&self, notice: &Notice) -> Result<(), ServiceError> {
        let finished = self.store.finish_notice(notice.id).await;
        finished.map(drop).map_err(ServiceError::from_store)
    }
}
