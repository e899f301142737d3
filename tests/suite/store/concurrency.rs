//! Many at once: limits hold, votes are counted once, a lock that stays is an answer and not a hang.

use std::time::{Duration, Instant};

use crate::harness::rounds::plain_round;
use futures::future::join_all;
use marquee::domain::ids::{FilmId, MemberId, ProposalId, RoundId};
use marquee::store::{NewProposal, Obstacle, Store, StoreError};

use super::on_both_engines;
use super::scene::{GUILD, NOW, Scene, fetched, imdb, member};
use crate::harness::database::TestDatabase;

on_both_engines!(
    twenty_proposals_at_once_stop_at_the_limit,
    one_film_proposed_by_twenty_at_once_is_up_once,
    votes_of_many_members_at_once_are_all_there,
    clicks_of_one_member_at_once_come_one_after_the_other,
    bulk_writes_of_the_same_films_at_once_all_succeed,
    a_lock_that_stays_is_busy_and_nothing_is_lost,
    a_round_is_not_closed_under_a_vote,
    what_one_process_wrote_another_reads,
);

/// Proposes as the service does, with a limit; `false` where the limit or the film forbids it.
async fn propose_within(
    scene: &Scene,
    store: &Store,
    by: MemberId,
    film: &str,
    limit: u32,
) -> Result<bool, StoreError> {
    let mut tx = store.begin_write().await?;
    tx.lock_guild(GUILD, NOW).await?;
    if tx.count_active_proposals(GUILD, by).await?.by_member >= limit {
        return Ok(false);
    }
    tx.ensure_open_round(&plain_round(GUILD, by, NOW, RoundId(scene.key())))
        .await?;
    let film = tx
        .insert_film_if_missing(&imdb(film), "Film", None, FilmId(scene.key()), NOW)
        .await?;
    let new = NewProposal {
        id: ProposalId(scene.key()),
        guild: GUILD,
        film: film.id,
        by,
        at: NOW,
        pitch: None,
        waits_for: None,
    };
    let up = tx.insert_proposal(&new).await?;
    tx.commit().await?;
    Ok(up)
}

async fn twenty_proposals_at_once_stop_at_the_limit(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let other_process = scene.database.store().await;
    let proposing = (0..20_u32).map(|number| {
        let (scene, store) = (
            &scene,
            if number % 2 == 0 {
                &scene.store
            } else {
                &other_process
            },
        );
        async move {
            let film = format!("tt{:07}", 11 + number);
            propose_within(scene, store, member(1), &film, 10)
                .await
                .expect("an answer")
        }
    });
    let up = join_all(proposing).await.into_iter().filter(|up| *up).count();
    assert_eq!(up, 10);
    assert_eq!(scene.database.number("SELECT COUNT(*) FROM proposals").await, 10);
    assert_eq!(scene.database.number("SELECT COUNT(*) FROM rounds").await, 1);
}

async fn one_film_proposed_by_twenty_at_once_is_up_once(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let proposing =
        (0..20).map(|number| propose_within(&scene, &scene.store, member(number), "tt0000011", 10));
    let up = join_all(proposing)
        .await
        .into_iter()
        .filter(|up| *up.as_ref().expect("an answer"))
        .count();
    assert_eq!(up, 1);
    assert_eq!(scene.database.number("SELECT COUNT(*) FROM proposals").await, 1);
    assert_eq!(scene.database.number("SELECT COUNT(*) FROM films").await, 1);
}

/// Toggles as the service does; whether the member votes for it now.
async fn toggle(store: &Store, round: RoundId, by: MemberId, proposal: ProposalId) -> bool {
    let mut tx = store.begin_write().await.expect("a transaction");
    tx.lock_ballot(round, by).await.expect("the ballot");
    let taken_back = tx.delete_vote(round, by, proposal).await.expect("an answer");
    let now = !taken_back && tx.insert_vote(round, by, proposal, NOW).await.expect("an answer");
    tx.commit().await.expect("a commit");
    now
}

async fn votes_of_many_members_at_once_are_all_there(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let other_process = scene.database.store().await;
    let (round, up) = scene.propose(GUILD, member(0), "tt0000011", NOW).await;
    let toggling = (1..=60).map(|number| {
        let store = if number % 2 == 0 {
            &scene.store
        } else {
            &other_process
        };
        toggle(store, round, member(number), up.id)
    });
    assert!(join_all(toggling).await.into_iter().all(|now| now));
    let page = scene
        .store
        .list_standings(&scene.round(round).await, 10, 0)
        .await
        .expect("a page");
    assert_eq!(page.standings[0].votes, Some(60));
}

