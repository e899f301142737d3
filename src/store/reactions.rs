//! Reactions: how a server votes, the numbers under polls, and the reactions as last seen.

use futures::TryFutureExt;

use crate::domain::ids::{GuildId, MemberId, MessageId, ProposalId, RoundId};
use crate::domain::poll::LiveMessage;
use crate::domain::reaction::{Number, ReactionAt, VoteInput};
use crate::domain::round::Round;

use super::codec::{integer, number, vote_input};
use super::db::on_db;
use super::error::StoreError;
use super::polls::MaybeLiveRow;
use super::rounds::{RoundRow, round_columns};
use super::votes::REACTION;
use super::{Store, Tx};

/// What a number under a poll stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// The poll's round.
    pub round: Round,
    /// How its server votes now, whatever the round's rules.
    pub input: VoteInput,
    /// The proposal; `None` when the number stands for none.
    pub proposal: Option<ProposalId>,
    /// The round's live message, which may be another one.
    pub live: Option<LiveMessage>,
}

#[derive(Debug, sqlx::FromRow)]
struct NumberedRow {
    #[sqlx(flatten)]
    round: RoundRow,
    vote_input: Option<String>,
    proposal_id: Option<i64>,
    #[sqlx(flatten)]
    live: MaybeLiveRow,
}

impl Store {
    /// What a number under a message stands for; `None` when the message is no poll.
    pub async fn find_numbered(&self, at: ReactionAt) -> Result<Option<Numbered>, StoreError> {
        let row: Option<NumberedRow> = on_db!(self.reader(), |db| {
            sqlx::query_as(concat!(
                "SELECT ",
                round_columns!("r"),
                ", g.vote_input, n.proposal_id, l.channel_id, l.message_id, l.page
             FROM (SELECT round_id FROM poll_numbers WHERE message_id = $1
                   UNION SELECT round_id FROM polls WHERE message_id = $1) AS poll
             JOIN rounds r ON r.id = poll.round_id JOIN guilds g ON g.guild_id = r.guild_id
             LEFT JOIN poll_numbers n ON n.message_id = $1 AND n.number = $2
             LEFT JOIN polls l ON l.round_id = r.id",
            ))
            .bind(at.message.to_db())
            .bind(integer(at.number.get()))
            .fetch_optional(db)
        })?;
        let Some(row) = row else { return Ok(None) };
        let live = row.live.live();
        Ok(Some(Numbered {
            round: row.round.into_round()?,
            input: vote_input(row.vote_input.as_deref())?,
            proposal: row.proposal_id.map(ProposalId),
            live,
        }))
    }

    /// The numbers under a message, in order.
    pub async fn list_numbers(&self, message: MessageId) -> Result<Vec<(Number, ProposalId)>, StoreError> {
        let rows: Vec<(i32, i64)> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT number, proposal_id FROM poll_numbers WHERE message_id = $1 ORDER BY number",
        )
        .bind(message.to_db())
        .fetch_all(db))?;
        rows.into_iter()
            .map(|(value, proposal)| Ok((number(value)?, ProposalId(proposal))))
            .collect()
    }

    /// Where reactions do not count (any more): the votes that they gave in the open round stand by
    /// themselves from now on, and no reaction takes them along. How many those were.
    pub async fn release_reaction_votes(&self, guild: GuildId) -> Result<u32, StoreError> {
        let rows: Vec<(i64,)> = on_db!(self.writer(), |db| sqlx::query_as(
            "UPDATE votes SET source = NULL
             WHERE source = $2 AND round_id IN (
                 SELECT r.id FROM rounds r JOIN guilds g ON g.guild_id = r.guild_id
                 WHERE r.guild_id = $1 AND r.state = 'open'
                   AND (g.vote_input IS NULL OR g.vote_input = 'buttons'))
             RETURNING film_id",
        )
        .bind(guild.to_db())
        .bind(REACTION)
        .fetch_all(db))?;
        Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
    }

    /// The reactions under a message as last seen.
    pub async fn list_reactions(&self, message: MessageId) -> Result<Vec<(Number, MemberId)>, StoreError> {
        let rows: Vec<(i32, i64)> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT number, member_id FROM reactions WHERE message_id = $1 ORDER BY number, member_id",
        )
        .bind(message.to_db())
        .fetch_all(db))?;
        rows.into_iter()
            .map(|(value, member)| Ok((number(value)?, MemberId::from_db(member))))
            .collect()
    }
}

impl Tx {
    /// Gives the proposal the message's next number, unless it has one or ten are given.
    pub async fn insert_number(
        &mut self,
        message: MessageId,
        round: RoundId,
        proposal: ProposalId,
    ) -> Result<(), StoreError> {
        on_db!(self.on(), |db| {
            sqlx::query(
            "INSERT INTO poll_numbers (message_id, number, round_id, proposal_id)
             SELECT $1, next.number, $2, $3
             FROM (SELECT COALESCE(MAX(number), 0) + 1 AS number FROM poll_numbers WHERE message_id = $1) AS next
             WHERE next.number <= 10
             ON CONFLICT (message_id, proposal_id) DO NOTHING",
        )
        .bind(message.to_db())
        .bind(round.0)
        .bind(proposal.0)
        .execute(db)
        .map_ok(drop)
        })
    }

    /// Remembers a reaction. `false` when it is known already.
    pub async fn insert_reaction(&mut self, at: ReactionAt, member: MemberId) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "INSERT INTO reactions (message_id, number, member_id) VALUES ($1, $2, $3)
             ON CONFLICT (message_id, number, member_id) DO NOTHING RETURNING member_id",
        )
        .bind(at.message.to_db())
        .bind(integer(at.number.get()))
        .bind(member.to_db())
        .fetch_optional(db))?;
        Ok(row.is_some())
    }

    /// Forgets a reaction. `false` when it is not known.
    pub async fn delete_reaction(&mut self, at: ReactionAt, member: MemberId) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| {
            sqlx::query_as(
            "DELETE FROM reactions WHERE message_id = $1 AND number = $2 AND member_id = $3 RETURNING member_id",
        )
        .bind(at.message.to_db())
        .bind(integer(at.number.get()))
        .bind(member.to_db())
        .fetch_optional(db)
        })?;
        Ok(row.is_some())
    }

    /// As [`Tx::insert_vote`], for a vote that a reaction gives.
    pub async fn insert_reaction_vote(
        &mut self,
        round: RoundId,
        member: MemberId,
        proposal: ProposalId,
        now: i64,
    ) -> Result<bool, StoreError> {
        self.insert_vote_from(round, member.into(), proposal, Some(REACTION), now)
            .await
    }

    /// As [`Tx::delete_vote`], but only a vote that a reaction gave.
    pub async fn delete_reaction_vote(
        &mut self,
        round: RoundId,
        member: MemberId,
        proposal: ProposalId,
    ) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "DELETE FROM votes
             WHERE round_id = $1 AND member_id = $2 AND source = $4
               AND film_id = (SELECT p.film_id FROM proposals p WHERE p.id = $3)
               AND EXISTS (SELECT 1 FROM rounds r WHERE r.id = $1 AND r.state = 'open')
             RETURNING film_id",
        )
        .bind(round.0)
        .bind(member.to_db())
        .bind(proposal.0)
        .bind(REACTION)
        .fetch_optional(db))?;
        Ok(row.is_some())
    }
}
