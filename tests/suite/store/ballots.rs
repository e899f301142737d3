//! Drafts of ballots, and ballots that are written as a whole.

use marquee::domain::draft::Draft;
use marquee::domain::ids::RoundId;
use marquee::domain::method::{BallotKind, Method};
use marquee::domain::proposal::{Proposal, ProposalState};
use marquee::domain::round::Round;
use marquee::domain::voter::{BallotKey, VoterId};

use super::on_both_engines;
use super::scene::{GUILD, NOW, OTHER_GUILD, Scene, member};
use crate::harness::database::TestDatabase;

on_both_engines!(
    a_draft_is_kept_replaced_and_thrown_away,
    a_draft_of_other_rules_or_another_shape_is_none,
    a_ballot_is_written_as_a_whole_and_read_within_a_transaction,
    votes_for_films_that_are_not_voted_on_stay,
    the_last_choice_is_found,
);

/// A round under this method with two films.
async fn ranked(scene: &Scene, method: Method) -> (Round, [Proposal; 2]) {
    let (id, first) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, second) = scene.propose(GUILD, member(1), "tt0000012", NOW + 1).await;
    let mut round = scene.round(id).await;
    round.rules.method = method;
    (round, [first, second])
}

fn voter(number: u64) -> VoterId {
    VoterId::from(member(number))
}

async fn keep(scene: &Scene, round: &Round, of: u64, draft: &Draft) {
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.upsert_draft(round, voter(of), draft, NOW).await.expect("kept");
    assert_eq!(
        tx.find_draft(round, voter(of)).await.expect("an answer").as_ref(),
        Some(draft),
        "within the transaction too"
    );
    tx.commit().await.expect("a commit");
}

async fn draft(scene: &Scene, round: &Round, of: u64) -> Option<Draft> {
    scene.store.find_draft(round, voter(of)).await.expect("an answer")
}

async fn a_draft_is_kept_replaced_and_thrown_away(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, [first, second]) = ranked(&scene, Method::Irv).await;
    let one = Draft::Ranking(vec![second.film.id]);
    let two = Draft::Ranking(vec![second.film.id, first.film.id]);
    keep(&scene, &round, 1, &one).await;
    keep(&scene, &round, 2, &one).await;
    keep(&scene, &round, 1, &two).await;
    assert_eq!(draft(&scene, &round, 1).await, Some(two));
    assert_eq!(draft(&scene, &round, 2).await, Some(one));
    assert_eq!(draft(&scene, &round, 3).await, None);
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.delete_draft(round.id, voter(1)).await.expect("deleted");
    tx.delete_draft(round.id, voter(3))
        .await
        .expect("nothing to delete");
    tx.commit().await.expect("a commit");
    assert_eq!(draft(&scene, &round, 1).await, None);
    assert!(draft(&scene, &round, 2).await.is_some());
}

async fn a_draft_of_other_rules_or_another_shape_is_none(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (mut round, [first, _]) = ranked(&scene, Method::Star).await;
    let stars = Draft::of(BallotKind::Scores, [(first.film.id, 4)]).expect("stars");
    keep(&scene, &round, 1, &stars).await;
    assert_eq!(draft(&scene, &round, 1).await, Some(stars));
    for method in [Method::Irv, Method::Approval] {
        round.rules.method = method;
        assert_eq!(draft(&scene, &round, 1).await, None, "{method:?}");
    }
    round.rules.method = Method::Star;
    for damage in [
        "UPDATE ballot_drafts SET draft = ''",
        "UPDATE ballot_drafts SET draft = '{}'",
        "UPDATE ballot_drafts SET draft = '[1]'",
        "UPDATE ballot_drafts SET draft = '{\"method\":\"star\",\"values\":{}}'",
    ] {
        scene.database.run_sql(damage).await;
        assert_eq!(draft(&scene, &round, 1).await, None, "{damage}");
    }
}

async fn a_ballot_is_written_as_a_whole_and_read_within_a_transaction(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, [first, second]) = ranked(&scene, Method::Irv).await;
    let key = BallotKey::new([3, 4]);
    let voter = key.voter(round.id, member(1));
    let values = async |values: &[_]| {
        let mut tx = scene.store.begin_write().await.expect("a transaction");
        tx.insert_values(round.id, voter, values, NOW)
            .await
            .expect("written");
        let lines = tx.list_ballot_lines(GUILD, round.id, voter).await;
        tx.commit().await.expect("a commit");
        let lines = lines.expect("lines").into_iter();
        lines.map(|line| line.value).collect::<Vec<_>>()
    };
    assert_eq!(values(&[]).await, [None, None]);
    let both = [(second.film.id, 1), (first.film.id, 2)];
    let (statements, read) = scene.statements(values(&both)).await;
    assert_eq!((statements, read), (2, vec![Some(2), Some(1)]));
    assert_eq!(values(&[(second.film.id, 3)]).await, [Some(2), Some(3)]);
    let read = scene.store.list_ballot_lines(GUILD, round.id, member(1)).await;
    assert!(read.expect("lines").iter().all(|line| line.value.is_none()));
}

async fn votes_for_films_that_are_not_voted_on_stay(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, [first, second]) = ranked(&scene, Method::Star).await;
    let (elsewhere, foreign) = scene.propose(OTHER_GUILD, member(1), "tt0000013", NOW).await;
    scene.vote(elsewhere, member(1), foreign.id, NOW).await;
    for film in [&first, &second] {
        scene.vote(round.id, member(1), film.id, NOW).await;
    }
    scene.vote(round.id, member(2), second.id, NOW).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.retire_proposal(first.id, ProposalState::Withdrawn, member(1), NOW)
        .await
        .expect("taken out");
    assert_eq!(
        tx.delete_active_votes(&round, voter(1)).await.expect("an answer"),
        1
    );
    assert_eq!(
        tx.delete_active_votes(&round, voter(1)).await.expect("an answer"),
        0
    );
    tx.commit().await.expect("a commit");
    let left = scene.store.find_member_ballot(round.id, member(1)).await;
    assert_eq!(left.expect("a ballot"), [first.film.id]);
    assert_eq!(
        scene.database.number("SELECT COUNT(*) FROM votes").await,
        3,
        "those of others and elsewhere stay"
    );
    scene.database.run_sql("UPDATE rounds SET state = 'closed'").await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert_eq!(
        tx.delete_active_votes(&round, voter(2)).await.expect("an answer"),
        0
    );
    tx.commit().await.expect("a commit");
}

async fn the_last_choice_is_found(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, [first, second]) = ranked(&scene, Method::Single).await;
    scene.vote(round.id, member(1), second.id, NOW).await;
    scene.vote(round.id, member(1), first.id, NOW + 1).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let mut last = async |round, of| tx.find_last_choice(round, voter(of)).await.expect("an answer");
    assert_eq!(last(round.id, 1).await, Some(first.film));
    assert_eq!(last(round.id, 2).await, None);
    assert_eq!(last(RoundId(1), 1).await, None);
}