async fn clicks_of_one_member_at_once_come_one_after_the_other(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let other_process = scene.database.store().await;
    let (round, up) = scene.propose(GUILD, member(0), "tt0000011", NOW).await;
    let toggling = (0..21).map(|number| {
        let store = if number % 2 == 0 {
            &scene.store
        } else {
            &other_process
        };
        toggle(store, round, member(1), up.id)
    });
    let cast = join_all(toggling).await.into_iter().filter(|now| *now).count();
    assert_eq!(cast, 11, "on and off take turns");
    assert_eq!(scene.database.number("SELECT COUNT(*) FROM votes").await, 1);
}

async fn bulk_writes_of_the_same_films_at_once_all_succeed(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let writing = (0..12_i64).map(|number| {
        let scene = &scene;
        async move {
            let mut films: Vec<_> = (0..40)
                .map(|film| fetched(&format!("tt{:07}", 11 + film), "Film", NOW + number))
                .collect();
            if number % 2 == 0 {
                films.reverse();
            }
            scene.store.save_films(&films, || scene.key()).await
        }
    });
    for saved in join_all(writing).await {
        saved.expect("saved");
    }
    let newest = "SELECT COUNT(*) FROM films WHERE cached_at = 1790000011";
    assert_eq!(scene.database.number(newest).await, 40);
}

async fn a_lock_that_stays_is_busy_and_nothing_is_lost(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let mut impatient = scene.database.options();
    impatient.busy_timeout = Duration::from_millis(300);
    let impatient = Store::connect(&impatient).await.expect("a store");

    let shown = scene.round(round).await;
    let mut holder = scene.store.begin_write().await.expect("a transaction");
    holder.lock_guild(GUILD, NOW).await.expect("the server's row");
    let began = Instant::now();
    let busy = propose_within(&scene, &impatient, member(2), "tt0000012", 10)
        .await
        .expect_err("somebody else holds the lock");
    let waited = began.elapsed();
    assert!(
        matches!(
            busy,
            StoreError::Busy {
                why: Obstacle::Locked,
                ..
            }
        ),
        "{busy:?}"
    );
    assert!(
        waited >= Duration::from_millis(250),
        "it did not wait: {waited:?}"
    );
    // Far below every other time-out that could have ended the wait.
    assert!(waited < Duration::from_secs(10), "it waited too long: {waited:?}");

    // Readers do not wait for writers.
    let page = impatient.list_standings(&shown, 10, 0).await.expect("a page");
    assert_eq!(page.standings[0].proposal.id, up.id);

    holder.commit().await.expect("a commit");
    assert!(
        propose_within(&scene, &impatient, member(2), "tt0000012", 10)
            .await
            .expect("the lock is free")
    );
    assert_eq!(scene.database.number("SELECT COUNT(*) FROM proposals").await, 2);
}

async fn a_round_is_not_closed_under_a_vote(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let mut voting = scene.store.begin_write().await.expect("a transaction");
    voting.lock_ballot(round, member(2)).await.expect("the ballot");

    let closed = scene
        .database
        .try_sql("UPDATE rounds SET state = 'closed'", Duration::from_millis(300));
    assert!(closed.await.is_err(), "the round was closed under a vote");
    assert!(
        voting
            .insert_vote(round, member(2), up.id, NOW)
            .await
            .expect("an answer")
    );
    voting.commit().await.expect("a commit");
    scene
        .database
        .try_sql("UPDATE rounds SET state = 'closed'", Duration::from_secs(20))
        .await
        .expect("nobody votes now");
}

async fn what_one_process_wrote_another_reads(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let other_process = scene.database.store().await;
    let (round, _) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let seen = other_process
        .find_open_round(GUILD)
        .await
        .expect("an answer")
        .expect("a round");
    assert_eq!(seen.id, round);
    scene.store.close().await;
    let seen = other_process
        .find_open_round(GUILD)
        .await
        .expect("an answer")
        .expect("a round");
    assert_eq!(seen.id, round);
}
