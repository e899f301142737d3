//! The health of film databases as it outlives a run: how each was last seen, and its requests of the day.

use futures::TryFutureExt;

use crate::domain::film::Source;
use crate::domain::provider_health::{Condition, ProviderRecord, Rest, Sighting};

use super::Store;
use super::db::on_db;
use super::error::StoreError;

/// The columns in the order in which they are selected.
type Row = (String, String, Option<i64>, Option<i64>, i64, i64, i64);

impl Store {
    /// Notes what a provider was seen doing. What another process noted since stands, unless it is minutes
    /// ahead, which only a clock that was set back explains.
    pub async fn upsert_provider_condition(
        &self,
        provider: Source,
        seen: Sighting,
        day: i64,
    ) -> Result<(), StoreError> {
        on_db!(self.writer(), |db| sqlx::query(
            "INSERT INTO provider_health
                 (provider, condition, rests_from, rests_until, changed_at, day, requests_today)
             VALUES ($1, $2, $3, $4, $5, $6, 0)
             ON CONFLICT (provider) DO UPDATE SET
                 condition = excluded.condition, rests_from = excluded.rests_from,
                 rests_until = excluded.rests_until, changed_at = excluded.changed_at
             WHERE provider_health.changed_at <= excluded.changed_at
                OR provider_health.changed_at > excluded.changed_at + 300",
        )
        .bind(provider.as_str())
        .bind(seen.condition.as_str())
        .bind(seen.rest.map(|rest| rest.from))
        .bind(seen.rest.map(|rest| rest.until))
        .bind(seen.at)
        .bind(day)
        .execute(db)
        .map_ok(drop))
    }

    /// Adds requests to a provider's count of that day (see `utc_day`) and returns the day's count, those of
    /// other processes included. A day that is over is not gone back to, unless the clock was set back.
    pub async fn add_provider_requests(
        &self,
        provider: Source,
        day: i64,
        requests: u64,
        now: i64,
    ) -> Result<u64, StoreError> {
        let added = i64::try_from(requests).unwrap_or(i64::MAX);
        let row: Option<(i64,)> = on_db!(self.writer(), |db| {
            sqlx::query_as(
                "INSERT INTO provider_health
                     (provider, condition, rests_from, rests_until, changed_at, day, requests_today)
                 VALUES ($1, $2, NULL, NULL, $3, $4, $5)
                 ON CONFLICT (provider) DO UPDATE SET
                     requests_today = CASE WHEN provider_health.day = excluded.day
                         THEN provider_health.requests_today + excluded.requests_today
                         ELSE excluded.requests_today END,
                     day = excluded.day
                 WHERE provider_health.day <= excluded.day OR provider_health.day > excluded.day + 1
                 RETURNING requests_today",
            )
            .bind(provider.as_str())
            .bind(Condition::Up.as_str())
            .bind(now)
            .bind(day)
            .bind(added)
            .fetch_optional(db)
        })?;
        // Without a row the day is over for everybody else: these requests are a count of their own.
        Ok(row.map_or(requests, |(total,)| u64::try_from(total).unwrap_or_default()))
    }

    /// What is kept of every provider that this program knows, in no order.
    pub async fn list_provider_health(&self) -> Result<Vec<ProviderRecord>, StoreError> {
        let rows: Vec<Row> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT provider, condition, rests_from, rests_until, changed_at, day, requests_today
             FROM provider_health",
        )
        .fetch_all(db))?;
        Ok(rows.into_iter().filter_map(record).collect())
    }
}

/// A row of a provider or a condition that only a newer program knows says nothing to this one.
fn record(row: Row) -> Option<ProviderRecord> {
    let (provider, condition, rests_from, rests_until, at, day, requests) = row;
    Some(ProviderRecord {
        source: Source::from_name(&provider)?,
        seen: Sighting {
            condition: Condition::from_name(&condition)?,
            rest: rests_from
                .zip(rests_until)
                .map(|(from, until)| Rest { from, until }),
            at,
        },
        day,
        requests: u64::try_from(requests).unwrap_or_default(),
    })
}
