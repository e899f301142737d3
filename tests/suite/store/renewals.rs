//! Renewals: who may ask for which film, and which films an operator's run goes through.

use std::collections::BTreeSet;

use futures::future::join_all;
use marquee::domain::film::Cached;
use marquee::domain::ids::{ImdbId, ProposalId};
use marquee::domain::proposal::ProposalState;
use marquee::store::{Due, Place, ToRenew, Wanted};

use super::on_both_engines;
use super::scene::{GUILD, NOW, OTHER_GUILD, Scene, fetched, imdb, member};
use crate::harness::database::TestDatabase;

on_both_engines!(
    films_without_data_are_claimed_first_then_the_oldest,
    only_films_that_are_up_or_lately_picked_are_claimed,
    a_claimed_film_is_nobody_elses_until_the_claim_ends,
    processes_that_claim_at_once_never_get_the_same_film,
    films_that_were_fetched_together_are_due_apart,
    data_that_cannot_be_read_or_believed_is_due,
    a_time_from_before_the_clock_was_set_back_is_not_believed,
    an_operators_films_come_in_pages_without_data_first_then_the_oldest,
);

const HOUR: i64 = 3600;
const MINUTE: i64 = 60;

/// Due from 18 hours on, all at once.
const fn due(now: i64) -> Due {
    Due {
        now,
        age_secs: 18 * HOUR,
        spread_secs: 0,
    }
}

/// Puts films up, with data of these ages in hours.
async fn up(scene: &Scene, films: &[(&str, Option<i64>)]) -> Vec<ProposalId> {
    let mut proposals = Vec::new();
    for (film, age_hours) in films {
        let (_, proposal) = scene.propose(GUILD, member(1), film, NOW - 90 * 24 * HOUR).await;
        proposals.push(proposal.id);
        if let Some(hours) = age_hours {
            data(scene, film, NOW - hours * HOUR).await;
        }
    }
    proposals
}

async fn data(scene: &Scene, film: &str, fetched_at: i64) {
    let saved = [fetched(film, film, fetched_at)];
    scene
        .store
        .save_films(&saved, || scene.key())
        .await
        .expect("saved");
}

async fn claim(scene: &Scene, now: i64, limit: u32) -> Vec<String> {
    let claimed = scene
        .store
        .claim_renewals(due(now), now + 10 * MINUTE, limit)
        .await;
    let mut claimed: Vec<String> = claimed
        .expect("claims")
        .iter()
        .map(|id| id.as_str().to_owned())
        .collect();
    claimed.sort();
    claimed
}

async fn films_without_data_are_claimed_first_then_the_oldest(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let films = [
        ("tt0000011", Some(18)),
        ("tt0000012", Some(30)),
        ("tt0000013", None),
        ("tt0000014", Some(17)),
        ("tt0000015", Some(0)),
    ];
    up(&scene, &films).await;
    for expected in [&["tt0000013"][..], &["tt0000012"], &["tt0000011"], &[]] {
        assert_eq!(claim(&scene, NOW, 1).await, expected);
    }
}

async fn only_films_that_are_up_or_lately_picked_are_claimed(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let ids = ["tt0000021", "tt0000022", "tt0000023", "tt0000024", "tt0000025"];
    let proposals = up(&scene, &ids.map(|id| (id, Some(20)))).await;
    // Looked at by somebody and never proposed.
    data(&scene, "tt0000029", NOW - 20 * HOUR).await;
    let states = [
        (ProposalState::Withdrawn, NOW),
        (ProposalState::Watched, NOW),
        (ProposalState::Picked, NOW - 29 * 24 * HOUR),
        (ProposalState::Picked, NOW - 31 * 24 * HOUR),
    ];
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    for (proposal, (state, at)) in proposals.iter().zip(states) {
        let retired = tx.retire_proposal(*proposal, state, member(1), at).await;
        assert!(retired.expect("an answer"));
    }
    tx.commit().await.expect("a commit");
    assert_eq!(claim(&scene, NOW, 10).await, ["tt0000023", "tt0000025"]);

    // Taken back here, up elsewhere.
    scene.propose(OTHER_GUILD, member(2), "tt0000021", NOW).await;
    assert_eq!(claim(&scene, NOW, 10).await, ["tt0000021"]);
}

async fn a_claimed_film_is_nobody_elses_until_the_claim_ends(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let ids = ["tt0000031", "tt0000032", "tt0000033"];
    up(&scene, &ids.map(|id| (id, Some(20)))).await;
    assert_eq!(claim(&scene, NOW, 10).await, ids);
    assert_eq!(claim(&scene, NOW + 10 * MINUTE - 1, 10).await, [""; 0]);

    // One is let go, one is put off, and the third's owner has died.
    let first = [imdb(ids[0])];
    let let_go = scene.store.delete_renewals(&first, NOW - HOUR).await;
    let_go.expect("let go");
    let put_off = scene
        .store
        .upsert_renewals(&[(imdb(ids[1]), NOW + 6 * HOUR), (imdb("tt0000039"), NOW)])
        .await;
    put_off.expect("put off");
    assert_eq!(claim(&scene, NOW, 10).await, [ids[0]]);
    assert_eq!(
        claim(&scene, NOW + 10 * MINUTE, 10).await,
        [ids[0], ids[2]],
        "both claims have ended"
    );
    assert_eq!(claim(&scene, NOW + 6 * HOUR, 10).await, ids);

    // What ran out long ago is forgotten, films that are gone included.
    let forgotten = scene.store.delete_renewals(&first, NOW + HOUR).await;
    forgotten.expect("forgotten");
    let left = "SELECT COUNT(*) FROM film_renewals";
    assert_eq!(scene.database.number(left).await, 2);
}

