//! What happens to a round once it is open: its rules and closing time, its end, and its opening again.

use futures::TryFutureExt;

use crate::domain::ids::{ChannelId, GuildId, MemberId, ProposalId, RoundId};
use crate::domain::proposal::ProposalState;
use crate::domain::round::{Round, RoundState};
use crate::domain::voter::BallotKey;

use super::codec::{count, integer};
use super::db::on_db;
use super::error::StoreError;
use super::rounds::{RoundRow, bind_rules, round_columns};
use super::{Store, Tx};

/// How an open round ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundEnd {
    /// What becomes of it: closed or cancelled.
    pub state: RoundState,
    /// When, Unix seconds.
    pub at: i64,
    /// Who ends it; `None`: its time has come, and it ends only if that is so.
    pub by: Option<MemberId>,
    /// Where that was asked for; `None`: nowhere, and where the round was last opened or changed stays known.
    pub asked_in: Option<ChannelId>,
    /// Whether it could not be found out of every voter whether they left, for the result to say.
    pub departed_unknown: bool,
}

impl Store {
    /// The open rounds whose time has come at `now`, the longest overdue first, each with its server.
    pub async fn list_due_rounds(&self, now: i64, limit: u32) -> Result<Vec<(RoundId, GuildId)>, StoreError> {
        let rows: Vec<(i64, i64)> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT id, guild_id FROM rounds WHERE state = 'open' AND closes_at <= $1
             ORDER BY closes_at, id LIMIT $2",
        )
        .bind(now)
        .bind(i64::from(limit))
        .fetch_all(db))?;
        Ok(read_rounds(rows))
    }

    /// When the next open round closes by itself, Unix seconds.
    pub async fn find_next_closing(&self) -> Result<Option<i64>, StoreError> {
        let (next,): (Option<i64>,) = on_db!(self.reader(), |db| {
            sqlx::query_as("SELECT MIN(closes_at) FROM rounds WHERE state = 'open' AND closes_at IS NOT NULL")
                .fetch_one(db)
        })?;
        Ok(next)
    }

    /// The rounds that were closed and are not counted yet, those that ended first before others, each with its
    /// server: of one server, or of all. An index knows them, however many rounds there were.
    pub async fn list_uncounted_rounds(
        &self,
        guild: Option<GuildId>,
        limit: u32,
    ) -> Result<Vec<(RoundId, GuildId)>, StoreError> {
        let rows: Vec<(i64, i64)> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT r.id, r.guild_id FROM rounds r
             WHERE r.uncounted AND ($1 IS NULL OR r.guild_id = $1)
             ORDER BY r.ended_at, r.id LIMIT $2",
        )
        .bind(guild.map(GuildId::to_db))
        .bind(i64::from(limit))
        .fetch_all(db))?;
        Ok(read_rounds(rows))
    }
}

fn read_rounds(rows: Vec<(i64, i64)>) -> Vec<(RoundId, GuildId)> {
    rows.into_iter()
        .map(|(round, guild)| (RoundId(round), GuildId::from_db(guild)))
        .collect()
}

impl Tx {
    /// Ends an open round: no vote is taken from here on, and what links an anonymous round's ballots to their
    /// owners is gone. `None` when it has ended already, or with [`RoundEnd::by`] `None` when its time has not
    /// come: of all who try, one gets the round.
    pub async fn claim_round_end(
        &mut self,
        round: RoundId,
        end: RoundEnd,
    ) -> Result<Option<Round>, StoreError> {
        let row: Option<RoundRow> = on_db!(self.on(), |db| {
            sqlx::query_as(concat!(
                "UPDATE rounds SET state = $2, ended_at = $3, ended_by = $4, ballot_key = NULL,
                     asked_in = COALESCE($5, asked_in), departed_unknown = $6, uncounted = $7
                 WHERE id = $1 AND state = 'open' AND ($4 IS NOT NULL OR closes_at <= $3)
                 RETURNING ",
                round_columns!("rounds"),
            ))
            .bind(round.0)
            .bind(end.state.as_str())
            .bind(end.at)
            .bind(end.by.map(MemberId::to_db))
            .bind(end.asked_in.map(ChannelId::to_db))
            .bind(end.departed_unknown)
            .bind(end.state == RoundState::Closed)
            .fetch_optional(db)
        })?;
        row.map(RoundRow::into_round).transpose()
    }

