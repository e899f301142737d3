//! Closing a round, exactly once, whoever tries and whatever dies on the way.
//!
//! Two transactions. The first takes the round: it is closed, no vote is taken any more, and of several who
//! try (an organizer, the clock, other processes) one succeeds. The second records its result, with what
//! follows from it: picked films, the next round, what is to be said; again one succeeds. Between the two
//! the ballots are read and counted, which may take seconds and must not hold up every other server's votes.
//! That is safe because nothing that is counted changes in between, and the server opens no other round
//! until the result is there. A process that dies in between leaves a closed round without a result, which
//! is counted by the next one that looks, be it at a start, by the clock, or for a member's proposal.

use futures::{StreamExt as _, stream};

use crate::domain::audit::Act;
use crate::domain::ids::{ChannelId, GuildId, RoundId};
use crate::domain::policy::Organizer;
use crate::domain::refusal::Refusal;
use crate::domain::result::RoundResult;
use crate::domain::round::{Round, RoundState, Transition};
use crate::service::{Service, ServiceError};
use crate::store::{RoundEnd, StoreError, Tx};

/// Rounds that are closed, and such that were left behind counted, between two looks at the clock.
const DUE_AT_ONCE: u32 = 100;

/// How many of them side by side: one may take seconds to find out who left.
const SIDE_BY_SIDE: usize = 8;

/// What the closing of due rounds brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DueRounds {
    /// How many rounds were closed, or counted where that was left over.
    pub closed: u32,
    /// How many could not be; they stay due.
    pub failed: u32,
    /// When the next round closes, Unix seconds.
    pub next_at: Option<i64>,
}

impl Service {
    /// Ends the open round of the organizer's server now and counts it. What there is to announce goes to the
    /// server's channel for announcements, else to the poll's, else `here`.
    ///
    /// # Errors
    /// Refused with `NoOpenRound`.
    pub async fn end_round(
        &self,
        organizer: Organizer,
        here: ChannelId,
    ) -> Result<RoundResult, ServiceError> {
        let actor = organizer.actor();
        let open = self.store.find_open_round(actor.guild).await;
        let open = open
            .map_err(ServiceError::from_store)?
            .ok_or(Refusal::NoOpenRound)?;
        let departed_unknown = self.look_for_departed(&open).await;
        let end = RoundEnd {
            by: Some(actor.member),
            asked_in: Some(here),
            ..self.end_by_itself(departed_unknown)
        };
        let claimed = self.claim(&open, end).await;
        let round = claimed
            .map_err(ServiceError::from_store)?
            .ok_or(Refusal::NoOpenRound)?;
        match self.settle_round(round.id).await {
            Ok(Some(result)) => Ok(result),
            // Reopened by somebody else before it was counted.
            Ok(None) => Err(Refusal::NoOpenRound.into()),
            Err(error) => {
                // It is closed all the same, and due to be counted.
                self.bells.closings.ring();
                Err(error)
            }
        }
    }

    /// Closes and counts every round whose time has come, and counts those that a process left behind closed.
    /// One that fails, or takes long, does not keep the others.
    ///
    /// # Errors
    /// When the database cannot say which they are.
    pub async fn close_due_rounds(&self) -> Result<DueRounds, ServiceError> {
        let mut done = DueRounds::default();
        loop {
            let now = self.clock.unix_secs();
            let left = self.behind.list_uncounted_rounds(None, DUE_AT_ONCE).await;
            let left = left.map_err(ServiceError::from_store)?;
            let due = self.behind.list_due_rounds(now, DUE_AT_ONCE).await;
            let due = due.map_err(ServiceError::from_store)?;
            let failed = done.failed;
            let more = [left.len(), due.len()].contains(&(DUE_AT_ONCE as usize));
            let left = left.into_iter().map(|of| (of, Work::Left));
            let work = left.chain(due.into_iter().map(|of| (of, Work::Due)));
            let closing = work.map(async |((round, guild), work)| {
                let done = match work {
                    Work::Left => self.count_left(round, guild).await,
                    Work::Due => self.close_due(round).await,
                };
                (guild, done)
            });
            let mut closing = stream::iter(closing).buffer_unordered(SIDE_BY_SIDE);
            while let Some((guild, closed)) = closing.next().await {
                done.note(guild, closed);
            }
            if !more || done.failed > failed {
                break;
            }
        }
        let next = self.behind.find_next_closing().await;
        done.next_at = next.map_err(ServiceError::from_store)?;
        Ok(done)
    }

