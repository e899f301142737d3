//! Results of closed rounds, and what they are counted from.

use futures::TryFutureExt;

use crate::domain::ids::{FilmId, GuildId, MemberId, ProposalId, RoundId};
use crate::domain::record::Record;
use crate::domain::result::{BallotMark, Contender, EndedRound, RoundResult};
use crate::domain::voter::VoterId;

use super::codec::{FilmRow, count, film_columns, integer};
use super::db::on_db;
use super::error::StoreError;
use super::rounds::{RoundRow, round_columns};
use super::{Store, Tx};

#[derive(Debug, sqlx::FromRow)]
struct EndedRow {
    #[sqlx(flatten)]
    round: RoundRow,
    ended_by: Option<i64>,
    departed_unknown: bool,
}

#[derive(Debug, sqlx::FromRow)]
struct ContenderRow {
    proposal_id: i64,
    proposed_by: i64,
    proposed_at: i64,
    #[sqlx(flatten)]
    film: FilmRow,
}

impl ContenderRow {
    fn into_contender(self) -> Contender {
        let film = self.film.into_film();
        Contender {
            proposal: ProposalId(self.proposal_id),
            film: film.id,
            title: film.shown_title().to_owned(),
            year: film.shown_year(),
            imdb_id: film.imdb_id,
            proposed_by: MemberId::from_db(self.proposed_by),
            proposed_at: self.proposed_at,
        }
    }
}

impl Store {
    /// This round, if it was closed and is not counted yet.
    pub async fn find_uncounted_round(&self, round: RoundId) -> Result<Option<EndedRound>, StoreError> {
        let row: Option<EndedRow> = on_db!(self.reader(), |db| {
            sqlx::query_as(concat!(
                "SELECT ",
                round_columns!("r"),
                ", r.ended_by, r.departed_unknown FROM rounds r WHERE r.id = $1 AND r.uncounted",
            ))
            .bind(round.0)
            .fetch_optional(db)
        })?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(EndedRound {
            round: row.round.into_round()?,
            ended_by: row.ended_by.map(MemberId::from_db),
            departed_unknown: row.departed_unknown,
        }))
    }

    /// What is voted on in the server, earliest first: what stands when this round ends. Of more than a count
    /// takes ([`Record::MAX_PROPOSALS`]), those that most members voted for.
    pub async fn list_contenders(
        &self,
        guild: GuildId,
        round: RoundId,
    ) -> Result<Vec<Contender>, StoreError> {
        let most = i64::try_from(Record::MAX_PROPOSALS).unwrap_or(i64::MAX);
        let rows: Vec<ContenderRow> = on_db!(self.reader(), |db| sqlx::query_as(concat!(
            "SELECT p.id AS proposal_id, p.proposed_by, p.proposed_at, ",
            film_columns!("$1"),
            " FROM proposals p JOIN films f ON f.id = p.film_id
             WHERE p.guild_id = $1 AND p.state = 'active' AND p.waits_for IS NULL
             ORDER BY (SELECT COUNT(*) FROM votes v WHERE v.round_id = $2 AND v.film_id = p.film_id) DESC,
                      p.proposed_at, p.id
             LIMIT $3"
        ))
        .bind(guild.to_db())
        .bind(round.0)
        .bind(most)
        .fetch_all(db))?;
        let mut contenders: Vec<_> = rows.into_iter().map(ContenderRow::into_contender).collect();
        contenders.sort_by_key(|contender| (contender.proposed_at, contender.proposal));
        Ok(contenders)
    }

    /// A round's votes, by voter: at most `limit` rows after the one of this voter and film.
    pub async fn list_ballot_marks(
        &self,
        round: RoundId,
        after: Option<(VoterId, FilmId)>,
        limit: u32,
    ) -> Result<Vec<BallotMark>, StoreError> {
        // Nothing comes before the least voter and the least film.
        let (voter, film) = after.map_or((i64::MIN, i64::MIN), |(voter, film)| (voter.to_db(), film.0));
        let rows: Vec<(i64, i64, i32)> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT member_id, film_id, value FROM votes
             WHERE round_id = $1 AND (member_id, film_id) > ($2, $3)
             ORDER BY member_id, film_id LIMIT $4",
        )
        .bind(round.0)
        .bind(voter)
        .bind(film)
        .bind(i64::from(limit))
        .fetch_all(db))?;
        Ok(rows
            .into_iter()
            .map(|(voter, film, value)| BallotMark {
                voter: VoterId::from_db(voter),
                film: FilmId(film),
                value: count(value.into()),
            })
            .collect())
    }

    /// The result of the server's round with this number, or of the one that was counted last.
    pub async fn find_result(
        &self,
        guild: GuildId,
        number: Option<u32>,
    ) -> Result<Option<RoundResult>, StoreError> {
        let row: Option<(String,)> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT c.result FROM round_results c JOIN rounds r ON r.id = c.round_id
             WHERE r.guild_id = $1 AND ($2 IS NULL OR r.number = $2)
             ORDER BY r.number DESC LIMIT 1",
        )
        .bind(guild.to_db())
        .bind(number.map(integer))
        .fetch_optional(db))?;
        row.map(|(json,)| read_result(&json)).transpose()
    }

    /// The result of this round.
    pub async fn find_result_of(&self, round: RoundId) -> Result<Option<RoundResult>, StoreError> {
        let row: Option<(String,)> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT result FROM round_results WHERE round_id = $1",
        )
        .bind(round.0)
        .fetch_optional(db))?;
        row.map(|(json,)| read_result(&json)).transpose()
    }

    /// What this round was counted from, as JSON in the format of exports.
    pub async fn find_record(&self, round: RoundId) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT record FROM round_results WHERE round_id = $1",
        )
        .bind(round.0)
        .fetch_optional(db))?;
        Ok(row.map(|(json,)| json))
    }
}