    /// The server's open round, kept as it is until this transaction ends: no vote comes in meanwhile.
    pub async fn lock_open_round(&mut self, guild: GuildId) -> Result<Option<Round>, StoreError> {
        let row: Option<RoundRow> = on_db!(self.on(), |db| {
            sqlx::query_as(concat!(
                "UPDATE rounds SET state = 'open' WHERE guild_id = $1 AND state = 'open' RETURNING ",
                round_columns!("rounds"),
            ))
            .bind(guild.to_db())
            .fetch_optional(db)
        })?;
        row.map(RoundRow::into_round).transpose()
    }

    /// Gives an open round the rules, title and closing time of `round`, where that was asked for, and the key and
    /// seed if it lacks them.
    /// `false` when it is not open.
    pub async fn update_open_round(
        &mut self,
        round: &Round,
        ballot_key: &BallotKey,
        draw_seed: &str,
    ) -> Result<bool, StoreError> {
        let rules = round.rules;
        let row: Option<(i64,)> = on_db!(self.on(), |db| {
            let query = sqlx::query_as(
            "UPDATE rounds SET method = $2, picks = $3, votes_each = $4, secrecy = $5, ties = $6, quorum = $7,
                 title = $8, closes_at = $9, ballot_key = COALESCE(ballot_key, $10),
                 draw_seed = COALESCE(draw_seed, $11), asked_in = COALESCE($12, asked_in)
             WHERE id = $1 AND state = 'open' RETURNING id",
        )
        .bind(round.id.0);
            bind_rules!(query, rules)
                .bind(round.title.as_deref())
                .bind(round.closes_at)
                .bind(ballot_key.as_str())
                .bind(draw_seed)
                .bind(round.asked_in.map(ChannelId::to_db))
                .fetch_optional(db)
        })?;
        Ok(row.is_some())
    }

