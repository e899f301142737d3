//! Proposals and their standings in the open round.

use crate::domain::film::Film;
use crate::domain::ids::{FilmId, GuildId, ImdbId, MemberId, ProposalId, RoundId};
use crate::domain::method::BallotKind;
use crate::domain::poll::{Standing, VOTERS_SHOWN};
use crate::domain::proposal::{Proposal, ProposalState};
use crate::domain::round::Round;

use super::codec::{FilmRow, count, film_columns};
use super::db::on_db;
use super::error::StoreError;
use super::rounds::{RoundRow, round_columns};
use super::{Store, Tx};

/// A proposal to be put up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProposal {
    /// Its key, new.
    pub id: ProposalId,
    /// The server.
    pub guild: GuildId,
    /// The film, which is in the database.
    pub film: FilmId,
    /// Who proposes it.
    pub by: MemberId,
    /// When, Unix seconds.
    pub at: i64,
    /// Why, cleaned.
    pub pitch: Option<String>,
    /// The run-off that it waits for, when one is on.
    pub waits_for: Option<RoundId>,
}

/// One page of the open round's standings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StandingsPage {
    /// The page's proposals: most votes first, then the earlier proposal.
    pub standings: Vec<Standing>,
    /// The votes of the film that leads the whole round; 0 on a page with nothing on it.
    pub most_votes: u32,
}

/// An identified film that is up for the vote in a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedFilm {
    /// The proposal.
    pub proposal: ProposalId,
    /// The server's open round.
    pub round: Round,
    /// The film.
    pub film: Film,
    /// Who proposed it.
    pub proposed_by: MemberId,
    /// How many ballots of the open round name it; `None` while counts are hidden.
    pub votes: Option<u32>,
}

/// How many proposals are active in a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActiveProposals {
    /// In all.
    pub all: u32,
    /// Of the member who was asked about.
    pub by_member: u32,
}

/// The columns of a proposal with its film.
#[derive(Debug, sqlx::FromRow)]
struct ProposalRow {
    proposal_id: i64,
    proposed_by: i64,
    proposed_at: i64,
    pitch: Option<String>,
    #[sqlx(flatten)]
    film: FilmRow,
}

impl ProposalRow {
    fn into_proposal(self) -> Proposal {
        Proposal {
            id: ProposalId(self.proposal_id),
            film: self.film.into_film(),
            proposed_by: MemberId::from_db(self.proposed_by),
            proposed_at: self.proposed_at,
            pitch: self.pitch,
        }
    }
}

#[derive(Debug, sqlx::FromRow)]
struct StandingRow {
    #[sqlx(flatten)]
    proposal: ProposalRow,
    votes: i64,
    most_votes: i64,
    first_voters: Option<String>,
}

#[derive(Debug, sqlx::FromRow)]
struct ProposedRow {
    proposal_id: i64,
    proposed_by: i64,
    votes: i64,
    #[sqlx(flatten)]
    round: RoundRow,
    #[sqlx(flatten)]
    film: FilmRow,
}

/// The statement of a page of standings, by how votes make up what stands for a film: `$1` is the server, `$2`
/// the round, `$3` and `$4` the page, `$5` how many voters are named, and `$6` whether counts are hidden.
macro_rules! standings {
    ($tally:literal) => {
        concat!(
            "WITH tally AS (",
            $tally,
            "), counted AS (
                 SELECT p.id, p.film_id, p.proposed_at, CAST(COALESCE(t.votes, 0) AS BIGINT) AS votes
                 FROM proposals p LEFT JOIN tally t ON t.film_id = p.film_id
                 WHERE p.guild_id = $1 AND p.state = 'active' AND p.waits_for IS NULL
             ), page AS (
                 SELECT id, film_id, votes, MAX(votes) OVER () AS most_votes FROM counted
                 ORDER BY votes DESC, proposed_at, id LIMIT $3 OFFSET $4
             )
             SELECT p.id AS proposal_id, p.proposed_by, p.proposed_at, p.pitch, page.votes, page.most_votes,
                    (SELECT string_agg(CAST(first.member_id AS TEXT), ',' ORDER BY first.cast_at, first.member_id)
                     FROM (SELECT v.member_id, v.cast_at FROM votes v
                           WHERE v.round_id = $2 AND v.film_id = page.film_id
                           ORDER BY v.cast_at, v.member_id LIMIT $5) AS first) AS first_voters, ", film_columns!("$1"), " FROM page JOIN proposals p ON p.id = page.id JOIN films f ON f.id = page.film_id
             ORDER BY page.votes DESC, p.proposed_at, p.id",
        )
    };
}

