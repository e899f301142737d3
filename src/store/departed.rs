//! Votes of members who left, set aside where the server does not count them. What counts votes never sees
//! these.

use futures::TryFutureExt;

use crate::domain::ids::RoundId;
use crate::domain::voter::VoterId;

use super::codec::count;
use super::db::on_db;
use super::error::StoreError;
use super::{Store, Tx};

/// A vote on its way to those that are set aside, or back.
#[derive(Debug, sqlx::FromRow)]
struct VoteRow {
    film_id: i64,
    cast_at: i64,
    source: Option<String>,
    value: i32,
}

impl Store {
    /// Who votes in the round, `limit` of them at most.
    pub async fn list_voters(&self, round: RoundId, limit: u32) -> Result<Vec<VoterId>, StoreError> {
        let rows: Vec<(i64,)> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT DISTINCT member_id FROM votes WHERE round_id = $1 ORDER BY member_id LIMIT $2",
        )
        .bind(round.0)
        .bind(i64::from(limit))
        .fetch_all(db))?;
        Ok(rows.into_iter().map(|(voter,)| VoterId::from_db(voter)).collect())
    }

    /// Whose votes in the round are set aside, `limit` of them at most.
    pub async fn list_withheld_voters(&self, round: RoundId, limit: u32) -> Result<Vec<VoterId>, StoreError> {
        let rows: Vec<(i64,)> = on_db!(self.reader(), |db| {
            sqlx::query_as(
            "SELECT DISTINCT member_id FROM withheld_votes WHERE round_id = $1 ORDER BY member_id LIMIT $2",
        )
        .bind(round.0)
        .bind(i64::from(limit))
        .fetch_all(db)
        })?;
        Ok(rows.into_iter().map(|(voter,)| VoterId::from_db(voter)).collect())
    }

    /// How many members' votes in the round are set aside.
    pub async fn count_withheld_voters(&self, round: RoundId) -> Result<u32, StoreError> {
        let (voters,): (i64,) = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT COUNT(DISTINCT member_id) FROM withheld_votes WHERE round_id = $1",
        )
        .bind(round.0)
        .fetch_one(db))?;
        Ok(count(voters))
    }
}

impl Tx {
    /// Sets the voter's votes aside: they count no longer. `false` when there are none, or the round is not
    /// open.
    pub async fn withhold_votes(
        &mut self,
        round: RoundId,
        voter: VoterId,
        now: i64,
    ) -> Result<bool, StoreError> {
        // What is taken out is what is set aside: a vote that comes meanwhile stays where it is.
        let rows: Vec<VoteRow> = on_db!(self.on(), |db| sqlx::query_as(
            "DELETE FROM votes WHERE round_id = $1 AND member_id = $2
               AND EXISTS (SELECT 1 FROM rounds r WHERE r.id = $1 AND r.state = 'open')
             RETURNING film_id, cast_at, source, value",
        )
        .bind(round.0)
        .bind(voter.to_db())
        .fetch_all(db))?;
        for row in &rows {
            on_db!(self.on(), |db| {
                sqlx::query(
                "INSERT INTO withheld_votes (round_id, member_id, film_id, cast_at, source, value, withheld_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (round_id, member_id, film_id) DO UPDATE SET value = excluded.value",
            )
            .bind(round.0)
            .bind(voter.to_db())
            .bind(row.film_id)
            .bind(row.cast_at)
            .bind(row.source.as_deref())
            .bind(row.value)
            .bind(now)
            .execute(db)
            .map_ok(drop)
            })?;
        }
        Ok(!rows.is_empty())
    }

    /// Takes the voter's votes back that were set aside: they count again. `false` when there are none, or
    /// the round is not open (a statement, and one for each vote).
    pub async fn restore_votes(&mut self, round: RoundId, voter: VoterId) -> Result<bool, StoreError> {
        let rows: Vec<VoteRow> = on_db!(self.on(), |db| sqlx::query_as(
            "DELETE FROM withheld_votes WHERE round_id = $1 AND member_id = $2
               AND EXISTS (SELECT 1 FROM rounds r WHERE r.id = $1 AND r.state = 'open')
             RETURNING film_id, cast_at, source, value",
        )
        .bind(round.0)
        .bind(voter.to_db())
        .fetch_all(db))?;
        for row in &rows {
            on_db!(self.on(), |db| sqlx::query(
                "INSERT INTO votes (round_id, member_id, film_id, cast_at, source, value)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (round_id, member_id, film_id) DO NOTHING",
            )
            .bind(round.0)
            .bind(voter.to_db())
            .bind(row.film_id)
            .bind(row.cast_at)
            .bind(row.source.as_deref())
            .bind(row.value)
            .execute(db)
            .map_ok(drop))?;
        }
        Ok(!rows.is_empty())
    }
}
