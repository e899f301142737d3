//! Votes of members who left, set aside and taken back.

use marquee::domain::ids::ProposalId;
use marquee::domain::voter::VoterId;

use super::on_both_engines;
use super::scene::{GUILD, NOW, Scene, member};
use crate::harness::database::TestDatabase;

on_both_engines!(
    withheld_votes_count_nowhere_and_come_back_as_they_were,
    a_vote_that_comes_while_others_are_set_aside_is_kept,
    votes_of_a_round_that_is_over_are_not_withheld,
);

async fn withheld_votes_count_nowhere_and_come_back_as_they_were(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, first) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, second) = scene.propose(GUILD, member(1), "tt0000012", NOW + 1).await;
    for (who, proposal) in [(1, first.id), (2, first.id), (2, second.id)] {
        scene.vote(round, member(who), proposal, NOW + 2).await;
    }
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let reacted = tx.insert_reaction_vote(round, member(3), second.id, NOW).await;
    assert!(reacted.expect("an answer"));
    tx.commit().await.expect("a commit");
    let standings = async || {
        let page = scene.store.list_standings(&scene.round(round).await, 10, 0).await;
        page.expect("a page")
    };
    let before = standings().await;
    let voters = |who: &[u64]| -> Vec<VoterId> { who.iter().map(|n| VoterId::from(member(*n))).collect() };
    let listed = async || {
        let voting = scene.store.list_voters(round, 10).await.expect("a list");
        let withheld = scene.store.list_withheld_voters(round, 10).await.expect("a list");
        (voting, withheld)
    };
    assert_eq!(listed().await, (voters(&[1, 2, 3]), vec![]));

    let mut tx = scene.store.begin_write().await.expect("a transaction");
    for (who, some) in [(2, true), (2, false), (3, true), (9, false)] {
        let withheld = tx.withhold_votes(round, member(who).into(), NOW).await;
        assert_eq!(withheld.expect("an answer"), some, "{who}");
    }
    tx.commit().await.expect("a commit");
    assert_eq!(listed().await, (voters(&[1]), voters(&[2, 3])));
    assert_eq!(
        scene.store.count_withheld_voters(round).await.expect("a count"),
        2
    );
    let counted = |proposal: ProposalId, page: &marquee::store::StandingsPage| {
        let found = page.standings.iter().find(|line| line.proposal.id == proposal);
        found.expect("a standing").votes
    };
    let without = standings().await;
    assert_eq!(
        (counted(first.id, &without), counted(second.id, &without)),
        (Some(1), Some(0))
    );
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let votable = tx.find_votable(round, first.id).await.expect("an answer");
    assert!(votable.expect("a vote").withheld);

    // Somebody who is back votes before anything is known of it: the vote stays as it was first.
    tx.insert_vote(round, member(2), first.id, NOW + 9)
        .await
        .expect("an answer");
    for (who, some) in [(2, true), (3, true), (3, false)] {
        let restored = tx.restore_votes(round, member(who).into()).await;
        assert_eq!(restored.expect("an answer"), some, "{who}");
    }
    tx.commit().await.expect("a commit");
    let after = standings().await;
    assert_eq!(
        (counted(first.id, &after), counted(second.id, &after)),
        (Some(2), Some(2))
    );
    assert_eq!(after.most_votes, before.most_votes);
    assert_eq!(listed().await, (voters(&[1, 2, 3]), vec![]));
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let taken_back = tx.delete_reaction_vote(round, member(3), second.id).await;
    assert!(taken_back.expect("an answer"), "it is still a reaction's vote");
    tx.commit().await.expect("a commit");
}

async fn a_vote_that_comes_while_others_are_set_aside_is_kept(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, first) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, second) = scene.propose(GUILD, member(1), "tt0000012", NOW).await;
    scene.vote(round, member(2), first.id, NOW).await;
    // As if the voter came back and voted for the other film while the first vote is on its way.
    let meanwhile = if scene.database.is_postgres() {
        "CREATE FUNCTION vote_meanwhile() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             INSERT INTO votes (round_id, member_id, film_id, cast_at)
             SELECT NEW.round_id, NEW.member_id, p.film_id, 1 FROM proposals p WHERE p.film_id <> NEW.film_id;
             RETURN NULL;
         END $$;
         CREATE TRIGGER meanwhile AFTER INSERT ON withheld_votes FOR EACH ROW EXECUTE FUNCTION vote_meanwhile()"
    } else {
        "CREATE TRIGGER meanwhile AFTER INSERT ON withheld_votes BEGIN
             INSERT INTO votes (round_id, member_id, film_id, cast_at)
             SELECT NEW.round_id, NEW.member_id, p.film_id, 1 FROM proposals p WHERE p.film_id <> NEW.film_id;
         END"
    };
    scene.database.run_sql(meanwhile).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let withheld = tx.withhold_votes(round, member(2).into(), NOW).await;
    assert!(withheld.expect("an answer"));
    tx.commit().await.expect("a commit");
    let left = scene.store.find_member_ballot(round, member(2)).await;
    assert_eq!(left.expect("a ballot"), [second.film.id]);
}

async fn votes_of_a_round_that_is_over_are_not_withheld(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, film) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    scene.vote(round, member(2), film.id, NOW).await;
    scene.database.run_sql("UPDATE rounds SET state = 'closed'").await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let withheld = tx.withhold_votes(round, member(2).into(), NOW).await;
    assert!(!withheld.expect("an answer"));
    tx.commit().await.expect("a commit");
    assert_eq!(scene.store.list_voters(round, 10).await.expect("a list").len(), 1);
}
