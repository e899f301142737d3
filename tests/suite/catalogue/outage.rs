//! All providers down: what views cost then, counted in requests and in waits.

use std::time::Duration;

use marquee::domain::film::Source;
use tokio::time::Instant;

use super::secrets::heard;
use super::{SLACK, World, eventually};
use crate::harness::providers::{Behaviour, FakeFilms};

const ALL: [Source; 3] = [Source::Tmdb, Source::Omdb, Source::Cinemeta];

/// Looks ten films up as a view does; whether it had to wait for anything.
async fn view(world: &World) -> bool {
    let deadline = Instant::now() + world.fetch_timeout;
    let begun = Instant::now();
    world
        .catalogue
        .look_up_briskly(&world.films.ids(), deadline)
        .await;
    begun.elapsed() >= world.fetch_timeout
}

#[tokio::test]
async fn with_all_of_them_hanging_each_is_found_out_by_waiting_once_and_then_nobody_waits() {
    let world = World::hasty(FakeFilms::with_films(10), &ALL);
    world.films.behave(&Behaviour::Hang);
    let all_rest = || {
        let health = world.catalogue.health();
        let mut films = health.iter().filter(|health| health.source.has_films());
        films.all(|health| health.state.rest() > Duration::ZERO)
    };
    let mut waits = 0;
    while !all_rest() {
        waits += u32::from(view(&world).await);
        // The last of three may not have been reached in the time of one view, nor the second.
        assert!(waits <= 3, "{:?}", world.catalogue.health());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let first = world.films.calls().len();
    assert!(first <= 30, "{first}");

    for minute in 1..=5 {
        // A minute in which fifty people look.
        world.clock.advance_ms(60_000);
        for _ in 0..50 {
            let deadline = Instant::now() + SLACK * 10;
            let begun = Instant::now();
            world
                .catalogue
                .look_up_briskly(&world.films.ids(), deadline)
                .await;
            assert!(begun.elapsed() < SLACK, "a view waited in minute {minute}");
        }
        let probes = world.films.calls().len() - first;
        assert!(probes <= 3 * minute, "{probes} probes by minute {minute}");
    }
}

#[tokio::test]
async fn one_film_alone_makes_nobody_wait_twice_though_the_breaker_is_still_closed() {
    let world = World::hasty(FakeFilms::with_films(1), &[Source::Cinemeta]);
    world.films.behave(&Behaviour::Hang);
    assert!(view(&world).await);
    eventually("it is late", || world.counts(Source::Cinemeta).transient == 1).await;
    for _ in 0..10 {
        let begun = Instant::now();
        world
            .catalogue
            .look_up_briskly(&world.films.ids(), begun + SLACK * 10)
            .await;
        assert!(begun.elapsed() < SLACK);
    }
    assert_eq!(world.films.calls().len(), 1, "they join the one that hangs");
}

#[tokio::test]
async fn a_probe_holds_up_nobody_while_another_provider_answers() {
    const FETCH_TIMEOUT: Duration = Duration::from_secs(9);
    let films = FakeFilms::with_films(30);
    let world = World::with_timeout(films, &[Source::Omdb, Source::Cinemeta], FETCH_TIMEOUT);
    let ids = world.films.ids();
    world.films.behave_for(Source::Omdb, Behaviour::web_page(500));
    for film in &ids[..5] {
        world.data(film).await;
    }
    world.films.behave_for(Source::Omdb, Behaviour::Hang);
    world.clock.advance_ms(60_000);
    let asked = world.films.calls_of(Source::Omdb).len();
    for film in &ids[5..15] {
        let begun = Instant::now();
        assert_eq!(world.data(film).await.source, Source::Cinemeta);
        let share = FETCH_TIMEOUT * 6 / 10;
        assert!(begun.elapsed() < share, "{:?}", begun.elapsed());
    }
    let probes = world.films.calls_of(Source::Omdb).len() - asked;
    assert_eq!(probes, 1, "it is heard out, and not probed again at once");
}

#[tokio::test]
async fn once_one_of_them_is_back_a_probe_finds_out_and_views_wait_for_it_again() {
    let world = World::hasty(FakeFilms::with_films(10), &ALL);
    world.films.behave(&Behaviour::web_page(500));
    view(&world).await;
    world.films.behave_for(Source::Cinemeta, Behaviour::Fine);
    world.clock.advance_ms(60_000);
    view(&world).await;
    eventually("the probe is answered", || {
        world.counts(Source::Cinemeta).found > 0
    })
    .await;
    let gathered = world.look_up(&world.films.ids()).await;
    let found = gathered
        .outcomes
        .iter()
        .filter(|(_, outcome)| matches!(outcome, marquee::catalogue::Outcome::Found { .. }))
        .count();
    assert_eq!(found, 10);
}

#[tokio::test]
async fn what_happens_to_a_provider_is_logged_once_and_not_for_every_view() {
    let (log, _listening) = heard();
    let world = World::of(FakeFilms::with_films(10), &[Source::Cinemeta]);
    let times = |words: &str| log.text().matches(words).count();
    for behaviour in [Behaviour::web_page(500), Behaviour::Fine] {
        world.films.behave(&behaviour);
        for _ in 0..4 {
            world.look_up(&world.films.ids()).await;
            world.clock.advance_ms(60_000);
        }
    }
    assert_eq!(times("the provider keeps failing"), 1);
    assert_eq!(times("the provider answers again"), 1);

    world.films.behave(&Behaviour::too_many("600"));
    for _ in 0..4 {
        world.look_up(&world.films.ids()).await;
        world.clock.advance_ms(60_000);
    }
    assert_eq!(times("the quota is used up; the provider is left alone"), 1);
    world.clock.advance_ms(600_000);
    world.films.behave(&Behaviour::Fine);
    world.look_up(&world.films.ids()).await;
    assert_eq!(times("the quota is there again"), 1);
}
