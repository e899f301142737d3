//! The poll's two statements: its head and a page of standings.

use marquee::domain::ids::{ChannelId, MessageId};
use marquee::domain::method::Method;
use marquee::domain::poll::{LiveMessage, VOTERS_SHOWN};
use marquee::domain::proposal::ProposalState;
use marquee::store::StandingsPage;

use super::on_both_engines;
use super::scene::{GUILD, NOW, OTHER_GUILD, Scene, fetched, member};
use crate::harness::database::TestDatabase;

on_both_engines!(
    a_server_without_a_round_has_no_head,
    the_head_counts_active_proposals_and_their_voters,
    standings_are_by_votes_then_by_the_earlier_proposal,
    pages_know_the_leader_of_the_whole_round,
    the_first_voters_are_named_in_their_order,
    standings_bring_cached_data_in_one_statement,
    votes_of_another_round_do_not_count,
    a_ballot_stands_for_the_film_it_ranks_first_of_those_that_are_up,
);

async fn a_server_without_a_round_has_no_head(database: TestDatabase) {
    let scene = Scene::open(database).await;
    scene.propose(OTHER_GUILD, member(1), "tt0000011", NOW).await;
    assert_eq!(scene.store.find_poll_head(GUILD).await.expect("an answer"), None);
}

async fn the_head_counts_active_proposals_and_their_voters(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, first) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, second) = scene.propose(GUILD, member(1), "tt0000012", NOW).await;
    scene.propose(OTHER_GUILD, member(1), "tt0000013", NOW).await;
    for (voter, proposal) in [(1, first.id), (1, second.id), (2, first.id), (3, second.id)] {
        scene.vote(round, member(voter), proposal, NOW).await;
    }
    let (statements, head) = scene.statements(scene.store.find_poll_head(GUILD)).await;
    let head = head.expect("an answer").expect("a head");
    assert_eq!((statements, head.round.id, head.live), (1, round, None));
    assert_eq!((head.proposals, head.voters), (2, 3));

    let live = LiveMessage {
        channel: ChannelId(5),
        message: MessageId(1 << 62),
        page: 2,
    };
    scene
        .store
        .upsert_live_message(round, live, NOW)
        .await
        .expect("remembered");
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.retire_proposal(second.id, ProposalState::Withdrawn, member(1), NOW)
        .await
        .expect("taken out");
    tx.commit().await.expect("a commit");
    let head = scene
        .store
        .find_poll_head(GUILD)
        .await
        .expect("an answer")
        .expect("a head");
    assert_eq!((head.live, head.proposals, head.voters), (Some(live), 1, 2));
}

async fn standings_are_by_votes_then_by_the_earlier_proposal(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, late) = scene.propose(GUILD, member(1), "tt0000011", NOW + 5).await;
    let (_, early) = scene.propose(GUILD, member(1), "tt0000012", NOW).await;
    let (_, led) = scene.propose(GUILD, member(1), "tt0000013", NOW + 9).await;
    let (_, gone) = scene.propose(GUILD, member(1), "tt0000014", NOW).await;
    for (voter, proposal) in [
        (1, led.id),
        (2, led.id),
        (1, late.id),
        (1, early.id),
        (1, gone.id),
        (2, gone.id),
    ] {
        assert!(scene.vote(round, member(voter), proposal, NOW).await);
    }
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.retire_proposal(gone.id, ProposalState::Removed, member(9), NOW)
        .await
        .expect("taken out");
    tx.commit().await.expect("a commit");

    let page = scene
        .store
        .list_standings(&scene.round(round).await, 10, 0)
        .await
        .expect("a page");
    let shown: Vec<_> = page
        .standings
        .iter()
        .map(|standing| (standing.proposal.clone(), standing.votes))
        .collect();
    assert_eq!(shown, [(led, Some(2)), (early, Some(1)), (late, Some(1))]);
}

async fn pages_know_the_leader_of_the_whole_round(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let mut proposals = Vec::new();
    let mut round = None;
    for number in 0..5 {
        let film = format!("tt{:07}", 11 + number);
        let (opened, proposal) = scene.propose(GUILD, member(1), &film, NOW + number).await;
        proposals.push(proposal.id);
        round = Some(opened);
    }
    let round = round.expect("a round");
    for voter in 0..3 {
        scene.vote(round, member(voter), proposals[4], NOW).await;
    }
    let page = scene
        .store
        .list_standings(&scene.round(round).await, 2, 2)
        .await
        .expect("a page");
    let shown: Vec<_> = page
        .standings
        .iter()
        .map(|standing| standing.proposal.id)
        .collect();
    assert_eq!((shown, page.most_votes), (vec![proposals[1], proposals[2]], 3));
    let beyond = scene
        .store
        .list_standings(&scene.round(round).await, 2, 10)
        .await
        .expect("a page");
    assert_eq!(beyond, StandingsPage::default());
}

