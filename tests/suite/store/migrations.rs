//! The schema's way up, down and up again, with rows in it.

use std::time::Duration;

use chrono::NaiveDate;
use marquee::domain::film::Cached;
use marquee::domain::ids::{ChannelId, MessageId, ViewingId};
use marquee::domain::poll::LiveMessage;
use marquee::domain::reaction::{Number, ReactionAt, VoteInput};
use marquee::domain::settings::Change;
use marquee::domain::watched::{HistoryOrder, NewViewing, Stars};
use marquee::store::{SchemaError, Store, StoreError};
use tokio::time::timeout;

use super::on_both_engines;
use super::scene::{GUILD, NOW, Scene, fetched, imdb, member};
use crate::harness::database::TestDatabase;

on_both_engines!(
    the_status_names_every_migration,
    up_twice_is_up_once,
    down_goes_one_step_or_to_a_version,
    a_version_that_never_was_is_refused,
    down_and_up_again_loses_nothing_a_member_made,
    without_the_cache_columns_data_is_missing_and_can_come_back,
    ten_thousand_films_go_down_and_up_again,
    a_database_of_a_newer_program_is_refused_clearly,
    a_changed_migration_is_refused_clearly,
    a_migration_waits_for_longer_than_a_statement_does,
);

async fn applied(store: &Store) -> Vec<i64> {
    let states = store.migration_status().await.expect("a status");
    states
        .into_iter()
        .filter(|state| state.applied)
        .map(|state| state.version)
        .collect()
}

/// All versions that there are.
async fn known(store: &Store) -> Vec<i64> {
    let states = store.migration_status().await.expect("a status");
    states.into_iter().map(|state| state.version).collect()
}

async fn the_status_names_every_migration(database: TestDatabase) {
    let store = Store::connect(&database.options()).await.expect("a store");
    let names = async || -> Vec<(i64, Option<String>, bool)> {
        let states = store.migration_status().await.expect("a status");
        states
            .into_iter()
            .map(|state| (state.version, state.name, state.applied))
            .collect()
    };
    let files =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).expect("the migrations");
    let mut there: Vec<(i64, String)> = files
        .filter_map(|file| {
            let name = file.expect("a file").file_name().into_string().expect("a name");
            let (version, what) = name.strip_suffix(".up.sql")?.split_once('_')?;
            Some((version.parse().expect("a number"), what.replace('_', " ")))
        })
        .collect();
    there.sort();
    assert!(there.len() > 4, "{there:?}");
    let expected = |applied: bool| -> Vec<_> {
        let there = there.iter().cloned();
        there
            .map(|(version, name)| (version, Some(name), applied))
            .collect()
    };
    assert_eq!(names().await, expected(false));
    store.migrate_up().await.expect("up");
    assert_eq!(names().await, expected(true));
}

async fn up_twice_is_up_once(database: TestDatabase) {
    let store = database.store().await;
    store.migrate_up().await.expect("up again");
    assert_eq!(applied(&store).await, known(&store).await);
}

async fn down_goes_one_step_or_to_a_version(database: TestDatabase) {
    let store = database.store().await;
    store.migrate_down(None).await.expect("a step down");
    let all = known(&store).await;
    assert_eq!(applied(&store).await, all[..all.len() - 1]);
    store.migrate_down(Some(1)).await.expect("down to 1");
    assert_eq!(applied(&store).await, [1]);
    store.migrate_down(None).await.expect("the last step down");
    assert_eq!(applied(&store).await, [0; 0]);
    store.migrate_down(None).await.expect("nothing left to undo");
    store.migrate_up().await.expect("up");
    store.migrate_down(Some(0)).await.expect("all the way down");
    assert_eq!(applied(&store).await, [0; 0]);
}

async fn a_version_that_never_was_is_refused(database: TestDatabase) {
    let store = database.store().await;
    for version in [-1, 9_999] {
        let refused = store.migrate_down(Some(version)).await.expect_err("a refusal");
        assert!(
            matches!(refused, StoreError::Schema(SchemaError::NoSuchVersion { version: told }) if told == version),
            "{refused}"
        );
    }
    assert_eq!(applied(&store).await, known(&store).await);
}

