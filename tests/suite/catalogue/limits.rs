//! How often and how fast providers are asked: the pace, the day's requests, and what a restart keeps of them.

use std::time::Duration;

use marquee::catalogue::{FilmLink, Outcome, ProviderState};
use marquee::clock::Clock;
use marquee::domain::film::Source;
use marquee::domain::provider_health::{Condition, Rest};
use marquee::service::Service;
use marquee::store::Store;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{FETCH_TIMEOUT, NOW_MS, SLACK, World, eventually};
use crate::harness::database::TestDatabase;
use crate::harness::providers::{Behaviour, FakeFilms};
use crate::harness::service::service_over;

#[tokio::test]
async fn a_thousand_cold_films_do_not_go_out_at_once_and_that_is_nobodys_failure() {
    let world = World::with_timeout(
        FakeFilms::with_films(1_024),
        &[Source::Cinemeta],
        Duration::from_secs(1),
    );
    let ids = world.films.ids();
    let begun = Instant::now();
    let gathered = world.look_up(&ids).await;
    // Those that are not asked say so at once: nobody is kept waiting.
    assert!(begun.elapsed() < Duration::from_secs(1) + SLACK);
    let settled = gathered.outcomes.len() + gathered.pending.len();
    assert_eq!(settled, 1_024);
    let calls = world.films.calls().len();
    assert!(calls < 200, "{calls} requests within a second or a little more");
    let counts = world.counts(Source::Cinemeta);
    assert_eq!((counts.transient, counts.quota), (0, 0), "{counts:?}");
    assert_eq!(world.catalogue.health()[0].state, ProviderState::Up);
}

/// A service over this database, and the providers that it asks.
fn service(films: &FakeFilms, store: &Store, clock: &Clock, daily_limit: Option<u64>) -> Service {
    let mut settings = films.settings(&[Source::Omdb], FETCH_TIMEOUT);
    settings.omdb.daily_limit = daily_limit;
    service_over(store, settings, clock, &TaskTracker::new())
}

async fn ask(service: &Service, film: &marquee::domain::ids::ImdbId) -> Outcome {
    let deadline = Instant::now() + FETCH_TIMEOUT + SLACK;
    let gathered = service
        .catalogue()
        .look_up_all(std::slice::from_ref(film), deadline)
        .await;
    gathered.outcomes.into_iter().next().expect("an outcome").1
}

fn is_found(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Found { .. })
}

#[tokio::test]
async fn the_days_requests_are_counted_over_restarts_and_end_at_the_limit() {
    let (films, clock) = (FakeFilms::with_films(10), Clock::manual(NOW_MS));
    let database = TestDatabase::sqlite();
    let store = database.store().await;
    let ids = films.ids();
    for run in 0..2 {
        let service = service(&films, &store, &clock, Some(5));
        service.resume_provider_health().await;
        for film in &ids[run * 2..run * 2 + 2] {
            assert!(is_found(&ask(&service, film).await));
        }
        service.save_provider_health().await.expect("saved");
        assert!(service.catalogue().unkept().is_empty());
    }
    let service = service(&films, &store, &clock, Some(5));
    service.resume_provider_health().await;
    let usage = || service.catalogue().health()[0].usage;
    assert_eq!((usage().requests_today, usage().daily_limit), (4, Some(5)));
    assert!(is_found(&ask(&service, &ids[4]).await), "the fifth");
    assert_eq!(ask(&service, &ids[5]).await, Outcome::Failed);
    let to_midnight = Duration::from_hours(13);
    assert_eq!(
        service.catalogue().health()[0].state,
        ProviderState::QuotaUsedUp(to_midnight)
    );
    assert_eq!(films.calls().len(), 5, "the sixth was never sent");

    clock.advance_ms(i64::try_from(to_midnight.as_millis()).expect("a rest"));
    assert!(is_found(&ask(&service, &ids[5]).await));
    assert_eq!(usage().requests_today, 1);
}

