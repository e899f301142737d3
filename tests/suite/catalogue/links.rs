//! What is behind a link to another site: found out once, remembered, within the deadline.

use marquee::catalogue::{Catalogue, FilmLink, ProviderState, WikidataSettings};
use marquee::clock::Clock;
use marquee::domain::film::Source;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::{FETCH_TIMEOUT, HASTE, SLACK, World, eventually, id};
use crate::harness::providers::{Behaviour, FakeFilms};

fn slug(text: &str) -> FilmLink {
    FilmLink::Letterboxd(text.to_owned())
}

#[tokio::test]
async fn a_tmdb_number_is_resolved_by_tmdb_and_remembered() {
    let world = World::of(FakeFilms::with_films(1), &[Source::Tmdb]);
    for _ in 0..3 {
        let resolved = world.catalogue.resolve(&FilmLink::Tmdb(9_000_001), SLACK).await;
        assert_eq!(resolved, Some(id("tt9000001")));
    }
    assert_eq!(world.films.calls_of(Source::Tmdb).len(), 1);
    assert_eq!(world.films.calls().len(), 1, "Wikidata is not needed");
}

#[tokio::test]
async fn without_tmdb_or_when_it_fails_wikidata_resolves_its_numbers() {
    let without = World::of(FakeFilms::with_films(1), &[Source::Cinemeta]);
    let resolved = without.catalogue.resolve(&FilmLink::Tmdb(9_000_001), SLACK).await;
    assert_eq!(resolved, Some(id("tt9000001")));
    assert_eq!(without.films.calls_of(Source::Wikidata).len(), 1);

    for behaviour in [
        Behaviour::Refuse,
        Behaviour::web_page(503),
        Behaviour::status(401, r#"{"status_code":7}"#),
        Behaviour::status(404, r#"{"status_code":34}"#),
    ] {
        let world = World::of(FakeFilms::with_films(1), &[Source::Tmdb]);
        world.films.behave_for(Source::Tmdb, behaviour.clone());
        let resolved = world.catalogue.resolve(&FilmLink::Tmdb(9_000_001), SLACK).await;
        assert_eq!(resolved, Some(id("tt9000001")), "{behaviour:?}");
    }
}

#[tokio::test]
async fn a_slug_is_resolved_by_wikidata_once_and_never_by_letterboxd() {
    let world = World::of(FakeFilms::with_films(1), &[Source::Tmdb, Source::Cinemeta]);
    let link = slug("film-1");
    let (one, other) = tokio::join!(
        world.catalogue.resolve(&link, SLACK),
        world.catalogue.resolve(&link, SLACK),
    );
    assert_eq!((one, other), (Some(id("tt9000001")), Some(id("tt9000001"))));
    let month_ms = 29 * 24 * 3_600_000;
    world.clock.advance_ms(month_ms);
    assert_eq!(
        world.catalogue.resolve(&slug("film-1"), SLACK).await,
        Some(id("tt9000001"))
    );
    let calls = world.films.calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert!(
        calls[0].path.starts_with("/sparql?query=SELECT"),
        "{}",
        calls[0].path
    );
}

#[tokio::test]
async fn a_link_that_nobody_knows_is_asked_again_after_an_hour() {
    let world = World::of(FakeFilms::start(), &[Source::Cinemeta]);
    for _ in 0..3 {
        assert_eq!(world.catalogue.resolve(&slug("nothing"), SLACK).await, None);
    }
    assert_eq!(world.films.calls().len(), 1);
    world.clock.advance_ms(3_600_001);
    world.catalogue.resolve(&slug("nothing"), SLACK).await;
    assert_eq!(world.films.calls().len(), 2);
}

#[tokio::test]
async fn a_wikidata_that_misbehaves_costs_the_deadline_at_most_and_is_left_alone() {
    for behaviour in [
        Behaviour::Hang,
        Behaviour::Drip,
        Behaviour::EndlessChunks,
        Behaviour::gzip_bomb(),
        Behaviour::body("[]"),
        Behaviour::redirect("http://169.254.169.254/"),
        Behaviour::too_many("60"),
    ] {
        let world = World::hasty(FakeFilms::with_films(1), &[Source::Cinemeta]);
        world.films.behave_for(Source::Wikidata, behaviour.clone());
        let started = Instant::now();
        assert_eq!(
            world.catalogue.resolve(&slug("film-1"), HASTE).await,
            None,
            "{behaviour:?}"
        );
        assert!(started.elapsed() < HASTE + SLACK, "{behaviour:?}");
    }
    let world = World::of(FakeFilms::start(), &[]);
    world.films.behave_for(Source::Wikidata, Behaviour::web_page(500));
    for number in 1..=8 {
        world.catalogue.resolve(&FilmLink::Tmdb(number), SLACK).await;
    }
    assert_eq!(world.films.calls().len(), 5, "five failures in a row, and a rest");
    let state = world.catalogue.health().last().map(|health| health.state);
    assert!(matches!(state, Some(ProviderState::Resting(_))), "{state:?}");
}

#[tokio::test]
async fn an_answer_that_comes_late_is_there_for_the_next_who_ask() {
    let world = World::hasty(FakeFilms::with_films(1), &[]);
    let late = Behaviour::Delay(HASTE * 2);
    world.films.behave_for(Source::Wikidata, late);
    assert_eq!(world.catalogue.resolve(&slug("film-1"), HASTE).await, None);
    eventually("the late answer", || world.counts(Source::Wikidata).found == 1).await;
    assert_eq!(
        world.catalogue.resolve(&slug("film-1"), SLACK).await,
        Some(id("tt9000001"))
    );
    assert_eq!(world.films.calls().len(), 1);
}

#[tokio::test]
async fn a_wikidata_that_is_switched_off_is_not_asked() {
    let films = FakeFilms::with_films(1);
    let mut settings = films.settings(&[Source::Cinemeta], FETCH_TIMEOUT);
    settings.wikidata = WikidataSettings { base_url: None };
    let catalogue =
        Catalogue::new(settings, Clock::machine(), TaskTracker::new()).expect("settings that can be used");
    assert_eq!(catalogue.resolve(&slug("film-1"), SLACK).await, None);
    assert_eq!(films.calls(), []);
}
