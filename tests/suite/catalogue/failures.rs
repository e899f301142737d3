//! What a failure costs in requests: one more after a broken connection, three hops of a redirect. The classes
//! of all failures are in the table of cases.

use marquee::catalogue::Outcome;
use marquee::domain::film::Source;

use super::World;
use crate::harness::providers::{Behaviour, FakeFilms};

#[tokio::test]
async fn a_broken_connection_is_tried_once_more_and_not_again() {
    let world = World::of(FakeFilms::with_films(1), &[Source::Cinemeta]);
    world.films.behave(&Behaviour::Reset);
    let film = world.films.ids().remove(0);
    assert_eq!(world.outcome(&film).await, Outcome::Failed);
    assert_eq!(world.films.calls_for(&film), 2);
}

#[tokio::test]
async fn a_redirect_loop_ends_after_three_hops() {
    let world = World::of(FakeFilms::with_films(1), &[Source::Cinemeta]);
    let ids = world.films.ids();
    world
        .films
        .behave_for(Source::Cinemeta, Behaviour::redirect("/round/and/round"));
    assert_eq!(world.outcome(&ids[0]).await, Outcome::Failed);
    assert_eq!(world.films.calls().len(), 4);
    assert_eq!(world.counts(Source::Cinemeta).transient, 1);
}

#[tokio::test]
async fn a_redirect_within_the_operators_own_address_is_followed() {
    let world = World::of(FakeFilms::with_films(1), &[Source::Cinemeta]);
    let id = world.films.ids().remove(0);
    let other = super::id("tt7777777");
    world.films.behave_for(
        Source::Cinemeta,
        Behaviour::redirect_path(
            &format!("/meta/movie/{other}.json"),
            &format!("/meta/movie/{id}.json"),
        ),
    );
    assert_eq!(world.data(&other).await.title, "Film 1");
    assert_eq!(world.films.calls().len(), 2);
}
