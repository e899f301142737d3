//! One look-up per film at a time, whoever asks and whoever stops asking; and what is remembered.

use std::time::Duration;

use futures::future::join_all;
use marquee::catalogue::Outcome;
use marquee::domain::film::Source;
use tokio::time::{Instant, timeout};

use super::{FETCH_TIMEOUT, HASTE, SLACK, World, eventually, id};
use crate::harness::providers::{Behaviour, FakeFilms};

const CINEMETA: [Source; 1] = [Source::Cinemeta];

#[tokio::test]
async fn fifty_views_of_ten_cold_films_make_ten_calls() {
    let world = World::of(FakeFilms::with_films(10), &CINEMETA);
    world.films.behave(&Behaviour::Delay(Duration::from_millis(100)));
    let ids = world.films.ids();
    let deadline = Instant::now() + FETCH_TIMEOUT;
    let views = join_all((0..50).map(|_| world.catalogue.look_up_all(&ids, deadline))).await;
    for view in views {
        assert_eq!(view.outcomes.len(), 10);
    }
    world.look_up(&ids).await;
    assert_eq!(world.films.calls().len(), 10, "and none a moment later");
}

#[tokio::test]
async fn a_film_named_twice_is_looked_up_and_answered_once() {
    let world = World::of(FakeFilms::with_films(1), &CINEMETA);
    let film = world.films.ids().remove(0);
    let gathered = world.look_up(&[film.clone(), film.clone()]).await;
    assert_eq!(gathered.outcomes.len() + gathered.pending.len(), 1);
}

#[tokio::test]
async fn a_found_film_is_remembered_for_a_minute() {
    let world = World::of(FakeFilms::with_films(1), &CINEMETA);
    let film = world.films.ids().remove(0);
    world.data(&film).await;
    world.clock.advance_ms(59_999);
    world.data(&film).await;
    assert_eq!(world.films.calls_for(&film), 1);
    world.clock.advance_ms(1);
    world.data(&film).await;
    assert_eq!(world.films.calls_for(&film), 2);
}

#[tokio::test]
async fn a_missing_film_is_remembered_for_an_hour_and_not_beyond_a_clock_set_back() {
    let world = World::of(FakeFilms::start(), &CINEMETA);
    let film = id("tt9999999");
    let calls = || world.films.calls_for(&film);
    world.outcome(&film).await;
    world.clock.advance_ms(3_599_999);
    assert_eq!(world.outcome(&film).await, Outcome::NotFound);
    assert_eq!(calls(), 1);
    world.clock.advance_ms(1);
    world.outcome(&film).await;
    assert_eq!(calls(), 2);
    world.clock.advance_ms(-86_400_000);
    world.outcome(&film).await;
    assert_eq!(calls(), 3);
}

#[tokio::test]
async fn a_film_that_an_ailing_provider_may_know_is_asked_for_again_sooner() {
    let world = World::of(FakeFilms::start(), &[Source::Omdb, Source::Cinemeta]);
    world.films.behave_for(Source::Omdb, Behaviour::web_page(500));
    let film = id("tt9999999");
    assert_eq!(world.outcome(&film).await, Outcome::NotFound);
    world.clock.advance_ms(5 * 60_000);
    world.outcome(&film).await;
    assert_eq!(world.films.calls_of(Source::Cinemeta).len(), 2);
}

#[tokio::test]
async fn a_failure_is_not_remembered() {
    let world = World::of(FakeFilms::with_films(1), &CINEMETA);
    let film = world.films.ids().remove(0);
    world.films.behave(&Behaviour::web_page(500));
    assert_eq!(world.outcome(&film).await, Outcome::Failed);
    world.films.behave(&Behaviour::Fine);
    assert!(matches!(world.outcome(&film).await, Outcome::Found { .. }));
}

#[tokio::test]
async fn an_asker_who_leaves_takes_nothing_from_the_others() {
    let world = World::of(FakeFilms::with_films(1), &CINEMETA);
    world.films.behave(&Behaviour::Delay(Duration::from_millis(200)));
    let ids = world.films.ids();
    let impatient = world.catalogue.look_up_all(&ids, Instant::now() + SLACK);
    assert!(timeout(Duration::from_millis(50), impatient).await.is_err());
    world.data(&ids[0]).await;
    assert_eq!(world.films.calls_for(&ids[0]), 1);
}

#[tokio::test]
async fn nobody_waits_for_a_look_up_that_hangs_already() {
    let world = World::hasty(FakeFilms::with_films(1), &CINEMETA);
    world.films.behave(&Behaviour::Hang);
    let ids = world.films.ids();
    assert_eq!(world.look_up(&ids).await.pending, ids);
    eventually("the look-up is late", || {
        world.counts(Source::Cinemeta).transient == 1
    })
    .await;
    tokio::time::sleep(HASTE).await;
    let far = Instant::now() + Duration::from_mins(1);
    let joined = timeout(SLACK, world.catalogue.look_up_all(&ids, far)).await;
    assert_eq!(joined.expect("at once").pending, ids);
    assert_eq!(world.films.calls().len(), 1);
}

#[tokio::test]
async fn a_look_up_goes_on_behind_and_its_result_is_there_for_the_next() {
    let world = World::hasty(FakeFilms::with_films(1), &CINEMETA);
    world.films.behave(&Behaviour::Delay(HASTE * 2));
    let ids = world.films.ids();
    assert_eq!(world.look_up(&ids).await.pending, ids);
    eventually("the answer", || world.counts(Source::Cinemeta).found == 1).await;
    assert_eq!(world.data(&ids[0]).await.title, "Film 1");
    assert_eq!(world.films.calls().len(), 1);
}
