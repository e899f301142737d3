//! Rounds, and the head of the poll that shows the open one.

use sqlx::{Executor, Postgres, Sqlite};

use crate::domain::ids::{ChannelId, GuildId, MemberId, RoundId};
use crate::domain::poll::PollHead;
use crate::domain::reaction::VoteInput;
use crate::domain::round::{Round, Rules};
use crate::domain::voter::BallotKey;

use super::codec::{count, integer, method, round_state, secrecy, ties, vote_input};
use super::counted::Counted;
use super::db::{Db, on_db};
use super::error::StoreError;
use super::polls::MaybeLiveRow;
use super::{Store, Tx};

/// The columns of a round, as every query that brings one selects them; the argument names the table.
macro_rules! round_columns {
    ($r:literal) => {
        concat!(
            $r,
            ".id AS round_id, ",
            $r,
            ".guild_id, ",
            $r,
            ".number AS round_number, ",
            $r,
            ".state AS round_state, ",
            $r,
            ".method, ",
            $r,
            ".picks, ",
            $r,
            ".votes_each, ",
            $r,
            ".secrecy, ",
            $r,
            ".ties, ",
            $r,
            ".quorum, ",
            $r,
            ".title AS round_title, ",
            $r,
            ".opened_at, ",
            $r,
            ".closes_at, ",
            $r,
            ".ended_at, ",
            $r,
            ".ballot_key, ",
            $r,
            ".draw_seed, ",
            $r,
            ".runoff_of, ",
            $r,
            ".asked_in"
        )
    };
}
pub(super) use round_columns;

/// Binds a round's rules, in the order of their columns: method, picks, votes, secrecy, ties, quorum.
macro_rules! bind_rules {
    ($query:expr, $rules:expr) => {
        $query
            .bind($rules.method.as_str())
            .bind(integer($rules.picks))
            .bind(integer($rules.votes_each))
            .bind($rules.secrecy.as_str())
            .bind($rules.ties.as_str())
            .bind($rules.quorum.map(integer))
    };
}
pub(super) use bind_rules;

/// A round, as [`round_columns`] selects it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct RoundRow {
    round_id: i64,
    guild_id: i64,
    round_number: i32,
    round_state: String,
    method: String,
    picks: i32,
    votes_each: i32,
    secrecy: String,
    ties: String,
    quorum: Option<i32>,
    round_title: Option<String>,
    opened_at: i64,
    closes_at: Option<i64>,
    ended_at: Option<i64>,
    ballot_key: Option<String>,
    draw_seed: Option<String>,
    runoff_of: Option<i64>,
    asked_in: Option<i64>,
}

impl RoundRow {
    pub(super) fn into_round(self) -> Result<Round, StoreError> {
        Ok(Round {
            id: RoundId(self.round_id),
            guild: GuildId::from_db(self.guild_id),
            number: count(self.round_number.into()),
            state: round_state(&self.round_state)?,
            rules: Rules {
                method: method(&self.method)?,
                picks: count(self.picks.into()),
                votes_each: count(self.votes_each.into()),
                secrecy: secrecy(&self.secrecy)?,
                ties: ties(&self.ties)?,
                quorum: self.quorum.map(|quorum| count(quorum.into())),
            },
            title: self.round_title,
            opened_at: self.opened_at,
            closes_at: self.closes_at,
            ended_at: self.ended_at,
            ballot_key: self.ballot_key.map(BallotKey::from_db),
            draw_seed: self.draw_seed,
            runoff_of: self.runoff_of.map(RoundId),
            asked_in: self.asked_in.map(ChannelId::from_db),
        })
    }
}

/// A round to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRound {
    /// Its key, new.
    pub id: RoundId,
    /// The server.
    pub guild: GuildId,
    /// Who opens it.
    pub by: MemberId,
    /// When, Unix seconds.
    pub at: i64,
    /// The rules it is held under.
    pub rules: Rules,
    /// Its name.
    pub title: Option<String>,
    /// When it closes by itself, Unix seconds.
    pub closes_at: Option<i64>,
    /// What finds a member's ballot, should the round be anonymous.
    pub ballot_key: BallotKey,
    /// What a draw would go by.
    pub draw_seed: String,
    /// The round whose tie this one breaks.
    pub runoff_of: Option<RoundId>,
    /// Where that was asked for, if it was by an organizer's command.
    pub asked_in: Option<ChannelId>,
}

#[derive(Debug, sqlx::FromRow)]
struct HeadRow {
    #[sqlx(flatten)]
    round: RoundRow,
    #[sqlx(flatten)]
    live: MaybeLiveRow,
    proposals: i64,
    voters: i64,
    vote_input: Option<String>,
}

