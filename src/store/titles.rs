//! The local index of titles: searching it. How it is built and replaced stands in [`build`].
//!
//! The one part of the store that differs by engine: full text is SQLite's FTS5 and PostgreSQL's
//! `tsvector`, both filled with the terms that the domain makes. Films are numbered by their votes
//! (`place` 1 has the most), so that the first matches of any search are the most popular ones.

mod build;

use sqlx::QueryBuilder;

use super::Store;
use super::codec::count;
use super::db::{Db, bounded, on_db};
use super::error::StoreError;
use crate::domain::ids::ImdbId;
use crate::domain::title_index::{IndexedTitle, Term, TermQuery};

pub use build::PlacedTitle;

/// The index of titles as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TitleIndexState {
    /// When it was loaded, Unix seconds.
    pub loaded_at: i64,
    /// How many films it has.
    pub films: u32,
}

/// More words than these are not near to what was typed.
const NEAR_WORDS: i64 = 1_000;

/// The columns of a film in the index.
#[derive(sqlx::FromRow)]
struct TitleRow {
    imdb_id: String,
    title: String,
    original_title: Option<String>,
    year: Option<i32>,
    rating_tenths: i32,
    votes: i32,
}

impl TitleRow {
    fn into_title(self) -> Option<IndexedTitle> {
        Some(IndexedTitle {
            imdb_id: self.imdb_id.parse().ok()?,
            title: self.title,
            original_title: self.original_title,
            year: self.year.and_then(|year| u16::try_from(year).ok()),
            rating_tenths: u8::try_from(self.rating_tenths).ok()?,
            votes: count(i64::from(self.votes)),
        })
    }
}

impl Store {
    /// The index of titles, if one was loaded.
    pub async fn find_title_index(&self) -> Result<Option<TitleIndexState>, StoreError> {
        let row: Option<(Option<i64>, i32)> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT loaded_at, films FROM title_index WHERE id = 1"
        )
        .fetch_optional(db))?;
        Ok(row.and_then(|(loaded_at, films)| {
            Some(TitleIndexState {
                loaded_at: loaded_at?,
                films: count(i64::from(films)),
            })
        }))
    }

    /// The most popular films of each of three searches, at most `limit` of each, in no order and each
    /// once. Only while an index is loaded: see [`Store::find_title_index`].
    pub async fn search_titles(
        &self,
        searches: [&TermQuery; 3],
        limit: u32,
    ) -> Result<Vec<IndexedTitle>, StoreError> {
        let limit = i64::from(limit);
        let rows: Vec<TitleRow> = match self.reader() {
            Db::Sqlite(db) => {
                let patience = db.patience();
                let [first, second, third] = searches.map(for_sqlite);
                let found = sqlx::query_as(
                    "SELECT imdb_id, title, original_title, year, rating_tenths, votes FROM titles WHERE place IN (
                         SELECT place FROM (SELECT rowid AS place FROM title_search
                             WHERE title_search MATCH $1 ORDER BY rowid LIMIT $4)
                         UNION SELECT place FROM (SELECT rowid AS place FROM title_search
                             WHERE title_search MATCH $2 ORDER BY rowid LIMIT $4)
                         UNION SELECT place FROM (SELECT rowid AS place FROM title_search
                             WHERE title_search MATCH $3 ORDER BY rowid LIMIT $4))",
                )
                .bind(first)
                .bind(second)
                .bind(third)
                .bind(limit)
                .fetch_all(db);
                bounded(patience, found).await?
            }
            Db::Postgres(db) => {
                let patience = db.patience();
                let [first, second, third] = searches.map(for_postgres);
                // The popular films have an index of their own; the rest is looked through only where those are
                // too few. What matches is found first and put in order then: a walk in the order of votes
                // would be endless where two common words never meet. A plan for these very terms is worth
                // its making.
                let found = sqlx::query_as(
                    "WITH one AS MATERIALIZED (
                              SELECT place FROM title_search
                              WHERE place <= 30000 AND words @@ CAST($1 AS tsquery)
                              ORDER BY place LIMIT $4),
                          more_one AS MATERIALIZED (
                              SELECT place FROM title_search
                              WHERE (SELECT COUNT(*) FROM one) < $4 AND words @@ CAST($1 AS tsquery)),
                          two AS MATERIALIZED (
                              SELECT place FROM title_search
                              WHERE place <= 30000 AND words @@ CAST($2 AS tsquery)
                              ORDER BY place LIMIT $4),
                          more_two AS MATERIALIZED (
                              SELECT place FROM title_search
                              WHERE (SELECT COUNT(*) FROM two) < $4 AND words @@ CAST($2 AS tsquery)),
                          three AS MATERIALIZED (
                              SELECT place FROM title_search
                              WHERE place <= 30000 AND words @@ CAST($3 AS tsquery)
                              ORDER BY place LIMIT $4),
                          more_three AS MATERIALIZED (
                              SELECT place FROM title_search
                              WHERE (SELECT COUNT(*) FROM three) < $4 AND words @@ CAST($3 AS tsquery))
                     SELECT imdb_id, title, original_title, year, rating_tenths, votes FROM titles WHERE place IN (
                         SELECT place FROM one UNION SELECT place FROM two UNION SELECT place FROM three
                         UNION (SELECT place FROM more_one ORDER BY place LIMIT $4)
                         UNION (SELECT place FROM more_two ORDER BY place LIMIT $4)
                         UNION (SELECT place FROM more_three ORDER BY place LIMIT $4))",
                )
                .bind(first)
                .bind(second)
                .bind(third)
                .bind(limit)
                .persistent(false)
                .fetch_all(db);
                bounded(patience, found).await?
            }
        };
        Ok(rows.into_iter().filter_map(TitleRow::into_title).collect())
    }

    /// The film with this id in the index. Only while an index is loaded.
    pub async fn find_title(&self, imdb_id: &ImdbId) -> Result<Option<IndexedTitle>, StoreError> {
        let row: Option<TitleRow> = on_db!(self.reader(), |db| {
            sqlx::query_as(
            "SELECT imdb_id, title, original_title, year, rating_tenths, votes FROM titles WHERE imdb_id = $1"
        )
        .bind(imdb_id.as_str())
        .fetch_optional(db)
        })?;
        Ok(row.and_then(TitleRow::into_title))
    }

    /// Words of the index that have one of these variants, each with the number of its films; the most
    /// common ones if there are very many. Asks about a thousand variants at most. Only while an index
    /// is loaded.
    pub async fn list_title_words(&self, variants: &[i64]) -> Result<Vec<(String, u32)>, StoreError> {
        let asked = &variants[..variants.len().min(1_000)];
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<(String, i32)> = on_db!(self.reader(), |db: Driver| async {
            let mut query = QueryBuilder::<Driver>::new(
                "SELECT DISTINCT word, films FROM title_words WHERE variant IN (",
            );
            let mut list = query.separated(", ");
            for variant in asked {
                list.push_bind(*variant);
            }
            query
                .push(") ORDER BY films DESC, word LIMIT ")
                .push_bind(NEAR_WORDS);
            query.build_query_as().persistent(false).fetch_all(db).await
        })?;
        Ok(rows
            .into_iter()
            .map(|(word, films)| (word, count(i64::from(films))))
            .collect())
    }
}

