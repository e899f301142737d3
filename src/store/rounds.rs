//! Rounds, and the head of the poll that shows the open one.

use crate::domain::ids::{ChannelId, GuildId, MemberId, MessageId, RoundId};
use crate::domain::poll::{LiveMessage, PollHead};
use crate::domain::round::Round;

use super::codec::{count, method, round_state, vote_input};
use super::db::on_db;
use super::error::StoreError;
use super::{Store, Tx};

/// The columns of a round.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct RoundRow {
    round_id: i64,
    guild_id: i64,
    round_state: String,
    method: String,
    round_title: Option<String>,
    closes_at: Option<i64>,
}

impl RoundRow {
    pub(super) fn into_round(self) -> Result<Round, StoreError> {
        Ok(Round {
            id: RoundId(self.round_id),
            guild: GuildId::from_db(self.guild_id),
            state: round_state(&self.round_state)?,
            method: method(&self.method)?,
            title: self.round_title,
            closes_at: self.closes_at,
        })
    }
}

#[derive(Debug, sqlx::FromRow)]
struct HeadRow {
    #[sqlx(flatten)]
    round: RoundRow,
    channel_id: Option<i64>,
    message_id: Option<i64>,
    page: Option<i32>,
    proposals: i64,
    voters: i64,
    vote_input: Option<String>,
}

impl Store {
    /// The server's open round with its live message, the number of active proposals, the number of
    /// members who voted for one of them, and how the server votes. One statement.
    ///
    /// Members are told apart in a derived table, which both engines read off an index or hash: five
    /// times faster on SQLite than `COUNT(DISTINCT …)`, which sorts (200,000 votes).
    pub async fn find_poll_head(&self, guild: GuildId) -> Result<Option<PollHead>, StoreError> {
        let row: Option<HeadRow> = on_db!(self.reader(), |db| {
            sqlx::query_as(
            "SELECT r.id AS round_id, r.guild_id, r.state AS round_state, r.method, r.title AS round_title,
                    r.closes_at, l.channel_id, l.message_id, l.page,
                    (SELECT COUNT(*) FROM proposals p
                     WHERE p.guild_id = r.guild_id AND p.state = 'active') AS proposals,
                    (SELECT COUNT(*) FROM (
                         SELECT DISTINCT v.member_id FROM votes v
                         WHERE v.round_id = r.id AND v.film_id IN (
                             SELECT p.film_id FROM proposals p
                             WHERE p.guild_id = r.guild_id AND p.state = 'active')
                     ) AS voting) AS voters,
                    (SELECT g.vote_input FROM guilds g WHERE g.guild_id = r.guild_id) AS vote_input
             FROM rounds r LEFT JOIN polls l ON l.round_id = r.id
             WHERE r.guild_id = $1 AND r.state = 'open'",
        )
        .bind(guild.to_db())
        .fetch_optional(db)
        })?;
        let Some(row) = row else { return Ok(None) };
        let live = match (row.channel_id, row.message_id) {
            (Some(channel), Some(message)) => Some(LiveMessage {
                channel: ChannelId::from_db(channel),
                message: MessageId::from_db(message),
                page: count(row.page.unwrap_or(1).into()),
            }),
            _ => None,
        };
        Ok(Some(PollHead {
            round: row.round.into_round()?,
            live,
            proposals: count(row.proposals),
            voters: count(row.voters),
            input: vote_input(row.vote_input.as_deref())?,
        }))
    }

    /// The server's open round, if it has one.
    pub async fn find_open_round(&self, guild: GuildId) -> Result<Option<Round>, StoreError> {
        let row: Option<RoundRow> = on_db!(self.reader(), |db| {
            sqlx::query_as(
            "SELECT id AS round_id, guild_id, state AS round_state, method, title AS round_title, closes_at
             FROM rounds WHERE guild_id = $1 AND state = 'open'",
        )
        .bind(guild.to_db())
        .fetch_optional(db)
        })?;
        row.map(RoundRow::into_round).transpose()
    }
}

impl Tx {
    /// The server's open round; one is opened with the key `new` and the default method if there is none.
    /// The server's row must be there ([`Tx::lock_guild`]).
    pub async fn ensure_open_round(
        &mut self,
        guild: GuildId,
        by: MemberId,
        now: i64,
        new: RoundId,
    ) -> Result<Round, StoreError> {
        let row: RoundRow = on_db!(self.on(), |db| {
            sqlx::query_as(
            "INSERT INTO rounds (id, guild_id, state, method, opened_by, opened_at)
             VALUES ($1, $2, 'open', 'approval', $3, $4)
             ON CONFLICT (guild_id) WHERE state = 'open' DO UPDATE SET opened_at = rounds.opened_at
             RETURNING id AS round_id, guild_id, state AS round_state, method, title AS round_title, closes_at",
        )
        .bind(new.0)
        .bind(guild.to_db())
        .bind(by.to_db())
        .bind(now)
        .fetch_one(db)
        })?;
        row.into_round()
    }
}
