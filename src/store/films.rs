//! Films and their cached data. Identified films are shared by all servers.

use std::collections::BTreeMap;

use sqlx::QueryBuilder;

use crate::domain::film::{Cached, Film, FilmData};
use crate::domain::ids::{FilmId, GuildId, ImdbId};
use crate::domain::text::title_key;

use super::codec::{FilmRow, film_columns, write_data};
use super::db::on_db;
use super::error::StoreError;
use super::{Store, Tx};

/// What a provider told about a film, on its way into the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedFilm {
    /// The film.
    pub imdb_id: ImdbId,
    /// What is known.
    pub data: FilmData,
    /// When it was fetched, Unix seconds.
    pub fetched_at: i64,
}

/// Films that one statement saves: eight parameters each, and SQLite allows 32,766.
const FILMS_A_STATEMENT: usize = 1000;

/// A row of the bulk statement.
struct NewRow {
    id: i64,
    imdb_id: String,
    title: String,
    title_key: String,
    year: Option<i32>,
    json: String,
    fetched_at: i64,
}

impl Store {
    /// Saves what was fetched: one statement for up to a thousand films, none for none. Films that are
    /// not there yet are made, with a key from `new_key`. Newer data is never replaced by older, except
    /// where it is dated so far ahead that it is not believed (see [`Cached::CLOCK_SLACK_SECS`]).
    pub async fn save_films(
        &self,
        films: &[FetchedFilm],
        new_key: impl FnMut() -> i64,
    ) -> Result<(), StoreError> {
        let rows = bulk_rows(films, new_key)?;
        for chunk in rows.chunks(FILMS_A_STATEMENT) {
            on_db!(self.writer(), |db: Driver| async {
                let mut query = QueryBuilder::<Driver>::new(
                    "INSERT INTO films (id, imdb_id, title, title_key, year, created_at, cached_imdb_data, cached_at) ",
                );
                query.push_values(chunk, |mut tuple, row| {
                    tuple
                        .push_bind(row.id)
                        .push_bind(row.imdb_id.as_str())
                        .push_bind(row.title.as_str())
                        .push_bind(row.title_key.as_str())
                        .push_bind(row.year)
                        .push_bind(row.fetched_at)
                        .push_bind(row.json.as_str())
                        .push_bind(row.fetched_at);
                });
                query.push(
                    " ON CONFLICT (imdb_id) DO UPDATE SET cached_imdb_data = excluded.cached_imdb_data,
                          cached_at = excluded.cached_at, title_key = excluded.title_key
                      WHERE films.cached_at IS NULL OR films.cached_at <= excluded.cached_at
                         OR films.cached_at > excluded.cached_at + ",
                );
                query.push_bind(Cached::CLOCK_SLACK_SECS);
                query.build().persistent(false).execute(db).await.map(drop)
            })?;
        }
        Ok(())
    }

    /// The film with this id, whoever proposed it or looked it up.
    pub async fn find_film(&self, imdb_id: &ImdbId) -> Result<Option<Film>, StoreError> {
        let row: Option<FilmRow> = on_db!(self.reader(), |db| sqlx::query_as(concat!(
            "SELECT ",
            film_columns!(),
            " FROM films f WHERE f.imdb_id = $1"
        ))
        .bind(imdb_id.as_str())
        .fetch_optional(db))?;
        Ok(row.map(FilmRow::into_film))
    }

    /// Those of these films that are known, in no order. Asks about a thousand at most.
    pub async fn find_films(&self, imdb_ids: &[ImdbId]) -> Result<Vec<Film>, StoreError> {
        let asked = &imdb_ids[..imdb_ids.len().min(FILMS_A_STATEMENT)];
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<FilmRow> = on_db!(self.reader(), |db: Driver| async {
            let mut query = QueryBuilder::<Driver>::new(concat!(
                "SELECT ",
                film_columns!(),
                " FROM films f WHERE f.imdb_id IN ("
            ));
            let mut ids = query.separated(", ");
            for imdb_id in asked {
                ids.push_bind(imdb_id.as_str());
            }
            query.push(")");
            query.build_query_as().persistent(false).fetch_all(db).await
        })?;
        Ok(rows.into_iter().map(FilmRow::into_film).collect())
    }