    async fn count_left(&self, round: RoundId, guild: GuildId) -> Result<(), ServiceError> {
        tracing::info!(%guild, %round, "a closed round is counted");
        self.settle_round(round).await.map(drop)
    }

    async fn close_due(&self, round: RoundId) -> Result<(), ServiceError> {
        let open = self
            .store
            .find_round(round)
            .await
            .map_err(ServiceError::from_store)?;
        let Some(open) = open.filter(Round::is_open) else {
            return Ok(());
        };
        let departed_unknown = self.look_for_departed(&open).await;
        let claimed = self.claim(&open, self.end_by_itself(departed_unknown)).await;
        if claimed.map_err(ServiceError::from_store)?.is_some() {
            self.settle_round(round).await?;
        }
        Ok(())
    }

    /// The end of a round whose time has come.
    fn end_by_itself(&self, departed_unknown: bool) -> RoundEnd {
        RoundEnd {
            state: RoundState::Closed,
            at: self.clock.unix_secs(),
            by: None,
            asked_in: None,
            departed_unknown,
        }
    }

    /// Has the votes of those who left set aside where the server has it so. `true` when it could not be found
    /// out of everybody: their votes count.
    async fn look_for_departed(&self, open: &Round) -> bool {
        match self.check_departed(open).await {
            Ok(check) => check.incomplete,
            Err(error) => {
                tracing::warn!(guild = %open.guild, %error, "it was not found out who left");
                true
            }
        }
    }

    /// Takes the round for closing; `None` when there is nothing to take.
    async fn claim(&self, round: &Round, end: RoundEnd) -> Result<Option<Round>, StoreError> {
        let mut tx = self.store.begin_write().await?;
        // No proposal opens a round between the end of this one and its result.
        tx.lock_guild(round.guild, end.at).await?;
        let open = tx.lock_open_round(round.guild).await?;
        let claimed = match open.filter(|open| open.id == round.id) {
            Some(open) => self.end_in(&mut tx, &open, end).await?,
            None => None,
        };
        if claimed.is_some() {
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
        Ok(claimed)
    }

    /// Ends an open round, which is held as it is, within this transaction, with the line in the audit. `None`
    /// when its rules or, for one that ends by itself, its time speak against it.
    pub(super) async fn end_in(
        &self,
        tx: &mut Tx,
        open: &Round,
        end: RoundEnd,
    ) -> Result<Option<Round>, StoreError> {
        let number = open.number;
        let (transition, act) = match end.state {
            RoundState::Cancelled => (Transition::Cancel { now: end.at }, Act::RoundCancelled { number }),
            RoundState::Open | RoundState::Closed => {
                (Transition::Close { now: end.at }, Act::RoundClosed { number })
            }
        };
        let Ok(ended) = open.after(transition) else {
            return Ok(None);
        };
        let end = RoundEnd {
            state: ended.state,
            ..end
        };
        if tx.claim_round_end(open.id, end).await?.is_none() {
            return Ok(None);
        }
        tx.delete_ballot_drafts(open.id).await?;
        self.note_by(tx, open.guild, end.by, act).await?;
        Ok(Some(ended))
    }
}

/// Why a round is looked at.
#[derive(Debug, Clone, Copy)]
enum Work {
    /// It was left behind closed.
    Left,
    /// Its time has come.
    Due,
}

impl DueRounds {
    fn note(&mut self, guild: GuildId, outcome: Result<(), ServiceError>) {
        match outcome {
            Ok(()) => self.closed += 1,
            Err(error) => {
                self.failed += 1;
                tracing::error!(%guild, %error, "a round whose time has come could not be closed");
            }
        }
    }
}
