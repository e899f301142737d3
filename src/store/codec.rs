//! Values on their way into and out of columns: numbers, states, and film data as JSON.
//!
//! What a column cannot be read as never breaks a whole view: data becomes a cache miss, a year or an id
//! becomes unknown. Only a state or a method that this version does not know is an error.

use crate::domain::film::{Cached, Film, FilmData};
use crate::domain::ids::FilmId;
use crate::domain::proposal::ProposalState;
use crate::domain::reaction::{Number, VoteInput};
use crate::domain::round::{Method, RoundState, Secrecy};
use crate::domain::settings::{DepartedVotes, Language};
use crate::domain::ties::TieRule;

use super::error::StoreError;

/// The columns of a [`FilmRow`], as every query that brings films selects them of the table `f`; the argument
/// is the server in which they are shown, if it is one.
macro_rules! film_columns {
    () => {
        "f.id AS film_id, f.imdb_id, f.title, f.year, f.cached_imdb_data, f.cached_at"
    };
    ($guild:literal) => {
        concat!(
            film_columns!(),
            ", (SELECT s.language FROM guilds s WHERE s.guild_id = ",
            $guild,
            ") AS language"
        )
    };
}
pub(super) use film_columns;

/// A film as a query brings it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct FilmRow {
    film_id: i64,
    imdb_id: Option<String>,
    title: String,
    year: Option<i32>,
    cached_imdb_data: Option<String>,
    cached_at: Option<i64>,
    #[sqlx(default)]
    language: Option<String>,
}

impl FilmRow {
    pub(super) fn into_film(self) -> Film {
        Film {
            id: FilmId(self.film_id),
            imdb_id: self.imdb_id.and_then(|id| id.parse().ok()),
            title: self.title,
            year: self.year.and_then(|year| u16::try_from(year).ok()),
            cached: read_cached(self.cached_imdb_data.as_deref(), self.cached_at),
            language: self.language.as_deref().and_then(Language::read),
        }
    }
}

/// Cached data, unless it is missing, unreadable, of another version, or without its age.
fn read_cached(json: Option<&str>, cached_at: Option<i64>) -> Option<Cached> {
    let cached_at = cached_at?;
    let data: FilmData = serde_json::from_str(json?).ok()?;
    (data.v == FilmData::VERSION && !data.title.trim().is_empty()).then_some(Cached { data, cached_at })
}

/// Film data as the database holds it.
pub(super) fn write_data(data: &FilmData) -> Result<String, StoreError> {
    serde_json::to_string(data).map_err(|error| StoreError::Other(sqlx::Error::Encode(Box::new(error))))
}

/// The `LIKE` pattern of data in the shape that this version writes: [`FilmData`] begins with its version.
pub(super) fn readable_pattern() -> String {
    format!("{{\"v\":{},%", FilmData::VERSION)
}

/// A number of rows; what does not fit is as many as can be said.
pub(super) fn count(rows: i64) -> u32 {
    u32::try_from(rows.max(0)).unwrap_or(u32::MAX)
}

/// A small number on its way into an `INTEGER`.
pub(super) fn integer(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

pub(super) fn proposal_state(text: &str) -> Result<ProposalState, StoreError> {
    [
        ProposalState::Active,
        ProposalState::Withdrawn,
        ProposalState::Removed,
        ProposalState::Picked,
        ProposalState::Watched,
    ]
    .into_iter()
    .find(|state| state.as_str() == text)
    .ok_or(StoreError::Unreadable {
        column: "proposals.state",
    })
}

/// How a server votes; buttons where it set nothing.
pub(super) fn vote_input(text: Option<&str>) -> Result<VoteInput, StoreError> {
    text.map_or(Some(VoteInput::default()), VoteInput::from_db)
        .ok_or(StoreError::Unreadable {
            column: "guilds.vote_input",
        })
}

/// What becomes of the votes of those who leave; they count where nothing is set.
pub(super) fn departed_votes(text: Option<&str>) -> Result<DepartedVotes, StoreError> {
    text.map_or(Some(DepartedVotes::default()), DepartedVotes::from_db)
        .ok_or(StoreError::Unreadable {
            column: "guilds.departed_votes",
        })
}

/// A number under a poll.
pub(super) fn number(value: i32) -> Result<Number, StoreError> {
    u32::try_from(value)
        .ok()
        .and_then(Number::new)
        .ok_or(StoreError::Unreadable {
            column: "poll_numbers.number",
        })
}

pub(super) fn round_state(text: &str) -> Result<RoundState, StoreError> {
    RoundState::from_db(text).ok_or(StoreError::Unreadable {
        column: "rounds.state",
    })
}

pub(super) fn method(text: &str) -> Result<Method, StoreError> {
    Method::from_db(text).ok_or(StoreError::Unreadable {
        column: "rounds.method",
    })
}

pub(super) fn secrecy(text: &str) -> Result<Secrecy, StoreError> {
    Secrecy::from_db(text).ok_or(StoreError::Unreadable {
        column: "rounds.secrecy",
    })
}

pub(super) fn ties(text: &str) -> Result<TieRule, StoreError> {
    TieRule::from_db(text).ok_or(StoreError::Unreadable {
        column: "rounds.ties",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const READABLE: &str = r#"{"v":1,"source":"omdb","title":"Alien","year":1979}"#;

    #[test]
    fn data_of_this_version_is_read() {
        let cached = read_cached(Some(READABLE), Some(7)).expect("readable data");
        assert_eq!((cached.data.title.as_str(), cached.cached_at), ("Alien", 7));
    }

    #[test]
    fn data_from_before_series_and_translations_is_read_and_so_is_data_from_later() {
        let before = read_cached(Some(READABLE), Some(7)).expect("readable data").data;
        assert_eq!((before.series, before.abroad), (None, None));
        let later = READABLE.replace(
            "1979}",
            r#"1979,"series":{"seasons":2,"new":1},"abroad":{"new":[]}}"#,
        );
        let later = read_cached(Some(&later), Some(7)).expect("readable data").data;
        assert_eq!(later.series.and_then(|series| series.seasons), Some(2));
    }

    #[test]
    fn whatever_else_is_there_is_a_miss() {
        for json in [
            "",
            "null",
            "{}",
            "[1]",
            r#"{"v":2,"source":"omdb","title":"Alien"}"#,
            r#"{"v":1,"source":"elsewhere","title":"Alien"}"#,
            r#"{"v":1,"source":"omdb","title":" "}"#,
            r#"{"v":1,"source":"omdb","title":"Alien","year":-5}"#,
            r#"{"v":1,"source":"omdb","title":"Ali"#,
        ] {
            assert_eq!(read_cached(Some(json), Some(7)), None, "{json}");
        }
        assert_eq!(read_cached(Some(READABLE), None), None);
        assert_eq!(read_cached(None, Some(7)), None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let data = read_cached(Some(READABLE), Some(7)).expect("readable data").data;
        let json = write_data(&data).expect("writable data");
        assert_eq!(
            read_cached(Some(&json), Some(8)).map(|cached| cached.data),
            Some(data)
        );
        let readable = readable_pattern();
        assert!(json.starts_with(readable.trim_end_matches('%')), "{json}");
    }

    #[test]
    fn unknown_states_are_told_by_their_column() {
        assert!(proposal_state("active").is_ok());
        assert!(matches!(
            proposal_state("lost"),
            Err(StoreError::Unreadable {
                column: "proposals.state"
            })
        ));
    }
}
