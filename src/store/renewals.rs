//! Which films' data is to be renewed, and who is at it: claims for the background, pages for the operator.
//!
//! A film without data is one that has none, or whose data this version cannot read. Rows dated so far ahead
//! that they are not believed (see [`Cached::CLOCK_SLACK_SECS`]) are to be renewed whatever the age asked for.

use sqlx::QueryBuilder;

use crate::domain::film::Cached;
use crate::domain::ids::ImdbId;

use super::Store;
use super::codec::{count, readable_pattern};
use super::db::on_db;
use super::error::StoreError;

/// How long a film that a round picked, and nobody marked as watched, is still of interest. Seconds.
const PICKED_SECS: i64 = 30 * 24 * 3600;

/// Nobody puts a film off for longer; a longer one was written before the clock was set back. Seconds.
const LONGEST_SECS: i64 = 24 * 3600;

/// Films of one statement: one or two parameters each, and SQLite allows 32,766.
const FILMS_A_STATEMENT: usize = 1000;

/// When a film is due to be renewed in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Now, Unix seconds.
    pub now: i64,
    /// The age at which the first films are due, in seconds.
    pub age_secs: i64,
    /// Films become due over so many seconds from then on, each always at the same point: films that were
    /// fetched together are not renewed together.
    pub spread_secs: i64,
}

impl Due {
    /// Data fetched at this instant or before may be due.
    const fn fetched_by(self) -> i64 {
        self.now.saturating_sub(self.age_secs)
    }

    /// Data dated later is not believed.
    const fn believed_until(self) -> i64 {
        self.now.saturating_add(Cached::CLOCK_SLACK_SECS)
    }
}

/// Which films an operator wants renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Every film, not only those of active proposals and of late picks.
    pub all: bool,
    /// Now, Unix seconds.
    pub now: i64,
    /// Data fetched at this instant or before is too old, Unix seconds.
    pub fetched_by: i64,
}

/// A film in the order in which an operator's are renewed: those without an age first, then the oldest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    fetched_at: i64,
    /// The film.
    pub imdb_id: ImdbId,
}

/// How many films are to be renewed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ToRenew {
    /// Without data.
    pub missing: u32,
    /// With data that is too old.
    pub old: u32,
}

impl Store {
    /// Claims up to `limit` films of active proposals, and of late picks, that are due and that nobody is at,
    /// for the time up to `until` (Unix seconds): those without data first, then the oldest. Of several who
    /// claim at once each film goes to one. One statement, and a second one when something is due.
    pub async fn claim_renewals(&self, due: Due, until: i64, limit: u32) -> Result<Vec<ImdbId>, StoreError> {
        let films = self.list_due(due, limit).await?;
        if films.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<(String,)> = on_db!(self.writer(), |db: Driver| async {
            let mut query = QueryBuilder::<Driver>::new(
                "INSERT INTO film_renewals (imdb_id, not_before) SELECT f.imdb_id, ",
            );
            query.push_bind(until);
            query.push(" FROM films f WHERE f.imdb_id IN (");
            let mut ids = query.separated(", ");
            for imdb_id in &films {
                ids.push_bind(imdb_id.as_str());
            }
            // Once more, since another process may have claimed, renewed and let go of it meanwhile.
            query.push(
                ") AND (f.cached_at IS NULL OR f.cached_imdb_data IS NULL OR f.cached_imdb_data NOT LIKE ",
            );
            query.push_bind(readable_pattern());
            query.push(" OR f.cached_at > ");
            query.push_bind(due.believed_until());
            query.push(" OR f.cached_at <= ");
            query.push_bind(due.fetched_by());
            query.push(
                ") ORDER BY f.imdb_id
                 ON CONFLICT (imdb_id) DO UPDATE SET not_before = excluded.not_before
                 WHERE film_renewals.not_before <= ",
            );
            query.push_bind(due.now);
            query.push(" OR film_renewals.not_before > ");
            query.push_bind(due.now.saturating_add(LONGEST_SECS));
            query.push(" RETURNING imdb_id");
            query.build_query_as().persistent(false).fetch_all(db).await
        })?;
        Ok(parsed(rows))
    }

    /// The films that [`Store::claim_renewals`] tries to get. Read apart from the claim: it looks at every
    /// active proposal, which no writer has to wait for.
    async fn list_due(&self, due: Due, limit: u32) -> Result<Vec<ImdbId>, StoreError> {
        let rows: Vec<(String,)> = on_db!(self.reader(), |db| sqlx::query_as(
            // The strange figures spread neighbouring keys over the thousand parts of the spread.
            "SELECT f.imdb_id
             FROM films f LEFT JOIN film_renewals r ON r.imdb_id = f.imdb_id
             WHERE f.imdb_id IS NOT NULL
               AND f.id IN (SELECT film_id FROM proposals WHERE state = 'active'
                            UNION ALL
                            SELECT film_id FROM proposals WHERE state = 'picked' AND state_at > $1)
               AND (r.not_before IS NULL OR r.not_before <= $2 OR r.not_before > $3)
               AND (f.cached_at IS NULL OR f.cached_imdb_data IS NULL OR f.cached_imdb_data NOT LIKE $4
                    OR f.cached_at > $5
                    OR f.cached_at <= $6 - (f.id % 1000003) * 7919 % 1000 * $7 / 1000)
             ORDER BY COALESCE(f.cached_at, 0), f.imdb_id
             LIMIT $8",
        )
        .bind(due.now.saturating_sub(PICKED_SECS))
        .bind(due.now)
        .bind(due.now.saturating_add(LONGEST_SECS))
        .bind(readable_pattern())
        .bind(due.believed_until())
        .bind(due.fetched_by())
        .bind(due.spread_secs)
        .bind(i64::from(limit))
        .fetch_all(db))?;
        Ok(parsed(rows))
    }

