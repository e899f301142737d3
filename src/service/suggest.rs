//! Autocomplete: what a member may mean while they type. Never fails: no suggestion is an answer.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::Service;
use super::titles::rating_of;
use super::typing::Letter;
use crate::catalogue::{SearchHit, SearchResult};
use crate::domain::film::Rating;
use crate::domain::film_query::{FilmQuery, TypedTitle};
use crate::domain::ids::{GuildId, ImdbId, MemberId, ProposalId, RoleId};
use crate::domain::policy::Actor;
use crate::domain::text::title_key;
use crate::store::StoreError;

/// More active proposals than any server will have; a bound on what is read to find one by its title.
pub(super) const MOST_PROPOSALS: u32 = 2000;

/// Discord shows at most so many choices.
const MOST: usize = 25;

/// How many films the database is asked for.
const MOST_FILMS: u32 = 25;

/// How long a suggestion may take, all sources together: the answer is at Discord within 300 ms.
const ANSWER_TIME: Duration = Duration::from_millis(200);

/// How long the database may take to tell whether there is an index of titles.
const LOOK_TIME: Duration = Duration::from_millis(80);

/// How long a member who types in a hurry must pause before film databases are asked: most letters are
/// followed by the next one, and their searches would be for nothing.
const PAUSE: Duration = Duration::from_millis(80);

/// The fewest characters of a title that are worth a search outside. A title in a script of
/// syllables or words is told by fewer letters than one in an alphabet.
const SEARCH_FROM_CHARS: usize = 3;

/// From here on Unicode has the scripts of East Asia, whose letters are syllables and words.
const FIRST_SYLLABLE: char = '\u{2E80}';

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
        Self::value_of(self.proposal)
    }

    /// The text that stands for this proposal.
    pub(super) fn value_of(proposal: ProposalId) -> String {
        format!("{}{proposal}", Self::PREFIX)
    }

    /// The proposal that such a text stands for.
    pub(super) fn read_value(text: &str) -> Option<ProposalId> {
        text.strip_prefix(Self::PREFIX)?.parse().ok().map(ProposalId)
    }
}

impl Service {
    /// Films whose title fits what is typed: those that the database knows, those of the index of titles
    /// where one is loaded, and otherwise those that the film databases find in the short time there is.
    /// At most 25, within [`ANSWER_TIME`], whatever the database or the film databases do. The same
    /// member's next letter ends the wait for the film databases; a search that was begun goes on, once
    /// for all who ask, and is remembered.
    pub async fn suggest_films(&self, actor: Actor, typed: &str) -> Vec<FilmSuggestion> {
        let deadline = Instant::now() + ANSWER_TIME;
        let letter = self.typing.letter(actor.member);
        let mut suggestions = match FilmQuery::read(typed) {
            FilmQuery::Imdb(imdb_id) => self.suggest_by_id(imdb_id, deadline).await,
            FilmQuery::Title(title) => self.suggest_by_title(&title, &letter, deadline).await,
            FilmQuery::Empty => self.suggest_proposed(actor.guild, deadline).await,
            FilmQuery::Tmdb(_)
            | FilmQuery::Letterboxd(_)
            | FilmQuery::NotAFilmPage
            | FilmQuery::ForeignLink => Vec::new(),
        };
        distinct(&mut suggestions);
        suggestions
    }

    /// Films whose title fits.
    async fn suggest_by_title(
        &self,
        title: &TypedTitle,
        letter: &Letter,
        deadline: Instant,
    ) -> Vec<FilmSuggestion> {
        let indexed = timeout(LOOK_TIME, self.titles.look()).await;
        let indexed = indexed.is_ok_and(|loaded| loaded.unwrap_or(false));
        let known = self.store.search_films(&title.whole, MOST_FILMS);
        let known = in_time("the database", deadline, known);
        let listed = async {
            if !indexed {
                return Vec::new();
            }
            let listed = self.titles.search(&title.whole, MOST);
            in_time("the index of titles", deadline, listed).await
        };
        let found = async {
            if indexed {
                return Vec::new();
            }
            self.search_outside(title, letter, deadline).await
        };
        let (known, listed, mut found) = tokio::join!(known, listed, found);
        if indexed && listed.is_empty() && Instant::now() < deadline {
            found = self.search_outside(title, letter, deadline).await;
        }
        let key = title_key(&title.whole);
        let known = known.into_iter().filter_map(suggestion_of);
        let listed = listed.into_iter().map(|title| FilmSuggestion {
            rating: Some(rating_of(&title)),
            imdb_id: title.imdb_id,
            title: title.title,
            year: title.year,
        });
        let found = found.into_iter().map(|hit| FilmSuggestion {
            imdb_id: hit.imdb_id,
            title: hit.title,
            year: hit.year,
            rating: hit.rating,
        });
        let mut suggestions: Vec<_> = known.chain(listed).chain(found).collect();
        suggestions.sort_by_key(|film| title_key(&film.title) != key);
        suggestions
    }

