//! Votes: a ballot is its rows, and what is shown is always counted from them.

use sqlx::{Executor, Postgres, Sqlite};

use crate::domain::film::Film;
use crate::domain::ids::{FilmId, GuildId, MemberId, ProposalId, RoundId};
use crate::domain::proposal::ProposalState;
use crate::domain::round::Round;
use crate::domain::voter::VoterId;

use super::codec::{FilmRow, count, film_columns, proposal_state};
use super::counted::Counted;
use super::db::{Db, on_db};
use super::error::StoreError;
use super::rounds::{RoundRow, round_columns};
use super::{Store, Tx};

/// A round and a proposal that a vote names, for the rules to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Votable {
    /// The round.
    pub round: Round,
    /// The proposal's server; that of the round may be another, when the control was forged.
    pub proposal_guild: GuildId,
    /// Where the proposal stands.
    pub proposal_state: ProposalState,
    /// Whether it waits for a run-off to end.
    pub waits: bool,
    /// The proposal's film.
    pub film: Film,
    /// Whether votes of members who left are set aside in the round.
    pub withheld: bool,
}

/// An active proposal on a member's ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotRow {
    /// The proposal.
    pub proposal: ProposalId,
    /// Its film.
    pub film: Film,
    /// What the ballot says of it: 1 where films are chosen, its rank from 1, or its stars; `None`: nothing.
    pub value: Option<u32>,
}

#[derive(Debug, sqlx::FromRow)]
struct VotableRow {
    #[sqlx(flatten)]
    round: RoundRow,
    proposal_guild: i64,
    proposal_state: String,
    waits_for: Option<i64>,
    withheld: i32,
    #[sqlx(flatten)]
    film: FilmRow,
}

#[derive(Debug, sqlx::FromRow)]
struct LineRow {
    proposal_id: i64,
    value: Option<i32>,
    #[sqlx(flatten)]
    film: FilmRow,
}

/// The source of a vote that a reaction gave. Votes without a source come from buttons and ballots.
pub(super) const REACTION: &str = "reaction";

/// Lines of a ballot at most; a server has hardly more proposals, and nobody reads further.
const BALLOT_LINES: i64 = 1000;

impl Store {
    /// The films that the voter votes for in this round, those that are no longer proposed included.
    pub async fn find_member_ballot(
        &self,
        round: RoundId,
        voter: impl Into<VoterId>,
    ) -> Result<Vec<FilmId>, StoreError> {
        let rows: Vec<(i64,)> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT film_id FROM votes WHERE round_id = $1 AND member_id = $2 ORDER BY cast_at, film_id",
        )
        .bind(round.0)
        .bind(voter.into().to_db())
        .fetch_all(db))?;
        Ok(rows.into_iter().map(|(film,)| FilmId(film)).collect())
    }

    /// Every proposal that is voted on in the server, earliest first, and what the voter's ballot in this round
    /// says of it. At most a thousand.
    pub async fn list_ballot_lines(
        &self,
        guild: GuildId,
        round: RoundId,
        voter: impl Into<VoterId>,
    ) -> Result<Vec<BallotRow>, StoreError> {
        list_ballot_lines(self.reader(), guild, round, voter.into()).await
    }
}

impl Tx {
    /// As [`Store::list_ballot_lines`], within this transaction.
    pub async fn list_ballot_lines(
        &mut self,
        guild: GuildId,
        round: RoundId,
        voter: VoterId,
    ) -> Result<Vec<BallotRow>, StoreError> {
        list_ballot_lines(self.on(), guild, round, voter).await
    }

    /// Keeps the round as it is, and the member's ballot in it to this transaction, until it ends: the
    /// round cannot be closed under a vote, and two clicks of one member come one after the other.
    /// Others' votes do not wait. To be called before a ballot is read or changed.
    ///
    /// SQLite's writers are alone anyway, so there it sends nothing.
    pub async fn lock_ballot(&mut self, round: RoundId, member: MemberId) -> Result<(), StoreError> {
        match self.on() {
            Db::Sqlite(_) => Ok(()),
            Db::Postgres(db) => {
                let patience = db.patience();
                let locking = sqlx::query(
                    "SELECT pg_advisory_xact_lock(hashint8extended($2, $1)) FROM rounds WHERE id = $1 FOR SHARE",
                )
                .bind(round.0)
                .bind(member.to_db())
                .execute(db);
                super::bounded(patience, locking).await.map(|_| ())
            }
        }
    }