/// The query in FTS5's language. Every term is a quoted string, in which only the quote has a meaning.
fn for_sqlite(query: &TermQuery) -> String {
    written(query, " OR ", " AND ", |term| match term {
        Term::Whole(word) => format!("\"{}\"", word.replace('"', "\"\"")),
        Term::Prefix(word) => format!("\"{}\" *", word.replace('"', "\"\"")),
    })
}

/// The query as a `tsquery`. Every term is a quoted lexeme, in which only `'` and `\` have a meaning.
fn for_postgres(query: &TermQuery) -> String {
    let quoted = |word: &str| format!("'{}'", word.replace('\\', "\\\\").replace('\'', "''"));
    written(query, " | ", " & ", |term| match term {
        Term::Whole(word) => quoted(word),
        Term::Prefix(word) => format!("{}:*", quoted(word)),
    })
}

fn written(query: &TermQuery, or: &str, and: &str, term: impl Fn(&Term) -> String) -> String {
    let TermQuery(groups) = query;
    let groups = groups.iter().map(|group| {
        let terms: Vec<String> = group.iter().map(&term).collect();
        format!("({})", terms.join(or))
    });
    groups.collect::<Vec<_>>().join(and)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query() -> TermQuery {
        TermQuery(vec![
            vec![Term::Whole("o\"r'\\".into()), Term::Whole("and".into())],
            vec![Term::Prefix("wa".into())],
        ])
    }

    #[test]
    fn terms_are_quoted_for_each_engine() {
        assert_eq!(for_sqlite(&query()), r#"("o""r'\" OR "and") AND ("wa" *)"#);
        assert_eq!(
            for_postgres(&query()),
            r"('o\x22r''\\' | 'and') & ('wa':*)".replace(r"\x22", "\"")
        );
    }
}
