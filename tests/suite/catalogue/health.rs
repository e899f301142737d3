//! Providers that are left alone, and for how long.

use std::time::Duration;

use marquee::catalogue::{Outcome, ProviderState};
use marquee::domain::film::Source;
use tokio::time::Instant;

use super::{HASTE, SLACK, World, eventually};
use crate::harness::providers::{Behaviour, FakeFilms};

const CINEMETA: [Source; 1] = [Source::Cinemeta];

#[tokio::test]
async fn a_dead_provider_costs_one_probe_a_minute_and_no_waiting() {
    let world = World::of(FakeFilms::with_films(30), &CINEMETA);
    let ids = world.films.ids();
    world.films.behave(&Behaviour::web_page(500));
    for film in &ids[..5] {
        assert_eq!(world.outcome(film).await, Outcome::Failed);
    }
    assert_eq!(world.catalogue.retry_in(), Some(Duration::from_mins(1)));
    assert_eq!(
        world.catalogue.health()[0].state,
        ProviderState::Resting(Duration::from_mins(1))
    );

    let gathered = world.look_up(&ids).await;
    assert_eq!(gathered.outcomes.len(), 30);
    assert_eq!(world.films.calls().len(), 5, "it is left alone");

    world.clock.advance_ms(60_000);
    assert_eq!(world.catalogue.retry_in(), Some(Duration::ZERO));
    world.look_up(&ids).await;
    assert_eq!(world.films.calls().len(), 6, "one probe for thirty films");

    world.clock.advance_ms(60_000);
    world.films.behave(&Behaviour::Fine);
    assert!(matches!(world.outcome(&ids[0]).await, Outcome::Found { .. }));
    assert_eq!(world.catalogue.health()[0].state, ProviderState::Up);
    assert!(matches!(world.outcome(&ids[9]).await, Outcome::Found { .. }));
}

#[tokio::test]
async fn a_hanging_provider_is_left_alone_after_one_view() {
    let world = World::hasty(FakeFilms::with_films(10), &CINEMETA);
    world.films.behave(&Behaviour::Hang);
    let ids = world.films.ids();
    world.look_up(&ids[..5]).await;
    eventually("it rests", || world.catalogue.retry_in() > Some(Duration::ZERO)).await;

    let started = Instant::now();
    let gathered = world.catalogue.look_up_all(&ids[5..], started + SLACK * 2).await;
    assert!(started.elapsed() < SLACK, "nobody waits for it");
    assert_eq!(gathered.outcomes.len(), 5);
    assert_eq!(world.films.calls().len(), 5);
}

#[tokio::test]
async fn a_late_success_ends_the_rest() {
    let world = World::hasty(FakeFilms::with_films(5), &CINEMETA);
    let late = HASTE + Duration::from_millis(700);
    world.films.behave(&Behaviour::Delay(late));
    let ids = world.films.ids();
    assert_eq!(world.look_up(&ids).await.pending.len(), 5);
    eventually("it rests", || world.counts(Source::Cinemeta).transient == 5).await;
    eventually("it answered after all", || {
        world.counts(Source::Cinemeta).found == 5
    })
    .await;
    assert_eq!(world.catalogue.health()[0].state, ProviderState::Up);
    assert_eq!(world.look_up(&ids).await.outcomes.len(), 5);
    assert_eq!(world.films.calls().len(), 5);
}

#[tokio::test]
async fn a_quota_rests_until_the_named_time_or_midnight() {
    for (behaviour, rest_secs) in [
        (Behaviour::too_many("120"), 120),
        (Behaviour::too_many("0"), 1),
        (Behaviour::too_many("999999999"), 86_400),
        (Behaviour::too_many("Mon, 23 Nov 2026 11:05:00 GMT"), 300),
        (
            Behaviour::omdb_error(401, "Daily request limit reached!"),
            13 * 3_600,
        ),
    ] {
        let world = World::of(FakeFilms::with_films(2), &[Source::Omdb]);
        let ids = world.films.ids();
        world.films.behave(&behaviour);
        assert_eq!(world.outcome(&ids[0]).await, Outcome::Failed);
        let rest = Duration::from_secs(rest_secs);
        assert_eq!(
            world.catalogue.health()[0].state,
            ProviderState::QuotaUsedUp(rest)
        );
        assert_eq!(world.catalogue.retry_in(), Some(rest));

        world.films.behave(&Behaviour::Fine);
        assert_eq!(world.outcome(&ids[1]).await, Outcome::Failed);
        assert_eq!(world.films.calls().len(), 1, "{behaviour:?}");
        world
            .clock
            .advance_ms(i64::try_from(rest.as_millis()).expect("a rest"));
        assert!(matches!(world.outcome(&ids[1]).await, Outcome::Found { .. }));
    }
}

#[tokio::test]
async fn a_refused_key_is_not_tried_again() {
    let world = World::of(FakeFilms::with_films(2), &[Source::Omdb]);
    let ids = world.films.ids();
    world
        .films
        .behave(&Behaviour::omdb_error(401, "Invalid API key!"));
    assert_eq!(world.outcome(&ids[0]).await, Outcome::Failed);
    world.films.behave(&Behaviour::Fine);
    world.clock.advance_ms(7 * 86_400_000);
    assert_eq!(world.outcome(&ids[1]).await, Outcome::Failed);
    assert_eq!(world.catalogue.health()[0].state, ProviderState::BadKey);
    assert_eq!(world.catalogue.retry_in(), None);
    assert_eq!(world.films.calls().len(), 1);
}

#[tokio::test]
async fn with_one_provider_left_the_others_rests_do_not_matter() {
    let world = World::of(FakeFilms::with_films(1), &[Source::Omdb, Source::Cinemeta]);
    world.films.behave_for(Source::Omdb, Behaviour::too_many("3600"));
    world.data(&world.films.ids()[0]).await;
    assert_eq!(world.catalogue.retry_in(), Some(Duration::ZERO));
}
