//! What a member's text means among films that are there already: proposals, nights and viewings.

use super::{Service, ServiceError};
use crate::domain::film::Film;
use crate::domain::film_query::{FilmQuery, TypedTitle};
use crate::domain::ids::ImdbId;

/// What a member's text means.
pub(super) enum Meant {
    /// The film behind an id or a link.
    Film(ImdbId),
    /// A film of this title.
    Title(TypedTitle),
}

impl Meant {
    /// Whether this is the film, or one of them.
    pub(super) fn fits(&self, film: &Film) -> bool {
        match self {
            Self::Film(imdb_id) => film.imdb_id.as_ref() == Some(imdb_id),
            Self::Title(typed) => film.is_called(typed),
        }
    }
}

impl Service {
    /// What the text means: a title, or the film behind an id or a link.
    ///
    /// # Errors
    /// Refused when it is a link from which no film can be told.
    pub(super) async fn meant(&self, movie: &str) -> Result<Meant, ServiceError> {
        match FilmQuery::read(movie) {
            FilmQuery::Title(typed) => Ok(Meant::Title(typed)),
            link => self.resolve_link(link).await.map(Meant::Film),
        }
    }
}
