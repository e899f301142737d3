//! Votes and ballots.

use marquee::domain::ids::{ProposalId, RoundId};
use marquee::domain::proposal::ProposalState;
use marquee::domain::round::RoundState;
use marquee::store::Tx;

use super::on_both_engines;
use super::scene::{GUILD, NOW, OTHER_GUILD, Scene, member};
use crate::harness::database::TestDatabase;

on_both_engines!(
    a_vote_is_there_once,
    a_vote_is_taken_back_once,
    what_a_vote_names_is_found_with_its_film,
    a_closed_round_takes_and_gives_back_no_votes,
    a_proposal_that_is_gone_takes_no_votes_and_keeps_those_it_has,
    a_proposal_of_another_server_takes_no_votes,
    a_ballot_is_read_and_cleared,
    ballot_lines_are_earliest_first_with_what_is_chosen,
    votes_are_spent_on_films_that_are_voted_on_alone,
);

async fn a_vote_is_there_once(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    assert!(scene.vote(round, member(1), up.id, NOW).await);
    assert!(!scene.vote(round, member(1), up.id, NOW + 1).await);
    assert_eq!(
        scene
            .database
            .number("SELECT COUNT(*) FROM votes WHERE cast_at = 1790000000")
            .await,
        1
    );
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert!(
        tx.has_voted(round, member(1), up.film.id)
            .await
            .expect("an answer")
    );
    assert!(
        !tx.has_voted(round, member(2), up.film.id)
            .await
            .expect("an answer")
    );
    assert_eq!(tx.count_votes(up.id).await.expect("a count"), 1);
}

async fn a_vote_is_taken_back_once(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    scene.vote(round, member(1), up.id, NOW).await;
    scene.vote(round, member(2), up.id, NOW).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert!(tx.delete_vote(round, member(1), up.id).await.expect("an answer"));
    assert!(!tx.delete_vote(round, member(1), up.id).await.expect("an answer"));
    assert_eq!(tx.count_votes(up.id).await.expect("a count"), 1);
    tx.commit().await.expect("a commit");
}

async fn what_a_vote_names_is_found_with_its_film(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, foreign) = scene.propose(OTHER_GUILD, member(1), "tt0000012", NOW).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let votable = tx
        .find_votable(round, up.id)
        .await
        .expect("an answer")
        .expect("both are there");
    assert_eq!(
        (votable.round.id, votable.round.guild, votable.round.state),
        (round, GUILD, RoundState::Open)
    );
    assert_eq!(
        (votable.proposal_guild, votable.proposal_state),
        (GUILD, ProposalState::Active)
    );
    assert_eq!(votable.film, up.film);

    let forged = tx
        .find_votable(round, foreign.id)
        .await
        .expect("an answer")
        .expect("both are there");
    assert_eq!((forged.round.guild, forged.proposal_guild), (GUILD, OTHER_GUILD));
    for (round, proposal) in [
        (round, ProposalId(1)),
        (RoundId(1), up.id),
        (RoundId(i64::MAX), ProposalId(i64::MIN)),
    ] {
        assert_eq!(tx.find_votable(round, proposal).await.expect("an answer"), None);
    }
}

async fn a_closed_round_takes_and_gives_back_no_votes(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    scene.vote(round, member(1), up.id, NOW).await;
    scene.database.run_sql("UPDATE rounds SET state = 'closed'").await;
    assert!(!scene.vote(round, member(2), up.id, NOW).await);
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert!(!tx.delete_vote(round, member(1), up.id).await.expect("an answer"));
    assert_eq!(
        tx.delete_member_votes(round, member(1)).await.expect("an answer"),
        0
    );
    tx.commit().await.expect("a commit");
    assert_eq!(scene.database.number("SELECT COUNT(*) FROM votes").await, 1);
}