/// Films that are chosen or given stars: the sum of what each ballot says.
const SUMS: &str = standings!(
    "SELECT v.film_id, SUM(v.value) AS votes FROM votes v WHERE v.round_id = $2 AND NOT $6 GROUP BY v.film_id"
);

/// Films that are ranked: how many ballots have it first of those that are up, as the count would have it.
const FIRST_CHOICES: &str = standings!(
    "SELECT choice.film_id, COUNT(*) AS votes FROM (
         SELECT v.film_id, v.value, MIN(v.value) OVER (PARTITION BY v.member_id) AS best FROM votes v
         WHERE v.round_id = $2 AND NOT $6 AND v.film_id IN (
             SELECT p.film_id FROM proposals p
             WHERE p.guild_id = $1 AND p.state = 'active' AND p.waits_for IS NULL)
     ) AS choice WHERE choice.value = choice.best GROUP BY choice.film_id"
);

impl Store {
    /// One page of the round's standings, with films, cached data and the first voters: one statement,
    /// whose cost is one pass over the round's votes in an index, and reading one page.
    ///
    /// What stands for a film depends on the method: how many chose it, the sum of its stars, or how many
    /// rank it before every other film that is up. While counts are hidden there are none, and films come in the order of their
    /// proposal; voters are named where the round names them and films are chosen.
    pub async fn list_standings(
        &self,
        round: &Round,
        limit: u32,
        offset: u32,
    ) -> Result<StandingsPage, StoreError> {
        let kind = round.rules.method.ballot_kind();
        let voters_shown = if kind == BallotKind::Set && round.names_voters() {
            VOTERS_SHOWN
        } else {
            0
        };
        let statement = match kind {
            BallotKind::Set | BallotKind::Scores => SUMS,
            BallotKind::Ranking => FIRST_CHOICES,
        };
        let rows: Vec<StandingRow> = on_db!(self.reader(), |db| {
            sqlx::query_as(statement)
                .bind(round.guild.to_db())
                .bind(round.id.0)
                .bind(i64::from(limit))
                .bind(i64::from(offset))
                .bind(i64::from(voters_shown))
                .bind(round.hides_counts())
                .fetch_all(db)
        })?;
        Ok(StandingsPage {
            most_votes: rows.first().map_or(0, |row| count(row.most_votes)),
            standings: rows
                .into_iter()
                .map(|row| Standing {
                    proposal: row.proposal.into_proposal(),
                    votes: (!round.hides_counts()).then(|| count(row.votes)),
                    first_voters: read_members(row.first_voters.as_deref()),
                })
                .collect(),
        })
    }

    /// The server's active proposal of this film, with its votes in the open round.
    pub async fn find_proposed_film(
        &self,
        guild: GuildId,
        imdb_id: &ImdbId,
    ) -> Result<Option<ProposedFilm>, StoreError> {
        let row: Option<ProposedRow> = on_db!(self.reader(), |db| sqlx::query_as(concat!(
            "SELECT ",
            round_columns!("r"),
            ", p.id AS proposal_id, p.proposed_by,
                    (SELECT COUNT(*) FROM votes v WHERE v.round_id = r.id AND v.film_id = f.id) AS votes, ",
            film_columns!("$1"),
            " FROM films f
             JOIN proposals p ON p.film_id = f.id AND p.guild_id = $1 AND p.state = 'active'
             JOIN rounds r ON r.guild_id = p.guild_id AND r.state = 'open'
             WHERE f.imdb_id = $2",
        ))
        .bind(guild.to_db())
        .bind(imdb_id.as_str())
        .fetch_optional(db))?;
        let Some(row) = row else { return Ok(None) };
        let round = row.round.into_round()?;
        Ok(Some(ProposedFilm {
            proposal: ProposalId(row.proposal_id),
            votes: (!round.hides_counts()).then(|| count(row.votes)),
            round,
            film: row.film.into_film(),
            proposed_by: MemberId::from_db(row.proposed_by),
        }))
    }