    /// Opens a closed round again, without a closing time. `false` when it is not closed. The server must have
    /// no open round.
    pub async fn reopen_round(&mut self, round: RoundId) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "UPDATE rounds SET state = 'open', ended_at = NULL, ended_by = NULL, closes_at = NULL,
                 departed_unknown = FALSE, uncounted = FALSE
             WHERE id = $1 AND state = 'closed' RETURNING id",
        )
        .bind(round.0)
        .fetch_optional(db))?;
        Ok(row.is_some())
    }

    /// The round of the server that was closed last.
    pub async fn find_last_closed_round(&mut self, guild: GuildId) -> Result<Option<Round>, StoreError> {
        let row: Option<RoundRow> = on_db!(self.on(), |db| {
            sqlx::query_as(concat!(
                "SELECT ",
                round_columns!("r"),
                " FROM rounds r WHERE r.guild_id = $1 AND r.state = 'closed' ORDER BY r.number DESC LIMIT 1",
            ))
            .bind(guild.to_db())
            .fetch_optional(db)
        })?;
        row.map(RoundRow::into_round).transpose()
    }

    /// The server's rounds with a number above this one, in their order.
    pub async fn list_later_rounds(&mut self, guild: GuildId, number: u32) -> Result<Vec<Round>, StoreError> {
        let rows: Vec<RoundRow> = on_db!(self.on(), |db| {
            sqlx::query_as(concat!(
                "SELECT ",
                round_columns!("r"),
                " FROM rounds r WHERE r.guild_id = $1 AND r.number > $2 ORDER BY r.number",
            ))
            .bind(guild.to_db())
            .bind(integer(number))
            .fetch_all(db)
        })?;
        rows.into_iter().map(RoundRow::into_round).collect()
    }

    /// How many members have a vote in this round.
    pub async fn count_voters(&mut self, round: RoundId) -> Result<u32, StoreError> {
        let (voters,): (i64,) = on_db!(self.on(), |db| {
            sqlx::query_as(
            "SELECT COUNT(*) FROM (SELECT DISTINCT v.member_id FROM votes v WHERE v.round_id = $1) AS voting",
        )
        .bind(round.0)
        .fetch_one(db)
        })?;
        Ok(count(voters))
    }

    /// Drops all votes of a round, which cannot be taken over under its new rules, and those that were set
    /// aside. How many counted.
    pub async fn delete_round_votes(&mut self, round: RoundId) -> Result<u64, StoreError> {
        let (votes,): (i64,) = on_db!(self.on(), |db| sqlx::query_as(
            "SELECT COUNT(*) FROM votes WHERE round_id = $1",
        )
        .bind(round.0)
        .fetch_one(db))?;
        self.delete_withheld_votes(round).await?;
        on_db!(self.on(), |db| sqlx::query(
            "DELETE FROM votes WHERE round_id = $1"
        )
        .bind(round.0)
        .execute(db)
        .map_ok(drop))?;
        Ok(votes.unsigned_abs())
    }

    /// Drops the votes of a round that were set aside.
    pub async fn delete_withheld_votes(&mut self, round: RoundId) -> Result<(), StoreError> {
        on_db!(self.on(), |db| sqlx::query(
            "DELETE FROM withheld_votes WHERE round_id = $1"
        )
        .bind(round.0)
        .execute(db)
        .map_ok(drop))
    }

    /// Forgets the reactions under a round's messages: those that stand there are news to whoever looks next.
    pub async fn delete_round_reactions(&mut self, round: RoundId) -> Result<(), StoreError> {
        on_db!(self.on(), |db| sqlx::query(
            "DELETE FROM reactions WHERE message_id IN (
                 SELECT n.message_id FROM poll_numbers n WHERE n.round_id = $1)"
        )
        .bind(round.0)
        .execute(db)
        .map_ok(drop))
    }

    /// Drops the ballots of a round that were being filled in.
    pub async fn delete_ballot_drafts(&mut self, round: RoundId) -> Result<(), StoreError> {
        on_db!(self.on(), |db| sqlx::query(
            "DELETE FROM ballot_drafts WHERE round_id = $1"
        )
        .bind(round.0)
        .execute(db)
        .map_ok(drop))
    }

    /// Moves an active proposal to those that a round picked. `false` when it is not active (any more).
    pub async fn pick_proposal(
        &mut self,
        proposal: ProposalId,
        round: RoundId,
        by: MemberId,
        now: i64,
    ) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "UPDATE proposals SET state = $2, picked_in = $3, state_at = $4, state_by = $5
             WHERE id = $1 AND state = 'active' RETURNING id",
        )
        .bind(proposal.0)
        .bind(ProposalState::Picked.as_str())
        .bind(round.0)
        .bind(now)
        .bind(by.to_db())
        .fetch_optional(db))?;
        Ok(row.is_some())
    }

    /// Puts what a round picked up for the vote again, but for films that are up again by another proposal.
    /// How many proposals that were.
    pub async fn unpick_proposals(
        &mut self,
        round: RoundId,
        by: MemberId,
        now: i64,
    ) -> Result<u32, StoreError> {
        let rows: Vec<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "UPDATE proposals SET state = 'active', picked_in = NULL, state_at = $2, state_by = $3
             WHERE picked_in = $1 AND state = 'picked'
               AND NOT EXISTS (SELECT 1 FROM proposals other
                   WHERE other.guild_id = proposals.guild_id AND other.film_id = proposals.film_id
                     AND other.state = 'active')
             RETURNING id",
        )
        .bind(round.0)
        .bind(now)
        .bind(by.to_db())
        .fetch_all(db))?;
        Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
    }

    /// Has all of the server's active proposals wait for the end of this run-off, but for the `tied`.
    pub async fn hold_proposals(
        &mut self,
        guild: GuildId,
        run_off: RoundId,
        tied: &[ProposalId],
    ) -> Result<(), StoreError> {
        on_db!(self.on(), |db| sqlx::query(
            "UPDATE proposals SET waits_for = $2 WHERE guild_id = $1 AND state = 'active'",
        )
        .bind(guild.to_db())
        .bind(run_off.0)
        .execute(db)
        .map_ok(drop))?;
        for proposal in tied {
            on_db!(self.on(), |db| sqlx::query(
                "UPDATE proposals SET waits_for = NULL WHERE id = $1"
            )
            .bind(proposal.0)
            .execute(db)
            .map_ok(drop))?;
        }
        Ok(())
    }

    /// Has the proposals that waited for the end of this run-off be voted on again.
    pub async fn release_proposals(&mut self, run_off: RoundId) -> Result<(), StoreError> {
        on_db!(self.on(), |db| sqlx::query(
            "UPDATE proposals SET waits_for = NULL WHERE waits_for = $1"
        )
        .bind(run_off.0)
        .execute(db)
        .map_ok(drop))
    }

    /// Whether anything is up for the vote in the server, or waits to be.
    pub async fn has_active_proposals(&mut self, guild: GuildId) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "SELECT id FROM proposals WHERE guild_id = $1 AND state = 'active' LIMIT 1",
        )
        .bind(guild.to_db())
        .fetch_optional(db))?;
        Ok(row.is_some())
    }
}
