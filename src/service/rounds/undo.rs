//! Ending a round without a result, and opening a closed one again.

use crate::domain::audit::Act;
use crate::domain::ids::{ChannelId, GuildId, MemberId, MessageId, RoundId};
use crate::domain::notice::{Notice, NoticeKind};
use crate::domain::policy::{Actor, Organizer};
use crate::domain::refusal::Refusal;
use crate::domain::round::{NextRound, Round, RoundState, Rules, Secrecy, Transition};
use crate::service::{Service, ServiceError};
use crate::store::{RoundEnd, StoreError, Tx};

/// A round was cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// The round.
    pub round: Round,
    /// How many members had voted in it.
    pub voters: u32,
    /// The round that is open now, if anything is left to vote on.
    pub next: Option<Round>,
}

impl Service {
    /// Ends the open round without a result. Its films are up for the vote in the next one.
    ///
    /// # Errors
    /// Refused with `NoOpenRound`.
    pub async fn cancel_round(&self, organizer: Organizer) -> Result<Cancelled, ServiceError> {
        let mut tx = self.store.begin_write().await.map_err(ServiceError::from_store)?;
        let cancelled = self.cancel_in(&mut tx, organizer).await;
        let cancelled = cancelled
            .map_err(ServiceError::from_store)?
            .ok_or(Refusal::NoOpenRound)?;
        tx.commit().await.map_err(ServiceError::from_store)?;
        self.ring_all();
        Ok(cancelled)
    }

    async fn cancel_in(&self, tx: &mut Tx, organizer: Organizer) -> Result<Option<Cancelled>, StoreError> {
        let (actor, now) = (organizer.actor(), self.clock.unix_secs());
        let settings = tx.lock_guild(actor.guild, now).await?;
        let Some(open) = tx.lock_open_round(actor.guild).await? else {
            return Ok(None);
        };
        let voters = tx.count_voters(open.id).await?;
        let Some(round) = self.cancel(tx, actor.member, &open, now).await? else {
            return Ok(None);
        };
        let next = self.open_if_needed(tx, actor, settings.rules, now).await?;
        Ok(Some(Cancelled { round, voters, next }))
    }

    /// Cancels this open round; the films that waited for its end are up again.
    async fn cancel(
        &self,
        tx: &mut Tx,
        by: MemberId,
        open: &Round,
        now: i64,
    ) -> Result<Option<Round>, StoreError> {
        let end = RoundEnd {
            state: RoundState::Cancelled,
            at: now,
            by: Some(by),
            asked_in: None,
            departed_unknown: false,
        };
        let round = self.end_in(tx, open, end).await?;
        if open.rules.secrecy == Secrecy::Anonymous {
            // Nobody can come back for them: it is not known any more whose they are.
            tx.delete_withheld_votes(open.id).await?;
        }
        tx.release_proposals(open.id).await?;
        self.close_poll(tx, open.guild, open.id, now).await?;
        Ok(round)
    }

    /// Opens a round under the server's own rules if anything is left to vote on.
    pub(in crate::service) async fn open_if_needed(
        &self,
        tx: &mut Tx,
        by: Actor,
        defaults: Rules,
        now: i64,
    ) -> Result<Option<Round>, StoreError> {
        if tx.has_active_proposals(by.guild).await? {
            self.ensure_round(tx, &self.new_round(by, defaults, now)).await
        } else {
            Ok(None)
        }
    }

    /// Has the message that shows the round, if there is one, say that it is over; where it stands.
    pub(super) async fn close_poll(
        &self,
        tx: &mut Tx,
        guild: GuildId,
        round: RoundId,
        now: i64,
    ) -> Result<Option<ChannelId>, StoreError> {
        let Some(live) = tx.find_live_message(round).await? else {
            return Ok(None);
        };
        let at = (live.channel, Some(live.message));
        let notice = self.notice(guild, round, NoticeKind::ClosePoll, at);
        tx.insert_notice(&notice, now).await?;
        Ok(Some(live.channel))
    }

