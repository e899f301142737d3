//! Servers: their settings and their proposal limits.

use futures::TryFutureExt;

use crate::domain::ids::{ChannelId, GuildId, MemberId, RoleId};
use crate::domain::round::Rules;
use crate::domain::settings::{Country, GuildSettings, Language};

use super::codec::{count, departed_votes, integer, method, secrecy, ties, vote_input};
use super::db::on_db;
use super::error::StoreError;
use super::rounds::bind_rules;
use super::{Store, Tx};

/// The columns of a server's settings.
macro_rules! settings_columns {
    ($g:literal) => {
        concat!(
            $g,
            ".method, ",
            $g,
            ".picks, ",
            $g,
            ".votes_each, ",
            $g,
            ".secrecy, ",
            $g,
            ".ties, ",
            $g,
            ".quorum, ",
            $g,
            ".vote_input, ",
            $g,
            ".departed_votes, ",
            $g,
            ".channel_id, ",
            $g,
            ".organizer_role, ",
            $g,
            ".announce_role, ",
            $g,
            ".time_zone, ",
            $g,
            ".language, ",
            $g,
            ".country, ",
            $g,
            ".series, ",
            $g,
            ".proposal_limit"
        )
    };
}

#[derive(Debug, sqlx::FromRow)]
struct SettingsRow {
    method: Option<String>,
    picks: Option<i32>,
    votes_each: Option<i32>,
    secrecy: Option<String>,
    ties: Option<String>,
    quorum: Option<i32>,
    vote_input: Option<String>,
    departed_votes: Option<String>,
    channel_id: Option<i64>,
    organizer_role: Option<i64>,
    announce_role: Option<i64>,
    time_zone: Option<String>,
    language: Option<String>,
    country: Option<String>,
    series: Option<bool>,
    proposal_limit: Option<i32>,
}

impl SettingsRow {
    fn into_settings(self) -> Result<GuildSettings, StoreError> {
        let default = GuildSettings::default();
        let number = |value: Option<i32>, default| value.map_or(default, |value| count(value.into()));
        Ok(GuildSettings {
            rules: Rules {
                method: self
                    .method
                    .map_or(Ok(default.rules.method), |text| method(&text))?,
                picks: number(self.picks, default.rules.picks),
                votes_each: number(self.votes_each, default.rules.votes_each),
                secrecy: self
                    .secrecy
                    .map_or(Ok(default.rules.secrecy), |text| secrecy(&text))?,
                ties: self.ties.map_or(Ok(default.rules.ties), |text| ties(&text))?,
                quorum: self.quorum.map(|quorum| count(quorum.into())),
            },
            input: vote_input(self.vote_input.as_deref())?,
            departed: departed_votes(self.departed_votes.as_deref())?,
            channel: self.channel_id.map(ChannelId::from_db),
            organizer_role: self.organizer_role.map(RoleId::from_db),
            announce_role: self.announce_role.map(RoleId::from_db),
            // A zone that this version does not know reads as the default, and is named by no error: rounds go on.
            time_zone: self
                .time_zone
                .and_then(|zone| zone.parse().ok())
                .unwrap_or(default.time_zone),
            language: self.language.as_deref().and_then(Language::read),
            country: self.country.as_deref().and_then(Country::read),
            series: self.series.unwrap_or(default.series),
            proposal_limit: number(self.proposal_limit, default.proposal_limit),
        })
    }
}

impl Store {
    /// The server's settings; the defaults where it has set nothing.
    pub async fn find_settings(&self, guild: GuildId) -> Result<GuildSettings, StoreError> {
        let row: Option<SettingsRow> = on_db!(self.reader(), |db| sqlx::query_as(concat!(
            "SELECT ",
            settings_columns!("g"),
            " FROM guilds g WHERE g.guild_id = $1",
        ))
        .bind(guild.to_db())
        .fetch_optional(db))?;
        row.map_or_else(|| Ok(GuildSettings::default()), SettingsRow::into_settings)
    }

