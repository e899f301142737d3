//! Building the next index of titles beside the one that is in use, and putting it in its place.
//!
//! Everything goes to tables named `new_…`; one transaction at the end drops the old ones and gives the
//! new ones their names. Until then nobody sees anything of it, and what an import leaves that was
//! stopped is dropped by the next one. An import is known by its key: as soon as another one begins, its
//! writes are refused, so two can never mix.

use futures::TryFutureExt;
use sqlx::QueryBuilder;

use super::super::Tx;
use super::super::codec::integer;
use super::super::db::{Db, bounded, on_db};
use super::super::error::StoreError;
use crate::domain::title_index::IndexedTitle;

/// A film on its way into the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedTitle {
    /// Its place by votes: smaller numbers have more. Each is taken once; there may be gaps.
    pub place: u32,
    /// The film.
    pub title: IndexedTitle,
}

/// Rows that one statement writes: seven parameters each, and SQLite allows 32,766.
const ROWS_A_STATEMENT: usize = 2_000;

const DROP_NEW: &str = "
    DROP TABLE IF EXISTS new_title_search;
    DROP TABLE IF EXISTS new_title_words;
    DROP TABLE IF EXISTS new_titles;";

/// Every character but blanks belongs to a word, as in the terms; `prefix` makes one to three letters as
/// fast as a word. Nothing is kept but which film has which term.
const CREATE_IN_SQLITE: &str = "
    CREATE TABLE new_titles (
        place          INTEGER PRIMARY KEY,
        imdb_id        TEXT NOT NULL UNIQUE,
        title          TEXT NOT NULL,
        original_title TEXT,
        year           INTEGER,
        rating_tenths  INTEGER NOT NULL,
        votes          INTEGER NOT NULL
    );
    CREATE VIRTUAL TABLE new_title_search USING fts5 (
        words, content = '', columnsize = 0, detail = none, prefix = '1 2 3',
        tokenize = \"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'\"
    );
    CREATE TABLE new_title_words (
        variant BIGINT NOT NULL,
        word    TEXT NOT NULL,
        films   INTEGER NOT NULL,
        PRIMARY KEY (variant, word)
    ) WITHOUT ROWID;";

const CREATE_IN_POSTGRES: &str = "
    CREATE TABLE new_titles (
        place          INTEGER PRIMARY KEY,
        imdb_id        TEXT NOT NULL UNIQUE,
        title          TEXT NOT NULL,
        original_title TEXT,
        year           INTEGER,
        rating_tenths  INTEGER NOT NULL,
        votes          INTEGER NOT NULL
    );
    CREATE TABLE new_title_search (place INTEGER NOT NULL, words TSVECTOR NOT NULL);
    CREATE TABLE new_title_words (
        variant BIGINT NOT NULL,
        word    TEXT NOT NULL,
        films   INTEGER NOT NULL,
        PRIMARY KEY (variant, word)
    );";

/// The second index is for the films that most searches are about; the search names its condition.
const FINISH_IN_POSTGRES: &str = "
    CREATE INDEX ON new_title_search USING gin (words) WITH (fastupdate = off);
    CREATE INDEX ON new_title_search USING gin (words) WITH (fastupdate = off) WHERE place <= 30000;
    ANALYZE new_title_search;
    ANALYZE new_title_words;
    ANALYZE new_titles;";

const SWAP: &str = "
    DROP TABLE IF EXISTS title_search;
    DROP TABLE IF EXISTS title_words;
    DROP TABLE IF EXISTS titles;
    ALTER TABLE new_title_search RENAME TO title_search;
    ALTER TABLE new_title_words RENAME TO title_words;
    ALTER TABLE new_titles RENAME TO titles;";

impl Tx {
    /// Begins to build the next index under this key: makes its empty tables, after dropping what an
    /// import left that was stopped.
    pub async fn claim_title_import(&mut self, import_key: i64) -> Result<(), StoreError> {
        on_db!(self.on(), |db| sqlx::query(
            "UPDATE title_index SET import_key = $1 WHERE id = 1"
        )
        .bind(import_key)
        .execute(db)
        .map_ok(drop))?;
        self.run_sql(DROP_NEW, DROP_NEW).await?;
        self.run_sql(CREATE_IN_SQLITE, CREATE_IN_POSTGRES).await
    }

