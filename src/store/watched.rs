//! The history: what a server has watched, how its members rated it, and what waits for its night.

use crate::domain::film::Film;
use crate::domain::ids::{FilmId, GuildId, ImdbId, MemberId, ProposalId, RoundId, ViewingId};
use crate::domain::proposal::{Proposal, ProposalState};
use crate::domain::watched::{
    FilmPast, HistoryOrder, NewViewing, PickedHere, Ratings, Stars, Viewing, day_number, day_of,
};

use super::codec::{FilmRow, count, film_columns, integer, proposal_state};
use super::db::on_db;
use super::error::StoreError;
use super::{Store, Tx};

/// A page of the history, and how many viewings there are in all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoryPage {
    /// The page's viewings.
    pub viewings: Vec<Viewing>,
    /// All viewings of the server.
    pub total: u32,
}

/// A proposal whose film may be watched next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Night {
    /// The proposal.
    pub proposal: Proposal,
    /// The number of the round that picked it; `None`: it is still up for the vote.
    pub picked_in: Option<u32>,
}

/// A viewing that was struck out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StruckViewing {
    /// The proposal that it was the night of.
    pub proposal: Option<ProposalId>,
    /// When it was written down, Unix seconds.
    pub added_at: i64,
}

#[derive(Debug, sqlx::FromRow)]
struct ViewingRow {
    viewing_id: i64,
    watched_on: i32,
    ratings: i64,
    stars: i64,
    total: i64,
    #[sqlx(flatten)]
    film: FilmRow,
}

impl ViewingRow {
    fn into_viewing(self) -> Result<Viewing, StoreError> {
        Ok(Viewing {
            id: ViewingId(self.viewing_id),
            film: self.film.into_film(),
            on: day_of(self.watched_on).ok_or(StoreError::Unreadable {
                column: "watched.watched_on",
            })?,
            ratings: Ratings {
                count: count(self.ratings),
                stars: count(self.stars),
            },
        })
    }
}

#[derive(Debug, sqlx::FromRow)]
struct PastRow {
    #[sqlx(flatten)]
    film: FilmRow,
    times: i64,
    last_on: Option<i32>,
    ratings: i64,
    stars: i64,
    picked_in: Option<i32>,
    picked_at: Option<i64>,
}

#[derive(Debug, sqlx::FromRow)]
struct NightRow {
    proposal_id: i64,
    proposed_by: i64,
    proposed_at: i64,
    pitch: Option<String>,
    picked_in: Option<i32>,
    #[sqlx(flatten)]
    film: FilmRow,
}

impl NightRow {
    fn into_night(self) -> Night {
        Night {
            proposal: Proposal {
                id: ProposalId(self.proposal_id),
                film: self.film.into_film(),
                proposed_by: MemberId::from_db(self.proposed_by),
                proposed_at: self.proposed_at,
                pitch: self.pitch,
            },
            picked_in: self.picked_in.map(|number| count(number.into())),
        }
    }
}

impl Store {
    /// A page of the server's history. Beyond the last viewing it is empty, its total 0.
    pub async fn list_viewings(
        &self,
        guild: GuildId,
        order: HistoryOrder,
        limit: u32,
        offset: u32,
    ) -> Result<HistoryPage, StoreError> {
        let rows: Vec<ViewingRow> = on_db!(self.reader(), |db| {
            sqlx::query_as(concat!(
                "SELECT w.id AS viewing_id, w.watched_on, COUNT(*) OVER () AS total,
                    COALESCE(r.ratings, 0) AS ratings, COALESCE(r.stars, 0) AS stars, ",
                film_columns!("$1"),
                " FROM watched w JOIN films f ON f.id = w.film_id
             LEFT JOIN (SELECT film_id, COUNT(*) AS ratings, CAST(SUM(stars) AS BIGINT) AS stars
                        FROM ratings WHERE guild_id = $1 GROUP BY film_id) r ON r.film_id = w.film_id
             WHERE w.guild_id = $1
             ORDER BY CASE WHEN $2 THEN COALESCE(r.stars * 1000000 / r.ratings, 0) ELSE 0 END DESC,
                      CASE WHEN $2 THEN COALESCE(r.ratings, 0) ELSE 0 END DESC,
                      w.watched_on DESC, w.id DESC
             LIMIT $3 OFFSET $4"
            ))
            .bind(guild.to_db())
            .bind(order == HistoryOrder::Best)
            .bind(i64::from(limit))
            .bind(i64::from(offset))
            .fetch_all(db)
        })?;
        let total = rows.first().map_or(0, |row| count(row.total));
        let viewings = rows.into_iter().map(ViewingRow::into_viewing);
        Ok(HistoryPage {
            viewings: viewings.collect::<Result<_, _>>()?,
            total,
        })
    }

