//! Searching titles: who is asked, what comes out, and what is remembered.

use std::time::Duration;

use futures::future::join_all;
use marquee::catalogue::SearchHit;
use marquee::domain::film::Source;
use serde_json::json;
use tokio::time::Instant;

use super::{FETCH_TIMEOUT, SLACK, World, eventually};
use crate::harness::providers::{Behaviour, FakeFilms, Film};

const ALL: [Source; 3] = [Source::Tmdb, Source::Omdb, Source::Cinemeta];

fn things() -> FakeFilms {
    let films = FakeFilms::start();
    films.add(Film::new("tt0905372", "The Thing", 2011));
    films.add(Film::new("tt0084787", "The Thing", 1982));
    films.add(Film::new("tt0044121", "The Thing from Another World", 1951));
    films
}

fn ids(hits: &[SearchHit]) -> Vec<&str> {
    hits.iter().map(|hit| hit.imdb_id.as_str()).collect()
}

#[tokio::test]
async fn every_provider_can_be_searched() {
    for source in ALL {
        let world = World::of(things(), &[source]);
        let result = world.catalogue.search("the thing", None, SLACK).await;
        assert!(result.answered);
        assert_eq!(
            ids(&result.hits),
            ["tt0905372", "tt0084787", "tt0044121"],
            "{source:?}"
        );
        assert_eq!(result.hits[1].title, "The Thing");
        assert_eq!(result.hits[1].year, Some(1982));
    }
}

#[tokio::test]
async fn the_film_of_the_year_comes_first() {
    for source in ALL {
        let world = World::of(things(), &[source]);
        let result = world.catalogue.search("The Thing", Some(1982), SLACK).await;
        assert_eq!(result.hits[0].imdb_id.as_str(), "tt0084787", "{source:?}");
    }
}

#[tokio::test]
async fn omdbs_counted_requests_are_spent_last() {
    let world = World::of(things(), &ALL);
    world.films.behave_for(Source::Tmdb, Behaviour::web_page(500));
    world.catalogue.search("the thing", None, SLACK).await;
    assert_eq!(world.films.calls_of(Source::Cinemeta).len(), 1);
    assert_eq!(world.films.calls_of(Source::Omdb).len(), 0);

    let world = World::of(things(), &ALL);
    world.films.behave_for(Source::Tmdb, Behaviour::web_page(500));
    world.films.behave_for(Source::Cinemeta, Behaviour::web_page(500));
    let result = world.catalogue.search("the thing", None, SLACK).await;
    assert_eq!(result.hits.len(), 3);
}

#[tokio::test]
async fn nobody_knowing_and_nobody_answering_are_told_apart() {
    let world = World::of(things(), &[Source::Cinemeta]);
    let unknown = world.catalogue.search("no such film", None, SLACK).await;
    assert!(unknown.answered && unknown.hits.is_empty());
    world.films.behave(&Behaviour::web_page(503));
    let unanswered = world.catalogue.search("the thing", None, SLACK).await;
    assert!(!unanswered.answered && unanswered.hits.is_empty());
}

#[tokio::test]
async fn a_search_is_asked_once_and_remembered_for_ten_minutes() {
    let world = World::of(things(), &[Source::Cinemeta]);
    world.films.behave(&Behaviour::Delay(Duration::from_millis(100)));
    let typed = ["the thing", "The  Thing", "THE THING!", "the-thing"];
    join_all(
        typed
            .iter()
            .map(|typed| world.catalogue.search(typed, None, SLACK)),
    )
    .await;
    world.clock.advance_ms(599_999);
    let result = world.catalogue.search("the thing", None, SLACK).await;
    assert_eq!(result.hits.len(), 3);
    assert_eq!(world.films.calls().len(), 1);
    world.clock.advance_ms(1);
    world.catalogue.search("the thing", None, SLACK).await;
    assert_eq!(world.films.calls().len(), 2);
}

#[tokio::test]
async fn a_slow_search_goes_on_behind_for_the_next_keystroke() {
    let world = World::of(things(), &[Source::Cinemeta]);
    world.films.behave(&Behaviour::Delay(Duration::from_secs(1)));
    let started = Instant::now();
    let short = Duration::from_millis(50);
    let result = world.catalogue.search("the thing", None, short).await;
    assert!(!result.answered);
    assert!(started.elapsed() < short + SLACK);
    eventually("the answer", || world.counts(Source::Cinemeta).found == 1).await;
    let result = world.catalogue.search("the thing", None, short).await;
    assert_eq!(result.hits.len(), 3);
    assert_eq!(world.films.calls().len(), 1);
}

