//! Film data that may be kept no longer.

use crate::domain::film::{FilmData, Source};

use super::Store;
use super::codec::count;
use super::db::on_db;
use super::error::StoreError;

impl Store {
    /// Erases what this source told before this time (Unix seconds), of at most `limit` films; of how many it was.
    /// The films themselves stay, under the titles by which they were proposed.
    pub async fn erase_film_data(&self, source: Source, before: i64, limit: u32) -> Result<u32, StoreError> {
        // The beginning of the text, as `FilmData` is written.
        let told = format!(
            "{{\"v\":{},\"source\":\"{}\",%",
            FilmData::VERSION,
            source.as_str()
        );
        let rows: Vec<(i64,)> = on_db!(self.writer(), |db| sqlx::query_as(
            "UPDATE films SET cached_imdb_data = NULL, cached_at = NULL
             WHERE id IN (SELECT id FROM films WHERE cached_at < $1 AND cached_imdb_data LIKE $2
                          ORDER BY id LIMIT $3)
             RETURNING id",
        )
        .bind(before)
        .bind(told.as_str())
        .bind(i64::from(limit))
        .fetch_all(db))?;
        Ok(count(i64::try_from(rows.len()).unwrap_or(i64::MAX)))
    }
}
