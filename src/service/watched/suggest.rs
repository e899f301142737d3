//! Suggestions for what was watched, and for what to rate or strike out. Never fail: none is an answer.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::{MOST_VIEWINGS, viewing_value};
use crate::domain::policy::Actor;
use crate::domain::text::title_key;
use crate::domain::watched::HistoryOrder;
use crate::service::Service;
use crate::service::suggest::{MOST_PROPOSALS, ProposalSuggestion};
use crate::store::{Night, StoreError};

/// Discord shows at most so many choices.
const MOST: usize = 25;

/// A film that the member may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchSuggestion {
    /// The text that stands for it in the command's option.
    pub value: String,
    /// Its title, cleaned.
    pub title: String,
    /// Its year.
    pub year: Option<u16>,
    /// Why it is offered.
    pub what: WatchWhat,
}

/// Why a film is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchWhat {
    /// This round picked it.
    Picked {
        /// The round's number.
        round: u32,
    },
    /// It is up for the vote.
    Proposed,
    /// It was watched on this day.
    Watched {
        /// The day.
        on: NaiveDate,
    },
    /// Its title fits.
    Film,
}

impl Service {
    /// What was perhaps watched just now: films that rounds picked and that wait for their night, then those up for the
    /// vote, then any film whose title fits. At most 25.
    pub async fn suggest_nights(&self, actor: Actor, typed: &str) -> Vec<WatchSuggestion> {
        let key = title_key(typed);
        let nights = self.store.list_nights(actor.guild, MOST_PROPOSALS);
        let others = async {
            if key.is_empty() {
                Vec::new()
            } else {
                self.suggest_films(actor, typed).await
            }
        };
        let (nights, others) = tokio::join!(nights, others);
        let fitting = or_none(nights)
            .into_iter()
            .filter(|night: &Night| night.proposal.film.title_contains(&key));
        let (mut named, mut ids) = (HashSet::new(), HashSet::new());
        let mut suggestions = Vec::new();
        for night in fitting {
            let film = &night.proposal.film;
            // A film that was picked and is proposed again is meant as picked.
            if !named.insert(film.id) {
                continue;
            }
            ids.extend(film.imdb_id.clone());
            suggestions.push(WatchSuggestion {
                value: ProposalSuggestion::value_of(night.proposal.id),
                title: film.shown_title().to_owned(),
                year: film.shown_year(),
                what: night
                    .picked_in
                    .map_or(WatchWhat::Proposed, |round| WatchWhat::Picked { round }),
            });
        }
        let others = others.into_iter().filter(|film| !ids.contains(&film.imdb_id));
        suggestions.extend(others.map(|film| WatchSuggestion {
            value: film.imdb_id.to_string(),
            title: film.title,
            year: film.year,
            what: WatchWhat::Film,
        }));
        suggestions.truncate(MOST);
        suggestions
    }

    /// Evenings of the history whose film's title fits, the latest first; with `each_film_once` only the last of each
    /// film. At most 25.
    pub async fn suggest_viewings(
        &self,
        actor: Actor,
        typed: &str,
        each_film_once: bool,
    ) -> Vec<WatchSuggestion> {
        let key = title_key(typed);
        let newest = HistoryOrder::Newest;
        let history = self.store.list_viewings(actor.guild, newest, MOST_VIEWINGS, 0);
        let mut named = HashSet::new();
        or_none(history.await)
            .viewings
            .into_iter()
            .filter(|viewing| viewing.film.title_contains(&key))
            .filter(|viewing| !each_film_once || named.insert(viewing.film.id))
            .take(MOST)
            .map(|viewing| WatchSuggestion {
                value: viewing_value(viewing.id),
                title: viewing.film.shown_title().to_owned(),
                year: viewing.film.shown_year(),
                what: WatchWhat::Watched { on: viewing.on },
            })
            .collect()
    }
}

fn or_none<T: Default>(found: Result<T, StoreError>) -> T {
    found.unwrap_or_else(|error| {
        tracing::warn!(%error, "suggestions go without");
        T::default()
    })
}
