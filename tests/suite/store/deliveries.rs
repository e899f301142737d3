//! The delivery of the outbox: who takes what when, and what becomes of it.

use futures::future::join_all;
use marquee::domain::ids::{ChannelId, MessageId, RoundId};
use marquee::domain::notice::{Notice, NoticeKind};
use marquee::store::Marked;

use super::on_both_engines;
use super::scene::{GUILD, NOW, Scene};
use crate::harness::database::TestDatabase;

on_both_engines!(
    a_channels_notices_are_taken_in_their_order_and_once,
    a_notice_that_failed_is_due_again_later_or_elsewhere,
    what_was_said_is_marked_though_it_was_taken_back,
    of_many_processes_one_takes_a_notice,
);

fn notice(id: i64, channel: u64, kind: NoticeKind) -> Notice {
    Notice {
        id,
        guild: GUILD,
        channel: ChannelId(channel),
        kind,
        round: RoundId(id),
        message: None,
    }
}

async fn insert(scene: &Scene, notices: &[Notice]) {
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    for notice in notices {
        tx.insert_notice(notice, NOW).await.expect("written");
    }
    tx.commit().await.expect("a commit");
}

/// The notices taken at `now` for a minute, with how often each was taken by then.
async fn claim(scene: &Scene, now: i64) -> Vec<(i64, u32)> {
    let claimed = scene
        .store
        .claim_deliveries(now, now + 60, 10)
        .await
        .expect("a list");
    claimed
        .iter()
        .map(|delivery| (delivery.notice.id, delivery.attempts))
        .collect()
}

async fn next(scene: &Scene) -> Option<i64> {
    scene.store.find_next_delivery().await.expect("an answer")
}

async fn mark(scene: &Scene, notice: i64, message: Option<MessageId>) -> Marked {
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let marked = tx.mark_notice_said(notice, message).await.expect("an answer");
    tx.commit().await.expect("a commit");
    marked
}

async fn a_channels_notices_are_taken_in_their_order_and_once(database: TestDatabase) {
    let scene = Scene::open(database).await;
    assert_eq!(next(&scene).await, None);
    insert(
        &scene,
        &[
            notice(1, 10, NoticeKind::ClosePoll),
            notice(2, 10, NoticeKind::Result),
            notice(3, 10, NoticeKind::Reopened),
            notice(4, 20, NoticeKind::Result),
        ],
    )
    .await;
    assert_eq!(next(&scene).await, Some(NOW));
    assert_eq!(claim(&scene, NOW - 1).await, []);
    let claimed = scene
        .store
        .claim_deliveries(NOW, NOW + 60, 10)
        .await
        .expect("a list");
    let ids: Vec<_> = claimed.iter().map(|delivery| delivery.notice.id).collect();
    assert_eq!(ids, [2, 4], "polls are edited by others, and 3 waits for 2");
    assert_eq!(
        (claimed[0].notice, claimed[0].attempts, claimed[0].created_at),
        (notice(2, 10, NoticeKind::Result), 1, NOW)
    );
    assert_eq!(claim(&scene, NOW + 59).await, [], "they are taken");
    assert_eq!(next(&scene).await, Some(NOW + 60));

    assert_eq!(mark(&scene, 2, Some(MessageId(7))).await, Marked::Sent);
    assert_eq!(mark(&scene, 2, Some(MessageId(8))).await, Marked::NotHere);
    assert_eq!(claim(&scene, NOW + 59).await, [(3, 1)]);
    assert_eq!(
        claim(&scene, NOW + 60).await,
        [(4, 2)],
        "whoever took it has died"
    );
    assert_eq!(mark(&scene, 3, None).await, Marked::Sent);
    assert_eq!(mark(&scene, 4, None).await, Marked::Sent);
    assert_eq!(next(&scene).await, None);
}

async fn a_notice_that_failed_is_due_again_later_or_elsewhere(database: TestDatabase) {
    let scene = Scene::open(database).await;
    insert(
        &scene,
        &[
            notice(1, 10, NoticeKind::Result),
            notice(2, 20, NoticeKind::Result),
        ],
    )
    .await;
    assert_eq!(claim(&scene, NOW).await, [(1, 1), (2, 1)]);
    let postponed = scene
        .store
        .postpone_notice(1, NOW + 5, "Discord answered 500")
        .await;
    postponed.expect("written");
    assert_eq!(next(&scene).await, Some(NOW + 5));
    assert_eq!(claim(&scene, NOW + 4).await, []);
    assert_eq!(claim(&scene, NOW + 5).await, [(1, 2)]);
    let moved = scene.store.move_notice(1, ChannelId(30), NOW + 6, "gone").await;
    moved.expect("written");
    let claimed = scene
        .store
        .claim_deliveries(NOW + 6, NOW + 66, 10)
        .await
        .expect("a list");
    assert_eq!(
        (claimed[0].notice.channel, claimed[0].attempts),
        (ChannelId(30), 3)
    );
    scene.store.give_notice_up(1, "gone too").await.expect("written");
    scene.store.give_notice_up(2, "gone").await.expect("written");
    assert_eq!(
        (next(&scene).await, claim(&scene, NOW + 1_000).await),
        (None, vec![])
    );
    assert_eq!(mark(&scene, 1, None).await, Marked::NotHere);
    assert_eq!(
        scene
            .database
            .number("SELECT COUNT(*) FROM outbox WHERE state = 'failed' AND failure LIKE 'gone%'")
            .await,
        2
    );
}

async fn what_was_said_is_marked_though_it_was_taken_back(database: TestDatabase) {
    let scene = Scene::open(database).await;
    insert(&scene, &[notice(1, 10, NoticeKind::Result)]).await;
    assert_eq!(claim(&scene, NOW).await, [(1, 1)]);
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.drop_notices(RoundId(1)).await.expect("dropped");
    tx.commit().await.expect("a commit");
    assert_eq!(mark(&scene, 1, Some(MessageId(7))).await, Marked::Dropped);
    assert_eq!(
        scene
            .database
            .number("SELECT message_id FROM outbox WHERE state = 'dropped'")
            .await,
        7
    );
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert_eq!(tx.find_announcement(RoundId(1)).await.expect("an answer"), None);
    tx.rollback().await.expect("an undo");
}

async fn of_many_processes_one_takes_a_notice(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let other = scene.database.store().await;
    let notices: Vec<_> = (1..=20_u64)
        .map(|number| notice(number.cast_signed(), number, NoticeKind::Result))
        .collect();
    insert(&scene, &notices).await;
    let claims = (0..10).map(|process| {
        let store = if process % 2 == 0 { &scene.store } else { &other };
        store.claim_deliveries(NOW, NOW + 60, 5)
    });
    let mut taken: Vec<i64> = join_all(claims)
        .await
        .into_iter()
        .flat_map(|claimed| claimed.expect("a list"))
        .map(|delivery| delivery.notice.id)
        .collect();
    taken.sort_unstable();
    let mut once = taken.clone();
    once.dedup();
    assert_eq!(taken, once, "each at most once");
    taken.extend(claim(&scene, NOW).await.into_iter().map(|(id, _)| id));
    taken.extend(claim(&scene, NOW).await.into_iter().map(|(id, _)| id));
    assert_eq!(taken.len(), 20, "and none is left");
}