    /// Puts films into the index that is being built, each film and each place once over all calls;
    /// fastest when one call's are in the order of their places. `false`, and nothing done: another
    /// import has begun.
    pub async fn insert_titles(
        &mut self,
        import_key: i64,
        titles: &[PlacedTitle],
    ) -> Result<bool, StoreError> {
        if !self.holds_title_import(import_key).await? {
            return Ok(false);
        }
        for chunk in titles.chunks(ROWS_A_STATEMENT) {
            on_db!(self.on(), |db: Driver| async {
                let mut query = QueryBuilder::<Driver>::new(
                    "INSERT INTO new_titles (place, imdb_id, title, original_title, year, rating_tenths, votes) ",
                );
                query.push_values(chunk, |mut tuple, row| {
                    let title = &row.title;
                    tuple
                        .push_bind(integer(row.place))
                        .push_bind(title.imdb_id.as_str())
                        .push_bind(title.title.as_str())
                        .push_bind(title.original_title.as_deref())
                        .push_bind(title.year.map(i32::from))
                        .push_bind(i32::from(title.rating_tenths))
                        .push_bind(integer(title.votes));
                });
                query.build().persistent(false).execute(db).await.map(drop)
            })?;
            self.insert_terms(chunk).await?;
        }
        Ok(true)
    }

    async fn insert_terms(&mut self, titles: &[PlacedTitle]) -> Result<(), StoreError> {
        let places: Vec<i32> = titles.iter().map(|row| integer(row.place)).collect();
        let terms: Vec<String> = titles
            .iter()
            .map(|row| row.title.terms().into_iter().collect::<Vec<_>>().join(" "))
            .collect();
        match self.on() {
            Db::Sqlite(db) => {
                let patience = db.patience();
                let mut query = QueryBuilder::new("INSERT INTO new_title_search (rowid, words) ");
                query.push_values(places.iter().zip(&terms), |mut tuple, (place, terms)| {
                    tuple.push_bind(*place).push_bind(terms.as_str());
                });
                bounded(patience, query.build().persistent(false).execute(db)).await?;
            }
            Db::Postgres(db) => {
                let patience = db.patience();
                let insert = sqlx::query(
                    "INSERT INTO new_title_search (place, words)
                     SELECT place, array_to_tsvector(string_to_array(terms, ' '))
                     FROM UNNEST($1, $2) AS rows (place, terms)",
                )
                .bind(places)
                .bind(terms)
                .execute(db);
                bounded(patience, insert).await?;
            }
        }
        Ok(())
    }

    /// Puts words into the index that is being built, as `(variant, word, number of films)`, each pair of
    /// variant and word once over all calls; fastest in the order of the variants. `false`, and nothing
    /// done: another import has begun.
    pub async fn insert_title_words(
        &mut self,
        import_key: i64,
        words: &[(i64, &str, u32)],
    ) -> Result<bool, StoreError> {
        if !self.holds_title_import(import_key).await? {
            return Ok(false);
        }
        for chunk in words.chunks(ROWS_A_STATEMENT) {
            on_db!(self.on(), |db: Driver| async {
                let mut query =
                    QueryBuilder::<Driver>::new("INSERT INTO new_title_words (variant, word, films) ");
                query.push_values(chunk, |mut tuple, (variant, word, films)| {
                    tuple
                        .push_bind(*variant)
                        .push_bind(*word)
                        .push_bind(integer(*films));
                });
                query.build().persistent(false).execute(db).await.map(drop)
            })?;
        }
        Ok(true)
    }

    /// Puts the index that was built in the place of the one in use. `now` is Unix seconds. `false`, and
    /// nothing done: another import has begun.
    pub async fn swap_titles(&mut self, import_key: i64, films: u32, now: i64) -> Result<bool, StoreError> {
        if !self.holds_title_import(import_key).await? {
            return Ok(false);
        }
        if let Db::Postgres(db) = self.on() {
            let patience = db.patience();
            bounded(patience, sqlx::raw_sql(FINISH_IN_POSTGRES).execute(db)).await?;
        }
        self.run_sql(SWAP, SWAP).await?;
        on_db!(self.on(), |db| sqlx::query(
            "UPDATE title_index SET loaded_at = $1, films = $2, import_key = NULL WHERE id = 1"
        )
        .bind(now)
        .bind(integer(films))
        .execute(db)
        .map_ok(drop))?;
        Ok(true)
    }

    /// Whether this import is still the one that builds; if so, it is until the transaction ends.
    async fn holds_title_import(&mut self, import_key: i64) -> Result<bool, StoreError> {
        let held: Option<i32> = on_db!(self.on(), |db| sqlx::query_scalar(
            "UPDATE title_index SET import_key = import_key WHERE id = 1 AND import_key = $1 RETURNING id"
        )
        .bind(import_key)
        .fetch_optional(db))?;
        Ok(held.is_some())
    }

    /// Runs statements that define tables, by engine.
    async fn run_sql(
        &mut self,
        in_sqlite: &'static str,
        in_postgres: &'static str,
    ) -> Result<(), StoreError> {
        match self.on() {
            Db::Sqlite(db) => {
                let patience = db.patience();
                bounded(patience, sqlx::raw_sql(in_sqlite).execute(db)).await?;
            }
            Db::Postgres(db) => {
                let patience = db.patience();
                bounded(patience, sqlx::raw_sql(in_postgres).execute(db)).await?;
            }
        }
        Ok(())
    }
}