    /// This viewing, if it is in the server's history.
    pub async fn find_viewing(
        &self,
        guild: GuildId,
        viewing: ViewingId,
    ) -> Result<Option<Viewing>, StoreError> {
        let row: Option<ViewingRow> = on_db!(self.reader(), |db| sqlx::query_as(concat!(
            "SELECT w.id AS viewing_id, w.watched_on, CAST(1 AS BIGINT) AS total,
                    (SELECT COUNT(*) FROM ratings r
                     WHERE r.guild_id = w.guild_id AND r.film_id = w.film_id) AS ratings,
                    (SELECT CAST(COALESCE(SUM(r.stars), 0) AS BIGINT) FROM ratings r
                     WHERE r.guild_id = w.guild_id AND r.film_id = w.film_id) AS stars, ",
            film_columns!("$1"),
            " FROM watched w JOIN films f ON f.id = w.film_id
             WHERE w.id = $2 AND w.guild_id = $1"
        ))
        .bind(guild.to_db())
        .bind(viewing.0)
        .fetch_optional(db))?;
        row.map(ViewingRow::into_viewing).transpose()
    }

    /// What a film is to the server's past: the one with this id, or else the server's own with this key of a typed
    /// title. `None` for a film that nobody has named before.
    pub async fn find_film_past(
        &self,
        guild: GuildId,
        imdb_id: Option<&ImdbId>,
        title_key: Option<&str>,
    ) -> Result<Option<(Film, FilmPast)>, StoreError> {
        let row: Option<PastRow> = on_db!(self.reader(), |db| sqlx::query_as(concat!(
            "SELECT ",
            film_columns!("$1"),
            ",
                    (SELECT COUNT(*) FROM watched w WHERE w.guild_id = $1 AND w.film_id = f.id) AS times,
                    (SELECT MAX(w.watched_on) FROM watched w
                     WHERE w.guild_id = $1 AND w.film_id = f.id) AS last_on,
                    (SELECT COUNT(*) FROM ratings r WHERE r.guild_id = $1 AND r.film_id = f.id) AS ratings,
                    (SELECT CAST(COALESCE(SUM(r.stars), 0) AS BIGINT) FROM ratings r
                     WHERE r.guild_id = $1 AND r.film_id = f.id) AS stars,
                    (SELECT MAX(e.number) FROM proposals p JOIN rounds e ON e.id = p.picked_in
                     WHERE p.guild_id = $1 AND p.film_id = f.id AND p.state = 'picked') AS picked_in,
                    (SELECT MAX(p.state_at) FROM proposals p
                     WHERE p.guild_id = $1 AND p.film_id = f.id AND p.state = 'picked') AS picked_at
             FROM films f WHERE f.imdb_id = $2 OR (f.guild_id = $1 AND f.title_key = $3)"
        ))
        .bind(guild.to_db())
        .bind(imdb_id.map(ImdbId::as_str))
        .bind(title_key)
        .fetch_optional(db))?;
        Ok(row.map(|row| {
            let picked = row.picked_in.zip(row.picked_at);
            let past = FilmPast {
                times: count(row.times),
                last_on: row.last_on.and_then(day_of),
                ratings: Ratings {
                    count: count(row.ratings),
                    stars: count(row.stars),
                },
                picked: picked.map(|(round, at)| PickedHere {
                    round: count(round.into()),
                    at,
                }),
            };
            (row.film.into_film(), past)
        }))
    }

    /// The server's proposals whose film may be watched next: those that a round picked, the latest first, then those
    /// that are up for the vote, the earliest first.
    pub async fn list_nights(&self, guild: GuildId, limit: u32) -> Result<Vec<Night>, StoreError> {
        let rows: Vec<NightRow> = on_db!(self.reader(), |db| {
            sqlx::query_as(concat!(
                "SELECT p.id AS proposal_id, p.proposed_by, p.proposed_at, p.pitch, e.number AS picked_in, ",
                film_columns!("$1"),
                " FROM proposals p JOIN films f ON f.id = p.film_id
             LEFT JOIN rounds e ON e.id = p.picked_in AND p.state = 'picked'
             WHERE p.guild_id = $1 AND p.state IN ('picked', 'active')
             ORDER BY CASE WHEN p.state = 'picked' THEN -p.state_at ELSE p.proposed_at END, p.id LIMIT $2"
            ))
            .bind(guild.to_db())
            .bind(i64::from(limit))
            .fetch_all(db)
        })?;
        Ok(rows.into_iter().map(NightRow::into_night).collect())
    }
}

