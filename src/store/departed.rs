//! Votes of members who left, set aside where the server does not count them. What counts votes never sees
//! these.

use futures::TryFutureExt;

use crate::domain::ids::RoundId;
use crate::domain::voter::VoterId;

use super::db::on_db;
use super::error::StoreError;
use super::{Store, Tx};

/// A vote that was set aside.
#[derive(Debug, sqlx::FromRow)]
struct WithheldRow {
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
        let row: Vec<(i64,)> = on_db!(self.on(), |db| {
            sqlx::query_as(
            "INSERT INTO withheld_votes (round_id, member_id, film_id, cast_at, source, value, withheld_at)
             SELECT v.round_id, v.member_id, v.film_id, v.cast_at, v.source, v.value, $3
             FROM votes v JOIN rounds r ON r.id = v.round_id
             WHERE v.round_id = $1 AND v.member_id = $2 AND r.state = 'open'
             ON CONFLICT (round_id, member_id, film_id) DO UPDATE SET value = excluded.value
             RETURNING film_id",
        )
        .bind(round.0)
        .bind(voter.to_db())
        .bind(now)
        .fetch_all(db)
        })?;
        if row.is_empty() {
            return Ok(false);
        }
        on_db!(self.on(), |db| sqlx::query(
            "DELETE FROM votes WHERE round_id = $1 AND member_id = $2",
        )
        .bind(round.0)
        .bind(voter.to_db())
        .execute(db)
        .map_ok(drop))?;
        Ok(true)
    }

    /// Takes the voter's votes back that were set aside: they count again. `false` when there are none, or
    /// the round is not open (1 statement).
    pub async fn restore_votes(&mut self, round: RoundId, voter: VoterId) -> Result<bool, StoreError> {
        let rows: Vec<WithheldRow> = on_db!(self.on(), |db| sqlx::query_as(
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
