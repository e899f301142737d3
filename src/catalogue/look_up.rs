//! Looking films up: every film once at a time, with a short memory so that those who come while a
//! result is being saved find it.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use tokio::time::{Instant, timeout_at};

use super::desk::{Landing, Seat, Wait};
use super::fault::Fault;
use super::providers::{Provider, Quest};
use super::turns::{Pace, Verdict, ask_in_turn};
use super::{Gathered, Inner, Outcome};
use crate::domain::film::FilmData;
use crate::domain::ids::ImdbId;

/// How many results are remembered.
pub(super) const FILMS_REMEMBERED: usize = 4_096;

/// How many films are looked up at a time: more than all views of a busy minute want.
const MOST_UNDER_WAY: usize = 1_024;

/// How long a found film is remembered: until its row has surely been saved.
const FOUND_LIFE: Duration = Duration::from_mins(1);

/// How long it is remembered that no provider knows a film.
const NOT_FOUND_LIFE: Duration = Duration::from_hours(1);

/// The same, when some provider could not be asked: it may know the film.
const DOUBTFUL_LIFE: Duration = Duration::from_mins(5);

/// Who is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waiting {
    /// Whoever is asked.
    ForAll,
    /// Only a provider whose last answer was one: the others are asked behind.
    ForTheWell,
}

/// See [`super::Catalogue::look_up_all`] and [`super::Catalogue::look_up_briskly`].
pub(super) async fn look_up_all(
    inner: &Arc<Inner>,
    ids: &[ImdbId],
    deadline: Instant,
    waiting: Waiting,
) -> Gathered {
    let mut gathered = Gathered::default();
    let mut waits: Vec<(ImdbId, Wait<Outcome>)> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let worth_it = match waiting {
        Waiting::ForAll => true,
        Waiting::ForTheWell => inner.chain.iter().any(|provider| provider.health.is_well()),
    };
    for id in ids.iter().filter(|id| seen.insert(*id)) {
        match inner.films.ask(id, inner.clock.unix_ms(), MOST_UNDER_WAY) {
            Some(Seat::Known(outcome)) => gathered.outcomes.push((id.clone(), outcome)),
            // One that took longer than an asker's whole patience is hanging: its answer comes late.
            Some(Seat::Joined(started, _)) if !worth_it || started.elapsed() > inner.fetch_timeout => {
                gathered.pending.push(id.clone());
            }
            Some(Seat::Joined(_, wait)) => waits.push((id.clone(), wait)),
            Some(Seat::First(landing, wait)) => {
                if inner.chain.iter().any(|provider| provider.health.admits()) {
                    let work = look_up(Arc::clone(inner), id.clone(), landing);
                    inner.tasks.spawn(work);
                    if worth_it {
                        waits.push((id.clone(), wait));
                    } else {
                        gathered.pending.push(id.clone());
                    }
                } else {
                    gathered.outcomes.push((id.clone(), Outcome::Failed));
                }
            }
            None => gathered.outcomes.push((id.clone(), Outcome::Failed)),
        }
    }
    for (id, mut wait) in waits {
        match timeout_at(deadline, wait.end()).await {
            Ok(outcome) => gathered.outcomes.push((id, outcome.unwrap_or(Outcome::Failed))),
            Err(_) => gathered.pending.push(id),
        }
    }
    gathered
}

/// See [`super::Catalogue::recall`].
pub(super) fn recall(inner: &Inner, id: &ImdbId) -> Option<Outcome> {
    inner.films.recall(id, inner.clock.unix_ms())
}

/// See [`super::Catalogue::any_landed`].
pub(super) async fn any_landed(inner: &Inner, ids: &[ImdbId]) {
    let waits = ids.iter().filter_map(|id| inner.films.join(id));
    let mut ends: FuturesUnordered<_> = waits
        .map(|mut wait| async move { wait.end().await.is_some() })
        .collect();
    if ends.next().await.is_none() {
        std::future::pending::<()>().await;
    }
}

/// Looks one film up and says what came of it. Runs to its end, whoever waits.
async fn look_up(inner: Arc<Inner>, id: ImdbId, landing: Landing<ImdbId, Outcome>) {
    let pace = Pace {
        quest: Quest::Film,
        budget: inner.fetch_timeout,
        patience: inner.patience,
        late_is_failure: true,
    };
    let asked = |provider| ask(Arc::clone(&inner), provider, id.clone());
    ask_in_turn(&inner.chain, pace, asked, |verdict| {
        let now_ms = inner.clock.unix_ms();
        let (outcome, life) = match verdict {
            Verdict::Found(data) => {
                let fetched_at = inner.clock.unix_secs();
                (Outcome::Found { data, fetched_at }, Some(FOUND_LIFE))
            }
            Verdict::NotFound { by_all: true } => (Outcome::NotFound, Some(NOT_FOUND_LIFE)),
            Verdict::NotFound { by_all: false } => (Outcome::NotFound, Some(DOUBTFUL_LIFE)),
            Verdict::Failed => (Outcome::Failed, None),
        };
        landing.land(outcome, life, now_ms);
    })
    .await;
}

/// Asks one provider for one film.
async fn ask(inner: Arc<Inner>, provider: Arc<Provider>, id: ImdbId) -> Result<Option<FilmData>, Fault> {
    let started = Instant::now();
    let answer = provider.film(&id, inner.may_be_series(&id)).await;
    let (class, reason) = match &answer {
        Ok(Some(_)) => ("found", ""),
        Ok(None) => ("not_found", ""),
        Err(fault) => (fault.class(), fault.reason()),
    };
    tracing::debug!(
        provider = provider.source.as_str(),
        film = %id,
        class,
        reason,
        elapsed_ms = started.elapsed().as_millis(),
        "asked for a film"
    );
    inner.metrics.provider_took(provider.source, started.elapsed());
    let now = inner.clock.unix_secs();
    answer.map(|raw| raw.map(|raw| inner.hygiene.film(provider.source, &id, raw, now)))
}