impl Store {
    /// The server's open round with its live message, the number of active proposals, the number of
    /// members who voted for one of them, and how the server votes. One statement.
    ///
    /// Members are told apart in a derived table, which both engines read off an index or hash: five
    /// times faster on SQLite than `COUNT(DISTINCT …)`, which sorts (200,000 votes). Which films are up is
    /// asked for the server by its id, not by the round's column: so it is found out once, not for every vote.
    pub async fn find_poll_head(&self, guild: GuildId) -> Result<Option<PollHead>, StoreError> {
        let row: Option<HeadRow> = on_db!(self.reader(), |db| {
            sqlx::query_as(concat!(
                "SELECT ",
                round_columns!("r"),
                ", l.channel_id, l.message_id, l.page,
                    (SELECT COUNT(*) FROM proposals p
                     WHERE p.guild_id = $1 AND p.state = 'active' AND p.waits_for IS NULL) AS proposals,
                    (SELECT COUNT(*) FROM (
                         SELECT DISTINCT v.member_id FROM votes v
                         WHERE v.round_id = r.id AND v.film_id IN (
                             SELECT p.film_id FROM proposals p
                             WHERE p.guild_id = $1 AND p.state = 'active' AND p.waits_for IS NULL)
                     ) AS voting) AS voters,
                    (SELECT g.vote_input FROM guilds g WHERE g.guild_id = r.guild_id) AS vote_input
             FROM rounds r LEFT JOIN polls l ON l.round_id = r.id
             WHERE r.guild_id = $1 AND r.state = 'open'",
            ))
            .bind(guild.to_db())
            .fetch_optional(db)
        })?;
        let Some(row) = row else { return Ok(None) };
        let live = row.live.live();
        let round = row.round.into_round()?;
        let input = if round.rules.allow_reactions() {
            vote_input(row.vote_input.as_deref())?
        } else {
            VoteInput::Buttons
        };
        Ok(Some(PollHead {
            round,
            live,
            proposals: count(row.proposals),
            voters: count(row.voters),
            input,
        }))
    }

    /// This round.
    pub async fn find_round(&self, round: RoundId) -> Result<Option<Round>, StoreError> {
        find_round(self.reader(), round).await
    }

    /// The server's open round, if it has one.
    pub async fn find_open_round(&self, guild: GuildId) -> Result<Option<Round>, StoreError> {
        let row: Option<RoundRow> = on_db!(self.reader(), |db| {
            sqlx::query_as(concat!(
                "SELECT ",
                round_columns!("r"),
                " FROM rounds r WHERE r.guild_id = $1 AND r.state = 'open'",
            ))
            .bind(guild.to_db())
            .fetch_optional(db)
        })?;
        row.map(RoundRow::into_round).transpose()
    }
}

impl Tx {
    /// This round.
    pub async fn find_round(&mut self, round: RoundId) -> Result<Option<Round>, StoreError> {
        find_round(self.on(), round).await
    }

    /// The server's open round; the `new` one is opened if there is none. The server's row must be there
    /// ([`Tx::lock_guild`]).
    ///
    /// `None`, and none is opened, while a round that was closed is not counted yet: what comes next, a run-off
    /// perhaps, is for its result to say.
    pub async fn ensure_open_round(&mut self, new: &NewRound) -> Result<Option<Round>, StoreError> {
        let rules = new.rules;
        let row: Option<RoundRow> = on_db!(self.on(), |db| {
            let query = sqlx::query_as(concat!(
            "INSERT INTO rounds (id, guild_id, number, state, method, picks, votes_each, secrecy, ties, quorum,
                                 title, opened_by, opened_at, closes_at, ballot_key, draw_seed, runoff_of, asked_in)
             SELECT $1, $2, (SELECT COALESCE(MAX(e.number), 0) + 1 FROM rounds e WHERE e.guild_id = $2), 'open',
                    $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
             WHERE NOT EXISTS (SELECT 1 FROM rounds u WHERE u.guild_id = $2 AND u.uncounted)
             ON CONFLICT (guild_id) WHERE state = 'open' DO UPDATE SET opened_at = rounds.opened_at
             RETURNING ", round_columns!("rounds"),
        ))
        .bind(new.id.0)
        .bind(new.guild.to_db());
            bind_rules!(query, rules)
                .bind(new.title.as_deref())
                .bind(new.by.to_db())
                .bind(new.at)
                .bind(new.closes_at)
                .bind(new.ballot_key.as_str())
                .bind(new.draw_seed.as_str())
                .bind(new.runoff_of.map(|round| round.0))
                .bind(new.asked_in.map(ChannelId::to_db))
                .fetch_optional(db)
        })?;
        row.map(RoundRow::into_round).transpose()
    }
}

async fn find_round<'c, S, P>(
    on: Db<Counted<'c, S>, Counted<'c, P>>,
    round: RoundId,
) -> Result<Option<Round>, StoreError>
where
    S: Executor<'c, Database = Sqlite>,
    P: Executor<'c, Database = Postgres>,
{
    let row: Option<RoundRow> = on_db!(on, |db| {
        sqlx::query_as(concat!(
            "SELECT ",
            round_columns!("r"),
            " FROM rounds r WHERE r.id = $1"
        ))
        .bind(round.0)
        .fetch_optional(db)
    })?;
    row.map(RoundRow::into_round).transpose()
}
