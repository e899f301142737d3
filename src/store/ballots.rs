//! Ballots with stars or ranks: their drafts, and saving one as a whole.
//!
//! A draft is kept as JSON, with the method that it was made under: under another one it is none.

use serde::{Deserialize, Serialize};
use sqlx::{Executor, Postgres, QueryBuilder, Sqlite};

use crate::domain::draft::Draft;
use crate::domain::film::Film;
use crate::domain::ids::{FilmId, RoundId};
use crate::domain::round::Round;
use crate::domain::voter::VoterId;

use super::codec::{FilmRow, count, film_columns, integer};
use super::counted::Counted;
use super::db::{Db, on_db};
use super::error::StoreError;
use super::{Store, Tx};

/// Votes that one statement writes: five parameters each, and SQLite allows 32,766.
const VOTES_A_STATEMENT: usize = 1000;

/// A draft as the database holds it.
#[derive(Debug, Serialize, Deserialize)]
struct StoredDraft {
    method: String,
    values: Vec<(i64, u32)>,
}

impl Store {
    /// The draft of the voter's ballot, if there is one that was made under the round's method.
    pub async fn find_draft(&self, round: &Round, voter: VoterId) -> Result<Option<Draft>, StoreError> {
        find_draft(self.reader(), round, voter).await
    }
}

impl Tx {
    /// As [`Store::find_draft`], within this transaction.
    pub async fn find_draft(&mut self, round: &Round, voter: VoterId) -> Result<Option<Draft>, StoreError> {
        find_draft(self.on(), round, voter).await
    }

    /// Keeps the draft, in place of the one before it.
    pub async fn upsert_draft(
        &mut self,
        round: &Round,
        voter: VoterId,
        draft: &Draft,
        now: i64,
    ) -> Result<(), StoreError> {
        let stored = StoredDraft {
            method: round.rules.method.as_str().to_owned(),
            values: draft
                .values()
                .into_iter()
                .map(|(film, value)| (film.0, value))
                .collect(),
        };
        let json = serde_json::to_string(&stored)
            .map_err(|error| StoreError::Other(sqlx::Error::Encode(Box::new(error))))?;
        on_db!(self.on(), |db| async {
            sqlx::query(
                "INSERT INTO ballot_drafts (round_id, voter_id, draft, updated_at) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (round_id, voter_id) DO UPDATE SET draft = excluded.draft,
                     updated_at = excluded.updated_at",
            )
            .bind(round.id.0)
            .bind(voter.to_db())
            .bind(json.as_str())
            .bind(now)
            .execute(db)
            .await
            .map(drop)
        })
    }

    /// Throws the voter's draft away, if there is one.
    pub async fn delete_draft(&mut self, round: RoundId, voter: VoterId) -> Result<(), StoreError> {
        on_db!(self.on(), |db| async {
            sqlx::query("DELETE FROM ballot_drafts WHERE round_id = $1 AND voter_id = $2")
                .bind(round.0)
                .bind(voter.to_db())
                .execute(db)
                .await
                .map(drop)
        })
    }

    /// Takes the voter's votes for the films that are voted on in this round back; those for other films
    /// stay. How many there were; none when the round is not open.
    pub async fn delete_active_votes(&mut self, round: &Round, voter: VoterId) -> Result<u32, StoreError> {
        let rows: Vec<(i64,)> = on_db!(self.on(), |db| {
            sqlx::query_as(
                "DELETE FROM votes
                 WHERE round_id = $1 AND member_id = $2
                   AND film_id IN (SELECT p.film_id FROM proposals p
                                   WHERE p.guild_id = $3 AND p.state = 'active' AND p.waits_for IS NULL)
                   AND EXISTS (SELECT 1 FROM rounds r WHERE r.id = $1 AND r.state = 'open')
                 RETURNING film_id",
            )
            .bind(round.id.0)
            .bind(voter.to_db())
            .bind(round.guild.to_db())
            .fetch_all(db)
        })?;
        Ok(count(i64::try_from(rows.len()).unwrap_or(i64::MAX)))
    }

    /// Writes what a ballot says of these films, one statement for up to a thousand; what it said of them
    /// before is overwritten. Checks nothing: the round is open and held (see [`Tx::lock_ballot`]).
    pub async fn insert_values(
        &mut self,
        round: RoundId,
        voter: VoterId,
        values: &[(FilmId, u32)],
        now: i64,
    ) -> Result<(), StoreError> {
        for chunk in values.chunks(VOTES_A_STATEMENT) {
            on_db!(self.on(), |db: Driver| async {
                let mut query = QueryBuilder::<Driver>::new(
                    "INSERT INTO votes (round_id, member_id, film_id, cast_at, value) ",
                );
                query.push_values(chunk, |mut tuple, (film, value)| {
                    tuple
                        .push_bind(round.0)
                        .push_bind(voter.to_db())
                        .push_bind(film.0)
                        .push_bind(now)
                        .push_bind(integer(*value));
                });
                query.push(
                    " ON CONFLICT (round_id, member_id, film_id)
                      DO UPDATE SET value = excluded.value, cast_at = excluded.cast_at",
                );
                query.build().persistent(false).execute(db).await.map(drop)
            })?;
        }
        Ok(())
    }

    /// The film that the voter voted for last in this round.
    pub async fn find_last_choice(
        &mut self,
        round: RoundId,
        voter: VoterId,
    ) -> Result<Option<Film>, StoreError> {
        let row: Option<FilmRow> = on_db!(self.on(), |db| sqlx::query_as(concat!(
            "SELECT ",
            film_columns!("(SELECT r.guild_id FROM rounds r WHERE r.id = $1)"),
            " FROM votes v JOIN films f ON f.id = v.film_id
             WHERE v.round_id = $1 AND v.member_id = $2
             ORDER BY v.cast_at DESC, f.id DESC LIMIT 1"
        ))
        .bind(round.0)
        .bind(voter.to_db())
        .fetch_optional(db))?;
        Ok(row.map(FilmRow::into_film))
    }
}

async fn find_draft<'c, S, P>(
    on: Db<Counted<'c, S>, Counted<'c, P>>,
    round: &Round,
    voter: VoterId,
) -> Result<Option<Draft>, StoreError>
where
    S: Executor<'c, Database = Sqlite>,
    P: Executor<'c, Database = Postgres>,
{
    let row: Option<(String,)> = on_db!(on, |db| sqlx::query_as(
        "SELECT draft FROM ballot_drafts WHERE round_id = $1 AND voter_id = $2",
    )
    .bind(round.id.0)
    .bind(voter.to_db())
    .fetch_optional(db))?;
    Ok(row.and_then(|(json,)| read_draft(&json, round)))
}

/// The draft, unless it is unreadable or was made under other rules.
fn read_draft(json: &str, round: &Round) -> Option<Draft> {
    let stored: StoredDraft = serde_json::from_str(json).ok()?;
    let method = round.rules.method;
    if stored.method != method.as_str() {
        return None;
    }
    let values = stored
        .values
        .into_iter()
        .map(|(film, value)| (FilmId(film), value));
    Draft::of(method.ballot_kind(), values)
}
