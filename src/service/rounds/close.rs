//! Closing a round, exactly once, whoever tries and whatever dies on the way.
//!
//! Two transactions. The first takes the round: it is closed, no vote is taken any more, and of several who
//! try (an organizer, the clock, other processes) one succeeds. The second records its result, with what
//! follows from it: picked films, the next round, what is to be said; again one succeeds. Between the two
//! the ballots are read and counted, which may take seconds and must not hold up every other server's votes.
//! That is safe because nothing that is counted changes in between, and the server opens no other round
//! until the result is there. A process that dies in between leaves a closed round without a result, which
//! is counted by the next one that looks, be it at a start, by the clock, or for a member's proposal.

use crate::domain::audit::{Act, AuditEntry};
use crate::domain::ids::{ChannelId, GuildId, MemberId, RoundId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy::{Actor, Organizer};
use crate::domain::record::Record;
use crate::domain::refusal::Refusal;
use crate::domain::result::{
    BallotBox, Contender, EndedRound, RUN_OFF_SECS, RoundResult, Verdict, run_off_rules,
};
use crate::domain::round::{Round, RoundState, Rules, Secrecy};
use crate::service::{Service, ServiceError};
use crate::store::{RoundEnd, StoreError, Tx};

/// How many rows of votes are read or changed at a time.
const ROWS: u32 = 20_000;

/// How often a round is counted again because a film was withdrawn meanwhile.
const ATTEMPTS: u32 = 5;

/// Rounds that are closed between two looks at the clock.
const DUE_AT_ONCE: u32 = 100;

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

/// What became of the attempt to record a result.
enum Recorded {
    Now,
    /// Somebody else did, or the round was opened again.
    NotHere,
    /// A film was withdrawn since it was counted.
    OutOfDate,
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
        self.look_for_departed(actor.guild).await;
        let claimed = self.claim_open(actor).await.map_err(ServiceError::from_store)?;
        let round = claimed.ok_or(Refusal::NoOpenRound)?;
        let result = self.settle_round(round.id, Some(here)).await?;
        // Reopened by somebody else before it was counted.
        result.ok_or_else(|| Refusal::NoOpenRound.into())
    }

    /// Closes and counts every round whose time has come, and counts those that a process left behind closed.
    /// One that fails does not keep the others.
    ///
    /// # Errors
    /// When the database cannot say which they are.
    pub async fn close_due_rounds(&self) -> Result<DueRounds, ServiceError> {
        let mut done = DueRounds::default();
        let left = self.behind.list_uncounted_rounds(None).await;
        for (round, guild) in left.map_err(ServiceError::from_store)? {
            tracing::info!(%guild, %round, "a closed round is counted");
            done.note(guild, self.settle_round(round, None).await.map(|_| ()));
        }
        loop {
            let now = self.clock.unix_secs();
            let due = self.behind.list_due_rounds(now, DUE_AT_ONCE).await;
            let due = due.map_err(ServiceError::from_store)?;
            let failed = done.failed;
            for (round, guild) in &due {
                let closed = self.close_due(*round, *guild).await;
                done.note(*guild, closed);
            }
            let more = u32::try_from(due.len()).is_ok_and(|rounds| rounds == DUE_AT_ONCE);
            if !more || done.failed > failed {
                break;
            }
        }
        let next = self.behind.find_next_closing().await;
        done.next_at = next.map_err(ServiceError::from_store)?;
        Ok(done)
    }

    async fn close_due(&self, round: RoundId, guild: GuildId) -> Result<(), ServiceError> {
        self.look_for_departed(guild).await;
        let claimed = self.claim(guild, round, None).await;
        if claimed.map_err(ServiceError::from_store)?.is_some() {
            self.settle_round(round, None).await?;
        }
        Ok(())
    }

    /// Counts the rounds of this server that were closed and are not counted yet.
    pub(in crate::service) async fn settle_rounds(&self, guild: GuildId) -> Result<(), ServiceError> {
        let left = self.store.list_uncounted_rounds(Some(guild)).await;
        for (round, _) in left.map_err(ServiceError::from_store)? {
            self.settle_round(round, None).await?;
        }
        Ok(())
    }

    /// Has the votes of members who left set aside before the round is taken, where the server does not count
    /// them. What cannot be found out counts, and keeps no round from its close.
    async fn look_for_departed(&self, guild: GuildId) {
        match self.apply_departed_votes(guild).await {
            Ok(check) if check.incomplete => {
                tracing::warn!(%guild, "a round closes before all of its voters were found to be members still");
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%guild, %error, "members who left could not be looked for"),
        }
    }

    async fn claim_open(&self, by: Actor) -> Result<Option<Round>, StoreError> {
        let Some(open) = self.store.find_open_round(by.guild).await? else {
            return Ok(None);
        };
        self.claim(by.guild, open.id, Some(by.member)).await
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

    /// Counts a closed round and records its result, if nobody did; its result. `None` when it is not closed.
    pub(super) async fn settle_round(
        &self,
        round: RoundId,
        here: Option<ChannelId>,
    ) -> Result<Option<RoundResult>, ServiceError> {
        for _ in 0..ATTEMPTS {
            let uncounted = self.store.find_uncounted_round(round).await;
            let Some(ended) = uncounted.map_err(ServiceError::from_store)? else {
                break;
            };
            let guild = ended.round.guild;
            let (result, record) = self.count_round(ended).await?;
            let recorded = self.record_result(guild, &result, &record, here).await;
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
        if round.rules.secrecy == Secrecy::Anonymous {
            self.forget_times(round).await.map_err(ServiceError::from_store)?;
        }
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

    async fn read_votes(&self, round: &Round, contenders: &[Contender]) -> Result<BallotBox, StoreError> {
        let mut votes = BallotBox::new(round.rules.method, contenders);
        let mut after = None;
        loop {
            let rows = self.store.list_ballot_marks(round.id, after, ROWS).await?;
            let Some(last) = rows.last() else {
                return Ok(votes);
            };
            after = Some((last.voter, last.film));
            rows.into_iter().for_each(|mark| votes.push(mark));
        }
    }

    /// Has the votes of an ended round tell nothing of when they were cast: no log leads from there to a member.
    pub(super) async fn forget_times(&self, round: &Round) -> Result<(), StoreError> {
        while self
            .store
            .erase_vote_times(round.id, round.opened_at, ROWS)
            .await?
            > 0
        {}
        self.store.erase_withheld_times(round.id, round.opened_at).await
    }

    /// Records the result, and in the same transaction does what follows from it.
    async fn record_result(
        &self,
        guild: GuildId,
        result: &RoundResult,
        record: &Record,
        here: Option<ChannelId>,
    ) -> Result<Recorded, StoreError> {
        let now = self.clock.unix_secs();
        let mut tx = self.store.begin_write().await?;
        let settings = tx.lock_guild(guild, now).await?;
        if !tx.insert_result(result, record, now).await? {
            tx.rollback().await?;
            return Ok(Recorded::NotHere);
        }
        // 0: nobody; its time had come.
        let by = result.ended_by.unwrap_or(MemberId(0));
        for entry in result.picked() {
            if !tx.pick_proposal(entry.proposal, result.round, by, now).await? {
                tx.rollback().await?;
                return Ok(Recorded::OutOfDate);
            }
        }
        tx.release_proposals(result.round).await?;
        self.open_next(
            &mut tx,
            Actor {
                guild,
                member: by,
                manages_server: false,
            },
            result,
            settings.rules,
            now,
        )
        .await?;

        let polled_in = self.close_poll(&mut tx, guild, result.round, now).await?;
        if let Some(channel) = settings.channel.or(polled_in).or(here) {
            let notice = self.notice(guild, result.round, NoticeKind::Result, (channel, None));
            tx.insert_notice(&notice, now).await?;
        }
        tx.commit().await?;
        Ok(Recorded::Now)
    }

    /// Opens what follows a result: the run-off, or the next round if anything is left to vote on.
    async fn open_next(
        &self,
        tx: &mut Tx,
        by: Actor,
        result: &RoundResult,
        defaults: Rules,
        now: i64,
    ) -> Result<(), StoreError> {
        if result.verdict == Verdict::RunOff {
            let mut run_off = self.new_round(by, run_off_rules(result), now);
            run_off.title.clone_from(&result.title);
            run_off.runoff_of = Some(result.round);
            run_off.closes_at = result.had_closing_time.then(|| now.saturating_add(RUN_OFF_SECS));
            if let Some(round) = tx.ensure_open_round(&run_off).await? {
                let tied: Vec<_> = result.runs_off().map(|entry| entry.proposal).collect();
                tx.hold_proposals(by.guild, round.id, &tied).await?;
            }
        } else {
            self.open_if_needed(tx, by, defaults, now).await?;
        }
        Ok(())
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
