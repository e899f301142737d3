//! Who is asked when: the order, the shares of the time, and answers that come late.

use std::time::Duration;

use marquee::catalogue::{Catalogue, Outcome, ProviderState, WikidataSettings};
use marquee::clock::Clock;
use marquee::domain::film::{RatingSource, Source};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::{FETCH_TIMEOUT, HASTE, SLACK, World, eventually, id};
use crate::harness::providers::{Behaviour, FakeFilms};

const ALL: [Source; 3] = [Source::Tmdb, Source::Omdb, Source::Cinemeta];

#[tokio::test]
async fn the_first_that_has_the_film_answers_and_the_others_are_not_asked() {
    for source in ALL {
        let mut order = vec![source];
        order.extend(ALL.iter().filter(|other| **other != source));
        let world = World::of(FakeFilms::with_films(1), &order);
        let data = world.data(&world.films.ids()[0]).await;
        assert_eq!(data.source, source);
        assert_eq!(data.title, "Film 1");
        assert_eq!(data.year, Some(1990));
        assert_eq!(data.runtime_min, Some(142));
        assert_eq!(data.genres, ["Drama", "Crime"]);
        assert_eq!(data.directors, ["Ada Director"]);
        assert_eq!(data.plot.as_deref(), Some("What happens in Film 1."));
        assert!(data.poster_url.is_some());
        let rating = data.rating.expect("a rating");
        let (tenths, whose) = match source {
            Source::Tmdb => (79, RatingSource::Tmdb),
            _ => (81, RatingSource::Imdb),
        };
        assert_eq!((rating.tenths, rating.source), (tenths, whose));
        assert!(world.films.calls().iter().all(|call| call.source == source));
    }
}

#[tokio::test]
async fn a_provider_that_fails_or_knows_nothing_gives_way_to_the_next() {
    for behaviour in [
        Behaviour::Refuse,
        Behaviour::web_page(500),
        Behaviour::body("[]"),
        Behaviour::too_many("60"),
        Behaviour::omdb_error(200, "Movie not found!"),
        Behaviour::omdb_error(401, "Invalid API key!"),
    ] {
        let world = World::of(FakeFilms::with_films(1), &[Source::Omdb, Source::Cinemeta]);
        world.films.behave_for(Source::Omdb, behaviour.clone());
        let data = world.data(&world.films.ids()[0]).await;
        assert_eq!(data.source, Source::Cinemeta, "{behaviour:?}");
    }
}

#[tokio::test]
async fn a_provider_that_hangs_leaves_the_next_its_time() {
    let world = World::of(FakeFilms::with_films(1), &[Source::Omdb, Source::Cinemeta]);
    world.films.behave_for(Source::Omdb, Behaviour::Hang);
    let started = Instant::now();
    let gathered = world.look_up(&world.films.ids()).await;
    let [(_, Outcome::Found { data, .. })] = gathered.outcomes.as_slice() else {
        panic!("found within the deadline: {gathered:?}");
    };
    assert_eq!(data.source, Source::Cinemeta);
    assert!(
        started.elapsed() >= Duration::from_millis(1_700),
        "the first has 60 %"
    );
    assert_eq!(world.counts(Source::Omdb).transient, 1);
}

#[tokio::test]
async fn a_late_answer_is_used_when_nothing_better_came() {
    let world = World::hasty(FakeFilms::with_films(1), &[Source::Omdb, Source::Cinemeta]);
    let ids = world.films.ids();
    let late = Behaviour::Delay(HASTE * 2);
    world.films.behave_for(Source::Omdb, late);
    world.films.behave_for(Source::Cinemeta, Behaviour::web_page(500));
    let gathered = world.look_up(&ids).await;
    assert_eq!((gathered.outcomes, gathered.pending), (vec![], ids.clone()));
    eventually("the late answer", || world.counts(Source::Omdb).found == 1).await;
    assert_eq!(world.data(&ids[0]).await.source, Source::Omdb);
    assert_eq!(world.films.calls_of(Source::Omdb).len(), 1);
}

#[tokio::test]
async fn a_film_that_nobody_knows_is_not_found_and_one_that_somebody_may_know_too() {
    let nobody = World::of(FakeFilms::start(), &ALL);
    assert_eq!(nobody.outcome(&id("tt9999999")).await, Outcome::NotFound);
    assert_eq!(nobody.films.calls().len(), 3);

    let doubtful = World::of(FakeFilms::start(), &[Source::Omdb, Source::Cinemeta]);
    doubtful.films.behave_for(Source::Omdb, Behaviour::web_page(500));
    assert_eq!(doubtful.outcome(&id("tt9999999")).await, Outcome::NotFound);
}

#[tokio::test]
async fn the_deadline_holds_for_many_films_on_hanging_providers() {
    let world = World::hasty(FakeFilms::with_films(20), &ALL);
    world.films.behave(&Behaviour::Hang);
    let ids = world.films.ids();
    let started = Instant::now();
    let gathered = world.look_up(&ids).await;
    assert!(started.elapsed() < HASTE + SLACK);
    assert_eq!(gathered.outcomes.len() + gathered.pending.len(), 20);
    assert!(
        gathered
            .outcomes
            .iter()
            .all(|(_, outcome)| *outcome == Outcome::Failed)
    );
}

#[tokio::test]
async fn providers_without_their_key_are_not_in_the_chain() {
    let films = FakeFilms::start();
    let mut settings = films.settings(&ALL, FETCH_TIMEOUT);
    settings.tmdb.access_token = None;
    settings.omdb.api_key = None;
    settings.wikidata = WikidataSettings { base_url: None };
    let catalogue =
        Catalogue::new(settings, Clock::machine(), TaskTracker::new()).expect("settings that can be used");
    let health = catalogue.health();
    assert_eq!(health.len(), 1);
    assert_eq!(
        (health[0].source, health[0].state),
        (Source::Cinemeta, ProviderState::Up)
    );
}

#[tokio::test]
async fn without_any_provider_nothing_is_asked_and_nothing_hangs() {
    let world = World::of(FakeFilms::start(), &[]);
    assert_eq!(world.outcome(&id("tt0111161")).await, Outcome::Failed);
    assert_eq!(world.catalogue.retry_in(), None);
    assert!(
        !world
            .catalogue
            .search("Alien", None, FETCH_TIMEOUT)
            .await
            .answered
    );
}