    /// The server's active proposals, earliest first: all, or with `by` those of one member.
    pub async fn list_active_proposals(
        &self,
        guild: GuildId,
        by: Option<MemberId>,
        limit: u32,
    ) -> Result<Vec<Proposal>, StoreError> {
        let rows: Vec<ProposalRow> = on_db!(self.reader(), |db| sqlx::query_as(concat!(
            "SELECT p.id AS proposal_id, p.proposed_by, p.proposed_at, p.pitch, ",
            film_columns!("$1"),
            " FROM proposals p JOIN films f ON f.id = p.film_id
             WHERE p.guild_id = $1 AND p.state = 'active' AND ($2 IS NULL OR p.proposed_by = $2)
             ORDER BY p.proposed_at, p.id LIMIT $3"
        ))
        .bind(guild.to_db())
        .bind(by.map(MemberId::to_db))
        .bind(i64::from(limit))
        .fetch_all(db))?;
        Ok(rows.into_iter().map(ProposalRow::into_proposal).collect())
    }
}

impl Tx {
    /// The server's active proposal of this film.
    pub async fn find_active_proposal_of(
        &mut self,
        guild: GuildId,
        film: FilmId,
    ) -> Result<Option<Proposal>, StoreError> {
        let row: Option<ProposalRow> = on_db!(self.on(), |db| sqlx::query_as(concat!(
            "SELECT p.id AS proposal_id, p.proposed_by, p.proposed_at, p.pitch, ",
            film_columns!("$1"),
            " FROM proposals p JOIN films f ON f.id = p.film_id
             WHERE p.guild_id = $1 AND p.film_id = $2 AND p.state = 'active'"
        ))
        .bind(guild.to_db())
        .bind(film.0)
        .fetch_optional(db))?;
        Ok(row.map(ProposalRow::into_proposal))
    }

    /// How many active proposals there are in the server, and how many of them the member's.
    pub async fn count_active_proposals(
        &mut self,
        guild: GuildId,
        member: MemberId,
    ) -> Result<ActiveProposals, StoreError> {
        let (all, by_member): (i64, i64) = on_db!(self.on(), |db| sqlx::query_as(
            "SELECT COUNT(*), COUNT(CASE WHEN proposed_by = $2 THEN 1 END)
             FROM proposals WHERE guild_id = $1 AND state = 'active'",
        )
        .bind(guild.to_db())
        .bind(member.to_db())
        .fetch_one(db))?;
        Ok(ActiveProposals {
            all: count(all),
            by_member: count(by_member),
        })
    }

    /// Puts a proposal up. `false`, and nothing is written, when the film is up in that server already.
    pub async fn insert_proposal(&mut self, new: &NewProposal) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| {
            sqlx::query_as(
            "INSERT INTO proposals
                 (id, guild_id, film_id, proposed_by, proposed_at, pitch, state, state_at, state_by, waits_for)
             VALUES ($1, $2, $3, $4, $5, $6, 'active', $5, $4, $7)
             ON CONFLICT (guild_id, film_id) WHERE state = 'active' DO NOTHING
             RETURNING id",
        )
        .bind(new.id.0)
        .bind(new.guild.to_db())
        .bind(new.film.0)
        .bind(new.by.to_db())
        .bind(new.at)
        .bind(new.pitch.as_deref())
        .bind(new.waits_for.map(|round| round.0))
        .fetch_optional(db)
        })?;
        Ok(row.is_some())
    }

    /// Takes an active proposal out, into `state`. `false` when it is not active (any more).
    pub async fn retire_proposal(
        &mut self,
        proposal: ProposalId,
        state: ProposalState,
        by: MemberId,
        now: i64,
    ) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "UPDATE proposals SET state = $2, state_at = $3, state_by = $4
             WHERE id = $1 AND state = 'active' RETURNING id",
        )
        .bind(proposal.0)
        .bind(state.as_str())
        .bind(now)
        .bind(by.to_db())
        .fetch_optional(db))?;
        Ok(row.is_some())
    }
}

/// The members that the statement put together, in its order.
fn read_members(ids: Option<&str>) -> Vec<MemberId> {
    ids.into_iter()
        .flat_map(|ids| ids.split(','))
        .filter_map(|id| id.parse().ok().map(MemberId::from_db))
        .collect()
}
