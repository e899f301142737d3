//! The health of film databases: kept, added up over processes, and read again.

use marquee::domain::film::Source;
use marquee::domain::provider_health::{Condition, ProviderRecord, Rest, Sighting};

use super::on_both_engines;
use super::scene::{NOW, Scene};
use crate::harness::database::TestDatabase;

on_both_engines!(
    a_condition_is_kept_and_a_later_one_replaces_it,
    requests_of_a_day_add_up_whoever_sent_them,
    what_only_a_newer_program_knows_is_passed_over,
    work_behind_is_counted_apart,
    a_database_that_takes_writes_says_so,
);

const DAY: i64 = NOW / 86_400;

const SPENT: Sighting = Sighting {
    condition: Condition::QuotaUsedUp,
    rest: Some(Rest {
        from: NOW,
        until: NOW + 3_600,
    }),
    at: NOW,
};

async fn kept(scene: &Scene, source: Source) -> Option<ProviderRecord> {
    let records = scene.store.list_provider_health().await.expect("a list");
    records.into_iter().find(|record| record.source == source)
}

async fn a_condition_is_kept_and_a_later_one_replaces_it(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let note = async |seen: Sighting| {
        let noted = scene
            .store
            .upsert_provider_condition(Source::Omdb, seen, DAY)
            .await;
        noted.expect("noted");
        let record = kept(&scene, Source::Omdb).await.expect("a record");
        assert_eq!((record.day, record.requests), (DAY, 0));
        record.seen
    };
    assert_eq!(note(SPENT).await, SPENT);
    let late_news = Sighting {
        condition: Condition::Failing,
        rest: None,
        at: NOW - 10,
    };
    assert_eq!(note(late_news).await, SPENT, "another process saw more since");
    let up = Sighting {
        condition: Condition::Up,
        rest: None,
        at: NOW + 3_600,
    };
    assert_eq!(note(up).await, up);
    assert_eq!(kept(&scene, Source::Tmdb).await, None);
}

async fn requests_of_a_day_add_up_whoever_sent_them(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let add = async |day: i64, requests: u64| {
        let added = scene
            .store
            .add_provider_requests(Source::Omdb, day, requests, NOW)
            .await;
        added.expect("a count")
    };
    assert_eq!(add(DAY, 3).await, 3);
    assert_eq!(add(DAY, 4).await, 7);
    assert_eq!(add(DAY + 1, 2).await, 2, "a new day begins at nothing");
    assert_eq!(add(DAY, 5).await, 5, "a day that is over");
    assert_eq!(add(DAY + 1, 1).await, 3);

    scene
        .store
        .upsert_provider_condition(Source::Omdb, SPENT, DAY + 1)
        .await
        .expect("noted");
    let record = kept(&scene, Source::Omdb).await.expect("a record");
    assert_eq!((record.day, record.requests), (DAY + 1, 3), "the count stays");
    assert_eq!(record.seen, SPENT);
    assert_eq!(add(DAY + 1, 1).await, 4);
    let record = kept(&scene, Source::Omdb).await.expect("a record");
    assert_eq!(record.seen, SPENT, "counting changes no condition");
}

async fn what_only_a_newer_program_knows_is_passed_over(database: TestDatabase) {
    let scene = Scene::open(database).await;
    scene
        .database
        .run_sql(
            "INSERT INTO provider_health (provider, condition, changed_at, day, requests_today)
             VALUES ('imdb', 'up', 0, 0, 0), ('tmdb', 'dreaming', 0, 0, 0), ('cinemeta', 'bad_key', 7, 8, 9)",
        )
        .await;
    let records = scene.store.list_provider_health().await.expect("a list");
    let expected = ProviderRecord {
        source: Source::Cinemeta,
        seen: Sighting {
            condition: Condition::BadKey,
            rest: None,
            at: 7,
        },
        day: 8,
        requests: 9,
    };
    assert_eq!(records, [expected]);
}

async fn work_behind_is_counted_apart(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let behind = scene.store.behind();
    let before = scene.store.statements();
    let added = behind.add_provider_requests(Source::Omdb, DAY, 1, NOW).await;
    assert_eq!(added.expect("a count"), 1);
    assert_eq!((scene.store.statements(), behind.statements()), (before, 1));
    assert!(kept(&scene, Source::Omdb).await.is_some(), "it is one database");
}

async fn a_database_that_takes_writes_says_so(database: TestDatabase) {
    let scene = Scene::open(database).await;
    scene.store.check_writable().await.expect("it takes writes");
    assert!(
        scene
            .store
            .list_provider_health()
            .await
            .expect("a list")
            .is_empty()
    );
}