async fn down_and_up_again_loses_nothing_a_member_made(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, first) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, second) = scene.propose(GUILD, member(2), "tt0000012", NOW + 1).await;
    for (voter, proposal) in [(1, first.id), (2, first.id), (2, second.id)] {
        scene.vote(round, member(voter), proposal, NOW).await;
    }
    let live = LiveMessage {
        channel: ChannelId(5),
        message: MessageId(6),
        page: 1,
    };
    scene
        .store
        .upsert_live_message(round, live, NOW)
        .await
        .expect("remembered");
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.upsert_proposal_limit(GUILD, member(1), Some(25))
        .await
        .expect("set");
    tx.commit().await.expect("a commit");

    scene.change(GUILD, &Change::ProposalLimit(3)).await;
    scene.change(GUILD, &Change::Input(VoteInput::Both)).await;
    let at = ReactionAt {
        message: live.message,
        number: Number::new(1).expect("a number"),
    };
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.insert_number(at.message, round, second.id)
        .await
        .expect("a number");
    assert!(tx.insert_reaction(at, member(4)).await.expect("an answer"));
    let voted = tx.insert_reaction_vote(round, member(4), second.id, NOW).await;
    assert!(voted.expect("an answer"));
    let voted = tx.insert_reaction_vote(round, member(5), second.id, NOW).await;
    assert!(voted.expect("an answer"));
    let withheld = tx.withhold_votes(round, member(5).into(), NOW).await;
    assert!(withheld.expect("an answer"));
    tx.commit().await.expect("a commit");
    let numbered = scene.store.find_numbered(at).await.expect("an answer");
    assert!(numbered.is_some());

    let viewing = NewViewing {
        id: ViewingId(scene.key()),
        film: first.film.id,
        on: NaiveDate::default(),
        by: member(1),
        at: NOW,
        proposal: Some(first.id),
    };
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert!(tx.insert_viewing(GUILD, &viewing).await.expect("an answer"));
    let rated = tx.upsert_rating(GUILD, first.film.id, member(2), Stars::ALL[3], NOW);
    assert!(rated.await.expect("an answer"));
    tx.commit().await.expect("a commit");
    let history = scene.store.list_viewings(GUILD, HistoryOrder::Best, 9, 0).await;
    let history = history.expect("a page");

    let before = scene
        .store
        .list_standings(&scene.round(round).await, 10, 0)
        .await
        .expect("a page");
    let head = scene.store.find_poll_head(GUILD).await.expect("an answer");
    for target in known(&scene.store).await.into_iter().rev().chain([0, 0]) {
        scene.store.migrate_down(Some(target)).await.expect("down");
        scene.store.migrate_up().await.expect("up");
        assert_eq!(
            scene
                .store
                .list_standings(&scene.round(round).await, 10, 0)
                .await
                .expect("a page"),
            before
        );
        assert_eq!(scene.store.find_poll_head(GUILD).await.expect("an answer"), head);
        assert_eq!(scene.store.find_numbered(at).await.expect("an answer"), numbered);
        let reactions = scene.store.list_reactions(at.message).await;
        assert_eq!(reactions.expect("a list"), [(at.number, member(4))]);
        let given = "SELECT COUNT(*) FROM votes WHERE source = 'reaction'";
        assert_eq!(scene.database.number(given).await, 1);
        let again = scene.store.list_viewings(GUILD, HistoryOrder::Best, 9, 0).await;
        assert_eq!(again.expect("a page"), history, "to {target}");
        let withheld = "SELECT COUNT(*) FROM withheld_votes WHERE source = 'reaction'";
        assert_eq!(scene.database.number(withheld).await, 1);
        let mut tx = scene.store.begin_write().await.expect("a transaction");
        assert_eq!(
            tx.lock_guild(GUILD, NOW).await.expect("a row").proposal_limit,
            3,
            "to {target}"
        );
        assert_eq!(
            tx.find_proposal_limit(GUILD, member(1)).await.expect("an answer"),
            Some(25)
        );
        tx.rollback().await.expect("an undo");
    }
    // The guards are back too: a film is up once, and a round is open once.
    assert!(!scene.vote(round, member(1), first.id, NOW).await);
    let (same, _) = scene.propose(GUILD, member(3), "tt0000013", NOW).await;
    assert_eq!(same, round);
}

