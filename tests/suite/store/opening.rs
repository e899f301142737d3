//! Opening the database: what is made, and what is refused with which sentence.

use std::time::Duration;

use marquee::store::{Obstacle, Store, StoreError, StoreOptions};

use super::on_both_engines;
use super::scene::{GUILD, Scene};
use crate::harness::database::TestDatabase;

on_both_engines!(a_closed_store_refuses_and_does_not_hang, clones_share_the_store);

fn options(url: impl Into<String>) -> StoreOptions {
    StoreOptions {
        url: url.into(),
        max_connections: 2,
        busy_timeout: Duration::from_millis(200),
        acquire_timeout: Duration::from_secs(2),
    }
}

async fn a_closed_store_refuses_and_does_not_hang(database: TestDatabase) {
    let scene = Scene::open(database).await;
    scene.store.ping().await.expect("an answer");
    scene.store.close().await;
    assert!(scene.store.ping().await.is_err());
    assert!(scene.store.begin_write().await.is_err());
}

async fn clones_share_the_store(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let clone = scene.store.clone();
    let before = scene.store.statements();
    clone.find_poll_head(GUILD).await.expect("an answer");
    assert_eq!(scene.store.statements(), before + 1);
}

#[tokio::test]
async fn a_sqlite_file_is_made_in_a_directory_that_is_there() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("with blank & sign.db");
    let store = Store::connect(&options(format!("sqlite://{}", file.display())))
        .await
        .expect("a store");
    store.migrate_up().await.expect("a schema");
    store.close().await;
    assert!(file.is_file());
}

#[tokio::test]
async fn urls_that_cannot_be_used_are_refused_with_a_reason() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| format!("sqlite://{}", directory.path().join(name).display());
    std::fs::write(directory.path().join("letter.txt"), "Dear database, ".repeat(500)).expect("a file");
    for (url, reason) in [
        (at("missing/marquee.db"), "does not exist; make it first"),
        (at(""), "is a directory"),
        (at("letter.txt"), "cannot be opened or is no database"),
        ("sqlite::memory:".into(), "is a file"),
        ("sqlite://".into(), "is a file"),
        (
            "mysql://somebody:hunter2@localhost/films".into(),
            "must begin with sqlite: or postgres:",
        ),
        (
            "postgres://somebody:hunter2@local host:port/x".into(),
            "cannot be read",
        ),
    ] {
        let refused = Store::connect(&options(url.as_str())).await.expect_err(&url);
        assert!(matches!(refused, StoreError::Open(_)), "{url}: {refused:?}");
        let sentence = format!("{refused} {refused:?}");
        assert!(sentence.contains(reason), "{url}: {sentence}");
        assert!(!sentence.contains("hunter2"), "{sentence}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_worth_another_try() {
    let refused = Store::connect(&options("postgres://somebody:hunter2@127.0.0.1:1/films"))
        .await
        .expect_err("nobody listens there");
    assert!(
        matches!(
            refused,
            StoreError::Busy {
                why: Obstacle::Unreachable | Obstacle::NoConnection,
                ..
            }
        ),
        "{refused:?}"
    );
    assert!(!format!("{refused} {refused:?}").contains("hunter2"));
}

#[test]
fn options_never_show_the_url() {
    let shown = format!("{:?}", options("postgres://somebody:hunter2@localhost/films"));
    assert!(
        !shown.contains("hunter2") && !shown.contains("localhost"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_lost_connection_is_replaced() {
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let scene = Scene::open(database).await;
    scene.store.ping().await.expect("an answer");
    scene
        .database
        .run_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await;
    scene.store.ping().await.expect("an answer on a new connection");
}
