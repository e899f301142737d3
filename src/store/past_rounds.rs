//! Rounds looked back at: by number, by list, with what they picked.

use std::collections::HashMap;

use crate::domain::film::Film;
use crate::domain::ids::{GuildId, RoundId};
use crate::domain::result::RoundResult;
use crate::domain::round::Round;

use super::Store;
use super::codec::{FilmRow, film_columns, integer};
use super::db::on_db;
use super::error::StoreError;
use super::results::read_result;
use super::rounds::{RoundRow, round_columns};

/// Picked films that are read for a list of rounds at most.
const MOST_PICKS: i64 = 1_000;

/// A round with the films that it picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastRound {
    /// The round.
    pub round: Round,
    /// What it picked, in no order.
    pub picked: Vec<Film>,
}

#[derive(Debug, sqlx::FromRow)]
struct PickRow {
    picked_in: i64,
    #[sqlx(flatten)]
    film: FilmRow,
}

impl Store {
    /// The server's rounds, the latest first, at most `limit`; only the one of this number where one is given.
    /// Two statements.
    pub async fn list_rounds(
        &self,
        guild: GuildId,
        number: Option<u32>,
        limit: u32,
    ) -> Result<Vec<PastRound>, StoreError> {
        let rows: Vec<RoundRow> = on_db!(self.reader(), |db| sqlx::query_as(concat!(
            "SELECT ",
            round_columns!("r"),
            " FROM rounds r WHERE r.guild_id = $1 AND ($2 IS NULL OR r.number = $2)
              ORDER BY r.number DESC LIMIT $3",
        ))
        .bind(guild.to_db())
        .bind(number.map(integer))
        .bind(i64::from(limit))
        .fetch_all(db))?;
        let picks: Vec<PickRow> = on_db!(self.reader(), |db| {
            sqlx::query_as(concat!(
                "SELECT p.picked_in, ",
                film_columns!("$1"),
                " FROM proposals p JOIN films f ON f.id = p.film_id
             WHERE p.guild_id = $1 AND p.picked_in IS NOT NULL
             ORDER BY p.state_at DESC, p.id LIMIT $2"
            ))
            .bind(guild.to_db())
            .bind(MOST_PICKS)
            .fetch_all(db)
        })?;
        let mut picked: HashMap<RoundId, Vec<Film>> = HashMap::new();
        for pick in picks {
            let round = RoundId(pick.picked_in);
            picked.entry(round).or_default().push(pick.film.into_film());
        }
        rows.into_iter()
            .map(|row| {
                let round = row.into_round()?;
                let picked = picked.remove(&round.id).unwrap_or_default();
                Ok(PastRound { round, picked })
            })
            .collect()
    }

    /// The server's round with this number.
    pub async fn find_round_by_number(
        &self,
        guild: GuildId,
        number: u32,
    ) -> Result<Option<Round>, StoreError> {
        let row: Option<RoundRow> = on_db!(self.reader(), |db| sqlx::query_as(concat!(
            "SELECT ",
            round_columns!("r"),
            " FROM rounds r WHERE r.guild_id = $1 AND r.number = $2",
        ))
        .bind(guild.to_db())
        .bind(integer(number))
        .fetch_optional(db))?;
        row.map(RoundRow::into_round).transpose()
    }

    /// The rounds of all servers that have a result, those that ended last first, at most `limit`.
    pub async fn list_counted_rounds(&self, limit: u32) -> Result<Vec<Round>, StoreError> {
        let rows: Vec<RoundRow> = on_db!(self.reader(), |db| sqlx::query_as(concat!(
            "SELECT ",
            round_columns!("r"),
            " FROM rounds r JOIN round_results c ON c.round_id = r.id
              ORDER BY r.ended_at DESC, r.id DESC LIMIT $1",
        ))
        .bind(i64::from(limit))
        .fetch_all(db))?;
        rows.into_iter().map(RoundRow::into_round).collect()
    }

    /// The result of this round, if it is one of this server's.
    pub async fn find_result_in(
        &self,
        guild: GuildId,
        round: RoundId,
    ) -> Result<Option<RoundResult>, StoreError> {
        let row: Option<(String,)> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT result FROM round_results WHERE round_id = $1 AND guild_id = $2",
        )
        .bind(round.0)
        .bind(guild.to_db())
        .fetch_optional(db))?;
        row.map(|(json,)| read_result(&json)).transpose()
    }
}