async fn without_the_cache_columns_data_is_missing_and_can_come_back(database: TestDatabase) {
    let scene = Scene::open(database).await;
    scene
        .store
        .save_films(&[fetched("tt0078748", "Alien", NOW)], || scene.key())
        .await
        .expect("saved");
    scene.store.migrate_down(Some(2)).await.expect("down");
    let error = scene
        .store
        .find_film(&imdb("tt0078748"))
        .await
        .expect_err("no such columns");
    assert!(
        !error.is_busy() && !error.to_string().contains("SELECT"),
        "{error}"
    );

    scene.store.migrate_up().await.expect("up");
    let film = scene
        .store
        .find_film(&imdb("tt0078748"))
        .await
        .expect("an answer")
        .expect("a film");
    assert_eq!((film.title.as_str(), film.cached), ("Alien", None));
    let again = fetched("tt0078748", "Alien", NOW - 100);
    scene
        .store
        .save_films(std::slice::from_ref(&again), || scene.key())
        .await
        .expect("saved");
    let film = scene
        .store
        .find_film(&imdb("tt0078748"))
        .await
        .expect("an answer")
        .expect("a film");
    assert_eq!(
        film.cached,
        Some(Cached {
            data: again.data,
            cached_at: NOW - 100
        })
    );
}

async fn ten_thousand_films_go_down_and_up_again(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let films: Vec<_> = (0..10_000)
        .map(|number| {
            fetched(
                &format!("tt{:07}", 1_000 + number),
                &format!("Film {number}"),
                NOW,
            )
        })
        .collect();
    scene
        .store
        .save_films(&films, || scene.key())
        .await
        .expect("saved");
    for target in [2, 0] {
        scene.store.migrate_down(Some(target)).await.expect("down");
        scene.store.migrate_up().await.expect("up");
        assert_eq!(scene.database.number("SELECT COUNT(*) FROM films").await, 10_000);
        assert_eq!(
            scene
                .database
                .number("SELECT COUNT(*) FROM films WHERE cached_at IS NULL")
                .await,
            10_000
        );
    }
}

async fn a_database_of_a_newer_program_is_refused_clearly(database: TestDatabase) {
    let store = database.store().await;
    database
        .run_sql(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             SELECT 900, 'from the future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
        )
        .await;
    for refused in [store.migrate_up().await, store.migrate_down(Some(2)).await] {
        let refused = refused.expect_err("a refusal");
        assert!(
            matches!(refused, StoreError::Schema(SchemaError::Newer { version: 900 })),
            "{refused}"
        );
        assert!(refused.to_string().contains("run the newer version"), "{refused}");
    }
    let states = store.migration_status().await.expect("a status all the same");
    let newer = states.last().expect("a state");
    assert_eq!((newer.version, &newer.name, newer.applied), (900, &None, true));
}

async fn a_changed_migration_is_refused_clearly(database: TestDatabase) {
    let store = database.store().await;
    database
        .run_sql(
            "UPDATE _sqlx_migrations
             SET checksum = (SELECT other.checksum FROM _sqlx_migrations other WHERE other.version = 1)
             WHERE version = 2",
        )
        .await;
    let refused = store.migrate_up().await.expect_err("a refusal");
    assert!(
        matches!(refused, StoreError::Schema(SchemaError::Changed { version: 2 })),
        "{refused}"
    );
    // The failure left no lock behind.
    assert_eq!(applied(&store).await, known(&store).await);
    store.migrate_up().await.expect_err("the same refusal, at once");
}

async fn a_migration_waits_for_longer_than_a_statement_does(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let mut impatient = scene.database.options();
    impatient.busy_timeout = Duration::from_millis(50);
    let impatient = Store::connect(&impatient).await.expect("a store");
    let held = scene.database.hold_writes().await;
    let mut going_down = std::pin::pin!(impatient.migrate_down(Some(0)));
    let too_soon = timeout(Duration::from_millis(800), going_down.as_mut()).await;
    assert!(too_soon.is_err(), "it did not wait: {too_soon:?}");
    held.let_go().await;
    going_down.await.expect("every migration undone");
    assert!(applied(&impatient).await.is_empty());
}
