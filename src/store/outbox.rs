//! The outbox: what is to be said in a channel, written with the decision that it announces.

use futures::TryFutureExt;

use crate::domain::ids::{ChannelId, GuildId, MessageId, RoundId};
use crate::domain::notice::{Notice, NoticeKind};

use super::db::on_db;
use super::error::StoreError;
use super::{Store, Tx};

#[derive(Debug, sqlx::FromRow)]
pub(super) struct NoticeRow {
    id: i64,
    guild_id: i64,
    channel_id: i64,
    kind: String,
    subject_id: i64,
    message_id: Option<i64>,
}

impl NoticeRow {
    pub(super) fn into_notice(self) -> Result<Notice, StoreError> {
        Ok(Notice {
            id: self.id,
            guild: GuildId::from_db(self.guild_id),
            channel: ChannelId::from_db(self.channel_id),
            kind: NoticeKind::from_db(&self.kind).ok_or(StoreError::Unreadable {
                column: "outbox.kind",
            })?,
            round: RoundId(self.subject_id),
            message: self.message_id.map(MessageId::from_db),
        })
    }
}

impl Store {
    /// The notices of this kind that are still to be said at `now`, earliest first.
    pub async fn list_due_notices(
        &self,
        kind: NoticeKind,
        now: i64,
        limit: u32,
    ) -> Result<Vec<Notice>, StoreError> {
        let rows: Vec<NoticeRow> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT id, guild_id, channel_id, kind, subject_id, message_id FROM outbox
             WHERE state = 'due' AND kind = $1 AND due_at <= $2 ORDER BY due_at, id LIMIT $3",
        )
        .bind(kind.as_str())
        .bind(now)
        .bind(i64::from(limit))
        .fetch_all(db))?;
        rows.into_iter().map(NoticeRow::into_notice).collect()
    }

    /// The notice was said. `false` when it was not due any more.
    pub async fn finish_notice(&self, notice: i64) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.writer(), |db| sqlx::query_as(
            "UPDATE outbox SET state = 'sent' WHERE id = $1 AND state = 'due' RETURNING id",
        )
        .bind(notice)
        .fetch_optional(db))?;
        Ok(row.is_some())
    }
}

impl Tx {
    /// Has something said from this instant on.
    pub async fn insert_notice(&mut self, notice: &Notice, now: i64) -> Result<(), StoreError> {
        on_db!(self.on(), |db| {
            sqlx::query(
            "INSERT INTO outbox (id, guild_id, channel_id, kind, subject_id, state, attempts, due_at, claimed_until,
                                 created_at, message_id)
             VALUES ($1, $2, $3, $4, $5, 'due', 0, $6, 0, $6, $7)",
        )
        .bind(notice.id)
        .bind(notice.guild.to_db())
        .bind(notice.channel.to_db())
        .bind(notice.kind.as_str())
        .bind(notice.round.0)
        .bind(now)
        .bind(notice.message.map(MessageId::to_db))
        .execute(db)
        .map_ok(drop)
        })
    }

    /// Takes back what was to be said of a round and is not said yet.
    pub async fn drop_notices(&mut self, round: RoundId) -> Result<(), StoreError> {
        on_db!(self.on(), |db| sqlx::query(
            "UPDATE outbox SET state = 'dropped' WHERE subject_id = $1 AND state = 'due'",
        )
        .bind(round.0)
        .execute(db)
        .map_ok(drop))
    }

    /// The last message that announced this round's result, with its channel, if it was sent.
    pub async fn find_announcement(
        &mut self,
        round: RoundId,
    ) -> Result<Option<(ChannelId, MessageId)>, StoreError> {
        let row: Option<(i64, i64)> = on_db!(self.on(), |db| sqlx::query_as(
            "SELECT channel_id, message_id FROM outbox
             WHERE subject_id = $1 AND kind = 'result' AND state = 'sent' AND message_id IS NOT NULL
             ORDER BY id DESC LIMIT 1",
        )
        .bind(round.0)
        .fetch_optional(db))?;
        Ok(row.map(|(channel, message)| (ChannelId::from_db(channel), MessageId::from_db(message))))
    }
}