    /// The members with a limit of their own, by member, at most `most`, and how many there are in all.
    pub async fn list_proposal_limits(
        &self,
        guild: GuildId,
        most: u32,
    ) -> Result<(Vec<(MemberId, u32)>, u32), StoreError> {
        let rows: Vec<(i64, i32, i64)> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT member_id, active_proposals, COUNT(*) OVER () FROM proposal_limits
             WHERE guild_id = $1 ORDER BY member_id LIMIT $2",
        )
        .bind(guild.to_db())
        .bind(i64::from(most))
        .fetch_all(db))?;
        let total = rows.first().map_or(0, |(_, _, total)| count(*total));
        let limits = rows
            .into_iter()
            .map(|(member, limit, _)| (MemberId::from_db(member), count(limit.into())));
        Ok((limits.collect(), total))
    }
}

impl Tx {
    /// Finds or makes the server's row and keeps it to this transaction: until it ends, no other one gets
    /// past this call for the same server. Checks that span rows, such as a limit, are safe after it.
    pub async fn lock_guild(&mut self, guild: GuildId, now: i64) -> Result<GuildSettings, StoreError> {
        let row: SettingsRow = on_db!(self.on(), |db| sqlx::query_as(concat!(
            "INSERT INTO guilds (guild_id, created_at) VALUES ($1, $2)
             ON CONFLICT (guild_id) DO UPDATE SET created_at = guilds.created_at
             RETURNING ",
            settings_columns!("guilds"),
        ))
        .bind(guild.to_db())
        .bind(now)
        .fetch_one(db))?;
        row.into_settings()
    }

    /// Writes all of the server's settings. The server's row must be there ([`Tx::lock_guild`]).
    pub async fn update_settings(
        &mut self,
        guild: GuildId,
        settings: &GuildSettings,
    ) -> Result<(), StoreError> {
        let rules = settings.rules;
        on_db!(self.on(), |db| {
            let query = sqlx::query(
            "UPDATE guilds SET method = $2, picks = $3, votes_each = $4, secrecy = $5, ties = $6, quorum = $7,
                 vote_input = $8, departed_votes = $9, channel_id = $10, organizer_role = $11, announce_role = $12,
                 time_zone = $13, language = $14, country = $15, series = $16, proposal_limit = $17
             WHERE guild_id = $1",
        )
        .bind(guild.to_db());
            bind_rules!(query, rules)
                .bind(settings.input.as_str())
                .bind(settings.departed.as_str())
                .bind(settings.channel.map(ChannelId::to_db))
                .bind(settings.organizer_role.map(RoleId::to_db))
                .bind(settings.announce_role.map(RoleId::to_db))
                .bind(settings.time_zone.name())
                .bind(settings.language.as_ref().map(Language::as_str))
                .bind(settings.country.as_ref().map(Country::as_str))
                .bind(settings.series)
                .bind(integer(settings.proposal_limit))
                .execute(db)
                .map_ok(drop)
        })
    }

    /// The member's own limit of active proposals, where one was set.
    pub async fn find_proposal_limit(
        &mut self,
        guild: GuildId,
        member: MemberId,
    ) -> Result<Option<u32>, StoreError> {
        let limit: Option<(i32,)> = on_db!(self.on(), |db| sqlx::query_as(
            "SELECT active_proposals FROM proposal_limits WHERE guild_id = $1 AND member_id = $2",
        )
        .bind(guild.to_db())
        .bind(member.to_db())
        .fetch_optional(db))?;
        Ok(limit.map(|(limit,)| count(limit.into())))
    }

    /// Gives a member a limit of their own, or with `None` takes it away. The server's row must be there.
    pub async fn upsert_proposal_limit(
        &mut self,
        guild: GuildId,
        member: MemberId,
        limit: Option<u32>,
    ) -> Result<(), StoreError> {
        match limit {
            Some(limit) => on_db!(self.on(), |db| {
                sqlx::query(
                "INSERT INTO proposal_limits (guild_id, member_id, active_proposals) VALUES ($1, $2, $3)
                 ON CONFLICT (guild_id, member_id) DO UPDATE SET active_proposals = excluded.active_proposals",
            )
            .bind(guild.to_db())
            .bind(member.to_db())
            .bind(integer(limit))
            .execute(db)
            .map_ok(drop)
            }),
            None => on_db!(self.on(), |db| sqlx::query(
                "DELETE FROM proposal_limits WHERE guild_id = $1 AND member_id = $2",
            )
            .bind(guild.to_db())
            .bind(member.to_db())
            .execute(db)
            .map_ok(drop)),
        }
    }
}