    /// What the film databases find until the deadline or the next letter; until they answer, what an
    /// earlier search brought and still fits.
    async fn search_outside(&self, title: &TypedTitle, letter: &Letter, deadline: Instant) -> Vec<SearchHit> {
        let (query, year) = match &title.with_year {
            Some((query, year)) => (query.as_str(), Some(*year)),
            None => (title.whole.as_str(), None),
        };
        if let Some(remembered) = self.catalogue.recall_search(query, year) {
            return remembered.hits;
        }
        if !is_worth_a_search(query) {
            return Vec::new();
        }
        let search = async {
            if letter.in_a_hurry {
                sleep(PAUSE).await;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            self.catalogue.search(query, year, left).await
        };
        let found = tokio::select! {
            biased;
            () = letter.is_over() => SearchResult::default(),
            found = search => found,
        };
        if found.answered {
            found.hits
        } else {
            self.catalogue.recall_beginning(query)
        }
    }

    /// The film with this very id, by its title when it is known.
    async fn suggest_by_id(&self, imdb_id: ImdbId, deadline: Instant) -> Vec<FilmSuggestion> {
        let known = in_time("the database", deadline, self.store.find_film(&imdb_id)).await;
        if let Some(known) = known.and_then(suggestion_of) {
            return vec![known];
        }
        let listed = timeout_at(deadline, self.titles.find(&imdb_id)).await;
        let listed = listed.ok().flatten();
        let title = listed
            .as_ref()
            .map_or_else(|| imdb_id.to_string(), |listed| listed.title.clone());
        vec![FilmSuggestion {
            imdb_id,
            title,
            year: listed.as_ref().and_then(|listed| listed.year),
            rating: listed.as_ref().map(rating_of),
        }]
    }

    /// What is proposed here already: the first thing to show before anything is typed.
    async fn suggest_proposed(&self, guild: GuildId, deadline: Instant) -> Vec<FilmSuggestion> {
        let active = self.store.list_active_proposals(guild, None, MOST_FILMS);
        let active = in_time("the database", deadline, active).await;
        let mut suggestions: Vec<_> = active
            .into_iter()
            .filter_map(|proposal| suggestion_of(proposal.film))
            .collect();
        distinct(&mut suggestions);
        suggestions
    }

    /// Active proposals that this member may withdraw and whose title fits what is typed: their own
    /// first, and with these roles perhaps all. At most 25, within [`ANSWER_TIME`].
    pub async fn suggest_withdrawable(
        &self,
        actor: Actor,
        roles: &[RoleId],
        typed: &str,
    ) -> Vec<ProposalSuggestion> {
        let key = title_key(typed);
        let deadline = Instant::now() + ANSWER_TIME;
        let organizer = timeout_at(deadline, self.organizer(actor, roles)).await;
        let mine = (!matches!(organizer, Ok(Ok(_)))).then_some(actor.member);
        let active = self
            .store
            .list_active_proposals(actor.guild, mine, MOST_PROPOSALS);
        let active = in_time("the database", deadline, active).await;
        let mut fitting: Vec<_> = active
            .into_iter()
            .filter(|proposal| proposal.film.title_contains(&key))
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

/// What the store finds until the deadline, else nothing.
async fn in_time<T: Default>(
    source: &'static str,
    deadline: Instant,
    work: impl Future<Output = Result<T, StoreError>>,
) -> T {
    match timeout_at(deadline, work).await {
        Ok(Ok(found)) => return found,
        Ok(Err(error)) => tracing::warn!(source, %error, "suggestions go without"),
        Err(_) => tracing::debug!(source, "suggestions go without what comes too late"),
    }
    T::default()
}

/// Whether a title is long enough to be searched for outside.
fn is_worth_a_search(title: &str) -> bool {
    let key = title_key(title);
    key.chars().count() >= SEARCH_FROM_CHARS || key.chars().any(|letter| letter >= FIRST_SYLLABLE)
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
