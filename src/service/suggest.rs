//! Autocomplete: what a member may mean while they type. Never fails: no suggestion is an answer.

use std::time::Duration;

use super::Service;
use crate::domain::film::Rating;
use crate::domain::film_query::FilmQuery;
use crate::domain::ids::{GuildId, ImdbId, MemberId, ProposalId};
use crate::domain::policy::Actor;
use crate::domain::text::title_key;

/// More active proposals than any server will have; a bound on what is read to find one by its title.
pub(super) const MOST_PROPOSALS: u32 = 2000;

/// Discord shows at most so many choices.
const MOST: usize = 25;

/// How long the film databases have to answer while somebody types.
const SEARCH_TIME: Duration = Duration::from_millis(700);

/// The fewest characters of a normalised title that are worth a search outside. One is enough: there
/// are films named `M` and `π`; the databases answer what they know.
const SEARCH_FROM_CHARS: usize = 1;

/// A film that the member may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilmSuggestion {
    /// The film.
    pub imdb_id: ImdbId,
    /// Its title, cleaned.
    pub title: String,
    /// Its year.
    pub year: Option<u16>,
    /// Its rating, when known.
    pub rating: Option<Rating>,
}

/// A proposal that the member may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalSuggestion {
    /// The proposal.
    pub proposal: ProposalId,
    /// Its film's title, cleaned.
    pub title: String,
    /// Its film's year.
    pub year: Option<u16>,
    /// Who proposed it.
    pub by: MemberId,
}

impl ProposalSuggestion {
    const PREFIX: &str = "proposal:";

    /// The text that stands for the proposal in a command's option.
    pub fn value(&self) -> String {
        format!("{}{}", Self::PREFIX, self.proposal)
    }

    /// The proposal that such a text stands for.
    pub(super) fn read_value(text: &str) -> Option<ProposalId> {
        text.strip_prefix(Self::PREFIX)?.parse().ok().map(ProposalId)
    }
}

impl Service {
    /// Films whose title fits what is typed: those that the database knows, then those that the film
    /// databases find in the short time there is. At most 25, within a second.
    pub async fn suggest_films(&self, guild: GuildId, typed: &str) -> Vec<FilmSuggestion> {
        let mut suggestions = match FilmQuery::read(typed) {
            FilmQuery::Imdb(imdb_id) => self.suggest_by_id(imdb_id).await,
            FilmQuery::Title(title) => {
                let key = title_key(&title.whole);
                if key.chars().count() < SEARCH_FROM_CHARS {
                    return self.suggest_proposed(guild).await;
                }
                let (query, year) = match &title.with_year {
                    Some((query, year)) => (query.as_str(), Some(*year)),
                    None => (title.whole.as_str(), None),
                };
                let (known, found) = tokio::join!(
                    self.store.search_films(&key, 25),
                    self.catalogue.search(query, year, SEARCH_TIME),
                );
                let known = known.unwrap_or_else(|error| {
                    tracing::warn!(%error, "autocomplete goes without the database");
                    Vec::new()
                });
                let known = known.into_iter().filter_map(suggestion_of);
                let found = found.hits.into_iter().map(|hit| FilmSuggestion {
                    imdb_id: hit.imdb_id,
                    title: hit.title,
                    year: hit.year,
                    rating: hit.rating,
                });
                known.chain(found).collect()
            }
            FilmQuery::Empty => self.suggest_proposed(guild).await,
            FilmQuery::Tmdb(_)
            | FilmQuery::Letterboxd(_)
            | FilmQuery::NotAFilmPage
            | FilmQuery::ForeignLink => Vec::new(),
        };
        distinct(&mut suggestions);
        suggestions
    }

    /// The film with this very id, by its title when it is known.
    async fn suggest_by_id(&self, imdb_id: ImdbId) -> Vec<FilmSuggestion> {
        let known = self
            .store
            .find_film(&imdb_id)
            .await
            .ok()
            .flatten()
            .and_then(suggestion_of);
        let plain = || FilmSuggestion {
            title: imdb_id.to_string(),
            imdb_id,
            year: None,
            rating: None,
        };
        vec![known.unwrap_or_else(plain)]
    }

    /// What is proposed here already: the first thing to show before anything is typed.
    async fn suggest_proposed(&self, guild: GuildId) -> Vec<FilmSuggestion> {
        let active = self
            .store
            .list_active_proposals(guild, None, 25)
            .await
            .unwrap_or_default();
        let mut suggestions: Vec<_> = active
            .into_iter()
            .filter_map(|proposal| suggestion_of(proposal.film))
            .collect();
        distinct(&mut suggestions);
        suggestions
    }

    /// Active proposals that this member may withdraw and whose title fits what is typed: their own
    /// first. At most 25.
    pub async fn suggest_withdrawable(&self, actor: Actor, typed: &str) -> Vec<ProposalSuggestion> {
        let key = title_key(typed);
        let mine = (!actor.manages_server).then_some(actor.member);
        let active = self
            .store
            .list_active_proposals(actor.guild, mine, MOST_PROPOSALS)
            .await
            .unwrap_or_default();
        let mut fitting: Vec<_> = active
            .into_iter()
            .filter(|proposal| title_key(proposal.film.shown_title()).contains(&key))
            .map(|proposal| ProposalSuggestion {
                proposal: proposal.id,
                title: proposal.film.shown_title().to_owned(),
                year: proposal.film.shown_year(),
                by: proposal.proposed_by,
            })
            .collect();
        fitting.sort_by_key(|suggestion| suggestion.by != actor.member);
        fitting.truncate(MOST);
        fitting
    }
}

/// A film of the database as a suggestion.
fn suggestion_of(film: crate::domain::film::Film) -> Option<FilmSuggestion> {
    let (title, year) = (film.shown_title().to_owned(), film.shown_year());
    let rating = film.cached.as_ref().and_then(|cached| cached.data.rating);
    Some(FilmSuggestion {
        imdb_id: film.imdb_id?,
        title,
        year,
        rating,
    })
}

/// Keeps the first mention of each film, and no more than Discord shows.
fn distinct(suggestions: &mut Vec<FilmSuggestion>) {
    let mut seen = std::collections::HashSet::new();
    suggestions.retain(|suggestion| seen.insert(suggestion.imdb_id.clone()));
    suggestions.truncate(MOST);
}