async fn processes_that_claim_at_once_never_get_the_same_film(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let ids: Vec<String> = (1..=40).map(|n| format!("tt{:07}", 400 + n)).collect();
    let films: Vec<(&str, Option<i64>)> = ids.iter().map(|id| (id.as_str(), Some(20))).collect();
    up(&scene, &films).await;
    let others = [scene.database.store().await, scene.database.store().await];
    let stores = [&scene.store, &others[0], &others[1]];
    let claiming = (0..12).map(|n| stores[n % 3].claim_renewals(due(NOW), NOW + 10 * MINUTE, 5));
    let claimed: Vec<ImdbId> = join_all(claiming)
        .await
        .into_iter()
        .flat_map(|claimed| claimed.expect("claims"))
        .collect();
    let distinct: BTreeSet<&ImdbId> = claimed.iter().collect();
    assert_eq!(distinct.len(), claimed.len(), "nobody got what another one has");
    // Whoever came second went away with less; the rest is there for the next.
    let rest = claim(&scene, NOW, 100).await;
    assert_eq!(claimed.len() + rest.len(), 40);
}

async fn films_that_were_fetched_together_are_due_apart(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let ids: Vec<String> = (1..=40).map(|n| format!("tt{:07}", 500 + n)).collect();
    let films: Vec<(&str, Option<i64>)> = ids.iter().map(|id| (id.as_str(), Some(0))).collect();
    up(&scene, &films).await;
    let mut claimed = Vec::new();
    for quarter in 0..=4 {
        let now = NOW + 18 * HOUR + quarter * HOUR;
        let due = Due {
            spread_secs: 4 * HOUR,
            ..due(now)
        };
        let at_once = scene.store.claim_renewals(due, now + 24 * HOUR, 100).await;
        claimed.push(at_once.expect("claims").len());
    }
    assert_eq!(claimed.iter().sum::<usize>(), 40, "all are due in the end");
    assert!(claimed[0] <= 1, "{claimed:?}");
    assert!(
        claimed[1..].iter().all(|part| (5..=15).contains(part)),
        "a quarter each, more or less: {claimed:?}"
    );
}

async fn data_that_cannot_be_read_or_believed_is_due(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let ids = ["tt0000061", "tt0000062", "tt0000063", "tt0000064"];
    up(&scene, &ids.map(|id| (id, Some(1)))).await;
    scene
        .database
        .run_sql(
            "UPDATE films SET cached_imdb_data = '{\"v\":0,\"title\":\"Old\"}' WHERE imdb_id = 'tt0000061'",
        )
        .await;
    data(&scene, ids[1], NOW + Cached::CLOCK_SLACK_SECS + 1).await;
    data(&scene, ids[2], NOW + Cached::CLOCK_SLACK_SECS).await;

    let wanted = Wanted {
        all: false,
        now: NOW,
        fetched_by: NOW - 24 * HOUR,
    };
    let counted = scene.store.count_films_to_renew(wanted).await.expect("a count");
    assert_eq!(counted, ToRenew { missing: 1, old: 1 });
    assert_eq!(claim(&scene, NOW, 10).await, [ids[0], ids[1]]);
}

async fn a_time_from_before_the_clock_was_set_back_is_not_believed(database: TestDatabase) {
    let scene = Scene::open(database).await;
    up(&scene, &[("tt0000071", Some(20)), ("tt0000072", Some(20))]).await;
    let put_off = [
        (imdb("tt0000071"), NOW + 24 * HOUR),
        (imdb("tt0000072"), NOW + 24 * HOUR + 1),
    ];
    scene.store.upsert_renewals(&put_off).await.expect("put off");
    assert_eq!(claim(&scene, NOW, 10).await, ["tt0000072"]);
}

/// Every film of a run, page by page.
async fn pages(scene: &Scene, wanted: Wanted, size: u32) -> Vec<String> {
    let mut films = Vec::new();
    let mut after: Option<Place> = None;
    loop {
        let page = scene
            .store
            .list_films_to_renew(wanted, after.as_ref(), size)
            .await
            .expect("a page");
        assert!(page.len() <= size as usize);
        let Some(last) = page.last() else {
            return films;
        };
        films.extend(page.iter().map(|place| place.imdb_id.as_str().to_owned()));
        after = Some(last.clone());
    }
}

async fn an_operators_films_come_in_pages_without_data_first_then_the_oldest(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let films = [
        ("tt0000081", Some(30)),
        ("tt0000082", Some(40)),
        ("tt0000083", None),
        ("tt0000084", Some(30)),
        ("tt0000085", Some(23)),
        ("tt0000086", None),
    ];
    up(&scene, &films).await;
    data(&scene, "tt0000089", NOW - 100 * HOUR).await;
    let mut wanted = Wanted {
        all: false,
        now: NOW,
        fetched_by: NOW - 24 * HOUR,
    };
    let of_proposals = ["tt0000083", "tt0000086", "tt0000082", "tt0000081", "tt0000084"];
    for size in [1, 2, 3, 100] {
        assert_eq!(pages(&scene, wanted, size).await, of_proposals, "pages of {size}");
    }
    let counted = scene.store.count_films_to_renew(wanted).await.expect("a count");
    assert_eq!(counted, ToRenew { missing: 2, old: 3 });

    wanted.all = true;
    let all = [
        "tt0000083",
        "tt0000086",
        "tt0000089",
        "tt0000082",
        "tt0000081",
        "tt0000084",
    ];
    assert_eq!(pages(&scene, wanted, 4).await, all);
    wanted.fetched_by = NOW - 35 * HOUR;
    assert_eq!(pages(&scene, wanted, 4).await, all[..4]);
    let counted = scene.store.count_films_to_renew(wanted).await.expect("a count");
    assert_eq!(counted, ToRenew { missing: 2, old: 2 });
}
