//! Counting a round that was closed, and recording its result with all that follows from it. The second half of
//! what [`super::close`] begins; safe to be done by several at once, and again after a crash.

use super::NOBODY;
use crate::domain::ids::{ChannelId, GuildId, RoundId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy::Actor;
use crate::domain::record::Record;
use crate::domain::result::{
    Contender, EndedRound, RUN_OFF_SECS, RoundResult, Verdict, VotesCast, run_off_rules,
};
use crate::domain::round::{Round, Rules, Secrecy};
use crate::service::{Service, ServiceError};
use crate::store::{StoreError, Tx};

/// How many rows of votes are read at a time.
const ROWS: u32 = 20_000;

/// How often a round is counted again because a film was withdrawn meanwhile.
const ATTEMPTS: u32 = 5;

/// What became of the attempt to record a result.
enum Recorded {
    Now,
    /// Somebody else did, or the round was opened again.
    NotHere,
    /// A film was withdrawn since it was counted.
    OutOfDate,
}

impl Service {
    /// Counts the rounds of this server that were closed and are not counted yet.
    pub(in crate::service) async fn settle_rounds(&self, guild: GuildId) -> Result<(), ServiceError> {
        // More than one there is not: no other opens before it is counted.
        let left = self.store.list_uncounted_rounds(Some(guild), 1).await;
        for (round, _) in left.map_err(ServiceError::from_store)? {
            self.settle_round(round).await?;
        }
        Ok(())
    }

    /// Counts a closed round and records its result, if nobody did; its result. `None` when it is not closed.
    pub(super) async fn settle_round(&self, round: RoundId) -> Result<Option<RoundResult>, ServiceError> {
        for _ in 0..ATTEMPTS {
            let uncounted = self.store.find_uncounted_round(round).await;
            let Some(ended) = uncounted.map_err(ServiceError::from_store)? else {
                break;
            };
            let (guild, asked_in) = (ended.round.guild, ended.round.asked_in);
            let (result, record) = self.count_round(ended).await?;
            let recorded = self.record_result(guild, &result, &record, asked_in).await;
            match recorded.map_err(ServiceError::from_store)? {
                Recorded::Now => {
                    tracing::info!(
                        %guild, %round, verdict = ?result.verdict, voters = result.voters, "a round was counted"
                    );
                    self.ring_all();
                    return Ok(Some(result));
                }
                Recorded::NotHere => break,
                Recorded::OutOfDate => {}
            }
        }
        let recorded = self.store.find_result_of(round).await;
        recorded.map_err(ServiceError::from_store)
    }

    /// Reads what a closed round was voted on and counts it, away from the tasks that answer members.
    async fn count_round(&self, ended: EndedRound) -> Result<(RoundResult, Record), ServiceError> {
        let round = &ended.round;
        let contenders = self.store.list_contenders(round.guild, round.id).await;
        let contenders = contenders.map_err(ServiceError::from_store)?;
        let votes = self.read_votes(round, &contenders).await;
        let votes = votes.map_err(ServiceError::from_store)?;
        let withheld = self.store.count_withheld_voters(round.id).await;
        let withheld = withheld.map_err(ServiceError::from_store)?;
        let counting = self.tasks.spawn_blocking(move || {
            let (mut result, election) = RoundResult::count(ended, contenders, votes);
            result.withheld = withheld;
            let record = result.record(&election);
            (result, record)
        });
        counting
            .await
            .map_err(|error| ServiceError::Internal(error.into()))
    }

    async fn read_votes(&self, round: &Round, contenders: &[Contender]) -> Result<VotesCast, StoreError> {
        let mut votes = VotesCast::new(round.rules.method, contenders);
        let mut after = None;
        loop {
            let rows = self.store.list_ballot_marks(round.id, after, ROWS).await?;
            let Some(last) = rows.last() else {
                return Ok(votes);
            };
            after = Some((last.voter, last.film));
            for mark in rows {
                votes.push(mark);
            }
        }
    }

    /// Records the result, and in the same transaction does what follows from it.
    async fn record_result(
        &self,
        guild: GuildId,
        result: &RoundResult,
        record: &Record,
        asked_in: Option<ChannelId>,
    ) -> Result<Recorded, StoreError> {
        let now = self.clock.unix_secs();
        let mut tx = self.store.begin_write().await?;
        let settings = tx.lock_guild(guild, now).await?;
        if !tx.insert_result(result, record, now).await? {
            tx.rollback().await?;
            return Ok(Recorded::NotHere);
        }
        let by = result.ended_by.unwrap_or(NOBODY);
        for entry in result.picked() {
            if !tx.pick_proposal(entry.proposal, result.round, by, now).await? {
                tx.rollback().await?;
                return Ok(Recorded::OutOfDate);
            }
        }
        if result.rules.secrecy == Secrecy::Anonymous {
            // Nobody can come back for them: it is not known any more whose they are.
            tx.delete_withheld_votes(result.round).await?;
        }
        tx.release_proposals(result.round).await?;
        let polled_in = self.close_poll(&mut tx, guild, result.round, now).await?;
        let known = polled_in.or(asked_in);
        self.open_next(
            &mut tx,
            Actor {
                guild,
                member: by,
                manages_server: false,
            },
            result,
            (settings.rules, known),
            now,
        )
        .await?;
        let announced_in = settings.channel.or(known);
        if let Some(channel) = announced_in {
            let notice = self.notice(guild, result.round, NoticeKind::Result, (channel, None));
            tx.insert_notice(&notice, now).await?;
        }
        tx.commit().await?;
        if announced_in.is_none() {
            tracing::warn!(
                %guild, round = %result.round,
                "a result is announced nowhere, since no channel is known; /results shows it, and \
                 /settings server sets a channel for the next ones"
            );
        }
        Ok(Recorded::Now)
    }

    /// Opens what follows a result: the run-off, which is announced where the result is, or the next round if
    /// anything is left to vote on.
    async fn open_next(
        &self,
        tx: &mut Tx,
        by: Actor,
        result: &RoundResult,
        (defaults, known): (Rules, Option<ChannelId>),
        now: i64,
    ) -> Result<(), StoreError> {
        if result.verdict == Verdict::RunOff {
            let mut run_off = self.new_round(by, run_off_rules(result), now);
            run_off.title.clone_from(&result.title);
            run_off.runoff_of = Some(result.round);
            run_off.asked_in = known;
            run_off.closes_at = result.had_closing_time.then(|| now.saturating_add(RUN_OFF_SECS));
            if let Some(round) = self.ensure_round(tx, &run_off).await? {
                let tied: Vec<_> = result.runs_off().map(|entry| entry.proposal).collect();
                tx.hold_proposals(by.guild, round.id, &tied).await?;
            }
        } else {
            self.open_if_needed(tx, by, defaults, now).await?;
        }
        Ok(())
    }
}
