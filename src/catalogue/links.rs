//! Finding out which film another site's page is about: every link once at a time, and remembered,
//! since what a number or a slug stands for does not change.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::Inner;
use super::desk::{Landing, Seat};
use super::fault::Fault;
use super::providers::{Provider, Quest};
use super::turns::{Pace, Verdict, ask_in_turn};
use crate::domain::ids::ImdbId;

/// A film's page on another site.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FilmLink {
    /// Its number on TMDB.
    Tmdb(u64),
    /// Its slug on Letterboxd: small letters, digits and hyphens, nothing else.
    Letterboxd(String),
}

/// How many links are remembered.
pub(super) const LINKS_REMEMBERED: usize = 10_000;

/// How many links are resolved at a time.
const MOST_UNDER_WAY: usize = 64;

/// How long the film behind a link is remembered. It never changes; this bounds the harm of a mistake
/// that is put right there.
const FOUND_LIFE: Duration = Duration::from_hours(30 * 24);

/// How long it is remembered that nobody knows a link: a new film may get its ids.
const NOT_FOUND_LIFE: Duration = Duration::from_hours(1);

/// See [`super::Catalogue::resolve`].
pub(super) async fn resolve(inner: &Arc<Inner>, link: &FilmLink, within: Duration) -> Option<ImdbId> {
    let mut wait = match inner.links.ask(link, inner.clock.unix_ms(), MOST_UNDER_WAY)? {
        Seat::Known(known) => return known,
        Seat::Joined(_, wait) => wait,
        Seat::First(landing, wait) => {
            let budget = within.min(inner.fetch_timeout);
            inner
                .tasks
                .spawn(find_out(Arc::clone(inner), link.clone(), budget, landing));
            wait
        }
    };
    timeout(within, wait.end()).await.ok().flatten().flatten()
}

async fn find_out(
    inner: Arc<Inner>,
    link: FilmLink,
    budget: Duration,
    landing: Landing<FilmLink, Option<ImdbId>>,
) {
    let pace = Pace {
        quest: Quest::Number,
        budget,
        patience: inner.patience,
        late_is_failure: budget >= inner.fetch_timeout,
    };
    let resolvers: Vec<Arc<Provider>> = inner
        .resolvers
        .iter()
        .filter(|provider| provider.resolves(&link))
        .cloned()
        .collect();
    let asked = |provider| ask(Arc::clone(&inner), provider, link.clone());
    ask_in_turn(&resolvers, pace, asked, |verdict| {
        let (found, life) = match verdict {
            Verdict::Found(imdb_id) => (Some(imdb_id), Some(FOUND_LIFE)),
            Verdict::NotFound { by_all } => (None, by_all.then_some(NOT_FOUND_LIFE)),
            Verdict::Failed => (None, None),
        };
        landing.land(found, life, inner.clock.unix_ms());
    })
    .await;
}

/// Asks one provider what is behind a link.
async fn ask(inner: Arc<Inner>, provider: Arc<Provider>, link: FilmLink) -> Result<Option<ImdbId>, Fault> {
    let started = Instant::now();
    let answer = provider.resolve(&link).await;
    inner.metrics.provider_took(provider.source, started.elapsed());
    let (class, reason) = match &answer {
        Ok(Some(_)) => ("found", ""),
        Ok(None) => ("not_found", ""),
        Err(fault) => (fault.class(), fault.reason()),
    };
    tracing::debug!(
        provider = provider.source.as_str(),
        link = ?link,
        class,
        reason,
        elapsed_ms = started.elapsed().as_millis(),
        "asked what is behind a link"
    );
    answer
}
