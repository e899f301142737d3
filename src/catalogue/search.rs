//! Searching titles: every search once at a time, remembered for the next keystroke.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::desk::{Landing, Seat};
use super::fault::Fault;
use super::hygiene::clean_hits;
use super::providers::{Provider, Quest};
use super::turns::{Pace, Verdict, ask_in_turn};
use super::{Inner, SearchHit, SearchResult};
use crate::domain::film::Source;
use crate::domain::text::{tidy_line, title_key};

/// The order in which providers are asked for a title: OMDb last, since its requests are counted.
pub(super) const ORDER: [Source; 3] = [Source::Tmdb, Source::Cinemeta, Source::Omdb];

/// How many results are remembered.
pub(super) const SEARCHES_REMEMBERED: usize = 1_024;

/// How many searches are under way at a time; typing makes many.
const MOST_UNDER_WAY: usize = 32;

/// How long a result is remembered.
const LIFE: Duration = Duration::from_mins(10);

/// The most hits (Discord takes 25 choices).
const HITS: usize = 25;

/// A search may take this long, however short the patience of the one who asks: what it brings is there for
/// the next letter. With less, the next provider would be asked before the one before it had its turn, and
/// OMDb's requests are counted.
const LEAST_BUDGET: Duration = Duration::from_millis(1_500);

/// The shortest title whose remembered search is looked at for what is typed on, in characters.
const LEAST_BEGINNING: usize = 2;

/// The longest title that is searched for, in characters.
const QUERY_CHARS: usize = 100;

/// What is searched for: the title's key and the year.
pub(super) type SearchKey = (String, Option<u16>);

/// See [`super::Catalogue::search`].
pub(super) async fn search(
    inner: &Arc<Inner>,
    title: &str,
    year: Option<u16>,
    within: Duration,
) -> SearchResult {
    let title = tidy_line(title, QUERY_CHARS);
    let key = (title_key(&title), year);
    if key.0.is_empty() {
        return SearchResult {
            hits: Vec::new(),
            answered: true,
        };
    }
    let mut wait = match inner.searches.ask(&key, inner.clock.unix_ms(), MOST_UNDER_WAY) {
        Some(Seat::Known(result)) => return result,
        Some(Seat::Joined(_, wait)) => wait,
        Some(Seat::First(landing, wait)) => {
            let budget = within.max(LEAST_BUDGET).min(inner.fetch_timeout);
            let work = look_for(Arc::clone(inner), title, year, budget, landing);
            inner.tasks.spawn(work);
            wait
        }
        None => return SearchResult::default(),
    };
    timeout(within, wait.end())
        .await
        .ok()
        .flatten()
        .unwrap_or_default()
}

/// See [`super::Catalogue::recall_search`].
pub(super) fn recall(inner: &Inner, title: &str, year: Option<u16>) -> Option<SearchResult> {
    let title = tidy_line(title, QUERY_CHARS);
    inner
        .searches
        .recall(&(title_key(&title), year), inner.clock.unix_ms())
}

/// See [`super::Catalogue::recall_beginning`].
pub(super) fn recall_beginning(inner: &Inner, title: &str) -> Vec<SearchHit> {
    let key = title_key(&tidy_line(title, QUERY_CHARS));
    let now_ms = inner.clock.unix_ms();
    let beginnings = key.char_indices().rev().map(|(at, _)| key[..at].trim_end());
    let remembered = beginnings
        .filter(|beginning| beginning.chars().count() >= LEAST_BEGINNING)
        .find_map(|beginning| {
            let result = inner.searches.recall(&(beginning.to_owned(), None), now_ms)?;
            Some(result).filter(|result| !result.hits.is_empty())
        });
    let mut hits = remembered.unwrap_or_default().hits;
    hits.retain(|hit| title_key(&hit.title).contains(&key));
    hits
}

async fn look_for(
    inner: Arc<Inner>,
    title: String,
    year: Option<u16>,
    budget: Duration,
    landing: Landing<SearchKey, SearchResult>,
) {
    let pace = Pace {
        quest: Quest::Title,
        budget,
        patience: inner.patience,
        late_is_failure: budget >= inner.fetch_timeout,
    };
    let asked = |provider| ask(Arc::clone(&inner), provider, title.clone(), year);
    ask_in_turn(&inner.searchers, pace, asked, |verdict| {
        let now_ms = inner.clock.unix_ms();
        let (hits, life) = match verdict {
            Verdict::Found(hits) => (hits, Some(LIFE)),
            // A provider that could not be asked may know the title: that is worth the next try.
            Verdict::NotFound { by_all } => (Vec::new(), by_all.then_some(LIFE)),
            Verdict::Failed => return landing.land(SearchResult::default(), None, now_ms),
        };
        landing.land(SearchResult { hits, answered: true }, life, now_ms);
    })
    .await;
}

/// Asks one provider; no hits at all is as if it had no such film.
async fn ask(
    inner: Arc<Inner>,
    provider: Arc<Provider>,
    title: String,
    year: Option<u16>,
) -> Result<Option<Vec<SearchHit>>, Fault> {
    let started = Instant::now();
    let answer = provider.search(&title, year).await;
    let (class, reason) = match &answer {
        Ok(_) => ("answered", ""),
        Err(fault) => (fault.class(), fault.reason()),
    };
    tracing::debug!(
        provider = provider.source.as_str(),
        class,
        reason,
        elapsed_ms = started.elapsed().as_millis(),
        "searched for a title"
    );
    inner.metrics.provider_took(provider.source, started.elapsed());
    let now = inner.clock.unix_secs();
    let hits = clean_hits(provider.source, answer?, year, HITS, now);
    Ok(Some(hits).filter(|hits| !hits.is_empty()))
}
