//! The live message of a round.

use marquee::domain::ids::{ChannelId, MessageId, RoundId};
use marquee::domain::poll::LiveMessage;
use marquee::domain::reaction::VoteInput;
use marquee::domain::settings::Change;
use marquee::store::LivePoll;

use super::on_both_engines;
use super::scene::{GUILD, NOW, OTHER_GUILD, Scene, member};
use crate::harness::database::TestDatabase;

on_both_engines!(
    the_last_message_posted_is_the_live_one,
    a_round_that_never_was_has_no_message,
    live_messages_of_open_rounds_are_listed,
);

const fn live(message: u64) -> LiveMessage {
    LiveMessage {
        channel: ChannelId(1_308_000_000_000_000_001),
        message: MessageId(message),
        page: 1,
    }
}

async fn the_last_message_posted_is_the_live_one(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, _) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    assert_eq!(
        scene.store.find_live_message(round).await.expect("an answer"),
        None
    );
    let (statements, known) = scene
        .statements(scene.store.upsert_live_message(round, live(1), NOW))
        .await;
    assert_eq!((statements, known.expect("an answer")), (1, true));

    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert_eq!(
        tx.find_live_message(round).await.expect("an answer"),
        Some(live(1))
    );
    tx.rollback().await.expect("an undo");
    let known = scene.store.upsert_live_message(round, live(2), NOW + 1).await;
    assert!(known.expect("an answer"));
    assert_eq!(
        scene.store.find_live_message(round).await.expect("an answer"),
        Some(live(2))
    );
}

async fn a_round_that_never_was_has_no_message(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let known = scene
        .store
        .upsert_live_message(RoundId(1), live(1), NOW)
        .await
        .expect("an answer");
    assert!(!known);
    assert_eq!(scene.store.list_live_polls().await.expect("a list"), []);
}

async fn live_messages_of_open_rounds_are_listed(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (closed, _) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    scene
        .store
        .upsert_live_message(closed, live(1), NOW)
        .await
        .expect("remembered");
    scene
        .database
        .run_sql("UPDATE rounds SET state = 'cancelled'")
        .await;
    let (here, _) = scene.propose(GUILD, member(1), "tt0000012", NOW).await;
    let (there, _) = scene.propose(OTHER_GUILD, member(1), "tt0000012", NOW).await;
    for (round, message) in [(here, 2), (there, 3)] {
        scene
            .store
            .upsert_live_message(round, live(message), NOW)
            .await
            .expect("remembered");
    }
    scene
        .change(OTHER_GUILD, &Change::Input(VoteInput::Reactions))
        .await;
    let listed = scene.store.list_live_polls().await.expect("a list");
    assert_eq!(
        listed,
        [
            LivePoll {
                round: here,
                guild: GUILD,
                live: live(2),
                input: VoteInput::Buttons,
                numbered: false,
            },
            LivePoll {
                round: there,
                guild: OTHER_GUILD,
                live: live(3),
                input: VoteInput::Reactions,
                numbered: false,
            },
        ]
    );
}