impl Tx {
    /// Writes a viewing into the server's history. `false`, and nothing is written, when the film is there already for
    /// that day.
    pub async fn insert_viewing(&mut self, guild: GuildId, new: &NewViewing) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "INSERT INTO watched (id, guild_id, film_id, watched_on, added_by, added_at, proposal_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (guild_id, film_id, watched_on) DO NOTHING RETURNING id",
        )
        .bind(new.id.0)
        .bind(guild.to_db())
        .bind(new.film.0)
        .bind(day_number(new.on))
        .bind(new.by.to_db())
        .bind(new.at)
        .bind(new.proposal.map(|proposal| proposal.0))
        .fetch_optional(db))?;
        Ok(row.is_some())
    }

    /// Strikes a viewing out of the server's history. `None` when it is not there (any more).
    pub async fn delete_viewing(
        &mut self,
        guild: GuildId,
        viewing: ViewingId,
    ) -> Result<Option<StruckViewing>, StoreError> {
        let row: Option<(Option<i64>, i64)> = on_db!(self.on(), |db| sqlx::query_as(
            "DELETE FROM watched WHERE id = $2 AND guild_id = $1 RETURNING proposal_id, added_at",
        )
        .bind(guild.to_db())
        .bind(viewing.0)
        .fetch_optional(db))?;
        Ok(row.map(|(proposal, added_at)| StruckViewing {
            proposal: proposal.map(ProposalId),
            added_at,
        }))
    }

    /// The server's proposal of this film whose night a viewing can be: one that a round picked, else the active one.
    pub async fn find_night_of(&mut self, guild: GuildId, film: FilmId) -> Result<Option<Night>, StoreError> {
        let row: Option<NightRow> = on_db!(self.on(), |db| {
            sqlx::query_as(concat!(
                "SELECT p.id AS proposal_id, p.proposed_by, p.proposed_at, p.pitch, e.number AS picked_in, ",
                film_columns!("$1"),
                " FROM proposals p JOIN films f ON f.id = p.film_id
             LEFT JOIN rounds e ON e.id = p.picked_in AND p.state = 'picked'
             WHERE p.guild_id = $1 AND p.film_id = $2 AND p.state IN ('picked', 'active')
             ORDER BY CASE WHEN p.state = 'picked' THEN 0 ELSE 1 END, p.state_at, p.id LIMIT 1"
            ))
            .bind(guild.to_db())
            .bind(film.0)
            .fetch_optional(db)
        })?;
        Ok(row.map(NightRow::into_night))
    }

    /// Moves a picked or active proposal to those watched. `false` when it is neither (any more).
    pub async fn watch_proposal(
        &mut self,
        proposal: ProposalId,
        by: MemberId,
        now: i64,
    ) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "UPDATE proposals SET state = 'watched', state_at = $2, state_by = $3
             WHERE id = $1 AND state IN ('picked', 'active') RETURNING id",
        )
        .bind(proposal.0)
        .bind(now)
        .bind(by.to_db())
        .fetch_optional(db))?;
        Ok(row.is_some())
    }

    /// Gives a watched proposal its former state back: picked, if the round's result still stands, else active; an
    /// active one waits for the end of `waits_for`, when given. Where the film is up for the vote again by another
    /// proposal, that one stays and this one is out. The state it has now; `None` when it was not watched.
    pub async fn unwatch_proposal(
        &mut self,
        proposal: ProposalId,
        waits_for: Option<RoundId>,
        by: MemberId,
        now: i64,
    ) -> Result<Option<ProposalState>, StoreError> {
        let row: Option<(String,)> = on_db!(self.on(), |db| {
            sqlx::query_as(
            "UPDATE proposals SET state_at = $3, state_by = $4, waits_for = COALESCE($2, waits_for),
                 state = CASE
                     WHEN EXISTS (SELECT 1 FROM proposals other
                         WHERE other.guild_id = proposals.guild_id AND other.film_id = proposals.film_id
                           AND other.state = 'active') THEN 'removed'
                     WHEN EXISTS (SELECT 1 FROM round_results c WHERE c.round_id = proposals.picked_in) THEN 'picked'
                     ELSE 'active' END,
                 picked_in = (SELECT c.round_id FROM round_results c WHERE c.round_id = proposals.picked_in)
             WHERE id = $1 AND state = 'watched' RETURNING state",
        )
        .bind(proposal.0)
        .bind(waits_for.map(|round| round.0))
        .bind(now)
        .bind(by.to_db())
        .fetch_optional(db)
        })?;
        row.map(|(state,)| proposal_state(&state)).transpose()
    }

    /// Gives a film a member's rating, in place of the one before. `false`, and nothing is written, when the film is
    /// not in the server's history.
    pub async fn upsert_rating(
        &mut self,
        guild: GuildId,
        film: FilmId,
        by: MemberId,
        stars: Stars,
        now: i64,
    ) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "INSERT INTO ratings (guild_id, film_id, member_id, stars, rated_at)
             SELECT $1, $2, $3, $4, $5
             WHERE EXISTS (SELECT 1 FROM watched w WHERE w.guild_id = $1 AND w.film_id = $2)
             ON CONFLICT (guild_id, film_id, member_id)
             DO UPDATE SET stars = excluded.stars, rated_at = excluded.rated_at
             RETURNING film_id",
        )
        .bind(guild.to_db())
        .bind(film.0)
        .bind(by.to_db())
        .bind(integer(stars.get()))
        .bind(now)
        .fetch_optional(db))?;
        Ok(row.is_some())
    }

    /// Takes a member's rating of a film back. `false` when there was none.
    pub async fn delete_rating(
        &mut self,
        guild: GuildId,
        film: FilmId,
        by: MemberId,
    ) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| {
            sqlx::query_as(
            "DELETE FROM ratings WHERE guild_id = $1 AND film_id = $2 AND member_id = $3 RETURNING film_id",
        )
        .bind(guild.to_db())
        .bind(film.0)
        .bind(by.to_db())
        .fetch_optional(db)
        })?;
        Ok(row.is_some())
    }
}