async fn the_first_voters_are_named_in_their_order(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, proposal) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    for (voter, at) in [
        (6, NOW + 1),
        (5, NOW + 1),
        (9, NOW),
        (2, NOW + 3),
        (1, NOW + 4),
        (3, NOW + 2),
    ] {
        scene.vote(round, member(voter), proposal.id, at).await;
    }
    let page = scene
        .store
        .list_standings(&scene.round(round).await, 10, 0)
        .await
        .expect("a page");
    let standing = &page.standings[0];
    assert_eq!(standing.votes, Some(6));
    assert_eq!(VOTERS_SHOWN, 4);
    assert_eq!(
        standing.first_voters,
        [member(9), member(5), member(6), member(3)]
    );
}

async fn standings_bring_cached_data_in_one_statement(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, _) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    scene.propose(GUILD, member(1), "tt0000012", NOW).await;
    let data = fetched("tt0000011", "Alien", NOW);
    scene
        .store
        .save_films(std::slice::from_ref(&data), || scene.key())
        .await
        .expect("saved");
    let (statements, page) = scene
        .statements(scene.store.list_standings(&scene.round(round).await, 10, 0))
        .await;
    let page = page.expect("a page");
    let cached: Vec<_> = page
        .standings
        .iter()
        .map(|standing| standing.proposal.film.cached.clone())
        .collect();
    assert_eq!(statements, 1);
    assert_eq!(cached[0].as_ref().map(|cached| &cached.data), Some(&data.data));
    assert_eq!(cached[1], None);
    assert!(page.standings[0].first_voters.is_empty());
    assert_eq!(page.most_votes, 0);
}

async fn votes_of_another_round_do_not_count(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (old, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    scene.vote(old, member(1), up.id, NOW).await;
    scene
        .database
        .run_sql("UPDATE rounds SET state = 'cancelled', ended_at = 1790000005")
        .await;
    let (new, _) = scene.propose(GUILD, member(1), "tt0000012", NOW + 9).await;
    assert_ne!(old, new);
    let head = scene
        .store
        .find_poll_head(GUILD)
        .await
        .expect("an answer")
        .expect("a head");
    assert_eq!((head.round.id, head.proposals, head.voters), (new, 2, 0));
    let page = scene
        .store
        .list_standings(&scene.round(new).await, 10, 0)
        .await
        .expect("a page");
    assert!(page.standings.iter().all(|standing| standing.votes == Some(0)));
}

async fn a_ballot_stands_for_the_film_it_ranks_first_of_those_that_are_up(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (id, first) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, second) = scene.propose(GUILD, member(1), "tt0000012", NOW + 1).await;
    let (_, third) = scene.propose(GUILD, member(1), "tt0000013", NOW + 2).await;
    let mut round = scene.round(id).await;
    round.rules.method = Method::Irv;
    let (a, b, c) = (first.film.id.0, second.film.id.0, third.film.id.0);
    let ranks = [
        (1, a, 1),
        (1, b, 2),
        (2, a, 1),
        (2, c, 2),
        (2, b, 3),
        (3, b, 1),
        (4, a, 1),
    ];
    let ranks = ranks.map(|(voter, film, rank)| (id.0, voter, film, rank));
    scene.database.cast(&ranks).await;
    let standings = async || {
        let page = scene.store.list_standings(&round, 10, 0).await.expect("a page");
        let standings = page.standings.into_iter();
        standings
            .map(|standing| (standing.proposal.id, standing.votes))
            .collect::<Vec<_>>()
    };
    let before = [(first.id, Some(3)), (second.id, Some(1)), (third.id, Some(0))];
    assert_eq!(standings().await, before);

    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.retire_proposal(first.id, ProposalState::Withdrawn, member(1), NOW)
        .await
        .expect("taken out");
    tx.commit().await.expect("a commit");
    // The first ballot's second choice moves up, and the second one's; the fourth has none left.
    assert_eq!(standings().await, [(second.id, Some(2)), (third.id, Some(1))]);
}