    /// Keeps the background from asking for these films before the time of each (Unix seconds; a day ahead
    /// at most is believed). No statement for none; the same film must not come twice.
    pub async fn upsert_renewals(&self, films: &[(ImdbId, i64)]) -> Result<(), StoreError> {
        let mut films: Vec<_> = films.iter().collect();
        // Always in one order: writers that lock the same rows cannot deadlock.
        films.sort();
        for chunk in films.chunks(FILMS_A_STATEMENT) {
            on_db!(self.writer(), |db: Driver| async {
                let mut query =
                    QueryBuilder::<Driver>::new("INSERT INTO film_renewals (imdb_id, not_before) ");
                query.push_values(chunk, |mut tuple, (imdb_id, not_before)| {
                    tuple.push_bind(imdb_id.as_str()).push_bind(*not_before);
                });
                query.push(" ON CONFLICT (imdb_id) DO UPDATE SET not_before = excluded.not_before");
                query.build().persistent(false).execute(db).await.map(drop)
            })?;
        }
        Ok(())
    }

    /// Nobody is at these films any more. Also forgets whatever ran out before `forgotten_by` (Unix
    /// seconds).
    pub async fn delete_renewals(&self, films: &[ImdbId], forgotten_by: i64) -> Result<(), StoreError> {
        for chunk in films.chunks(FILMS_A_STATEMENT) {
            on_db!(self.writer(), |db: Driver| async {
                let mut query = QueryBuilder::<Driver>::new("DELETE FROM film_renewals WHERE not_before < ");
                query.push_bind(forgotten_by);
                query.push(" OR imdb_id IN (");
                let mut ids = query.separated(", ");
                for imdb_id in chunk {
                    ids.push_bind(imdb_id.as_str());
                }
                query.push(")");
                query.build().persistent(false).execute(db).await.map(drop)
            })?;
        }
        Ok(())
    }

    /// The next films that an operator wants renewed, after that place, at most `limit`.
    pub async fn list_films_to_renew(
        &self,
        wanted: Wanted,
        after: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<Place>, StoreError> {
        let (after_at, after_id) = after.map_or((-1, ""), |place| (place.fetched_at, place.imdb_id.as_str()));
        let rows: Vec<(i64, String)> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT COALESCE(f.cached_at, 0), f.imdb_id
             FROM films f
             WHERE f.imdb_id IS NOT NULL
               AND ($1 OR f.id IN (SELECT film_id FROM proposals WHERE state = 'active'
                                   UNION ALL
                                   SELECT film_id FROM proposals WHERE state = 'picked' AND state_at > $2))
               AND (f.cached_at IS NULL OR f.cached_imdb_data IS NULL OR f.cached_imdb_data NOT LIKE $3
                    OR f.cached_at > $4 OR f.cached_at <= $5)
               AND (COALESCE(f.cached_at, 0) > $6 OR (COALESCE(f.cached_at, 0) = $6 AND f.imdb_id > $7))
             ORDER BY COALESCE(f.cached_at, 0), f.imdb_id
             LIMIT $8",
        )
        .bind(wanted.all)
        .bind(wanted.now.saturating_sub(PICKED_SECS))
        .bind(readable_pattern())
        .bind(wanted.now.saturating_add(Cached::CLOCK_SLACK_SECS))
        .bind(wanted.fetched_by)
        .bind(after_at)
        .bind(after_id)
        .bind(i64::from(limit))
        .fetch_all(db))?;
        Ok(rows
            .into_iter()
            .filter_map(|(fetched_at, id)| {
                Some(Place {
                    fetched_at,
                    imdb_id: id.parse().ok()?,
                })
            })
            .collect())
    }

    /// How many films an operator wants renewed.
    pub async fn count_films_to_renew(&self, wanted: Wanted) -> Result<ToRenew, StoreError> {
        let (films, missing): (i64, i64) = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT COUNT(*),
                    CAST(COALESCE(SUM(CASE WHEN f.cached_at IS NULL OR f.cached_imdb_data IS NULL
                                                OR f.cached_imdb_data NOT LIKE $3
                                           THEN 1 ELSE 0 END), 0) AS BIGINT)
             FROM films f
             WHERE f.imdb_id IS NOT NULL
               AND ($1 OR f.id IN (SELECT film_id FROM proposals WHERE state = 'active'
                                   UNION ALL
                                   SELECT film_id FROM proposals WHERE state = 'picked' AND state_at > $2))
               AND (f.cached_at IS NULL OR f.cached_imdb_data IS NULL OR f.cached_imdb_data NOT LIKE $3
                    OR f.cached_at > $4 OR f.cached_at <= $5)",
        )
        .bind(wanted.all)
        .bind(wanted.now.saturating_sub(PICKED_SECS))
        .bind(readable_pattern())
        .bind(wanted.now.saturating_add(Cached::CLOCK_SLACK_SECS))
        .bind(wanted.fetched_by)
        .fetch_one(db))?;
        Ok(ToRenew {
            missing: count(missing),
            old: count(films - missing),
        })
    }
}

fn parsed(rows: Vec<(String,)>) -> Vec<ImdbId> {
    rows.into_iter().filter_map(|(id,)| id.parse().ok()).collect()
}
