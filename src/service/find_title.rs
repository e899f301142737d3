//! Finding the films that a typed title means: among those that are known, in the index of titles, and in the film
//! databases.

use super::titles::rating_of;
use super::{Service, ServiceError};
use crate::catalogue::{SearchHit, SearchResult};
use crate::domain::film::{Film, FilmData};
use crate::domain::film_query::TypedTitle;
use crate::domain::ids::ImdbId;
use crate::domain::refusal::Refusal;
use crate::domain::text::title_key;
use crate::domain::title_index::IndexedTitle;

/// How many films of the database are looked at for a typed title.
const KNOWN_FILMS: u32 = 25;

/// How many films of the index of titles are.
const LISTED_FILMS: usize = 10;

/// What a typed title means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TitleMatch {
    /// Exactly this film.
    One(ImdbId),
    /// One of these, best first, or none.
    Several(Vec<SearchHit>),
    /// No film that is known or could be looked up.
    None {
        /// Whether a film database said so; else none could be asked.
        answered: bool,
    },
}

impl TitleMatch {
    /// The film, or at most so many to choose from.
    ///
    /// # Errors
    /// Refused when there is none: with `UnknownTitle`, or with `TitlesUnasked` where nobody could say so.
    pub(super) fn or_choices(self, most: usize) -> Result<Result<ImdbId, Vec<SearchHit>>, Refusal> {
        match self {
            Self::One(imdb_id) => Ok(Ok(imdb_id)),
            Self::Several(mut hits) => {
                hits.truncate(most);
                Ok(Err(hits))
            }
            Self::None { answered: true } => Err(Refusal::UnknownTitle),
            Self::None { answered: false } => Err(Refusal::TitlesUnasked),
        }
    }
}

impl Service {
    /// The films that a typed title means.
    pub(super) async fn find_by_title(&self, typed: &TypedTitle) -> Result<TitleMatch, ServiceError> {
        let within = self.settings.fetch_timeout;
        let whole = self.catalogue.search(&typed.whole, None, within);
        let dated = typed.with_year.as_ref().or(typed.bare_year.as_ref());
        let found = match dated {
            Some((title, year)) => {
                let (dated, whole) = tokio::join!(self.catalogue.search(title, Some(*year), within), whole);
                SearchResult {
                    hits: [dated.hits, whole.hits].concat(),
                    answered: dated.answered || whole.answered,
                }
            }
            None => whole.await,
        };
        let mut known = Vec::new();
        for title in dated.map(|(title, _)| title).into_iter().chain([&typed.whole]) {
            let stored = self.store.search_films(title, KNOWN_FILMS).await;
            known.extend(stored.map_err(ServiceError::from_store)?);
        }
        let known = known.into_iter().filter_map(hit_of);
        let listed = self.titles.search_if_possible(&typed.whole, LISTED_FILMS);
        let listed = listed.await.into_iter().map(listed_hit);
        let hits = known.chain(listed).chain(found.hits);
        Ok(choose(typed, hits, found.answered))
    }
}

/// A film of the database as a search hit.
fn hit_of(film: Film) -> Option<SearchHit> {
    let (title, year) = (film.shown_title().to_owned(), film.shown_year());
    let rating = film.cached.and_then(|cached| {
        let FilmData { rating, .. } = cached.data;
        rating
    });
    Some(SearchHit {
        imdb_id: film.imdb_id?,
        title,
        year,
        rating,
    })
}

/// A film of the index of titles as a search hit.
fn listed_hit(title: IndexedTitle) -> SearchHit {
    let rating = Some(rating_of(&title));
    SearchHit {
        imdb_id: title.imdb_id,
        title: title.title,
        year: title.year,
        rating,
    }
}