#[tokio::test]
async fn a_hanging_first_provider_leaves_the_second_its_time() {
    let world = World::of(things(), &[Source::Tmdb, Source::Cinemeta]);
    world.films.behave_for(Source::Tmdb, Behaviour::Hang);
    let result = world.catalogue.search("the thing", None, FETCH_TIMEOUT).await;
    assert_eq!(result.hits.len(), 3);
}

#[tokio::test]
async fn rows_of_tmdb_that_cannot_be_resolved_fall_through_to_the_next() {
    let world = World::of(things(), &[Source::Tmdb, Source::Cinemeta]);
    let rows = json!({ "results": [{ "id": 7, "title": "The Thing" }] }).to_string();
    world.films.behave_for(Source::Tmdb, Behaviour::body(rows));
    let result = world.catalogue.search("the thing", None, SLACK).await;
    assert_eq!(result.hits.len(), 3);
    assert_eq!(world.films.calls_of(Source::Cinemeta).len(), 1);
}

#[tokio::test]
async fn ten_thousand_rows_are_no_more_than_twenty_five_hits() {
    // Bare rows, so that ten thousand of them stay below the limit on bodies.
    let rows: Vec<_> = (1..=10_000)
        .map(|n| json!({ "id": format!("tt{n:07}"), "name": "" }))
        .collect();
    let flood = json!({ "metas": rows }).to_string();
    assert!(flood.len() > 256 * 1024);
    let world = World::of(things(), &[Source::Cinemeta]);
    world.films.behave(&Behaviour::body(flood));
    assert!(!world.catalogue.search("flood", None, SLACK).await.answered);

    let rows: Vec<_> = (1..=3_000)
        .map(|n| json!({ "id": format!("tt{n:07}"), "name": format!("Film {n}") }))
        .collect();
    world
        .films
        .behave(&Behaviour::body(json!({ "metas": rows }).to_string()));
    let result = world.catalogue.search("film", None, SLACK).await;
    assert_eq!(result.hits.len(), 25);
}

#[tokio::test]
async fn odd_titles_reach_the_provider_whole() {
    for title in ["Face/Off", "8½", "アキラ", "50% & more?", "..", "#1 fan"] {
        for source in ALL {
            let films = FakeFilms::start();
            films.add(Film::new("tt0119094", title, 1997));
            let world = World::of(films, &[source]);
            let result = world.catalogue.search(title, None, SLACK).await;
            let too_short = source == Source::Omdb && title.chars().count() < 3;
            assert_eq!(result.hits.len(), usize::from(!too_short), "{source:?} {title}");
        }
    }
}

#[tokio::test]
async fn blank_titles_ask_nobody() {
    let world = World::of(things(), &ALL);
    for title in ["", "  ", "\u{200B}"] {
        assert!(world.catalogue.search(title, None, FETCH_TIMEOUT).await.answered);
    }
    assert_eq!(world.films.calls(), []);
}

#[tokio::test]
async fn an_impatient_asker_does_not_rush_the_search_on_to_the_next_provider() {
    let world = World::of(things(), &ALL);
    world
        .films
        .behave_for(Source::Tmdb, Behaviour::Delay(Duration::from_millis(50)));
    let result = world
        .catalogue
        .search("the thing", None, Duration::from_millis(5))
        .await;
    assert!(!result.answered);
    eventually("the answer", || world.counts(Source::Tmdb).found == 1).await;
    assert_eq!(world.films.calls_of(Source::Cinemeta), []);
    assert_eq!(world.films.calls_of(Source::Omdb), [], "its requests are counted");
}

#[tokio::test]
async fn what_an_earlier_search_found_stands_in_for_a_longer_one() {
    let world = World::of(things(), &[Source::Cinemeta]);
    assert_eq!(world.catalogue.recall_search("thing", None), None);
    assert_eq!(world.catalogue.recall_beginning("thing from"), []);
    let result = world.catalogue.search("thing", None, FETCH_TIMEOUT).await;
    assert_eq!(
        world.catalogue.recall_search(" Thing!", None),
        Some(result.clone())
    );
    let calls = world.films.calls().len();
    let fitting = world.catalogue.recall_beginning("thing from");
    assert!(fitting.len() < result.hits.len(), "{fitting:?}");
    assert!(
        fitting
            .iter()
            .all(|hit| hit.title.to_lowercase().contains("thing from"))
    );
    assert_eq!(world.films.calls().len(), calls, "nobody is asked");
}
