//! The live message: which message shows which round.

use sqlx::{Executor, Postgres, Sqlite};

use crate::domain::ids::{ChannelId, GuildId, MessageId, RoundId};
use crate::domain::poll::LiveMessage;
use crate::domain::reaction::VoteInput;

use super::codec::{count, integer, vote_input};
use super::counted::Counted;
use super::db::{Db, on_db};
use super::error::StoreError;
use super::rounds::{RoundRow, round_columns};
use super::{Store, Tx};

/// An open round's live message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LivePoll {
    /// The round that it shows.
    pub round: RoundId,
    /// The round's server.
    pub guild: GuildId,
    /// The message.
    pub live: LiveMessage,
    /// How members vote in it.
    pub input: VoteInput,
    /// Whether films were given numbers under the message.
    pub numbered: bool,
}

#[derive(Debug, sqlx::FromRow)]
struct LiveRow {
    channel_id: i64,
    message_id: i64,
    page: i32,
}

impl LiveRow {
    fn live(&self) -> LiveMessage {
        LiveMessage {
            channel: ChannelId::from_db(self.channel_id),
            message: MessageId::from_db(self.message_id),
            page: count(self.page.into()),
        }
    }
}

/// The same columns where a round may have no live message.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct MaybeLiveRow {
    channel_id: Option<i64>,
    message_id: Option<i64>,
    page: Option<i32>,
}

impl MaybeLiveRow {
    pub(super) fn live(&self) -> Option<LiveMessage> {
        Some(LiveMessage {
            channel: ChannelId::from_db(self.channel_id?),
            message: MessageId::from_db(self.message_id?),
            page: count(self.page.unwrap_or(1).into()),
        })
    }
}

#[derive(Debug, sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    round: RoundRow,
    vote_input: Option<String>,
    numbered: i64,
    #[sqlx(flatten)]
    live: LiveRow,
}

impl ListedRow {
    fn into_live_poll(self) -> Result<LivePoll, StoreError> {
        let round = self.round.into_round()?;
        let input = if round.rules.allow_reactions() {
            vote_input(self.vote_input.as_deref())?
        } else {
            VoteInput::Buttons
        };
        Ok(LivePoll {
            round: round.id,
            guild: round.guild,
            live: self.live.live(),
            input,
            numbered: self.numbered != 0,
        })
    }
}

impl Store {
    /// Remembers the message that shows the round from now on, in place of the one before.
    /// `false` when there is no such round.
    pub async fn upsert_live_message(
        &self,
        round: RoundId,
        live: LiveMessage,
        now: i64,
    ) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.writer(), |db| sqlx::query_as(
            "INSERT INTO polls (round_id, guild_id, channel_id, message_id, page, posted_at)
             SELECT r.id, r.guild_id, $2, $3, $4, $5 FROM rounds r WHERE r.id = $1
             ON CONFLICT (round_id) DO UPDATE SET channel_id = excluded.channel_id,
                 message_id = excluded.message_id, page = excluded.page, posted_at = excluded.posted_at
             RETURNING round_id",
        )
        .bind(round.0)
        .bind(live.channel.to_db())
        .bind(live.message.to_db())
        .bind(integer(live.page))
        .bind(now)
        .fetch_optional(db))?;
        Ok(row.is_some())
    }

    /// The message that shows the round, if one was posted.
    pub async fn find_live_message(&self, round: RoundId) -> Result<Option<LiveMessage>, StoreError> {
        find_live_message(self.reader(), round).await
    }

    /// The live messages of all open rounds, by round: what a restart brings up to date.
    pub async fn list_live_polls(&self) -> Result<Vec<LivePoll>, StoreError> {
        let rows: Vec<ListedRow> = on_db!(self.reader(), |db| sqlx::query_as(concat!(
            "SELECT ",
            round_columns!("r"),
            ", g.vote_input, l.channel_id, l.message_id, l.page,
                    (SELECT COUNT(*) FROM poll_numbers n WHERE n.message_id = l.message_id) AS numbered
             FROM polls l JOIN rounds r ON r.id = l.round_id JOIN guilds g ON g.guild_id = r.guild_id
             WHERE r.state = 'open' ORDER BY l.round_id",
        ))
        .fetch_all(db))?;
        rows.into_iter().map(ListedRow::into_live_poll).collect()
    }

    /// The poll whose live message this is, if its round is open.
    pub async fn find_live_poll(&self, message: MessageId) -> Result<Option<LivePoll>, StoreError> {
        let row: Option<ListedRow> = on_db!(self.reader(), |db| sqlx::query_as(concat!(
            "SELECT ",
            round_columns!("r"),
            ", g.vote_input, l.channel_id, l.message_id, l.page,
                    (SELECT COUNT(*) FROM poll_numbers n WHERE n.message_id = l.message_id) AS numbered
             FROM polls l JOIN rounds r ON r.id = l.round_id JOIN guilds g ON g.guild_id = r.guild_id
             WHERE l.message_id = $1 AND r.state = 'open'",
        ))
        .bind(message.to_db())
        .fetch_optional(db))?;
        row.map(ListedRow::into_live_poll).transpose()
    }
}

impl Tx {
    /// As [`Store::find_live_message`], within this transaction.
    pub async fn find_live_message(&mut self, round: RoundId) -> Result<Option<LiveMessage>, StoreError> {
        find_live_message(self.on(), round).await
    }
}

async fn find_live_message<'c, S, P>(
    on: Db<Counted<'c, S>, Counted<'c, P>>,
    round: RoundId,
) -> Result<Option<LiveMessage>, StoreError>
where
    S: Executor<'c, Database = Sqlite>,
    P: Executor<'c, Database = Postgres>,
{
    let row: Option<LiveRow> = on_db!(on, |db| sqlx::query_as(
        "SELECT channel_id, message_id, page FROM polls WHERE round_id = $1",
    )
    .bind(round.0)
    .fetch_optional(db))?;
    Ok(row.map(|row| row.live()))
}
