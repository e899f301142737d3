//! The delivery of the outbox: taking what is due, once among all processes and in order per channel, and
//! noting what became of it. What is edited into polls ([`NoticeKind::ClosePoll`]) is not delivered here.
//!
//! [`NoticeKind::ClosePoll`]: crate::domain::notice::NoticeKind::ClosePoll

use futures::TryFutureExt;

use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::notice::Delivery;

use super::codec::count;
use super::db::on_db;
use super::error::StoreError;
use super::outbox::NoticeRow;
use super::{Store, Tx};

#[derive(Debug, sqlx::FromRow)]
struct DeliveryRow {
    #[sqlx(flatten)]
    notice: NoticeRow,
    attempts: i64,
    created_at: i64,
}

/// What the end of a delivery found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marked {
    /// It was due, and is said now.
    Sent,
    /// It had been taken back while it was being said.
    Dropped,
    /// It was said already, or given up.
    NotHere,
}

impl Store {
    /// Takes at most `limit` notices that are due at `now`, until `until`: of each channel the earliest that is
    /// not done with, so that a channel's notices come in their order. Each attempt is counted.
    pub async fn claim_deliveries(
        &self,
        now: i64,
        until: i64,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let rows: Vec<DeliveryRow> = on_db!(self.writer(), |db| sqlx::query_as(
            "UPDATE outbox SET claimed_until = $2, attempts = attempts + 1
             WHERE state = 'due' AND claimed_until <= $1 AND id IN (
                 SELECT o.id FROM outbox o
                 WHERE o.state = 'due' AND o.kind <> 'close_poll' AND o.due_at <= $1 AND o.claimed_until <= $1
                   AND NOT EXISTS (
                       SELECT 1 FROM outbox e
                       WHERE e.state = 'due' AND e.kind <> 'close_poll' AND e.channel_id = o.channel_id
                         AND e.id < o.id)
                 ORDER BY o.due_at, o.id LIMIT $3)
             RETURNING id, guild_id, channel_id, kind, subject_id, message_id,
                       CAST(attempts AS BIGINT) AS attempts, created_at",
        )
        .bind(now)
        .bind(until)
        .bind(i64::from(limit))
        .fetch_all(db))?;
        let mut claimed = rows
            .into_iter()
            .map(|row| {
                Ok(Delivery {
                    notice: row.notice.into_notice()?,
                    attempts: count(row.attempts),
                    created_at: row.created_at,
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        claimed.sort_by_key(|delivery| delivery.notice.id);
        Ok(claimed)
    }

    /// When the next notice can be taken, Unix seconds; `None` when nothing is due.
    pub async fn find_next_delivery(&self) -> Result<Option<i64>, StoreError> {
        let row: (Option<i64>,) = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT MIN(CASE WHEN o.due_at > o.claimed_until THEN o.due_at ELSE o.claimed_until END)
             FROM outbox o
             WHERE o.state = 'due' AND o.kind <> 'close_poll'
               AND NOT EXISTS (
                   SELECT 1 FROM outbox e
                   WHERE e.state = 'due' AND e.kind <> 'close_poll' AND e.channel_id = o.channel_id
                     AND e.id < o.id)",
        )
        .fetch_one(db))?;
        Ok(row.0)
    }

    /// Gives a notice that could not be said free again, for another attempt from `due_at` on.
    pub async fn postpone_notice(&self, notice: i64, due_at: i64, failure: &str) -> Result<(), StoreError> {
        on_db!(self.writer(), |db| sqlx::query(
            "UPDATE outbox SET due_at = $2, claimed_until = 0, failure = $3 WHERE id = $1 AND state = 'due'",
        )
        .bind(notice)
        .bind(due_at)
        .bind(failure)
        .execute(db)
        .map_ok(drop))
    }

    /// Has a notice said in another channel, from `due_at` on.
    pub async fn move_notice(
        &self,
        notice: i64,
        channel: ChannelId,
        due_at: i64,
        failure: &str,
    ) -> Result<(), StoreError> {
        on_db!(self.writer(), |db| sqlx::query(
            "UPDATE outbox SET channel_id = $2, due_at = $3, claimed_until = 0, failure = $4
             WHERE id = $1 AND state = 'due'",
        )
        .bind(notice)
        .bind(channel.to_db())
        .bind(due_at)
        .bind(failure)
        .execute(db)
        .map_ok(drop))
    }

    /// Gives a notice up: it is not tried again.
    pub async fn give_notice_up(&self, notice: i64, failure: &str) -> Result<(), StoreError> {
        on_db!(self.writer(), |db| {
            sqlx::query(
            "UPDATE outbox SET state = 'failed', claimed_until = 0, failure = $2 WHERE id = $1 AND state = 'due'",
        )
        .bind(notice)
        .bind(failure)
        .execute(db)
        .map_ok(drop)
        })
    }
}

impl Tx {
    /// The notice was said, by this message. One that was taken back meanwhile stays so, and its message is
    /// noted all the same.
    pub async fn mark_notice_said(
        &mut self,
        notice: i64,
        message: Option<MessageId>,
    ) -> Result<Marked, StoreError> {
        let row: Option<(String,)> = on_db!(self.on(), |db| sqlx::query_as(
            "UPDATE outbox SET message_id = COALESCE($2, message_id), claimed_until = 0,
                    state = CASE WHEN state = 'due' THEN 'sent' ELSE state END
             WHERE id = $1 AND state IN ('due', 'dropped')
             RETURNING state",
        )
        .bind(notice)
        .bind(message.map(MessageId::to_db))
        .fetch_optional(db))?;
        Ok(match row.as_ref().map(|(state,)| state.as_str()) {
            Some("sent") => Marked::Sent,
            Some(_) => Marked::Dropped,
            None => Marked::NotHere,
        })
    }
}
