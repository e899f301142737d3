//! Rounds looked back at.

use marquee::domain::ids::{GuildId, RoundId};
use marquee::domain::round::RoundState;
use marquee::store::RoundEnd;

use super::on_both_engines;
use super::results::count;
use super::scene::{GUILD, NOW, OTHER_GUILD, Scene, member};
use crate::harness::database::TestDatabase;

on_both_engines!(a_servers_rounds_are_listed_with_what_they_picked);

async fn end(scene: &Scene, round: RoundId, state: RoundState, at: i64) {
    let by = Some(member(9));
    let end = RoundEnd {
        state,
        at,
        by,
        asked_in: None,
        departed_unknown: false,
    };
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert!(tx.claim_round_end(round, end).await.expect("an answer").is_some());
    tx.commit().await.expect("a commit");
}

async fn a_servers_rounds_are_listed_with_what_they_picked(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (first, proposal) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    scene.vote(first, member(1), proposal.id, NOW + 1).await;
    end(&scene, first, RoundState::Closed, NOW + 2).await;
    let result = count(&scene, first).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let picked = tx.pick_proposal(proposal.id, first, member(1), NOW + 2).await;
    assert!(picked.expect("an answer"));
    tx.commit().await.expect("a commit");
    let (second, _) = scene.propose(GUILD, member(1), "tt0000012", NOW + 3).await;
    end(&scene, second, RoundState::Cancelled, NOW + 4).await;
    let (third, _) = scene.propose(GUILD, member(1), "tt0000013", NOW + 5).await;
    let (elsewhere, _) = scene.propose(OTHER_GUILD, member(1), "tt0000011", NOW).await;

    let list = async |guild: GuildId, number, limit| {
        let listed = scene
            .store
            .list_rounds(guild, number, limit)
            .await
            .expect("a list");
        listed
            .into_iter()
            .map(|past| (past.round.id, past.round.state, past.picked.len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        list(GUILD, None, 10).await,
        [
            (third, RoundState::Open, 0),
            (second, RoundState::Cancelled, 0),
            (first, RoundState::Closed, 1)
        ]
    );
    assert_eq!(list(GUILD, None, 1).await, [(third, RoundState::Open, 0)]);
    assert_eq!(list(GUILD, Some(1), 10).await, [(first, RoundState::Closed, 1)]);
    assert_eq!(list(GUILD, Some(9), 10).await, []);

    let numbered = async |guild, number| {
        let found = scene.store.find_round_by_number(guild, number).await;
        found.expect("an answer").map(|round| round.id)
    };
    assert_eq!(numbered(GUILD, 2).await, Some(second));
    assert_eq!(numbered(GUILD, 4).await, None);
    assert_eq!(numbered(OTHER_GUILD, 1).await, Some(elsewhere));

    let found = async |guild, round| scene.store.find_result_in(guild, round).await.expect("an answer");
    assert_eq!(found(GUILD, first).await, Some(result));
    assert_eq!(found(OTHER_GUILD, first).await, None, "it is another server's");
    assert_eq!(found(GUILD, second).await, None);
    let counted = scene.store.list_counted_rounds(10).await.expect("a list");
    let counted: Vec<_> = counted.into_iter().map(|round| round.id).collect();
    assert_eq!(counted, [first]);
}