    /// Identified films whose title fits what is typed: first those that begin with it, then those that
    /// contain it, shorter titles before longer ones. Nothing for a text without letters.
    pub async fn search_films(&self, typed: &str, limit: u32) -> Result<Vec<Film>, StoreError> {
        let key = title_key(typed);
        if key.is_empty() {
            return Ok(Vec::new());
        }
        let escaped = escape_like(&key);
        let rows: Vec<FilmRow> = on_db!(self.reader(), |db| sqlx::query_as(concat!(
            "SELECT ",
            film_columns!(),
            " FROM films f WHERE f.imdb_id IS NOT NULL AND f.title_key LIKE $2 ESCAPE '!'
             ORDER BY CASE WHEN f.title_key LIKE $1 ESCAPE '!' THEN 0 ELSE 1 END, LENGTH(f.title_key), f.id
             LIMIT $3"
        ))
        .bind(format!("{escaped}%"))
        .bind(format!("%{escaped}%"))
        .bind(i64::from(limit))
        .fetch_all(db))?;
        Ok(rows.into_iter().map(FilmRow::into_film).collect())
    }
}

impl Tx {
    /// The film with this IMDb id, made with the key `new` if nobody has named it before.
    pub async fn insert_film_if_missing(
        &mut self,
        imdb_id: &ImdbId,
        title: &str,
        year: Option<u16>,
        new: FilmId,
        now: i64,
    ) -> Result<Film, StoreError> {
        let row: FilmRow = on_db!(self.on(), |db| sqlx::query_as(
            "INSERT INTO films (id, imdb_id, title, title_key, year, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (imdb_id) DO UPDATE SET created_at = films.created_at
             RETURNING id AS film_id, imdb_id, title, year, cached_imdb_data, cached_at",
        )
        .bind(new.0)
        .bind(imdb_id.as_str())
        .bind(title)
        .bind(title_key(title))
        .bind(year.map(i32::from))
        .bind(now)
        .fetch_one(db))?;
        Ok(row.into_film())
    }

    /// This server's film with this title as typed, made with the key `new` if it has none. Spellings
    /// that people take for one title are one film.
    pub async fn insert_typed_film_if_missing(
        &mut self,
        guild: GuildId,
        title: &str,
        new: FilmId,
        now: i64,
    ) -> Result<Film, StoreError> {
        let row: FilmRow = on_db!(self.on(), |db| sqlx::query_as(
            "INSERT INTO films (id, guild_id, title, title_key, created_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (guild_id, title_key) DO UPDATE SET created_at = films.created_at
             RETURNING id AS film_id, imdb_id, title, year, cached_imdb_data, cached_at",
        )
        .bind(new.0)
        .bind(guild.to_db())
        .bind(title)
        .bind(title_key(title))
        .bind(now)
        .fetch_one(db))?;
        Ok(row.into_film())
    }
}

/// One row a film, the newest where it comes twice (an upsert may meet a row once only), in the order of
/// their ids: two bulk writes that lock the same rows in the same order cannot deadlock.
fn bulk_rows(films: &[FetchedFilm], mut new_key: impl FnMut() -> i64) -> Result<Vec<NewRow>, StoreError> {
    let mut newest: BTreeMap<&ImdbId, &FetchedFilm> = BTreeMap::new();
    for film in films {
        let kept = newest.entry(&film.imdb_id).or_insert(film);
        if kept.fetched_at < film.fetched_at {
            *kept = film;
        }
    }
    newest
        .into_values()
        .map(|film| {
            Ok(NewRow {
                id: new_key(),
                imdb_id: film.imdb_id.as_str().to_owned(),
                title: film.data.title.clone(),
                title_key: title_key(&film.data.title),
                year: film.data.year.map(i32::from),
                json: write_data(&film.data)?,
                fetched_at: film.fetched_at,
            })
        })
        .collect()
}

/// The text as a pattern that means itself; `!` escapes.
fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '!' | '%' | '_') {
            escaped.push('!');
        }
        escaped.push(character);
    }
    escaped
}
