//! What members paste or type for a film, read strictly.

use super::ids::ImdbId;

/// What a member's text means (facts: providers, "What members paste").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilmQuery {
    /// An IMDb id, bare or in a link.
    Imdb(ImdbId),
    /// A film's page on TMDB, by its number there.
    Tmdb(u64),
    /// A film's page on Letterboxd, by its slug.
    Letterboxd(String),
    /// A link to something that is no film's page on a site that has films.
    NotAFilmPage,
    /// A link to another site.
    ForeignLink,
    /// A title. `whole` is tried first; `title` and `year` are its reading with a year.
    Title(TypedTitle),
    /// Nothing is left after cleaning.
    Empty,
}

/// A typed title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedTitle {
    /// All of it, cleaned: `The Thing (1982)`, `Blade Runner 2049`.
    pub whole: String,
    /// Its reading as title and year, when it ends in `(1982)`.
    pub with_year: Option<(String, u16)>,
}

impl FilmQuery {
    /// Reads what a member typed or pasted.
    pub fn read(_text: &str) -> Self {
        todo!()
    }
}