async fn a_proposal_that_is_gone_takes_no_votes_and_keeps_those_it_has(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    scene.vote(round, member(1), up.id, NOW).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.retire_proposal(up.id, ProposalState::Withdrawn, member(1), NOW)
        .await
        .expect("taken out");
    assert!(
        !tx.insert_vote(round, member(2), up.id, NOW)
            .await
            .expect("an answer")
    );
    let votable = tx
        .find_votable(round, up.id)
        .await
        .expect("an answer")
        .expect("both are there");
    assert_eq!(votable.proposal_state, ProposalState::Withdrawn);
    tx.commit().await.expect("a commit");
    let ballot = scene
        .store
        .find_member_ballot(round, member(1))
        .await
        .expect("a ballot");
    assert_eq!(ballot, [up.film.id]);
}

async fn a_proposal_of_another_server_takes_no_votes(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, _) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, foreign) = scene.propose(OTHER_GUILD, member(1), "tt0000012", NOW).await;
    assert!(!scene.vote(round, member(2), foreign.id, NOW).await);
    assert_eq!(scene.database.number("SELECT COUNT(*) FROM votes").await, 0);
}

async fn a_ballot_is_read_and_cleared(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, first) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, second) = scene.propose(GUILD, member(1), "tt0000012", NOW).await;
    scene.vote(round, member(1), second.id, NOW).await;
    scene.vote(round, member(1), first.id, NOW + 1).await;
    scene.vote(round, member(2), first.id, NOW).await;
    let ballot = async |of| {
        scene
            .store
            .find_member_ballot(round, member(of))
            .await
            .expect("a ballot")
    };
    assert_eq!(ballot(1).await, [second.film.id, first.film.id]);

    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert_eq!(
        tx.delete_member_votes(round, member(1)).await.expect("cleared"),
        2
    );
    tx.commit().await.expect("a commit");
    assert_eq!(ballot(1).await, []);
    assert_eq!(ballot(2).await, [first.film.id]);
}

async fn ballot_lines_are_earliest_first_with_what_is_chosen(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, late) = scene.propose(GUILD, member(1), "tt0000011", NOW + 5).await;
    let (_, early) = scene.propose(GUILD, member(1), "tt0000012", NOW).await;
    scene.propose(OTHER_GUILD, member(1), "tt0000013", NOW).await;
    scene.vote(round, member(2), late.id, NOW).await;
    scene.vote(round, member(3), early.id, NOW).await;
    let (statements, lines) = scene
        .statements(scene.store.list_ballot_lines(GUILD, round, member(2)))
        .await;
    let lines: Vec<_> = lines
        .expect("lines")
        .into_iter()
        .map(|line| (line.proposal, line.film, line.value.is_some()))
        .collect();
    assert_eq!(statements, 1);
    assert_eq!(lines, [(early.id, early.film, false), (late.id, late.film, true)]);
}

async fn votes_are_spent_on_films_that_are_voted_on_alone(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, kept) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, withdrawn) = scene.propose(GUILD, member(1), "tt0000012", NOW).await;
    for proposal in [kept.id, withdrawn.id] {
        scene.vote(round, member(2), proposal, NOW).await;
    }
    scene.vote(round, member(3), kept.id, NOW).await;
    let shown = scene.round(round).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert_eq!(tx.count_spent_votes(&shown, member(2)).await.expect("a count"), 2);
    let taken = tx.retire_proposal(withdrawn.id, ProposalState::Withdrawn, member(1), NOW);
    assert!(taken.await.expect("an answer"));
    assert_eq!(tx.count_spent_votes(&shown, member(2)).await.expect("a count"), 1);
    assert_eq!(tx.count_spent_votes(&shown, member(4)).await.expect("a count"), 0);
    let idle = async |tx: &mut Tx, who| tx.delete_idle_votes(&shown, member(who)).await.expect("a count");
    assert_eq!(idle(&mut tx, 3).await, 0);
    assert_eq!((idle(&mut tx, 2).await, idle(&mut tx, 2).await), (1, 0));
    assert_eq!(tx.count_spent_votes(&shown, member(2)).await.expect("a count"), 1);
    tx.commit().await.expect("a commit");
    let left = scene.store.find_member_ballot(round, member(2)).await;
    assert_eq!(left.expect("a ballot"), [kept.film.id]);
}