    /// What a vote names, with what the rules need to judge it; `None` when either does not exist.
    pub async fn find_votable(
        &mut self,
        round: RoundId,
        proposal: ProposalId,
    ) -> Result<Option<Votable>, StoreError> {
        let row: Option<VotableRow> = on_db!(self.on(), |db| {
            sqlx::query_as(concat!(
                "SELECT ",
                round_columns!("r"),
                ", p.guild_id AS proposal_guild, p.state AS proposal_state, p.waits_for,
                    CASE WHEN EXISTS (SELECT 1 FROM withheld_votes w WHERE w.round_id = r.id)
                         THEN 1 ELSE 0 END AS withheld, ",
                film_columns!("p.guild_id"),
                " FROM rounds r JOIN proposals p ON p.id = $2 JOIN films f ON f.id = p.film_id
             WHERE r.id = $1",
            ))
            .bind(round.0)
            .bind(proposal.0)
            .fetch_optional(db)
        })?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Votable {
            round: row.round.into_round()?,
            proposal_guild: GuildId::from_db(row.proposal_guild),
            proposal_state: proposal_state(&row.proposal_state)?,
            waits: row.waits_for.is_some(),
            withheld: row.withheld != 0,
            film: row.film.into_film(),
        }))
    }

    /// Whether the member votes for this film in this round.
    pub async fn has_voted(
        &mut self,
        round: RoundId,
        voter: impl Into<VoterId>,
        film: FilmId,
    ) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "SELECT cast_at FROM votes WHERE round_id = $1 AND member_id = $2 AND film_id = $3",
        )
        .bind(round.0)
        .bind(voter.into().to_db())
        .bind(film.0)
        .fetch_optional(db))?;
        Ok(row.is_some())
    }

    /// Votes for the proposal's film. `false`, and nothing is written, when the vote is there already, the
    /// round is not open, or the proposal is not active in the round's server.
    pub async fn insert_vote(
        &mut self,
        round: RoundId,
        voter: impl Into<VoterId>,
        proposal: ProposalId,
        now: i64,
    ) -> Result<bool, StoreError> {
        self.insert_vote_from(round, voter.into(), proposal, None, now)
            .await
    }

    /// As [`Tx::insert_vote`], remembering where the vote came from: see [`REACTION`].
    pub(super) async fn insert_vote_from(
        &mut self,
        round: RoundId,
        voter: VoterId,
        proposal: ProposalId,
        source: Option<&'static str>,
        now: i64,
    ) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "INSERT INTO votes (round_id, member_id, film_id, cast_at, source)
             SELECT r.id, $2, p.film_id, $4, $5
             FROM rounds r JOIN proposals p ON p.guild_id = r.guild_id
             WHERE r.id = $1 AND r.state = 'open' AND p.id = $3 AND p.state = 'active' AND p.waits_for IS NULL
             ON CONFLICT (round_id, member_id, film_id) DO NOTHING
             RETURNING film_id",
        )
        .bind(round.0)
        .bind(voter.to_db())
        .bind(proposal.0)
        .bind(now)
        .bind(source)
        .fetch_optional(db))?;
        Ok(row.is_some())
    }

    /// Takes the vote for the proposal's film back. `false` when there is none, or the round is not open.
    pub async fn delete_vote(
        &mut self,
        round: RoundId,
        voter: impl Into<VoterId>,
        proposal: ProposalId,
    ) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "DELETE FROM votes
             WHERE round_id = $1 AND member_id = $2
               AND film_id = (SELECT p.film_id FROM proposals p WHERE p.id = $3)
               AND EXISTS (SELECT 1 FROM rounds r WHERE r.id = $1 AND r.state = 'open')
             RETURNING film_id",
        )
        .bind(round.0)
        .bind(voter.into().to_db())
        .bind(proposal.0)
        .fetch_optional(db))?;
        Ok(row.is_some())
    }

    /// Takes all of the member's votes in this round back, those for films that are no longer proposed
    /// included. How many there were; none when the round is not open.
    pub async fn delete_member_votes(
        &mut self,
        round: RoundId,
        voter: impl Into<VoterId>,
    ) -> Result<u32, StoreError> {
        let rows: Vec<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "DELETE FROM votes
             WHERE round_id = $1 AND member_id = $2
               AND EXISTS (SELECT 1 FROM rounds r WHERE r.id = $1 AND r.state = 'open')
             RETURNING film_id",
        )
        .bind(round.0)
        .bind(voter.into().to_db())
        .fetch_all(db))?;
        Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
    }

    /// Takes the voter's votes back that are for films which are not voted on in this round (any more): where
    /// votes are limited, they would count beyond the limit should such a film return. How many there were; none
    /// when the round is not open.
    pub async fn delete_idle_votes(
        &mut self,
        round: &Round,
        voter: impl Into<VoterId>,
    ) -> Result<u32, StoreError> {
        let rows: Vec<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "DELETE FROM votes
             WHERE round_id = $1 AND member_id = $2
               AND film_id NOT IN (SELECT p.film_id FROM proposals p
                                   WHERE p.guild_id = $3 AND p.state = 'active' AND p.waits_for IS NULL)
               AND EXISTS (SELECT 1 FROM rounds r WHERE r.id = $1 AND r.state = 'open')
             RETURNING film_id",
        )
        .bind(round.id.0)
        .bind(voter.into().to_db())
        .bind(round.guild.to_db())
        .fetch_all(db))?;
        Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
    }

    /// How many of the films that are voted on in this round the voter votes for.
    pub async fn count_spent_votes(
        &mut self,
        round: &Round,
        voter: impl Into<VoterId>,
    ) -> Result<u32, StoreError> {
        let (spent,): (i64,) = on_db!(self.on(), |db| sqlx::query_as(
            "SELECT COUNT(*) FROM votes v
             JOIN proposals p ON p.guild_id = $1 AND p.film_id = v.film_id AND p.state = 'active'
                 AND p.waits_for IS NULL
             WHERE v.round_id = $2 AND v.member_id = $3",
        )
        .bind(round.guild.to_db())
        .bind(round.id.0)
        .bind(voter.into().to_db())
        .fetch_one(db))?;
        Ok(count(spent))
    }

    /// How many votes the proposal's film has in the open round of its server.
    pub async fn count_votes(&mut self, proposal: ProposalId) -> Result<u32, StoreError> {
        let (votes,): (i64,) = on_db!(self.on(), |db| sqlx::query_as(
            "SELECT COUNT(*) FROM proposals p
             JOIN rounds r ON r.guild_id = p.guild_id AND r.state = 'open'
             JOIN votes v ON v.round_id = r.id AND v.film_id = p.film_id
             WHERE p.id = $1",
        )
        .bind(proposal.0)
        .fetch_one(db))?;
        Ok(count(votes))
    }
}