/// Decides what a title means among the films found: a film that alone has this very title (and year,
/// when one was typed) is meant; anything else is for the member to choose. A bare number at the end is
/// read as a year only when no film has all of it as its title.
fn choose(typed: &TypedTitle, hits: impl Iterator<Item = SearchHit>, answered: bool) -> TitleMatch {
    let mut distinct: Vec<SearchHit> = Vec::new();
    for hit in hits {
        if distinct.iter().all(|other| other.imdb_id != hit.imdb_id) {
            distinct.push(hit);
        }
    }
    let whole_key = title_key(&typed.whole);
    let dated = typed
        .with_year
        .as_ref()
        .map(|(title, year)| (title_key(title), *year));
    let exact = |hit: &SearchHit| {
        let key = title_key(&hit.title);
        key == whole_key
            || dated
                .as_ref()
                .is_some_and(|(title, year)| key == *title && hit.year == Some(*year))
    };
    let bare = typed
        .bare_year
        .as_ref()
        .filter(|_| !distinct.iter().any(&exact))
        .map(|(title, year)| (title_key(title), *year));
    let exact = |hit: &SearchHit| {
        let of_the_year =
            |(title, year): &(String, u16)| title_key(&hit.title) == *title && hit.year == Some(*year);
        exact(hit) || bare.as_ref().is_some_and(of_the_year)
    };
    let mut exact_hits = distinct.iter().filter(|hit| exact(hit));
    match (exact_hits.next(), exact_hits.next()) {
        (Some(only), None) => TitleMatch::One(only.imdb_id.clone()),
        _ if distinct.is_empty() => TitleMatch::None { answered },
        _ => {
            distinct.sort_by_key(|hit| !exact(hit));
            TitleMatch::Several(distinct)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(id: &str, title: &str, year: u16) -> SearchHit {
        SearchHit {
            imdb_id: id.parse().expect(id),
            title: title.into(),
            year: Some(year),
            rating: None,
        }
    }

    fn typed(whole: &str, with_year: Option<(&str, u16)>) -> TypedTitle {
        TypedTitle {
            whole: whole.into(),
            with_year: with_year.map(|(title, year)| (title.into(), year)),
            bare_year: None,
        }
    }

    fn typed_bare(title: &str, year: u16) -> TypedTitle {
        TypedTitle {
            whole: format!("{title} {year}"),
            with_year: None,
            bare_year: Some((title.into(), year)),
        }
    }

    #[test]
    fn a_title_that_one_film_has_is_that_film() {
        let hits = [hit("tt0078748", "Alien", 1979), hit("tt0090605", "Aliens", 1986)];
        assert_eq!(
            choose(&typed("alien", None), hits.into_iter(), true),
            TitleMatch::One("tt0078748".parse().expect("id"))
        );
    }

    #[test]
    fn two_films_of_one_name_are_for_the_member_to_choose() {
        let hits = [hit("tt0116191", "Emma", 1996), hit("tt9214832", "Emma.", 2020)];
        let TitleMatch::Several(offered) = choose(&typed("Emma", None), hits.into_iter(), true) else {
            panic!("a choice is offered");
        };
        assert_eq!(offered.len(), 2);
    }

    #[test]
    fn a_year_tells_films_of_one_name_apart() {
        let hits = [
            hit("tt0044121", "The Thing", 1951),
            hit("tt0084787", "The Thing", 1982),
        ];
        assert_eq!(
            choose(
                &typed("The Thing (1982)", Some(("The Thing", 1982))),
                hits.into_iter(),
                true
            ),
            TitleMatch::One("tt0084787".parse().expect("id"))
        );
    }

    #[test]
    fn a_bare_year_is_one_only_when_no_film_is_called_so() {
        let things = [
            hit("tt0044121", "The Thing", 1951),
            hit("tt0084787", "The Thing", 1982),
        ];
        assert_eq!(
            choose(&typed_bare("The Thing", 1982), things.into_iter(), true),
            TitleMatch::One("tt0084787".parse().expect("id"))
        );
        let runners = [
            hit("tt0083658", "Blade Runner", 2049),
            hit("tt1856101", "Blade Runner 2049", 2017),
        ];
        assert_eq!(
            choose(&typed_bare("Blade Runner", 2049), runners.into_iter(), true),
            TitleMatch::One("tt1856101".parse().expect("id"))
        );
    }

    #[test]
    fn near_misses_are_offered_and_nothing_is_guessed() {
        let hits = [hit("tt0090605", "Aliens", 1986)];
        assert!(matches!(
            choose(&typed("Alien", None), hits.into_iter(), true),
            TitleMatch::Several(_)
        ));
        assert_eq!(
            choose(&typed("Alien", None), std::iter::empty(), false),
            TitleMatch::None { answered: false }
        );
    }

    #[test]
    fn the_same_film_from_two_places_is_one_film() {
        let hits = [hit("tt0078748", "Alien", 1979), hit("tt0078748", "Alien", 1979)];
        assert!(matches!(
            choose(&typed("Alien", None), hits.into_iter(), true),
            TitleMatch::One(_)
        ));
    }
}