impl Tx {
    /// Records what came of a round, with what it was counted from. `false`, and nothing is written, when it is
    /// recorded already, or the round is not closed since the instant that the result tells: of all who count a
    /// round, one records it.
    pub async fn insert_result(
        &mut self,
        result: &RoundResult,
        record: &Record,
        now: i64,
    ) -> Result<bool, StoreError> {
        let unwritable = |error: serde_json::Error| StoreError::Other(sqlx::Error::Encode(Box::new(error)));
        let json = serde_json::to_string(result).map_err(unwritable)?;
        let record = serde_json::to_string(record).map_err(unwritable)?;
        let row: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "INSERT INTO round_results (round_id, guild_id, counted_at, result, record)
             SELECT r.id, r.guild_id, $3, $4, $5 FROM rounds r
             WHERE r.id = $1 AND r.state = 'closed' AND r.ended_at = $2
             ON CONFLICT (round_id) DO NOTHING RETURNING round_id",
        )
        .bind(result.round.0)
        .bind(result.ended_at)
        .bind(now)
        .bind(json.as_str())
        .bind(record.as_str())
        .fetch_optional(db))?;
        if row.is_none() {
            return Ok(false);
        }
        on_db!(self.on(), |db| sqlx::query(
            "UPDATE rounds SET uncounted = FALSE WHERE id = $1"
        )
        .bind(result.round.0)
        .execute(db)
        .map_ok(drop))?;
        Ok(true)
    }

    /// As [`Store::find_result_of`], within this transaction.
    pub async fn find_result_of(&mut self, round: RoundId) -> Result<Option<RoundResult>, StoreError> {
        let row: Option<(String,)> = on_db!(self.on(), |db| sqlx::query_as(
            "SELECT result FROM round_results WHERE round_id = $1",
        )
        .bind(round.0)
        .fetch_optional(db))?;
        row.map(|(json,)| read_result(&json)).transpose()
    }

    /// Withdraws a round's result. `false` when there is none.
    pub async fn delete_result(&mut self, round: RoundId) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "DELETE FROM round_results WHERE round_id = $1 RETURNING round_id",
        )
        .bind(round.0)
        .fetch_optional(db))?;
        Ok(row.is_some())
    }
}

pub(super) fn read_result(json: &str) -> Result<RoundResult, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::Unreadable {
        column: "round_results.result",
    })
}
