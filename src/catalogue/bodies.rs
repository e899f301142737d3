//! From the bytes of an answer to clean film data, without the network: what the fuzz target
//! `provider_body` drives. The catalogue itself goes the same way, an answer at a time.

use super::fetcher::Answer;
use super::hygiene::{Hygiene, clean_hits};
use super::posters::PosterRules;
use super::{SearchHit, providers};
use crate::domain::film::{FilmData, Source};
use crate::domain::ids::ImdbId;

/// The most rows that are kept of a search.
const HITS: usize = 25;

/// What an answer held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// The film, if it is one's answer.
    pub film: Option<FilmData>,
    /// The rows, if it is a search's answer.
    pub hits: Vec<SearchHit>,
}

/// Reads an answer as the provider `source` gives them: its HTTP status and its decompressed body.
///
/// `id` is the film that was asked for, `now` is in Unix seconds. `None` when the answer is a fault: an
/// error of the provider's, or nothing that can be read.
pub fn read_body(source: Source, status: u16, body: &[u8], id: &ImdbId, now: i64) -> Option<Contents> {
    let answer = Answer {
        status,
        retry_after: None,
        body: body.to_vec(),
    };
    let (film, rows) = providers::contents(source, &answer).ok()?;
    let hygiene = Hygiene::new(PosterRules::new(Vec::new()).ok()?);
    Some(Contents {
        film: film.map(|raw| hygiene.film(source, id, raw, now)),
        hits: clean_hits(source, rows, None, HITS, now),
    })
}