async fn list_ballot_lines<'c, S, P>(
    on: Db<Counted<'c, S>, Counted<'c, P>>,
    guild: GuildId,
    round: RoundId,
    voter: VoterId,
) -> Result<Vec<BallotRow>, StoreError>
where
    S: Executor<'c, Database = Sqlite>,
    P: Executor<'c, Database = Postgres>,
{
    let rows: Vec<LineRow> = on_db!(on, |db| sqlx::query_as(concat!(
        "SELECT p.id AS proposal_id, v.value, ",
        film_columns!("$1"),
        " FROM proposals p JOIN films f ON f.id = p.film_id
         LEFT JOIN votes v ON v.round_id = $2 AND v.member_id = $3 AND v.film_id = p.film_id
         WHERE p.guild_id = $1 AND p.state = 'active' AND p.waits_for IS NULL
         ORDER BY p.proposed_at, p.id LIMIT $4"
    ))
    .bind(guild.to_db())
    .bind(round.0)
    .bind(voter.to_db())
    .bind(BALLOT_LINES)
    .fetch_all(db))?;
    Ok(rows
        .into_iter()
        .map(|row| BallotRow {
            proposal: ProposalId(row.proposal_id),
            film: row.film.into_film(),
            value: row.value.map(|value| count(value.into())),
        })
        .collect())
}