    /// Something to be said about a round, in this channel, perhaps in this message.
    pub(in crate::service) fn notice(
        &self,
        guild: GuildId,
        round: RoundId,
        kind: NoticeKind,
        (channel, message): (ChannelId, Option<MessageId>),
    ) -> Notice {
        Notice {
            id: self.clock.key(),
            guild,
            channel,
            kind,
            round,
            message,
        }
    }

    /// Opens the round that was closed last again, with all of its votes. Its result is withdrawn, what it
    /// picked is up for the vote again, and the round that came after it, which has no votes, is cancelled.
    ///
    /// # Errors
    /// Refused with `NothingToReopen`, or with `Round` where the rules speak against it.
    pub async fn reopen_round(&self, organizer: Organizer) -> Result<Round, ServiceError> {
        let mut tx = self.store.begin_write().await.map_err(ServiceError::from_store)?;
        let reopened = self.reopen_in(&mut tx, organizer).await;
        match reopened.map_err(ServiceError::from_store)? {
            Ok(round) => {
                tx.commit().await.map_err(ServiceError::from_store)?;
                self.ring_all();
                Ok(round)
            }
            Err(refusal) => {
                tx.rollback().await.map_err(ServiceError::from_store)?;
                Err(refusal.into())
            }
        }
    }

    async fn reopen_in(
        &self,
        tx: &mut Tx,
        organizer: Organizer,
    ) -> Result<Result<Round, Refusal>, StoreError> {
        let (actor, now) = (organizer.actor(), self.clock.unix_secs());
        tx.lock_guild(actor.guild, now).await?;
        // No vote comes into the next round while it is judged.
        let open = tx.lock_open_round(actor.guild).await?;
        let Some(closed) = tx.find_last_closed_round(actor.guild).await? else {
            return Ok(Err(Refusal::NothingToReopen));
        };
        let mut later = tx.list_later_rounds(actor.guild, closed.number).await?;
        // One that was cancelled, as by an earlier reopening, left nothing that could be in the way.
        later.retain(|round| round.state != RoundState::Cancelled);
        let next = match (later.as_slice(), &open) {
            ([], _) => NextRound::None,
            ([only], Some(open)) if only.id == open.id && tx.count_voters(open.id).await? == 0 => {
                NextRound::WithoutVotes
            }
            _ => NextRound::UnderWay,
        };
        let round = match closed.after(Transition::Reopen { now, next }) {
            Ok(round) => round,
            Err(why) => return Ok(Err(Refusal::Round(why))),
        };
        let result = tx.find_result_of(closed.id).await?;
        if let Some(open) = open {
            self.cancel(tx, actor.member, &open, now).await?;
        }
        tx.delete_result(closed.id).await?;
        tx.unpick_proposals(closed.id, actor.member, now).await?;
        if let Some(result) = result.filter(|_| closed.runoff_of.is_some()) {
            let tied: Vec<_> = result.entries.iter().map(|entry| entry.proposal).collect();
            tx.hold_proposals(actor.guild, closed.id, &tied).await?;
        }
        tx.drop_notices(closed.id).await?;
        if let Some((channel, message)) = tx.find_announcement(closed.id).await? {
            let at = (channel, Some(message));
            let notice = self.notice(actor.guild, closed.id, NoticeKind::Reopened, at);
            tx.insert_notice(&notice, now).await?;
        }
        tx.reopen_round(closed.id).await?;
        let number = closed.number;
        self.note(tx, organizer, Act::RoundReopened { number }).await?;
        Ok(Ok(round))
    }

    /// A round ended or began: everybody who waits for that looks.
    pub(super) fn ring_all(&self) {
        self.bells.closings.ring();
        self.bells.ended_polls.ring();
        self.bells.notices.ring();
    }
}
