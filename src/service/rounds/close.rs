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

use super::count::Told;
use crate::domain::audit::{Act, AuditEntry};
use crate::domain::ids::{ChannelId, GuildId, MemberId, RoundId};
use crate::domain::policy::Organizer;
use crate::domain::refusal::Refusal;
use crate::domain::result::RoundResult;
use crate::domain::round::{Round, RoundState};
use crate::service::{Service, ServiceError};
use crate::store::{RoundEnd, StoreError, Tx};

/// Rounds that are closed between two looks at the clock.
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
        let claimed = self.claim(actor.guild, open.id, Some(actor.member)).await;
        let round = claimed
            .map_err(ServiceError::from_store)?
            .ok_or(Refusal::NoOpenRound)?;
        let told = Told {
            here: Some(here),
            departed_unknown,
        };
        match self.settle_round(round.id, told).await {
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
        let left = self.behind.list_uncounted_rounds(None).await;
        for (round, guild) in left.map_err(ServiceError::from_store)? {
            tracing::info!(%guild, %round, "a closed round is counted");
            done.note(guild, self.settle_round(round, Told::default()).await.map(|_| ()));
        }
        loop {
            let now = self.clock.unix_secs();
            let due = self.behind.list_due_rounds(now, DUE_AT_ONCE).await;
            let due = due.map_err(ServiceError::from_store)?;
            let failed = done.failed;
            let more = u32::try_from(due.len()).is_ok_and(|rounds| rounds == DUE_AT_ONCE);
            let closing = due
                .into_iter()
                .map(|(round, guild)| async move { (guild, self.close_due(round, guild).await) });
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

    async fn close_due(&self, round: RoundId, guild: GuildId) -> Result<(), ServiceError> {
        let open = self
            .store
            .find_round(round)
            .await
            .map_err(ServiceError::from_store)?;
        let Some(open) = open.filter(Round::is_open) else {
            return Ok(());
        };
        let departed_unknown = self.look_for_departed(&open).await;
        let claimed = self.claim(guild, round, None).await;
        if claimed.map_err(ServiceError::from_store)?.is_some() {
            let told = Told {
                here: None,
                departed_unknown,
            };
            self.settle_round(round, told).await?;
        }
        Ok(())
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
    async fn claim(
        &self,
        guild: GuildId,
        round: RoundId,
        by: Option<MemberId>,
    ) -> Result<Option<Round>, StoreError> {
        let now = self.clock.unix_secs();
        let mut tx = self.store.begin_write().await?;
        // No proposal opens a round between the end of this one and its result.
        tx.lock_guild(guild, now).await?;
        let end = RoundEnd {
            state: RoundState::Closed,
            at: now,
            by,
        };
        let claimed = self.end_in(&mut tx, round, end).await?;
        if claimed.is_some() {
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
        Ok(claimed)
    }

    /// Ends an open round within this transaction, with the line in the audit.
    pub(super) async fn end_in(
        &self,
        tx: &mut Tx,
        round: RoundId,
        end: RoundEnd,
    ) -> Result<Option<Round>, StoreError> {
        let Some(ended) = tx.claim_round_end(round, end).await? else {
            return Ok(None);
        };
        tx.delete_ballot_drafts(round).await?;
        let number = ended.number;
        let entry = AuditEntry {
            at: end.at,
            by: end.by,
            act: match end.state {
                RoundState::Cancelled => Act::RoundCancelled { number },
                _ => Act::RoundClosed { number },
            },
        };
        tx.insert_audit(self.clock.key(), ended.guild, &entry).await?;
        Ok(Some(ended))
    }
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