#[tokio::test]
async fn a_rest_for_a_used_up_quota_goes_on_after_a_restart() {
    let (films, clock) = (FakeFilms::with_films(3), Clock::manual(NOW_MS));
    let database = TestDatabase::sqlite();
    let store = database.store().await;
    let ids = films.ids();
    films.behave(&Behaviour::too_many("3600"));
    let before = service(&films, &store, &clock, None);
    assert_eq!(ask(&before, &ids[0]).await, Outcome::Failed);
    before.save_provider_health().await.expect("saved");
    films.behave(&Behaviour::Fine);

    clock.advance_ms(600_000);
    let after = service(&films, &store, &clock, None);
    after.resume_provider_health().await;
    let left = Duration::from_mins(50);
    assert_eq!(
        after.catalogue().health()[0].state,
        ProviderState::QuotaUsedUp(left)
    );
    assert_eq!(ask(&after, &ids[1]).await, Outcome::Failed);
    assert_eq!(films.calls().len(), 1, "it is left alone");
    clock.advance_ms(3_000_000);
    assert!(is_found(&ask(&after, &ids[1]).await));
}

#[tokio::test]
async fn a_failing_provider_and_a_refused_key_are_tried_again_after_a_restart() {
    for behaviour in [
        Behaviour::omdb_error(401, "Invalid API key!"),
        Behaviour::web_page(500),
    ] {
        let (films, clock) = (FakeFilms::with_films(6), Clock::manual(NOW_MS));
        let database = TestDatabase::sqlite();
        let store = database.store().await;
        films.behave(&behaviour);
        let before = service(&films, &store, &clock, None);
        for film in &films.ids()[..5] {
            ask(&before, film).await;
        }
        assert_ne!(before.catalogue().health()[0].state, ProviderState::Up);
        before.save_provider_health().await.expect("saved");
        films.behave(&Behaviour::Fine);

        let after = service(&films, &store, &clock, None);
        after.resume_provider_health().await;
        assert!(is_found(&ask(&after, &films.ids()[5]).await), "{behaviour:?}");
    }
}

#[tokio::test]
async fn who_only_tells_what_links_mean_has_its_rest_and_its_count_kept_too() {
    let (films, clock) = (FakeFilms::with_films(1), Clock::manual(NOW_MS));
    let database = TestDatabase::sqlite();
    let store = database.store().await;
    films.behave_for(Source::Wikidata, Behaviour::too_many("3600"));
    let before = service(&films, &store, &clock, None);
    let link = FilmLink::Letterboxd("film-1".to_owned());
    assert_eq!(before.catalogue().resolve(&link, SLACK).await, None);
    before.save_provider_health().await.expect("saved");

    films.behave(&Behaviour::Fine);
    let after = service(&films, &store, &clock, None);
    after.resume_provider_health().await;
    let other = FilmLink::Letterboxd("film-2".to_owned());
    assert_eq!(after.catalogue().resolve(&other, SLACK).await, None);
    assert_eq!(films.calls_of(Source::Wikidata).len(), 1, "it is left alone");
    clock.advance_ms(3_601_000);
    assert_eq!(
        after.catalogue().resolve(&link, SLACK).await,
        Some(films.ids()[0].clone())
    );
}

#[tokio::test]
async fn changes_are_kept_at_once_and_counts_at_the_stop_with_no_write_a_call() {
    let (films, clock) = (FakeFilms::with_films(9), Clock::manual(NOW_MS));
    let database = TestDatabase::sqlite();
    let store = database.store().await;
    let service = service(&films, &store, &clock, None);
    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    let (keeper, stopping) = (service.clone(), stop.clone());
    tasks.spawn(async move { keeper.keep_provider_health(stopping).await });
    tasks.close();

    for film in &films.ids()[..8] {
        assert!(is_found(&ask(&service, film).await));
    }
    let statements = service.behind().statements();
    assert!(statements <= 2, "{statements} statements for 8 calls");

    films.behave(&Behaviour::too_many("3600"));
    ask(&service, &films.ids()[8]).await;
    eventually("the rest is kept", || {
        service
            .catalogue()
            .unkept()
            .iter()
            .all(|news| news.seen.is_none())
    })
    .await;
    stop.cancel();
    tasks.wait().await;
    let kept = store.list_provider_health().await.expect("a list");
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].requests, 9);
    let now = NOW_MS / 1_000;
    let rest = Rest {
        from: now,
        until: now + 3_600,
    };
    assert_eq!(
        (kept[0].seen.condition, kept[0].seen.rest),
        (Condition::QuotaUsedUp, Some(rest))
    );
    assert_eq!(
        store.statements(),
        1,
        "members' views are charged with none of it"
    );
}
